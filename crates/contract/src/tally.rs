//! Counting ballots.
//!
//! A tally is a sum over ballots, so ballots can be added in any order and taken back: revising is taking the
//! old answer back and adding the new one, withdrawing is taking it back. The server keeps a running tally
//! this way; anybody can make the same one from scratch.

use crate::answer::Answers;
use crate::ballot::{BallotBody, BallotRule, FirstPlace};
use crate::consultation::{BallotOption, Budget};
use crate::endpoint::{Endpoint, Live, Method, NoBody};
use crate::id::{OptionId, Slug};
use crate::live::AsOf;
use crate::outcome::Outcome;
use crate::problem::ProblemKind;
use crate::session::Assurance;
use crate::time::Timestamp;
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

/// How participation arrived.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub enum Channel {
    /// Through this installation's own pages or its API.
    #[default]
    Online,
    /// Through a widget in a page of somebody else.
    Widget,
    /// On paper or in a workshop.
    InPerson,
    /// From elsewhere, by a file that does not say how people voted.
    Imported,
}

impl Channel {
    /// All channels.
    pub const ALL: [Self; 4] = [Self::Online, Self::Widget, Self::InPerson, Self::Imported];

    /// Its name, as it is written.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Online => "online",
            Self::Widget => "widget",
            Self::InPerson => "in_person",
            Self::Imported => "imported",
        }
    }

    /// The channel of this name.
    #[must_use]
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|channel| channel.as_str() == name)
    }
}

/// What the ballots that name one option add up to, whatever the rule.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
struct Sum {
    votes: Count,
    /// Points given.
    points: i64,
    /// Places given, the first being 0.
    places: i64,
    /// Numbers of options that the ballots name which name this one.
    lengths: i64,
}

/// The running count of one consultation. It holds what every rule needs, so it is the same for all of them, and a
/// score is read off it ([`Tally::score`]).
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Tally {
    ballots: Count,
    channels: BTreeMap<Channel, u64>,
    options: BTreeMap<OptionId, Sum>,
}

impl Tally {
    /// Adds a ballot.
    pub fn add(&mut self, ballot: &BallotBody, simulated: bool, channel: Channel) {
        self.ballots.add(simulated);
        *self.channels.entry(channel).or_default() += 1;
        let length = ballot.choices.len() as i64;
        for (place, choice) in (0_i64..).zip(&ballot.choices) {
            // Most ballots name options that others named: no need to copy the id then.
            let sum = match self.options.get_mut(choice) {
                Some(sum) => sum,
                None => self.options.entry(choice.clone()).or_default(),
            };
            sum.votes.add(simulated);
            sum.points += points(ballot, place);
            sum.places += place;
            sum.lengths += length;
        }
    }

    /// Takes a ballot back that was added before.
    pub fn remove(&mut self, ballot: &BallotBody, simulated: bool, channel: Channel) {
        self.ballots.remove(simulated);
        if let Some(count) = self.channels.get_mut(&channel) {
            *count = count.saturating_sub(1);
            if *count == 0 {
                self.channels.remove(&channel);
            }
        }
        let length = ballot.choices.len() as i64;
        for (place, choice) in (0_i64..).zip(&ballot.choices) {
            if let Some(sum) = self.options.get_mut(choice) {
                sum.votes.remove(simulated);
                sum.points -= points(ballot, place);
                sum.places -= place;
                sum.lengths -= length;
                if sum.votes.total == 0 {
                    self.options.remove(choice);
                }
            }
        }
    }

    /// Ballots counted.
    #[must_use]
    pub fn ballots(&self) -> Count {
        self.ballots
    }

    /// Ballots counted, a channel; channels without a ballot are left out.
    #[must_use]
    pub fn channels(&self) -> Vec<ChannelCount> {
        self.channels
            .iter()
            .map(|(channel, ballots)| ChannelCount { channel: *channel, ballots: *ballots })
            .collect()
    }

    /// Ballots that chose this option.
    #[must_use]
    pub fn votes(&self, option: &OptionId) -> Count {
        self.options.get(option).map(|sum| sum.votes).unwrap_or_default()
    }

    /// What this option's votes come to under a rule: their number where all choices are alike, the points of its
    /// places in a ranking ([`crate::ballot::Ordinal`]), the sum of its points or scores.
    #[must_use]
    pub fn score(&self, rule: &BallotRule, option: &OptionId) -> i64 {
        let sum = self.options.get(option).copied().unwrap_or_default();
        let votes = i64::try_from(sum.votes.total).unwrap_or(i64::MAX);
        match rule {
            BallotRule::Support | BallotRule::Approval(_) => votes,
            BallotRule::Ordinal(rule) => match rule.first_place() {
                FirstPlace::Max => votes.saturating_mul(rule.max().into()) - sum.places,
                FirstPlace::Length => sum.lengths - sum.places,
            },
            BallotRule::Cumulative(_) | BallotRule::Scoring(_) => sum.points,
        }
    }

