//! Commenting.

use crate::harness::{Server, number, start};
use cabildo_contract::comment::{
    Comment, DeleteComment, EditComment, ListComments, NewReport, NewText, PostReply, Report, ReportComment,
    ReportReason, Thread,
};
use cabildo_contract::page::Page;
use cabildo_contract::problem::FieldProblemKind;
use cabildo_contract::proposal::{GetProposal, Proposal};

async fn list(server: &Server, cursor: &str) -> Page<Thread> {
    server.call(&ListComments { subject: server.proposal(), cursor: cursor.to_owned() }, None).await.json()
}

async fn count(server: &Server) -> u64 {
    let proposal: Proposal = server.call(&GetProposal { proposal: server.proposal() }, None).await.json();
    proposal.head.comments.total
}

async fn reply(server: &Server, cookie: &str, comment: &Comment) -> Comment {
    let body = NewText { text: "Yo también.".to_owned() };
    server.call(&PostReply { comment: comment.id.clone(), body }, Some(cookie)).await.json()
}

#[tokio::test]
async fn comments_are_listed_newest_first_with_replies_oldest_first() {
    let (server, _directory) = start().await;
    let cookie = server.somebody(false).await;
    let first = server.comment(&cookie, "Primero").await;
    server.clock.advance(1);
    let second = server.comment(&cookie, "Segundo").await;
    let early = reply(&server, &cookie, &first).await;
    server.clock.advance(1);
    let late = reply(&server, &cookie, &first).await;
    let page = list(&server, "").await;
    let ids: Vec<_> = page.items.iter().map(|thread| &thread.comment.id).collect();
    assert_eq!(ids, [&second.id, &first.id]);
    let replies: Vec<_> = page.items[1].replies.iter().map(|reply| &reply.id).collect();
    assert_eq!(replies, [&early.id, &late.id]);
    assert_eq!(count(&server).await, 4);
}

#[tokio::test]
async fn a_comment_that_arrives_meanwhile_neither_repeats_nor_hides_another() {
    let (server, _directory) = start().await;
    let cookie = server.somebody(false).await;
    for n in 0..5 {
        server.comment(&cookie, &format!("Comentario {n}")).await;
        // Two at the same instant: their ids decide.
        server.clock.advance(n % 2);
    }
    let path =
        |cursor: &str| format!("/api/v1/proposals/{}/comments?limit=2&cursor={cursor}", server.proposal());
    let mut seen = Vec::new();
    let mut cursor = String::new();
    loop {
        let page: Page<Thread> = server.get(&path(&cursor)).await.json();
        seen.extend(page.items.into_iter().map(|thread| thread.comment.text.unwrap()));
        server.comment(&cookie, "Llegó mientras tanto").await;
        match page.next {
            Some(next) => cursor = next,
            None => break,
        }
    }
    seen.sort();
    assert_eq!(seen, ["Comentario 0", "Comentario 1", "Comentario 2", "Comentario 3", "Comentario 4"]);
}

#[tokio::test]
async fn a_deleted_comment_keeps_its_place_only_while_replies_stand() {
    let (server, _directory) = start().await;
    let cookie = server.somebody(false).await;
    let comment = server.comment(&cookie, "Con respuesta").await;
    let alone = server.comment(&cookie, "Sin respuesta").await;
    let answer = reply(&server, &cookie, &comment).await;
    for id in [&comment.id, &alone.id] {
        let deleted: Comment =
            server.call(&DeleteComment { comment: id.clone() }, Some(&cookie)).await.json();
        assert_eq!((deleted.text, deleted.author), (None, None));
    }
    let page = list(&server, "").await;
    assert_eq!(page.items.len(), 1);
    assert_eq!(page.items[0].comment.text, None);
    assert_eq!(page.items[0].comment.author, None);
    assert_eq!(page.items[0].replies.len(), 1);
    assert_eq!(count(&server).await, 1);
    server.call(&DeleteComment { comment: answer.id }, Some(&cookie)).await.json::<Comment>();
    assert!(list(&server, "").await.items.is_empty());
    assert_eq!(count(&server).await, 0);
}

#[tokio::test]
async fn deleting_twice_changes_nothing() {
    let (server, _directory) = start().await;
    let cookie = server.somebody(false).await;
    let comment = server.comment(&cookie, "Adiós").await;
    let delete = DeleteComment { comment: comment.id };
    let first: Comment = server.call(&delete, Some(&cookie)).await.json();
    let sequence = server.app.live.as_of().sequence;
    server.clock.advance(7200);
    assert_eq!(server.call(&delete, Some(&cookie)).await.json::<Comment>(), first);
    assert_eq!(server.app.live.as_of().sequence, sequence);
}

