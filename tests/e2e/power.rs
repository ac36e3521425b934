//! What disks do to a server: they forget what was not made durable when the power goes, and they fail.
//!
//! strace writes down every write of the server, or has one fail. From what it wrote down the disk is put together as it would
//! be after a power cut at any moment: of each file only what was written before the last `fdatasync` that had come back, and
//! of the rest nothing, or any part of it.

use crate::harness::{CONSULTATION, Citizen, Server};
use cabildo_contract::ballot::{BallotBody, CastBallot, GetBallot, MyBallot};
use cabildo_contract::id::{OptionId, Slug};
use futures_util::future::join_all;
use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::{SystemTime, UNIX_EPOCH};
use tempfile::TempDir;

/// People who vote at the same time, and how often each changes their mind: enough that the log of the database is written
/// into it meanwhile.
const VOTERS: usize = 16;
const TURNS: usize = 20;
/// Moments at which the power goes.
const CUTS: usize = 8;

/// A moment, in microseconds of the system's clock.
type Moment = u64;

fn now() -> Moment {
    SystemTime::now().duration_since(UNIX_EPOCH).unwrap().as_micros() as u64
}

fn consultation() -> Slug {
    Slug::parse(CONSULTATION).unwrap()
}

/// What the server did to a file.
#[derive(Debug, PartialEq)]
enum Deed {
    Write { at: usize, bytes: Vec<u8> },
    Cut { to: usize },
    Sync,
}

/// A call to the system.
#[derive(Debug, PartialEq)]
struct Call {
    file: PathBuf,
    deed: Deed,
    begun: Moment,
    /// None if it never came back.
    ended: Option<Moment>,
}

/// Reads what strace wrote, with `-y -ttt -T -xx`: a line a call, with how long it took, or two lines where another
/// call came between.
fn calls(trace: &str) -> Vec<Call> {
    let mut calls: Vec<Call> = Vec::new();
    let mut open: BTreeMap<&str, usize> = BTreeMap::new();
    for line in trace.lines() {
        let Some((thread, rest)) = line.split_once(' ') else { continue };
        let Some((time, said)) = rest.trim_start().split_once(' ') else { continue };
        let Ok(seconds) = time.parse::<f64>() else { continue };
        let moment = (seconds * 1e6).round() as u64;
        if said.starts_with("<... ") {
            if let Some(call) = open.remove(thread) {
                calls[call].ended = said.ends_with('>').then_some(moment);
            }
            continue;
        }
        let Some((name, rest)) = said.split_once('(') else { continue };
        let Some((path, rest)) = rest.split_once('<').and_then(|(_, rest)| rest.split_once('>')) else {
            continue;
        };
        let number = |text: &str| -> usize {
            text.trim_matches(|c: char| !c.is_ascii_digit()).parse().unwrap_or_else(|_| panic!("{line}"))
        };
        let (arguments, ended) = match rest.split_once(" <unfinished") {
            Some((arguments, _)) => (arguments, None),
            None => {
                let (arguments, result) = rest.rsplit_once(") = ").unwrap_or_else(|| panic!("{line}"));
                let took = result
                    .rsplit_once('<')
                    .and_then(|(_, took)| took.trim_end_matches('>').parse::<f64>().ok());
                (arguments, took.map(|seconds| moment + (seconds * 1e6).round() as u64))
            }
        };
        let deed = match name {
            "pwrite64" => {
                let mut arguments = arguments.rsplitn(3, ", ");
                let (at, _length, bytes) = (arguments.next(), arguments.next(), arguments.next());
                Deed::Write { at: number(at.unwrap()), bytes: unhex(bytes.unwrap().trim_start_matches(", ")) }
            }
            "ftruncate" => Deed::Cut { to: number(arguments) },
            "fdatasync" | "fsync" => Deed::Sync,
            other => panic!("{other} is not looked at"),
        };
        if ended.is_none() {
            open.insert(thread, calls.len());
        }
        let file = PathBuf::from(String::from_utf8(unhex(path)).unwrap());
        calls.push(Call { file, deed, begun: moment, ended });
    }
    calls
}

/// `"\x68\x69"` as bytes.
fn unhex(text: &str) -> Vec<u8> {
    let digits = text.trim_matches('"').split("\\x").skip(1);
    digits.map(|digits| u8::from_str_radix(digits, 16).unwrap_or_else(|_| panic!("{text}"))).collect()
}

/// What a power cut does.
#[derive(Clone, Copy)]
struct Cut {
    at: Moment,
    /// Of what was not made durable each write is on the disk all the same if a bit of this, in turn, is 1.
    kept: u64,
    /// Files of this ending were never made durable: the disk lied, or nobody asked it to.
    forgets: Option<&'static str>,
}

