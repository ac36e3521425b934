//! Voting: choose, see the choice read back, confirm, receive; come back, revise, withdraw.

use super::session::{self, Device};
use super::{Resource, load_own};
use crate::client::ClientError;
use crate::loadable::Loadable;
use crate::platform;
use cabildo_contract::ballot::{
    Ballot, BallotBody, BallotRule, CastBallot, GetBallot, MyBallot, WithdrawBallot,
};
use cabildo_contract::consultation::BallotOption;
use cabildo_contract::id::{OptionId, Slug};
use cabildo_contract::problem::{FieldProblem, FieldProblemKind};
use leptos::prelude::*;
use leptos::task::spawn_local;

/// Where the person is in the act of voting.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Step {
    /// Choosing.
    Choose,
    /// Reading the choice back.
    Review,
    /// The ballot has been received.
    Received,
}

/// The act of voting in one consultation.
#[derive(Clone, Copy)]
pub struct Voting {
    consultation: StoredValue<Slug>,
    rule: BallotRule,
    options: StoredValue<Vec<BallotOption>>,
    device: Device,
    /// The ballot that the server holds.
    pub mine: Resource<MyBallot>,
    /// The options chosen so far, in the order in which they were chosen.
    pub chosen: RwSignal<Vec<OptionId>>,
    revising: RwSignal<Option<Step>>,
    /// Whether an answer of the server is awaited.
    pub busy: RwSignal<bool>,
    /// What went wrong last.
    pub error: RwSignal<Option<ClientError>>,
    /// What is wrong with the choice; filled when the person tries to go on.
    pub faults: RwSignal<Vec<FieldProblem>>,
}

impl Voting {
    /// Begins.
    #[must_use]
    pub fn new(consultation: Slug, rule: BallotRule, options: Vec<BallotOption>) -> Self {
        let slug = consultation.clone();
        let mine = load_own(move || GetBallot { consultation: slug.clone() });
        Self {
            consultation: StoredValue::new(consultation),
            rule,
            options: StoredValue::new(options),
            device: use_context::<Device>().unwrap_or_else(Device::unknown),
            mine,
            chosen: RwSignal::new(Vec::new()),
            revising: RwSignal::new(None),
            busy: RwSignal::new(false),
            error: RwSignal::new(None),
            faults: RwSignal::new(Vec::new()),
        }
    }

    /// The rule.
    #[must_use]
    pub fn rule(&self) -> BallotRule {
        self.rule
    }

    /// The ballot that the server holds.
    #[must_use]
    pub fn ballot(&self) -> Option<Ballot> {
        self.mine.with(|mine| mine.ready().and_then(|mine| mine.ballot.clone()))
    }

    /// Where the person is.
    #[must_use]
    pub fn step(&self) -> Step {
        self.revising.get().unwrap_or(if self.ballot().is_some() { Step::Received } else { Step::Choose })
    }

    /// Chooses an option, or takes the choice back.
    pub fn toggle(&self, option: &OptionId) {
        self.faults.set(Vec::new());
        self.chosen.update(|chosen| match chosen.iter().position(|other| other == option) {
            Some(index) => drop(chosen.remove(index)),
            None => chosen.push(option.clone()),
        });
    }

    /// Goes on to the read-back, if the choice follows the rule.
    pub fn review(&self) {
        let ballot = BallotBody::of(self.chosen.get_untracked());
        match self.options.with_value(|options| self.rule.check(options, ballot)) {
            Ok(_) => {
                self.error.set(None);
                self.go(Step::Review);
            }
            Err(faults) => {
                self.faults.set(faults);
                platform::focus("ballot-summary");
            }
        }
    }

    /// Back to choosing.
    pub fn choose(&self) {
        if let Some(ballot) = untrack(|| self.ballot()).filter(|_| self.chosen.with_untracked(Vec::is_empty))
        {
            self.chosen.set(ballot.body.choices);
        }
        self.error.set(None);
        self.go(Step::Choose);
    }

    /// Leaves the ballot as the server holds it.
    pub fn keep(&self) {
        self.chosen.set(Vec::new());
        self.error.set(None);
        self.revising.set(None);
        platform::focus("ballot-heading");
    }

    fn go(&self, step: Step) {
        self.revising.set(Some(step));
        platform::focus("ballot-heading");
    }

    /// Sends the ballot. Confirming twice sends once; sending twice leaves one ballot.
    pub fn confirm(self) {
        if self.busy.get_untracked() {
            return;
        }
        let body = BallotBody::of(self.chosen.get_untracked());
        let request = CastBallot { consultation: self.consultation.get_value(), body };
        self.busy.set(true);
        self.error.set(None);
        spawn_local(async move {
            match session::act(self.device, &request, None).await {
                Ok(ballot) => {
                    self.mine.set(MyBallot { ballot: Some(ballot) });
                    self.chosen.set(Vec::new());
                    self.revising.set(None);
                    platform::focus("ballot-heading");
                }
                Err(error) => self.error.set(Some(error)),
            }
            self.busy.set(false);
        });
    }

    /// Withdraws the ballot.
    pub fn withdraw(self, on_done: impl FnOnce() + 'static) {
        if self.busy.get_untracked() {
            return;
        }
        let request = WithdrawBallot { consultation: self.consultation.get_value() };
        self.busy.set(true);
        self.error.set(None);
        spawn_local(async move {
            match session::act(self.device, &request, None).await {
                Ok(mine) => {
                    self.mine.set(mine);
                    self.chosen.set(Vec::new());
                    self.revising.set(None);
                    on_done();
                }
                Err(error) => self.error.set(Some(error)),
            }
            self.busy.set(false);
        });
    }

    /// Whether the server's word about the ballot is still awaited.
    #[must_use]
    pub fn is_loading(&self) -> bool {
        self.mine.with(|mine| matches!(mine, Loadable::Pending | Loadable::Slow))
    }

    /// The bound that the choice breaks, if any.
    #[must_use]
    pub fn broken_bound(&self) -> Option<(FieldProblemKind, u64)> {
        let bound = |fault: &FieldProblem| Some((fault.kind, u64::try_from(fault.limit?).ok()?));
        self.faults.with(|faults| faults.iter().find_map(bound))
    }
}
