//! Live streams, through the router as a browser reads them.

use crate::harness::{CONSULTATION, PROCESS, Server, open, slug, start};
use axum::body::Body;
use axum::http::Request;
use cabildo_contract::comment::{DeleteComment, Discussion, ListComments, Thread, WatchComments};
use cabildo_contract::endpoint::Live;
use cabildo_contract::live::AsOf;
use cabildo_contract::page::Page;
use cabildo_contract::statistics::{Statistics, WatchProcess};
use cabildo_contract::suppression::Snapshot;
use cabildo_contract::tally::{Results, WatchResults};
use cabildo_server::storage::sqlite::Options;
use cabildo_server::storage::{Committed, Sink};
use http_body_util::BodyExt;
use std::time::Duration;
use tokio::time::Instant;
use tower::ServiceExt;

/// One event.
#[derive(Debug, Default)]
pub struct Event {
    kind: String,
    id: String,
    data: String,
    retry: String,
}

pub struct Stream {
    body: Body,
    text: String,
}

impl Stream {
    pub async fn open(server: &Server, path: &str) -> Self {
        let request = Request::get(path).body(Body::empty()).unwrap();
        let response = server.site.clone().oneshot(request).await.unwrap();
        assert_eq!(response.headers()["cache-control"], "no-store");
        Self { body: response.into_body(), text: String::new() }
    }

    /// The next event; none once the stream has ended.
    pub async fn next(&mut self) -> Option<Event> {
        while !self.text.contains("\n\n") {
            let frame = self.body.frame().await?.unwrap().into_data().unwrap();
            self.text.push_str(std::str::from_utf8(&frame).unwrap());
        }
        let (block, rest) = self.text.split_once("\n\n").unwrap();
        let mut event = Event::default();
        for line in block.lines() {
            let (name, value) = line.split_once(": ").unwrap();
            match name {
                "event" => event.kind = value.to_owned(),
                "id" => event.id = value.to_owned(),
                "data" => event.data = value.to_owned(),
                "retry" => event.retry = value.to_owned(),
                other => panic!("{other}"),
            }
        }
        self.text = rest.to_owned();
        Some(event)
    }

    /// The next state that satisfies `wanted`.
    pub async fn until<T: serde::de::DeserializeOwned>(&mut self, wanted: impl Fn(&T) -> bool) -> (Event, T) {
        loop {
            let event = self.next().await.unwrap();
            if event.kind == "state" {
                let state = serde_json::from_str(&event.data).unwrap();
                if wanted(&state) {
                    return (event, state);
                }
            }
        }
    }
}

#[tokio::test]
async fn the_state_comes_at_once_and_again_after_each_change() {
    let (server, _directory) = start().await;
    let cookie = server.somebody(false).await;
    let mut stream = Stream::open(&server, &WatchResults { consultation: slug(CONSULTATION) }.path()).await;
    let (first, results) = stream.until(|_: &Results| true).await;
    assert_eq!((first.id.as_str(), results.ballots.total), ("0", 0));
    let retry: u32 = first.retry.parse().unwrap();
    assert!((2_000..=6_000).contains(&retry), "{retry}");

    server.cast(&cookie, &[3]).await;
    let (event, results) = stream.until(|results: &Results| results.ballots.total == 1).await;
    assert_eq!(event.id, results.as_of.sequence.to_string());
    assert_eq!(results.options[0].votes, 1);
}

#[tokio::test]
async fn a_whole_process_and_a_single_discussion_can_be_watched() {
    let (server, _directory) = start().await;
    let cookie = server.somebody(false).await;
    let mut process = Stream::open(&server, &WatchProcess { process: slug(PROCESS) }.path()).await;
    let mut talk = Stream::open(&server, &WatchComments { subject: server.proposal() }.path()).await;
    let comment = server.comment(&cookie, "Hola").await;
    process
        .until(|statistics: &Statistics| statistics.comments.total == 1 && statistics.people.total == 1)
        .await;
    let (_, posted) = talk.until(|talk: &Discussion| talk.comments.total == 1).await;
    server.call(&DeleteComment { comment: comment.id }, Some(&cookie)).await.json::<serde_json::Value>();
    let (_, deleted) = talk.until(|talk: &Discussion| talk.comments.total == 0 && talk.revision > 0).await;
    assert!(deleted.revision > posted.revision);
}

