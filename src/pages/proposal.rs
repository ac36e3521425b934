//! A proposal: what it is, what became of it and why, and what people say about it.

use crate::i18n::{self, count, format, language, messages};
use crate::pages::not_found;
use crate::route::{self, Route, all_proposals};
use crate::state::comments::Discussion;
use crate::state::{Head, load, use_head};
use crate::ui::badge;
use crate::ui::breadcrumbs::Breadcrumbs;
use crate::ui::commitment::CommitmentView;
use crate::ui::discussion::Comments;
use crate::ui::facts::{Facts, values};
use crate::ui::hero::Hero;
use crate::ui::notice::Exercise;
use crate::ui::reactive::part;
use crate::ui::status::show_page;
use cabildo_contract::difference::{Change, Run, difference};
use cabildo_contract::id::{ProposalId, Slug};
use cabildo_contract::proposal::{GetProposal, Origin, Proposal as ProposalData, Version, VersionKind};
use leptos::prelude::*;

/// The code of this page.
#[must_use]
pub fn page(route: Route) -> AnyView {
    match route {
        Route::Proposal(proposal) => view! { <Proposal proposal /> }.into_any(),
        other => not_found::page(other),
    }
}

/// The page of a proposal.
#[component]
pub fn Proposal(
    /// Its id.
    proposal: ProposalId,
) -> impl IntoView {
    let id = proposal.clone();
    let resource = load(move || GetProposal { proposal: id.clone() });
    let discussion = Discussion::of_proposal(proposal);
    use_head(move || {
        resource.with(|value| {
            Head::of(value, |proposal| (proposal.head.title.clone(), proposal.head.summary.clone()))
        })
    });
    part(move || show_page(resource.get(), resource.retry(), move |proposal| whole(proposal, discussion)))
}

fn whole(proposal: ProposalData, discussion: Discussion) -> impl IntoView {
    let t = messages();
    let own = i18n::proposal();
    let head = proposal.head;
    let lang = proposal.process.language.clone();
    let slug = proposal.process.slug.clone();
    let kicker = format!("{} {}", own.proposal, head.number);
    let place = head.territory.as_ref().map_or(t.whole_nation.to_owned(), |territory| territory.name.clone());
    let themes: Vec<String> = head.themes.iter().map(|theme| theme.title.clone()).collect();
    let commitment =
        proposal.commitment.map(|commitment| view! { <CommitmentView commitment content=lang.clone() /> });
    let origins =
        (!proposal.origins.is_empty()).then(|| origins(proposal.origins, &proposal.process.slug, &lang));
    let exercise = proposal.process.exercise.then(|| view! { <Exercise /> });
    let facts = vec![
        (own.lead_entities, values(&head.lead_entities)),
        (own.other_entities, values(&proposal.other_entities)),
        (t.level, Some(badge::level_name(head.level).into_any())),
        (own.branch, Some(proposal.branch.into_any())),
        (t.territory, Some(place.into_any())),
        (t.theme, values(&themes)),
        (own.targets, values(&proposal.targets)),
    ];
    view! {
        <Breadcrumbs
            above=vec![
                (proposal.process.title.clone(), Route::Process(slug.clone())),
                (t.proposals_title.to_owned(), all_proposals(slug)),
            ]
            here=head.title.clone()
        />
        <div lang=lang.clone()>
            <Hero kicker title=head.title.clone()>
                <p class="c-hero__lead">{head.summary.clone()}</p>
            </Hero>
        </div>
        {exercise}
        <section class="c-verdict" aria-labelledby="verdict">
            <h2 id="verdict">{own.status_and_reason}</h2>
            {badge::status(head.status)}
            <p lang=lang.clone()>{proposal.reason.text}</p>
            <p class="c-verdict__source" lang=lang.clone()>{t.source}": "{proposal.reason.source}</p>
        </section>
        {commitment}
        {origins}
        <section class="l-stack" aria-labelledby="facts">
            <h2 id="facts">{own.facts}</h2>
            <div lang=lang.clone()><Facts facts /></div>
        </section>
        <section class="l-stack" aria-labelledby="versions">
            <h2 id="versions">{own.versions}</h2>
            {versions(proposal.versions, &lang)}
        </section>
        <Comments discussion time_zone=proposal.process.time_zone />
    }
}

