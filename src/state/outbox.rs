//! Keeping what was confirmed on the device, and sending it when that is possible ([`crate::outbox`]).
//!
//! Everything confirmed is written down before it is sent, so that a lost connection, a lost answer or a dead battery lose
//! nothing. One tab sends at a time, under a lock over all of them; each tells the others when something changed.

use super::session::{self, Device};
use crate::client::{self, ClientError};
use crate::clock;
use crate::outbox::{Act, Item, Outbox, Outcome, State, Step};
use crate::platform::{self, Tabs, Timer, shelf};
use cabildo_contract::ballot::GetBallot;
use cabildo_contract::problem::ProblemKind;
use cabildo_contract::session::GetSession;
use leptos::prelude::*;
use leptos::task::spawn_local;
use std::cell::{Cell, OnceCell, RefCell};
use std::rc::Rc;

/// Under which name it is kept, as the service worker knows it.
const NAME: &str = "outbox";
/// Set while something is in it: the script that looks after the app says so then.
const MARK: &str = "cabildo.waits";
/// The least and the most milliseconds until it is tried again.
const AGAIN_MS: [f64; 2] = [1_000.0, 300_000.0];

/// What waits on this device, and sending it.
#[derive(Clone, Copy)]
pub struct Waiting {
    device: Device,
    outbox: RwSignal<Outbox>,
    /// What somebody confirmed who waits for what comes of it.
    attended: RwSignal<Vec<String>>,
    /// Whether something is being sent.
    pub busy: RwSignal<bool>,
    /// Whether the browser keeps it: if not, it is gone with the page.
    pub is_kept: RwSignal<bool>,
}

/// What there is once in each tab.
struct Tab {
    waiting: Waiting,
    tabs: Tabs,
    failures: Cell<i32>,
    again: RefCell<Option<Timer>>,
}

thread_local! {
    static TAB: OnceCell<Tab> = const { OnceCell::new() };
}

impl Waiting {
    /// Of this device. Where pages are rendered nothing waits.
    #[must_use]
    pub fn on(device: Device) -> Self {
        if cfg!(not(target_arch = "wasm32")) {
            return Self::new(device);
        }
        TAB.with(|tab| {
            if let Some(tab) = tab.get() {
                return tab.waiting;
            }
            // It outlives the page that asks for it first.
            let asking = Owner::current();
            let root = Owner::new_root(None);
            let waiting = root.with(|| Self::new(device));
            std::mem::forget(root);
            if let Some(asking) = asking {
                asking.set();
            }
            let tabs = Tabs::listen("cabildo-outbox", move || waiting.look());
            let _ = tab.set(Tab { waiting, tabs, failures: Cell::new(0), again: RefCell::new(None) });
            let may_be_time = move || {
                if !platform::is_hidden() && platform::remembered(MARK).is_some() {
                    waiting.wake();
                }
            };
            let back = platform::on_online(may_be_time);
            let seen = platform::on_visibility(may_be_time);
            // They live as long as the tab.
            back.into_iter().chain(seen).for_each(platform::Listener::forget);
            may_be_time();
            waiting
        })
    }

    fn new(device: Device) -> Self {
        Self {
            device,
            outbox: RwSignal::new(Outbox::default()),
            attended: RwSignal::new(Vec::new()),
            busy: RwSignal::new(false),
            is_kept: RwSignal::new(true),
        }
    }

    /// Looks at what there is.
    pub fn with<T>(self, look: impl FnOnce(&Outbox) -> T) -> T {
        self.outbox.with(look)
    }

    /// An item of this kind, about the page that the person is on.
    #[must_use]
    pub fn item(self, act: Act, words: Vec<String>) -> Item {
        let title = platform::title();
        Item {
            key: platform::random_key(),
            at: clock::now(),
            // Without the name of the site.
            title: title.split(" · ").next().unwrap_or_default().to_owned(),
            page: platform::address(),
            words,
            author: self.device.author(),
            tried: false,
            act,
            state: State::Waiting {},
            request: None,
        }
    }

