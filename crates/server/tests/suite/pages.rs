//! Pages, assets and their headers.

use crate::harness::{PROCESS, Server, start};
use cabildo_server::assets::Assets;
use cabildo_server::page::site;
use std::sync::Arc;
use tempfile::TempDir;

const SHELL: &str = "<!doctype html><html lang=\"es-CO\" dir=\"ltr\"><head><!--cabildo:head--><title>Cabildo</title>\
    <!--/cabildo:head--></head><body><div id=\"app\"><!--cabildo:body--><!--/cabildo:body--></div></body></html>";

/// A built front-end as the server finds it.
fn built() -> TempDir {
    let directory = TempDir::new().unwrap();
    let write = |name: &str, text: &str| {
        let path = directory.path().join(name);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, text).unwrap();
    };
    write("index.html", SHELL);
    write("embed/index.html", "<!doctype html><title>embed</title>");
    write("screen/index.html", "<!doctype html><title>screen</title>");
    write("favicon.svg", "<svg xmlns=\"http://www.w3.org/2000/svg\"/>");
    write("assets/app-0123.js", "plain");
    write("assets/app-0123.js.br", "as brotli");
    write("secret.html", "not a page");
    directory
}

fn with_assets(server: &mut Server, assets: &TempDir) {
    let assets = Assets::new(assets.path());
    server.site = site(Arc::clone(&server.app), Some(assets), Some("https://cabildo.example/".into()));
}

#[tokio::test]
async fn a_page_is_readable_with_the_first_response() {
    let (mut server, _directory) = start().await;
    let assets = built();
    with_assets(&mut server, &assets);
    let page = server.get(&format!("/processes/{PROCESS}")).await;
    assert_eq!(page.status, 200);
    let text = page.text();
    assert!(text.contains("IV Plan de Acción Nacional de Estado Abierto de Colombia"));
    assert!(text.contains("og:title"), "a preview for messages");
    assert!(text.contains("https://cabildo.example/processes/"), "with absolute addresses");
    assert!(!text.contains("<!--cabildo:"), "the markers are gone");
    let list = server.get(&format!("/processes/{PROCESS}/proposals?q=licitaciones")).await.text();
    assert!(
        list.contains("Banco de Licitaciones") && !list.contains("Corte Constitucional"),
        "the address decides what is listed"
    );
    let proposal = server.get(&format!("/proposals/{}", server.proposal())).await.text();
    assert!(proposal.contains("Datos abiertos contra la corrupción"));
}

#[tokio::test]
async fn a_page_that_is_not_there_says_so() {
    let (mut server, _directory) = start().await;
    let assets = built();
    with_assets(&mut server, &assets);
    for path in ["/nothing", "/processes/nothing", "/secret.html", "/../etc/passwd", "/%2e%2e/secret.html"] {
        let page = server.get(path).await;
        assert_eq!(page.status, 404, "{path}");
        assert!(!page.text().contains("not a page"));
    }
    assert_eq!(server.send("POST", "/", &[], Some("{}")).await.status, 405);
}

#[tokio::test]
async fn a_page_is_guarded_and_never_served_stale() {
    let (mut server, _directory) = start().await;
    let assets = built();
    with_assets(&mut server, &assets);
    let page = server.get("/").await;
    let policy = page.header("content-security-policy");
    assert!(
        policy.starts_with("default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self';")
    );
    assert!(policy.ends_with("frame-ancestors 'none'") && !policy.contains("unsafe-inline"), "{policy}");
    assert_eq!(page.header("cache-control"), "no-cache");
    assert_eq!(page.header("x-content-type-options"), "nosniff");
    assert_eq!(page.header("referrer-policy"), "strict-origin-when-cross-origin");
    assert_eq!(page.header("cross-origin-opener-policy"), "same-origin");
    assert!(!page.header("permissions-policy").is_empty());
    assert!(!page.header("x-request-id").is_empty());
    let embed = server.get("/embed/consultations/x").await;
    assert!(embed.text().contains("embed"));
    assert!(embed.header("content-security-policy").ends_with("frame-ancestors *"));
    assert_eq!(embed.header("cross-origin-opener-policy"), "");
    assert!(server.get("/screen/x").await.text().contains("screen"));
}

#[tokio::test]
async fn hashed_files_are_kept_for_ever_and_sent_compressed() {
    let (mut server, _directory) = start().await;
    let assets = built();
    with_assets(&mut server, &assets);
    let plain = server.get("/assets/app-0123.js").await;
    assert_eq!(
        (plain.text().as_str(), plain.header("cache-control")),
        ("plain", "public, max-age=31536000, immutable")
    );
    let small = server.send("GET", "/assets/app-0123.js", &[("accept-encoding", "br, gzip")], None).await;
    assert_eq!((small.text().as_str(), small.header("content-encoding")), ("as brotli", "br"));
    assert_eq!(small.header("content-type"), "text/javascript");
    let missing = server.get("/assets/app-9999.js").await;
    assert_eq!(missing.status, 404);
    assert!(!missing.header("cache-control").contains("immutable"));
    assert_eq!(server.get("/favicon.svg").await.header("content-type"), "image/svg+xml");
}

#[tokio::test]
async fn a_page_is_sent_compressed() {
    let (mut server, _directory) = start().await;
    let assets = built();
    with_assets(&mut server, &assets);
    for encoding in ["br", "gzip"] {
        let page = server.send("GET", "/", &[("accept-encoding", encoding)], None).await;
        assert_eq!(page.header("content-encoding"), encoding);
    }
}

#[tokio::test]
async fn without_assets_a_page_says_what_is_missing() {
    let (server, _directory) = start().await;
    let page = server.get("/").await;
    assert_eq!(page.status, 404);
    assert!(page.text().contains("--assets"), "{}", page.text());
}
