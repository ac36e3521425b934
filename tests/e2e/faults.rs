//! The server is ended as a power cut of the process ends it, again and again, while people vote: what it acknowledged is
//! there afterwards, once.

use crate::harness::{CONSULTATION, Citizen, Server, Site, journey_in};
use cabildo_contract::ballot::{BallotBody, CastBallot, GetBallot, MyBallot, WithdrawBallot};
use cabildo_contract::id::{OptionId, Slug};
use futures_util::future::{join, join_all};
use std::cell::Cell;
use std::collections::BTreeMap;

const VOTERS: usize = 24;
const KILLS: usize = 8;
/// Acknowledged answers between two of them.
const ANSWERS: usize = 300;

fn consultation() -> Slug {
    Slug::parse(CONSULTATION).unwrap()
}

/// What somebody answered: the options, or nothing any more.
type Answer = Option<[OptionId; 2]>;

/// Somebody who changes their mind without end.
struct Voter {
    citizen: Citizen,
    /// The last answer that the server acknowledged, as the how manieth.
    acknowledged: (Answer, u32),
    /// The answer that it said nothing about.
    unanswered: Option<Answer>,
    receipt: Option<String>,
    turn: usize,
}

impl Voter {
    async fn arrive(site: &Site, number: usize) -> Self {
        let citizen = site.citizen().await;
        // Everybody begins elsewhere, so that few answers are alike.
        Self { citizen, acknowledged: (None, 0), unanswered: None, receipt: None, turn: number * 7 }
    }

    fn makes_up_their_mind(&mut self, options: &[OptionId]) -> Answer {
        self.turn += 1;
        let (first, step) = (self.turn % options.len(), 1 + self.turn / options.len() % (options.len() - 1));
        let mut both = [options[first].clone(), options[(first + step) % options.len()].clone()];
        both.sort_unstable();
        let has_voted = self.acknowledged.0.is_some();
        if has_voted && self.turn.is_multiple_of(6) { None } else { Some(both) }
    }

    /// Answers until nobody is there who acknowledges it.
    async fn answers(&mut self, options: &[OptionId], all: &Cell<usize>) {
        loop {
            let answer = self.makes_up_their_mind(options);
            self.unanswered = Some(answer.clone());
            let revision = match &answer {
                Some(both) => {
                    let body = BallotBody::of(both.to_vec());
                    let Some(ballot) = self.citizen.attempt(&CastBallot::new(consultation(), body)).await
                    else {
                        return;
                    };
                    let receipt = self.receipt.get_or_insert_with(|| ballot.receipt.clone());
                    assert_eq!(*receipt, ballot.receipt, "a second acknowledgement number for one person");
                    ballot.revision
                }
                None => {
                    let withdrawn = WithdrawBallot::new(consultation());
                    let Some(now) = self.citizen.attempt(&withdrawn).await else { return };
                    now.version
                }
            };
            self.acknowledged = (answer, revision);
            self.unanswered = None;
            all.set(all.get() + 1);
        }
    }

    /// What the server has of them must be what it acknowledged last, or what it had no time to acknowledge.
    async fn finds_their_answer(&mut self) -> Answer {
        self.citizen = self.citizen.comes_back();
        let MyBallot { ballot, version } =
            self.citizen.send(&GetBallot { consultation: consultation() }).await;
        let found = ballot.map(|ballot| {
            let mut choices = ballot.body.choices;
            choices.sort_unstable();
            <[OptionId; 2]>::try_from(choices).unwrap()
        });
        let (acknowledged, revision) = &self.acknowledged;
        let is_kept = version == *revision && found == *acknowledged;
        let was_on_its_way = version == revision + 1 && self.unanswered.as_ref() == Some(&found);
        assert!(
            is_kept || was_on_its_way,
            "acknowledged {acknowledged:?} as number {revision}, then sent {:?}; found {found:?} as number {version}",
            self.unanswered
        );
        self.acknowledged = (found.clone(), version);
        found
    }
}

#[test]
fn what_was_acknowledged_outlives_every_end_of_the_server_and_counts_once() {
    journey_in(Server::without_limits(), async |site| {
        let options = Citizen::visit(&site.server.origin()).options().await;
        let mut voters = join_all((0..VOTERS).map(|number| Voter::arrive(site, number))).await;
        for kill in 1..=KILLS {
            let all = Cell::new(0);
            let power_cut = async {
                while all.get() < ANSWERS {
                    tokio::task::yield_now().await;
                }
                site.server.stop();
            };
            join(power_cut, join_all(voters.iter_mut().map(|voter| voter.answers(&options, &all)))).await;
            site.server.start_again();

            let mut votes: BTreeMap<OptionId, u64> = BTreeMap::new();
            let mut ballots = 0;
            for voter in &mut voters {
                let answer = voter.finds_their_answer().await;
                ballots += u64::from(answer.is_some());
                for option in answer.into_iter().flatten() {
                    *votes.entry(option).or_default() += 1;
                }
            }
            let results = Citizen::visit(&site.server.origin()).results().await;
            assert_eq!(results.ballots.total, ballots, "ballots after end {kill}");
            for option in results.options {
                let counted = votes.get(&option.option).copied().unwrap_or_default();
                assert_eq!(option.votes, counted, "{} after end {kill}", option.title);
            }
        }
    });
}
