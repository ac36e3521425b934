//! Counting ballots.
//!
//! A tally is a sum over ballots, so ballots can be added in any order and taken back: revising is taking the
//! old answer back and adding the new one, withdrawing is taking it back. The server keeps a running tally
//! this way; anybody can make the same one from scratch.

use crate::answer::Answers;
use crate::ballot::BallotBody;
use crate::endpoint::{Endpoint, Live, Method, NoBody};
use crate::id::{OptionId, Slug};
use crate::live::AsOf;
use crate::problem::ProblemKind;
use crate::session::Assurance;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// A number of things, and how many of them are simulated.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Count {
    /// All of them, simulated ones included.
    pub total: u64,
    /// Those of the total that simulated participants made.
    pub simulated: u64,
}

impl Count {
    /// One more.
    pub fn add(&mut self, simulated: bool) {
        self.total += 1;
        self.simulated += u64::from(simulated);
    }

    /// One less. Below zero it stays at zero, which only a ballot that was never added can cause.
    pub fn remove(&mut self, simulated: bool) {
        self.total = self.total.saturating_sub(1);
        self.simulated = self.simulated.saturating_sub(u64::from(simulated));
    }
}

/// The running count of one consultation under approval.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Tally {
    ballots: Count,
    votes: BTreeMap<OptionId, Count>,
}

impl Tally {
    /// Adds a ballot.
    pub fn add(&mut self, ballot: &BallotBody, simulated: bool) {
        self.ballots.add(simulated);
        for choice in &ballot.choices {
            self.votes.entry(choice.clone()).or_default().add(simulated);
        }
    }

    /// Takes a ballot back that was added before.
    pub fn remove(&mut self, ballot: &BallotBody, simulated: bool) {
        self.ballots.remove(simulated);
        for choice in &ballot.choices {
            if let Some(count) = self.votes.get_mut(choice) {
                count.remove(simulated);
                if count.total == 0 {
                    self.votes.remove(choice);
                }
            }
        }
    }

    /// Ballots counted.
    #[must_use]
    pub fn ballots(&self) -> Count {
        self.ballots
    }

    /// Ballots that chose this option.
    #[must_use]
    pub fn votes(&self, option: &OptionId) -> Count {
        self.votes.get(option).copied().unwrap_or_default()
    }
}

/// The votes of one option.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct OptionVotes {
    /// The option.
    pub option: OptionId,
    /// Its name in the source.
    pub reference: String,
    /// Its title.
    pub title: String,
    /// Ballots that chose it.
    pub votes: u64,
    /// Its place, 1 for most votes; options with equal votes share the place.
    pub rank: u32,
}

/// The results of a consultation.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Results {
    /// The consultation.
    pub consultation: Slug,
    /// Its title.
    pub title: String,
    /// What the count includes.
    pub as_of: AsOf,
    /// How people were recognised; null where the consultation takes no ballots here.
    pub assurance: Option<Assurance>,
    /// Whether the consultation is an exercise and not a part of the process on record.
    pub exercise: bool,
    /// Ballots counted; one person has at most one.
    pub ballots: Count,
    /// Every option, most votes first, then in the order of the source. Empty where it takes no ballots here.
    pub options: Vec<OptionVotes>,
    /// Comments within its period on its options, or on the proposals that they stand for where it asks for comments,
    /// and their answers. Null where it was held elsewhere.
    #[serde(default)]
    pub comments: Option<Answers>,
}

/// Ranks options by votes: most first, ties share a rank and keep the order given
/// (*standard competition ranking*, "1224").
#[must_use]
pub fn rank(mut options: Vec<OptionVotes>) -> Vec<OptionVotes> {
    options.sort_by_key(|option| std::cmp::Reverse(option.votes));
    let mut previous: Option<(u64, u32)> = None;
    for (index, option) in (1_u32..).zip(&mut options) {
        option.rank = match previous {
            Some((votes, rank)) if votes == option.votes => rank,
            _ => index,
        };
        previous = Some((option.votes, option.rank));
    }
    options
}

