//! The head of a page.

use leptos::prelude::*;

/// Kicker, title, lead, and what else belongs to the head.
#[component]
pub fn Hero(
    /// A few words above the title.
    #[prop(into)]
    kicker: String,
    /// The title.
    #[prop(into)]
    title: String,
    /// The language of the title, if it is content.
    #[prop(optional, into)]
    content: Option<String>,
    /// What follows the title.
    children: Children,
) -> impl IntoView {
    view! {
        <header class="c-hero">
            <p class="c-hero__kicker">{kicker}</p>
            <h1 lang=content>{title}</h1>
            {children()}
        </header>
    }
}
