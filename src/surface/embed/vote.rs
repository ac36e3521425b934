//! Voting inside a frame, on a site that the consultation names: plain forms, one step after the other, which the server
//! reads and answers with the next. `vote.js` sends them without leaving the page and guards the last button.

use super::{act, foot, nothing};
use crate::client::ClientError;
use crate::clock;
use crate::i18n::{self, count, fill, format, language, messages};
use crate::route::Route;
use crate::state::identity::Fault;
use crate::state::load;
use crate::state::order::Order;
use crate::ui::badge;
use crate::ui::ballot::{broken, read_back, rule_sentence, words};
use crate::ui::icon::{Icon, icon};
use crate::ui::identify::{consent, fault_words};
use crate::ui::refusal;
use cabildo_contract::ballot::{Ballot, BallotBody, BallotRule};
use cabildo_contract::consultation::{BallotOption, Consultation, GetConsultation, Held};
use cabildo_contract::embed::Widget;
use cabildo_contract::id::{OptionId, Slug};
use cabildo_contract::identity::{CODE_DIGITS, Consent, GetConsent};
use cabildo_contract::problem::{FieldProblemKind, ProblemKind};
use cabildo_contract::time::{State, Timestamp};
use leptos::prelude::*;
use std::collections::HashSet;

/// Names of the fields of these forms.
pub mod field {
    /// What the form asks for: one of [`super::Asked`].
    pub const STEP: &str = "step";
    /// The order in which options are shown.
    pub const ORDER: &str = "order";
    /// The version of the ballot that the form is about, where it is known.
    pub const VERSION: &str = "version";
    /// An e-mail address.
    pub const EMAIL: &str = "email";
    /// The version of the consent, if it is given.
    pub const CONSENT: &str = "consent";
    /// The code that was sent.
    pub const CODE: &str = "code";
    /// Before the id of an option: what it is given. Alone where one is chosen of many: the id.
    pub const OPTION: &str = "o:";
}

/// What a form asks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Asked {
    /// To see the ballot read back.
    Review,
    /// To change it.
    Change,
    /// A code for an e-mail address.
    Email,
    /// To be recognised by a code.
    Code,
    /// To cast the ballot.
    Cast,
    /// To withdraw the ballot that was cast.
    Withdraw,
    /// To be forgotten by this frame: the screen may be a public one.
    Leave,
}

impl Asked {
    const ALL: [Self; 7] =
        [Self::Review, Self::Change, Self::Email, Self::Code, Self::Cast, Self::Withdraw, Self::Leave];

    /// Its name in forms.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Review => "review",
            Self::Change => "change",
            Self::Email => "email",
            Self::Code => "code",
            Self::Cast => "cast",
            Self::Withdraw => "withdraw",
            Self::Leave => "leave",
        }
    }

    /// Reads its name.
    #[must_use]
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|asked| asked.as_str() == name)
    }
}

/// A ballot as it stands in a form: fields and what is in them.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Paper(Vec<(String, String)>);

/// Why a form is no ballot.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PaperFault {
    /// Two options have one place.
    SharedPlace,
    /// What should be a whole number is none.
    NoNumber,
    /// The rule is broken: this bound, if it has one.
    Broken(FieldProblemKind, Option<i64>),
}

impl PaperFault {
    fn words(self, consultation: &Consultation, rule: BallotRule) -> String {
        let (own, budget) = (i18n::embed(), consultation.budget.as_ref());
        match self {
            Self::SharedPlace => own.shared_place.to_owned(),
            Self::NoNumber => own.no_number.to_owned(),
            Self::Broken(kind, Some(limit)) => broken(rule, budget, kind, limit),
            Self::Broken(_, None) => rule_sentence(rule, budget),
        }
    }
}

impl Paper {
    /// What a form says of options; other fields are not of the ballot.
    #[must_use]
    pub fn read(form: &[(String, String)]) -> Self {
        let of_options =
            form.iter().filter(|(name, value)| name.starts_with(field::OPTION) && !value.trim().is_empty());
        Self(of_options.map(|(name, value)| (name.clone(), value.trim().to_owned())).collect())
    }

