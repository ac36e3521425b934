//! Identifying oneself with as little as a consultation needs, and what is kept of it.
//!
//! Nothing here carries an address beyond the one request that sends a code to it: the server keeps a keyed hash, a
//! different one in each process.

use crate::ballot::BallotBody;
use crate::endpoint::{Endpoint, Method, NoBody};
use crate::id::{CommentId, Slug, SubmissionId};
use crate::page::query_string;
use crate::problem::{FieldProblem, FieldProblemKind, ProblemKind};
use crate::session::{Assurance, CurrentSession, Session};
use crate::time::Timestamp;
use serde::{Deserialize, Serialize};

/// Digits of a code.
pub const CODE_DIGITS: usize = 8;
/// Seconds for which a code is good.
pub const CODE_SECONDS: i64 = 600;
/// Seconds after which a device may ask for another code.
pub const CODE_AGAIN_SECONDS: i64 = 60;
/// Times that a code may be entered wrongly.
pub const CODE_TRIES: u32 = 5;
/// Longest e-mail address (RFC 5321, section 4.5.3.1.3, without the angle brackets).
const EMAIL_MAX: usize = 254;

/// An e-mail address as far as it can be told without sending to it: `local@domain`, ASCII, without comments or quotes.
#[derive(Clone, PartialEq, Eq)]
pub struct Email(String);

impl Email {
    /// Reads an address; spaces around it do not matter.
    ///
    /// # Errors
    /// The problem with the field `/email`.
    pub fn parse(text: &str) -> Result<Self, FieldProblem> {
        let text = text.trim();
        let problem = |kind| Err(FieldProblem::new("/email", kind));
        if text.is_empty() {
            return problem(FieldProblemKind::Required);
        }
        if text.len() > EMAIL_MAX {
            let limit = i64::try_from(EMAIL_MAX).unwrap_or(i64::MAX);
            return Err(FieldProblem::bound("/email", FieldProblemKind::TooLong, limit));
        }
        let Some((local, domain)) = text.split_once('@') else { return problem(FieldProblemKind::WrongType) };
        let is_atom = |part: &str, also: &str| {
            !part.is_empty() && part.chars().all(|c| c.is_ascii_alphanumeric() || also.contains(c))
        };
        let good = local.len() <= 64
            && local.split('.').all(|part| is_atom(part, "!#$%&'*+-/=?^_`{|}~"))
            && domain.contains('.')
            && domain
                .split('.')
                .all(|part| is_atom(part, "-") && !part.starts_with('-') && !part.ends_with('-'));
        if good { Ok(Self(text.to_owned())) } else { problem(FieldProblemKind::WrongType) }
    }

    /// The address to send to.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// What makes two addresses one mailbox: case does not matter, nor does what follows a `+` (RFC 5233), so that one
    /// mailbox is not many people.
    #[must_use]
    pub fn mailbox(&self) -> String {
        let lower = self.0.to_ascii_lowercase();
        match lower.split_once('@') {
            Some((local, domain)) => {
                let local = local.split_once('+').map_or(local, |(user, _)| user);
                format!("{local}@{domain}")
            }
            None => lower,
        }
    }
}

impl std::fmt::Debug for Email {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        // An address must not get into a log by way of a struct that is printed.
        f.write_str("Email(…)")
    }
}

/// The digits of a code as a person enters them: spaces and dashes between them do not matter.
///
/// # Errors
/// The problem with the field `/code` unless they are [`CODE_DIGITS`] digits.
pub fn check_code(text: &str) -> Result<String, FieldProblem> {
    let digits: String = text.chars().filter(|c| !c.is_whitespace() && *c != '-').collect();
    if digits.is_empty() {
        return Err(FieldProblem::new("/code", FieldProblemKind::Required));
    }
    if digits.len() != CODE_DIGITS || !digits.bytes().all(|b| b.is_ascii_digit()) {
        return Err(FieldProblem::new("/code", FieldProblemKind::WrongType));
    }
    Ok(digits)
}

