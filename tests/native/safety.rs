//! The laws of the front-end, held against its text.

use std::fs;
use std::path::{Path, PathBuf};

fn sources(folder: &str) -> Vec<(PathBuf, String)> {
    let mut found = Vec::new();
    let mut folders = vec![Path::new(env!("CARGO_MANIFEST_DIR")).join(folder)];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(&folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|extension| extension == "rs") {
                found.push((path.clone(), fs::read_to_string(path).unwrap()));
            }
        }
    }
    assert!(!found.is_empty(), "no sources in {folder}");
    found
}

fn forbid(folder: &str, words: &[&str], except: &[&str], why: &str) {
    for (path, text) in sources(folder) {
        if except.iter().any(|except| path.ends_with(except)) {
            continue;
        }
        for word in words {
            assert!(!text.contains(word), "{}: {word}: {why}", path.display());
        }
    }
}

#[test]
fn only_the_client_requests() {
    forbid("src/ui", &["client::send", "gloo_net", "EventSource"], &[], "components do not request");
    forbid("src/pages", &["client::send", "gloo_net", "EventSource"], &[], "pages ask through state");
}

#[test]
fn only_platform_and_client_touch_the_browser() {
    let touch = ["web_sys::window", "js_sys::Date", "local_storage()", "wasm_bindgen::JsCast"];
    forbid(
        "src",
        &touch,
        &["platform.rs", "clock.rs", "format.rs", "live.rs"],
        "the browser is touched in platform",
    );
}

#[test]
fn only_platform_keeps_things_on_the_device() {
    let keep = ["local_storage", "session_storage", "localStorage", "sessionStorage"];
    forbid("src", &keep, &["platform.rs"], "what is kept on the device is kept through platform");
}

#[test]
fn nothing_sets_markup_from_text() {
    forbid(
        "src",
        &["inner_html", "set_inner_html", "insert_adjacent_html"],
        &[],
        "text never becomes markup",
    );
}

#[test]
fn only_route_writes_addresses() {
    let own = [
        "href=\"/processes",
        "href=\"/proposals",
        "href=\"/consultations",
        "href=\"/calls",
        "href=\"/submissions",
    ];
    forbid("src", &own, &[], "addresses are made by route");
}

#[test]
fn no_shell_reaches_for_another_origin() {
    for shell in [
        "index.html",
        "src/surface/embed/index.html",
        "src/bin/screen/index.html",
        "src/surface/screen/setup.html",
        "style/theme.js",
    ] {
        let text = fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join(shell)).unwrap();
        for origin in ["http://", "https://", "src=\"//", "href=\"//"] {
            assert!(!text.contains(origin), "{shell} reaches for {origin}…");
        }
    }
}
