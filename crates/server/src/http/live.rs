//! Streams of server-sent events.

use crate::App;
use crate::extract::{language, path_parameter, query};
use crate::live::{Frame, Topic};
use crate::problem::Refused;
use axum::Router;
use axum::body::{Body, Bytes};
use axum::extract::{Request, State};
use axum::http::header;
use axum::response::{IntoResponse, Response};
use axum::routing::{MethodFilter, on};
use cabildo_contract::comment::{Commented, Subject};
use cabildo_contract::endpoint::{LANGUAGE, Live};
use cabildo_contract::live::{BEAT_EVENT, BEAT_SECONDS};
use cabildo_contract::problem::ProblemKind;
use futures_util::stream;
use std::convert::Infallible;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::watch;

/// Mounts a stream at its address; `find` names what is watched, if it is there.
pub fn mount<L: Live + 'static>(
    router: Router<Arc<App>>,
    find: fn(&App, &str) -> Option<Topic>,
) -> Router<Arc<App>> {
    let respond = move |State(app): State<Arc<App>>, request: Request| async move {
        let (mut parts, _) = request.into_parts();
        let pairs = query(&parts, if L::CONTENT { &[LANGUAGE] } else { &[] });
        let language = match pairs.and_then(|pairs| language(&pairs).map_err(Refused::from)) {
            Ok(language) => language,
            Err(refused) => return refused.into_response(),
        };
        let id = path_parameter(&mut parts, L::PATTERN).await;
        match find(&app, &id).and_then(|topic| app.live.watch(&topic, language)) {
            Some((first, receiver)) => respond(app, first, receiver),
            None => Refused::from(ProblemKind::NotFound).into_response(),
        }
    };
    router.route(L::PATTERN, on(MethodFilter::GET, respond))
}

/// The statistics of a process.
pub fn process(app: &App, id: &str) -> Option<Topic> {
    app.catalogue.process(id).map(|entry| Topic::Process(entry.process.id.clone()))
}

/// The results of a consultation.
pub fn consultation(app: &App, id: &str) -> Option<Topic> {
    app.catalogue.consultation(id).map(|(_, consultation)| Topic::Consultation(consultation.head.id.clone()))
}

/// The discussion of a proposal or an option.
pub fn discussion<S>(app: &App, id: &str) -> Option<Topic>
where
    S: Commented + TryFrom<String>,
{
    let subject: Subject = S::try_from(id.to_owned()).ok()?.into();
    app.catalogue.process_of(&subject).map(|_| Topic::Discussion(subject))
}

/// Where a stream stands.
struct Watcher {
    app: Arc<App>,
    first: Option<Frame>,
    receiver: watch::Receiver<Option<Frame>>,
    closing: watch::Receiver<bool>,
}

fn respond(app: Arc<App>, first: Frame, receiver: watch::Receiver<Option<Frame>>) -> Response {
    let closing = app.live.closing();
    let watcher = Watcher { app, first: Some(first), receiver, closing };
    let events = stream::unfold(watcher, |mut watcher| async move {
        let event = watcher.next().await?;
        Some((Ok::<_, Infallible>(event), watcher))
    });
    // No cache and no buffering proxy in between may hold an event back.
    let headers = [
        (header::CONTENT_TYPE, "text/event-stream"),
        (header::CACHE_CONTROL, "no-store"),
        (header::HeaderName::from_static("x-accel-buffering"), "no"),
    ];
    (headers, Body::from_stream(events)).into_response()
}

impl Watcher {
    /// The next event: the first state at once, then every new one, a beat while nothing changes; none once the
    /// server shuts down.
    async fn next(&mut self) -> Option<Bytes> {
        if let Some(frame) = self.first.take() {
            // Readers that lost the server do not all come back in the same instant.
            let retry = 2_000 + fastrand::u64(0..4_000);
            return Some([format!("retry: {retry}\n").as_bytes(), &frame.event[..]].concat().into());
        }
        loop {
            let silence = tokio::time::sleep(Duration::from_secs(BEAT_SECONDS.into()));
            tokio::select! {
                _ = self.closing.wait_for(|closing| *closing) => return None,
                changed = self.receiver.changed() => {
                    changed.ok()?;
                    let frame = self.receiver.borrow_and_update().clone();
                    if let Some(frame) = frame {
                        return Some(frame.event);
                    }
                }
                () = silence => {
                    let as_of = serde_json::to_string(&self.app.live.as_of()).ok()?;
                    return Some(format!("event: {BEAT_EVENT}\ndata: {as_of}\n\n").into());
                }
            }
        }
    }
}
