//! Widgets: what a frame shows, to whom, and what a page is told that somebody pasted an address into.

use crate::harness::{CONSULTATION, PROCESS, Server, slug, start};
use crate::pages::{built, with_assets};
use cabildo_contract::embed::{
    ACT_DIGITS, ACT_SECONDS, Act, AnnounceAct, EMBED_INTEGRITY, GetAct, Oembed, Widget,
};
use cabildo_contract::page::query_string;
use cabildo_contract::problem::ProblemKind;
use cabildo_contract::statistics::Picture;
use sha2::Digest;
use tempfile::TempDir;

const SITE: &str = "https://cabildo.example";

async fn served() -> (Server, [TempDir; 2]) {
    let (mut server, directory) = start().await;
    let assets = built();
    with_assets(&mut server, &assets);
    (server, [directory, assets])
}

fn every_widget(server: &Server) -> Vec<Widget> {
    vec![
        Widget::Consultation(slug(CONSULTATION)),
        Widget::Proposal(server.proposal()),
        Widget::Results(slug(CONSULTATION)),
        Widget::Counter(slug(CONSULTATION)),
        Widget::Dashboard(slug(PROCESS)),
        Widget::Chart(slug(PROCESS), Picture::Days),
        Widget::Chart(slug(PROCESS), Picture::Results(slug(CONSULTATION))),
    ]
}

#[tokio::test]
async fn every_widget_informs_with_the_first_response_anywhere_and_keeps_nothing() {
    let (server, _directories) = served().await;
    let cookie = server.somebody(false).await;
    server.cast(&cookie, &[0, 1]).await;
    server.comment(&cookie, "Una palabra de la plaza").await;
    for widget in every_widget(&server) {
        let path = widget.path();
        let answer = server.get(&path).await;
        assert_eq!(answer.status, 200, "{path}: {}", answer.text());
        assert!(answer.header("content-security-policy").ends_with("frame-ancestors *"), "{path}");
        assert_eq!(answer.header("set-cookie"), "", "{path}");
        assert_eq!(answer.header("access-control-allow-origin"), "*", "{path}");
        let text = answer.text();
        assert!(text.contains("id=\"title\"") && text.contains("Datos de"), "{path}: {text}");
        assert!(text.contains("https://cabildo.example/"), "{path}: where it is whole");
        assert!(text.contains("data-path=\"/api/v1/"), "{path}: what it follows");
        assert!(!text.contains("<!--cabildo:"), "{path}");
        let english = server.get(&format!("{path}?lang=en")).await.text();
        assert!(english.contains("lang=\"en\"") && english.contains("Data of"), "{path}");
    }
    let proposal = server.get(&Widget::Proposal(server.proposal()).path()).await.text();
    assert!(proposal.contains("Una palabra de la plaza"));
    let counter = server.get(&Widget::Counter(slug(CONSULTATION)).path()).await.text();
    assert!(counter.contains("<p class=\"c-widget__number\">1</p>"), "{counter}");
}

#[tokio::test]
async fn where_there_is_nothing_to_show_a_frame_says_so() {
    let (server, _directories) = served().await;
    for path in [
        "/embed",
        "/embed/x",
        "/embed/consultation/no-hay",
        "/embed/proposal/no-hay",
        "/embed/results/no-hay",
        "/embed/counter/no-hay",
        "/embed/dashboard/no-hay",
        "/embed/chart/no-hay/days",
        "/embed/chart/iv-plan-estado-abierto/results-no-hay",
    ] {
        let answer = server.get(path).await;
        assert_eq!(answer.status, 404, "{path}");
        assert!(answer.text().contains("Esto ya no está en Cabildo"), "{path}: {}", answer.text());
    }
}

#[tokio::test]
async fn a_widget_is_light_unless_it_is_asked_and_its_colour_can_always_be_read() {
    let (server, _directories) = served().await;
    let path = Widget::Counter(slug(CONSULTATION)).path();
    let text = async |query: &str| server.get(&format!("{path}{query}")).await.text();
    assert!(text("").await.contains("data-theme=\"light\""));
    assert!(text("?theme=dark").await.contains("data-theme=\"dark\""));
    assert!(!text("?theme=auto").await.contains("data-theme"));
    let coloured = text("?color=%23ffee00").await;
    assert!(coloured.contains("<link rel=\"stylesheet\" href=\"/embed/color/ffee00.css\">"), "{coloured}");
    assert!(!text("?color=red;}").await.contains("/embed/color/"));

    let css = server.get("/embed/color/ffee00.css").await;
    assert_eq!(css.status, 200);
    assert_eq!(css.header("content-type"), "text/css; charset=utf-8");
    assert_eq!(css.header("cross-origin-resource-policy"), "cross-origin");
    // Yellow is not read on white: it is darker there, and itself on a dark ground.
    assert!(!css.text().starts_with(":root{--cb-accent:#ffee00"), "{}", css.text());
    assert!(css.text().contains(":root[data-theme=dark]{--cb-accent:#ffee00"), "{}", css.text());
    assert_eq!(server.get("/embed/color/red.css").await.status, 404);
}

