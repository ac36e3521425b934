//! Sessions.

use crate::harness::start;
use cabildo_contract::session::{CurrentSession, EndSession, GetSession, NewSession, OpenSession, Session};

#[tokio::test]
async fn the_cookie_is_for_this_site_only_and_out_of_reach_of_scripts() {
    let (server, _directory) = start().await;
    let answer = server.call(&OpenSession { body: NewSession::default() }, None).await;
    let cookie = answer.header("set-cookie");
    let (name, rest) = cookie.split_once('=').unwrap();
    assert_eq!(name, "__Host-cabildo");
    let (token, attributes) = rest.split_once("; ").unwrap();
    assert_eq!(token.len(), 43, "256 bits");
    assert_eq!(attributes, "Path=/; Secure; HttpOnly; SameSite=Lax; Max-Age=34560000");
    assert_eq!(answer.header("cache-control"), "private, no-store");
}

#[tokio::test]
async fn a_caller_who_has_a_session_keeps_it() {
    let (server, _directory) = start().await;
    let cookie = server.somebody(false).await;
    let first: CurrentSession = server.call(&GetSession, Some(&cookie)).await.json();
    let answer = server.call(&OpenSession { body: NewSession::default() }, Some(&cookie)).await;
    assert!(answer.header("set-cookie").starts_with(&cookie));
    assert_eq!(Some(answer.json::<Session>()), first.session);
}

#[tokio::test]
async fn an_ended_session_is_nobodys_and_what_was_posted_stays() {
    let (server, _directory) = start().await;
    let cookie = server.somebody(false).await;
    server.comment(&cookie, "Se queda").await;
    let answer = server.call(&EndSession, Some(&cookie)).await;
    assert!(answer.header("set-cookie").contains("Max-Age=0"));
    assert_eq!(server.call(&GetSession, Some(&cookie)).await.json::<CurrentSession>().session, None);
    assert_eq!(server.call(&EndSession, Some(&cookie)).await.status, 200);
    let path = format!("/api/v1/proposals/{}/comments", server.proposal());
    assert!(server.get(&path).await.text().contains("Se queda"));
}

#[tokio::test]
async fn the_database_alone_opens_no_session() {
    let (server, directory) = start().await;
    let cookie = server.somebody(false).await;
    let token = cookie.split_once('=').unwrap().1;
    for entry in std::fs::read_dir(directory.path()).unwrap() {
        let bytes = std::fs::read(entry.unwrap().path()).unwrap();
        assert!(!bytes.windows(token.len()).any(|window| window == token.as_bytes()));
    }
}

#[tokio::test]
async fn a_strange_cookie_is_no_session() {
    let (server, _directory) = start().await;
    for cookie in ["__Host-cabildo=", "__Host-cabildo=x", "other=1", "__Host-cabildo=../../x;;;", "="] {
        assert_eq!(
            server.call(&GetSession, Some(cookie)).await.json::<CurrentSession>().session,
            None,
            "{cookie}"
        );
    }
}

#[tokio::test]
async fn a_page_of_this_site_may_write_and_one_of_another_may_not() {
    let (server, _directory) = start().await;
    let send = async |headers: &[(&str, &str)]| {
        server.send("POST", "/api/v1/session", headers, Some("{}")).await.status.as_u16()
    };
    assert_eq!(send(&[("sec-fetch-site", "same-origin")]).await, 200);
    assert_eq!(send(&[("sec-fetch-site", "none")]).await, 200);
    assert_eq!(send(&[("origin", "http://here.example:8080"), ("host", "here.example:8080")]).await, 200);
    assert_eq!(send(&[("sec-fetch-site", "same-site")]).await, 403);
    assert_eq!(send(&[("origin", "null"), ("host", "here.example")]).await, 403);
    assert_eq!(send(&[("origin", "http://here.example:81"), ("host", "here.example:80")]).await, 403);
}
