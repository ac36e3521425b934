//! Ranking: tapping an option puts it last; buttons, arrow keys or dragging move it.

use super::choices;
use super::paper::Paper;
use crate::i18n::{self, fill, format, language};
use crate::platform;
use crate::ui::icon::{Icon, icon};
use crate::ui::reactive::{click, part, word_if};
use cabildo_contract::id::OptionId;
use leptos::ev::{KeyboardEvent, PointerEvent};
use leptos::prelude::*;

const LIST: &str = "ranking";

/// The options to choose from, and below them those chosen, in their order.
pub fn list(paper: Paper) -> impl IntoView {
    let own = i18n::voting();
    let voting = paper.voting;
    let dragged: RwSignal<Option<OptionId>> = RwSignal::new(None);
    // The list outlives its items, which are made anew at every move: it holds the pointer.
    let on_move = move |event: PointerEvent| {
        let Some(option) = dragged.get_untracked() else { return };
        let place = platform::child_at(LIST, event.client_y());
        if let Some(place) = place.filter(|place| untrack(|| voting.place(&option)) != Some(*place)) {
            voting.put(&option, place);
        }
    };
    let on_up = move |_: PointerEvent| {
        if let Some(option) = dragged.get_untracked() {
            dragged.set(None);
            say_place(paper, &option);
        }
    };
    let items = part(move || {
        let ranked = voting.draft.with(|draft| draft.choices.clone());
        let count = ranked.len();
        (0..).zip(ranked).map(|(place, option)| item(paper, &option, place, count, dragged)).collect_view()
    });
    let empty =
        part(move || (voting.chosen() == 0).then(|| view! { <p class="c-empty">{own.ranking_empty}</p> }));
    view! {
        {choices::list(paper)}
        <section class="c-ranking" aria-labelledby="ranking-heading">
            <h3 id="ranking-heading" tabindex="-1">{own.your_ranking}</h3>
            {empty}
            <ol id=LIST lang=paper.content.get_value() on:pointermove=on_move on:pointerup=on_up
                on:pointercancel=move |_| dragged.set(None)>
                {items}
            </ol>
        </section>
    }
}

fn item(
    paper: Paper,
    option: &OptionId,
    place: usize,
    count: usize,
    dragged: RwSignal<Option<OptionId>>,
) -> AnyView {
    let own = i18n::voting();
    let title = paper.title(option);
    let (up, down) = (format!("up-{option}"), format!("down-{option}"));
    let named = |verb: &str| format!("{verb}: {title}");
    // The button that was pressed keeps the focus, wherever its item goes.
    let go = {
        let option = option.clone();
        move |to: usize, button: String| {
            if to < count && to != place {
                paper.voting.put(&option, to);
                say_place(paper, &option);
                platform::focus(&button);
            }
        }
    };
    let (go_up, go_down, by_key) = (go.clone(), go.clone(), go);
    let (up_id, down_id, key_up, key_down) = (up.clone(), down.clone(), up.clone(), down.clone());
    let on_key = move |event: KeyboardEvent| {
        let (to, button) = match event.key().as_str() {
            "ArrowUp" => (place.saturating_sub(1), &key_up),
            "ArrowDown" => (place + 1, &key_down),
            "Home" => (0, &key_up),
            "End" => (count - 1, &key_down),
            _ => return,
        };
        event.prevent_default();
        by_key(to, button.clone());
    };
    let take_off = {
        let option = option.clone();
        move || {
            paper.voting.toggle(&option);
            platform::focus("ranking-heading");
        }
    };
    let grab = {
        let option = option.clone();
        move |event: PointerEvent| {
            event.prevent_default();
            platform::capture_pointer(LIST, event.pointer_id());
            dragged.set(Some(option.clone()));
        }
    };
    let is_dragged = {
        let option = option.clone();
        word_if("", move || dragged.with(|dragged| dragged.as_ref() == Some(&option)))
    };
    view! {
        <li data-dragged=is_dragged on:keydown=on_key>
            <span class="c-ranking__handle" aria-hidden="true" on:pointerdown=grab>{icon(Icon::HANDLE)}</span>
            <span class="c-ranking__title">{title.clone()}</span>
            <span class="c-ranking__moves" lang=language().tag()>
                <button type="button" class="c-button" id=up aria-label=named(own.move_up) title=own.move_up
                    aria-disabled=word_if("true", move || place == 0)
                    on:click=click(move || go_up(place.saturating_sub(1), up_id.clone()))>
                    {icon(Icon::UP)}
                </button>
                <button type="button" class="c-button" id=down aria-label=named(own.move_down) title=own.move_down
                    aria-disabled=word_if("true", move || place + 1 == count)
                    on:click=click(move || go_down(place + 1, down_id.clone()))>
                    {icon(Icon::DOWN)}
                </button>
                <button type="button" class="c-button" aria-label=named(own.take_off) title=own.take_off
                    on:click=click(take_off)>
                    {icon(Icon::CROSS)}
                </button>
            </span>
        </li>
    }
    .into_any()
}

/// Has a screen reader say where an option now stands.
fn say_place(paper: Paper, option: &OptionId) {
    let own = i18n::voting();
    let Some(place) = untrack(|| paper.voting.place(option)) else { return };
    let title = paper.title(option);
    let number = |n: usize| format::number(language(), n as u64);
    let count = untrack(|| paper.voting.chosen());
    platform::announce(&fill(own.moved_to, &[&title, &number(place + 1), &number(count)]));
}
