//! Moderation, through the router as people, moderators and everybody else meet it.

use crate::harness::{PROCESS, PROCESS_FILE, Server, open, slug, start};
use crate::importing::import;
use cabildo_contract::answer::{AnswerComment, Answers, Effect, NewAnswer};
use cabildo_contract::comment::{
    Comment, DeleteComment, EditComment, ListComments, Moderation, NewReport, NewText, PostReply,
    ReportComment, ReportReason, Thread,
};
use cabildo_contract::id::CommentId;
use cabildo_contract::moderation::{
    Case, DecideComment, Decided, Decision, ListCases, ListOwnComments, ModerationCounts, NewDecision,
    OwnComment, Queue, ReportCount,
};
use cabildo_contract::page::Page;
use cabildo_contract::problem::{FieldProblemKind, ProblemKind};
use cabildo_contract::process::RemoveSimulation;
use cabildo_contract::statistics::{GetStatistics, Statistics, Table};
use cabildo_contract::tally::Count;
use cabildo_server::clock::Clock;
use cabildo_server::desk::Role;
use cabildo_server::figures;
use cabildo_server::storage::sqlite::Options;
use tempfile::TempDir;

async fn cases(server: &Server, queue: Queue) -> Vec<Case> {
    let list = ListCases { process: slug(PROCESS), queue, cursor: String::new() };
    server.at_desk(&list, &server.moderator_key("Ana")).await.json::<Page<Case>>().items
}

async fn ids(server: &Server, queue: Queue) -> Vec<CommentId> {
    cases(server, queue).await.into_iter().map(|case| case.comment.id).collect()
}

fn decision(comment: &CommentId, decision: Decision, reason: &str) -> DecideComment {
    let body = NewDecision { decision, reason: reason.to_owned() };
    DecideComment { comment: comment.clone(), body }
}

async fn decide(server: &Server, comment: &CommentId, what: Decision, reason: &str) -> Decided {
    server.at_desk(&decision(comment, what, reason), &server.moderator_key("Ana")).await.json()
}

async fn report(server: &Server, cookie: &str, comment: &CommentId, reason: ReportReason, note: &str) {
    let body = NewReport { reason, note: note.to_owned() };
    let request = ReportComment { comment: comment.clone(), body };
    server.call(&request, Some(cookie)).await.json::<serde_json::Value>();
}

async fn threads(server: &Server) -> Vec<Thread> {
    let list = ListComments { subject: server.proposal(), cursor: String::new() };
    server.call(&list, None).await.json::<Page<Thread>>().items
}

async fn own(server: &Server, cookie: &str) -> Vec<OwnComment> {
    server.call(&ListOwnComments, Some(cookie)).await.json::<Page<OwnComment>>().items
}

async fn statistics(server: &Server) -> Statistics {
    server.call(&GetStatistics { process: slug(PROCESS) }, None).await.json()
}

async fn counts(server: &Server) -> ModerationCounts {
    statistics(server).await.moderation
}

/// Reported, waiting, hidden, kept.
fn totals(counts: ModerationCounts) -> [u64; 4] {
    let ModerationCounts { reported, waiting, hidden, kept } = counts;
    [reported, waiting, hidden, kept].map(|count| count.total)
}

async fn reply(server: &Server, cookie: &str, comment: &CommentId, text: &str) -> Comment {
    let body = NewText { text: text.to_owned() };
    server.call(&PostReply { comment: comment.clone(), body }, Some(cookie)).await.json()
}

/// A server whose process has first comments wait for approval.
async fn careful() -> (Server, TempDir) {
    let directory = TempDir::new().unwrap();
    let mut file: serde_json::Value = serde_json::from_str(PROCESS_FILE).unwrap();
    file["moderation"] = serde_json::json!({ "first_comments": "approve" });
    import(directory.path(), &file.to_string()).await.unwrap();
    (open(directory.path(), Options::default()).await, directory)
}

