//! Who is acting, as little known as needed.

use crate::endpoint::{Endpoint, Method, NoBody};
use crate::id::Slug;
use crate::problem::ProblemKind;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use std::fmt;

/// The header in which whoever acts may say in whose session they mean to: its [`Session::author`]. If the session is
/// somebody else's by now, the request is refused with [`ProblemKind::SessionRequired`]: nobody acts in another's name.
pub const AUTHOR_HEADER: &str = "Cabildo-Author";

/// How people are recognised, and so how sure it is that two acts come from one person; shown beside every result.
/// Written `device`, `email` or `oidc:NAME`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Assurance {
    /// By a random token that one browser keeps: one ballot per device, not per person. Open to everybody.
    Device,
    /// By a code sent to an e-mail address: one ballot per mailbox.
    Email,
    /// By the OpenID Connect provider of this name: one ballot per account there.
    Oidc(Slug),
}

impl Assurance {
    /// Whether people have to identify themselves.
    #[must_use]
    pub fn asks(&self) -> bool {
        *self != Self::Device
    }

    /// Reads what [`Display`](fmt::Display) writes.
    ///
    /// # Errors
    /// [`UnknownAssurance`].
    pub fn parse(text: &str) -> Result<Self, UnknownAssurance> {
        match text {
            "device" => Ok(Self::Device),
            "email" => Ok(Self::Email),
            _ => {
                let provider = text.strip_prefix("oidc:").and_then(|name| Slug::parse(name).ok());
                provider.map(Self::Oidc).ok_or(UnknownAssurance)
            }
        }
    }
}

/// A way to recognise people that there is not.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct UnknownAssurance;

impl fmt::Display for UnknownAssurance {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("people are recognised by `device`, `email` or `oidc:NAME`")
    }
}

impl fmt::Display for Assurance {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Device => f.write_str("device"),
            Self::Email => f.write_str("email"),
            Self::Oidc(provider) => write!(f, "oidc:{provider}"),
        }
    }
}

impl Serialize for Assurance {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Assurance {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Self::parse(&String::deserialize(deserializer)?).map_err(serde::de::Error::custom)
    }
}

#[cfg(feature = "openapi")]
impl utoipa::PartialSchema for Assurance {
    fn schema() -> utoipa::openapi::RefOr<utoipa::openapi::schema::Schema> {
        utoipa::openapi::ObjectBuilder::new()
            .schema_type(utoipa::openapi::schema::Type::String)
            .description(Some(
                "How people are recognised: `device` (one ballot a browser), `email` (a code, one ballot a mailbox) or `oidc:NAME` (an OpenID Connect provider, one ballot an account).",
            ))
            .pattern(Some("^(device|email|oidc:[A-Za-z0-9][A-Za-z0-9._-]*)$"))
            .examples(["device", "email", "oidc:ciudadano"])
            .into()
    }
}

#[cfg(feature = "openapi")]
impl utoipa::ToSchema for Assurance {}

/// The session of the caller.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Session {
    /// In which processes the person identified themselves on this device, and how.
    #[serde(default)]
    pub identities: Vec<Identified>,
    /// The code under which this person's comments appear; says nothing about who they are.
    pub author: String,
    /// Whether this is a simulated participant (see [`NewSession::simulated`]).
    pub simulated: bool,
    /// The code of the department that this person said they live in; null if they said none.
    #[serde(default)]
    pub territory: Option<String>,
}

/// Where a session is identified.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Identified {
    /// The process.
    pub process: Slug,
    /// How.
    pub assurance: Assurance,
}

/// What the server knows about the caller: a session, or none.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct CurrentSession {
    /// Null before [`OpenSession`].
    pub session: Option<Session>,
}

/// Reads the caller's session.
#[derive(Debug, Clone)]
pub struct GetSession;

impl Endpoint for GetSession {
    const METHOD: Method = Method::Get;
    const PATTERN: &'static str = "/api/v1/session";
    const NAME: &'static str = "get_session";
    const SUMMARY: &'static str = "The caller's session, or null.";
    const PROBLEMS: &'static [ProblemKind] = &[];
    type Body = NoBody;
    type Output = CurrentSession;

    fn path(&self) -> String {
        Self::PATTERN.to_owned()
    }
}

/// Body of [`OpenSession`].
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct NewSession {
    /// True for a simulated participant. Refused unless the server was started to allow simulation.
    #[serde(default)]
    pub simulated: bool,
}

/// Opens a session at assurance [`Assurance::Device`]: answers with a `__Host-cabildo` cookie. A caller that
/// already has one keeps it.
#[derive(Debug, Clone)]
pub struct OpenSession {
    /// What kind of session.
    pub body: NewSession,
}

impl Endpoint for OpenSession {
    const METHOD: Method = Method::Post;
    const PATTERN: &'static str = "/api/v1/session";
    const NAME: &'static str = "open_session";
    const SUMMARY: &'static str = "Open a session for this device. Sets the cookie __Host-cabildo.";
    const PROBLEMS: &'static [ProblemKind] = &[ProblemKind::SimulationDisabled];
    type Body = NewSession;
    type Output = Session;

    fn path(&self) -> String {
        Self::PATTERN.to_owned()
    }

    fn body(&self) -> Option<&NewSession> {
        Some(&self.body)
    }
}

/// Ends the caller's session. Ballots and comments stay; this device can no longer change them.
#[derive(Debug, Clone)]
pub struct EndSession;

impl Endpoint for EndSession {
    const METHOD: Method = Method::Delete;
    const PATTERN: &'static str = "/api/v1/session";
    const NAME: &'static str = "end_session";
    const SUMMARY: &'static str = "End the caller's session. What was cast or posted stays.";
    const PROBLEMS: &'static [ProblemKind] = &[];
    type Body = NoBody;
    type Output = CurrentSession;

    fn path(&self) -> String {
        Self::PATTERN.to_owned()
    }
}

/// Where a person says that they live.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Residence {
    /// Two digits: the code of a department in the country's official list (in Colombia DIVIPOLA). Null: not said.
    pub territory: Option<String>,
}

/// Says where the caller lives, or no longer. Nobody has to; it is counted, never shown beside a person, and erased by
/// saying null.
#[derive(Debug, Clone)]
pub struct SetTerritory {
    /// Where.
    pub body: Residence,
}

impl Endpoint for SetTerritory {
    const METHOD: Method = Method::Put;
    const PATTERN: &'static str = "/api/v1/session/territory";
    const NAME: &'static str = "set_territory";
    const SUMMARY: &'static str = "Say in which department the caller lives, or erase it with null. Counted, never shown beside a person.";
    const PROBLEMS: &'static [ProblemKind] = &[ProblemKind::SessionRequired];
    type Body = Residence;
    type Output = Session;

    fn path(&self) -> String {
        Self::PATTERN.to_owned()
    }

    fn body(&self) -> Option<&Residence> {
        Some(&self.body)
    }
}
