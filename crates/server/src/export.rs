//! Tables as files: CSV (RFC 4180) for spreadsheets, NDJSON for programs.

use crate::board::Board;
use crate::catalogue::Entry;
use crate::figures;
use crate::storage::{CommentRow, SubmissionRow};
use cabildo_contract::comment::Subject;
use cabildo_contract::moderation::ModerationCounts;
use cabildo_contract::process::Figure;
use cabildo_contract::statistics::{Part, Statistics, Table, TableFormat, TopProposal};
use cabildo_contract::tally::Channel;
use cabildo_contract::time::Timestamp;
use csv::{Error, Terminator, WriterBuilder};
use serde_json::{Map, Value};

/// Without it spreadsheets take UTF-8 for something else and break the accents.
const BYTE_ORDER_MARK: &[u8] = b"\xEF\xBB\xBF";

/// Writes a table. `comments` are needed for [`Table::Comments`] only, `submissions` for [`Table::Submissions`].
///
/// # Errors
/// Those of the CSV writer, which writing to memory does not meet.
pub fn write(
    table: Table,
    format: TableFormat,
    entry: &Entry,
    board: &Board,
    comments: &[CommentRow],
    submissions: &[SubmissionRow],
    now: Timestamp,
) -> Result<Vec<u8>, Error> {
    let statistics = || figures::statistics(entry, board, now);
    let sheet = match table {
        Table::Proposals => proposals(entry, board, now),
        Table::Comments => write_comments(entry, comments),
        Table::Submissions => write_submissions(entry, submissions),
        Table::Results => results(&statistics()),
        Table::Participation => participation(&statistics()),
        Table::Breakdown => breakdown(statistics()),
        Table::Funnel => funnel(entry),
        Table::Figures => published(entry),
        Table::Channels => channels(&statistics()),
        Table::Turnout => turnout(&statistics()),
        Table::Top => top(&statistics()),
        Table::Answers => answers(&statistics()),
        Table::Moderation => moderation(&statistics()),
        Table::Territories => territories(&statistics()),
    };
    match format {
        TableFormat::Csv => sheet.csv(),
        TableFormat::Ndjson => Ok(sheet.ndjson()),
    }
}

/// What stands in a cell.
enum Cell {
    Text(String),
    Number(i64),
    Flag(bool),
    Nothing,
}

impl From<&str> for Cell {
    fn from(text: &str) -> Self {
        Self::Text(text.to_owned())
    }
}

impl From<String> for Cell {
    fn from(text: String) -> Self {
        Self::Text(text)
    }
}

impl From<i64> for Cell {
    fn from(number: i64) -> Self {
        Self::Number(number)
    }
}

impl From<u64> for Cell {
    fn from(number: u64) -> Self {
        Self::Number(i64::try_from(number).unwrap_or(i64::MAX))
    }
}

impl From<u32> for Cell {
    fn from(number: u32) -> Self {
        Self::Number(number.into())
    }
}

impl From<bool> for Cell {
    fn from(flag: bool) -> Self {
        Self::Flag(flag)
    }
}

impl<T: Into<Self>> From<Option<T>> for Cell {
    fn from(cell: Option<T>) -> Self {
        cell.map_or(Self::Nothing, Into::into)
    }
}

impl Cell {
    fn csv(&self) -> String {
        match self {
            Self::Text(text) => plain(text),
            Self::Number(number) => number.to_string(),
            Self::Flag(flag) => flag.to_string(),
            Self::Nothing => String::new(),
        }
    }

    fn json(self) -> Value {
        match self {
            Self::Text(text) => text.into(),
            Self::Number(number) => number.into(),
            Self::Flag(flag) => flag.into(),
            Self::Nothing => Value::Null,
        }
    }
}

/// A table: the names of its columns, and its rows.
struct Sheet {
    heads: &'static [&'static str],
    rows: Vec<Vec<Cell>>,
}

impl Sheet {
    fn csv(self) -> Result<Vec<u8>, Error> {
        let mut csv = WriterBuilder::new().terminator(Terminator::CRLF).from_writer(BYTE_ORDER_MARK.to_vec());
        csv.write_record(self.heads)?;
        for row in self.rows {
            csv.write_record(row.iter().map(Cell::csv))?;
        }
        csv.into_inner().map_err(|error| Error::from(error.into_error()))
    }