    /// A ballot that was cast, to be changed.
    #[must_use]
    pub fn of(rule: BallotRule, ballot: &BallotBody) -> Self {
        let given = |place: usize| match ballot.points.get(place) {
            Some(points) => points.to_string(),
            None if rule.ranks() => (place + 1).to_string(),
            None => "1".to_owned(),
        };
        let field = |(place, id): (usize, &OptionId)| {
            if rule.is_single() {
                (field::OPTION.to_owned(), id.to_string())
            } else {
                (format!("{}{id}", field::OPTION), given(place))
            }
        };
        Self(ballot.choices.iter().enumerate().map(field).collect())
    }

    /// The ballot.
    ///
    /// # Errors
    /// Why it is none, or none that the rule accepts.
    pub fn ballot(&self, rule: BallotRule, options: &[BallotOption]) -> Result<BallotBody, PaperFault> {
        let chosen: Vec<(OptionId, &str)> =
            options.iter().filter_map(|option| Some((option.id.clone(), self.given(&option.id)?))).collect();
        let number = |text: &str| text.parse::<i32>().map_err(|_| PaperFault::NoNumber);
        let body = if rule.ranks() {
            let mut places: Vec<(i32, OptionId)> = Vec::new();
            for (id, place) in chosen {
                places.push((number(place)?, id));
            }
            places.sort_by_key(|(place, _)| *place);
            let distinct: HashSet<i32> = places.iter().map(|(place, _)| *place).collect();
            if distinct.len() < places.len() {
                return Err(PaperFault::SharedPlace);
            }
            BallotBody::of(places.into_iter().map(|(_, id)| id).collect())
        } else if rule.takes_points() {
            let mut body = BallotBody::default();
            for (id, points) in chosen {
                let points = number(points)?;
                // No points are no choice, where points are given out; a score of nought is a score.
                if points != 0 || matches!(rule, BallotRule::Scoring(_)) {
                    body.choices.push(id);
                    body.points.push(points);
                }
            }
            body
        } else {
            BallotBody::of(chosen.into_iter().map(|(id, _)| id).collect())
        };
        match rule.check(options, body) {
            Ok(checked) => Ok(checked.into_body()),
            Err(faults) => {
                let first = faults.iter().find(|fault| fault.limit.is_some()).or(faults.first());
                let first = first.map_or((FieldProblemKind::TooFew, None), |fault| (fault.kind, fault.limit));
                Err(PaperFault::Broken(first.0, first.1))
            }
        }
    }

    /// What an option is given; none if nothing.
    fn given(&self, option: &OptionId) -> Option<&str> {
        let is = |(name, value): &&(String, String)| {
            let id = name.strip_prefix(field::OPTION).unwrap_or_default();
            id == option.as_str() || (id.is_empty() && value == option.as_str())
        };
        self.0.iter().find(is).map(|(_, value)| value.as_str())
    }

    /// The same again, for the next form.
    fn carried(&self) -> AnyView {
        let fields = self.0.iter().map(|(name, value)| hidden(name.clone(), value.clone()));
        fields.collect_view().into_any()
    }
}

/// Where somebody stands who votes in a frame.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Stage {
    /// Filling the ballot in.
    Choosing(Option<PaperFault>),
    /// Giving an e-mail address.
    Address {
        /// As it was typed.
        email: String,
        /// What is wrong.
        fault: Option<Trouble>,
    },
    /// Entering the code.
    Code {
        /// Where it was sent to.
        email: String,
        /// Until when it is good, if it was sent just now.
        expires_at: Option<Timestamp>,
        /// What is wrong.
        fault: Option<Trouble>,
    },
    /// Reading it back.
    Reviewing(Option<Trouble>),
    /// Done, and what went wrong with it since.
    Received(Ballot, Option<Trouble>),
    /// Taken back.
    Withdrawn,
    /// It can be done in a window only.
    InWindow(Reason),
}