/// What a person consents to by identifying themselves in a process (in Colombia: Ley 1581 of 2012, article 9, and
/// Decreto 1377 of 2013, article 5).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Consent {
    /// Changes when anything else here does, e.g. `2026-11`. Kept with each consent.
    pub version: String,
    /// Who is responsible for the data.
    pub controller: String,
    /// Where to turn with questions and claims.
    pub contact: String,
    /// What the data are for, each in a sentence.
    pub purposes: Vec<String>,
    /// Data without which one cannot identify oneself, each with what is kept of it.
    pub required: Vec<String>,
    /// Data that nobody has to give.
    #[serde(default)]
    pub optional: Vec<String>,
    /// What a person may demand.
    pub rights: Vec<String>,
    /// Web address of the whole policy.
    #[serde(default)]
    pub policy: Option<String>,
}

/// Reads what people consent to in a process.
#[derive(Debug, Clone)]
pub struct GetConsent {
    /// Slug or id of the process.
    pub process: Slug,
}

impl Endpoint for GetConsent {
    const METHOD: Method = Method::Get;
    const PATTERN: &'static str = "/api/v1/processes/{process}/consent";
    const NAME: &'static str = "get_consent";
    const SUMMARY: &'static str =
        "What a person consents to by identifying themselves in a process. Not there where nobody has to.";
    const CONTENT: bool = true;
    const PROBLEMS: &'static [ProblemKind] = &[ProblemKind::NotFound];
    type Body = NoBody;
    type Output = Consent;

    fn path(&self) -> String {
        format!("/api/v1/processes/{}/consent", self.process)
    }
}

/// Body of [`RequestCode`].
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct NewCode {
    /// The process in which the person wants to be recognised.
    pub process: Slug,
    /// Where to send the code. Not kept.
    pub email: String,
    /// The version of the [`Consent`] that the person gave.
    pub consent: String,
    /// Language of the message: `es` (if it is not said), `en` or `pt`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub language: Option<String>,
}

/// A code is on its way: the same answer whether the address was ever seen or not.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct CodeSent {
    /// Until when the code is good.
    pub expires_at: Timestamp,
    /// From when on another can be asked for.
    pub again_at: Timestamp,
}

/// Sends a code of [`CODE_DIGITS`] digits to an e-mail address.
#[derive(Debug, Clone)]
pub struct RequestCode {
    /// Where to, and what for.
    pub body: NewCode,
}

impl Endpoint for RequestCode {
    const METHOD: Method = Method::Post;
    const PATTERN: &'static str = "/api/v1/session/email";
    const NAME: &'static str = "request_code";
    const SUMMARY: &'static str = "Send a one-time code of 8 digits to an e-mail address. The answer says nothing about the address. The address is not kept.";
    const MAY_NEED_WORK: bool = true;
    const PROBLEMS: &'static [ProblemKind] = &[
        ProblemKind::SessionRequired,
        ProblemKind::EmailNotOffered,
        ProblemKind::ConsentRequired,
        ProblemKind::MailUnavailable,
    ];
    type Body = NewCode;
    type Output = CodeSent;

    fn path(&self) -> String {
        Self::PATTERN.to_owned()
    }

    fn body(&self) -> Option<&NewCode> {
        Some(&self.body)
    }
}

/// Body of [`ConfirmCode`].
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct EnteredCode {
    /// The digits; spaces and dashes between them do not matter.
    pub code: String,
}

/// Identifies the caller with the code that was sent. The session gets a new token.
#[derive(Debug, Clone)]
pub struct ConfirmCode {
    /// What was entered.
    pub body: EnteredCode,
}

impl Endpoint for ConfirmCode {
    const METHOD: Method = Method::Post;
    const PATTERN: &'static str = "/api/v1/session/email/confirm";
    const NAME: &'static str = "confirm_code";
    const SUMMARY: &'static str =
        "Identify the caller with the code that was sent. The session gets a new token, in a new cookie.";
    const PROBLEMS: &'static [ProblemKind] =
        &[ProblemKind::SessionRequired, ProblemKind::CodeWrong, ProblemKind::CodeExpired, ProblemKind::Left];
    type Body = EnteredCode;
    type Output = Session;

