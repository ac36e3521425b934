//! Examples of every component, once: what the native tests render, and what to look at before changing one.

use super::badge;
use super::breadcrumbs::Breadcrumbs;
use super::card::{ProposalCard, UnnamedCard};
use super::chart::{Bar, Chart, Files, Row, Sides, bars, columns, sides};
use super::commitment::CommitmentView;
use super::criteria::criteria;
use super::facts::{Facts, values};
use super::hero::Hero;
use super::live::LiveStatus;
use super::moderation::{DecisionForm, withheld};
use super::notice::{Exercise, Notice, Simulated, Tone};
use super::phases::Phases;
use super::residence::Residence;
use super::rich_text::rich_text;
use super::stat::{PublishedFigure, Stat};
use super::status::{Failure, Loading};
use super::submission::{SubmissionCard, SubmissionForm};
use super::table::{Cell, Table};
use super::tally::TallyChart;
use super::tiles::{TILES, tiles};
use crate::client::ClientError;
use crate::client::live::Connection;
use crate::route::Route;
use crate::state::call::Writing;
use crate::state::moderation::Moderating;
use cabildo_contract::ballot::BallotRule;
use cabildo_contract::call::{Call, CallHeld, CallSummary, Criterion, SubmissionSummary};
use cabildo_contract::comment::{Moderation, Stance};
use cabildo_contract::commitment::{Assessment, Commitment, CommitmentMilestone, Completion, Evidence};
use cabildo_contract::id::{CallId, InvalidId, OptionId, ProposalId, Slug, SubmissionId};
use cabildo_contract::live::AsOf;
use cabildo_contract::moderation::Queue;
use cabildo_contract::process::{Figure, OtherValue, Phase, PhaseKind, ProcessName, Territory, Theme};
use cabildo_contract::proposal::{Level, ProposalSummary, Status, UnnamedProposals};
use cabildo_contract::session::Assurance;
use cabildo_contract::statistics::{Bucket, Picture, Table as Figures, TerritoryPeople};
use cabildo_contract::tally::{Channel, ChannelCount, Count, OptionVotes, Results};
use cabildo_contract::time::{Date, InvalidTime, State, Timestamp};
use leptos::prelude::*;

/// A component in one of its states.
pub struct Example {
    /// The component and the state.
    pub name: &'static str,
    /// Draws it.
    pub view: fn() -> Result<AnyView, InvalidExample>,
}

/// An example whose data is not valid.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct InvalidExample;

impl From<InvalidId> for InvalidExample {
    fn from(_: InvalidId) -> Self {
        Self
    }
}

impl From<InvalidTime> for InvalidExample {
    fn from(_: InvalidTime) -> Self {
        Self
    }
}

/// The longest name of a department: 56 characters.
const LONGEST_NAME: &str = "Archipiélago de San Andrés, Providencia y Santa Catalina";

