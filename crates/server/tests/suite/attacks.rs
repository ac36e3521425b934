//! What an attacker would try, each with a clear refusal and nothing harmed.

use crate::harness::{Answer, CONSULTATION, PROCESS, Server, both, directory, rehearsal, slug, start};
use crate::pages::{built, with_assets};
use crate::serving::Running;
use axum::body::{Body, Bytes};
use axum::http::Request;
use cabildo_contract::answer::GetDesk;
use cabildo_contract::comment::{NewText, PostReply};
use cabildo_contract::endpoint::Endpoint;
use cabildo_contract::id::CommentId;
use cabildo_contract::problem::{Problem, ProblemKind};
use cabildo_contract::session::{CurrentSession, EndSession, GetSession, NewSession, OpenSession};
use cabildo_contract::statistics::{GetStatistics, Statistics};
use cabildo_server::clock::Clock;
use cabildo_server::desk::{Desks, Role};
use cabildo_server::extract::BODY_MAX;
use futures_util::stream;
use std::convert::Infallible;
use std::io::{Error, ErrorKind};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

/// The number of the last act that was kept: unchanged means that nothing was done.
async fn sequence(server: &Server) -> u64 {
    let statistics: Statistics = server.call(&GetStatistics { process: slug(PROCESS) }, None).await.json();
    statistics.as_of.sequence
}

/// A refusal without what differs between two of the same.
fn anonymous(answer: &Answer) -> Problem {
    Problem { request_id: String::new(), ..answer.problem() }
}

// Sessions.

#[tokio::test]
async fn a_token_that_somebody_chose_never_becomes_a_session() {
    let (server, _directory) = start().await;
    let chosen = format!("__Host-cabildo={}", "A".repeat(43));
    let opened = server.call(&OpenSession { body: NewSession::default() }, Some(&chosen)).await;
    let given = opened.header("set-cookie").split(';').next().unwrap().to_owned();
    assert_ne!(given, chosen);
    assert_eq!(server.call(&GetSession, Some(&chosen)).await.json::<CurrentSession>().session, None);
    assert!(server.call(&GetSession, Some(&given)).await.json::<CurrentSession>().session.is_some());
    // Nor does one that was somebody's once.
    server.call(&EndSession, Some(&given)).await;
    let again = server.call(&OpenSession { body: NewSession::default() }, Some(&given)).await;
    assert!(!again.header("set-cookie").starts_with(&given));
    assert_eq!(server.call(&GetSession, Some(&given)).await.json::<CurrentSession>().session, None);
}

#[tokio::test]
async fn no_form_of_another_site_can_write_in_somebodys_name() {
    let (server, _directory) = start().await;
    let cookie = server.somebody(false).await;
    let path = format!("/api/v1/proposals/{}/comments", server.proposal());
    let body = r#"{"stance":"for","text":"Yo no fui."}"#;
    let before = sequence(&server).await;
    let cookie = ("cookie", cookie.as_str());
    let host = ("host", "cabildo.example");
    for headers in [
        &[cookie, ("sec-fetch-site", "cross-site")][..],
        &[cookie, ("sec-fetch-site", "same-site")],
        &[cookie, ("sec-fetch-site", "cross-site"), host, ("origin", "http://cabildo.example")],
        &[cookie, host, ("origin", "https://evil.example")],
        &[cookie, host, ("origin", "https://cabildo.example.evil.example")],
        &[cookie, host, ("origin", "null")],
    ] {
        let answer = server.send("POST", &path, headers, Some(body)).await;
        assert_eq!(answer.refused(), ProblemKind::CrossSite, "{headers:?}");
    }
    // What a form can send in a browser that says neither.
    for kind in [
        "text/plain",
        "application/x-www-form-urlencoded",
        "multipart/form-data; boundary=x",
        "",
        "text/json",
    ] {
        let answer = server.send("POST", &path, &[cookie, ("content-type", kind)], Some(body)).await;
        assert_eq!(answer.refused(), ProblemKind::UnsupportedMediaType, "{kind}");
    }
    // A link is no write, whatever it says.
    let forced = [cookie, ("x-http-method-override", "POST"), ("x-method-override", "DELETE")];
    assert_eq!(server.send("GET", &path, &forced, Some(body)).await.status, 200);
    let link = server.send("GET", &format!("{path}?_method=POST"), &forced, Some(body)).await;
    assert_eq!(link.refused(), ProblemKind::InvalidParameter);
    // Scripts of other sites may read what is public, and are never let near a cookie.
    let preflight = [("origin", "https://evil.example"), ("access-control-request-method", "POST")];
    let answer = server.send("OPTIONS", &path, &preflight, None).await;
    assert_eq!(answer.refused(), ProblemKind::MethodNotAllowed);
    assert_eq!(answer.header("access-control-allow-origin"), "");
    assert_eq!(answer.header("access-control-allow-credentials"), "");
    assert_eq!(sequence(&server).await, before);
}

