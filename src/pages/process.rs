//! A process: what it is, where it stands, how to take part.

use crate::clock;
use crate::i18n::{self, count, fill, format, language, messages};
use crate::pages::not_found;
use crate::route::{self, Route, all_proposals};
use crate::state::{Head, Resource, load, use_head};
use crate::ui::badge;
use crate::ui::breadcrumbs::Breadcrumbs;
use crate::ui::commitment::completion_name;
use crate::ui::facts::{Facts, values};
use crate::ui::funnel;
use crate::ui::hero::Hero;
use crate::ui::icon::{Icon, icon};
use crate::ui::notice::Exercise;
use crate::ui::outside::outside;
use crate::ui::phases::{Phases, dates};
use crate::ui::reactive::part;
use crate::ui::stat::PublishedFigure;
use crate::ui::status::{show, show_page};
use crate::ui::table::{Cell, Table as RecordTable};
use cabildo_contract::answer::Answered;
use cabildo_contract::call::CallSummary;
use cabildo_contract::consultation::{ConsultationSummary, Held};
use cabildo_contract::id::Slug;
use cabildo_contract::process::{GetProcess, Influence, Process as ProcessData, ProcessName};
use cabildo_contract::record::{Document, FollowUp, GetRecord, Milestone, Record};
use cabildo_contract::statistics::Table;
use cabildo_contract::time::State;
use leptos::prelude::*;

/// The code of this page.
#[must_use]
pub fn page(route: Route) -> AnyView {
    match route {
        Route::Process(process) => view! { <Process process /> }.into_any(),
        other => not_found::page(other),
    }
}

/// The page of a process.
#[component]
pub fn Process(
    /// Slug or id.
    process: Slug,
) -> impl IntoView {
    let slug = process.clone();
    let resource = load(move || GetProcess { process: slug.clone() });
    let record = load(move || GetRecord { process: process.clone() });
    use_head(move || {
        resource
            .with(|value| Head::of(value, |process| (process.name.title.clone(), process.summary.clone())))
    });
    part(move || show_page(resource.get(), resource.retry(), move |process| whole(process, record)))
}

/// The name of a promise to people.
#[must_use]
pub fn influence(influence: Influence) -> (&'static str, &'static str) {
    let own = i18n::process();
    match influence {
        Influence::Inform => (own.influence_inform, own.promise_inform),
        Influence::Consult => (own.influence_consult, own.promise_consult),
        Influence::Involve => (own.influence_involve, own.promise_involve),
        Influence::Collaborate => (own.influence_collaborate, own.promise_collaborate),
        Influence::Empower => (own.influence_empower, own.promise_empower),
    }
}