/// All examples.
pub const EXAMPLES: &[Example] = &[
    Example { name: "breadcrumbs", view: breadcrumbs },
    Example { name: "hero", view: hero },
    Example { name: "badges", view: badges },
    Example { name: "proposal card", view: || card(proposal("Estrategia de Gobierno Abierto", 0)?) },
    Example { name: "proposal card with simulated comments", view: || card(proposal("Datos abiertos", 12)?) },
    Example { name: "proposal card with the longest names", view: longest_card },
    Example { name: "comment that waits for approval", view: || Ok(withheld(&Moderation::Waiting, true)) },
    Example { name: "hidden comment", view: || hidden(false) },
    Example { name: "hidden comment of one's own", view: || hidden(true) },
    Example { name: "decision of a moderator", view: decision },
    Example { name: "unnamed proposals", view: unnamed },
    Example { name: "facts", view: facts },
    Example { name: "table", view: table },
    Example { name: "commitment that is followed", view: commitment },
    Example { name: "commitment of which nothing is on record", view: || followed(Vec::new(), None) },
    Example { name: "criteria that add up", view: || weighed(None) },
    Example { name: "criteria whose document prints another sum", view: || weighed(Some(150)) },
    Example { name: "submission", view: || submission(None) },
    Example { name: "submission of an entity, simulated", view: || submission(Some("Junta del Barrio")) },
    Example { name: "form to submit", view: submission_form },
    Example { name: "phases", view: phases },
    Example { name: "stat", view: stat },
    Example { name: "figure on which sources disagree", view: figure },
    Example { name: "notices", view: notices },
    Example { name: "loading", view: || Ok(view! { <Loading /> }.into_any()) },
    Example { name: "failure with a way out", view: || failure(ClientError::Offline) },
    Example { name: "live", view: || live(Connection::Live) },
    Example { name: "connecting", view: || live(Connection::Connecting) },
    Example { name: "no longer live", view: || live(Connection::Lost) },
    Example { name: "bars", view: bar_chart },
    Example { name: "columns over time", view: column_chart },
    Example { name: "for and against", view: disputed },
    Example { name: "departments as tiles", view: map },
    Example { name: "where somebody lives", view: residence },
    Example { name: "tally with a tie", view: || tally(3) },
    Example { name: "tally without ballots", view: || tally(0) },
    Example { name: "rich text", view: words },
];

fn breadcrumbs() -> Result<AnyView, InvalidExample> {
    let above = vec![("IV Plan".to_owned(), Route::Process(Slug::parse("iv-plan")?))];
    Ok(view! { <Breadcrumbs above here="Propuestas".to_owned() /> }.into_any())
}

fn hero() -> Result<AnyView, InvalidExample> {
    Ok(view! { <Hero kicker="Comité de Estado Abierto" title="IV Plan"><p>"Resumen"</p></Hero> }.into_any())
}

fn badges() -> Result<AnyView, InvalidExample> {
    let states = [State::Upcoming, State::Open, State::Closed].map(badge::state).into_iter().collect_view();
    let stances = Stance::ALL.map(badge::stance).into_iter().collect_view();
    let statuses = Status::ALL.map(badge::status).into_iter().collect_view();
    Ok(view! { <p>{states}{stances}{statuses}{badge::simulated()}</p> }.into_any())
}

fn proposal(title: &str, comments: u64) -> Result<ProposalSummary, InvalidExample> {
    Ok(ProposalSummary {
        id: ProposalId::parse("p-9")?,
        number: 9,
        title: title.to_owned(),
        summary: "Contratación, ambiente y género con participación y datos abiertos.".to_owned(),
        level: Level::Subnational,
        themes: vec![Theme { slug: Slug::parse("ambiente")?, title: "Ambiente".to_owned() }],
        territory: Some(Territory { code: "76001".to_owned(), name: "Cali, Valle del Cauca".to_owned() }),
        status: Status::Selected,
        lead_entities: vec!["Distrito Especial de Santiago de Cali".to_owned()],
        comments: Count { total: comments, simulated: comments },
    })
}

fn card(proposal: ProposalSummary) -> Result<AnyView, InvalidExample> {
    Ok(view! { <ProposalCard proposal content="es-CO" /> }.into_any())
}

fn longest_card() -> Result<AnyView, InvalidExample> {
    let title = "Democratización del desarrollo local. Gobierno Abierto de la Alcaldía de Bogotá y transparencia activa";
    let territory = Some(Territory { code: "88".to_owned(), name: LONGEST_NAME.to_owned() });
    card(ProposalSummary { territory, ..proposal(title, 1_000_000)? })
}

fn unnamed() -> Result<AnyView, InvalidExample> {
    let group = UnnamedProposals {
        count: 11,
        level: Level::Subnational,
        status: Status::NotSelected,
        note: "Sus títulos no se publicaron.".to_owned(),
        source: "agacolombia.org".to_owned(),
    };
    Ok(view! { <UnnamedCard group content="es-CO" /> }.into_any())
}

