//! No such page.

use crate::i18n::messages;
use crate::route::{self, Route};
use crate::state::{Head, use_head};
use leptos::prelude::*;

/// The code of this page.
#[must_use]
pub fn page(_: Route) -> AnyView {
    view! { <NotFound /> }.into_any()
}

/// Says so, and where to go instead.
#[component]
pub fn NotFound() -> impl IntoView {
    let t = messages();
    use_head(move || {
        Some(Head {
            title: t.not_found_title.to_owned(),
            description: t.not_found_text.to_owned(),
            status: 404,
            image: None,
        })
    });
    view! {
        <div class="l-stack c-empty">
            <h1>{t.not_found_title}</h1>
            <p>{t.not_found_text}</p>
            <p><a class="c-button" data-variant="primary" href=route::href(Route::Home)>{t.all_processes}</a></p>
        </div>
    }
}
