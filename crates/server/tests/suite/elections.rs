//! Elections as files: in, counted, and out again.

use crate::harness::{Server, open, serve, slug, time};
use crate::invariants;
use crate::serving::Running;
use cabildo_contract::ballot::{BallotBody, BallotRule, CastBallot, FirstPlace};
use cabildo_contract::consultation::{Consultation, GetConsultation};
use cabildo_contract::outcome::Verdict;
use cabildo_contract::problem::ProblemKind;
use cabildo_contract::tally::{Channel, GetResults, Results};
use cabildo_server::clock::{Clock, SystemClock};
use cabildo_server::config::Replay;
use cabildo_server::import::{HowElection, ImportError, import_election};
use cabildo_server::pabulib::{self, Election, Fault, NoteKind};
use cabildo_server::replay::{ReplayError, replay_election};
use cabildo_server::storage::sqlite::Options;
use proptest::prelude::*;
use std::path::{Path, PathBuf};
use tempfile::TempDir;

const CUMULATIVE: &str = "poland_gdansk_2020_wrzeszcz-dolny";
const ORDINAL: &str = "poland_krakow_2021_czyzyny";
pub const APPROVAL: &str = "poland_warszawa_2019_srodmiescie";
const REAL: [&str; 3] = [CUMULATIVE, ORDINAL, APPROVAL];
/// How many ballots each has, and whether it publishes scores.
const WHOLE: [(&str, usize, bool); 3] =
    [(CUMULATIVE, 1716, true), (ORDINAL, 2389, true), (APPROVAL, 2458, false)];

pub fn file(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("tests/elections/{name}.pb"))
}

fn text(name: &str) -> String {
    std::fs::read_to_string(file(name)).unwrap()
}

pub async fn import(directory: &Path, file: &Path, without_ballots: bool) -> Result<usize, ImportError> {
    let storage = crate::harness::storage(directory);
    let how = HowElection { without_ballots, ..HowElection::default() };
    Ok(import_election(&storage, file, how, &SystemClock).await?.ballots)
}

async fn results(server: &Server, name: &str) -> Results {
    server.call(&GetResults { consultation: slug(name) }, None).await.json()
}

/// Reference, votes, score.
type Row = (String, u64, Option<i64>);

/// What a file publishes of each project, read without the reader that is tested.
fn published(text: &str) -> Vec<Row> {
    let lines: Vec<&str> = text.lines().map(str::trim).collect();
    let start = lines.iter().position(|line| *line == "PROJECTS").unwrap();
    let end = lines.iter().position(|line| *line == "VOTES").unwrap();
    let columns: Vec<&str> = lines[start + 1].split(';').collect();
    let column = |name: &str| columns.iter().position(|column| *column == name);
    let row = |line: &&str| {
        let fields: Vec<&str> = line.split(';').collect();
        let number = |name: &str| column(name).map(|at| fields[at].parse::<i64>().unwrap());
        (fields[0].to_owned(), number("votes").unwrap().unsigned_abs(), number("score"))
    };
    let mut rows: Vec<Row> = lines[start + 2..end].iter().map(row).collect();
    rows.sort();
    rows
}

fn counted(results: &Results, scored: bool) -> Vec<Row> {
    let row = |option: &cabildo_contract::tally::OptionVotes| {
        (option.reference.clone(), option.votes, scored.then_some(option.score))
    };
    let mut rows: Vec<Row> = results.options.iter().map(row).collect();
    rows.sort();
    rows
}

#[tokio::test]
async fn every_project_has_the_votes_and_the_score_that_its_city_published_and_an_export_has_them_again() {
    for (name, ballots, scored) in WHOLE {
        let directory = TempDir::new().unwrap();
        assert_eq!(import(directory.path(), &file(name), false).await.unwrap(), ballots);
        let server = open(directory.path(), Options::default()).await;
        let first = results(&server, name).await;
        assert_eq!(first.ballots.total, ballots as u64);
        assert_eq!(counted(&first, scored), published(&text(name)), "{name}");
        assert_eq!(first.channels.iter().map(|count| count.ballots).sum::<u64>(), ballots as u64);

        let exported = server.get(&format!("/api/v1/consultations/{name}.pb")).await;
        assert_eq!(exported.status, 200);
        assert!(exported.header("etag").len() > 10);
        assert_eq!(published(&exported.text()), published(&text(name)), "{name}");
        let again = TempDir::new().unwrap();
        let copy = again.path().join(format!("{name}.pb"));
        std::fs::write(&copy, &exported.body).unwrap();
        import(again.path(), &copy, false).await.unwrap();
        let server = open(again.path(), Options::default()).await;
        let second = results(&server, name).await;
        assert_eq!(counted(&second, true), counted(&first, true), "{name}");
        assert_eq!((second.ballots, second.channels), (first.ballots, first.channels));
    }
}

