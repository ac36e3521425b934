//! The mailbox of a server that is being tried out: a page with the letters that would have been sent.

use crate::App;
use crate::problem::Refused;
use axum::Router;
use axum::extract::State;
use axum::http::header;
use axum::response::{Html, IntoResponse, Response};
use axum::routing::get;
use cabildo_app::document::escape;
use cabildo_contract::problem::ProblemKind;
use std::sync::Arc;

/// Where it is.
const MAILBOX_PATH: &str = "/dev/mailbox";

/// The page, newest letter first; it is not there where letters really go out.
pub fn mailbox(app: Arc<App>) -> Router {
    Router::new().route(MAILBOX_PATH, get(show)).with_state(app)
}

async fn show(State(app): State<Arc<App>>) -> Response {
    let Some(letters) = app.post.received() else {
        return Refused::from(ProblemKind::NotFound).into_response();
    };
    let mut items = String::new();
    for received in &letters {
        items.push_str(&format!(
            "<article><h2>{}</h2><p>{} · <time>{}</time></p><pre>{}</pre></article>",
            escape(&received.letter.subject),
            escape(&received.to),
            received.at,
            escape(&received.letter.text),
        ));
    }
    if letters.is_empty() {
        items.push_str("<p>Todavía no hay cartas. Pida un código y cargue esta página de nuevo.</p>");
    }
    let page = format!(
        "<!doctype html><html lang=\"es\"><head><meta charset=\"utf-8\">\
         <meta name=\"viewport\" content=\"width=device-width\"><meta name=\"color-scheme\" content=\"light dark\">\
         <meta name=\"robots\" content=\"noindex\"><title>Buzón de prueba</title></head><body><main>\
         <h1>Buzón de prueba</h1><p>Este servidor no envía correo: las cartas llegan aquí, y cualquiera las puede leer. \
         Con <code>--smtp</code> salen de verdad.</p>{items}</main></body></html>"
    );
    let headers = [
        (header::CACHE_CONTROL, "no-store"),
        (header::CONTENT_SECURITY_POLICY, "default-src 'none'; frame-ancestors 'none'"),
    ];
    (headers, Html(page)).into_response()
}