#[tokio::test]
async fn a_list_of_comments_says_of_which_state_of_the_discussion_it_is() {
    let (server, _directory) = start().await;
    let cookie = server.somebody(false).await;
    let list = ListComments { subject: server.proposal(), cursor: String::new() };
    let before: Page<Thread> = server.call(&list, None).await.json();
    server.comment(&cookie, "Llegó mientras tanto").await;
    // Whoever has the list of before and only now begins to watch learns that there is more.
    let mut talk = Stream::open(&server, &WatchComments { subject: server.proposal() }.path()).await;
    let (_, talk) = talk.until(|talk: &Discussion| talk.comments.total == 1).await;
    assert!(before.revision < Some(talk.revision), "{before:?} {talk:?}");
    let after: Page<Thread> = server.call(&list, None).await.json();
    assert_eq!((after.revision, after.items.len()), (Some(talk.revision), 1));
}

#[tokio::test]
async fn the_numbers_go_on_after_a_restart() {
    let (server, directory) = start().await;
    let cookie = server.somebody(false).await;
    server.cast(&cookie, &[0]).await;
    server.comment(&cookie, "Hola").await;
    drop(server);
    let server = open(directory.path(), Options::default()).await;
    let mut stream = Stream::open(&server, &WatchProcess { process: slug(PROCESS) }.path()).await;
    let (event, statistics) = stream.until(|_: &Statistics| true).await;
    assert_eq!((event.id.as_str(), statistics.people.total, statistics.comments.total), ("2", 1, 1));
    server.cast(&cookie, &[1]).await;
    let (event, _) = stream.until(|statistics: &Statistics| statistics.as_of.sequence == 3).await;
    assert_eq!(event.id, "3");
}

#[tokio::test(start_paused = true)]
async fn a_stream_beats_while_nothing_changes() {
    let (server, _directory) = start().await;
    let mut stream = Stream::open(&server, &WatchProcess { process: slug(PROCESS) }.path()).await;
    assert_eq!(stream.next().await.unwrap().kind, "state");
    let beat = stream.next().await.unwrap();
    assert_eq!(beat.kind, "beat");
    let as_of: AsOf = serde_json::from_str(&beat.data).unwrap();
    assert_eq!(as_of.sequence, 0);
}

#[tokio::test(start_paused = true)]
async fn figures_come_less_often_while_others_wait_and_as_before_when_nobody_does() {
    let (server, _directory) = start().await;
    let live = &server.app.live;
    let process = server.app.catalogue.process(PROCESS).unwrap().process.id.clone();
    let mut stream = Stream::open(&server, &WatchProcess { process: slug(PROCESS) }.path()).await;
    let (begun, mut times) = (Instant::now(), Vec::new());
    let happens = async {
        for tenth in 0..170 {
            if tenth < 120 {
                live.pressure().press();
            }
            let published = vec![(process.clone(), Snapshot::default())];
            live.committed(Committed { published, ..Committed::default() });
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
    };
    let watched = async {
        while stream.next().await.is_some() {
            times.push(begun.elapsed().as_millis() / 100);
        }
    };
    tokio::select! { () = happens => {} () = watched => {} }
    // The first comes with the stream, the next with the first change.
    assert_eq!(times[..4], [0, 0, 50, 100], "tenths of a second: {times:?}");
    assert!((120..=140).contains(&times[4]), "nobody has waited since the twelfth second: {times:?}");
    assert!(times[4..].windows(2).all(|pair| pair[1] - pair[0] == 10), "{times:?}");
    assert!(times.len() >= 7, "{times:?}");
}

#[tokio::test]
async fn streams_end_when_the_server_does() {
    let (server, _directory) = start().await;
    let mut stream = Stream::open(&server, &WatchProcess { process: slug(PROCESS) }.path()).await;
    assert_eq!(stream.next().await.unwrap().kind, "state");
    server.app.live.close();
    assert!(stream.next().await.is_none());
}