#[tokio::test]
async fn what_a_file_says_besides_its_ballots_is_there() {
    let directory = TempDir::new().unwrap();
    import(directory.path(), &file(APPROVAL), false).await.unwrap();
    let server = open(directory.path(), Options::default()).await;
    let get = GetConsultation { consultation: slug(APPROVAL) };
    let consultation: Consultation = server.call(&get, None).await.json();
    assert_eq!(consultation.head.period.opens, time("2018-06-15T00:00:00Z"));
    assert_eq!(consultation.head.period.closes, time("2018-07-01T00:00:00Z"));
    assert_eq!(consultation.budget.unwrap().amount, 825_000);
    assert_eq!(consultation.options[0].cost, Some(1_500));
    let results = results(&server, APPROVAL).await;
    let BallotRule::Approval(rule) = results.rule.unwrap() else { panic!("no approval") };
    assert_eq!((rule.min(), rule.max(), rule.max_cost()), (1, 17, Some(825_000)));
    let channels: Vec<Channel> = results.channels.iter().map(|count| count.channel).collect();
    assert_eq!(channels, [Channel::Online, Channel::InPerson]);
    let table = server.get(&format!("/api/v1/processes/{APPROVAL}/export/channels.csv")).await.text();
    for count in &results.channels {
        let row = format!("{},computed,ballots,{},", count.channel.as_str(), count.ballots);
        assert!(table.contains(&row), "{row} in {table}");
    }

    // The city's own outcome, from its column `selected`.
    let outcome = results.outcome.unwrap();
    assert!(!outcome.preliminary);
    let chosen: Vec<&str> = outcome
        .options
        .iter()
        .filter(|option| option.verdict == Verdict::Chosen)
        .map(|option| option.reference.as_str())
        .collect();
    let text = text(APPROVAL);
    let selected = text
        .lines()
        .filter(|line| line.trim_end().ends_with(";1"))
        .map(|line| line.split(';').next().unwrap());
    let selected: Vec<&str> = selected.filter(|id| *id != "min_length").collect();
    assert_eq!(chosen, selected);
    assert!(outcome.spent.unwrap() <= 825_000);
}

#[tokio::test]
async fn importing_an_election_again_replaces_its_ballots_and_nothing_is_counted_twice() {
    let directory = TempDir::new().unwrap();
    for _ in 0..2 {
        import(directory.path(), &file(CUMULATIVE), false).await.unwrap();
    }
    let server = open(directory.path(), Options::default()).await;
    assert_eq!(results(&server, CUMULATIVE).await.ballots.total, 1716);
    assert_eq!(server.app.live.as_of().sequence, 2, "the number of acts does not go back");
}

#[tokio::test]
async fn an_election_that_is_held_again_ends_with_the_count_of_its_file() {
    for (name, ballots, scored) in WHOLE {
        let directory = TempDir::new().unwrap();
        import(directory.path(), &file(name), true).await.unwrap();
        let server = Running::start(directory.path(), true).await;
        let config = Replay {
            process: None,
            from: Some(file(name)),
            server: server.url.clone(),
            speed: None,
            people: 0,
            seed: 7,
            remove: false,
        };
        let books = replay_election(&config, |_| (), std::future::pending()).await.unwrap();
        assert_eq!((books.people, &books.refused[..]), (ballots, &[][..]), "{name}");
        assert!(
            books.revised > 0 && books.withdrawn > 0 && books.repeated > 0 && books.lost > 0,
            "{books:?}"
        );
        let url = format!("{}/api/v1/consultations/{name}/results", server.url);
        let results: Results = crate::harness::fetch(url).await.json().await.unwrap();
        assert_eq!((results.ballots.total, results.ballots.simulated), (ballots as u64, ballots as u64));
        assert_eq!(counted(&results, scored), published(&text(name)), "{name}");

        let again = replay_election(&config, |_| (), std::future::pending()).await;
        assert!(
            matches!(again, Err(ReplayError::NotEmpty(_, before)) if before == ballots as u64),
            "{again:?}"
        );
        server.stop().await;
    }
}

