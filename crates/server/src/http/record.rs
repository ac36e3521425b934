//! What happened in a process besides consultations and proposals.

use super::reply::{Reply, cacheable};
use crate::App;
use crate::calendar;
use crate::domain::Refusal;
use crate::extract::{Call, path_parameter, query};
use crate::problem::Refused;
use axum::extract::{Request, State};
use axum::http::header;
use axum::response::Response;
use cabildo_contract::problem::ProblemKind;
use cabildo_contract::record::{CALENDAR_PATTERN, GetRecord};
use std::sync::Arc;

/// The record of a process.
pub async fn get(call: Call<GetRecord>) -> Result<Reply<GetRecord>, Refusal> {
    let entry = call.catalogue().process(&call.id).ok_or(Refusal::NotFound)?;
    Ok(Reply::public(entry.record()))
}

/// Its timeline as a calendar.
pub async fn calendar(State(app): State<Arc<App>>, request: Request) -> Result<Response, Refused> {
    let (mut parts, _) = request.into_parts();
    query(&parts, &[])?;
    let process = path_parameter(&mut parts, CALENDAR_PATTERN).await;
    let entry = app.catalogue.process(&process).ok_or(ProblemKind::NotFound)?;
    let disposition = format!("inline; filename=\"{}.ics\"", entry.process.name.slug);
    let headers = [
        (header::CONTENT_TYPE, "text/calendar; charset=utf-8"),
        (header::CONTENT_DISPOSITION, disposition.as_str()),
    ];
    Ok(cacheable(&parts.headers, &headers, calendar::write(&entry.record()).into_bytes()))
}
