//! A call for proposals: what it asks for, how it weighs, what was submitted, and the form to submit.

use crate::clock;
use crate::i18n::{self, count, fill, format, language, messages};
use crate::loadable::Loadable;
use crate::pages::not_found;
use crate::platform;
use crate::route::{self, Route};
use crate::state::call::{Submissions, Writing};
use crate::state::{Head, load, use_head};
use crate::ui::badge;
use crate::ui::breadcrumbs::Breadcrumbs;
use crate::ui::criteria::criteria;
use crate::ui::hero::Hero;
use crate::ui::icon::{Icon, icon};
use crate::ui::notice::{Exercise, Notice, Simulated, Tone};
use crate::ui::pager;
use crate::ui::phases::dates;
use crate::ui::reactive::{click, part};
use crate::ui::status::{show, show_page};
use crate::ui::submission::{SubmissionCard, SubmissionForm, focus_field};
use cabildo_contract::call::{Call as CallData, CallHeld, CallSummary, GetCall, SubmissionSummary};
use cabildo_contract::id::Slug;
use cabildo_contract::process::ProcessName;
use cabildo_contract::time::State;
use leptos::prelude::*;

/// The code of this page.
#[must_use]
pub fn page(route: Route) -> AnyView {
    match route {
        Route::Call(call) => view! { <Call call /> }.into_any(),
        other => not_found::page(other),
    }
}

/// The page of a call.
#[component]
pub fn Call(
    /// Slug or id.
    call: Slug,
) -> impl IntoView {
    let slug = call.clone();
    let resource = load(move || GetCall { call: slug.clone() });
    let submissions = Submissions::new(call);
    use_head(move || {
        resource.with(|value| Head::of(value, |call| (call.head.title.clone(), call.text.clone())))
    });
    part(move || show_page(resource.get(), resource.retry(), move |call| whole(call, submissions)))
}

/// When a call takes submissions, in words.
#[must_use]
pub fn when(call: &CallSummary, process: &ProcessName) -> String {
    let (t, own) = (messages(), i18n::calls());
    let Some(period) = call.period else { return own.no_dates.to_owned() };
    let time = |at| format::date_time(language(), at, &process.time_zone);
    match period.state(clock::now()) {
        State::Upcoming if call.is_here() => fill(t.opens_on, &[&time(period.opens)]),
        State::Open if call.is_here() => fill(t.closes_on, &[&time(period.closes)]),
        _ => {
            let last = period.closes.plus_seconds(-1);
            dates(format::day(period.opens, &process.time_zone), format::day(last, &process.time_zone))
        }
    }
}

fn whole(call: CallData, submissions: Submissions) -> impl IntoView {
    let t = messages();
    let own = i18n::calls();
    let head = call.head.clone();
    let process = call.process.clone();
    let lang = process.language.clone();
    let state = head.state(clock::now()).map(|state| view! { {badge::state(state)}" " });
    let when = when(&head, &process);
    let level = head.level.map(|level| view! { <li>{badge::level(level)}</li> });
    let exercise = (head.exercise || process.exercise).then(|| view! { <Exercise /> });
    let paragraphs = call.text.split("\n\n").map(|text| view! { <p>{text.to_owned()}</p> }).collect_view();
    let weighed = (!call.criteria.is_empty()).then(|| {
        view! {
            <section class="l-stack" aria-labelledby="criteria">
                <h2 id="criteria">{own.criteria}</h2>
                <p>{own.criteria_text}</p>
                {criteria(&call)}
            </section>
        }
    });
    let received = head.is_here().then(|| list(submissions, process.time_zone.clone()));
    view! {
        <Breadcrumbs
            above=vec![(process.title.clone(), Route::Process(process.slug.clone()))]
            here=head.title.clone()
        />
        <Hero kicker=own.call title=head.title.clone() content=lang.clone()>
            <ul class="c-hero__meta">
                <li>{state}{when}</li>
                {level}
            </ul>
        </Hero>
        {exercise}
        <section class="l-stack c-prose" aria-labelledby="asked">
            <h2 id="asked">{own.asked}</h2>
            <div class="l-stack" lang=lang.clone()>{paragraphs}</div>
            <p class="c-versions__source">{t.source}": "<span lang=lang>{call.source.clone()}</span></p>
        </section>
        {weighed}
        <section class="l-stack" aria-labelledby="take-part">
            <h2 id="take-part" tabindex="-1">{own.take_part}</h2>
            {take_part(head, submissions)}
        </section>
        {received}
    }
}

