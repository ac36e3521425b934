//! The rules: what a valid ballot is.
//!
//! Every rule is parsed so that one that nobody could follow cannot exist. Those of Pabulib are described in
//! P. Faliszewski et al., *Participatory Budgeting: Data, Tools, and Analysis* (IJCAI 2023), and at
//! <https://pabulib.org/format>.

use super::{BallotBody, Checked};
use crate::consultation::BallotOption;
use crate::id::OptionId;
use crate::problem::{FieldProblem, FieldProblemKind};
use serde::{Deserialize, Serialize};
use std::collections::{HashMap, HashSet};

/// The rule contradicts itself or allows an empty ballot; says how.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct InvalidRule(&'static str);

impl std::fmt::Display for InvalidRule {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.0)
    }
}

impl std::error::Error for InvalidRule {}

/// Unless every ballot has a choice, and some number of choices is allowed.
const fn length(min: u32, max: u32) -> Result<(), InvalidRule> {
    if min >= 1 && min <= max { Ok(()) } else { Err(InvalidRule("a rule needs 1 ≤ min ≤ max")) }
}

/// Approval: a ballot names the options that it approves, all alike; an option's votes are the ballots that name it
/// (S. J. Brams and P. C. Fishburn, *Approval Voting*, 1983). With a limit on what they may cost in all it is
/// *knapsack voting* (A. Goel et al., *Knapsack Voting for Participatory Budgeting*, 2019).
/// Invariant: `1 ≤ min ≤ max`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "RawApproval")]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Approval {
    /// Fewest choices.
    min: u32,
    /// Most choices.
    max: u32,
    /// The most that the options chosen may cost in all. An option without a cost costs nothing.
    #[serde(skip_serializing_if = "Option::is_none")]
    max_cost: Option<u64>,
}

/// As it arrives, before it is checked.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawApproval {
    min: u32,
    max: u32,
    max_cost: Option<u64>,
}

impl TryFrom<RawApproval> for Approval {
    type Error = InvalidRule;
    fn try_from(raw: RawApproval) -> Result<Self, InvalidRule> {
        Ok(Self { max_cost: raw.max_cost, ..Self::new(raw.min, raw.max)? })
    }
}

impl Approval {
    /// A rule of `min` to `max` choices.
    ///
    /// # Errors
    /// [`InvalidRule`] unless `1 ≤ min ≤ max`.
    pub const fn new(min: u32, max: u32) -> Result<Self, InvalidRule> {
        match length(min, max) {
            Ok(()) => Ok(Self { min, max, max_cost: None }),
            Err(error) => Err(error),
        }
    }

    /// The same, within a total cost.
    #[must_use]
    pub const fn within(self, max_cost: u64) -> Self {
        Self { max_cost: Some(max_cost), ..self }
    }

    /// Fewest choices.
    #[must_use]
    pub const fn min(self) -> u32 {
        self.min
    }

    /// Most choices.
    #[must_use]
    pub const fn max(self) -> u32 {
        self.max
    }

    /// The most that the options chosen may cost in all.
    #[must_use]
    pub const fn max_cost(self) -> Option<u64> {
        self.max_cost
    }
}

/// What a first place is worth where ballots may rank different numbers of options.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub enum FirstPlace {
    /// As many points as a ballot may rank options, whatever it ranks: a short ballot loses nothing.
    #[default]
    Max,
    /// As many points as the ballot ranks options (P. Emerson, *The original Borda count and partial voting*, 2013;
    /// what Pabulib counts).
    Length,
}

/// A ranking, best first. An option gets the points of its place, one less at each place (J.-C. de Borda, *Mémoire sur
/// les élections au scrutin*, 1781); one that is not ranked gets none. With `min = max` both ways to count agree.
/// Invariant: `1 ≤ min ≤ max`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "RawOrdinal")]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Ordinal {
    /// Fewest options to rank.
    min: u32,
    /// Most options to rank.
    max: u32,
    /// What a first place is worth.
    first_place: FirstPlace,
}

/// As it arrives, before it is checked.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawOrdinal {
    min: u32,
    max: u32,
    #[serde(default)]
    first_place: FirstPlace,
}

impl TryFrom<RawOrdinal> for Ordinal {
    type Error = InvalidRule;
    fn try_from(raw: RawOrdinal) -> Result<Self, InvalidRule> {
        Self::new(raw.min, raw.max, raw.first_place)
    }
}

