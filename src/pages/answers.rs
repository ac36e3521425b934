//! The comments of a process and what entities answered: what waits, what was answered, how long it took. Also where an
//! entity answers.

use crate::effect::effect;
use crate::i18n::{self, fill, format, language, messages};
use crate::pages::not_found;
use crate::platform;
use crate::route::{self, Route};
use crate::state::desk::Desk;
use crate::state::{Head, Resource, load, use_head};
use crate::ui::answer::{AnswerForm, answer, wait};
use crate::ui::badge;
use crate::ui::breadcrumbs::Breadcrumbs;
use crate::ui::hero::Hero;
use crate::ui::icon::{Icon, icon};
use crate::ui::reactive::{click, flag, message, part, submit, word_if};
use crate::ui::refusal;
use crate::ui::rich_text::rich_text;
use crate::ui::stat::Stat;
use crate::ui::status::{show, show_page};
use cabildo_contract::answer::{About, Answered, Contribution, ListContributions, NewAnswer};
use cabildo_contract::id::Slug;
use cabildo_contract::page::Page;
use cabildo_contract::process::{GetProcess, Process};
use cabildo_contract::statistics::{GetStatistics, Statistics};
use cabildo_contract::tally::Count;
use leptos::prelude::*;

/// The code of this page.
#[must_use]
pub fn page(route: Route) -> AnyView {
    match route {
        Route::Answers { process, show, cursor } => {
            view! { <Answers process which=show cursor /> }.into_any()
        }
        other => not_found::page(other),
    }
}

/// The page of comments and answers.
#[component]
pub fn Answers(
    /// Slug or id of the process.
    process: Slug,
    /// Which comments are listed.
    which: Answered,
    /// Where the page of the list begins; empty for the first.
    cursor: String,
) -> impl IntoView {
    let own = i18n::answers();
    let slug = process.clone();
    let parent = load(move || GetProcess { process: slug.clone() });
    let slug = process.clone();
    let statistics = load(move || GetStatistics { process: slug.clone() });
    let slug = process.clone();
    let list =
        load(move || ListContributions { process: slug.clone(), answer: which, cursor: cursor.clone() });
    let desk = Desk::new(process);
    effect(move |_| desk.recall());
    use_head(move || {
        parent.with(|value| {
            Head::of(value, |process| {
                (format!("{} · {}", own.title, process.name.title), own.lead.to_owned())
            })
        })
    });
    part(move || {
        show_page(parent.get(), parent.retry(), move |process| whole(&process, which, statistics, list, desk))
    })
}

fn whole(
    process: &Process,
    which: Answered,
    statistics: Resource<Statistics>,
    list: Resource<Page<Contribution>>,
    desk: Desk,
) -> impl IntoView + use<> {
    let own = i18n::answers();
    let (slug, title) = (process.name.slug.clone(), process.name.title.clone());
    let zone = StoredValue::new(process.name.time_zone.clone());
    let tab = |each: Answered, word: &'static str| {
        let current = (each == which).then_some("page");
        let href = route::href(route::answers(slug.clone(), each));
        view! { <a class="c-button" data-variant="secondary" href=href aria-current=current>{word}</a> }
    };
    let tabs = [tab(Answered::Pending, own.pending), tab(Answered::Answered, own.answered)].collect_view();
    let next_slug = slug.clone();
    let items = part(move || {
        let slug = next_slug.clone();
        show(list.get(), list.retry(), move |page| contributions(page, &slug, which, zone, desk, list))
    });
    view! {
        <Breadcrumbs above=vec![(title.clone(), Route::Process(slug))] here=own.title.to_owned() />
        <Hero kicker=title title=own.title>
            <p class="c-hero__lead">{own.lead}</p>
        </Hero>
        {part(move || show(statistics.get(), statistics.retry(), |statistics| figures(&statistics)))}
        <section class="l-stack" aria-labelledby="list">
            <h2 id="list">{if which == Answered::Pending { own.pending } else { own.answered }}</h2>
            <nav class="l-cluster" aria-label=own.list>{tabs}</nav>
            {items}
        </section>
        {desk_section(desk, zone)}
    }
}

fn figures(statistics: &Statistics) -> impl IntoView + use<> {
    let own = i18n::answers();
    let answers = statistics.answers;
    let stat = |label: &'static str, definition: &'static str, count: Count| {
        let number = |n| format::number(language(), n);
        let simulated = (count.simulated > 0)
            .then(|| view! { <p>{fill(own.of_these_simulated, &[&number(count.simulated)])}</p> }.into_any());
        view! { <Stat label value=Signal::stored(number(count.total)) definition source=own.computed more=simulated /> }
    };
    let median = answers.median_seconds.map_or(own.median_none.to_owned(), wait);
    view! {
        <div class="c-figures">
            {stat(own.answered, own.answered_definition, answers.answered)}
            {stat(own.pending, own.pending_definition, answers.pending)}
            <Stat label=own.median value=Signal::stored(median) definition=own.median_definition source=own.computed more=None />
        </div>
    }
}

fn contributions(
    page: Page<Contribution>,
    process: &Slug,
    which: Answered,
    zone: StoredValue<String>,
    desk: Desk,
    list: Resource<Page<Contribution>>,
) -> AnyView {
    let t = messages();
    let own = i18n::answers();
    if page.items.is_empty() {
        let none = if which == Answered::Pending { own.none_pending } else { own.none_answered };
        return view! { <p class="c-empty">{none}</p> }.into_any();
    }
    let next = page.next.map(|cursor| {
        let href = route::href(Route::Answers { process: process.clone(), show: which, cursor });
        view! {
            <nav class="c-pager" aria-label=t.pages>
                <a class="c-button" data-variant="secondary" href=href>{t.next_page}{icon(Icon::ARROW)}</a>
            </nav>
        }
    });
    let items = page.items.into_iter().map(|each| contribution(each, zone, desk, list)).collect_view();
    view! { <ol class="c-threads">{items}</ol>{next} }.into_any()
}

