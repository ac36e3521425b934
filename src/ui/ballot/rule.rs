//! A rule in words: what it asks, how far the ballot is, what is wrong with it.

use super::paper::Paper;
use crate::i18n::{self, count, fill, format, language};
use cabildo_contract::ballot::BallotRule;
use cabildo_contract::consultation::Budget;
use cabildo_contract::problem::FieldProblemKind;
use leptos::prelude::*;

/// The sentence that explains a rule, made from the rule.
#[must_use]
pub fn rule_sentence(rule: BallotRule, budget: Option<&Budget>) -> String {
    let own = i18n::voting();
    let number = |n: u32| format::number(language(), n.into());
    let range = |exactly: &'static str, between: &'static str, min: u32, max: u32| {
        if min == max { fill(exactly, &[&number(max)]) } else { fill(between, &[&number(min), &number(max)]) }
    };
    let mut sentences = match rule {
        BallotRule::Support => vec![own.rule_support.to_owned()],
        BallotRule::Approval(rule) => {
            let choices = match (rule.min(), rule.max()) {
                (min, max) if min == max => count(&own.rule_exactly, min.into()),
                (1, max) => count(&own.rule_up_to, max.into()),
                (min, max) => fill(own.rule_between, &[&number(min), &number(max)]),
            };
            let cost =
                rule.max_cost().map(|cost| fill(own.rule_cost, &[&format::money(language(), cost, budget)]));
            [Some(choices), cost].into_iter().flatten().collect()
        }
        BallotRule::Ordinal(rule) => {
            vec![range(own.rule_rank, own.rule_rank_between, rule.min(), rule.max())]
        }
        BallotRule::Cumulative(rule) => {
            let points = range(own.rule_points, own.rule_points_between, rule.min_sum(), rule.max_sum());
            let cap = rule.max_points().map(|cap| fill(own.rule_points_cap, &[&number(cap)]));
            [Some(points), cap].into_iter().flatten().collect()
        }
        BallotRule::Scoring(rule) => {
            vec![fill(own.rule_scores, &[&signed(rule.min_score()), &signed(rule.max_score())])]
        }
    };
    if rule.takes_points() {
        sentences.extend(
            Some(rule.min()).filter(|min| *min > 1).map(|min| count(&own.rule_options_min, min.into())),
        );
        sentences.extend(rule.max().map(|max| count(&own.rule_options_max, max.into())));
    }
    sentences.join(" ")
}

fn signed(n: i32) -> String {
    format::signed(language(), n.into())
}

/// What an option was given, in words.
pub fn points(rule: BallotRule, points: i32) -> String {
    match rule {
        BallotRule::Cumulative(_) => count(&i18n::voting().points, points.unsigned_abs().into()),
        _ => fill(i18n::voting().score, &[&signed(points)]),
    }
}

/// How far the ballot is filled in.
pub fn progress(paper: Paper) -> String {
    let own = i18n::voting();
    let voting = paper.voting;
    let number = |n: usize| format::number(language(), n as u64);
    let of = |message, max: u32| fill(message, &[&number(voting.chosen()), &number(max as usize)]);
    match voting.rule() {
        BallotRule::Support => count(&own.chosen_count, voting.chosen() as u64),
        BallotRule::Approval(rule) => match rule.max_cost() {
            Some(max) => {
                let left = max.saturating_sub(voting.cost.get());
                let left = fill(own.cost_left, &[&paper.money(left), &paper.money(max)]);
                format!("{}. {left}", of(own.chosen_of, rule.max()))
            }
            None => of(own.chosen_of, rule.max()),
        },
        BallotRule::Ordinal(rule) => of(own.ranked_of, rule.max()),
        BallotRule::Cumulative(rule) => {
            let left = i64::from(rule.max_sum()).saturating_sub(voting.given()).max(0).unsigned_abs();
            let words = format::plural(language(), &own.points_left, left);
            fill(words, &[&format::number(language(), left), &number(rule.max_sum() as usize)])
        }
        BallotRule::Scoring(_) => count(&own.scored_count, voting.chosen() as u64),
    }
}

/// What is wrong with the ballot, and what to do; empty if nothing is.
pub fn fault(paper: Paper) -> String {
    let Some((kind, limit)) = paper.voting.broken_bound() else { return String::new() };
    paper.budget.with_value(|budget| broken(paper.voting.rule(), budget.as_ref(), kind, limit))
}

/// A bound of the rule that a ballot breaks, in words.
#[must_use]
pub fn broken(rule: BallotRule, budget: Option<&Budget>, kind: FieldProblemKind, limit: i64) -> String {
    let own = i18n::voting();
    let limit = limit.unsigned_abs();
    match kind {
        FieldProblemKind::TooFew => count(&own.choose_at_least, limit),
        FieldProblemKind::OverBudget => fill(own.rule_cost, &[&format::money(language(), limit, budget)]),
        FieldProblemKind::SumTooLow => count(&own.points_at_least, limit),
        FieldProblemKind::SumTooHigh => count(&own.points_at_most, limit),
        FieldProblemKind::PointsTooHigh | FieldProblemKind::PointsTooLow => rule_sentence(rule, budget),
        _ => count(&own.choose_at_most, limit),
    }
}