#[tokio::test]
async fn a_text_is_cleaned_and_its_length_is_checked() {
    let (server, _directory) = start().await;
    let cookie = server.somebody(false).await;
    assert_eq!(server.comment(&cookie, "  Hola\r\n\u{0}mundo ").await.text.as_deref(), Some("Hola\nmundo"));
    let path = format!("/api/v1/proposals/{}/comments", server.proposal());
    for (text, kind) in
        [("   ".to_owned(), FieldProblemKind::Required), ("ñ".repeat(2001), FieldProblemKind::TooLong)]
    {
        let body = serde_json::json!({ "stance": "for", "text": text }).to_string();
        let problem = server.send("POST", &path, &[("cookie", &cookie)], Some(&body)).await.problem();
        assert_eq!((problem.fields[0].pointer.as_str(), problem.fields[0].kind), ("/text", kind));
    }
    let body = r#"{"stance":"perhaps","text":"x"}"#;
    let problem = server.send("POST", &path, &[("cookie", &cookie)], Some(body)).await.problem();
    assert_eq!((problem.fields[0].pointer.as_str(), problem.status), ("/stance", 422));
    assert_eq!(count(&server).await, 1);
}

#[tokio::test]
async fn an_edit_is_seen_and_dated() {
    let (server, _directory) = start().await;
    let cookie = server.somebody(false).await;
    let comment = server.comment(&cookie, "Anets").await;
    server.clock.advance(1799);
    let body = NewText { text: "Antes".to_owned() };
    let edited: Comment = server.call(&EditComment { comment: comment.id, body }, Some(&cookie)).await.json();
    assert_eq!(edited.text.as_deref(), Some("Antes"));
    assert!(edited.edited_at.is_some());
    assert_eq!(list(&server, "").await.items[0].comment, edited);
}

#[tokio::test]
async fn a_repeated_request_with_a_key_posts_once_and_a_deleted_answer_quotes_nothing() {
    let (server, _directory) = start().await;
    let cookie = server.somebody(false).await;
    let path = format!("/api/v1/proposals/{}/comments", server.proposal());
    let headers = [("cookie", cookie.as_str()), ("idempotency-key", "k1")];
    let body = Some(r#"{"stance":"neutral","text":"Una sola vez"}"#);
    let first: Comment = server.send("POST", &path, &headers, body).await.json();
    assert_eq!(server.send("POST", &path, &headers, body).await.json::<Comment>(), first);
    assert_eq!(count(&server).await, 1);

    // Another person's key is another key.
    let other = server.somebody(false).await;
    let theirs = [("cookie", other.as_str()), ("idempotency-key", "k1")];
    assert_ne!(server.send("POST", &path, &theirs, body).await.json::<Comment>().id, first.id);

    let gone: Comment = server.call(&DeleteComment { comment: first.id }, Some(&cookie)).await.json();
    let again = server.send("POST", &path, &headers, body).await;
    assert!(!again.text().contains("Una sola vez"), "{}", again.text());
    assert_eq!(again.json::<Comment>(), gone);
}

#[tokio::test]
async fn a_key_is_known_for_as_long_as_the_session_that_could_repeat_it() {
    let (server, directory) = start().await;
    let cookie = server.somebody(false).await;
    let path = format!("/api/v1/proposals/{}/comments", server.proposal());
    let body = Some(r#"{"stance":"neutral","text":"Otra vez"}"#);
    let post = async |key: &str| {
        let headers = [("cookie", cookie.as_str()), ("idempotency-key", key)];
        server.send("POST", &path, &headers, body).await.json::<Comment>().id
    };
    let first = post("k1").await;
    server.clock.advance(400 * 24 * 60 * 60);
    assert_eq!(post("k1").await, first, "400 days later to the second");
    server.clock.advance(1);
    post("k2").await;
    assert_ne!(post("k1").await, first);
    assert_eq!(number(directory.path(), "SELECT count(*) FROM idempotency"), 2);
}

#[tokio::test]
async fn a_second_report_by_the_same_person_replaces_the_first() {
    let (server, directory) = start().await;
    let (author, other) = (server.somebody(false).await, server.somebody(false).await);
    let comment = server.comment(&author, "Compre aquí").await;
    for reason in [ReportReason::Abuse, ReportReason::Spam] {
        let body = NewReport { reason, note: " Es publicidad ".to_owned() };
        let report: Report =
            server.call(&ReportComment { comment: comment.id.clone(), body }, Some(&other)).await.json();
        assert_eq!(report.reason, reason);
    }
    let sql = "SELECT count(*) FROM report WHERE reason = 'spam' AND note = 'Es publicidad'";
    assert_eq!(number(directory.path(), sql), 1);
    assert_eq!(number(directory.path(), "SELECT count(*) FROM report"), 1);
}