// Guessing.

#[tokio::test]
async fn what_is_not_there_and_what_cannot_be_are_answered_alike() {
    let (server, _directory) = start().await;
    let cookie = server.somebody(false).await;
    let never = "01890a5d-ac96-774b-bcce-b302099a8057";
    for kind in ["comments", "submissions"] {
        let mut answers = Vec::new();
        for id in [never, "nothing-here", "%00", "..", "%2e%2e%2f", "1%20or%201=1", &"9".repeat(500)] {
            let path = format!("/api/v1/{kind}/{id}");
            answers.push(anonymous(&server.send("DELETE", &path, &[("cookie", &cookie)], None).await));
        }
        assert!(answers.iter().all(|answer| *answer == answers[0]), "{kind}: {answers:#?}");
        assert_eq!(answers[0].kind, ProblemKind::NotFound);
    }
    for kind in ["proposals", "options", "consultations", "calls", "processes"] {
        let known = anonymous(&server.get(&format!("/api/v1/{kind}/{never}")).await);
        assert_eq!(known.kind, ProblemKind::NotFound);
        assert_eq!(anonymous(&server.get(&format!("/api/v1/{kind}/%27%22")).await), known, "{kind}");
    }
}

#[tokio::test]
async fn every_key_that_does_not_open_a_desk_is_answered_alike() {
    let (server, _directory) = rehearsal().await;
    let tomorrow = server.clock.now().plus_seconds(86_400);
    let good = server.desk_key("Alcaldía de Palmira");
    let (claim, seal) = good.split_once('.').unwrap();
    let expired = server.app.desks.key(Role::Entity, &slug(PROCESS), "Alcaldía", server.clock.now()).unwrap();
    let elsewhere = server.app.desks.key(Role::Entity, &slug("ensayo-barrio"), "Alcaldía", tomorrow).unwrap();
    let forged = Desks::new().unwrap().key(Role::Entity, &slug(PROCESS), "Alcaldía", tomorrow).unwrap();
    let claim_of_forged = forged.split('.').next().unwrap();
    let desk = GetDesk { process: slug(PROCESS) };
    assert_eq!(server.at_desk(&desk, &good).await.status, 200);
    let without = anonymous(&server.call(&desk, None).await);
    assert_eq!(without.kind, ProblemKind::DeskKeyRequired);
    for key in [
        expired,
        elsewhere,
        forged.clone(),
        claim.to_owned(),
        format!("{claim}."),
        format!(".{seal}"),
        format!("{claim_of_forged}.{seal}"),
        format!("{claim}.{}", seal.to_lowercase()),
        "x".repeat(4_000),
        String::new(),
    ] {
        assert_eq!(anonymous(&server.at_desk(&desk, &key).await), without, "{key}");
    }
}

