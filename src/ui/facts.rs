//! Facts as pairs of a name and a value.

use leptos::prelude::*;

/// A list of facts; those without a value are left out.
#[component]
pub fn Facts<N: IntoView + 'static>(
    /// Name and value.
    facts: Vec<(N, Option<AnyView>)>,
) -> impl IntoView {
    let rows = facts
        .into_iter()
        .filter_map(|(name, value)| Some(view! { <div><dt>{name}</dt><dd>{value?}</dd></div> }))
        .collect_view();
    view! { <dl class="c-facts">{rows}</dl> }
}

/// Several values under one name.
#[must_use]
pub fn values(items: &[String]) -> Option<AnyView> {
    match items {
        [] => None,
        [one] => Some(one.clone().into_any()),
        many => {
            let items = many.iter().map(|item| view! { <li>{item.clone()}</li> }).collect_view();
            Some(view! { <ul>{items}</ul> }.into_any())
        }
    }
}
