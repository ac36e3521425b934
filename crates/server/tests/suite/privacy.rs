//! What the log of a running server says about people: nothing.

use crate::harness::{CONSULTATION, PROCESS, both, slug};
use crate::identity;
use cabildo_contract::answer::{AnswerComment, Effect, NewAnswer};
use cabildo_contract::ballot::{Ballot, BallotBody, CastBallot};
use cabildo_contract::call::{NewSubmission, Submit};
use cabildo_contract::comment::{
    Comment, NewComment, NewReport, NewText, PostComment, PostReply, ReportComment, ReportReason, Stance,
};
use cabildo_contract::consultation::{Consultation, GetConsultation};
use cabildo_contract::endpoint::Endpoint;
use cabildo_contract::page::Page;
use cabildo_contract::proposal::{Filter, ListProposals, ProposalSummary};
use cabildo_contract::session::{
    CurrentSession, GetSession, NewSession, OpenSession, Residence, Session, SetTerritory,
};
use cabildo_server::clock::{Clock, SystemClock};
use cabildo_server::desk::{Desks, Role};
use cabildo_server::import::import_text;
use cabildo_server::tls;
use serde_json::Value;
use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Child, Command, Stdio};

/// The program, ended when it is dropped.
struct Program(Child);

impl Drop for Program {
    fn drop(&mut self) {
        self.0.kill().unwrap();
        self.0.wait().unwrap();
    }
}

/// A person at a browser, behind a proxy.
struct Visitor {
    http: reqwest::Client,
    url: String,
    cookie: String,
}

const ADDRESS: &str = "203.0.113.97";

impl Visitor {
    async fn ask(
        &self,
        method: &str,
        path: &str,
        headers: &[(&str, &str)],
        body: String,
    ) -> reqwest::Response {
        let mut request =
            self.http.request(method.parse().unwrap(), format!("{}{path}", self.url)).body(body);
        request = request.header("content-type", "application/json").header("cookie", &self.cookie);
        request = request.header("x-forwarded-for", ADDRESS).header("user-agent", "Explorador/97");
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        request.send().await.unwrap()
    }

    async fn send<E: Endpoint>(&self, endpoint: &E, headers: &[(&str, &str)]) -> Value {
        let body = endpoint.body().map_or(String::new(), |body| serde_json::to_string(body).unwrap());
        let answer = self.ask(E::METHOD.as_str(), &endpoint.path(), headers, body).await;
        assert!(answer.status().is_success(), "{}: {}", E::NAME, answer.status());
        answer.json().await.unwrap()
    }

    async fn get<T: serde::de::DeserializeOwned>(&self, endpoint: &impl Endpoint) -> T {
        serde_json::from_value(self.send(endpoint, &[]).await).unwrap()
    }
}