fn facts() -> Result<AnyView, InvalidExample> {
    let facts = vec![
        ("Entidades", values(&["Función Pública".to_owned(), "DNP".to_owned()])),
        ("Rama", values(&["ejecutiva".to_owned()])),
        ("Metas", values(&[])),
    ];
    Ok(view! { <Facts facts /> }.into_any())
}

fn table() -> Result<AnyView, InvalidExample> {
    let row = |name: &str, words: &str, number| {
        let links = vec![("/proposals/p-1".to_owned(), "Propuesta 1".to_owned())];
        let cells = vec![Cell::Words(words.to_owned()), Cell::Number(number), Cell::Links(links)];
        (name.to_owned(), cells)
    };
    let rows =
        vec![row("Catastro multipropósito", "Deforestación", 10), row("Fondo de Tierras", "Mesa 2", 1300)];
    let heads = vec!["Acción", "Mesa", "Votos en la sala", "Llevó a"];
    Ok(view! { <Table caption="Acciones priorizadas".to_owned() heads rows content="es-CO" /> }.into_any())
}

fn commitment() -> Result<AnyView, InvalidExample> {
    let milestone = |status, from: Option<&str>, to: Option<&str>| {
        let evidence = |url: &str| Evidence { title: "Acta".into(), url: url.into(), date: None };
        Ok::<_, InvalidExample>(CommitmentMilestone {
            title: "Instalar las lámparas".to_owned(),
            status,
            from: from.map(Date::parse).transpose()?,
            to: to.map(Date::parse).transpose()?,
            evidence: vec![evidence("https://example.org/acta"), evidence("no address")],
            source: "Tablero".to_owned(),
        })
    };
    let milestones = vec![
        milestone(Completion::Complete, Some("2026-09-01"), Some("2026-09-30"))?,
        milestone(Completion::Substantial, Some("2026-09-01"), None)?,
        milestone(Completion::Limited, None, Some("2026-09-30"))?,
        milestone(Completion::NotStarted, None, None)?,
    ];
    let assessment =
        Assessment {
            status: Completion::Limited, text: "Falta la mitad.".into(), source: "Veeduría".into()
        };
    followed(milestones, Some(assessment))
}

fn followed(
    milestones: Vec<CommitmentMilestone>,
    assessment: Option<Assessment>,
) -> Result<AnyView, InvalidExample> {
    let commitment = Commitment { number: 3, responsible: Some("Junta".to_owned()), milestones, assessment };
    Ok(view! { <CommitmentView commitment content="es-CO" /> }.into_any())
}

fn weighed(printed_total: Option<u32>) -> Result<AnyView, InvalidExample> {
    let criterion = |title: &str, weight, description: Option<&str>| Criterion {
        title: title.to_owned(),
        weight,
        description: description.map(str::to_owned),
    };
    let call = Call {
        head: CallSummary {
            id: CallId::parse("c-1")?,
            slug: Slug::parse("territorial")?,
            title: "Convocatoria territorial".to_owned(),
            level: Some(Level::Subnational),
            period: None,
            held: CallHeld::Elsewhere { channel: "un formulario".to_owned() },
            exercise: false,
            submissions: Count::default(),
        },
        process: ProcessName {
            slug: Slug::parse("iv-plan")?,
            title: "IV Plan".to_owned(),
            time_zone: "America/Bogota".to_owned(),
            language: "es-CO".to_owned(),
            exercise: false,
        },
        text: "Postule un compromiso.".to_owned(),
        criteria: vec![
            criterion("Pilares", 20, Some("5 puntos por cada uno.")),
            criterion("Presupuesto asignado", 22, None),
        ],
        printed_total,
        source: "Términos".to_owned(),
    };
    Ok(criteria(&call))
}

fn submission(entity: Option<&str>) -> Result<AnyView, InvalidExample> {
    let submission = SubmissionSummary {
        id: SubmissionId::parse("s-1")?,
        title: "Luz en los senderos".to_owned(),
        entity: entity.map(str::to_owned),
        author: "7K3M9QRT".to_owned(),
        simulated: entity.is_some(),
        submitted_at: Timestamp::parse("2026-11-23T20:00:00Z")?,
        edited_at: entity.map(|_| Timestamp::parse("2026-11-24T20:00:00Z")).transpose()?,
    };
    Ok(view! { <SubmissionCard submission time_zone="America/Bogota" /> }.into_any())
}

