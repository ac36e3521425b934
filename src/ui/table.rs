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
    /// Words that lead somewhere: address and words; none at all where nothing is known.
    Links(Vec<(String, String)>),
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
    /// Ids of the rows, for links to them; as many as there are rows, or none.
    #[prop(optional)]
    ids: Vec<String>,
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
        .enumerate()
        .map(|(row, (name, cells))| {
            let id = ids.get(row).cloned();
            let cells = cells
                .into_iter()
                .map(|cell| match cell {
                    Cell::Words(words) => {
                        view! { <td data-words="" lang=content.clone()>{words}</td> }.into_any()
                    }
                    Cell::Links(links) => {
                        let links = links
                            .into_iter()
                            .map(|(href, words)| view! { <li><a href=href>{words}</a></li> })
                            .collect_view();
                        view! { <td data-words="" lang=content.clone()><ul>{links}</ul></td> }.into_any()
                    }
                    Cell::Number(number) => {
                        view! { <td>{format::number(language(), number)}</td> }.into_any()
                    }
                })
                .collect_view();
            view! { <tr id=id><th scope="row" lang=content.clone()>{name}</th>{cells}</tr> }
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
