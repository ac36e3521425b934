//! The network between browsers and sites: names that exist nowhere else, and TLS, which ends here as it does in a
//! proxy before a real server. It keeps what browsers sent.
//!
//! Browsers use it as their proxy. They ask it for a tunnel to a name (`CONNECT`), and in the tunnel it answers in the
//! place of the site: with what a server says, or with what the test made.

use http_body_util::{BodyExt, Full, combinators::BoxBody};
use hyper::body::{Bytes, Frame, Incoming};
use hyper::service::service_fn;
use hyper::{Request, Response, header};
use hyper_util::client::legacy::{Client, connect::HttpConnector};
use hyper_util::rt::{TokioExecutor, TokioIo};
use std::collections::HashMap;
use std::convert::Infallible;
use std::net::SocketAddr;
use std::path::Path;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use tokio::io::{AsyncBufReadExt, AsyncWriteExt, BufReader};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{oneshot, watch};
use tokio_rustls::TlsAcceptor;
use tokio_rustls::rustls::ServerConfig;
use tokio_rustls::rustls::crypto::ring;

/// What tells when the app takes over, in engines that cannot be told to run it first.
const OBSERVER: &str = include_str!("observer.js");
/// Where pages find it.
const OBSERVER_PATH: &str = "/observer-of-the-test.js";

/// What a site of the test's own making says to a request.
pub type Made = Box<dyn Fn(&Request<Incoming>) -> Response<String> + Send + Sync>;

type Failure = Box<dyn std::error::Error + Send + Sync>;

/// Who answers at a name.
enum Answers {
    /// A server on this machine, which is the site that the test is about or one beside it.
    Forward {
        port: u16,
        observed: bool,
    },
    Made(Made),
}

/// A request that a browser sent to a site.
#[derive(Debug, Clone)]
pub struct Seen {
    /// The name that it asked.
    pub name: String,
    /// The method.
    pub method: String,
    /// Path and query.
    pub path: String,
    /// The cookies that it sent.
    pub cookie: Option<String>,
    /// What it is for, in the words of `Sec-Fetch-Dest`.
    pub destination: String,
    /// The page that asked for it.
    pub referrer: Option<String>,
    /// Whether the answer set a cookie.
    pub sets_cookie: bool,
    /// Bytes of the answer's body until now.
    pub bytes: Arc<AtomicUsize>,
}

/// What gets lost of a request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Lost {
    /// All of it: the site never hears of it.
    Request,
    /// Its answer: the site has done what it was asked for.
    Answer,
}

struct Known {
    answers: Mutex<HashMap<String, Arc<Answers>>>,
    seen: Mutex<Vec<Seen>>,
    /// Whether nothing gets through.
    cut: watch::Sender<bool>,
    /// Paths that end so are not answered for the time being.
    holds: watch::Sender<Option<&'static str>>,
    /// What gets lost of the next request with this method.
    loses: Mutex<Option<(&'static str, Lost)>>,
}

/// A network; ended when it is dropped.
pub struct Wire {
    address: SocketAddr,
    known: Arc<Known>,
    certificate: String,
    _end: oneshot::Sender<()>,
}

impl Wire {
    /// A network without sites.
    pub fn lay() -> Self {
        let made = rcgen::generate_simple_self_signed(super::NAMES.map(str::to_owned)).unwrap();
        let key = made.signing_key.serialize_der().try_into().unwrap();
        let tls = ServerConfig::builder_with_provider(Arc::new(ring::default_provider()))
            .with_safe_default_protocol_versions()
            .unwrap()
            .with_no_client_auth()
            .with_single_cert(vec![made.cert.der().clone()], key)
            .unwrap();
        let known = Arc::new(Known {
            answers: Mutex::default(),
            seen: Mutex::default(),
            cut: watch::Sender::new(false),
            holds: watch::Sender::new(None),
            loses: Mutex::default(),
        });
        let (end, ended) = oneshot::channel();
        let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
        listener.set_nonblocking(true).unwrap();
        let address = listener.local_addr().unwrap();
        let serving = Arc::clone(&known);
        // A thread of its own: a story may wait for a program that uses the network.
        std::thread::spawn(move || {
            let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
            runtime.block_on(async {
                let listener = TcpListener::from_std(listener).unwrap();
                let serve = serve(listener, TlsAcceptor::from(Arc::new(tls)), serving);
                tokio::select! { () = serve => {}, _ = ended => {} }
            });
        });
        Self { address, known, certificate: made.cert.pem(), _end: end }
    }

