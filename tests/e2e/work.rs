//! Work that is asked for before a comment is posted, while many are.

use crate::comment::comment;
use crate::harness::{Browser, Server, journey_in, tag};
use serde_json::{Value, json};

/// How much slower than this machine a cheap phone is taken to be.
const SLOWER: u32 = 6;
/// Milliseconds that the most work may take it.
const LIMIT: f64 = 1_000.0;
/// Numbers that are tried at most: the last of `BELOW` in crates/server/src/work.rs.
const MOST: f64 = 32_768.0;

/// Milliseconds between each refusal of a comment and the request that brought the work.
async fn times(browser: &Browser) -> Vec<f64> {
    let script = "const posts = performance.getEntriesByType('resource')
            .filter((entry) => entry.name.endsWith('/comments') && entry.initiatorType === 'fetch' && entry.responseStatus !== 200);
        return posts.flatMap((entry, at) => entry.responseStatus === 428
            ? [[posts[at + 1].responseStatus, posts[at + 1].startTime - entry.responseEnd]] : [])";
    let found = browser.script(script, &[]).await;
    let found = found.as_array().unwrap().iter();
    found
        .map(|pair| {
            assert_eq!(pair[0], 201, "the work was not accepted");
            pair[1].as_f64().unwrap()
        })
        .collect()
}

async fn slow_phone(site: &crate::harness::Site) -> std::rc::Rc<Browser> {
    let phone = site.phone().await;
    phone.expect_complaint("status of 428");
    phone.devtools("Emulation.setCPUThrottlingRate", json!({ "rate": SLOWER })).await;
    phone.visit(&site.proposal_page(1).await).await;
    phone
}

#[test]
fn while_many_comment_a_comment_takes_a_little_work_that_nobody_sees() {
    journey_in(Server::with_work(), async |site| {
        site.citizen().await.comments(&site.proposals().await[0], "Antes de todos").await;
        let phone = slow_phone(site).await;
        comment(&phone, "A favor", "Después de un poco de trabajo").await;
        phone.sees(&tag("article").saying("Después de un poco de trabajo")).await;
        assert_eq!(times(&phone).await.len(), 1);
    });
}

/// `cargo xtask bench work`.
#[test]
#[ignore = "a measurement"]
fn the_most_work_takes_a_slow_phone_less_than_a_second() {
    journey_in(Server::with_work(), async |site| {
        let proposal = site.proposals().await.remove(0);
        let others = site.citizen().await;
        others.comments(&proposal, "Antes de todos").await;
        let phone = slow_phone(site).await;
        // What one works for is by chance between nothing and the most: several tell how long each number takes.
        for round in 0..12 {
            comment(&phone, "A favor", &format!("Comentario {round}")).await;
        }
        let times = times(&phone).await;
        let script = "const work = await fetch(arguments[0], { method: 'POST', headers: { 'Content-Type': 'application/json' },
            body: JSON.stringify({ stance: 'neutral', text: '.' }) });
            return (await work.json()).work.below";
        let path = format!("/api/v1/proposals/{proposal}/comments");
        let below = phone.script(script, &[Value::from(path)]).await;
        assert_eq!(below, MOST, "the most is asked for by now");
        let mean = times.iter().sum::<f64>() / times.len() as f64;
        let longest = times.iter().copied().fold(0.0, f64::max);
        println!("\nWork before a comment, CPU {SLOWER} times slower, {} comments\n", times.len());
        println!("{:<34}{mean:>8.0} ms", "on average");
        println!("{:<34}{longest:>8.0} ms  limit {LIMIT} ms", "longest");
        assert!(longest <= LIMIT, "{longest} ms");
    });
}
