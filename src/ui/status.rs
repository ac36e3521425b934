//! What stands in for a value that is not here: nothing, "loading", or why not and how to go on.

use crate::client::ClientError;
use crate::i18n::messages;
use crate::loadable::Loadable;
use crate::state::Head;
use crate::ui::icon::{Icon, icon};
use crate::ui::reactive::click;
use leptos::prelude::*;

/// Shows a value, or what stands in for it. `on_retry` asks again.
pub fn show<T, V: IntoView + 'static>(
    value: Loadable<T>,
    on_retry: Callback<()>,
    view: impl FnOnce(T) -> V,
) -> AnyView {
    match value {
        Loadable::Ready(value) => view(value).into_any(),
        Loadable::Pending => nothing_yet(),
        Loadable::Slow => view! { <Loading /> }.into_any(),
        Loadable::Failed(error) => view! { <Failure error on_retry /> }.into_any(),
    }
}

/// [`show`] for the value that a whole page is about: where it is not here, the page still has its heading.
pub fn show_page<T, V: IntoView + 'static>(
    value: Loadable<T>,
    on_retry: Callback<()>,
    view: impl FnOnce(T) -> V,
) -> AnyView {
    match value {
        Loadable::Failed(error) => {
            let title = Head::of_failure(&error).title;
            view! { <h1>{title}</h1><Failure error on_retry /> }.into_any()
        }
        other => show(other, on_retry, view),
    }
}

fn nothing_yet() -> AnyView {
    view! { <div class="c-loading" aria-busy="true"></div> }.into_any()
}

/// Lines where text will be, and a word for those who do not see them.
#[component]
pub fn Loading() -> impl IntoView {
    view! {
        <div class="c-loading" aria-busy="true" data-slow>
            <p class="u-visually-hidden" role="status">{messages().loading}</p>
            <span class="c-loading__line"></span>
            <span class="c-loading__line"></span>
            <span class="c-loading__line"></span>
        </div>
    }
}

/// Why a value is not here, and the way out.
#[component]
pub fn Failure(
    /// What went wrong.
    error: ClientError,
    /// Asks again.
    on_retry: Callback<()>,
) -> impl IntoView {
    let t = messages();
    let retry = error.is_retryable().then(|| {
        view! {
            <button type="button" class="c-button" data-variant="secondary" on:click=click(move || on_retry.run(()))>
                {t.try_again}
            </button>
        }
    });
    view! {
        <div class="c-notice" data-tone="bad" role="alert">
            {icon(Icon::WARNING)}
            <div class="c-notice__body">
                <p>{error.message(t)}</p>
                {retry}
            </div>
        </div>
    }
}
