//! Voting: fill a ballot in, see it read back, confirm, receive; come back, revise, withdraw.

use super::identity::Identifying;
use super::outbox::Waiting;
use super::session::{self, Device, STANDING};
use super::{Resource, load_own};
use crate::client::ClientError;
use crate::effect::effect;
use crate::loadable::Loadable;
use crate::outbox::{Act, Item, State};
use crate::platform;
use cabildo_contract::ballot::{Ballot, BallotBody, BallotRule, GetBallot, MyBallot, WithdrawBallot};
use cabildo_contract::consultation::BallotOption;
use cabildo_contract::id::{OptionId, Slug};
use cabildo_contract::problem::{FieldProblem, FieldProblemKind, ProblemKind};
use cabildo_contract::time::Timestamp;
use leptos::prelude::*;
use leptos::task::spawn_local;
use send_wrapper::SendWrapper;

/// Where the person is in the act of voting.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Step {
    /// Filling the ballot in.
    Choose,
    /// Reading it back.
    Review,
    /// It was confirmed and is on this device: it waits to be sent, or could not be.
    Kept,
    /// It has been received.
    Received,
}

/// Why an option cannot be chosen at present.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Barrier {
    /// As many are chosen as may be.
    Full(u32),
    /// It costs so much more than is left.
    TooDear(u64),
    /// All points have been given.
    NoPointsLeft,
}

/// What the address ends with while a ballot is read back, so that it can be gone back from.
const REVIEW: &str = "#review";

/// Has the address say whether a ballot is being read back; what said so until now is gone back from.
fn mark(is_review: bool) {
    match (platform::fragment() == REVIEW, is_review) {
        (false, true) => platform::set_address(&format!("{}{REVIEW}", platform::address()), false),
        (true, false) => platform::go_back(),
        _ => {}
    }
}

/// The act of voting in one consultation.
#[derive(Clone, Copy)]
pub struct Voting {
    consultation: StoredValue<Slug>,
    closes: Timestamp,
    /// What waits on this device.
    pub waiting: Waiting,
    rule: BallotRule,
    options: StoredValue<Vec<BallotOption>>,
    device: Device,
    /// Identifying oneself, where the consultation asks for it.
    pub identifying: Option<Identifying>,
    /// The ballot that the server holds.
    pub mine: Resource<MyBallot>,
    /// The ballot as far as it is filled in. It is kept for as long as this tab is open: a page that is loaded anew goes
    /// on where it was, and whoever uses the device next finds nothing.
    pub draft: RwSignal<BallotBody>,
    /// What the options chosen cost in all.
    pub cost: Memo<u64>,
    /// Whether the draft was found when the page was loaded.
    pub is_found: RwSignal<bool>,
    /// Whether this page took what came of the ballot that waited last.
    is_taken: StoredValue<bool>,
    revising: RwSignal<Option<Step>>,
    /// Whether an answer of the server is awaited.
    pub busy: RwSignal<bool>,
    /// What went wrong last.
    pub error: RwSignal<Option<ClientError>>,
    /// What is wrong with the ballot; filled when the person tries to go on.
    pub faults: RwSignal<Vec<FieldProblem>>,
}

impl Voting {
    /// Begins.
    #[must_use]
    pub fn new(
        consultation: Slug,
        rule: BallotRule,
        options: Vec<BallotOption>,
        closes: Timestamp,
        identifying: Option<Identifying>,
    ) -> Self {
        let slug = consultation.clone();
        let device = use_context::<Device>().unwrap_or_else(Device::unknown);
        let mine = load_own(move || GetBallot { consultation: slug.clone() });
        let options = StoredValue::new(options);
        let draft = RwSignal::new(BallotBody::default());
        let voting = Self {
            consultation: StoredValue::new(consultation),
            closes,
            waiting: Waiting::on(device),
            rule,
            options,
            device,
            identifying,
            mine,
            draft,
            cost: Memo::new(move |_| draft.with(|draft| cost_of(options, &draft.choices))),
            is_found: RwSignal::new(false),
            is_taken: StoredValue::new(false),
            revising: RwSignal::new(None),
            busy: RwSignal::new(false),
            error: RwSignal::new(None),
            faults: RwSignal::new(Vec::new()),
        };
        effect(move |_| voting.find_draft());
        effect(move |_| {
            let listener = SendWrapper::new(platform::on_history(move |_| voting.follow()));
            on_cleanup(move || drop(listener));
        });
        effect(move |waited: Option<bool>| {
            voting.hear();
            let waits = voting.kept().is_some();
            // What waited is gone, and this page did not take it: another tab knows what came of it, and so does the server.
            if waited == Some(true) && !waits && !voting.is_taken.get_value() {
                voting.mine.reload();
            }
            if waits {
                voting.is_taken.set_value(false);
            }
            waits
        });
        voting
    }