/// The data directory as the cut leaves it, from what it was and from what was done.
fn after(cut: Cut, before: &Path, calls: &[Call]) -> TempDir {
    let disk = copy(before);
    let mut chance = cut.kept;
    let mut files: Vec<&Path> = calls.iter().map(|call| call.file.as_path()).collect();
    files.sort_unstable();
    files.dedup();
    for file in files {
        let name = file.file_name().unwrap().to_str().unwrap();
        // The database and its log. The index of the log is in memory, and is made anew.
        if !name.starts_with("cabildo.db") || name.ends_with("-shm") {
            continue;
        }
        let own = || calls.iter().filter(|call| call.file == file);
        let is_past = |call: &&Call| call.ended.is_some_and(|ended| ended <= cut.at);
        let honest = cut.forgets.is_none_or(|forgotten| !name.ends_with(forgotten));
        let synced =
            own().filter(is_past).filter(|call| call.deed == Deed::Sync && honest).map(|call| call.begun);
        let synced = synced.max().unwrap_or(0);
        let place = disk.path().join(name);
        let mut content = fs::read(&place).unwrap_or_default();
        for call in own().filter(|call| call.begun <= cut.at) {
            let is_durable = call.ended.is_some_and(|ended| ended <= synced);
            chance = chance.rotate_left(1);
            if !is_durable && chance & 1 == 0 {
                continue;
            }
            match &call.deed {
                Deed::Write { at, bytes } => {
                    let end = at + bytes.len();
                    content.resize(content.len().max(end), 0);
                    content[*at..end].copy_from_slice(bytes);
                }
                Deed::Cut { to } => content.resize(*to, 0),
                Deed::Sync => {}
            }
        }
        fs::write(place, content).unwrap();
    }
    disk
}

fn copy(directory: &Path) -> TempDir {
    let to = tempfile::tempdir().unwrap();
    let copied = Command::new("cp").arg("-R").arg(directory.join(".")).arg(to.path()).status().unwrap();
    assert!(copied.success());
    to
}

/// What one person was told: for each answer of theirs, in order, when it was acknowledged.
struct Heard {
    citizen: Citizen,
    answers: Vec<(BallotBody, Moment)>,
}

/// Votes again and again.
async fn votes(server: &Server, number: usize, options: &[OptionId]) -> Heard {
    let citizen = Citizen::arrive(&server.origin(), false).await;
    let mut answers = Vec::new();
    for turn in 0..TURNS {
        let first = (number * 5 + turn) % options.len();
        let body = BallotBody::of(vec![
            options[first].clone(),
            options[(first + 1 + turn % 7) % options.len()].clone(),
        ]);
        let ballot = citizen.send(&CastBallot::new(consultation(), body.clone())).await;
        answers.push((body, now()));
        assert_eq!(ballot.revision as usize, answers.len());
    }
    Heard { citizen, answers }
}

/// What of what was acknowledged before `moment` a server on this disk has not.
async fn missing(disk: TempDir, moment: Moment, all: &[Heard]) -> Vec<String> {
    let server = Server::on(disk.path());
    let mut missing = Vec::new();
    let mut ballots = 0;
    for heard in all {
        let citizen = heard.citizen.at(&server.origin());
        let acknowledged = heard.answers.iter().filter(|(_, at)| *at <= moment).count();
        let found = citizen.tries(&GetBallot { consultation: consultation() }).await;
        let Ok(MyBallot { ballot, version }) = found else {
            missing.extend((acknowledged > 0).then(|| "a session".to_owned()));
            continue;
        };
        ballots += u64::from(ballot.is_some());
        if (version as usize) < acknowledged {
            missing.push(format!("answer {acknowledged}: found {version}"));
        } else if let Some(ballot) = ballot {
            // Something later may have reached the disk: then it is what was sent.
            let (sent, _) = &heard.answers[version as usize - 1];
            let choices = |body: &BallotBody| body.choices.iter().cloned().collect::<BTreeSet<_>>();
            assert_eq!(choices(&ballot.body), choices(sent), "answer {version}");
        }
    }
    let counted = Citizen::visit(&server.origin()).results().await.ballots.total;
    assert_eq!(counted, ballots, "each ballot counts once");
    missing
}

#[test]
fn what_was_acknowledged_outlives_a_power_cut_and_would_not_if_it_were_not_made_durable() {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    runtime.block_on(async {
        let look =
            ["-y", "-ttt", "-T", "-xx", "-s", "1000000", "-e", "trace=pwrite64,ftruncate,fsync,fdatasync"];
        let mut before = None;
        let server = Server::traced(&look, |data| before = Some(copy(data)));
        let before = before.unwrap();
        let options = Citizen::visit(&server.origin()).options().await;
        let all = join_all((0..VOTERS).map(|number| votes(&server, number, &options))).await;
        server.stop();
        let calls = calls(&server.trace());
        let mut moments: Vec<Moment> =
            all.iter().flat_map(|heard| heard.answers.iter().map(|(_, at)| *at)).collect();
        moments.sort_unstable();
        assert_eq!(moments.len(), VOTERS * TURNS);
        let mut lost_by_a_liar = 0;
        for cut in 1..=CUTS {
            let at = moments[moments.len() * cut / CUTS - 1];
            for kept in [0, 0x9e37_79b9_7f4a_7c15_u64.rotate_left(cut as u32), u64::MAX] {
                let disk = after(Cut { at, kept, forgets: None }, before.path(), &calls);
                let missing = missing(disk, at, &all).await;
                assert!(missing.is_empty(), "cut {cut}, {kept:x}: {missing:?}");
            }
            // What has to fail: a database that does not wait until its log is on the disk (SQLite's `synchronous=NORMAL`).
            let disk = after(Cut { at, kept: 0, forgets: Some("-wal") }, before.path(), &calls);
            lost_by_a_liar += missing(disk, at, &all).await.len();
        }
        assert!(lost_by_a_liar > 0, "nothing was lost where nothing was durable: this test sees nothing");
    });
}

