//! A consultation: the question, the ballot, the results.

use crate::clock;
use crate::i18n::{self, count, fill, format, language, messages};
use crate::pages::not_found;
use crate::pages::process::influence;
use crate::route::{self, Route};
use crate::state::ballot::Voting;
use crate::state::identity::Identifying;
use crate::state::{Head, load, use_head};
use crate::ui::badge;
use crate::ui::ballot::{BallotFlow, rule_sentence};
use crate::ui::breadcrumbs::Breadcrumbs;
use crate::ui::hero::Hero;
use crate::ui::icon::{Icon, icon};
use crate::ui::live::LiveStatus;
use crate::ui::notice::{Exercise, Notice, Simulated, Tone};
use crate::ui::outcome::outcome;
use crate::ui::phases::dates;
use crate::ui::reactive::part;
use crate::ui::stat::PublishedFigure;
use crate::ui::status::show_page;
use crate::ui::tally::TallyChart;
use cabildo_contract::answer::Answered;
use cabildo_contract::consultation::{BallotOption, Consultation as ConsultationData, GetConsultation, Held};
use cabildo_contract::id::Slug;
use cabildo_contract::session::Assurance;
use cabildo_contract::tally::{GetResults, WatchResults};
use cabildo_contract::time::State;
use leptos::prelude::*;

/// The code of this page.
#[must_use]
pub fn page(route: Route) -> AnyView {
    match route {
        Route::Consultation(consultation) => view! { <Consultation consultation /> }.into_any(),
        other => not_found::page(other),
    }
}

/// The page of a consultation.
#[component]
pub fn Consultation(
    /// Slug or id.
    consultation: Slug,
) -> impl IntoView {
    let slug = consultation.clone();
    let resource = load(move || GetConsultation { consultation: slug.clone() });
    let slug = consultation.clone();
    let results = load(move || GetResults { consultation: slug.clone() });
    let watched = crate::client::live::watch(&WatchResults { consultation });
    use_head(move || {
        resource.with(|value| {
            Head::of(value, |consultation| (consultation.head.title.clone(), consultation.question.clone()))
        })
    });
    let newest = Signal::derive(move || {
        watched.state.get().or_else(|| results.with(|results| results.ready().cloned()))
    });
    part(move || {
        show_page(resource.get(), resource.retry(), move |consultation| {
            let rule = match consultation.head.held {
                Held::Here { rule, .. } => Some(rule),
                _ => None,
            };
            let asks_for_comments = matches!(consultation.head.held, Held::Comments {});
            let own = i18n::consultation();
            let time_zone = consultation.process.time_zone.clone();
            let process = consultation.process.slug.clone();
            let slug = consultation.head.slug.clone();
            let content = consultation.process.language.clone();
            let t = messages();
            let as_of = Signal::derive(move || {
                watched
                    .last_word
                    .get()
                    .or_else(|| newest.with(|results| results.as_ref().map(|r| r.as_of.time)))
            });
            let is_simulated = move || {
                newest.with(|results| results.as_ref().is_some_and(|results| results.ballots.simulated > 0))
            };
            let simulated = part(move || is_simulated().then(|| view! { <Simulated /> }));
            let tally = rule.map(|rule| {
                let language = content.clone();
                let outcome =
                    part(move || newest.with(|results| results.as_ref().and_then(|r| outcome(r, &language))));
                view! {
                    <section class="l-stack" aria-labelledby="results">
                        <div class="c-results">
                            <h2 id="results">{t.results}</h2>
                            <LiveStatus connection=watched.connection as_of time_zone=time_zone.clone() />
                        </div>
                        {simulated}
                        <TallyChart results=newest rule process consultation=slug content time_zone />
                        {outcome}
                    </section>
                }
            });
            let answered = asks_for_comments.then(|| {
                part(move || {
                    newest.with(|results| results.as_ref().and_then(|results| results.comments).map(|answers| {
                        let number = |n| format::number(language(), n);
                        let received = answers.answered.total + answers.pending.total;
                        view! {
                            <p role="status">
                                {own.comments_answered}": "{number(received)}" · "{number(answers.answered.total)}
                            </p>
                        }
                    }))
                })
            });
            view! { {whole(consultation)}{answered}{tally} }
        })
    })
}

