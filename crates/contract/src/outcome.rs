//! What follows from a count by a rule that was published before: seats filled, projects within a budget.
//!
//! People decide, not this function: until the close an outcome is preliminary, and a tie that matters is reported as
//! one and never broken.

use crate::consultation::Budget;
use crate::id::OptionId;
use crate::tally::OptionVotes;
use serde::{Deserialize, Serialize};

/// How many seats a group has.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct GroupSeats {
    /// The group, as the options name it.
    pub group: String,
    /// Its seats.
    pub seats: u32,
}

/// How an outcome follows from the votes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "kind")]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub enum OutcomeRule {
    /// In each group the options with the highest scores, as many as it has seats.
    Seats {
        /// The seats.
        seats: Vec<GroupSeats>,
    },
    /// By falling score, whatever still fits into the budget; one that does not fit is passed over and the next is
    /// tried (`rule: greedy` of Pabulib, <https://pabulib.org/format>; *greedy utilitarian welfare* with cost as
    /// satisfaction in P. Faliszewski et al., *Participatory Budgeting: Data, Tools, and Analysis*, IJCAI 2023).
    Greedy {
        /// The lowest score with which an option is chosen.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        min_score: Option<i64>,
    },
}

/// What becomes of an option.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub enum Verdict {
    /// It is chosen.
    Chosen,
    /// It is tied with others for less than they need: people have to decide.
    Tied,
    /// It depends on how a tie above it is decided.
    Undecided,
    /// It is not chosen.
    NotChosen,
}

/// Why an option is among those that the rule takes, or is not.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema), schema(as = OutcomeReason))]
pub enum Reason {
    /// Its score is among the highest, within the seats of its group.
    WithinSeats,
    /// It fits into what those above it leave of the budget.
    WithinBudget,
    /// It has the same score as others, and there are too few seats or too little money for all of them.
    TiedAtBorder,
    /// Whether it fits depends on a tie above it.
    DependsOnTie,
    /// The seats of its group went to higher scores.
    NoSeatLeft,
    /// Its group has no seats.
    GroupWithoutSeats,
    /// It costs more than those above it leave of the budget.
    BeyondBudget,
    /// Its score is below the lowest with which an option is chosen.
    BelowMinimum,
    /// Nobody chose it.
    NoVotes,
}

impl Reason {
    /// What becomes of an option for this reason.
    #[must_use]
    pub const fn verdict(self) -> Verdict {
        match self {
            Self::WithinSeats | Self::WithinBudget => Verdict::Chosen,
            Self::TiedAtBorder => Verdict::Tied,
            Self::DependsOnTie => Verdict::Undecided,
            Self::NoSeatLeft
            | Self::GroupWithoutSeats
            | Self::BeyondBudget
            | Self::BelowMinimum
            | Self::NoVotes => Verdict::NotChosen,
        }
    }
}

/// What becomes of one option, and why.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct OptionOutcome {
    /// The option.
    pub option: OptionId,
    /// Its name in the source.
    pub reference: String,
    /// What becomes of it.
    pub verdict: Verdict,
    /// Why.
    pub reason: Reason,
}

/// What follows from the votes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Outcome {
    /// By which rule.
    pub rule: OutcomeRule,
    /// Whether the consultation still takes ballots, so that it may become another.
    pub preliminary: bool,
    /// Every option, in the order of the results.
    pub options: Vec<OptionOutcome>,
    /// What the chosen ones cost in all, where there is a budget.
    pub spent: Option<u64>,
}

/// The outcome of `options`, which are ranked ([`crate::tally::rank`]).
///
/// Options that nobody chose are never chosen. Where seats or money do not suffice for all options of one score, they
/// are tied, unless those that fit at all do fit together. Under `greedy` everything below such a tie that still might
/// fit is undecided. Without a budget nothing fits; an option without a cost costs nothing.
#[must_use]
pub fn outcome(
    rule: &OutcomeRule,
    budget: Option<&Budget>,
    options: &[OptionVotes],
    preliminary: bool,
) -> Outcome {
    let reasons = match rule {
        OutcomeRule::Seats { seats } => by_seats(seats, options),
        OutcomeRule::Greedy { min_score } => {
            greedy(budget.map_or(0, |budget| budget.amount), *min_score, options)
        }
    };
    let outcomes = options.iter().zip(&reasons).map(|(option, reason)| OptionOutcome {
        option: option.option.clone(),
        reference: option.reference.clone(),
        verdict: reason.verdict(),
        reason: *reason,
    });
    let chosen = options.iter().zip(&reasons).filter(|(_, reason)| reason.verdict() == Verdict::Chosen);
    let spent = chosen.fold(0_u64, |sum, (option, _)| sum.saturating_add(option.cost.unwrap_or(0)));
    Outcome { rule: rule.clone(), preliminary, options: outcomes.collect(), spent: budget.map(|_| spent) }
}