#[tokio::test]
async fn only_the_key_of_a_moderator_of_this_process_opens_the_queue_until_it_ends() {
    let (server, _directory) = start().await;
    let author = server.somebody(false).await;
    let comment = server.comment(&author, "Hola").await.id;
    let list = ListCases { process: slug(PROCESS), queue: Queue::Open, cursor: String::new() };
    let key = server.moderator_key("Ana");
    let end = server.clock.now().plus_seconds(60);
    let elsewhere = server.app.desks.key(Role::Moderator, &slug("otro-proceso"), "Ana", end).unwrap();
    for bad in ["", "forged.key", &server.desk_key("Alcaldía"), &elsewhere] {
        assert_eq!(server.at_desk(&list, bad).await.refused(), ProblemKind::ModeratorKeyRequired, "{bad}");
        let hide = decision(&comment, Decision::Hide, "Porque sí");
        assert_eq!(server.at_desk(&hide, bad).await.refused(), ProblemKind::ModeratorKeyRequired, "{bad}");
    }
    // Nor does it open the desk of an entity.
    let body = NewAnswer { effect: Effect::Noted, text: "Gracias.".to_owned() };
    let answer = AnswerComment { comment, body };
    assert_eq!(server.at_desk(&answer, &key).await.refused(), ProblemKind::DeskKeyRequired);
    let answer = server.at_desk(&list, &key).await;
    assert_eq!((answer.status.as_u16(), answer.header("cache-control")), (200, "private, no-store"));
    server.clock.advance(24 * 60 * 60);
    assert_eq!(server.at_desk(&list, &key).await.refused(), ProblemKind::ModeratorKeyRequired);
}

#[tokio::test]
async fn the_queue_is_by_first_report_and_says_what_was_reported_without_saying_by_whom() {
    let (server, _directory) = start().await;
    let (author, one, two) =
        (server.somebody(false).await, server.somebody(false).await, server.somebody(false).await);
    let mut comments = Vec::new();
    for text in ["Primero", "Segundo", "Tercero"] {
        comments.push(server.comment(&author, text).await);
        server.clock.advance(1);
    }
    let replied = reply(&server, &author, &comments[0].id, "Una respuesta").await;
    for comment in [&comments[2], &comments[0], &replied] {
        server.clock.advance(1);
        report(&server, &one, &comment.id, ReportReason::Spam, "").await;
    }
    server.clock.advance(1);
    report(&server, &two, &comments[2].id, ReportReason::Abuse, "  Me insulta  ").await;

    let queue = cases(&server, Queue::Open).await;
    let order: Vec<_> = queue.iter().map(|case| &case.comment.id).collect();
    assert_eq!(order, [&comments[2].id, &comments[0].id, &replied.id]);
    let first = &queue[0];
    assert_eq!(first.comment, comments[2]);
    assert_eq!(first.about.title(), server.app.catalogue.process(PROCESS).unwrap().proposals[0].head.title);
    let count = |reason, notes: &[&str]| {
        let notes = notes.iter().map(|note| (*note).to_owned()).collect();
        ReportCount { reason, reports: 1, notes }
    };
    assert_eq!(first.reports, [count(ReportReason::Abuse, &["Me insulta"]), count(ReportReason::Spam, &[])]);
    assert_eq!((first.parent.as_ref(), queue[2].parent.as_ref()), (None, Some(&comments[0].id)));
    assert_eq!(totals(counts(&server).await), [3, 0, 0, 0]);

    // A page at a time; what is decided meanwhile neither repeats nor hides another.
    let key = server.moderator_key("Ana");
    let path = |cursor: &str| format!("/api/v1/processes/{PROCESS}/moderation?limit=1&cursor={cursor}");
    let key = format!("Bearer {key}");
    let headers = [("authorization", key.as_str())];
    let mut seen = Vec::new();
    let mut cursor = String::new();
    loop {
        let page: Page<Case> = server.send("GET", &path(&cursor), &headers, None).await.json();
        for case in page.items {
            decide(&server, &case.comment.id, Decision::Keep, "Es una opinión").await;
            seen.push(case.comment.id);
        }
        match page.next {
            Some(next) => cursor = next,
            None => break,
        }
    }
    assert_eq!(seen, [comments[2].id.clone(), comments[0].id.clone(), replied.id.clone()]);
    assert!(ids(&server, Queue::Open).await.is_empty());
    seen.reverse();
    assert_eq!(ids(&server, Queue::Decided).await, seen);
    let odd = format!("/api/v1/processes/{PROCESS}/moderation?queue=all");
    let problem = server.send("GET", &odd, &headers, None).await.problem();
    assert_eq!((problem.kind, problem.fields[0].pointer.as_str()), (ProblemKind::InvalidParameter, "?queue"));
}

