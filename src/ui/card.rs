//! A proposal in a list.

use crate::i18n::{count, messages};
use crate::route::{self, Route};
use crate::ui::badge;
use crate::ui::icon::{Icon, icon};
use cabildo_contract::proposal::{ProposalSummary, UnnamedProposals};
use leptos::prelude::*;

/// A proposal; its title is the link to it. `content` is the language of what it says.
#[component]
pub fn ProposalCard(
    /// The proposal.
    proposal: ProposalSummary,
    /// The language of its texts.
    #[prop(into)]
    content: String,
) -> impl IntoView {
    let t = messages();
    let place =
        proposal.territory.as_ref().map_or(t.whole_nation.to_owned(), |territory| territory.name.clone());
    let themes: Vec<_> = proposal.themes.iter().map(|theme| theme.title.clone()).collect();
    view! {
        <article class="c-card">
            <p class="c-card__number">{proposal.number}</p>
            <h3 class="c-card__title" lang=content.clone()>
                <a href=route::href(Route::Proposal(proposal.id.clone()))>{proposal.title.clone()}</a>
            </h3>
            <p class="c-card__summary" lang=content.clone()>{proposal.summary.clone()}</p>
            <ul class="c-card__meta">
                <li>{badge::status(proposal.status)}</li>
                <li>{icon(Icon::LANDMARK)}{badge::level_name(proposal.level)}</li>
                <li lang=content.clone()>{icon(Icon::PIN)}{place}</li>
                <li lang=content>{icon(Icon::TAG)}{themes.join(" · ")}</li>
                <li>{icon(Icon::SPEECH)}{count(&t.comments, proposal.comments.total)}</li>
                {(proposal.comments.simulated > 0).then(|| view! { <li>{badge::simulated()}</li> })}
            </ul>
        </article>
    }
}

/// Proposals that are counted and were never named.
#[component]
pub fn UnnamedCard(
    /// The group.
    group: UnnamedProposals,
    /// The language of its note.
    #[prop(into)]
    content: String,
) -> impl IntoView {
    let t = messages();
    view! {
        <article class="c-card" data-unnamed>
            <p class="c-card__number" aria-hidden="true">"×"{group.count}</p>
            <h3 class="c-card__title">{count(&t.unnamed_proposals, group.count.into())}</h3>
            <p class="c-card__summary" lang=content.clone()>{group.note.clone()}</p>
            <ul class="c-card__meta">
                <li>{badge::status(group.status)}</li>
                <li>{badge::level(group.level)}</li>
                <li lang=content>{t.source}": "{group.source.clone()}</li>
            </ul>
        </article>
    }
}
