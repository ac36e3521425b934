//! An option of a consultation, such as a candidacy: what it is, and what people say about it.

use crate::clock;
use crate::i18n::{self, format, language, messages};
use crate::pages::not_found;
use crate::route::{self, Route};
use crate::state::comments::Discussion;
use crate::state::{Head, load, use_head};
use crate::ui::badge;
use crate::ui::breadcrumbs::Breadcrumbs;
use crate::ui::discussion::Comments;
use crate::ui::hero::Hero;
use crate::ui::icon::{Icon, icon};
use crate::ui::notice::Exercise;
use crate::ui::reactive::part;
use crate::ui::status::show_page;
use cabildo_contract::consultation::{GetOption, OptionDetail};
use cabildo_contract::id::OptionId;
use cabildo_contract::time::State;
use leptos::prelude::*;

/// The code of this page.
#[must_use]
pub fn page(route: Route) -> AnyView {
    match route {
        Route::Option(option) => view! { <BallotOption option /> }.into_any(),
        other => not_found::page(other),
    }
}

/// The page of an option.
#[component]
pub fn BallotOption(
    /// Its id.
    option: OptionId,
) -> impl IntoView {
    let id = option.clone();
    let resource = load(move || GetOption { option: id.clone() });
    let discussion = Discussion::of_option(option);
    use_head(move || {
        resource.with(|value| {
            Head::of(value, |detail| {
                let title = format!("{} · {}", detail.option.title, detail.consultation.title);
                (title, detail.option.description.clone())
            })
        })
    });
    part(move || show_page(resource.get(), resource.retry(), move |detail| whole(detail, discussion)))
}

fn whole(detail: OptionDetail, discussion: Discussion) -> impl IntoView {
    let t = messages();
    let own = i18n::option();
    let OptionDetail { option, consultation, process } = detail;
    let lang = process.language.clone();
    let state = consultation.period.state(clock::now());
    let when = match state {
        State::Closed => own.closed.to_owned(),
        State::Open => i18n::fill(
            t.closes_on,
            &[&format::date_time(language(), consultation.period.closes, &process.time_zone)],
        ),
        State::Upcoming => i18n::fill(
            t.opens_on,
            &[&format::date_time(language(), consultation.period.opens, &process.time_zone)],
        ),
    };
    let proposal = option.proposal.map(|proposal| {
        let href = route::href(Route::Proposal(proposal));
        view! { <a class="c-button" data-variant="secondary" href=href>{own.see_proposal}{icon(Icon::ARROW)}</a> }
    });
    let ballot = route::href(Route::Consultation(consultation.slug.clone()));
    let exercise = consultation.exercise.then(|| view! { <Exercise /> });
    let lead_lang = lang.clone();
    view! {
        <Breadcrumbs
            above=vec![
                (process.title.clone(), Route::Process(process.slug.clone())),
                (consultation.title.clone(), Route::Consultation(consultation.slug.clone())),
            ]
            here=option.title.clone()
        />
        <Hero kicker=own.option title=option.title.clone() content=lang>
            <p class="c-hero__lead" lang=lead_lang>{option.description}</p>
            <ul class="c-hero__meta"><li>{badge::state(state)}" "{when}</li></ul>
            <p class="l-cluster">
                <a class="c-button" data-variant="primary" href=ballot>{own.see_consultation}{icon(Icon::ARROW)}</a>
                {proposal}
            </p>
        </Hero>
        {exercise}
        <Comments discussion time_zone=process.time_zone />
    }
}