    fn path(&self) -> String {
        Self::PATTERN.to_owned()
    }

    fn body(&self) -> Option<&EnteredCode> {
        Some(&self.body)
    }
}

/// Where a person goes, with the browser itself, to identify themselves with an OpenID Connect provider. Answers with a
/// redirection to the provider.
pub const SIGN_IN_PATTERN: &str = "/api/v1/session/oidc/{provider}";
/// The query of [`SIGN_IN_PATTERN`].
pub const SIGN_IN_QUERY: &[(&str, &str)] = &[
    ("process", "Slug of the process in which the person wants to be recognised."),
    ("consent", "The version of the consent that the person gave."),
    ("back", "Where on this site the person comes back to: a path, perhaps with a query."),
];
/// Where providers send people back to: `redirect_uri`, after the public address of the site.
pub const SIGNED_IN_PATH: &str = "/api/v1/session/oidc/callback";
/// Seconds that a person may take at the provider.
pub const SIGN_IN_SECONDS: i64 = 600;
/// Query parameter of the page that a person comes back to when they were not identified; its value is
/// [`SIGN_IN_REFUSED`].
pub const SIGNED_IN_QUERY: &str = "identified";
/// Value of [`SIGNED_IN_QUERY`].
pub const SIGN_IN_REFUSED: &str = "refused";

/// The address at which to begin, with the provider of this name. `back` is the page to come back to.
#[must_use]
pub fn sign_in_path(provider: &Slug, process: &Slug, consent: &str, back: &str) -> String {
    let path = SIGN_IN_PATTERN.replace("{provider}", provider.as_str());
    path + &query_string(&[("process", process.as_str()), ("consent", consent), ("back", back)])
}

/// A session of the caller, on this device or another.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct OpenedSession {
    /// Names it in [`EndOtherSession`]; opens nothing.
    pub id: Slug,
    /// When it was opened, or last identified itself.
    pub opened_at: Timestamp,
    /// Whether it is the one that asks.
    pub is_current: bool,
}

/// In which process a person is recognised, and how.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Identity {
    /// The process.
    pub process: Slug,
    /// How.
    pub assurance: Assurance,
    /// Since when.
    pub since: Timestamp,
    /// The version of the consent that was given, and when; null where none was needed.
    pub consent: Option<Consented>,
}

/// A consent that was given.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Consented {
    /// To which version of the [`Consent`].
    pub version: String,
    /// When.
    pub at: Timestamp,
}

/// A ballot of the caller.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct KeptBallot {
    /// In which consultation.
    pub consultation: Slug,
    /// Its acknowledgement number.
    pub receipt: String,
    /// When it was received.
    pub received_at: Timestamp,
    /// What it says; null once withdrawn.
    pub ballot: Option<BallotBody>,
}

/// A comment of the caller.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct KeptComment {
    /// Its id.
    pub id: CommentId,
    /// When it was posted.
    pub posted_at: Timestamp,
    /// Its words; null once deleted.
    pub text: Option<String>,
}

/// Everything that is kept of the caller.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct PersonRecord {
    /// The codes under which the caller's comments appear; more than one where somebody used this device before they
    /// identified themselves.
    pub authors: Vec<String>,
    /// The department in which the caller said that they live.
    pub territory: Option<String>,
    /// In which processes the caller is recognised.
    pub identities: Vec<Identity>,
    /// The caller's sessions, the newest first.
    pub sessions: Vec<OpenedSession>,
    /// The caller's ballots.
    pub ballots: Vec<KeptBallot>,
    /// The caller's comments.
    pub comments: Vec<KeptComment>,
    /// The caller's submissions to calls for proposals.
    pub submissions: Vec<SubmissionId>,
}

/// Reads everything that is kept of the caller; also a file to keep.
#[derive(Debug, Clone)]
pub struct GetPerson;

