//! The way to the rest of a list.

use crate::i18n::messages;
use crate::state::paged::{Item, Paged};
use crate::ui::reactive::{click, part};
use crate::ui::status::Failure;
use leptos::prelude::*;

/// Why the last page did not come, and a button that asks for the next while there is one.
#[must_use]
pub fn more<T: Item>(list: Paged<T>, label: &'static str, ask: Callback<()>) -> AnyView {
    let button = part(move || {
        list.next().map(|_| {
            view! {
                <nav class="c-pager" aria-label=messages().pages>
                    <button type="button" class="c-button" data-variant="secondary"
                        on:click=click(move || ask.run(()))>
                        {label}
                    </button>
                </nav>
            }
        })
    });
    let error = part(move || list.error.get().map(|error| view! { <Failure error on_retry=ask /> }));
    view! { {error}{button} }.into_any()
}
