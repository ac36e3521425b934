//! Tables as CSV (RFC 4180), for spreadsheets.

use crate::board::Board;
use crate::catalogue::Entry;
use crate::figures;
use crate::storage::{CommentRow, SubmissionRow};
use cabildo_contract::comment::Subject;
use cabildo_contract::statistics::{Part, Table};
use cabildo_contract::time::Timestamp;
use csv::{Error, Terminator, Writer, WriterBuilder};

/// Without it spreadsheets take UTF-8 for something else and break the accents.
const BYTE_ORDER_MARK: &[u8] = b"\xEF\xBB\xBF";

/// Writes a table. `comments` are needed for [`Table::Comments`] only, `submissions` for [`Table::Submissions`].
///
/// # Errors
/// Those of the CSV writer, which writing to memory does not meet.
pub fn write(
    table: Table,
    entry: &Entry,
    board: &Board,
    comments: &[CommentRow],
    submissions: &[SubmissionRow],
    now: Timestamp,
) -> Result<Vec<u8>, Error> {
    let mut csv = WriterBuilder::new().terminator(Terminator::CRLF).from_writer(BYTE_ORDER_MARK.to_vec());
    match table {
        Table::Proposals => proposals(&mut csv, entry, board, now)?,
        Table::Comments => write_comments(&mut csv, entry, comments)?,
        Table::Submissions => write_submissions(&mut csv, entry, submissions)?,
        Table::Results => results(&mut csv, entry, board, now)?,
        Table::Participation => participation(&mut csv, entry, board, now)?,
        Table::Breakdown => breakdown(&mut csv, entry, board, now)?,
        Table::Funnel => funnel(&mut csv, entry)?,
        Table::Figures => published(&mut csv, entry)?,
    }
    csv.into_inner().map_err(|error| Error::from(error.into_error()))
}

type Csv = Writer<Vec<u8>>;

/// Text that no spreadsheet takes for a formula
/// (<https://owasp.org/www-community/attacks/CSV_Injection>).
fn plain(text: &str) -> String {
    if text.starts_with(['=', '+', '-', '@', '\t', '\r']) { format!("'{text}") } else { text.to_owned() }
}

fn proposals(csv: &mut Csv, entry: &Entry, board: &Board, now: Timestamp) -> Result<(), Error> {
    csv.write_record([
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
    ])?;
    for proposal in &entry.proposals {
        let head = &proposal.head;
        let comments = figures::discussion(entry, &Subject::Proposal(head.id.clone()), board, now).comments;
        let themes: Vec<&str> = head.themes.iter().map(|theme| theme.title.as_str()).collect();
        let territory = head.territory.as_ref();
        csv.write_record([
            head.number.to_string(),
            head.id.to_string(),
            plain(&head.title),
            head.level.as_str().to_owned(),
            themes.join("; "),
            territory.map(|territory| territory.code.clone()).unwrap_or_default(),
            territory.map(|territory| territory.name.clone()).unwrap_or_default(),
            head.status.as_str().to_owned(),
            plain(&head.lead_entities.join("; ")),
            comments.total.to_string(),
            comments.simulated.to_string(),
        ])?;
    }
    Ok(())
}

fn write_comments(csv: &mut Csv, entry: &Entry, rows: &[CommentRow]) -> Result<(), Error> {
    csv.write_record([
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
    ])?;
    for CommentRow { comment, subject, parent } in rows {
        let (proposal, option) = match subject {
            Subject::Proposal(id) => (Some(id), None),
            Subject::Option(id) => (None, Some(id)),
        };
        let known = entry.proposals.iter().find(|known| Some(&known.head.id) == proposal);
        let number = known.map(|known| known.head.number);
        csv.write_record([
            comment.id.to_string(),
            number.map(|number| number.to_string()).unwrap_or_default(),
            proposal.map(ToString::to_string).unwrap_or_default(),
            parent.as_ref().map(ToString::to_string).unwrap_or_default(),
            comment.author.clone().unwrap_or_default(),
            comment.simulated.to_string(),
            comment.stance.map(|stance| stance.as_str().to_owned()).unwrap_or_default(),
            plain(comment.text.as_deref().unwrap_or_default()),
            comment.posted_at.to_string(),
            comment.edited_at.map(|at| at.to_string()).unwrap_or_default(),
            option.map(ToString::to_string).unwrap_or_default(),
        ])?;
    }
    Ok(())
}

