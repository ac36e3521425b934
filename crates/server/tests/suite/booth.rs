//! Voting inside a frame, on a site that the consultation names.

use crate::harness::{Answer, Server, serve_setup, slug, time};
use crate::identity::{CONSULTATION, FILE, choice, confirm, newest_code, request};
use crate::pages::{built, with_assets};
use cabildo_contract::ballot::Ballot;
use cabildo_contract::page::query_string;
use cabildo_contract::problem::ProblemKind;
use cabildo_contract::tally::{Channel, GetResults, Results};
use cabildo_server::Setup;
use cabildo_server::clock::MockClock;
use cabildo_server::import::import_text;
use cabildo_server::page::SiteOptions;
use std::path::Path;
use std::sync::Arc;
use tempfile::TempDir;

const HOST: &str = "https://www.alcaldia.example";
const VERSION: &str = "2026-11";

/// The rehearsal of votes, whose consultation by e-mail may be voted in at [`HOST`].
fn file(sites: &str) -> String {
    let by_email = format!("\"slug\": \"{CONSULTATION}\",");
    assert!(FILE.contains(&by_email));
    FILE.replace(&by_email, &format!("{by_email} \"voting_sites\": [{sites}],"))
}

async fn start() -> (Server, [TempDir; 2]) {
    let directory = TempDir::new().unwrap();
    let storage = crate::harness::storage(directory.path());
    let clock = MockClock::at(time("2026-06-01T12:00:00Z"));
    import_text(&storage, &file(&format!("\"{HOST}\"")), Path::new("v.json"), &clock).await.unwrap();
    let setup = Setup::apart(false).unwrap();
    let mut server = serve_setup(Arc::new(storage), setup, SiteOptions::default()).await;
    let assets = built();
    with_assets(&mut server, &assets);
    (server, [directory, assets])
}

/// A browser with a frame: it keeps the frame's cookie, and the version of the ballot that is in the forms before it.
struct Frame<'a> {
    server: &'a Server,
    cookie: String,
    version: String,
}

impl<'a> Frame<'a> {
    const fn new(server: &'a Server) -> Self {
        Self { server, cookie: String::new(), version: String::new() }
    }

    fn path() -> String {
        format!("/embed/vote/{CONSULTATION}")
    }

    fn keep(&mut self, answer: &Answer) {
        let set = answer.header("set-cookie");
        if !set.is_empty() {
            assert!(set.ends_with("; Path=/; Secure; HttpOnly; SameSite=None; Partitioned"), "{set}");
            self.cookie = set.split(';').next().unwrap().to_owned();
        }
        let text = answer.text();
        let after = text.split_once("name=\"version\" value=\"").map_or("", |(_, after)| after);
        self.version = after.split('"').next().unwrap().to_owned();
    }

    async fn open(&mut self) -> Answer {
        let answer = self.server.send("GET", &Self::path(), &[("cookie", &self.cookie)], None).await;
        self.keep(&answer);
        answer
    }

    async fn submit(&mut self, step: &str, fields: &[(&str, &str)]) -> Answer {
        let own = [("step", step), ("order", "7"), ("version", self.version.as_str())];
        let form = query_string(&[&own, fields].concat());
        let headers = [
            ("cookie", self.cookie.as_str()),
            ("content-type", "application/x-www-form-urlencoded"),
            ("sec-fetch-site", "same-origin"),
        ];
        let body = form.strip_prefix('?').unwrap();
        let answer = self.server.send("POST", &Self::path(), &headers, Some(body)).await;
        self.keep(&answer);
        answer
    }

    /// Everything up to the receipt.
    async fn votes(&mut self, email: &str, option: &str) -> String {
        let chosen = [("o:", option)];
        let address = self.submit("review", &chosen).await.text();
        assert!(
            address.contains("name=\"email\"") && address.contains(&format!("value=\"{option}\"")),
            "{address}"
        );
        let consented = [("o:", option), ("email", email), ("consent", VERSION)];
        let code = self.submit("email", &consented).await.text();
        assert!(code.contains("name=\"code\""), "{code}");
        let newest = newest_code(self.server);
        let review = self.submit("code", &[("o:", option), ("email", email), ("code", &newest)]).await.text();
        assert!(review.contains("data-guarded") && review.contains("Revise su elección"), "{review}");
        let received = self.submit("cast", &chosen).await.text();
        assert!(received.contains("Su voto fue recibido"), "{received}");
        received
    }
}