#[tokio::test]
async fn every_token_that_is_no_session_is_answered_alike_and_a_key_of_one_person_tells_another_nothing() {
    let (server, _directory) = start().await;
    let (author, other) = (server.somebody(false).await, server.somebody(false).await);
    let comment = server.comment(&author, "De acuerdo.").await;
    let reply = PostReply { comment: comment.id, body: NewText { text: "Sí.".to_owned() } };
    let without = anonymous(&server.call(&reply, None).await);
    for token in [&"A".repeat(43), "x", "", "../../x", "%00"] {
        let cookie = format!("__Host-cabildo={token}");
        assert_eq!(anonymous(&server.call(&reply, Some(&cookie)).await), without, "{token}");
    }
    let body = serde_json::to_string(&reply.body).unwrap();
    let send = async |cookie: &str| {
        let headers = [("cookie", cookie), ("idempotency-key", "the-same")];
        server.send("POST", &reply.path(), &headers, Some(&body)).await
    };
    let id = |answer: &Answer| answer.json::<cabildo_contract::comment::Comment>().id;
    let (first, second): (CommentId, CommentId) = (id(&send(&author).await), id(&send(&other).await));
    assert_ne!(first, second, "the other's is their own");
}

// Bodies.

async fn stream_of(server: &Server, body: Body) -> Answer {
    let request = Request::post("/api/v1/session").header("content-type", "application/json");
    server.request(request.body(body).unwrap()).await
}

#[tokio::test]
async fn a_body_is_read_up_to_its_limit_and_no_further() {
    let (server, _directory) = start().await;
    let padded = |length: usize| format!("{{{}}}", " ".repeat(length - 2));
    let send = async |body: String| server.send("POST", "/api/v1/session", &[], Some(&body)).await;
    assert_eq!(send(padded(BODY_MAX)).await.status, 200);
    assert_eq!(send(padded(BODY_MAX + 1)).await.refused(), ProblemKind::BodyTooLarge);
    // One that has no end and says no length.
    let endless = stream::repeat_with(|| Ok::<_, Infallible>(Bytes::from_static(&[b' '; 1024])));
    assert_eq!(stream_of(&server, Body::from_stream(endless)).await.refused(), ProblemKind::BodyTooLarge);
    // One that breaks off.
    let broken = stream::iter([Ok(Bytes::from_static(b"{")), Err(Error::from(ErrorKind::ConnectionReset))]);
    assert_eq!(stream_of(&server, Body::from_stream(broken)).await.refused(), ProblemKind::MalformedBody);
    // Deep, wide and strange ones.
    for body in ["[".repeat(BODY_MAX), "{\"a\":".repeat(10_000), "\u{0}".to_owned(), "1e999999".to_owned()] {
        assert_eq!(send(body).await.refused(), ProblemKind::MalformedBody);
    }
    assert_eq!(send("{}".to_owned()).await.status, 200);
}

#[tokio::test]
async fn a_body_that_does_not_arrive_is_not_waited_for_for_ever() {
    let (server, _directory) = start().await;
    // From now on the clock jumps to the next deadline whenever there is nothing else to do.
    tokio::time::pause();
    let never = stream::pending::<Result<Bytes, Infallible>>();
    let answer = stream_of(&server, Body::from_stream(never)).await;
    assert_eq!(answer.refused(), ProblemKind::MalformedBody);
    assert!(answer.text().contains("did not arrive whole"), "{}", answer.text());
    tokio::time::resume();
    assert_eq!(server.send("POST", "/api/v1/session", &[], Some("{}")).await.status, 200);
}

// What ends up in headers.

