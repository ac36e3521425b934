//! Pages: the front-end rendered on the server, so that content is readable with the first response.

use crate::App;
use crate::assets::{Assets, Shell};
use crate::caller::CallerHeader;
use crate::config::PublicUrl;
use crate::embed;
use crate::headers::{Inline, guard};
use crate::http::seal;
use crate::language;
use crate::limits::{Limits, Rates};
use crate::metrics::{Internal, measure};
use crate::random;
use crate::screen;
use crate::strain::{Strain, give_way};
use crate::vote;
use axum::Router;
use axum::body::Body;
use axum::extract::{Request, State};
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderValue, Method, StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::{any_service, get};
use cabildo_app::document::{self, Answer, Rendered};
use cabildo_app::i18n::{Language, in_shell, strip_words};
use cabildo_app::state::order::{self, Order};
use cabildo_app::surface::app::{STRIP, WORKER};
use cabildo_contract::embed::OEMBED_PATH;
use http_body_util::BodyExt;
use std::sync::Arc;
use tower::ServiceExt;
use tower_http::CompressionLevel;
use tower_http::compression::CompressionLayer;

/// Brotli's effort for pages, of 11. One more than the usual saves 5 % of the bytes; none between it and 11 saves more.
const BROTLI: CompressionLevel = CompressionLevel::Precise(5);

/// What pages are made from.
pub struct Pages {
    pub(crate) app: Arc<App>,
    pub(crate) api: Router,
    pub(crate) assets: Option<Assets>,
    public_url: Option<PublicUrl>,
    without_worker: bool,
}

/// How a site shows itself to the outside.
#[derive(Debug, Clone)]
pub struct SiteOptions {
    /// The built front-end; without it there are no pages.
    pub assets: Option<Assets>,
    /// Where it is reached; otherwise as each request says.
    pub public_url: Option<PublicUrl>,
    /// Whether browsers are to give up the service worker that they have.
    pub without_worker: bool,
    /// How often somebody may write.
    pub rates: Rates,
    /// What says where a request comes from.
    pub caller_header: CallerHeader,
}

impl Default for SiteOptions {
    /// The API alone, without limits.
    fn default() -> Self {
        Self {
            assets: None,
            public_url: None,
            without_worker: false,
            rates: Rates::NONE,
            caller_header: CallerHeader::default(),
        }
    }
}

/// The whole site: API, health, assets and pages.
pub fn site(app: Arc<App>, options: SiteOptions) -> Router {
    let SiteOptions { assets, public_url, without_worker, rates, caller_header } = options;
    let secure = public_url.as_ref().is_some_and(PublicUrl::is_secure);
    let limits = Limits::new(rates, caller_header, app.identities.secret_for("limits"));
    let strain = Arc::new(Strain::new(app.live.pressure()));
    let api = crate::http::api(Arc::clone(&app), Arc::new(limits));
    let health = crate::http::health(Arc::clone(&app)).merge(crate::http::mailbox(Arc::clone(&app)));
    let files = assets.as_ref().map(Assets::router);
    let measured = Arc::clone(&app);
    let pages = Pages { app, api: api.clone(), assets, public_url, without_worker };
    let pages = Router::new()
        .route(OEMBED_PATH, get(embed::oembed))
        .merge(vote::routes())
        .fallback(page)
        .with_state(Arc::new(pages))
        .layer(CompressionLayer::new().quality(BROTLI));
    let pages = files.unwrap_or_default().merge(health).fallback_service(pages);
    Router::new()
        .route("/api", any_service(api.clone()))
        .route("/api/", any_service(api.clone()))
        .route("/api/{*rest}", any_service(api))
        .fallback_service(
            pages
                .layer(axum::middleware::from_fn(seal))
                .layer(axum::middleware::from_fn_with_state(measured, measure)),
        )
        // Round the whole, not round the API: a page that waits for its own answers must not wait for itself.
        .layer(axum::middleware::from_fn_with_state(strain, give_way))
        .layer(axum::middleware::from_fn_with_state(secure, guard))
}

async fn page(State(pages): State<Arc<Pages>>, request: Request) -> Response {
    answer(&pages, &request.into_parts().0).await
}

