//! The way of the proposals from received to adopted to fulfilled: in words, as bars, and as links to what is counted.

use crate::i18n::{self, count, fill, format, language, messages};
use crate::route::{self, Route};
use crate::ui::badge;
use crate::ui::chart::{Bar, bars};
use cabildo_contract::id::Slug;
use cabildo_contract::process::Funnel;
use cabildo_contract::proposal::{Filter, Level, Status};
use leptos::prelude::*;

/// How many were received and how many adopted, in a sentence.
#[must_use]
pub fn total(funnel: &Funnel) -> String {
    let t = messages();
    let received = count(&t.funnel_received, funnel.received().into());
    let adopted = count(&t.funnel_adopted, funnel.adopted().into());
    fill(t.funnel_all, &[&received, &adopted])
}

/// The same, and each level of government.
#[must_use]
pub fn sentence(funnel: &Funnel) -> String {
    let own = i18n::process();
    let levels: Vec<String> = funnel
        .levels
        .iter()
        .map(|level| {
            let number = |n: u32| format::number(language(), n.into());
            fill(
                own.funnel_level,
                &[
                    badge::level_name(level.level),
                    &number(level.received),
                    &number(level.adopted),
                    &fulfilled(level.fulfilled, level.followed),
                ],
            )
        })
        .collect();
    format!("{} {}", total(funnel), levels.join(" "))
}

/// How many commitments are complete of those whose progress is on record, in a few words.
fn fulfilled(fulfilled: Option<u32>, followed: u32) -> String {
    let own = i18n::process();
    let number = |n: u32| format::number(language(), n.into());
    fulfilled.map_or(own.not_on_record.to_owned(), |fulfilled| {
        fill(own.fulfilled_of, &[&number(fulfilled), &number(followed)])
    })
}

/// Each step as a link to the records that it counts: lists of proposals, and on the same page the commitments whose
/// progress is on record.
#[must_use]
pub fn links(funnel: &Funnel, process: &Slug) -> AnyView {
    let (t, own) = (messages(), i18n::process());
    let row = |level: Option<Level>, [received, adopted, followed]: [u32; 3], complete: Option<u32>| {
        let list = |status| {
            let filter = Filter { level, status, ..Filter::default() };
            route::href(Route::Proposals { process: process.clone(), filter, cursor: String::new() })
        };
        let words = fulfilled(complete, followed);
        let follow_up = match complete {
            Some(_) => view! { <a href="#follow-up">{words}</a> }.into_any(),
            None => words.into_any(),
        };
        view! {
            <li>
                {level.map_or(t.all_levels, badge::level_name)}": "
                <a href=list(None)>{count(&own.level_received, received.into())}</a>" · "
                <a href=list(Some(Status::Selected))>{count(&own.level_adopted, adopted.into())}</a>" · "
                {follow_up}
            </li>
        }
        .into_any()
    };
    let all = [funnel.received(), funnel.adopted(), funnel.followed()];
    // A single level is all of them.
    let levels: Vec<AnyView> = funnel
        .levels
        .iter()
        .filter(|_| funnel.levels.len() > 1)
        .map(|each| row(Some(each.level), [each.received, each.adopted, each.followed], each.fulfilled))
        .collect();
    view! { <ul class="c-funnel__links">{row(None, all, funnel.fulfilled())}{levels}</ul> }.into_any()
}

/// The way of the proposals as bars.
#[must_use]
pub fn picture(funnel: &Funnel) -> AnyView {
    let (t, own) = (messages(), i18n::process());
    let bar = |name: &str, value: u32, marked| Bar {
        name: name.to_owned(),
        value: value.into(),
        label: format::number(language(), value.into()),
        marked,
    };
    let mut steps = vec![bar(t.received, funnel.received(), false), bar(t.adopted, funnel.adopted(), true)];
    // Where nothing is on record there is nothing to draw: a bar of no length would say that nothing was fulfilled.
    steps.extend(funnel.fulfilled().map(|fulfilled| bar(own.fulfilled, fulfilled, true)));
    bars(steps)
}