/// Where what a comment is about has its page.
fn about(about: &About) -> String {
    route::href(match about {
        About::Proposal { id, .. } => Route::Proposal(id.clone()),
        About::Option { id, .. } => Route::Option(id.clone()),
    })
}

fn contribution(
    contribution: Contribution,
    zone: StoredValue<String>,
    desk: Desk,
    list: Resource<Page<Contribution>>,
) -> AnyView {
    let own = i18n::answers();
    let t = i18n::discussion();
    let Contribution { comment, about: subject, answer: given } = contribution;
    let author = comment.author.clone().unwrap_or_default();
    let place = about(&subject);
    // Only a proposal has versions.
    let changes = matches!(subject, About::Proposal { .. }).then(|| format!("{place}#versions"));
    let said = match &given {
        Some(given) => zone.with_value(|zone| answer(given, zone, changes)),
        None => badge::badge("info", Icon::CLOCK, own.waiting),
    };
    let posted = zone.with_value(|zone| format::date_time(language(), comment.posted_at, zone));
    let form = desk_form(comment.id.clone(), given, desk, list);
    view! {
        <li class="c-thread">
            <article class="c-comment" aria-label=fill(t.comment_by, &[&author])>
                <p>{own.about}" "<a href=place>{subject.title().to_owned()}</a></p>
                <header class="c-comment__head">
                    {icon(Icon::PEOPLE)}
                    <strong>{fill(t.author, &[&author])}</strong>
                    {comment.stance.map(badge::stance)}
                    {comment.simulated.then(badge::simulated)}
                    <time datetime=comment.posted_at.to_string()>{posted}</time>
                </header>
                <div class="c-comment__body">{rich_text(comment.text.as_deref().unwrap_or_default())}</div>
                {said}
                {form}
            </article>
        </li>
    }
    .into_any()
}

/// The button to answer, and the form that it opens; nothing while the desk is closed, or where another entity answered.
fn desk_form(
    comment: cabildo_contract::id::CommentId,
    given: Option<cabildo_contract::answer::Answer>,
    desk: Desk,
    list: Resource<Page<Contribution>>,
) -> AnyView {
    let own = i18n::answers();
    let open = RwSignal::new(false);
    let entity = given.as_ref().map(|answer| answer.entity.clone());
    let may = Memo::new(move |_| {
        desk.who.with(|who| {
            who.as_ref().is_some_and(|who| entity.as_ref().is_none_or(|entity| *entity == who.entity))
        })
    });
    let word = if given.is_some() { own.mend } else { own.answer };
    let id = format!("answer-{comment}");
    let view = part(move || {
        if !may.get() {
            return None;
        }
        if !open.get() {
            let field = format!("{id}-text");
            return Some(
                view! {
                    <div class="c-comment__actions">
                        <button type="button" class="c-button" data-variant="quiet"
                            on:click=click(move || { open.set(true); platform::focus(&field); })>
                            {icon(Icon::PENCIL)}{word}
                        </button>
                    </div>
                }
                .into_any(),
            );
        }
        let answering = desk.answering();
        let comment = comment.clone();
        let on_send = Callback::new(move |answer: NewAnswer| {
            answering.send(comment.clone(), answer, move |_| {
                open.try_set(false);
                list.reload();
                platform::announce(own.answer_received);
            });
        });
        let on_cancel = Callback::new(move |()| open.set(false));
        Some(
            view! { <AnswerForm id=id.clone() before=given.clone() answering on_send on_cancel /> }
                .into_any(),
        )
    });
    view! { {view} }.into_any()
}

fn desk_section(desk: Desk, zone: StoredValue<String>) -> impl IntoView {
    let t = messages();
    let own = i18n::answers();
    let key = RwSignal::new(String::new());
    let error = part(move || {
        desk.error
            .get()
            .map(|error| view! { <p class="c-field__error" role="alert">{refusal::words(&error)}</p> })
    });
    let send = submit(move |_| desk.open(key.get_untracked().trim().to_owned()));
    let opened = part(move || {
        desk.who.get().map(|who| {
            let until = zone.with_value(|zone| format::date_time(language(), who.closes_at, zone));
            view! {
                <p role="status">{fill(own.desk_opened, &[&who.entity, &until])}</p>
                <button type="button" class="c-button" data-variant="secondary" on:click=click(move || desk.leave())>
                    {own.desk_leave}
                </button>
            }
        })
    });
    view! {
        <details class="c-desk" id="desk">
            <summary>{own.desk_title}</summary>
            <p>{own.desk_text}</p>
            {opened}
            <form class="c-field" on:submit=send novalidate hidden=flag(move || desk.who.with(Option::is_some))>
                <label class="c-field__label" for="desk-key">{own.desk_key}</label>
                <input type="password" id="desk-key" autocomplete="off" prop:value=key
                    on:input=move |event| key.set(event_target_value(&event)) />
                {error}
                <button type="submit" class="c-button" data-variant="primary"
                    aria-disabled=word_if("true", move || desk.busy.get())>
                    {message(move || if desk.busy.get() { t.sending } else { own.desk_open })}
                </button>
            </form>
        </details>
    }
}
