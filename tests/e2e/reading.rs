//! Pages as some people have to see them: with more space between letters and lines, and in the colours of their system.

use crate::harness::{Browser, axe, consultation_page, journey, process_page};
use serde_json::json;

/// The spacing that nothing may get lost at (WCAG 2.2, 1.4.12).
const SPACED: &str = "const sheet = new CSSStyleSheet(); \
    sheet.replaceSync('* { line-height: 1.5 !important; letter-spacing: 0.12em !important; word-spacing: 0.16em !important; } \
    p { margin-block-end: 2em !important; }'); document.adoptedStyleSheets = [sheet];";

/// What is cut off: text that does not fit into what it is in, where that hides what does not fit.
const CUT: &str = "const root = document.documentElement; \
    const hides = (element) => { const style = getComputedStyle(element); \
        return style.overflowX !== 'visible' && style.overflowX !== 'auto' && style.overflowX !== 'scroll' \
            && element.closest('.u-visually-hidden, svg, [hidden]') === null && style.clipPath === 'none'; }; \
    const cut = [...document.querySelectorAll('body *')].filter((element) => hides(element) \
        && (element.scrollHeight > element.clientHeight + 1 || element.scrollWidth > element.clientWidth + 1) \
        && element.clientHeight > 0); \
    if (root.scrollWidth > root.clientWidth) cut.push(...[...document.querySelectorAll('body *')].filter((element) => \
        element.getBoundingClientRect().right > root.clientWidth + 1)); \
    const words = cut.map((element) => `${element.tagName}.${element.className}: ${element.textContent.slice(0, 60)}`); \
    return words;";

async fn pages(browser: &Browser, proposal: &str, look: impl AsyncFn(&str)) {
    let rest = ["", "/proposals", "/dashboard", "/timeline", "/encounters", "/committee"];
    let pages = rest.map(process_page).into_iter().chain([
        "/".to_owned(),
        consultation_page(),
        proposal.to_owned(),
        "/account".to_owned(),
        "/widgets".to_owned(),
    ]);
    for page in pages {
        browser.visit(&page).await;
        look(&page).await;
    }
}

#[test]
fn with_more_space_between_letters_and_lines_nothing_is_cut_off() {
    journey(async |site| {
        let phone = site.phone().await;
        // Nothing is kept of somebody who has done nothing (401).
        phone.expect_failed_requests();
        phone.resize(320, 640).await;
        let proposal = site.proposal_page(1).await;
        pages(&phone, &proposal, async |page| {
            phone.script(SPACED, &[]).await;
            assert_eq!(phone.script(CUT, &[]).await, json!([]), "{page}");
        })
        .await;
    });
}

#[test]
fn in_the_colours_of_the_system_everything_can_still_be_told_apart() {
    journey(async |site| {
        let browser = site.desktop().await;
        browser.expect_failed_requests();
        browser.prefer(&[("forced-colors", "active"), ("prefers-color-scheme", "dark")]).await;
        let proposal = site.proposal_page(1).await;
        pages(&browser, &proposal, async |page| {
            axe::colours(&browser, page).await;
            // A button without a ground of its own still has an edge.
            let bare = "return [...document.querySelectorAll('button, .c-button')].filter((button) => \
                button.checkVisibility() && parseFloat(getComputedStyle(button).borderTopWidth) === 0) \
                .map((button) => button.textContent)";
            assert_eq!(browser.script(bare, &[]).await, json!([]), "{page}");
        })
        .await;
    });
}

/// What is tapped and smaller than a thumb, in CSS pixels. Links in a sentence are as high as its line; a box is as large as
/// its label.
const SMALL: &str = "const large = 44 - 0.5; \
    const tapped = 'button, summary, select, input:not([type=hidden]), textarea, a[href]'; \
    const target = (element) => element.closest('label') ?? element; \
    return [...document.querySelectorAll(tapped)].filter((element) => { \
        if (!element.checkVisibility({ visibilityProperty: true }) || element.closest('.u-visually-hidden, .c-skip')) return false; \
        if (element.localName === 'a' && getComputedStyle(element).display === 'inline') return false; \
        const { width, height } = target(element).getBoundingClientRect(); \
        return width < large || height < large; }) \
        .map((element) => { const { width, height } = target(element).getBoundingClientRect(); \
            return `${element.localName}.${element.className} ${Math.round(width)}×${Math.round(height)} ${element.textContent.slice(0, 40)}` })";

#[test]
fn whatever_is_tapped_is_as_large_as_a_thumb() {
    journey(async |site| {
        let phone = site.phone().await;
        phone.expect_failed_requests();
        let proposal = site.proposal_page(1).await;
        pages(&phone, &proposal, async |page| {
            assert_eq!(phone.script(SMALL, &[]).await, json!([]), "{page}");
        })
        .await;
    });
}

#[test]
fn on_a_phone_that_lies_on_its_side_nothing_stands_before_the_content() {
    journey(async |site| {
        let phone = site.phone().await;
        phone.expect_failed_requests();
        phone.resize(740, 360).await;
        let proposal = site.proposal_page(1).await;
        pages(&phone, &proposal, async |page| {
            assert_eq!(phone.script(CUT, &[]).await, json!([]), "{page}");
            // What stays where it is while the page moves: of the little height there is, a third at most.
            let standing = "return [...document.querySelectorAll('body *')].filter((element) => \
                ['fixed', 'sticky'].includes(getComputedStyle(element).position) && element.checkVisibility() \
                && !element.closest('.u-visually-hidden, .c-skip')) \
                .map((element) => element.getBoundingClientRect().height).reduce((sum, height) => sum + height, 0)";
            let standing = phone.script(standing, &[]).await.as_f64().unwrap();
            assert!(standing <= 120.0, "{page}: {standing} of 360 pixels");
        })
        .await;
    });
}