#[tokio::test]
async fn a_hidden_comment_keeps_its_place_and_its_replies_and_only_its_author_reads_what_it_said() {
    let (server, _directory) = start().await;
    let (author, other) = (server.somebody(false).await, server.somebody(false).await);
    let comment = server.comment(&author, "El teléfono de mi vecina es 555-0134").await;
    let replied = reply(&server, &other, &comment.id, "Bórrelo").await;
    report(&server, &other, &comment.id, ReportReason::PersonalData, "").await;
    server.clock.advance(60);
    let decided = decide(&server, &comment.id, Decision::Hide, "  Datos de otra persona  ").await;
    assert_eq!((decided.moderator.as_str(), decided.reason.as_str()), ("Ana", "Datos de otra persona"));

    let hidden =
        Moderation::Hidden { reason: "Datos de otra persona".to_owned(), decided_at: server.clock.now() };
    let path = format!("/api/v1/proposals/{}/comments", server.proposal());
    for cookie in [None, Some(other.as_str()), Some(author.as_str())] {
        let headers: Vec<_> = cookie.map(|cookie| ("cookie", cookie)).into_iter().collect();
        let answer = server.send("GET", &path, &headers, None).await;
        assert!(!answer.text().contains("555-0134"), "the list is the same for everybody");
        let thread = answer.json::<Page<Thread>>().items.remove(0);
        assert_eq!((&thread.comment.text, &thread.comment.author), (&None, &None));
        assert_eq!(thread.comment.moderation.as_ref(), Some(&hidden));
        assert_eq!(thread.replies, std::slice::from_ref(&replied));
    }
    let mine = own(&server, &author).await;
    assert_eq!(mine[0].comment, Comment { moderation: Some(hidden), ..comment.clone() });
    assert!(own(&server, &other).await.is_empty());
    assert!(server.call(&ListOwnComments, None).await.json::<Page<OwnComment>>().items.is_empty());
    let case = cases(&server, Queue::Decided).await.remove(0);
    assert_eq!((case.comment.text, case.decisions), (comment.text.clone(), vec![decided]));
    for table in Table::ALL {
        let table = server.get(&table.path(&slug(PROCESS))).await.text();
        assert!(!table.contains("555-0134"), "{table}");
    }

    // A reply is hidden alike.
    decide(&server, &replied.id, Decision::Hide, "Fuera de lugar").await;
    let shown = threads(&server).await.remove(0).replies.remove(0);
    assert_eq!((shown.text, shown.author), (None, None));
    assert!(
        matches!(shown.moderation, Some(Moderation::Hidden { reason, .. }) if reason == "Fuera de lugar")
    );
}