/// A file's first ballots, and what they come to.
fn shortened(name: &str, ballots: usize) -> (String, Vec<Row>) {
    let text = text(name);
    let header = text.lines().position(|line| line.trim() == "VOTES").unwrap() + 2;
    let shorter: Vec<&str> = text.lines().take(header + ballots).collect();
    let shorter = shorter.join("\n");
    let election = pabulib::read(shorter.as_bytes()).unwrap();
    let tally = election.tally();
    let row = |option: &cabildo_contract::consultation::BallotOption| {
        let score = tally.score(&election.rule, &option.id);
        (option.reference.clone(), tally.votes(&option.id).total, Some(score))
    };
    let mut rows: Vec<Row> = election.options().iter().map(row).collect();
    rows.sort();
    (shorter, rows)
}

#[tokio::test]
async fn an_export_says_nothing_of_who_voted_or_when() {
    let directory = TempDir::new().unwrap();
    import(directory.path(), &file(CUMULATIVE), true).await.unwrap();
    let storage = std::sync::Arc::new(crate::harness::storage(directory.path()));
    let server = serve(storage, true).await;
    server.clock.set(SystemClock.now());
    let get = GetConsultation { consultation: slug(CUMULATIVE) };
    let consultation: Consultation = server.call(&get, None).await.json();
    let mut receipts = Vec::new();
    // Cast in falling order of what they say.
    for at in [3, 2, 1, 0] {
        let cookie = server.somebody(false).await;
        let body = BallotBody { choices: vec![consultation.options[at].id.clone()], points: vec![2] };
        let cast = CastBallot::new(slug(CUMULATIVE), body);
        let ballot: cabildo_contract::ballot::Ballot = server.call(&cast, Some(&cookie)).await.json();
        receipts.push(ballot.receipt);
    }
    let text = server.get(&format!("/api/v1/consultations/{CUMULATIVE}.pb")).await.text();
    let rows: Vec<&str> = text.lines().skip_while(|line| *line != "VOTES").skip(1).collect();
    let sorted = [
        "voter_id;vote;points;voting_method",
        "1;WDO/0004;2;internet",
        "2;WDO/0008;2;internet",
        "3;WDO/0010;2;internet",
        "4;WDO/0013;2;internet",
    ];
    assert_eq!(rows, sorted);
    assert!(receipts.iter().all(|receipt| !text.contains(receipt)));
    assert_eq!(server.get("/api/v1/consultations/nothing-here.pb").await.refused(), ProblemKind::NotFound);
}

fn read(text: &str) -> Result<Election, Fault> {
    pabulib::read(text.as_bytes())
}

/// A small election of a kind, with these rows.
fn small(meta: &str, projects: &str, votes: &str) -> String {
    format!(
        "META\nkey;value\ndescription;A town\ncountry;Poland\nunit;Town\ninstance;2024\nnum_projects;2\n\
         num_votes;1\nbudget;100\nrule;greedy\ndate_begin;2024\ndate_end;2024\n{meta}PROJECTS\n{projects}VOTES\n{votes}"
    )
}

const TWO: &str = "project_id;cost;votes;name\n01;40;1;Park\n2;60;0;Bench\n";

