//! The moderation of a process: how much was reported and decided, for everybody; and where moderators decide.

use crate::effect::effect;
use crate::i18n::{self, fill, format, language, messages};
use crate::pages::not_found;
use crate::platform;
use crate::route::{self, Route};
use crate::state::moderation::Moderating;
use crate::state::{Head, Resource, load, use_head};
use crate::ui::badge;
use crate::ui::breadcrumbs::Breadcrumbs;
use crate::ui::hero::Hero;
use crate::ui::icon::{Icon, icon};
use crate::ui::moderation::{DecisionForm, report_reason, withheld};
use crate::ui::reactive::{click, flag, message, part, submit, word_if};
use crate::ui::refusal;
use crate::ui::rich_text::rich_text;
use crate::ui::stat::Stat;
use crate::ui::status::{Failure, Loading, show, show_page};
use cabildo_contract::answer::About;
use cabildo_contract::id::Slug;
use cabildo_contract::moderation::{Case, Decided, Decision, Queue, ReportCount};
use cabildo_contract::page::Page;
use cabildo_contract::process::{GetProcess, Process};
use cabildo_contract::statistics::{GetStatistics, Statistics};
use cabildo_contract::tally::Count;
use leptos::prelude::*;

/// The code of this page.
#[must_use]
pub fn page(route: Route) -> AnyView {
    match route {
        Route::Moderation { process, queue } => view! { <Moderation process queue /> }.into_any(),
        other => not_found::page(other),
    }
}

/// The page of the moderation.
#[component]
pub fn Moderation(
    /// Slug or id of the process.
    process: Slug,
    /// Which comments a moderator is shown.
    queue: Queue,
) -> impl IntoView {
    let own = i18n::moderation();
    let slug = process.clone();
    let parent = load(move || GetProcess { process: slug.clone() });
    let slug = process.clone();
    let statistics = load(move || GetStatistics { process: slug.clone() });
    let moderating = Moderating::new(process, queue);
    effect(move |_| moderating.recall());
    use_head(move || {
        parent.with(|value| {
            Head::of(value, |process| {
                (format!("{} · {}", own.title, process.name.title), own.lead.to_owned())
            })
        })
    });
    part(move || {
        show_page(parent.get(), parent.retry(), move |process| whole(&process, queue, statistics, moderating))
    })
}

fn whole(
    process: &Process,
    queue: Queue,
    statistics: Resource<Statistics>,
    moderating: Moderating,
) -> impl IntoView + use<> {
    let own = i18n::moderation();
    let (slug, title) = (process.name.slug.clone(), process.name.title.clone());
    let zone = StoredValue::new(process.name.time_zone.clone());
    let place = StoredValue::new(slug.clone());
    let cases = part(move || {
        moderating.cases.get().map(|page| cases(page, queue, place, zone, moderating, statistics))
    });
    view! {
        <Breadcrumbs above=vec![(title.clone(), Route::Process(slug))] here=own.title.to_owned() />
        <Hero kicker=title title=own.title>
            <p class="c-hero__lead">{own.lead}</p>
        </Hero>
        {part(move || show(statistics.get(), statistics.retry(), |statistics| figures(&statistics)))}
        <section class="l-stack" aria-labelledby="desk">
            <h2 id="desk" tabindex="-1">{own.decide_title}</h2>
            {entrance(moderating)}
            {cases}
        </section>
    }
}

fn figures(statistics: &Statistics) -> impl IntoView + use<> {
    let own = i18n::moderation();
    let counts = statistics.moderation;
    let stat = |label: &'static str, definition: &'static str, count: Count| {
        let number = |n| format::number(language(), n);
        let simulated = (count.simulated > 0)
            .then(|| view! { <p>{fill(own.of_these_simulated, &[&number(count.simulated)])}</p> }.into_any());
        view! { <Stat label value=Signal::stored(number(count.total)) definition source=own.computed more=simulated /> }
    };
    view! {
        <div class="c-figures">
            {stat(own.reported, own.reported_definition, counts.reported)}
            {stat(own.waiting, own.waiting_definition, counts.waiting)}
            {stat(own.hidden, own.hidden_definition, counts.hidden)}
            {stat(own.kept, own.kept_definition, counts.kept)}
        </div>
    }
}

/// Where the key is given; while it is open, the way out.
fn entrance(moderating: Moderating) -> impl IntoView + use<> {
    let t = messages();
    let own = i18n::moderation();
    let key = RwSignal::new(String::new());
    let is_open = move || moderating.cases.with(Option::is_some);
    let error = part(move || {
        let error = moderating.error.get().filter(|_| !is_open());
        error.map(|error| view! { <p class="c-field__error" role="alert">{refusal::words(&error)}</p> })
    });
    let loading = part(move || (moderating.busy.get() && !is_open()).then(|| view! { <Loading /> }));
    let send = submit(move |_| moderating.open(key.get_untracked().trim().to_owned()));
    view! {
        <form class="c-field" on:submit=send novalidate hidden=flag(is_open)>
            <p>{own.key_text}</p>
            <label class="c-field__label" for="moderator-key">{own.key}</label>
            <input type="password" id="moderator-key" autocomplete="off" prop:value=key
                on:input=move |event| key.set(event_target_value(&event)) />
            {error}
            <button type="submit" class="c-button" data-variant="primary"
                aria-disabled=word_if("true", move || moderating.busy.get())>
                {message(move || if moderating.busy.get() { t.sending } else { own.enter })}
            </button>
        </form>
        {loading}
        <button type="button" class="c-button" data-variant="secondary" hidden=flag(move || !is_open())
            on:click=click(move || { key.set(String::new()); moderating.leave(); })>
            {own.leave}
        </button>
    }
}