#[tokio::test]
async fn what_is_hidden_is_not_counted_and_what_is_shown_again_is_also_after_a_restart() {
    let (server, directory) = start().await;
    let (author, other) = (server.somebody(false).await, server.somebody(false).await);
    let comment = server.comment(&author, "Faltan plazos").await.id;
    let replied = reply(&server, &other, &comment, "Sí").await.id;
    let body = NewAnswer { effect: Effect::Adopted, text: "Se añadieron.".to_owned() };
    let answer = AnswerComment { comment: comment.clone(), body };
    server.at_desk(&answer, &server.desk_key("Alcaldía")).await.json::<serde_json::Value>();
    report(&server, &other, &comment, ReportReason::OffTopic, "").await;
    let before = statistics(&server).await;
    assert_eq!((before.comments.total, before.people.total, before.answers.answered.total), (2, 2, 1));
    assert_eq!(totals(before.moderation), [1, 0, 0, 0]);

    for (id, what) in [(&comment, Decision::Hide), (&replied, Decision::Hide)] {
        decide(&server, id, what, "Porque sí").await;
    }
    let hidden = statistics(&server).await;
    assert_eq!((hidden.comments.total, hidden.people.total), (0, 0));
    assert_eq!((hidden.answers, totals(hidden.moderation)), (Answers::default(), [0, 0, 2, 0]));
    assert!(hidden.top.discussion.is_empty());
    assert_eq!(threads(&server).await[0].answer, None);
    assert_eq!(hidden.days, before.days, "what arrived has arrived");
    for id in [&comment, &replied] {
        decide(&server, id, Decision::Keep, "Me equivoqué").await;
    }
    let shown = statistics(&server).await;
    assert_eq!(
        (shown.comments, shown.people, shown.answers),
        (before.comments, before.people, before.answers)
    );
    assert_eq!((&shown.days, &shown.top), (&before.days, &before.top));
    assert_eq!(totals(shown.moderation), [0, 0, 0, 2]);
    assert!(threads(&server).await[0].answer.is_some());
    decide(&server, &replied, Decision::Hide, "Ahora sí").await;

    let expected = statistics(&server).await;
    let rebuilt = server.app.storage.load_board().await.unwrap();
    let entry = server.app.catalogue.process(PROCESS).unwrap();
    assert_eq!(figures::statistics(entry, &rebuilt, server.clock.now()), expected);
    drop(server);
    let server = open(directory.path(), Options::default()).await;
    assert_eq!(counts(&server).await, expected.moderation);
    let csv = server.get(&Table::Moderation.path(&slug(PROCESS))).await.text();
    assert!(csv.contains("hidden,1,0") && csv.contains("kept,1,0"), "{csv}");
}

#[tokio::test]
async fn a_report_after_a_decision_opens_the_case_again_and_every_decision_stays_on_record() {
    let (server, _directory) = start().await;
    let (author, other) = (server.somebody(false).await, server.somebody(false).await);
    let comment = server.comment(&author, "Discutible").await.id;
    // No report is needed: a moderator may decide about any comment.
    decide(&server, &comment, Decision::Hide, "Uno").await;
    decide(&server, &comment, Decision::Keep, "Dos").await;
    assert_eq!(totals(counts(&server).await), [0, 0, 0, 1]);
    for _ in 0..2 {
        report(&server, &other, &comment, ReportReason::Abuse, "Otra vez").await;
        assert_eq!(totals(counts(&server).await), [1, 0, 0, 0]);
        let case = cases(&server, Queue::Open).await.remove(0);
        assert_eq!(case.reports[0].reports, 1);
        assert!(ids(&server, Queue::Decided).await.is_empty());
        decide(&server, &comment, Decision::Keep, "Dos").await;
        assert_eq!(totals(counts(&server).await), [0, 0, 0, 1]);
    }
    let case = cases(&server, Queue::Decided).await.remove(0);
    let reasons: Vec<_> = case.decisions.iter().map(|decided| decided.reason.as_str()).collect();
    assert_eq!((reasons, case.reports), (vec!["Uno", "Dos", "Dos", "Dos"], Vec::new()));
}

