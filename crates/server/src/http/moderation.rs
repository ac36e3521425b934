//! Moderation: what is before a moderator, what they decide, and what becomes known of it to whom.

use super::comments::comment_id;
use super::reply::Reply;
use crate::domain::Refusal;
use crate::extract::Call;
use crate::storage::CaseRow;
use cabildo_contract::moderation::{
    Case, DecideComment, ListCases, ListOwnComments, NewDecision, OwnComment, Queue, check_reason,
};
use cabildo_contract::page::{MAX_LIMIT, Page};
use cabildo_contract::problem::{FieldProblem, FieldProblemKind};

/// A page of the comments that are before a moderator.
pub async fn list(call: Call<ListCases>) -> Result<Reply<ListCases>, Refusal> {
    let entry = call.app.catalogue.process(&call.id).ok_or(Refusal::NotFound)?;
    call.moderator(&entry.process.name.slug)?;
    let odd = || Refusal::InvalidParameter(FieldProblem::new("?queue", FieldProblemKind::WrongType));
    let queue = Queue::parse(call.parameter("queue")).ok_or_else(odd)?;
    let storage = &call.app.storage;
    let Page { items, next, .. } =
        storage.list_cases(&entry.process.id, queue, call.parameter("cursor"), call.limit()?).await?;
    let case = |CaseRow { row, reports, decisions }| {
        let about = entry.about(&row.subject)?;
        Some(Case { comment: row.comment, about, parent: row.parent, reports, decisions })
    };
    Ok(Reply::private(Page::new(items.into_iter().filter_map(case).collect(), next)))
}

/// Decides about a comment.
pub async fn decide(call: Call<DecideComment>) -> Result<Reply<DecideComment>, Refusal> {
    let comment = comment_id(&call.id)?;
    let storage = &call.app.storage;
    let process = storage.find_comment_process(&comment).await?.ok_or(Refusal::NotFound)?;
    let entry = call.app.catalogue.process(process.as_str()).ok_or(Refusal::NotFound)?;
    let moderator = call.moderator(&entry.process.name.slug)?;
    let reason = check_reason(&call.body.reason).map_err(|problem| Refusal::Invalid(vec![problem]))?;
    let decision = NewDecision { reason, ..call.body };
    Ok(Reply::private(storage.decide_comment(&comment, &moderator, decision, call.app.clock.now()).await?))
}

/// The caller's own comments that not everybody reads.
pub async fn own(call: Call<ListOwnComments>) -> Result<Reply<ListOwnComments>, Refusal> {
    let rows = match call.caller().await? {
        Some(person) => call.app.storage.list_own_comments(&person, MAX_LIMIT).await?,
        None => Vec::new(),
    };
    let own = |(process, row): (_, crate::storage::CommentRow)| {
        let entry = call.app.catalogue.process(cabildo_contract::id::ProcessId::as_str(&process))?;
        Some(OwnComment { about: entry.about(&row.subject)?, comment: row.comment, parent: row.parent })
    };
    Ok(Reply::private(Page::new(rows.into_iter().filter_map(own).collect(), None)))
}