#[test]
fn a_fault_names_its_line_and_its_reason() {
    let approval = "vote_type;approval\n";
    let good = small(approval, TWO, "voter_id;vote\n1;01\n");
    assert_eq!(read(&good).unwrap().notes, []);
    for (from, to, line, reason) in [
        ("VOTES\n", "", 19, "no section VOTES"),
        ("META\n", "", 1, "does not begin"),
        ("approval", "lottery", 13, "none that Cabildo knows"),
        ("vote_type;approval\n", "", 12, "META has no vote_type"),
        ("budget;100", "budget;lots", 9, "not a sum"),
        ("date_end;2024", "date_end;soon", 12, "dd.mm.yyyy"),
        ("01;40;1;Park", "01;dear;1;Park", 16, "not a sum"),
        ("01;40;1;Park", "01;40;1;Park;and more", 16, "the row has 5 fields"),
        ("01;40;1;Park", "01;40;one;Park", 16, "not a whole number"),
        ("01;40;1;Park", "01;40;1;\"Park", 16, "never closed"),
        ("2;60;0;Bench", "01;60;0;Bench", 17, "a second project"),
        (";cost;", ";price;", 15, "there is no column cost"),
        ("voter_id;vote", "voter_id;choice", 19, "there is no column vote"),
        ("1;01\n", "1\n", 20, "only 1 fields"),
        ("num_votes;1", "num_votes;a", 8, "not a whole number"),
        ("description;A town", "num_votes;1", 8, "twice"),
    ] {
        let bad = good.replacen(from, to, 1);
        assert_ne!(bad, good, "{from}");
        let fault = read(&bad).unwrap_err();
        assert!(fault.line == line && fault.reason.contains(reason), "{from} → {to}: {fault}");
    }
    let latin: Vec<u8> =
        good.replace("A town", "Krak?w").bytes().map(|b| if b == b'?' { 0xF3 } else { b }).collect();
    assert_eq!(pabulib::read(&latin).unwrap_err().line, 3);
    let points = small("vote_type;cumulative\nmax_sum_points;5\n", TWO, "voter_id;vote;points\n1;01,2;1\n");
    assert!(read(&points).unwrap_err().reason.contains("names 2 projects and gives 1 points"));
    let decimal = small("vote_type;cumulative\nmax_sum_points;5\n", TWO, "voter_id;vote;points\n1;01;1.5\n");
    assert!(read(&decimal).unwrap_err().reason.contains("not a whole number"));
}

#[test]
fn what_is_not_as_the_format_wants_it_is_listed_and_counted_as_said() {
    let kinds = |text: &str| -> Vec<(NoteKind, usize)> {
        read(text).unwrap().notes.iter().map(|note| (note.kind, note.line)).collect()
    };
    let votes = |votes: &str| small("vote_type;approval\nmax_length;1\nnum_note;x\n", TWO, votes);
    for (rows, expected) in [
        ("voter_id;vote\n1;01,\n", vec![]),
        (
            "voter_id;vote\n1;01\n1;2\n",
            vec![(NoteKind::Count, 8), (NoteKind::Count, 19), (NoteKind::Voter, 23)],
        ),
        ("voter_id;vote\n1;01,99\n", vec![(NoteKind::Skipped, 22)]),
        ("voter_id;vote\n1;01,01\n", vec![(NoteKind::Skipped, 22)]),
        ("voter_id;vote\n1;\n", vec![(NoteKind::Count, 18), (NoteKind::Blank, 22)]),
        ("voter_id;vote\n1;01,2\n", vec![(NoteKind::Count, 19), (NoteKind::Rule, 22)]),
        ("voter_id;vote;age\n1;01\n", vec![(NoteKind::Short, 22)]),
    ] {
        assert_eq!(kinds(&votes(rows)), expected, "{rows:?}");
    }
    let unnamed = small("vote_type;approval\n", "project_id;cost\n01;40\n2;60\n", "voter_id;vote\n1;01\n");
    let election = read(&unnamed).unwrap();
    assert_eq!(election.projects[0].title, "01", "leading zeros stay");
    assert!(election.notes.iter().all(|note| note.kind == NoteKind::Project));
}

#[test]
fn what_contradicts_itself_or_is_missing_is_read_as_far_as_it_goes_and_listed() {
    let approval = |meta: &str| small(&format!("vote_type;approval\n{meta}"), TWO, "voter_id;vote\n1;01\n");
    let notes =
        |text: &str| -> Vec<String> { read(text).unwrap().notes.iter().map(ToString::to_string).collect() };
    // A district with two projects in a city whose ballots name three.
    let three = read(&approval("min_length;3\nmax_length;3\n")).unwrap();
    assert_eq!((three.rule.min(), three.rule.max()), (2, Some(2)));
    assert!(three.notes[0].to_string().starts_with("line 14: min_length is 3"), "{:?}", three.notes);
    let points = "voter_id;vote;points\n1;01,2;3,2\n";
    let cumulative = "vote_type;cumulative\nmax_sum_points;5\nmin_sum_points;9\n";
    assert!(notes(&small(cumulative, TWO, points))[0].contains("only max_sum_points is taken"));
    let backwards = approval("").replace("date_end;2024", "date_end;01.03.2023");
    let days = read(&backwards).unwrap();
    assert_eq!((days.from.to_string(), days.to.to_string()), ("2023-03-01".into(), "2024-01-01".into()));
    assert!(notes(&backwards)[0].contains("before date_begin"));
    let undated = approval("").replace("date_begin;2024\ndate_end;2024\n", "");
    assert_eq!(read(&undated).unwrap().from.to_string(), "2024-01-01");
    assert_eq!(notes(&undated), ["line 6: META has no dates: taken from instance, 2024-01-01 to 2024-12-31"]);
    let unnamed = undated.replace("instance;2024", "instance;285");
    assert!(notes(&unnamed)[0].contains("the year 1970"));
    let half = approval("").replace("date_begin;2024\n", "");
    assert_eq!(read(&half).unwrap().from.to_string(), "2024-01-01");
    let thousands = read(&approval("").replace("budget;100", "budget;1 000 000,50")).unwrap();
    assert_eq!(thousands.budget.unwrap().amount, 10_000_005);
}