async fn answer(pages: &Arc<Pages>, request: &Parts) -> Response {
    if !matches!(request.method, Method::GET | Method::HEAD) {
        return (StatusCode::METHOD_NOT_ALLOWED, [(header::ALLOW, "GET, HEAD")], "GET or HEAD\n")
            .into_response();
    }
    let Some(assets) = &pages.assets else {
        let hint = "This server was started without --assets: it serves the API at /api/v1 and no pages.\n";
        return (StatusCode::NOT_FOUND, hint).into_response();
    };
    let path = request.uri.path();
    if let Some(color) = embed::color(path) {
        return color;
    }
    if path == WORKER {
        let file = if pages.without_worker { "worker-off.js" } else { "worker.js" };
        return assets.script(file, |script| script).await;
    }
    if path == STRIP {
        return assets.script("strip.js", with_words).await;
    }
    if let Some(file) = assets.root_file(path).await {
        return file;
    }
    if let Some(answer) = screen::file(pages, path, &request.headers).await {
        return answer;
    }
    let shell = Shell::of(path);
    let Ok(template) = assets.shell(shell).await else {
        let hint = "The assets directory has no shell for this page: build the front-end first.\n";
        return (StatusCode::NOT_FOUND, hint).into_response();
    };
    if let Some(language) = language::of_arrival(request, &origin(pages, &request.headers)) {
        return language::redirect(&request.uri, language);
    }
    if shell == Shell::Embed {
        return embed::frame(pages, &request.uri, &request.headers, &template).await;
    }
    if matches!(shell, Shell::Screen | Shell::Setup) {
        return screen::page(pages, &request.uri, &request.headers, &template).await;
    }
    let (inline, template) = inline(&template);
    let mut response = app(pages, request, &template).await;
    response.extensions_mut().insert(inline);
    response
}

/// A page of the app.
async fn app(pages: &Arc<Pages>, request: &Parts, template: &str) -> Response {
    let address = request.uri.path_and_query().map_or("/", |address| address.as_str());
    let known = order(&request.headers);
    let Ok(own) = known.map_or_else(|| random::bytes::<1>().map(|[byte]| Order(byte)), Ok) else {
        return html(StatusCode::INTERNAL_SERVER_ERROR, with_parts(template, &[]));
    };
    match render(pages, address, own, origin(pages, &request.headers)).await {
        Some(rendered) => {
            let status = StatusCode::from_u16(rendered.status).unwrap_or(StatusCode::OK);
            let mut response = html(status, fill(template, &rendered, own));
            if request.uri.path() == language::ENTRANCE {
                response.headers_mut().insert(header::VARY, HeaderValue::from_static(language::VARY));
            }
            if known.is_none() {
                response.headers_mut().extend(order_cookie(own).map(|cookie| (header::SET_COOKIE, cookie)));
            }
            response
        }
        None => html(StatusCode::INTERNAL_SERVER_ERROR, with_parts(template, &[])),
    }
}

/// The script of the strip with its words, in every language.
fn with_words(script: String) -> String {
    let words: serde_json::Map<String, serde_json::Value> = Language::COMPLETE
        .into_iter()
        .map(|language| (language.code().to_owned(), serde_json::Value::from_iter(strip_words(language))))
        .collect();
    script.replacen("\"cabildo:words\"", &serde_json::Value::from(words).to_string(), 1)
}

pub(crate) fn html(status: StatusCode, body: String) -> Response {
    let headers = [(header::CONTENT_TYPE, "text/html; charset=utf-8"), (header::CACHE_CONTROL, "no-cache")];
    (status, headers, body).into_response()
}

/// The order of options that this browser was given before.
fn order(headers: &HeaderMap) -> Option<Order> {
    let cookies = headers.get_all(header::COOKIE).iter().filter_map(|value| value.to_str().ok());
    let mut pairs =
        cookies.flat_map(|cookies| cookies.split(';')).filter_map(|pair| pair.trim().split_once('='));
    pairs.find(|(name, _)| *name == order::NAME)?.1.parse().ok().map(Order)
}

/// One of 256 for a year. It says nothing about the person, no script needs it, and no request of another site has it.
fn order_cookie(Order(own): Order) -> Option<HeaderValue> {
    let name = order::NAME;
    HeaderValue::try_from(format!("{name}={own}; Path=/; Max-Age=31536000; HttpOnly; SameSite=Lax")).ok()
}

/// Where the site is reached: as configured, else as the request says.
pub(crate) fn origin(pages: &Pages, headers: &HeaderMap) -> String {
    if let Some(url) = &pages.public_url {
        return url.to_string();
    }
    let host = headers.get(header::HOST).and_then(|value| value.to_str().ok()).unwrap_or("localhost");
    // Only what a host can be made of: it ends up in the page.
    let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | ':' | '[' | ']');
    let host = if host.chars().all(plain) { host } else { "localhost" };
    format!("http://{host}")
}

/// Renders a page from what the public API answers. None if rendering panics.
async fn render(pages: &Arc<Pages>, address: &str, order: Order, origin: String) -> Option<Rendered> {
    let address = address.to_owned();
    let asked = address.clone();
    let needs = tokio::task::spawn_blocking(move || document::needs(&asked)).await.ok()?;
    let mut answers = Vec::with_capacity(needs.len());
    for path in needs {
        answers.push(ask(&pages.api, path).await?);
    }
    let now = pages.app.clock.now();
    tokio::task::spawn_blocking(move || document::render(&address, now, order, &origin, answers)).await.ok()
}

pub(crate) async fn ask(api: &Router, path: String) -> Option<Answer> {
    let request = Request::get(&path).extension(Internal).body(Body::empty()).ok()?;
    let response = api.clone().oneshot(request).await.ok()?;
    let status = response.status().as_u16();
    let body = response.into_body().collect().await.ok()?.to_bytes();
    Some(Answer { path, status, body: String::from_utf8(body.into()).ok()? })
}

