//! `cargo xtask bench widgets`: what ten widgets do to the page that they are in.

use crate::harness::{Browser, CONSULTATION, Engine, PROCESS, Site, journey_over_tls};
use fantoccini::Locator;
use serde_json::{Value, json};
use std::rc::Rc;
use std::sync::atomic::Ordering;

/// So much slower is the processor of the phone than that of this machine.
pub const SLOWER: u32 = 4;
/// As its network: 1.6 Mbit/s, 150 ms.
pub const NETWORK: (u32, u32) = (200_000, 150);
/// Visits of each page.
const VISITS: usize = 5;
/// How far down the first widget is. Chromium fetches lazy frames long before they are seen, on a slow network the
/// sooner: one 4,000 pixels down came with the page.
const FAR: u32 = 9_000;
/// Pixels of one turn of the wheel.
const TURN: u32 = 400;

/// A figure of each visit.
#[derive(Default)]
struct Figures {
    /// When the largest thing in the first view was painted, in milliseconds.
    lcp: Vec<f64>,
    /// How much moved until the end of the page, as `layout-shift` counts.
    cls: Vec<f64>,
    /// What tasks took beyond 50 ms, in milliseconds.
    blocked: Vec<f64>,
    /// Requests to Cabildo before anybody scrolled.
    early: Vec<String>,
    /// Bytes of their answers.
    bytes: usize,
}

/// Looks for the whole life of the page.
const OBSERVE: &str = "<script>
    window.seen = { lcp: 0, cls: 0, blocked: 0 };
    const look = (type, each) => new PerformanceObserver((list) => list.getEntries().forEach(each)).observe({ type, buffered: true });
    look('largest-contentful-paint', (entry) => { seen.lcp = entry.startTime });
    look('layout-shift', (entry) => { if (!entry.hadRecentInput) seen.cls += entry.value });
    look('longtask', (entry) => { seen.blocked += Math.max(0, entry.duration - 50) });
</script>";

/// A page as a town has them: a title, a picture, text, and further down what this is about.
fn host_page(widgets: &str) -> String {
    let picture = "<svg width=\"320\" height=\"180\" viewBox=\"0 0 320 180\"><rect width=\"320\" height=\"180\" fill=\"#0943b5\"/></svg>";
    let paragraph =
        "La alcaldía invita a quienes viven en el municipio a decir qué hace falta en su barrio. ";
    let text = format!("<p>{}</p>", paragraph.repeat(12));
    format!("{OBSERVE}{picture}{text}<div style=\"height:{FAR}px\">{text}</div>{widgets}{}", text.repeat(6))
}

/// Ten widgets with the heights that docs/embedding.md gives, and text between them.
fn ten_widgets() -> String {
    let kinds = [
        (format!("/embed/consultation/{CONSULTATION}"), 560),
        (format!("/embed/counter/{CONSULTATION}"), 180),
        (format!("/embed/results/{CONSULTATION}"), 640),
        (format!("/embed/dashboard/{PROCESS}"), 640),
        (format!("/embed/chart/{PROCESS}/days"), 420),
    ];
    let frame = |(path, height): &(String, u32)| {
        format!(
            "<iframe src=\"https://part.test{path}\" title=\"Cabildo\" width=\"100%\" height=\"{height}\" \
             loading=\"lazy\" referrerpolicy=\"strict-origin\" style=\"border:0\"></iframe><p>Más abajo hay más.</p>"
        )
    };
    kinds.iter().chain(&kinds).map(frame).collect()
}

/// `cargo xtask bench widgets`.
#[test]
#[ignore = "a measurement"]
fn ten_widgets_cost_their_page_nothing() {
    journey_over_tls(Engine::Chromium, async |site| {
        let script = "<script src=\"https://part.test/embed-1.js\" crossorigin=\"anonymous\" async></script>";
        let pages = [
            ("without", host_page("")),
            ("ten frames", host_page(&ten_widgets())),
            ("ten frames, script", host_page(&format!("{}{script}", ten_widgets()))),
        ];
        let mut figures: [Figures; 3] = Default::default();
        let phone = slow_phone(site).await;
        // In turns, so that what else the machine does meets all alike.
        for _ in 0..VISITS {
            for ((_, page), figures) in pages.iter().zip(&mut figures) {
                visit(site, &phone, page, figures).await;
            }
        }
        print(&pages.map(|(name, _)| name), &mut figures);
        let [without, with @ ..] = &figures;
        let noise = spread(&without.lcp);
        for figures in with {
            assert!(figures.cls.iter().all(|cls| *cls == 0.0), "something moved: {:?}", figures.cls);
            let later = median(&figures.lcp) - median(&without.lcp);
            assert!(later <= noise, "painted {later:.0} ms later, where visits differ by {noise:.0} ms");
            let of_widgets: Vec<_> =
                figures.early.iter().filter(|path| path.starts_with("/embed/")).collect();
            assert!(of_widgets.is_empty(), "fetched before anybody was near: {of_widgets:?}");
        }
    });
}

