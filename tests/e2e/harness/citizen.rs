//! Other people, who take part through the public API.

use super::{CONSULTATION, PROCESS};
use cabildo_contract::ballot::{BallotBody, CastBallot};
use cabildo_contract::comment::{Comment, ListComments, NewComment, PostComment, Stance, Thread};
use cabildo_contract::consultation::GetConsultation;
use cabildo_contract::endpoint::Endpoint;
use cabildo_contract::id::{OptionId, ProposalId, Slug};
use cabildo_contract::proposal::{Filter, ListProposals};
use cabildo_contract::session::{NewSession, OpenSession, Residence, SetTerritory};
use cabildo_contract::statistics::{GetStatistics, Statistics};
use cabildo_contract::tally::{GetResults, Results};
use http_body_util::BodyExt;
use hyper::body::{Bytes, Incoming};
use hyper_util::client::legacy::{Client, connect::HttpConnector};
use hyper_util::rt::TokioExecutor;
use serde::Serialize;

/// A person with a device of their own.
pub struct Citizen {
    http: Client<HttpConnector, String>,
    origin: String,
    cookie: String,
}

impl Citizen {
    /// Somebody who only reads.
    pub fn visit(origin: &str) -> Self {
        let http = Client::builder(TokioExecutor::new()).build_http();
        Self { http, origin: origin.to_owned(), cookie: String::new() }
    }

    /// Somebody with a session, simulated or not.
    pub async fn arrive(origin: &str, simulated: bool) -> Self {
        let mut citizen = Self::visit(origin);
        let (_, cookie) = citizen.exchange(&OpenSession { body: NewSession { simulated } }).await;
        citizen.cookie = cookie;
        citizen
    }

    /// Somebody with a session; the status of the refusal where the server cannot give one.
    pub async fn tries_to_arrive(origin: &str) -> Result<Self, u16> {
        let mut citizen = Self::visit(origin);
        let open = OpenSession { body: NewSession { simulated: false } };
        let sent = citizen.request(OpenSession::METHOD.as_str(), &open.path(), open.body());
        let answer = citizen.http.request(sent).await.unwrap();
        if !answer.status().is_success() {
            return Err(answer.status().as_u16());
        }
        let set = answer.headers().get("set-cookie").and_then(|value| value.to_str().ok());
        citizen.cookie = set.and_then(|set| set.split(';').next()).unwrap_or_default().to_owned();
        Ok(citizen)
    }

    /// The same person at another address of the same site.
    pub fn at(&self, origin: &str) -> Self {
        Self { cookie: self.cookie.clone(), ..Self::visit(origin) }
    }

    /// The same person, whose device has found the network again.
    pub fn comes_back(&self) -> Self {
        self.at(&self.origin)
    }

    /// Carries out an operation, which must succeed unless no answer comes.
    pub async fn attempt<E: Endpoint>(&self, request: &E) -> Option<E::Output> {
        let sent = self.http.request(self.request(E::METHOD.as_str(), &request.path(), request.body()));
        let (head, body) = sent.await.ok()?.into_parts();
        let answer = body.collect().await.ok()?.to_bytes();
        assert!(head.status.is_success(), "{}: {}: {answer:?}", E::NAME, head.status);
        Some(serde_json::from_slice(&answer).unwrap())
    }

    /// Carries out an operation; the status of the refusal where the server cannot.
    pub async fn tries<E: Endpoint>(&self, request: &E) -> Result<E::Output, u16> {
        let sent = self.http.request(self.request(E::METHOD.as_str(), &request.path(), request.body()));
        let (head, body) = sent.await.unwrap().into_parts();
        let answer = body.collect().await.unwrap().to_bytes();
        if !head.status.is_success() {
            return Err(head.status.as_u16());
        }
        Ok(serde_json::from_slice(&answer).unwrap())
    }

    /// The secret of their session, as its cookie has it.
    pub fn session(&self) -> &str {
        self.cookie.split_once('=').unwrap().1
    }

    /// The code in the newest letter in the mailbox of the server.
    pub async fn code(&self) -> String {
        let page = self.ask("GET", "/dev/mailbox", None::<&()>).await.0;
        let text = page.split_once("<pre>").unwrap().1;
        text.lines().next().unwrap().to_owned()
    }

    /// Carries out an operation, which must succeed.
    pub async fn send<E: Endpoint>(&self, request: &E) -> E::Output {
        self.exchange(request).await.0
    }

    async fn exchange<E: Endpoint>(&self, request: &E) -> (E::Output, String) {
        let (answer, cookie) = self.ask(E::METHOD.as_str(), &request.path(), request.body()).await;
        (
            serde_json::from_str(&answer).unwrap_or_else(|error| panic!("{}: {error}: {answer}", E::NAME)),
            cookie,
        )
    }