fn whole(process: ProcessData, record: Resource<Record>) -> impl IntoView {
    let t = messages();
    let own = i18n::process();
    let now = clock::now();
    let slug = process.name.slug.clone();
    let lang = process.name.language.clone();
    let (level, promise) = influence(process.influence);
    let hero_lang = lang.clone();
    let received = process.funnel.received();
    let open: Vec<_> = process
        .consultations
        .iter()
        .filter(|c| c.period.state(now) == State::Open && matches!(c.held, Held::Here { .. }))
        .cloned()
        .collect();
    let open_calls: Vec<_> =
        process.calls.iter().filter(|call| call.open_until(now).is_some()).cloned().collect();
    let take_part = (!(open.is_empty() && open_calls.is_empty())).then(|| {
        let items =
            open.into_iter().map(|each| consultation(each, &process.name.time_zone, &lang)).collect_view();
        view! {
            <section class="l-stack c-take-part" aria-labelledby="take-part">
                <h2 id="take-part">{own.take_part_now}</h2>
                {items}
                {open_calls.into_iter().map(|each| call(each, &process.name)).collect_view()}
            </section>
        }
    });
    let calls = (!process.calls.is_empty()).then(|| {
        let items = process.calls.iter().map(|each| call(each.clone(), &process.name)).collect_view();
        view! {
            <section class="l-stack" aria-labelledby="calls">
                <h2 id="calls">{own.calls_title}</h2>
                {items}
            </section>
        }
    });
    let consultations = process
        .consultations
        .iter()
        .map(|each| consultation(each.clone(), &process.name.time_zone, &lang))
        .collect_view();
    let counted = funnel::links(&process.funnel, &slug);
    let figures_csv = Table::Figures.path(&slug);
    let (summary, sources) = (process.summary.clone(), process.sources);
    let (proposals, dashboard) =
        (route::href(all_proposals(slug.clone())), route::href(Route::Dashboard(slug)));
    let figures =
        process.figures.into_iter().map(|figure| view! { <PublishedFigure figure /> }).collect_view();
    view! {
        <Breadcrumbs above=Vec::new() here=process.name.title.clone() />
        <Hero kicker=process.convener.clone() title=process.name.title.clone() content=lang.clone()>
            <p class="c-hero__lead" lang=hero_lang>{summary}</p>
            <ul class="c-hero__meta">
                <li>{icon(Icon::CLOCK)}{dates(process.from, process.to)}</li>
                <li>{badge::badge("info", Icon::PEOPLE, level)}" "{promise}</li>
            </ul>
            <p class="l-cluster">
                <a class="c-button" data-variant="primary" href=proposals>
                    {count(&own.see_proposals, received.into())}{icon(Icon::ARROW)}
                </a>
                <a class="c-button" data-variant="secondary" href=dashboard>
                    {icon(Icon::SIGNAL)}{own.dashboard}
                </a>
            </p>
        </Hero>
        {process.name.exercise.then(|| view! { <Exercise /> })}
        {take_part}
        <section class="l-stack" aria-labelledby="funnel">
            <h2 id="funnel">{t.funnel_title}</h2>
            <p>{funnel::total(&process.funnel)}</p>
            {counted}
            <div class="c-funnel" aria-hidden="true">{funnel::picture(&process.funnel)}</div>
        </section>
        <section class="l-stack" aria-labelledby="phases">
            <h2 id="phases">{own.phases}</h2>
            <div lang=lang.clone()>
                <Phases phases=process.phases today=format::day(now, &process.name.time_zone) />
            </div>
        </section>
        {part(move || show(record.get(), record.retry(), more))}
        <section class="l-stack" aria-labelledby="consultations">
            <h2 id="consultations">{own.consultations_title}</h2>
            {consultations}
        </section>
        {calls}
        <section class="l-stack" aria-labelledby="figures">
            <h2 id="figures">{t.figures_title}</h2>
            <p>{own.figures_text}</p>
            <div class="c-figures" lang=lang.clone()>{figures}</div>
            <p><a href=figures_csv download>{t.download_csv}</a></p>
        </section>
        <section class="l-stack c-prose" aria-labelledby="sources">
            <h2 id="sources">{own.sources}</h2>
            <p lang=lang>{sources}</p>
        </section>
    }
}

