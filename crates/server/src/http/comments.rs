//! Comments.

use super::reply::Reply;
use crate::App;
use crate::catalogue::Entry;
use crate::domain::{Person, Refusal};
use crate::extract::Call;
use crate::figures;
use crate::random;
use crate::storage::{Idempotency, NewPost};
use cabildo_contract::comment::{
    Commented, DeleteComment, EditComment, ListComments, NewReport, PostComment, PostReply, ReportComment,
    Subject, check_note, check_text,
};
use cabildo_contract::id::{CommentId, InvalidId};
use cabildo_contract::moderation::FirstComments;
use cabildo_contract::page::Page;
use cabildo_contract::time::Timestamp;

/// The id of a comment in an address.
pub fn comment_id(id: &str) -> Result<CommentId, Refusal> {
    CommentId::parse(id).map_err(|_| Refusal::NotFound)
}

/// What the address says is commented on, with its process, if it is there.
fn subject<'a, S>(app: &'a App, id: &str) -> Result<(&'a Entry, Subject), Refusal>
where
    S: Commented + TryFrom<String, Error = InvalidId>,
{
    let subject = S::try_from(id.to_owned()).map_err(|_| Refusal::NotFound)?.into();
    let entry = app.catalogue.process_of(&subject).ok_or(Refusal::NotFound)?;
    Ok((entry, subject))
}

fn clean(text: &str) -> Result<String, Refusal> {
    check_text(text).map_err(|problem| Refusal::Invalid(vec![problem]))
}

fn new_post(
    entry: &Entry,
    person: Person,
    text: String,
    at: Timestamp,
    idempotency: Option<Idempotency>,
) -> Result<NewPost, Refusal> {
    let id = CommentId::parse(random::id(at)?).map_err(|_| Refusal::NotFound)?;
    let first_waits = entry.process.moderation.first_comments == FirstComments::Approve;
    Ok(NewPost { id, person, text, at, first_waits, idempotency })
}

/// A page of them.
pub async fn list<S>(call: Call<ListComments<S>>) -> Result<Reply<ListComments<S>>, Refusal>
where
    S: Commented + TryFrom<String, Error = InvalidId>,
{
    let (entry, subject) = subject::<S>(&call.app, &call.id)?;
    // Before the list is: what comes between the two makes it be asked for again, not be missed.
    let revision = call.app.live.read(|board| figures::talk(entry, &subject, board).revision);
    let page = call.app.storage.list_comments(&subject, call.parameter("cursor"), call.limit()?).await?;
    Ok(Reply::public(Page { revision: Some(revision), ..page }))
}

/// Posts one.
pub async fn post<S>(call: Call<PostComment<S>>) -> Result<Reply<PostComment<S>>, Refusal>
where
    S: Commented + TryFrom<String, Error = InvalidId>,
{
    let (entry, subject) = subject::<S>(&call.app, &call.id)?;
    let person = call.person().await?;
    let post = new_post(entry, person, clean(&call.body.text)?, call.app.clock.now(), call.idempotency)?;
    Ok(Reply::private(call.app.storage.post_comment(&subject, call.body.stance, post).await?))
}

/// Replies to one.
pub async fn reply(call: Call<PostReply>) -> Result<Reply<PostReply>, Refusal> {
    let parent = comment_id(&call.id)?;
    let person = call.person().await?;
    let process = call.app.storage.find_comment_process(&parent).await?.ok_or(Refusal::NotFound)?;
    let entry = call.app.catalogue.process(process.as_str()).ok_or(Refusal::NotFound)?;
    let post = new_post(entry, person, clean(&call.body.text)?, call.app.clock.now(), call.idempotency)?;
    Ok(Reply::private(call.app.storage.post_reply(&parent, post).await?))
}

/// Edits one's own.
pub async fn edit(call: Call<EditComment>) -> Result<Reply<EditComment>, Refusal> {
    let comment = comment_id(&call.id)?;
    let person = call.person().await?;
    let text = clean(&call.body.text)?;
    Ok(Reply::private(call.app.storage.edit_comment(&comment, &person, text, call.app.clock.now()).await?))
}

/// Deletes one's own.
pub async fn delete(call: Call<DeleteComment>) -> Result<Reply<DeleteComment>, Refusal> {
    let comment = comment_id(&call.id)?;
    let person = call.person().await?;
    Ok(Reply::private(call.app.storage.delete_comment(&comment, &person, call.app.clock.now()).await?))
}

/// Reports one.
pub async fn report(call: Call<ReportComment>) -> Result<Reply<ReportComment>, Refusal> {
    let comment = comment_id(&call.id)?;
    let person = call.person().await?;
    let note = check_note(&call.body.note).map_err(|problem| Refusal::Invalid(vec![problem]))?;
    let report = NewReport { reason: call.body.reason, note };
    let now = call.app.clock.now();
    Ok(Reply::private(
        call.app.storage.report_comment(&comment, &person, report, now, call.idempotency).await?,
    ))
}
