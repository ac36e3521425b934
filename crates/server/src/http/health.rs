//! Whether the server lives, and whether it can do its work.

use crate::App;
use axum::Router;
use axum::extract::State;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::Mutex;
use tokio::time::Instant;

/// How long what was found out is told to whoever asks: finding it out is a write, and anybody may ask.
const KEPT: Duration = Duration::from_secs(1);

/// What `/readyz` answers.
type Answer = (StatusCode, String);

/// Finds out whether the server is ready: for all who ask at once, and for whoever asks soon after, one time.
struct Readiness {
    app: Arc<App>,
    last: Mutex<Option<(Instant, Answer)>>,
}

/// `/healthz`: the process answers. `/readyz`: the storage answers and can write; and how what it acknowledges could be
/// lost, which is no reason to send nobody here. What it says is a second old at most.
pub fn health(app: Arc<App>) -> Router {
    let uncached = [(header::CACHE_CONTROL, "no-store")];
    Router::new()
        .route("/healthz", get(move || async move { (uncached, "ok\n") }))
        .route("/readyz", get(ready))
        .with_state(Arc::new(Readiness { app, last: Mutex::default() }))
}

async fn ready(State(readiness): State<Arc<Readiness>>) -> Response {
    let mut last = readiness.last.lock().await;
    let kept = last.take().filter(|(at, _)| at.elapsed() < KEPT);
    let (at, answer) = match kept {
        Some(kept) => kept,
        None => (Instant::now(), find_out(&readiness.app).await),
    };
    *last = Some((at, answer.clone()));
    let (status, text) = answer;
    (status, [(header::CACHE_CONTROL, "no-store")], text).into_response()
}

async fn find_out(app: &App) -> Answer {
    let checked = match app.storage.check(app.clock.now()).await {
        Ok(()) => app.storage.risks().await,
        Err(error) => Err(error),
    };
    match checked {
        Ok(risks) => {
            let risks: String = risks.iter().map(|risk| format!("warning: {risk}\n")).collect();
            (StatusCode::OK, format!("ready\n{risks}"))
        }
        Err(error) => {
            tracing::error!(%error, "not ready");
            (StatusCode::SERVICE_UNAVAILABLE, "the storage is unavailable\n".to_owned())
        }
    }
}
