//! Every way in which an operation can be refused: [RFC 9457](https://www.rfc-editor.org/rfc/rfc9457) problem details.

use crate::work::Work;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// Media type of a problem document.
pub const MEDIA_TYPE: &str = "application/problem+json";

const PREFIX: &str = "urn:cabildo:problem:";

macro_rules! kinds {
    ($($(#[$doc:meta])* $kind:ident = $name:literal, $status:literal, $title:literal;)*) => {
        /// What went wrong, as far as a client would act on it. Stable: written as `urn:cabildo:problem:…`.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub enum ProblemKind {
            $($(#[$doc])* $kind,)*
            /// A kind from a newer server; treat by its status.
            Unknown,
        }

        impl ProblemKind {
            /// Every kind that this version knows.
            pub const ALL: &'static [Self] = &[$(Self::$kind),*];

            /// The last part of its URN.
            #[must_use]
            pub const fn name(self) -> &'static str {
                match self { $(Self::$kind => $name,)* Self::Unknown => "unknown" }
            }

            /// The HTTP status that it travels with.
            #[must_use]
            pub const fn status(self) -> u16 {
                match self { $(Self::$kind => $status,)* Self::Unknown => 500 }
            }

            /// One English sentence that is the same for every occurrence.
            #[must_use]
            pub const fn title(self) -> &'static str {
                match self { $(Self::$kind => $title,)* Self::Unknown => "The request could not be carried out." }
            }
        }
    };
}

kinds! {
    /// The body is not JSON.
    MalformedBody = "malformed-body", 400, "The body is not valid JSON.";
    /// A path or query parameter is not what it should be; `fields` name it.
    InvalidParameter = "invalid-parameter", 400, "A parameter of the address is not valid.";
    /// The operation needs a session; open one first.
    SessionRequired = "session-required", 401, "This needs a session: POST /api/v1/session first.";
    /// The operation needs the key of an answering desk of this process: none was sent, or one that does not open it.
    DeskKeyRequired = "desk-key-required", 401, "This needs the key of an answering desk of this process.";
    /// The operation needs the key of a moderator of this process: none was sent, or one that is no moderator's here.
    ModeratorKeyRequired = "moderator-key-required", 401, "This needs the key of a moderator of this process.";
    /// A write that comes from another site's page.
    CrossSite = "cross-site", 403, "A page of another site may not act here.";
    /// The consultation asks people to identify themselves, and the caller has not, in this process and in this way.
    IdentityRequired = "identity-required", 401, "This consultation asks people to identify themselves first.";
    /// The record belongs to somebody else.
    NotYours = "not-yours", 403, "Only its author can change this.";
    /// Simulated participants are not accepted by this server.
    SimulationDisabled = "simulation-disabled", 403, "This server does not accept simulated participants.";
    /// The code is not the one that was sent; `detail` says how many tries are left.
    CodeWrong = "code-wrong", 403, "This is not the code that was sent.";
    /// Nothing is at this address.
    NotFound = "not-found", 404, "Nothing is at this address.";
    /// The address exists, the method does not.
    MethodNotAllowed = "method-not-allowed", 405, "This address does not take this method.";
    /// The consultation has not begun.
    ConsultationUpcoming = "consultation-upcoming", 409, "This consultation has not opened yet.";
    /// The consultation has ended: nothing more is counted.
    ConsultationClosed = "consultation-closed", 409, "This consultation is closed.";
    /// The consultation takes no ballots here: it was held elsewhere, or only invites comments.
    NoBallotsHere = "no-ballots-here", 409, "This consultation takes no ballots here.";
    /// The caller's ballot is not any more the one that this was to take the place of: it was cast, revised or withdrawn
    /// elsewhere meanwhile. Nothing was changed.
    BallotChanged = "ballot-changed", 409, "Your ballot was changed meanwhile: GET it, and decide again.";
    /// The call for proposals has not begun.
    CallUpcoming = "call-upcoming", 409, "This call for proposals has not opened yet.";
    /// The call for proposals has ended: submissions stay as they are.
    CallClosed = "call-closed", 409, "This call for proposals is closed.";
    /// The submission is not any more the one that this was to take the place of: it was edited elsewhere meanwhile. Nothing
    /// was changed.
    SubmissionChanged = "submission-changed", 409, "This submission was edited meanwhile: GET it, and decide again.";
    /// The call for proposals takes no submissions here: it was held elsewhere.
    NoSubmissionsHere = "no-submissions-here", 409, "This call for proposals takes no submissions here.";
    /// The time in which the author may change a comment is over.
    EditWindowOver = "edit-window-over", 409, "The time for changing this comment is over.";
    /// The comment was deleted.
    CommentDeleted = "comment-deleted", 409, "This comment was deleted.";
    /// The comment was hidden by moderation.
    CommentHidden = "comment-hidden", 409, "This comment was hidden by moderation.";
    /// The consultation publishes its results when it closes, and it has not.
    ResultsNotYet = "results-not-yet", 409, "The results of this consultation are published when it closes.";
    /// The comment was answered: changing it would change what the answer answers.
    CommentAnswered = "comment-answered", 409, "This comment has been answered: its words stay as they are.";
    /// People do not identify themselves by e-mail there: no consultation that is not over asks for it, or this server
    /// sends no mail.
    EmailNotOffered = "email-not-offered", 409, "Nobody has to identify themselves by e-mail here, or this server sends none.";
    /// The consent that was given is not to the present version.
    ConsentRequired = "consent-required", 409, "This needs consent to the present version: GET …/consent.";
    /// This identity left the process: what it cast stays, and cannot be changed or cast again.
    Left = "left", 409, "This identity has left the process: what it cast stays as it is.";
    /// Replies are one level deep.
    ReplyToReply = "reply-to-reply", 409, "A reply cannot be replied to: reply to the comment above it.";
    /// There is no code to confirm: none was sent, its time is over, or it was tried too often.
    CodeExpired = "code-expired", 410, "There is no code to confirm any more: ask for a new one.";
    /// The body is longer than the server reads.
    BodyTooLarge = "body-too-large", 413, "The body is larger than 64 KiB.";
    /// The body is not declared as JSON.
    UnsupportedMediaType = "unsupported-media-type", 415, "The body must be sent as application/json.";
    /// The body is JSON and not what it should be; `fields` say where.
    InvalidBody = "invalid-body", 422, "The body is not what this operation takes.";
    /// The `Idempotency-Key` was used for a different request.
    IdempotencyMismatch = "idempotency-mismatch", 422, "This Idempotency-Key belongs to a different request.";
    /// Much of this happens: [`Problem::work`] has to be done first, and brought with the same request. Nothing was
    /// changed.
    WorkRequired = "work-required", 428, "This needs some work first: find the number, and send it with the same request.";
    /// The caller, or the network or process of the request, writes more often than this server accepts; nothing was
    /// changed.
    RateLimited = "rate-limited", 429, "Too many writes in a short time. Nothing was changed: try again later.";
    /// Something unexpected; the request id finds it in the log.
    Internal = "internal", 500, "Something went wrong on the server. Nothing was changed.";
    /// The mail server cannot be reached, or takes nothing now. No code was made: it can be asked for again at once.
    MailUnavailable = "mail-unavailable", 503, "No mail can be sent right now. Try again in a few minutes.";
    /// The storage cannot be reached or is full; nothing was changed.
    Unavailable = "unavailable", 503, "The server cannot take this right now. Nothing was changed: try again.";
}

impl Serialize for ProblemKind {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(&format_args!("{PREFIX}{}", self.name()))
    }
}

