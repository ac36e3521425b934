//! The encounters of a process: workshops around tables, conversations with experts.

use crate::i18n::{self, fill, format, language};
use crate::pages::record;
use crate::route::{self, Route};
use crate::ui::facts::{Facts, values};
use crate::ui::sentence::{counted, sentence};
use crate::ui::table::{Cell, Table};
use cabildo_contract::record::{ActionOutcome, Conversation, Record, Workshop};
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
    let Record { process, events, outcomes, .. } = record;
    let lang = process.language;
    if events.workshops.is_empty() && events.conversations.is_empty() {
        return view! { <p class="c-empty">{own.none}</p> }.into_any();
    }
    let attended: Vec<Part> = events
        .workshops
        .iter()
        .map(|workshop| (workshop.participants, workshop_id(workshop), workshop.title.as_str()))
        .collect();
    let workshops = (!events.workshops.is_empty()).then(|| {
        let sum = sum(own.workshops_sum, &attended);
        let items = events.workshops.iter().map(|each| workshop(each, &outcomes, &lang)).collect_view();
        view! {
            <section class="l-stack" data-gap="l" aria-labelledby="workshops">
                <h2 id="workshops">{own.workshops}</h2>
                <p>{sum}</p>
                {items}
                <p>{own.room_note}</p>
            </section>
        }
    });
    let experts: Vec<Part> = events
        .conversations
        .iter()
        .map(|each| (each.experts, conversation_id(each), each.title.as_str()))
        .collect();
    let conversations = (!events.conversations.is_empty()).then(|| {
        let sum = sum(own.conversations_sum, &experts);
        view! {
            <section class="l-stack" aria-labelledby="conversations">
                <h2 id="conversations">{own.conversations}</h2>
                <p>{sum}</p>
                {table(&events.conversations, &lang)}
            </section>
        }
    });
    view! { {workshops}{conversations} }.into_any()
}

/// What a record adds to a sum: how many, the id under which it stands on the page, its title.
type Part<'a> = (u32, String, &'a str);

/// How many, in how many records, and what adds up to it: each number leads to its record.
fn sum(message: &str, parts: &[Part<'_>]) -> AnyView {
    let number = |n: u32| format::number(language(), n.into());
    let total = number(parts.iter().map(|(part, ..)| part).sum());
    let records = format::number(language(), parts.len() as u64);
    let terms = parts
        .iter()
        .enumerate()
        .map(|(index, (part, id, title))| {
            let term = counted(number(*part), format!("#{id}"), title);
            view! { {(index > 0).then_some(" + ")}{term} }
        })
        .collect_view();
    sentence(message, vec![total.into_any(), records.into_any(), terms.into_any()])
}

fn workshop_id(workshop: &Workshop) -> String {
    format!("workshop-{}", workshop.slug)
}

fn conversation_id(conversation: &Conversation) -> String {
    format!("conversation-{}", conversation.slug)
}

fn workshop(workshop: &Workshop, outcomes: &[ActionOutcome], lang: &str) -> AnyView {
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
    let id = workshop_id(workshop);
    let name = id.clone();
    let actions = (!workshop.actions.is_empty()).then(|| {
        let led_to = |action: &str| -> Vec<(String, String)> {
            let here = outcomes.iter().filter(|outcome| outcome.workshop == workshop.slug);
            here.filter(|outcome| outcome.action == action)
                .map(|ActionOutcome { proposal, .. }| {
                    let words =
                        format!("{}. {}", format::number(language(), proposal.number.into()), proposal.title);
                    (route::href(Route::Proposal(proposal.id.clone())), words)
                })
                .collect()
        };
        // Where no action led to a proposal on record, nothing is said about it.
        let is_followed = outcomes.iter().any(|outcome| outcome.workshop == workshop.slug);
        let rows = workshop.actions.iter().map(|action| {
            let mut cells = vec![Cell::Words(action.table.clone()), Cell::Number(action.votes.into())];
            cells.extend(is_followed.then(|| Cell::Links(led_to(&action.title))));
            (action.title.clone(), cells)
        });
        let mut heads = vec![own.action, own.table, own.votes_in_room];
        heads.extend(is_followed.then_some(own.led_to));
        view! {
            <h4>{own.actions}</h4>
            <Table
                caption=fill(own.actions_of, &[&workshop.title])
                heads
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

fn table(conversations: &[Conversation], lang: &str) -> AnyView {
    let own = i18n::encounters();
    let ids = conversations.iter().map(conversation_id).collect::<Vec<_>>();
    let rows = conversations.iter().map(|conversation| {
        let number = |n: u32| Cell::Number(n.into());
        let cells = vec![
            Cell::Words(format::date(language(), conversation.date)),
            number(conversation.experts),
            number(conversation.women),
            number(conversation.men),
        ];
        (conversation.title.clone(), cells)
    });
    let heads = vec![own.conversation, own.date, own.experts, own.women, own.men];
    view! { <Table caption=own.conversations.to_owned() heads rows=rows.collect() content=lang.to_owned() ids /> }
        .into_any()
}
