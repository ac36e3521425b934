//! The live dashboard of a process: every view has its place in the page, its table as files and its picture.

use crate::client::live::watch;
use crate::i18n::{self, Language, fill, format, language, messages};
use crate::pages::not_found;
use crate::route::{self, Route};
use crate::state::session::Living;
use crate::state::{Head, load, use_head};
use crate::ui::badge::level_name;
use crate::ui::breadcrumbs::Breadcrumbs;
use crate::ui::chart::{Bar, Chart, Files, Row, Sides, bars, columns, sides};
use crate::ui::funnel;
use crate::ui::hero::Hero;
use crate::ui::live::LiveStatus;
use crate::ui::notice::{Exercise, Notice, Simulated, Tone};
use crate::ui::reactive::{flag, part, text};
use crate::ui::refusal;
use crate::ui::residence::Residence;
use crate::ui::stat::Stat;
use crate::ui::status::{show, show_page};
use crate::ui::tally::TallyChart;
use crate::ui::tiles::tiles;
use cabildo_contract::answer::Answered;
use cabildo_contract::id::Slug;
use cabildo_contract::moderation::{ModerationCounts, Queue};
use cabildo_contract::process::{Figure, GetProcess, Process};
use cabildo_contract::proposal::Level;
use cabildo_contract::statistics::{
    Bucket, GetStatistics, HeldElsewhere, Part, Picture, Statistics, Table, Top, TopProposal, WatchProcess,
};
use cabildo_contract::tally::{Channel, Count, Results};
use leptos::prelude::*;

/// The code of this page.
#[must_use]
pub fn page(route: Route) -> AnyView {
    match route {
        Route::Dashboard(process) => view! { <Dashboard process /> }.into_any(),
        other => not_found::page(other),
    }
}

/// The page of the dashboard.
#[component]
pub fn Dashboard(
    /// Slug or id of the process.
    process: Slug,
) -> impl IntoView {
    let own = i18n::dashboard();
    let slug = process.clone();
    let parent = load(move || GetProcess { process: slug.clone() });
    let slug = process.clone();
    let first = load(move || GetStatistics { process: slug.clone() });
    let watched = watch(&WatchProcess { process });
    use_head(move || {
        parent.with(|value| {
            let head = Head::of(value, |process| {
                let title = format!("{} · {}", own.dashboard_title, process.name.title);
                (title, own.dashboard_lead.to_owned())
            })?;
            let picture = value.ready().map(|process| Picture::Days.path(&process.name.slug));
            Some(match picture {
                Some(picture) => head.pictured(format!("{picture}.png?lang={}", language().code())),
                None => head,
            })
        })
    });
    let newest =
        Memo::new(move |_| watched.state.get().or_else(|| first.with(|value| value.ready().cloned())));
    let is_here = Memo::new(move |_| newest.with(Option::is_some));
    part(move || {
        show_page(parent.get(), parent.retry(), move |process| {
            let zone = process.name.time_zone.clone();
            let as_of = Signal::derive(move || {
                watched.last_word.get().or_else(|| newest.with(|s| s.as_ref().map(|s| s.as_of.time)))
            });
            let (slug, exercise) = (process.name.slug.clone(), process.name.exercise);
            let wall = route::screen::setup(&slug);
            let body = {
                let process = process.clone();
                part(move || match is_here.get() {
                    true => figures(process.clone(), newest).into_any(),
                    false => show(first.get(), first.retry(), |_| ()),
                })
            };
            view! {
                <Breadcrumbs
                    above=vec![(process.name.title.clone(), Route::Process(slug))]
                    here=own.dashboard_title.to_owned()
                />
                <Hero kicker=process.name.title.clone() title=own.dashboard_title>
                    <p class="c-hero__lead">{own.dashboard_lead}</p>
                </Hero>
                {exercise.then(|| view! { <Exercise /> })}
                <div class="l-cluster">
                    <LiveStatus connection=watched.connection as_of time_zone=zone />
                    <a class="c-button u-no-print" data-variant="quiet" href=wall>{own.on_a_wall}</a>
                </div>
                {body}
            }
        })
    })
}