    /// The items that nobody attends to who confirmed them just now: what comes of those, a page has to hear for itself.
    #[must_use]
    pub fn unattended(self, is_here: impl Fn(&Item) -> bool) -> Vec<Item> {
        let is_attended = |item: &Item| self.attended.with(|keys| keys.contains(&item.key));
        self.with(|outbox| {
            let items = outbox.items().iter().filter(|item| is_here(item) && !is_attended(item));
            items.cloned().collect()
        })
    }

    /// Writes it down, then sends what waits; what came of it.
    pub async fn confirm(self, item: Item) -> Option<State> {
        let key = item.key.clone();
        self.attended.update(|keys| keys.push(key.clone()));
        self.change(move |outbox| outbox.keep(item.clone())).await;
        self.send().await;
        self.attended.update(|keys| keys.retain(|other| *other != key));
        let state = self.outbox.with_untracked(|outbox| outbox.find(&key).map(|item| item.state.clone()));
        if state == Some(State::Waiting {}) {
            shelf::ask_to_keep();
            // It says so on every page, and has it sent when the page is gone, where the browser can.
            platform::tell("cabildo-waits");
        }
        state
    }

    /// The person gives something up, or has seen what came of it.
    pub fn forget(self, key: &str) {
        let key = key.to_owned();
        spawn_local(self.change(move |outbox| outbox.forget(&key)));
    }

    /// The person wants something sent all the same.
    pub fn insist(self, key: &str) {
        let key = key.to_owned();
        spawn_local(async move {
            self.change(move |outbox| outbox.insist(&key)).await;
            self.send().await;
        });
    }

    /// The person leaves this device: nothing of theirs stays on it, nor what this version cannot read.
    pub fn clear(self) {
        spawn_local(async move {
            let _ = shelf::change(NAME, Box::new(|_| None)).await;
            self.change(|outbox| *outbox = Outbox::default()).await;
        });
    }

    /// Looks what there is, and sends it.
    pub fn wake(self) {
        spawn_local(async move {
            self.change(|_| {}).await;
            self.send().await;
        });
    }

    /// Sends what waits as soon as no other tab does; and what was confirmed while it did.
    async fn send(self) {
        let waits = || self.outbox.with_untracked(|outbox| outbox.step(true) != Step::Rest);
        let is_heard = Rc::new(Cell::new(true));
        while is_heard.get() && waits() && !self.busy.get_untracked() {
            self.busy.set(true);
            let hears = Rc::clone(&is_heard);
            platform::exclusively("cabildo-outbox", async move {
                hears.set(self.send_all().await);
                with_tab(|tab| {
                    let is_heard = hears.get();
                    tab.failures.set(if is_heard { 0 } else { tab.failures.get().saturating_add(1) });
                    tab.again.replace((!is_heard).then(|| self.again(tab.failures.get())));
                });
            })
            .await;
            self.busy.set(false);
        }
    }

    /// Later again: each time twice as late, at a moment by chance, so that not everybody comes back at once.
    fn again(self, failures: i32) -> Timer {
        let [least, most] = AGAIN_MS;
        let within = (least * 2_f64.powi(failures.min(20))).min(most);
        Timer::once((least + within * platform::chance()) as i32, move || {
            if !platform::is_hidden() {
                self.wake();
            }
        })
    }

    /// Sends until nothing waits, or nobody answers. Says whether the server was heard to the end.
    async fn send_all(self) -> bool {
        // Another tab may have sent it while this one waited for its turn.
        self.change(|_| {}).await;
        if self.device.author().is_none() && self.recall().await.is_none() {
            return false;
        }
        loop {
            let author = self.device.author();
            match self.outbox.with_untracked(|outbox| outbox.step(author.is_some())) {
                Step::Rest => return true,
                Step::OpenSession => {
                    if session::open(self.device).await.is_err() || self.belong().await.is_none() {
                        return false;
                    }
                }
                Step::Ask { key, consultation } => match client::send(&GetBallot { consultation }).await {
                    Ok(mine) => self.change(move |outbox| outbox.compare(&key, &mine)).await,
                    Err(error) => match outcome_of(Err(error)) {
                        Outcome::Unanswered => return false,
                        outcome => self.settle(key, outcome).await,
                    },
                },
                Step::Send { key, request } => {
                    let (begun, author) = (key.clone(), author.unwrap_or_default());
                    let begins = author.clone();
                    self.change(move |outbox| outbox.begin(&begun, &begins)).await;
                    let answer = session::deliver(&request, &key, &author).await;
                    if answer.as_ref().is_err_and(|error| error.kind() == Some(ProblemKind::SessionRequired))
                    {
                        // It is over, or somebody else's by now: what belonged to this one says so.
                        self.device.set(None);
                        continue;
                    }
                    match outcome_of(answer) {
                        Outcome::Unanswered => return false,
                        outcome => self.settle(key, outcome).await,
                    }
                }
            }
        }
    }

