//! axe-core: what a program can find of what keeps people out.

use super::browser::Browser;
use super::server::setting;
use serde_json::{Value, json};
use std::fmt::Write;
use std::sync::LazyLock;

static AXE: LazyLock<String> = LazyLock::new(|| std::fs::read_to_string(setting("CABILDO_AXE")).unwrap());

/// System preferences that change colours.
const SCHEMES: [(&str, &str); 4] =
    [("light", "no-preference"), ("dark", "no-preference"), ("light", "more"), ("dark", "more")];
/// Widths of a phone and of a computer, in CSS pixels.
const WIDTHS: [u32; 2] = [360, 1280];
/// The narrowest width at which nothing may need scrolling sideways: 1280 pixels at a zoom of 400 % (WCAG 2.2, 1.4.10).
const NARROWEST: u32 = 320;

/// Checks the page as it is: no violations in any scheme at any width, nor right to left, and no scrolling sideways.
pub async fn check(browser: &Browser, state: &str) {
    for width in WIDTHS {
        browser.resize(width, 800).await;
        for (scheme, contrast) in SCHEMES {
            browser
                .prefer(&[
                    ("prefers-color-scheme", scheme),
                    ("prefers-contrast", contrast),
                    ("prefers-reduced-motion", "reduce"),
                ])
                .await;
            // Another scheme is only another set of colours.
            let only_colours = (scheme, contrast) != SCHEMES[0];
            let found = violations(browser, only_colours).await;
            assert!(found.is_empty(), "{state}, {width} pixels, {scheme}, contrast {contrast}:\n{found}");
        }
    }
    fits(browser, state).await;
    mirrored(browser, &format!("{state}, right to left")).await;
}

/// Checks the page as it would be in a language that is written from right to left. None comes with Cabildo yet; what
/// somebody adds must not find a layout that rests on the other direction.
async fn mirrored(browser: &Browser, state: &str) {
    browser.script("document.documentElement.dir = 'rtl'", &[]).await;
    browser.resize(WIDTHS[0], 800).await;
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
