//! Reading: lists, caches, and what every address answers.

use crate::harness::{PROCESS, Server, slug, start};
use cabildo_contract::consultation::Held;
use cabildo_contract::page::Page;
use cabildo_contract::problem::{FieldProblemKind, ProblemKind};
use cabildo_contract::process::{GetOutline, GetProcess, Outline, Process, ProcessSummary};
use cabildo_contract::proposal::{GetVersions, ProposalPage, Versions};
use cabildo_contract::statistics::{Statistics, Table, TableFormat};

async fn list(server: &Server, query: &str) -> ProposalPage {
    server.get(&format!("/api/v1/processes/{PROCESS}/proposals?{query}")).await.json()
}

fn numbers(page: &ProposalPage) -> Vec<u32> {
    page.items.iter().map(|proposal| proposal.number).collect()
}

#[tokio::test]
async fn the_process_is_as_on_record() {
    let (server, _directory) = start().await;
    let process: Process = server.call(&GetProcess { process: slug(PROCESS) }, None).await.json();
    assert_eq!((process.funnel.received(), process.funnel.adopted()), (26, 15));
    assert_eq!(process.phases.len(), 10);
    assert_eq!(process.themes.len(), 6);
    assert!(process.territories.iter().any(|territory| territory.name == "Palmira, Valle del Cauca"));
    let real = process.consultations.iter().filter(|consultation| !consultation.exercise);
    assert!(real.clone().all(|consultation| matches!(consultation.held, Held::Elsewhere { .. })));
    assert_eq!(real.count(), 3);
    assert!(process.figures.iter().all(|figure| !figure.definition.is_empty() && !figure.source.is_empty()));
    let Process { name, themes, territories, funnel, .. } = process.clone();
    let outline: Outline = server.call(&GetOutline { process: slug(PROCESS) }, None).await.json();
    let (slug, title, language, exercise) = (name.slug, name.title, name.language, name.exercise);
    assert_eq!(outline, Outline { slug, title, language, exercise, themes, territories, funnel });
    let by_id: Process = server.get(&format!("/api/v1/processes/{}", process.id)).await.json();
    assert_eq!(by_id, process);
    let processes: Page<ProcessSummary> = server.get("/api/v1/processes").await.json();
    assert_eq!(processes.items[0].proposals, 26);
    assert_eq!(processes.next, None);
}

#[tokio::test]
async fn proposals_are_found_by_words_without_accents_in_any_order() {
    let (server, _directory) = start().await;
    assert_eq!(numbers(&list(&server, "q=LICITACIONES+palmira").await), [6]);
    assert_eq!(numbers(&list(&server, "q=procuraduria").await), [13]);
    assert!(numbers(&list(&server, "q=%25").await).is_empty(), "a percent sign is only itself");
    assert!(numbers(&list(&server, "q=nada+de+eso+xyz").await).is_empty());
}

#[tokio::test]
async fn filters_combine_and_unnamed_proposals_are_counted_where_they_could_match() {
    let (server, _directory) = start().await;
    let all = list(&server, "").await;
    assert_eq!((all.items.len(), all.total, all.unnamed[0].count), (15, 26, 11));
    let subnational = list(&server, "level=subnational").await;
    assert_eq!((numbers(&subnational), subnational.total), (vec![6, 7, 8, 9, 10, 11, 12], 18));
    let rejected = list(&server, "status=not_selected").await;
    assert_eq!((rejected.items.len(), rejected.total), (0, 11));
    let themed = list(&server, "theme=salud").await;
    assert_eq!((numbers(&themed), themed.total, themed.unnamed.len()), (vec![2], 1, 0));
    assert_eq!(numbers(&list(&server, "territory=76&status=selected").await), [6, 7, 9, 11, 12]);
    assert_eq!(numbers(&list(&server, "territory=76520").await), [6]);
    assert_eq!(numbers(&list(&server, "level=national&theme=ambiente").await), [2, 3]);
}

#[tokio::test]
async fn every_order_pages_through_everything_once() {
    let (server, _directory) = start().await;
    let cookie = server.somebody(false).await;
    server.comment(&cookie, "Uno").await;
    for (sort, first) in [("number", 1), ("title", 2), ("comments", 1)] {
        let mut seen = Vec::new();
        let mut cursor = String::new();
        loop {
            let page = list(&server, &format!("sort={sort}&limit=4&cursor={cursor}")).await;
            assert_eq!(page.total, 26, "the total is that of all pages");
            seen.extend(numbers(&page));
            match page.next {
                Some(next) => cursor = next,
                None => break,
            }
        }
        assert_eq!(seen[0], first, "{sort}");
        seen.sort_unstable();
        assert_eq!(seen, (1..=15).collect::<Vec<_>>(), "{sort}");
    }
}