#[tokio::test]
async fn the_log_of_a_whole_visit_says_nothing_about_who_did_it_or_what_they_wrote() {
    let directory = both().await;
    let storage = crate::harness::storage(directory.path());
    import_text(&storage, identity::FILE, Path::new("v.json"), &SystemClock).await.unwrap();
    drop(storage);
    let log = directory.path().join("server.log");
    let mut program = Command::new(env!("CARGO_BIN_EXE_cabildo"))
        .args([
            "serve",
            "--dev-mailbox",
            "--listen",
            "127.0.0.1:0",
            "--client-address-header",
            "X-Forwarded-For",
            "--data",
        ])
        .arg(directory.path())
        // All that the server itself can say, and what it says unless it is asked for more.
        .env("CABILDO_LOG", "info,cabildo_server=trace")
        .envs(crate::cluster::address(directory.path()).map(|url| ("CABILDO_DATABASE", url)))
        .stdout(Stdio::piped())
        .stderr(std::fs::File::create(&log).unwrap())
        .spawn()
        .unwrap();
    let said = BufReader::new(program.stdout.take().unwrap());
    let program = Program(program);
    let url = said.lines().map_while(Result::ok).find_map(|line| Some(line.split_once(" at ")?.1.to_owned()));

    let mut visitor =
        Visitor { http: tls::client().unwrap().build().unwrap(), url: url.unwrap(), cookie: String::new() };
    let open = OpenSession { body: NewSession::default() };
    let opened = visitor.ask("POST", &open.path(), &[], "{}".to_owned()).await;
    let set = opened.headers()["set-cookie"].to_str().unwrap().to_owned();
    visitor.cookie = set.split(';').next().unwrap().to_owned();
    let session: Session = opened.json().await.unwrap();

    let consultation: Consultation = visitor.get(&GetConsultation { consultation: slug(CONSULTATION) }).await;
    let option = consultation.options[0].id.clone();
    let cast = CastBallot::new(slug(CONSULTATION), BallotBody::of(vec![option.clone()]));
    let ballot: Ballot = visitor.get(&cast).await;
    let list = ListProposals { process: slug(PROCESS), filter: Filter::default(), cursor: String::new() };
    let proposals: Page<ProposalSummary> = visitor.get(&list).await;
    let body = NewComment { stance: Stance::Against, text: "Palabras-del-comentario".to_owned() };
    let post = PostComment { subject: proposals.items[0].id.clone(), body };
    let once = [("idempotency-key", "Clave-de-una-vez")];
    let comment: Comment = serde_json::from_value(visitor.send(&post, &once).await).unwrap();
    let reply =
        PostReply { comment: comment.id.clone(), body: NewText { text: "Palabras-de-respuesta".to_owned() } };
    visitor.send(&reply, &[]).await;
    let report = NewReport { reason: ReportReason::PersonalData, note: "Nota-del-reporte".to_owned() };
    visitor.send(&ReportComment { comment: comment.id.clone(), body: report }, &[]).await;
    visitor.send(&SetTerritory { body: Residence { territory: Some("88".to_owned()) } }, &[]).await;
    let body = NewSubmission {
        title: "Titulo-de-postulacion".to_owned(),
        problem: "Problema-contado".to_owned(),
        action: "Accion-propuesta".to_owned(),
        entity: Some("Entidad-nombrada".to_owned()),
    };
    visitor.send(&Submit { call: slug(crate::calls::CALL), body }, &[]).await;
    let until = SystemClock.now().plus_seconds(3_600);
    let key = Desks::open(directory.path())
        .unwrap()
        .key(Role::Entity, &slug(PROCESS), "Mesa-que-responde", until)
        .unwrap();
    let body = NewAnswer { effect: Effect::NotAdopted, text: "Palabras-de-la-mesa".to_owned() };
    let answer = AnswerComment { comment: comment.id, body };
    let bearer = format!("Bearer {key}");
    visitor.send(&answer, &[("authorization", &bearer)]).await;

    // Identifying oneself, with a wrong code before the right one.
    visitor.send(&identity::request("Correo-secreto@example.org"), &[]).await;
    let mailbox = visitor.ask("GET", "/dev/mailbox", &[], String::new()).await.text().await.unwrap();
    let code = mailbox.split_once("<pre>").unwrap().1.lines().next().unwrap().to_owned();
    let wrong = if code.starts_with('0') { "11111111" } else { "00000000" };
    for digits in [wrong, &code] {
        let confirm = identity::confirm(digits);
        let body = serde_json::to_string(&confirm.body).unwrap();
        let confirmed = visitor.ask("POST", &confirm.path(), &[], body).await;
        if let Some(set) = confirmed.headers().get("set-cookie") {
            visitor.cookie = set.to_str().unwrap().split(';').next().unwrap().to_owned();
        }
    }
    let identified: CurrentSession = visitor.get(&GetSession).await;
    assert_eq!(identified.session.unwrap().identities.len(), 1);

    // Searching, and everything that goes wrong.
    for (method, path, body) in [
        ("GET", format!("/api/v1/processes/{PROCESS}/proposals?q=Palabra-buscada"), ""),
        ("GET", format!("/processes/{PROCESS}/proposals?q=Palabra-buscada"), ""),
        ("GET", "/api/v1/processes?odd=Palabra-buscada".to_owned(), ""),
        ("PUT", cast.path(), "{\"choices\":[\"Opcion-inventada\"]}"),
        ("PUT", cast.path(), "{\"Campo-inventado\":1}"),
        ("POST", post.path(), "Cuerpo-sin-sentido"),
        ("POST", post.path(), "{\"stance\":\"for\",\"text\":\"\"}"),
        ("DELETE", "/api/v1/comments/nothing".to_owned(), ""),
        ("PUT", answer.path(), "{\"effect\":\"Efecto-inventado\"}"),
    ] {
        visitor.ask(method, &path, &[("authorization", "Bearer Llave.inventada")], body.to_owned()).await;
    }
    drop(program);

    let log = std::fs::read_to_string(log).unwrap();
    assert!(log.lines().count() > 15 && log.contains("/comments") && log.contains("status=201"), "{log}");
    let token = visitor.cookie.split_once('=').unwrap().1;
    let (claim, seal) = key.split_once('.').unwrap();
    for secret in [
        ADDRESS,
        "127.0.0.1",
        "Explorador",
        "__Host-",
        token,
        &session.author,
        &ballot.receipt,
        option.as_str(),
        claim,
        seal,
        "Bearer",
        "Palabras-",
        "Palabra-",
        &code,
        &code.replace(' ', ""),
        wrong,
        "Correo-",
        "correo-",
        "Nota-",
        "Titulo-",
        "Problema-",
        "Accion-",
        "Entidad-",
        "Mesa-",
        "Clave-",
        "Opcion-",
        "Campo-",
        "Cuerpo-",
        "Efecto-",
        "Llave",
        "territory=",
        "personal_data",
    ] {
        assert!(!log.contains(secret), "the log says {secret:?}:\n{log}");
    }
}
