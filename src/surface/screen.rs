//! The public screen: participation on a wall, for weeks, with nobody at the keyboard.
//!
//! # Layout
//! [`crate::route::screen`] reads the address; [`data`] says what is read of the API, `feed` what is known and since when,
//! `turns` whose turn it is, `views` what is shown, `draw` with which elements. `keeper.js` looks after the page from
//! outside this program, and `worker.js` answers for the server while there is no network. [`setup`] is the page of the
//! person who mounts it.

pub mod data;
mod draw;
mod feed;
pub mod setup;
mod turns;
mod views;

use crate::effect::effect;
use crate::i18n::{self, count, fill, format, language};
use crate::platform;
use crate::route::screen::{Place, Screen, View};
use crate::seed::Seed;
use crate::ui::icon::{Icon, icon};
use crate::ui::reactive::{part, text};
use cabildo_contract::time::Timestamp;
use data::Figures;
use feed::{Feed, Standing};
use leptos::prelude::*;
use std::cell::Cell;
use views::{Known, Picture};

/// The short address of what a wall invites to, as a person types it: without `https://`. The server says it, which knows
/// where the site is reached.
#[derive(Debug, Clone, Default)]
pub struct Way(pub String);

/// Where a page finds its [`Way`], on the root element.
pub const WAY: &str = "data-way";
/// What `keeper.js` sets on the root element once a newer version of this program is at hand.
const NEWER: &str = "data-newer";
/// How many places there are to which everything moves by a little, minute by minute: no point of a display shines for
/// ever. `style/components/wall.css` knows them.
const PLACES: u64 = 8;
/// Minutes after which a view that stands alone swaps its sides.
const SWAP_MINUTES: u64 = 10;

/// Starts the screen at the present address, in place of what the server drew.
pub fn mount() {
    platform::report_panics();
    let Some(Place::Wall(screen)) = Place::parse(&platform::address()) else { return };
    let Some((stage, swap)) = platform::stage("app") else { return };
    let seed = Seed::from_page();
    let way = Way(platform::root_attribute(WAY).unwrap_or_default());
    let begin = move || {
        provide_context(seed);
        provide_context(way);
        view! { <Wall screen /> }
    };
    mount_to(stage, begin).forget();
    swap();
}

/// All that a wall shows at a moment.
#[derive(Debug, Clone, PartialEq)]
struct Shown {
    picture: Picture,
    /// See [`View::kind`].
    view: &'static str,
    state: &'static str,
    clock: String,
    taken: String,
    moved: String,
    is_turned: bool,
    /// What is said in every view: `simulated`, `exercise`.
    labels: String,
}

const LIVE: &str = "live";
const LOST: &str = "lost";

/// The wall: a view at a time, and beside it the way to take part, what time it is, and whether this is live.
#[component]
pub fn Wall(
    /// What the address says.
    screen: Screen,
) -> impl IntoView {
    let feeds = Feed::of(&screen.process, &screen.languages);
    // An address always has a language.
    let Some(&feed) = feeds.first() else { return ().into_any() };
    let screen = StoredValue::new(screen);
    let turn = RwSignal::new(untrack(|| turns::first(views_of(screen), |view| has(screen, feed, view))));
    take_turns(screen, feed, turn);
    // Which of the languages it is the turn of.
    let spoken = RwSignal::new(0);
    effect(move |_| {
        let round = turn.get() / views_of(screen);
        let next = screen.with_value(|screen| round % screen.languages.len().max(1) as u64);
        if spoken.get_untracked() != next {
            spoken.set(next);
        }
    });
    part(move || {
        let spoken = spoken.get() as usize;
        let language = screen.with_value(|screen| screen.languages.get(spoken).copied().unwrap_or_default());
        provide_context(language);
        platform::set_root_attribute("lang", Some(language.tag()));
        let feed = feeds.get(spoken).copied().unwrap_or(feed);
        untrack(|| wall(screen, feed, turn))
    })
    .into_any()
}

fn views_of(screen: StoredValue<Screen>) -> u64 {
    screen.with_value(|screen| screen.views.len().max(1) as u64)
}

fn has(screen: StoredValue<Screen>, feed: Feed, view: u64) -> bool {
    screen.with_value(|screen| {
        let view = screen.views.get(view as usize);
        view.is_some_and(|view| feed.with(|known| views::has(view, screen, known)))
    })
}

/// When a turn is over the next begins; with it, or within a minute where one view stands for ever, a newer version of the
/// page, if there is one and the server is there.
fn take_turns(screen: StoredValue<Screen>, feed: Feed, turn: RwSignal<u64>) {
    let (seconds, is_one) = screen.with_value(|screen| {
        (u64::from(screen.seconds), screen.views.len() < 2 && screen.languages.len() < 2)
    });
    let before = Cell::new(0);
    effect(move |_| {
        let now = feed.seconds() / if is_one { 60 } else { seconds };
        if before.replace(now) == now {
            return;
        }
        let is_live = untrack(|| feed.standing()) == Standing::Live;
        if is_live && platform::root_attribute(NEWER).is_some() {
            platform::reload();
        } else if !is_one {
            let next = untrack(|| turns::next(turn.get(), views_of(screen), |view| has(screen, feed, view)));
            turn.set(next);
        }
    });
}

