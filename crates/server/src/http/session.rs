//! The caller's session.

use super::reply::Reply;
use crate::App;
use crate::domain::{Person, Refusal};
use crate::extract::{COOKIE, Call};
use crate::random;
use crate::territory::departments;
use cabildo_contract::problem::{FieldProblem, FieldProblemKind};
use cabildo_contract::session::{CurrentSession, EndSession, GetSession, OpenSession, SetTerritory};

/// Seconds that a browser keeps the cookie: 400 days, the longest that browsers allow.
pub const COOKIE_SECONDS: u32 = 400 * 24 * 3600;

/// The cookie of a session; with an empty token and 0 seconds the browser forgets it.
pub fn cookie(token: &str, seconds: u32) -> String {
    format!("{COOKIE}={token}; Path=/; Secure; HttpOnly; SameSite=Lax; Max-Age={seconds}")
}

/// Reads it.
pub async fn get(call: Call<GetSession>) -> Result<Reply<GetSession>, Refusal> {
    let session = match call.caller().await? {
        Some(person) => Some(person.session(call.identified().await?)),
        None => None,
    };
    Ok(Reply::private(CurrentSession { session }))
}

/// Opens one, or keeps the one there is.
pub async fn open(call: Call<OpenSession>) -> Result<Reply<OpenSession>, Refusal> {
    if call.body.simulated && !call.app.simulation {
        return Err(Refusal::SimulationDisabled);
    }
    if let (Some(person), Some(token)) = (call.caller().await?, &call.token) {
        let session = person.session(call.identified().await?);
        return Ok(Reply::with_cookie(session, cookie(token, COOKIE_SECONDS)));
    }
    let (token, person) = new(&call.app, call.body.simulated).await?;
    Ok(Reply::with_cookie(person.session(Vec::new()), cookie(&token, COOKIE_SECONDS)))
}

/// Opens a session for somebody new; gives its token.
pub async fn new(app: &App, simulated: bool) -> Result<(String, Person), Refusal> {
    let token = random::token()?;
    // A token that was just made has a hash.
    let hash = random::token_hash(&token).ok_or(Refusal::SessionRequired)?;
    let authors = random::authors()?;
    let person = app.storage.open_session(hash, authors, simulated, app.clock.now()).await?;
    Ok((token, person))
}

/// Ends it.
pub async fn end(call: Call<EndSession>) -> Result<Reply<EndSession>, Refusal> {
    if let Some(hash) = call.token_hash() {
        call.app.storage.end_session(hash).await?;
    }
    Ok(Reply::with_cookie(CurrentSession { session: None }, cookie("", 0)))
}

/// Says where the caller lives.
pub async fn set_territory(call: Call<SetTerritory>) -> Result<Reply<SetTerritory>, Refusal> {
    let territory = call.body.territory.clone();
    let is_known = |code: &String| departments().iter().any(|department| department.code == *code);
    if !territory.as_ref().is_none_or(is_known) {
        let problem = FieldProblem::new("/territory", FieldProblemKind::UnknownOption);
        return Err(Refusal::Invalid(vec![problem]));
    }
    let person = call.person().await?;
    call.app.storage.set_territory(&person, territory.clone()).await?;
    let identities = call.identified().await?;
    Ok(Reply::private(Person { territory, ..person }.session(identities)))
}
