//! The encounters of a process: workshops around tables, conversations with experts.

use crate::i18n::{self, fill, format, language};
use crate::pages::record;
use crate::route::Route;
use crate::ui::facts::{Facts, values};
use crate::ui::table::{Cell, Table};
use cabildo_contract::record::{Conversation, Record, Workshop};
use leptos::prelude::*;

/// The code of this page.
#[must_use]
pub fn page(route: Route) -> AnyView {
    let own = i18n::encounters();
    let process = match route {
        Route::Encounters(process) => Ok(process),
        other => Err(other),
    };
    record::page(process, own.title, own.lead, whole)
}

fn whole(record: Record) -> AnyView {
    let own = i18n::encounters();
    let Record { process, events, .. } = record;
    let lang = process.language;
    if events.workshops.is_empty() && events.conversations.is_empty() {
        return view! { <p class="c-empty">{own.none}</p> }.into_any();
    }
    let attended: Vec<u32> = events.workshops.iter().map(|workshop| workshop.participants).collect();
    let workshops = (!events.workshops.is_empty()).then(|| {
        let sum = sum(own.workshops_sum, &attended);
        let items = events.workshops.iter().map(|each| workshop(each, &lang)).collect_view();
        view! {
            <section class="l-stack" data-gap="l" aria-labelledby="workshops">
                <h2 id="workshops">{own.workshops}</h2>
                <p>{sum}</p>
                {items}
                <p>{own.room_note}</p>
            </section>
        }
    });
    let experts: Vec<u32> = events.conversations.iter().map(|conversation| conversation.experts).collect();
    let conversations = (!events.conversations.is_empty()).then(|| {
        let sum = sum(own.conversations_sum, &experts);
        view! {
            <section class="l-stack" aria-labelledby="conversations">
                <h2 id="conversations">{own.conversations}</h2>
                <p>{sum}</p>
                {table(events.conversations, &lang)}
            </section>
        }
    });
    view! { {workshops}{conversations} }.into_any()
}

/// How many, in how many records, and what adds up to it.
fn sum(message: &str, parts: &[u32]) -> String {
    let number = |n: u32| format::number(language(), n.into());
    let parts_text: Vec<String> = parts.iter().map(|part| number(*part)).collect();
    let records = format::number(language(), parts.len() as u64);
    fill(message, &[&number(parts.iter().sum()), &records, &parts_text.join(" + ")])
}

fn workshop(workshop: &Workshop, lang: &str) -> AnyView {
    let own = i18n::encounters();
    let number = |n: u32| Some(format::number(language(), n.into()).into_any());
    let facts = vec![
        (own.date, Some(format::date(language(), workshop.date).into_any())),
        (own.attendance, number(workshop.participants)),
        (own.tables, values(&workshop.tables)),
        (own.problems, workshop.problems.and_then(number)),
        (own.existing_actions, workshop.existing_actions.and_then(number)),
        (own.proposed_actions, workshop.proposed_actions.and_then(number)),
    ];
    let id = format!("workshop-{}", workshop.slug);
    let name = id.clone();
    let actions = (!workshop.actions.is_empty()).then(|| {
        let rows = workshop.actions.iter().map(|action| {
            let cells = vec![Cell::Words(action.table.clone()), Cell::Number(action.votes.into())];
            (action.title.clone(), cells)
        });
        view! {
            <h4>{own.actions}</h4>
            <Table
                caption=fill(own.actions_of, &[&workshop.title])
                heads=vec![own.action, own.table, own.votes_in_room]
                rows=rows.collect()
                content=lang.to_owned()
            />
        }
    });
    view! {
        <article class="l-stack" aria-labelledby=name>
            <h3 id=id lang=lang.to_owned()>{workshop.title.clone()}</h3>
            <div lang=lang.to_owned()><Facts facts /></div>
            {actions}
        </article>
    }
    .into_any()
}

fn table(conversations: Vec<Conversation>, lang: &str) -> AnyView {
    let own = i18n::encounters();
    let rows = conversations.into_iter().map(|conversation| {
        let number = |n: u32| Cell::Number(n.into());
        let cells = vec![
            Cell::Words(format::date(language(), conversation.date)),
            number(conversation.experts),
            number(conversation.women),
            number(conversation.men),
        ];
        (conversation.title, cells)
    });
    let heads = vec![own.conversation, own.date, own.experts, own.women, own.men];
    view! { <Table caption=own.conversations.to_owned() heads rows=rows.collect() content=lang.to_owned() /> }
        .into_any()
}