#[tokio::test]
async fn nothing_that_a_caller_says_becomes_a_header_or_a_place_to_go() {
    let (mut server, _directory) = rehearsal().await;
    let assets = built();
    with_assets(&mut server, &assets);
    let api = format!("/api/v1/processes/{PROCESS}");
    let hostile = [
        "%0d%0aSet-Cookie:%20evil=1",
        "%0aLocation:%20https://evil.example",
        "%22;filename=evil.exe",
        "%00evil",
        "https://evil.example",
        "//evil.example",
        "%2f%2fevil.example",
        "/%5cevil.example",
        "%E5%98%8A%E5%98%8Devil:1",
    ];
    let mut paths = Vec::new();
    for evil in hostile {
        for place in [
            "/",
            &format!("/processes/{PROCESS}"),
            &format!("/processes/{PROCESS}/proposals"),
            "/nothing",
            "/embed/x",
            "/screen/x",
            "/api/v1/processes",
            &api,
            &format!("{api}/export/proposals.csv"),
            &format!("{api}/pictures/days.svg"),
        ] {
            for name in ["next", "return_to", "redirect", "url", "continue", "lang", "q", "cursor"] {
                paths.push(format!("{place}?{name}={evil}"));
            }
        }
        for place in [
            "/",
            "/processes/",
            "/proposals/",
            "/assets/",
            "/api/v1/processes/",
            "/embed/",
            "/screen/",
            "/p/",
        ] {
            paths.push(format!("{place}{evil}"));
        }
        paths.push(format!("{api}/export/proposals.csv{evil}"));
        paths.push(format!("{api}/export/{evil}.csv"));
        paths.push(format!("{api}/pictures/days.svg{evil}"));
    }
    paths.extend(
        ["//evil.example", "//evil.example/..", "/\\evil.example", "/assets//evil.example"]
            .map(str::to_owned),
    );
    for path in paths {
        // What is no address cannot be sent at all.
        let Ok(request) = Request::get(&path).header("idempotency-key", "evil").body(Body::empty()) else {
            continue;
        };
        let answer = server.request(request).await;
        assert!(
            !answer.status.is_redirection() && !answer.status.is_server_error(),
            "{path}: {}",
            answer.status
        );
        assert!(
            !answer.headers.contains_key("location") && !answer.headers.contains_key("refresh"),
            "{path}"
        );
        for (name, value) in &answer.headers {
            assert!(!value.to_str().unwrap().contains("evil"), "{path}: {name}: {value:?}");
        }
    }
    for key in ["a\tb", "a b", "é", &"x".repeat(101), ""] {
        let headers = [("idempotency-key", key)];
        let path = format!("/api/v1/proposals/{}/comments", server.proposal());
        assert_eq!(
            server.send("POST", &path, &headers, Some("{}")).await.refused(),
            ProblemKind::InvalidParameter
        );
    }
}

// Files.

#[tokio::test]
async fn no_path_leads_out_of_the_built_front_end() {
    let (mut server, _directory) = start().await;
    let assets = built();
    let root = assets.path();
    let outside = tempfile::TempDir::new().unwrap();
    std::fs::write(outside.path().join("secret.js"), "the secret").unwrap();
    std::fs::write(root.join("secret.txt"), "the secret").unwrap();
    std::fs::create_dir(root.join("assets/app-0123")).unwrap();
    std::fs::write(root.join("assets/app-0123/index.html"), "the secret").unwrap();
    std::fs::write(root.join("assets/.hidden.js"), "the secret").unwrap();
    #[cfg(unix)]
    {
        use std::os::unix::fs::symlink;
        symlink(outside.path().join("secret.js"), root.join("assets/link.js")).unwrap();
        symlink(outside.path(), root.join("assets/folder")).unwrap();
        symlink(outside.path().join("secret.js"), root.join("link.js")).unwrap();
        symlink(outside.path().join("secret.js"), root.join("assets/packed.js.br")).unwrap();
        symlink("app-0123.js", root.join("assets/again.js")).unwrap();
    }
    std::fs::write(root.join("assets/packed.js"), "plain").unwrap();
    with_assets(&mut server, &assets);
    assert_eq!(server.get("/assets/app-0123.js").await.text(), "plain");
    #[cfg(unix)]
    assert_eq!(
        server.get("/assets/again.js").await.text(),
        "plain",
        "a link within the directory is a file of it"
    );
    let away = outside.path().display();
    for path in [
        "/assets/../secret.txt",
        "/assets/%2e%2e/secret.txt",
        "/assets/.%2e/secret.txt",
        "/assets/%2e%2e%2fsecret.txt",
        "/assets/..%5csecret.txt",
        "/assets/..\\secret.txt",
        "/assets/%252e%252e/secret.txt",
        "/assets/....//secret.txt",
        "/assets/app-0123.js%00.txt",
        "/assets/%00",
        "/assets/app-0123.js/../../secret.txt",
        "/assets//etc/passwd",
        "/assets/%2fetc%2fpasswd",
        "/assets/C:/secret.txt",
        "/assets/app-0123.js::$DATA",
        "/assets/link.js",
        "/assets/folder/secret.js",
        "/assets/.hidden.js",
        "/assets/app-0123",
        "/assets/app-0123/",
        "/assets/",
        "/assets",
        "/assets//app-0123.js",
        "/assets/./app-0123.js",
        "/assets/app-0123.js/",
        "/link.js",
        "/%6cink.js",
        "/..",
        "/.",
        "/%2e%2e%2fsecret.txt",
        &format!("/assets/{away}/secret.js"),
        &format!("/assets{away}/secret.js"),
        "/assets/packed.js",
    ] {
        let Ok(request) = Request::get(path).header("accept-encoding", "br").body(Body::empty()) else {
            continue;
        };
        let answer = server.request(request).await;
        assert_eq!(answer.status, 404, "{path}");
        assert!(!answer.text().contains("the secret") && !answer.text().contains("root:"), "{path}");
    }
    assert_eq!(server.get("/assets/app-0123.js").await.text(), "plain");
}