/// Puts a rendered page into the shell, in place of what stands between its markers, and has it fetch the parts of the
/// app that it needs: those of its page and its language. The app learns the order of options from the root element.
fn fill(template: &str, rendered: &Rendered, Order(order): Order) -> String {
    let template = &in_shell(rendered.language, template);
    let language = format!("lang=\"{}\" data-{}=\"{order}\"", rendered.language.tag(), order::NAME);
    let filled = between(template, "head", &rendered.head);
    let filled = between(&filled, "body", &rendered.body);
    let filled = with_parts(&filled, &[rendered.page.part(), rendered.language.code()]);
    filled.replacen("lang=\"es-CO\"", &language, 1)
}

/// The shell with the elements of these parts of the app, and not of others. They stand between
/// `<!--cabildo:part NAME-->` and `<!--/cabildo:part-->`.
fn with_parts(template: &str, wanted: &[&str]) -> String {
    let mut kept = String::with_capacity(template.len());
    let mut rest = template;
    while let Some((before, part)) = rest.split_once("<!--cabildo:part ") {
        kept.push_str(before);
        let (name, part) = part.split_once("-->").unwrap_or((part, ""));
        let (elements, after) = part.split_once("<!--/cabildo:part-->").unwrap_or((part, ""));
        if wanted.contains(&name) {
            kept.push_str(elements);
        }
        rest = after.trim_start_matches('\n');
    }
    kept.push_str(rest);
    kept
}

/// The hashes of the stylesheet and the scripts that stand in the shell itself, and the shell without the marker
/// `<!--cabildo:inline STYLE SCRIPT …-->` that names them.
fn inline(template: &str) -> (Inline, String) {
    let marked = template.split_once("<!--cabildo:inline ").and_then(|(before, rest)| {
        let (hashes, after) = rest.split_once("-->")?;
        let (style, scripts) = hashes.split_once(' ')?;
        Some((Inline { style: style.to_owned(), scripts: scripts.to_owned() }, format!("{before}{after}")))
    });
    marked.unwrap_or_else(|| (Inline::default(), template.to_owned()))
}

pub(crate) fn between(template: &str, name: &str, content: &str) -> String {
    let (open, close) = (format!("<!--cabildo:{name}-->"), format!("<!--/cabildo:{name}-->"));
    let Some((before, after)) = template.split_once(&open) else { return template.to_owned() };
    let after = after.split_once(&close).map_or(after, |(_, after)| after);
    format!("{before}{content}{after}")
}

#[cfg(test)]
mod tests {
    use super::*;
    use cabildo_app::i18n::Language;
    use cabildo_app::pages::Page;

    fn rendered(page: Page, language: Language) -> Rendered {
        Rendered { status: 200, page, language, head: "<title>y</title>".into(), body: "<p>$0".into() }
    }

    #[test]
    fn a_page_takes_the_place_of_what_stands_between_the_markers() {
        let template = "<html lang=\"es-CO\"><!--cabildo:head--><title>x</title><!--/cabildo:head-->\
                        <div><!--cabildo:body--><!--/cabildo:body--></div>";
        let filled = fill(template, &rendered(Page::Home, Language::English), Order(7));
        assert_eq!(filled, "<html lang=\"en\" data-cabildo-order=\"7\"><title>y</title><div><p>$0</div>");
    }

    #[test]
    fn a_shell_names_the_hashes_of_what_stands_in_it_and_a_page_does_not() {
        let marked =
            "<head><!--cabildo:inline 'sha256-a' 'sha256-b' 'sha256-c'--><style>x</style><script>y</script>";
        let hashes = Inline { style: "'sha256-a'".to_owned(), scripts: "'sha256-b' 'sha256-c'".to_owned() };
        let plain = "<head><style>x</style><script>y</script>";
        assert_eq!(inline(marked), (hashes, plain.to_owned()));
        assert_eq!(inline(plain), (Inline::default(), plain.to_owned()));
    }

    #[test]
    fn a_page_fetches_the_parts_of_its_page_and_its_language_and_no_others() {
        let template = "<a>\n<!--cabildo:part en--><en><!--/cabildo:part-->\n\
                        <!--cabildo:part home--><h><o><!--/cabildo:part-->\n\
                        <!--cabildo:part proposal--><p><!--/cabildo:part-->\n<z>";
        for (page, language, expected) in [
            (Page::Home, Language::Spanish, "<a>\n<h><o><z>"),
            (Page::Proposal, Language::English, "<a>\n<en><p><z>"),
            (Page::Proposals, Language::Spanish, "<a>\n<z>"),
        ] {
            assert_eq!(fill(template, &rendered(page, language), Order::default()), expected);
        }
        assert_eq!(with_parts("<!--cabildo:part home--><h>", &[]), "", "a shell that is cut off");
    }
}
