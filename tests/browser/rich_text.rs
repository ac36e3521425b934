//! People's words become elements, never markup.

use crate::{find, place};
use cabildo_app::ui::rich_text::rich_text;
use leptos::prelude::*;
use wasm_bindgen_test::wasm_bindgen_test;
use web_sys::HtmlElement;

fn shown(text: &'static str) -> HtmlElement {
    let here = place();
    mount_to(here.clone(), move || rich_text(text)).forget();
    here
}

#[wasm_bindgen_test]
fn bold_lists_quotes_and_links_are_elements() {
    let here = shown("**Sí** y *no*\n\n- uno\n- dos\n\n> cita\n\n[ley](https://example.org/a?b=c&d)");
    assert_eq!(find(&here, "p > strong").unwrap().text_content().unwrap(), "Sí");
    assert_eq!(find(&here, "p > em").unwrap().text_content().unwrap(), "no");
    assert_eq!(here.query_selector_all("ul > li").unwrap().length(), 2);
    assert_eq!(find(&here, "blockquote").unwrap().text_content().unwrap(), "cita");
    let link = find(&here, "a").unwrap();
    assert_eq!(link.get_attribute("href").unwrap(), "https://example.org/a?b=c&d");
    assert_eq!(link.get_attribute("rel").unwrap(), "nofollow ugc noopener noreferrer");
}

#[wasm_bindgen_test]
fn markup_stays_words() {
    let text = "<script>window.harmed = true</script><img src=x onerror=\"window.harmed = true\"> &amp;";
    let here = shown(text);
    assert_eq!(here.text_content().unwrap(), text);
    assert!(find(&here, "script, img").is_none());
    assert!(js_sys::Reflect::get(&js_sys::global(), &"harmed".into()).unwrap().is_undefined());
}

#[wasm_bindgen_test]
fn a_link_that_would_run_a_script_is_no_link() {
    let here = shown("[aquí](javascript:alert(1)) [y aquí](data:text/html,x)");
    assert!(find(&here, "a").is_none());
    assert!(here.text_content().unwrap().contains("aquí"));
}
