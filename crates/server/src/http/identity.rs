//! Identifying oneself, and what is kept of a person.

use super::reply::Reply;
use super::session::{COOKIE_SECONDS, cookie};
use crate::App;
use crate::domain::{Person, Refusal, identity};
use crate::extract::Call;
use crate::identity::Hash;
use crate::random;
use crate::storage::allowances::Quota;
use crate::storage::{CodeOutcome, CodeTry, NewCodeRow};
use cabildo_contract::id::Slug;
use cabildo_contract::identity::{
    CODE_AGAIN_SECONDS, CODE_SECONDS, CODE_TRIES, CodeSent, ConfirmCode, Email, EndOtherSession, GetConsent,
    GetPerson, Leave, RequestCode, check_code,
};
use cabildo_contract::problem::{FieldProblem, FieldProblemKind};
use cabildo_contract::session::{Assurance, CurrentSession};
use cabildo_contract::time::Timestamp;

/// What people consent to in a process.
pub async fn consent(call: Call<GetConsent>) -> Result<Reply<GetConsent>, Refusal> {
    let entry = call.catalogue().process(&call.id).ok_or(Refusal::NotFound)?;
    Ok(Reply::public(entry.consent.clone().ok_or(Refusal::NotFound)?))
}

/// Sends a code.
pub async fn request_code(call: Call<RequestCode>) -> Result<Reply<RequestCode>, Refusal> {
    let (app, at) = (&call.app, call.app.clock.now());
    let email = Email::parse(&call.body.email).map_err(|problem| Refusal::Invalid(vec![problem]))?;
    // Nobody simulated is anybody.
    let is_simulated = call.person().await?.simulated;
    let token_hash = call.token_hash().filter(|_| !is_simulated).ok_or(Refusal::SessionRequired)?;
    let unknown = || FieldProblem::new("/process", FieldProblemKind::UnknownOption);
    let entry = app.catalogue.process(call.body.process.as_str());
    let entry = entry.ok_or_else(|| Refusal::Invalid(vec![unknown()]))?;
    if !app.post.is_there() || !identity::is_asked_for(entry, &Assurance::Email, at) {
        return Err(Refusal::EmailNotOffered);
    }
    identity::check_consent(entry, &call.body.consent)?;
    let salt = app.storage.process_salt(&entry.process.id, random::secret()?).await?;
    // Over once, whatever the clock says now.
    let salt = salt.ok_or(Refusal::EmailNotOffered)?;
    let (code, identity) = (random::code()?, app.identities.mailbox(&salt, &email));
    let row = NewCodeRow {
        token_hash,
        process: entry.process.id.clone(),
        identity,
        hash: app.identities.code(&token_hash, &code),
        consent: call.body.consent.clone(),
        at,
    };
    if app.storage.put_code(row).await? {
        let letter = identity::letter(&code, &entry.process.name, call.body.language.as_deref());
        if let Err(error) = app.post.send(&email, letter, at).await {
            app.storage.drop_code(token_hash, identity, at).await?;
            return Err(error.into());
        }
    }
    Ok(Reply::private(CodeSent {
        expires_at: at.plus_seconds(CODE_SECONDS),
        again_at: at.plus_seconds(CODE_AGAIN_SECONDS),
    }))
}

/// Identifies the caller with the code that was sent.
pub async fn confirm_code(call: Call<ConfirmCode>) -> Result<Reply<ConfirmCode>, Refusal> {
    let (app, at) = (&call.app, call.app.clock.now());
    let code = check_code(&call.body.code).map_err(|problem| Refusal::Invalid(vec![problem]))?;
    let token_hash = call.token_hash().ok_or(Refusal::SessionRequired)?;
    let (token, fresh_token_hash) = app.identities.next_token(&token_hash, &code);
    let hash = app.identities.code(&token_hash, &code);
    let entered = CodeTry { token_hash, fresh_token_hash, hash, authors: random::authors()?, at };
    // Trying a code is a write: not for whoever has no session.
    let tried = match call.caller().await? {
        Some(_) => app.storage.try_code(entered).await,
        None => Err(Refusal::SessionRequired),
    };
    let person = match tried {
        Ok(CodeOutcome::Right(person)) => person,
        Ok(CodeOutcome::Wrong(left)) => return Err(Refusal::CodeWrong(left)),
        Ok(CodeOutcome::Expired) => return Err(Refusal::CodeExpired),
        Err(Refusal::SessionRequired) => again(app, token_hash, fresh_token_hash, at).await?,
        Err(refusal) => return Err(refusal),
    };
    let session = person.session(app.storage.identified(fresh_token_hash).await?);
    Ok(Reply::with_cookie(session, cookie(&token, COOKIE_SECONDS)))
}

/// Whoever was recognised a moment ago and never heard the answer, which had their session's new token.
///
/// # Errors
/// [`Refusal::SessionRequired`] if nobody was, and to whoever guesses; those of the storage.
pub async fn again(
    app: &App,
    token_hash: Hash,
    fresh_token_hash: Hash,
    at: Timestamp,
) -> Result<Person, Refusal> {
    let guesses = Quota::a_minute(CODE_TRIES).ok_or(Refusal::SessionRequired)?;
    let asking = app.identities.asking_again(&token_hash);
    app.storage.take(asking, guesses, at).await.map_err(|_| Refusal::SessionRequired)?;
    let person = app.storage.find_recent(fresh_token_hash, at.plus_seconds(-CODE_SECONDS)).await?;
    person.ok_or(Refusal::SessionRequired)
}

/// Everything that is kept of the caller.
pub async fn get(call: Call<GetPerson>) -> Result<Reply<GetPerson>, Refusal> {
    let token_hash = call.known_token().await?;
    Ok(Reply::private(call.app.storage.person_record(token_hash).await?))
}

/// Ends one of the caller's sessions.
pub async fn end_other(call: Call<EndOtherSession>) -> Result<Reply<EndOtherSession>, Refusal> {
    let token_hash = call.known_token().await?;
    let session = Slug::parse(call.id.clone()).map_err(|_| Refusal::NotFound)?;
    if !call.app.storage.end_other_session(token_hash, session).await? {
        return Err(Refusal::NotFound);
    }
    Ok(Reply::private(call.app.storage.person_record(token_hash).await?))
}

/// Unlinks the caller from what they did.
pub async fn leave(call: Call<Leave>) -> Result<Reply<Leave>, Refusal> {
    let token_hash = call.known_token().await?;
    call.app.storage.leave(token_hash).await?;
    Ok(Reply::with_cookie(CurrentSession { session: None }, cookie("", 0)))
}