/// A part of the newest statistics, as a signal of its own: what did not change is not drawn again.
fn figure_of<T: Clone + PartialEq + Send + Sync + 'static>(
    newest: Memo<Option<Statistics>>,
    pick: impl Fn(&Statistics) -> T + Send + Sync + 'static,
    empty: T,
) -> Memo<T> {
    Memo::new(move |_| newest.with(|newest| newest.as_ref().map_or_else(|| empty.clone(), &pick)))
}

/// What every view is made from.
#[derive(Clone)]
struct Board {
    newest: Memo<Option<Statistics>>,
    process: Slug,
    /// The language of what people wrote.
    content: String,
    /// In whose time times are said.
    time_zone: String,
}

impl Board {
    fn figure<T: Clone + PartialEq + Send + Sync + 'static>(
        &self,
        pick: impl Fn(&Statistics) -> T + Send + Sync + 'static,
        empty: T,
    ) -> Memo<T> {
        figure_of(self.newest, pick, empty)
    }

    /// A view: its words and addresses, the heads of its table, its rows and its picture.
    fn view(
        &self,
        picture: Picture,
        table: Table,
        columns: Vec<&'static str>,
        rows: Signal<Vec<Row>>,
        drawn: AnyView,
    ) -> AnyView {
        let (title, definition) = heading(&picture, i18n::dashboard(), messages());
        let files = Files { process: self.process.clone(), table, picture };
        view! {
            <Chart title definition files columns rows content=self.content.clone()>{drawn}</Chart>
        }
        .into_any()
    }

    /// A view whose measures have no common scale: its table is its picture.
    fn listed(
        &self,
        picture: Picture,
        table: Table,
        columns: Vec<&'static str>,
        words: &'static [usize],
        rows: Signal<Vec<Row>>,
    ) -> AnyView {
        let (title, definition) = heading(&picture, i18n::dashboard(), messages());
        let files = Files { process: self.process.clone(), table, picture };
        view! {
            <Chart title definition files columns rows words content=self.content.clone() />
        }
        .into_any()
    }
}

fn number(n: u64) -> String {
    format::number(language(), n)
}

fn figures(process: Process, newest: Memo<Option<Statistics>>) -> impl IntoView {
    let t = messages();
    let own = i18n::dashboard();
    let board = Board {
        newest,
        process: process.name.slug.clone(),
        content: process.name.language.clone(),
        time_zone: process.name.time_zone.clone(),
    };
    let simulated = board.figure(|s| s.people.simulated > 0, false);
    let is_empty = board.figure(|s| s.people.total == 0, true);
    let stat = |label, definition: &'static str, pick: fn(&Statistics) -> Count| {
        let count = figure_of(newest, pick, Count::default());
        let value = Signal::derive(move || number(count.get().total));
        let more = view! {
            <p>{text(move || fill(own.of_these_simulated, &[&number(count.get().simulated)]))}</p>
        };
        view! { <Stat label=label value definition source=own.source_computed more=Some(more.into_any()) /> }
    };
    let tallies = newest
        .with_untracked(|s| s.as_ref().map(|s| s.consultations.clone()).unwrap_or_default())
        .into_iter()
        .filter(|results| results.rule.is_some())
        .map(|results| tally(results, &board))
        .collect_view();
    let contents: [(&str, &str); 7] = [
        ("over-time", own.over_time),
        ("territory-section", t.territory),
        ("parts", own.by_part),
        ("moved-most", own.moved_most),
        ("answers-section", own.answers_section),
        ("turnout-section", own.turnout_section),
        ("tallies", t.results),
    ];
    let contents =
        contents.map(|(id, title)| view! { <li><a href=format!("#{id}")>{title}</a></li> }).collect_view();
    view! {
        {part(move || simulated.get().then(|| view! { <Simulated /> }))}
        <p class="c-empty" hidden=flag(move || !is_empty.get())>{own.no_participation}</p>
        <nav aria-label=own.contents><ul class="c-contents">{contents}</ul></nav>
        <section aria-labelledby="now" class="l-stack">
            <h2 id="now">{t.participation}</h2>
            <div class="c-figures">
                {stat(t.people, own.people_definition, |s| s.people)}
                {stat(t.ballots, own.ballots_definition, |s| s.ballots)}
                {stat(t.comments_title, own.comments_definition, |s| s.comments)}
            </div>
        </section>
        <section aria-labelledby="over-time" class="l-stack">
            <h2 id="over-time">{own.over_time}</h2>
            <div class="l-grid" data-wide>
                {over_time(&board, Picture::LastHour, own.minute, process.name.time_zone.clone())}
                {over_time(&board, Picture::Days, own.day, "UTC".to_owned())}
            </div>
        </section>
        <section aria-labelledby="territory-section" class="l-stack" data-gap="l">
            <h2 id="territory-section">{t.territory}</h2>
            <div class="l-grid" data-wide>
                {people(&board)}
                {living(&board)}
            </div>
        </section>
        <section aria-labelledby="parts" class="l-stack">
            <h2 id="parts">{own.by_part}</h2>
            <div class="l-grid" data-wide>
                {parts(&board, Picture::Level, t.level, |s| s.by_level.clone())}
                {parts(&board, Picture::Branch, own.branch, |s| s.by_branch.clone())}
                {parts(&board, Picture::Theme, t.theme, |s| s.by_theme.clone())}
                {parts(&board, Picture::Territory, t.territory, |s| s.by_territory.clone())}
                {the_funnel(&board, &process)}
            </div>
        </section>
        <section aria-labelledby="moved-most" class="l-stack">
            <h2 id="moved-most">{own.moved_most}</h2>
            <div class="l-grid" data-wide>
                {top(&board, Picture::Support, |top| top.support.clone())}
                {top(&board, Picture::Discussion, |top| top.discussion.clone())}
                {top(&board, Picture::Controversy, |top| top.controversy.clone())}
            </div>
        </section>
        <section aria-labelledby="answers-section" class="l-stack">
            <h2 id="answers-section">{own.answers_section}</h2>
            {answers(&board)}
        </section>
        <section aria-labelledby="turnout-section" class="l-stack" data-gap="l">
            <h2 id="turnout-section">{own.turnout_section}</h2>
            {turnout(&board)}
            {channels(&board)}
        </section>
        <section aria-labelledby="tallies" class="l-stack" data-gap="l">
            <h2 id="tallies">{t.results}</h2>
            {tallies}
        </section>
    }
}

