//! Points and scores: a stepper for each option.

use super::paper::{Paper, title_id};
use super::rule;
use crate::i18n::{self, language};
use crate::state::ballot::Barrier;
use crate::ui::icon::{Icon, icon};
use crate::ui::reactive::{change, click, text, word_if};
use cabildo_contract::ballot::BallotRule;
use cabildo_contract::consultation::BallotOption;
use cabildo_contract::id::OptionId;
use leptos::prelude::*;

/// All options, each with its stepper.
pub fn list(paper: Paper) -> impl IntoView {
    let own = i18n::voting();
    view! {
        <div class="c-ballot__options" role="group" aria-label=own.options aria-describedby="ballot-rule">
            {paper.each(|option| row(paper, option))}
        </div>
    }
}

/// The lowest and the highest number that an option can be given. None is below the lowest.
fn range(paper: Paper, option: &OptionId) -> (i32, i32) {
    match paper.voting.rule() {
        BallotRule::Cumulative(rule) => {
            let own = paper.voting.points(option).unwrap_or(0);
            let left = i64::from(rule.max_sum()) - paper.voting.given() + i64::from(own);
            let most = i64::from(rule.max_points().unwrap_or(rule.max_sum())).min(left).max(own.into());
            (1, i32::try_from(most).unwrap_or(i32::MAX))
        }
        BallotRule::Scoring(rule) => (rule.min_score(), rule.max_score()),
        _ => (0, 0),
    }
}

/// The number after `now`, if there is one: the first is 1, or what is nearest to it.
fn more(paper: Paper, option: &OptionId) -> Option<i32> {
    let (low, high) = range(paper, option);
    match paper.voting.points(option) {
        None if paper.voting.barrier(option).is_some() => None,
        None => Some(1.clamp(low, high)),
        Some(now) => now.checked_add(1).filter(|next| *next <= high),
    }
}

/// The number before `now`; below the lowest there is none.
fn less(paper: Paper, option: &OptionId) -> Option<i32> {
    let (low, _) = range(paper, option);
    paper.voting.points(option)?.checked_sub(1).filter(|next| *next >= low)
}

fn row(paper: Paper, option: &BallotOption) -> AnyView {
    let own = i18n::voting();
    let voting = paper.voting;
    let id = option.id.clone();
    let (field, hint) = (format!("points-{id}"), format!("full-{id}"));
    let points = {
        let id = id.clone();
        Memo::new(move |_| voting.points(&id))
    };
    let can_more = {
        let id = id.clone();
        Memo::new(move |_| more(paper, &id).is_some())
    };
    let barrier = paper.barrier(&id);
    let is_full =
        Memo::new(move |_| points.get().is_none() && matches!(barrier.get(), Some(Barrier::Full(_))));
    let shown = text(move || points.get().map(|points| points.to_string()).unwrap_or_default());
    let named = |verb: &str| format!("{verb}: {}", option.title);
    let (raised, lowered, typed) = (id.clone(), id.clone(), id.clone());
    let raise = move || {
        if let Some(next) = untrack(|| more(paper, &raised)) {
            voting.give(&raised, Some(next));
        }
    };
    let lower = move || voting.give(&lowered, untrack(|| less(paper, &lowered)));
    let on_change = change(move |event| {
        let (low, high) = untrack(|| range(paper, &typed));
        let allowed = untrack(|| points.get().is_some() || barrier.get().is_none());
        let number: Option<i32> = event_target_value(&event).trim().parse().ok();
        // Below the lowest is none, and so is nothing.
        let number = number.filter(|number| *number >= low && allowed).map(|number| number.min(high));
        voting.give(&typed, number);
        let written = number.map(|number| number.to_string()).unwrap_or_default();
        event_target::<web_sys::HtmlInputElement>(&event).set_value(&written);
    });
    let unit = text(move || points.get().map(|n| rule::points(voting.rule(), n)).unwrap_or_default());
    let (low, high) = untrack(|| range(paper, &id));
    view! {
        <div class="c-stepper" role="group" aria-labelledby=title_id(&id) lang=paper.content.get_value()
            data-given=word_if("", move || points.get().is_some())
            data-full=word_if("", move || is_full.get()) hidden=paper.is_hidden(option)>
            <span class="c-choice__text">
                {paper.words(option, Some(&field))}
                <span class="c-choice__full" id=hint.clone() lang=language().tag()>{paper.barrier_words(barrier)}</span>
            </span>
            <span class="c-stepper__buttons" lang=language().tag()>
                <button type="button" class="c-button" aria-label=named(own.one_less) title=own.one_less
                    aria-disabled=word_if("true", move || points.get().is_none()) on:click=click(lower)>
                    {icon(Icon::MINUS)}
                </button>
                <input id=field.clone() type="number" inputmode="numeric" step="1" min=low.to_string() max=high.to_string()
                    placeholder="–" aria-describedby=hint
                    prop:value=shown on:change=on_change />
                <button type="button" class="c-button" aria-label=named(own.one_more) title=own.one_more
                    aria-disabled=word_if("true", move || !can_more.get()) on:click=click(raise)>
                    {icon(Icon::PLUS)}
                </button>
                <span class="u-visually-hidden" role="status">{unit}</span>
            </span>
        </div>
    }
    .into_any()
}
