//! Participation as numbers and as tables.

use super::reply::{Reply, cacheable};
use crate::App;
use crate::domain::Refusal;
use crate::export;
use crate::extract::{Call, named_parameter, path_parameter, query};
use crate::figures;
use crate::problem::Refused;
use axum::extract::{Request, State};
use axum::http::header;
use axum::response::Response;
use cabildo_contract::problem::ProblemKind;
use cabildo_contract::statistics::{EXPORT_PATTERN, GetStatistics, Table};
use std::sync::Arc;

/// Everything that a dashboard shows.
pub async fn get(call: Call<GetStatistics>) -> Result<Reply<GetStatistics>, Refusal> {
    let entry = call.app.catalogue.process(&call.id).ok_or(Refusal::NotFound)?;
    let now = call.app.clock.now();
    Ok(Reply::public(call.app.live.read(|board| figures::statistics(entry, board, now))))
}

/// A table as CSV.
pub async fn export(State(app): State<Arc<App>>, request: Request) -> Result<Response, Refused> {
    let (mut parts, _) = request.into_parts();
    query(&parts, &[])?;
    let process = path_parameter(&mut parts, EXPORT_PATTERN).await;
    let entry = app.catalogue.process(&process).ok_or(ProblemKind::NotFound)?;
    let file = named_parameter(&mut parts, "file").await;
    let name = file.strip_suffix(".csv");
    let table =
        Table::ALL.into_iter().find(|table| Some(table.as_str()) == name).ok_or(ProblemKind::NotFound)?;
    let comments = match table {
        Table::Comments => app.storage.all_comments(&entry.process.id).await?,
        _ => Vec::new(),
    };
    let submissions = match table {
        Table::Submissions => app.storage.all_submissions(&entry.process.id).await?,
        _ => Vec::new(),
    };
    let now = app.clock.now();
    let csv = app.live.read(|board| export::write(table, entry, board, &comments, &submissions, now));
    let csv =
        csv.map_err(|error| Refused { cause: Some(error.to_string()), ..ProblemKind::Internal.into() })?;
    let disposition = format!("attachment; filename=\"{}-{}.csv\"", entry.process.name.slug, table.as_str());
    let headers = [
        (header::CONTENT_TYPE, "text/csv; charset=utf-8"),
        (header::CONTENT_DISPOSITION, disposition.as_str()),
    ];
    Ok(cacheable(&parts.headers, &headers, csv))
}
