//! Identifying oneself: by e-mail in two short forms, the address with the consent and the code; or with the consent and
//! a link to a provider.

use crate::i18n::{self, fill, format, language, messages};
use crate::platform;
use crate::state::identity::{Fault, Identifying};
use crate::ui::icon::{Icon, icon};
use crate::ui::notice::{Notice, Tone};
use crate::ui::reactive::{change, click, flag, follow, message, part, submit, text, word_if};
use crate::ui::refusal;
use crate::ui::status::show;
use cabildo_contract::id::Slug;
use cabildo_contract::identity::{CODE_DIGITS, Consent};
use leptos::prelude::*;

/// The forms, or that the person is identified.
#[component]
pub fn Identify(
    /// The act.
    identifying: Identifying,
    /// The person is identified.
    on_done: impl Fn() + Copy + Send + Sync + 'static,
) -> impl IntoView {
    let own = i18n::identity();
    part(move || {
        let name = identifying.provider();
        if identifying.is_done() {
            let words = match &name {
                Some(name) => fill(own.identified_with, &[name.as_str()]),
                None => own.identified.to_owned(),
            };
            return view! { <Notice tone=Tone::Good><p role="status">{words}</p></Notice> }.into_any();
        }
        if let Some(name) = name {
            return view! {
                <section class="c-identify l-stack" aria-labelledby="identify">
                    <h3 id="identify">{own.title}</h3>
                    <p>{fill(own.lead_with, &[name.as_str()])}</p>
                    {provider(identifying, name)}
                </section>
            }
            .into_any();
        }
        let form = part(move || {
            if identifying.sent.with(Option::is_some) {
                code(identifying, on_done).into_any()
            } else {
                address(identifying).into_any()
            }
        });
        view! {
            <section class="c-identify l-stack" aria-labelledby="identify">
                <h3 id="identify">{own.title}</h3>
                <p>{own.lead}</p>
                {form}
            </section>
        }
        .into_any()
    })
}

/// What keeps the person from going on, and what to do, in words.
#[must_use]
pub fn fault_words(fault: Fault) -> &'static str {
    let own = i18n::identity();
    match fault {
        Fault::Address => own.email_wrong,
        Fault::Consent => own.consent_missing,
        Fault::Shape => own.code_shape,
        Fault::Wrong => own.code_wrong,
        Fault::Expired => own.code_expired,
        Fault::TooSoon => own.too_soon,
        Fault::NotOffered => own.not_offered,
        Fault::NotSent => own.not_sent,
        Fault::Left => own.left,
        Fault::Refused => own.refused,
    }
}

fn wrong(identifying: Identifying) -> impl IntoView {
    let words = move || match identifying.fault.get() {
        None => identifying.error.with(|error| error.as_ref().map_or("", refusal::words)),
        Some(fault) => fault_words(fault),
    };
    view! {
        <div id="identify-fault" class="c-summary" role="alert" hidden=flag(move || words().is_empty())>
            {icon(Icon::WARNING)}<p>{message(words)}</p>
        </div>
    }
}

fn address(identifying: Identifying) -> impl IntoView {
    let t = messages();
    let own = i18n::identity();
    let invalid = |fault| word_if("true", move || identifying.fault.get() == Some(fault));
    let notice = part(move || show(identifying.consent.get(), identifying.consent.retry(), consent));
    view! {
        <form class="l-stack" novalidate on:submit=submit(move |_| identifying.send())>
            {wrong(identifying)}
            <div class="c-field">
                <label class="c-field__label" for="identify-email">{own.email}</label>
                <p class="c-field__hint" id="identify-email-hint">{own.email_hint}</p>
                <input id="identify-email" type="email" inputmode="email" autocomplete="email" spellcheck="false"
                    autocapitalize="none" aria-describedby="identify-email-hint identify-fault"
                    aria-invalid=invalid(Fault::Address) prop:value=text(move || identifying.email.get())
                    on:input=change(move |event| identifying.email.set(event_target_value(&event))) />
            </div>
            {notice}
            {agree(identifying)}
            <button type="submit" class="c-button" data-variant="primary"
                aria-disabled=word_if("true", move || identifying.busy.get())>
                {message(move || if identifying.busy.get() { t.sending } else { own.send_code })}
            </button>
        </form>
    }
}

