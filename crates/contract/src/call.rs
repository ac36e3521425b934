//! Calls for proposals: what is looked for, by which criteria, and what people and entities submit.
//!
//! A submission is not a proposal: proposals are what a process has on record and its funnel counts. What becomes of a
//! submission is decided by people, who weigh it by the criteria that the call published beforehand.

use crate::endpoint::{Endpoint, Method, NoBody, replacing};
use crate::id::{CallId, Slug, SubmissionId};
use crate::page::{Page, query_string};
use crate::problem::{FieldProblem, FieldProblemKind, ProblemKind};
use crate::process::ProcessName;
use crate::proposal::Level;
use crate::tally::Count;
use crate::text::{self, ENTITY_MAX, SUBMISSION_MAX, TITLE_MAX};
use crate::time::{Period, State, Timestamp};
use serde::{Deserialize, Serialize};

/// Where a call is or was held.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "at")]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub enum CallHeld {
    /// In this system: it takes submissions while it is open.
    Here {},
    /// Somewhere else: only what was published about it is known, and quoted.
    Elsewhere {
        /// Through what it was held.
        channel: String,
    },
}

/// By what submissions are weighed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Criterion {
    /// What is looked at.
    pub title: String,
    /// The most points that it gives; at least 1.
    pub weight: u32,
    /// How the points are given, if that was published.
    #[serde(default)]
    pub description: Option<String>,
}

/// A call in a list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct CallSummary {
    /// Its id.
    pub id: CallId,
    /// Its name in addresses, unique in the whole installation.
    pub slug: Slug,
    /// Its title.
    pub title: String,
    /// For which level of government proposals are looked for; null for any.
    pub level: Option<Level>,
    /// When it takes submissions; its state derives from the clock. Null where the dates of a call that was held
    /// elsewhere were not published.
    pub period: Option<Period>,
    /// Where it is held.
    pub held: CallHeld,
    /// An exercise to try the system with; not a part of the process on record. Labelled wherever it shows.
    pub exercise: bool,
    /// Submissions that stand. Of a call that was held elsewhere none are known.
    #[serde(default)]
    pub submissions: Count,
}

impl CallSummary {
    /// Where it stands at `now`; none where its dates are not known.
    #[must_use]
    pub fn state(&self, now: Timestamp) -> Option<State> {
        self.period.map(|period| period.state(now))
    }

    /// Whether it is held in this system.
    #[must_use]
    pub fn is_here(&self) -> bool {
        matches!(self.held, CallHeld::Here {})
    }

    /// Until when submissions can be sent, edited and withdrawn, if they can at `now`.
    #[must_use]
    pub fn open_until(&self, now: Timestamp) -> Option<Timestamp> {
        let period = self.period.filter(|period| self.is_here() && period.state(now) == State::Open);
        period.map(|period| period.closes)
    }
}

/// A call, whole.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Call {
    /// What a list shows of it.
    #[serde(flatten)]
    pub head: CallSummary,
    /// The process that it belongs to.
    pub process: ProcessName,
    /// What it asks for, with an empty line between paragraphs.
    pub text: String,
    /// By what submissions are weighed, in the order of the source.
    pub criteria: Vec<Criterion>,
    /// The total that the published document prints, where it is not [`Call::total`].
    pub printed_total: Option<u32>,
    /// Who says so, and where.
    pub source: String,
}

impl Call {
    /// The sum of the weights.
    #[must_use]
    pub fn total(&self) -> u32 {
        self.criteria.iter().fold(0, |sum, criterion| sum.saturating_add(criterion.weight))
    }
}

/// A submission in a list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct SubmissionSummary {
    /// Its id.
    pub id: SubmissionId,
    /// Its title.
    pub title: String,
    /// In whose name it was submitted, if in an entity's; as its author says, nobody has checked it.
    pub entity: Option<String>,
    /// The code of its author: see [`crate::comment::Comment::author`].
    pub author: String,
    /// Whether a simulated participant submitted it.
    pub simulated: bool,
    /// When it was received.
    pub submitted_at: Timestamp,
    /// When it was last edited, if ever.
    pub edited_at: Option<Timestamp>,
}

/// A submission: what somebody proposes in answer to a call.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Submission {
    /// What a list shows of it.
    #[serde(flatten)]
    pub head: SubmissionSummary,
    /// The problem that it wants to solve, in the subset of [`crate::markdown`].
    pub problem: String,
    /// What is to be done, in the subset of [`crate::markdown`].
    pub action: String,
    /// 1, and one more with each edit.
    pub revision: u32,
}

