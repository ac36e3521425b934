//! A question over the page: the platform's `<dialog>`, which keeps focus inside and closes on Escape.

use crate::i18n::messages;
use crate::platform;
use crate::ui::reactive::click;
use leptos::prelude::*;

/// Whether the person really wants to act; [`crate::platform::open_dialog`] with its id asks it.
#[component]
pub fn Confirm(
    /// Its id.
    id: &'static str,
    /// What it asks.
    title: &'static str,
    /// What the act means.
    text: &'static str,
    /// The act.
    act: &'static str,
    /// Carries it out; the question is closed by then.
    on_confirm: impl Fn() + 'static,
) -> impl IntoView {
    let heading = format!("{id}-title");
    let labelled_by = heading.clone();
    let confirm = move || {
        platform::close_dialog(id);
        on_confirm();
    };
    view! {
        <dialog id=id class="c-dialog" aria-labelledby=labelled_by>
            <h2 id=heading>{title}</h2>
            <p>{text}</p>
            <div class="l-cluster">
                <button type="button" class="c-button" data-variant="secondary"
                    on:click=click(move || platform::close_dialog(id))>
                    {messages().cancel}
                </button>
                <button type="button" class="c-button" data-variant="danger" on:click=click(confirm)>{act}</button>
            </div>
        </dialog>
    }
}