/// Never ticked before the person ticks it.
fn agree(identifying: Identifying) -> impl IntoView {
    let own = i18n::identity();
    let invalid = word_if("true", move || identifying.fault.get() == Some(Fault::Consent));
    view! {
        <label class="c-choice">
            <input id="identify-consent" type="checkbox" aria-describedby="identify-fault" aria-invalid=invalid
                prop:checked=flag(move || identifying.has_consented.get())
                on:change=change(move |event| identifying.has_consented.set(event_target_checked(&event))) />
            <span>{own.consent}</span>
        </label>
    }
}

fn provider(identifying: Identifying, name: Slug) -> impl IntoView {
    let own = i18n::identity();
    let asked = part(move || {
        let name = name.clone();
        show(identifying.consent.get(), identifying.consent.retry(), move |given: Consent| {
            let way = identifying.way(&name, &given.version);
            view! {
                {consent(given)}
                {agree(identifying)}
                <p>
                    <a class="c-button" data-variant="primary" rel="external nofollow" href=way
                        on:click=follow(move || identifying.go())>
                        {fill(own.identify_with, &[name.as_str()])}
                    </a>
                </p>
            }
        })
    });
    view! { <div class="l-stack">{wrong(identifying)}{asked}</div> }
}

/// What the person is asked to consent to.
pub fn consent(consent: Consent) -> impl IntoView {
    let own = i18n::identity();
    let list = |title: &'static str, sentences: Vec<String>| {
        (!sentences.is_empty()).then(|| {
            let items = sentences.into_iter().map(|sentence| view! { <li>{sentence}</li> }).collect_view();
            view! { <dt>{title}</dt><dd><ul>{items}</ul></dd> }
        })
    };
    let policy = consent.policy.map(|address| {
        view! { <p><a href=address rel="noopener">{own.policy}</a></p> }
    });
    view! {
        <details class="c-consent" open>
            <summary>{own.consent_title}</summary>
            <dl>
                <dt>{own.controller}</dt><dd>{consent.controller}</dd>
                {list(own.purposes, consent.purposes)}
                {list(own.required, consent.required)}
                {list(own.optional, consent.optional)}
                {list(own.rights, consent.rights)}
                <dt>{own.contact}</dt><dd>{consent.contact}</dd>
            </dl>
            {policy}
        </details>
    }
}

fn code(identifying: Identifying, on_done: impl Fn() + Copy + Send + Sync + 'static) -> impl IntoView {
    let t = messages();
    let own = i18n::identity();
    let hint = identifying.sent.with_untracked(|sent| {
        let until = sent
            .as_ref()
            .map(|sent| format::time(language(), sent.expires_at, &platform::time_zone()))
            .unwrap_or_default();
        fill(own.code_hint, &[identifying.email.get_untracked().trim(), &until])
    });
    let invalid =
        move || matches!(identifying.fault.get(), Some(Fault::Shape | Fault::Wrong | Fault::Expired));
    view! {
        <form class="l-stack" novalidate on:submit=submit(move |_| identifying.confirm(on_done))>
            {wrong(identifying)}
            <div class="c-field">
                <label class="c-field__label" for="identify-code">{own.code}</label>
                <p class="c-field__hint" id="identify-code-hint" role="status">{hint}</p>
                <input id="identify-code" class="c-code" type="text" inputmode="numeric" autocomplete="one-time-code"
                    size=CODE_DIGITS + 2 aria-describedby="identify-code-hint identify-fault"
                    aria-invalid=word_if("true", invalid) prop:value=text(move || identifying.code.get())
                    on:input=change(move |event| identifying.code.set(event_target_value(&event))) />
            </div>
            <div class="l-cluster">
                <button type="submit" class="c-button" data-variant="primary"
                    aria-disabled=word_if("true", move || identifying.busy.get())>
                    {message(move || if identifying.busy.get() { t.sending } else { own.confirm_code })}
                </button>
                <button type="button" class="c-button" data-variant="quiet" on:click=click(move || identifying.send())>
                    {own.another_code}
                </button>
                <button type="button" class="c-button" data-variant="quiet" on:click=click(move || identifying.back())>
                    {own.other_address}
                </button>
            </div>
        </form>
    }
}
