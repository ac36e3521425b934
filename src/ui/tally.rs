//! The tally of a consultation.

use crate::i18n::{self, count, fill, format, language, messages};
use crate::ui::chart::{Bar, Chart, Files, Row, bars};
use crate::ui::reactive::{flag, part, text};
use cabildo_contract::id::Slug;
use cabildo_contract::statistics::{Picture, Table};
use cabildo_contract::tally::Results;
use leptos::prelude::*;

/// Every option with its votes, most first; ties share a place.
#[component]
pub fn TallyChart(
    /// The results, once they are here.
    #[prop(into)]
    results: Signal<Option<Results>>,
    /// The process, for the files.
    process: Slug,
    /// The consultation.
    consultation: Slug,
    /// The language of the options.
    #[prop(into)]
    content: String,
) -> impl IntoView {
    let t = messages();
    let own = i18n::tally();
    let number = |n: u64| format::number(language(), n);
    let is_empty = move || results.with(|results| results.as_ref().is_none_or(|r| r.ballots.total == 0));
    let total = text(move || {
        results.with(|results| count(&own.ballots_counted, results.as_ref().map_or(0, |r| r.ballots.total)))
    });
    let rows = Signal::derive(move || {
        results.with(|results| {
            let options = results.as_ref().map(|r| r.options.as_slice()).unwrap_or_default();
            options
                .iter()
                .map(|o| Row::from((o.title.clone(), vec![number(o.votes), number(o.rank.into())])))
                .collect::<Vec<Row>>()
        })
    });
    let picture = part(move || {
        results.with(|results| {
            let options = results.as_ref().map(|r| r.options.as_slice()).unwrap_or_default();
            bars(
                options
                    .iter()
                    .map(|o| Bar {
                        name: o.title.clone(),
                        value: o.votes,
                        label: number(o.votes),
                        marked: o.rank == 1 && o.votes > 0,
                    })
                    .collect(),
            )
        })
    });
    let files = Files { process, table: Table::Results, picture: Picture::Results(consultation) };
    let title =
        results.with_untracked(|results| results.as_ref().map(|r| r.title.clone())).unwrap_or_default();
    let title = if title.is_empty() { t.results.to_owned() } else { title };
    view! {
        <p class="c-tally__total" role="status">{total}</p>
        <p class="c-empty" hidden=flag(move || !is_empty())>{own.no_ballots}</p>
        <div hidden=flag(is_empty)>
            <Chart
                title
                definition=fill(own.votes_definition, &[])
                files
                columns=vec![own.option, t.votes, own.place]
                rows
                content
            >
                {picture}
            </Chart>
        </div>
    }
}