impl<'de> Deserialize<'de> for ProblemKind {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        let name = text.strip_prefix(PREFIX).unwrap_or("");
        Ok(Self::ALL.iter().copied().find(|kind| kind.name() == name).unwrap_or(Self::Unknown))
    }
}

#[cfg(feature = "openapi")]
impl utoipa::PartialSchema for ProblemKind {
    fn schema() -> utoipa::openapi::RefOr<utoipa::openapi::schema::Schema> {
        utoipa::openapi::ObjectBuilder::new()
            .schema_type(utoipa::openapi::schema::Type::String)
            .description(Some("What went wrong, as a URN. Treat one that you do not know by its status."))
            .examples(Self::ALL.iter().map(|kind| format!("{PREFIX}{}", kind.name())))
            .into()
    }
}

#[cfg(feature = "openapi")]
impl utoipa::ToSchema for ProblemKind {}

/// What is wrong with one field.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub enum FieldProblemKind {
    /// Nothing is there.
    Required,
    /// Another type or format was expected.
    WrongType,
    /// The operation does not know this field.
    UnknownField,
    /// Longer than `limit` characters, or above `limit`.
    TooLong,
    /// Fewer than `limit` choices.
    TooFew,
    /// More than `limit` choices.
    TooMany,
    /// The same choice twice.
    Duplicate,
    /// Not an option of this consultation.
    UnknownOption,
    /// There are more points than choices, or fewer.
    NotParallel,
    /// Fewer points for one option than `limit`.
    PointsTooLow,
    /// More points for one option than `limit`.
    PointsTooHigh,
    /// Fewer points in all than `limit`.
    SumTooLow,
    /// More points in all than `limit`.
    SumTooHigh,
    /// The options chosen cost more in all than `limit`.
    OverBudget,
    /// A kind from a newer server.
    #[serde(other)]
    Unknown,
}