/// A submission with the call that it answers.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct SubmissionDetail {
    /// The submission.
    pub submission: Submission,
    /// Its call.
    pub call: CallSummary,
    /// The process that it belongs to.
    pub process: ProcessName,
}

/// What a person submits, or puts in the place of what they submitted.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct NewSubmission {
    /// 1 to 120 characters, in one line.
    #[cfg_attr(feature = "openapi", schema(min_length = 1, max_length = 120))]
    pub title: String,
    /// 1 to 4000 characters.
    #[cfg_attr(feature = "openapi", schema(min_length = 1, max_length = 4000))]
    pub problem: String,
    /// 1 to 4000 characters.
    #[cfg_attr(feature = "openapi", schema(min_length = 1, max_length = 4000))]
    pub action: String,
    /// In whose name, if in an entity's: at most 120 characters, in one line.
    #[serde(default)]
    #[cfg_attr(feature = "openapi", schema(max_length = 120))]
    pub entity: Option<String>,
}

/// Cleans the texts of a submission and checks their lengths. An entity without a name is none.
///
/// # Errors
/// Everything that is wrong with it, each at its field.
pub fn check_submission(submission: &NewSubmission) -> Result<NewSubmission, Vec<FieldProblem>> {
    let mut problems = Vec::new();
    let mut check = |pointer: &str, text: String, is_required: bool, max: usize| {
        if text.is_empty() && is_required {
            problems.push(FieldProblem::new(pointer, FieldProblemKind::Required));
        } else if text.chars().count() > max {
            problems.push(FieldProblem::bound(pointer, FieldProblemKind::TooLong, max as u32));
        }
        text
    };
    let entity = one_line(submission.entity.as_deref().unwrap_or_default());
    let clean = NewSubmission {
        title: check("/title", one_line(&submission.title), true, TITLE_MAX),
        problem: check("/problem", text::clean(&submission.problem), true, SUBMISSION_MAX),
        action: check("/action", text::clean(&submission.action), true, SUBMISSION_MAX),
        entity: Some(check("/entity", entity, false, ENTITY_MAX)).filter(|entity| !entity.is_empty()),
    };
    if problems.is_empty() { Ok(clean) } else { Err(problems) }
}

fn one_line(text: &str) -> String {
    text::clean(text).split_whitespace().collect::<Vec<_>>().join(" ")
}

/// The acknowledgement of a withdrawal.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Withdrawal {
    /// The submission, whose words are erased.
    pub submission: SubmissionId,
    /// When it was withdrawn.
    pub withdrawn_at: Timestamp,
}

/// Lists the calls of a process.
#[derive(Debug, Clone)]
pub struct ListCalls {
    /// Slug or id of the process.
    pub process: Slug,
}

impl Endpoint for ListCalls {
    const METHOD: Method = Method::Get;
    const PATTERN: &'static str = "/api/v1/processes/{process}/calls";
    const NAME: &'static str = "list_calls";
    const SUMMARY: &'static str =
        "The calls for proposals of a process, by opening; all of them are on one page.";
    const CONTENT: bool = true;
    const PROBLEMS: &'static [ProblemKind] = &[ProblemKind::NotFound];
    type Body = NoBody;
    type Output = Page<CallSummary>;

    fn path(&self) -> String {
        format!("/api/v1/processes/{}/calls", self.process)
    }
}

/// Reads a call.
#[derive(Debug, Clone)]
pub struct GetCall {
    /// Its slug or id.
    pub call: Slug,
}

impl Endpoint for GetCall {
    const METHOD: Method = Method::Get;
    const PATTERN: &'static str = "/api/v1/calls/{call}";
    const NAME: &'static str = "get_call";
    const SUMMARY: &'static str =
        "A call for proposals: what it asks for, the criteria with their weights, dates.";
    const CONTENT: bool = true;
    const PROBLEMS: &'static [ProblemKind] = &[ProblemKind::NotFound];
    type Body = NoBody;
    type Output = Call;

    fn path(&self) -> String {
        format!("/api/v1/calls/{}", self.call)
    }
}

/// Lists what was submitted in answer to a call, newest first.
#[derive(Debug, Clone)]
pub struct ListSubmissions {
    /// Slug or id of the call.
    pub call: Slug,
    /// Where to continue; empty for the first page.
    pub cursor: String,
}

