//! What browsers are told with every response: the whole list, for each kind of response.

use crate::harness::{Answer, PROCESS, Server, start};
use crate::pages::{built, with_assets};
use cabildo_server::page::{SiteOptions, site};
use std::collections::BTreeMap;
use std::sync::Arc;

const PAGE: &str = "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self'; img-src 'self' data:; \
    font-src 'self'; connect-src 'self'; frame-src 'self'; manifest-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors ";
const FILE: &str = "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; sandbox";
const NONE_OF_THEM: &str = "camera=(), geolocation=(), microphone=(), payment=(), usb=(), browsing-topics=()";

/// What has nothing to do with what a browser may do with the response.
const OTHERS: [&str; 13] = [
    "accept-ranges",
    "access-control-expose-headers",
    "allow",
    "cache-control",
    "content-length",
    "content-type",
    "content-disposition",
    "etag",
    "last-modified",
    "retry-after",
    "set-cookie",
    "vary",
    "x-request-id",
];

/// The headers of a response that are about that.
fn guards(answer: &Answer) -> BTreeMap<&str, &str> {
    let headers = answer.headers.iter().map(|(name, value)| (name.as_str(), value.to_str().unwrap()));
    headers.filter(|(name, _)| !OTHERS.contains(name)).collect()
}

/// What every response has, and what some have besides.
fn expected<'a>(resource: &'a str, more: &[(&'a str, &'a str)]) -> BTreeMap<&'a str, &'a str> {
    let all = [
        ("x-content-type-options", "nosniff"),
        ("referrer-policy", "strict-origin-when-cross-origin"),
        ("strict-transport-security", "max-age=31536000"),
        ("cross-origin-resource-policy", resource),
    ];
    all.into_iter().chain(more.iter().copied()).collect()
}

#[tokio::test]
async fn every_kind_of_response_has_its_headers_and_no_others() {
    let (mut server, _directory) = start().await;
    let assets = built();
    with_assets(&mut server, &assets);
    let api = format!("/api/v1/processes/{PROCESS}");
    let cookie = server.somebody(false).await;
    let own = [("policy", format!("{PAGE}'none'")), ("embedded", format!("{PAGE}*"))];
    let page = expected(
        "same-origin",
        &[
            ("content-security-policy", &own[0].1),
            ("content-security-policy-report-only", "require-trusted-types-for 'script'"),
            ("permissions-policy", NONE_OF_THEM),
            ("cross-origin-opener-policy", "same-origin"),
            ("x-frame-options", "DENY"),
        ],
    );
    let widget = expected(
        "cross-origin",
        &[
            ("access-control-allow-origin", "*"),
            ("content-security-policy", &own[1].1),
            ("content-security-policy-report-only", "require-trusted-types-for 'script'"),
            ("permissions-policy", NONE_OF_THEM),
        ],
    );
    let closed = [("content-security-policy", FILE), ("x-frame-options", "DENY")];
    let file = expected("same-origin", &closed);
    let asset = expected("cross-origin", &closed);
    let public = [("access-control-allow-origin", "*"), closed[0], closed[1]];
    let public = expected("cross-origin", &public);

    for path in ["/", "/nothing-here", &format!("/processes/{PROCESS}")] {
        assert_eq!(guards(&server.get(path).await), page, "{path}");
    }
    assert_eq!(guards(&server.get("/embed/x").await), widget);
    // The page where a wall is set up shows it in a frame.
    let screen = format!("/screen/{PROCESS}");
    for (path, ancestors, frames) in [
        (screen.clone(), "'self'", "SAMEORIGIN"),
        ("/screen/x".to_owned(), "'self'", "SAMEORIGIN"),
        (format!("{screen}/setup"), "'none'", "DENY"),
    ] {
        let policy = format!("{PAGE}{ancestors}");
        let mut wall = page.clone();
        wall.insert("content-security-policy", &policy);
        wall.insert("x-frame-options", frames);
        assert_eq!(guards(&server.get(&path).await), wall, "{path}");
    }
    let worker = "default-src 'none'; connect-src 'self'";
    let worker = expected("same-origin", &[("content-security-policy", worker), ("x-frame-options", "DENY")]);
    assert_eq!(guards(&server.get("/screen/worker.js").await), worker);
    assert_eq!(guards(&server.get(&format!("{screen}/code.svg")).await), file);
    for path in ["/assets/app-0123.js", "/assets/none.js"] {
        assert_eq!(guards(&server.get(path).await), asset, "{path}");
    }
    for path in ["/favicon.svg", "/healthz", "/readyz"] {
        assert_eq!(guards(&server.get(path).await), file, "{path}");
    }
    for rest in ["", "/calendar.ics", "/export/proposals.csv", "/pictures/days.svg", "/nothing", "?odd=1"] {
        assert_eq!(guards(&server.get(&format!("{api}{rest}")).await), public, "{rest}");
    }
    let mine = server.send("GET", "/api/v1/session", &[("cookie", &cookie)], None).await;
    assert_eq!(guards(&mine), file, "what is somebody's own");
    for (method, path) in
        [("POST", "/api/v1/session"), ("POST", "/api/v1/nothing"), ("DELETE", "/"), ("PUT", &api)]
    {
        assert_eq!(guards(&server.send(method, path, &[], Some("{}")).await), file, "{method} {path}");
    }
}