fn whole(consultation: ConsultationData) -> impl IntoView {
    let t = messages();
    let own = i18n::consultation();
    let head = consultation.head;
    let lang = consultation.process.language.clone();
    let time_zone = consultation.process.time_zone.clone();
    let process = consultation.process.slug.clone();
    let state = head.period.state(clock::now());
    let (level, promise) = influence(consultation.influence);
    let time = |at| format::date_time(language(), at, &time_zone);
    let when = match state {
        State::Upcoming => fill(t.opens_on, &[&time(head.period.opens)]),
        State::Open => fill(t.closes_on, &[&time(head.period.closes)]),
        State::Closed => {
            let last = head.period.closes.plus_seconds(-1);
            dates(format::day(head.period.opens, &time_zone), format::day(last, &time_zone))
        }
    };
    let exercise = (head.exercise || consultation.process.exercise).then(|| view! { <Exercise /> });
    let figures = (!head.figures.is_empty()).then(|| {
        let items =
            head.figures.into_iter().map(|figure| view! { <PublishedFigure figure /> }).collect_view();
        view! {
            <section class="l-stack" aria-labelledby="figures">
                <h2 id="figures">{t.figures_title}</h2>
                <div class="c-figures" lang=lang.clone()>{items}</div>
            </section>
        }
    });
    let body = match (head.held, state) {
        (Held::Here { rule, assurance }, State::Open) => {
            // Those that stand for a proposal have their page, and their discussion, there.
            let apart: Vec<BallotOption> =
                consultation.options.iter().filter(|option| option.proposal.is_none()).cloned().collect();
            let options = consultation.options.clone();
            let identifying = Identifying::asked_for(process, assurance.clone());
            let voting = Voting::new(head.slug, rule, options.clone(), head.period.closes, identifying);
            view! {
                <noscript>
                    <p>{own.voting_needs_script}</p>
                    <p>{rule_sentence(rule, consultation.budget.as_ref())}</p>
                </noscript>
                <BallotFlow voting options budget=consultation.budget.clone() content=lang.clone() time_zone=time_zone.clone() />
                <p class="c-assurance">{own.assurance}": "{assurance_text(&assurance)}</p>
                {option_list(&apart, &lang, Some(own.know_the_options))}
            }
            .into_any()
        }
        (Held::Here { .. }, State::Upcoming) => {
            let when = when.clone();
            view! {
                <Notice tone=Tone::Info><p>{i18n::refusals().consultation_upcoming}" "{when}</p></Notice>
                {option_list(&consultation.options, &lang, None)}
            }
            .into_any()
        }
        (Held::Here { .. }, State::Closed) => {
            view! { <Notice tone=Tone::Info><p>{i18n::refusals().consultation_closed}</p></Notice> }
                .into_any()
        }
        (Held::Comments {}, _) => {
            let answers = route::href(route::answers(process, Answered::default()));
            view! {
                <Notice tone=Tone::Info><p>{own.comments_here}</p></Notice>
                {option_list(&consultation.options, &lang, Some(own.know_the_drafts))}
                <p><a href=answers>{own.see_answers}{icon(Icon::ARROW)}</a></p>
            }
            .into_any()
        }
        (Held::Elsewhere { channel, asked }, _) => {
            let asked_lang = lang.clone();
            view! {
                <Notice tone=Tone::Info>
                    <p>{fill(own.held_elsewhere, &[&channel])}</p>
                    <p lang=asked_lang>{asked}</p>
                    <p>{own.votes_never_published}</p>
                </Notice>
                {option_list(&consultation.options, &lang, None)}
            }
            .into_any()
        }
    };
    let hero_lang = lang.clone();
    view! {
        <Breadcrumbs
            above=vec![(consultation.process.title.clone(), Route::Process(consultation.process.slug.clone()))]
            here=head.title.clone()
        />
        <Hero kicker=own.consultation title=head.title.clone() content=lang.clone()>
            <p class="c-hero__lead" lang=hero_lang>{consultation.question}</p>
            <ul class="c-hero__meta">
                <li>{badge::state(state)}" "{when}</li>
                <li>{badge::badge("info", Icon::PEOPLE, level)}" "{promise}</li>
            </ul>
        </Hero>
        {exercise}
        <section class="l-stack c-prose" aria-labelledby="purpose">
            <h2 id="purpose">{own.purpose}</h2>
            <p lang=lang>{consultation.purpose}</p>
        </section>
        {body}
        {figures}
    }
}

fn assurance_text(assurance: &Assurance) -> String {
    let own = i18n::consultation();
    match assurance {
        Assurance::Device => own.assurance_device.to_owned(),
        Assurance::Email => own.assurance_email.to_owned(),
        Assurance::Oidc(provider) => fill(own.assurance_oidc, &[provider.as_str()]),
    }
}

/// The options with a link to where each is discussed. The title says how many there are unless it is given.
fn option_list(
    options: &[BallotOption],
    lang: &str,
    title: Option<&'static str>,
) -> Option<impl IntoView + use<>> {
    let t = messages();
    let own = i18n::consultation();
    if options.is_empty() {
        return None;
    }
    let items = options
        .iter()
        .map(|option| {
            let route = match &option.proposal {
                Some(proposal) => Route::Proposal(proposal.clone()),
                None => Route::Option(option.id.clone()),
            };
            let comments = (option.comments.total > 0).then(
                || view! { <span lang=language().tag()>{count(&t.comments, option.comments.total)}</span> },
            );
            view! {
                <li>
                    <a href=route::href(route)>{option.title.clone()}</a>
                    <span>{option.description.clone()}</span>
                    {comments}
                </li>
            }
        })
        .collect_view();
    let title = title.map_or_else(|| count(&own.options_count, options.len() as u64), str::to_owned);
    Some(view! {
        <section class="l-stack" aria-labelledby="options">
            <h2 id="options">{title}</h2>
            <ol class="c-options" lang=lang.to_owned()>{items}</ol>
        </section>
    })
}
