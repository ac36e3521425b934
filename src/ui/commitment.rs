//! A commitment: how far it has come, and what shows it.

use crate::i18n::{self, count, fill, format, language, messages};
use crate::ui::badge::badge;
use crate::ui::facts::Facts;
use crate::ui::icon::Icon;
use crate::ui::outside::outside;
use crate::ui::phases::dates;
use cabildo_contract::commitment::{Commitment, CommitmentMilestone, Completion, Evidence};
use leptos::prelude::*;

/// How far something promised has come, in words.
#[must_use]
pub fn completion_name(completion: Completion) -> &'static str {
    let own = i18n::commitment();
    match completion {
        Completion::NotStarted => own.not_started,
        Completion::Limited => own.limited,
        Completion::Substantial => own.substantial,
        Completion::Complete => own.complete,
    }
}

/// How far something promised has come.
#[must_use]
pub fn completion(completion: Completion) -> AnyView {
    let (tone, picture) = match completion {
        Completion::NotStarted => ("neutral", Icon::CLOCK),
        Completion::Limited => ("neutral", Icon::MINUS),
        Completion::Substantial => ("info", Icon::PLUS),
        Completion::Complete => ("good", Icon::CHECK),
    };
    badge(tone, picture, completion_name(completion))
}

/// What a proposal became: milestones with status, dates and evidence, and what was found about the whole. Where nothing
/// is on record it says so.
#[component]
pub fn CommitmentView(
    /// The commitment.
    commitment: Commitment,
    /// The language of what it says.
    #[prop(into)]
    content: String,
) -> impl IntoView {
    let (t, own) = (messages(), i18n::commitment());
    let number = format::number(language(), commitment.number.into());
    let complete = commitment.complete() as u64;
    let standing = match (commitment.completion(), &commitment.assessment) {
        (None, _) => view! { <p class="c-empty">{own.not_on_record}</p> }.into_any(),
        (Some(found), assessment) => {
            let from = if assessment.is_some() { own.assessed } else { own.computed };
            view! { <p class="l-cluster">{completion(found)}{from}</p> }.into_any()
        }
    };
    let assessment = commitment.assessment.map(|assessment| {
        view! {
            <h3>{own.assessment}</h3>
            <div class="l-stack" data-gap="s" lang=content.clone()>
                <p>{assessment.text}</p>
                <p class="c-versions__source">
                    <span lang=language().tag()>{t.source}": "</span>{assessment.source}
                </p>
            </div>
        }
    });
    let milestones = (!commitment.milestones.is_empty()).then(|| {
        let all = count(&own.milestones_of, commitment.milestones.len() as u64);
        let sum = fill(own.milestones_complete, &[&format::number(language(), complete), &all]);
        let items = commitment.milestones.into_iter().map(|each| milestone(each, &content)).collect_view();
        view! {
            <h3>{own.milestones}</h3>
            <p>{sum}</p>
            <ol class="c-versions">{items}</ol>
        }
    });
    let facts = vec![(own.responsible, commitment.responsible.map(IntoAny::into_any))];
    view! {
        <section class="l-stack" aria-labelledby="commitment">
            <h2 id="commitment">{fill(own.title, &[&number])}</h2>
            {standing}
            <div lang=content.clone()><Facts facts /></div>
            {assessment}
            {milestones}
        </section>
    }
}

fn milestone(milestone: CommitmentMilestone, lang: &str) -> AnyView {
    let (t, own) = (messages(), i18n::commitment());
    let date = |date| format::date(language(), date);
    let when = match (milestone.from, milestone.to) {
        (Some(from), Some(to)) => dates(from, to),
        (Some(from), None) => fill(own.from, &[&date(from)]),
        (None, Some(to)) => fill(own.until, &[&date(to)]),
        (None, None) => own.no_date.to_owned(),
    };
    let kind = if milestone.status == Completion::Complete { "final" } else { "draft" };
    let evidence = (!milestone.evidence.is_empty()).then(|| {
        let items = milestone.evidence.iter().map(|each| shown(each, lang)).collect_view();
        view! { <p class="c-versions__kind">{own.evidence}</p><ul>{items}</ul> }
    });
    view! {
        <li data-kind=kind>
            <p class="c-versions__kind l-cluster" data-gap="s">{completion(milestone.status)}{when}</p>
            <p class="c-versions__title" lang=lang.to_owned()>{milestone.title}</p>
            {evidence}
            <p class="c-versions__source">{t.source}": "<span lang=lang.to_owned()>{milestone.source}</span></p>
        </li>
    }
    .into_any()
}

fn shown(evidence: &Evidence, lang: &str) -> AnyView {
    let date = evidence.date.map(|date| format!(" · {}", format::date(language(), date)));
    view! { <li>{outside(evidence.address(), evidence.title.clone(), lang)}{date}</li> }.into_any()
}
