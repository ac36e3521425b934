//! Answers to comments, through the router as an entity gives them.

use crate::harness::{CONSULTATION, PROCESS, PROCESS_FILE, Server, open, slug, start};
use crate::importing::import;
use cabildo_contract::answer::{
    About, Answer, AnswerComment, Answered, Answers, Contribution, Effect, ListContributions, NewAnswer,
};
use cabildo_contract::comment::{
    Comment, DeleteComment, ListComments, NewComment, PostComment, Stance, Thread,
};
use cabildo_contract::id::{CommentId, OptionId};
use cabildo_contract::page::Page;
use cabildo_contract::statistics::{GetStatistics, Statistics};
use cabildo_contract::tally::{Count, GetResults, Results};
use cabildo_server::clock::Clock;
use cabildo_server::figures;
use cabildo_server::storage::sqlite::Options;

async fn answer(server: &Server, comment: &CommentId, text: &str) -> Answer {
    let body = NewAnswer { effect: Effect::Adopted, text: text.to_owned() };
    let endpoint = AnswerComment { comment: comment.clone(), body };
    server.at_desk(&endpoint, &server.desk_key("Alcaldía de Palmira")).await.json()
}

async fn contributions(server: &Server, answer: Answered) -> Page<Contribution> {
    let list = ListContributions { process: slug(PROCESS), answer, cursor: String::new() };
    server.call(&list, None).await.json()
}

async fn answers(server: &Server) -> Answers {
    let statistics: Statistics = server.call(&GetStatistics { process: slug(PROCESS) }, None).await.json();
    statistics.answers
}

async fn thread(server: &Server) -> Thread {
    let list = ListComments { subject: server.proposal(), cursor: String::new() };
    let mut page: Page<Thread> = server.call(&list, None).await.json();
    page.items.remove(0)
}

#[tokio::test]
async fn a_comment_waits_until_an_entity_answers_it_and_the_wait_is_counted() {
    let (server, directory) = start().await;
    let author = server.somebody(false).await;
    let comment = server.comment(&author, "¿Y los plazos?").await;
    let pending = contributions(&server, Answered::Pending).await;
    assert_eq!(pending.items.len(), 1);
    assert!(matches!(&pending.items[0].about, About::Proposal { id, .. } if *id == server.proposal()));
    assert_eq!(answers(&server).await.pending, Count { total: 1, simulated: 0 });

    server.clock.advance(2 * 86_400);
    let given = answer(&server, &comment.id, "Se añadió un plazo de seis meses.").await;
    assert_eq!((given.entity.as_str(), given.edited_at), ("Alcaldía de Palmira", None));
    assert_eq!(thread(&server).await.answer, Some(given.clone()));
    assert!(contributions(&server, Answered::Pending).await.items.is_empty());
    assert_eq!(contributions(&server, Answered::Answered).await.items[0].answer, Some(given));

    // Mending the words is no second answer, and does not make the wait longer.
    server.clock.advance(86_400);
    let mended = answer(&server, &comment.id, "Se añadió un plazo de **seis** meses.").await;
    assert!(mended.edited_at.is_some());
    let counted = answers(&server).await;
    assert_eq!(counted.answered, Count { total: 1, simulated: 0 });
    assert_eq!(counted.median_seconds, Some(2 * 86_400));

    // What was answered counts the same after a restart.
    drop(server);
    let server = open(directory.path(), Options::default()).await;
    assert_eq!(answers(&server).await, counted);
}

#[tokio::test]
async fn a_deleted_comment_takes_its_answer_along() {
    let (server, _directory) = start().await;
    let author = server.somebody(false).await;
    let comment = server.comment(&author, "Me retracto").await;
    answer(&server, &comment.id, "Gracias.").await;
    let gone: Comment =
        server.call(&DeleteComment { comment: comment.id.clone() }, Some(&author)).await.json();
    assert_eq!(gone.text, None);
    assert_eq!(answers(&server).await, Answers::default());
    assert!(contributions(&server, Answered::Answered).await.items.is_empty());
}

#[tokio::test]
async fn a_candidacy_is_commented_on_apart_from_every_proposal() {
    let (server, directory) = start().await;
    let somebody = server.somebody(false).await;
    let option: OptionId = server.consultation().await.options[2].id.clone();
    let body = NewComment { stance: Stance::For, text: "Conozco su trabajo.".to_owned() };
    let post = PostComment { subject: option.clone(), body };
    let posted: Comment = server.call(&post, Some(&somebody)).await.json();
    let list = ListComments { subject: option.clone(), cursor: String::new() };
    let page: Page<Thread> = server.call(&list, None).await.json();
    assert_eq!(page.items[0].comment.id, posted.id);
    assert_eq!(server.consultation().await.options[2].comments.total, 1);
    assert_eq!(server.consultation().await.options[1].comments.total, 0);
    let results: Results = server.call(&GetResults { consultation: slug(CONSULTATION) }, None).await.json();
    assert_eq!(results.comments.unwrap().pending.total, 1);
    let csv = server.get(&format!("/api/v1/processes/{PROCESS}/export/comments.csv")).await.text();
    assert!(csv.contains(option.as_str()), "{csv}");

    let statistics: Statistics = server.call(&GetStatistics { process: slug(PROCESS) }, None).await.json();
    assert_eq!((statistics.comments.total, statistics.people.total), (1, 1));
    let rebuilt = server.app.storage.load_board().await.unwrap();
    let entry = server.app.catalogue.process(PROCESS).unwrap();
    let now = server.clock.now();
    assert_eq!(figures::statistics(entry, &rebuilt, now), statistics);

    // An option that people have commented on does not vanish with the next import.
    drop(server);
    let mut file: serde_json::Value = serde_json::from_str(PROCESS_FILE).unwrap();
    file["consultations"][3]["options"].as_array_mut().unwrap().remove(2);
    let error = import(directory.path(), &file.to_string()).await.unwrap_err().to_string();
    assert!(error.contains("/consultations/3/options"), "{error}");
}
