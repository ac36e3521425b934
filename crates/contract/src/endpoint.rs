//! The operations of the public API.
//!
//! An operation is a struct that implements [`Endpoint`]: the browser sends it, the server mounts its
//! pattern, tests drive it and the OpenAPI document lists it. [`for_each_endpoint!`](crate::for_each_endpoint) is the list of them all.

use crate::problem::ProblemKind;
use serde::{Deserialize, Serialize, de::DeserializeOwned};

/// An HTTP method.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Method {
    /// Read.
    Get,
    /// Create.
    Post,
    /// Replace; repeating it changes nothing.
    Put,
    /// Remove; repeating it changes nothing.
    Delete,
}

impl Method {
    /// Its name in HTTP.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Get => "GET",
            Self::Post => "POST",
            Self::Put => "PUT",
            Self::Delete => "DELETE",
        }
    }
}

/// The body of an operation that takes none.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct NoBody {}

/// One operation of the public API: method, address, what goes in, what comes out, how it can be refused.
pub trait Endpoint {
    /// The method.
    const METHOD: Method;
    /// The address as the server mounts it, e.g. `/api/v1/proposals/{proposal}`.
    const PATTERN: &'static str;
    /// `verb_noun`, unique: the operation id in OpenAPI.
    const NAME: &'static str;
    /// One English sentence.
    const SUMMARY: &'static str;
    /// The query parameters that it takes, with a sentence each.
    const QUERY: &'static [(&'static str, &'static str)] = &[];
    /// Whether its answer says something of what conveners wrote, which may exist in several languages: it then takes
    /// [`LANGUAGE`] as well.
    const CONTENT: bool = false;
    /// The problems particular to it. Every operation can also meet
    /// [`ProblemKind::Internal`] and [`ProblemKind::Unavailable`]; every one with a body those of
    /// [`BODY_PROBLEMS`]; every one with a query [`ProblemKind::InvalidParameter`]; every write those of
    /// [`WRITE_PROBLEMS`].
    const PROBLEMS: &'static [ProblemKind];
    /// Whether it can be refused with [`ProblemKind::WorkRequired`], because it costs others something.
    const MAY_NEED_WORK: bool = false;
    /// Whether it answers `201 Created` (and takes an `Idempotency-Key`) instead of `200 OK`.
    const CREATES: bool = false;
    /// What goes in.
    type Body: Serialize + DeserializeOwned;
    /// What comes out.
    type Output: Serialize + DeserializeOwned;

    /// The address of this request: path and query.
    fn path(&self) -> String;

    /// The body of this request.
    fn body(&self) -> Option<&Self::Body> {
        None
    }
}

/// A stream of server-sent events: each carries the whole state (never a change), so that a reader who
/// missed any number of them is right again with the next.
pub trait Live {
    /// The address as the server mounts it.
    const PATTERN: &'static str;
    /// `watch_noun`.
    const NAME: &'static str;
    /// One English sentence.
    const SUMMARY: &'static str;
    /// As [`Endpoint::CONTENT`].
    const CONTENT: bool = false;
    /// What each event carries as JSON.
    type State: Serialize + DeserializeOwned;

    /// The address of this stream.
    fn path(&self) -> String;
}

/// The query parameter of everything with content ([`Endpoint::CONTENT`]), and a sentence about it.
pub const LANGUAGE: (&str, &str) =
    ("lang", "Language in which content is wanted where it exists in it, e.g. `en`; `es` if it is not said.");

/// The address of something with content, in this language.
#[must_use]
pub fn in_language(mut path: String, language: &str) -> String {
    path.push_str(if path.as_bytes().contains(&b'?') { "&lang=" } else { "?lang=" });
    path.push_str(language);
    path
}

/// The address of a write that takes the place of this version and of no other; of any, if none is named.
pub(crate) fn replacing(path: String, version: Option<u32>) -> String {
    match version {
        Some(version) => format!("{path}?replaces={version}"),
        None => path,
    }
}

/// Problems of every operation that takes a body.
pub const BODY_PROBLEMS: &[ProblemKind] = &[
    ProblemKind::MalformedBody,
    ProblemKind::BodyTooLarge,
    ProblemKind::UnsupportedMediaType,
    ProblemKind::InvalidBody,
];

