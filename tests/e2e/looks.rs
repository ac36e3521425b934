//! Light and dark, and more contrast.

use crate::harness::{Browser, button, journey, process_page, tag};
use serde_json::{Value, json};

async fn background(browser: &Browser) -> Value {
    browser.script("return getComputedStyle(document.body).backgroundColor", &[]).await
}

/// What the root element said when the body began, so before anything was painted.
async fn at_first(browser: &Browser) -> Value {
    browser.script("return window.journey.first", &[]).await
}

#[test]
fn a_chosen_theme_and_contrast_are_kept_and_applied_before_the_first_paint() {
    journey(async |site| {
        let phone = site.phone().await;
        phone.visit("/").await;
        assert_eq!(at_first(&phone).await, json!({}));
        let light = background(&phone).await;
        phone.has(&button("Oscuro"), "ariaPressed", "false").await;
        phone.click(&button("Oscuro")).await;
        phone.has(&button("Oscuro"), "ariaPressed", "true").await;
        phone.until("the page is dark", async || background(&phone).await != light).await;
        phone.click(&button("Contraste")).await;
        phone.has(&button("Contraste"), "ariaPressed", "true").await;
        phone.reload().await;
        assert_eq!(at_first(&phone).await, json!({ "theme": "dark", "contrast": "more" }));
        phone.has(&button("Oscuro"), "ariaPressed", "true").await;
        phone.has(&button("Contraste"), "ariaPressed", "true").await;
        assert_ne!(background(&phone).await, light);
        // Another page, another language: still the same.
        phone.visit(&format!("{}?lang=en", process_page(""))).await;
        assert_eq!(at_first(&phone).await, json!({ "theme": "dark", "contrast": "more" }));
        phone.click(&button("Dark")).await;
        phone.until("the page is light", async || background(&phone).await == light).await;
        phone.click(&button("Contrast")).await;
        phone.reload().await;
        assert_eq!(at_first(&phone).await, json!({ "theme": "light" }));
    });
}

#[test]
fn without_a_choice_the_systems_preferences_hold() {
    journey(async |site| {
        let phone = site.phone().await;
        phone.visit("/").await;
        let light = background(&phone).await;
        phone.prefer(&[("prefers-color-scheme", "dark")]).await;
        phone.until("the page is dark", async || background(&phone).await != light).await;
        // A choice holds against the system.
        phone.reload().await;
        phone.script("localStorage.setItem('cabildo.theme', 'light')", &[]).await;
        phone.reload().await;
        assert_eq!(background(&phone).await, light);
        phone.sees(&tag("html[@data-theme='light']")).await;
    });
}
