//! The public screen: what a wall shows, that it never lies and never goes blank, and the page where it is set up.
//!
//! Nobody waits for half a minute here: a page's own clock can be moved on (`skew`), which is how a wall sees time go by.

use crate::harness::{
    Browser, CONSULTATION, PROCESS, REHEARSAL, Server, Setup, Site, axe, button, containing, css, field,
    heading, journey, journey_in, plain, tag, text,
};
use cabildo_contract::ballot::{BallotBody, CastBallot};
use cabildo_contract::id::Slug;
use serde_json::{Value, json};
use std::rc::Rc;
use std::time::Duration;

/// Moves on the clock that counts time, and not the one that tells it; keeps the ids of what runs every second; counts
/// how often the display was asked to stay awake; notices the memory of the program.
const CLOCK: &str = "{
    const now = performance.now.bind(performance);
    window.skew = 0;
    performance.now = () => now() + window.skew;
    window.seconds = [];
    const every = window.setInterval;
    window.setInterval = (run, millis, ...rest) => {
        const id = every(run, millis, ...rest);
        if (millis === 1000) window.seconds.push(id);
        return id;
    };
    window.wakes = 0;
    Object.defineProperty(navigator, 'wakeLock', { value: { request: async () => { window.wakes++; } } });
    for (const name of ['instantiate', 'instantiateStreaming']) {
        const make = WebAssembly[name];
        WebAssembly[name] = async (...given) => {
            const made = await make.apply(WebAssembly, given);
            window.memory = (made.instance ?? made).exports.memory;
            return made;
        };
    } }";

fn address(rest: &str) -> String {
    format!("/screen/{PROCESS}{rest}")
}

/// A display on a wall, whose clock can be moved on.
async fn display(site: &Site) -> Rc<Browser> {
    let wall = site.browser(Setup { width: 1920, height: 1080, ..Setup::desktop() }).await;
    wall.devtools("Page.addScriptToEvaluateOnNewDocument", json!({ "source": CLOCK })).await;
    wall
}

async fn later(wall: &Browser, seconds: u32) {
    wall.script("window.skew += arguments[0] * 1000", &[seconds.into()]).await;
}

async fn stands(wall: &Browser, state: &str) {
    let has = format!("div[@class='c-wall' and @data-state='{state}']");
    wall.sees(&tag(&has)).await;
}

/// A number by what it counts.
async fn counts(wall: &Browser, number: &str, what: &str) {
    let item = tag("li").saying(what);
    wall.until(&format!("{number} {what}"), async || wall.words_of(&item).await.starts_with(number)).await;
}

#[test]
fn a_wall_shows_each_act_as_it_happens() {
    journey(async |site| {
        let wall = display(site).await;
        wall.visit(&address("/live")).await;
        stands(&wall, "live").await;
        counts(&wall, "0", "votos emitidos").await;
        wall.misses(&tag("li[@data-pulse='one']")).await;
        let citizen = site.citizen().await;
        citizen.votes_for(&["1", "2"]).await;
        counts(&wall, "1", "voto emitido").await;
        counts(&wall, "1", "persona").await;
        // It is felt.
        wall.sees(&tag("li[@data-pulse='one']").saying("voto emitido")).await;
        citizen.comments(&site.proposals().await[0], "Falta el plazo.").await;
        counts(&wall, "1", "comentario").await;
        assert!(!wall.words().await.contains("Falta el plazo"), "nobody's words on a wall");
        wall.misses(&text("Participación simulada")).await;
        site.simulated_citizen().await.votes_for(&["1"]).await;
        counts(&wall, "2", "votos emitidos").await;
        wall.sees(&text("Participación simulada")).await;
    });
}