fn submission_form() -> Result<AnyView, InvalidExample> {
    let writing = Writing::for_call(&Slug::parse("ideas")?);
    let on_send = Callback::new(|()| ());
    Ok(view! { <SubmissionForm writing send="Enviar" on_send on_cancel=None /> }.into_any())
}

fn phases() -> Result<AnyView, InvalidExample> {
    let phase = |slug: &str, from: &str, to: &str| {
        Ok::<_, InvalidExample>(Phase {
            slug: Slug::parse(slug)?,
            title: format!("Fase {slug}"),
            kind: PhaseKind::Consultation,
            from: Date::parse(from)?,
            to: Date::parse(to)?,
        })
    };
    let phases = vec![
        phase("uno", "2019-10-25", "2019-11-13")?,
        phase("dos", "2020-01-01", "2020-03-01")?,
        phase("tres", "2020-12-10", "2020-12-10")?,
    ];
    Ok(view! { <Phases phases today=Date::parse("2020-02-01")? /> }.into_any())
}

fn stat() -> Result<AnyView, InvalidExample> {
    let value = Signal::stored("713".to_owned());
    Ok(view! { <Stat label="Personas" value definition="Una vez cada una" source="Cabildo" more=None /> }
        .into_any())
}

fn figure() -> Result<AnyView, InvalidExample> {
    let figure = Figure {
        label: "Personas en la consulta".to_owned(),
        value: 880,
        unit: None,
        definition: "participantes de la primera consulta".to_owned(),
        source: "agacolombia.org".to_owned(),
        also_published: vec![OtherValue { value: 806, source: "Plan de Acción, p. 12".to_owned() }],
    };
    Ok(view! { <PublishedFigure figure /> }.into_any())
}

fn notices() -> Result<AnyView, InvalidExample> {
    let notices = [Tone::Info, Tone::Good, Tone::Warn, Tone::Bad]
        .map(|tone| view! { <Notice tone><p>"Mensaje"</p></Notice> })
        .collect_view();
    Ok(view! { {notices}<Simulated /><Exercise /> }.into_any())
}

fn failure(error: ClientError) -> Result<AnyView, InvalidExample> {
    Ok(view! { <Failure error on_retry=Callback::new(|()| ()) /> }.into_any())
}

fn live(connection: Connection) -> Result<AnyView, InvalidExample> {
    let as_of = Signal::stored(Some(Timestamp::parse("2026-11-23T20:00:00Z")?));
    Ok(view! { <LiveStatus connection=Signal::stored(connection) as_of time_zone="America/Bogota" /> }
        .into_any())
}

fn files(picture: Picture) -> Result<Files, InvalidExample> {
    Ok(Files { process: Slug::parse("iv-plan")?, table: Figures::Funnel, picture })
}

fn disputed() -> Result<AnyView, InvalidExample> {
    let side = |name: &str, favour, against| Sides { name: name.to_owned(), favour, against };
    let drawn = sides(vec![side("Datos abiertos", 12, 9), side(LONGEST_NAME, 1_000_000, 1)]);
    Ok(view! { <div aria-hidden="true">{drawn}</div> }.into_any())
}

fn map() -> Result<AnyView, InvalidExample> {
    let people = |(index, tile): (u64, &super::tiles::Tile)| TerritoryPeople {
        territory: Territory { code: tile.code.to_owned(), name: LONGEST_NAME.to_owned() },
        people: (index % 3 == 0).then_some(10 + index * 5),
    };
    let drawn = tiles(&(0..).zip(&TILES).map(people).collect::<Vec<_>>(), |n| n.to_string());
    Ok(view! { <div aria-hidden="true">{drawn}</div> }.into_any())
}

