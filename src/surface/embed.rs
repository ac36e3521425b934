//! Widgets: pieces of Cabildo inside pages of others.

use crate::i18n::messages;
use crate::platform;
use crate::ui::icon::{Icon, icon};
use leptos::prelude::*;

/// Starts the widget.
pub fn mount() {
    let Some((stage, swap)) = platform::stage("app") else { return };
    mount_to(stage, Widget).forget();
    swap();
}

/// What a widget shows of itself before it knows what to show.
#[component]
pub fn Widget() -> impl IntoView {
    view! {
        <p class="c-widget">
            {icon(Icon::Landmark)}
            <a href="/" target="_blank" rel="noopener">{messages().widget_link}</a>
        </p>
    }
}
