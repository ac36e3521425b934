//! Widgets: pieces of Cabildo inside pages of others. The server draws them, and no program comes with them: what keeps
//! them up to date is `embed/frame.js` (docs/embedding.md, decision 15).

pub mod vote;

use crate::clock;
use crate::i18n::{self, count, fill, format, language, messages};
use crate::pages::dashboard;
use crate::route::{self, Origin, Route};
use crate::state::{Head, Resource, load, use_head};
use crate::ui::badge;
use crate::ui::ballot::rule_sentence;
use crate::ui::chart::bars;
use crate::ui::icon::{Icon, icon};
use crate::ui::tally;
use cabildo_contract::comment::ListComments;
use cabildo_contract::consultation::{Consultation, GetConsultation, Held};
use cabildo_contract::embed::Widget;
use cabildo_contract::endpoint::Live;
use cabildo_contract::id::{ProposalId, Slug};
use cabildo_contract::process::{GetProcess, Process};
use cabildo_contract::proposal::GetProposal;
use cabildo_contract::statistics::{GetStatistics, Picture, Statistics, WatchProcess};
use cabildo_contract::tally::{GetResults, Results, WatchResults};
use cabildo_contract::time::{State, Timestamp};
use leptos::prelude::*;

/// Options that a widget lists before it leads to all of them.
const FEW: usize = 5;
/// Comments that it quotes.
const QUOTED: usize = 2;

/// The content of a frame; of none, that there is nothing here.
#[must_use]
pub fn framed(widget: Option<Widget>) -> AnyView {
    match widget {
        Some(Widget::Consultation(id)) => consultation(id),
        Some(Widget::Vote(id)) => vote::vote(id),
        Some(Widget::Proposal(id)) => proposal(id),
        Some(Widget::Results(id)) => results(id),
        Some(Widget::Counter(id)) => counter(id),
        Some(Widget::Dashboard(id)) => figures(id),
        Some(Widget::Chart(process, picture)) => chart(process, picture),
        None => nothing(),
    }
}

fn nothing() -> AnyView {
    let own = i18n::embed();
    use_head(move || {
        let title = messages().not_found_title.to_owned();
        Some(Head { title, description: own.gone.to_owned(), status: 404, image: None })
    });
    view! { <p class="c-widget__gone">{own.gone}</p>{foot(Route::Home, None, "")} }.into_any()
}

/// A value that the widget is about, named by `title`; none if it is not there.
fn about<T: Clone + Send + Sync + 'static>(resource: Resource<T>, title: fn(&T) -> String) -> Option<T> {
    use_head(move || resource.with(|value| Head::of(value, |value| (title(value), String::new()))));
    resource.with(|value| value.ready().cloned())
}

/// A consultation, and how it stands; none if it is not there.
fn stands(id: &Slug) -> Option<(Consultation, Option<Results>)> {
    let (asked, counted) = (id.clone(), id.clone());
    let asked = load(move || GetConsultation { consultation: asked.clone() });
    let counted = load(move || GetResults { consultation: counted.clone() });
    Some((about(asked, |value| value.head.title.clone())?, counted.with(|value| value.ready().cloned())))
}

/// A process and its figures; none if it is not there.
fn counts(id: &Slug) -> Option<(Process, Statistics)> {
    let (asked, counted) = (id.clone(), id.clone());
    let asked = load(move || GetProcess { process: asked.clone() });
    let counted = load(move || GetStatistics { process: counted.clone() });
    Some((about(asked, |value| value.name.title.clone())?, counted.with(|value| value.ready().cloned())?))
}

fn consultation(id: Slug) -> AnyView {
    let (t, own) = (messages(), i18n::embed());
    let Some((consultation, results)) = stands(&id) else { return nothing() };
    let Consultation { head, process, question, budget, .. } = consultation;
    let lang = process.language.clone();
    let state = head.period.state(clock::now());
    let time = |at| format::date_time(language(), at, &process.time_zone);
    let when = match state {
        State::Upcoming => fill(t.opens_on, &[&time(head.period.opens)]),
        State::Open => fill(t.closes_on, &[&time(head.period.closes)]),
        State::Closed => fill(own.closed_on, &[&time(head.period.closes)]),
    };
    let rule = match head.held {
        Held::Here { rule, .. } => Some(rule),
        _ => None,
    };
    let words = match (&head.held, state) {
        (Held::Here { .. }, State::Open) => own.vote,
        (Held::Comments {}, State::Open) => own.comment,
        _ => own.see,
    };
    let explained = rule.filter(|_| state == State::Open).map(|rule| {
        view! { <p class="c-widget__rule">{rule_sentence(rule, budget.as_ref())}</p> }
    });
    let route = Route::Consultation(head.slug.clone());
    let tally = results.clone().map(|results| tally_of(&results, &lang));
    let as_of = results.map(|results| results.as_of.time);
    view! {
        <article class="c-widget" aria-labelledby="title">
            <p class="c-widget__kicker" lang=lang.clone()>{process.title.clone()}</p>
            <h1 id="title" lang=lang.clone()>{head.title.clone()}</h1>
            <p lang=lang>{question}</p>
            <p class="c-widget__when">{badge::state(state)}" "{when}</p>
            {explained}
            {received(own.received)}
            {act(&route, words, "primary")}
            {tally}
            {follow(WatchResults { consultation: id }.path())}
        </article>
        {foot(route, as_of, &process.time_zone)}
    }
    .into_any()
}