    /// What is at an address, in this encoding.
    pub async fn get(&self, path: &str, encoding: &str) -> http::Response<Bytes> {
        let (head, body) = self.open(path, encoding).await.into_parts();
        http::Response::from_parts(head, body.collect().await.unwrap().to_bytes())
    }

    /// What is at an address, in this encoding, before its body has come.
    pub async fn open(&self, path: &str, encoding: &str) -> http::Response<Incoming> {
        let request = http::Request::get(format!("{}{path}", self.origin))
            .header("accept-encoding", encoding)
            .header("cookie", &self.cookie)
            .body(String::new())
            .unwrap();
        self.http.request(request).await.unwrap()
    }

    async fn ask(&self, method: &str, path: &str, body: Option<&impl Serialize>) -> (String, String) {
        let response = self.http.request(self.request(method, path, body)).await.unwrap();
        let status = response.status();
        let set = response.headers().get("set-cookie").and_then(|value| value.to_str().ok());
        let cookie = set.and_then(|set| set.split(';').next()).unwrap_or_default().to_owned();
        let text = response.into_body().collect().await.unwrap().to_bytes();
        let text = String::from_utf8(text.to_vec()).unwrap();
        assert!(status.is_success(), "{method} {path}: {status}: {text}");
        (text, cookie)
    }

    fn request(&self, method: &str, path: &str, body: Option<&impl Serialize>) -> http::Request<String> {
        let body = body.map(|body| serde_json::to_string(body).unwrap()).unwrap_or_default();
        http::Request::builder()
            .method(method)
            .uri(format!("{}{path}", self.origin))
            .header("content-type", "application/json")
            .header("cookie", &self.cookie)
            .body(body)
            .unwrap()
    }

    /// The ids of what the ballot can choose.
    pub async fn options(&self) -> Vec<OptionId> {
        let found = self.send(&GetConsultation { consultation: consultation() }).await;
        found.options.into_iter().map(|option| option.id).collect()
    }

    /// Chooses the options with these references.
    pub async fn votes_for(&self, references: &[&str]) {
        let found = self.send(&GetConsultation { consultation: consultation() }).await;
        let chosen = found.options.iter().filter(|option| references.contains(&option.reference.as_str()));
        let body = BallotBody::of(chosen.map(|option| option.id.clone()).collect());
        assert_eq!(body.choices.len(), references.len(), "there are no such options: {references:?}");
        self.send(&CastBallot::new(consultation(), body)).await;
    }

    /// Says in which department they live.
    pub async fn lives_in(&self, code: &str) {
        let body = Residence { territory: Some(code.to_owned()) };
        self.send(&SetTerritory { body }).await;
    }

    /// Writes a comment in favour of a proposal.
    pub async fn comments(&self, proposal: &str, text: &str) -> Comment {
        self.says(proposal, Stance::For, text).await
    }

    /// Writes a comment on a proposal.
    pub async fn says(&self, proposal: &str, stance: Stance, text: &str) -> Comment {
        let body = NewComment { stance, text: text.to_owned() };
        self.send(&PostComment { subject: ProposalId::parse(proposal).unwrap(), body }).await
    }

    /// The tally.
    pub async fn results(&self) -> Results {
        self.results_of(CONSULTATION).await
    }

    /// The tally of another consultation.
    pub async fn results_of(&self, consultation: &str) -> Results {
        self.send(&GetResults { consultation: Slug::parse(consultation).unwrap() }).await
    }

    /// The numbers of the dashboard.
    pub async fn statistics(&self) -> Statistics {
        self.send(&GetStatistics { process: Slug::parse(PROCESS).unwrap() }).await
    }

    /// The discussion of a proposal, newest first.
    pub async fn threads(&self, proposal: &str) -> Vec<Thread> {
        let proposal = ProposalId::parse(proposal).unwrap();
        self.send(&ListComments { subject: proposal, cursor: String::new() }).await.items
    }

    /// The ids of the proposals by number.
    pub async fn proposals(&self) -> Vec<String> {
        self.proposals_of(PROCESS).await
    }

    /// The ids of the proposals of a process by number.
    pub async fn proposals_of(&self, process: &str) -> Vec<String> {
        let process = Slug::parse(process).unwrap();
        let request = ListProposals { process, filter: Filter::default(), cursor: String::new() };
        self.send(&request).await.items.into_iter().map(|proposal| proposal.id.to_string()).collect()
    }
}

fn consultation() -> Slug {
    Slug::parse(CONSULTATION).unwrap()
}
