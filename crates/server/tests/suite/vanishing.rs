//! Clients that go away in the middle of it, and one that never takes what it asked for, over real connections.

use crate::harness::{CONSULTATION, PROCESS, Server, embedded, open, slug, sqlite, until};
use crate::metrics::{read, value};
use axum::Router;
use axum::http::{HeaderMap, StatusCode};
use cabildo_contract::ballot::{Ballot, CastBallot, GetBallot, MyBallot};
use cabildo_contract::comment::{Comment, NewComment, PostComment, Stance};
use cabildo_contract::endpoint::{Endpoint, Live as _};
use cabildo_contract::problem::ProblemKind;
use cabildo_contract::statistics::WatchProcess;
use cabildo_server::clock::Clock;
use cabildo_server::extract::IDEMPOTENCY_KEY;
use cabildo_server::serve::answer;
use cabildo_server::storage::sqlite::Options;
use cabildo_server::strain::{Pressure, Strain, give_way};
use futures_util::FutureExt;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;
use tempfile::TempDir;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpSocket, TcpStream};
use tokio::sync::oneshot;
use tokio::task::JoinHandle;

/// More than the writes under way from which on live figures give way: so it shows whether they are still counted.
const MANY: usize = 300;

/// A router on a socket.
struct Listening {
    address: SocketAddr,
    stop: oneshot::Sender<()>,
    ended: JoinHandle<()>,
}

impl Listening {
    fn new(router: Router) -> Self {
        Self::on(TcpSocket::new_v4().unwrap(), router)
    }

    /// Where what somebody does not take is soon too much.
    fn narrow(router: Router) -> Self {
        let socket = TcpSocket::new_v4().unwrap();
        socket.set_send_buffer_size(4_096).unwrap();
        Self::on(socket, router)
    }

    fn on(socket: TcpSocket, router: Router) -> Self {
        socket.bind(SocketAddr::from(([127, 0, 0, 1], 0))).unwrap();
        let listener = socket.listen(1_024).unwrap();
        let address = listener.local_addr().unwrap();
        let (stop, stopped) = oneshot::channel();
        let ended = tokio::spawn(answer(listener, router, async { stopped.await.unwrap() }));
        Self { address, stop, ended }
    }

    /// Somebody who sends this.
    async fn send(&self, bytes: &[u8]) -> TcpStream {
        let mut stream = TcpStream::connect(self.address).await.unwrap();
        stream.write_all(bytes).await.unwrap();
        stream
    }

    /// The status and the body that somebody gets who sends this and waits.
    async fn ask(&self, bytes: &[u8]) -> (u16, String) {
        let (mut stream, mut said) = (self.send(bytes).await, String::new());
        stream.read_to_string(&mut said).await.unwrap();
        let (head, body) = said.split_once("\r\n\r\n").unwrap();
        (head.split(' ').nth(1).unwrap().parse().unwrap(), body.to_owned())
    }

    /// Stops; there is an end to it only when every connection has ended.
    async fn stop(self) {
        self.stop.send(()).unwrap();
        self.ended.await.unwrap();
    }
}

/// Goes away: every other one without a goodbye.
fn leave(streams: Vec<TcpStream>) {
    for (number, stream) in streams.into_iter().enumerate() {
        if number % 2 == 0 {
            stream.set_zero_linger().unwrap();
        }
    }
}

/// An operation as it goes over the wire, up to its body, and its body.
fn write<E: Endpoint>(endpoint: &E, cookie: &str, headers: &str) -> (String, String) {
    let body = serde_json::to_string(endpoint.body().unwrap()).unwrap();
    let head = format!(
        "{} {} HTTP/1.1\r\nHost: a\r\nConnection: close\r\nContent-Type: application/json\r\nCookie: {cookie}\r\n\
         Content-Length: {}\r\n{headers}\r\n",
        E::METHOD.as_str(),
        endpoint.path(),
        body.len()
    );
    (head, body)
}

async fn people(server: &Server, number: usize) -> Vec<String> {
    let mut people = Vec::new();
    for _ in 0..number {
        people.push(server.somebody(false).await);
    }
    people
}

async fn ballot(server: &Server, cookie: &str) -> Option<Ballot> {
    let get = GetBallot { consultation: slug(CONSULTATION) };
    server.call(&get, Some(cookie)).await.json::<MyBallot>().ballot
}

