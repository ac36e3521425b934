//! Widgets in pages of other sites, in every engine, over TLS: Cabildo is `https://part.test`.

use crate::harness::{
    Browser, CONSULTATION, Engine, PROCESS, Seen, Setup, Site, button, html, in_every_engine, link, tag,
};
use crate::vote::{OPTIONS, choose, receipt, tally};
use fantoccini::Locator;
use serde_json::json;

const SCRIPT: &str = "<script src=\"https://part.test/embed-1.js\" crossorigin=\"anonymous\"></script>";
/// The height that frames are given here.
const GIVEN: u64 = 300;

fn frame(path: &str, more: &str) -> String {
    format!(
        "<iframe src=\"https://part.test{path}\" title=\"Cabildo\" width=\"100%\" height=\"{GIVEN}\" \
         style=\"border:0\" {more}></iframe>"
    )
}

fn consultation() -> String {
    format!("/embed/consultation/{CONSULTATION}")
}

fn counter() -> String {
    format!("/embed/counter/{CONSULTATION}")
}

async fn open(browser: &Browser, url: &str) {
    browser.client.goto(url).await.unwrap();
}

/// Goes into a frame of the page or frame where the browser is.
async fn enter(browser: &Browser, number: u16) {
    let frames = async || browser.client.find_all(Locator::Css("iframe")).await.unwrap().len();
    browser.until(&format!("frame {number}"), async || frames().await > usize::from(number)).await;
    browser.client.enter_frame(number).await.unwrap();
}

async fn leave(browser: &Browser) {
    browser.client.clone().enter_parent_frame().await.unwrap();
}

/// Heights of the frames where the browser is.
async fn heights(browser: &Browser) -> Vec<u64> {
    let script = "return [...document.querySelectorAll('iframe')].map((frame) => frame.getBoundingClientRect().height)";
    let found = browser.script(script, &[]).await;
    found.as_array().unwrap().iter().map(|height| height.as_f64().unwrap().round() as u64).collect()
}

/// The height of what is in a frame.
async fn inside(browser: &Browser, number: u16) -> u64 {
    enter(browser, number).await;
    let height = "return Math.ceil(document.documentElement.getBoundingClientRect().height)";
    let height = browser.script(height, &[]).await.as_u64().unwrap();
    leave(browser).await;
    height
}

/// Waits until a frame is as high as what is in it.
async fn fits(browser: &Browser, number: u16) {
    browser
        .until(&format!("frame {number} fits"), async || {
            let outside = heights(browser).await[usize::from(number)];
            outside == inside(browser, number).await && outside != GIVEN
        })
        .await;
}