/// Where more of it is, and what the record says in a few words: milestones, partners, pillars.
fn more(record: Record) -> impl IntoView {
    let own = i18n::process();
    let Record { process, events, timeline, follow_up, .. } = record;
    let (slug, lang) = (process.slug, process.language);
    let number = |n: u32| format::number(language(), n.into());
    let has_encounters = !(events.workshops.is_empty() && events.conversations.is_empty());
    let encounters = fill(own.encounters_text, &[&number(events.participants()), &number(events.experts())]);
    let links = [
        (!timeline.is_empty())
            .then(|| link(Route::Timeline(slug.clone()), own.timeline, own.timeline_text.to_owned())),
        has_encounters.then(|| link(Route::Encounters(slug.clone()), own.encounters, encounters)),
        events
            .committee
            .is_some()
            .then(|| link(Route::Committee(slug.clone()), own.committee, own.committee_text.to_owned())),
        Some(link(route::answers(slug, Answered::default()), own.answers, own.answers_text.to_owned())),
    ];
    let has_links = links.iter().any(Option::is_some);
    let links = has_links.then(|| {
        view! {
            <section class="l-stack" aria-labelledby="more">
                <h2 id="more">{own.more}</h2>
                <div class="l-grid">{links.into_iter().flatten().collect_view()}</div>
            </section>
        }
    });
    let milestones = (!events.milestones.is_empty()).then(|| {
        let items = events.milestones.into_iter().map(|each| milestone(each, &lang)).collect_view();
        view! {
            <section class="l-stack" aria-labelledby="milestones">
                <h2 id="milestones">{own.milestones}</h2>
                <ol class="c-versions">{items}</ol>
            </section>
        }
    });
    let follow_up = (!follow_up.is_empty()).then(|| followed(follow_up, &lang));
    let documents = (!events.documents.is_empty()).then(|| {
        let items = events.documents.into_iter().map(|each| document(each, &lang)).collect_view();
        view! {
            <section class="l-stack" aria-labelledby="documents">
                <h2 id="documents">{own.documents}</h2>
                <ul class="c-versions">{items}</ul>
            </section>
        }
    });
    let about = vec![
        (own.partners, values(&events.partners)),
        (own.pillars, values(&events.pillars)),
        (own.priority_areas, values(&events.priority_areas)),
    ];
    view! { {links}{follow_up}{milestones}{documents}<div lang=lang><Facts facts=about /></div> }
}

fn link(route: Route, title: &'static str, text: String) -> AnyView {
    view! {
        <article class="c-card">
            <h3 class="c-card__title"><a href=route::href(route)>{title}</a></h3>
            <p class="c-card__summary">{text}</p>
        </article>
    }
    .into_any()
}

/// The commitments whose progress is on record.
fn followed(commitments: Vec<FollowUp>, lang: &str) -> AnyView {
    let own = i18n::process();
    let number = |n: u32| format::number(language(), n.into());
    let rows = commitments.into_iter().map(|each| {
        let href = route::href(Route::Proposal(each.proposal.id));
        let cells = vec![
            Cell::Links(vec![(href, each.proposal.title)]),
            Cell::Words(completion_name(each.completion).to_owned()),
            Cell::Words(fill(own.of, &[&number(each.complete), &number(each.milestones)])),
        ];
        (number(each.commitment), cells)
    });
    view! {
        <section class="l-stack" aria-labelledby="follow-up">
            <h2 id="follow-up">{own.follow_up}</h2>
            <p>{own.follow_up_text}</p>
            <RecordTable
                caption=own.follow_up.to_owned()
                heads=vec![own.commitment, own.proposal, own.progress, own.milestones_complete]
                rows=rows.collect()
                content=lang.to_owned()
            />
        </section>
    }
    .into_any()
}

fn document(document: Document, lang: &str) -> AnyView {
    let t = messages();
    let address = document.address().map(str::to_owned);
    let about: Vec<String> = document
        .date
        .map(|date| format::date(language(), date))
        .into_iter()
        .chain(document.kind)
        .chain(document.publisher)
        .collect();
    view! {
        <li>
            <p class="c-versions__title">{outside(address.as_deref(), document.title, lang)}</p>
            <p lang=lang.to_owned()>{about.join(" · ")}</p>
            <p class="c-versions__source">{t.source}": "<span lang=lang.to_owned()>{document.source}</span></p>
        </li>
    }
    .into_any()
}

