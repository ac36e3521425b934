//! The discussion of a proposal: threads, and what can be done with each comment.

use crate::clock;
use crate::i18n::{self, count, fill, format, language, messages};
use crate::platform;
use crate::state::comments::Discussion;
use crate::state::session;
use crate::ui::answer::answer;
use crate::ui::badge;
use crate::ui::composer::Composer;
use crate::ui::icon::{Icon, icon};
use crate::ui::moderation::{report_reason, withheld};
use crate::ui::reactive::{change, click, flag, part, submit, text};
use crate::ui::refusal;
use crate::ui::rich_text::rich_text;
use cabildo_contract::comment::{Comment, Moderation, NewReport, ReportReason, Thread};
use leptos::prelude::*;

/// What a person is doing with a comment.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Doing {
    Reading,
    Replying,
    Editing,
    Deleting,
    Reporting,
    Reported,
}

/// A comment with its replies. What a person is writing below a comment survives what others write meanwhile.
#[component]
pub fn ThreadView(
    /// The comment and its replies as they were when first seen.
    thread: Thread,
    /// The discussion that it belongs to.
    discussion: Discussion,
    /// In whose time times are said.
    #[prop(into)]
    time_zone: String,
) -> impl IntoView {
    let own = i18n::discussion();
    let id = thread.comment.id.clone();
    let newest = Memo::new(move |_| {
        discussion
            .threads()
            .into_iter()
            .find(|other| other.comment.id == id)
            .unwrap_or_else(|| thread.clone())
    });
    let comment = Memo::new(move |_| newest.with(|thread| thread.comment.clone()));
    let replies = move || newest.with(|thread| thread.replies.clone());
    let label = text(move || count(&own.replies, newest.with(|thread| thread.replies.len() as u64)));
    let zone = StoredValue::new(time_zone.clone());
    let has_versions = discussion.is_about_a_proposal();
    let answered = part(move || {
        let changes = has_versions.then(|| "#versions".to_owned());
        newest.with(|thread| {
            thread.answer.as_ref().map(|given| zone.with_value(|zone| answer(given, zone, changes)))
        })
    });
    view! {
        <li class="c-thread">
            <CommentView comment discussion can_reply=true time_zone />
            {answered}
            <ol class="c-comment__replies" aria-label=label
                hidden=flag(move || newest.with(|thread| thread.replies.is_empty()))>
                <For each=replies key=|reply| reply.id.clone() let:reply>
                    <Reply reply newest discussion time_zone=zone.get_value() />
                </For>
            </ol>
        </li>
    }
}

#[component]
fn Reply(reply: Comment, newest: Memo<Thread>, discussion: Discussion, time_zone: String) -> impl IntoView {
    let comment = Memo::new(move |_| {
        newest
            .with(|thread| thread.replies.iter().find(|other| other.id == reply.id).unwrap_or(&reply).clone())
    });
    view! { <li><CommentView comment discussion can_reply=false time_zone /></li> }
}

/// A comment and what can be done with it.
#[component]
fn CommentView(
    /// The comment.
    comment: Memo<Comment>,
    /// The discussion that it belongs to.
    discussion: Discussion,
    /// Whether it can be replied to.
    can_reply: bool,
    /// In whose time times are said.
    time_zone: String,
) -> impl IntoView {
    let is_gone = Memo::new(move |_| comment.with(|comment| comment.text.is_none()));
    part(
        move || {
            if is_gone.get() { gone(comment) } else { standing(comment, discussion, can_reply, &time_zone) }
        },
    )
}

/// What is left of a comment whose words are gone.
fn gone(comment: Memo<Comment>) -> AnyView {
    let what = part(move || {
        comment.with(|comment| match &comment.moderation {
            Some(moderation) => withheld(moderation, false),
            None => view! { <p>{i18n::discussion().comment_deleted}</p> }.into_any(),
        })
    });
    view! { <article class="c-comment" data-deleted>{what}</article> }.into_any()
}

