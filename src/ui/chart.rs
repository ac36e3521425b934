//! Charts: a picture, the same figures as a table, and the same table as CSV.
//!
//! The picture is hidden from screen readers, which get the table. Lengths are SVG attributes, since the content
//! security policy forbids style attributes.

use crate::i18n::{format, language, messages};
use crate::ui::icon::{Icon, icon};
use crate::ui::reactive::part;
use cabildo_contract::id::Slug;
use cabildo_contract::statistics::{Bucket, Picture, Table, TableFormat};
use leptos::prelude::*;

/// A row of a table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Row {
    /// What it is about.
    pub name: String,
    /// Where that has its page.
    pub href: Option<String>,
    /// Its values, formatted.
    pub values: Vec<String>,
}

impl From<(String, Vec<String>)> for Row {
    fn from((name, values): (String, Vec<String>)) -> Self {
        Self { name, href: None, values }
    }
}

/// The addresses of a view besides the page: its place in it, its table as files, its picture.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Files {
    /// The process.
    pub process: Slug,
    /// The table that holds its figures.
    pub table: Table,
    /// Its picture; its name is the place in the page.
    pub picture: Picture,
}

impl Files {
    fn links(&self) -> AnyView {
        let t = messages();
        let picture = self.picture.path(&self.process);
        let lang = language().code();
        let [csv, ndjson] = TableFormat::ALL.map(|format| self.table.path_as(&self.process, format));
        view! {
            <ul class="c-chart__files">
                <li><a href=csv download>{icon(Icon::DOWNLOAD)}{t.download_csv}</a></li>
                <li><a href=ndjson download>"NDJSON"</a></li>
                <li><a href=format!("{picture}.svg?lang={lang}")>"SVG"</a></li>
                <li><a href=format!("{picture}.png?lang={lang}")>"PNG"</a></li>
            </ul>
        }
        .into_any()
    }
}

/// Title, what is shown, picture, table and files. The title leads to the view itself, so that it can be sent on.
#[component]
pub fn Chart(
    /// What the chart is about.
    #[prop(into)]
    title: String,
    /// What exactly it counts, and from where.
    #[prop(into)]
    definition: String,
    /// Its addresses.
    files: Files,
    /// The heads of the table's columns, the first that of the names.
    columns: Vec<&'static str>,
    /// The table.
    #[prop(into)]
    rows: Signal<Vec<Row>>,
    /// The columns after the first that hold words instead of numbers.
    #[prop(optional)]
    words: &'static [usize],
    /// The language of the rows' names, where they are content.
    #[prop(optional, into)]
    content: Option<String>,
    /// The picture. Measures without a common scale have none: their table is open instead.
    #[prop(optional)]
    children: Option<Children>,
) -> impl IntoView {
    let t = messages();
    let id = files.picture.name();
    let is_open = children.is_none();
    let drawn = children
        .map(|children| view! { <div class="c-chart__picture" aria-hidden="true">{children()}</div> });
    let heads = columns
        .into_iter()
        .enumerate()
        .map(|(index, head)| {
            let is_words = index == 0 || words.contains(&(index - 1));
            view! { <th scope="col" data-words=is_words.then_some("")>{head}</th> }
        })
        .collect_view();
    let body = part(move || {
        rows.get()
            .into_iter()
            .map(|Row { name, href, values }| {
                let cells = values
                    .into_iter()
                    .enumerate()
                    .map(|(index, value)| {
                        view! { <td data-words=words.contains(&index).then_some("")>{value}</td> }
                    })
                    .collect_view();
                let name = match href {
                    Some(href) => view! { <a href=href>{name}</a> }.into_any(),
                    None => name.into_any(),
                };
                view! { <tr><th scope="row" lang=content.clone()>{name}</th>{cells}</tr> }
            })
            .collect_view()
    });
    let links = files.links();
    view! {
        <figure class="c-chart" id=id.clone()>
            <figcaption>
                <h3><a class="c-chart__title" href=format!("#{id}")>{title.clone()}</a></h3>
                <p>{definition}</p>
            </figcaption>
            {drawn}
            <details class="c-chart__data" open=is_open>
                <summary>{t.show_table}</summary>
                <div class="c-chart__scroll" tabindex="0" role="region" aria-label=title>
                    <table class="c-table"><thead><tr>{heads}</tr></thead><tbody>{body}</tbody></table>
                </div>
            </details>
            {links}
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

/// How the comments on something stand against each other.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sides {
    /// What they are about.
    pub name: String,
    /// Comments for it.
    pub favour: u64,
    /// Comments against it.
    pub against: u64,
}

/// For and against, facing each other on one scale: against is hollow and grows to the start, for is solid and grows to
/// the end.
#[must_use]
pub fn sides(sides: Vec<Sides>) -> AnyView {
    let t = messages();
    let number = |n: u64| format::number(language(), n);
    let longest = sides.iter().map(|each| each.favour.max(each.against)).max().unwrap_or_default().max(1);
    let items = sides
        .into_iter()
        .map(|Sides { name, favour, against }| {
            let (left, right) = (against * 1_000 / longest, favour * 1_000 / longest);
            view! {
                <li>
                    <span class="c-sides__name">{name}</span>
                    <span class="c-sides__number">{number(against)}</span>
                    <svg class="c-sides__track" viewBox="0 0 1000 10" preserveAspectRatio="none">
                        <rect class="c-sides__against" x=(1_000 - left).to_string() width=left.to_string() height="10"></rect>
                    </svg>
                    <svg class="c-sides__track" viewBox="0 0 1000 10" preserveAspectRatio="none">
                        <rect class="c-sides__for" width=right.to_string() height="10"></rect>
                    </svg>
                    <span class="c-sides__number">{number(favour)}</span>
                </li>
            }
        })
        .collect_view();
    view! {
        <div class="c-sides">
            <p class="c-sides__heads"><span>{t.stance_against}</span><span>{t.stance_for}</span></p>
            <ol>{items}</ol>
        </div>
    }
    .into_any()
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