impl Ordinal {
    /// A ranking of `min` to `max` options.
    ///
    /// # Errors
    /// [`InvalidRule`] unless `1 ≤ min ≤ max`.
    pub const fn new(min: u32, max: u32, first_place: FirstPlace) -> Result<Self, InvalidRule> {
        match length(min, max) {
            Ok(()) => Ok(Self { min, max, first_place }),
            Err(error) => Err(error),
        }
    }

    /// Fewest options to rank.
    #[must_use]
    pub const fn min(self) -> u32 {
        self.min
    }

    /// Most options to rank.
    #[must_use]
    pub const fn max(self) -> u32 {
        self.max
    }

    /// What a first place is worth.
    #[must_use]
    pub const fn first_place(self) -> FirstPlace {
        self.first_place
    }
}

/// Points to distribute: a ballot gives each option that it chooses one point or more; an option's score is their sum
/// (*cumulative voting*; R. L. Cole, R. L. Engstrom and R. L. Taebel, 1990). Options without points are left out.
/// Invariants: `1 ≤ min_sum ≤ max_sum`, `1 ≤ min ≤ max`, `1 ≤ max_points`, and `min_sum` can be reached with as many
/// options as may be chosen, `min` options can be chosen with `max_sum`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "RawCumulative")]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Cumulative {
    /// Fewest points to give in all.
    min_sum: u32,
    /// Most points to give in all.
    max_sum: u32,
    /// Most points for one option.
    #[serde(skip_serializing_if = "Option::is_none")]
    max_points: Option<u32>,
    /// Fewest options to give points to.
    min: u32,
    /// Most options to give points to.
    #[serde(skip_serializing_if = "Option::is_none")]
    max: Option<u32>,
}

/// As it arrives, before it is checked.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawCumulative {
    min_sum: u32,
    max_sum: u32,
    max_points: Option<u32>,
    #[serde(default = "one")]
    min: u32,
    max: Option<u32>,
}

const fn one() -> u32 {
    1
}

impl TryFrom<RawCumulative> for Cumulative {
    type Error = InvalidRule;
    fn try_from(raw: RawCumulative) -> Result<Self, InvalidRule> {
        Self::new(raw.min_sum, raw.max_sum)?.limit(raw.max_points, raw.min, raw.max)
    }
}

impl Cumulative {
    /// A rule of `min_sum` to `max_sum` points in all.
    ///
    /// # Errors
    /// [`InvalidRule`] unless `1 ≤ min_sum ≤ max_sum`.
    pub const fn new(min_sum: u32, max_sum: u32) -> Result<Self, InvalidRule> {
        if min_sum >= 1 && min_sum <= max_sum {
            Ok(Self { min_sum, max_sum, max_points: None, min: 1, max: None })
        } else {
            Err(InvalidRule("a cumulative rule needs 1 ≤ min_sum ≤ max_sum"))
        }
    }

    /// The same with at most `max_points` for one option, and `min` to `max` options.
    ///
    /// # Errors
    /// [`InvalidRule`] if no ballot could follow it.
    pub const fn limit(
        self,
        max_points: Option<u32>,
        min: u32,
        max: Option<u32>,
    ) -> Result<Self, InvalidRule> {
        let most = match max {
            Some(max) => max,
            None => u32::MAX,
        };
        if let Err(error) = length(min, most) {
            return Err(error);
        }
        if min > self.max_sum {
            return Err(InvalidRule("a cumulative rule needs max_sum ≥ min: each option gets a point"));
        }
        match (max_points, max) {
            (Some(0), _) => Err(InvalidRule("a cumulative rule needs max_points ≥ 1")),
            (Some(points), Some(max)) if points as u64 * (max as u64) < self.min_sum as u64 => {
                Err(InvalidRule("a cumulative rule needs max_points × max ≥ min_sum"))
            }
            _ => Ok(Self { max_points, min, max, ..self }),
        }
    }

    /// Fewest points to give in all.
    #[must_use]
    pub const fn min_sum(self) -> u32 {
        self.min_sum
    }

    /// Most points to give in all.
    #[must_use]
    pub const fn max_sum(self) -> u32 {
        self.max_sum
    }

    /// Most points for one option.
    #[must_use]
    pub const fn max_points(self) -> Option<u32> {
        self.max_points
    }

    /// Fewest options to give points to.
    #[must_use]
    pub const fn min(self) -> u32 {
        self.min
    }

    /// Most options to give points to; none: as many as there are.
    #[must_use]
    pub const fn max(self) -> Option<u32> {
        self.max
    }
}

