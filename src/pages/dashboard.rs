//! The live dashboard of a process.

use crate::client::live::watch;
use crate::i18n::{self, Language, fill, format, language, messages};
use crate::pages::not_found;
use crate::route::{self, Route};
use crate::state::{Head, load, use_head};
use crate::ui::badge::level_name;
use crate::ui::breadcrumbs::Breadcrumbs;
use crate::ui::chart::{Bar, Chart, Row, bars, columns};
use crate::ui::funnel;
use crate::ui::hero::Hero;
use crate::ui::live::LiveStatus;
use crate::ui::notice::{Exercise, Simulated};
use crate::ui::reactive::{flag, part, text};
use crate::ui::stat::Stat;
use crate::ui::status::{show, show_page};
use crate::ui::tally::TallyChart;
use cabildo_contract::id::Slug;
use cabildo_contract::process::{GetProcess, Process};
use cabildo_contract::proposal::Level;
use cabildo_contract::statistics::{
    Bucket, GetStatistics, Part, Picture, Statistics, Table, WatchProcess,
};
use cabildo_contract::tally::{Count, Results};
use leptos::prelude::*;

/// The code of this page.
#[must_use]
pub fn page(route: Route) -> AnyView {
    match route {
        Route::Dashboard(process) => view! { <Dashboard process /> }.into_any(),
        other => not_found::page(other),
    }
}

/// The page of the dashboard.
#[component]
pub fn Dashboard(
    /// Slug or id of the process.
    process: Slug,
) -> impl IntoView {
    let own = i18n::dashboard();
    let slug = process.clone();
    let parent = load(move || GetProcess { process: slug.clone() });
    let slug = process.clone();
    let first = load(move || GetStatistics { process: slug.clone() });
    let watched = watch(&WatchProcess { process });
    use_head(move || {
        parent.with(|value| {
            Head::of(value, |process| {
                let title = format!("{} · {}", own.dashboard_title, process.name.title);
                (title, own.dashboard_lead.to_owned())
            })
        })
    });
    let newest =
        Memo::new(move |_| watched.state.get().or_else(|| first.with(|value| value.ready().cloned())));
    let is_here = Memo::new(move |_| newest.with(Option::is_some));
    part(move || {
        show_page(parent.get(), parent.retry(), move |process| {
            let zone = process.name.time_zone.clone();
            let as_of = Signal::derive(move || {
                watched.last_word.get().or_else(|| newest.with(|s| s.as_ref().map(|s| s.as_of.time)))
            });
            let (slug, exercise) = (process.name.slug.clone(), process.name.exercise);
            let body = {
                let process = process.clone();
                part(move || match is_here.get() {
                    true => figures(process.clone(), newest).into_any(),
                    false => show(first.get(), first.retry(), |_| ()),
                })
            };
            view! {
                <Breadcrumbs
                    above=vec![(process.name.title.clone(), Route::Process(slug))]
                    here=own.dashboard_title.to_owned()
                />
                <Hero kicker=process.name.title.clone() title=own.dashboard_title>
                    <p class="c-hero__lead">{own.dashboard_lead}</p>
                </Hero>
                {exercise.then(|| view! { <Exercise /> })}
                <LiveStatus connection=watched.connection as_of time_zone=zone />
                {body}
            }
        })
    })
}

/// A part of the newest statistics, as a signal of its own: what did not change is not drawn again.
fn figure_of<T: Clone + PartialEq + Send + Sync + 'static>(
    newest: Memo<Option<Statistics>>,
    pick: impl Fn(&Statistics) -> T + Send + Sync + 'static,
    empty: T,
) -> Memo<T> {
    Memo::new(move |_| newest.with(|newest| newest.as_ref().map_or_else(|| empty.clone(), &pick)))
}