/// How to take part, or why one cannot.
fn take_part(call: CallSummary, submissions: Submissions) -> AnyView {
    let own = i18n::calls();
    if let CallHeld::Elsewhere { channel } = &call.held {
        let words = fill(own.held_elsewhere, &[channel]);
        return view! { <Notice tone=Tone::Info><p>{words}</p></Notice> }.into_any();
    }
    if call.open_until(clock::now()).is_none() {
        let words = match call.state(clock::now()) {
            Some(State::Upcoming) => own.upcoming,
            _ => own.closed,
        };
        return view! { <Notice tone=Tone::Info><p>{words}</p></Notice> }.into_any();
    }
    let slug = StoredValue::new(call.slug.clone());
    let writing = Writing::for_call(&call.slug);
    let received = RwSignal::new(None::<SubmissionSummary>);
    let on_send = Callback::new(move |()| {
        writing.submit(slug.get_value(), focus_field, move |submission| {
            submissions.list.add(submission.head.clone());
            received.set(Some(submission.head));
            platform::focus("take-part");
            platform::announce(own.received);
        });
    });
    let form = part(move || match received.get() {
        Some(submission) => {
            let href = route::href(Route::Submission(submission.id));
            view! {
                <Notice tone=Tone::Good>
                    <p>{own.received}</p>
                    <p><a href=href>{own.see_mine}{icon(Icon::ARROW)}</a></p>
                    <button type="button" class="c-button" data-variant="secondary"
                        on:click=click(move || { received.set(None); focus_field("/title"); })>
                        {own.write_another}
                    </button>
                </Notice>
            }
            .into_any()
        }
        None => view! { <SubmissionForm writing send=own.send on_send on_cancel=None /> }.into_any(),
    });
    view! {
        <p class="c-prose">{own.how}</p>
        <noscript><p>{own.needs_script}</p></noscript>
        {form}
    }
    .into_any()
}

fn list(submissions: Submissions, time_zone: String) -> impl IntoView {
    let own = i18n::calls();
    let zone = StoredValue::new(time_zone);
    let items = move || {
        let cards = submissions
            .list
            .all()
            .into_iter()
            .map(|submission| view! { <li><SubmissionCard submission time_zone=zone.get_value() /></li> })
            .collect_view();
        view! { <ul class="l-stack">{cards}</ul> }
    };
    let content = part(move || match submissions.list.first.get() {
        Loadable::Ready(page) if page.items.is_empty() => {
            view! { <p class="c-empty">{own.none}</p> }.into_any()
        }
        Loadable::Ready(_) => items().into_any(),
        other => show(other, submissions.list.first.retry(), |_| ()),
    });
    let simulated = part(move || {
        submissions.list.all().iter().any(|submission| submission.simulated).then(|| view! { <Simulated /> })
    });
    let shown = part(move || {
        let here = submissions.list.all().len() as u64;
        // How many there are in all is known once the last page is here.
        (here > 0 && submissions.list.next().is_none())
            .then(|| view! { <p>{count(&own.submissions, here)}</p> })
    });
    let more = pager::more(submissions.list, own.more, Callback::new(move |()| submissions.load_more()));
    view! {
        <section class="l-stack" aria-labelledby="submissions">
            <h2 id="submissions">{own.submissions_title}</h2>
            <p>{own.submissions_text}</p>
            {simulated}
            {shown}
            {content}
            {more}
        </section>
    }
}