#[tokio::test]
async fn a_parameter_that_is_wrong_is_named() {
    let (server, _directory) = start().await;
    let cursor = list(&server, "sort=title&limit=2").await.next.unwrap();
    for (query, pointer, kind) in [
        ("limit=0", "?limit", FieldProblemKind::WrongType),
        ("limit=101", "?limit", FieldProblemKind::TooLong),
        ("limit=x", "?limit", FieldProblemKind::WrongType),
        ("cursor=xyz!", "?cursor", FieldProblemKind::WrongType),
        (&format!("sort=number&cursor={cursor}"), "?cursor", FieldProblemKind::WrongType),
        ("level=galactic", "?level", FieldProblemKind::WrongType),
        ("level=national&level=national", "?level", FieldProblemKind::Duplicate),
        ("colour=red", "?colour", FieldProblemKind::UnknownField),
        (&format!("q={}", "x".repeat(101)), "?q", FieldProblemKind::TooLong),
    ] {
        let problem = server.get(&format!("/api/v1/processes/{PROCESS}/proposals?{query}")).await.problem();
        assert_eq!(problem.kind, ProblemKind::InvalidParameter, "{query}");
        assert_eq!((problem.fields[0].pointer.as_str(), problem.fields[0].kind), (pointer, kind), "{query}");
    }
}

#[tokio::test]
async fn a_proposal_that_was_not_in_the_draft_list_has_no_draft_title() {
    let (server, _directory) = start().await;
    let page = list(&server, "q=escuela").await;
    let get = GetVersions { proposal: page.items[0].id.clone() };
    let versions: Versions = server.call(&get, None).await.json();
    assert_eq!(versions.items[0].title, None);
    assert_eq!(versions.items[1].title.as_deref(), Some(page.items[0].title.as_str()));
}

#[tokio::test]
async fn a_caller_who_has_the_answer_is_not_sent_it_again() {
    let (server, _directory) = start().await;
    let path = format!("/api/v1/processes/{PROCESS}");
    let first = server.get(&path).await;
    let tag = first.header("etag").to_owned();
    assert!(tag.starts_with('"') && tag.ends_with('"'), "{tag}");
    assert_eq!(first.header("cache-control"), "public, max-age=1, stale-while-revalidate=10");
    assert_eq!(first.header("access-control-allow-origin"), "*");
    for known in [tag.clone(), format!("\"other\", {tag}"), format!("W/{tag}"), "*".to_owned()] {
        let again = server.send("GET", &path, &[("if-none-match", &known)], None).await;
        assert_eq!(again.status, 304, "{known}");
        assert!(again.body.is_empty());
    }
    let changed = server.send("GET", &path, &[("if-none-match", "\"other\"")], None).await;
    assert_eq!((changed.status.as_u16(), changed.body), (200, first.body));
}

#[tokio::test]
async fn a_compressed_answer_has_a_tag_of_its_own_that_is_known_again() {
    let (server, _directory) = start().await;
    let path = format!("/api/v1/processes/{PROCESS}");
    let plain = server.get(&path).await;
    let small = server.send("GET", &path, &[("accept-encoding", "br")], None).await;
    assert_eq!(small.header("content-encoding"), "br");
    assert_ne!(small.header("etag"), plain.header("etag"));
    let headers = [("accept-encoding", "br"), ("if-none-match", small.header("etag"))];
    let again = server.send("GET", &path, &headers, None).await;
    assert_eq!((again.status.as_u16(), again.header("etag")), (304, small.header("etag")));
}

#[tokio::test]
async fn head_answers_as_get_without_the_body() {
    let (server, _directory) = start().await;
    let path = "/api/v1/processes";
    let (get, head) = (server.get(path).await, server.send("HEAD", path, &[], None).await);
    assert_eq!((head.status, head.header("etag")), (get.status, get.header("etag")));
    assert!(head.body.is_empty());
}

#[tokio::test]
async fn an_address_that_is_not_there_and_a_method_that_it_does_not_take_are_problems() {
    let (server, _directory) = start().await;
    for path in ["/api", "/api/", "/api/v1", "/api/v1/nothing", "/api/v2/processes", "/api/v1/processes/"] {
        assert_eq!(server.get(path).await.refused(), ProblemKind::NotFound, "{path}");
    }
    let answer = server.send("PATCH", "/api/v1/session", &[], None).await;
    assert_eq!(answer.refused(), ProblemKind::MethodNotAllowed);
    for method in ["GET", "POST", "DELETE"] {
        assert!(answer.header("allow").contains(method), "{}", answer.header("allow"));
    }
    assert_eq!(server.send("POST", "/api/v1/processes", &[], Some("{}")).await.status, 405);
}