    /// What the person still has to do so that their ballot can be cast: identify themselves.
    #[must_use]
    pub fn asks(&self) -> Option<Identifying> {
        self.identifying.filter(|identifying| !identifying.is_done())
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

    /// The ballot that was confirmed and is on this device.
    #[must_use]
    pub fn kept(&self) -> Option<Item> {
        self.consultation.with_value(|consultation| {
            self.waiting
                .with(|outbox| outbox.items().iter().find(|item| item.is_ballot_of(consultation)).cloned())
        })
    }

    /// Where the person is.
    #[must_use]
    pub fn step(&self) -> Step {
        let standing = || match self.kept() {
            Some(item) if item.ballot().is_some() => Step::Received,
            Some(_) => Step::Kept,
            None if self.ballot().is_some() => Step::Received,
            None => Step::Choose,
        };
        self.revising.get().unwrap_or_else(standing)
    }

    /// Something came of what waited.
    fn hear(self) {
        let here = self
            .consultation
            .with_value(|consultation| self.waiting.unattended(|item| item.is_ballot_of(consultation)));
        for item in here {
            match item.state {
                State::Received { .. } => self.receive(&item),
                // Which of the two is to count, the person decides with both before them.
                State::Overtaken { .. } => self.mine.reload(),
                _ => {}
            }
        }
    }

    /// It was received: the receipt is shown, and it waits no more.
    fn receive(self, item: &Item) {
        let Some(ballot) = item.ballot() else { return };
        let version = ballot.revision;
        self.is_taken.set_value(true);
        self.know(MyBallot { ballot: Some(ballot), version });
        self.waiting.forget(&item.key);
    }

    /// This is what the server has now. Other tabs of this device may not have heard of it when something is confirmed there.
    fn know(self, mine: MyBallot) {
        let author = self.device.author().unwrap_or_default();
        self.consultation.with_value(|consultation| {
            platform::remember(STANDING, Some(&format!("{author} {consultation} {}", mine.version)));
        });
        self.mine.set(mine);
    }

    /// The version that stands, as far as any tab of this device knows.
    fn standing(self) -> Option<u32> {
        let here = self.mine.with(|mine| mine.ready().map(|mine| mine.version))?;
        let elsewhere = platform::remembered(STANDING).and_then(|text| {
            let (author, of) = text.split_once(' ')?;
            let (consultation, version) = of.split_once(' ')?;
            // A tab that was opened before there was a session sends in the one that another tab opened.
            let is_mine = self.device.author().is_none_or(|mine| mine == author);
            let is_this = self.consultation.with_value(|this| this.as_str() == consultation);
            version.parse().ok().filter(|_| is_mine && is_this)
        });
        Some(here.max(elsewhere.unwrap_or_default()))
    }

    /// The place of an option among those chosen, the first being 0.
    #[must_use]
    pub fn place(&self, option: &OptionId) -> Option<usize> {
        self.draft.with(|draft| draft.choices.iter().position(|other| other == option))
    }

    /// The points or the score that an option has.
    #[must_use]
    pub fn points(&self, option: &OptionId) -> Option<i32> {
        let place = self.place(option)?;
        self.draft.with(|draft| draft.points.get(place).copied())
    }

    /// How many options are chosen.
    #[must_use]
    pub fn chosen(&self) -> usize {
        self.draft.with(|draft| draft.choices.len())
    }

    /// Points given in all.
    #[must_use]
    pub fn given(&self) -> i64 {
        self.draft.with(|draft| draft.points.iter().copied().map(i64::from).sum())
    }

    /// What these options cost in all.
    fn cost_of(&self, choices: &[OptionId]) -> u64 {
        cost_of(self.options, choices)
    }

    /// The most that the options chosen may cost in all.
    #[must_use]
    pub fn max_cost(&self) -> Option<u64> {
        match self.rule {
            BallotRule::Approval(rule) => rule.max_cost(),
            _ => None,
        }
    }

    /// What keeps an option from being chosen, or from being given one point more.
    #[must_use]
    pub fn barrier(&self, option: &OptionId) -> Option<Barrier> {
        if let BallotRule::Cumulative(rule) = self.rule
            && self.given() >= i64::from(rule.max_sum())
        {
            return Some(Barrier::NoPointsLeft);
        }
        if self.place(option).is_some() {
            return None;
        }
        if let Some(max) = self.rule.max().filter(|max| self.chosen() >= *max as usize) {
            return Some(Barrier::Full(max));
        }
        let max_cost = self.max_cost()?;
        let cost = self.cost_of(std::slice::from_ref(option));
        let over = self.cost.get().saturating_add(cost).saturating_sub(max_cost);
        (over > 0).then_some(Barrier::TooDear(over))
    }

    /// Chooses an option, last where they are ranked, or takes the choice back.
    pub fn toggle(&self, option: &OptionId) {
        let place = self.place(option);
        self.change(|draft| match place {
            Some(place) => drop(draft.choices.remove(place)),
            None => draft.choices.push(option.clone()),
        });
    }

    /// Moves an option that is chosen to another place.
    pub fn put(&self, option: &OptionId, place: usize) {
        let Some(now) = untrack(|| self.place(option)) else { return };
        self.change(|draft| {
            let option = draft.choices.remove(now);
            draft.choices.insert(place.min(draft.choices.len()), option);
        });
    }

    /// Gives an option points or a score, or none.
    pub fn give(&self, option: &OptionId, points: Option<i32>) {
        let place = untrack(|| self.place(option));
        self.change(|draft| match (place, points) {
            (Some(place), Some(points)) => {
                if let Some(given) = draft.points.get_mut(place) {
                    *given = points;
                }
            }
            (Some(place), None) => {
                draft.choices.remove(place);
                draft.points.remove(place);
            }
            (None, Some(points)) => {
                draft.choices.push(option.clone());
                draft.points.push(points);
            }
            (None, None) => {}
        });
    }

    /// Takes back all that was filled in.
    pub fn clear(&self) {
        self.is_found.set(false);
        self.change(|draft| *draft = BallotBody::default());
    }

    fn change(&self, change: impl FnOnce(&mut BallotBody)) {
        self.faults.set(Vec::new());
        self.draft.update(change);
        self.keep_draft();
    }

    fn draft_key(&self) -> String {
        self.consultation.with_value(|slug| format!("ballot:{slug}"))
    }

    fn keep_draft(&self) {
        let draft = self.draft.with_untracked(written);
        platform::keep_for_visit(
            &self.draft_key(),
            Some(&draft).filter(|draft| !draft.is_empty()).map(String::as_str),
        );
    }

    fn forget_draft(&self) {
        self.draft.set(BallotBody::default());
        self.is_found.set(false);
        self.keep_draft();
    }

    fn find_draft(&self) {
        let Some(kept) = platform::kept_for_visit(&self.draft_key()) else { return };
        let draft = self.options.with_value(|options| read(&kept, self.rule, options));
        if !draft.choices.is_empty() {
            self.draft.set(draft);
            self.is_found.set(true);
            self.revising.set(Some(Step::Choose));
            // Whoever comes back from a provider was reading the ballot back, as was whoever loads such an address anew.
            let was_reading =
                self.identifying.is_some_and(Identifying::is_back) || platform::fragment() == REVIEW;
            let draft = self.draft.get_untracked();
            if was_reading && self.options.with_value(|options| self.rule.check(options, draft)).is_ok() {
                self.revising.set(Some(Step::Review));
            }
        }
    }

    /// Goes on to the read-back, if the ballot follows the rule.
    pub fn review(&self) {
        let ballot = self.draft.get_untracked();
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

    /// Back to filling in.
    pub fn choose(&self) {
        let last = untrack(|| match self.kept().map(|item| item.act) {
            Some(Act::Ballot { body, .. }) => Some(body),
            _ => self.ballot().map(|ballot| ballot.body),
        });
        if let Some(body) = last.filter(|_| self.draft.with_untracked(|draft| draft.choices.is_empty())) {
            self.draft.set(body);
        }
        self.error.set(None);
        self.go(Step::Choose);
    }

    /// Leaves the ballot as the server holds it.
    pub fn keep(&self) {
        self.forget_draft();
        self.faults.set(Vec::new());
        self.error.set(None);
        self.revising.set(None);
        platform::focus("ballot-heading");
    }

    fn go(&self, step: Step) {
        self.revising.set(Some(step));
        platform::focus("ballot-heading");
        mark(step == Step::Review);
    }

    /// Who goes back from the read-back goes on choosing; who goes forward again reads back.
    fn follow(self) {
        match (untrack(|| self.step()), platform::fragment() == REVIEW) {
            (Step::Review, false) if !self.busy.get_untracked() => self.choose(),
            (Step::Choose, true) => self.review(),
            _ => {}
        }
    }

    /// Sends the ballot; where it cannot be sent now it waits on this device. Confirming twice sends once; sending twice
    /// leaves one ballot. `words` is what was chosen, as it is read back.
    pub fn confirm(self, words: Vec<String>) {
        if self.busy.get_untracked() {
            return;
        }
        let draft = self.draft.get_untracked();
        let checked = self.options.with_value(|options| self.rule.check(options, draft));
        let body = match checked {
            Ok(checked) => checked.into_body(),
            // Read back it was good; the options may have changed since.
            Err(_) => return self.review(),
        };
        let known = untrack(|| self.standing());
        let act = Act::ballot(self.consultation.get_value(), body, self.closes, known);
        let item = self.waiting.item(act, words);
        let key = item.key.clone();
        self.busy.set(true);
        self.error.set(None);
        spawn_local(async move {
            let state = self.waiting.confirm(item).await;
            // The page may have been left meanwhile; what was confirmed goes on without it.
            if self.busy.try_set(false).is_some() {
                return;
            }
            let refused = match &state {
                Some(State::Refused { problem }) => Some(*problem),
                Some(State::Orphaned {}) => Some(ProblemKind::SessionRequired),
                _ => None,
            };
            if let Some(item) = untrack(|| self.kept()).filter(|item| item.key == key) {
                self.receive(&item);
            }
            match refused {
                Some(problem) => {
                    // What was filled in is still there.
                    self.waiting.forget(&key);
                    match problem {
                        // The session was ended elsewhere: the person is asked again.
                        ProblemKind::IdentityRequired => self.device.recall(),
                        // Whose device it is now may have another ballot.
                        ProblemKind::SessionRequired => self.mine.reload(),
                        _ => {}
                    }
                    self.error.set(Some(ClientError::refused(problem)));
                }
                None => {
                    self.forget_draft();
                    self.revising.set(None);
                    platform::focus("ballot-heading");
                    mark(false);
                }
            }
        });
    }

    /// Leaves it at what the server has: what was confirmed on this device is not sent.
    pub fn give_up(self) {
        if let Some(item) = untrack(|| self.kept()) {
            self.waiting.forget(&item.key);
            self.mine.reload();
            platform::focus("ballot-heading");
        }
    }

    /// Has what was confirmed on this device sent, whatever the server has.
    pub fn insist(self) {
        if let Some(item) = untrack(|| self.kept()) {
            self.waiting.insist(&item.key);
        }
    }

    /// Withdraws the ballot that this page shows. If another stands by now, or the session is somebody else's, the person
    /// sees that first.
    pub fn withdraw(self, on_done: impl FnOnce() + 'static) {
        if self.busy.get_untracked() {
            return;
        }
        let request = WithdrawBallot {
            consultation: self.consultation.get_value(),
            replaces: untrack(|| self.mine.with(|mine| mine.ready().map(|mine| mine.version))),
        };
        self.busy.set(true);
        self.error.set(None);
        spawn_local(async move {
            match session::act(self.device, &request, None).await {
                Ok(mine) => {
                    self.know(mine);
                    self.forget_draft();
                    self.revising.set(None);
                    on_done();
                }
                Err(error) => {
                    if matches!(error.kind(), Some(ProblemKind::BallotChanged | ProblemKind::SessionRequired))
                    {
                        self.mine.reload();
                    }
                    self.error.set(Some(error));
                }
            }
            self.busy.set(false);
        });
    }

    /// Whether the server's word about the ballot is still awaited.
    #[must_use]
    pub fn is_loading(&self) -> bool {
        self.mine.with(|mine| matches!(mine, Loadable::Pending | Loadable::Slow))
    }

    /// The first rule that the ballot breaks, with its bound, if any.
    #[must_use]
    pub fn broken_bound(&self) -> Option<(FieldProblemKind, i64)> {
        self.faults.with(|faults| faults.iter().find_map(|fault| Some((fault.kind, fault.limit?))))
    }
}

fn cost_of(options: StoredValue<Vec<BallotOption>>, choices: &[OptionId]) -> u64 {
    options.with_value(|options| {
        let chosen = options.iter().filter(|option| choices.contains(&option.id));
        chosen.fold(0, |sum: u64, option| sum.saturating_add(option.cost.unwrap_or(0)))
    })
}

/// A draft as it is kept: each choice on a line of its own, with its points after a space.
fn written(draft: &BallotBody) -> String {
    let line = |(place, choice): (usize, &OptionId)| match draft.points.get(place) {
        Some(points) => format!("{choice} {points}"),
        None => choice.to_string(),
    };
    draft.choices.iter().enumerate().map(line).collect::<Vec<_>>().join("\n")
}

/// Reads a draft. Whatever is not on offer any more, or not of this rule, is left out: what remains is checked like
/// anything else that a person fills in.
fn read(kept: &str, rule: BallotRule, options: &[BallotOption]) -> BallotBody {
    let mut draft = BallotBody::default();
    for line in kept.lines() {
        let (id, points): (&str, Option<i32>) =
            line.split_once(' ').map_or((line, None), |(id, points)| (id, points.parse().ok()));
        let Some(option) = options.iter().find(|option| option.id.as_str() == id) else { continue };
        if draft.choices.contains(&option.id) || rule.takes_points() != points.is_some() {
            continue;
        }
        draft.choices.push(option.id.clone());
        draft.points.extend(points);
    }
    draft
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a test fails by panicking")]
mod tests {
    use super::*;

    fn options() -> Vec<BallotOption> {
        let option = |id: &str| {
            serde_json::from_value(serde_json::json!({
                "id": id, "reference": "", "title": "", "description": "", "proposal": null,
                "comments": { "total": 0, "simulated": 0 },
            }))
            .unwrap()
        };
        ["a", "b", "c"].map(option).to_vec()
    }

    fn rule(json: &str) -> BallotRule {
        serde_json::from_str(json).unwrap()
    }

    fn body(choices: &[&str], points: &[i32]) -> BallotBody {
        BallotBody {
            choices: choices.iter().map(|id| OptionId::parse(*id).unwrap()).collect(),
            points: points.to_vec(),
        }
    }

    #[test]
    fn a_draft_is_found_as_it_was_left() {
        let ranking = rule(r#"{ "kind": "ordinal", "min": 1, "max": 3 }"#);
        let scoring = rule(r#"{ "kind": "scoring", "min_score": -2, "max_score": 2 }"#);
        for (rule, draft) in [
            (ranking, body(&["c", "a"], &[])),
            (scoring, body(&["b", "a"], &[-2, 2])),
            (BallotRule::Support, body(&[], &[])),
        ] {
            assert_eq!(read(&written(&draft), rule, &options()), draft);
        }
    }

    #[test]
    fn what_is_not_on_offer_or_not_of_the_rule_is_left_out_of_a_draft() {
        let cumulative = rule(r#"{ "kind": "cumulative", "min_sum": 1, "max_sum": 5 }"#);
        assert_eq!(read("a 2\nz 1\nb\na 3\nc x", cumulative, &options()), body(&["a"], &[2]));
        assert_eq!(read("a 2\nb", BallotRule::Support, &options()), body(&["b"], &[]));
    }
}
