//! A submission to a call: its words, by whom and when; its author edits and withdraws it here, until the close.

use crate::clock;
use crate::i18n::{self, fill, format, language};
use crate::pages::not_found;
use crate::platform;
use crate::route::{self, Route};
use crate::state::call::Writing;
use crate::state::{Head, Resource, load, session, use_head};
use crate::ui::badge;
use crate::ui::breadcrumbs::Breadcrumbs;
use crate::ui::dialog::Confirm;
use crate::ui::hero::Hero;
use crate::ui::icon::{Icon, icon};
use crate::ui::notice::{Exercise, Notice, Tone};
use crate::ui::reactive::{click, part};
use crate::ui::rich_text::rich_text;
use crate::ui::status::show_page;
use crate::ui::submission::{SubmissionForm, by_whom, focus_field, problem};
use cabildo_contract::call::{GetSubmission, SubmissionDetail};
use cabildo_contract::id::SubmissionId;
use leptos::prelude::*;

/// The code of this page.
#[must_use]
pub fn page(route: Route) -> AnyView {
    match route {
        Route::Submission(submission) => view! { <Submission submission /> }.into_any(),
        other => not_found::page(other),
    }
}

/// The page of a submission.
#[component]
pub fn Submission(
    /// Its id.
    submission: SubmissionId,
) -> impl IntoView {
    let resource = load(move || GetSubmission { submission: submission.clone() });
    let is_withdrawn = RwSignal::new(false);
    use_head(move || {
        resource.with(|value| {
            Head::of(value, |detail| {
                let submission = &detail.submission;
                (format!("{} · {}", submission.head.title, detail.call.title), submission.problem.clone())
            })
        })
    });
    part(move || {
        show_page(resource.get(), resource.retry(), move |detail| whole(detail, resource, is_withdrawn))
    })
}

fn whole(
    detail: SubmissionDetail,
    resource: Resource<SubmissionDetail>,
    is_withdrawn: RwSignal<bool>,
) -> impl IntoView {
    let own = i18n::calls();
    let call_link = route::href(Route::Call(detail.call.slug.clone()));
    let above = vec![
        (detail.process.title.clone(), Route::Process(detail.process.slug.clone())),
        (detail.call.title.clone(), Route::Call(detail.call.slug.clone())),
    ];
    let exercise = (detail.call.exercise || detail.process.exercise).then(|| view! { <Exercise /> });
    let here = detail.submission.head.title.clone();
    let body = part(move || {
        if is_withdrawn.get() {
            let href = call_link.clone();
            view! {
                <h1 id="withdrawn" tabindex="-1">{own.withdrawn}</h1>
                <p>{own.withdrawn_text}</p>
                <p><a href=href>{own.see_call}{icon(Icon::ARROW)}</a></p>
            }
            .into_any()
        } else {
            standing(detail.clone(), resource, is_withdrawn)
        }
    });
    view! { <Breadcrumbs above here /> {exercise}{body} }
}

fn standing(
    detail: SubmissionDetail,
    resource: Resource<SubmissionDetail>,
    is_withdrawn: RwSignal<bool>,
) -> AnyView {
    let own = i18n::calls();
    let SubmissionDetail { submission, call, process } = detail;
    let head = submission.head.clone();
    let time = |at| format::date_time(language(), at, &process.time_zone);
    let edited = head.edited_at.map(|at| {
        let revision = format::number(language(), submission.revision.into());
        view! { <li>{icon(Icon::PENCIL)}{fill(own.edited_at, &[&time(at), &revision])}</li> }
    });
    let simulated = head.simulated.then(|| view! { <li>{badge::simulated()}</li> });
    let submitted = fill(own.submitted_at, &[&time(head.submitted_at)]);
    let section = |id: &'static str, title: &'static str, text: &str| {
        view! {
            <section class="l-stack c-prose" aria-labelledby=id>
                <h2 id=id>{title}</h2>
                <div class="c-comment__body">{rich_text(text)}</div>
            </section>
        }
    };
    let words = view! { {section("problem", own.problem, &submission.problem)}{section("action", own.action, &submission.action)} };
    let writing = Writing::instead_of(&submission);
    let is_editing = RwSignal::new(false);
    let author = head.author.clone();
    let is_mine = Memo::new(move |_| session::author().as_deref() == Some(author.as_str()));
    let open_until = call.open_until(clock::now());
    let until = open_until.map(|at| fill(own.change_until, &[&time(at)])).unwrap_or_default();
    let id = StoredValue::new(head.id.clone());
    let on_send = Callback::new(move |()| {
        writing.edit(id.get_value(), focus_field, move |submission| {
            resource.update(|detail| detail.submission = submission);
            platform::announce(own.edit_received);
            platform::focus("main");
        });
    });
    let on_cancel = Callback::new(move |()| {
        writing.start_over();
        is_editing.set(false);
        platform::focus("edit-submission");
    });
    let on_withdraw = move || {
        writing.withdraw(id.get_value(), move || {
            is_withdrawn.set(true);
            platform::announce(own.withdrawn);
            platform::focus("withdrawn");
        });
    };
    // Until the close the author can change it; a draft of other words is gone on with at once.
    let changing = part(move || {
        if !is_mine.get() || open_until.is_none() {
            return None;
        }
        let content = if is_editing.get() || writing.is_found.get() {
            view! {
                <h2>{own.edit_heading}</h2>
                <SubmissionForm writing send=own.save on_send on_cancel=Some(on_cancel) />
            }
            .into_any()
        } else {
            actions(writing, is_editing, until.clone(), on_withdraw)
        };
        Some(view! { <section class="l-stack" aria-label=own.yours>{content}</section> })
    });
    let person = by_whom(&head);
    let mine = part(move || is_mine.get().then(|| format!(" {}", i18n::discussion().you)));
    view! {
        <Hero kicker=own.submission title=head.title.clone()>
            <ul class="c-hero__meta">
                <li>{icon(Icon::PEOPLE)}{person}{mine}</li>
                <li>{icon(Icon::CLOCK)}{submitted}</li>
                {edited}
                {simulated}
            </ul>
        </Hero>
        <p class="c-prose">{own.not_a_proposal}</p>
        {words}
        {changing}
        <p><a href=route::href(Route::Call(call.slug))>{own.see_call}{icon(Icon::ARROW)}</a></p>
    }
    .into_any()
}

fn actions(
    writing: Writing,
    is_editing: RwSignal<bool>,
    until: String,
    on_withdraw: impl Fn() + Copy + Send + 'static,
) -> AnyView {
    let own = i18n::calls();
    let error = part(move || {
        writing.error.get().map(|error| view! { <Notice tone=Tone::Bad><p>{problem(&error)}</p></Notice> })
    });
    view! {
        <p>{until}</p>
        {error}
        <div class="l-cluster">
            <button type="button" id="edit-submission" class="c-button" data-variant="secondary"
                on:click=click(move || { is_editing.set(true); focus_field("/title"); })>
                {icon(Icon::PENCIL)}{own.edit}
            </button>
            <button type="button" class="c-button" data-variant="danger"
                on:click=click(move || platform::open_dialog("withdraw"))>
                {own.withdraw}
            </button>
        </div>
        <Confirm id="withdraw" title=own.withdraw_heading text=own.withdraw_text act=own.withdraw on_confirm=on_withdraw />
    }
    .into_any()
}