/// Reads the results of a consultation.
#[derive(Debug, Clone)]
pub struct GetResults {
    /// Slug or id of the consultation.
    pub consultation: Slug,
}

impl Endpoint for GetResults {
    const METHOD: Method = Method::Get;
    const PATTERN: &'static str = "/api/v1/consultations/{consultation}/results";
    const NAME: &'static str = "get_results";
    const SUMMARY: &'static str = "The tally of a consultation.";
    const PROBLEMS: &'static [ProblemKind] = &[ProblemKind::NotFound];
    type Body = NoBody;
    type Output = Results;

    fn path(&self) -> String {
        format!("/api/v1/consultations/{}/results", self.consultation)
    }
}

/// Watches the results of a consultation.
#[derive(Debug, Clone)]
pub struct WatchResults {
    /// Slug or id of the consultation.
    pub consultation: Slug,
}

impl Live for WatchResults {
    const PATTERN: &'static str = "/api/v1/consultations/{consultation}/live";
    const NAME: &'static str = "watch_results";
    const SUMMARY: &'static str = "The tally of a consultation, at most once a second while it changes.";
    type State = Results;

    fn path(&self) -> String {
        format!("/api/v1/consultations/{}/live", self.consultation)
    }
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a test fails by panicking")]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn ballot(choices: &[usize]) -> BallotBody {
        BallotBody { choices: choices.iter().map(|n| OptionId::parse(format!("o{n}")).unwrap()).collect() }
    }

    fn tally(ballots: &[(Vec<usize>, bool)]) -> Tally {
        let mut tally = Tally::default();
        for (choices, simulated) in ballots {
            tally.add(&ballot(choices), *simulated);
        }
        tally
    }

    fn ballots() -> impl Strategy<Value = Vec<(Vec<usize>, bool)>> {
        prop::collection::vec((prop::sample::subsequence(vec![0, 1, 2, 3], 1..4), any::<bool>()), 0..20)
    }

    proptest! {
        #[test]
        fn the_order_of_ballots_does_not_matter(given in ballots(), seed in any::<u64>()) {
            let mut shuffled = given.clone();
            let length = shuffled.len().max(1);
            shuffled.rotate_left(seed as usize % length);
            shuffled.reverse();
            prop_assert_eq!(tally(&given), tally(&shuffled));
        }

        #[test]
        fn withdrawing_is_as_if_never_cast(given in ballots(), extra in prop::sample::subsequence(vec![0, 1, 2, 3], 1..4)) {
            let mut with = tally(&given);
            with.add(&ballot(&extra), true);
            with.remove(&ballot(&extra), true);
            prop_assert_eq!(with, tally(&given));
        }

        #[test]
        fn an_options_votes_are_the_ballots_that_name_it(given in ballots()) {
            let counted = tally(&given);
            for n in 0..4 {
                let expected = given.iter().filter(|(choices, _)| choices.contains(&n)).count() as u64;
                prop_assert_eq!(counted.votes(&OptionId::parse(format!("o{n}")).unwrap()).total, expected);
            }
            prop_assert_eq!(counted.ballots().total, given.len() as u64);
        }
    }

    #[test]
    fn options_with_equal_votes_share_a_rank_and_keep_their_order() {
        let votes = |n: usize, votes| OptionVotes {
            option: OptionId::parse(format!("o{n}")).unwrap(),
            reference: n.to_string(),
            title: String::new(),
            votes,
            rank: 0,
        };
        let ranked = rank(vec![votes(1, 3), votes(2, 7), votes(3, 3), votes(4, 0)]);
        let order: Vec<_> = ranked.iter().map(|o| (o.reference.as_str(), o.rank)).collect();
        assert_eq!(order, [("2", 1), ("1", 2), ("3", 2), ("4", 4)]);
    }
}
