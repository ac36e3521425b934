//! The tally of a consultation.

use crate::i18n::{self, count, fill, format, language, messages};
use crate::ui::chart::{Bar, Chart, Files, Row, bars};
use crate::ui::reactive::{flag, part, text};
use cabildo_contract::ballot::{BallotRule, FirstPlace};
use cabildo_contract::id::Slug;
use cabildo_contract::statistics::{Picture, Table};
use cabildo_contract::tally::{OptionVotes, Results};
use leptos::prelude::*;

/// Every option with what its votes come to, most first; ties share a place. Before the results may be known: from when.
#[component]
pub fn TallyChart(
    /// The results, once they are here.
    #[prop(into)]
    results: Signal<Option<Results>>,
    /// What a valid ballot is.
    rule: BallotRule,
    /// The process, for the files.
    process: Slug,
    /// The consultation.
    consultation: Slug,
    /// The language of the options.
    #[prop(into)]
    content: String,
    /// In whose time times are said.
    #[prop(into)]
    time_zone: String,
) -> impl IntoView {
    let t = messages();
    let own = i18n::tally();
    let is_empty = move || results.with(|results| results.as_ref().is_none_or(|r| r.ballots.total == 0));
    let visible_from =
        Memo::new(move |_| results.with(|results| results.as_ref().and_then(|results| results.visible_from)));
    let total = text(move || {
        results.with(|results| count(&own.ballots_counted, results.as_ref().map_or(0, |r| r.ballots.total)))
    });
    let rows = Signal::derive(move || {
        results.with(|results| {
            let options = results.as_ref().map(|r| r.options.as_slice()).unwrap_or_default();
            options.iter().map(|option| Row::from(row(rule, option))).collect::<Vec<Row>>()
        })
    });
    let picture = part(move || {
        results.with(|results| {
            let options = results.as_ref().map(|r| r.options.as_slice()).unwrap_or_default();
            bars(options.iter().map(|option| bar(rule, option)).collect())
        })
    });
    let files = Files { process, table: Table::Results, picture: Picture::Results(consultation) };
    let title =
        results.with_untracked(|results| results.as_ref().map(|r| r.title.clone())).unwrap_or_default();
    let title = if title.is_empty() { t.results.to_owned() } else { title };
    let later = part(move || {
        visible_from.get().map(|from| {
            let from = format::date_time(language(), from, &time_zone);
            view! { <p class="c-empty">{fill(own.known_from, &[&from])}</p> }
        })
    });
    view! {
        <p class="c-tally__total" role="status">{total}</p>
        {later}
        <p class="c-empty" hidden=flag(move || !is_empty() || visible_from.get().is_some())>{own.no_ballots}</p>
        <div hidden=flag(move || is_empty() || visible_from.get().is_some())>
            <Chart
                title
                definition=definition(rule)
                files
                columns=columns(rule)
                rows
                content
            >
                {picture}
            </Chart>
        </div>
    }
}

/// What the votes of an option come to, exactly.
fn definition(rule: BallotRule) -> String {
    let own = i18n::tally();
    match rule {
        BallotRule::Support | BallotRule::Approval(_) => own.votes_definition.to_owned(),
        BallotRule::Ordinal(rule) => match rule.first_place() {
            FirstPlace::Max => fill(own.places_definition, &[&format::number(language(), rule.max().into())]),
            FirstPlace::Length => own.lengths_definition.to_owned(),
        },
        BallotRule::Cumulative(_) => own.points_definition.to_owned(),
        BallotRule::Scoring(_) => own.scores_definition.to_owned(),
    }
}

fn columns(rule: BallotRule) -> Vec<&'static str> {
    let t = messages();
    let own = i18n::tally();
    match rule {
        BallotRule::Support | BallotRule::Approval(_) => vec![own.option, t.votes, own.place],
        BallotRule::Ordinal(_) | BallotRule::Cumulative(_) => {
            vec![own.option, own.points, t.votes, own.place]
        }
        BallotRule::Scoring(_) => vec![own.option, own.sum, own.mean, t.votes, own.place],
    }
}

fn row(rule: BallotRule, option: &OptionVotes) -> (String, Vec<String>) {
    let (votes, place) = (number(option.votes), number(option.rank.into()));
    let values = match rule {
        BallotRule::Support | BallotRule::Approval(_) => vec![votes, place],
        BallotRule::Ordinal(_) | BallotRule::Cumulative(_) => vec![signed(option.score), votes, place],
        BallotRule::Scoring(_) => {
            let mean = option.mean_hundredths.map_or("–".to_owned(), hundredths);
            vec![signed(option.score), mean, votes, place]
        }
    };
    (option.title.clone(), values)
}

/// No bar is shorter than none: what is below zero has its number.
#[must_use]
pub fn bar(rule: BallotRule, option: &OptionVotes) -> Bar {
    let label = match (rule, option.mean_hundredths) {
        (BallotRule::Scoring(_), Some(mean)) => format!("{} (⌀ {})", signed(option.score), hundredths(mean)),
        _ => signed(option.score),
    };
    Bar {
        name: option.title.clone(),
        value: option.score.max(0).unsigned_abs(),
        label,
        marked: option.rank == 1 && option.score > 0,
    }
}

fn number(n: u64) -> String {
    format::number(language(), n)
}

fn signed(n: i64) -> String {
    format::signed(language(), n)
}

/// `437` hundredths as `4,37`.
fn hundredths(n: i64) -> String {
    let sign = if n < 0 { "−" } else { "" };
    let point = i18n::format::decimal_point(language());
    format!("{sign}{}{point}{:02}", number(n.unsigned_abs() / 100), n.unsigned_abs() % 100)
}
