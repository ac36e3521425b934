//! `cargo xtask bench load`: when a page can be read, and when what somebody does first in it is answered, beside the same
//! page in React and in Svelte ([`YARDSTICKS`]).

use crate::harness::{
    CONSULTATION, Citizen, Node, PROCESS, Setup, Site, consultation_page, journey, process_page, setting,
};
use crate::weight::{NETWORK, SLOWER, median, slow};
use cabildo_contract::id::Slug;
use cabildo_contract::proposal::{Filter, Level, ListProposals};
use serde_json::{Value, json};

/// Visits of each page for each figure.
const VISITS: usize = 5;
/// What the pages are measured beside, in `tests/yardsticks`: fed by the same API, compressed as well, served by the side.
const YARDSTICKS: [&str; 2] = ["react", "svelte"];

/// A page and what somebody does in it as soon as it can be read.
struct Story {
    name: &'static str,
    page: Page,
    /// A key of `ACTS` in [`SCRIPT`].
    act: &'static str,
}

#[derive(Clone, Copy, PartialEq)]
enum Page {
    List,
    Vote,
}

const STORIES: [Story; 3] = [
    Story { name: "list: a search", page: Page::List, act: "search" },
    Story { name: "list: a filter", page: Page::List, act: "filter" },
    Story { name: "vote: tick, read back", page: Page::Vote, act: "review" },
];

/// Acts in every page as somebody would who waits for it, and keeps the times in milliseconds from the first request. It goes
/// from one document to the next, since an answer may be a page of its own.
const SCRIPT: &str = r#"
(() => {
  if (location.protocol !== "http:") return;
  const act = "ACT";
  const EXPECTED = [];
  const start = Number((sessionStorage.start ??= performance.timeOrigin));
  const marks = JSON.parse(sessionStorage.marks ?? "{}");
  const mark = (name) => {
    marks[name] ??= performance.timeOrigin + performance.now() - start;
    sessionStorage.marks = JSON.stringify(marks);
  };
  const all = (selector) => [...document.querySelectorAll(selector)];
  const button = (words) => all("main button").find((each) => each.textContent.includes(words) && !each.disabled);
  const titles = () => all("article h3 a").map((title) => title.textContent);
  const narrowed = () => JSON.stringify(titles()) === JSON.stringify(EXPECTED);
  const ACTS = {
    search: {
      readable: () => titles().length,
      act() {
        const search = document.querySelector("input[name=q]");
        search.value = "datos";
        search.form.requestSubmit();
      },
      answered: narrowed,
    },
    filter: {
      readable: () => titles().length,
      act() {
        const level = document.querySelector("select[name=level]");
        level.value = "subnational";
        level.dispatchEvent(new Event("change", { bubbles: true }));
      },
      answered: narrowed,
    },
    review: {
      readable: () => all("main label input[type=checkbox]").length,
      act() {
        document.querySelector("main label input[type=checkbox]").click();
        // Where the button waits for a choice, as soon as it lets itself be pressed.
        const press = () => (button("Revisar") ? button("Revisar").click() : requestAnimationFrame(press));
        requestAnimationFrame(press);
      },
      answered: () => all("h2").some((heading) => heading.textContent.includes("Revise su elección")),
    },
  };
  const story = ACTS[act];
  // After a frame was drawn with it.
  const look = () => {
    requestAnimationFrame(() => setTimeout(look));
    if (!marks.readable) {
      if (!story.readable()) return;
      mark("readable");
      story.act();
    } else if (story.answered()) mark("answered");
  };
  requestAnimationFrame(() => setTimeout(look));
})()
"#;

/// What is measured of one subject in one story, in milliseconds.
#[derive(Default)]
struct Figures {
    readable: Vec<f64>,
    answered: Vec<f64>,
}