fn standing(comment: Memo<Comment>, discussion: Discussion, can_reply: bool, time_zone: &str) -> AnyView {
    let own = i18n::discussion();
    let doing = RwSignal::new(Doing::Reading);
    let Comment { id, author, stance, simulated, posted_at, .. } = comment.get_untracked();
    let author = author.unwrap_or_default();
    let (name, label) = (fill(own.author, &[&author]), fill(own.comment_by, &[&author]));
    let mine = Memo::new(move |_| session::author().as_deref() == Some(author.as_str()));
    let posted = format::date_time(language(), posted_at, time_zone);
    let edited =
        part(move || comment.with(|comment| comment.edited_at.map(|_| view! { <span>{own.edited}</span> })));
    view! {
        <article class="c-comment" id=format!("comment-{id}") aria-label=label>
            <header class="c-comment__head">
                {icon(Icon::PEOPLE)}
                <strong>{name}</strong>
                {part(move || mine.get().then(|| view! { <span class="c-comment__mine">{own.you}</span> }))}
                {stance.map(badge::stance)}
                {simulated.then(badge::simulated)}
                <time datetime=posted_at.to_string()>{posted}</time>
                {edited}
            </header>
            {part(move || comment.with(|comment| comment.moderation.as_ref().map(|state| withheld(state, true))))}
            <div class="c-comment__body" hidden=flag(move || doing.get() == Doing::Editing)>
                {part(move || comment.with(|comment| rich_text(comment.text.as_deref().unwrap_or_default())))}
            </div>
            {part(move || match doing.get() {
                Doing::Reading => actions(comment, mine, doing, can_reply),
                Doing::Replying => reply_form(comment, discussion, doing),
                Doing::Editing => edit_form(comment, discussion, doing),
                Doing::Deleting => delete_question(comment, discussion, doing),
                Doing::Reporting => report_form(comment, discussion, doing),
                Doing::Reported => {
                    view! { <p class="c-comment__note" role="status">{icon(Icon::CHECK)}{own.reported}</p> }.into_any()
                }
            })}
        </article>
    }
    .into_any()
}

fn action(picture: Icon, word: &'static str, doing: RwSignal<Doing>, next: Doing) -> AnyView {
    view! {
        <button type="button" class="c-button" data-variant="quiet" on:click=click(move || doing.set(next))>
            {icon(picture)}{word}
        </button>
    }
    .into_any()
}

fn actions(comment: Memo<Comment>, mine: Memo<bool>, doing: RwSignal<Doing>, can_reply: bool) -> AnyView {
    let own = i18n::discussion();
    let by_whom = part(move || {
        let editable = comment.with_untracked(|comment| clock::now() < comment.editable_until());
        if mine.get() && editable {
            let hidden =
                comment.with(|comment| matches!(comment.moderation, Some(Moderation::Hidden { .. })));
            let edit = (!hidden).then(|| action(Icon::PENCIL, own.edit, doing, Doing::Editing));
            let delete = action(Icon::CROSS, own.delete, doing, Doing::Deleting);
            Some(edit.into_iter().chain([delete]).collect())
        } else if mine.get() {
            None
        } else {
            Some(vec![action(Icon::WARNING, own.report, doing, Doing::Reporting)])
        }
    });
    let reply = part(move || {
        let stands = can_reply && comment.with(Comment::stands);
        stands.then(|| action(Icon::SPEECH, own.reply, doing, Doing::Replying))
    });
    view! { <div class="c-comment__actions">{reply}{by_whom}</div> }.into_any()
}

fn reply_form(comment: Memo<Comment>, discussion: Discussion, doing: RwSignal<Doing>) -> AnyView {
    let own = i18n::discussion();
    let id = comment.with_untracked(|comment| comment.id.clone());
    let form = format!("reply-{id}");
    let (act, text) = (discussion.act(), discussion.writing(&form));
    platform::focus(&format!("{form}-text"));
    let on_submit = move || {
        let written = text.get_untracked();
        discussion.reply(act, id.clone(), &written, move |reply| {
            text.try_set(String::new());
            doing.try_set(Doing::Reading);
            platform::announce(match reply {
                Some(reply) if reply.stands() => own.reply_received,
                Some(_) => own.comment_waits,
                None => i18n::outbox().waiting,
            });
        });
    };
    let on_cancel = Some(Callback::new(move |()| doing.set(Doing::Reading)));
    view! { <Composer id=form label=own.your_reply submit=own.send_reply act text on_submit on_cancel /> }
        .into_any()
}

