//! What an entity answered to a comment, and the form to answer it.

use crate::i18n::{self, count, fill, format, language, messages};
use crate::state::desk::Answering;
use crate::ui::badge::badge;
use crate::ui::icon::{Icon, icon};
use crate::ui::notice::{Notice, Tone};
use crate::ui::reactive::{change, click, flag, message, part, submit, text as text_of, word_if};
use crate::ui::refusal;
use crate::ui::rich_text::rich_text;
use cabildo_contract::answer::{Answer, Effect, NewAnswer};
use cabildo_contract::problem::FieldProblemKind;
use cabildo_contract::text::ANSWER_MAX;
use leptos::prelude::*;

/// Seconds of a day.
const DAY: u64 = 24 * 60 * 60;

/// How long somebody waited, in whole days.
#[must_use]
pub fn wait(seconds: u64) -> String {
    let own = i18n::answers();
    if seconds < DAY { own.under_a_day.to_owned() } else { count(&own.days, (seconds + DAY / 2) / DAY) }
}

/// What became of what a comment asks for, in words.
#[must_use]
pub fn effect_name(effect: Effect) -> &'static str {
    let own = i18n::answers();
    match effect {
        Effect::Adopted => own.effect_adopted,
        Effect::PartlyAdopted => own.effect_partly_adopted,
        Effect::NotAdopted => own.effect_not_adopted,
        Effect::Noted => own.effect_noted,
    }
}

fn effect_badge(effect: Effect) -> AnyView {
    let (tone, picture) = match effect {
        Effect::Adopted => ("good", Icon::CHECK),
        Effect::PartlyAdopted => ("info", Icon::CHECK),
        Effect::NotAdopted => ("neutral", Icon::CROSS),
        Effect::Noted => ("neutral", Icon::SPEECH),
    };
    badge(tone, picture, effect_name(effect))
}

/// An answer. `changes` is where the difference can be read that the comment made, if it made one.
#[must_use]
pub fn answer(answer: &Answer, time_zone: &str, changes: Option<String>) -> AnyView {
    let own = i18n::answers();
    let time = |at| format::date_time(language(), at, time_zone);
    let answered = fill(own.answered_at, &[&time(answer.answered_at)]);
    let mended = answer.edited_at.map(|at| format!(", {}", fill(own.mended_at, &[&time(at)])));
    let change = changes
        .filter(|_| answer.effect.changed_the_text())
        .map(|href| view! { <p><a href=href>{own.see_change}{icon(Icon::ARROW)}</a></p> });
    view! {
        <div class="c-answer">
            <p class="c-answer__head">
                {icon(Icon::LANDMARK)}
                <strong>{fill(own.answer_of, &[&answer.entity])}</strong>
                {effect_badge(answer.effect)}
            </p>
            <div class="c-answer__body">{rich_text(&answer.text)}</div>
            {change}
            <p class="c-answer__time">{answered}{mended}</p>
        </div>
    }
    .into_any()
}

/// The form to answer a comment, or to mend an answer.
#[component]
pub fn AnswerForm(
    /// Distinguishes this form from others on the page.
    #[prop(into)]
    id: String,
    /// The answer as it stands, where it is mended.
    before: Option<Answer>,
    /// How it is sent.
    answering: Answering,
    /// It is to be sent.
    on_send: Callback<NewAnswer>,
    /// Leave without sending.
    on_cancel: Callback<()>,
) -> impl IntoView {
    let t = messages();
    let own = i18n::answers();
    let effect = RwSignal::new(before.as_ref().map(|answer| answer.effect));
    let text = RwSignal::new(before.map(|answer| answer.text).unwrap_or_default());
    let missing = RwSignal::new(false);
    let (field, hint, fault_id) = (format!("{id}-text"), format!("{id}-hint"), format!("{id}-fault"));
    let effects = Effect::ALL
        .into_iter()
        .map(|each| {
            view! {
                <label class="c-option">
                    <input type="radio" name=format!("{id}-effect") value=each.as_str()
                        prop:checked=flag(move || effect.get() == Some(each))
                        on:change=change(move |_| { effect.set(Some(each)); missing.set(false); }) />
                    <span>{effect_name(each)}</span>
                </label>
            }
        })
        .collect_view();
    let no_effect = part(move || {
        missing.get().then(|| view! { <p class="c-field__error" role="alert">{own.choose_effect}</p> })
    });
    let fault = text_of(move || {
        answering.fault.get().map_or(String::new(), |fault| match fault.kind {
            FieldProblemKind::TooLong => count(&own.text_too_long, ANSWER_MAX as u64),
            _ => own.text_required.to_owned(),
        })
    });
    let error = part(move || {
        answering.error.get().map(|error| {
            view! { <Notice tone=Tone::Bad><p>{refusal::words(&error)}</p><p>{own.text_kept}</p></Notice> }
        })
    });
    let send = submit(move |_| match effect.get_untracked() {
        None => missing.set(true),
        Some(effect) => on_send.run(NewAnswer { effect, text: text.get_untracked() }),
    });
    view! {
        <form class="c-comment__question" on:submit=send novalidate>
            <fieldset>
                <legend>{own.effect}</legend>
                {effects}
                {no_effect}
            </fieldset>
            <div class="c-field">
                <label class="c-field__label" for=field.clone()>{own.your_answer}</label>
                <p class="c-field__hint" id=hint.clone()>
                    {fill(own.text_hint, &[&format::number(language(), ANSWER_MAX as u64)])}
                </p>
                <p class="c-field__error" id=fault_id.clone() role="alert">{fault}</p>
                <textarea id=field rows="5" prop:value=text
                    aria-describedby=format!("{hint} {fault_id}")
                    aria-invalid=word_if("true", move || answering.fault.with(Option::is_some))
                    on:input=change(move |event| { text.set(event_target_value(&event)); answering.fault.set(None); })></textarea>
            </div>
            {error}
            <div class="l-cluster">
                <button type="submit" class="c-button" data-variant="primary"
                    aria-disabled=word_if("true", move || answering.busy.get())>
                    {message(move || if answering.busy.get() { t.sending } else { own.send_answer })}
                </button>
                <button type="button" class="c-button" data-variant="quiet" on:click=click(move || on_cancel.run(()))>
                    {t.cancel}
                </button>
            </div>
        </form>
    }
}
