//! The session of this device: opened at the first act, never for reading.

use crate::client::{self, Along, ClientError};
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

/// Where the tabs of a device tell each other which version of the person's ballot stands: `author consultation version`,
/// of the last ballot that one of them heard of; gone with the session, and once somebody identifies themselves in it.
pub(super) const STANDING: &str = "cabildo.standing";

/// Whoever uses this device now, the tabs know of no ballot of theirs.
pub(super) fn forget_standing() {
    platform::remember(STANDING, None);
}

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
            forget_standing();
        }
        self.0.set(session);
    }

    /// Somebody was recognised in the session.
    pub(super) fn recognise(self, session: Session) {
        forget_standing();
        self.set(Some(session));
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

/// Sends an act of this person: opens a session first where there is none. Where the server no longer knows it, or it is
/// somebody else's by now, the session that there is then is found or opened, and the person is told: whatever they do next
/// is theirs in that one, and nothing before.
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
    let author = device.author();
    let answer = attempt(request, key, author.as_deref()).await;
    if matches!(&answer, Err(error) if error.kind() == Some(ProblemKind::SessionRequired)) {
        open(device).await?;
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
async fn attempt<E: Endpoint>(
    request: &E,
    key: Option<&str>,
    author: Option<&str>,
) -> Result<E::Output, ClientError> {
    let along = Along { key, author, work: None };
    let answer = client::send_act(request, along).await;
    if E::MAY_NEED_WORK
        && let Err(error) = &answer
        && let Some(work) = done_for(error).await
    {
        return client::send_act(request, Along { work: Some(&work), ..along }).await;
    }
    answer
}

/// Sends what was written down before, in the author's session: it opens none. As often as [`attempt`].
pub(super) async fn deliver(request: &Request, key: &str, author: &str) -> Result<String, ClientError> {
    let Request { method, path, body } = request;
    let along = Along { key: Some(key), author: Some(author), work: None };
    let mut answer = client::deliver(*method, path, body, along).await;
    if let Err(error) = &answer
        && let Some(work) = done_for(error).await
    {
        answer = client::deliver(*method, path, body, Along { work: Some(&work), ..along }).await;
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