fn edit_form(comment: Memo<Comment>, discussion: Discussion, doing: RwSignal<Doing>) -> AnyView {
    let own = i18n::discussion();
    let before = comment.with_untracked(|comment| comment.text.clone().unwrap_or_default());
    let (act, text) = (discussion.act(), RwSignal::new(before));
    let id = comment.with_untracked(|comment| comment.id.clone());
    let form = format!("edit-{id}");
    platform::focus(&format!("{form}-text"));
    let on_submit = move || {
        let text = text.get_untracked();
        discussion.edit(act, id.clone(), &text, move || {
            doing.try_set(Doing::Reading);
            platform::announce(own.edit_received);
        });
    };
    let on_cancel = Some(Callback::new(move |()| doing.set(Doing::Reading)));
    view! { <Composer id=form label=own.new_text submit=own.save act text on_submit on_cancel /> }.into_any()
}

fn delete_question(comment: Memo<Comment>, discussion: Discussion, doing: RwSignal<Doing>) -> AnyView {
    let t = messages();
    let own = i18n::discussion();
    let act = discussion.act();
    let id = comment.with_untracked(|comment| comment.id.clone());
    let error = move || {
        act.error
            .get()
            .map(|error| view! { <p class="c-field__error" role="alert">{refusal::words(&error)}</p> })
    };
    let button = format!("delete-{id}");
    platform::focus(&button);
    view! {
        <div class="c-comment__question" role="group" aria-label=own.delete_question>
            <p>{own.delete_question}</p>
            {error}
            <div class="l-cluster">
                <button type="button" id=button class="c-button" data-variant="danger"
                    on:click=click(move || discussion.delete(act, id.clone(), move || {
                        doing.try_set(Doing::Reading);
                        platform::announce(own.comment_deleted);
                    }))>
                    {own.delete}
                </button>
                <button type="button" class="c-button" data-variant="quiet"
                    on:click=click(move || doing.set(Doing::Reading))>
                    {t.cancel}
                </button>
            </div>
        </div>
    }
    .into_any()
}

fn report_form(comment: Memo<Comment>, discussion: Discussion, doing: RwSignal<Doing>) -> AnyView {
    let t = messages();
    let own = i18n::discussion();
    let act = discussion.act();
    let id = comment.with_untracked(|comment| comment.id.clone());
    let reason = RwSignal::new(None::<ReportReason>);
    let missing = RwSignal::new(false);
    let group = format!("report-{id}");
    let first = format!("{group}-0");
    let reasons = ReportReason::ALL
        .into_iter()
        .enumerate()
        .map(|(index, each)| {
            view! {
                <label class="c-option">
                    <input type="radio" id=format!("{group}-{index}") name=group.clone()
                        prop:checked=flag(move || reason.get() == Some(each))
                        on:change=change(move |_| { reason.set(Some(each)); missing.set(false); act.changed(); }) />
                    <span>{report_reason(each)}</span>
                </label>
            }
        })
        .collect_view();
    platform::focus(&first);
    let error = move || {
        act.error
            .get()
            .map(|error| view! { <p class="c-field__error" role="alert">{refusal::words(&error)}</p> })
    };
    let fault = move || {
        missing.get().then(|| view! { <p class="c-field__error" role="alert">{own.choose_reason}</p> })
    };
    let send = submit(move |_| match reason.get_untracked() {
        None => missing.set(true),
        Some(reason) => {
            let report = NewReport { reason, note: String::new() };
            discussion.report(act, id.clone(), report, move || {
                doing.try_set(Doing::Reported);
            });
        }
    });
    view! {
        <form class="c-comment__question" on:submit=send novalidate>
            <fieldset>
                <legend>{own.report_question}</legend>
                {reasons}
                {fault}
            </fieldset>
            {error}
            <div class="l-cluster">
                <button type="submit" class="c-button" data-variant="primary">{own.send_report}</button>
                <button type="button" class="c-button" data-variant="quiet"
                    on:click=click(move || doing.set(Doing::Reading))>
                    {t.cancel}
                </button>
            </div>
        </form>
    }
    .into_any()
}
