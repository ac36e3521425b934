//! Whatever texts say, no page, picture or file that shows them runs any of it: every string of a process file, every
//! text that people write, and every address.

use crate::calls::CALL;
use crate::harness::{Answer, PROCESS_FILE, REHEARSAL, REHEARSAL_FILE, Server, open, slug};
use crate::importing::import;
use crate::pages::{built, with_assets};
use axum::body::Body;
use axum::http::Request;
use cabildo_contract::answer::{AnswerComment, Effect, NewAnswer};
use cabildo_contract::call::{NewSubmission, Submission, Submit};
use cabildo_contract::comment::{
    Comment, NewComment, NewReport, NewText, PostComment, PostReply, ReportComment, ReportReason, Stance,
};
use cabildo_contract::statistics::{EXPORT_PATTERN, PICTURE_PATTERN, Picture, Table};
use cabildo_server::clock::Clock;
use cabildo_server::desk::Role;
use cabildo_server::storage::sqlite::Options;
use cabildo_server::translation::to_translate;
use scraper::{ElementRef, Html, Node};
use serde_json::Value;
use std::collections::BTreeSet;
use tempfile::TempDir;

/// The file that has a consultation of every rule.
const BALLOTS_FILE: &str = include_str!("../../data/processes/ensayo-votaciones.json");

/// Ends an attribute, an element, a comment, a script, a part of the shell; and is a word to look for.
const MARKUP: &str = "\"'><img src=x onerror=alert(1)><script>alert(2)</script></title></textarea><svg onload=alert(3)>\
    <a href=\"javascript:alert(4)\">x</a><!--cabildo:body--><!--/cabildo:part-->--></script><base href=//evil.example>{{5}}";
/// Would run where a text becomes an address.
const ADDRESS: &str = "javascript:alert(6)//";
/// Would begin another line of a header or a calendar.
const LINES: &str = "\r\nX-Evil: 7\r\nEND:VEVENT\r\nBEGIN:VALARM\u{2028}\u{0}";

/// What a file says with words of a fixed list, codes and references to them, instead of with texts.
const FIXED: [&str; 16] = [
    "slug",
    "from",
    "to",
    "date",
    "kind",
    "status",
    "level",
    "influence",
    "opens",
    "closes",
    "assurance",
    "results",
    "workshop",
    "consultation",
    "url",
    "territory",
];

fn spoil(value: &mut Value, name: &str, with: &dyn Fn(&str) -> String) {
    match value {
        // An address is made of it, which has its length.
        Value::String(text) if name == "themes" => *text = with(text).chars().take(60).collect(),
        Value::String(text) if !FIXED.contains(&name) => *text = with(text),
        Value::Array(items) => items.iter_mut().for_each(|item| spoil(item, name, with)),
        Value::Object(fields) => fields.iter_mut().for_each(|(name, field)| spoil(field, name, with)),
        _ => {}
    }
}

/// A file all of whose texts are attacks. The same text is spoiled in the same way, so that references hold.
fn spoiled(file: &str, with: &dyn Fn(&str) -> String) -> String {
    let mut file: Value = serde_json::from_str(file).unwrap();
    file.as_object_mut().unwrap().remove("translations");
    spoil(&mut file, "", with);
    let mut words = to_translate(&file.to_string()).unwrap();
    for word in words.as_object_mut().unwrap().values_mut() {
        *word = with("Translated").into();
    }
    file["translations"] = serde_json::json!({ "en": words });
    file.to_string()
}

/// A server whose processes were all spoiled, with a front-end.
async fn spoiled_server(with: &dyn Fn(&str) -> String) -> (Server, TempDir, TempDir) {
    let directory = TempDir::new().unwrap();
    for file in [PROCESS_FILE, REHEARSAL_FILE, BALLOTS_FILE] {
        import(directory.path(), &spoiled(file, with)).await.unwrap();
    }
    let mut server = open(directory.path(), Options::default()).await;
    let assets = built();
    with_assets(&mut server, &assets);
    (server, directory, assets)
}