/// What went wrong at a step.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Trouble {
    /// With being recognised.
    Identity(Fault),
    /// Something else.
    Other(ProblemKind),
}

impl Trouble {
    /// What a refusal means here.
    #[must_use]
    pub fn of(kind: ProblemKind) -> Self {
        Fault::of(kind).map_or(Self::Other(kind), Self::Identity)
    }

    fn words(self) -> &'static str {
        match self {
            Self::Identity(fault) => fault_words(fault),
            Self::Other(kind) => refusal::words(&ClientError::refused(kind)),
        }
    }
}

/// Why it can be done in a window only.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reason {
    /// The browser keeps no cookie of a frame.
    NoCookie,
    /// So many come that a device has to find a number first.
    Crowd,
}

/// What the frame shows of somebody's vote.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Vote {
    /// Where they stand.
    pub stage: Stage,
    /// What they filled in.
    pub paper: Paper,
    /// In which order they see the options.
    pub order: Order,
    /// The version of their ballot that they know of: what they do takes the place of that one, and of no other.
    pub version: Option<u32>,
}

/// The content of the frame.
pub fn vote(id: Slug) -> AnyView {
    let asked = load({
        let consultation = id.clone();
        move || GetConsultation { consultation: consultation.clone() }
    });
    let found = super::about(asked, |value| value.head.title.clone());
    let Some(consultation) = found.filter(|found| !found.voting_sites.is_empty()) else { return nothing() };
    let Held::Here { rule, .. } = consultation.head.held else { return nothing() };
    let consent = load({
        let process = consultation.process.slug.clone();
        move || GetConsent { process: process.clone() }
    });
    let Some(Vote { stage, paper, order, version }) = use_context::<Vote>() else { return nothing() };
    let state = consultation.head.period.state(clock::now());
    // Whoever has just been told something about their ballot is told it, also after the close.
    if state != State::Open && stage == Stage::Choosing(None) {
        return super::consultation(id);
    }
    let options = order.arrange(consultation.options.clone());
    let lang = consultation.process.language.clone();
    let time_zone = consultation.process.time_zone.clone();
    let own = i18n::embed();
    let form =
        Form { id: &id, order, version, paper: &paper, consultation: &consultation, rule, options: &options };
    let step = match stage {
        Stage::Choosing(fault) => form.choose(fault),
        Stage::Address { email, fault } => {
            let consent = consent.with(|consent| consent.ready().cloned());
            form.address(email, consent, fault)
        }
        Stage::Code { email, expires_at, fault } => form.code(email, expires_at, fault),
        Stage::Reviewing(fault) => form.review(fault),
        Stage::Received(ballot, fault) => form.received(&ballot, fault),
        Stage::Withdrawn => form.withdrawn(),
        Stage::InWindow(reason) => {
            let words = match reason {
                Reason::NoCookie => own.no_cookie,
                Reason::Crowd => own.crowd,
            };
            view! { {heading(i18n::voting().your_ballot)}{summary(Some(words.to_owned()))} }.into_any()
        }
    };
    let closes = format::date_time(language(), consultation.head.period.closes, &time_zone);
    let when = if state == State::Open { messages().closes_on } else { own.closed_on };
    let route = Route::Consultation(consultation.head.slug.clone());
    view! {
        <article class="c-widget" aria-labelledby="title">
            <p class="c-widget__kicker" lang=lang.clone()>{consultation.process.title.clone()}</p>
            <h1 id="title" lang=lang.clone()>{consultation.head.title.clone()}</h1>
            <p class="c-widget__when">{badge::state(state)}" "{fill(when, &[&closes])}</p>
            <section class="c-cast" aria-labelledby="step" hidden data-needs-script="">{step}</section>
            <p class="c-cast__trouble" data-trouble="" role="alert" hidden>
                {format!("{} {}", messages().error_offline, i18n::voting().nothing_lost)}
            </p>
            {super::received(own.received)}
            <p class="c-widget__rule">{own.or_in_window}</p>
            {act(&route, own.vote, "secondary")}
        </article>
        {foot(route, None, &time_zone)}
    }
    .into_any()
}