fn cases(
    page: Page<Case>,
    queue: Queue,
    process: StoredValue<Slug>,
    zone: StoredValue<String>,
    moderating: Moderating,
    statistics: Resource<Statistics>,
) -> AnyView {
    let t = messages();
    let own = i18n::moderation();
    let tab = |each: Queue, word: &'static str| {
        let current = (each == queue).then_some("page");
        let href = route::href(route::moderation(process.get_value(), each));
        view! { <a class="c-button" data-variant="secondary" href=href aria-current=current>{word}</a> }
    };
    let tabs = [tab(Queue::Open, own.open), tab(Queue::Decided, own.decided)].collect_view();
    let none = page.items.is_empty().then(|| {
        view! { <p class="c-empty">{if queue == Queue::Open { own.none_open } else { own.none_decided }}</p> }
    });
    let more = page.next.is_some().then(|| {
        view! {
            <nav class="c-pager" aria-label=t.pages>
                <button type="button" class="c-button" data-variant="secondary"
                    aria-disabled=word_if("true", move || moderating.busy.get())
                    on:click=click(move || moderating.load_more())>
                    {own.more}
                </button>
            </nav>
        }
    });
    let error = part(move || {
        let on_retry = Callback::new(move |()| moderating.reload());
        moderating.error.get().map(|error| view! { <Failure error on_retry /> })
    });
    let items = page.items.into_iter().map(|each| case(each, zone, moderating, statistics)).collect_view();
    view! {
        <nav class="l-cluster" aria-label=own.list>{tabs}</nav>
        {none}
        <ol class="c-threads">{items}</ol>
        {error}
        {more}
    }
    .into_any()
}

fn case(
    case: Case,
    zone: StoredValue<String>,
    moderating: Moderating,
    statistics: Resource<Statistics>,
) -> AnyView {
    let own = i18n::moderation();
    let t = i18n::discussion();
    let Case { comment, about, parent, reports, decisions } = case;
    let author = comment.author.clone().unwrap_or_default();
    let place = route::href(match &about {
        About::Proposal { id, .. } => Route::Proposal(id.clone()),
        About::Option { id, .. } => Route::Option(id.clone()),
    });
    let posted = zone.with_value(|zone| format::date_time(language(), comment.posted_at, zone));
    let deciding = moderating.deciding();
    let id = format!("case-{}", comment.id);
    let decided = comment.id.clone();
    let on_decide = Callback::new(move |decision: Decision| {
        deciding.send(decided.clone(), decision, move || {
            // The comment leaves the list, and the focus must not go with it.
            platform::focus("desk");
            platform::announce(own.decision_received);
            statistics.reload();
        });
    });
    view! {
        <li class="c-thread">
            <article class="c-comment" aria-label=fill(t.comment_by, &[&author])>
                <p>{own.about}" "<a href=place>{about.title().to_owned()}</a></p>
                {parent.is_some().then(|| view! { <p>{own.is_reply}</p> })}
                <header class="c-comment__head">
                    {icon(Icon::PEOPLE)}
                    <strong>{fill(t.author, &[&author])}</strong>
                    {comment.stance.map(badge::stance)}
                    {comment.simulated.then(badge::simulated)}
                    <time datetime=comment.posted_at.to_string()>{posted}</time>
                </header>
                {comment.moderation.as_ref().map(|state| withheld(state, false))}
                <div class="c-comment__body">{rich_text(comment.text.as_deref().unwrap_or_default())}</div>
                {reported(reports)}
                {history(decisions, zone)}
                <DecisionForm id deciding on_decide />
            </article>
        </li>
    }
    .into_any()
}

fn reported(reports: Vec<ReportCount>) -> Option<impl IntoView + use<>> {
    let own = i18n::moderation();
    let row = |count: ReportCount| {
        let notes = (!count.notes.is_empty()).then(|| {
            let notes = count.notes.into_iter().map(|note| view! { <li>{note}</li> }).collect_view();
            view! { <ul>{notes}</ul> }
        });
        let number = format::number(language(), count.reports.into());
        view! { <li>{report_reason(count.reason)}": "{number}{notes}</li> }
    };
    let rows = (!reports.is_empty()).then(|| reports.into_iter().map(row).collect_view());
    rows.map(|rows| view! { <p><strong>{own.reports}</strong></p><ul>{rows}</ul> })
}

fn history(decisions: Vec<Decided>, zone: StoredValue<String>) -> Option<impl IntoView + use<>> {
    let own = i18n::moderation();
    let row = |decided: Decided| {
        let at = zone.with_value(|zone| format::date_time(language(), decided.decided_at, zone));
        let said = match decided.decision {
            Decision::Keep => own.was_kept,
            Decision::Hide => own.was_hidden,
        };
        view! { <li>{fill(said, &[&decided.moderator, &at, &decided.reason])}</li> }
    };
    let rows = (!decisions.is_empty()).then(|| decisions.into_iter().map(row).collect_view());
    rows.map(|rows| view! { <p><strong>{own.decisions}</strong></p><ul>{rows}</ul> })
}
