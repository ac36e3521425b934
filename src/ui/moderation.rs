//! Moderation: why not everybody reads a comment, and the form to decide about one.

use crate::i18n::{self, count, fill, format, language, messages};
use crate::platform;
use crate::state::moderation::Deciding;
use crate::ui::badge;
use crate::ui::icon::Icon;
use crate::ui::notice::{Notice, Tone};
use crate::ui::reactive::{change, click, part, text, word_if};
use crate::ui::refusal;
use cabildo_contract::comment::{Moderation, ReportReason};
use cabildo_contract::moderation::Decision;
use cabildo_contract::problem::FieldProblemKind;
use cabildo_contract::text::DECISION_REASON_MAX;
use leptos::prelude::*;

/// Why a comment is reported, in words.
#[must_use]
pub fn report_reason(reason: ReportReason) -> &'static str {
    let own = i18n::discussion();
    match reason {
        ReportReason::Abuse => own.report_abuse,
        ReportReason::PersonalData => own.report_personal_data,
        ReportReason::Spam => own.report_spam,
        ReportReason::OffTopic => own.report_off_topic,
    }
}

/// Why not everybody reads a comment. `own` says whether it is told to its author, who does.
#[must_use]
pub fn withheld(moderation: &Moderation, own: bool) -> AnyView {
    let t = i18n::discussion();
    match moderation {
        Moderation::Waiting => view! {
            <p>{badge::badge("info", Icon::CLOCK, t.waiting)}</p>
            <p class="c-comment__note">{t.waiting_text}</p>
        }
        .into_any(),
        Moderation::Hidden { reason, .. } => view! {
            <p>{badge::badge("closed", Icon::CROSS, t.hidden)}</p>
            <p>{fill(t.hidden_why, &[reason])}</p>
            {own.then(|| view! { <p class="c-comment__note">{t.hidden_own}</p> })}
        }
        .into_any(),
    }
}

/// The form to keep a comment or to hide it, with a reason. What hides it is asked twice.
#[component]
pub fn DecisionForm(
    /// Its id: unique in the page.
    #[prop(into)]
    id: String,
    /// The decision.
    deciding: Deciding,
    /// It is to be sent.
    on_decide: Callback<Decision>,
) -> impl IntoView {
    let t = messages();
    let own = i18n::moderation();
    let asking = RwSignal::new(false);
    let (field, hint, fault_id) = (format!("{id}-reason"), format!("{id}-hint"), format!("{id}-fault"));
    let confirm = format!("{id}-hide");
    let fault = text(move || {
        deciding.fault.get().map_or(String::new(), |fault| match fault.kind {
            FieldProblemKind::TooLong => count(&own.reason_too_long, DECISION_REASON_MAX as u64),
            _ => own.reason_required.to_owned(),
        })
    });
    let error = part(move || {
        deciding.error.get().map(|error| {
            view! { <Notice tone=Tone::Bad><p>{refusal::words(&error)}</p><p>{own.text_kept}</p></Notice> }
        })
    });
    let busy = move || word_if("true", move || deciding.busy.get());
    let hide = confirm.clone();
    let buttons = part(move || {
        let confirm = hide.clone();
        if asking.get() {
            return view! {
                <div role="group" aria-label=own.hide_question>
                    <p>{own.hide_question}</p>
                    <div class="l-cluster">
                        <button type="button" id=confirm class="c-button" data-variant="danger" aria-disabled=busy()
                            on:click=click(move || on_decide.run(Decision::Hide))>
                            {own.hide}
                        </button>
                        <button type="button" class="c-button" data-variant="quiet"
                            on:click=click(move || asking.set(false))>
                            {t.cancel}
                        </button>
                    </div>
                </div>
            }
            .into_any();
        }
        let ask = move || {
            if deciding.checked().is_some() {
                asking.set(true);
                platform::focus(&confirm);
            }
        };
        view! {
            <div class="l-cluster">
                <button type="button" class="c-button" data-variant="secondary" aria-disabled=busy()
                    on:click=click(move || on_decide.run(Decision::Keep))>
                    {own.keep}
                </button>
                <button type="button" class="c-button" data-variant="danger" on:click=click(ask)>{own.hide}</button>
            </div>
        }
        .into_any()
    });
    view! {
        <div class="c-comment__question">
            <div class="c-field">
                <label class="c-field__label" for=field.clone()>{own.reason}</label>
                <p class="c-field__hint" id=hint.clone()>
                    {fill(own.reason_hint, &[&format::number(language(), DECISION_REASON_MAX as u64)])}
                </p>
                <p class="c-field__error" id=fault_id.clone() role="alert">{fault}</p>
                <textarea id=field rows="2" prop:value=deciding.reason
                    aria-describedby=format!("{hint} {fault_id}")
                    aria-invalid=word_if("true", move || deciding.fault.with(Option::is_some))
                    on:input=change(move |event| {
                        deciding.reason.set(event_target_value(&event));
                        deciding.fault.set(None);
                        asking.set(false);
                    })></textarea>
            </div>
            {error}
            {buttons}
        </div>
    }
}