fn figures(process: Process, newest: Memo<Option<Statistics>>) -> impl IntoView {
    let t = messages();
    let own = i18n::dashboard();
    let slug = process.name.slug.clone();
    let zone = process.name.time_zone.clone();
    let lang = process.name.language.clone();
    let simulated = figure_of(newest, |s| s.people.simulated > 0, false);
    let is_empty = figure_of(newest, |s| s.people.total == 0, true);
    let stat = |label, definition: &'static str, pick: fn(&Statistics) -> Count| {
        let count = figure_of(newest, pick, Count::default());
        let value = Signal::derive(move || format::number(language(), count.get().total));
        let more = view! {
            <p>{text(move || fill(own.of_these_simulated, &[&format::number(language(), count.get().simulated)]))}</p>
        };
        view! { <Stat label=label value definition source=own.source_computed more=Some(more.into_any()) /> }
    };
    let hour = figure_of(newest, |s| s.last_hour.clone(), Vec::new());
    let days = figure_of(newest, |s| s.days.clone(), Vec::new());
    let own_process = i18n::process();
    let funnel = process.funnel.clone();
    let funnel_rows = process
        .funnel
        .levels
        .iter()
        .map(|level| {
            let number = |n: u32| format::number(language(), n.into());
            (
                level_name(level.level).to_owned(),
                vec![
                    number(level.received),
                    number(level.adopted),
                    level.fulfilled.map_or(own_process.not_on_record.to_owned(), number),
                ],
            )
        })
        .collect::<Vec<Row>>();
    let tallies = newest
        .with_untracked(|s| s.as_ref().map(|s| s.consultations.clone()).unwrap_or_default())
        .into_iter()
        .map(|results| tally(results, newest, slug.clone(), lang.clone()))
        .collect_view();
    let time_zone = zone.clone();
    let day_row = move |bucket: &Bucket| format::date(language(), format::day(bucket.start, "UTC"));
    let minute_row = move |bucket: &Bucket| format::time(language(), bucket.start, &time_zone);
    view! {
        {part(move || simulated.get().then(|| view! { <Simulated /> }))}
        <p class="c-empty" hidden=flag(move || !is_empty.get())>{own.no_participation}</p>
        <section aria-labelledby="now" class="l-stack">
            <h2 id="now">{t.participation}</h2>
            <div class="c-figures">
                {stat(t.people, own.people_definition, |s| s.people)}
                {stat(t.ballots, own.ballots_definition, |s| s.ballots)}
                {stat(t.comments_title, own.comments_definition, |s| s.comments)}
            </div>
        </section>
        <section aria-labelledby="over-time" class="l-stack">
            <h2 id="over-time">{own.over_time}</h2>
            <div class="l-grid" data-wide>
                {over_time(own.last_hour, own.last_hour_definition, &slug, own.minute, hour, minute_row)}
                {over_time(own.by_day, own.by_day_definition, &slug, own.day, days, day_row)}
            </div>
        </section>
        <section aria-labelledby="parts" class="l-stack">
            <h2 id="parts">{own.by_part}</h2>
            <div class="l-grid" data-wide>
                {parts(own.by_level, t.level, &slug, &lang, figure_of(newest, |s| s.by_level.clone(), Vec::new()))}
                {parts(own.by_theme, t.theme, &slug, &lang, figure_of(newest, |s| s.by_theme.clone(), Vec::new()))}
                {parts(own.by_territory, t.territory, &slug, &lang, figure_of(newest, |s| s.by_territory.clone(), Vec::new()))}
                <Chart
                    title=t.funnel_title
                    definition=format!("{} {}", funnel::sentence(&funnel), own.funnel_definition)
                    csv=Table::Funnel.path(&slug)
                    columns=vec![t.level, t.received, t.adopted, own_process.fulfilled]
                    rows=Signal::stored(funnel_rows)
                >
                    <div class="c-funnel">{funnel::picture(&funnel)}</div>
                </Chart>
            </div>
        </section>
        <section aria-labelledby="tallies" class="l-stack">
            <h2 id="tallies">{t.results}</h2>
            {tallies}
        </section>
    }
}

fn over_time(
    title: &'static str,
    definition: &'static str,
    process: &Slug,
    step: &'static str,
    buckets: Memo<Vec<Bucket>>,
    name: impl Fn(&Bucket) -> String + Clone + Send + Sync + 'static,
) -> AnyView {
    let t = messages();
    let number = |n: u32| format::number(language(), n.into());
    // Newest first, and only steps in which something happened: sixty rows of zeros help nobody.
    let rows = Signal::derive(move || {
        buckets.with(|buckets| {
            buckets
                .iter()
                .rev()
                .filter(|bucket| bucket.ballots + bucket.comments > 0)
                .map(|bucket| (name(bucket), vec![number(bucket.ballots), number(bucket.comments)]))
                .collect::<Vec<Row>>()
        })
    });
    view! {
        <Chart
            title
            definition
            csv=Table::Participation.path(process)
            columns=vec![step, t.ballots, t.comments_title]
            rows
        >
            {part(move || buckets.with(|buckets| columns(buckets)))}
        </Chart>
    }
    .into_any()
}

