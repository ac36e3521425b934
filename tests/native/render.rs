//! Every component in every state, and every page, rendered as the server renders them.

use cabildo_app::document::{self, Answer};
use cabildo_app::i18n::Language;
use cabildo_app::state::order::Order;
use cabildo_app::ui::gallery::EXAMPLES;
use cabildo_contract::time::Timestamp;
use leptos::prelude::*;
use scraper::{Html, Selector};
use std::collections::HashSet;

fn select<'a>(html: &'a Html, selector: &str) -> Vec<scraper::ElementRef<'a>> {
    html.select(&Selector::parse(selector).unwrap()).collect()
}

/// What holds for every piece of markup.
fn check(name: &str, html: &Html) {
    let mut ids = HashSet::new();
    for element in select(html, "[id]") {
        let id = element.attr("id").unwrap_or_default();
        assert!(ids.insert(id), "{name}: the id {id} twice");
    }
    for attribute in ["aria-labelledby", "aria-describedby", "for"] {
        for element in select(html, &format!("[{attribute}]")) {
            for id in element.attr(attribute).unwrap_or_default().split_whitespace() {
                assert!(ids.contains(id), "{name}: {attribute} names {id}, which is not there");
            }
        }
    }
    for element in select(html, "svg") {
        let hidden = element.attr("aria-hidden") == Some("true")
            || element.ancestors().any(|node| {
                scraper::ElementRef::wrap(node).is_some_and(|e| e.attr("aria-hidden") == Some("true"))
            });
        assert!(hidden, "{name}: a picture that a screen reader meets");
    }
    for control in select(html, "input:not([type=hidden]), select, textarea") {
        let id = control.attr("id");
        let labelled = id.is_some_and(|id| !select(html, &format!("label[for='{id}']")).is_empty())
            || control
                .ancestors()
                .any(|node| scraper::ElementRef::wrap(node).is_some_and(|e| e.value().name() == "label"));
        assert!(labelled, "{name}: a control without a label: {}", control.html());
    }
    for link in select(html, "a, button, summary") {
        let named = !link.text().collect::<String>().trim().is_empty() || link.attr("aria-label").is_some();
        assert!(named, "{name}: {} without a name", link.html());
    }
    assert!(select(html, "[style]").is_empty(), "{name}: the security policy forbids style attributes");
    assert!(
        select(html, "[onclick], script:not([type='application/json'])").is_empty(),
        "{name}: inline script"
    );
}

#[test]
fn every_example_of_the_gallery_is_sound_in_every_language() {
    for language in Language::ALL {
        for example in EXAMPLES {
            let html = Owner::new().with(|| {
                provide_context(language);
                (example.view)().map(|view| view.to_html())
            });
            let html = html.unwrap_or_else(|_| panic!("{}: invalid data", example.name));
            assert!(!html.trim().is_empty(), "{} draws nothing", example.name);
            check(example.name, &Html::parse_fragment(&html));
        }
    }
}

#[test]
fn a_tie_shares_the_place_in_the_table() {
    let example = EXAMPLES.iter().find(|example| example.name == "tally with a tie").unwrap();
    let html = Owner::new().with(|| (example.view)().map(|view| view.to_html())).unwrap_or_default();
    let html = Html::parse_fragment(&html);
    let places: Vec<String> =
        select(&html, "tbody tr td:last-child").iter().map(|cell| cell.text().collect()).collect();
    assert_eq!(places, ["1", "1", "3"]);
}

#[test]
fn peoples_words_never_become_markup() {
    let html = Owner::new().with(|| {
        let words = "<img src=x onerror=alert(1)> [x](javascript:alert(1)) **<b>a</b>**";
        cabildo_app::ui::rich_text::rich_text(words).to_html()
    });
    let html = Html::parse_fragment(&html);
    assert!(select(&html, "img, b, a, script").is_empty());
    assert_eq!(select(&html, "strong").len(), 1);
}

const PAGES: [&str; 13] = [
    "/",
    "/processes/iv-plan",
    "/processes/iv-plan/proposals?q=agua&level=national",
    "/processes/iv-plan/dashboard",
    "/processes/iv-plan/encounters",
    "/processes/iv-plan/committee",
    "/processes/iv-plan/timeline",
    "/processes/iv-plan/moderation",
    "/proposals/p-1",
    "/consultations/prioridades",
    "/calls/ideas",
    "/submissions/s-1",
    "/no/such/page",
];

fn render(address: &str, answers: Vec<Answer>) -> (document::Rendered, Html) {
    let now = Timestamp::parse("2026-11-23T20:00:00Z").unwrap();
    let rendered = document::render(address, now, Order::default(), "https://cabildo.example", answers);
    let page = format!("<html><head>{}</head><body>{}</body></html>", rendered.head, rendered.body);
    let html = Html::parse_document(&page);
    (rendered, html)
}

#[test]
fn a_page_knows_what_it_needs() {
    assert_eq!(document::needs("/"), ["/api/v1/processes"]);
    assert_eq!(
        document::needs("/processes/iv-plan/proposals?level=national&lang=en"),
        ["/api/v1/processes/iv-plan/proposals?level=national&lang=en", "/api/v1/processes/iv-plan?lang=en"]
    );
    let consultation = document::needs("/consultations/c");
    assert!(consultation.iter().all(|path| !path.ends_with("/ballot")), "a ballot is nobody else's business");
    assert!(document::needs("/no/such/page").is_empty());
}

#[test]
fn every_page_stands_while_the_server_cannot_answer() {
    for address in PAGES {
        let answers = document::needs(address)
            .into_iter()
            .map(|path| {
                let problem = cabildo_contract::problem::ProblemKind::Unavailable;
                let body = serde_json::to_string(&cabildo_contract::problem::Problem::new(problem)).unwrap();
                Answer { path, status: 503, body }
            })
            .collect();
        let (rendered, html) = render(address, answers);
        check(address, &html);
        assert_eq!(select(&html, "main").len(), 1, "{address}");
        assert_eq!(select(&html, "title").len(), 1, "{address}");
        if !["/", "/no/such/page"].contains(&address) {
            assert_eq!(rendered.status, 503, "{address}");
            assert!(!select(&html, "[role=alert]").is_empty(), "{address} does not say what happened");
        }
    }
}

#[test]
fn what_does_not_exist_is_a_404_with_a_way_out() {
    let (rendered, html) = render("/no/such/page?lang=en", Vec::new());
    assert_eq!((rendered.status, rendered.language.code()), (404, "en"));
    assert_eq!(select(&html, "main a[href='/?lang=en']").len(), 1);
}

#[test]
fn text_from_outside_cannot_leave_the_seed_or_the_head() {
    let hostile = r#"</script><script>alert(1)</script>"#;
    let answer = Answer {
        path: "/api/v1/processes".into(),
        status: 200,
        body: serde_json::json!({ "items": [], "next": hostile, "read_by": "nobody" }).to_string(),
    };
    let (_, html) = render("/", vec![answer]);
    check("hostile seed", &html);
    let seeds = select(&html, "script[type='application/json']");
    assert_eq!(seeds.len(), 1);
    let text: String = seeds[0].text().collect();
    let kept: serde_json::Value = serde_json::from_str(&text).unwrap();
    assert_eq!(kept, serde_json::json!({ "items": [], "next": hostile }));
}