/// A score for each option that the person wants to score, within a range (*score* or *range voting*; W. D. Smith,
/// *Range Voting*, 2000). An option's score is the sum; its mean is over the ballots that score it.
/// Invariants: `min_score < max_score`, `1 ≤ min ≤ max`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "RawScoring")]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Scoring {
    /// Lowest score.
    min_score: i32,
    /// Highest score.
    max_score: i32,
    /// Fewest options to score.
    min: u32,
    /// Most options to score.
    #[serde(skip_serializing_if = "Option::is_none")]
    max: Option<u32>,
}

/// As it arrives, before it is checked.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawScoring {
    min_score: i32,
    max_score: i32,
    #[serde(default = "one")]
    min: u32,
    max: Option<u32>,
}

impl TryFrom<RawScoring> for Scoring {
    type Error = InvalidRule;
    fn try_from(raw: RawScoring) -> Result<Self, InvalidRule> {
        Self::new(raw.min_score, raw.max_score)?.limit(raw.min, raw.max)
    }
}

impl Scoring {
    /// A rule of scores from `min_score` to `max_score`.
    ///
    /// # Errors
    /// [`InvalidRule`] unless `min_score < max_score`.
    pub const fn new(min_score: i32, max_score: i32) -> Result<Self, InvalidRule> {
        if min_score < max_score {
            Ok(Self { min_score, max_score, min: 1, max: None })
        } else {
            Err(InvalidRule("a scoring rule needs min_score < max_score"))
        }
    }

    /// The same for `min` to `max` options.
    ///
    /// # Errors
    /// [`InvalidRule`] unless `1 ≤ min ≤ max`.
    pub const fn limit(self, min: u32, max: Option<u32>) -> Result<Self, InvalidRule> {
        let most = match max {
            Some(max) => max,
            None => u32::MAX,
        };
        match length(min, most) {
            Ok(()) => Ok(Self { min, max, ..self }),
            Err(error) => Err(error),
        }
    }

    /// Lowest score.
    #[must_use]
    pub const fn min_score(self) -> i32 {
        self.min_score
    }

    /// Highest score.
    #[must_use]
    pub const fn max_score(self) -> i32 {
        self.max_score
    }

    /// Fewest options to score.
    #[must_use]
    pub const fn min(self) -> u32 {
        self.min
    }

    /// Most options to score; none: as many as there are.
    #[must_use]
    pub const fn max(self) -> Option<u32> {
        self.max
    }
}

/// What a valid ballot is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "kind")]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub enum BallotRule {
    /// Support any number of options, at least one: approval without an upper bound.
    Support,
    /// Choose some options, all alike.
    Approval(Approval),
    /// Rank some options.
    Ordinal(Ordinal),
    /// Distribute points.
    Cumulative(Cumulative),
    /// Score options.
    Scoring(Scoring),
}

impl BallotRule {
    /// Fewest options that a ballot names.
    #[must_use]
    pub const fn min(&self) -> u32 {
        match self {
            Self::Support => 1,
            Self::Approval(rule) => rule.min,
            Self::Ordinal(rule) => rule.min,
            Self::Cumulative(rule) => rule.min,
            Self::Scoring(rule) => rule.min,
        }
    }

    /// Most options that a ballot names; none: as many as there are.
    #[must_use]
    pub const fn max(&self) -> Option<u32> {
        match self {
            Self::Support => None,
            Self::Approval(rule) => Some(rule.max),
            Self::Ordinal(rule) => Some(rule.max),
            Self::Cumulative(rule) => rule.max,
            Self::Scoring(rule) => rule.max,
        }
    }

    /// Whether the order of the choices is part of the answer.
    #[must_use]
    pub const fn ranks(&self) -> bool {
        matches!(self, Self::Ordinal(_))
    }

    /// Whether a ballot gives each of its choices a number.
    #[must_use]
    pub const fn takes_points(&self) -> bool {
        matches!(self, Self::Cumulative(_) | Self::Scoring(_))
    }

    /// Whether a ballot names exactly one option, so that choosing another takes the place of the first.
    #[must_use]
    pub const fn is_single(&self) -> bool {
        matches!(self, Self::Approval(rule) if rule.max == 1)
    }