fn write_submissions(csv: &mut Csv, entry: &Entry, rows: &[SubmissionRow]) -> Result<(), Error> {
    csv.write_record([
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
    ])?;
    for SubmissionRow { submission, call } in rows {
        let head = &submission.head;
        let call = entry.calls.iter().find(|known| known.head.id == *call);
        csv.write_record([
            head.id.to_string(),
            call.map(|call| call.head.slug.to_string()).unwrap_or_default(),
            call.is_some_and(|call| call.head.exercise || call.process.exercise).to_string(),
            plain(&head.title),
            plain(&submission.problem),
            plain(&submission.action),
            plain(head.entity.as_deref().unwrap_or_default()),
            head.author.clone(),
            head.simulated.to_string(),
            submission.revision.to_string(),
            head.submitted_at.to_string(),
            head.edited_at.map(|at| at.to_string()).unwrap_or_default(),
        ])?;
    }
    Ok(())
}

fn results(csv: &mut Csv, entry: &Entry, board: &Board, now: Timestamp) -> Result<(), Error> {
    csv.write_record([
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
    ])?;
    for results in figures::statistics(entry, board, now).consultations {
        for option in &results.options {
            csv.write_record([
                results.consultation.to_string(),
                results.exercise.to_string(),
                plain(&option.reference),
                plain(&option.title),
                option.votes.to_string(),
                option.score.to_string(),
                option.cost.map(|cost| cost.to_string()).unwrap_or_default(),
                plain(option.group.as_deref().unwrap_or_default()),
                option.rank.to_string(),
                results.ballots.total.to_string(),
                results.ballots.simulated.to_string(),
                results.as_of.sequence.to_string(),
                results.as_of.time.to_string(),
            ])?;
        }
    }
    Ok(())
}

fn participation(csv: &mut Csv, entry: &Entry, board: &Board, now: Timestamp) -> Result<(), Error> {
    csv.write_record(["day_utc", "ballots", "comments"])?;
    for day in figures::statistics(entry, board, now).days {
        csv.write_record([day.start.date().to_string(), day.ballots.to_string(), day.comments.to_string()])?;
    }
    Ok(())
}

fn breakdown(csv: &mut Csv, entry: &Entry, board: &Board, now: Timestamp) -> Result<(), Error> {
    csv.write_record(["by", "key", "title", "proposals", "votes", "comments"])?;
    let statistics = figures::statistics(entry, board, now);
    let parts = [
        ("level", statistics.by_level),
        ("theme", statistics.by_theme),
        ("territory", statistics.by_territory),
    ];
    for (by, parts) in parts {
        for Part { key, title, proposals, votes, comments } in parts {
            let (proposals, votes, comments) =
                (proposals.to_string(), votes.to_string(), comments.to_string());
            csv.write_record([by, &key, &plain(&title), &proposals, &votes, &comments])?;
        }
    }
    Ok(())
}

fn funnel(csv: &mut Csv, entry: &Entry) -> Result<(), Error> {
    csv.write_record(["level", "received", "adopted", "followed", "fulfilled"])?;
    for level in &entry.process.funnel.levels {
        csv.write_record([
            level.level.as_str(),
            &level.received.to_string(),
            &level.adopted.to_string(),
            &level.followed.to_string(),
            // Empty where nothing is on record: a zero would say that nothing was fulfilled.
            &level.fulfilled.map(|fulfilled| fulfilled.to_string()).unwrap_or_default(),
        ])?;
    }
    Ok(())
}

fn published(csv: &mut Csv, entry: &Entry) -> Result<(), Error> {
    csv.write_record(["about", "label", "value", "unit", "definition", "source"])?;
    let own = entry.process.figures.iter().map(|figure| (&entry.process.name.slug, figure));
    let theirs = entry.consultations.iter().flat_map(|consultation| {
        consultation.head.figures.iter().map(|figure| (&consultation.head.slug, figure))
    });
    for (about, figure) in own.chain(theirs) {
        let unit = figure.unit.as_deref().unwrap_or_default();
        let values = std::iter::once((figure.value, &figure.source));
        let values = values.chain(figure.also_published.iter().map(|other| (other.value, &other.source)));
        for (value, source) in values {
            csv.write_record([
                about.as_str(),
                &plain(&figure.label),
                &value.to_string(),
                unit,
                &plain(&figure.definition),
                &plain(source),
            ])?;
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_cell_is_taken_for_a_formula() {
        assert_eq!(plain("=HYPERLINK(\"x\")"), "'=HYPERLINK(\"x\")");
        assert_eq!(plain("De acuerdo"), "De acuerdo");
    }
}