async fn results(server: &Server) -> Results {
    server.call(&GetResults { consultation: slug(CONSULTATION) }, None).await.json()
}

async fn option(server: &Server, at: usize) -> String {
    choice(server, at).await.body.choices[0].to_string()
}

#[tokio::test]
async fn somebody_votes_in_a_frame_step_by_step_and_the_ballot_says_how_it_came() {
    let (server, _directories) = start().await;
    let mut frame = Frame::new(&server);
    let opened = frame.open().await;
    assert_eq!(opened.status, 200);
    assert_eq!(opened.header("set-cookie"), "", "nobody gets a cookie for looking");
    let text = opened.text();
    assert!(text.contains("type=\"radio\"") && text.contains("data-needs-script"), "{text}");
    let first = option(&server, 0).await;
    frame.votes("ana@example.org", &first).await;
    let results = results(&server).await;
    assert_eq!(results.ballots.total, 1);
    let arrived: Vec<_> = results.channels.iter().map(|count| (count.channel, count.ballots)).collect();
    assert_eq!(arrived, [(Channel::Widget, 1)]);
    // Who comes back finds the ballot; who changes it finds it filled in.
    let again = frame.open().await.text();
    assert!(again.contains("Su voto fue recibido"), "{again}");
    let changed = frame.submit("change", &[("o:", &first)]).await.text();
    let ticked = changed.split("<input").find(|input| input.contains(&format!("value=\"{first}\""))).unwrap();
    assert!(ticked.contains("checked"), "{changed}");
    let other = Frame::new(&server).open().await.text();
    assert!(other.contains("Su voto</h2>"), "another browser knows nothing: {other}");
    let withdrawn = frame.submit("withdraw", &[]).await.text();
    assert!(withdrawn.contains("Su voto fue retirado"), "{withdrawn}");
    assert_eq!(self::results(&server).await.ballots.total, 0);
}

#[tokio::test]
async fn whoever_leaves_is_forgotten_by_the_frame_and_the_ballot_stays() {
    let (server, _directories) = start().await;
    let mut frame = Frame::new(&server);
    let first = option(&server, 0).await;
    frame.votes("ana@example.org", &first).await;
    let before = frame.cookie.clone();
    let left = frame.submit("leave", &[]).await;
    assert!(left.header("set-cookie").starts_with("__Host-cabildo-frame=; Max-Age=0; Path=/"), "{left:?}");
    assert!(!left.text().contains("Su voto fue recibido"));
    // Nor does the cookie open anything, were it kept.
    frame.cookie = before;
    assert!(!frame.open().await.text().contains("Su voto fue recibido"));
    assert_eq!(results(&server).await.ballots.total, 1);
}

#[tokio::test]
async fn what_became_of_a_ballot_is_said_also_when_the_close_came_in_between() {
    let (server, _directories) = start().await;
    let mut frame = Frame::new(&server);
    let first = option(&server, 0).await;
    frame.votes("ana@example.org", &first).await;
    server.clock.advance(6 * 366 * 24 * 3600);
    let late = frame.submit("cast", &[("o:", &first)]).await.text();
    assert!(late.contains("id=\"fault\"") && late.contains("cerró"), "{late}");
    let withdrawn = frame.submit("withdraw", &[]).await.text();
    assert!(withdrawn.contains("Su voto fue recibido") && withdrawn.contains("id=\"fault\""), "{withdrawn}");
    assert!(frame.open().await.text().contains("Su voto fue recibido"), "the receipt stays");
    assert_eq!(results(&server).await.ballots.total, 1);
}

