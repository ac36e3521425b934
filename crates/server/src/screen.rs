//! The public screen as it is served: walls, the page where one is set up, the code that leads from one to a process, and
//! the service worker with which it starts while there is no network.

use crate::page::{Pages, ask, between, html, origin};
use axum::http::{HeaderMap, StatusCode, Uri, header};
use axum::response::{IntoResponse, Redirect, Response};
use cabildo_app::document::{self, Answer, Frame, escape, screen_needs};
use cabildo_app::route::screen::{JOIN, Place, Screen, WORKER, join};
use cabildo_app::route::{Location, Route};
use cabildo_app::surface::screen::WAY;
use cabildo_contract::embed::Theme;
use cabildo_contract::id::Slug;
use cabildo_contract::page::parse_query;
use qrcodegen::{QrCode, QrCodeEcc};
use std::fmt::Write as _;
use std::sync::Arc;

/// What is at a path and no page: the service worker, a code, the short address of a process.
pub async fn file(pages: &Arc<Pages>, path: &str, headers: &HeaderMap) -> Option<Response> {
    if path == WORKER {
        return Some(pages.assets.as_ref()?.script("screen/worker.js", |script| script).await);
    }
    // Read from a code it is in capitals, typed it may be.
    if path.get(..JOIN.len()).is_some_and(|start| start.eq_ignore_ascii_case(JOIN)) {
        let named = known(pages, path.get(JOIN.len()..)?.trim_end_matches('/'))?;
        let location = Location { route: Route::Process(named), language: Default::default() };
        return Some(Redirect::temporary(&location.address()).into_response());
    }
    let Place::Code(process) = Place::parse(path)? else { return None };
    let process = known(pages, process.as_str())?;
    let code = code(&format!("{}{}", origin(pages, headers), join(&process)))?;
    let kind = [(header::CONTENT_TYPE, "image/svg+xml"), (header::CACHE_CONTROL, "public, max-age=3600")];
    Some((kind, code).into_response())
}

/// The process of this name, in whichever letters it is written.
fn known(pages: &Pages, name: &str) -> Option<Slug> {
    let mut slugs = pages.app.catalogue.processes().iter().map(|entry| &entry.process.name.slug);
    slugs.find(|slug| slug.as_str().eq_ignore_ascii_case(name)).cloned()
}

/// Modules of quiet round a code, without which it may not be read.
const QUIET: i32 = 4;

/// A QR code of an address (ISO/IEC 18004, level M). In capitals, of which a code holds more in the same room; nothing in the
/// address tells them from small letters.
fn code(address: &str) -> Option<String> {
    let code = QrCode::encode_text(&address.to_ascii_uppercase(), QrCodeEcc::Medium).ok()?;
    let size = code.size();
    let mut path = String::new();
    for y in 0..size {
        for x in (0..size).filter(|x| code.get_module(*x, y)) {
            // Writing to a string cannot fail.
            let _ = write!(path, "M{x} {y}h1v1h-1z");
        }
    }
    Some(format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"-{QUIET} -{QUIET} {side} {side}\" \
         shape-rendering=\"crispEdges\"><path d=\"{path}\"/></svg>",
        side = size + 2 * QUIET,
    ))
}

/// The page at an address: a wall, or where one is set up. It sets no cookie.
pub async fn page(pages: &Arc<Pages>, uri: &Uri, headers: &HeaderMap, template: &str) -> Response {
    let address = uri.path_and_query().map_or(uri.path(), |address| address.as_str());
    let origin = origin(pages, headers);
    let (screen, frame) = match Place::parse(address) {
        Some(Place::Wall(screen)) => {
            let told = screen.clone();
            let now = pages.app.clock.now();
            let drawn = drawn(pages, &screen, {
                let origin = origin.clone();
                move |answers| document::render_wall(&told, now, &origin, answers)
            });
            let drawn = drawn.await;
            (screen, drawn)
        }
        Some(Place::Setup(screen)) => {
            let told = screen.clone();
            let now = pages.app.clock.now();
            let reveal =
                parse_query(uri.query().unwrap_or_default()).into_iter().find(|(name, _)| name == "reveal");
            let reveal = reveal.map(|(_, time)| time).unwrap_or_default();
            let drawn = drawn(pages, &screen, {
                let origin = origin.clone();
                move |answers| document::render_setup(told, &reveal, now, &origin, answers)
            });
            let drawn = drawn.await;
            (Screen { theme: Theme::Auto, contrast: false, motion: true, ..screen }, drawn)
        }
        _ => return html(StatusCode::NOT_FOUND, between(template, "body", "<h1>404</h1>")),
    };
    let Some(frame) = frame else { return StatusCode::INTERNAL_SERVER_ERROR.into_response() };
    let status = StatusCode::from_u16(frame.status).unwrap_or(StatusCode::OK);
    html(status, fill(template, &screen, &frame, &document::way(&origin, &screen.process)))
}

async fn drawn(
    pages: &Arc<Pages>,
    screen: &Screen,
    draw: impl FnOnce(Vec<Answer>) -> Frame + Send + 'static,
) -> Option<Frame> {
    let mut answers: Vec<Answer> = Vec::new();
    loop {
        let (asked, known) = (screen.clone(), answers.clone());
        let needs = tokio::task::spawn_blocking(move || screen_needs(&asked, known)).await.ok()?;
        if needs.is_empty() {
            break;
        }
        for path in needs {
            answers.push(ask(&pages.api, path).await?);
        }
    }
    tokio::task::spawn_blocking(move || draw(answers)).await.ok()
}

/// Puts a page into its shell; what the address says about colours and motion goes to the root element.
fn fill(template: &str, screen: &Screen, frame: &Frame, way: &str) -> String {
    let language = screen.languages.first().copied().unwrap_or_default();
    let mut root = format!("lang=\"{}\" {WAY}=\"{}\"", language.tag(), escape(way));
    for (name, value) in [
        ("data-theme", (screen.theme != Theme::Auto).then(|| screen.theme.as_str())),
        ("data-contrast", screen.contrast.then_some("more")),
        ("data-motion", (!screen.motion).then_some("off")),
    ] {
        root.extend(value.map(|value| format!(" {name}=\"{value}\"")));
    }
    let page = between(template, "head", &format!("<title>{} · Cabildo</title>", escape(&frame.title)));
    between(&page, "body", &frame.body).replacen("lang=\"es-CO\"", &root, 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_in_capitals_is_a_size_smaller() {
        let address = "https://cabildo.example/p/iv-plan-estado-abierto";
        let small = QrCode::encode_text(address, QrCodeEcc::Medium).map(|code| code.size());
        assert_eq!(small.ok(), Some(33));
        let drawn = code(address).unwrap_or_default();
        assert!(drawn.contains("viewBox=\"-4 -4 37 37\""), "{drawn}");
        assert!(
            drawn.contains("M0 0h1v1h-1z") && !drawn.contains("M7 0h1"),
            "a corner and the gap beside it"
        );
    }
}