fn over_time(board: &Board, picture: Picture, step: &'static str, time_zone: String) -> AnyView {
    let t = messages();
    let is_hour = picture == Picture::LastHour;
    let buckets =
        board.figure(move |s| if is_hour { s.last_hour.clone() } else { s.days.clone() }, Vec::new());
    let name = move |bucket: &Bucket| match is_hour {
        true => format::time(language(), bucket.start, &time_zone),
        false => format::date(language(), format::day(bucket.start, &time_zone)),
    };
    // Newest first, and only steps in which something happened: sixty rows of zeros help nobody.
    let rows = Signal::derive(move || {
        buckets.with(|buckets| {
            buckets
                .iter()
                .rev()
                .filter(|bucket| bucket.ballots + bucket.comments > 0)
                .map(|bucket| {
                    (name(bucket), vec![number(bucket.ballots.into()), number(bucket.comments.into())]).into()
                })
                .collect::<Vec<Row>>()
        })
    });
    let drawn = part(move || buckets.with(|buckets| columns(buckets))).into_any();
    board.view(picture, Table::Participation, vec![step, t.ballots, t.comments_title], rows, drawn)
}

fn people(board: &Board) -> AnyView {
    let t = messages();
    let own = i18n::dashboard();
    let people = board.figure(|s| s.people_by_territory.clone(), Vec::new());
    let rows = Signal::derive(move || {
        people.with(|people| {
            let row = |each: &cabildo_contract::statistics::TerritoryPeople| {
                let words = each.people.map_or(own.withheld.to_owned(), number);
                Row::from((each.territory.name.clone(), vec![words]))
            };
            people.iter().map(row).collect::<Vec<Row>>()
        })
    });
    let drawn = part(move || people.with(|people| tiles(people, number))).into_any();
    board.view(Picture::People, Table::Territories, vec![own.department, t.people], rows, drawn)
}

/// The question where the reader lives.
fn living(board: &Board) -> impl IntoView + use<> {
    let own = i18n::dashboard();
    let living = Living::here();
    let territories = board.newest.with_untracked(|s| {
        let people = s.as_ref().map(|s| s.people_by_territory.as_slice()).unwrap_or_default();
        people.iter().map(|each| each.territory.clone()).collect::<Vec<_>>()
    });
    let outcome = part(move || {
        living.outcome.get().map(|outcome| {
            let (tone, words) = match &outcome {
                Ok(Some(_)) => (Tone::Good, own.saved),
                Ok(None) => (Tone::Good, own.erased),
                Err(error) => (Tone::Bad, refusal::words(error)),
            };
            view! { <Notice tone><p>{words}</p></Notice> }
        })
    });
    view! {
        <div class="l-stack">
            <Residence territories said=Signal::derive(move || living.said()) busy=living.busy
                on_save=Callback::new(move |code| living.say(code)) content=board.content.clone() />
            {outcome}
        </div>
    }
}