async fn oembed(server: &Server, query: &[(&str, &str)]) -> crate::harness::Answer {
    server.get(&format!("/oembed{}", query_string(query))).await
}

#[tokio::test]
async fn a_pasted_address_becomes_a_frame() {
    let (server, _directories) = served().await;
    let page = format!("{SITE}/consultations/{CONSULTATION}");
    let answer = oembed(&server, &[("url", &page), ("format", "json"), ("maxwidth", "500")]).await;
    assert_eq!(answer.header("content-type"), "application/json");
    let found: Oembed = answer.json();
    assert_eq!((found.kind.as_str(), found.version.as_str(), found.width), ("rich", "1.0", 500));
    let frame = format!("<iframe src=\"{SITE}/embed/consultation/{CONSULTATION}\" title=\"");
    assert!(found.html.starts_with(&frame), "{}", found.html);
    assert!(found.html.contains("loading=\"lazy\""));
    let low: Oembed = oembed(&server, &[("url", &page), ("maxheight", "200")]).await.json();
    assert_eq!(low.height, 200);
    let english: Oembed = oembed(&server, &[("url", &format!("{page}?lang=en"))]).await.json();
    assert!(english.html.contains("?lang=en\""), "{}", english.html);

    for (url, status) in [
        ("https://elsewhere.example/consultations/x".to_owned(), 404),
        (format!("{SITE}.evil.example/consultations/{CONSULTATION}"), 404),
        (format!("{SITE}/consultations/no-hay"), 404),
        (format!("{SITE}/account"), 404),
    ] {
        assert_eq!(oembed(&server, &[("url", &url)]).await.status, status, "{url}");
    }
    assert_eq!(server.get("/oembed").await.status, 404);
    assert_eq!(oembed(&server, &[("url", &page), ("format", "xml")]).await.status, 501);
}

#[tokio::test]
async fn pages_say_where_their_frame_is_found() {
    let (server, _directories) = served().await;
    for path in [
        format!("/processes/{PROCESS}"),
        format!("/processes/{PROCESS}/dashboard"),
        format!("/proposals/{}", server.proposal()),
        format!("/consultations/{CONSULTATION}"),
    ] {
        let text = server.get(&path).await.text();
        let (_, link) = text.split_once("type=\"application/json+oembed\" href=\"").unwrap();
        let link = link.split('"').next().unwrap().replace("&amp;", "&");
        let answer = server.get(link.strip_prefix(SITE).unwrap()).await;
        answer.json::<Oembed>();
    }
    assert!(!server.get("/").await.text().contains("json+oembed"));
}

#[tokio::test]
async fn a_widget_learns_that_somebody_acted_and_nothing_else() {
    let (server, _directories) = served().await;
    let act = "0123456789abcdef".repeat(ACT_DIGITS / 16);
    let get = GetAct { act: act.clone() };
    let announce = AnnounceAct { act: act.clone() };
    let received = async || server.call(&get, None).await.json::<Act>().received;
    assert!(!received().await);
    assert_eq!(server.call(&announce, None).await.refused(), ProblemKind::SessionRequired);
    assert!(!received().await);
    let cookie = server.somebody(false).await;
    assert!(server.call(&announce, Some(&cookie)).await.json::<Act>().received);
    assert!(received().await);
    let other = GetAct { act: "f".repeat(ACT_DIGITS) };
    assert!(!server.call(&other, None).await.json::<Act>().received);
    server.clock.advance(ACT_SECONDS);
    assert!(!received().await);
    for nonsense in ["x", "0123", &"G".repeat(ACT_DIGITS)] {
        let refused = server.call(&GetAct { act: nonsense.to_owned() }, None).await.refused();
        assert_eq!(refused, ProblemKind::NotFound, "{nonsense}");
    }
}

#[tokio::test]
async fn only_a_page_that_a_widget_opened_stays_connected_with_it() {
    let (server, _directories) = served().await;
    let page = format!("/consultations/{CONSULTATION}");
    let policy = async |query: &str| {
        let answer = server.get(&format!("{page}{query}")).await;
        answer.header("cross-origin-opener-policy").to_owned()
    };
    assert_eq!(policy(&format!("?widget={}", "0".repeat(ACT_DIGITS))).await, "");
    assert_eq!(policy("").await, "same-origin");
    assert_eq!(policy("?widget=1").await, "same-origin");
}

/// Pages of others hold the hash of the script: what was published is never changed. A change is another version.
#[test]
fn the_script_for_other_pages_is_the_one_that_its_documentation_pins_and_weighs_little() {
    let root = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let script = std::fs::read(root.join("src/surface/embed/embed-1.js")).unwrap();
    let hash = data_encoding::BASE64.encode(&sha2::Sha384::digest(&script));
    let documentation = std::fs::read_to_string(root.join("docs/embedding.md")).unwrap();
    assert!(documentation.contains(&format!("embed-1.js\" integrity=\"sha384-{hash}\"")), "{hash}");
    assert_eq!(EMBED_INTEGRITY, format!("sha384-{hash}"));
    assert!(script.len() < 4_000, "{}", script.len());
}
