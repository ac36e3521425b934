//! Lighthouse, as it judges a page on a phone: <https://developer.chrome.com/docs/lighthouse>.
//!
//! It times what it sees, so nothing else may run beside it: `cargo xtask test` has a part of its own for it, `audit`.

use crate::harness::{Site, consultation_page, journey, process_page, setting};
use serde_json::Value;
use std::process::Command;

/// What every page must have in every category, of 100.
const LEAST: f64 = 95.0;
/// The categories.
const CATEGORIES: [&str; 4] = ["performance", "accessibility", "best-practices", "seo"];
/// What the first is made of.
const TIMES: [&str; 5] = [
    "first-contentful-paint",
    "largest-contentful-paint",
    "speed-index",
    "total-blocking-time",
    "cumulative-layout-shift",
];

#[test]
#[ignore = "a part of its own: audit"]
fn lighthouse_gives_every_main_page_95_of_100_or_more() {
    journey(async |site| {
        let pages = [process_page("/proposals"), site.proposal_page(1).await, consultation_page()];
        println!("{:<48}{}", "", CATEGORIES.map(|category| format!("{category:>16}")).concat());
        for page in pages {
            // A machine that is busy makes a page slower, never faster: the best of what it gets is the page's.
            let good = (0..TRIES).any(|_| {
                let report = report(site, &page);
                let scores = scores(&report);
                println!("{page:<48}{}", scores.map(|score| format!("{score:>16.0}")).concat());
                println!(
                    "   {}",
                    TIMES.map(|time| format!("{time} {}", report["audits"][time]["displayValue"])).join(", ")
                );
                let good = scores.iter().all(|score| *score >= LEAST);
                if !good {
                    println!("{}", failed(&report));
                }
                good
            });
            assert!(good, "{page} has less than {LEAST}");
        }
    });
}

fn scores(report: &Value) -> [f64; CATEGORIES.len()] {
    CATEGORIES.map(|category| report["categories"][category]["score"].as_f64().unwrap_or_default() * 100.0)
}

/// Times that a page is looked at before it is said to be bad, or not to be seen.
const TRIES: usize = 3;

/// What Lighthouse says of a page that somebody opens for the first time, with the settings that it has for phones.
fn report(site: &Site, page: &str) -> Value {
    for _ in 0..TRIES {
        let output = Command::new(setting("CABILDO_NODE"))
            .arg(setting("CABILDO_NODE_MODULES").join("lighthouse/cli/index.js"))
            .arg(format!("{}{page}", site.server.origin()))
            .args(["--output=json", "--quiet", "--no-enable-error-reporting"])
            .arg("--chrome-flags=--headless=new --no-sandbox --disable-dev-shm-usage --disable-background-networking")
            .env("CHROME_PATH", setting("CHROME"))
            .output()
            .unwrap();
        let report: Value = serde_json::from_slice(&output.stdout).unwrap_or_default();
        if output.status.success() && report["runtimeError"].is_null() && report["categories"].is_object() {
            return report;
        }
        println!(
            "{page} was not seen: {} {}",
            report["runtimeError"],
            String::from_utf8_lossy(&output.stderr)
        );
    }
    panic!("Lighthouse did not see {page}");
}

/// The audits that did not go well, with what Lighthouse says of each.
fn failed(report: &Value) -> String {
    let audits = report["audits"].as_object().unwrap().values();
    let failed = audits.filter(|audit| audit["score"].as_f64().is_some_and(|score| score < 0.9));
    failed
        .map(|audit| format!("\n   {} {}: {}", audit["score"], audit["id"], audit["displayValue"]))
        .collect()
}