fn parts(
    title: &'static str,
    head: &'static str,
    process: &Slug,
    lang: &str,
    parts: Memo<Vec<Part>>,
) -> impl IntoView + use<> {
    let t = messages();
    let own = i18n::dashboard();
    let number = |n: u64| format::number(language(), n);
    let name = |part: &Part| match part.key.as_str() {
        key if key == Level::National.as_str() => level_name(Level::National).to_owned(),
        key if key == Level::Subnational.as_str() => level_name(Level::Subnational).to_owned(),
        "" => t.whole_nation.to_owned(),
        _ => part.title.clone(),
    };
    let rows = Signal::derive(move || {
        parts.with(|parts| {
            let row = |part: &Part| {
                let values = vec![number(part.proposals.into()), number(part.votes), number(part.comments)];
                (name(part), values)
            };
            parts.iter().map(row).collect::<Vec<Row>>()
        })
    });
    let picture = part(move || {
        parts.with(|parts| {
            let bar = |part: &Part| Bar {
                name: name(part),
                value: part.votes,
                label: number(part.votes),
                marked: false,
            };
            bars(parts.iter().map(bar).collect())
        })
    });
    view! {
        <Chart
            title
            definition=own.part_definition
            csv=Table::Breakdown.path(process)
            columns=vec![head, t.proposals_title, t.votes, t.comments_title]
            rows
            content=lang.to_owned()
        >
            {picture}
        </Chart>
    }
}

fn tally(first: Results, newest: Memo<Option<Statistics>>, process: Slug, lang: String) -> impl IntoView {
    let slug = first.consultation.clone();
    let exercise = first.exercise.then(|| view! { <Exercise /> });
    let href = route::href(Route::Consultation(slug.clone()));
    let title = first.title.clone();
    let results = Signal::derive(move || {
        newest.with(|newest| {
            newest.as_ref().and_then(|s| s.consultations.iter().find(|r| r.consultation == slug).cloned())
        })
    });
    view! {
        <div class="l-stack">
            <p><a href=href lang=lang.clone()>{title}</a></p>
            {exercise}
            <TallyChart results process content=lang />
        </div>
    }
}

/// The title of a view, and what exactly it counts. A tally has the title of its consultation.
#[must_use]
pub fn heading(
    view: &Picture,
    own: &'static messages::Dashboard,
    t: &'static messages::Messages,
) -> (&'static str, &'static str) {
    match view {
        Picture::LastHour => (own.last_hour, own.last_hour_definition),
        Picture::Days => (own.by_day, own.by_day_definition),
        Picture::Level => (own.by_level, own.part_definition),
        Picture::Theme => (own.by_theme, own.part_definition),
        Picture::Branch => (own.by_branch, own.part_definition),
        Picture::Territory => (own.by_territory, own.part_definition),
        Picture::Funnel => (t.funnel_title, own.funnel_definition),
        Picture::Support => (own.support, own.support_definition),
        Picture::Discussion => (own.discussion, own.discussion_definition),
        Picture::Controversy => (own.controversy, own.controversy_definition),
        Picture::Answers => (own.answers, own.answers_definition),
        Picture::Channels => (own.channels, own.channels_definition),
        Picture::Turnout => (own.turnout, own.turnout_definition),
        Picture::People => (own.territory_title, own.territory_definition),
        Picture::Results(_) => (t.results, own.results_definition),
    }
}

/// A wait in whole days.
#[must_use]
pub fn wait(seconds: u64, language: Language, own: &messages::Dashboard) -> String {
    match seconds / 86_400 {
        0 => own.under_a_day.to_owned(),
        days => fill(format::plural(language, &own.days, days), &[&format::number(language, days)]),
    }
}