    /// Where browsers find it.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// Writes its certificate where a program can be told to trust it.
    pub fn write_certificate(&self, file: &Path) {
        std::fs::write(file, &self.certificate).unwrap();
    }

    /// The site `https://{name}` is the server that listens on this port.
    pub fn forwards(&self, name: &str, port: u16) {
        self.answers(name, Answers::Forward { port, observed: false });
    }

    /// As [`Wire::forwards`]; pages tell when the app takes over.
    pub fn forwards_observed(&self, name: &str, port: u16) {
        self.answers(name, Answers::Forward { port, observed: true });
    }

    /// The site `https://{name}` says this.
    pub fn makes(&self, name: &str, made: Made) {
        self.answers(name, Answers::Made(made));
    }

    fn answers(&self, name: &str, answers: Answers) {
        lock(&self.known.answers).insert(name.to_owned(), Arc::new(answers));
    }

    /// What browsers have asked the site `https://{name}` for until now.
    pub fn seen(&self, name: &str) -> Vec<Seen> {
        lock(&self.known.seen).iter().filter(|seen| seen.name == name).cloned().collect()
    }

    /// Nothing gets through any more, and what is open breaks off; or everything does again.
    pub fn cut(&self, cut: bool) {
        self.known.cut.send_replace(cut);
    }

    /// Requests for paths that end so wait until they are held no more.
    pub fn holds(&self, end: Option<&'static str>) {
        self.known.holds.send_replace(end);
    }

    /// The next request with this method gets lost, or its answer; its connection breaks off.
    pub fn loses(&self, method: &'static str, lost: Lost) {
        *lock(&self.known.loses) = Some((method, lost));
    }

