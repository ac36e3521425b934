//! Who is acting, as little known as needed.

use crate::endpoint::{Endpoint, Method, NoBody};
use crate::problem::ProblemKind;
use serde::{Deserialize, Serialize};

/// How sure the server is that two acts come from one person; shown beside every result.
/// The first of several: e-mail codes and OpenID Connect raise it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub enum Assurance {
    /// A random token kept by one browser: one ballot per device, not per person.
    Device,
}

/// The session of the caller.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Session {
    /// How the person was recognised.
    pub assurance: Assurance,
    /// The code under which this person's comments appear; says nothing about who they are.
    pub author: String,
    /// Whether this is a simulated participant (see [`NewSession::simulated`]).
    pub simulated: bool,
    /// The code of the department that this person said they live in; null if they said none.
    #[serde(default)]
    pub territory: Option<String>,
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