#[tokio::test]
async fn one_mailbox_has_one_ballot_in_the_frame_in_the_app_and_in_both() {
    let (server, _directories) = start().await;
    let mut frame = Frame::new(&server);
    let first = option(&server, 0).await;
    frame.votes("ana@example.org", &first).await;
    let session = server.somebody(false).await;
    server.clock.advance(61);
    assert_eq!(server.call(&request("ana@example.org"), Some(&session)).await.status, 200);
    let confirmed = server.call(&confirm(&newest_code(&server)), Some(&session)).await;
    let person = confirmed.header("set-cookie").split(';').next().unwrap().to_owned();
    let revised: Ballot = server.call(&choice(&server, 1).await, Some(&person)).await.json();
    assert_eq!(revised.revision, 2);
    assert_eq!(results(&server).await.ballots.total, 1);
    let seen = frame.open().await.text();
    assert!(seen.contains("Versión 2"), "{seen}");
}

#[tokio::test]
async fn what_a_frame_does_takes_the_place_of_the_ballot_that_it_shows_and_of_no_other() {
    let (server, _directories) = start().await;
    let (first, second) = (option(&server, 0).await, option(&server, 1).await);
    let (mut frame, mut other) = (Frame::new(&server), Frame::new(&server));
    frame.votes("ana@example.org", &first).await;
    server.clock.advance(61);
    other.votes("ana@example.org", &second).await;
    // The first frame still shows version 1.
    let review = frame.submit("review", &[("o:", &first)]).await.text();
    assert!(review.contains("data-guarded"), "{review}");
    let refused = frame.submit("cast", &[("o:", &first)]).await.text();
    assert!(refused.contains("cambió en otra parte") && refused.contains("data-guarded"), "{refused}");
    assert!(refused.contains(&format!("value=\"{first}\"")), "what was filled in is kept: {refused}");
    // Told so, whoever confirms it again means it.
    let received = frame.submit("cast", &[("o:", &first)]).await.text();
    assert!(received.contains("Su voto fue recibido") && received.contains("Versión 3"), "{received}");
    // Nor is a ballot withdrawn that was not seen.
    let refused = other.submit("withdraw", &[]).await.text();
    assert!(refused.contains("cambió en otra parte") && refused.contains("Versión 3"), "{refused}");
    assert_eq!(results(&server).await.ballots.total, 1);
    let withdrawn = other.submit("withdraw", &[]).await.text();
    assert!(withdrawn.contains("Su voto fue retirado"), "{withdrawn}");
    assert_eq!(results(&server).await.ballots.total, 0);
}

#[tokio::test]
async fn only_the_sites_that_the_consultation_names_may_show_it_and_nobody_keeps_it() {
    let (server, _directories) = start().await;
    let opened = Frame::new(&server).open().await;
    let policy = opened.header("content-security-policy");
    assert!(policy.ends_with(&format!("frame-ancestors 'self' {HOST}")), "{policy}");
    assert_eq!(opened.header("x-frame-options"), "");
    assert_eq!(opened.header("cache-control"), "private, no-store");
    assert_eq!(opened.header("access-control-allow-origin"), "");
    // Where nobody votes in a frame there is no such frame, for anybody.
    for other in ["ensayo-apoyo", "no-hay"] {
        let nothing = server.get(&format!("/embed/vote/{other}")).await;
        assert_eq!(nothing.status, 404, "{other}");
        assert!(nothing.header("content-security-policy").ends_with("frame-ancestors *"), "{other}");
        assert!(nothing.text().contains("Esto ya no está en Cabildo"), "{other}");
    }
}

#[tokio::test]
async fn a_page_of_another_site_can_send_no_form_and_its_cookie_opens_nothing_else() {
    let (server, _directories) = start().await;
    let mut frame = Frame::new(&server);
    let first = option(&server, 0).await;
    frame.votes("ana@example.org", &first).await;
    for site in ["cross-site", "same-site"] {
        let headers = [
            ("cookie", frame.cookie.as_str()),
            ("content-type", "application/x-www-form-urlencoded"),
            ("sec-fetch-site", site),
        ];
        let answer = server.send("POST", &Frame::path(), &headers, Some("step=withdraw")).await;
        assert_eq!(answer.refused(), ProblemKind::CrossSite, "{site}");
    }
    assert_eq!(results(&server).await.ballots.total, 1);
    let elsewhere = server.call(&choice(&server, 1).await, Some(&frame.cookie)).await;
    assert_eq!(elsewhere.refused(), ProblemKind::SessionRequired);
    // Nor does a session of the app open a frame.
    let app = frame.cookie.replace("__Host-cabildo-frame=", "__Host-cabildo=");
    let mut other = Frame { cookie: app, ..Frame::new(&server) };
    assert!(!other.open().await.text().contains("Su voto fue recibido"));
    // What no form of ours sends is refused.
    let json = server.send("POST", &Frame::path(), &[], Some("{}")).await;
    assert_eq!(json.refused(), ProblemKind::UnsupportedMediaType);
    assert_eq!(frame.submit("x", &[]).await.refused(), ProblemKind::InvalidBody);
}

