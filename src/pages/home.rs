//! All processes, and what this place is.

use crate::i18n::{self, count, messages};
use crate::route::{self, Route};
use crate::state::{Head, load, use_head};
use crate::ui::badge::badge;
use crate::ui::hero::Hero;
use crate::ui::icon::{Icon, icon};
use crate::ui::phases::dates;
use crate::ui::reactive::part;
use crate::ui::status::show;
use cabildo_contract::process::{ListProcesses, ProcessSummary};
use leptos::prelude::*;

/// The code of this page.
#[must_use]
pub fn page(_: Route) -> AnyView {
    view! { <Home /> }.into_any()
}

/// The start page.
#[component]
pub fn Home() -> impl IntoView {
    let t = messages();
    let own = i18n::home();
    let processes = load(|| ListProcesses);
    use_head(move || {
        Some(Head {
            title: t.site_name.to_owned(),
            description: t.site_description.to_owned(),
            status: 200,
            image: None,
        })
    });
    view! {
        <Hero kicker=t.motto title=own.home_title>
            <p class="c-hero__lead">{t.site_description}</p>
        </Hero>
        <section class="l-stack" aria-labelledby="processes">
            <h2 id="processes">{t.all_processes}</h2>
            {part(move || show(processes.get(), processes.retry(), |page| {
                if page.items.is_empty() {
                    view! { <p class="c-empty">{own.no_processes}</p> }.into_any()
                } else {
                    page.items.into_iter().map(process).collect_view().into_any()
                }
            }))}
        </section>
        <section class="l-stack" aria-labelledby="how">
            <h2 id="how">{own.how_title}</h2>
            <ul class="l-grid c-promises">
                <li>{icon(Icon::PEOPLE)}<strong>{own.how_read}</strong><span>{own.how_read_text}</span></li>
                <li>{icon(Icon::BALLOT)}<strong>{own.how_vote}</strong><span>{own.how_vote_text}</span></li>
                <li>{icon(Icon::SIGNAL)}<strong>{own.how_check}</strong><span>{own.how_check_text}</span></li>
            </ul>
        </section>
    }
}

fn process(process: ProcessSummary) -> impl IntoView {
    let own = i18n::home();
    let lang = process.name.language.clone();
    view! {
        <article class="c-card" data-large>
            <h3 class="c-card__title" lang=lang.clone()>
                <a href=route::href(Route::Process(process.name.slug.clone()))>{process.name.title.clone()}</a>
            </h3>
            <p class="c-card__summary" lang=lang.clone()>{process.summary.clone()}</p>
            <ul class="c-card__meta">
                {process.name.exercise.then(|| view! { <li>{badge("simulated", Icon::FLASK, own.exercise)}</li> })}
                <li>{icon(Icon::CLOCK)}{dates(process.from, process.to)}</li>
                <li>{icon(Icon::LANDMARK)}{count(&own.proposals, process.proposals.into())}</li>
                <li>{icon(Icon::BALLOT)}{count(&own.consultations, process.consultations.into())}</li>
                <li lang=lang>{icon(Icon::PEOPLE)}{process.convener.clone()}</li>
            </ul>
        </article>
    }
}