fn by_seats(seats: &[GroupSeats], options: &[OptionVotes]) -> Vec<Reason> {
    let reason = |option: &OptionVotes| {
        let group = option.group.as_deref().unwrap_or_default();
        let Some(seats) = seats.iter().find(|seats| seats.group == group) else {
            return Reason::GroupWithoutSeats;
        };
        if option.votes == 0 {
            return Reason::NoVotes;
        }
        let rivals = || {
            options
                .iter()
                .filter(|rival| rival.group.as_deref().unwrap_or_default() == group && rival.votes > 0)
        };
        let above = rivals().filter(|rival| rival.score > option.score).count();
        let alike = rivals().filter(|rival| rival.score == option.score).count();
        let seats = seats.seats as usize;
        if above + alike <= seats {
            Reason::WithinSeats
        } else if above < seats {
            Reason::TiedAtBorder
        } else {
            Reason::NoSeatLeft
        }
    };
    options.iter().map(reason).collect()
}

fn greedy(budget: u64, min_score: Option<i64>, options: &[OptionVotes]) -> Vec<Reason> {
    let mut reasons = Vec::with_capacity(options.len());
    let mut left = budget;
    let mut tie_above = false;
    for alike in options.chunk_by(|a, b| a.score == b.score) {
        let cost = |option: &OptionVotes| option.cost.unwrap_or(0);
        let eligible = |option: &OptionVotes| {
            option.votes > 0 && min_score.is_none_or(|min_score| option.score >= min_score)
        };
        let fitting = alike.iter().filter(|option| eligible(option) && cost(option) <= left);
        let (count, sum) = fitting.fold((0, 0_u64), |(n, sum), o| (n + 1, sum.saturating_add(cost(o))));
        // One alone that fits is no tie; several are none if there is money for all of them.
        let tied = !tie_above && count > 1 && sum > left;
        for option in alike {
            reasons.push(if option.votes == 0 {
                Reason::NoVotes
            } else if !eligible(option) {
                Reason::BelowMinimum
            } else if cost(option) > left {
                Reason::BeyondBudget
            } else if tie_above {
                Reason::DependsOnTie
            } else if tied {
                Reason::TiedAtBorder
            } else {
                Reason::WithinBudget
            });
        }
        if tied {
            tie_above = true;
        } else if !tie_above {
            left -= sum;
        }
    }
    reasons
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a test fails by panicking")]
mod tests {
    use super::*;
    use crate::tally::rank;
    use proptest::prelude::*;

    fn option(n: usize, score: i64, cost: u64, group: &str) -> OptionVotes {
        OptionVotes {
            option: OptionId::parse(format!("o{n}")).unwrap(),
            reference: n.to_string(),
            title: String::new(),
            votes: score.unsigned_abs(),
            score,
            mean_hundredths: None,
            cost: Some(cost),
            group: Some(group.to_owned()),
            rank: 0,
        }
    }

    fn budget(amount: u64) -> Budget {
        Budget { amount, currency: "COP".to_owned(), decimals: 0 }
    }

    fn by_greedy(amount: u64, min_score: Option<i64>, given: &[(i64, u64)]) -> Outcome {
        let options = (0..).zip(given).map(|(n, (score, cost))| option(n, *score, *cost, ""));
        outcome(&OutcomeRule::Greedy { min_score }, Some(&budget(amount)), &rank(options.collect()), true)
    }

    fn reasons(outcome: &Outcome) -> Vec<(&str, Reason)> {
        outcome.options.iter().map(|option| (option.reference.as_str(), option.reason)).collect()
    }

    #[test]
    fn what_does_not_fit_is_passed_over_and_the_next_is_tried() {
        let outcome = by_greedy(100, None, &[(9, 60), (8, 50), (7, 40), (6, 10), (0, 0)]);
        assert_eq!(
            reasons(&outcome),
            [
                ("0", Reason::WithinBudget),
                ("1", Reason::BeyondBudget),
                ("2", Reason::WithinBudget),
                ("3", Reason::BeyondBudget),
                ("4", Reason::NoVotes),
            ]
        );
        assert_eq!(outcome.spent, Some(100));
    }

    #[test]
    fn a_tie_that_there_is_no_money_for_is_left_to_people_and_what_follows_depends_on_it() {
        let outcome = by_greedy(100, None, &[(9, 60), (5, 30), (5, 20), (5, 90), (4, 20), (3, 41)]);
        assert_eq!(
            reasons(&outcome),
            [
                ("0", Reason::WithinBudget),
                ("1", Reason::TiedAtBorder),
                ("2", Reason::TiedAtBorder),
                ("3", Reason::BeyondBudget),
                ("4", Reason::DependsOnTie),
                ("5", Reason::BeyondBudget),
            ]
        );
        // With money for both, there is nothing to decide.
        let outcome = by_greedy(110, None, &[(9, 60), (5, 30), (5, 20), (4, 1)]);
        assert!(outcome.options[..3].iter().all(|option| option.verdict == Verdict::Chosen));
        assert_eq!(outcome.options[3].reason, Reason::BeyondBudget);
    }

    #[test]
    fn below_the_minimum_nothing_is_chosen() {
        let outcome = by_greedy(100, Some(5), &[(5, 10), (4, 10)]);
        assert_eq!(reasons(&outcome), [("0", Reason::WithinBudget), ("1", Reason::BelowMinimum)]);
    }

    #[test]
    fn each_group_fills_its_own_seats_and_a_tie_at_the_border_is_shown() {
        let rule: OutcomeRule = serde_json::from_str(
            r#"{"kind":"seats","seats":[{"group":"civil","seats":2},{"group":"academia","seats":1}]}"#,
        )
        .unwrap();
        let options = rank(vec![
            option(0, 9, 0, "civil"),
            option(1, 5, 0, "civil"),
            option(2, 5, 0, "civil"),
            option(3, 4, 0, "civil"),
            option(4, 1, 0, "academia"),
            option(5, 0, 0, "academia"),
            option(6, 7, 0, "others"),
        ]);
        let outcome = outcome(&rule, None, &options, false);
        let by_reference = |reference: &str| {
            outcome.options.iter().find(|option| option.reference == reference).unwrap().reason
        };
        assert_eq!(by_reference("0"), Reason::WithinSeats);
        assert_eq!((by_reference("1"), by_reference("2")), (Reason::TiedAtBorder, Reason::TiedAtBorder));
        assert_eq!(by_reference("3"), Reason::NoSeatLeft);
        assert_eq!((by_reference("4"), by_reference("5")), (Reason::WithinSeats, Reason::NoVotes));
        assert_eq!(by_reference("6"), Reason::GroupWithoutSeats);
        assert_eq!((outcome.spent, outcome.preliminary), (None, false));
    }

    proptest! {
        /// However people decide a tie, and in whichever order equal options are tried, what is said to be chosen is
        /// chosen, and what is said not to be is not.
        #[test]
        fn no_order_of_equal_options_contradicts_the_outcome(
            (given, order) in prop::collection::vec((0_i64..4, 0_u64..40), 0..8).prop_flat_map(|given| {
                let order = Just((0..given.len()).collect::<Vec<_>>()).prop_shuffle();
                (Just(given), order)
            }),
        ) {
            let outcome = by_greedy(60, None, &given);
            let mut order = order;
            order.sort_by_key(|n| std::cmp::Reverse(given[*n].0));
            let mut left = 60;
            for n in order {
                let (score, cost) = given[n];
                let fits = score > 0 && cost <= left;
                left -= if fits { cost } else { 0 };
                let said = outcome.options.iter().find(|o| o.reference == n.to_string()).unwrap().verdict;
                match said {
                    Verdict::Chosen => prop_assert!(fits, "{n} of {given:?}"),
                    Verdict::NotChosen => prop_assert!(!fits, "{n} of {given:?}"),
                    Verdict::Tied | Verdict::Undecided => {}
                }
            }
        }
    }
}
