//! What is kept of a person: seen, taken along, ended.

use crate::i18n::{self, fill, format, language, messages};
use crate::loadable::Loadable;
use crate::pages::not_found;
use crate::platform;
use crate::route::{self, Route};
use crate::state::account::Account as Kept;
use crate::state::{Head, use_head};
use crate::ui::breadcrumbs::Breadcrumbs;
use crate::ui::dialog::Confirm;
use crate::ui::hero::Hero;
use crate::ui::notice::{Notice, Tone};
use crate::ui::reactive::{click, part, word_if};
use crate::ui::refusal;
use crate::ui::status::show;
use cabildo_contract::endpoint::Endpoint;
use cabildo_contract::identity::{GetPerson, Identity, PersonRecord};
use cabildo_contract::problem::ProblemKind;
use cabildo_contract::session::Assurance;
use cabildo_contract::time::Timestamp;
use leptos::prelude::*;

/// The code of this page.
#[must_use]
pub fn page(route: Route) -> AnyView {
    match route {
        Route::Account => view! { <Account /> }.into_any(),
        other => not_found::page(other),
    }
}

/// The page of a person.
#[component]
pub fn Account() -> impl IntoView {
    let t = messages();
    let own = i18n::identity();
    let kept = Kept::here();
    use_head(move || {
        Some(Head {
            title: own.account.to_owned(),
            description: own.account_lead.to_owned(),
            status: 200,
            image: None,
        })
    });
    let over = part(move || {
        kept.is_over
            .get()
            .then(|| view! { <Notice tone=Tone::Good><p role="status">{own.left_now}</p></Notice> })
    });
    let failure = part(move || {
        kept.error
            .get()
            .map(|error| view! { <Notice tone=Tone::Bad><p>{refusal::words(&error)}</p></Notice> })
    });
    let body = part(move || match kept.record.get() {
        Loadable::Failed(error) if error.kind() == Some(ProblemKind::SessionRequired) => {
            view! { <p>{own.nothing}</p> }.into_any()
        }
        record => show(record, kept.record.retry(), move |record| whole(record, kept)),
    });
    view! {
        <Breadcrumbs above=Vec::new() here=own.account.to_owned() />
        <Hero kicker=t.site_name title=own.account.to_owned()>
            <p class="c-hero__lead">{own.account_lead}</p>
        </Hero>
        {over}
        {failure}
        {body}
    }
}

fn day(at: Timestamp) -> String {
    format::date_time(language(), at, &platform::time_zone())
}

fn identity(identity: Identity) -> impl IntoView {
    let own = i18n::identity();
    let how = match &identity.assurance {
        Assurance::Device => own.by_device.to_owned(),
        Assurance::Email => own.by_email.to_owned(),
        Assurance::Oidc(provider) => fill(own.by_oidc, &[provider.as_str()]),
    };
    let consent = identity
        .consent
        .map(|consent| format!(", {}", fill(own.consented, &[&consent.version, &day(consent.at)])));
    view! {
        <li>
            <a href=route::href(Route::Process(identity.process.clone()))>{identity.process.to_string()}</a>
            ": "{how}", "{fill(own.since, &[&day(identity.since)])}{consent}
        </li>
    }
}

fn whole(record: PersonRecord, kept: Kept) -> impl IntoView {
    let own = i18n::identity();
    let PersonRecord { authors, territory, identities, sessions, ballots, comments, submissions } = record;
    let section = |id: &'static str, title: &'static str, content: AnyView| {
        view! {
            <section class="l-stack" aria-labelledby=id>
                <h2 id=id>{title}</h2>
                {content}
            </section>
        }
    };
    let listed = |items: Vec<AnyView>, none: &'static str| {
        if items.is_empty() {
            view! { <p>{none}</p> }.into_any()
        } else {
            view! { <ul class="c-options">{items}</ul> }.into_any()
        }
    };
    let identities = identities.into_iter().map(|each| identity(each).into_any()).collect();
    let sessions = sessions.into_iter().map(|session| {
        let opened = fill(own.opened, &[&day(session.opened_at)]);
        let id = session.id;
        let described_by = format!("session-{id}");
        let name = described_by.clone();
        let end = if session.is_current {
            view! { <span>"("{own.this_device}")"</span> }.into_any()
        } else {
            view! {
                <button type="button" class="c-button" data-variant="secondary" aria-describedby=described_by
                    on:click=click(move || kept.end_other(id.clone()))>
                    {own.end_session}
                </button>
            }
            .into_any()
        };
        view! { <li><span id=name>{opened}</span>" "{end}</li> }.into_any()
    });
    let sessions = sessions.collect();
    let ballots = ballots.into_iter().map(|ballot| {
        let withdrawn = ballot.ballot.is_none().then(|| format!(" ({})", own.withdrawn));
        view! {
            <li>
                <a href=route::href(Route::Consultation(ballot.consultation.clone()))>{ballot.consultation.to_string()}</a>
                ": "{ballot.receipt}", "{day(ballot.received_at)}{withdrawn}
            </li>
        }
        .into_any()
    });
    let ballots = ballots.collect();
    let comments = comments.into_iter().map(|comment| {
        let words = comment.text.unwrap_or_else(|| format!("({})", own.deleted));
        view! { <li>{day(comment.posted_at)}": "{words}</li> }.into_any()
    });
    let comments = comments.collect();
    let submissions = submissions.into_iter().map(|id| {
        view! { <li><a href=route::href(Route::Submission(id.clone()))>{id.to_string()}</a></li> }.into_any()
    });
    let submissions = submissions.collect();
    let place = territory.map(|code| view! { <p>{own.place}": "{code}</p> });
    let busy = move || kept.busy.get();
    view! {
        {section("identities", own.identities, listed(identities, own.no_identity))}
        {section("sessions", own.sessions, listed(sessions, own.none))}
        {section("ballots", own.your_ballots, listed(ballots, own.none))}
        <section class="l-stack" aria-labelledby="comments">
            <h2 id="comments">{own.your_comments}</h2>
            <p>{own.author_codes}" "<strong>{authors.join(", ")}</strong></p>
            {place}
            {listed(comments, own.none)}
        </section>
        {section("submissions", own.your_submissions, listed(submissions, own.none))}
        <div class="l-cluster">
            <a class="c-button" data-variant="secondary" href=GetPerson.path() download="cabildo.json">{own.download}</a>
            <button type="button" class="c-button" data-variant="secondary" aria-disabled=word_if("true", busy)
                on:click=click(move || kept.end())>
                {own.end_this}
            </button>
            <button type="button" class="c-button" data-variant="danger"
                on:click=click(|| platform::open_dialog("leave"))>
                {own.leave}
            </button>
        </div>
        <Confirm id="leave" title=own.leave_title text=own.leave_text act=own.leave
            on_confirm=move || kept.leave() />
    }
}