impl Endpoint for ListSubmissions {
    const METHOD: Method = Method::Get;
    const PATTERN: &'static str = "/api/v1/calls/{call}/submissions";
    const NAME: &'static str = "list_submissions";
    const SUMMARY: &'static str = "The submissions to a call, newest first; withdrawn ones are left out.";
    const QUERY: &'static [(&'static str, &'static str)] = crate::proposal::PAGE_QUERY;
    const PROBLEMS: &'static [ProblemKind] = &[ProblemKind::NotFound];
    type Body = NoBody;
    type Output = Page<SubmissionSummary>;

    fn path(&self) -> String {
        format!("/api/v1/calls/{}/submissions{}", self.call, query_string(&[("cursor", &self.cursor)]))
    }
}

/// Submits something in answer to a call.
#[derive(Debug, Clone)]
pub struct Submit {
    /// Slug or id of the call.
    pub call: Slug,
    /// What is submitted.
    pub body: NewSubmission,
}

impl Endpoint for Submit {
    const METHOD: Method = Method::Post;
    const PATTERN: &'static str = "/api/v1/calls/{call}/submissions";
    const NAME: &'static str = "submit";
    const SUMMARY: &'static str = "Submit something in answer to a call while it is open.";
    const MAY_NEED_WORK: bool = true;
    const PROBLEMS: &'static [ProblemKind] = &[
        ProblemKind::NotFound,
        ProblemKind::SessionRequired,
        ProblemKind::CallUpcoming,
        ProblemKind::CallClosed,
        ProblemKind::NoSubmissionsHere,
        ProblemKind::IdempotencyMismatch,
    ];
    const CREATES: bool = true;
    type Body = NewSubmission;
    type Output = Submission;

    fn path(&self) -> String {
        format!("/api/v1/calls/{}/submissions", self.call)
    }

    fn body(&self) -> Option<&NewSubmission> {
        Some(&self.body)
    }
}

const ONE: &str = "/api/v1/submissions/{submission}";

/// Reads a submission.
#[derive(Debug, Clone)]
pub struct GetSubmission {
    /// Its id.
    pub submission: SubmissionId,
}

impl Endpoint for GetSubmission {
    const METHOD: Method = Method::Get;
    const PATTERN: &'static str = ONE;
    const NAME: &'static str = "get_submission";
    const SUMMARY: &'static str = "A submission, whole, with its call; one that was withdrawn is not found.";
    const CONTENT: bool = true;
    const PROBLEMS: &'static [ProblemKind] = &[ProblemKind::NotFound];
    type Body = NoBody;
    type Output = SubmissionDetail;

    fn path(&self) -> String {
        format!("/api/v1/submissions/{}", self.submission)
    }
}

/// Edits one's own submission.
#[derive(Debug, Clone)]
pub struct EditSubmission {
    /// The submission.
    pub submission: SubmissionId,
    /// What takes its place.
    pub body: NewSubmission,
    /// The [`Submission::revision`] that it is to take the place of; if it is another by now, nothing is changed. None takes
    /// the place of whatever there is.
    pub replaces: Option<u32>,
}

impl Endpoint for EditSubmission {
    const METHOD: Method = Method::Put;
    const PATTERN: &'static str = ONE;
    const NAME: &'static str = "edit_submission";
    const SUMMARY: &'static str = "Edit one's own submission, until the call closes.";
    const QUERY: &'static [(&'static str, &'static str)] =
        &[("replaces", "The revision that this one is to take the place of; otherwise any.")];
    const PROBLEMS: &'static [ProblemKind] = &[
        ProblemKind::SubmissionChanged,
        ProblemKind::NotFound,
        ProblemKind::SessionRequired,
        ProblemKind::NotYours,
        ProblemKind::CallClosed,
    ];
    type Body = NewSubmission;
    type Output = Submission;

    fn path(&self) -> String {
        replacing(format!("/api/v1/submissions/{}", self.submission), self.replaces)
    }

    fn body(&self) -> Option<&NewSubmission> {
        Some(&self.body)
    }
}

/// Withdraws one's own submission: its words, the earlier ones too, are erased.
#[derive(Debug, Clone)]
pub struct WithdrawSubmission {
    /// The submission.
    pub submission: SubmissionId,
}

