//! Charts: a picture, the same figures as a table, and the same table as CSV.
//!
//! The picture is hidden from screen readers, which get the table. Lengths are SVG attributes, since the content
//! security policy forbids style attributes.

use crate::i18n::{format, language, messages};
use crate::ui::icon::{Icon, icon};
use crate::ui::reactive::part;
use cabildo_contract::statistics::Bucket;
use leptos::prelude::*;

/// A row of a table: its name and its values, formatted.
pub type Row = (String, Vec<String>);

/// Title, what is shown, picture, table and CSV.
#[component]
pub fn Chart(
    /// What the chart is about.
    #[prop(into)]
    title: String,
    /// What exactly it counts, and from where.
    #[prop(into)]
    definition: String,
    /// Where the table can be downloaded.
    csv: String,
    /// The heads of the table's columns, the first that of the names.
    columns: Vec<&'static str>,
    /// The table.
    #[prop(into)]
    rows: Signal<Vec<Row>>,
    /// The language of the rows' names, where they are content.
    #[prop(optional, into)]
    content: Option<String>,
    /// The picture.
    children: Children,
) -> impl IntoView {
    let t = messages();
    let heads = columns.into_iter().map(|head| view! { <th scope="col">{head}</th> }).collect_view();
    let body = part(move || {
        rows.get()
            .into_iter()
            .map(|(name, values)| {
                let cells = values.into_iter().map(|value| view! { <td>{value}</td> }).collect_view();
                view! { <tr><th scope="row" lang=content.clone()>{name}</th>{cells}</tr> }
            })
            .collect_view()
    });
    view! {
        <figure class="c-chart">
            <figcaption>
                <h3>{title.clone()}</h3>
                <p>{definition}</p>
            </figcaption>
            <div class="c-chart__picture" aria-hidden="true">{children()}</div>
            <details class="c-chart__data">
                <summary>{t.show_table}</summary>
                <div class="c-chart__scroll" tabindex="0" role="region" aria-label=title>
                    <table class="c-table"><thead><tr>{heads}</tr></thead><tbody>{body}</tbody></table>
                </div>
            </details>
            <a class="c-chart__csv" href=csv download>{icon(Icon::Download)}{t.download_csv}</a>
        </figure>
    }
}

/// A bar: its name, its length as a number, and what is written beside it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Bar {
    /// What it stands for.
    pub name: String,
    /// How long it is, in the unit of all bars.
    pub value: u64,
    /// What is written beside it.
    pub label: String,
    /// Whether it is set off from the others.
    pub marked: bool,
}

/// Horizontal bars on one scale.
#[must_use]
pub fn bars(bars: Vec<Bar>) -> AnyView {
    let longest = bars.iter().map(|bar| bar.value).max().unwrap_or_default().max(1);
    let items = bars
        .into_iter()
        .map(|bar| {
            // In thousandths of the longest, so that no fraction has to be written.
            let width = (bar.value * 1_000 / longest).to_string();
            view! {
                <li data-marked=bar.marked.then_some("")>
                    <span class="c-bars__name">{bar.name}</span>
                    <span class="c-bars__value">{bar.label}</span>
                    <svg class="c-bars__track" viewBox="0 0 1000 10" preserveAspectRatio="none">
                        <rect class="c-bars__bar" width=width height="10"></rect>
                    </svg>
                </li>
            }
        })
        .collect_view();
    view! { <ol class="c-bars">{items}</ol> }.into_any()
}

/// Acts over time as columns: ballots below, comments on top of them.
#[must_use]
pub fn columns(buckets: &[Bucket]) -> AnyView {
    let t = messages();
    let highest =
        buckets.iter().map(|bucket| bucket.ballots + bucket.comments).max().unwrap_or_default().max(1);
    // A few days are not stretched over the whole width.
    let count = buckets.len().max(14) as u32;
    let step = 1_000 / count;
    let bars = (0_u32..)
        .zip(buckets)
        .map(|(index, bucket)| {
            let height = |n: u32| n * 300 / highest;
            let (ballots, comments) = (height(bucket.ballots), height(bucket.comments));
            let x = (index * 1_000 / count).to_string();
            let width = (step * 8 / 10).max(2).to_string();
            view! {
                <rect class="c-columns__ballots" x=x.clone() y=(300 - ballots).to_string()
                    width=width.clone() height=ballots.to_string()></rect>
                <rect class="c-columns__comments" x=x y=(300 - ballots - comments).to_string()
                    width=width height=comments.to_string()></rect>
            }
        })
        .collect_view();
    view! {
        <div class="c-columns">
            <ul class="c-chart__legend">
                <li data-series="ballots">{t.ballots}</li>
                <li data-series="comments">{t.comments_title}</li>
            </ul>
            <div class="c-columns__plot">
                <span class="c-columns__max">{format::number(language(), highest.into())}</span>
                <svg viewBox="0 0 1000 300" preserveAspectRatio="none">{bars}</svg>
            </div>
        </div>
    }
    .into_any()
}