fn parts(
    board: &Board,
    picture: Picture,
    head: &'static str,
    pick: impl Fn(&Statistics) -> Vec<Part> + Send + Sync + 'static,
) -> AnyView {
    let t = messages();
    let parts = board.figure(pick, Vec::new());
    let name = |part: &Part| match part.key.as_str() {
        key if key == Level::National.as_str() => level_name(Level::National).to_owned(),
        key if key == Level::Subnational.as_str() => level_name(Level::Subnational).to_owned(),
        "" => t.whole_nation.to_owned(),
        _ => part.title.clone(),
    };
    let rows = Signal::derive(move || {
        parts.with(|parts| {
            let row = |part: &Part| {
                let values = vec![number(part.proposals.into()), number(part.votes), number(part.comments)];
                Row::from((name(part), values))
            };
            parts.iter().map(row).collect::<Vec<Row>>()
        })
    });
    let drawn = part(move || {
        parts.with(|parts| {
            let bar = |part: &Part| Bar {
                name: name(part),
                value: part.votes,
                label: number(part.votes),
                marked: false,
            };
            bars(parts.iter().map(bar).collect())
        })
    });
    let columns = vec![head, t.proposals_title, t.votes, t.comments_title];
    board.view(picture, Table::Breakdown, columns, rows, drawn.into_any())
}

fn the_funnel(board: &Board, process: &Process) -> impl IntoView + use<> {
    let t = messages();
    let own = i18n::dashboard();
    let funnel = process.funnel.clone();
    let rows = funnel.levels.iter().map(|level| {
        let fulfilled = level.fulfilled.map_or(own.no_record.to_owned(), |n| number(n.into()));
        let values = vec![number(level.received.into()), number(level.adopted.into()), fulfilled];
        Row::from((level_name(level.level).to_owned(), values))
    });
    let rows = Signal::stored(rows.collect::<Vec<Row>>());
    view! {
        <Chart
            title=t.funnel_title
            definition=format!("{} {}", funnel::sentence(&funnel), own.funnel_definition)
            files=Files { process: board.process.clone(), table: Table::Funnel, picture: Picture::Funnel }
            columns=vec![t.level, t.received, t.adopted, own.fulfilled]
            rows
        >
            <div class="c-funnel">{funnel::picture(&funnel)}</div>
        </Chart>
    }
}

fn top(
    board: &Board,
    picture: Picture,
    pick: impl Fn(&Top) -> Vec<TopProposal> + Send + Sync + 'static,
) -> AnyView {
    let t = messages();
    let own = i18n::dashboard();
    let list = board.figure(move |s| pick(&s.top), Vec::new());
    let rows = Signal::derive(move || {
        list.with(|list| {
            let row = |each: &TopProposal| Row {
                name: each.title.clone(),
                href: Some(route::href(Route::Proposal(each.id.clone()))),
                values: [each.votes, each.comments, each.stances.favour, each.stances.against]
                    .map(number)
                    .to_vec(),
            };
            list.iter().map(row).collect::<Vec<Row>>()
        })
    });
    let drawn = {
        let picture = picture.clone();
        part(move || {
            list.with(|list| {
                if list.is_empty() {
                    let none = if picture == Picture::Controversy { own.nobody_both } else { own.nothing };
                    return view! { <p class="c-empty">{none}</p> }.into_any();
                }
                if picture == Picture::Controversy {
                    let side = |each: &TopProposal| Sides {
                        name: each.title.clone(),
                        favour: each.stances.favour,
                        against: each.stances.against,
                    };
                    return sides(list.iter().map(side).collect());
                }
                let is_support = picture == Picture::Support;
                let bar = |each: &TopProposal| {
                    let value = if is_support { each.votes } else { each.comments };
                    Bar { name: each.title.clone(), value, label: number(value), marked: false }
                };
                bars(list.iter().map(bar).collect())
            })
        })
    };
    let columns = vec![own.proposal, t.votes, t.comments_title, t.stance_for, t.stance_against];
    board.view(picture, Table::Top, columns, rows, drawn.into_any())
}