/// Every page that shows something of a process, and those without one.
fn pages(server: &Server) -> Vec<String> {
    let mut pages = vec!["/".to_owned(), "/nothing-here".to_owned()];
    for entry in server.app.catalogue.processes() {
        let process = format!("/processes/{}", entry.process.name.slug);
        for screen in [
            "",
            "/proposals",
            "/dashboard",
            "/encounters",
            "/committee",
            "/timeline",
            "/answers",
            "/answers?show=answered",
        ] {
            pages.push(format!("{process}{screen}"));
        }
        pages.extend(entry.proposals.iter().map(|proposal| format!("/proposals/{}", proposal.head.id)));
        for consultation in &entry.consultations {
            pages.push(format!("/consultations/{}", consultation.head.slug));
            pages.extend(consultation.options.iter().map(|option| format!("/options/{}", option.id)));
        }
        pages.extend(entry.calls.iter().map(|call| format!("/calls/{}", call.head.slug)));
    }
    let english: Vec<String> =
        pages.iter().filter(|page| !page.contains('?')).map(|page| format!("{page}?lang=en")).collect();
    pages.extend(english);
    pages
}

/// Every table, picture and calendar of every process.
fn files(server: &Server) -> Vec<String> {
    let mut files = Vec::new();
    for entry in server.app.catalogue.processes() {
        let slug = entry.process.name.slug.to_string();
        let file = |pattern: &str, name: String| pattern.replace("{process}", &slug).replace("{file}", &name);
        for table in Table::ALL {
            for format in ["csv", "ndjson"] {
                files.push(file(EXPORT_PATTERN, format!("{}.{format}", table.as_str())));
            }
        }
        let held = entry.consultations.iter().map(|each| Picture::Results(each.head.slug.clone()));
        for picture in Picture::ALL.into_iter().chain(held) {
            files.push(file(PICTURE_PATTERN, format!("{}.svg", picture.name())));
        }
        files.push(format!("/api/v1/processes/{slug}/calendar.ics"));
        files.extend(
            entry.consultations.iter().map(|each| format!("/api/v1/consultations/{}.pb", each.head.slug)),
        );
    }
    files
}

/// What of a document a browser would run or follow that Cabildo did not mean: nothing.
fn live(document: &str) -> Vec<String> {
    let parsed = Html::parse_document(document);
    let elements = parsed.tree.nodes().filter_map(ElementRef::wrap);
    elements.flat_map(|element| live_in(&element)).collect()
}

fn is_seed(words: &str) -> bool {
    serde_json::from_str::<Value>(words).is_ok() && !words.contains('<')
}

fn live_in(element: &ElementRef) -> Vec<String> {
    let mut found = Vec::new();
    let name = element.value().name();
    let words: String = element.text().collect();
    match name {
        // Answers for the app to start from: JSON, which no browser runs, and which cannot end its element.
        "script" if element.attr("type") == Some("application/json") && is_seed(&words) => {}
        "script" | "iframe" | "object" | "embed" | "base" | "applet" | "frame" | "foreignobject"
        | "animate" | "set" => {
            found.push(format!("<{name}> {words}"));
        }
        "img" if element.attr("src") == Some("x") => found.push("an image of theirs".to_owned()),
        "meta" if element.attr("http-equiv").is_some() => found.push("http-equiv".to_owned()),
        _ => {}
    }
    for (attribute, value) in element.value().attrs() {
        let plain: String = value.chars().filter(|c| !c.is_control() && !c.is_whitespace()).collect();
        let address =
            matches!(attribute, "href" | "src" | "action" | "formaction" | "data" | "poster" | "srcset");
        let followed = ["/", "#", "?", "https://", "http://", "mailto:"];
        let elsewhere = plain.starts_with("//") || !followed.iter().any(|start| plain.starts_with(start));
        if attribute.starts_with("on") || attribute == "srcdoc" || (address && !plain.is_empty() && elsewhere)
        {
            found.push(format!("<{name} {attribute}=\"{value}\">"));
        }
    }
    found
}

/// Every text of a document, as one.
fn words(document: &str) -> String {
    let parsed = Html::parse_document(document);
    parsed
        .tree
        .nodes()
        .filter_map(|node| if let Node::Text(text) = node.value() { Some(&**text) } else { None })
        .collect()
}