/// One field that was refused.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct FieldProblem {
    /// Where, as a JSON Pointer (RFC 6901) into the body, e.g. `/choices/2`; for a parameter `?name`.
    pub pointer: String,
    /// What is wrong.
    pub kind: FieldProblemKind,
    /// The bound that was broken, where there is one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub limit: Option<i64>,
}

impl FieldProblem {
    /// A problem at `pointer` without a bound.
    #[must_use]
    pub fn new(pointer: impl Into<String>, kind: FieldProblemKind) -> Self {
        Self { pointer: pointer.into(), kind, limit: None }
    }

    /// A problem at `pointer` that broke the bound `limit`.
    #[must_use]
    pub fn bound(pointer: impl Into<String>, kind: FieldProblemKind, limit: impl Into<i64>) -> Self {
        Self { pointer: pointer.into(), kind, limit: Some(limit.into()) }
    }
}

/// A refusal.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Problem {
    /// What went wrong.
    #[serde(rename = "type")]
    pub kind: ProblemKind,
    /// The kind in one English sentence.
    pub title: String,
    /// The HTTP status.
    pub status: u16,
    /// What is particular to this occurrence, in English, for developers.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub detail: Option<String>,
    /// The fields that were refused, each once.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub fields: Vec<FieldProblem>,
    /// Finds the request in the server's log.
    #[serde(default)]
    pub request_id: String,
    /// Seconds after which the same request may succeed; also sent as `Retry-After`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub retry_after: Option<u32>,
    /// What has to be done first.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub work: Option<Work>,
}

impl Problem {
    /// A problem of this kind with nothing particular to it.
    #[must_use]
    pub fn new(kind: ProblemKind) -> Self {
        Self {
            kind,
            title: kind.title().to_owned(),
            status: kind.status(),
            detail: None,
            fields: Vec::new(),
            request_id: String::new(),
            retry_after: matches!(kind, ProblemKind::Unavailable).then_some(5),
            work: None,
        }
    }

    /// Adds what is particular to this occurrence.
    #[must_use]
    pub fn detail(mut self, detail: impl Into<String>) -> Self {
        self.detail = Some(detail.into());
        self
    }

    /// The body was understood and refused.
    #[must_use]
    pub fn invalid_body(fields: Vec<FieldProblem>) -> Self {
        Self { fields, ..Self::new(ProblemKind::InvalidBody) }
    }

    /// Some work has to be done first.
    #[must_use]
    pub fn work(work: Work) -> Self {
        Self { work: Some(work), ..Self::new(ProblemKind::WorkRequired) }
    }

    /// A parameter was refused.
    #[must_use]
    pub fn invalid_parameter(field: FieldProblem) -> Self {
        Self { fields: vec![field], ..Self::new(ProblemKind::InvalidParameter) }
    }
}

impl From<ProblemKind> for Problem {
    fn from(kind: ProblemKind) -> Self {
        Self::new(kind)
    }
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a test fails by panicking")]
mod tests {
    use super::*;

    #[test]
    fn every_kind_survives_the_wire_under_its_own_name() {
        let names: std::collections::HashSet<_> = ProblemKind::ALL.iter().map(|kind| kind.name()).collect();
        assert_eq!(names.len(), ProblemKind::ALL.len());
        for kind in ProblemKind::ALL {
            let text = serde_json::to_string(&Problem::new(*kind)).unwrap();
            assert_eq!(serde_json::from_str::<Problem>(&text).unwrap().kind, *kind);
        }
    }

    #[test]
    fn an_old_client_understands_a_newer_servers_problem() {
        let text = r#"{"type":"urn:cabildo:problem:from-the-future","title":"New","status":409,"extra":1,
            "fields":[{"pointer":"/a","kind":"from-the-future"}]}"#;
        let problem: Problem = serde_json::from_str(text).unwrap();
        assert_eq!(problem.kind, ProblemKind::Unknown);
        assert_eq!(problem.status, 409);
        assert_eq!(problem.fields[0].kind, FieldProblemKind::Unknown);
    }
}