async fn slow_phone(site: &Site) -> Rc<Browser> {
    let phone = site.phone().await;
    slow(&phone).await;
    phone
}

/// Gives a browser the processor and the network of a phone.
pub async fn slow(phone: &Browser) {
    let (bytes, latency) = NETWORK;
    phone.devtools("Network.enable", json!({})).await;
    let network = json!({ "offline": false, "latency": latency, "downloadThroughput": bytes, "uploadThroughput": bytes });
    phone.devtools("Network.emulateNetworkConditions", network).await;
    phone.devtools("Emulation.setCPUThrottlingRate", json!({ "rate": SLOWER })).await;
}

/// Opens the page with a cold cache, waits until it rests, then scrolls to its end.
async fn visit(site: &Site, phone: &Browser, page: &str, figures: &mut Figures) {
    let url = site.page("gov.test", page);
    phone.client.goto("about:blank").await.unwrap();
    phone.devtools("Network.clearBrowserCache", json!({})).await;
    site.wire().forget();
    phone.client.goto(&url).await.unwrap();
    rests(phone).await;
    let early = site.wire().seen("part.test");
    figures.early = early.iter().map(|seen| seen.path.clone()).collect();
    figures.bytes = early.iter().map(|seen| seen.bytes.load(Ordering::Relaxed)).sum();
    // Scrolling ends what counts as the first view, so it is read before.
    figures.lcp.push(read(phone, "lcp").await);
    let height = phone.script("return document.documentElement.scrollHeight", &[]).await.as_u64().unwrap();
    for _ in 0..=height / u64::from(TURN) {
        phone.script("scrollBy(0, arguments[0])", &[TURN.into()]).await;
        rests(phone).await;
    }
    let frames = phone.client.find_all(Locator::Css("iframe")).await.unwrap().len();
    let fetched =
        async || site.wire().seen("part.test").iter().filter(|seen| seen.destination == "iframe").count();
    phone.until("every widget was fetched in the end", async || fetched().await >= frames).await;
    rests(phone).await;
    figures.cls.push(read(phone, "cls").await);
    figures.blocked.push(read(phone, "blocked").await);
}

/// Waits until the page has nothing to do.
async fn rests(phone: &Browser) {
    let idle = "const done = arguments[0]; requestAnimationFrame(() => requestIdleCallback(() => setTimeout(done, 100)))";
    phone.client.execute_async(idle, Vec::new()).await.unwrap();
}

async fn read(phone: &Browser, name: &str) -> f64 {
    phone.script("return seen[arguments[0]]", &[Value::from(name)]).await.as_f64().unwrap()
}

fn print(names: &[&str; 3], figures: &mut [Figures; 3]) {
    println!(
        "\nA page without and with ten widgets, Chromium, processor {SLOWER} times slower, 1.6 Mbit/s, median of {VISITS}\n"
    );
    println!(
        "{:<22}{:>10}{:>12}{:>8}{:>14}{:>20}",
        "", "LCP", "spread", "CLS", "long tasks", "before scrolling"
    );
    for (name, figures) in names.iter().zip(figures) {
        println!(
            "{name:<22}{:>7.0} ms{:>9.0} ms{:>8.3}{:>11.0} ms{:>9} B in {} {}",
            median(&figures.lcp),
            spread(&figures.lcp),
            figures.cls.iter().copied().fold(0.0, f64::max),
            median(&figures.blocked),
            figures.bytes,
            figures.early.len(),
            if figures.early.len() == 1 { "request" } else { "requests" },
        );
    }
    println!();
}

/// The one in the middle.
pub fn median(figures: &[f64]) -> f64 {
    let mut sorted = figures.to_vec();
    sorted.sort_by(f64::total_cmp);
    sorted[sorted.len() / 2]
}

fn spread(figures: &[f64]) -> f64 {
    let highest = figures.iter().copied().fold(f64::MIN, f64::max);
    highest - figures.iter().copied().fold(f64::MAX, f64::min)
}