/// Whether more writes than usual are under way: asks with one that comes to nothing.
async fn is_crowded(server: &Server) -> bool {
    let cast = CastBallot::new(slug(CONSULTATION), server.choices(&[0]).await);
    assert_eq!(server.call(&cast, None).await.refused(), ProblemKind::SessionRequired);
    server.app.live.pressure().slows()
}

async fn no_errors(server: &Server, directory: &TempDir) {
    let text = read(server, directory.path()).await;
    for problem in ["internal", "unavailable"] {
        assert_eq!(value(&text, &format!("cabildo_problems_total{{problem=\"{problem}\"}}")), 0.0);
    }
    assert_eq!(value(&text, "cabildo_writes_waiting"), 0.0);
}

#[tokio::test]
async fn of_who_goes_away_in_the_middle_of_a_ballot_nothing_is_left() {
    let directory = embedded().await;
    let server = open(directory.path(), Options::default()).await;
    let site = Listening::new(server.site.clone());
    let people = people(&server, 2).await;
    let cast = CastBallot::new(slug(CONSULTATION), server.choices(&[0, 1]).await);
    let (head, body) = write(&cast, &people[0], "Expect: 100-continue\r\n");
    assert!(!is_crowded(&server).await);
    let mut half = Vec::new();
    for _ in 0..MANY {
        let mut stream = site.send(head.as_bytes()).await;
        // The server says this when it begins to read the body.
        let mut goes_on = [0; 25];
        stream.read_exact(&mut goes_on).await.unwrap();
        assert_eq!(&goes_on, b"HTTP/1.1 100 Continue\r\n\r\n");
        stream.write_all(&body.as_bytes()[..body.len() / 2]).await.unwrap();
        half.push(stream);
    }
    assert!(is_crowded(&server).await);
    let (head, body) = write(&cast, &people[1], "");
    let whole = format!("{head}{body}");
    assert_eq!(site.ask(whole.as_bytes()).await.0, 200, "who waits holds up nobody");
    leave(half);
    until("their writes are over", async || !is_crowded(&server).await).await;
    assert_eq!(site.ask(whole.as_bytes()).await.0, 200);
    assert_eq!(ballot(&server, &people[0]).await, None);
    assert_eq!(server.app.live.as_of().sequence, 1);
    no_errors(&server, &directory).await;
    site.stop().await;
}

#[tokio::test]
async fn a_ballot_whose_sender_goes_away_before_the_answer_counts_once_also_when_it_is_sent_again() {
    let directory = embedded().await;
    let options = Options { busy_timeout: Duration::from_secs(60), ..Options::default() };
    let server = open(directory.path(), options).await;
    let site = Listening::new(server.site.clone());
    let people = people(&server, MANY).await;
    let cast = CastBallot::new(slug(CONSULTATION), server.choices(&[0, 1]).await);
    let comment = NewComment { stance: Stance::For, text: "Hola".to_owned() };
    let comment = PostComment { subject: server.proposal(), body: comment };
    // The last ten comment.
    let requests = people.iter().enumerate().map(|(number, cookie)| {
        let key = format!("{IDEMPOTENCY_KEY}: key-{number}\r\n");
        let comments = number >= MANY - 10;
        let (head, body) = if comments { write(&comment, cookie, &key) } else { write(&cast, cookie, "") };
        head + &body
    });
    let requests: Vec<String> = requests.collect();

    // The writer waits for the disk, and all of them for the writer.
    let disk = sqlite(directory.path());
    disk.execute_batch("BEGIN IMMEDIATE").unwrap();
    let mut first = server.app.storage.check(server.clock.now());
    assert!((&mut first).now_or_never().is_none());
    until("it is being written", async || server.app.storage.waiting_writes() == 0).await;
    let mut waiting = Vec::new();
    for request in &requests {
        waiting.push(site.send(request.as_bytes()).await);
    }
    until("they wait", async || server.app.storage.waiting_writes() == MANY).await;
    assert!(is_crowded(&server).await);
    leave(waiting);
    until("the server knows that they are gone", async || !is_crowded(&server).await).await;
    assert_eq!((server.app.storage.waiting_writes(), server.app.live.as_of().sequence), (MANY, 0));
    disk.execute_batch("ROLLBACK").unwrap();
    first.await.unwrap();
    until("it is counted", async || server.app.live.as_of().sequence == MANY as u64).await;

    let mut comments = std::collections::BTreeSet::new();
    for (number, (cookie, request)) in people.iter().zip(&requests).enumerate() {
        let kept = ballot(&server, cookie).await;
        let (status, said) = site.ask(request.as_bytes()).await;
        if number < MANY - 10 {
            assert_eq!((status, Some(serde_json::from_str(&said).unwrap())), (200, kept));
        } else {
            assert_eq!((status, kept), (201, None));
            comments.insert(serde_json::from_str::<Comment>(&said).unwrap().id);
        }
    }
    assert_eq!(comments.len(), 10);
    assert_eq!(server.app.live.as_of().sequence, MANY as u64, "what was sent again changed nothing");
    let counted = server.app.storage.load_board().await.unwrap();
    assert!(server.app.live.read(|board| *board == counted));
    no_errors(&server, &directory).await;
    site.stop().await;
}