/// Problems of every operation that is not [`Method::Get`].
pub const WRITE_PROBLEMS: &[ProblemKind] = &[ProblemKind::CrossSite, ProblemKind::RateLimited];

/// Calls `$each!(Type)` for every [`Endpoint`], in the order of the documentation.
#[macro_export]
macro_rules! for_each_endpoint {
    ($each:ident) => {
        $each!($crate::process::ListProcesses);
        $each!($crate::process::GetProcess);
        $each!($crate::process::RemoveSimulation);
        $each!($crate::record::GetRecord);
        $each!($crate::identity::GetConsent);
        $each!($crate::identity::RequestCode);
        $each!($crate::identity::ConfirmCode);
        $each!($crate::identity::GetPerson);
        $each!($crate::identity::Leave);
        $each!($crate::identity::EndOtherSession);
        $each!($crate::statistics::GetStatistics);
        $each!($crate::proposal::ListProposals);
        $each!($crate::proposal::GetProposal);
        $each!($crate::proposal::GetVersions);
        $each!($crate::comment::ListComments);
        $each!($crate::comment::PostComment);
        $each!($crate::comment::ListComments<$crate::id::OptionId>);
        $each!($crate::comment::PostComment<$crate::id::OptionId>);
        $each!($crate::comment::PostReply);
        $each!($crate::comment::EditComment);
        $each!($crate::comment::DeleteComment);
        $each!($crate::comment::ReportComment);
        $each!($crate::answer::ListContributions);
        $each!($crate::answer::GetDesk);
        $each!($crate::answer::AnswerComment);
        $each!($crate::moderation::ListCases);
        $each!($crate::moderation::DecideComment);
        $each!($crate::moderation::ListOwnComments);
        $each!($crate::consultation::GetConsultation);
        $each!($crate::consultation::GetOption);
        $each!($crate::tally::GetResults);
        $each!($crate::ballot::GetBallot);
        $each!($crate::ballot::CastBallot);
        $each!($crate::ballot::WithdrawBallot);
        $each!($crate::call::ListCalls);
        $each!($crate::call::GetCall);
        $each!($crate::call::ListSubmissions);
        $each!($crate::call::Submit);
        $each!($crate::call::GetSubmission);
        $each!($crate::call::EditSubmission);
        $each!($crate::call::WithdrawSubmission);
        $each!($crate::embed::GetAct);
        $each!($crate::embed::AnnounceAct);
        $each!($crate::session::GetSession);
        $each!($crate::session::OpenSession);
        $each!($crate::session::EndSession);
        $each!($crate::session::SetTerritory);
    };
}

/// Calls `$each!(Type)` for every [`Live`] stream.
#[macro_export]
macro_rules! for_each_live {
    ($each:ident) => {
        $each!($crate::statistics::WatchProcess);
        $each!($crate::comment::WatchComments);
        $each!($crate::comment::WatchComments<$crate::id::OptionId>);
        $each!($crate::tally::WatchResults);
    };
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::HashSet;

    #[test]
    fn an_address_says_its_language_after_what_else_it_says() {
        assert_eq!(in_language("/a".to_owned(), "en"), "/a?lang=en");
        assert_eq!(in_language("/a?q=b".to_owned(), "en"), "/a?q=b&lang=en");
    }

    #[test]
    fn no_two_operations_share_a_name_or_an_address() {
        let (mut names, mut routes) = (HashSet::new(), HashSet::new());
        macro_rules! check {
            ($e:ty) => {
                assert!(names.insert(<$e>::NAME), "{} twice", <$e>::NAME);
                assert!(routes.insert((<$e>::METHOD.as_str(), <$e>::PATTERN)), "{} twice", <$e>::PATTERN);
            };
        }
        for_each_endpoint!(check);
        macro_rules! check_live {
            ($e:ty) => {
                assert!(names.insert(<$e as Live>::NAME));
                assert!(routes.insert(("GET", <$e as Live>::PATTERN)));
            };
        }
        for_each_live!(check_live);
    }
}