/// Calls of this name until now.
fn count(trace: &str, name: &str) -> usize {
    trace.lines().filter(|line| line.contains(&format!(" {name}("))).count()
}

#[test]
fn whichever_write_fails_nothing_acknowledged_is_lost_and_the_next_is_taken() {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    runtime.block_on(async {
        for (name, error) in [("pwrite64", "EIO"), ("pwrite64", "ENOSPC"), ("fsync", "EIO")] {
            let look = ["-e".to_owned(), format!("trace={name}")];
            let look = look.each_ref().map(String::as_str);
            // Without an error: how many such calls there are before anybody acts, and in all.
            let server = Server::traced(&look, |_| {});
            let start = count(&server.trace(), name);
            assert_eq!(act(&server).await.1, 0, "nothing fails");
            server.stop();
            let all = count(&server.trace(), name);
            let mut refused = 0;
            for place in 0..6 {
                let failing = start + 1 + (all - start) * place / 6;
                let inject = format!("inject={name}:error={error}:when={failing}");
                let [trace, traced] = look;
                let mut server = Server::traced(&[trace, traced, "-e", &inject], |_| {});
                let (people, failed) = act(&server).await;
                refused += failed;
                server.stop();
                server.is_traced_no_more();
                server.start_again();
                for (citizen, body) in &people {
                    let citizen = citizen.comes_back();
                    let mine = citizen.send(&GetBallot { consultation: consultation() }).await;
                    assert_eq!(mine.ballot.map(|ballot| ballot.body).as_ref(), Some(body), "{inject}");
                }
                let counted = Citizen::visit(&server.origin()).results().await.ballots.total;
                assert_eq!(counted as usize, people.len(), "{inject}");
            }
            assert!(refused > 0, "no {name} that failed was noticed");
        }
    });
}

/// Five people who vote one after the other, each until it is acknowledged; with how many tries were refused.
async fn act(server: &Server) -> (Vec<(Citizen, BallotBody)>, usize) {
    let options = Citizen::visit(&server.origin()).options().await;
    let mut refused = 0;
    let mut people = Vec::new();
    for option in options.into_iter().take(5) {
        let citizen = loop {
            match Citizen::tries_to_arrive(&server.origin()).await {
                Ok(citizen) => break citizen,
                Err(status) => refused += unavailable(status),
            }
        };
        let body = BallotBody::of(vec![option]);
        while let Err(status) = citizen.tries(&CastBallot::new(consultation(), body.clone())).await {
            refused += unavailable(status);
        }
        people.push((citizen, body));
    }
    (people, refused)
}

/// A refusal that says that nothing was changed, and to try again.
fn unavailable(status: u16) -> usize {
    assert_eq!(status, 503);
    1
}

#[test]
fn what_strace_wrote_is_read() {
    let trace = r#"7     1796048524.396425 pwrite64(3<\x2f\x61>, "\x68\x00", 2, 5) = 2 <0.000010>
12345 1796048524.396500 fdatasync(3<\x2f\x61> <unfinished ...>
7     1796048524.396600 ftruncate(4<\x2f\x62>, 3) = 0 <0.000020>
12345 1796048524.396824 <... fdatasync resumed>) = 0 <0.000324>
9     1796048525.000000 fsync(3<\x2f\x61> <unfinished ...>) = ?
7     1796048525.100000 +++ killed by SIGKILL +++"#;
    let (a, b) = (PathBuf::from("/a"), PathBuf::from("/b"));
    let second = 1_796_048_524_000_000;
    let call = |file: &PathBuf, deed, begun, ended: Option<u64>| Call {
        file: file.clone(),
        deed,
        begun: second + begun,
        ended: ended.map(|ended| second + ended),
    };
    let write = Deed::Write { at: 5, bytes: vec![0x68, 0] };
    assert_eq!(
        calls(trace),
        [
            call(&a, write, 396_425, Some(396_435)),
            call(&a, Deed::Sync, 396_500, Some(396_824)),
            call(&b, Deed::Cut { to: 3 }, 396_600, Some(396_620)),
            call(&a, Deed::Sync, 1_000_000, None),
        ]
    );
}