#[test]
fn a_tally_moves_and_what_is_kept_back_counts_down() {
    journey(async |site| {
        let wall = display(site).await;
        wall.visit(&address("/tally")).await;
        wall.reads("Todavía no hay votos").await;
        wall.reads("Esto es un ejercicio").await;
        site.citizen().await.votes_for(&["1"]).await;
        wall.reads("1 voto emitido").await;
        wall.sees(&tag("li").saying("Datos abiertos contra la corrupción")).await;
        wall.visit(&address(&format!("/tally-{CONSULTATION}?reveal=2999-01-01T00:00:00Z"))).await;
        wall.reads("El conteo se mostrará el 31 de diciembre de 2998, 7:00 p. m.").await;
        wall.reads("1 voto emitido").await;
        wall.misses(&tag("li").saying("Datos abiertos contra la corrupción")).await;
        let left = wall.words_of(&css("c-wall__countdown")).await;
        later(&wall, 60).await;
        wall.until("a minute less", async || wall.words_of(&css("c-wall__countdown")).await < left).await;
        // Nor do the votes of proposals say it.
        wall.visit(&address("/top?reveal=2999-01-01T00:00:00Z")).await;
        wall.sees(&tag("div[@data-view='welcome']")).await;
        wall.misses(&heading("Las propuestas con más votos")).await;
    });
}

#[test]
fn views_take_turns_then_sides_and_languages() {
    journey(async |site| {
        let wall = display(site).await;
        wall.visit(&address("?views=live,answers,funnel&rotate=10s&lang=es,en")).await;
        wall.sees(&heading("Participación en vivo")).await;
        later(&wall, 10).await;
        // Nothing was answered, nor asked: that turn is passed over.
        wall.sees(&heading("De propuestas a compromisos")).await;
        counts(&wall, "26", "propuestas recibidas").await;
        wall.misses(&tag("div[@data-side='end']")).await;
        later(&wall, 10).await;
        wall.sees(&heading("Participation, live")).await;
        wall.sees(&tag("div[@data-side='end']")).await;
        assert_eq!(wall.script("return document.documentElement.lang", &[]).await, "en");
        later(&wall, 20).await;
        wall.sees(&heading("From proposals to commitments")).await;
        // Everything moves a little, minute by minute.
        wall.sees(&tag("div[@data-moved='0']")).await;
        later(&wall, 60).await;
        wall.sees(&tag("div[@data-moved='1']")).await;
    });
}

const GARDEN: [&str; 2] =
    ["Huerta comunitaria en el lote de la esquina", "A community garden on the corner lot"];

/// Somebody votes for the garden of the rehearsal, which is in two languages.
async fn the_garden_gets_a_vote(site: &Site) {
    const CHOICE: &str = "ensayo-barrio-prioridades";
    let citizen = site.citizen().await;
    let options = citizen.results_of(CHOICE).await.options;
    let garden = options.into_iter().find(|option| option.title == GARDEN[0]).unwrap().option;
    citizen.send(&CastBallot::new(Slug::parse(CHOICE).unwrap(), BallotBody::of(vec![garden]))).await;
}

#[test]
fn what_is_translated_is_shown_in_the_language_whose_turn_it_is_and_live_in_each() {
    journey_in(Server::with_rehearsal(), async |site| {
        the_garden_gets_a_vote(site).await;
        let wall = display(site).await;
        wall.visit(&format!(
            "/screen/{REHEARSAL}?views=tally-ensayo-barrio-prioridades&rotate=10s&lang=es,en"
        ))
        .await;
        let garden = GARDEN.map(|title| tag("li").saying(title));
        wall.sees(&garden[0]).await;
        wall.reads("1 voto emitido").await;
        later(&wall, 10).await;
        wall.sees(&garden[1]).await;
        wall.reads("Rehearsal: a plan for the neighbourhood").await;
        the_garden_gets_a_vote(site).await;
        wall.reads("2 ballots").await;
        later(&wall, 10).await;
        wall.sees(&garden[0]).await;
        wall.reads("2 votos emitidos").await;
    });
}