    /// Checks a ballot against the rule and the options on offer.
    ///
    /// # Errors
    /// Everything that is wrong with it, each with its place: too few or too many choices, an option twice, an option
    /// that is not on offer; points that are missing, out of range or too many in all; a choice beyond the budget.
    pub fn check(&self, options: &[BallotOption], ballot: BallotBody) -> Result<Checked, Vec<FieldProblem>> {
        let mut problems = Vec::new();
        let count = u32::try_from(ballot.choices.len()).unwrap_or(u32::MAX);
        if count < self.min() {
            problems.push(FieldProblem::bound("/choices", FieldProblemKind::TooFew, self.min()));
        }
        if let Some(max) = self.max().filter(|max| count > *max) {
            problems.push(FieldProblem::bound("/choices", FieldProblemKind::TooMany, max));
        }
        self.check_choices(options, &ballot.choices, &mut problems);
        if self.takes_points() {
            self.check_points(&ballot, &mut problems);
        } else if !ballot.points.is_empty() {
            problems.push(FieldProblem::new("/points", FieldProblemKind::UnknownField));
        }
        if problems.is_empty() { Ok(Checked(self.as_kept(ballot))) } else { Err(problems) }
    }

    fn check_choices(
        &self,
        options: &[BallotOption],
        choices: &[OptionId],
        problems: &mut Vec<FieldProblem>,
    ) {
        let offered: HashMap<&OptionId, u64> =
            options.iter().map(|option| (&option.id, option.cost.unwrap_or(0))).collect();
        let mut seen = HashSet::new();
        let mut cost: u64 = 0;
        for (index, choice) in choices.iter().enumerate() {
            let pointer = || format!("/choices/{index}");
            match offered.get(choice) {
                None => problems.push(FieldProblem::new(pointer(), FieldProblemKind::UnknownOption)),
                Some(_) if !seen.insert(choice) => {
                    problems.push(FieldProblem::new(pointer(), FieldProblemKind::Duplicate));
                }
                Some(own) => cost = cost.saturating_add(*own),
            }
        }
        if let Self::Approval(Approval { max_cost: Some(limit), .. }) = self
            && cost > *limit
        {
            let limit = i64::try_from(*limit).unwrap_or(i64::MAX);
            problems.push(FieldProblem::bound("/choices", FieldProblemKind::OverBudget, limit));
        }
    }

    fn check_points(&self, ballot: &BallotBody, problems: &mut Vec<FieldProblem>) {
        if ballot.points.len() != ballot.choices.len() {
            problems.push(FieldProblem::new("/points", FieldProblemKind::NotParallel));
        }
        let (low, high) = match self {
            Self::Cumulative(rule) => (1, i64::from(rule.max_points.unwrap_or(rule.max_sum))),
            Self::Scoring(rule) => (i64::from(rule.min_score), i64::from(rule.max_score)),
            _ => return,
        };
        let mut sum: i64 = 0;
        for (index, points) in ballot.points.iter().enumerate() {
            let points = i64::from(*points);
            sum = sum.saturating_add(points);
            let pointer = || format!("/points/{index}");
            if points < low {
                problems.push(FieldProblem::bound(pointer(), FieldProblemKind::PointsTooLow, low));
            }
            if points > high {
                problems.push(FieldProblem::bound(pointer(), FieldProblemKind::PointsTooHigh, high));
            }
        }
        if let Self::Cumulative(rule) = self {
            if sum < rule.min_sum.into() {
                problems.push(FieldProblem::bound("/points", FieldProblemKind::SumTooLow, rule.min_sum));
            }
            if sum > rule.max_sum.into() {
                problems.push(FieldProblem::bound("/points", FieldProblemKind::SumTooHigh, rule.max_sum));
            }
        }
    }

    /// A ballot as it is kept: see [`Checked::body`].
    #[must_use]
    pub fn as_kept(&self, ballot: BallotBody) -> BallotBody {
        let BallotBody { mut choices, points } = ballot;
        if self.takes_points() && points.len() == choices.len() {
            let mut pairs: Vec<(OptionId, i32)> = choices.into_iter().zip(points).collect();
            pairs.sort();
            let (choices, points) = pairs.into_iter().unzip();
            return BallotBody { choices, points };
        }
        if !self.ranks() {
            // The order says nothing.
            choices.sort();
        }
        BallotBody { choices, points }
    }
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a test fails by panicking")]
mod tests {
    use super::*;
    use crate::tally::Count;
    use proptest::prelude::*;

    fn id(n: usize) -> OptionId {
        OptionId::parse(format!("o{n}")).unwrap()
    }

