//! Participation as numbers and as tables.

use super::reply::{Reply, cacheable};
use crate::App;
use crate::domain::Refusal;
use crate::export;
use crate::extract::{Call, language, named_parameter, path_parameter, query};
use crate::figures;
use crate::picture;
use crate::problem::Refused;
use axum::extract::{Request, State};
use axum::http::header;
use axum::response::Response;
use cabildo_contract::problem::ProblemKind;
use cabildo_contract::statistics::{
    EXPORT_PATTERN, GetStatistics, PICTURE_PATTERN, Picture, Table, TableFormat,
};
use std::sync::Arc;

/// Everything that a dashboard shows.
pub async fn get(call: Call<GetStatistics>) -> Result<Reply<GetStatistics>, Refusal> {
    let entry = call.catalogue().process(&call.id).ok_or(Refusal::NotFound)?;
    let now = call.app.clock.now();
    Ok(Reply::public(call.app.live.read(|board| figures::statistics(entry, board, now))))
}

/// A table as a file.
pub async fn export(State(app): State<Arc<App>>, request: Request) -> Result<Response, Refused> {
    let (mut parts, _) = request.into_parts();
    query(&parts, &[])?;
    let process = path_parameter(&mut parts, EXPORT_PATTERN).await;
    let entry = app.catalogue.process(&process).ok_or(ProblemKind::NotFound)?;
    let file = named_parameter(&mut parts, "file").await;
    let (name, extension) = file.rsplit_once('.').ok_or(ProblemKind::NotFound)?;
    let table = Table::ALL.into_iter().find(|table| table.as_str() == name).ok_or(ProblemKind::NotFound)?;
    let format = TableFormat::ALL.into_iter().find(|format| format.extension() == extension);
    let format = format.ok_or(ProblemKind::NotFound)?;
    let comments = match table {
        Table::Comments => app.storage.all_comments(&entry.process.id).await?,
        _ => Vec::new(),
    };
    let submissions = match table {
        Table::Submissions => app.storage.all_submissions(&entry.process.id).await?,
        _ => Vec::new(),
    };
    let now = app.clock.now();
    let written =
        app.live.read(|board| export::write(table, format, entry, board, &comments, &submissions, now));
    let written = written
        .map_err(|error| Refused { cause: Some(error.to_string()), ..ProblemKind::Internal.into() })?;
    let disposition = format!("attachment; filename=\"{}-{file}\"", entry.process.name.slug);
    let headers =
        [(header::CONTENT_TYPE, format.media_type()), (header::CONTENT_DISPOSITION, disposition.as_str())];
    Ok(cacheable(&parts.headers, &headers, written))
}

/// The query's parameters of [`picture`].
pub const PICTURE_QUERY: &[(&str, &str)] =
    &[("lang", "Language of the words: `es` (default), `en` or `pt`.")];

/// A chart as a picture.
pub async fn picture(State(app): State<Arc<App>>, request: Request) -> Result<Response, Refused> {
    let (mut parts, _) = request.into_parts();
    let query = query(&parts, PICTURE_QUERY)?;
    let process = path_parameter(&mut parts, PICTURE_PATTERN).await;
    let entry = app.catalogue.process(&process).ok_or(ProblemKind::NotFound)?;
    let file = named_parameter(&mut parts, "file").await;
    let (name, extension) = file.rsplit_once('.').ok_or(ProblemKind::NotFound)?;
    let picture = Picture::parse(name).ok_or(ProblemKind::NotFound)?;
    let language = language(&query)?;
    let entry = app.catalogue.spoken(language).and_then(|spoken| spoken.process(&process)).unwrap_or(entry);
    let now = app.clock.now();
    let statistics = app.live.read(|board| figures::statistics(entry, board, now));
    let svg = picture::draw(&picture, entry, &statistics, language).ok_or(ProblemKind::NotFound)?;
    match extension {
        "svg" => {
            let kind = [(header::CONTENT_TYPE, "image/svg+xml")];
            Ok(cacheable(&parts.headers, &kind, svg.into_bytes()))
        }
        "png" => {
            // Tens of milliseconds of pure computing: not on a thread that answers others.
            let drawn = tokio::task::spawn_blocking(move || picture::png(&svg)).await;
            let png = drawn.ok().flatten().ok_or(ProblemKind::Internal)?;
            Ok(cacheable(&parts.headers, &[(header::CONTENT_TYPE, "image/png")], png))
        }
        _ => Err(ProblemKind::NotFound.into()),
    }
}
