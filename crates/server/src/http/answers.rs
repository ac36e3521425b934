//! Answers to comments, and the desks at which they are written.

use super::comments::comment_id;
use super::reply::Reply;
use crate::domain::Refusal;
use crate::extract::Call;
use crate::storage::CommentRow;
use cabildo_contract::answer::{
    AnswerComment, Answered, Contribution, GetDesk, ListContributions, NewAnswer, check_answer,
};
use cabildo_contract::page::Page;
use cabildo_contract::problem::{FieldProblem, FieldProblemKind};

/// A page of the comments of a process, with or without an answer.
pub async fn list(call: Call<ListContributions>) -> Result<Reply<ListContributions>, Refusal> {
    let entry = call.catalogue().process(&call.id).ok_or(Refusal::NotFound)?;
    let odd = || Refusal::InvalidParameter(FieldProblem::new("?answer", FieldProblemKind::WrongType));
    let answered = Answered::parse(call.parameter("answer")).ok_or_else(odd)?;
    let storage = &call.app.storage;
    let Page { items, next, .. } = storage
        .list_contributions(&entry.process.id, answered, call.parameter("cursor"), call.limit()?)
        .await?;
    let contribution = |(row, answer): (CommentRow, _)| {
        Some(Contribution { about: entry.about(&row.subject)?, comment: row.comment, answer })
    };
    Ok(Reply::public(Page::new(items.into_iter().filter_map(contribution).collect(), next)))
}

/// The desk that the caller's key opens.
pub async fn desk(call: Call<GetDesk>) -> Result<Reply<GetDesk>, Refusal> {
    let entry = call.app.catalogue.process(&call.id).ok_or(Refusal::NotFound)?;
    Ok(Reply::private(call.desk(&entry.process.name.slug)?))
}

/// Answers a comment, or mends the answer.
pub async fn put(call: Call<AnswerComment>) -> Result<Reply<AnswerComment>, Refusal> {
    let comment = comment_id(&call.id)?;
    let storage = &call.app.storage;
    let process = storage.find_comment_process(&comment).await?.ok_or(Refusal::NotFound)?;
    let entry = call.app.catalogue.process(process.as_str()).ok_or(Refusal::NotFound)?;
    let desk = call.desk(&entry.process.name.slug)?;
    let text = check_answer(&call.body.text).map_err(|problem| Refusal::Invalid(vec![problem]))?;
    let answer = NewAnswer { text, ..call.body };
    Ok(Reply::private(storage.answer_comment(&comment, &desk.entity, answer, call.app.clock.now()).await?))
}