    fn ndjson(self) -> Vec<u8> {
        let mut lines = Vec::new();
        for row in self.rows {
            let names = self.heads.iter().map(|head| (*head).to_owned());
            let object: Map<String, Value> = names.zip(row.into_iter().map(Cell::json)).collect();
            lines.extend(Value::Object(object).to_string().into_bytes());
            lines.push(b'\n');
        }
        lines
    }
}

/// Text that no spreadsheet takes for a formula
/// (<https://owasp.org/www-community/attacks/CSV_Injection>).
fn plain(text: &str) -> String {
    if text.starts_with(['=', '+', '-', '@', '\t', '\r']) { format!("'{text}") } else { text.to_owned() }
}

fn proposals(entry: &Entry, board: &Board, now: Timestamp) -> Sheet {
    let row = |proposal: &cabildo_contract::proposal::Proposal| {
        let head = &proposal.head;
        let comments = figures::discussion(entry, &Subject::Proposal(head.id.clone()), board, now).comments;
        let themes: Vec<&str> = head.themes.iter().map(|theme| theme.title.as_str()).collect();
        let territory = head.territory.as_ref();
        vec![
            head.number.into(),
            head.id.to_string().into(),
            head.title.as_str().into(),
            head.level.as_str().into(),
            themes.join("; ").into(),
            territory.map(|territory| territory.code.as_str()).into(),
            territory.map(|territory| territory.name.as_str()).into(),
            head.status.as_str().into(),
            head.lead_entities.join("; ").into(),
            comments.total.into(),
            comments.simulated.into(),
        ]
    };
    Sheet {
        heads: &[
            "number",
            "id",
            "title",
            "level",
            "themes",
            "territory_code",
            "territory",
            "status",
            "lead_entities",
            "comments",
            "comments_simulated",
        ],
        rows: entry.proposals.iter().map(row).collect(),
    }
}

fn write_comments(entry: &Entry, rows: &[CommentRow]) -> Sheet {
    let row = |CommentRow { comment, subject, parent }: &CommentRow| {
        let (proposal, option) = match subject {
            Subject::Proposal(id) => (Some(id), None),
            Subject::Option(id) => (None, Some(id)),
        };
        let known = entry.proposals.iter().find(|known| Some(&known.head.id) == proposal);
        vec![
            comment.id.to_string().into(),
            known.map(|known| known.head.number).into(),
            proposal.map(ToString::to_string).into(),
            parent.as_ref().map(ToString::to_string).into(),
            comment.author.as_deref().into(),
            comment.simulated.into(),
            comment.stance.map(|stance| stance.as_str()).into(),
            comment.text.as_deref().into(),
            comment.posted_at.to_string().into(),
            comment.edited_at.map(|at| at.to_string()).into(),
            option.map(ToString::to_string).into(),
        ]
    };
    Sheet {
        heads: &[
            "id",
            "proposal_number",
            "proposal_id",
            "reply_to",
            "author",
            "simulated",
            "stance",
            "text",
            "posted_at",
            "edited_at",
            "option_id",
        ],
        rows: rows.iter().map(row).collect(),
    }
}

fn write_submissions(entry: &Entry, rows: &[SubmissionRow]) -> Sheet {
    let row = |SubmissionRow { submission, call }: &SubmissionRow| {
        let head = &submission.head;
        let call = entry.calls.iter().find(|known| known.head.id == *call);
        vec![
            head.id.to_string().into(),
            call.map(|call| call.head.slug.to_string()).into(),
            call.is_some_and(|call| call.head.exercise || call.process.exercise).into(),
            head.title.as_str().into(),
            submission.problem.as_str().into(),
            submission.action.as_str().into(),
            head.entity.as_deref().into(),
            head.author.as_str().into(),
            head.simulated.into(),
            submission.revision.into(),
            head.submitted_at.to_string().into(),
            head.edited_at.map(|at| at.to_string()).into(),
        ]
    };
    Sheet {
        heads: &[
            "id",
            "call",
            "exercise",
            "title",
            "problem",
            "action",
            "entity",
            "author",
            "simulated",
            "revision",
            "submitted_at",
            "edited_at",
        ],
        rows: rows.iter().map(row).collect(),
    }
}

fn results(statistics: &Statistics) -> Sheet {
    let rows = statistics.consultations.iter().flat_map(|results| {
        results.options.iter().map(|option| {
            vec![
                results.consultation.as_str().into(),
                results.exercise.into(),
                option.reference.as_str().into(),
                option.title.as_str().into(),
                option.votes.into(),
                option.score.into(),
                option.cost.into(),
                option.group.as_deref().into(),
                option.rank.into(),
                results.ballots.total.into(),
                results.ballots.simulated.into(),
                results.as_of.sequence.into(),
                results.as_of.time.to_string().into(),
            ]
        })
    });
    Sheet {
        heads: &[
            "consultation",
            "exercise",
            "reference",
            "option",
            "votes",
            "score",
            "cost",
            "group",
            "rank",
            "ballots",
            "ballots_simulated",
            "as_of_sequence",
            "as_of_time",
        ],
        rows: rows.collect(),
    }
}

