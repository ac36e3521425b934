//! Consultations and their results.

use super::reply::Reply;
use crate::domain::Refusal;
use crate::extract::Call;
use crate::figures;
use cabildo_contract::consultation::{BallotOption, Consultation, GetConsultation, GetOption, OptionDetail};
use cabildo_contract::id::OptionId;
use cabildo_contract::tally::GetResults;

/// One consultation.
pub async fn get(call: Call<GetConsultation>) -> Result<Reply<GetConsultation>, Refusal> {
    let (entry, consultation) = call.app.catalogue.consultation(&call.id).ok_or(Refusal::NotFound)?;
    let mut consultation = Consultation::clone(consultation);
    call.app.live.read(|board| {
        for option in &mut consultation.options {
            option.comments = figures::comments_on_option(entry, &option.id, board);
        }
    });
    Ok(Reply::public(consultation))
}

/// One option of one.
pub async fn option(call: Call<GetOption>) -> Result<Reply<GetOption>, Refusal> {
    let id = OptionId::parse(call.id.as_str()).map_err(|_| Refusal::NotFound)?;
    let (entry, consultation, option) = call.app.catalogue.option(&id).ok_or(Refusal::NotFound)?;
    let comments = call.app.live.read(|board| figures::comments_on_option(entry, &id, board));
    Ok(Reply::public(OptionDetail {
        option: BallotOption { comments, ..option.clone() },
        consultation: consultation.head.clone(),
        process: entry.process.name.clone(),
    }))
}

/// Its tally.
pub async fn results(call: Call<GetResults>) -> Result<Reply<GetResults>, Refusal> {
    let (entry, consultation) = call.app.catalogue.consultation(&call.id).ok_or(Refusal::NotFound)?;
    let now = call.app.clock.now();
    Ok(Reply::public(call.app.live.read(|board| figures::results(entry, consultation, board, now))))
}
