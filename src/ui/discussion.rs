//! The discussion of a proposal or of an option: what people say, and the form to say something.

use crate::i18n::{self, count, format, language, messages};
use crate::loadable::Loadable;
use crate::platform;
use crate::state::comments::Discussion;
use crate::ui::comment::ThreadView;
use crate::ui::composer::Composer;
use crate::ui::icon::{Icon, icon};
use crate::ui::kept;
use crate::ui::live::LiveStatus;
use crate::ui::notice::Simulated;
use crate::ui::pager;
use crate::ui::reactive::{Part, flag, part, text};
use crate::ui::status::show;
use cabildo_contract::comment::{EDIT_SECONDS, NewComment, Stance};
use leptos::prelude::*;

/// All of it.
#[component]
pub fn Comments(
    /// The discussion.
    discussion: Discussion,
    /// In whose time times are said.
    #[prop(into)]
    time_zone: String,
) -> impl IntoView {
    let t = messages();
    let own = i18n::discussion();
    let stance = RwSignal::new(None::<Stance>);
    let text = discussion.writing("comment");
    let act = discussion.act();
    let received = RwSignal::new(None::<&'static str>);
    let on_submit = move || {
        let Some(stance_now) = stance.get_untracked() else { return };
        let body = NewComment { stance: stance_now, text: text.get_untracked() };
        received.set(None);
        discussion.post(act, body, move |comment| {
            let word = match comment {
                Some(comment) if comment.stands() => own.comment_received,
                Some(_) => own.comment_waits,
                None => i18n::outbox().waiting,
            };
            text.set(String::new());
            stance.set(None);
            received.set(Some(word));
            platform::announce(word);
        });
    };
    let zone = StoredValue::new(time_zone.clone());
    let list = part(move || match discussion.list.first.get() {
        Loadable::Ready(_) => threads(discussion, zone).into_any(),
        other => show(other, discussion.list.first.retry(), |_| ()),
    });
    let simulated = part(move || {
        discussion
            .list
            .all()
            .iter()
            .any(|thread| thread.comment.simulated || thread.replies.iter().any(|reply| reply.simulated))
            .then(|| view! { <Simulated /> })
    });
    let minutes = format::number(language(), (EDIT_SECONDS / 60).unsigned_abs());
    view! {
        <section class="l-stack c-comments" id="comments" aria-labelledby="comments-title">
            <div class="c-results">
                <h2 id="comments-title">{t.comments_title}</h2>
                <LiveStatus connection=discussion.watched.connection as_of=discussion.watched.last_word time_zone />
            </div>
            {simulated}
            <details class="c-comments__compose" open>
                <summary>{icon(Icon::SPEECH)}{own.write_comment}</summary>
                <p>{i18n::fill(own.comment_rules, &[&minutes])}</p>
                <Composer id="comment" label=own.your_comment submit=own.send_comment act text stance on_submit />
                <p class="c-comment__note" role="status">
                    {part(move || received.get().map(|word| view! { {icon(Icon::CHECK)}{word} }))}
                </p>
            </details>
            <noscript><p>{own.comments_need_script}</p></noscript>
            {kept(discussion, zone)}
            {list}
        </section>
    }
}

/// What was written here and is still on this device.
fn kept(discussion: Discussion, zone: StoredValue<String>) -> Part {
    let time = move |at| zone.with_value(|zone| format::date_time(language(), at, zone));
    part(move || {
        let items: Vec<AnyView> = discussion
            .kept()
            .iter()
            .map(|item| {
                view! { <li class="c-kept">{kept::whole(item, discussion.waiting, time)}</li> }.into_any()
            })
            .collect();
        (!items.is_empty()).then(|| view! { <ul class="c-kept__list">{items}</ul> })
    })
}

fn threads(discussion: Discussion, zone: StoredValue<String>) -> impl IntoView {
    let t = messages();
    let own = i18n::discussion();
    let is_empty = move || discussion.threads().is_empty();
    let more =
        pager::more(discussion.list, own.more_comments, Callback::new(move |()| discussion.load_more()));
    view! {
        <p class="c-empty" hidden=flag(move || !is_empty())>{own.no_comments}</p>
        <p hidden=flag(is_empty)>{text(move || count(&t.comments, total(discussion)))}</p>
        <ol class="c-threads">
            <For each=move || discussion.threads() key=|thread| thread.comment.id.clone() let:thread>
                <ThreadView thread discussion time_zone=zone.get_value() />
            </For>
        </ol>
        {more}
    }
}

/// Comments and replies: as the server last said, or those that are here.
fn total(discussion: Discussion) -> u64 {
    let here = discussion
        .list
        .all()
        .iter()
        .map(|thread| {
            u64::from(thread.comment.stands())
                + thread.replies.iter().filter(|reply| reply.stands()).count() as u64
        })
        .sum();
    discussion.watched.state.with(|state| state.map_or(here, |state| state.comments.total.max(here)))
}