fn answers(board: &Board) -> impl IntoView + use<> {
    let t = messages();
    let own = i18n::dashboard();
    let answers = board.figure(|s| s.answers, cabildo_contract::answer::Answers::default());
    let rows = Signal::derive(move || {
        let answers = answers.get();
        let median = answers
            .median_seconds
            .map_or(own.median_none.to_owned(), |seconds| wait(seconds, language(), own));
        vec![
            Row::from((own.answered.to_owned(), vec![number(answers.answered.total), median])),
            Row::from((own.pending.to_owned(), vec![number(answers.pending.total), String::new()])),
        ]
    });
    let drawn = part(move || {
        let answers = answers.get();
        let bar = |name: &str, count: Count, marked| Bar {
            name: name.to_owned(),
            value: count.total,
            label: number(count.total),
            marked,
        };
        bars(vec![bar(own.answered, answers.answered, true), bar(own.pending, answers.pending, false)])
    });
    let columns = vec![own.state, t.comments_title, own.median];
    let see = route::href(route::answers(board.process.clone(), Answered::default()));
    view! {
        {board.view(Picture::Answers, Table::Answers, columns, rows, drawn.into_any())}
        <p><a href=see>{own.see_answers}</a></p>
        {moderation(board)}
    }
}

/// What moderators decided, in a sentence.
fn moderation(board: &Board) -> impl IntoView + use<> {
    let own = i18n::dashboard();
    let counts = board.figure(|s| s.moderation, ModerationCounts::default());
    let said = text(move || {
        let ModerationCounts { reported, waiting, hidden, kept } = counts.get();
        let [reported, waiting, hidden, kept] =
            [reported, waiting, hidden, kept].map(|count| number(count.total));
        fill(own.moderation, &[&reported, &waiting, &hidden, &kept])
    });
    let see = route::href(route::moderation(board.process.clone(), Queue::default()));
    let table = Table::Moderation.path(&board.process);
    view! { <p>{said}" "<a href=see>{own.see_moderation}</a>" · "<a href=table download>{messages().download_csv}</a></p> }
}

/// Every source of a figure, with what it says.
fn sources(figure: &Figure) -> impl Iterator<Item = (u64, &str)> {
    let others = figure.also_published.iter().map(|other| (other.value, other.source.as_str()));
    std::iter::once((figure.value, figure.source.as_str())).chain(others)
}

fn turnout(board: &Board) -> AnyView {
    let t = messages();
    let own = i18n::dashboard();
    let here = board.figure(|s| s.consultations.clone(), Vec::new());
    let there = board.figure(|s| s.elsewhere.clone(), Vec::new());
    let rows = Signal::derive(move || {
        let href = |slug: &Slug| Some(route::href(Route::Consultation(slug.clone())));
        let ours = |results: &Results| {
            let comments = results.comments.map(|c| (t.comments_title, c.answered.total + c.pending.total));
            let ballots = results.rule.is_some().then_some((t.ballots, results.ballots.total));
            let name = match results.exercise {
                true => format!("{} ({})", results.title, own.exercise),
                false => results.title.clone(),
            };
            let rows = ballots.into_iter().chain(comments).map(|(measure, n)| Row {
                name: name.clone(),
                href: href(&results.consultation),
                values: vec![number(n), measure.to_owned(), own.own_record.to_owned()],
            });
            rows.collect::<Vec<Row>>()
        };
        let theirs = |held: &HeldElsewhere| {
            let rows = held.figures.iter().flat_map(|figure| {
                sources(figure).map(|(value, source)| Row {
                    name: held.title.clone(),
                    href: href(&held.consultation),
                    values: vec![number(value), figure.label.clone(), source.to_owned()],
                })
            });
            rows.collect::<Vec<Row>>()
        };
        let mut rows: Vec<Row> = here.with(|here| here.iter().flat_map(ours).collect());
        rows.extend(there.with(|there| there.iter().flat_map(theirs).collect::<Vec<_>>()));
        rows
    });
    // The figure first: on a phone the rest is a swipe away.
    let columns = vec![own.consultation, own.value, own.measure, t.source];
    board.listed(Picture::Turnout, Table::Turnout, columns, &[1, 2], rows)
}

