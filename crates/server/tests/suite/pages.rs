//! Pages, assets and their headers.

use crate::harness::{PROCESS, REHEARSAL, Server, rehearsal, start};
use cabildo_server::assets::Assets;
use cabildo_server::page::{SiteOptions, site};
use std::sync::Arc;
use tempfile::TempDir;

const SHELL: &str = "<!doctype html><html lang=\"es-CO\" dir=\"ltr\"><head><!--cabildo:head--><title>Cabildo</title>\
    <!--/cabildo:head--></head><body><div id=\"app\"><!--cabildo:body--><!--/cabildo:body--></div></body></html>";

/// A built front-end as the server finds it.
pub fn built() -> TempDir {
    let directory = TempDir::new().unwrap();
    let write = |name: &str, text: &str| {
        let path = directory.path().join(name);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, text).unwrap();
    };
    write("index.html", SHELL);
    write("embed/index.html", &SHELL.replace("</head>", "<!--cabildo:color--><!--/cabildo:color--></head>"));
    write("embed/vote.html", &SHELL.replace("</head>", "<!--cabildo:color--><!--/cabildo:color--></head>"));
    write("screen/index.html", &SHELL.replace("<body>", "<body data-shell=\"screen\">"));
    write("screen/setup.html", &SHELL.replace("<body>", "<body data-shell=\"setup\">"));
    write("screen/worker.js", "the worker");
    write("favicon.svg", "<svg xmlns=\"http://www.w3.org/2000/svg\"/>");
    write("assets/app-0123.js", "plain");
    write("assets/app-0123.js.br", "as brotli");
    write("secret.html", "not a page");
    directory
}

pub fn with_assets(server: &mut Server, assets: &TempDir) {
    let options = SiteOptions {
        assets: Some(Assets::new(assets.path())),
        public_url: Some("https://cabildo.example/".parse().unwrap()),
        ..SiteOptions::default()
    };
    server.site = site(Arc::clone(&server.app), options);
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
    let dashboard = server.get(&format!("/processes/{PROCESS}/dashboard?lang=en")).await.text();
    let picture = format!("https://cabildo.example/api/v1/processes/{PROCESS}/pictures/days.png?lang=en");
    assert!(dashboard.contains(&format!("<meta property=\"og:image\" content=\"{picture}\">")));
    assert!(dashboard.contains("summary_large_image") && !text.contains("summary_large_image"));
    assert!(text.contains("/icon-512.png\"><meta property=\"og:image:width\" content=\"512\">"));
    let list = server.get(&format!("/processes/{PROCESS}/proposals?q=licitaciones")).await.text();
    assert!(
        list.contains("Banco de Licitaciones") && !list.contains("Corte Constitucional"),
        "the address decides what is listed"
    );
    let proposal = server.get(&format!("/proposals/{}", server.proposal())).await.text();
    assert!(proposal.contains("Datos abiertos contra la corrupción"));
}

#[tokio::test]
async fn every_page_of_a_process_that_is_an_exercise_says_so() {
    let (mut server, _directory) = rehearsal().await;
    let assets = built();
    with_assets(&mut server, &assets);
    let notice = "Esto es un ejercicio.";
    let entry = Arc::clone(server.app.catalogue.process(REHEARSAL).unwrap());
    let screens = ["", "/proposals", "/dashboard", "/encounters", "/committee", "/timeline"];
    let mut pages: Vec<String> =
        screens.iter().map(|screen| format!("/processes/{REHEARSAL}{screen}")).collect();
    pages.extend(entry.proposals.iter().map(|proposal| format!("/proposals/{}", proposal.head.id)));
    pages.extend(entry.consultations.iter().map(|each| format!("/consultations/{}", each.head.slug)));
    for page in pages {
        assert!(server.get(&page).await.text().contains(notice), "{page} does not say what it is");
    }
    assert!(server.get("/").await.text().contains("Ejercicio"), "nor does the start page");
    for screen in ["", "/proposals", "/encounters", "/committee", "/timeline"] {
        let page = server.get(&format!("/processes/{PROCESS}{screen}")).await;
        assert!(!page.text().contains(notice), "{screen} is on record");
    }
}