/// `cargo xtask bench load`.
#[test]
#[ignore = "a measurement"]
fn a_page_is_readable_before_a_bare_one_and_usable_no_later_than_reacts() {
    journey(async |site| {
        let servers = YARDSTICKS.map(|name| {
            let built = setting("CABILDO_YARDSTICKS").join(name);
            let built = built.to_str().unwrap();
            let (node, port, _) = Node::start("../../yardsticks/serve.mjs", &[built, &site.server.origin()]);
            (node, format!("http://localhost:{port}"))
        });
        let [react, svelte] = servers.each_ref().map(|(_, origin)| origin.as_str());
        let own = site.server.origin();
        let mut kept = true;
        println!(
            "\nms from the first request, Chromium, processor {SLOWER} times slower, {:.1} Mbit/s, {} ms, median of {VISITS}\n",
            f64::from(NETWORK.0) * 8.0 / 1e6,
            NETWORK.1
        );
        println!("{:<24}{:>20}{:>20}{:>20}", "", "Cabildo", "React", "Svelte");
        for story in STORIES {
            let yardstick = |origin: &str| {
                let page = if story.page == Page::List { "list" } else { "vote" };
                format!("{origin}/{page}?process={PROCESS}&consultation={CONSULTATION}")
            };
            let page =
                if story.page == Page::List { process_page("/proposals") } else { consultation_page() };
            let subjects = [format!("{own}{page}"), yardstick(react), yardstick(svelte)];
            let mut figures: [Figures; 3] = Default::default();
            // In turns, so that what else the machine does meets all alike.
            for _ in 0..VISITS {
                for (url, figures) in subjects.iter().zip(&mut figures) {
                    visit(site, url, &story, figures).await;
                }
            }
            let readable = figures.each_ref().map(|figures| median(&figures.readable));
            let answered = figures.each_ref().map(|figures| median(&figures.answered));
            let row = |name: &str, row: [f64; 3]| {
                println!("{name:<24}{:>20.0}{:>20.0}{:>20.0}", row[0], row[1], row[2]);
            };
            row(story.name, readable);
            row("   answered", answered);
            kept &= readable[0] < readable[1].min(readable[2]) && answered[0] <= answered[1];
        }
        println!();
        assert!(kept, "not readable before both, or answered later than React's");
    });
}

/// The titles that the answer to an act in the list shows.
async fn titles(site: &Site, story: &Story) -> Vec<String> {
    let filter = match story.act {
        "search" => Filter { q: "datos".to_owned(), ..Filter::default() },
        "filter" => Filter { level: Some(Level::Subnational), ..Filter::default() },
        _ => return Vec::new(),
    };
    let asked = ListProposals { process: Slug::parse(PROCESS).unwrap(), filter, cursor: String::new() };
    let page = Citizen::visit(&site.server.origin()).send(&asked).await;
    page.items.into_iter().map(|proposal| proposal.title).collect()
}

/// Goes to a page as somebody who was never there.
async fn visit(site: &Site, url: &str, story: &Story, figures: &mut Figures) {
    let phone = site.browser(Setup { patient: false, ..Setup::phone() }).await;
    slow(&phone).await;
    let script = SCRIPT.replace("\"ACT\"", &json!(story.act).to_string());
    let script = script.replace("EXPECTED = []", &format!("EXPECTED = {}", json!(titles(site, story).await)));
    phone.devtools("Page.addScriptToEvaluateOnNewDocument", json!({ "source": script })).await;
    phone.client.goto(url).await.unwrap();
    let marks = async || -> Option<Value> {
        let marks = phone.client.execute("return sessionStorage.marks", Vec::new()).await.ok()?;
        let marks: Value = serde_json::from_str(marks.as_str()?).unwrap();
        marks["answered"].is_number().then_some(marks)
    };
    let marks = phone.until_some("what was done is answered", marks).await;
    figures.readable.push(marks["readable"].as_f64().unwrap());
    figures.answered.push(marks["answered"].as_f64().unwrap());
    site.closes(phone).await;
}
