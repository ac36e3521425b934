//! The caller's own ballot.

use super::reply::Reply;
use crate::domain::{Refusal, ballot, consultation};
use crate::extract::Call;
use crate::random;
use crate::storage::NewBallot;
use cabildo_contract::ballot::{CastBallot, GetBallot, MyBallot, WithdrawBallot};

/// Reads it.
pub async fn get(call: Call<GetBallot>) -> Result<Reply<GetBallot>, Refusal> {
    let (_, consultation) = call.app.catalogue.consultation(&call.id).ok_or(Refusal::NotFound)?;
    let ballot = match call.voter(consultation).await? {
        Some(person) => call.app.storage.find_ballot(&consultation.head.id, &person).await?,
        None => None,
    };
    let version = ballot::version(ballot.as_ref());
    Ok(Reply::private(MyBallot { ballot: ballot.and_then(ballot::Record::ballot), version }))
}

/// Casts or revises it.
pub async fn cast(call: Call<CastBallot>) -> Result<Reply<CastBallot>, Refusal> {
    let (entry, consultation) = call.app.catalogue.consultation(&call.id).ok_or(Refusal::NotFound)?;
    let person = call.recognised_voter(consultation).await?;
    let time = call.app.clock.read();
    let replaces = call.number("replaces")?;
    let new = NewBallot {
        process: entry.process.id.clone(),
        consultation: consultation.head.id.clone(),
        person,
        checked: ballot::check(consultation, call.body, time)?,
        replaces,
        channel: call.channel,
        receipts: (0..4).map(|_| random::receipt()).collect::<Result<_, _>>()?,
        at: time.now,
    };
    Ok(Reply::private(call.app.storage.cast_ballot(new).await?))
}

/// Takes it back.
pub async fn withdraw(call: Call<WithdrawBallot>) -> Result<Reply<WithdrawBallot>, Refusal> {
    let (entry, consultation) = call.app.catalogue.consultation(&call.id).ok_or(Refusal::NotFound)?;
    let person = call.recognised_voter(consultation).await?;
    let time = call.app.clock.read();
    consultation::open_rule(consultation, time)?;
    let (process, consultation) = (&entry.process.id, &consultation.head.id);
    let replaces = call.number("replaces")?;
    let version =
        call.app.storage.withdraw_ballot(process, consultation, &person, replaces, time.now).await?;
    Ok(Reply::private(MyBallot { ballot: None, version }))
}
