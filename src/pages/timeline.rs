//! Everything in a process by date, and where it stands.

use crate::clock;
use crate::i18n::{self, fill, format, language};
use crate::pages::record;
use crate::route::{self, Route};
use crate::ui::badge;
use crate::ui::icon::{Icon, icon};
use crate::ui::phases::dates;
use cabildo_contract::id::Slug;
use cabildo_contract::record::{Entry, EntryKind, Record, calendar_path};
use cabildo_contract::time::{Date, State};
use leptos::prelude::*;

/// The code of this page.
#[must_use]
pub fn page(route: Route) -> AnyView {
    let own = i18n::timeline();
    let process = match route {
        Route::Timeline(process) => Ok(process),
        other => Err(other),
    };
    record::page(process, own.title, own.lead, whole)
}

fn whole(record: Record) -> AnyView {
    let own = i18n::timeline();
    let Record { process, timeline, .. } = record;
    let today = format::day(clock::now(), &process.time_zone);
    let standing = standing(&timeline, today);
    let items =
        timeline.into_iter().map(|each| entry(each, &process.slug, &process.language, today)).collect_view();
    view! {
        <section class="l-stack" aria-labelledby="now">
            <h2 id="now">{own.where_we_are}</h2>
            <div lang=process.language.clone()>
                {standing.into_iter().map(|sentence| view! { <p>{sentence}</p> }).collect_view()}
            </div>
            <p>
                <a href=calendar_path(&process.slug) download>{icon(Icon::CLOCK)}{own.calendar}" (.ics)"</a>
            </p>
        </section>
        <ol class="c-timeline">{items}</ol>
    }
    .into_any()
}

/// What is under way, what comes next, or when it ended.
fn standing(timeline: &[Entry], today: Date) -> Vec<String> {
    let own = i18n::timeline();
    let date = |date| format::date(language(), date);
    let under_way = timeline.iter().filter(|entry| entry.state(today) == State::Open);
    let mut sentences: Vec<String> = under_way.map(|entry| fill(own.under_way, &[&entry.title])).collect();
    let next = timeline.iter().find(|entry| entry.state(today) == State::Upcoming);
    sentences.extend(next.map(|entry| fill(own.next, &[&entry.title, &date(entry.from)])));
    if sentences.is_empty() {
        let last = timeline.iter().map(|entry| entry.to).max();
        sentences.extend(last.map(|last| fill(own.finished, &[&date(last)])));
    }
    sentences
}

fn entry(entry: Entry, process: &Slug, lang: &str, today: Date) -> AnyView {
    let own = i18n::timeline();
    let (kind, picture, word) = match entry.kind {
        EntryKind::Phase => ("phase", Icon::CLOCK, own.phase),
        EntryKind::Consultation => ("consultation", Icon::BALLOT, own.consultation),
        EntryKind::Call => ("consultation", Icon::PENCIL, own.call),
        EntryKind::Workshop => ("encounter", Icon::PEOPLE, own.workshop),
        EntryKind::Conversation => ("encounter", Icon::SPEECH, own.conversation),
        EntryKind::Milestone => ("milestone", Icon::LANDMARK, own.milestone),
    };
    let href = match (entry.kind, &entry.slug) {
        (EntryKind::Consultation, Some(slug)) => Some(route::href(Route::Consultation(slug.clone()))),
        (EntryKind::Call, Some(slug)) => Some(route::href(Route::Call(slug.clone()))),
        (EntryKind::Workshop | EntryKind::Conversation, _) => {
            Some(route::href(Route::Encounters(process.clone())))
        }
        _ => None,
    };
    let state = entry.state(today);
    let title = match href {
        Some(href) => view! { <a href=href>{entry.title}</a> }.into_any(),
        None => entry.title.into_any(),
    };
    view! {
        <li data-kind=kind aria-current=(state == State::Open).then_some("step")>
            <p class="c-timeline__dates">{dates(entry.from, entry.to)}</p>
            <h3 lang=lang.to_owned()>{title}</h3>
            <p class="l-cluster" data-gap="s">{badge::badge("neutral", picture, word)}{badge::state(state)}</p>
        </li>
    }
    .into_any()
}