/// What every form of a consultation has.
struct Form<'a> {
    id: &'a Slug,
    order: Order,
    version: Option<u32>,
    paper: &'a Paper,
    consultation: &'a Consultation,
    rule: BallotRule,
    options: &'a [BallotOption],
}

impl Form<'_> {
    fn lang(&self) -> String {
        self.consultation.process.language.clone()
    }

    /// A form that asks for something, with these fields.
    fn form(&self, fields: impl IntoView + 'static) -> AnyView {
        let action = Widget::Vote(self.id.clone()).path();
        let action = format!("{action}?lang={}", language().code());
        view! {
            <form class="l-stack" method="post" action=action novalidate>
                {hidden(field::ORDER.to_owned(), self.order.0.to_string())}
                {self.version.map(|version| hidden(field::VERSION.to_owned(), version.to_string()))}
                {fields}
            </form>
        }
        .into_any()
    }

    fn choose(&self, fault: Option<PaperFault>) -> AnyView {
        let own = i18n::voting();
        let fault = fault.map(|fault| fault.words(self.consultation, self.rule));
        let options = self.options.iter().map(|option| self.option(option)).collect_view();
        let fields = view! {
            <fieldset class="c-cast__options">
                <legend class="u-visually-hidden">{own.options}</legend>
                {options}
            </fieldset>
            {button(Asked::Review, "primary", own.review_choice)}
        };
        view! {
            {heading(own.your_ballot)}
            <p lang=self.lang()>{self.consultation.question.clone()}</p>
            <p>{rule_sentence(self.rule, self.consultation.budget.as_ref())}</p>
            {summary(fault)}
            {self.form(fields)}
        }
        .into_any()
    }

    fn option(&self, option: &BallotOption) -> AnyView {
        let given = self.paper.given(&option.id).map(str::to_owned);
        let (id, budget, lang) = (&option.id, self.consultation.budget.as_ref(), self.lang());
        let name = format!("{}{id}", field::OPTION);
        if !self.rule.ranks() && !self.rule.takes_points() {
            let single = self.rule.is_single();
            let (kind, name, value) = if single {
                ("radio", field::OPTION.to_owned(), id.to_string())
            } else {
                ("checkbox", name, "1".to_owned())
            };
            return view! {
                <label class="c-choice" lang=lang>
                    <input type=kind name=name value=value checked=given.is_some() />
                    <span class="c-choice__text">{words(option, budget, None)}</span>
                </label>
            }
            .into_any();
        }
        let field_id = format!("option-{id}");
        let input = if self.rule.ranks() {
            let places = self
                .rule
                .max()
                .unwrap_or_default()
                .min(u32::try_from(self.options.len()).unwrap_or(u32::MAX));
            let places = (1..=places).map(|place| {
                let value = place.to_string();
                let is_given = given.as_deref() == Some(value.as_str());
                let words = fill(i18n::voting().place_number, &[&format::number(language(), place.into())]);
                view! { <option value=value selected=is_given>{words}</option> }
            });
            view! {
                <select id=field_id.clone() name=name lang=language().tag()>
                    <option value="">"—"</option>
                    {places.collect_view()}
                </select>
            }
            .into_any()
        } else {
            let (least, most) = match self.rule {
                BallotRule::Scoring(rule) => (i64::from(rule.min_score()), i64::from(rule.max_score())),
                BallotRule::Cumulative(rule) => (0, rule.max_points().unwrap_or(rule.max_sum()).into()),
                _ => (0, 1),
            };
            view! {
                <input id=field_id.clone() type="number" inputmode="numeric" name=name min=least max=most step="1"
                    value=given.unwrap_or_default() />
            }
            .into_any()
        };
        view! {
            <div class="c-cast__option c-field" lang=lang>
                <div class="c-choice__text">{words(option, budget, Some(&field_id))}</div>
                {input}
            </div>
        }
        .into_any()
    }

    fn address(&self, email: String, asked: Option<Consent>, fault: Option<Trouble>) -> AnyView {
        let own = i18n::identity();
        let Some(asked) = asked else { return summary(Some(messages().error_unreadable.to_owned())) };
        let is_address = fault == Some(Trouble::Identity(Fault::Address));
        let is_consent = fault == Some(Trouble::Identity(Fault::Consent));
        let version = asked.version.clone();
        let fields = view! {
            {self.paper.carried()}
            <div class="c-field">
                <label class="c-field__label" for="email">{own.email}</label>
                <p class="c-field__hint" id="email-hint">{own.email_hint}</p>
                <input id="email" type="email" name=field::EMAIL inputmode="email" autocomplete="email"
                    spellcheck="false" autocapitalize="none" aria-describedby="email-hint fault"
                    aria-invalid=is_address.then_some("true") value=email />
            </div>
            {consent(asked)}
            <label class="c-choice">
                <input type="checkbox" name=field::CONSENT value=version aria-describedby="fault"
                    aria-invalid=is_consent.then_some("true") />
                <span>{own.consent}</span>
            </label>
            <div class="l-cluster">
                {button(Asked::Email, "primary", own.send_code)}
                {button(Asked::Change, "secondary", i18n::voting().change_choice)}
            </div>
        };
        view! {
            {heading(own.title)}
            <p>{own.lead}</p>
            {summary(fault.map(|fault| fault.words().to_owned()))}
            {self.form(fields)}
        }
        .into_any()
    }

    fn code(&self, email: String, expires_at: Option<Timestamp>, fault: Option<Trouble>) -> AnyView {
        let own = i18n::identity();
        let hint = expires_at.map(|at| {
            let until = format::time(language(), at, &self.consultation.process.time_zone);
            fill(own.code_hint, &[&email, &until])
        });
        let is_code = matches!(fault, Some(Trouble::Identity(Fault::Shape | Fault::Wrong | Fault::Expired)));
        let fields = view! {
            {self.paper.carried()}
            {hidden(field::EMAIL.to_owned(), email)}
            <div class="c-field">
                <label class="c-field__label" for="code">{own.code}</label>
                <p class="c-field__hint" id="code-hint">{hint}</p>
                <input id="code" class="c-code" type="text" name=field::CODE inputmode="numeric"
                    autocomplete="one-time-code" size=CODE_DIGITS + 2 aria-describedby="code-hint fault"
                    aria-invalid=is_code.then_some("true") />
            </div>
            <div class="l-cluster">
                {button(Asked::Code, "primary", own.confirm_code)}
                // Back to the address: there another code can be asked for.
                {button(Asked::Review, "secondary", own.another_code)}
            </div>
        };
        view! {
            {heading(own.code)}
            {summary(fault.map(|fault| fault.words().to_owned()))}
            {self.form(fields)}
        }
        .into_any()
    }

    fn review(&self, fault: Option<Trouble>) -> AnyView {
        let own = i18n::voting();
        let Ok(ballot) = self.paper.ballot(self.rule, self.options) else {
            return self.choose(None);
        };
        let chosen = if self.rule.ranks() { &own.you_ranked } else { &own.you_chose };
        let fields = view! {
            {self.paper.carried()}
            <div class="c-cast__confirm">
                {button(Asked::Change, "secondary", own.change_choice)}
                {guarded(Asked::Cast, "primary", own.confirm_ballot)}
            </div>
        };
        view! {
            {heading(own.review_heading)}
            <p role="status">{i18n::identity().identified}</p>
            <p>{count(chosen, ballot.choices.len() as u64)}</p>
            {read_back(self.rule, self.options, self.consultation.budget.as_ref(), &ballot, self.lang())}
            <p>{own.can_change_until_close}</p>
            {summary(fault.map(|fault| format!("{} {}", fault.words(), own.nothing_lost)))}
            {self.form(fields)}
            {covered()}
            {self.leave()}
        }
        .into_any()
    }

    /// The way out: whoever comes next to this screen is somebody else.
    fn leave(&self) -> AnyView {
        let own = i18n::embed();
        view! {
            <p class="c-widget__rule">{own.not_you}</p>
            {self.form(button(Asked::Leave, "quiet", own.leave))}
        }
        .into_any()
    }

    fn received(&self, ballot: &Ballot, fault: Option<Trouble>) -> AnyView {
        let own = i18n::voting();
        let time = format::date_time(language(), ballot.received_at, &self.consultation.process.time_zone);
        let revised = (ballot.revision > 1).then(|| {
            view! { <p>{fill(own.revision, &[&format::number(language(), ballot.revision.into())])}</p> }
        });
        let (change, withdraw) = (
            view! { {Paper::of(self.rule, &ballot.body).carried()}{button(Asked::Change, "secondary", own.revise_ballot)} },
            view! { {guarded(Asked::Withdraw, "danger", own.withdraw_ballot)} },
        );
        view! {
            {heading(own.ballot_received)}
            {summary(fault.map(|fault| fault.words().to_owned()))}
            <div class="c-receipt">
                {icon(Icon::CHECK)}
                <p>{own.receipt_number}</p>
                <p class="c-receipt__number">{ballot.receipt.clone()}</p>
                <p>{fill(own.received_at, &[&time])}</p>
                {revised}
            </div>
            <p>{own.your_choice}</p>
            {read_back(self.rule, self.options, self.consultation.budget.as_ref(), &ballot.body, self.lang())}
            <p>{own.can_change_until_close}</p>
            {self.form(change)}
            {self.leave()}
            <details>
                <summary>{own.withdraw_ballot}</summary>
                <p>{own.withdraw_text}</p>
                {self.form(withdraw)}
                {covered()}
            </details>
        }
        .into_any()
    }

    fn withdrawn(&self) -> AnyView {
        let own = i18n::voting();
        view! {
            {heading(own.ballot_withdrawn)}
            {self.form(button(Asked::Change, "secondary", i18n::embed().vote))}
            {self.leave()}
        }
        .into_any()
    }
}