    /// Five options that cost 0, 10, 20, 30 and 40.
    fn options() -> Vec<BallotOption> {
        (0..5)
            .map(|n| BallotOption {
                id: id(n),
                reference: n.to_string(),
                title: n.to_string(),
                description: String::new(),
                proposal: None,
                cost: (n > 0).then_some(n as u64 * 10),
                group: None,
                comments: Count::default(),
            })
            .collect()
    }

    fn ballot(choices: &[usize], points: &[i32]) -> BallotBody {
        BallotBody { choices: choices.iter().copied().map(id).collect(), points: points.to_vec() }
    }

    fn rule(json: &str) -> BallotRule {
        serde_json::from_str(json).unwrap()
    }

    fn check(json: &str, choices: &[usize], points: &[i32]) -> Result<Checked, Vec<FieldProblem>> {
        rule(json).check(&options(), ballot(choices, points))
    }

    const SUPPORT: &str = r#"{"kind":"support"}"#;
    const APPROVAL: &str = r#"{"kind":"approval","min":1,"max":2}"#;
    const KNAPSACK: &str = r#"{"kind":"approval","min":1,"max":5,"max_cost":50}"#;
    const ORDINAL: &str = r#"{"kind":"ordinal","min":2,"max":3}"#;
    const CUMULATIVE: &str = r#"{"kind":"cumulative","min_sum":3,"max_sum":5,"max_points":4}"#;
    const SCORING: &str = r#"{"kind":"scoring","min_score":-2,"max_score":2,"max":3}"#;
    const ALL: [&str; 6] = [SUPPORT, APPROVAL, KNAPSACK, ORDINAL, CUMULATIVE, SCORING];

