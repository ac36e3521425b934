//! Where a page is.

use crate::i18n::messages;
use crate::route::{self, Route};
use leptos::prelude::*;

/// The way from the start to this page; `here` is the page itself, in the language `content` if it is content.
#[component]
pub fn Breadcrumbs(
    /// The pages above, from the top.
    above: Vec<(String, Route)>,
    /// This page.
    here: String,
) -> impl IntoView {
    let t = messages();
    let above = std::iter::once((t.home.to_owned(), Route::Home))
        .chain(above)
        .map(|(title, route)| view! { <li><a href=route::href(route)>{title}</a></li> })
        .collect_view();
    view! {
        <nav class="c-breadcrumbs" aria-label=t.breadcrumbs>
            <ol>{above}<li aria-current="page">{here}</li></ol>
        </nav>
    }
}
