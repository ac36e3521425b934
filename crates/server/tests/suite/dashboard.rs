//! What a dashboard shows: where people live without giving anybody away, lists of proposals, pictures.

use crate::harness::{CONSULTATION, PROCESS, Server, open, slug, start};
use cabildo_contract::answer::{AnswerComment, Effect, NewAnswer};
use cabildo_contract::comment::{Comment, NewComment, PostComment, Stance};
use cabildo_contract::problem::{FieldProblemKind, ProblemKind};
use cabildo_contract::session::{CurrentSession, GetSession, Residence, Session, SetTerritory};
use cabildo_contract::statistics::{Picture, Statistics, Table, TableFormat};
use cabildo_contract::suppression::{K, STEP};
use cabildo_server::storage::sqlite::Options;

async fn statistics(server: &Server) -> Statistics {
    server.get(&format!("/api/v1/processes/{PROCESS}/statistics")).await.json()
}

pub fn lives(territory: Option<&str>) -> SetTerritory {
    SetTerritory { body: Residence { territory: territory.map(str::to_owned) } }
}

/// So many people who vote and say that they live there.
pub async fn crowd(server: &Server, people: usize, territory: Option<&str>) {
    for _ in 0..people {
        let cookie = server.somebody(false).await;
        server.cast(&cookie, &[0]).await;
        server.call(&lives(territory), Some(&cookie)).await.json::<Session>();
    }
}

pub async fn people_of(server: &Server, code: &str) -> Option<u64> {
    let statistics = statistics(server).await;
    statistics.people_by_territory.into_iter().find(|each| each.territory.code == code).unwrap().people
}

#[tokio::test]
async fn a_person_says_where_they_live_and_takes_it_back() {
    let (server, _directory) = start().await;
    let cookie = server.somebody(false).await;
    let said: Session = server.call(&lives(Some("15")), Some(&cookie)).await.json();
    assert_eq!(said.territory.as_deref(), Some("15"));
    let known: CurrentSession = server.call(&GetSession, Some(&cookie)).await.json();
    assert_eq!(known.session, Some(said));
    // Municipalities are too small; and no code at all is not the same as none.
    for wrong in ["15001", "00", "", "Boyacá"] {
        let problem = server.call(&lives(Some(wrong)), Some(&cookie)).await.problem();
        assert_eq!(problem.kind, ProblemKind::InvalidBody, "{wrong}");
        let field = &problem.fields[0];
        assert_eq!((field.pointer.as_str(), field.kind), ("/territory", FieldProblemKind::UnknownOption));
    }
    server.call(&lives(None), Some(&cookie)).await.json::<Session>();
    let known: CurrentSession = server.call(&GetSession, Some(&cookie)).await.json();
    assert_eq!(known.session.unwrap().territory, None);
}

#[tokio::test]
async fn departments_are_published_from_ten_people_on_and_the_others_say_that_they_are_withheld() {
    let (server, directory) = start().await;
    let empty = statistics(&server).await;
    assert_eq!(empty.people_by_territory.len(), 33);
    assert!(empty.people_by_territory.iter().all(|each| each.people.is_none()), "nobody is not zero people");
    crowd(&server, 27, Some("11")).await;
    crowd(&server, 13, Some("15")).await;
    crowd(&server, 9, Some("27")).await;
    crowd(&server, 3, None).await;
    assert_eq!(people_of(&server, "11").await, None, "nothing before it is published");
    server.app.publish_territories().await.unwrap();
    assert_eq!(people_of(&server, "11").await, Some(25));
    assert_eq!(people_of(&server, "15").await, Some(10));
    assert_eq!(people_of(&server, "27").await, None);
    // One more shows in the total at once, and not in the department.
    crowd(&server, 1, Some("27")).await;
    crowd(&server, 2, Some("11")).await;
    server.clock.advance(2 * 3600);
    server.app.publish_territories().await.unwrap();
    assert_eq!(statistics(&server).await.people.total, 55);
    assert_eq!(people_of(&server, "11").await, Some(25), "two are no crowd");
    assert_eq!(people_of(&server, "27").await, Some(10), "ten entered since nothing was decided");

    let csv = server.get(&Table::Territories.path(&slug(PROCESS))).await.text();
    assert!(csv.contains("\r\n11,\"Bogotá, D.C.\",25,false\r\n"), "{csv}");
    assert!(csv.contains("\r\n05,Antioquia,,true\r\n"), "{csv}");
    let lines = server.get(&Table::Territories.path_as(&slug(PROCESS), TableFormat::Ndjson)).await.text();
    assert!(
        lines.contains("{\"people\":null,\"territory\":\"Antioquia\"") || lines.contains("\"people\":null")
    );
    let path = Picture::People.path(&slug(PROCESS));
    let picture = server.get(&format!("{path}.svg")).await.text();
    assert!(picture.contains("Antioquia: reservado;") && picture.contains("Bogotá, D.C.: 25;"), "{picture}");
    assert!(!picture.contains("Antioquia: 0"));
    for each in statistics(&server).await.people_by_territory {
        assert!(each.people.is_none_or(|people| people >= K && people % STEP == 0));
    }

    // After a restart the same is published, and nothing early.
    drop(server);
    let server = open(directory.path(), Options::default()).await;
    assert_eq!(people_of(&server, "11").await, Some(25));
    assert_eq!(people_of(&server, "05").await, None);
}

