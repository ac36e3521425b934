//! A number that says what it counts and where it comes from.

use crate::i18n::{self, fill, format, language, messages};
use crate::ui::reactive::word_if;
use cabildo_contract::process::Figure;
use leptos::prelude::*;

/// A large number with its label; definition and source one tap away.
#[component]
pub fn Stat(
    /// What it is, in a few words.
    #[prop(into)]
    label: String,
    /// The number, formatted.
    #[prop(into)]
    value: Signal<String>,
    /// What exactly it counts.
    #[prop(into)]
    definition: String,
    /// Where it comes from.
    #[prop(into)]
    source: String,
    /// What else is to be said, e.g. other sources.
    #[prop(optional_no_strip)]
    more: Option<AnyView>,
) -> impl IntoView {
    let t = messages();
    let own = i18n::figure();
    let summary_label = fill(own.about_figure, &[&label]);
    // Two stand side by side on a phone: what is longer than `999.999` needs a smaller size.
    let is_long = word_if("", move || value.with(|value| value.chars().count() > 7));
    view! {
        <div class="c-stat">
            <p class="c-stat__value" data-long=is_long>{value}</p>
            <p class="c-stat__label">{label}</p>
            <details class="c-stat__about">
                <summary aria-label=summary_label>{own.what_it_counts}</summary>
                <p><strong>{own.definition}": "</strong>{definition}</p>
                <p><strong>{t.source}": "</strong>{source}</p>
                {more}
            </details>
        </div>
    }
}

/// A published figure; where sources disagree, all of them.
#[component]
pub fn PublishedFigure(
    /// The figure.
    figure: Figure,
) -> impl IntoView {
    let own = i18n::figure();
    let write = {
        let unit = figure.unit.clone();
        move |value: u64| {
            let number = format::number(language(), value);
            unit.as_ref().map_or(number.clone(), |unit| format!("{number} {unit}"))
        }
    };
    let others = (!figure.also_published.is_empty()).then(|| {
        let items = figure
            .also_published
            .iter()
            .map(|other| view! { <li><strong>{write(other.value)}</strong>" — "{other.source.clone()}</li> })
            .collect_view();
        view! { <p><strong>{own.also_published}</strong></p><ul>{items}</ul> }.into_any()
    });
    let disagree = (!figure.also_published.is_empty()).then(|| {
        let values: Vec<String> = figure.also_published.iter().map(|other| write(other.value)).collect();
        view! { <p class="c-stat__disagree">{fill(own.other_sources_say, &[&values.join(", ")])}</p> }
    });
    view! {
        <div class="c-stat-group">
            <Stat
                label=figure.label.clone()
                value=Signal::stored(write(figure.value))
                definition=figure.definition.clone()
                source=figure.source.clone()
                more=others
            />
            {disagree}
        </div>
    }
}