fn versions(versions: Vec<Version>, lang: &str) -> impl IntoView + use<> {
    let t = messages();
    let own = i18n::proposal();
    let (changed, texts) = match versions.as_slice() {
        [first, .., last] => {
            (first.title.clone().zip(last.title.clone()), first.text.clone().zip(last.text.clone()))
        }
        _ => (None, None),
    };
    let items = versions
        .into_iter()
        .map(|version| {
            let (kind, word) = match version.kind {
                VersionKind::Draft => ("draft", own.version_draft),
                VersionKind::Final => ("final", own.version_final),
            };
            let title = match version.title {
                Some(title) => {
                    view! { <p class="c-versions__title" lang=lang.to_owned()>{title}</p> }.into_any()
                }
                None => view! { <p class="c-versions__none">{own.version_absent}</p> }.into_any(),
            };
            let because = version.because.map(|because| {
                view! {
                    <p>{own.because}": "<span lang=lang.to_owned()>{because.text}</span></p>
                    <p class="c-versions__source">
                        {t.source}": "<span lang=lang.to_owned()>{because.source}</span>
                    </p>
                }
            });
            let text = version.text.map(|text| {
                let paragraphs = paragraphs(&text);
                view! {
                    <details>
                        <summary>{own.read_text}" ("{word}")"</summary>
                        <div class="l-stack c-prose" lang=lang.to_owned()>{paragraphs}</div>
                    </details>
                }
            });
            view! {
                <li data-kind=kind>
                    <p class="c-versions__kind">{word}" · "{format::date(language(), version.date)}</p>
                    {title}
                    <p class="c-versions__source" lang=lang.to_owned()>{t.source}": "{version.source}</p>
                    {because}
                    {text}
                </li>
            }
        })
        .collect_view();
    // Where one of them was not published nothing can be said.
    let note = changed.as_ref().map(|(before, after)| {
        view! { <p>{if before == after { own.title_kept } else { own.title_changed }}</p> }
    });
    let text_note = texts.as_ref().filter(|(before, after)| before == after);
    let text_note = text_note.map(|_| view! { <p>{own.text_kept}</p> });
    let changed = changed.and_then(|texts| compared(own.title_difference, &texts, lang));
    let texts = texts.and_then(|texts| compared(own.text_difference, &texts, lang));
    view! { {note}{text_note}<ol class="c-versions">{items}</ol>{changed}{texts} }
}

/// What changed from one text to another, if anything did.
fn compared(title: &'static str, (before, after): &(String, String), lang: &str) -> Option<AnyView> {
    (before != after).then(|| {
        let runs = difference(before, after).into_iter().map(run).collect_view();
        view! {
            <h3>{title}</h3>
            <p class="c-difference" lang=lang.to_owned()>{runs}</p>
        }
        .into_any()
    })
}

/// A text whose paragraphs an empty line sets apart.
fn paragraphs(text: &str) -> Vec<AnyView> {
    let unified = text.replace("\r\n", "\n");
    let paragraphs = unified.split("\n\n").filter(|paragraph| !paragraph.trim().is_empty());
    paragraphs.map(|paragraph| view! { <p>{paragraph.trim().to_owned()}</p> }.into_any()).collect()
}

/// The workshop actions that the proposal came from, with the votes that they were given in the room.
fn origins(origins: Vec<Origin>, process: &Slug, lang: &str) -> AnyView {
    let (t, own) = (messages(), i18n::proposal());
    let items = origins
        .into_iter()
        .map(|origin| {
            let href = route::href(Route::Encounters(process.clone()));
            let href = format!("{href}#workshop-{}", origin.workshop);
            let votes = count(&own.votes_in_room, origin.votes.into());
            let note = origin.note.map(|note| view! { <p lang=lang.to_owned()>{note}</p> });
            view! {
                <li>
                    <p class="c-versions__kind">
                        <a href=href lang=lang.to_owned()>{origin.workshop_title}</a>
                        " · "{format::date(language(), origin.date)}" · "<span lang=lang.to_owned()>{origin.table}</span>
                    </p>
                    <p class="c-versions__title" lang=lang.to_owned()>{origin.action}</p>
                    <p>{votes}</p>
                    {note}
                    <p class="c-versions__source">
                        {t.source}": "<span lang=lang.to_owned()>{origin.source}</span>
                    </p>
                </li>
            }
        })
        .collect_view();
    view! {
        <section class="l-stack" aria-labelledby="origins">
            <h2 id="origins">{own.origins}</h2>
            <p>{own.origins_text}</p>
            <ul class="c-versions">{items}</ul>
        </section>
    }
    .into_any()
}

/// Words that were kept, removed or added; most screen readers do not say which.
fn run((change, words): Run) -> AnyView {
    let own = i18n::proposal();
    let (t, said) = match change {
        Change::Kept => return view! { {words}" " }.into_any(),
        Change::Removed => (own.removed, view! { <del>{words}</del> }.into_any()),
        Change::Added => (own.added, view! { <ins>{words}</ins> }.into_any()),
    };
    view! { <span class="u-visually-hidden" lang=language().tag()>{t}</span>{said}" " }.into_any()
}