#[test]
fn this_test_sees_an_attack_that_works() {
    for works in [
        "<script>alert(1)</script>",
        "<p onclick=alert(1)>",
        "<a href=' java\nscript:alert(1)'>",
        "<img src=x>",
        "<base href=//evil.example>",
        "<iframe srcdoc=x>",
        "<svg><script>alert(1)</script></svg>",
        "<form action='data:x'>",
        "<meta http-equiv=refresh content='0;url=//evil.example'>",
        "<svg onload=alert(1)>",
        "<a href=//evil.example>",
        "<script type=\"application/json\">{\"a\":\"</script><script>alert(1)</script>\"}</script>",
    ] {
        assert!(!live(works).is_empty(), "{works}");
    }
    assert!(live("<p title='&lt;script>'>&lt;script></p><a href=\"/a?q=javascript:\">x</a>").is_empty());
    let page = words(&format!("<p>{}</p>", MARKUP.replace('<', "&lt;")));
    assert!(page.contains("<script>alert(2)"));
}

#[tokio::test]
async fn what_a_process_file_says_with_fixed_words_can_say_nothing_else() {
    let mut free = Vec::new();
    for (file, text) in [(PROCESS_FILE, "plan"), (REHEARSAL_FILE, "barrio"), (BALLOTS_FILE, "votaciones")] {
        let mut met = BTreeSet::new();
        let original: Value = serde_json::from_str(file).unwrap();
        for pointer in fixed_fields(&original, String::new()) {
            let field = pointer.rsplit('/').find(|step| step.parse::<usize>().is_err()).unwrap().to_owned();
            if !met.insert(field.clone()) {
                continue;
            }
            for attack in [MARKUP, ADDRESS] {
                let mut spoiled = original.clone();
                let value = spoiled.pointer_mut(&pointer).unwrap();
                *value = format!("{attack}{}", value.as_str().unwrap()).into();
                let directory = TempDir::new().unwrap();
                let imported = import(directory.path(), &spoiled.to_string()).await;
                if imported.is_ok() {
                    free.push(format!("{text}: {pointer}"));
                }
            }
        }
        assert!(met.len() >= 8, "{met:?}");
    }
    assert!(free.is_empty(), "what is checked elsewhere only if it is spoiled there: {free:#?}");
}

/// Where in a file fixed words stand, as JSON Pointers.
fn fixed_fields(value: &Value, at: String) -> Vec<String> {
    let name = at.rsplit('/').find(|step| step.parse::<usize>().is_err()).unwrap_or_default();
    match value {
        Value::String(_) if FIXED.contains(&name) => vec![at],
        Value::Array(items) => items
            .iter()
            .enumerate()
            .flat_map(|(index, item)| fixed_fields(item, format!("{at}/{index}")))
            .collect(),
        Value::Object(fields) => {
            fields.iter().flat_map(|(name, field)| fixed_fields(field, format!("{at}/{name}"))).collect()
        }
        _ => Vec::new(),
    }
}

#[tokio::test]
async fn no_text_of_a_process_file_runs_on_any_page() {
    type Spoil = fn(&str) -> String;
    let spoilers: [(Spoil, &str); 2] = [
        (|text| format!("{text}{MARKUP}"), "<script>alert(2)</script>"),
        (|text| format!("{ADDRESS}{text}"), ADDRESS),
    ];
    for (spoil, shown) in spoilers {
        let (server, _directory, _assets) = spoiled_server(&spoil).await;
        let mut silent = Vec::new();
        for page in pages(&server) {
            let answer = server.get(&page).await;
            assert!(answer.status == 200 || page.contains("nothing-here"), "{page}: {}", answer.status);
            let text = answer.text();
            let found = live(&text);
            assert!(found.is_empty(), "{page}: {found:#?}");
            if !words(&text).contains(shown) {
                silent.push(page);
            }
        }
        silent.retain(|page| !page.contains("nothing-here"));
        assert!(silent.is_empty(), "what is never shown shows nothing: {silent:#?}");
        for file in files(&server) {
            let answer = server.get(&file).await;
            let kind = answer.header("content-type").to_owned();
            if kind == "image/svg+xml" {
                let found = live(&answer.text());
                assert!(found.is_empty(), "{file}: {found:#?}");
            } else {
                assert!(!kind.contains("html"), "{file}: {kind}");
            }
        }
    }
}

