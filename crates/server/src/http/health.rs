//! Whether the server lives, and whether it can do its work.

use crate::App;
use axum::Router;
use axum::extract::State;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use std::sync::Arc;

/// `/healthz`: the process answers. `/readyz`: the storage answers and can write; and how what it acknowledges could be
/// lost, which is no reason to send nobody here.
pub fn health(app: Arc<App>) -> Router {
    let uncached = [(header::CACHE_CONTROL, "no-store")];
    Router::new()
        .route("/healthz", get(move || async move { (uncached, "ok\n") }))
        .route("/readyz", get(ready))
        .with_state(app)
}

async fn ready(State(app): State<Arc<App>>) -> Response {
    let uncached = [(header::CACHE_CONTROL, "no-store")];
    let checked = match app.storage.check(app.clock.now()).await {
        Ok(()) => app.storage.risks().await,
        Err(error) => Err(error),
    };
    match checked {
        Ok(risks) => {
            let risks: String = risks.iter().map(|risk| format!("warning: {risk}\n")).collect();
            (uncached, format!("ready\n{risks}")).into_response()
        }
        Err(error) => {
            tracing::error!(%error, "not ready");
            (StatusCode::SERVICE_UNAVAILABLE, uncached, "the storage is unavailable\n").into_response()
        }
    }
}