    /// Forgets what it has seen.
    pub fn forget(&self) {
        lock(&self.known.seen).clear();
    }
}

fn lock<T>(mutex: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

async fn serve(listener: TcpListener, tls: TlsAcceptor, known: Arc<Known>) {
    let client = Client::builder(TokioExecutor::new()).build_http();
    while let Ok((stream, _)) = listener.accept().await {
        let (tls, known, client) = (tls.clone(), Arc::clone(&known), client.clone());
        tokio::spawn(async move {
            // A browser that goes away meanwhile is its own affair.
            let _ = tunnel(stream, tls, known, client).await;
        });
    }
}

/// Answers a `CONNECT`, ends TLS and answers what comes in it.
async fn tunnel(
    stream: TcpStream,
    tls: TlsAcceptor,
    known: Arc<Known>,
    client: Client<HttpConnector, Incoming>,
) -> Result<(), Failure> {
    let mut lines = BufReader::new(stream).lines();
    let asked = lines.next_line().await?.unwrap_or_default();
    while lines.next_line().await?.is_some_and(|line| !line.is_empty()) {}
    // Nothing is lost with the buffer: browsers wait for the answer.
    let mut stream = lines.into_inner().into_inner();
    let name = asked.strip_prefix("CONNECT ").and_then(|rest| rest.split_once(':')).map(|(name, _)| name);
    let Some(name) = name.filter(|name| lock(&known.answers).contains_key(*name)) else {
        // Browsers also ask for sites of their makers.
        stream.write_all(b"HTTP/1.1 502 Bad Gateway\r\nContent-Length: 0\r\n\r\n").await?;
        return Ok(());
    };
    stream.write_all(b"HTTP/1.1 200 OK\r\n\r\n").await?;
    let mut cut = known.cut.subscribe();
    let stream = tls.accept(stream).await?;
    let service = service_fn(|request| {
        let (known, client) = (Arc::clone(&known), client.clone());
        async move {
            let lost = lock(&known.loses).take_if(|(method, _)| request.method() == *method);
            let lost = lost.map(|(_, lost)| lost);
            if lost == Some(Lost::Request) {
                return Err("the request got lost");
            }
            let answer = answer(name, request, &known, &client).await;
            if lost.is_some() { Err("the answer got lost") } else { Ok(answer) }
        }
    });
    let serving = hyper::server::conn::http1::Builder::new().serve_connection(TokioIo::new(stream), service);
    tokio::select! {
        served = serving => served?,
        _ = cut.wait_for(|cut| *cut) => {}
    }
    Ok(())
}

async fn answer(
    name: &str,
    request: Request<Incoming>,
    known: &Known,
    client: &Client<HttpConnector, Incoming>,
) -> Response<BoxBody<Bytes, hyper::Error>> {
    let header = |name: &str| request.headers().get(name).and_then(|value| value.to_str().ok());
    let path = request.uri().path_and_query().map_or("/", |path| path.as_str()).to_owned();
    let mut seen = Seen {
        name: name.to_owned(),
        method: request.method().to_string(),
        path,
        cookie: header("cookie").map(str::to_owned),
        destination: header("sec-fetch-dest").unwrap_or_default().to_owned(),
        referrer: header("referer").map(str::to_owned),
        sets_cookie: false,
        bytes: Arc::default(),
    };
    let is_held = |held: &Option<&str>| held.is_some_and(|end| request.uri().path().ends_with(end));
    // An error says that the network is no more.
    let _ = known.holds.subscribe().wait_for(|held| !is_held(held)).await;
    let answers = lock(&known.answers).get(name).cloned();
    let response = match answers.as_deref() {
        Some(Answers::Made(made)) => made(&request).map(whole),
        Some(Answers::Forward { observed: true, .. }) if seen.path == OBSERVER_PATH => {
            let script = Response::builder().header(header::CONTENT_TYPE, "text/javascript");
            script.body(whole(OBSERVER.to_owned())).unwrap()
        }
        Some(Answers::Forward { port, observed }) => {
            // By way of a service worker it does not say that it is for a document.
            let observed = *observed && header("accept").is_some_and(|kinds| kinds.starts_with("text/html"));
            forward(client, *port, request, observed).await.unwrap_or_else(|error| {
                Response::builder().status(502).body(whole(error.to_string())).unwrap()
            })
        }
        None => Response::builder().status(502).body(whole(String::new())).unwrap(),
    };
    seen.sets_cookie = response.headers().contains_key(header::SET_COOKIE);
    let bytes = Arc::clone(&seen.bytes);
    lock(&known.seen).push(seen);
    let count = move |frame: Frame<Bytes>| {
        bytes.fetch_add(frame.data_ref().map_or(0, Bytes::len), Ordering::Relaxed);
        frame
    };
    response.map(|body| body.map_frame(count).boxed())
}

async fn forward(
    client: &Client<HttpConnector, Incoming>,
    port: u16,
    mut request: Request<Incoming>,
    observed: bool,
) -> Result<Response<BoxBody<Bytes, hyper::Error>>, Failure> {
    let path = request.uri().path_and_query().map_or("/", |path| path.as_str());
    // The site's own name stays in the header.
    *request.uri_mut() = format!("http://127.0.0.1:{port}{path}").parse()?;
    request.headers_mut().insert("x-forwarded-proto", "https".parse()?);
    if !observed {
        return Ok(client.request(request).await?.map(BodyExt::boxed));
    }
    request.headers_mut().remove(header::ACCEPT_ENCODING);
    let (mut head, body) = client.request(request).await?.into_parts();
    let page = String::from_utf8(body.collect().await?.to_bytes().to_vec())?;
    head.headers.remove(header::CONTENT_LENGTH);
    let script = format!("<head><script src=\"{OBSERVER_PATH}\"></script>");
    Ok(Response::from_parts(head, whole(page.replacen("<head>", &script, 1))))
}

fn whole(text: String) -> BoxBody<Bytes, hyper::Error> {
    Full::from(text).map_err(|never: Infallible| match never {}).boxed()
}
