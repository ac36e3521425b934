//! The proposals of a process: searched, narrowed, sorted; all of it in the address.

use crate::effect::effect;
use crate::i18n::{count, language, messages};
use crate::loadable::Loadable;
use crate::pages::not_found;
use crate::platform;
use crate::route::{self, Location, Route, all_proposals};
use crate::state::{Head, load, navigate, use_head, use_location};
use crate::ui::breadcrumbs::Breadcrumbs;
use crate::ui::card::{ProposalCard, UnnamedCard};
use crate::ui::filters::Filters;
use crate::ui::funnel;
use crate::ui::hero::Hero;
use crate::ui::icon::{Icon, icon};
use crate::ui::notice::Exercise;
use crate::ui::reactive::{Value, part};
use crate::ui::status::{show, show_page};
use cabildo_contract::id::Slug;
use cabildo_contract::process::GetOutline;
use cabildo_contract::proposal::{Filter, ListProposals, ProposalPage};
use cabildo_contract::statistics::Table;
use leptos::prelude::*;
use std::sync::Arc;

/// The code of this page.
#[must_use]
pub fn page(route: Route) -> AnyView {
    match route {
        Route::Proposals { process, .. } => view! { <Proposals process /> }.into_any(),
        other => not_found::page(other),
    }
}

/// The page of the list.
#[component]
pub fn Proposals(
    /// Slug or id of the process.
    process: Slug,
) -> impl IntoView {
    let t = messages();
    let location = use_location();
    let slug = process.clone();
    let parent = load(move || GetOutline { process: slug.clone() });
    let slug = StoredValue::new(process);
    let shown = Memo::new(move |_| match location().route {
        Route::Proposals { filter, cursor, .. } => (filter, cursor),
        _ => (Filter::default(), String::new()),
    });
    let list = load(move || {
        let (filter, cursor) = shown.get();
        ListProposals { process: slug.get_value(), filter, cursor }
    });
    use_head(move || {
        parent.with(|value| {
            Head::of(value, |process| {
                let title = format!("{} · {}", t.proposals_title, process.title);
                (title, funnel::total(&process.funnel))
            })
        })
    });
    // A list that is asked for again stays in sight until the new one is here.
    let last = RwSignal::new(None::<ProposalPage>);
    let page = move || match list.get() {
        Loadable::Ready(page) => Some(page),
        Loadable::Pending => last.get_untracked(),
        _ => None,
    };
    effect(move |_| {
        if let Loadable::Ready(page) = list.get() {
            last.set(Some(page));
        }
    });
    part(move || {
        show_page(parent.get(), parent.retry(), move |process| {
            let filter: Value<Filter> = Arc::new(move || shown.get().0);
            let content = process.language.clone();
            let title = process.title.clone();
            let description = funnel::total(&process.funnel);
            let results = part(move || match page() {
                Some(page) => results(page, &content, slug.get_value(), shown.get().0).into_any(),
                None => show(list.get(), list.retry(), |_| ()),
            });
            view! {
                <Breadcrumbs
                    above=vec![(process.title.clone(), Route::Process(process.slug.clone()))]
                    here=t.proposals_title.to_owned()
                />
                <Hero kicker=title title=t.proposals_title>
                    <p class="c-hero__lead">{description}</p>
                </Hero>
                {process.exercise.then(|| view! { <Exercise /> })}
                <Filters
                    action=format!("/processes/{}/proposals", process.slug)
                    filter
                    themes=process.themes.clone()
                    territories=process.territories.clone()
                    content=process.language.clone()
                    on_change=move |event| {
                        let filter = Filter::from_pairs(&platform::form_fields(&event)).unwrap_or_default();
                        let route = Route::Proposals { process: slug.get_value(), filter, cursor: String::new() };
                        navigate(&Location { route, language: language() }, true);
                    }
                />
                {results}
            }
        })
    })
}

fn results(page: ProposalPage, content: &str, process: Slug, filter: Filter) -> impl IntoView + use<> {
    let t = messages();
    let named = page.items.len();
    let empty = (page.total == 0).then(|| {
        view! {
            <div class="c-empty">
                <p>{t.no_proposals}</p>
                <a class="c-button" data-variant="secondary" href=route::href(all_proposals(process.clone()))>
                    {t.clear_filters}
                </a>
            </div>
        }
    });
    let clear = (filter.is_narrowed() && page.total > 0).then(|| {
        view! { <a href=route::href(all_proposals(process.clone()))>{t.clear_filters}</a> }
    });
    let last_page = page.next.is_none();
    let next = page.next.map(|cursor| {
        let route = Route::Proposals { process: process.clone(), filter: filter.clone(), cursor };
        view! {
            <nav class="c-pager" aria-label=t.pages>
                <a class="c-button" data-variant="secondary" href=route::href(route)>
                    {t.next_page}{icon(Icon::ARROW)}
                </a>
            </nav>
        }
    });
    let unnamed = last_page.then(|| {
        page.unnamed
            .into_iter()
            .map(|group| view! { <li><UnnamedCard group content=content.to_owned() /></li> })
            .collect_view()
    });
    let cards = page
        .items
        .into_iter()
        .map(|proposal| view! { <li><ProposalCard proposal content=content.to_owned() /></li> })
        .collect_view();
    view! {
        <section class="l-stack" aria-labelledby="results">
            <div class="c-results">
                <h2 id="results"><output>{count(&t.proposals_found, page.total.into())}</output></h2>
                {clear}
                <a href=Table::Proposals.path(&process) download>{icon(Icon::DOWNLOAD)}{t.download_csv}</a>
            </div>
            {empty}
            <ul class="l-grid" data-count=named>{cards}{unnamed}</ul>
            {next}
        </section>
    }
}
