//! `style/theme.js`: the person's own theme and contrast, before the first paint.

use cabildo_app::platform::{remember, root_attribute, set_root_attribute};
use wasm_bindgen::JsValue;
use wasm_bindgen_test::wasm_bindgen_test;

const RULE: &str = include_str!("../../style/theme.js");

/// Theme and contrast of a page that begins with these choices on the device.
fn begun(theme: Option<&str>, contrast: Option<&str>) -> (Option<String>, Option<String>) {
    remember("cabildo.theme", theme);
    remember("cabildo.contrast", contrast);
    js_sys::Function::new_no_args(RULE).call0(&JsValue::NULL).unwrap();
    let applied = (root_attribute("data-theme"), root_attribute("data-contrast"));
    for name in ["theme", "contrast"] {
        set_root_attribute(&format!("data-{name}"), None);
        remember(&format!("cabildo.{name}"), None);
    }
    applied
}

#[wasm_bindgen_test]
fn what_was_chosen_is_applied_and_nothing_else() {
    let some = |word: &str| Some(word.to_owned());
    assert_eq!(begun(None, None), (None, None));
    assert_eq!(begun(Some("dark"), None), (some("dark"), None));
    assert_eq!(begun(Some("light"), Some("more")), (some("light"), some("more")));
    assert_eq!(begun(Some("\"><script>"), Some("less")), (None, None));
}