#[tokio::test]
async fn deciding_the_same_again_changes_nothing() {
    let (server, _directory) = start().await;
    let author = server.somebody(false).await;
    let comment = server.comment(&author, "Hola").await.id;
    let first = decide(&server, &comment, Decision::Hide, "Porque sí").await;
    let sequence = server.app.live.as_of().sequence;
    server.clock.advance(60);
    assert_eq!(decide(&server, &comment, Decision::Hide, " Porque sí ").await, first);
    assert_eq!(server.app.live.as_of().sequence, sequence);
    // Another reason is another decision.
    decide(&server, &comment, Decision::Hide, "Por otra cosa").await;
    assert_eq!(cases(&server, Queue::Decided).await[0].decisions.len(), 2);
    assert_eq!(totals(counts(&server).await), [0, 0, 1, 0]);
}

#[tokio::test]
async fn a_decision_needs_a_reason_of_at_most_500_characters() {
    let (server, _directory) = start().await;
    let author = server.somebody(false).await;
    let comment = server.comment(&author, "Hola").await.id;
    let key = server.moderator_key("Ana");
    for (reason, kind) in
        [(" ".to_owned(), FieldProblemKind::Required), ("ñ".repeat(501), FieldProblemKind::TooLong)]
    {
        let problem = server.at_desk(&decision(&comment, Decision::Hide, &reason), &key).await.problem();
        assert_eq!((problem.fields[0].pointer.as_str(), problem.fields[0].kind), ("/reason", kind));
    }
    assert!(threads(&server).await[0].comment.stands());
}

#[tokio::test]
async fn an_author_may_delete_what_was_hidden_and_then_nothing_is_left_to_decide() {
    let (server, _directory) = start().await;
    let author = server.somebody(false).await;
    let comment = server.comment(&author, "Me retracto").await.id;
    decide(&server, &comment, Decision::Hide, "Ofende").await;
    let gone: Comment = server.call(&DeleteComment { comment: comment.clone() }, Some(&author)).await.json();
    assert_eq!((gone.text, gone.moderation), (None, None));
    assert!(threads(&server).await.is_empty() && own(&server, &author).await.is_empty());
    assert!(ids(&server, Queue::Decided).await.is_empty());
    let counted = statistics(&server).await;
    assert_eq!((totals(counted.moderation), counted.comments.total), ([0; 4], 0));
}

#[tokio::test]
async fn the_first_comments_of_somebody_new_wait_unseen_until_one_is_approved() {
    let (server, directory) = careful().await;
    let (author, other) = (server.somebody(false).await, server.somebody(false).await);
    let before = statistics(&server).await;
    let comment = server.comment(&author, "Mi primera vez").await;
    assert_eq!(
        (comment.moderation.as_ref(), comment.text.as_deref()),
        (Some(&Moderation::Waiting), Some("Mi primera vez"))
    );
    server.clock.advance(1);
    let second = server.comment(&author, "Y la segunda").await;
    assert_eq!(second.moderation, Some(Moderation::Waiting));

    // Nobody else is told of it, in any way.
    let path = format!("/api/v1/proposals/{}", server.proposal());
    for place in [
        format!("{path}/comments"),
        format!("/api/v1/processes/{PROCESS}/comments"),
        Table::Comments.path(&slug(PROCESS)),
    ] {
        let text = server.send("GET", &place, &[("cookie", &other)], None).await.text();
        assert!(!text.contains("primera") && !text.contains(comment.id.as_str()), "{place}: {text}");
    }
    for request in [
        server
            .call(
                &PostReply { comment: comment.id.clone(), body: NewText { text: "¿?".into() } },
                Some(&other),
            )
            .await,
        server
            .call(
                &ReportComment {
                    comment: comment.id.clone(),
                    body: NewReport { reason: ReportReason::Spam, note: String::new() },
                },
                Some(&other),
            )
            .await,
    ] {
        assert_eq!(request.refused(), ProblemKind::NotFound);
    }
    let waiting = statistics(&server).await;
    assert_eq!(
        (waiting.comments, waiting.people, &waiting.days),
        (before.comments, before.people, &before.days)
    );
    assert_eq!(totals(waiting.moderation), [0, 2, 0, 0]);
    let waits: Vec<_> = own(&server, &author).await.into_iter().map(|own| own.comment.id).collect();
    assert_eq!(waits, [second.id.clone(), comment.id.clone()]);

    // Its author may still mend it; the moderator reads it as it then is.
    let body = NewText { text: "Mi primera vez aquí".to_owned() };
    let edited: Comment =
        server.call(&EditComment { comment: comment.id.clone(), body }, Some(&author)).await.json();
    assert_eq!(edited.moderation, Some(Moderation::Waiting));
    assert_eq!(ids(&server, Queue::Open).await, [comment.id.clone(), second.id.clone()]);
    decide(&server, &comment.id, Decision::Keep, "Bienvenida").await;
    assert_eq!(threads(&server).await.len(), 1);
    let third = server.comment(&author, "La tercera").await;
    assert_eq!(third.moderation, None, "somebody with an approved comment waits no longer");
    let stranger = reply(&server, &other, &comment.id, "Hola").await;
    assert_eq!(stranger.moderation, Some(Moderation::Waiting), "replies wait alike");

    let counted = statistics(&server).await;
    assert_eq!((counted.comments.total, counted.people.total), (2, 1));
    assert_eq!(totals(counted.moderation), [0, 2, 0, 1]);
    let arrived: u32 = counted.days.iter().map(|day| day.comments).sum();
    assert_eq!(arrived, 2);
    drop(server);
    let server = open(directory.path(), Options::default()).await;
    let again = statistics(&server).await;
    assert_eq!(
        (again.comments, again.moderation, again.days),
        (counted.comments, counted.moderation, counted.days)
    );
}

