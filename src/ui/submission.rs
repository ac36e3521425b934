//! Submissions to a call: one in a list, and the form to write one.

use crate::client::ClientError;
use crate::i18n::{self, count, fill, format, language, messages};
use crate::platform;
use crate::route::{self, Route};
use crate::state::call::Writing;
use crate::state::session;
use crate::ui::badge;
use crate::ui::icon::{Icon, icon};
use crate::ui::notice::{Notice, Tone};
use crate::ui::reactive::{change, click, flag, message, part, submit, text, word_if};
use crate::ui::refusal;
use cabildo_contract::call::{NewSubmission, SubmissionSummary};
use cabildo_contract::problem::{FieldProblemKind, ProblemKind};
use cabildo_contract::text::{ENTITY_MAX, SUBMISSION_MAX, TITLE_MAX};
use leptos::prelude::*;

/// By whom something was submitted: an entity, as its author says, or the code of a person.
#[must_use]
pub fn by_whom(submission: &SubmissionSummary) -> String {
    let own = i18n::discussion();
    let person = fill(own.author, &[&submission.author]);
    match &submission.entity {
        Some(entity) => format!("{entity} ({person})"),
        None => person,
    }
}

/// What went wrong, in words that fit a call.
#[must_use]
pub fn problem(error: &ClientError) -> &'static str {
    let own = i18n::calls();
    match error.kind() {
        Some(ProblemKind::CallClosed) => own.closed,
        Some(ProblemKind::SubmissionChanged) => own.changed,
        Some(ProblemKind::CallUpcoming) => own.upcoming,
        Some(ProblemKind::NoSubmissionsHere) => own.not_here,
        _ => refusal::words(error),
    }
}

/// A submission in a list; its title is the link to it.
#[component]
pub fn SubmissionCard(
    /// The submission.
    submission: SubmissionSummary,
    /// In whose time times are said.
    #[prop(into)]
    time_zone: String,
) -> impl IntoView {
    let author = submission.author.clone();
    let is_mine = move || session::author().as_deref() == Some(author.as_str());
    let mine = part(move || is_mine().then(|| view! { <li>{i18n::discussion().you}</li> }));
    let when = format::date_time(language(), submission.submitted_at, &time_zone);
    let edited = submission.edited_at.map(|_| view! { <li>{i18n::discussion().edited}</li> });
    view! {
        <article class="c-card">
            <h3 class="c-card__title">
                <a href=route::href(Route::Submission(submission.id.clone()))>{submission.title.clone()}</a>
            </h3>
            <p class="c-card__summary">{by_whom(&submission)}</p>
            <ul class="c-card__meta">
                <li>{icon(Icon::CLOCK)}<time datetime=submission.submitted_at.to_string()>{when}</time></li>
                {mine}
                {edited}
                {submission.simulated.then(|| view! { <li>{badge::simulated()}</li> })}
            </ul>
        </article>
    }
}

/// A field of the form: its id and its place in the body, what it asks for, how much room it has.
struct Asked {
    field: &'static str,
    label: &'static str,
    hint: &'static str,
    required: &'static str,
    max: usize,
    /// Whether it has more than one line.
    is_long: bool,
    read: fn(&NewSubmission) -> &str,
    write: fn(&mut NewSubmission, String),
}

fn asked() -> [Asked; 4] {
    let own = i18n::calls();
    [
        Asked {
            field: "/title",
            label: own.title,
            hint: own.title_hint,
            required: own.title_required,
            max: TITLE_MAX,
            is_long: false,
            read: |words| &words.title,
            write: |words, text| words.title = text,
        },
        Asked {
            field: "/problem",
            label: own.problem,
            hint: own.problem_hint,
            required: own.problem_required,
            max: SUBMISSION_MAX,
            is_long: true,
            read: |words| &words.problem,
            write: |words, text| words.problem = text,
        },
        Asked {
            field: "/action",
            label: own.action,
            hint: own.action_hint,
            required: own.action_required,
            max: SUBMISSION_MAX,
            is_long: true,
            read: |words| &words.action,
            write: |words, text| words.action = text,
        },
        Asked {
            field: "/entity",
            label: own.entity,
            hint: own.entity_hint,
            required: "",
            max: ENTITY_MAX,
            is_long: false,
            read: |words| words.entity.as_deref().unwrap_or_default(),
            write: |words, text| words.entity = Some(text).filter(|text| !text.is_empty()),
        },
    ]
}