impl Endpoint for GetPerson {
    const METHOD: Method = Method::Get;
    const PATTERN: &'static str = "/api/v1/person";
    const NAME: &'static str = "get_person";
    const SUMMARY: &'static str = "Everything that is kept of the caller.";
    const PROBLEMS: &'static [ProblemKind] = &[ProblemKind::SessionRequired];
    type Body = NoBody;
    type Output = PersonRecord;

    fn path(&self) -> String {
        Self::PATTERN.to_owned()
    }
}

/// Leaves: ends all sessions of the caller, removes the link between the caller's identity and what they did, and
/// erases where they live. Ballots stay counted and comments stay; neither can be changed, nor cast again by the same
/// identity in the same process.
#[derive(Debug, Clone)]
pub struct Leave;

impl Endpoint for Leave {
    const METHOD: Method = Method::Delete;
    const PATTERN: &'static str = "/api/v1/person";
    const NAME: &'static str = "leave";
    const SUMMARY: &'static str = "Leave: end all sessions and remove the link between the caller's identity and what they did. Ballots stay counted.";
    const PROBLEMS: &'static [ProblemKind] = &[ProblemKind::SessionRequired];
    type Body = NoBody;
    type Output = CurrentSession;

    fn path(&self) -> String {
        Self::PATTERN.to_owned()
    }
}

/// Ends a session of the caller, on whatever device.
#[derive(Debug, Clone)]
pub struct EndOtherSession {
    /// Which: [`OpenedSession::id`].
    pub session: Slug,
}

impl Endpoint for EndOtherSession {
    const METHOD: Method = Method::Delete;
    const PATTERN: &'static str = "/api/v1/sessions/{session}";
    const NAME: &'static str = "end_other_session";
    const SUMMARY: &'static str = "End one of the caller's sessions, on whatever device.";
    const PROBLEMS: &'static [ProblemKind] = &[ProblemKind::SessionRequired, ProblemKind::NotFound];
    type Body = NoBody;
    type Output = PersonRecord;

    fn path(&self) -> String {
        format!("/api/v1/sessions/{}", self.session)
    }
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a test fails by panicking")]
mod tests {
    use super::*;

    #[test]
    fn what_could_be_an_address_is_one_and_the_rest_is_named() {
        for good in ["ana@example.org", " Ana.Maria+voto@sub.example.org ", "o'neil@x-y.co"] {
            assert!(Email::parse(good).is_ok(), "{good}");
        }
        for bad in [
            "",
            "ana",
            "ana@",
            "@example.org",
            "ana@example",
            "ana@@example.org",
            "a b@example.org",
            "ana@exa_mple.org",
            "ana@-x.org",
            "ana@example.org\r\nBcc: x@y.org",
            ".ana@example.org",
            "ana@example..org",
            "<ana@example.org>",
            "аna@example.org",
        ] {
            assert!(Email::parse(bad).is_err(), "{bad}");
        }
        let long = format!("ana@{}.org", "x".repeat(260));
        assert_eq!(Email::parse(&long).unwrap_err().kind, FieldProblemKind::TooLong);
    }

    #[test]
    fn one_mailbox_is_one_person_however_its_address_is_written() {
        let mailbox = |text: &str| Email::parse(text).unwrap().mailbox();
        assert_eq!(mailbox("Ana+1@Example.org"), "ana@example.org");
        assert_eq!(mailbox("ana@example.org"), "ana@example.org");
        assert_ne!(mailbox("a.na@example.org"), mailbox("ana@example.org"));
    }

    #[test]
    fn an_address_is_not_printed_with_what_holds_it() {
        let email = Email::parse("ana@example.org").unwrap();
        assert!(!format!("{email:?}").contains("ana"));
    }

    #[test]
    fn a_code_is_eight_digits_however_they_are_grouped() {
        for good in ["12345678", "1234 5678", " 1234-5678 ", "1234\u{a0}5678"] {
            assert_eq!(check_code(good).unwrap(), "12345678", "{good}");
        }
        for bad in ["", " ", "1234567", "123456789", "1234567a", "１２３４５６７８"] {
            assert!(check_code(bad).is_err(), "{bad}");
        }
    }
}
