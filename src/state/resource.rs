//! A value of the API, asked for as long as a page shows it.

use crate::client::{self, ClientError};
use crate::effect::effect;
use crate::loadable::{Loadable, SLOW_MS};
use crate::platform::Timer;
use crate::seed::Seed;
use cabildo_contract::endpoint::Endpoint;
use leptos::prelude::*;
use leptos::task::spawn_local;
use send_wrapper::SendWrapper;
use std::cell::Cell;
use std::rc::Rc;

/// How often people have asked for what failed. A page asks for several things: when the connection is back, one tap
/// brings them all.
#[derive(Debug, Clone, Copy)]
pub struct Retry(RwSignal<u32>);

impl Retry {
    /// Never.
    #[must_use]
    pub fn new() -> Self {
        Self(RwSignal::new(0))
    }
}

impl Default for Retry {
    fn default() -> Self {
        Self::new()
    }
}

/// A value of the API.
pub struct Resource<T: Send + Sync + 'static> {
    value: RwSignal<Loadable<T>>,
    again: RwSignal<u32>,
}

impl<T: Send + Sync + 'static> Clone for Resource<T> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<T: Send + Sync + 'static> Copy for Resource<T> {}

impl<T: Clone + Send + Sync + 'static> Resource<T> {
    /// The value and where it stands.
    #[must_use]
    pub fn get(&self) -> Loadable<T> {
        self.value.get()
    }

    /// Looks at the value without copying it.
    pub fn with<U>(&self, look: impl FnOnce(&Loadable<T>) -> U) -> U {
        self.value.with(look)
    }

    /// Asks again; what is shown stays until the answer is here.
    pub fn reload(&self) {
        self.again.update(|times| *times += 1);
    }

    /// Asks again, for whoever shows why the value is not here; and for everything else in the page that failed.
    #[must_use]
    pub fn retry(&self) -> Callback<()> {
        let (resource, retry) = (*self, use_context::<Retry>());
        Callback::new(move |()| match retry {
            Some(Retry(times)) => times.update(|times| *times += 1),
            None => resource.reload(),
        })
    }

    /// Replaces the value by one that is known to be newer.
    pub fn set(&self, value: T) {
        self.value.set(Loadable::Ready(value));
    }

    /// Changes the value, if it is here.
    pub fn update(&self, change: impl FnOnce(&mut T)) {
        self.value.update(|value| {
            if let Loadable::Ready(value) = value {
                change(value);
            }
        });
    }
}

/// Asks for a public value now, and again whenever the signals that `request` reads change. The first answer is
/// taken from the seed where it is at hand. A request that is no longer wanted is cancelled.
pub fn load<E>(request: impl Fn() -> E + Send + Sync + 'static) -> Resource<E::Output>
where
    E: Endpoint + 'static,
    E::Output: Clone + Send + Sync + 'static,
{
    let seeded = use_context::<Seed>().and_then(|seed| seed.get(&untrack(&request)));
    ask(request, seeded)
}

/// Asks for a value that is the caller's own. Never part of the first response, which is the same for everybody.
pub fn load_own<E>(request: impl Fn() -> E + Send + Sync + 'static) -> Resource<E::Output>
where
    E: Endpoint + 'static,
    E::Output: Clone + Send + Sync + 'static,
{
    ask(request, None)
}

fn ask<E>(
    request: impl Fn() -> E + Send + Sync + 'static,
    seeded: Option<Result<E::Output, ClientError>>,
) -> Resource<E::Output>
where
    E: Endpoint + 'static,
    E::Output: Clone + Send + Sync + 'static,
{
    let value = RwSignal::new(seeded.map_or(Loadable::Pending, settle));
    let again = RwSignal::new(0);
    when_retried(move || {
        if value.with_untracked(|value| matches!(value, Loadable::Failed(_))) {
            again.update(|times| *times += 1);
        }
    });
    effect(move |previous: Option<String>| {
        again.track();
        let request = request();
        let path = request.path();
        if previous.is_none() && !value.with_untracked(|value| matches!(value, Loadable::Pending)) {
            return path;
        }
        // A reload keeps what is shown; another address starts anew.
        if previous.is_some_and(|previous| previous != path) {
            value.set(Loadable::Pending);
        }
        let slow = Timer::once(SLOW_MS, move || {
            value.update(|value| {
                if matches!(value, Loadable::Pending) {
                    *value = Loadable::Slow;
                }
            });
        });
        let wanted = Rc::new(Cell::new(true));
        on_cleanup({
            let wanted = SendWrapper::new(Rc::clone(&wanted));
            move || wanted.set(false)
        });
        spawn_local(async move {
            let answer = client::send(&request).await;
            drop(slow);
            if wanted.get() {
                value.set(settle(answer));
            }
        });
        path
    });
    Resource { value, again }
}

/// Runs whenever a person asks for what failed.
fn when_retried(run: impl Fn() + 'static) {
    if let Some(Retry(times)) = use_context::<Retry>() {
        effect(move |begun: Option<()>| {
            times.track();
            if begun.is_some() {
                run();
            }
        });
    }
}

fn settle<T>(answer: Result<T, ClientError>) -> Loadable<T> {
    match answer {
        Ok(value) => Loadable::Ready(value),
        Err(error) => Loadable::Failed(error),
    }
}
