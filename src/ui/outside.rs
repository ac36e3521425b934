//! Links that lead out of Cabildo.

use crate::i18n;
use crate::ui::icon::{Icon, icon};
use leptos::prelude::*;

/// A link to another site, marked as such; the words alone where there is no address that a page may link to. `lang` is
/// the language of the words.
#[must_use]
pub fn outside(address: Option<&str>, words: String, lang: &str) -> AnyView {
    let words = view! { <span lang=lang.to_owned()>{words}</span> };
    match address {
        Some(address) => view! {
            <a href=address.to_owned() rel="external noopener noreferrer">
                {words}" ("{i18n::commitment().outside}")"{icon(Icon::ARROW)}
            </a>
        }
        .into_any(),
        None => words.into_any(),
    }
}