fn milestone(milestone: Milestone, lang: &str) -> AnyView {
    let (t, own) = (messages(), i18n::process());
    let when = milestone.date.map_or(own.no_date.to_owned(), |date| format::date(language(), date));
    let amount = milestone
        .amount
        .map(|amount| format!(" · {} {}", format::number(language(), amount.value), amount.currency));
    view! {
        <li data-kind="final">
            <p class="c-versions__kind">{when}{amount}</p>
            <p class="c-versions__title" lang=lang.to_owned()>{milestone.title}</p>
            <p class="c-versions__source" lang=lang.to_owned()>{t.source}": "{milestone.source}</p>
        </li>
    }
    .into_any()
}

fn consultation(consultation: ConsultationSummary, time_zone: &str, lang: &str) -> impl IntoView + use<> {
    let t = messages();
    let own = i18n::process();
    let state = consultation.period.state(clock::now());
    let figures: Vec<String> = consultation
        .figures
        .iter()
        .map(|figure| format!("{} {}", format::number(language(), figure.value), figure.label))
        .collect();
    let when = match (&consultation.held, state) {
        (Held::Here { .. }, State::Upcoming) => {
            fill(t.opens_on, &[&format::date_time(language(), consultation.period.opens, time_zone)])
        }
        (Held::Here { .. }, State::Open) => {
            fill(t.closes_on, &[&format::date_time(language(), consultation.period.closes, time_zone)])
        }
        _ => {
            let last = consultation.period.closes.plus_seconds(-1);
            dates(format::day(consultation.period.opens, time_zone), format::day(last, time_zone))
        }
    };
    let action = match (&consultation.held, state) {
        (Held::Here { .. }, State::Open) => own.vote_now,
        _ => own.see_consultation,
    };
    let tag = consultation.exercise.then(|| badge::badge("simulated", Icon::FLASK, own.exercise));
    view! {
        <article class="c-card">
            <h3 class="c-card__title" lang=lang.to_owned()>
                <a href=route::href(Route::Consultation(consultation.slug.clone()))>{consultation.title.clone()}</a>
            </h3>
            <p class="c-card__summary">{when}</p>
            <ul class="c-card__meta">
                <li>{badge::state(state)}</li>
                {tag.map(|tag| view! { <li>{tag}</li> })}
                {figures.into_iter().map(|text| view! { <li lang=lang.to_owned()>{text}</li> }).collect_view()}
                <li class="c-card__action" aria-hidden="true">{action}{icon(Icon::ARROW)}</li>
            </ul>
        </article>
    }
}

fn call(call: CallSummary, process: &ProcessName) -> AnyView {
    let t = messages();
    let own = i18n::process();
    let now = clock::now();
    let open_until = call.open_until(now);
    let time = |at| format::date_time(language(), at, &process.time_zone);
    let when = match (open_until, call.period) {
        (Some(closes), _) => fill(t.closes_on, &[&time(closes)]),
        (None, Some(period)) if call.is_here() && period.state(now) == State::Upcoming => {
            fill(t.opens_on, &[&time(period.opens)])
        }
        (None, Some(period)) => {
            let last = period.closes.plus_seconds(-1);
            dates(format::day(period.opens, &process.time_zone), format::day(last, &process.time_zone))
        }
        (None, None) => own.no_date.to_owned(),
    };
    let state = call.state(now).map(|state| view! { <li>{badge::state(state)}</li> });
    let level = call.level.map(|level| view! { <li>{badge::level(level)}</li> });
    let tag = call.exercise.then(|| badge::badge("simulated", Icon::FLASK, own.exercise));
    let action = if open_until.is_some() { own.submit_now } else { own.see_call };
    view! {
        <article class="c-card">
            <h3 class="c-card__title" lang=process.language.clone()>
                <a href=route::href(Route::Call(call.slug))>{call.title}</a>
            </h3>
            <p class="c-card__summary">{when}</p>
            <ul class="c-card__meta">
                {state}
                {level}
                {tag.map(|tag| view! { <li>{tag}</li> })}
                <li class="c-card__action" aria-hidden="true">{action}{icon(Icon::ARROW)}</li>
            </ul>
        </article>
    }
    .into_any()
}
