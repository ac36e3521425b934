//! axe-core: what a program can find of what keeps people out.

use super::browser::Browser;
use super::database;
use super::server::setting;
use serde_json::{Value, json};
use std::fmt::Write;
use std::sync::LazyLock;

static AXE: LazyLock<String> = LazyLock::new(|| std::fs::read_to_string(setting("CABILDO_AXE")).unwrap());

/// System preferences that change colours: first the usual ones.
const SCHEMES: [(&str, &str); 4] =
    [("light", "no-preference"), ("dark", "no-preference"), ("light", "more"), ("dark", "more")];
/// Widths of a computer and of a phone, in CSS pixels.
const WIDTHS: [u32; 2] = [1280, 360];
/// The narrowest width at which nothing may need scrolling sideways: 1280 pixels at a zoom of 400 % (WCAG 2.2, 1.4.10).
const NARROWEST: u32 = 320;

/// Checks the page as it is: no violations at any width, nor in any scheme, nor right to left, and no scrolling sideways. A
/// look does not depend on where records are kept, and takes long: it is checked with SQLite alone.
pub async fn check(browser: &Browser, state: &str) {
    if database::is_shared() {
        return;
    }
    prefer(browser, SCHEMES[0]).await;
    for width in WIDTHS {
        browser.resize(width, 800).await;
        let found = violations(browser, false).await;
        assert!(found.is_empty(), "{state}, {width} pixels:\n{found}");
    }
    // Another scheme is only another set of colours, the same at every width.
    for scheme in &SCHEMES[1..] {
        prefer(browser, *scheme).await;
        colours(browser, &format!("{state}, {}, contrast {}", scheme.0, scheme.1)).await;
    }
    fits(browser, state).await;
    mirrored(browser, &format!("{state}, right to left")).await;
}

async fn prefer(browser: &Browser, (scheme, contrast): (&str, &str)) {
    let preferences = [
        ("prefers-color-scheme", scheme),
        ("prefers-contrast", contrast),
        ("prefers-reduced-motion", "reduce"),
    ];
    browser.prefer(&preferences).await;
}

/// Checks the page as it would be in a language that is written from right to left. None comes with Cabildo yet; what
/// somebody adds must not find a layout that rests on the other direction.
async fn mirrored(browser: &Browser, state: &str) {
    browser.script("document.documentElement.dir = 'rtl'", &[]).await;
    browser.resize(WIDTHS[1], 800).await;
    let found = violations(browser, false).await;
    assert!(found.is_empty(), "{state}:\n{found}");
    fits(browser, state).await;
    browser.script("document.documentElement.dir = 'ltr'", &[]).await;
}

/// Checks colours alone, as the page has them now.
pub async fn colours(browser: &Browser, state: &str) {
    let found = violations(browser, true).await;
    assert!(found.is_empty(), "{state}:\n{found}");
}

/// Checks that nothing needs scrolling sideways on the narrowest screen.
async fn fits(browser: &Browser, state: &str) {
    browser.resize(NARROWEST, 640).await;
    const WIDE: &str = "const root = document.documentElement; \
        if (root.scrollWidth <= root.clientWidth) return []; \
        return [...document.querySelectorAll('body *')] \
            .filter((element) => { const { left, right } = element.getBoundingClientRect(); \
                return root.dir === 'rtl' ? left < -1 : right > root.clientWidth + 1 }) \
            .map((element) => `${element.tagName}.${element.className} ${element.textContent.slice(0, 60)}`)";
    let wide = browser.script(WIDE, &[]).await;
    assert_eq!(wide, json!([]), "{state}: scrolls sideways at {NARROWEST} pixels");
}

async fn violations(browser: &Browser, only_colours: bool) -> String {
    const RUN: &str = "const [options, done] = arguments; \
        axe.run(document, options).then((result) => done(result.violations), (error) => done(String(error)))";
    if browser.script("return typeof axe", &[]).await != "object" {
        browser.script(&AXE, &[]).await;
    }
    let tags = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"];
    let colours = ["color-contrast", "link-in-text-block"];
    let rules = if only_colours {
        json!({ "type": "rule", "values": colours })
    } else {
        json!({ "type": "tag", "values": tags })
    };
    let options = json!({ "runOnly": rules, "resultTypes": ["violations"] });
    let result = browser.client.execute_async(RUN, vec![options]).await.unwrap();
    let Value::Array(found) = result else { panic!("axe-core failed: {result}") };
    let mut report = String::new();
    for violation in found {
        writeln!(report, "{}: {}", violation["id"], violation["help"]).unwrap();
        for node in violation["nodes"].as_array().into_iter().flatten().take(5) {
            writeln!(report, "  {}\n  {}", node["html"], node["failureSummary"]).unwrap();
        }
    }
    report
}
