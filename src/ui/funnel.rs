//! The way of the proposals from received to adopted, in words.

use crate::i18n::{count, fill, messages};
use cabildo_contract::process::Funnel;

/// How many were received and how many adopted, in a sentence.
#[must_use]
pub fn total(funnel: &Funnel) -> String {
    let t = messages();
    let received = count(&t.funnel_received, funnel.received().into());
    let adopted = count(&t.funnel_adopted, funnel.adopted().into());
    fill(t.funnel_all, &[&received, &adopted])
}