// Bytes on a connection.

/// What the server says to these bytes until it closes the connection, which the last request of them asks it to.
async fn say(server: &Running, bytes: &[u8]) -> String {
    let mut connection = TcpStream::connect(server.url.trim_start_matches("http://")).await.unwrap();
    connection.write_all(bytes).await.unwrap();
    let mut said = Vec::new();
    // A server that hung up on the rest of what was sent resets the connection; what it said before counts.
    while let Ok(1..) = connection.read_buf(&mut said).await {}
    String::from_utf8_lossy(&said).into_owned()
}

const GOOD: &str = "GET /healthz HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n";

#[tokio::test]
async fn a_request_that_two_readers_could_read_differently_is_refused_and_the_next_is_answered() {
    let directory = directory().await;
    let server = Running::start(directory.path(), false).await;
    let post = |headers: &str, body: &str| {
        format!(
            "POST /api/v1/session HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\n{headers}\r\n\r\n{body}{GOOD}"
        )
    };
    let get =
        |headers: &str| format!("GET /healthz HTTP/1.1\r\nHost: a\r\n{headers}\r\nConnection: close\r\n\r\n");
    for (what, bytes) in [
        ("two lengths", post("Content-Length: 2\r\nContent-Length: 20", "{}")),
        ("a list of lengths", post("Content-Length: 2, 20", "{}")),
        ("a signed length", post("Content-Length: +2", "{}")),
        ("a negative length", post("Content-Length: -2", "{}")),
        ("a hexadecimal length", post("Content-Length: 0x2", "{}")),
        ("an endless length", post("Content-Length: 99999999999999999999999", "{}")),
        ("an unknown coding", post("Transfer-Encoding: xchunked", "2\r\n{}\r\n0\r\n\r\n")),
        ("chunked, but not last", post("Transfer-Encoding: chunked, identity", "2\r\n{}\r\n0\r\n\r\n")),
        (
            "chunks in HTTP/1.0",
            post("Transfer-Encoding: chunked", "0\r\n\r\n").replacen("HTTP/1.1", "HTTP/1.0", 1),
        ),
        ("a size that is none", post("Transfer-Encoding: chunked", "zz\r\n{}\r\n0\r\n\r\n")),
        ("a chunk without its end", post("Transfer-Encoding: chunked", "2\r\n{}0\r\n\r\n")),
        ("a folded line", get("X-Folded: a\r\n b")),
        ("a blank before the colon", get("X-Blank : a")),
        ("no name", get(": a")),
        ("a NUL", get("X-Nul: a\0b")),
        ("a bare CR", get("X-Bare: a\rb")),
        ("a strange method", get("X: y").replacen("GET", "G@T", 1).replacen("G@T", "G\u{1}T", 1)),
        ("another protocol", get("X: y").replacen("HTTP/1.1", "HTTP/9.9", 1)),
        ("a blank in the address", get("X: y").replacen("/healthz", "/heal thz", 1)),
        ("no request at all", format!("\u{16}\u{3}\u{1}{GOOD}")),
    ] {
        let said = say(&server, bytes.as_bytes()).await;
        assert!(said.starts_with("HTTP/1.1 4") || said.starts_with("HTTP/1.0 4"), "{what}: {said:?}");
        assert_eq!(said.matches("HTTP/1.").count(), 1, "{what}: nothing after it is read: {said}");
        assert!(say(&server, GOOD.as_bytes()).await.starts_with("HTTP/1.1 200"), "after {what}");
    }
    for (what, headers) in [
        ("a long header", format!("X-Long: {}", "a".repeat(1 << 20))),
        ("many headers", (0..1_000).map(|number| format!("X-{number}: a")).collect::<Vec<_>>().join("\r\n")),
    ] {
        let said = say(&server, get(&headers).as_bytes()).await;
        assert!(said.is_empty() || said.starts_with("HTTP/1.1 431"), "{what}: {said:?}");
        assert!(say(&server, GOOD.as_bytes()).await.starts_with("HTTP/1.1 200"), "after {what}");
    }
    server.stop().await;
}

