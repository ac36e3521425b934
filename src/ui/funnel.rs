//! The way of the proposals from received to adopted, in words and as bars.

use crate::i18n::{self, count, fill, format, language, messages};
use crate::ui::badge;
use crate::ui::chart::{Bar, bars};
use cabildo_contract::process::Funnel;
use leptos::prelude::AnyView;

/// How many were received and how many adopted, in a sentence.
#[must_use]
pub fn total(funnel: &Funnel) -> String {
    let t = messages();
    let received = count(&t.funnel_received, funnel.received().into());
    let adopted = count(&t.funnel_adopted, funnel.adopted().into());
    fill(t.funnel_all, &[&received, &adopted])
}

/// The same, and each level of government.
#[must_use]
pub fn sentence(funnel: &Funnel) -> String {
    let own = i18n::process();
    let levels: Vec<String> = funnel
        .levels
        .iter()
        .map(|level| {
            let number = |n: u32| format::number(language(), n.into());
            fill(
                own.funnel_level,
                &[badge::level_name(level.level), &number(level.received), &number(level.adopted)],
            )
        })
        .collect();
    format!("{} {}", total(funnel), levels.join(" "))
}

/// The way of the proposals as bars.
#[must_use]
pub fn picture(funnel: &Funnel) -> AnyView {
    let t = messages();
    let bar = |name: &str, value: u32, marked| Bar {
        name: name.to_owned(),
        value: value.into(),
        label: format::number(language(), value.into()),
        marked,
    };
    bars(vec![bar(t.received, funnel.received(), false), bar(t.adopted, funnel.adopted(), true)])
}