fn results(id: Slug) -> AnyView {
    let Some((consultation, Some(results))) = stands(&id) else { return nothing() };
    let lang = consultation.process.language.clone();
    let route = Route::Consultation(consultation.head.slug);
    view! {
        <article class="c-widget" aria-labelledby="title">
            <p class="c-widget__kicker">{messages().results}</p>
            <h1 id="title" lang=lang.clone()>{consultation.head.title}</h1>
            {tally_of(&results, &lang)}
            {follow(WatchResults { consultation: id }.path())}
        </article>
        {foot(route, Some(results.as_of.time), &consultation.process.time_zone)}
    }
    .into_any()
}

fn counter(id: Slug) -> AnyView {
    let t = messages();
    let Some((consultation, Some(results))) = stands(&id) else { return nothing() };
    let lang = consultation.process.language.clone();
    let route = Route::Consultation(consultation.head.slug);
    view! {
        <article class="c-widget" aria-labelledby="title">
            <p class="c-widget__number">{format::number(language(), results.ballots.total)}</p>
            <p>{t.ballots}</p>
            <h1 id="title" class="c-widget__subject" lang=lang>{consultation.head.title}</h1>
            {simulated(results.ballots.simulated)}
            {follow(WatchResults { consultation: id }.path())}
        </article>
        {foot(route, Some(results.as_of.time), &consultation.process.time_zone)}
    }
    .into_any()
}

fn proposal(id: ProposalId) -> AnyView {
    let (t, own) = (messages(), i18n::embed());
    let asked = load({
        let proposal = id.clone();
        move || GetProposal { proposal: proposal.clone() }
    });
    let said = load({
        let subject = id.clone();
        move || ListComments { subject: subject.clone(), cursor: String::new() }
    });
    let Some(proposal) = about(asked, |value| value.head.title.clone()) else { return nothing() };
    let lang = proposal.process.language.clone();
    let standing = load({
        let process = proposal.process.slug.clone();
        move || GetStatistics { process: process.clone() }
    });
    let standing = standing.with(|value| value.ready().cloned());
    let votes = standing.as_ref().and_then(|statistics| {
        let known = statistics.top.support.iter().find(|known| known.id == id)?;
        Some(view! { <li><strong>{format::number(language(), known.votes)}</strong>" "{t.votes}</li> })
    });
    let quoted = said.with(|value| {
        let threads = value.ready().map(|page| page.items.as_slice()).unwrap_or_default();
        let standing = threads.iter().filter(|thread| thread.comment.moderation.is_none());
        let quotes = standing.filter_map(|thread| {
            let (text, stance) = (thread.comment.text.clone()?, thread.comment.stance?);
            Some(view! {
                <li>{badge::stance(stance)}<blockquote class="c-widget__quote" lang=lang.clone()>{text}</blockquote></li>
            })
        });
        quotes.take(QUOTED).collect_view()
    });
    let route = Route::Proposal(id);
    let as_of = standing.map(|statistics| statistics.as_of.time);
    view! {
        <article class="c-widget" aria-labelledby="title">
            <p class="c-widget__kicker" lang=lang.clone()>{proposal.process.title.clone()}</p>
            <h1 id="title" lang=lang.clone()>{proposal.head.title}</h1>
            <p>{badge::status(proposal.head.status)}</p>
            <p lang=lang.clone()>{proposal.head.summary}</p>
            <ul class="c-widget__facts">{votes}<li>{count(&t.comments, proposal.head.comments.total)}</li></ul>
            <ul class="c-widget__said">{quoted}</ul>
            {received(own.received)}
            {act(&route, own.comment, "primary")}
            {follow(WatchProcess { process: proposal.process.slug.clone() }.path())}
        </article>
        {foot(route, as_of, &proposal.process.time_zone)}
    }
    .into_any()
}

