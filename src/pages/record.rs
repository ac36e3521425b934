//! What the pages made from a process's record have in common.

use crate::pages::not_found;
use crate::route::Route;
use crate::state::{Head, load, use_head};
use crate::ui::breadcrumbs::Breadcrumbs;
use crate::ui::hero::Hero;
use crate::ui::notice::Exercise;
use crate::ui::reactive::part;
use crate::ui::status::show_page;
use cabildo_contract::id::Slug;
use cabildo_contract::record::{GetRecord, Record};
use leptos::prelude::*;

/// A page of the record of `process`; that of another route is not found.
pub fn page(
    process: Result<Slug, Route>,
    title: &'static str,
    lead: &'static str,
    body: fn(Record) -> AnyView,
) -> AnyView {
    match process {
        Ok(process) => view! { <RecordPage process title lead body /> }.into_any(),
        Err(other) => not_found::page(other),
    }
}

#[component]
fn RecordPage(
    process: Slug,
    title: &'static str,
    lead: &'static str,
    body: fn(Record) -> AnyView,
) -> impl IntoView {
    let record = load(move || GetRecord { process: process.clone() });
    use_head(move || {
        record.with(|value| {
            Head::of(value, |record| (format!("{title} · {}", record.process.title), lead.to_owned()))
        })
    });
    part(move || {
        show_page(record.get(), record.retry(), move |record| {
            let (process, kicker) = (record.process.clone(), record.process.title.clone());
            view! {
                <Breadcrumbs above=vec![(process.title.clone(), Route::Process(process.slug.clone()))] here=title.to_owned() />
                <Hero kicker title>
                    <p class="c-hero__lead">{lead}</p>
                </Hero>
                {process.exercise.then(|| view! { <Exercise /> })}
                {body(record)}
            }
        })
    })
}