fn residence() -> Result<AnyView, InvalidExample> {
    let territories = vec![Territory { code: "88".to_owned(), name: LONGEST_NAME.to_owned() }];
    let said = Signal::stored(Some("88".to_owned()));
    let on_save = Callback::new(|_| ());
    Ok(view! { <Residence territories said busy=Signal::stored(false) on_save content="es-CO" /> }.into_any())
}

fn bar_chart() -> Result<AnyView, InvalidExample> {
    let bar = |name: &str, value: u64| Bar {
        name: name.to_owned(),
        value,
        label: value.to_string(),
        marked: value == 26,
    };
    let rows = Signal::stored(vec![Row::from(("Recibidas".to_owned(), vec!["26".to_owned()]))]);
    Ok(view! {
        <Chart title="Propuestas" definition="Recibidas y adoptadas" files=files(Picture::Funnel)?
            columns=vec!["Paso", "Propuestas"] rows>
            {bars(vec![bar("Recibidas", 26), bar("Adoptadas", 15)])}
        </Chart>
    }
    .into_any())
}

fn column_chart() -> Result<AnyView, InvalidExample> {
    let bucket = |minute: i64, ballots, comments| Bucket {
        start: Timestamp::from_millis(minute * 60_000),
        ballots,
        comments,
    };
    let buckets = [bucket(0, 3, 1), bucket(1, 0, 0), bucket(2, 7, 2)];
    let rows = Signal::stored(vec![Row::from(("8:00".to_owned(), vec!["3".to_owned(), "1".to_owned()]))]);
    Ok(view! {
        <Chart title="Última hora" definition="Por minuto" files=files(Picture::LastHour)?
            columns=vec!["Minuto", "Votos emitidos", "Comentarios"] rows>
            {columns(&buckets)}
        </Chart>
    }
    .into_any())
}

fn tally(ballots: u64) -> Result<AnyView, InvalidExample> {
    let option = |id: &str, votes, rank| {
        Ok::<_, InvalidExample>(OptionVotes {
            option: OptionId::parse(id)?,
            reference: id.to_owned(),
            title: format!("Opción {id}"),
            votes,
            score: i64::try_from(votes).unwrap_or_default(),
            mean_hundredths: None,
            cost: None,
            group: None,
            rank,
        })
    };
    let results = Results {
        consultation: Slug::parse("prioridades")?,
        title: "Prioridades".to_owned(),
        as_of: AsOf { sequence: 7, time: Timestamp::from_millis(0) },
        rule: Some(BallotRule::Support),
        assurance: Some(Assurance::Device),
        exercise: true,
        ballots: Count { total: ballots, simulated: 0 },
        channels: vec![ChannelCount { channel: Channel::Online, ballots }],
        visible_from: None,
        budget: None,
        options: vec![option("a", ballots, 1)?, option("b", ballots, 1)?, option("c", 0, 3)?],
        outcome: None,
        comments: None,
    };
    let results = Signal::stored(Some(results));
    let (process, consultation) = (Slug::parse("iv-plan")?, Slug::parse("prioridades")?);
    let rule = BallotRule::Support;
    Ok(view! { <TallyChart results rule process consultation content="es-CO" time_zone="UTC" /> }.into_any())
}

fn hidden(own: bool) -> Result<AnyView, InvalidExample> {
    let reason = "Publica datos de otra persona.".to_owned();
    let decided_at = Timestamp::parse("2026-06-01T12:00:00Z")?;
    Ok(withheld(&Moderation::Hidden { reason, decided_at }, own))
}

fn decision() -> Result<AnyView, InvalidExample> {
    let deciding = Moderating::new(Slug::parse("iv-plan")?, Queue::Open).deciding();
    Ok(view! { <DecisionForm id="case-1" deciding on_decide=Callback::new(|_| ()) /> }.into_any())
}

fn words() -> Result<AnyView, InvalidExample> {
    Ok(rich_text("**Bien**, pero <script>alert(1)</script>\n\n- uno\n- https://agacolombia.org/\n\n> cita"))
}