impl Endpoint for WithdrawSubmission {
    const METHOD: Method = Method::Delete;
    const PATTERN: &'static str = ONE;
    const NAME: &'static str = "withdraw_submission";
    const SUMMARY: &'static str =
        "Withdraw one's own submission, until the call closes. Its words are erased.";
    const PROBLEMS: &'static [ProblemKind] = &[
        ProblemKind::NotFound,
        ProblemKind::SessionRequired,
        ProblemKind::NotYours,
        ProblemKind::CallClosed,
    ];
    type Body = NoBody;
    type Output = Withdrawal;

    fn path(&self) -> String {
        format!("/api/v1/submissions/{}", self.submission)
    }
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a test fails by panicking")]
mod tests {
    use super::*;

    fn submission(title: &str, problem: &str, action: &str, entity: Option<&str>) -> NewSubmission {
        NewSubmission {
            title: title.to_owned(),
            problem: problem.to_owned(),
            action: action.to_owned(),
            entity: entity.map(str::to_owned),
        }
    }

    #[test]
    fn the_texts_of_a_submission_are_cleaned_and_an_empty_entity_is_none() {
        let found = check_submission(&submission(
            " Luz\n en la  plaza ",
            "Está\r\noscuro. ",
            " Poner luz",
            Some(" "),
        ));
        assert_eq!(found, Ok(submission("Luz en la plaza", "Está\noscuro.", "Poner luz", None)));
        let found = check_submission(&submission("a", "b", "c", Some(" Junta\tdel barrio ")));
        assert_eq!(found.unwrap().entity.as_deref(), Some("Junta del barrio"));
    }

    #[test]
    fn everything_that_is_wrong_with_a_submission_is_said_at_once_each_at_its_field() {
        let long = |max: usize| "ñ".repeat(max + 1);
        assert!(
            check_submission(&submission(&"ñ".repeat(TITLE_MAX), "b", &"ñ".repeat(SUBMISSION_MAX), None))
                .is_ok()
        );
        let bad = submission(" ", &long(SUBMISSION_MAX), "\n", Some(&long(ENTITY_MAX)));
        let expected = vec![
            FieldProblem::new("/title", FieldProblemKind::Required),
            FieldProblem::bound("/problem", FieldProblemKind::TooLong, 4000),
            FieldProblem::new("/action", FieldProblemKind::Required),
            FieldProblem::bound("/entity", FieldProblemKind::TooLong, 120),
        ];
        assert_eq!(check_submission(&bad), Err(expected));
        let titles = check_submission(&submission(&long(TITLE_MAX), "b", "c", None)).unwrap_err();
        assert_eq!(titles, [FieldProblem::bound("/title", FieldProblemKind::TooLong, 120)]);
    }

    fn call(held: CallHeld, period: Option<Period>) -> CallSummary {
        CallSummary {
            id: CallId::parse("c").unwrap(),
            slug: Slug::parse("c").unwrap(),
            title: "C".to_owned(),
            level: None,
            period,
            held,
            exercise: false,
            submissions: Count::default(),
        }
    }

    #[test]
    fn a_call_takes_submissions_only_here_and_only_until_the_very_instant_of_its_close() {
        let at = Timestamp::from_millis;
        let period = Some(Period { opens: at(10), closes: at(20) });
        let here = call(CallHeld::Here {}, period);
        let open: Vec<_> = [9, 10, 19, 20].map(|now| here.open_until(at(now)).is_some()).to_vec();
        assert_eq!(open, [false, true, true, false]);
        let elsewhere = CallHeld::Elsewhere { channel: "PDF".to_owned() };
        assert_eq!(call(elsewhere.clone(), period).open_until(at(15)), None);
        assert_eq!(call(elsewhere, None).state(at(15)), None);
    }

    #[test]
    fn weights_add_up() {
        let criterion = |weight| Criterion { title: "T".to_owned(), weight, description: None };
        let whole = Call {
            head: call(CallHeld::Here {}, None),
            process: serde_json::from_str(
                r#"{ "slug": "p", "title": "P", "time_zone": "UTC", "language": "es" }"#,
            )
            .unwrap(),
            text: String::new(),
            criteria: vec![criterion(20), criterion(18)],
            printed_total: Some(40),
            source: String::new(),
        };
        assert_eq!(whole.total(), 38);
        let json = serde_json::to_string(&whole).unwrap();
        assert_eq!(serde_json::from_str::<Call>(&json).unwrap(), whole);
    }
}
