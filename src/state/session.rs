//! The session of this device: opened at the first act, never for reading.

use crate::client::{self, ClientError};
use crate::platform;
use cabildo_contract::endpoint::Endpoint;
use cabildo_contract::problem::ProblemKind;
use cabildo_contract::session::{GetSession, NewSession, OpenSession, Session};
use leptos::prelude::*;
use leptos::task::spawn_local;
use std::cell::RefCell;
use std::rc::Rc;

/// What is known about the session.
#[derive(Debug, Clone, Copy)]
pub struct Device(RwSignal<Option<Session>>);

impl Device {
    /// Nothing known yet.
    #[must_use]
    pub fn unknown() -> Self {
        Self(RwSignal::new(None))
    }

    /// Asks the server whether this device already has a session, without opening one.
    pub fn recall(self) {
        spawn_local(async move {
            if let Ok(current) = client::send(&GetSession).await {
                self.0.set(current.session);
            }
        });
    }
}

/// The code under which this device's comments appear; none without a session.
#[must_use]
pub fn author() -> Option<String> {
    use_context::<Device>()?.0.with(|session| session.as_ref().map(|session| session.author.clone()))
}

/// Sends an act of this person: opens a session first where there is none, and once more where the server no
/// longer knows it.
///
/// # Errors
/// As [`client::send`].
pub async fn act<E: Endpoint>(
    device: Device,
    request: &E,
    key: Option<&str>,
) -> Result<E::Output, ClientError> {
    if device.0.with_untracked(Option::is_none) {
        open(device).await?;
    }
    let answer = attempt(request, key).await;
    if matches!(&answer, Err(error) if error.kind() == Some(ProblemKind::SessionRequired)) {
        open(device).await?;
        return attempt(request, key).await;
    }
    answer
}

async fn attempt<E: Endpoint>(request: &E, key: Option<&str>) -> Result<E::Output, ClientError> {
    match key {
        Some(key) => client::send_once(request, key).await,
        None => client::send(request).await,
    }
}

/// Opens the session. Under a lock over all tabs: two tabs that act at once are still one device.
async fn open(device: Device) -> Result<(), ClientError> {
    let outcome = Rc::new(RefCell::new(Err(ClientError::Unreadable)));
    platform::exclusively("cabildo-session", {
        let outcome = Rc::clone(&outcome);
        async move {
            let answer = client::send(&OpenSession { body: NewSession::default() }).await;
            *outcome.borrow_mut() = answer;
        }
    })
    .await;
    let session = outcome.borrow().clone()?;
    device.0.set(Some(session));
    Ok(())
}
