//! Live state from the server, by server-sent events.
//!
//! Every event carries the whole state, so a reader who missed any number of them is right again with the next.
//! The browser reconnects by itself after a lost connection, but not after an error of a proxy, and never notices
//! a connection that has gone silent: both are done here. A page that cannot be seen keeps no connection. Of events that
//! come faster than anybody can look, only the last is read.

use crate::client::{json, spoken};
use crate::clock;
use crate::effect::effect;
use crate::platform::{self, Listener, Timer};
use cabildo_contract::endpoint::{Endpoint, Live};
use cabildo_contract::live::{AsOf, BEAT_EVENT, SILENCE_SECONDS, STATE_EVENT};
use cabildo_contract::time::Timestamp;
use leptos::prelude::*;
use send_wrapper::SendWrapper;
use std::cell::{Cell, RefCell};
use std::rc::Rc;
use wasm_bindgen::{JsCast, closure::Closure};
use web_sys::{EventSource, MessageEvent, XmlHttpRequest};

/// How a live value stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Connection {
    /// No word yet.
    Connecting,
    /// The person spares data, and has not asked for it.
    Spared,
    /// What is shown is what is.
    Live,
    /// No word for a while: what is shown was so at `last_word`.
    Lost,
}

/// A live value and how it stands.
pub struct Watched<T: Send + Sync + 'static> {
    /// The latest state; none before the first.
    pub state: RwSignal<Option<T>>,
    /// How the connection stands.
    pub connection: RwSignal<Connection>,
    /// The time of the server's last word, by its own clock.
    pub last_word: RwSignal<Option<Timestamp>>,
}

impl<T: Send + Sync + 'static> Clone for Watched<T> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<T: Send + Sync + 'static> Copy for Watched<T> {}

/// Milliseconds between two events that are read.
const PACE_MS: i64 = 250;
/// Milliseconds after which an unanswered question is given up.
const ASK_TIMEOUT_MS: u32 = 20_000;

/// Watches a live state for as long as the present scope lives. On the server it stays as it begins.
pub fn watch<L: Live>(stream: &L) -> Watched<L::State>
where
    L::State: Send + Sync + 'static,
{
    watch_from(stream, None)
}

/// [`watch`] for whoever has a state already.
pub fn watch_from<L: Live>(stream: &L, first: Option<L::State>) -> Watched<L::State>
where
    L::State: Send + Sync + 'static,
{
    let watched = Watched {
        state: RwSignal::new(first),
        connection: RwSignal::new(Connection::Connecting),
        last_word: RwSignal::new(None),
    };
    let path = spoken(stream.path(), L::CONTENT);
    effect(move |_| {
        let on_state = move |text: String| {
            let Ok(state) = json::read::<L::State>(&text) else { return };
            watched.state.set(Some(state));
        };
        let link = Link::open(path.clone(), watched.connection, watched.last_word, Box::new(on_state));
        on_cleanup({
            let link = SendWrapper::new(link);
            move || link.close()
        });
    });
    watched
}