#[test]
fn while_the_server_is_away_the_last_figures_stay_with_their_time() {
    journey(async |site| {
        let wall = display(site).await;
        wall.expect_failed_requests();
        wall.expect_complaint("Failed to load");
        wall.visit(&address("/live")).await;
        site.citizen().await.votes_for(&["1"]).await;
        counts(&wall, "1", "voto emitido").await;
        site.server.stop();
        // Who is away for a moment was not away.
        later(&wall, 10).await;
        stands(&wall, "live").await;
        later(&wall, 25).await;
        stands(&wall, "lost").await;
        wall.reads("Sin conexión").await;
        wall.reads("Datos de las").await;
        counts(&wall, "1", "voto emitido").await;
        later(&wall, 300).await;
        wall.reads("hace 5 minutos").await;
        site.server.start_again();
        stands(&wall, "live").await;
        site.citizen().await.votes_for(&["2"]).await;
        counts(&wall, "2", "votos emitidos").await;
    });
}

#[test]
fn a_wall_without_network_for_five_minutes_is_right_again_when_it_is_back() {
    journey(async |site| {
        let wall = display(site).await;
        wall.expect_failed_requests();
        wall.visit(&address("/live")).await;
        stands(&wall, "live").await;
        let network = |offline: bool| json!({ "offline": offline, "latency": 0, "downloadThroughput": -1, "uploadThroughput": -1 });
        wall.devtools("Network.enable", json!({})).await;
        wall.devtools("Network.emulateNetworkConditions", network(true)).await;
        later(&wall, 300).await;
        stands(&wall, "lost").await;
        wall.reads("hace 5 minutos").await;
        site.citizen().await.votes_for(&["1"]).await;
        wall.devtools("Network.emulateNetworkConditions", network(false)).await;
        counts(&wall, "1", "voto emitido").await;
        stands(&wall, "live").await;
    });
}

#[test]
fn where_the_stream_does_not_come_through_the_server_is_asked() {
    journey(async |site| {
        let wall = display(site).await;
        wall.expect_failed_requests();
        wall.devtools("Network.enable", json!({})).await;
        wall.devtools("Network.setBlockedURLs", json!({ "urls": ["*/live"] })).await;
        let late = "const now = Date.now.bind(Date); Date.now = () => now() - 7200000";
        wall.devtools("Page.addScriptToEvaluateOnNewDocument", json!({ "source": late })).await;
        wall.visit(&address("/live")).await;
        stands(&wall, "connecting").await;
        site.citizen().await.votes_for(&["1"]).await;
        later(&wall, 20).await;
        counts(&wall, "1", "voto emitido").await;
        stands(&wall, "live").await;
        wall.until("the clock is the server's", async || tells_the_time(&wall).await).await;
        later(&wall, 20).await;
        stands(&wall, "live").await;
    });
}

/// Whether a wall tells the time of Colombia, give or take a minute. A test that makes its device wrong does so in
/// `Date.now`; `new Date()` goes on telling the truth.
async fn tells_the_time(wall: &Browser) -> bool {
    // Noon in Colombia is five in the afternoon in Greenwich, whatever the device believes.
    let near = "const now = new Date().getTime(); const at = (time) => new Date(time).toLocaleTimeString('es-CO', \
        { timeStyle: 'short', timeZone: 'America/Bogota' }); return [-60000, 0, 60000].map((by) => at(now + by))";
    let near = wall.script(near, &[]).await;
    let clock = wall.words_of(&css("c-wall__clock")).await;
    near.as_array().unwrap().iter().any(|time| plain(time.as_str().unwrap()) == clock)
}

#[test]
fn who_sets_the_clock_of_the_device_changes_nothing() {
    journey(async |site| {
        let wall = display(site).await;
        wall.visit(&address("/live")).await;
        stands(&wall, "live").await;
        wall.devtools("Emulation.setTimezoneOverride", json!({ "timezoneId": "Asia/Tokyo" })).await;
        let right = async || tells_the_time(&wall).await;
        wall.until("the clock says what time it is there", right).await;
        let before = wall.words_of(&css("c-wall__clock")).await;
        for jump in [86_400_000_i64, -86_400_000] {
            let jump_by = "const now = Date.now.bind(Date); Date.now = () => now() + arguments[0]";
            wall.script(jump_by, &[jump.into()]).await;
            let tick = wall.script("return document.documentElement.dataset.tick", &[]).await;
            wall.until("time goes on", async || {
                wall.script("return document.documentElement.dataset.tick", &[]).await != tick
            })
            .await;
            stands(&wall, "live").await;
            let day = wall.words_of(&css("c-wall__clock")).await;
            assert!(day == before || right().await, "{day}");
        }
    });
}