#[tokio::test]
async fn a_first_comment_that_was_refused_leaves_no_trace_in_public() {
    let (server, _directory) = careful().await;
    let author = server.somebody(false).await;
    let comment = server.comment(&author, "Compre aquí").await.id;
    decide(&server, &comment, Decision::Hide, "Publicidad").await;
    assert!(threads(&server).await.is_empty());
    let mine = own(&server, &author).await.remove(0);
    assert!(
        matches!(mine.comment.moderation, Some(Moderation::Hidden { reason, .. }) if reason == "Publicidad")
    );
    assert_eq!(server.comment(&author, "Otra vez").await.moderation, Some(Moderation::Waiting));
    assert_eq!(totals(counts(&server).await), [0, 1, 1, 0]);
    // On second thoughts it is published, and arrives only now.
    decide(&server, &comment, Decision::Keep, "Era un mercado público").await;
    let counted = statistics(&server).await;
    assert_eq!((counted.comments.total, counted.days.iter().map(|day| day.comments).sum::<u32>()), (1, 1));
}

#[tokio::test]
async fn removing_the_simulation_takes_its_cases_and_its_reports_along() {
    let (server, directory) = start().await;
    let (real, robot) = (server.somebody(false).await, server.somebody(true).await);
    let mine = server.comment(&real, "De una persona").await.id;
    let theirs = server.comment(&robot, "Simulado").await.id;
    report(&server, &robot, &mine, ReportReason::Spam, "").await;
    report(&server, &real, &theirs, ReportReason::Spam, "").await;
    decide(&server, &theirs, Decision::Hide, "Simulado").await;
    let before = counts(&server).await;
    assert_eq!(before.hidden, Count { total: 1, simulated: 1 });
    assert_eq!(before.reported, Count { total: 1, simulated: 0 });
    server.call(&RemoveSimulation { process: slug(PROCESS) }, None).await.json::<serde_json::Value>();
    assert_eq!(totals(counts(&server).await), [0; 4]);
    assert!(ids(&server, Queue::Open).await.is_empty() && ids(&server, Queue::Decided).await.is_empty());
    drop(server);
    let server = open(directory.path(), Options::default()).await;
    assert_eq!((totals(counts(&server).await), threads(&server).await.len()), ([0; 4], 1));
}
