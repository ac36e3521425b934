//! Asking where somebody lives: voluntary, and as easily taken back.

use crate::i18n::{self, messages};
use crate::ui::reactive::{flag, message, submit, word_if};
use cabildo_contract::process::Territory;
use leptos::prelude::*;

/// The question. `on_save` gets the code of the department, or nothing where nothing is to be kept.
#[component]
pub fn Residence(
    /// The departments to choose from.
    territories: Vec<Territory>,
    /// The code of the one that is kept.
    #[prop(into)]
    said: Signal<Option<String>>,
    /// Whether it is on its way.
    #[prop(into)]
    busy: Signal<bool>,
    /// The person chose.
    on_save: Callback<Option<String>>,
    /// The language of the departments.
    #[prop(into)]
    content: String,
) -> impl IntoView {
    let t = messages();
    let own = i18n::dashboard();
    let options = territories
        .into_iter()
        .map(|Territory { code, name }| {
            let mine = code.clone();
            let selected = flag(move || said.with(|said| said.as_ref() == Some(&mine)));
            view! { <option value=code prop:selected=selected lang=content.clone()>{name}</option> }
        })
        .collect_view();
    let chosen = NodeRef::<leptos::html::Select>::new();
    let send = move |_| {
        let code = chosen.get_untracked().map(|select| select.value()).unwrap_or_default();
        on_save.run((!code.is_empty()).then_some(code));
    };
    view! {
        <form class="c-residence" on:submit=submit(send)>
            <div class="c-field">
                <label class="c-field__label" for="residence">{own.your_department}</label>
                <p class="c-field__hint" id="residence-hint">{own.your_department_hint}</p>
                <select id="residence" node_ref=chosen aria-describedby="residence-hint">
                    <option value="">{own.not_said}</option>
                    {options}
                </select>
            </div>
            <button type="submit" class="c-button" data-variant="secondary"
                aria-disabled=word_if("true", move || busy.get())>
                {message(move || if busy.get() { t.sending } else { own.save })}
            </button>
            <noscript><p>{own.needs_script}</p></noscript>
        </form>
    }
}