    #[test]
    fn a_rule_that_nobody_could_follow_cannot_exist() {
        for good in ALL {
            let rule = rule(good);
            let again: BallotRule = serde_json::from_str(&serde_json::to_string(&rule).unwrap()).unwrap();
            assert_eq!(again, rule, "{good}");
        }
        for bad in [
            r#"{"kind":"approval","min":0,"max":1}"#,
            r#"{"kind":"approval","min":5,"max":1}"#,
            r#"{"kind":"approval","min":1,"max":1,"most":3}"#,
            r#"{"kind":"ordinal","min":0,"max":3}"#,
            r#"{"kind":"ordinal","min":1,"max":3,"first_place":"x"}"#,
            r#"{"kind":"cumulative","min_sum":0,"max_sum":5}"#,
            r#"{"kind":"cumulative","min_sum":6,"max_sum":5}"#,
            r#"{"kind":"cumulative","min_sum":1,"max_sum":5,"max_points":0}"#,
            r#"{"kind":"cumulative","min_sum":5,"max_sum":5,"max_points":2,"max":2}"#,
            r#"{"kind":"cumulative","min_sum":1,"max_sum":2,"min":3}"#,
            r#"{"kind":"scoring","min_score":2,"max_score":2}"#,
            r#"{"kind":"scoring","min_score":0,"max_score":2,"min":3,"max":2}"#,
            r#"{"kind":"lottery"}"#,
        ] {
            assert!(serde_json::from_str::<BallotRule>(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn approval_is_written_as_it_always_was() {
        assert_eq!(serde_json::to_string(&rule(APPROVAL)).unwrap(), APPROVAL);
        let kept = check(APPROVAL, &[1, 0], &[]).unwrap().into_body();
        assert_eq!(serde_json::to_string(&kept).unwrap(), r#"{"choices":["o0","o1"]}"#);
    }

    #[test]
    fn every_fault_of_a_ballot_is_named_with_its_place() {
        use FieldProblemKind as K;
        let at = |pointer: &str, kind, limit: i64| FieldProblem::bound(pointer, kind, limit);
        let plain = |pointer: &str, kind| FieldProblem::new(pointer, kind);
        for (json, choices, points, expected) in [
            (SUPPORT, &[][..], &[][..], vec![at("/choices", K::TooFew, 1)]),
            (
                APPROVAL,
                &[0, 9, 0],
                &[],
                vec![
                    at("/choices", K::TooMany, 2),
                    plain("/choices/1", K::UnknownOption),
                    plain("/choices/2", K::Duplicate),
                ],
            ),
            (APPROVAL, &[1], &[1], vec![plain("/points", K::UnknownField)]),
            (KNAPSACK, &[3, 4], &[], vec![at("/choices", K::OverBudget, 50)]),
            (ORDINAL, &[3], &[], vec![at("/choices", K::TooFew, 2)]),
            (CUMULATIVE, &[1, 2], &[3], vec![plain("/points", K::NotParallel)]),
            (CUMULATIVE, &[1, 2], &[1, 1], vec![at("/points", K::SumTooLow, 3)]),
            (CUMULATIVE, &[1, 2], &[4, 3], vec![at("/points", K::SumTooHigh, 5)]),
            (
                CUMULATIVE,
                &[1, 2],
                &[5, 0],
                vec![at("/points/0", K::PointsTooHigh, 4), at("/points/1", K::PointsTooLow, 1)],
            ),
            (SCORING, &[1, 2], &[-3, 2], vec![at("/points/0", K::PointsTooLow, -2)]),
            (SCORING, &[0, 1, 2, 3], &[0, 0, 0, 0], vec![at("/choices", K::TooMany, 3)]),
        ] {
            assert_eq!(check(json, choices, points).unwrap_err(), expected, "{json} {choices:?} {points:?}");
        }
    }

    #[test]
    fn only_in_a_ranking_the_order_is_part_of_the_answer() {
        assert_ne!(check(ORDINAL, &[1, 2], &[]), check(ORDINAL, &[2, 1], &[]));
        assert_eq!(check(KNAPSACK, &[1, 2], &[]), check(KNAPSACK, &[2, 1], &[]));
        assert_eq!(check(CUMULATIVE, &[1, 2], &[1, 3]), check(CUMULATIVE, &[2, 1], &[3, 1]));
        assert_ne!(check(CUMULATIVE, &[1, 2], &[1, 3]), check(CUMULATIVE, &[1, 2], &[3, 1]));
    }

    /// What the rules say, in other words than `check` says it.
    fn follows(json: &str, choices: &[usize], points: &[i32]) -> bool {
        let distinct: HashSet<_> = choices.iter().collect();
        let sum: i32 = points.iter().sum();
        let cost: usize = choices.iter().map(|n| n * 10).sum();
        let known = choices.iter().all(|n| *n < 5) && distinct.len() == choices.len() && !choices.is_empty();
        let (n, silent, parallel) = (choices.len(), points.is_empty(), points.len() == choices.len());
        known
            && match json {
                SUPPORT => silent,
                APPROVAL => silent && n <= 2,
                KNAPSACK => silent && cost <= 50,
                ORDINAL => silent && (2..=3).contains(&n),
                CUMULATIVE => {
                    parallel && (3..=5).contains(&sum) && points.iter().all(|points| (1..=4).contains(points))
                }
                _ => parallel && n <= 3 && points.iter().all(|points| (-2..=2).contains(points)),
            }
    }

    proptest! {
        #[test]
        fn a_ballot_is_accepted_exactly_when_it_follows_the_rule(
            json in prop::sample::select(ALL.to_vec()),
            choices in prop::collection::vec(0_usize..6, 0..5),
            points in prop_oneof![Just(Vec::new()), prop::collection::vec(-3_i32..6, 0..5)],
        ) {
            prop_assert_eq!(check(json, &choices, &points).is_ok(), follows(json, &choices, &points));
        }

        /// What one side keeps the other accepts, and keeps alike.
        #[test]
        fn a_ballot_that_was_accepted_is_accepted_again_after_the_wire(
            json in prop::sample::select(ALL.to_vec()),
            choices in prop::sample::subsequence(vec![0, 1, 2, 3, 4], 1..4).prop_shuffle(),
            seed in prop::collection::vec(1_i32..3, 4),
        ) {
            let rule = rule(json);
            let points = if rule.takes_points() { &seed[..choices.len()] } else { &[] };
            if let Ok(checked) = rule.check(&options(), ballot(&choices, points)) {
                let wire = serde_json::to_string(checked.body()).unwrap();
                let again = rule.check(&options(), serde_json::from_str(&wire).unwrap());
                prop_assert_eq!(again, Ok(checked));
            }
        }

        #[test]
        fn no_text_makes_the_decoder_or_the_check_panic(text in ".{0,200}", json in prop::sample::select(ALL.to_vec())) {
            if let Ok(body) = serde_json::from_str::<BallotBody>(&text) {
                let _ = rule(json).check(&options(), body);
            }
            let _ = serde_json::from_str::<BallotRule>(&text);
        }

        #[test]
        fn no_number_makes_the_check_panic(
            choices in prop::collection::vec(0_usize..6, 0..6),
            points in prop::collection::vec(any::<i32>(), 0..6),
            json in prop::sample::select(ALL.to_vec()),
        ) {
            let _ = check(json, &choices, &points);
        }
    }
}
