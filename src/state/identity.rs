//! Identifying oneself: by e-mail (an address, a code, done) or with a provider, whose page one comes back from. What was
//! filled in on the page stays as it is meanwhile.

use super::session::{self, Device};
use super::{Resource, load};
use crate::client::ClientError;
use crate::i18n::language;
use crate::platform;
use cabildo_contract::id::Slug;
use cabildo_contract::identity::{
    CodeSent, ConfirmCode, Consent, Email, EnteredCode, GetConsent, NewCode, RequestCode, SIGN_IN_REFUSED,
    SIGNED_IN_QUERY, check_code, sign_in_path,
};
use cabildo_contract::page::{parse_query, query_string};
use cabildo_contract::problem::ProblemKind;
use cabildo_contract::session::Assurance;
use leptos::prelude::*;
use leptos::task::spawn_local;

/// What keeps the person from going on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fault {
    /// This is no e-mail address.
    Address,
    /// Consent was not given.
    Consent,
    /// These are not eight digits.
    Shape,
    /// This is not the code.
    Wrong,
    /// The code is no longer good.
    Expired,
    /// Another code was asked for too soon.
    TooSoon,
    /// No code can be sent.
    NotOffered,
    /// The mail server takes nothing now.
    NotSent,
    /// The person left the process.
    Left,
    /// The person came back from the provider as they went.
    Refused,
}

impl Fault {
    /// What a refusal of the server comes to; none if it is about something else.
    #[must_use]
    pub const fn of(kind: ProblemKind) -> Option<Self> {
        match kind {
            ProblemKind::CodeWrong => Some(Self::Wrong),
            ProblemKind::CodeExpired => Some(Self::Expired),
            ProblemKind::RateLimited => Some(Self::TooSoon),
            ProblemKind::EmailNotOffered => Some(Self::NotOffered),
            ProblemKind::MailUnavailable => Some(Self::NotSent),
            ProblemKind::ConsentRequired => Some(Self::Consent),
            ProblemKind::Left => Some(Self::Left),
            // Of what is sent only the address can be wrong: a code is looked at before it is sent.
            ProblemKind::InvalidBody => Some(Self::Address),
            _ => None,
        }
    }
}

/// What is kept while the person is at the provider.
const AWAY: &str = "identifying";

/// The act of identifying oneself in a process.
#[derive(Clone, Copy)]
pub struct Identifying {
    process: StoredValue<Slug>,
    assurance: StoredValue<Assurance>,
    device: Device,
    /// What the person is asked to consent to.
    pub consent: Resource<Consent>,
    /// The address as it was typed.
    pub email: RwSignal<String>,
    /// Whether consent was given. Never before the person gives it.
    pub has_consented: RwSignal<bool>,
    /// The code that is on its way; none before it was asked for.
    pub sent: RwSignal<Option<CodeSent>>,
    /// The code as it was typed.
    pub code: RwSignal<String>,
    /// What keeps the person from going on.
    pub fault: RwSignal<Option<Fault>>,
    /// What went wrong besides.
    pub error: RwSignal<Option<ClientError>>,
    /// Whether an answer of the server is awaited.
    pub busy: RwSignal<bool>,
}

impl Identifying {
    /// Begins, where people have to identify themselves at all.
    #[must_use]
    pub fn asked_for(process: Slug, assurance: Assurance) -> Option<Self> {
        assurance.asks().then(|| Self::new(process, assurance))
    }

    fn new(process: Slug, assurance: Assurance) -> Self {
        let slug = process.clone();
        Self {
            process: StoredValue::new(process),
            assurance: StoredValue::new(assurance),
            device: use_context::<Device>().unwrap_or_else(Device::unknown),
            consent: load(move || GetConsent { process: slug.clone() }),
            email: RwSignal::new(String::new()),
            has_consented: RwSignal::new(false),
            sent: RwSignal::new(None),
            code: RwSignal::new(String::new()),
            fault: RwSignal::new(was_refused().then_some(Fault::Refused)),
            error: RwSignal::new(None),
            busy: RwSignal::new(false),
        }
    }

    /// Whether the person is identified.
    #[must_use]
    pub fn is_done(&self) -> bool {
        self.process.with_value(|process| {
            self.assurance.with_value(|assurance| self.device.is_identified(process, assurance))
        })
    }

    /// The provider that vouches for the person; none where they identify themselves by e-mail.
    #[must_use]
    pub fn provider(&self) -> Option<Slug> {
        self.assurance.with_value(|assurance| match assurance {
            Assurance::Oidc(provider) => Some(provider.clone()),
            Assurance::Email | Assurance::Device => None,
        })
    }

