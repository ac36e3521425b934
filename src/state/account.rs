//! What is kept of a person, ending sessions, leaving.

use super::outbox::Waiting;
use super::session::Device;
use super::{Resource, load_own};
use crate::client::{self, ClientError};
use cabildo_contract::endpoint::Endpoint;
use cabildo_contract::id::Slug;
use cabildo_contract::identity::{EndOtherSession, GetPerson, Leave, PersonRecord};
use cabildo_contract::session::EndSession;
use leptos::prelude::*;
use leptos::task::spawn_local;

/// What is kept of the person who uses this device.
#[derive(Clone, Copy)]
pub struct Account {
    device: Device,
    /// What is kept.
    pub record: Resource<PersonRecord>,
    /// Whether an answer of the server is awaited.
    pub busy: RwSignal<bool>,
    /// What went wrong last.
    pub error: RwSignal<Option<ClientError>>,
    /// Whether nothing is kept any more, because the person wanted it so.
    pub is_over: RwSignal<bool>,
}

impl Account {
    /// Of this device.
    #[must_use]
    pub fn here() -> Self {
        Self {
            device: use_context::<Device>().unwrap_or_else(Device::unknown),
            record: load_own(|| GetPerson),
            busy: RwSignal::new(false),
            error: RwSignal::new(None),
            is_over: RwSignal::new(false),
        }
    }

    /// Ends a session on another device.
    pub fn end_other(self, session: Slug) {
        self.ask(EndOtherSession { session }, move |record| self.record.set(record));
    }

    /// Ends the session on this device.
    pub fn end(self) {
        self.ask(EndSession, move |_| self.over());
    }

    /// Unlinks the person from what they did.
    pub fn leave(self) {
        self.ask(Leave, move |_| self.over());
    }

    /// Nothing of the person stays on the device either: whoever uses it next could read what waits.
    fn over(self) {
        Waiting::on(self.device).clear();
        self.device.set(None);
        self.is_over.set(true);
        self.record.reload();
    }

    fn ask<E: Endpoint + 'static>(self, request: E, done: impl FnOnce(E::Output) + 'static) {
        if self.busy.get_untracked() {
            return;
        }
        self.busy.set(true);
        self.error.set(None);
        spawn_local(async move {
            let answer = client::send(&request).await;
            if self.busy.try_set(false).is_some() {
                return;
            }
            match answer {
                Ok(output) => done(output),
                Err(error) => self.error.set(Some(error)),
            }
        });
    }
}