#[tokio::test]
async fn where_a_length_and_chunks_are_both_said_the_chunks_count_and_nothing_after_them_is_read() {
    let directory = directory().await;
    let server = Running::start(directory.path(), false).await;
    let head = "POST /api/v1/session HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\n";
    for both in [
        "Content-Length: 4\r\nTransfer-Encoding: chunked",
        "Transfer-Encoding: chunked\r\nContent-Length: 4",
        "Transfer-Encoding: chunked\r\nContent-Length: 4096",
    ] {
        let said = say(&server, format!("{head}{both}\r\n\r\n2\r\n{{}}\r\n0\r\n\r\n{GOOD}").as_bytes()).await;
        assert!(said.starts_with("HTTP/1.1 200"), "{both}: {said}");
        assert_eq!(said.matches("HTTP/1.").count(), 1, "{both}: {said}");
    }
    // Line ends without CR are read as line ends everywhere, or nowhere: never as part of a value.
    let bare = "GET /healthz HTTP/1.1\nHost: a\nX: b\nConnection: close\n\n";
    let said = say(&server, bare.as_bytes()).await;
    assert_eq!(said.matches("HTTP/1.").count(), 1, "{said}");
    server.stop().await;
}

#[tokio::test]
async fn a_caller_who_never_says_what_they_want_is_hung_up_on() {
    let directory = both().await;
    let server = Running::start(directory.path(), false).await;
    let mut silent = TcpStream::connect(server.url.trim_start_matches("http://")).await.unwrap();
    let mut slow = TcpStream::connect(server.url.trim_start_matches("http://")).await.unwrap();
    slow.write_all(b"GET /healthz HTTP/1.1\r\nHost: a\r\nX-Slow: ").await.unwrap();
    tokio::time::pause();
    let mut said = Vec::new();
    while let Ok(1..) = silent.read_buf(&mut said).await {}
    while let Ok(1..) = slow.read_buf(&mut said).await {}
    let said = String::from_utf8_lossy(&said).into_owned();
    assert!(!said.contains(" 200 "), "{said}");
    tokio::time::resume();
    assert!(say(&server, GOOD.as_bytes()).await.starts_with("HTTP/1.1 200"));
    server.stop().await;
}

#[tokio::test]
async fn a_consultation_is_not_harmed_by_any_of_it() {
    let (server, _directory) = start().await;
    let cookie = server.somebody(false).await;
    server.cast(&cookie, &[0]).await;
    let path = format!("/api/v1/consultations/{CONSULTATION}/ballot");
    let before = sequence(&server).await;
    for body in [
        "null",
        "[]",
        "{}x",
        "{\"choices\":null}",
        "{\"choices\":[null]}",
        "{\"choices\":\"'; drop table ballot; --\"}",
        "{\"choices\":[\"'; drop table ballot; --\"]}",
        "{\"choices\":[],\"choices\":[]}",
        "{\"person\":1,\"choices\":[]}",
        "{\"__proto__\":{},\"choices\":[]}",
        "{\"choices\":[\"\\ud800\"]}",
        "{\"choices\":{\"0\":\"a\"}}",
    ] {
        let answer = server.send("PUT", &path, &[("cookie", &cookie)], Some(body)).await;
        assert!(matches!(answer.status.as_u16(), 400 | 422), "{body}: {} {}", answer.status, answer.text());
    }
    assert_eq!(sequence(&server).await, before);
    server.cast(&cookie, &[0, 1]).await;
}