#[test]
fn a_widened_rule_is_followed_by_every_ballot_that_names_a_project() {
    let votes = "voter_id;vote;points\n1;01,2;9,1\n2;2;1\n3;;\n";
    for meta in [
        "vote_type;approval\nmax_length;1\nmax_sum_cost;50\n",
        "vote_type;ordinal\nmin_length;2\nmax_length;2\n",
        "vote_type;cumulative\nmin_sum_points;5\nmax_sum_points;5\nmax_points;4\n",
        "vote_type;scoring\nmin_points;0\nmax_points;5\nmax_length;1\n",
    ] {
        let election = read(&small(meta, TWO, votes)).unwrap();
        let breaks = |election: &Election| {
            let bodies = election.ballots.iter().filter(|ballot| !ballot.choices.is_empty());
            bodies.filter(|b| election.rule.check(&election.options(), election.body(b)).is_err()).count()
        };
        assert!(breaks(&election) > 0, "{meta}");
        let before = election.tally();
        let widened = election.widened();
        assert_eq!(breaks(&widened), 0, "{meta}");
        assert_eq!(widened.tally(), before);
    }
}

#[tokio::test]
async fn a_replay_whose_ballots_are_refused_fails_and_a_widened_rule_lets_them_in() {
    let (shorter, expected) = shortened(APPROVAL, 60);
    let strict = shorter.replacen("min_length;1", "min_length;1\nmax_length;1", 1);
    let strict = strict.replacen("num_votes;2459", "num_votes;60", 1);
    for widen_rule in [false, true] {
        let directory = TempDir::new().unwrap();
        let path = directory.path().join(format!("{APPROVAL}.pb"));
        std::fs::write(&path, &strict).unwrap();
        let storage = crate::harness::storage(directory.path());
        let how = HowElection { without_ballots: true, widen_rule };
        import_election(&storage, &path, how, &SystemClock).await.unwrap();
        drop(storage);
        let server = Running::start(directory.path(), true).await;
        let config = Replay {
            process: None,
            from: Some(path),
            server: server.url.clone(),
            speed: None,
            people: 0,
            seed: 3,
            remove: false,
        };
        let outcome = replay_election(&config, |_| (), std::future::pending()).await;
        if widen_rule {
            assert_eq!(outcome.unwrap().people, 60);
            let url = format!("{}/api/v1/consultations/{APPROVAL}/results", server.url);
            let results: Results = crate::harness::fetch(url).await.json().await.unwrap();
            assert_eq!(counted(&results, true), expected);
        } else {
            let Err(ReplayError::Differs(said)) = outcome else { panic!("{outcome:?}") };
            assert!(said[0].contains("were refused, 0 were not cast"), "{said:?}");
        }
        server.stop().await;
    }
}

#[test]
fn files_as_they_come_are_read() {
    let plain = small("vote_type;approval\n", TWO, "voter_id;vote\n1;01\n");
    let expected = read(&plain).unwrap();
    for other in [
        format!("\u{FEFF}{plain}"),
        plain.replace('\n', "\r\n"),
        plain.replace('\n', "\n\n"),
        plain.replace(';', "; "),
        plain.replace("META", "meta").replace("VOTES", "Votes"),
    ] {
        let found = read(&other).unwrap();
        assert_eq!((&found.projects, &found.kept.meta), (&expected.projects, &expected.kept.meta));
        assert_eq!(found.tally(), expected.tally());
    }
    let cents = read(&plain.replace("budget;100", "budget;100.50").replace(";40;", ";40,25;")).unwrap();
    assert_eq!((cents.budget.unwrap().amount, cents.projects[0].cost), (10_050, 4_025));
    let quoted = read(&plain.replace("unit;Town", "unit;\"Town; and more\"")).unwrap();
    assert_eq!(quoted.meta("unit"), Some("Town; and more"));
    let days = read(&plain.replace("date_end;2024", "date_end;3.2.2024")).unwrap();
    assert_eq!((days.from.to_string(), days.to.to_string()), ("2024-01-01".into(), "2024-02-03".into()));
}