fn participation(statistics: &Statistics) -> Sheet {
    let days = statistics.days.iter();
    let rows =
        days.map(|day| vec![day.start.date().to_string().into(), day.ballots.into(), day.comments.into()]);
    Sheet { heads: &["day_utc", "ballots", "comments"], rows: rows.collect() }
}

fn breakdown(statistics: Statistics) -> Sheet {
    let parts = [
        ("level", statistics.by_level),
        ("theme", statistics.by_theme),
        ("branch", statistics.by_branch),
        ("territory", statistics.by_territory),
    ];
    let row = |by: &str, Part { key, title, proposals, votes, comments }: Part| {
        vec![by.into(), key.into(), title.into(), proposals.into(), votes.into(), comments.into()]
    };
    let rows = parts.into_iter().flat_map(|(by, parts)| parts.into_iter().map(move |part| row(by, part)));
    Sheet { heads: &["by", "key", "title", "proposals", "votes", "comments"], rows: rows.collect() }
}

fn funnel(entry: &Entry) -> Sheet {
    let levels = entry.process.funnel.levels.iter();
    let rows = levels.map(|level| {
        vec![
            level.level.as_str().into(),
            level.received.into(),
            level.adopted.into(),
            level.followed.into(),
            // Empty where nothing is on record: a zero would say that nothing was fulfilled.
            level.fulfilled.into(),
        ]
    });
    Sheet { heads: &["level", "received", "adopted", "followed", "fulfilled"], rows: rows.collect() }
}

/// Every source of a figure, with what it says.
fn sources(figure: &Figure) -> impl Iterator<Item = (u64, &str)> {
    let others = figure.also_published.iter().map(|other| (other.value, other.source.as_str()));
    std::iter::once((figure.value, figure.source.as_str())).chain(others)
}

fn published(entry: &Entry) -> Sheet {
    let own = entry.process.figures.iter().map(|figure| (&entry.process.name.slug, figure));
    let theirs = entry.consultations.iter().flat_map(|consultation| {
        consultation.head.figures.iter().map(|figure| (&consultation.head.slug, figure))
    });
    let rows = own.chain(theirs).flat_map(|(about, figure)| {
        sources(figure).map(move |(value, source)| {
            vec![
                about.as_str().into(),
                figure.label.as_str().into(),
                value.into(),
                figure.unit.as_deref().into(),
                figure.definition.as_str().into(),
                source.into(),
            ]
        })
    });
    Sheet { heads: &["about", "label", "value", "unit", "definition", "source"], rows: rows.collect() }
}

fn channels(statistics: &Statistics) -> Sheet {
    let row = |channel: &str,
               basis: &str,
               measure: Cell,
               value: u64,
               simulated: Cell,
               records: Cell,
               source: Cell| {
        vec![channel.into(), basis.into(), measure, value.into(), simulated, records, source]
    };
    let computed = |channel: &str, measure: &str, value: u64, simulated: Cell| {
        row(channel, "computed", measure.into(), value, simulated, Cell::Nothing, Cell::Nothing)
    };
    let (people, comments) = (statistics.people, statistics.comments);
    let mut rows = vec![computed("online", "people", people.total, people.simulated.into())];
    for count in statistics.ballot_channels() {
        // Simulated people only ever vote online.
        let online = count.channel == Channel::Online;
        let simulated = if online { statistics.ballots.simulated.into() } else { Cell::Nothing };
        rows.push(computed(count.channel.as_str(), "ballots", count.ballots, simulated));
    }
    rows.push(computed("online", "comments", comments.total, comments.simulated.into()));
    let here = &statistics.in_person;
    for (measure, value, records) in [
        ("workshop_attendance", here.attendance, here.workshops),
        ("votes_in_the_room", here.votes, here.actions),
        ("experts", here.experts, here.conversations),
    ] {
        rows.push(row(
            "in_person",
            "computed",
            measure.into(),
            value,
            Cell::Nothing,
            records.into(),
            Cell::Nothing,
        ));
    }
    for consultation in &statistics.elsewhere {
        for figure in &consultation.figures {
            for (value, source) in sources(figure) {
                let measure = format!("{}: {}", consultation.title, figure.label);
                rows.push(row(
                    "elsewhere",
                    "quoted",
                    measure.into(),
                    value,
                    Cell::Nothing,
                    Cell::Nothing,
                    source.into(),
                ));
            }
        }
    }
    Sheet { heads: &["channel", "basis", "measure", "value", "simulated", "records", "source"], rows }
}

