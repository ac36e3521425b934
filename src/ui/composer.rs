//! Writing: a comment, a reply, a new text for one's own. What was typed stays until it has been received.

use crate::i18n::{self, count, format, language, messages};
use crate::state::comments::Act;
use crate::ui::badge::stance_parts;
use crate::ui::icon::{Icon, icon};
use crate::ui::reactive::{
    change, click, flag, message, part, submit as submit_with, text as text_of, word_if,
};
use crate::ui::refusal;
use cabildo_contract::comment::Stance;
use cabildo_contract::problem::FieldProblemKind;
use cabildo_contract::text::COMMENT_MAX;
use leptos::prelude::*;

/// A text field with its counter, its problem and its button.
#[component]
pub fn Composer(
    /// Distinguishes this form from others on the page.
    #[prop(into)]
    id: String,
    /// What is asked for.
    label: &'static str,
    /// What the button does.
    submit: &'static str,
    /// The act that it carries out.
    act: Act,
    /// What has been typed.
    text: RwSignal<String>,
    /// The stance, where one is asked for.
    #[prop(optional)]
    stance: Option<RwSignal<Option<Stance>>>,
    /// The text and the stance are to be sent.
    on_submit: impl Fn() + 'static,
    /// Leave without sending, where there is something to go back to.
    #[prop(optional_no_strip)]
    on_cancel: Option<Callback<()>>,
) -> impl IntoView {
    let t = messages();
    let own = i18n::discussion();
    let (field, hint, fault_id) = (format!("{id}-text"), format!("{id}-hint"), format!("{id}-fault"));
    let missing_stance = RwSignal::new(false);
    let stances = stance.map(|stance| {
        let options = Stance::ALL
            .into_iter()
            .map(|each| {
                let (picture, word) = stance_parts(each);
                view! {
                    <label data-stance=each.as_str()>
                        <input type="radio" name=format!("{id}-stance") value=each.as_str()
                            prop:checked=flag(move || stance.get() == Some(each))
                            on:change=change(move |_| { stance.set(Some(each)); missing_stance.set(false); act.changed(); }) />
                        {icon(picture)}<span>{word}</span>
                    </label>
                }
            })
            .collect_view();
        let group_fault = part(move || missing_stance.get().then(|| view! { <p class="c-field__error">{own.choose_stance}</p> }));
        view! { <fieldset class="c-stance"><legend>{own.your_stance}</legend><div>{options}</div>{group_fault}</fieldset> }
    });
    let left = move || COMMENT_MAX as i64 - text.with(|text| text.chars().count()) as i64;
    let counter = text_of(move || {
        let left = left();
        let plural = if left < 0 { &own.characters_over } else { &own.characters_left };
        count(plural, left.unsigned_abs())
    });
    let fault = text_of(move || {
        act.fault.get().map_or(String::new(), |fault| match fault.kind {
            FieldProblemKind::TooLong => {
                count(&own.text_too_long, fault.limit.map_or(COMMENT_MAX as u64, i64::unsigned_abs))
            }
            _ => own.text_required.to_owned(),
        })
    });
    let error = part(move || {
        act.error.get().map(|error| {
            view! {
                <div class="c-notice" data-tone="bad" role="alert">
                    {icon(Icon::WARNING)}
                    <div class="c-notice__body"><p>{refusal::words(&error)}</p><p>{own.text_kept}</p></div>
                </div>
            }
        })
    });
    let send = move |_| {
        if stance.is_some_and(|stance| stance.get_untracked().is_none()) {
            missing_stance.set(true);
            return;
        }
        on_submit();
    };
    let cancel = on_cancel.map(|on_cancel| {
        view! {
            <button type="button" class="c-button" data-variant="quiet" on:click=click(move || on_cancel.run(()))>
                {t.cancel}
            </button>
        }
    });
    let limit = format::number(language(), COMMENT_MAX as u64);
    view! {
        <form class="c-composer" on:submit=submit_with(send) novalidate>
            {stances}
            <div class="c-field">
                <label class="c-field__label" for=field.clone()>{label}</label>
                <p class="c-field__hint" id=hint.clone()>{i18n::fill(own.text_hint, &[&limit])}</p>
                <p class="c-field__error" id=fault_id.clone() role="alert">{fault}</p>
                <textarea id=field rows="4" prop:value=text
                    aria-describedby=format!("{hint} {fault_id}")
                    aria-invalid=word_if("true", move || act.fault.with(Option::is_some))
                    on:input=change(move |event| { text.set(event_target_value(&event)); act.changed(); })></textarea>
                <p class="c-composer__counter" data-over=word_if("", move || left() < 0)>{counter}</p>
            </div>
            {error}
            <div class="l-cluster">
                <button type="submit" class="c-button" data-variant="primary"
                    aria-disabled=word_if("true", move || act.busy.get())>
                    {message(move || if act.busy.get() { t.sending } else { submit })}
                </button>
                {cancel}
            </div>
        </form>
    }
}