/// The id of a field of the form.
fn id_of(field: &str) -> String {
    format!("submission-{}", field.trim_start_matches('/'))
}

/// Moves the focus to a field of the form.
pub fn focus_field(field: &str) {
    platform::focus(&id_of(field));
}

fn field(asked: Asked, writing: Writing) -> AnyView {
    let own = i18n::discussion();
    let Asked { field, label, hint, required, max, is_long, read, write } = asked;
    let id = id_of(field);
    let (hint_id, fault_id) = (format!("{id}-hint"), format!("{id}-fault"));
    let described = format!("{hint_id} {fault_id}");
    let left = move || {
        let written = writing.words.with(|words| read(words).chars().count());
        max as i64 - written as i64
    };
    // Only where the room is nearly used up: before that a number that moves says nothing.
    let counter = part(move || {
        let left = left();
        (left < max as i64 / 4).then(|| {
            let plural = if left < 0 { &own.characters_over } else { &own.characters_left };
            view! {
                <p class="c-composer__counter" data-over=(left < 0).then_some("")>
                    {count(plural, left.unsigned_abs())}
                </p>
            }
        })
    });
    let fault = text(move || {
        writing.fault(field).map_or(String::new(), |fault| match fault.kind {
            FieldProblemKind::TooLong => count(&own.text_too_long, max as u64),
            _ => required.to_owned(),
        })
    });
    let is_wrong = word_if("true", move || writing.fault(field).is_some());
    let value = text(move || writing.words.with(|words| read(words).to_owned()));
    // What is on its way stays as it was sent.
    let is_busy = flag(move || writing.busy.get());
    let on_input = change(move |event| {
        let typed = event_target_value(&event);
        writing.change(field, |words| write(words, typed));
    });
    let control = if is_long {
        view! {
            <textarea id=id.clone() rows="5" prop:value=value prop:readOnly=is_busy aria-describedby=described
                aria-invalid=is_wrong on:input=on_input></textarea>
        }
        .into_any()
    } else {
        view! {
            <input type="text" id=id.clone() autocomplete="off" prop:value=value prop:readOnly=is_busy
                aria-describedby=described aria-invalid=is_wrong on:input=on_input />
        }
        .into_any()
    };
    view! {
        <div class="c-field">
            <label class="c-field__label" for=id>{label}</label>
            <p class="c-field__hint" id=hint_id>{fill(hint, &[&format::number(language(), max as u64)])}</p>
            <p class="c-field__error" id=fault_id role="alert">{fault}</p>
            {control}
            {counter}
        </div>
    }
    .into_any()
}

/// The form to write a submission. What was written stays until it has been received.
#[component]
pub fn SubmissionForm(
    /// What is being written.
    writing: Writing,
    /// What the button does.
    send: &'static str,
    /// The words are to be sent.
    on_send: Callback<()>,
    /// Leave without sending, where there is something to go back to.
    #[prop(optional_no_strip)]
    on_cancel: Option<Callback<()>>,
) -> impl IntoView {
    let (t, own) = (messages(), i18n::calls());
    let found = part(move || {
        writing.is_found.get().then(|| {
            view! {
                <Notice tone=Tone::Info>
                    <p role="status">{own.draft_found}</p>
                    <button type="button" class="c-button" data-variant="secondary"
                        on:click=click(move || { writing.start_over(); focus_field("/title"); })>
                        {own.start_over}
                    </button>
                </Notice>
            }
        })
    });
    let error = part(move || {
        writing.error.get().map(|error| {
            view! { <Notice tone=Tone::Bad><p>{problem(&error)}</p><p>{i18n::discussion().text_kept}</p></Notice> }
        })
    });
    let cancel = on_cancel.map(|on_cancel| {
        view! {
            <button type="button" class="c-button" data-variant="quiet" on:click=click(move || on_cancel.run(()))>
                {t.cancel}
            </button>
        }
    });
    let fields = asked().map(|asked| field(asked, writing)).into_iter().collect_view();
    view! {
        <form class="c-composer" on:submit=submit(move |_| on_send.run(())) novalidate>
            {found}
            {fields}
            <p class="c-field__hint">{own.kept_on_device}</p>
            {error}
            <div class="l-cluster">
                <button type="submit" class="c-button" data-variant="primary"
                    aria-disabled=word_if("true", move || writing.busy.get())>
                    {message(move || if writing.busy.get() { t.sending } else { send })}
                </button>
                {cancel}
            </div>
        </form>
    }
}