#[test]
fn a_wall_that_stands_still_is_loaded_anew() {
    journey(async |site| {
        let wall = display(site).await;
        wall.visit(&address("/live")).await;
        stands(&wall, "live").await;
        assert_eq!(wall.script("return window.wakes", &[]).await, 1, "the display stays awake");
        wall.script("window.old = true; window.seconds.forEach(clearInterval)", &[]).await;
        later(&wall, 61).await;
        wall.until("it is loaded anew", async || wall.script("return !window.old", &[]).await == true).await;
        wall.taken_over().await;
        stands(&wall, "live").await;
        // The browser lets the display sleep when the page is hidden.
        wall.script("document.dispatchEvent(new Event('visibilitychange'))", &[]).await;
        wall.until("it is kept awake again", async || wall.script("return window.wakes", &[]).await == 2)
            .await;
    });
}

#[test]
fn a_new_version_is_taken_between_two_views() {
    journey(async |site| {
        let wall = display(site).await;
        // What the server will say from now on names another file.
        let other = "{ const real = window.fetch;
            window.fetch = async (asked, options) => {
                const answer = await real(asked, options);
                if (!window.newer || asked !== location.href || options?.cache !== 'no-store') return answer;
                return new Response((await answer.text()).replace(/(screen-[0-9a-f]+\\.css)/, '$1?newer'));
            };
            const every = window.setInterval;
            window.setInterval = (run, millis, ...rest) => {
                if (millis === 300000) window.look = run;
                return every(run, millis, ...rest);
            };
            Math.random = () => 0; }";
        wall.devtools("Page.addScriptToEvaluateOnNewDocument", json!({ "source": other })).await;
        wall.visit(&address("?views=live,funnel&rotate=10s")).await;
        stands(&wall, "live").await;
        wall.script("window.old = window.newer = true", &[]).await;
        wall.until("it looks again and again", async || {
            wall.script("return !!window.look", &[]).await == true
        })
        .await;
        wall.script("window.look()", &[]).await;
        wall.sees(&tag("html[@data-newer]")).await;
        wall.sees(&heading("Participación en vivo")).await;
        assert_eq!(wall.script("return window.old", &[]).await, true, "not in the middle of a view");
        later(&wall, 10).await;
        wall.until("it is loaded anew", async || wall.script("return !window.old", &[]).await == true).await;
        wall.taken_over().await;
        stands(&wall, "live").await;
    });
}

#[test]
fn without_a_network_a_wall_starts_with_what_it_saw_last() {
    journey(async |site| {
        site.citizen().await.votes_for(&["1"]).await;
        let wall = display(site).await;
        wall.expect_failed_requests();
        wall.expect_complaint("net::ERR");
        wall.visit(&address("/live")).await;
        stands(&wall, "live").await;
        wall.until("all of it is kept", async || {
            let kept = "const kept = await caches.match(location.href); return !!kept && !!navigator.serviceWorker.controller";
            wall.script(kept, &[]).await == true
        })
        .await;
        site.server.stop();
        wall.reload().await;
        counts(&wall, "1", "voto emitido").await;
        let code = "const code = document.querySelector('.c-wall__code'); return code.complete && code.naturalWidth > 0";
        wall.until("the code is there", async || wall.script(code, &[]).await == true).await;
        stands(&wall, "connecting").await;
        later(&wall, 31).await;
        stands(&wall, "lost").await;
        wall.reads("Datos de las").await;
        site.server.start_again();
        stands(&wall, "live").await;
    });
}