#[tokio::test]
async fn a_line_break_in_a_text_begins_no_line_of_a_header_or_of_a_calendar() {
    let (server, _directory, _assets) = spoiled_server(&|text| format!("{text}{LINES}")).await;
    let sound = crate::harness::both().await;
    let sound = open(sound.path(), Options::default()).await;
    for path in pages(&server).into_iter().chain(files(&server)) {
        let answer = server.get(&path).await;
        assert!(!answer.headers.contains_key("x-evil"), "{path}");
        if answer.header("content-type").starts_with("text/calendar") && !path.contains("votaciones") {
            let parts = |answer: &Answer| {
                let text = answer.text();
                let lines =
                    text.lines().filter(|line| line.starts_with("BEGIN:") || line.starts_with("END:"));
                lines.map(str::to_owned).collect::<Vec<_>>()
            };
            assert_eq!(parts(&answer), parts(&sound.get(&path).await), "{path}");
            assert!(answer.text().lines().all(|line| !line.starts_with("X-Evil")), "{path}");
        }
    }
}

/// What people try in texts that may have links.
fn attempts() -> Vec<String> {
    let links = [
        "[x](javascript:alert(1))",
        "[x](JaVaScRiPt:alert(1))",
        "[x](\tjavascript:alert(1))",
        "[x](java\nscript:alert(1))",
        "<javascript:alert(1)>",
        "[x](&#106;avascript:alert(1))",
        "[x](data:text/html,<script>alert(1)</script>)",
        "[x](vbscript:x)",
        "[x](//evil.example)",
        "[x](https://a.example\" onmouseover=\"alert(1))",
        "![x](x\"onerror=\"alert(1))",
        "https://a.example/\"onmouseover=alert(1)//",
        "[<img src=x onerror=alert(1)>](https://a.example)",
        "**<script>alert(1)</script>**",
        "> <svg onload=alert(1)>",
        "- [x](javascript:alert(1)\n- <base href=//evil.example>",
        "[x](https://a.example 'onclick=alert(1)')",
        "[x]: javascript:alert(1)\n[x]",
        "`<script>alert(1)</script>`",
        "\u{202e}<script>alert(1)</script>",
        "mailto:a@a.example?body=\"><script>alert(1)</script>",
    ];
    // First and last, twice each: some lists show the oldest, some the newest, and every second one is answered.
    let markup = [MARKUP, MARKUP, ADDRESS];
    markup.iter().chain(&links).chain(&[ADDRESS, MARKUP, MARKUP]).map(|text| (*text).to_owned()).collect()
}