/// What is shown at a moment. The welcome needs nothing: it stands in for what has nothing to show.
fn shown(screen: &Screen, feed: Feed, turn: u64) -> Shown {
    let views = screen.views.len().max(1) as u64;
    let (standing, minute, taken) = (feed.standing(), feed.seconds() / 60, feed.taken());
    feed.with(|known| {
        let Known { figures, about, now, .. } = known;
        let view = screen.views.get((turn % views) as usize).filter(|view| views::has(view, screen, known));
        let view = view.unwrap_or(&View::Welcome);
        let zone = about.map_or("UTC", |about| about.time_zone.as_str());
        let taken = taken.filter(|_| standing != Standing::Live);
        Shown {
            picture: views::picture(view, screen, known),
            view: view.kind(),
            state: match standing {
                Standing::Connecting => "connecting",
                Standing::Live => LIVE,
                Standing::Lost => LOST,
            },
            clock: format::hour(language(), now, zone),
            taken: taken.map_or_else(String::new, |taken| age(taken, now, zone)),
            moved: (minute % PLACES).to_string(),
            is_turned: (turn / views % 2 == 1) ^ (minute / SWAP_MINUTES % 2 == 1),
            labels: {
                let simulated = figures.is_some_and(Figures::is_simulated);
                let exercise = about.is_some_and(|about| about.exercise);
                [if simulated { "simulated " } else { "" }, if exercise { "exercise" } else { "" }].concat()
            },
        }
    })
}

fn wall(screen: StoredValue<Screen>, feed: Feed, turn: RwSignal<u64>) -> AnyView {
    let t = i18n::screen();
    let Way(way) = use_context().unwrap_or_default();
    let told = screen.get_value();
    let shown = Memo::new(move |_| screen.with_value(|screen| shown(screen, feed, turn.get())));
    let says = move |pick: fn(&Shown) -> &str| text(move || shown.with(|shown| pick(shown).to_owned()));
    let (title, content) = feed.with(|Known { about, .. }| {
        about.map(|about| (about.title.clone(), about.language.clone())).unwrap_or_default()
    });
    let content = Some(content).filter(|content| !content.is_empty());
    let moves = told.motion && !platform::prefers_less_motion();
    let quoted = content.clone();
    let view = part(move || {
        turn.track();
        draw::draw(shown, quoted.clone(), moves)
    });
    let standing = text(move || {
        match shown.with(|shown| shown.state) {
            LIVE => t.is_live,
            LOST => t.lost,
            _ => t.connecting,
        }
        .to_owned()
    });
    let flask = || icon(Icon::FLASK);
    view! {
        <div
            class="c-wall"
            data-size=told.text_size().to_string()
            data-view=says(|shown| shown.view)
            data-state=says(|shown| shown.state)
            data-moved=says(|shown| &shown.moved)
            data-side=text(move || shown.with(|shown| if shown.is_turned { "end" } else { "start" }.to_owned()))
            data-labels=says(|shown| &shown.labels)
        >
            <main class="c-wall__stage">
                <p class="c-wall__process" lang=content>{title}</p>
                {view}
            </main>
            <aside class="c-wall__rail" aria-label=t.join>
                <img class="c-wall__code" src=told.code_address() alt=fill(t.code, &[&way]) />
                <p class="c-wall__way"><span>{t.join}</span><strong>{way}</strong></p>
                <div class="c-wall__foot">
                    <p class="c-wall__label" data-of="simulated">{flask()}{t.simulated}</p>
                    <p class="c-wall__label" data-of="exercise">{flask()}{t.exercise}</p>
                    <p class="c-wall__status" role="status">
                        <span class="c-wall__word">
                            {icon(Icon::SIGNAL)}
                            {icon(Icon::WARNING)}
                            {standing}
                        </span>
                        <span>{says(|shown| &shown.taken)}</span>
                    </p>
                    <p class="c-wall__clock">{says(|shown| &shown.clock)}</p>
                </div>
            </aside>
        </div>
    }
    .into_any()
}

/// Of when data is, and how long ago that was.
fn age(taken: Timestamp, now: Timestamp, zone: &str) -> String {
    let t = i18n::screen();
    let minutes = u64::try_from((now.millis() - taken.millis()) / 60_000).unwrap_or_default();
    // Of another day the time alone would say something else.
    if minutes >= 720 {
        return fill(t.data_of, &[&format::date_time(language(), taken, zone)]);
    }
    let data = fill(t.data_of, &[&format::hour(language(), taken, zone)]);
    let ago = match minutes {
        0 => return data,
        1..60 => count(&t.minutes, minutes),
        _ => count(&t.hours, minutes / 60),
    };
    format!("{data}, {}", fill(t.ago, &[&ago]))
}
