//! Widgets as they are served: the content of a frame, its colour, and what a page is told that somebody pasted an
//! address into (oEmbed).

use crate::page::{Pages, ask, between, origin};
use axum::Json;
use axum::extract::{Request, State};
use axum::http::{HeaderMap, HeaderValue, StatusCode, Uri, header};
use axum::response::{IntoResponse, Response};
use cabildo_app::document::{self, Answer, escape};
use cabildo_app::i18n::Language;
use cabildo_app::route::Location;
use cabildo_contract::embed::{Color, Oembed, Theme, Widget};
use cabildo_contract::page::parse_query;
use std::sync::Arc;

/// Where the colours of widgets are: `{digits}.css` below it.
pub const COLORS: &str = "/embed/color/";
/// The darkest ground that a widget has (`--cb-ink-95` in `style/tokens.css`).
const DARK: &str = "0b1220";
/// How often what a widget is about may ask for something that only it can name.
const ROUNDS: usize = 3;
/// Least and greatest width of a frame that is pasted, in CSS pixels.
const WIDTHS: [u32; 2] = [240, 640];
/// Seconds for which a page may keep what it was told.
const CACHE_SECONDS: u32 = 86_400;

/// The frame at an address. It sets no cookie, and any page may show it.
pub async fn frame(pages: &Arc<Pages>, uri: &Uri, headers: &HeaderMap, template: &str) -> Response {
    let pairs = parse_query(uri.query().unwrap_or_default());
    let value = |name: &str| pairs.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str());
    let language = value("lang").and_then(Language::from_code).unwrap_or_default();
    let theme = value("theme").and_then(Theme::parse).unwrap_or_default();
    let color = value("color").and_then(Color::parse);
    let widget = Widget::parse(uri.path());
    let origin = origin(pages, headers);
    let Some(frame) = render(pages, widget, language, origin).await else {
        return StatusCode::INTERNAL_SERVER_ERROR.into_response();
    };
    // After the stylesheet, which it overrides.
    let color = color.map_or_else(String::new, |color| {
        format!("<link rel=\"stylesheet\" href=\"{COLORS}{}.css\">", color.digits())
    });
    let theme = match theme {
        Theme::Auto => String::new(),
        theme => format!(" data-theme=\"{}\"", theme.as_str()),
    };
    let page = between(template, "head", &format!("<title>{} · Cabildo</title>", escape(&frame.title)));
    let page = between(&page, "color", &color);
    let page = between(&page, "body", &frame.body);
    let page = page.replacen("lang=\"es-CO\"", &format!("lang=\"{}\"{theme}", language.tag()), 1);
    let status = StatusCode::from_u16(frame.status).unwrap_or(StatusCode::OK);
    let headers = [
        (header::CONTENT_TYPE, "text/html; charset=utf-8"),
        (header::CACHE_CONTROL, "public, max-age=1, stale-while-revalidate=10"),
        // A frame in a sandbox has no origin, and reads itself anew.
        (header::ACCESS_CONTROL_ALLOW_ORIGIN, "*"),
    ];
    (status, headers, page).into_response()
}

async fn render(
    pages: &Arc<Pages>,
    widget: Option<Widget>,
    language: Language,
    origin: String,
) -> Option<document::Frame> {
    let mut answers: Vec<Answer> = Vec::new();
    if let Some(widget) = &widget {
        for _ in 0..ROUNDS {
            let (known, asked) = (answers.clone(), widget.clone());
            let needs =
                tokio::task::spawn_blocking(move || document::frame_needs(&asked, known)).await.ok()?;
            if needs.is_empty() {
                break;
            }
            for path in needs {
                answers.push(ask(&pages.api, path).await?);
            }
        }
    }
    let now = pages.app.clock.now();
    let render = move || document::render_frame(widget, language, now, &origin, answers);
    tokio::task::spawn_blocking(render).await.ok()
}

/// The stylesheet of a colour: as it is where it can be read, darker or lighter where it could not.
pub fn color(path: &str) -> Option<Response> {
    let color = Color::parse(path.strip_prefix(COLORS)?.strip_suffix(".css")?)?;
    let dark = color.readable_on(Color::parse(DARK).unwrap_or(Color::BLACK));
    let light = color.readable_on(Color::WHITE);
    let rule = |color: Color| {
        let (digits, ink) = (color.digits(), color.ink().digits());
        format!(
            "--cb-accent:#{digits};--cb-accent-strong:#{digits};--cb-link:#{digits};--cb-on-accent:#{ink}"
        )
    };
    let css = format!(
        ":root{{{}}}:root[data-theme=dark]{{{}}}@media (prefers-color-scheme:dark){{:root:not([data-theme]){{{}}}}}",
        rule(light),
        rule(dark),
        rule(dark)
    );
    let headers = [
        (header::CONTENT_TYPE, "text/css; charset=utf-8"),
        (header::CACHE_CONTROL, "public, max-age=86400"),
        (header::ACCESS_CONTROL_ALLOW_ORIGIN, "*"),
    ];
    Some((headers, css).into_response())
}

/// Answers `GET /oembed?url=…` (oEmbed 1.0, section 2.2).
pub async fn oembed(State(pages): State<Arc<Pages>>, request: Request) -> Response {
    let pairs = parse_query(request.uri().query().unwrap_or_default());
    let value = |name: &str| pairs.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str());
    if value("format").is_some_and(|format| format != "json") {
        return (StatusCode::NOT_IMPLEMENTED, "JSON only\n").into_response();
    }
    let origin = origin(&pages, request.headers());
    let Some(location) = value("url").and_then(|url| url.strip_prefix(&origin)).map(Location::parse) else {
        return (StatusCode::NOT_FOUND, "no page of this site\n").into_response();
    };
    let Some(widget) = location.route.widget() else {
        return (StatusCode::NOT_FOUND, "nothing that can be embedded\n").into_response();
    };
    let Some(frame) = render(&pages, Some(widget.clone()), location.language, origin.clone()).await else {
        return StatusCode::INTERNAL_SERVER_ERROR.into_response();
    };
    if frame.status != 200 {
        return (StatusCode::NOT_FOUND, "no such page\n").into_response();
    }
    let most = |name: &str| value(name).and_then(|value| value.parse().ok()).unwrap_or(u32::MAX);
    let [narrowest, widest] = WIDTHS;
    let (width, height) =
        (widest.min(most("maxwidth")).max(narrowest), widget.height().min(most("maxheight")));
    let query = if location.language == Language::default() { "" } else { "?lang=en" };
    let address = escape(&format!("{origin}{}{query}", widget.path()));
    let title = escape(&frame.title);
    let html = format!(
        "<iframe src=\"{address}\" title=\"{title}\" width=\"{width}\" height=\"{height}\" \
         frameborder=\"0\" loading=\"lazy\"></iframe>"
    );
    let answer = Oembed {
        kind: "rich".to_owned(),
        version: "1.0".to_owned(),
        title: frame.title,
        provider_name: "Cabildo".to_owned(),
        provider_url: origin,
        cache_age: CACHE_SECONDS,
        html,
        width,
        height,
    };
    let mut response = Json(answer).into_response();
    let headers = response.headers_mut();
    headers.insert(header::ACCESS_CONTROL_ALLOW_ORIGIN, HeaderValue::from_static("*"));
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("public, max-age=60"));
    response
}