/// Through what people took part.
fn channels(board: &Board) -> AnyView {
    let t = messages();
    let own = i18n::dashboard();
    let counts = board.figure(
        |s| {
            let ballots = s.ballot_channels();
            Some((s.people.total, ballots, s.comments.total, s.in_person, s.elsewhere.clone()))
        },
        None,
    );
    let rows = Signal::derive(move || {
        let Some((people, ballots, comments, room, elsewhere)) = counts.get() else { return Vec::new() };
        let row = |channel: &str, measure: &str, n: u64| {
            Row::from((channel.to_owned(), vec![measure.to_owned(), number(n)]))
        };
        let mut rows = vec![row(own.online, t.people, people)];
        rows.extend(ballots.iter().map(|each| row(channel_name(each.channel, own), t.ballots, each.ballots)));
        rows.extend([
            row(own.online, t.comments_title, comments),
            row(own.in_person, own.attendance, room.attendance),
            row(own.in_person, own.room_votes, room.votes),
            row(own.in_person, own.experts, room.experts),
        ]);
        for held in &elsewhere {
            let measures = held.figures.iter();
            rows.extend(measures.map(|figure| {
                let measure = format!("{}. {}", figure.label, held.title);
                row(&format!("{}: {}", own.elsewhere, held.channel), &measure, figure.value)
            }));
        }
        rows
    });
    board.listed(Picture::Channels, Table::Channels, vec![own.channel, own.measure, own.value], &[0], rows)
}

/// How ballots arrive that come this way.
#[must_use]
pub fn channel_name(channel: Channel, own: &'static messages::Dashboard) -> &'static str {
    match channel {
        Channel::Online => own.online,
        Channel::Widget => own.widget,
        Channel::InPerson => own.on_paper,
        Channel::Imported => own.imported,
    }
}

fn tally(first: Results, board: &Board) -> impl IntoView + use<> {
    let rule = first.rule;
    let slug = first.consultation.clone();
    let exercise = first.exercise.then(|| view! { <Exercise /> });
    let href = route::href(Route::Consultation(slug.clone()));
    let title = first.title.clone();
    let newest = board.newest;
    let consultation = slug.clone();
    let results = Signal::derive(move || {
        newest.with(|newest| {
            newest.as_ref().and_then(|s| s.consultations.iter().find(|r| r.consultation == slug).cloned())
        })
    });
    let chart = rule.map(|rule| {
        let (process, content, time_zone) =
            (board.process.clone(), board.content.clone(), board.time_zone.clone());
        view! { <TallyChart results rule process consultation content time_zone /> }
    });
    view! {
        <div class="l-stack">
            <p><a href=href lang=board.content.clone()>{title}</a></p>
            {exercise}
            {chart}
        </div>
    }
}

/// The title of a view, and what exactly it counts. A tally has the title of its consultation.
#[must_use]
pub fn heading(
    view: &Picture,
    own: &'static messages::Dashboard,
    t: &'static messages::Messages,
) -> (&'static str, &'static str) {
    match view {
        Picture::LastHour => (own.last_hour, own.last_hour_definition),
        Picture::Days => (own.by_day, own.by_day_definition),
        Picture::Level => (own.by_level, own.part_definition),
        Picture::Theme => (own.by_theme, own.part_definition),
        Picture::Branch => (own.by_branch, own.part_definition),
        Picture::Territory => (own.by_territory, own.part_definition),
        Picture::Funnel => (t.funnel_title, own.funnel_definition),
        Picture::Support => (own.support, own.support_definition),
        Picture::Discussion => (own.discussion, own.discussion_definition),
        Picture::Controversy => (own.controversy, own.controversy_definition),
        Picture::Answers => (own.answers, own.answers_definition),
        Picture::Channels => (own.channels, own.channels_definition),
        Picture::Turnout => (own.turnout, own.turnout_definition),
        Picture::People => (own.territory_title, own.territory_definition),
        Picture::Results(_) => (t.results, own.results_definition),
    }
}

/// A wait in whole days.
#[must_use]
pub fn wait(seconds: u64, language: Language, own: &messages::Dashboard) -> String {
    match seconds / 86_400 {
        0 => own.under_a_day.to_owned(),
        days => fill(format::plural(language, &own.days, days), &[&format::number(language, days)]),
    }
}