#[tokio::test]
async fn nothing_that_people_write_runs_on_any_page() {
    let directory = crate::harness::both().await;
    let mut server = open(directory.path(), Options::default()).await;
    let assets = built();
    with_assets(&mut server, &assets);
    let cookie = server.somebody(false).await;
    let entry = server.app.catalogue.process(REHEARSAL).unwrap();
    let proposal = entry.proposals[0].head.id.clone();
    let option = entry.consultations.iter().find_map(|each| each.options.first()).unwrap().id.clone();
    let until = server.clock.now().plus_seconds(86_400);
    let mut seen =
        vec![format!("/proposals/{proposal}"), format!("/options/{option}"), format!("/calls/{CALL}")];
    seen.extend(["", "?show=answered"].map(|show| format!("/processes/{REHEARSAL}/answers{show}")));
    for (number, text) in attempts().into_iter().enumerate() {
        // Lists show a page of what was written, by its time: what comes first and last is on it.
        server.clock.advance(1);
        let body = NewComment { stance: Stance::Against, text: text.clone() };
        let post = PostComment { subject: proposal.clone(), body: body.clone() };
        let comment: Comment = server.call(&post, Some(&cookie)).await.json();
        let reply = PostReply { comment: comment.id.clone(), body: NewText { text: text.clone() } };
        assert_eq!(server.call(&reply, Some(&cookie)).await.status, 201);
        let report = NewReport { reason: ReportReason::Spam, note: text.chars().take(400).collect() };
        server.call(&ReportComment { comment: comment.id.clone(), body: report }, Some(&cookie)).await;
        if number % 2 == 0 {
            // In the name of an entity that is an attack itself.
            let name: String = text.chars().take(100).collect();
            let key = server.app.desks.key(Role::Entity, &slug(REHEARSAL), &name, until).unwrap();
            let answer = AnswerComment {
                comment: comment.id,
                body: NewAnswer { effect: Effect::Adopted, text: text.clone() },
            };
            assert_eq!(server.at_desk(&answer, &key).await.status, 200, "{text}");
        }
        let elsewhere = PostComment { subject: option.clone(), body };
        assert_eq!(server.call(&elsewhere, Some(&cookie)).await.status, 201);
        let line = |length: usize| text.replace('\n', " ").chars().take(length).collect::<String>();
        let body = NewSubmission {
            title: line(120),
            problem: text.clone(),
            action: text.clone(),
            entity: Some(line(120)),
        };
        let submitted: Submission =
            server.call(&Submit { call: slug(CALL), body }, Some(&cookie)).await.json();
        seen.push(format!("/submissions/{}", submitted.head.id));
    }
    for page in &seen {
        for page in [page.clone(), format!("{page}{}lang=en", if page.contains('?') { '&' } else { '?' })] {
            let answer = server.get(&page).await;
            assert_eq!(answer.status, 200, "{page}");
            let found = live(&answer.text());
            assert!(found.is_empty(), "{page}: {found:#?}");
            let shows = page.contains("/submissions/") || words(&answer.text()).contains("<script>alert(2)");
            assert!(shows, "{page} shows what was written");
        }
    }
    for file in files(&server) {
        let answer = server.get(&file).await;
        assert!(
            !answer.header("content-type").contains("html") && !answer.status.is_server_error(),
            "{file}"
        );
        assert_eq!(answer.header("x-content-type-options"), "nosniff");
    }
}

#[tokio::test]
async fn nothing_that_an_address_says_runs_on_any_page() {
    let directory = crate::harness::both().await;
    let mut server = open(directory.path(), Options::default()).await;
    let assets = built();
    with_assets(&mut server, &assets);
    let encoded: String = MARKUP.bytes().map(|byte| format!("%{byte:02x}")).collect();
    let raw = MARKUP.replace([' ', '"', '<', '>', '{', '}', '\''], "+");
    let mut met = 0;
    for attack in
        [encoded.as_str(), raw.as_str(), "javascript:alert(1)", "%22onfocus=alert(1)%20autofocus=%22"]
    {
        let mut addresses = Vec::new();
        for page in [
            "/".to_owned(),
            format!("/processes/{REHEARSAL}/proposals"),
            format!("/processes/{REHEARSAL}/answers"),
        ] {
            for name in [
                "q",
                "lang",
                "cursor",
                "level",
                "theme",
                "status",
                "sort",
                "show",
                "territory",
                "odd",
                attack,
            ] {
                addresses.push(format!("{page}?{name}={attack}"));
                addresses.push(format!("{page}?lang=en&{name}={attack}"));
            }
        }
        for start in [
            "/",
            "/processes/",
            "/proposals/",
            "/consultations/",
            "/calls/",
            "/submissions/",
            "/options/",
            "/embed/",
        ] {
            addresses.push(format!("{start}{attack}"));
        }
        for address in addresses {
            for host in ["cabildo.example", "evil.example\"><script>alert(1)</script>", "javascript:alert(1)"]
            {
                let request = Request::get(&address).header("host", host).body(Body::empty());
                let answer = server.request(request.unwrap()).await;
                let found = live(&answer.text());
                assert!(found.is_empty(), "{address}: {found:#?}");
                met += usize::from(answer.text().contains("alert"));
            }
        }
    }
    assert!(met > 20, "what was searched for is shown");
}
