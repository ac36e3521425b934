//! Calls for proposals and submissions to them.

use super::reply::Reply;
use crate::App;
use crate::domain::{self, Refusal};
use crate::extract::Call;
use crate::figures;
use crate::random;
use crate::storage::{NewSubmissionRow, SubmissionEdit};
use cabildo_contract::call::{
    Call as CallForProposals, CallSummary, EditSubmission, GetCall, GetSubmission, ListCalls,
    ListSubmissions, NewSubmission, SubmissionDetail, Submit, WithdrawSubmission, check_submission,
};
use cabildo_contract::id::{ProcessId, SubmissionId};
use cabildo_contract::page::Page;

fn clean(words: &NewSubmission) -> Result<NewSubmission, Refusal> {
    check_submission(words).map_err(Refusal::Invalid)
}

/// The id of a submission in an address.
fn submission_id(id: &str) -> Result<SubmissionId, Refusal> {
    SubmissionId::parse(id).map_err(|_| Refusal::NotFound)
}

/// The calls of a process.
pub async fn list(call: Call<ListCalls>) -> Result<Reply<ListCalls>, Refusal> {
    let entry = call.catalogue().process(&call.id).ok_or(Refusal::NotFound)?;
    let items = call.app.live.read(|board| figures::calls(entry, board));
    Ok(Reply::public(Page::new(items, None)))
}

/// One call.
pub async fn get(call: Call<GetCall>) -> Result<Reply<GetCall>, Refusal> {
    let (entry, found) = call.catalogue().call(&call.id).ok_or(Refusal::NotFound)?;
    let head = call.app.live.read(|board| figures::call(entry, &found.head, board));
    Ok(Reply::public(CallForProposals { head, ..CallForProposals::clone(found) }))
}

/// A page of what was submitted to one.
pub async fn submissions(call: Call<ListSubmissions>) -> Result<Reply<ListSubmissions>, Refusal> {
    let (_, found) = call.app.catalogue.call(&call.id).ok_or(Refusal::NotFound)?;
    let (cursor, limit) = (call.parameter("cursor"), call.limit()?);
    Ok(Reply::public(call.app.storage.list_submissions(&found.head.id, cursor, limit).await?))
}

/// Submits.
pub async fn submit(call: Call<Submit>) -> Result<Reply<Submit>, Refusal> {
    let (entry, found) = call.app.catalogue.call(&call.id).ok_or(Refusal::NotFound)?;
    let person = call.person().await?;
    let time = call.app.clock.read();
    domain::call::takes_submissions(&found.head, time)?;
    let at = time.now;
    let words = clean(&call.body)?;
    let id = SubmissionId::parse(random::id(at)?).map_err(|_| Refusal::NotFound)?;
    let (process, place) = (entry.process.id.clone(), found.head.id.clone());
    let idempotency = call.idempotency;
    let new = NewSubmissionRow { id, process, call: place, person, words, at, idempotency };
    Ok(Reply::private(call.app.storage.submit(new).await?))
}

/// One submission.
pub async fn submission(call: Call<GetSubmission>) -> Result<Reply<GetSubmission>, Refusal> {
    let id = submission_id(&call.id)?;
    let kept = call.app.storage.find_submission(&id).await?.ok_or(Refusal::NotFound)?;
    if kept.withdrawn_at.is_some() {
        return Err(Refusal::NotFound);
    }
    let (entry, found) = call.catalogue().call(kept.call.as_str()).ok_or(Refusal::NotFound)?;
    let head = call.app.live.read(|board| figures::call(entry, &found.head, board));
    let process = entry.process.name.clone();
    Ok(Reply::public(SubmissionDetail { submission: kept.submission, call: head, process }))
}

/// The process and the call that a submission belongs to.
async fn place(app: &App, submission: &SubmissionId) -> Result<(ProcessId, CallSummary), Refusal> {
    let kept = app.storage.find_submission(submission).await?.ok_or(Refusal::NotFound)?;
    let (entry, found) = app.catalogue.call(kept.call.as_str()).ok_or(Refusal::NotFound)?;
    Ok((entry.process.id.clone(), found.head.clone()))
}

/// Edits one's own.
pub async fn edit(call: Call<EditSubmission>) -> Result<Reply<EditSubmission>, Refusal> {
    let id = submission_id(&call.id)?;
    let person = call.person().await?;
    let edit = SubmissionEdit { words: clean(&call.body)?, replaces: call.number("replaces")? };
    let place = place(&call.app, &id).await?;
    let time = call.app.clock.read();
    Ok(Reply::private(call.app.storage.edit_submission(place, &id, &person, edit, time).await?))
}

/// Withdraws one's own.
pub async fn withdraw(call: Call<WithdrawSubmission>) -> Result<Reply<WithdrawSubmission>, Refusal> {
    let id = submission_id(&call.id)?;
    let person = call.person().await?;
    let place = place(&call.app, &id).await?;
    let time = call.app.clock.read();
    Ok(Reply::private(call.app.storage.withdraw_submission(place, &id, &person, time).await?))
}