    /// Asks whose device this is. None without an answer.
    async fn recall(self) -> Option<()> {
        let current = client::send(&GetSession).await.ok()?;
        if current.session.is_some() {
            self.device.set(current.session);
            self.belong().await?;
        }
        Some(())
    }

    async fn belong(self) -> Option<()> {
        let author = self.device.author()?;
        self.change(move |outbox| outbox.belong_to(&author)).await;
        Some(())
    }

    async fn settle(self, key: String, outcome: Outcome) {
        self.change(move |outbox| outbox.settle(&key, outcome.clone())).await;
    }

    /// Another tab changed something.
    fn look(self) {
        spawn_local(async move {
            let kept = shelf::change(NAME, Box::new(|kept| kept)).await;
            if let Some(outbox) = kept.ok().and_then(|kept| Outbox::read(kept.as_deref()).ok()) {
                self.show(outbox);
            }
        });
    }

    /// Changes what is kept, and shows what is kept then.
    async fn change(self, change: impl Fn(&mut Outbox) + 'static) {
        self.change_by(Rc::new(change)).await;
    }

    /// Not generic: one copy of it serves every change.
    async fn change_by(self, change: Rc<dyn Fn(&mut Outbox)>) {
        let changed = Rc::clone(&change);
        let change_text = move |kept: Option<String>| match Outbox::read(kept.as_deref()) {
            Ok(mut outbox) => {
                changed(&mut outbox);
                outbox.written()
            }
            // A newer version wrote it, in another tab: it stays as it is.
            Err(_) => kept,
        };
        let kept = shelf::change(NAME, Box::new(change_text)).await;
        let kept = kept.and_then(|kept| Outbox::read(kept.as_deref()).map_err(|_| shelf::NotKept));
        // What is shown is not drawn anew at every try: the focus would be lost with it.
        if self.is_kept.get_untracked() != kept.is_ok() {
            self.is_kept.set(kept.is_ok());
        }
        match kept {
            Ok(outbox) => {
                if self.show(outbox) {
                    with_tab(|tab| tab.tabs.tell());
                }
            }
            // The browser keeps nothing, or not for this version: it stays for as long as this page does.
            Err(shelf::NotKept) => {
                let mut outbox = self.outbox.get_untracked();
                change(&mut outbox);
                self.show(outbox);
            }
        }
    }

    /// Says whether that is something new.
    fn show(self, outbox: Outbox) -> bool {
        let is_new = self.outbox.with_untracked(|shown| *shown != outbox);
        if is_new {
            platform::remember(MARK, (!outbox.items().is_empty()).then_some("1"));
            self.outbox.set(outbox);
        }
        is_new
    }
}

fn with_tab(run: impl FnOnce(&Tab)) {
    TAB.with(|tab| tab.get().map(run));
}

fn outcome_of(answer: Result<String, ClientError>) -> Outcome {
    match answer {
        Ok(answer) => Outcome::Received(answer),
        Err(ClientError::Rejected(problem)) if !is_later(problem.status, problem.kind) => {
            Outcome::Refused(problem.kind)
        }
        Err(_) => Outcome::Unanswered,
    }
}

/// Whether a refusal means: later.
fn is_later(status: u16, kind: ProblemKind) -> bool {
    status >= 500 || matches!(kind, ProblemKind::RateLimited | ProblemKind::WorkRequired)
}