/// Asks once for a state, where its stream does not come through. Nothing happens without an answer: whoever needs one asks
/// again. Not [`crate::client::send`], whose code would be a tenth of a program that needs nothing else of it.
pub fn ask<E: Endpoint>(request: &E, on_state: impl FnOnce(E::Output) + 'static)
where
    E::Output: 'static,
{
    let Ok(asking) = XmlHttpRequest::new() else { return };
    if asking.open(E::METHOD.as_str(), &request.path()).is_err() {
        return;
    }
    asking.set_timeout(ASK_TIMEOUT_MS);
    // What the browser has kept is not what is. If this cannot be said, the answer may be a little older.
    let _ = asking.set_request_header("Cache-Control", "no-cache");
    let answer = asking.clone();
    let done = Closure::once_into_js(move || {
        let text = answer.response_text().ok().flatten().filter(|_| answer.status() == Ok(200));
        if let Some(state) = text.and_then(|text| json::read(&text).ok()) {
            on_state(state);
        }
    });
    asking.set_onload(Some(done.unchecked_ref()));
    // What cannot be sent is not answered either.
    let _ = asking.send();
}

/// One connection, kept up. Not generic: one copy of it serves every stream.
struct Link {
    path: String,
    connection: RwSignal<Connection>,
    last_word: RwSignal<Option<Timestamp>>,
    on_state: Box<dyn Fn(String)>,
    source: RefCell<Option<Open>>,
    /// When the last event arrived ([`clock::elapsed`]).
    heard: Cell<i64>,
    /// When the last event was read.
    read: Cell<i64>,
    /// The last event, while it waits to be read.
    waiting: RefCell<Option<Waiting>>,
    failures: Cell<u32>,
    retry: RefCell<Option<Timer>>,
    standing: RefCell<Vec<Standing>>,
}

/// An event that came too soon after the one before.
struct Waiting {
    text: String,
    is_state: bool,
    _timer: Timer,
}

/// What lives as long as the link.
enum Standing {
    Listener(#[expect(dead_code, reason = "kept for its drop")] Option<Listener>),
    Timer(#[expect(dead_code, reason = "kept for its drop")] Timer),
}

/// An open event source with its listeners; closes when dropped.
struct Open {
    source: EventSource,
    _listeners: [Listener; 3],
}

impl Drop for Open {
    fn drop(&mut self) {
        self.source.close();
    }
}

impl Link {
    fn open(
        path: String,
        connection: RwSignal<Connection>,
        last_word: RwSignal<Option<Timestamp>>,
        on_state: Box<dyn Fn(String)>,
    ) -> Rc<Self> {
        let link = Rc::new(Self {
            path,
            connection,
            last_word,
            on_state,
            source: RefCell::new(None),
            heard: Cell::new(clock::elapsed()),
            read: Cell::new(i64::MIN / 2),
            waiting: RefCell::new(None),
            failures: Cell::new(0),
            retry: RefCell::new(None),
            standing: RefCell::new(Vec::new()),
        });
        let on_visibility = platform::on_visibility({
            let link = Rc::downgrade(&link);
            move || {
                if let Some(link) = link.upgrade() {
                    if platform::is_hidden() { link.pause() } else { link.begin() }
                }
            }
        });
        let watchdog = Timer::every(5_000, {
            let link = Rc::downgrade(&link);
            move || {
                if let Some(link) = link.upgrade() {
                    link.check();
                }
            }
        });
        *link.standing.borrow_mut() = vec![Standing::Listener(on_visibility), Standing::Timer(watchdog)];
        if !platform::is_hidden() {
            link.begin();
        }
        link
    }

    /// Connects, unless the person spares data. Once they ask for it, the script that looks after the app has pages begin
    /// again, as if they were seen again.
    fn begin(self: &Rc<Self>) {
        if platform::root_attribute("data-spares").is_some() {
            self.set(Connection::Spared);
        } else {
            self.connect();
        }
    }

    fn connect(self: &Rc<Self>) {
        self.retry.borrow_mut().take();
        self.heard.set(clock::elapsed());
        let Ok(source) = EventSource::new(&self.path) else { return self.fail() };
        let on = |event: &'static str, is_state: bool| {
            let link = Rc::downgrade(self);
            Listener::new(&source, event, move |event| {
                if let (Some(link), Some(event)) = (link.upgrade(), event.dyn_ref::<MessageEvent>()) {
                    link.hear(event.data().as_string().unwrap_or_default(), is_state);
                }
            })
        };
        let on_error = {
            let link = Rc::downgrade(self);
            Listener::new(&source, "error", move |_| {
                if let Some(link) = link.upgrade() {
                    link.stumble();
                }
            })
        };
        let listeners = [on(STATE_EVENT, true), on(BEAT_EVENT, false), on_error];
        self.source.replace(Some(Open { source, _listeners: listeners }));
    }

    fn hear(self: &Rc<Self>, text: String, is_state: bool) {
        let now = clock::elapsed();
        self.heard.set(now);
        self.failures.set(0);
        let wait = self.read.get() + PACE_MS - now;
        if wait <= 0 {
            return self.read(text, is_state);
        }
        let mut waiting = self.waiting.borrow_mut();
        match waiting.as_mut() {
            // A beat says nothing that a state does not say.
            Some(waiting) if is_state || !waiting.is_state => {
                (waiting.text, waiting.is_state) = (text, is_state);
            }
            Some(_) => {}
            None => {
                let link = Rc::downgrade(self);
                let timer = Timer::once(wait as i32, move || {
                    let Some(link) = link.upgrade() else { return };
                    let waiting = link.waiting.borrow_mut().take();
                    if let Some(Waiting { text, is_state, .. }) = waiting {
                        link.read(text, is_state);
                    }
                });
                *waiting = Some(Waiting { text, is_state, _timer: timer });
            }
        }
    }

    fn read(&self, text: String, is_state: bool) {
        self.read.set(clock::elapsed());
        // A state carries its `as_of` within; a beat is one.
        #[derive(serde::Deserialize)]
        struct Within {
            as_of: AsOf,
        }
        let as_of = if is_state {
            json::read::<Within>(&text).map(|state| state.as_of)
        } else {
            json::read::<AsOf>(&text)
        };
        if is_state {
            (self.on_state)(text);
        }
        if let Ok(as_of) = as_of {
            self.last_word.set(Some(as_of.time));
        }
        self.set(Connection::Live);
    }

    /// The browser lost the connection. It tries again itself, unless it was told that there is no such stream.
    fn stumble(self: &Rc<Self>) {
        self.set(Connection::Lost);
        let gave_up =
            self.source.borrow().as_ref().is_none_or(|open| open.source.ready_state() == EventSource::CLOSED);
        if gave_up {
            self.fail();
        }
    }

    /// Tries again after 1, 2, 4 … 30 seconds, give or take half, so that a thousand screens do not return at once.
    fn fail(self: &Rc<Self>) {
        self.set(Connection::Lost);
        self.waiting.borrow_mut().take();
        self.source.borrow_mut().take();
        let failures = self.failures.get();
        self.failures.set(failures + 1);
        let base = f64::from(1_000_u32.saturating_mul(1 << failures.min(5)).min(30_000));
        let delay = base * (0.5 + js_sys::Math::random());
        let link = Rc::downgrade(self);
        let timer = Timer::once(delay as i32, move || {
            if let Some(link) = link.upgrade() {
                link.connect();
            }
        });
        self.retry.replace(Some(timer));
    }

    /// A connection that is open and silent for too long is as good as lost.
    fn check(self: &Rc<Self>) {
        let silent = clock::elapsed() - self.heard.get() > i64::from(SILENCE_SECONDS) * 1_000;
        if silent && self.source.borrow().is_some() {
            self.fail();
        }
    }

    fn pause(&self) {
        self.retry.borrow_mut().take();
        self.waiting.borrow_mut().take();
        self.source.borrow_mut().take();
        self.set(Connection::Connecting);
    }

    fn close(&self) {
        self.standing.borrow_mut().clear();
        self.waiting.borrow_mut().take();
        self.retry.borrow_mut().take();
        self.source.borrow_mut().take();
    }

    fn set(&self, connection: Connection) {
        if self.connection.get_untracked() != connection {
            self.connection.set(connection);
        }
    }
}