/// Everything that a wall can show, in a process that has it all.
async fn full(site: &Site) {
    let citizen = site.citizen().await;
    citizen.votes_for(&["1", "2", "3"]).await;
    for proposal in site.proposals().await.iter().take(3) {
        citizen.comments(proposal, "Falta el plazo.").await;
    }
}

const VIEWS: [(&str, &str); 8] = [
    ("welcome", "IV Plan de Acción Nacional de Estado Abierto de Colombia"),
    ("live", "Participación en vivo"),
    ("tally", "¿Qué compromisos le importan más?"),
    ("top", "Las propuestas con más votos"),
    ("funnel", "De propuestas a compromisos"),
    ("territory", "De dónde son las propuestas"),
    ("answers", "Respuestas a los comentarios"),
    ("milestones", "El camino del proceso"),
];

#[test]
fn every_view_fits_every_display_and_nothing_needs_a_hand() {
    // What sticks out of its box, of the wall or of the display.
    const OUT: &str = "const shown = (element) => element.checkVisibility() && element.getClientRects().length > 0;
        const found = [];
        for (const box of document.querySelectorAll('.c-wall, .c-wall__stage, .c-wall__view, .c-wall__rail')) {
            const edge = box.getBoundingClientRect();
            for (const element of box.querySelectorAll('*')) {
                if (!shown(element) || element.closest('svg')?.contains(element) && element.tagName !== 'svg') continue;
                const own = element.getBoundingClientRect();
                if (own.bottom > edge.bottom + 2 || own.right > edge.right + 2 || own.top < edge.top - 2)
                    found.push(`${box.className}: ${element.className} ${element.textContent.slice(0, 40)}`);
            }
        }
        return found";
    journey(async |site| {
        full(site).await;
        let wall = display(site).await;
        for (view, title) in VIEWS {
            for far in ["dist=5", "dist=10"] {
                wall.visit(&address(&format!("/{view}?{far}&motion=off"))).await;
                wall.sees(&heading(title)).await;
                for (width, height) in [(1920, 1080), (1080, 1920), (1440, 1080), (3840, 2160)] {
                    wall.resize(width, height).await;
                    let out = wall.script(OUT, &[]).await;
                    assert_eq!(out, json!([]), "{view}, {far}, {width} by {height}");
                }
            }
        }
        let focusable = "return document.querySelectorAll('a, button, input, select, textarea, [tabindex], dialog').length";
        assert_eq!(wall.script(focusable, &[]).await, 0);
        assert_eq!(
            wall.script("return getComputedStyle(document.documentElement).cursor", &[]).await,
            "none"
        );
        let scrolls = "scrollTo(0, 9999); return scrollY + scrollX";
        assert_eq!(wall.script(scrolls, &[]).await, 0);
    });
}

#[test]
fn a_wall_is_accessible_in_every_view_and_theme() {
    journey_in(Server::with_rehearsal(), async |site| {
        full(site).await;
        let wall = display(site).await;
        for (view, title) in VIEWS {
            wall.visit(&address(&format!("/{view}?theme=auto&motion=off"))).await;
            wall.sees(&heading(title)).await;
            axe::check(&wall, view).await;
        }
        wall.visit(&format!("/screen/{REHEARSAL}/live")).await;
        wall.sees(&text("Esto es un ejercicio")).await;
    });
}

#[test]
fn few_people_of_a_place_are_not_shown() {
    journey(async |site| {
        for _ in 0..3 {
            let citizen = site.citizen().await;
            citizen.votes_for(&["1"]).await;
            citizen.lives_in("91").await;
        }
        let wall = display(site).await;
        wall.visit(&address("/territory")).await;
        wall.sees(&heading("De dónde son las propuestas")).await;
        assert!(!wall.words().await.contains("Amazonas"));
    });
}