fn figures(id: Slug) -> AnyView {
    let t = messages();
    let Some((process, statistics)) = counts(&id) else { return nothing() };
    let lang = process.name.language.clone();
    let figure = |name: &'static str, value: u64| {
        view! { <li><strong>{format::number(language(), value)}</strong>" "{name}</li> }
    };
    let pictures = [Picture::Days, Picture::Support].map(|picture| drawn(&process.name.slug, &picture));
    let route = Route::Dashboard(process.name.slug.clone());
    view! {
        <article class="c-widget" aria-labelledby="title">
            <p class="c-widget__kicker">{i18n::dashboard().dashboard_title}</p>
            <h1 id="title" lang=lang>{process.name.title}</h1>
            <ul class="c-widget__facts">
                {figure(t.people, statistics.people.total)}
                {figure(t.ballots, statistics.ballots.total)}
                {figure(t.comments_title, statistics.comments.total)}
            </ul>
            {simulated(statistics.people.simulated)}
            {pictures.collect_view()}
            {follow(WatchProcess { process: id }.path())}
        </article>
        {foot(route, Some(statistics.as_of.time), &process.name.time_zone)}
    }
    .into_any()
}

fn chart(id: Slug, picture: Picture) -> AnyView {
    let Some((process, statistics)) = counts(&id) else { return nothing() };
    if let Picture::Results(consultation) = &picture
        && !statistics.consultations.iter().any(|results| results.consultation == *consultation)
    {
        return nothing();
    }
    let lang = process.name.language.clone();
    let route = Route::Dashboard(process.name.slug.clone());
    view! {
        <article class="c-widget" aria-labelledby="title">
            <h1 id="title" class="u-visually-hidden" lang=lang>{process.name.title}</h1>
            {drawn(&process.name.slug, &picture)}
            {follow(WatchProcess { process: id }.path())}
        </article>
        {foot(route, Some(statistics.as_of.time), &process.name.time_zone)}
    }
    .into_any()
}

/// A picture of the dashboard, which has its title, its date and its source in it.
fn drawn(process: &Slug, picture: &Picture) -> AnyView {
    let (title, definition) = dashboard::heading(picture, i18n::dashboard(), messages());
    let address = format!("{}.svg?lang={}", picture.path(process), language().code());
    view! { <img class="c-widget__picture" src=address alt=format!("{title}. {definition}") width="1200" height="630" /> }
        .into_any()
}

/// How a consultation stands: the first few options, or from when it may be known.
fn tally_of(results: &Results, lang: &str) -> AnyView {
    let own = i18n::tally();
    let total = count(&own.ballots_counted, results.ballots.total);
    let Some(rule) = results.rule else { return ().into_any() };
    let chosen = results.options.iter().filter(|option| option.votes > 0);
    let first = (chosen.clone().count() > FEW).then(|| {
        let words = fill(i18n::embed().first_of, &[&FEW.to_string(), &results.options.len().to_string()]);
        view! { <p class="c-widget__first">{words}</p> }
    });
    let shown = bars(chosen.take(FEW).map(|option| tally::bar(rule, option)).collect());
    let later = results.visible_from.map(|_| view! { <p>{i18n::embed().results_later}</p> });
    view! {
        <section class="l-stack" aria-label=messages().results>
            <p>{total}</p>
            {simulated(results.ballots.simulated)}
            {later}
            <div lang=lang.to_owned()>{shown}</div>
            {first}
        </section>
    }
    .into_any()
}

fn simulated(number: u64) -> Option<AnyView> {
    (number > 0).then(badge::simulated)
}

/// The way to act: on the site itself, in a window of its own, which the frame hears back from.
fn act(route: &Route, words: &'static str, variant: &'static str) -> AnyView {
    let way = route::href(route.clone());
    view! {
        <p>
            <a class="c-button" data-variant=variant data-act="" href=way target="_blank" rel="opener">
                {words}{icon(Icon::ARROW)}
            </a>
        </p>
    }
    .into_any()
}

/// What `frame.js` shows once something was received in that window.
fn received(words: &'static str) -> AnyView {
    view! { <p id="received" class="c-widget__received" role="status" hidden>{words}</p> }.into_any()
}

/// What `frame.js` follows.
fn follow(path: String) -> AnyView {
    view! { <span id="live" data-path=path hidden></span> }.into_any()
}

/// Whose this is, of when, and where it is whole.
fn foot(route: Route, as_of: Option<Timestamp>, time_zone: &str) -> AnyView {
    let own = i18n::embed();
    let Origin(origin) = use_context().unwrap_or_default();
    let whole = format!("{origin}{}", route::href(route));
    let site = origin.split_once("//").map_or(origin.as_str(), |(_, host)| host).to_owned();
    let as_of = as_of.map(|at| fill(own.data_as_of, &[&format::date_time(language(), at, time_zone)]));
    view! {
        <footer class="c-widget__foot">
            {as_of.map(|words| view! { <p>{words}</p> })}
            <p>{own.more_at}" "<a href=whole target="_blank" rel="noopener">{site}</a></p>
        </footer>
    }
    .into_any()
}
