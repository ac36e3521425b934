//! Choosing: a box for each option. Also how options enter a ranking.

use super::paper::Paper;
use crate::i18n::{self, fill, format, language};
use crate::ui::reactive::{change, part, word_if};
use cabildo_contract::consultation::BallotOption;
use leptos::prelude::*;

/// All options, each with its box.
pub fn list(paper: Paper) -> impl IntoView {
    let own = i18n::voting();
    view! {
        <fieldset class="c-ballot__options" aria-describedby="ballot-rule">
            <legend class="u-visually-hidden">{own.options}</legend>
            {paper.each(|option| choice(paper, option))}
        </fieldset>
    }
}

fn choice(paper: Paper, option: &BallotOption) -> AnyView {
    let own = i18n::voting();
    let voting = paper.voting;
    let id = option.id.clone();
    let place = {
        let id = id.clone();
        Memo::new(move |_| voting.place(&id))
    };
    let is_chosen = Memo::new(move |_| place.get().is_some());
    // Full is not forbidden: the option stays where it is and says why it cannot be chosen now.
    let barrier = paper.barrier(&id);
    let is_full = Memo::new(move |_| barrier.get().is_some());
    let hint_id = format!("full-{id}");
    let described = hint_id.clone();
    let barrier = paper.barrier_words(barrier);
    let on_change = change(move |event| {
        // The browser has already ticked the box; where it may not be, untick it.
        if is_full.get_untracked() {
            event_target::<web_sys::HtmlInputElement>(&event).set_checked(false);
        } else {
            voting.toggle(&id);
        }
    });
    let place = part(move || {
        place.get().filter(|_| voting.rule().ranks()).map(|place| {
            let place = fill(own.place_number, &[&format::number(language(), place as u64 + 1)]);
            view! { <span class="c-choice__place" lang=language().tag()>{place}</span> }
        })
    });
    view! {
        <label class="c-choice" data-full=word_if("", move || is_full.get()) lang=paper.content.get_value()
            hidden=paper.is_hidden(option)>
            <input type="checkbox" name="choice" prop:checked=is_chosen on:change=on_change
                aria-disabled=word_if("true", move || is_full.get()) aria-describedby=described />
            <span class="c-choice__text">
                {place}
                {paper.words(option, None)}
                <span class="c-choice__full" id=hint_id lang=language().tag()>{barrier}</span>
            </span>
        </label>
    }
    .into_any()
}
