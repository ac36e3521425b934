//! The criteria of a call, with their weights and what these add up to.

use crate::i18n::{self, count, fill, format, language};
use crate::ui::table::{Cell, Table};
use cabildo_contract::call::Call;
use leptos::prelude::*;

/// The table and its sum. Where the published document prints another total, both are said.
#[must_use]
pub fn criteria(call: &Call) -> AnyView {
    let own = i18n::calls();
    let is_described = call.criteria.iter().any(|criterion| criterion.description.is_some());
    let rows = call.criteria.iter().map(|criterion| {
        let mut cells = vec![Cell::Number(criterion.weight.into())];
        cells.extend(is_described.then(|| Cell::Words(criterion.description.clone().unwrap_or_default())));
        (criterion.title.clone(), cells)
    });
    let mut heads = vec![own.criterion, own.weight];
    heads.extend(is_described.then_some(own.how_points_are_given));
    let sum = count(&own.sum, call.total().into());
    let printed = call
        .printed_total
        .map(|printed| fill(own.printed_total, &[&format::number(language(), printed.into())]));
    let content = call.process.language.clone();
    view! {
        <Table caption=own.criteria.to_owned() heads rows=rows.collect() content />
        <p><strong>{sum}</strong>" "{printed}</p>
    }
    .into_any()
}