    /// The way to the provider, for whoever consents to this version, and back to this page.
    #[must_use]
    pub fn way(&self, provider: &Slug, consent: &str) -> String {
        let address = platform::address();
        let (page, query) = address.split_once('?').unwrap_or((&address, ""));
        let pairs = parse_query(query);
        let others = pairs.iter().filter(|(name, _)| name != SIGNED_IN_QUERY);
        let others: Vec<(&str, &str)> = others.map(|(name, value)| (name.as_str(), value.as_str())).collect();
        let back = format!("{page}{}", query_string(&others));
        self.process.with_value(|process| sign_in_path(provider, process, consent, &back))
    }

    /// The person follows the way to the provider; says whether they may. Whoever comes back goes on where they were.
    #[must_use]
    pub fn go(self) -> bool {
        if !self.has_consented.get_untracked() {
            self.stop(Fault::Consent, "identify-consent");
            return false;
        }
        self.process.with_value(|process| platform::keep_for_visit(AWAY, Some(process.as_str())));
        true
    }

    /// Whether the person has just come back from the provider. It is said once.
    #[must_use]
    pub fn is_back(self) -> bool {
        let is_back = self
            .process
            .with_value(|process| platform::kept_for_visit(AWAY).as_deref() == Some(process.as_str()));
        if is_back {
            platform::keep_for_visit(AWAY, None);
            session::forget_standing();
        }
        is_back
    }

    /// Asks for a code.
    pub fn send(self) {
        let email = self.email.get_untracked();
        if Email::parse(&email).is_err() {
            return self.stop(Fault::Address, "identify-email");
        }
        if !self.has_consented.get_untracked() {
            return self.stop(Fault::Consent, "identify-consent");
        }
        let Some(consent) = self.consent.with(|consent| consent.ready().map(|c| c.version.clone())) else {
            return;
        };
        if self.busy.get_untracked() {
            return;
        }
        self.begin();
        let language = Some(language().code().to_owned());
        let body = NewCode { process: self.process.get_value(), email, consent, language };
        spawn_local(async move {
            let answer = session::act(self.device, &RequestCode { body }, None).await;
            if self.busy.try_set(false).is_some() {
                return;
            }
            match answer {
                Ok(sent) => {
                    self.code.set(String::new());
                    self.sent.set(Some(sent));
                    platform::focus("identify-code");
                }
                Err(error) if error.kind() == Some(ProblemKind::ConsentRequired) => {
                    // The notice changed while it was being read.
                    self.has_consented.set(false);
                    self.consent.reload();
                    self.stop(Fault::Consent, "identify-consent");
                }
                Err(error) => self.refused(error, "identify-email"),
            }
        });
    }

    /// Tries the code that was typed.
    pub fn confirm(self, on_done: impl FnOnce() + 'static) {
        let Ok(code) = check_code(&self.code.get_untracked()) else {
            return self.stop(Fault::Shape, "identify-code");
        };
        if self.busy.get_untracked() {
            return;
        }
        self.begin();
        spawn_local(async move {
            let answer = session::act(self.device, &ConfirmCode { body: EnteredCode { code } }, None).await;
            if self.busy.try_set(false).is_some() {
                return;
            }
            match answer {
                Ok(session) => {
                    self.sent.set(None);
                    self.code.set(String::new());
                    self.email.set(String::new());
                    self.device.recognise(session);
                    on_done();
                }
                Err(error) => self.refused(error, "identify-code"),
            }
        });
    }

    /// Back to the address.
    pub fn back(self) {
        self.sent.set(None);
        self.fault.set(None);
        self.error.set(None);
        platform::focus("identify-email");
    }

    fn begin(self) {
        self.busy.set(true);
        self.fault.set(None);
        self.error.set(None);
    }

    fn stop(self, fault: Fault, field: &'static str) {
        self.fault.set(Some(fault));
        platform::focus(field);
    }

    fn refused(self, error: ClientError, field: &'static str) {
        match error.kind().and_then(Fault::of) {
            Some(fault) => self.stop(fault, field),
            None => self.error.set(Some(error)),
        }
    }
}

/// Whether the address says that the person was not identified.
fn was_refused() -> bool {
    let address = platform::address();
    let pairs = parse_query(address.split_once('?').map_or("", |(_, query)| query));
    pairs.iter().any(|(name, value)| name == SIGNED_IN_QUERY && value == SIGN_IN_REFUSED)
}
