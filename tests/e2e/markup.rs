//! The HTML of every page before the Nu HTML checker, which the W3C's service runs too: as the server sends it, and as it
//! stands once the app has drawn it.

use crate::first_response::{life, pages};
use crate::guest::widgets;
use crate::harness::{Citizen, PROCESS, Site, journey, process_page, setting};
use serde::Deserialize;
use std::fs;
use std::path::Path;
use std::process::Command;

/// What the checker says.
#[derive(Deserialize)]
struct Report {
    messages: Vec<Message>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Message {
    #[serde(rename = "type")]
    kind: String,
    url: Option<String>,
    message: String,
    extract: Option<String>,
}

/// Pages of the app, with something of everything.
async fn app(site: &Site) -> Vec<String> {
    life(site).await;
    let more = ["/account", "/widgets", "/no-such-page"].map(str::to_owned).into_iter();
    let more = more.chain(["/answers", "/moderation", "/proposals?lang=en"].map(process_page));
    pages(site).await.into_iter().chain(more).collect()
}

/// All that the checker finds wrong with these documents, each with its address.
fn errors(documents: &[(String, String)]) -> Vec<String> {
    let directory = tempfile::tempdir().unwrap();
    let file = |number: usize| directory.path().join(format!("{number}.html"));
    for (number, (_, html)) in documents.iter().enumerate() {
        fs::write(file(number), html).unwrap();
    }
    let checked = Command::new(setting("CABILDO_JAVA"))
        .arg("-jar")
        .arg(setting("CABILDO_NODE_MODULES").join("vnu-jar/build/dist/vnu.jar"))
        .args(["--format", "json", "--exit-zero-always"])
        .args((0..documents.len()).map(file))
        .output()
        .unwrap();
    let said = String::from_utf8(checked.stderr).unwrap();
    let report: Report = serde_json::from_str(&said).unwrap_or_else(|error| panic!("{error}: {said}"));
    // Of CSS it knows less than browsers do; the build reads all stylesheets.
    let errors = report
        .messages
        .into_iter()
        .filter(|message| message.kind != "info" && !message.message.starts_with("CSS: "));
    errors
        .map(|Message { url, message, extract, .. }| {
            let url = url.unwrap_or_default();
            let number = Path::new(&url).file_stem().and_then(|stem| stem.to_str()?.parse::<usize>().ok());
            let page = number.map_or(url.as_str(), |number| &documents[number].0);
            format!("{page}: {message} {}", extract.unwrap_or_default())
        })
        .collect()
}

/// Fails if the checker finds anything wrong with these documents.
fn check(documents: &[(String, String)]) {
    let errors = errors(documents);
    assert!(errors.is_empty(), "{} errors:\n{}", errors.len(), errors.join("\n"));
}

#[test]
fn the_checker_tells_which_page_is_wrong() {
    let page = |body: &str| {
        format!(
            "<!doctype html><html lang=\"es\"><head><title>Cabildo</title></head><body>{body}</body></html>"
        )
    };
    let documents = [("/right".to_owned(), page("<p>Uno")), ("/wrong".to_owned(), page("<p>Uno<!></p>"))];
    let errors = errors(&documents);
    assert_eq!(errors.len(), 1, "{errors:?}");
    assert!(errors[0].starts_with("/wrong: "), "{errors:?}");
}

#[test]
fn what_the_server_sends_is_html_without_an_error() {
    journey(async |site| {
        let mut addresses = app(site).await;
        addresses.extend(widgets(site).await.map(|(path, _)| path));
        addresses.extend([format!("/screen/{PROCESS}"), format!("/screen/{PROCESS}/setup")]);
        let reader = Citizen::visit(&site.server.origin());
        let mut documents = Vec::new();
        for address in addresses {
            let answer = reader.get(&address, "identity").await;
            documents.push((address, String::from_utf8(answer.body().to_vec()).unwrap()));
        }
        check(&documents);
    });
}

#[test]
fn what_the_app_draws_is_html_without_an_error() {
    journey(async |site| {
        let phone = site.phone().await;
        phone.expect_failed_requests();
        let mut documents = Vec::new();
        for address in app(site).await {
            phone.visit(&address).await;
            let html = phone.script("return document.documentElement.outerHTML", &[]).await;
            documents.push((address, format!("<!doctype html>{}", html.as_str().unwrap())));
        }
        check(&documents);
    });
}