    /// The results of all options under a rule, ranked.
    #[must_use]
    pub fn results(&self, rule: &BallotRule, options: &[BallotOption]) -> Vec<OptionVotes> {
        let votes = options.iter().map(|option| {
            let (votes, score) = (self.votes(&option.id).total, self.score(rule, &option.id));
            OptionVotes {
                option: option.id.clone(),
                reference: option.reference.clone(),
                title: option.title.clone(),
                votes,
                score,
                mean_hundredths: mean_hundredths(rule, votes, score),
                cost: option.cost,
                group: option.group.clone(),
                rank: 0,
            }
        });
        rank(votes.collect())
    }
}

/// The points that a ballot gives to its choice at `place`.
fn points(ballot: &BallotBody, place: i64) -> i64 {
    usize::try_from(place).ok().and_then(|place| ballot.points.get(place)).copied().unwrap_or_default().into()
}

/// The mean of the scores given, in hundredths, halves away from zero.
fn mean_hundredths(rule: &BallotRule, votes: u64, score: i64) -> Option<i64> {
    let votes = i64::try_from(votes).ok().filter(|votes| *votes > 0)?;
    let doubled = score.saturating_mul(200);
    let mean = (doubled.abs().saturating_add(votes) / (2 * votes)) * doubled.signum();
    matches!(rule, BallotRule::Scoring(_)).then_some(mean)
}

/// Ballots that arrived in one way.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ChannelCount {
    /// The way.
    pub channel: Channel,
    /// Ballots that stand.
    pub ballots: u64,
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
    /// What its votes come to under the rule (see [`Tally::score`]); equal to `votes` where all choices are alike.
    pub score: i64,
    /// Where options are scored: the mean of the scores given to it, in hundredths; null without one.
    pub mean_hundredths: Option<i64>,
    /// What it costs.
    pub cost: Option<u64>,
    /// Among whom it stands.
    pub group: Option<String>,
    /// Its place, 1 for the highest score; options with equal scores share the place.
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
    /// What a valid ballot is; null where the consultation takes no ballots here.
    pub rule: Option<BallotRule>,
    /// How people were recognised who voted here; null where the consultation takes no ballots here.
    pub assurance: Option<Assurance>,
    /// Whether the consultation is an exercise and not a part of the process on record.
    pub exercise: bool,
    /// Ballots counted; one person has at most one.
    pub ballots: Count,
    /// Ballots counted, by how they arrived; ways by which none did are left out.
    pub channels: Vec<ChannelCount>,
    /// From when it may be known how people voted, if it may not be known yet: `options` is empty until then and
    /// `outcome` null.
    pub visible_from: Option<Timestamp>,
    /// What there is to be spent.
    pub budget: Option<Budget>,
    /// Every option, highest score first, then in the order of the source. Empty where it takes no ballots here, and
    /// before `visible_from`.
    pub options: Vec<OptionVotes>,
    /// What follows from the votes by the rule that was published; null without one.
    pub outcome: Option<Outcome>,
    /// Comments within its period on its options, or on the proposals that they stand for where it asks for comments,
    /// and their answers. Null where it was held elsewhere.
    #[serde(default)]
    pub comments: Option<Answers>,
}

