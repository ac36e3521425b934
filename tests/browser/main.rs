//! What only a browser shows, compiled to WebAssembly: `cargo xtask test browser`.
#![cfg(target_arch = "wasm32")]
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod formats;
mod live;
mod platform;
mod rich_text;
mod theme;

use std::future::Future;
use wasm_bindgen::JsCast;
use web_sys::{Document, Element, HtmlElement};

wasm_bindgen_test::wasm_bindgen_test_configure!(run_in_browser);

fn document() -> Document {
    web_sys::window().unwrap().document().unwrap()
}

/// A fresh element in the page.
fn place() -> HtmlElement {
    let element: HtmlElement = document().create_element("div").unwrap().dyn_into().unwrap();
    document().body().unwrap().append_child(&element).unwrap();
    element
}

fn find(within: &Element, selector: &str) -> Option<Element> {
    within.query_selector(selector).unwrap()
}

/// Completes when the browser has done what it had to do so far.
fn turn() -> impl Future {
    let promise = js_sys::Promise::new(&mut |resolve, _| {
        web_sys::window()
            .unwrap()
            .set_timeout_with_callback_and_timeout_and_arguments_0(&resolve, 5)
            .unwrap();
    });
    wasm_bindgen_futures::JsFuture::from(promise)
}

/// Waits for a condition; the test runner ends a test that waits in vain.
async fn until(mut condition: impl FnMut() -> bool) {
    while !condition() {
        turn().await;
    }
}
