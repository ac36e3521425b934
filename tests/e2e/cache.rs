//! Readers behind a cache that many share: nginx, which is told nothing about Cabildo but where it is.

use crate::harness::{CONSULTATION, Citizen, Nginx, PROCESS, consultation_page, journey, process_page};
use futures_util::{StreamExt, stream};
use http_body_util::BodyExt;
use hyper::body::Incoming;
use std::collections::BTreeSet;
use std::time::{Duration, Instant};

/// What everybody gets alike: answers, lists, figures, a widget.
fn shared() -> [String; 6] {
    [
        format!("/api/v1/processes/{PROCESS}"),
        format!("/api/v1/processes/{PROCESS}/proposals"),
        format!("/api/v1/processes/{PROCESS}/statistics"),
        format!("/api/v1/consultations/{CONSULTATION}"),
        format!("/api/v1/consultations/{CONSULTATION}/results"),
        format!("/embed/counter/{CONSULTATION}"),
    ]
}

#[test]
fn a_thousand_readers_cost_the_server_one_request_a_second_for_each_address() {
    journey(async |site| {
        let nginx = Nginx::before(site.server.port());
        let (shared, reader) = (shared(), &Citizen::visit(&nginx.origin()));
        let (start, mut answers) = (Instant::now(), 0_usize);
        while start.elapsed() < Duration::from_secs(4) {
            let asked = (0..1_000).flat_map(|_| &shared);
            let statuses = stream::iter(asked)
                .map(async |path| reader.get(path, "gzip").await.status().as_u16())
                .buffer_unordered(100);
            answers += statuses.inspect(|status| assert_eq!(*status, 200)).count().await;
        }
        let seconds = usize::try_from(start.elapsed().as_secs()).unwrap();
        let passed = nginx.passed();
        for path in &shared {
            let reached = passed.iter().filter(|passed| passed.path == *path).count();
            assert!(
                (1..=seconds + 2).contains(&reached),
                "{path}: {reached} times in {seconds} s of {answers}"
            );
        }
        // What did not change is not sent again. (Figures do: they say as of when they are.)
        let [_, proposals, ..] = &shared;
        let statuses = passed.iter().filter(|passed| passed.path == *proposals).map(|passed| passed.status);
        assert_eq!(BTreeSet::from_iter(statuses), BTreeSet::from([200, 304]));

        // What did change is there for all within seconds.
        site.citizen().await.votes_for(&["1"]).await;
        let voted = Instant::now();
        while reader.results().await.ballots.total != 1 {
            assert!(voted.elapsed() < Duration::from_secs(10), "the cache keeps what is no longer true");
        }
    });
}

#[test]
fn who_can_take_less_does_not_get_what_others_can_take() {
    journey(async |site| {
        let nginx = Nginx::before(site.server.port());
        let reader = Citizen::visit(&nginx.origin());
        for path in shared() {
            let mut tags = BTreeSet::new();
            for encoding in ["br", "identity", "gzip", "br", "identity"] {
                let answer = reader.get(&path, encoding).await;
                let header = |name: &str| answer.headers().get(name).map(|value| value.to_str().unwrap());
                assert_eq!(header("content-encoding").unwrap_or("identity"), encoding, "{path}");
                assert!(header("vary").unwrap().to_ascii_lowercase().contains("accept-encoding"), "{path}");
                tags.extend(header("etag").map(str::to_owned));
            }
            assert!(path.starts_with("/embed/") || tags.len() == 3, "{path}: {tags:?}");
        }
    });
}

/// Reads a stream until it has said this.
async fn hears(stream: &mut Incoming, words: &str) {
    let listen = async {
        let mut said = String::new();
        while !said.contains(words) {
            let frame = stream.frame().await.unwrap().unwrap();
            said += std::str::from_utf8(frame.data_ref().unwrap()).unwrap();
        }
    };
    // Less than nginx lets one reader wait for another.
    tokio::time::timeout(Duration::from_secs(4), listen)
        .await
        .unwrap_or_else(|_| panic!("nobody said {words}"));
}

#[test]
fn what_is_live_passes_at_once_for_everybody() {
    journey(async |site| {
        let nginx = Nginx::before(site.server.port());
        let reader = Citizen::visit(&nginx.origin());
        let path = format!("/api/v1/consultations/{CONSULTATION}/live");
        let mut streams = Vec::new();
        for _ in 0..3 {
            let mut stream = reader.open(&path, "identity").await.into_body();
            hears(&mut stream, "event: state").await;
            streams.push(stream);
        }
        site.citizen().await.votes_for(&["1"]).await;
        for stream in &mut streams {
            hears(stream, "\"total\":1").await;
        }
    });
}

#[test]
fn what_is_for_one_person_is_never_kept_for_others() {
    journey(async |site| {
        let nginx = Nginx::before(site.server.port());
        let ballot = format!("/api/v1/consultations/{CONSULTATION}/ballot");
        let personal = [
            "/api/v1/session".to_owned(),
            "/api/v1/person".to_owned(),
            ballot.clone(),
            // Everybody has an order of options of their own.
            consultation_page(),
            process_page(""),
        ];
        let voter = Citizen::arrive(&nginx.origin(), false).await;
        voter.votes_for(&["1"]).await;
        let other = Citizen::arrive(&nginx.origin(), false).await;
        let nobody = Citizen::visit(&nginx.origin());
        for person in [&voter, &other, &nobody, &voter] {
            for path in personal.iter().chain(&shared()) {
                let answer = person.get(path, "identity").await;
                let from = answer.headers()["x-cache"].to_str().unwrap();
                assert!(!personal.contains(path) || from == "MISS", "{path} came from the cache: {from}");
            }
        }
        let body = async |person: &Citizen| -> serde_json::Value {
            serde_json::from_slice(person.get(&ballot, "identity").await.body()).unwrap()
        };
        assert_eq!(body(&voter).await["ballot"]["choices"].as_array().map(Vec::len), Some(1));
        assert_eq!(body(&other).await["ballot"], serde_json::Value::Null);
        // Among what the writes above went by, too, nothing is kept but what everybody gets.
        let kept = nginx.kept();
        assert_eq!(kept, BTreeSet::from(shared()));
    });
}