#[tokio::test]
async fn where_all_others_would_leave_few_the_smallest_published_one_is_withheld_as_well() {
    let (server, _directory) = start().await;
    crowd(&server, 30, Some("11")).await;
    crowd(&server, 15, Some("15")).await;
    crowd(&server, 2, Some("27")).await;
    server.app.publish_territories().await.unwrap();
    // 47 people less 30 and 15 would leave two, in Chocó or silent.
    assert_eq!(people_of(&server, "11").await, Some(30));
    assert_eq!(people_of(&server, "15").await, None);
    assert_eq!(people_of(&server, "27").await, None);
}

async fn says(server: &Server, stance: Stance) -> Comment {
    let cookie = server.somebody(false).await;
    let body = NewComment { stance, text: "Una opinión.".to_owned() };
    server.call(&PostComment { subject: server.proposal(), body }, Some(&cookie)).await.json()
}

#[tokio::test]
async fn the_lists_of_proposals_tell_support_from_discussion_from_controversy() {
    let (server, _directory) = start().await;
    let top = statistics(&server).await.top;
    assert!(top.support.is_empty() && top.discussion.is_empty() && top.controversy.is_empty());
    let cookie = server.somebody(false).await;
    server.cast(&cookie, &[4, 2]).await;
    says(&server, Stance::For).await;
    let top = statistics(&server).await.top;
    assert_eq!(top.support.iter().map(|each| each.votes).collect::<Vec<_>>(), [1, 1]);
    assert_eq!(top.discussion.iter().map(|each| each.number).collect::<Vec<_>>(), [1]);
    assert!(top.controversy.is_empty(), "nobody against");
    says(&server, Stance::Against).await;
    says(&server, Stance::Neutral).await;
    let disputed = statistics(&server).await.top.controversy.remove(0);
    let stances = disputed.stances;
    assert_eq!((disputed.number, stances.favour, stances.against, stances.neutral), (1, 1, 1, 1));
}

#[tokio::test]
async fn every_view_is_a_picture_that_says_its_title_its_date_and_its_source() {
    let (server, _directory) = start().await;
    let results = Picture::Results(slug(CONSULTATION));
    let pictures = || Picture::ALL.into_iter().chain([results.clone()]);
    for life in [false, true] {
        if life {
            crowd(&server, 21, Some("88")).await;
            crowd(&server, 12, None).await;
            server.app.publish_territories().await.unwrap();
            says(&server, Stance::Against).await;
            let comment = says(&server, Stance::For).await.id;
            let body = NewAnswer { effect: Effect::Adopted, text: "Se añadió.".to_owned() };
            let key = server.desk_key("Alcaldía de Palmira");
            server.at_desk(&AnswerComment { comment, body }, &key).await.json::<serde_json::Value>();
        }
        for picture in pictures() {
            let path = picture.path(&slug(PROCESS));
            for (lang, date, source) in
                [("es", "1 de junio de 2026", "Fuente: Cabildo"), ("en", "June 1, 2026", "Source: Cabildo")]
            {
                let answer = server.get(&format!("{path}.svg?lang={lang}")).await;
                assert_eq!(answer.header("content-type"), "image/svg+xml");
                let svg = answer.text();
                assert!(svg.contains(date) && svg.contains(source), "{path} {lang}: {svg}");
                assert!(svg.contains("<title id=\"title\">") && svg.contains("IV Plan"), "{path} {lang}");
                assert!(!svg.contains("NaN") && !svg.contains("{0}"), "{path} {lang}");
            }
            if !life {
                continue;
            }
            let answer = server.get(&format!("{path}.png")).await;
            assert_eq!(answer.header("content-type"), "image/png");
            assert!(answer.body.starts_with(b"\x89PNG\r\n\x1a\n"), "{path}");
            // Width and height stand in the header of every PNG.
            assert_eq!(&answer.body[16..24], [0, 0, 4, 176, 0, 0, 2, 118], "1200 × 630");
        }
        let support = server.get(&format!("{}.svg", Picture::Support.path(&slug(PROCESS)))).await.text();
        assert_eq!(support.contains("Todavía no hay datos"), !life, "{support}");
    }
}

#[tokio::test]
async fn the_longest_name_of_a_department_fits_into_the_picture() {
    let (server, _directory) = start().await;
    crowd(&server, 25, Some("88")).await;
    crowd(&server, 12, None).await;
    server.app.publish_territories().await.unwrap();
    let svg = server.get(&format!("{}.svg", Picture::People.path(&slug(PROCESS)))).await.text();
    let said = "Archipiélago de San Andrés, Providencia y Santa Catalina: 25";
    assert!(svg.contains(said), "whole in the description");
    assert!(svg.contains(">Archipiélago de San Andrés, ") && svg.contains("…</text>"), "cut in the drawing");
}

#[tokio::test]
async fn a_picture_that_is_not_there_is_not_found_and_a_language_that_is_unknown_is_named() {
    let (server, _directory) = start().await;
    let base = format!("/api/v1/processes/{PROCESS}/pictures");
    for file in ["nothing.svg", "days", "days.gif", "results-nothing.svg", "results-temas-2019.png"] {
        assert_eq!(server.get(&format!("{base}/{file}")).await.refused(), ProblemKind::NotFound, "{file}");
    }
    let elsewhere = "/api/v1/processes/nothing-here/pictures/days.svg";
    assert_eq!(server.get(elsewhere).await.refused(), ProblemKind::NotFound);
    for query in ["lang=xx", "odd=1"] {
        let problem = server.get(&format!("{base}/days.svg?{query}")).await.problem();
        assert_eq!(problem.kind, ProblemKind::InvalidParameter, "{query}");
        assert_eq!(problem.fields[0].pointer, format!("?{}", query.split('=').next().unwrap()));
    }
}
