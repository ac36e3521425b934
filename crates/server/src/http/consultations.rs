//! Consultations and their results.

use super::reply::Reply;
use crate::domain::Refusal;
use crate::extract::Call;
use crate::figures;
use cabildo_contract::consultation::{Consultation, GetConsultation};
use cabildo_contract::tally::GetResults;

/// One consultation.
pub async fn get(call: Call<GetConsultation>) -> Result<Reply<GetConsultation>, Refusal> {
    let (_, consultation) = call.app.catalogue.consultation(&call.id).ok_or(Refusal::NotFound)?;
    Ok(Reply::public(Consultation::clone(consultation)))
}

/// Its tally.
pub async fn results(call: Call<GetResults>) -> Result<Reply<GetResults>, Refusal> {
    let (entry, consultation) = call.app.catalogue.consultation(&call.id).ok_or(Refusal::NotFound)?;
    let now = call.app.clock.now();
    Ok(Reply::public(call.app.live.read(|board| figures::results(entry, consultation, board, now))))
}
