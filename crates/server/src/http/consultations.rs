//! Consultations and their results.

use super::reply::{Reply, cacheable};
use crate::App;
use crate::catalogue::Entry;
use crate::domain::Refusal;
use crate::extract::{Call, path_parameter, query};
use crate::figures;
use crate::pabulib;
use crate::problem::Refused;
use axum::extract::{Request, State};
use axum::http::{HeaderMap, header};
use axum::response::Response;
use cabildo_contract::consultation::{
    BallotOption, Consultation, GetConsultation, GetOption, Held, OptionDetail,
};
use cabildo_contract::endpoint::Endpoint;
use cabildo_contract::id::OptionId;
use cabildo_contract::problem::ProblemKind;
use cabildo_contract::tally::{GetResults, Tally};
use std::sync::Arc;

/// One consultation.
async fn get(call: Call<GetConsultation>) -> Result<Reply<GetConsultation>, Refusal> {
    let (entry, consultation) = call.catalogue().consultation(&call.id).ok_or(Refusal::NotFound)?;
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
    let (entry, consultation, option) = call.catalogue().option(&id).ok_or(Refusal::NotFound)?;
    let comments = call.app.live.read(|board| figures::comments_on_option(entry, &id, board));
    Ok(Reply::public(OptionDetail {
        option: BallotOption { comments, ..option.clone() },
        consultation: consultation.head.clone(),
        process: entry.process.name.clone(),
    }))
}

/// What an address of a consultation ends with where its election as a file is meant.
const ELECTION: &str = ".pb";

/// One consultation or, where the address ends with `.pb` and is not the name of one, its election as a file.
pub async fn get_or_export(State(app): State<Arc<App>>, request: Request) -> Result<Response, Refused> {
    let (mut parts, body) = request.into_parts();
    let id = path_parameter(&mut parts, GetConsultation::PATTERN).await;
    let election = match app.catalogue.consultation(&id) {
        Some(_) => None,
        None => id.strip_suffix(ELECTION).and_then(|name| app.catalogue.consultation(name)),
    };
    if let Some((entry, consultation)) = election {
        query(&parts, &[])?;
        return export(&app, entry, consultation, &parts.headers).await;
    }
    let headers = parts.headers.clone();
    let call = Call::<GetConsultation>::read(app, Request::from_parts(parts, body)).await?;
    Ok(get(call).await?.respond(&headers))
}

/// The election of a consultation as a file of Pabulib.
async fn export(
    app: &App,
    entry: &Entry,
    consultation: &Arc<Consultation>,
    headers: &HeaderMap,
) -> Result<Response, Refused> {
    let head = &consultation.head;
    let Held::Here { rule, .. } = head.held else { return Err(ProblemKind::NoBallotsHere.into()) };
    if head.hidden_until(app.clock.now()).is_some() {
        return Err(ProblemKind::ResultsNotYet.into());
    }
    let stored = app.storage.load_election(&head.id).await?;
    let (whole, convener) = (Arc::clone(consultation), entry.process.convener.clone());
    // Hundreds of thousands of rows, maybe: not on a thread that others wait for.
    let written = tokio::task::spawn_blocking(move || {
        let mut tally = Tally::default();
        for ballot in &stored.ballots {
            tally.add(&ballot.body, false, ballot.channel);
        }
        let results = tally.results(&rule, &whole.options);
        pabulib::write(&whole, &convener, stored.kept.as_ref(), stored.ballots, &results)
    });
    let file = written
        .await
        .map_err(|error| Refused { cause: Some(error.to_string()), ..ProblemKind::Internal.into() })?;
    let disposition = format!("attachment; filename=\"{}{ELECTION}\"", head.slug);
    let kinds = [
        (header::CONTENT_TYPE, "text/plain; charset=utf-8"),
        (header::CONTENT_DISPOSITION, disposition.as_str()),
    ];
    Ok(cacheable(headers, &kinds, file.into_bytes()))
}

/// Its tally.
pub async fn results(call: Call<GetResults>) -> Result<Reply<GetResults>, Refusal> {
    let (entry, consultation) = call.catalogue().consultation(&call.id).ok_or(Refusal::NotFound)?;
    let now = call.app.clock.now();
    Ok(Reply::public(call.app.live.read(|board| figures::results(entry, consultation, board, now))))
}