/// Every kind of widget, with words that show that it is there.
pub async fn widgets(site: &Site) -> [(String, &'static str); 6] {
    let proposal = site.proposals().await.remove(0);
    site.citizen().await.comments(&proposal, "Hace falta en mi vereda").await;
    [
        (consultation(), "Votar"),
        (format!("/embed/proposal/{proposal}"), "Hace falta en mi vereda"),
        (format!("/embed/results/{CONSULTATION}"), "Resultados"),
        (counter(), "votos"),
        (format!("/embed/dashboard/{PROCESS}"), "personas"),
        (format!("/embed/chart/{PROCESS}/days"), "Datos de"),
    ]
}

async fn every_kind_is_shown_stores_nothing_and_sends_no_cookie(site: &Site) {
    let widgets = widgets(site).await;
    let body: String = widgets.iter().map(|(path, _)| frame(path, "")).collect();
    let page = site.page("gov.test", &body);
    let desk = site.desktop().await;
    // Somebody who has been on the site has cookies of it.
    desk.visit(&crate::harness::consultation_page()).await;
    choose(&desk, &OPTIONS[..1]).await;
    desk.click(&button("Confirmar mi voto")).await;
    receipt(&desk).await;
    assert!(site.wire().seen("part.test").iter().any(|seen| seen.cookie.is_some()), "it was never sent any");
    site.wire().forget();
    open(&desk, &page).await;
    for (number, (path, words)) in (0..).zip(&widgets) {
        enter(&desk, number).await;
        desk.until(path, async || desk.words().await.to_lowercase().contains(&words.to_lowercase())).await;
        let kept = "const done = arguments[0]; \
            Promise.all([indexedDB.databases?.() ?? [], caches.keys(), navigator.serviceWorker?.getRegistrations() ?? []]) \
            .then((all) => done([document.cookie, localStorage.length, sessionStorage.length, ...all.map((each) => each.length)]), \
            (error) => done(String(error)))";
        let kept = desk.client.execute_async(kept, Vec::new()).await.unwrap();
        assert_eq!(kept, json!(["", 0, 0, 0, 0, 0]), "{path}");
        leave(&desk).await;
    }
    // The site's own service worker may still be fetching the app, with cookies.
    let seen: Vec<_> = site.wire().seen("part.test").into_iter().filter(is_of_a_widget).collect();
    for (path, _) in &widgets {
        assert!(seen.iter().any(|seen| seen.path == *path && seen.destination == "iframe"), "{path}");
    }
    let with_cookies: Vec<_> = seen.iter().filter(|seen| seen.cookie.is_some() || seen.sets_cookie).collect();
    assert!(with_cookies.is_empty(), "{with_cookies:#?}");
}

/// Whether a page of somebody else asked for it, or a widget in one.
fn is_of_a_widget(seen: &Seen) -> bool {
    let referrer = seen.referrer.as_deref().unwrap_or_default();
    referrer.starts_with("https://gov.test/") || referrer.starts_with("https://part.test/embed/")
}

async fn two_widgets_follow_their_content_and_are_taken_back(site: &Site) {
    let element = format!(
        "<cabildo-widget src=\"{}\" theme=\"dark\"><a href=\"https://part.test/\">Consulta</a></cabildo-widget>",
        counter()
    );
    let page = site.page("gov.test", &format!("{}{element}{SCRIPT}{SCRIPT}", frame(&consultation(), "")));
    let desk = site.desktop().await;
    open(&desk, &page).await;
    fits(&desk, 0).await;
    fits(&desk, 1).await;
    let wide = heights(&desk).await;
    assert!(wide[0] > wide[1], "{wide:?}");
    let theme = "return new URL(document.querySelectorAll('iframe')[1].src).searchParams.get('theme')";
    assert_eq!(desk.script(theme, &[]).await, "dark");
    // Where there is less room in the width, more is needed in the height.
    desk.script("document.body.style.width = '260px'", &[]).await;
    desk.until("the frames grew", async || {
        let narrow = heights(&desk).await;
        narrow[0] > wide[0]
    })
    .await;
    fits(&desk, 0).await;
    fits(&desk, 1).await;
    desk.script("window.cabildo['https://part.test'].destroy()", &[]).await;
    assert_eq!(heights(&desk).await[0], GIVEN);
    desk.script("document.querySelector('cabildo-widget').remove()", &[]).await;
    desk.counts(&tag("iframe"), 1).await;
    // What is said still is not minded any more.
    let hear = "addEventListener('message', ({ data }) => { window.said = data.height })";
    desk.script(hear, &[]).await;
    enter(&desk, 0).await;
    desk.script("document.getElementById('app').style.paddingBottom = '50px'", &[]).await;
    leave(&desk).await;
    desk.until("it is said", async || desk.script("return window.said", &[]).await.is_u64()).await;
    assert_eq!(heights(&desk).await[0], GIVEN);
}

/// A frame that pretends to be a widget, and a page that pretends to be the page round one.
const FORGER: &str = "<script>
    window.heard = [];
    addEventListener('message', ({ data }) => heard.push(data));
    for (let n = 0; n < 500; n++) parent.postMessage({ cabildo: 'height', v: 1, height: 3000 }, '*');
    parent.frames[0].postMessage({ cabildo: 'hello', v: 1 }, '*');
    parent.postMessage('all sent', '*');
</script>";

async fn forged_messages_of_the_page_and_of_a_frame_beside_it_are_not_minded(site: &Site) {
    // Opened when everything else stands.
    let beside = site.page("press.test", FORGER);
    let page = site.page("gov.test", &format!("{}{SCRIPT}", frame(&consultation(), "")));
    let desk = site.desktop().await;
    open(&desk, &page).await;
    fits(&desk, 0).await;
    let begin = "window.highest = 0; const [frame] = document.querySelectorAll('iframe'); \
        new ResizeObserver(() => { highest = Math.max(highest, frame.offsetHeight) }).observe(frame); \
        addEventListener('message', ({ data }) => { if (data === 'all sent') window.allSent = true }); \
        const beside = document.createElement('iframe'); beside.src = arguments[0]; document.body.append(beside)";
    desk.script(begin, &[beside.into()]).await;
    let own = "for (let n = 0; n < 500; n++) postMessage({ cabildo: 'height', v: 1, height: 3000 }, '*')";
    desk.script(own, &[]).await;
    desk.until("all is sent", async || desk.script("return window.allSent", &[]).await == true).await;
    // What the real one says afterwards is minded, and comes after all that was forged.
    let before = heights(&desk).await[0];
    enter(&desk, 0).await;
    desk.script("document.getElementById('app').style.paddingBottom = '77px'", &[]).await;
    leave(&desk).await;
    desk.until("the frame grew", async || heights(&desk).await[0] > before).await;
    fits(&desk, 0).await;
    let highest = desk.script("return highest", &[]).await.as_u64().unwrap();
    assert!(highest < 3000, "a frame was given the height that another one asked for: {highest}");
    // The widget answered its parent alone.
    enter(&desk, 1).await;
    assert_eq!(desk.script("return heard", &[]).await, json!([]));
}

/// The clock of a page with one widget, which stands still until `pass` moves it.
const CLOCK: &str = "<script>
    let now = 1e12;
    const waiting = new Map();
    Date.now = () => now;
    setTimeout = (act, after, ...about) => { waiting.set(act, { due: now + after, about }); return act };
    clearTimeout = (act) => waiting.delete(act);
    window.pass = (ms) => {
        now += ms;
        for (const [act, { due, about }] of [...waiting]) if (due <= now && waiting.delete(act)) act(...about);
    };
</script>";

async fn a_storm_of_changes_moves_the_page_ten_times_a_second_at_most(site: &Site) {
    let page = site.page("gov.test", &format!("{CLOCK}{}{SCRIPT}", frame(&consultation(), "")));
    let desk = site.desktop().await;
    open(&desk, &page).await;
    let settled = async || {
        desk.script("pass(100)", &[]).await;
        heights(&desk).await[0] == inside(&desk, 0).await
    };
    desk.until("the frame fits", settled).await;
    let begin = "window.changes = 0; addEventListener('message', ({ data }) => { window.told = data.height }); \
        new MutationObserver((all) => { window.changes += all.length }) \
        .observe(document.querySelector('iframe'), { attributeFilter: ['style'] }); pass(100)";
    desk.script(begin, &[]).await;
    enter(&desk, 0).await;
    let storm = "const done = arguments[0]; let left = 60; const app = document.getElementById('app'); \
        const change = () => { app.style.paddingBottom = `${left % 2 ? 400 : 1 + left}px`; \
        if (left-- > 0) requestAnimationFrame(change); else done() }; change()";
    desk.client.execute_async(storm, Vec::new()).await.unwrap();
    leave(&desk).await;
    let last = inside(&desk, 0).await;
    desk.until("the page is told of the last change", async || desk.script("return told", &[]).await == last)
        .await;
    let changes = async || desk.script("return changes", &[]).await;
    assert_eq!(changes().await, 1, "the first change is followed at once, and no other while no time passes");
    desk.script("pass(99)", &[]).await;
    assert_eq!(changes().await, 1);
    desk.script("pass(1)", &[]).await;
    assert_eq!(heights(&desk).await[0], last);
    assert_eq!(changes().await, 2);
}

async fn a_widget_in_a_frame_in_a_frame_fits_there(site: &Site) {
    site.page("press.test", &format!("{}{SCRIPT}", frame(&consultation(), "")));
    let outer = "<iframe src=\"https://press.test/\" width=\"100%\" height=\"700\"></iframe>";
    let page = site.page("gov.test", outer);
    let desk = site.desktop().await;
    open(&desk, &page).await;
    enter(&desk, 0).await;
    fits(&desk, 0).await;
    enter(&desk, 0).await;
    desk.sees(&link("Votar")).await;
}

async fn in_a_sandbox_without_an_origin_it_informs_and_follows(site: &Site) {
    let page = site.page("gov.test", &frame(&counter(), "sandbox=\"allow-scripts\""));
    let desk = site.desktop().await;
    open(&desk, &page).await;
    enter(&desk, 0).await;
    desk.reads("Datos de").await;
    desk.reads("part.test").await;
    let number = |number: u8| tag(&format!("p[@class='c-widget__number'][.='{number}']"));
    desk.sees(&number(0)).await;
    site.citizen().await.votes_for(&["1"]).await;
    desk.sees(&number(1)).await;
}

/// Votes in the window that a widget opens, goes back, and is thanked in the widget.
async fn vote_in_a_window(site: &Site, desk: &Browser) {
    let page = site.page("gov.test", &frame(&consultation(), ""));
    open(desk, &page).await;
    let here = desk.client.window().await.unwrap();
    enter(desk, 0).await;
    desk.click(&link("Votar")).await;
    let windows = async || desk.client.windows().await.unwrap();
    desk.until("a window", async || windows().await.len() == 2).await;
    let window = windows().await.into_iter().find(|window| *window != here).unwrap();
    desk.switch_to(window).await;
    desk.taken_over().await;
    choose(desk, &OPTIONS[..1]).await;
    desk.click(&button("Confirmar mi voto")).await;
    receipt(desk).await;
    desk.client.close_window().await.unwrap();
    desk.switch_to(here).await;
    enter(desk, 0).await;
    desk.reads("Gracias: lo que hizo quedó registrado.").await;
    desk.reads("1 voto emitido").await;
    tally(site, 1, &[(OPTIONS[0], 1)]).await;
}

async fn somebody_votes_in_a_window_and_the_widget_says_thanks(site: &Site) {
    let desk = site.desktop().await;
    vote_in_a_window(site, &desk).await;
}

async fn where_cookies_of_other_sites_are_blocked_somebody_votes_all_the_same(site: &Site) {
    let desk = site.browser(Setup { third_party_cookies: false, ..Setup::desktop() }).await;
    vote_in_a_window(site, &desk).await;
}

/// What a site in a frame has of the cookies that it set: those set as the page itself, then those set in a frame of
/// this page, then those set in a frame of another page.
async fn jar(site: &Site, setup: Setup) -> [Vec<String>; 3] {
    site.wire().makes(
        "jar.test",
        Box::new(|request| {
            let mut page = html("<!doctype html><title>Jar</title><p id=\"ready\">Listo</p>".to_owned());
            if let Some(when) = request.uri().path().strip_prefix("/set-") {
                for cookie in [
                    format!("none-{when}=1; Path=/; Secure; SameSite=None"),
                    format!("__Host-parted-{when}=1; Path=/; Secure; SameSite=None; Partitioned"),
                    format!("lax-{when}=1; Path=/; Secure; SameSite=Lax"),
                ] {
                    page.headers_mut().append("set-cookie", cookie.parse().unwrap());
                }
            }
            page
        }),
    );
    let desk = site.browser(setup).await;
    open(&desk, "https://jar.test/set-alone").await;
    for (name, path) in [("gov.test", "set-here"), ("press.test", "set-there"), ("gov.test", "look")] {
        let page = site.page(name, &format!("<iframe src=\"https://jar.test/{path}\"></iframe>"));
        open(&desk, &page).await;
        enter(&desk, 0).await;
        desk.reads("Listo").await;
    }
    let seen = site.wire().seen("jar.test");
    let sent = seen.iter().rfind(|seen| seen.path == "/look").unwrap().cookie.clone().unwrap_or_default();
    ["alone", "here", "there"].map(|when| {
        let mut names: Vec<String> = sent
            .split("; ")
            .filter_map(|pair| Some(pair.split_once('=')?.0.strip_suffix(&format!("-{when}"))?.to_owned()))
            .collect();
        names.sort_unstable();
        names
    })
}

/// Why nothing rests on a cookie in a frame, but where it must on a partitioned one (docs/decisions/0015-widgets.md).
async fn of_the_cookies_in_a_frame_engines_keep_these(site: &Site) {
    let [alone, here, there] = jar(site, Setup::desktop()).await;
    let (none, parted) = ("none", "__Host-parted");
    match site.engine {
        Engine::Chromium => {
            assert_eq!((alone, here, there), (vec![], vec![parted.to_owned()], vec![]));
        }
        Engine::Firefox => {
            let both = vec![parted.to_owned(), none.to_owned()];
            assert_eq!((alone, here, there), (vec![], both, vec![]));
        }
        Engine::Webkit => {
            let both = vec![parted.to_owned(), none.to_owned()];
            assert_eq!((alone, here, there), (both.clone(), both.clone(), both));
        }
    }
}

async fn where_they_are_blocked_engines_keep_these(site: &Site) {
    let kept = jar(site, Setup { third_party_cookies: false, ..Setup::desktop() }).await;
    let parted = vec!["__Host-parted".to_owned()];
    match site.engine {
        Engine::Chromium => assert_eq!(kept, [vec![], parted, vec![]]),
        Engine::Firefox => assert_eq!(kept, [vec![], vec![], vec![]] as [Vec<String>; 3]),
        // It refuses to keep them, and sends what it kept when the site was the page itself.
        Engine::Webkit => assert_eq!(kept, [vec![parted[0].clone(), "none".to_owned()], vec![], vec![]]),
    }
}

in_every_engine!(
    every_kind_is_shown_stores_nothing_and_sends_no_cookie,
    two_widgets_follow_their_content_and_are_taken_back,
    forged_messages_of_the_page_and_of_a_frame_beside_it_are_not_minded,
    a_storm_of_changes_moves_the_page_ten_times_a_second_at_most,
    a_widget_in_a_frame_in_a_frame_fits_there,
    in_a_sandbox_without_an_origin_it_informs_and_follows,
    somebody_votes_in_a_window_and_the_widget_says_thanks,
    where_cookies_of_other_sites_are_blocked_somebody_votes_all_the_same,
    of_the_cookies_in_a_frame_engines_keep_these,
    where_they_are_blocked_engines_keep_these,
);
