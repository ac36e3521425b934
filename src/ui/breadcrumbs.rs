//! Where a page is, and handing it on.

use crate::i18n::messages;
use crate::route::{self, Route};
use crate::ui::icon::{Icon, icon};
use leptos::prelude::*;

/// The way from the start to this page, and a button that hands its address to somebody else: `keeper.js` does it, before
/// the app is here too.
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
        <div class="c-breadcrumbs">
            <nav aria-label=t.breadcrumbs>
                <ol>{above}<li aria-current="page">{here}</li></ol>
            </nav>
            <button type="button" class="c-button" data-variant="quiet" data-share=t.link_copied>
                {icon(Icon::SHARE)}<span>{t.share}</span>
            </button>
        </div>
    }
}