#[tokio::test]
async fn of_what_stands_in_a_page_itself_only_what_the_build_put_there_may_run() {
    let (mut server, _directory) = start().await;
    let assets = built();
    let index = assets.path().join("index.html");
    let shell = std::fs::read_to_string(&index).unwrap();
    let inline = "<head><!--cabildo:inline 'sha256-a=' 'sha256-b='--><style>a{}</style><script>t()</script>";
    std::fs::write(&index, shell.replacen("<head>", inline, 1)).unwrap();
    with_assets(&mut server, &assets);
    let allowed = PAGE
        .replace("script-src 'self' 'wasm-unsafe-eval'", "script-src 'self' 'wasm-unsafe-eval' 'sha256-b='")
        .replace("style-src 'self'", "style-src 'self' 'sha256-a='");
    for path in ["/", "/nothing-here"] {
        let answer = server.get(path).await;
        assert_eq!(answer.header("content-security-policy"), format!("{allowed}'none'"), "{path}");
        assert!(answer.text().contains("<style>a{}</style>") && !answer.text().contains("cabildo:inline"));
    }
    let widget = server.get("/embed/x").await;
    assert_eq!(widget.header("content-security-policy"), format!("{PAGE}*"));
}

async fn transport(server: &mut Server, url: Option<&str>) -> String {
    let public_url = url.map(|url| url.parse().unwrap());
    server.site = site(Arc::clone(&server.app), SiteOptions { public_url, ..SiteOptions::default() });
    server
        .send("GET", "/healthz", &[("x-forwarded-proto", "https")], None)
        .await
        .header("strict-transport-security")
        .to_owned()
}

#[tokio::test]
async fn tls_is_promised_only_where_the_operator_said_that_there_is_tls() {
    let (mut server, _directory) = start().await;
    assert_eq!(transport(&mut server, Some("https://cabildo.example")).await, "max-age=31536000");
    assert_eq!(transport(&mut server, Some("http://cabildo.example")).await, "");
    assert_eq!(transport(&mut server, None).await, "");
}

#[tokio::test]
async fn the_address_of_a_page_is_not_taken_from_headers_that_anybody_can_send() {
    let (mut server, _directory) = start().await;
    let assets = built();
    with_assets(&mut server, &assets);
    let headers = [
        ("host", "evil.example"),
        ("x-forwarded-host", "evil.example"),
        ("x-forwarded-proto", "https"),
        ("forwarded", "host=evil.example;proto=https"),
        ("x-original-url", "/evil.example"),
    ];
    let page = server.send("GET", "/", &headers, None).await.text();
    assert!(page.contains("https://cabildo.example/") && !page.contains("evil.example"));
}
