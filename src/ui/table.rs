//! A table of records: each row is named by its first cell.

use crate::i18n::{format, language};
use leptos::prelude::*;

/// What stands in a cell.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Cell {
    /// Words.
    Words(String),
    /// A number of things.
    Number(u64),
}

/// The table. What a row is about stands in its first cell.
#[component]
pub fn Table(
    /// What it is a table of, for who cannot see what stands above it.
    caption: String,
    /// The names of the columns.
    heads: Vec<&'static str>,
    /// The rows: name and cells.
    rows: Vec<(String, Vec<Cell>)>,
    /// The language of names and words.
    #[prop(into)]
    content: String,
) -> impl IntoView {
    let numeric = |column: usize| {
        rows.first().is_some_and(|(_, cells)| matches!(cells.get(column), Some(Cell::Number(_))))
    };
    let heads = heads
        .into_iter()
        .enumerate()
        .map(|(index, head)| {
            let words = index == 0 || !numeric(index - 1);
            view! { <th scope="col" data-words=words.then_some("")>{head}</th> }
        })
        .collect_view();
    let rows = rows
        .into_iter()
        .map(|(name, cells)| {
            let cells = cells
                .into_iter()
                .map(|cell| match cell {
                    Cell::Words(words) => {
                        view! { <td data-words="" lang=content.clone()>{words}</td> }.into_any()
                    }
                    Cell::Number(number) => {
                        view! { <td>{format::number(language(), number)}</td> }.into_any()
                    }
                })
                .collect_view();
            view! { <tr><th scope="row" lang=content.clone()>{name}</th>{cells}</tr> }
        })
        .collect_view();
    let name = caption.clone();
    view! {
        <div class="c-table__frame" tabindex="0" role="group" aria-label=name>
            <table class="c-table">
                <caption class="u-visually-hidden">{caption}</caption>
                <thead><tr>{heads}</tr></thead>
                <tbody>{rows}</tbody>
            </table>
        </div>
    }
}
