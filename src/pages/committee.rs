//! The committee of a process: who sits on it, and how it was renewed.

use crate::i18n::{self, fill, format, language};
use crate::pages::record;
use crate::route::{self, Route};
use crate::ui::facts::{Facts, values};
use crate::ui::icon::{Icon, icon};
use crate::ui::sentence::{counted, sentence};
use crate::ui::table::{Cell, Table};
use cabildo_contract::record::{Committee, Member, Record, Renewal, Term};
use leptos::prelude::*;

/// The code of this page.
#[must_use]
pub fn page(route: Route) -> AnyView {
    let own = i18n::committee();
    let process = match route {
        Route::Committee(process) => Ok(process),
        other => Err(other),
    };
    record::page(process, own.title, own.lead, whole)
}

fn whole(record: Record) -> AnyView {
    let own = i18n::committee();
    let lang = record.process.language;
    let Some(Committee { terms, renewal }) = record.events.committee else {
        return view! { <p class="c-empty">{own.none}</p> }.into_any();
    };
    let changes = match terms.as_slice() {
        [.., before, after] => Some(changes(before, after, &lang)),
        _ => None,
    };
    let renewal = renewal.map(|renewal| renewed(renewal, &lang));
    // The present one first.
    let terms = terms.iter().rev().map(|each| term(each, &lang)).collect_view();
    view! { {terms}{changes}{renewal} }.into_any()
}

fn names(members: &[&Member]) -> Option<AnyView> {
    values(&members.iter().map(|member| member.name.clone()).collect::<Vec<_>>())
}

fn term(term: &Term, lang: &str) -> AnyView {
    let own = i18n::committee();
    let id = format!("term-{}", term.title);
    let name = id.clone();
    let sectors = term
        .sectors()
        .into_iter()
        .map(|sector| {
            let members: Vec<&Member> =
                term.members.iter().filter(|member| member.sector == sector).collect();
            (sector.to_owned(), names(&members))
        })
        .collect::<Vec<_>>();
    view! {
        <section class="l-stack" aria-labelledby=name>
            <h2 id=id>{fill(own.term, &[&term.title])}</h2>
            <div lang=lang.to_owned()><Facts facts=sectors /></div>
        </section>
    }
    .into_any()
}

fn changes(before: &Term, after: &Term, lang: &str) -> AnyView {
    let own = i18n::committee();
    let facts = vec![(own.joined, names(&after.without(before))), (own.left, names(&before.without(after)))];
    view! {
        <section class="l-stack" aria-labelledby="changes">
            <h2 id="changes">{own.changes}</h2>
            <div lang=lang.to_owned()><Facts facts /></div>
        </section>
    }
    .into_any()
}

fn renewed(renewal: Renewal, lang: &str) -> AnyView {
    let own = i18n::committee();
    let counted =
        |n: u64, records: &str, name| counted(format::number(language(), n), format!("#{records}"), name);
    let sum = sentence(
        own.renewal_sum,
        vec![
            counted(renewal.candidacies.len() as u64, "candidacies", own.candidacies),
            counted(renewal.all_seats().into(), "seats", own.seats),
            counted(renewal.elected().len() as u64, "candidacies", own.candidacies),
        ],
    );
    let seats = renewal.seats.into_iter().map(|seats| (seats.sector, vec![Cell::Number(seats.seats.into())]));
    let candidacies = renewal.candidacies.into_iter().map(|candidacy| {
        let outcome = if candidacy.elected { own.elected } else { own.not_elected };
        (candidacy.name, vec![Cell::Words(candidacy.sector), Cell::Words(outcome.to_owned())])
    });
    view! {
        <section class="l-stack" aria-labelledby="renewal">
            <h2 id="renewal">{own.renewal}</h2>
            <p>{sum}</p>
            <h3 id="seats">{own.seats}</h3>
            <Table caption=own.seats.to_owned() heads=vec![own.sector, own.seats] rows=seats.collect() content=lang.to_owned() />
            <h3 id="candidacies">{own.candidacies}</h3>
            <p>{own.no_reasons}</p>
            <Table
                caption=own.candidacies.to_owned()
                heads=vec![own.candidacy, own.sector, own.outcome]
                rows=candidacies.collect()
                content=lang.to_owned()
            />
            <p>
                <a href=route::href(Route::Consultation(renewal.consultation))>
                    {own.see_consultation}{icon(Icon::ARROW)}
                </a>
            </p>
        </section>
    }
    .into_any()
}