/// Ranks options by score: highest first, ties share a rank and keep the order given
/// (*standard competition ranking*, "1224").
#[must_use]
pub fn rank(mut options: Vec<OptionVotes>) -> Vec<OptionVotes> {
    options.sort_by_key(|option| std::cmp::Reverse(option.score));
    let mut previous: Option<(i64, u32)> = None;
    for (index, option) in (1_u32..).zip(&mut options) {
        option.rank = match previous {
            Some((score, rank)) if score == option.score => rank,
            _ => index,
        };
        previous = Some((option.score, option.rank));
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
    const CONTENT: bool = true;
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
    const CONTENT: bool = true;
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

    fn id(n: usize) -> OptionId {
        OptionId::parse(format!("o{n}")).unwrap()
    }

    fn options() -> Vec<BallotOption> {
        let option = |n: usize| BallotOption {
            id: id(n),
            reference: n.to_string(),
            title: String::new(),
            description: String::new(),
            proposal: None,
            cost: None,
            group: None,
            comments: Count::default(),
        };
        (0..4).map(option).collect()
    }

    type Given = (BallotBody, bool, Channel);

    fn ballot(choices: &[usize], points: &[i32]) -> BallotBody {
        BallotBody { choices: choices.iter().copied().map(id).collect(), points: points.to_vec() }
    }

    fn tally(ballots: &[Given]) -> Tally {
        let mut tally = Tally::default();
        for (ballot, simulated, channel) in ballots {
            tally.add(ballot, *simulated, *channel);
        }
        tally
    }

    /// A ballot of any rule: ordered, with points or without.
    fn given() -> impl Strategy<Value = Given> {
        let choices = prop::sample::subsequence(vec![0, 1, 2, 3], 1..4).prop_shuffle();
        let points = prop::option::of(prop::array::uniform4(-3_i32..9));
        (choices, points, any::<bool>(), prop::sample::select(Channel::ALL.to_vec())).prop_map(
            |(choices, points, simulated, channel)| {
                let points = points.map(|points| points[..choices.len()].to_vec()).unwrap_or_default();
                (ballot(&choices, &points), simulated, channel)
            },
        )
    }

    fn ballots() -> impl Strategy<Value = Vec<Given>> {
        prop::collection::vec(given(), 0..20)
    }

    fn rule(json: &str) -> BallotRule {
        serde_json::from_str(json).unwrap()
    }

    proptest! {
        #[test]
        fn the_order_of_ballots_does_not_matter(
            (given, shuffled) in ballots().prop_flat_map(|given| (Just(given.clone()), Just(given).prop_shuffle())),
        ) {
            prop_assert_eq!(tally(&given), tally(&shuffled));
        }

        #[test]
        fn withdrawing_is_as_if_never_cast(given in ballots(), extra in given()) {
            let mut with = tally(&given);
            with.add(&extra.0, extra.1, extra.2);
            with.remove(&extra.0, extra.1, extra.2);
            prop_assert_eq!(with, tally(&given));
        }

        #[test]
        fn revising_is_as_if_only_the_new_answer_had_been_cast(given in ballots(), old in given(), new in given()) {
            let mut revised = tally(&given);
            revised.add(&old.0, old.1, old.2);
            revised.add(&new.0, new.1, new.2);
            revised.remove(&old.0, old.1, old.2);
            let mut only = given.clone();
            only.push(new);
            prop_assert_eq!(revised, tally(&only));
        }

        #[test]
        fn an_options_votes_are_the_ballots_that_name_it(given in ballots()) {
            let counted = tally(&given);
            for n in 0..4 {
                let expected = given.iter().filter(|(ballot, ..)| ballot.choices.contains(&id(n))).count() as u64;
                prop_assert_eq!(counted.votes(&id(n)).total, expected);
            }
            prop_assert_eq!(counted.ballots().total, given.len() as u64);
            let channels = counted.channels().iter().map(|count| count.ballots).sum::<u64>();
            prop_assert_eq!(channels, given.len() as u64);
        }
    }

    #[test]
    fn a_score_is_what_the_rule_makes_of_the_ballots() {
        let given = [
            (ballot(&[0, 1, 2], &[5, 1, 1]), false, Channel::Online),
            (ballot(&[1, 0], &[2, 2]), false, Channel::InPerson),
        ];
        let tally = tally(&given);
        let scores = |json: &str| -> Vec<i64> { (0..4).map(|n| tally.score(&rule(json), &id(n))).collect() };
        assert_eq!(scores(r#"{"kind":"support"}"#), [2, 2, 1, 0]);
        assert_eq!(scores(r#"{"kind":"approval","min":1,"max":3}"#), [2, 2, 1, 0]);
        // 3 + 2, 2 + 3, 1: a first place is worth three points on both ballots.
        assert_eq!(scores(r#"{"kind":"ordinal","min":1,"max":3}"#), [5, 5, 1, 0]);
        // 3 + 1, 2 + 2, 1: the second ballot ranks two options only.
        assert_eq!(scores(r#"{"kind":"ordinal","min":1,"max":3,"first_place":"length"}"#), [4, 4, 1, 0]);
        assert_eq!(scores(r#"{"kind":"cumulative","min_sum":1,"max_sum":9}"#), [7, 3, 1, 0]);
        let means = tally.results(&rule(r#"{"kind":"scoring","min_score":0,"max_score":9}"#), &options());
        let means: Vec<_> = means.iter().map(|option| option.mean_hundredths).collect();
        assert_eq!(means, [Some(350), Some(150), Some(100), None]);
    }

    #[test]
    fn a_mean_is_rounded_half_away_from_zero() {
        let rule = rule(r#"{"kind":"scoring","min_score":-9,"max_score":9}"#);
        assert_eq!(mean_hundredths(&rule, 3, 2), Some(67));
        assert_eq!(mean_hundredths(&rule, 3, -2), Some(-67));
        assert_eq!(mean_hundredths(&rule, 8, 1), Some(13));
        assert_eq!(mean_hundredths(&rule, 8, -1), Some(-13));
        assert_eq!(mean_hundredths(&rule, 0, 0), None);
    }

    #[test]
    fn options_with_equal_scores_share_a_rank_and_keep_their_order() {
        let given: Vec<Given> = [[1, 3], [1, 0], [1, 3], [2, 0]]
            .iter()
            .map(|choices| (ballot(choices, &[]), false, Channel::Online))
            .collect();
        let ranked = tally(&given).results(&BallotRule::Support, &options());
        let order: Vec<_> = ranked.iter().map(|o| (o.reference.as_str(), o.rank)).collect();
        assert_eq!(order, [("1", 1), ("0", 2), ("3", 2), ("2", 4)]);
    }
}