fn turnout(statistics: &Statistics) -> Sheet {
    let mut rows = Vec::new();
    for results in &statistics.consultations {
        let comments = results.comments.map(|comments| comments.answered.total + comments.pending.total);
        for (measure, value) in [("ballots", Some(results.ballots.total)), ("comments", comments)] {
            rows.push(vec![
                results.consultation.as_str().into(),
                "here".into(),
                results.exercise.into(),
                measure.into(),
                value.into(),
                Cell::Nothing,
            ]);
        }
    }
    for consultation in &statistics.elsewhere {
        for figure in &consultation.figures {
            for (value, source) in sources(figure) {
                rows.push(vec![
                    consultation.consultation.as_str().into(),
                    "elsewhere".into(),
                    false.into(),
                    figure.label.as_str().into(),
                    value.into(),
                    source.into(),
                ]);
            }
        }
    }
    Sheet { heads: &["consultation", "held", "exercise", "measure", "value", "source"], rows }
}

fn top(statistics: &Statistics) -> Sheet {
    let top = &statistics.top;
    let lists =
        [("support", &top.support), ("discussion", &top.discussion), ("controversy", &top.controversy)];
    let row = |by: &str, proposal: &TopProposal| {
        let stances = &proposal.stances;
        vec![
            by.into(),
            proposal.number.into(),
            proposal.id.to_string().into(),
            proposal.title.as_str().into(),
            proposal.votes.into(),
            proposal.comments.into(),
            stances.favour.into(),
            stances.against.into(),
            stances.neutral.into(),
            stances.controversy().into(),
        ]
    };
    let rows = lists.into_iter().flat_map(|(by, list)| list.iter().map(move |proposal| row(by, proposal)));
    Sheet {
        heads: &[
            "by",
            "number",
            "id",
            "title",
            "votes",
            "comments",
            "for",
            "against",
            "neutral",
            "controversy",
        ],
        rows: rows.collect(),
    }
}

fn answers(statistics: &Statistics) -> Sheet {
    let answers = &statistics.answers;
    let row = |state: &str, count: cabildo_contract::tally::Count, median: Cell| {
        vec![state.into(), count.total.into(), count.simulated.into(), median]
    };
    Sheet {
        heads: &["state", "comments", "comments_simulated", "median_seconds"],
        rows: vec![
            row("answered", answers.answered, answers.median_seconds.into()),
            row("pending", answers.pending, Cell::Nothing),
        ],
    }
}

fn moderation(statistics: &Statistics) -> Sheet {
    let ModerationCounts { reported, waiting, hidden, kept } = statistics.moderation;
    let rows = [("reported", reported), ("waiting", waiting), ("hidden", hidden), ("kept", kept)];
    Sheet {
        heads: &["state", "comments", "comments_simulated"],
        rows: rows
            .into_iter()
            .map(|(state, count)| vec![state.into(), count.total.into(), count.simulated.into()])
            .collect(),
    }
}

fn territories(statistics: &Statistics) -> Sheet {
    let people = statistics.people_by_territory.iter();
    let rows = people.map(|cell| {
        let territory = &cell.territory;
        let (code, name) = (territory.code.as_str().into(), territory.name.as_str().into());
        vec![code, name, cell.people.into(), cell.people.is_none().into()]
    });
    Sheet { heads: &["territory_code", "territory", "people", "withheld"], rows: rows.collect() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_cell_is_taken_for_a_formula() {
        assert_eq!(plain("=HYPERLINK(\"x\")"), "'=HYPERLINK(\"x\")");
        assert_eq!(plain("De acuerdo"), "De acuerdo");
    }

    #[test]
    fn numbers_are_numbers_and_nothing_is_null() {
        let sheet = Sheet {
            heads: &["a", "b", "c", "d"],
            rows: vec![vec!["=1".into(), 2_u32.into(), true.into(), Cell::Nothing]],
        };
        assert_eq!(
            String::from_utf8(sheet.ndjson()).as_deref(),
            Ok("{\"a\":\"=1\",\"b\":2,\"c\":true,\"d\":null}\n")
        );
    }
}
