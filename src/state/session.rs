//! The session of this device: opened at the first act, never for reading.

use crate::client::{self, ClientError};
use crate::outbox::Request;
use crate::platform;
use cabildo_contract::embed::{ACT_PARAMETER, AnnounceAct, is_act};
use cabildo_contract::endpoint::{Endpoint, Method};
use cabildo_contract::id::Slug;
use cabildo_contract::problem::ProblemKind;
use cabildo_contract::session::{
    Assurance, GetSession, Identified, NewSession, OpenSession, Residence, Session, SetTerritory,
};
use cabildo_contract::work::Work;
use leptos::prelude::*;
use leptos::task::spawn_local;
use std::cell::RefCell;
use std::rc::Rc;

/// What is known about the session.
#[derive(Debug, Clone, Copy)]
pub struct Device(RwSignal<Option<Session>>);

/// Where the tabs of a device tell each other which version of the person's ballot stands: `consultation version`, of the
/// last ballot that one of them heard of; gone with the session.
pub(super) const STANDING: &str = "cabildo.standing";

impl Device {
    /// Nothing known yet.
    #[must_use]
    pub fn unknown() -> Self {
        Self(RwSignal::new(None))
    }

    /// Whether the person has identified themselves in a process as it asks.
    #[must_use]
    pub fn is_identified(self, process: &Slug, assurance: &Assurance) -> bool {
        let here =
            |identified: &Identified| identified.process == *process && identified.assurance == *assurance;
        self.0.with(|session| session.as_ref().is_some_and(|session| session.identities.iter().any(here)))
    }

    /// The code under which the person's comments appear; none without a session.
    #[must_use]
    pub(super) fn author(self) -> Option<String> {
        self.0.with_untracked(|session| session.as_ref().map(|session| session.author.clone()))
    }

    /// The session is another now, or none: `keeper.js` has the app start at once for whoever has one.
    pub(super) fn set(self, session: Option<Session>) {
        platform::remember("cabildo.known", session.is_some().then_some("1"));
        if session.is_none() {
            platform::remember(STANDING, None);
        }
        self.0.set(session);
    }

    /// Asks the server whether this device already has a session, without opening one.
    pub fn recall(self) {
        spawn_local(async move {
            if let Ok(current) = client::send(&GetSession).await {
                self.set(current.session);
            }
        });
    }
}

/// The code under which this device's comments appear; none without a session.
#[must_use]
pub fn author() -> Option<String> {
    use_context::<Device>()?.0.with(|session| session.as_ref().map(|session| session.author.clone()))
}

/// Where this device's person says that they live, and saying so.
#[derive(Debug, Clone, Copy)]
pub struct Living {
    device: Device,
    /// Whether it is on its way.
    pub busy: RwSignal<bool>,
    /// What came of it: what is kept now, or why it could not be.
    pub outcome: RwSignal<Option<Result<Option<String>, ClientError>>>,
}

impl Living {
    /// Of this device.
    #[must_use]
    pub fn here() -> Self {
        let device = use_context::<Device>().unwrap_or_else(Device::unknown);
        Self { device, busy: RwSignal::new(false), outcome: RwSignal::new(None) }
    }

    /// The code of the department that is kept.
    #[must_use]
    pub fn said(self) -> Option<String> {
        self.device.0.with(|session| session.as_ref().and_then(|session| session.territory.clone()))
    }

    /// Keeps it, or erases it.
    pub fn say(self, territory: Option<String>) {
        if self.busy.get_untracked() {
            return;
        }
        self.busy.set(true);
        spawn_local(async move {
            let answer = act(self.device, &SetTerritory { body: Residence { territory } }, None).await;
            self.outcome.set(Some(answer.map(|session| {
                let kept = session.territory.clone();
                self.device.0.set(Some(session));
                kept
            })));
            self.busy.set(false);
        });
    }
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
    let mut answer = attempt(request, key).await;
    if matches!(&answer, Err(error) if error.kind() == Some(ProblemKind::SessionRequired)) {
        open(device).await?;
        answer = attempt(request, key).await;
    }
    if answer.is_ok() && (E::CREATES || E::METHOD == Method::Put) {
        announce();
    }
    answer
}

/// Tells the widget that opened this window, if one did, that something was received: directly, and by way of the
/// server, since the two may be cut off from each other.
fn announce() {
    let Some(act) = platform::parameter(ACT_PARAMETER).filter(|act| is_act(act)) else { return };
    platform::tell_opener(&act);
    spawn_local(async move {
        // It is a thank-you: nobody misses it.
        let _ = client::send(&AnnounceAct { act }).await;
    });
}

/// Sends it once, and once more with the work that it needed.
async fn attempt<E: Endpoint>(request: &E, key: Option<&str>) -> Result<E::Output, ClientError> {
    let answer = client::send_act(request, key, None).await;
    if E::MAY_NEED_WORK
        && let Err(error) = &answer
        && let Some(work) = done_for(error).await
    {
        return client::send_act(request, key, Some(&work)).await;
    }
    answer
}

/// Sends what was written down before, in the session that there is: it opens none. As often as [`attempt`].
pub(super) async fn deliver(request: &Request, key: &str) -> Result<String, ClientError> {
    let Request { method, path, body } = request;
    let mut answer = client::deliver(*method, path, body, key, None).await;
    if let Err(error) = &answer
        && let Some(work) = done_for(error).await
    {
        answer = client::deliver(*method, path, body, key, Some(&work)).await;
    }
    if answer.is_ok() {
        announce();
    }
    answer
}

/// The work that a refusal asks for, done; none if it asks for none.
async fn done_for(error: &ClientError) -> Option<String> {
    let ClientError::Rejected(problem) = error else { return None };
    let work = problem.work.as_ref()?;
    Some(work.found(find(work).await?))
}

/// How many numbers are tried before the page may do something else: a few milliseconds on a slow phone.
const AT_ONCE: u32 = 1_024;

/// Finds the number, while the page goes on.
async fn find(work: &Work) -> Option<u32> {
    let mut from = 0;
    while from < work.below {
        if let Some(number) = work.search(from, AT_ONCE) {
            return Some(number);
        }
        from += AT_ONCE;
        platform::breathe().await;
    }
    None
}

/// Opens the session. Under a lock over all tabs: two tabs that act at once are still one device.
pub(super) async fn open(device: Device) -> Result<(), ClientError> {
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
