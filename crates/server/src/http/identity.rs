//! Identifying oneself, and what is kept of a person.

use super::reply::Reply;
use super::session::{COOKIE_SECONDS, cookie};
use crate::domain::{Refusal, identity};
use crate::extract::Call;
use crate::random;
use crate::storage::{CodeOutcome, NewCodeRow, Recognised};
use cabildo_contract::id::Slug;
use cabildo_contract::identity::{
    CODE_AGAIN_SECONDS, CODE_SECONDS, CodeSent, ConfirmCode, Email, EndOtherSession, GetConsent, GetPerson,
    Leave, RequestCode, check_code,
};
use cabildo_contract::problem::{FieldProblem, FieldProblemKind};
use cabildo_contract::session::{Assurance, CurrentSession};

/// What people consent to in a process.
pub async fn consent(call: Call<GetConsent>) -> Result<Reply<GetConsent>, Refusal> {
    let entry = call.catalogue().process(&call.id).ok_or(Refusal::NotFound)?;
    Ok(Reply::public(entry.consent.clone().ok_or(Refusal::NotFound)?))
}

/// Sends a code.
pub async fn request_code(call: Call<RequestCode>) -> Result<Reply<RequestCode>, Refusal> {
    let (app, at) = (&call.app, call.app.clock.now());
    let email = Email::parse(&call.body.email).map_err(|problem| Refusal::Invalid(vec![problem]))?;
    let token_hash = call.known_token().await?;
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
    let token_hash = call.known_token().await?;
    let outcome = app.storage.try_code(token_hash, app.identities.code(&token_hash, &code), at).await?;
    let (process, identity, consent) = match outcome {
        CodeOutcome::Right { process, identity, consent } => (process, identity, consent),
        CodeOutcome::Wrong(left) => return Err(Refusal::CodeWrong(left)),
        CodeOutcome::Expired => return Err(Refusal::CodeExpired),
    };
    let token = random::token()?;
    let fresh = random::token_hash(&token).ok_or(Refusal::SessionRequired)?;
    let recognised = Recognised {
        token_hash,
        fresh_token_hash: fresh,
        process,
        assurance: Assurance::Email,
        identity,
        authors: random::authors()?,
        consent: Some(consent),
        at,
    };
    let person = app.storage.recognise(recognised).await?;
    let session = person.session(app.storage.identified(fresh).await?);
    Ok(Reply::with_cookie(session, cookie(&token, COOKIE_SECONDS)))
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
