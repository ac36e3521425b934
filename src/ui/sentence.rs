//! A sentence in whose places stand views: links to the records that a number counts.

use leptos::prelude::*;

/// [`crate::i18n::fill`] with views.
#[must_use]
pub fn sentence(message: &str, values: Vec<AnyView>) -> AnyView {
    let mut values: Vec<Option<AnyView>> = values.into_iter().map(Some).collect();
    let mut pieces = message.split('{');
    let first = pieces.next().unwrap_or_default().to_owned();
    let rest = pieces
        .map(|piece| {
            let (place, after) = piece.split_once('}').unwrap_or(("", piece));
            let value = place.parse().ok().and_then(|at: usize| values.get_mut(at)).and_then(Option::take);
            view! { {value}{after.to_owned()} }
        })
        .collect_view();
    view! { {first}{rest} }.into_any()
}

/// A number that leads to the records that it counts. `records` names them for who hears the link alone.
#[must_use]
pub fn counted(number: String, href: String, records: &str) -> AnyView {
    let name = format!("{number}: {records}");
    view! { <a href=href aria-label=name>{number}</a> }.into_any()
}
