//! What a wall knows, since when, and what time it is.
//!
//! *Live* means one thing: the server's last word is at most thirty seconds old. All of it is counted by a clock that
//! nobody can set; what time it is the server says, since the clock of a small computer on a wall is often wrong.

use super::NEWER;
use super::data::{About, Figures, GetAbout, GetFigures, GetSteps, Steps};
use super::views::Known;
use crate::client::live::{Watched, ask, watch_from};
use crate::clock;
use crate::effect::effect;
use crate::i18n::Language;
use crate::platform::{self, Timer};
use crate::seed::Seed;
use cabildo_contract::id::Slug;
use cabildo_contract::time::Timestamp;
use leptos::prelude::*;
use send_wrapper::SendWrapper;
use std::cell::Cell;

/// Milliseconds without a word after which nothing is live.
const SILENCE_MS: i64 = 30_000;
/// Milliseconds without a word after which the server is asked, where its stream does not come through.
const ASK_AFTER_MS: i64 = 18_000;
/// Milliseconds between two such questions, at least; and by how many more, at most, so that screens do not ask in step.
const ASK_EVERY_MS: [f64; 2] = [8_000.0, 4_000.0];

/// Not yet.
const NEVER: i64 = i64::MIN;

/// How what is shown stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Standing {
    /// It is what the page came with, and was so then.
    Connecting,
    /// It is what is.
    Live,
    /// It was so at the server's last word.
    Lost,
}

/// What a wall knows, in one language.
#[derive(Clone, Copy)]
pub struct Feed {
    /// What the process is, and what was done and what comes next: as the page came with it. It changes rarely, and a page
    /// is loaded anew often enough.
    still: StoredValue<(Option<About>, Option<Steps>)>,
    watched: Watched<Figures>,
    /// When the server's last word came ([`clock::elapsed`]), or [`NEVER`].
    heard: RwSignal<i64>,
    /// How many milliseconds [`clock::elapsed`] is behind what the server says about the time, or [`NEVER`].
    behind: RwSignal<i64>,
    /// When it began, and what time it is since, second by second ([`clock::elapsed`]).
    begun: i64,
    tick: RwSignal<i64>,
}

impl Feed {
    /// One for each language, and the same for those in which the process says the same.
    #[must_use]
    pub fn of(process: &Slug, languages: &[Language]) -> Vec<Self> {
        let mut feeds: Vec<(Option<String>, Self)> = Vec::new();
        for language in languages {
            let about =
                use_context::<Seed>().unwrap_or_default().ready(&GetAbout(process.clone(), *language));
            let written = about.as_ref().map(|about| about.language.clone());
            let same = feeds.iter().find(|(known, _)| *known == written).map(|(_, feed)| *feed);
            feeds.push((written, same.unwrap_or_else(|| Self::begin(process, *language, about))));
        }
        feeds.into_iter().map(|(_, feed)| feed).collect()
    }

    /// Begins with what the page came with, and follows the process for as long as the present scope lives.
    fn begin(process: &Slug, language: Language, about: Option<About>) -> Self {
        let seed = use_context::<Seed>().unwrap_or_default();
        let figures = GetFigures(process.clone(), language);
        let steps = seed.ready(&GetSteps(process.clone(), language));
        let begun = clock::elapsed();
        let feed = Self {
            still: StoredValue::new((about, steps)),
            watched: watch_from(&figures, seed.ready(&figures)),
            heard: RwSignal::new(NEVER),
            behind: RwSignal::new(NEVER),
            begun,
            tick: RwSignal::new(begun),
        };
        feed.follow(figures);
        feed
    }

    fn follow(self, figures: GetFigures) {
        effect(move |_| {
            if let Some(time) = self.watched.last_word.get() {
                let now = clock::elapsed();
                self.behind.set(time.millis() - now);
                self.heard.set(now);
                self.tick.set(now);
            }
        });
        effect(move |_| {
            let figures = figures.clone();
            let mut ask_at = 0;
            let timer = Timer::every(1_000, move || {
                let now = clock::elapsed();
                self.tick.set(now);
                // The script that looks after the page sees that this one runs.
                platform::set_root_attribute("data-tick", Some(&now.to_string()));
                let silence = now - self.heard.get_untracked().max(self.begun);
                if silence > ASK_AFTER_MS && now >= ask_at && !platform::is_hidden() {
                    let [least, more] = ASK_EVERY_MS;
                    ask_at = now + (least + more * platform::chance()) as i64;
                    self.ask(&figures);
                }
            });
            on_cleanup({
                let timer = SendWrapper::new(timer);
                move || drop(timer)
            });
        });
        // Who was away may have missed more than figures, and so may who never had them.
        let was_away = Cell::new(self.still.with_value(|(about, _)| about.is_none()));
        effect(move |_| match self.standing() {
            Standing::Live if was_away.get() => platform::set_root_attribute(NEWER, Some("")),
            Standing::Lost => was_away.set(true),
            _ => {}
        });
    }

    fn ask(self, figures: &GetFigures) {
        ask(figures, move |figures| {
            let word = Some(figures.as_of.time);
            // What a cache on the way gives out again is no new word.
            if word > self.watched.last_word.get_untracked() {
                self.watched.state.set(Some(figures));
                self.watched.last_word.set(word);
            }
        });
    }

    /// Looks at all of it.
    pub fn with<T>(self, look: impl FnOnce(Known<'_>) -> T) -> T {
        let now = self.now();
        self.watched.state.with(|figures| {
            self.still.with_value(|(about, steps)| {
                let steps = steps.as_ref().map(|steps| steps.timeline.as_slice()).unwrap_or_default();
                look(Known { figures: figures.as_ref(), about: about.as_ref(), steps, now })
            })
        })
    }

    /// Seconds since it began.
    #[must_use]
    pub fn seconds(self) -> u64 {
        u64::try_from((self.tick.get() - self.begun) / 1_000).unwrap_or_default()
    }

    /// How what is shown stands.
    #[must_use]
    pub fn standing(self) -> Standing {
        let now = self.tick.get();
        match self.heard.get() {
            NEVER if now - self.begun <= SILENCE_MS => Standing::Connecting,
            NEVER => Standing::Lost,
            heard if now - heard <= SILENCE_MS => Standing::Live,
            _ => Standing::Lost,
        }
    }

    /// When what is shown was so.
    #[must_use]
    pub fn taken(self) -> Option<Timestamp> {
        let figures = self.watched.state.with(|figures| figures.as_ref().map(|figures| figures.as_of.time));
        self.watched.last_word.get().max(figures)
    }

    /// What time it is: by the server's clock since it said a word; before by the device's, but never before the figures.
    #[must_use]
    fn now(self) -> Timestamp {
        let tick = self.tick.get();
        match self.behind.get() {
            NEVER => self.taken().map_or_else(clock::now, |taken| taken.max(clock::now())),
            behind => Timestamp::from_millis(tick + behind),
        }
    }
}