#[tokio::test]
async fn a_proposal_shows_what_became_of_it_and_where_it_came_from() {
    let (mut server, _directory) = rehearsal().await;
    let assets = built();
    with_assets(&mut server, &assets);
    let number = |number: usize| {
        let entry = server.app.catalogue.process(REHEARSAL).unwrap();
        format!("/proposals/{}", entry.proposals[number - 1].head.id)
    };
    let lamps = server.get(&number(1)).await.text();
    for words in
        ["Compromiso 1", "De dónde viene", "21 votos en la sala", "Qué cambió en el texto", "otro sitio"]
    {
        assert!(lamps.contains(words), "{words}");
    }
    assert!(
        lamps.contains(
            "href=\"https://example.org/ensayo/acta-de-compra\" rel=\"external noopener noreferrer\""
        )
    );
    let books = server.get(&number(4)).await.text();
    assert!(books.contains("no consta ningún seguimiento") && books.contains("El texto no cambió"));
    let pool = server.get(&number(5)).await.text();
    assert!(!pool.contains("Compromiso ") && !pool.contains("De dónde viene"));
    let plan = server.get(&format!("/processes/{REHEARSAL}")).await.text();
    assert!(
        plan.contains("cumplidas: 1 de 3 con seguimiento registrado") && plan.contains("href=\"#follow-up\"")
    );
    assert!(plan.contains("?status=selected") && !plan.contains("?level="), "one level is all of them");
    let plan = server.get(&format!("/processes/{PROCESS}")).await.text();
    assert!(plan.contains("?level=subnational"));
    assert!(plan.contains("cumplimiento sin registro") && !plan.contains("id=\"follow-up\""));
    let encounters = server.get(&format!("/processes/{REHEARSAL}/encounters")).await.text();
    assert!(encounters.contains(&format!("href=\"{}\"", number(2))), "an action leads to its proposal");
    assert!(
        encounters.contains("href=\"#workshop-ambiente\"")
            && encounters.contains("href=\"#conversation-huertas\"")
    );
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
    assert_eq!(embed.status, 404);
    assert!(embed.header("content-security-policy").ends_with("frame-ancestors *"));
    assert_eq!(embed.header("cross-origin-opener-policy"), "");
}

#[tokio::test]
async fn a_wall_is_readable_with_the_first_response_and_told_by_its_address() {
    let (mut server, _directory) = start().await;
    let assets = built();
    with_assets(&mut server, &assets);
    let wall = server.get(&format!("/screen/{PROCESS}")).await;
    assert_eq!(
        (wall.status.as_u16(), wall.header("cache-control"), wall.header("set-cookie")),
        (200, "no-cache", "")
    );
    let text = wall.text();
    assert!(text.contains("data-shell=\"screen\"") && text.contains("IV Plan de Acción Nacional"), "{text}");
    assert!(text.contains("data-theme=\"dark\"") && !text.contains("data-motion"));
    assert!(text.contains(&format!("data-way=\"cabildo.example/p/{PROCESS}\"")), "the way as people type it");
    assert!(text.contains("cabildo-seed") && !text.contains("\"channels\""), "only what it shows travels");
    let told = "/funnel?lang=en&theme=light&contrast=more&motion=off&dist=10";
    let told = server.get(&format!("/screen/{PROCESS}{told}")).await.text();
    for words in [
        "lang=\"en\"",
        "data-theme=\"light\"",
        "data-contrast=\"more\"",
        "data-motion=\"off\"",
        "data-size=\"52\"",
    ] {
        assert!(told.contains(words), "{words}");
    }
    assert!(told.contains("From proposals to commitments") && told.contains("proposals received"));
    for path in
        ["/screen/nothing", &format!("/screen/{PROCESS}/nothing"), "/screen/", "/screen/nothing/setup"]
    {
        assert_eq!(server.get(path).await.status, 404, "{path}");
    }
}

#[tokio::test]
async fn a_wall_says_when_what_it_shows_is_an_exercise() {
    let (mut server, _directory) = rehearsal().await;
    let assets = built();
    with_assets(&mut server, &assets);
    for view in ["welcome", "live", "funnel", "milestones"] {
        let text = server.get(&format!("/screen/{REHEARSAL}/{view}")).await.text();
        assert!(text.contains("data-labels=\"exercise\"") && text.contains("Esto es un ejercicio"), "{view}");
    }
    with_assets(&mut server, &assets);
    let plan = server.get(&format!("/screen/{PROCESS}/live")).await.text();
    assert!(plan.contains("data-labels=\"\""));
}