#[tokio::test]
async fn the_document_of_the_api_is_served() {
    let (server, _directory) = start().await;
    let document: serde_json::Value = server.get("/api/v1/openapi.json").await.json();
    assert_eq!(document, cabildo_server::openapi::document());
}

#[tokio::test]
async fn every_table_is_csv_with_a_header_and_a_byte_order_mark_and_the_same_as_lines_of_json() {
    let (server, _directory) = start().await;
    let cookie = server.somebody(false).await;
    server.cast(&cookie, &[0, 1]).await;
    server.comment(&cookie, "=SUM(A1), \"comillas\"\ny otra línea").await;
    for table in Table::ALL {
        let answer = server.get(&table.path(&slug(PROCESS))).await;
        assert_eq!(answer.header("content-type"), "text/csv; charset=utf-8");
        let body = answer.body.strip_prefix(b"\xEF\xBB\xBF").unwrap();
        let rows = csv::Reader::from_reader(body).into_records().collect::<Result<Vec<_>, _>>().unwrap();
        let expected = match table {
            Table::Proposals | Table::Results => 15,
            Table::Comments | Table::Participation => 1,
            Table::Breakdown => 2 + 6 + 4 + 7,
            Table::Funnel | Table::Answers => 2,
            Table::Moderation => 4,
            // Its calls were held elsewhere.
            Table::Submissions => 0,
            Table::Figures => rows.len().max(9),
            Table::Channels => rows.len().max(6),
            Table::Turnout => rows.len().max(4),
            // Two by votes, one by comments; against it is nobody.
            Table::Top => 3,
            Table::Territories => 33,
        };
        assert_eq!(rows.len(), expected, "{}", table.as_str());
        if table == Table::Comments {
            assert_eq!(&rows[0][7], "'=SUM(A1), \"comillas\"\ny otra línea");
        }
        let heads = csv::Reader::from_reader(body).headers().unwrap().clone();
        let answer = server.get(&table.path_as(&slug(PROCESS), TableFormat::Ndjson)).await;
        assert_eq!(answer.header("content-type"), "application/x-ndjson");
        let text = answer.text();
        let objects: Vec<serde_json::Value> =
            text.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
        assert_eq!(objects.len(), rows.len(), "{}", table.as_str());
        for object in &objects {
            let names: std::collections::BTreeSet<&str> =
                object.as_object().unwrap().keys().map(String::as_str).collect();
            assert_eq!(names, heads.iter().collect(), "{}", table.as_str());
        }
        if table == Table::Comments {
            assert_eq!(
                objects[0]["text"], "=SUM(A1), \"comillas\"\ny otra línea",
                "programs know no formulas"
            );
        }
    }
    for file in ["nothing.csv", "comments", "comments.json", "nothing.ndjson"] {
        let path = format!("/api/v1/processes/{PROCESS}/export/{file}");
        assert_eq!(server.get(&path).await.refused(), ProblemKind::NotFound, "{file}");
    }
}

#[tokio::test]
async fn statistics_add_up() {
    let (server, _directory) = start().await;
    let cookie = server.somebody(false).await;
    server.cast(&cookie, &[0, 5]).await;
    server.comment(&cookie, "Hola").await;
    server.clock.advance(3 * 24 * 3600);
    let statistics: Statistics = server.get(&format!("/api/v1/processes/{PROCESS}/statistics")).await.json();
    assert_eq!((statistics.people.total, statistics.ballots.total, statistics.comments.total), (1, 1, 1));
    assert_eq!(statistics.days.len(), 4, "days without an act are there as well");
    assert_eq!((statistics.days[0].ballots, statistics.days[0].comments), (1, 1));
    assert_eq!(statistics.last_hour.len(), 60);
    assert_eq!(statistics.by_level.iter().map(|part| part.votes).sum::<u64>(), 2);
    assert_eq!(statistics.by_level.iter().map(|part| part.proposals).sum::<u32>(), 26);
    assert_eq!(statistics.by_territory.iter().map(|part| part.votes).sum::<u64>(), 2);
    assert_eq!(statistics.by_territory.iter().map(|part| part.proposals).sum::<u32>(), 15);
    assert_eq!(statistics.by_branch.iter().map(|part| part.votes).sum::<u64>(), 2);
    assert_eq!(statistics.by_branch.iter().map(|part| part.proposals).sum::<u32>(), 15);
}

#[tokio::test]
async fn it_says_that_it_lives_and_that_it_is_ready() {
    let (server, _directory) = start().await;
    assert_eq!(server.get("/healthz").await.status, 200);
    assert_eq!(server.get("/readyz").await.status, 200);
}
