//! Pictures as elements. There are always the same ones, as many as a picture may need: what changes changes in its place,
//! so numbers ease, bars grow and nothing is drawn anew.

use super::Shown;
use super::views::{Line, Number, Picture, Point};
use crate::clock;
use crate::effect::effect;
use crate::i18n::{self, format, language};
use crate::platform::{self, Frames};
use crate::ui::icon::{Icon, icon};
use crate::ui::reactive::{Value, text};
use leptos::prelude::*;
use send_wrapper::SendWrapper;
use std::cell::Cell;

/// Milliseconds in which a number eases to its new value.
const EASE_MS: i64 = 900;
/// Milliseconds between two pulses, at least.
const PULSE_MS: i64 = 2_500;

/// Draws the picture that is shown: the first attribute says what it has, and the stylesheet draws nothing else. `content` is
/// the language of what is quoted; `moves` is whether things may.
///
/// Every part that changes is a text, one of them a part of the stylesheet's: another type of part costs two kilobytes.
pub(super) fn draw(shown: Memo<Shown>, content: Option<String>, moves: bool) -> AnyView {
    let t = i18n::screen();
    let words =
        move |pick: fn(&Picture) -> &str| text(move || shown.with(|shown| pick(&shown.picture).to_owned()));
    let how = move |at: usize| {
        let words = text(move || {
            shown.with(|Shown { picture, .. }| picture.how.get(at).copied().unwrap_or_default().to_owned())
        });
        view! { <li>{words}</li> }
    };
    let hour = move |at: usize| {
        text(move || {
            shown.with(|Shown { picture, .. }| {
                picture.hour.as_ref().map_or_else(String::new, |hour| hour[at].clone())
            })
        })
    };
    let number = |at| number(shown, at, moves);
    let line = |at| line(shown, at, content.clone(), moves);
    let point = |at| point(shown, at, content.clone());
    view! {
        <section class="c-wall__view" data-has=text(move || shown.with(|Shown { picture, .. }| has(picture)))>
            <h1 class="c-wall__title" lang=content.clone()>{words(|picture| &picture.title)}</h1>
            <p class="c-wall__lead">{words(|picture| &picture.lead)}</p>
            <p class="c-wall__label" data-of="exercise">{icon(Icon::FLASK)}{t.exercise}</p>
            <ol class="c-wall__steps">{how(0)}{how(1)}{how(2)}</ol>
            <p class="c-wall__note">{words(|picture| &picture.note)}</p>
            <p class="c-wall__countdown" role="timer">{words(|picture| &picture.countdown)}</p>
            <ul class="c-wall__numbers">{number(0)}{number(1)}{number(2)}</ul>
            <figure class="c-wall__hour">
                <figcaption>
                    <span>{t.last_hour}</span>
                    <span class="c-wall__key" data-of="ballots">{t.key_ballots}</span>
                    <span class="c-wall__key" data-of="comments">{t.key_comments}</span>
                </figcaption>
                <svg viewBox="0 0 600 100" preserveAspectRatio="none" aria-hidden="true" focusable="false">
                    <path class="c-wall__ballots" d=hour(0)></path>
                    <path class="c-wall__comments" d=hour(1)></path>
                </svg>
                <p class="c-wall__hours"><span>{t.hour_ago}</span><span>{t.now}</span></p>
            </figure>
            <ol class="c-wall__bars">{line(0)}{line(1)}{line(2)}{line(3)}{line(4)}</ol>
            <ol class="c-wall__way-points">{point(0)}{point(1)}{point(2)}{point(3)}{point(4)}</ol>
        </section>
    }
    .into_any()
}

/// What a picture has, in words of `style/components/wall.css`.
fn has(picture: &Picture) -> String {
    let all = [
        ("lead", !picture.lead.is_empty()),
        ("exercise", picture.exercise),
        ("how", !picture.how.is_empty()),
        ("note", !picture.note.is_empty()),
        ("countdown", !picture.countdown.is_empty()),
        ("numbers", !picture.numbers.is_empty()),
        ("long", picture.numbers.iter().any(|number| number.value >= 100_000)),
        ("hour", picture.hour.is_some()),
        ("lines", !picture.lines.is_empty()),
        ("points", !picture.points.is_empty()),
    ];
    let mut words = String::new();
    for (word, _) in all.iter().filter(|(_, has)| *has) {
        words.push_str(word);
        words.push(' ');
    }
    words
}

/// `no` for an item of a list that the picture does not have.
fn is_there(there: bool) -> String {
    if there { "yes" } else { "no" }.to_owned()
}

/// A number with what it counts and of how much it is a part; its stroke swells for a moment when there is one more.
fn number(shown: Memo<Shown>, at: usize, moves: bool) -> AnyView {
    let of = move |pick: fn(&Number) -> String| {
        text(move || {
            shown.with(|Shown { picture, .. }| picture.numbers.get(at).map_or_else(String::new, pick))
        })
    };
    let value =
        move || shown.with(|Shown { picture, .. }| picture.numbers.get(at).map_or(0, |number| number.value));
    let there = text(move || is_there(shown.with(|Shown { picture, .. }| at < picture.numbers.len())));
    view! {
        <li data-there=there data-pulse=pulse(Box::new(value))>
            <strong>{eased(Box::new(value), moves)}</strong>
            <span>{of(|number| number.words.clone())}</span>
            {track(of(|number| number.part.clone()))}
        </li>
    }
    .into_any()
}