#[tokio::test]
async fn a_screen_is_set_up_without_scripts_in_the_time_of_its_process() {
    let (mut server, _directory) = start().await;
    let assets = built();
    with_assets(&mut server, &assets);
    let page = server.get(&format!("/screen/{PROCESS}/setup")).await.text();
    assert!(page.contains("data-shell=\"setup\"") && page.contains("Pantalla pública"));
    assert!(page.contains(&format!("https://cabildo.example/screen/{PROCESS}<")));
    let asked = "?views=live&views=top&rotate=30&dist=8&size=75&lang=en&lang=es&theme=light&motion=off&reveal=2026-11-26T18:00";
    let page = server.get(&format!("/screen/{PROCESS}/setup{asked}")).await.text();
    let address = format!(
        "https://cabildo.example/screen/{PROCESS}?views=live,top&amp;rotate=30s&amp;lang=es,en&amp;dist=8&amp;size=75\
         &amp;theme=light&amp;motion=off&amp;reveal=2026-11-26T23:00:00Z"
    );
    // Boxes come in the order of the form.
    let address = address.replace("lang=es,en", "lang=en,es");
    assert!(page.contains(&address), "{page}");
    assert!(page.contains("value=\"2026-11-26T18:00\""), "as it was asked for");
    assert!(!page.contains("data-motion"), "the page itself is as its reader likes it");
    let far = server.get(&format!("/screen/{PROCESS}/setup?dist=20")).await.text();
    assert!(far.contains("use una pantalla mayor"));
}

#[tokio::test]
async fn the_way_from_a_wall_to_its_process_is_short_and_in_any_letters() {
    let (mut server, _directory) = start().await;
    let assets = built();
    with_assets(&mut server, &assets);
    for path in [format!("/p/{PROCESS}"), format!("/P/{}", PROCESS.to_uppercase()), format!("/p/{PROCESS}/")]
    {
        let answer = server.get(&path).await;
        assert_eq!(
            (answer.status.as_u16(), answer.header("location")),
            (307, format!("/processes/{PROCESS}").as_str()),
            "{path}"
        );
    }
    assert_eq!(server.get("/p/nothing").await.status, 404);
    assert_eq!(server.get("/p/").await.status, 404);
    let code = server.get(&format!("/screen/{PROCESS}/code.svg")).await;
    assert_eq!((code.status.as_u16(), code.header("content-type")), (200, "image/svg+xml"));
    assert_eq!(server.get("/screen/nothing/code.svg").await.status, 404);
    let worker = server.get("/screen/worker.js").await;
    assert_eq!((worker.text().as_str(), worker.header("cache-control")), ("the worker", "no-cache"));
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

#[tokio::test]
async fn the_entrance_speaks_the_browsers_language_and_every_other_page_the_one_of_its_address() {
    let (mut server, _directory) = start().await;
    let assets = built();
    with_assets(&mut server, &assets);
    let from_brazil = [("accept-language", "pt-BR,pt;q=0.9,en;q=0.8")];
    let entrance = server.send("GET", "/", &from_brazil, None).await;
    assert_eq!((entrance.status.as_u16(), entrance.header("location")), (302, "/?lang=pt"));
    assert!(entrance.header("vary").contains("accept-language"), "{:?}", entrance.headers);
    let there = server.send("GET", "/?lang=pt", &from_brazil, None).await;
    assert!(there.text().contains("<html lang=\"pt-BR\"") && there.text().contains("Como funciona"));
    let chosen = [from_brazil[0], ("sec-fetch-site", "same-origin")];
    let spanish = server.send("GET", "/", &chosen, None).await;
    assert!(spanish.status.is_success() && spanish.text().contains("<html lang=\"es-CO\""));
    assert!(spanish.header("vary").contains("accept-language"), "{:?}", spanish.headers);
    let shared = server.send("GET", &format!("/processes/{PROCESS}"), &from_brazil, None).await;
    assert!(shared.status.is_success() && shared.text().contains("<html lang=\"es-CO\""));
}

#[tokio::test]
async fn what_is_no_page_is_spanish_where_a_catalogue_is_partial() {
    let (mut server, _directory) = start().await;
    let assets = built();
    with_assets(&mut server, &assets);
    let mark = |text: &str| text.contains(['\u{E0001}', '\u{E007F}']);
    let page = server.get(&format!("/processes/{PROCESS}/encounters?lang=guc")).await.text();
    assert!(
        page.contains("<html lang=\"es-CO\"") && page.contains("lang=\"guc\"") && page.contains(">Jieyuu<"),
        "{page}"
    );
    assert!(!mark(&page), "a mark is left in the page");
    let picture = format!("/api/v1/processes/{PROCESS}/pictures/days.svg?lang=");
    let own = server.get(&format!("{picture}guc")).await.text();
    assert!(!mark(&own));
    assert_eq!(own, server.get(&format!("{picture}es")).await.text());
    let frame = server.get(&format!("/embed/dashboard/{PROCESS}?lang=guc")).await.text();
    assert!(!mark(&frame), "a mark is left in the widget");
    let wall = server.get(&format!("/screen/{PROCESS}?lang=guc")).await.text();
    assert!(!mark(&wall), "a mark is left on the wall");
    let setup = server.get(&format!("/screen/{PROCESS}/setup?lang=guc")).await.text();
    assert!(!mark(&setup) && setup.contains("Português"), "{setup}");
}