fn hidden(name: String, value: String) -> AnyView {
    view! { <input type="hidden" name=name value=value /> }.into_any()
}

/// The heading of a step, which takes focus when the step takes the place of another.
fn heading(words: &'static str) -> AnyView {
    view! { <h2 id="step" tabindex="-1">{words}</h2> }.into_any()
}

fn summary(words: Option<String>) -> AnyView {
    words
        .map(|words| view! { <div id="fault" class="c-summary" role="alert">{icon(Icon::WARNING)}<p>{words}</p></div> })
        .into_any()
}

fn button(asked: Asked, variant: &'static str, words: &'static str) -> AnyView {
    view! {
        <button type="submit" name=field::STEP value=asked.as_str() class="c-button" data-variant=variant>{words}</button>
    }
    .into_any()
}

/// A button that `vote.js` opens once it has been in full view for a while, with nothing over it.
fn guarded(asked: Asked, variant: &'static str, words: &'static str) -> AnyView {
    view! {
        <button type="submit" name=field::STEP value=asked.as_str() class="c-button" data-variant=variant data-guarded=""
            disabled>
            {words}
        </button>
    }
    .into_any()
}

/// What `vote.js` shows while something lies over a guarded button.
fn covered() -> AnyView {
    view! { <p class="c-cast__covered" data-covered="" role="status" hidden>{i18n::embed().covered}</p> }
        .into_any()
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a test fails by panicking")]
mod tests {
    use super::*;
    use cabildo_contract::ballot::{Approval, Cumulative, FirstPlace, Ordinal, Scoring};

    fn options() -> Vec<BallotOption> {
        ["a", "b", "c"].map(option).to_vec()
    }

    fn option(id: &str) -> BallotOption {
        serde_json::from_value(serde_json::json!({
            "id": id, "reference": id, "title": id, "description": "", "proposal": null,
            "comments": { "total": 0, "simulated": 0 },
        }))
        .unwrap()
    }

    fn paper(fields: &[(&str, &str)]) -> Paper {
        let form: Vec<(String, String)> =
            fields.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
        Paper::read(&form)
    }

    fn rules() -> [BallotRule; 6] {
        [
            BallotRule::Support,
            BallotRule::Approval(Approval::new(1, 1).unwrap()),
            BallotRule::Approval(Approval::new(1, 2).unwrap()),
            BallotRule::Ordinal(Ordinal::new(1, 3, FirstPlace::Max).unwrap()),
            BallotRule::Cumulative(Cumulative::new(1, 5).unwrap()),
            BallotRule::Scoring(Scoring::new(-2, 2).unwrap()),
        ]
    }

    #[test]
    fn a_ballot_is_the_same_after_it_was_put_into_a_form_and_read_again() {
        let ids = |ids: &[&str]| ids.iter().map(|id| OptionId::parse(*id).unwrap()).collect();
        let ballots = [
            BallotBody::of(ids(&["a", "b", "c"])),
            BallotBody::of(ids(&["b"])),
            BallotBody::of(ids(&["a", "c"])),
            BallotBody::of(ids(&["c", "a", "b"])),
            BallotBody { choices: ids(&["a", "c"]), points: vec![3, 2] },
            BallotBody { choices: ids(&["a", "b"]), points: vec![0, -2] },
        ];
        for (rule, ballot) in rules().into_iter().zip(ballots) {
            assert_eq!(Paper::of(rule, &ballot).ballot(rule, &options()), Ok(ballot), "{rule:?}");
        }
    }

    #[test]
    fn what_is_no_ballot_says_why() {
        let [support, one, two, ordinal, cumulative, scoring] = rules();
        let fault =
            |rule: BallotRule, fields: &[(&str, &str)]| paper(fields).ballot(rule, &options()).unwrap_err();
        assert_eq!(fault(support, &[]), PaperFault::Broken(FieldProblemKind::TooFew, Some(1)));
        assert_eq!(fault(one, &[("o:", "x")]), PaperFault::Broken(FieldProblemKind::TooFew, Some(1)));
        let all = [("o:a", "1"), ("o:b", "1"), ("o:c", "1")];
        assert_eq!(fault(two, &all), PaperFault::Broken(FieldProblemKind::TooMany, Some(2)));
        assert_eq!(fault(ordinal, &[("o:a", "2"), ("o:b", "2")]), PaperFault::SharedPlace);
        assert_eq!(fault(ordinal, &[("o:a", "first")]), PaperFault::NoNumber);
        assert_eq!(fault(cumulative, &[("o:a", "2.5")]), PaperFault::NoNumber);
        assert_eq!(
            fault(cumulative, &[("o:a", "3"), ("o:b", "3")]),
            PaperFault::Broken(FieldProblemKind::SumTooHigh, Some(5))
        );
        assert_eq!(
            fault(scoring, &[("o:a", "3")]),
            PaperFault::Broken(FieldProblemKind::PointsTooHigh, Some(2))
        );
    }

    #[test]
    fn a_ranking_may_leave_places_out_and_no_points_are_no_choice() {
        let [_, _, _, ordinal, cumulative, scoring] = rules();
        let choices = |rule, fields: &[(&str, &str)]| {
            let ballot = paper(fields).ballot(rule, &options()).unwrap();
            ballot.choices.iter().map(ToString::to_string).collect::<Vec<_>>()
        };
        assert_eq!(choices(ordinal, &[("o:a", "3"), ("o:b", "1"), ("step", "review")]), ["b", "a"]);
        assert_eq!(choices(cumulative, &[("o:a", "0"), ("o:b", " 5 "), ("o:c", "")]), ["b"]);
        assert_eq!(choices(scoring, &[("o:a", "0")]), ["a"]);
    }
}