fn line(shown: Memo<Shown>, at: usize, content: Option<String>, moves: bool) -> AnyView {
    let of = move |pick: fn(&Line) -> String| {
        text(move || shown.with(|Shown { picture, .. }| picture.lines.get(at).map_or_else(String::new, pick)))
    };
    let value =
        move || shown.with(|Shown { picture, .. }| picture.lines.get(at).map_or(0, |line| line.value));
    let there = text(move || is_there(shown.with(|Shown { picture, .. }| at < picture.lines.len())));
    view! {
        <li data-there=there>
            <span class="c-wall__name" lang=content>{of(|line| line.name.clone())}</span>
            <strong>{of(|line| if line.below_zero { "−" } else { "" }.to_owned())}{eased(Box::new(value), moves)}</strong>
            {track(of(|line| line.length.clone()))}
        </li>
    }
    .into_any()
}

fn track(length: Value<String>) -> AnyView {
    let length =
        text(move || Some(length()).filter(|length| !length.is_empty()).unwrap_or_else(|| "0".to_owned()));
    view! {
        <svg class="c-wall__track" aria-hidden="true" focusable="false">
            <rect class="c-wall__bar" width=length height="100%"></rect>
        </svg>
    }
    .into_any()
}

fn point(shown: Memo<Shown>, at: usize, content: Option<String>) -> AnyView {
    let of = move |pick: fn(&Point) -> String| {
        text(move || {
            shown.with(|Shown { picture, .. }| picture.points.get(at).map_or_else(String::new, pick))
        })
    };
    let there = text(move || is_there(shown.with(|Shown { picture, .. }| at < picture.points.len())));
    view! {
        <li data-there=there data-state=of(|point| point.state.to_owned())>
            <span class="c-wall__when">{of(|point| point.when.clone())}</span>
            <span class="c-wall__name" lang=content>{of(|point| point.name.clone())}</span>
        </li>
    }
    .into_any()
}

/// A number that is read again and again.
type Changing = Box<dyn Fn() -> u64 + Send + Sync>;

/// Says which of two pulses is to be seen: when one follows another, it is the other one, which begins anew.
fn pulse(value: Changing) -> Value<String> {
    let beats = RwSignal::new(0_u64);
    let before = Cell::new((untrack(&value), clock::elapsed() - PULSE_MS));
    effect(move |_| {
        let ((last, at), value, now) = (before.get(), value(), clock::elapsed());
        let is_beat = value > last && now - at >= PULSE_MS;
        before.set((value, if is_beat { now } else { at }));
        if is_beat {
            beats.update(|beats| *beats += 1);
        }
    });
    text(move || {
        match beats.get() {
            0 => "none",
            beats if beats % 2 == 1 => "one",
            _ => "other",
        }
        .to_owned()
    })
}

/// A number that eases to its new value where things may move.
fn eased(value: Changing, moves: bool) -> Value<String> {
    let shown = RwSignal::new(untrack(&value));
    effect(move |_| {
        let (from, to) = (shown.get_untracked(), value());
        if from == to {
            return;
        }
        if !moves || platform::is_hidden() {
            shown.set(to);
            return;
        }
        let begun = clock::elapsed();
        let frames = Frames::run(move || {
            let next = ease(from, to, clock::elapsed() - begun);
            // Gone with its view.
            let Some(last) = shown.try_get_untracked() else { return false };
            if last != next {
                shown.set(next);
            }
            next != to
        });
        on_cleanup({
            let frames = SendWrapper::new(frames);
            move || drop(frames)
        });
    });
    text(move || format::number(language(), shown.get()))
}

/// Where a number is on its way after so many milliseconds: fast first, then slower.
fn ease(from: u64, to: u64, millis: i64) -> u64 {
    let left = 1.0 - millis.clamp(0, EASE_MS) as f64 / EASE_MS as f64;
    let missing = |distance: u64| (distance as f64 * left * left * left) as u64;
    if to >= from { to - missing(to - from) } else { to + missing(from - to) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_begins_where_it_was_and_ends_where_it_is_to_be() {
        assert_eq!([ease(10, 110, 0), ease(10, 110, EASE_MS), ease(10, 110, EASE_MS * 2)], [10, 110, 110]);
        assert_eq!([ease(110, 10, 0), ease(110, 10, EASE_MS)], [110, 10]);
        assert_eq!(ease(0, 1000, EASE_MS / 2), 875, "half of the time, seven eighths of the way");
        assert_eq!(ease(0, u64::MAX, EASE_MS), u64::MAX);
        assert_eq!(ease(5, 6, -3), 5, "a clock that goes back");
    }
}