#[test]
fn somebody_chooses_what_a_wall_shows_sees_it_and_takes_the_address_along() {
    journey(async |site| {
        let desk = site.desktop().await;
        desk.expect_complaint("TrustedHTML");
        desk.client.goto(&format!("{}{}", site.server.origin(), address("/setup"))).await.unwrap();
        desk.sees(&heading("Pantalla pública")).await;
        for view in ["Bienvenida: qué es y cómo participar", "Cómo va la consulta abierta", "Territorio"] {
            desk.click(&tag("label").saying(view)).await;
        }
        desk.retypes(&field("Se lee desde (metros)"), "8").await;
        desk.selects(&field("Segundos de cada vista"), "30").await;
        let expected = format!(
            "{}{}?views=live,top,funnel,answers,milestones&rotate=30s&dist=8",
            site.server.origin(),
            address("")
        );
        let shown = "return document.getElementById('address').textContent";
        desk.until("the address says what was chosen", async || desk.script(shown, &[]).await == expected)
            .await;
        desk.reads("se lee bien desde 8 m").await;
        desk.sees(&containing("chromium --kiosk")).await;
        desk.sees(&button("Copiar")).await;
        axe::check(&desk, "setup").await;
        // The preview is the wall itself.
        let frames = "return [...document.querySelectorAll('iframe')].map((frame) => \
            frame.contentDocument?.querySelector('h1')?.textContent)";
        desk.until("three walls are shown", async || {
            desk.script(frames, &[]).await == json!(vec!["Participación en vivo"; 3])
        })
        .await;
        let wall = display(site).await;
        wall.visit(expected.strip_prefix(&site.server.origin()).unwrap()).await;
        wall.sees(&heading("Participación en vivo")).await;
        wall.sees(&tag("div[@data-size='44']")).await;
    });
}

/// What stands in for a stream that is faster than any server sends: the last state again and again, one ballot more each
/// time.
const FAST: &str = "
    const Real = window.EventSource;
    window.EventSource = class extends Real {
        constructor(address) {
            super(address);
            this.addEventListener('state', (event) => {
                if (event.made) return;
                window.stream = this;
                const at = event.data.indexOf('\"ballots\":{\"total\":') + 19;
                window.state = [event.data.slice(0, at), event.data.slice(at).replace(/^\\d+/, '')];
            });
        }
    };
    window.deliver = (everyMillis, perTurn) => {
        let ballots = 0;
        window.delivering = setInterval(() => {
            for (let turn = 0; turn < perTurn; turn++) {
                const event = new MessageEvent('state', { data: window.state.join(String(++ballots)) });
                event.made = true;
                window.stream.dispatchEvent(event);
            }
        }, everyMillis);
    };";

/// Frames a second, and the longest task, in so many milliseconds.
async fn frames(wall: &Browser, millis: u32) -> (f64, f64) {
    let measure = "const [millis, done] = arguments;
        let longest = 0, frames = 0, begun = 0, last = 0;
        const observer = new PerformanceObserver((list) => list.getEntries().forEach((entry) => longest = Math.max(longest, entry.duration)));
        observer.observe({ type: 'longtask' });
        const frame = (now) => {
            begun ||= now;
            frames++;
            last = now;
            if (now - begun < millis) return requestAnimationFrame(frame);
            setTimeout(() => { observer.disconnect(); done([(frames - 1) * 1000 / (last - begun), longest]); }, 200);
        };
        requestAnimationFrame(frame);";
    let found = wall.client.execute_async(measure, vec![millis.into()]).await.unwrap();
    (found[0].as_f64().unwrap(), found[1].as_f64().unwrap())
}

