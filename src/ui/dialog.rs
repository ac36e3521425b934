//! A question over the page: the platform's `<dialog>`, which keeps focus inside and closes on Escape.

use leptos::prelude::*;

/// A dialog with this id; [`crate::platform::open_dialog`] opens it.
#[component]
pub fn Dialog(
    /// Its id.
    #[prop(into)]
    id: String,
    /// What it asks.
    #[prop(into)]
    title: String,
    /// What it says and the ways out.
    children: Children,
) -> impl IntoView {
    let heading = format!("{id}-title");
    let labelled_by = heading.clone();
    view! {
        <dialog id=id class="c-dialog" aria-labelledby=labelled_by>
            <h2 id=heading>{title}</h2>
            {children()}
        </dialog>
    }
}
