//! The parts of a view that change, as trait objects.
//!
//! A closure in a view has a type of its own, and for every such type the compiler makes the code that builds,
//! updates and removes it: two to four kilobytes each, over a hundred times. Behind a trait object one copy
//! serves them all. `docs/decisions/0003-splitting.md` has the figures.

use leptos::ev::{Event, MouseEvent, SubmitEvent};
use leptos::prelude::*;
use std::sync::Arc;

/// A value that a view reads again whenever the signals in it change.
pub type Value<T> = Arc<dyn Fn() -> T + Send + Sync>;

/// A part of a view that is made again whenever the signals in it change.
pub type Part = Box<dyn FnMut() -> AnyView + Send>;

/// What to do on an event.
pub type Handler<E> = Box<dyn FnMut(E)>;

/// A part of a view: an element, several, or none.
pub fn part<V: IntoView + 'static>(view: impl Fn() -> V + Send + 'static) -> Part {
    Box::new(move || view().into_any())
}

/// A text.
pub fn text(text: impl Fn() -> String + Send + Sync + 'static) -> Value<String> {
    Arc::new(text)
}

/// A message of the catalogue.
pub fn message(message: impl Fn() -> &'static str + Send + Sync + 'static) -> Value<&'static str> {
    Arc::new(message)
}

/// An attribute that is there or not, without a value.
pub fn flag(flag: impl Fn() -> bool + Send + Sync + 'static) -> Value<bool> {
    Arc::new(flag)
}

/// An attribute with a value, or not there.
pub fn word(word: impl Fn() -> Option<&'static str> + Send + Sync + 'static) -> Value<Option<&'static str>> {
    Arc::new(word)
}

/// An attribute with the value `value` while `flag` holds.
pub fn word_if(
    value: &'static str,
    flag: impl Fn() -> bool + Send + Sync + 'static,
) -> Value<Option<&'static str>> {
    word(move || flag().then_some(value))
}

/// What to do on a click.
pub fn click(mut action: impl FnMut() + 'static) -> Handler<MouseEvent> {
    Box::new(move |_| action())
}

/// What to do when a link is followed; it is not where `action` says no.
pub fn follow(mut action: impl FnMut() -> bool + 'static) -> Handler<MouseEvent> {
    Box::new(move |event| {
        if !action() {
            event.prevent_default();
        }
    })
}

/// What to do on a change.
pub fn change(action: impl FnMut(Event) + 'static) -> Handler<Event> {
    Box::new(action)
}

/// What to do when a form is sent; the browser's own sending is prevented.
pub fn submit(mut action: impl FnMut(Event) + 'static) -> Handler<SubmitEvent> {
    Box::new(move |event| {
        event.prevent_default();
        action(event.into());
    })
}