#[tokio::test]
async fn whatever_goes_wrong_is_said_and_nothing_that_was_filled_in_is_lost() {
    let (server, _directories) = start().await;
    let mut frame = Frame::new(&server);
    let first = option(&server, 0).await;
    let chosen = ("o:", first.as_str());
    let kept = |text: &str| assert!(text.contains(&format!("value=\"{first}\"")), "{text}");
    let says = |text: &str, words: &str| assert!(text.contains(words), "{words}: {text}");

    says(&frame.submit("review", &[]).await.text(), "Elija al menos 1 opción para seguir.");
    let text = frame.submit("email", &[chosen, ("email", "ana"), ("consent", VERSION)]).await.text();
    says(&text, "Escriba una dirección de correo completa");
    says(&text, "value=\"ana\"");
    kept(&text);
    let text = frame.submit("email", &[chosen, ("email", "ana@example.org")]).await.text();
    says(&text, "Para identificarlo necesitamos que acepte.");
    says(&text, "value=\"ana@example.org\"");
    kept(&text);
    let address = [chosen, ("email", "ana@example.org"), ("consent", VERSION)];
    let text = frame.submit("email", &address).await.text();
    kept(&text);
    let again = frame.submit("email", &address).await.text();
    says(&again, "Espere un momento antes de pedir otro código.");
    for (code, words) in [("12", "El código tiene 8 cifras."), ("00000000", "Ese no es el código.")] {
        let text = frame.submit("code", &[chosen, ("email", "ana@example.org"), ("code", code)]).await.text();
        says(&text, words);
        kept(&text);
    }
    // A ballot without somebody recognised is none.
    let text = frame.submit("cast", &[chosen]).await.text();
    says(&text, "name=\"email\"");
    kept(&text);
    assert_eq!(results(&server).await.ballots.total, 0);
    // A browser that keeps no cookie of a frame is shown the way.
    let mut forgetful = Frame::new(&server);
    let text = forgetful.submit("code", &[chosen, ("code", "12345678")]).await.text();
    says(&text, "Su navegador no deja que esta página recuerde quién es usted.");
    // After the close there is a result, and nothing to fill in.
    server.clock.advance(6 * 366 * 24 * 3600);
    let closed = frame.open().await.text();
    assert!(!closed.contains("name=\"o:\"") && closed.contains("Ver la consulta"), "{closed}");
    let late = frame.submit("cast", &[chosen]).await.text();
    says(&late, "name=\"email\"");
    assert_eq!(results(&server).await.ballots, Default::default());
}

#[tokio::test]
async fn nobody_names_a_site_where_a_frame_would_be_another_device() {
    let storage_of = || {
        let directory = TempDir::new().unwrap();
        (crate::harness::storage(directory.path()), directory)
    };
    let clock = MockClock::at(time("2026-06-01T12:00:00Z"));
    let (storage, _directory) = storage_of();
    let by_device = "\"slug\": \"ensayo-apoyo\",";
    assert!(FILE.contains(by_device));
    let file_of = FILE.replace(by_device, &format!("{by_device} \"voting_sites\": [\"{HOST}\"],"));
    let refused = import_text(&storage, &file_of, Path::new("v.json"), &clock).await.unwrap_err();
    assert!(refused.to_string().contains("voting_sites"), "{refused}");
    for bad in ["\"*\"", "\"https://*.example\"", "\"http://alcaldia.example\"", "\"https://a.example/x\""] {
        let refused = import_text(&storage, &file(bad), Path::new("v.json"), &clock).await.unwrap_err();
        assert!(refused.to_string().contains("voting_sites"), "{bad}: {refused}");
    }
}
