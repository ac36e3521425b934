//! What browsers are told with every response, so that nothing in it can become more than it is meant to be.

use crate::assets::Shell;
use axum::extract::{Request, State};
use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header};
use axum::middleware::Next;
use axum::response::Response;
use cabildo_app::route::screen;
use cabildo_app::surface::app;
use cabildo_contract::embed::{ACT_PARAMETER, HostSite, is_act};
use cabildo_contract::page::parse_query;

/// Only what is ours may run, load or be sent to. WebAssembly needs its own word.
const PAGE: &str = "img-src 'self' data:; font-src 'self'; connect-src 'self'; frame-src 'self'; manifest-src 'self'; \
    base-uri 'none'; form-action 'self'; frame-ancestors ";

/// A service worker fetches for its pages, and is nothing else.
const WORKER_POLICY: &str = "default-src 'none'; connect-src 'self'";

/// What is no page loads and runs nothing, also where somebody opens it as one: a picture (SVG), a table, a problem.
const FILE: &str = "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; sandbox";

/// Not enforced: the framework makes its static elements from strings of its own (see docs/operating.md). No address
/// takes reports: the browser's console shows them.
const TRUSTED_TYPES: &str = "require-trusted-types-for 'script'";

/// What a page asks of the browser's powers: none of them.
const PERMISSIONS: &str = "camera=(), geolocation=(), microphone=(), payment=(), usb=(), browsing-topics=()";

/// For a year never without TLS.
const TRANSPORT: &str = "max-age=31536000";

/// The sites whose pages may show a response in a frame, besides its own.
#[derive(Debug, Clone)]
pub struct Ancestors(pub Vec<HostSite>);

impl Ancestors {
    fn policy(&self) -> String {
        let Self(sites) = self;
        std::iter::once("'self'").chain(sites.iter().map(HostSite::as_str)).collect::<Vec<_>>().join(" ")
    }
}

/// What stands in the page itself and may, because these are its hashes, as a policy has them (`'sha256-…'`): a stylesheet
/// and scripts. Nothing else may.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Inline {
    /// The hash of the stylesheet.
    pub style: String,
    /// Those of the scripts.
    pub scripts: String,
}

impl Inline {
    fn policy(&self) -> String {
        let word = |hash: &str| if hash.is_empty() { String::new() } else { format!(" {hash}") };
        let (script, style) = (word(&self.scripts), word(&self.style));
        format!(
            "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'{script}; style-src 'self'{style}; {PAGE}"
        )
    }
}

/// Adds them. `secure`: the site is reached with TLS.
pub async fn guard(State(secure): State<bool>, request: Request, next: Next) -> Response {
    let path = request.uri().path().to_owned();
    // A page that a widget opened tells it what was received: nothing may cut the two off from each other.
    let is_opened = parse_query(request.uri().query().unwrap_or_default())
        .iter()
        .any(|(name, value)| name == ACT_PARAMETER && is_act(value));
    let mut response = next.run(request).await;
    let ancestors = response.extensions_mut().remove::<Ancestors>().map(|ancestors| ancestors.policy());
    let inline = response.extensions_mut().remove::<Inline>().unwrap_or_default();
    let response_is_gone = response.status() == StatusCode::NOT_FOUND;
    let headers = response.headers_mut();
    let html =
        headers.get(header::CONTENT_TYPE).is_some_and(|kind| kind.as_bytes().starts_with(b"text/html"));
    let shell = Shell::of(&path);
    // That there is nothing here, anybody may show.
    let is_gone = shell == Shell::Vote && response_is_gone;
    let embedded = html && (shell == Shell::Embed || is_gone || ancestors.is_some());
    // The page where a wall is set up shows how it will look.
    let previewed = html && shell == Shell::Screen;
    let is_worker = [app::WORKER, screen::WORKER].contains(&path.as_str());
    let mut set =
        |name: HeaderName, value: &'static str| headers.insert(name, HeaderValue::from_static(value));
    set(header::X_CONTENT_TYPE_OPTIONS, "nosniff");
    set(header::REFERRER_POLICY, "strict-origin-when-cross-origin");
    if secure {
        set(header::STRICT_TRANSPORT_SECURITY, TRANSPORT);
    }
    if html {
        set(HeaderName::from_static("permissions-policy"), PERMISSIONS);
        set(header::CONTENT_SECURITY_POLICY_REPORT_ONLY, TRUSTED_TYPES);
    } else {
        set(header::CONTENT_SECURITY_POLICY, if is_worker { WORKER_POLICY } else { FILE });
    }
    if !embedded {
        set(header::X_FRAME_OPTIONS, if previewed { "SAMEORIGIN" } else { "DENY" });
    }
    if html && !embedded && !is_opened {
        set(HeaderName::from_static("cross-origin-opener-policy"), "same-origin");
    }
    let open = embedded || path.starts_with("/assets/") || is_for_every_origin(headers);
    let resource = HeaderValue::from_static(if open { "cross-origin" } else { "same-origin" });
    headers.insert(HeaderName::from_static("cross-origin-resource-policy"), resource);
    if html {
        let everybody = match shell {
            Shell::Embed => "*",
            Shell::Vote if is_gone => "*",
            Shell::Screen => "'self'",
            Shell::App | Shell::Setup | Shell::Vote => "'none'",
        };
        let policy = format!("{}{}", inline.policy(), ancestors.as_deref().unwrap_or(everybody));
        let policy = HeaderValue::try_from(policy);
        headers.extend(policy.ok().map(|policy| (header::CONTENT_SECURITY_POLICY, policy)));
    }
    response
}

/// Public answers of the API are open to scripts of every origin, so to its elements as well.
fn is_for_every_origin(headers: &HeaderMap) -> bool {
    headers.get(header::ACCESS_CONTROL_ALLOW_ORIGIN).is_some_and(|origin| origin == "*")
}
