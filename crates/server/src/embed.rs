//! Widgets as they are served: the content of a frame, its colour, and what a page is told that somebody pasted an
//! address into (oEmbed).

use crate::http::PUBLIC_CACHE;
use crate::page::{Pages, ask, between, origin};
use axum::Json;
use axum::extract::{Request, State};
use axum::http::{HeaderMap, HeaderValue, StatusCode, Uri, header};
use axum::response::{IntoResponse, Response};
use cabildo_app::document::{self, Answer, escape};
use cabildo_app::i18n::Language;
use cabildo_app::route::Location;
use cabildo_app::surface::embed::vote::Vote;
use cabildo_contract::embed::{Color, Oembed, Theme, Widget};
use cabildo_contract::page::{parse_query, query_string};
use std::sync::Arc;

/// Where the colours of widgets are: `{digits}.css` below it.
pub const COLORS: &str = "/embed/color/";
/// How often what a widget is about may ask for something that only it can name.
const ROUNDS: usize = 3;
/// Least and greatest width of a frame that is pasted, in CSS pixels.
const WIDTHS: [u32; 2] = [240, 640];
/// Seconds for which a page may keep what it was told.
const CACHE_SECONDS: u32 = 86_400;

/// How a frame shall look, as its address says.
#[derive(Debug, Clone, Copy, Default)]
pub struct Look {
    /// In which language.
    pub language: Language,
    theme: Theme,
    color: Option<Color>,
}

impl Look {
    /// Reads the query of an address.
    #[must_use]
    pub fn of(uri: &Uri) -> Self {
        let pairs = parse_query(uri.query().unwrap_or_default());
        let value = |name: &str| pairs.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str());
        Self {
            language: value("lang").and_then(Language::from_code).unwrap_or_default(),
            theme: value("theme").and_then(Theme::parse).unwrap_or_default(),
            color: value("color").and_then(Color::parse),
        }
    }

    /// A frame in its shell.
    #[must_use]
    pub fn dress(self, template: &str, frame: &document::Frame) -> String {
        // After the stylesheet, which it overrides.
        let color = self.color.map_or_else(String::new, |color| {
            format!("<link rel=\"stylesheet\" href=\"{COLORS}{}.css\">", color.digits())
        });
        let theme = match self.theme {
            Theme::Auto => String::new(),
            theme => format!(" data-theme=\"{}\"", theme.as_str()),
        };
        let page = between(template, "head", &format!("<title>{} · Cabildo</title>", escape(&frame.title)));
        let page = between(&page, "color", &color);
        let page = between(&page, "body", &frame.body);
        page.replacen("lang=\"es-CO\"", &format!("lang=\"{}\"{theme}", self.language.tag()), 1)
    }
}

/// The frame at an address. It sets no cookie, and any page may show it.
pub async fn frame(pages: &Arc<Pages>, uri: &Uri, headers: &HeaderMap, template: &str) -> Response {
    let look = Look::of(uri);
    let origin = origin(pages, headers);
    let Some(frame) = render(pages, Widget::parse(uri.path()), look.language, origin, None).await else {
        return StatusCode::INTERNAL_SERVER_ERROR.into_response();
    };
    let status = StatusCode::from_u16(frame.status).unwrap_or(StatusCode::OK);
    let headers = [
        (header::CONTENT_TYPE, "text/html; charset=utf-8"),
        (header::CACHE_CONTROL, PUBLIC_CACHE),
        // A frame in a sandbox has no origin, and reads itself anew.
        (header::ACCESS_CONTROL_ALLOW_ORIGIN, "*"),
    ];
    (status, headers, look.dress(template, &frame)).into_response()
}

/// Draws a widget; none if drawing it panics.
pub async fn render(
    pages: &Arc<Pages>,
    widget: Option<Widget>,
    language: Language,
    origin: String,
    vote: Option<Vote>,
) -> Option<document::Frame> {
    let now = pages.app.clock.now();
    let mut answers: Vec<Answer> = Vec::new();
    if let Some(widget) = &widget {
        for _ in 0..ROUNDS {
            let (known, asked, vote) = (answers.clone(), widget.clone(), vote.clone());
            let find = move || document::frame_needs(&asked, language, now, vote.as_ref(), known);
            let needs = tokio::task::spawn_blocking(find).await.ok()?;
            if needs.is_empty() {
                break;
            }
            for path in needs {
                answers.push(ask(&pages.api, path).await?);
            }
        }
    }
    let render = move || document::render_frame(widget, language, now, &origin, vote, answers);
    tokio::task::spawn_blocking(render).await.ok()
}

/// The stylesheet of a colour: as it is where it can be read, darker or lighter where it could not.
pub fn color(path: &str) -> Option<Response> {
    let color = Color::parse(path.strip_prefix(COLORS)?.strip_suffix(".css")?)?;
    let dark = color.readable_on(Color::DARK_GROUND);
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
    let Some(frame) = render(&pages, Some(widget.clone()), location.language, origin.clone(), None).await
    else {
        return StatusCode::INTERNAL_SERVER_ERROR.into_response();
    };
    if frame.status != 200 {
        return (StatusCode::NOT_FOUND, "no such page\n").into_response();
    }
    let most = |name: &str| value(name).and_then(|value| value.parse().ok()).unwrap_or(u32::MAX);
    let [narrowest, widest] = WIDTHS;
    let (width, height) =
        (widest.min(most("maxwidth")).max(narrowest), widget.height().min(most("maxheight")));
    let lang = if location.language == Language::default() { "" } else { location.language.code() };
    let query = query_string(&[("lang", lang)]);
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
