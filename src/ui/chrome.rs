//! What is above and below every page.

use crate::effect::effect;
use crate::i18n::{Language, language, messages};
use crate::platform;
use crate::route::{self, Location, Route};
use crate::state::use_location;
use crate::ui::icon::{Icon, icon};
use crate::ui::reactive::{click, text};
use leptos::prelude::*;

/// Top bar, brand and tools.
#[component]
pub fn Header() -> impl IntoView {
    let t = messages();
    let location = use_location();
    let languages = Language::ALL
        .into_iter()
        .map(|other| {
            let address = text(move || Location { language: other, ..location() }.address());
            let current = (other == language()).then_some("true");
            // The browser's own business: `target` says so.
            view! {
                <a href=address target="_self" lang=other.code() hreflang=other.code() aria-current=current>
                    {other.name()}
                </a>
            }
        })
        .collect_view();
    view! {
        <header class="c-header">
            <div class="c-topbar">
                <div class="c-topbar__inner">
                    <span class="c-topbar__motto">{t.motto}</span>
                    <nav class="c-switch" aria-label=t.language>{languages}</nav>
                </div>
            </div>
            <div class="c-header__inner">
                <a class="c-header__brand" href=route::href(Route::Home)>
                    <svg class="c-header__mark" viewBox="0 0 32 32" aria-hidden="true">
                        <path d="M6 26a10 10 0 1 1 20 0M14.75 7a1.25 1.25 0 1 0 2.5 0 1.25 1.25 0 1 0-2.5 0M5.25 12a1.25 1.25 0 1 0 2.5 0 1.25 1.25 0 1 0-2.5 0M24.25 12a1.25 1.25 0 1 0 2.5 0 1.25 1.25 0 1 0-2.5 0"></path>
                    </svg>
                    "Cabildo"
                </a>
                <Looks />
            </div>
        </header>
    }
}

/// Light or dark, and more contrast. What is chosen is kept on the device; `theme.js` applies it before the
/// first paint.
#[component]
fn Looks() -> impl IntoView {
    let t = messages();
    let dark = RwSignal::new(false);
    let contrast = RwSignal::new(false);
    // Outside world: what `theme.js` has already applied.
    effect(move |_| {
        dark.set(platform::root_attribute("data-theme").as_deref() == Some("dark"));
        contrast.set(platform::root_attribute("data-contrast").as_deref() == Some("more"));
    });
    let toggle = |signal: RwSignal<bool>, name: &'static str, on: &'static str, off: Option<&'static str>| {
        signal.update(|value| *value = !*value);
        let value = if signal.get_untracked() { Some(on) } else { off };
        platform::set_root_attribute(&format!("data-{name}"), value);
        platform::remember(&format!("cabildo.{name}"), value);
    };
    view! {
        <div class="c-header__tools">
            <button type="button" class="c-toggle" aria-pressed=text(move || dark.get().to_string())
                on:click=click(move || toggle(dark, "theme", "dark", Some("light")))>
                {icon(Icon::MOON)}<span>{t.dark}</span>
            </button>
            <button type="button" class="c-toggle" aria-pressed=text(move || contrast.get().to_string())
                on:click=click(move || toggle(contrast, "contrast", "more", None))>
                {icon(Icon::CONTRAST)}<span>{t.more_contrast}</span>
            </button>
        </div>
    }
}

/// What is below every page.
#[component]
pub fn Footer() -> impl IntoView {
    let t = messages();
    let location = use_location();
    // Of what is on the page, where a widget shows it.
    let widgets = text(move || route::href(route::widgets(&location().route)));
    view! {
        <footer class="c-footer">
            <div class="c-footer__inner">
                <p class="c-footer__lead">{t.footer_lead}</p>
                <p>{t.footer_privacy}</p>
                <ul class="l-cluster">
                    <li><a href=route::href(Route::Account)>{t.footer_account}</a></li>
                    <li><a href=widgets>{t.footer_widgets}</a></li>
                    <li><a href="/api/v1/openapi.json">{t.footer_api}</a></li>
                    <li><a href=route::href(Route::Home)>{t.all_processes}</a></li>
                </ul>
            </div>
        </footer>
    }
}