#[tokio::test]
async fn who_goes_away_while_they_read_or_wait_for_it_gives_their_turn_back() {
    let pressure = Arc::<Pressure>::default();
    let strain = Arc::new(Strain::new(Arc::clone(&pressure)));
    // Most wait for ever.
    let page = async |headers: HeaderMap| match headers.contains_key("x-quick") {
        true => StatusCode::OK,
        false => std::future::pending().await,
    };
    let site = Listening::new(
        Router::new().fallback(page).layer(axum::middleware::from_fn_with_state(strain, give_way)),
    );
    let mut readers = Vec::new();
    while !pressure.slows() {
        readers.push(site.send(b"GET / HTTP/1.1\r\nHost: a\r\n\r\n").await);
        tokio::task::yield_now().await;
    }
    let quick = b"GET / HTTP/1.1\r\nHost: a\r\nX-Quick: 1\r\nConnection: close\r\n\r\n";
    assert_eq!(site.ask(quick).await.0, 503, "there is no room");
    leave(readers);
    until("there is", async || site.ask(quick).await.0 == 200).await;
    pressure.slows();
    assert_eq!(site.ask(quick).await.0, 200);
    assert!(!pressure.slows(), "nobody waits");
    site.stop().await;
}

#[tokio::test]
async fn who_watches_and_never_reads_is_let_go_and_who_reads_stays() {
    let directory = embedded().await;
    let server = open(directory.path(), Options::default()).await;
    let (site, narrow) = (Listening::new(server.site.clone()), Listening::narrow(server.site.clone()));
    let watch = WatchProcess { process: slug(PROCESS) }.path();
    let watch = format!("GET {watch} HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n");
    let socket = TcpSocket::new_v4().unwrap();
    socket.set_recv_buffer_size(2_048).unwrap();
    let mut never = socket.connect(narrow.address).await.unwrap();
    never.write_all(watch.as_bytes()).await.unwrap();
    let mut reader = site.send(watch.as_bytes()).await;
    let reads = tokio::spawn(async move {
        let mut all = Vec::new();
        while let Ok(1..) = reader.read_buf(&mut all).await {}
        String::from_utf8(all).unwrap()
    });
    let watchers = async || value(&read(&server, directory.path()).await, "cabildo_live_subscribers");
    until("they watch", async || watchers().await == 2.0).await;

    // From here on a minute is over as soon as nobody has anything to do.
    tokio::time::pause();
    let cookie = server.somebody(false).await;
    let mut ballots = 0;
    while watchers().await == 2.0 {
        server.cast(&cookie, &[ballots % 15]).await;
        ballots += 1;
        assert!(ballots < 500, "whoever never reads watches for ever");
        tokio::time::sleep(Duration::from_secs(1)).await;
    }
    println!("let go after {ballots} ballots");
    // What still comes is for who reads.
    server.cast(&cookie, &[0, 1]).await;
    tokio::time::sleep(Duration::from_secs(120)).await;
    assert_eq!(watchers().await, 1.0);
    tokio::time::resume();
    let mut rest = Vec::new();
    while let Ok(1..) = never.read_buf(&mut rest).await {}
    server.app.live.close();
    let all = reads.await.unwrap();
    let last = format!("id: {}\n", server.app.live.as_of().sequence);
    assert!(all.contains(&last) && rest.len() < all.len(), "{} of {}", rest.len(), all.len());
    narrow.stop().await;
    site.stop().await;
}