#[test]
fn scores_of_short_rankings_say_what_a_first_place_is_worth() {
    let meta = "vote_type;ordinal\nmax_length;2\n";
    let votes = "voter_id;vote\n1;01,2\n2;01\n";
    for (first, other, expected) in [(3, 1, FirstPlace::Length), (4, 1, FirstPlace::Max)] {
        let projects = format!("project_id;cost;votes;score\n01;40;2;{first}\n2;60;1;{other}\n");
        let election = read(&small(meta, &projects, votes).replace("num_votes;1", "num_votes;2")).unwrap();
        let BallotRule::Ordinal(rule) = election.rule else { panic!("no ranking") };
        assert_eq!(rule.first_place(), expected);
        assert!(election.notes.iter().all(|note| note.kind == NoteKind::Project), "{:?}", election.notes);
    }
}

#[test]
fn the_other_kinds_of_votes_are_read() {
    let one = read(&small("vote_type;choose-1\n", TWO, "voter_id;vote\n1;01\n")).unwrap();
    assert_eq!((one.rule.min(), one.rule.max()), (1, Some(1)));
    let votes = "voter_id;vote;points\n1;01,2;5,-3\n";
    let scoring = read(&small("vote_type;scoring\nmin_points;-5\nmax_points;5\n", TWO, votes)).unwrap();
    let BallotRule::Scoring(rule) = scoring.rule else { panic!("no scores") };
    assert_eq!((rule.min_score(), rule.max_score()), (-5, 5));
    assert_eq!(scoring.tally().score(&scoring.rule, &scoring.options()[1].id), -3);
    // Nothing says the range: the ballots do, and the notes say so.
    let bare = read(&small("vote_type;scoring\n", TWO, votes)).unwrap();
    assert_eq!(bare.notes.iter().filter(|note| note.kind == NoteKind::Meta).count(), 2);
}

#[tokio::test]
async fn a_file_that_is_wrong_leaves_nothing_behind() {
    let directory = TempDir::new().unwrap();
    let path = directory.path().join("broken.pb");
    std::fs::write(&path, text(APPROVAL).replacen("1500;", "fifteen;", 1)).unwrap();
    let error = import(directory.path(), &path, false).await.unwrap_err().to_string();
    assert!(error.ends_with("line 22: the cost is \"fifteen\", not a sum"), "{error}");
    let strange = directory.path().join("a b.pb");
    std::fs::write(&strange, text(APPROVAL)).unwrap();
    assert!(matches!(import(directory.path(), &strange, false).await, Err(ImportError::Name(_))));
    let server = open(directory.path(), Options::default()).await;
    assert!(server.app.catalogue.processes().is_empty());
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    #[test]
    fn no_bytes_make_the_reader_panic(bytes in prop::collection::vec(any::<u8>(), 0..400)) {
        invariants::of_a_file(&bytes);
    }

    /// A real file with a few places changed.
    #[test]
    fn no_damage_to_a_real_file_makes_the_reader_panic(
        name in prop::sample::select(REAL.to_vec()),
        damage in prop::collection::vec((0.0_f64..1.0, prop::sample::select(b"\n;\",\"x9\0\xF3META".to_vec())), 1..6),
    ) {
        let mut bytes = shortened(name, 40).0.into_bytes();
        for (at, byte) in damage {
            let at = (at * bytes.len() as f64) as usize;
            bytes[at] = byte;
        }
        invariants::of_a_file(&bytes);
    }

    /// A ballot of the fuzzer's with a few places changed.
    #[test]
    fn no_damage_to_a_ballot_breaks_the_check_or_the_tally(
        name in prop::sample::select(vec!["support", "approval", "ordinal", "cumulative", "scoring"]),
        damage in prop::collection::vec((0.0_f64..1.0, prop::sample::select(b"0139-,\"[]p".to_vec())), 0..4),
    ) {
        let file = Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("fuzz/ballots/{name}.json"));
        let mut bytes = std::fs::read(file).unwrap();
        for (at, byte) in damage {
            let at = (at * bytes.len() as f64) as usize;
            bytes[at] = byte;
        }
        invariants::of_a_ballot(&bytes);
    }
}