/// `cargo xtask bench screen`.
#[test]
#[ignore = "a measurement"]
fn fifty_events_a_second_cost_no_frame_of_a_slow_wall() {
    journey(async |site| {
        full(site).await;
        let wall = display(site).await;
        wall.devtools("Page.addScriptToEvaluateOnNewDocument", json!({ "source": FAST })).await;
        println!("\nPublic screen, 50 events a second, CPU 4 times slower, 1920 by 1080\n");
        println!("{:<12}{:>16}{:>16}{:>18}", "", "frames/s idle", "frames/s then", "longest task, ms");
        for view in ["live", "tally"] {
            wall.visit(&address(&format!("/{view}"))).await;
            stands(&wall, "live").await;
            wall.until("there is a state", async || wall.script("return !!window.state", &[]).await == true)
                .await;
            wall.devtools("Emulation.setCPUThrottlingRate", json!({ "rate": 4 })).await;
            let (idle, _) = frames(&wall, 3_000).await;
            wall.script("deliver(20, 1)", &[]).await;
            let (busy, longest) = frames(&wall, 10_000).await;
            wall.script("clearInterval(delivering)", &[]).await;
            wall.devtools("Emulation.setCPUThrottlingRate", json!({ "rate": 1 })).await;
            println!("{view:<12}{idle:>16.1}{busy:>16.1}{longest:>18.0}");
            assert!(busy >= idle.min(60.0) * 0.97, "{view}: {busy} of {idle} frames a second");
            assert!(longest <= 50.0, "{view}: a task of {longest} ms");
        }
    });
}

/// What a wall holds, after the browser collected what nobody needs: bytes of WebAssembly, of JavaScript, and nodes.
async fn held(wall: &Browser) -> [f64; 3] {
    wall.devtools("HeapProfiler.collectGarbage", json!({})).await;
    let metrics = wall.devtools("Performance.getMetrics", json!({})).await;
    let metric = |name: &str| {
        let found = metrics["metrics"].as_array().unwrap().iter().find(|metric| metric["name"] == name);
        found.and_then(|metric| metric["value"].as_f64()).unwrap()
    };
    let memory = wall.script("return window.memory.buffer.byteLength", &[]).await;
    [memory.as_f64().unwrap(), metric("JSHeapUsedSize"), metric("Nodes")]
}

/// `cargo xtask bench screen`; `CABILDO_SOAK_SECONDS` says for how long.
#[test]
#[ignore = "a measurement"]
fn a_wall_holds_no_more_after_ten_minutes_of_a_hundred_events_a_second() {
    let seconds =
        std::env::var("CABILDO_SOAK_SECONDS").ok().and_then(|text| text.parse().ok()).unwrap_or(600_u64);
    journey(async |site| {
        full(site).await;
        let wall = display(site).await;
        wall.devtools("Page.addScriptToEvaluateOnNewDocument", json!({ "source": FAST })).await;
        wall.devtools("Performance.enable", json!({})).await;
        wall.visit(&address("?views=live,tally,top,funnel,answers,milestones&rotate=5s&lang=es,en")).await;
        wall.until("there is a state", async || wall.script("return !!window.state", &[]).await == true)
            .await;
        wall.script("deliver(20, 2)", &[]).await;
        println!("\nPublic screen, 100 events a second for {seconds} s, a view every 5 s\n");
        println!("{:>8}{:>16}{:>16}{:>10}", "s", "WebAssembly, B", "JavaScript, B", "nodes");
        let mut all: Vec<[f64; 3]> = Vec::new();
        for part in 1..=10 {
            tokio::time::sleep(Duration::from_millis(seconds * 100)).await;
            let held = held(&wall).await;
            println!("{:>8}{:>16.0}{:>16.0}{:>10.0}", part * seconds / 10, held[0], held[1], held[2]);
            all.push(held);
        }
        // The first fifth warms up: code is compiled, caches fill.
        let most = |parts: &[[f64; 3]], what: usize| parts.iter().map(|held| held[what]).fold(0.0, f64::max);
        let (early, late) = (&all[2..5], &all[7..]);
        assert_eq!(most(early, 0), most(late, 0), "the memory of WebAssembly grew");
        assert!(most(late, 1) <= most(early, 1) + 500_000.0, "the heap of JavaScript grew");
        assert!(most(late, 2) <= most(early, 2) * 1.05, "the number of nodes grew");
        let state: Value = wall.script("return document.querySelector('.c-wall').dataset.state", &[]).await;
        assert_eq!(state, "live");
    });
}
