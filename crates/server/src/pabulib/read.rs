//! From a file to an election.

use super::amount::Amount;
use super::rows::{Row, rows, text};
use super::{Election, Fault, FileBallot, Kept, Note, NoteKind, Project};
use cabildo_contract::ballot::{Approval, BallotRule, Cumulative, FirstPlace, InvalidRule, Ordinal, Scoring};
use cabildo_contract::consultation::Budget;
use cabildo_contract::outcome::OutcomeRule;
use cabildo_contract::problem::{FieldProblem, FieldProblemKind};
use cabildo_contract::tally::Channel;
use cabildo_contract::time::Date;
use std::collections::{HashMap, HashSet};

/// Reads a file.
///
/// # Errors
/// The first [`Fault`] of encoding, structure or number.
pub fn read(bytes: &[u8]) -> Result<Election, Fault> {
    let sections = Sections::of(rows(text(bytes)?)?)?;
    let meta = Meta::of(&sections)?;
    let mut notes = meta.notes.clone();
    let kind = Kind::of(&meta)?;
    let decimals = decimals(&meta, &sections.projects)?;
    let projects = projects(&sections.projects, decimals, &mut notes)?;
    if projects.is_empty() {
        return Err(Fault::new(sections.projects.line, "there is no project"));
    }
    let ballots = ballots(&sections.votes, &projects, kind, &mut notes)?;
    let rule = rule(kind, &meta, projects.len(), &ballots, decimals, &mut notes)?;
    let (from, to) = period(&meta, &mut notes)?;
    let budget = budget(&meta, decimals, &mut notes)?;
    let mut election = Election {
        from,
        to,
        rule,
        outcome: outcome(&meta, &budget)?,
        budget,
        projects,
        ballots,
        kept: Kept {
            meta: meta.pairs.iter().map(|(key, (_, value))| (key.clone(), value.clone())).collect(),
            project_columns: sections.projects.columns.clone(),
            projects: sections.projects.rows.iter().map(|row| row.fields.clone()).collect(),
            vote_columns: sections.votes.columns.clone(),
        },
        notes: Vec::new(),
    };
    compare(&mut election, &meta, &sections.projects, &mut notes)?;
    note_broken_rules(&election, &mut notes);
    notes.sort_by_key(|note| (note.kind, note.line));
    election.notes = notes;
    Ok(election)
}

/// A section that is a table.
struct Table {
    line: usize,
    columns: Vec<String>,
    rows: Vec<Row>,
}

impl Table {
    fn column(&self, name: &str) -> Option<usize> {
        self.columns.iter().position(|column| column.eq_ignore_ascii_case(name))
    }

    fn required(&self, name: &str) -> Result<usize, Fault> {
        self.column(name).ok_or_else(|| Fault::new(self.line, format!("there is no column {name}")))
    }

    /// A row has no more fields than there are columns, and all that are needed; those that lack are noted.
    fn check_row(&self, row: &Row, needed: &[usize], notes: &mut Vec<Note>) -> Result<(), Fault> {
        let width = row.fields.iter().rposition(|field| !field.is_empty()).map_or(0, |last| last + 1);
        let (has, wants) = (row.fields.len(), self.columns.len());
        if width > wants {
            return Err(Fault::new(row.line, format!("the row has {width} fields, the header {wants}")));
        }
        if needed.iter().any(|column| *column >= has) {
            return Err(Fault::new(row.line, format!("the row has only {has} fields, the header {wants}")));
        }
        if has < wants {
            let text =
                format!("the row has only {has} fields, the header {wants}: the others are taken as empty");
            notes.push(Note { line: row.line, kind: NoteKind::Short, text });
        }
        Ok(())
    }
}

fn field(row: &Row, column: Option<usize>) -> &str {
    column.and_then(|column| row.fields.get(column)).map_or("", String::as_str)
}

struct Sections {
    meta: Vec<Row>,
    projects: Table,
    votes: Table,
}

impl Sections {
    fn of(all: Vec<Row>) -> Result<Self, Fault> {
        let end = all.last().map_or(1, |row| row.line);
        let mut found: HashMap<&'static str, (usize, Vec<Row>)> = HashMap::new();
        let mut current = None;
        for row in all {
            if let Some(name) = row.section() {
                if found.insert(name, (row.line, Vec::new())).is_some() {
                    return Err(Fault::new(row.line, format!("a second section {name}")));
                }
                current = Some(name);
            } else {
                let Some((_, rows)) = current.and_then(|name| found.get_mut(name)) else {
                    return Err(Fault::new(row.line, "the file does not begin with a section META"));
                };
                rows.push(row);
            }
        }
        let mut take = |name: &'static str| {
            found.remove(name).ok_or_else(|| Fault::new(end, format!("there is no section {name}")))
        };
        let (_, mut meta) = take("META")?;
        // The header is always the same; some files leave it out.
        if meta
            .first()
            .is_some_and(|row| row.fields.first().is_some_and(|key| key.eq_ignore_ascii_case("key")))
        {
            meta.remove(0);
        }
        Ok(Self {
            meta,
            projects: table("PROJECTS", take("PROJECTS")?)?,
            votes: table("VOTES", take("VOTES")?)?,
        })
    }
}

fn table(name: &str, (line, rows): (usize, Vec<Row>)) -> Result<Table, Fault> {
    let mut rows = rows.into_iter();
    let header = rows.next().ok_or_else(|| Fault::new(line, format!("the section {name} has no header")))?;
    let columns: Vec<String> = header.fields.iter().map(|column| column.to_lowercase()).collect();
    let mut seen = HashSet::new();
    if let Some(twice) = columns.iter().find(|column| !column.is_empty() && !seen.insert(*column)) {
        return Err(Fault::new(header.line, format!("there are two columns {twice}")));
    }
    Ok(Table { line: header.line, columns, rows: rows.collect() })
}

/// The description of an election.
struct Meta {
    pairs: Vec<(String, (usize, String))>,
    notes: Vec<Note>,
    /// Where what is missing would stand.
    line: usize,
}

impl Meta {
    fn of(sections: &Sections) -> Result<Self, Fault> {
        let mut meta = Self { pairs: Vec::new(), notes: Vec::new(), line: 1 };
        for row in &sections.meta {
            meta.line = row.line;
            let Some((key, values)) = row.fields.split_first() else { continue };
            let key = key.to_lowercase();
            if meta.pairs.iter().any(|(known, _)| *known == key) {
                return Err(Fault::new(row.line, format!("{key} stands in META twice")));
            }
            let value = values.join(";");
            let value = value.trim_end_matches(';').to_owned();
            if values.iter().filter(|value| !value.is_empty()).count() > 1 {
                meta.note(row.line, format!("{key} has several fields: taken as one text"));
            }
            meta.pairs.push((key, (row.line, value)));
        }
        Ok(meta)
    }

    fn note(&mut self, line: usize, text: String) {
        self.notes.push(Note { line, kind: NoteKind::Meta, text });
    }

    /// Line and value of a key; none if it is not there or empty.
    fn get(&self, key: &str) -> Option<(usize, &str)> {
        let found = self.pairs.iter().find(|(known, _)| known == key);
        let (line, value) = found.map(|(_, (line, value))| (*line, value.trim()))?;
        (!value.is_empty() && !value.eq_ignore_ascii_case("none")).then_some((line, value))
    }

    fn required(&self, key: &str) -> Result<(usize, &str), Fault> {
        self.get(key).ok_or_else(|| Fault::new(self.line, format!("META has no {key}")))
    }

    fn whole(&self, key: &str) -> Result<Option<i64>, Fault> {
        let Some((line, value)) = self.get(key) else { return Ok(None) };
        whole(value)
            .map(Some)
            .ok_or_else(|| Fault::new(line, format!("{key} is {value:?}, not a whole number")))
    }

    fn count(&self, key: &str) -> Result<Option<u32>, Fault> {
        let Some(value) = self.whole(key)? else { return Ok(None) };
        let line = self.get(key).map_or(self.line, |(line, _)| line);
        u32::try_from(value).map(Some).map_err(|_| Fault::new(line, format!("{key} is {value}")))
    }

    fn amount(&self, key: &str) -> Result<Option<(usize, Amount)>, Fault> {
        let Some((line, value)) = self.get(key) else { return Ok(None) };
        let amount = Amount::parse(value);
        let amount = amount.ok_or_else(|| Fault::new(line, format!("{key} is {value:?}, not a sum")))?;
        Ok(Some((line, amount)))
    }
}

/// A whole number, which some files write with zeros as decimals.
fn whole(text: &str) -> Option<i64> {
    let digits = match text.split_once('.') {
        Some((digits, decimals)) if decimals.bytes().all(|byte| byte == b'0') => digits,
        Some(_) => return None,
        None => text,
    };
    digits.parse().ok()
}

/// `vote_type`.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    Approval,
    One,
    Ordinal,
    Cumulative,
    Scoring,
}

impl Kind {
    fn of(meta: &Meta) -> Result<Self, Fault> {
        let (line, name) = meta.required("vote_type")?;
        match name.to_lowercase().as_str() {
            "approval" => Ok(Self::Approval),
            "choose-1" => Ok(Self::One),
            "ordinal" => Ok(Self::Ordinal),
            "cumulative" => Ok(Self::Cumulative),
            "scoring" => Ok(Self::Scoring),
            _ => Err(Fault::new(line, format!("vote_type {name:?} is none that Cabildo knows"))),
        }
    }

    fn takes_points(self) -> bool {
        matches!(self, Self::Cumulative | Self::Scoring)
    }
}

fn cost<'a>(table: &Table, row: &'a Row) -> Result<(Amount, &'a str), Fault> {
    let cost = field(row, table.column("cost"));
    let amount = Amount::parse(cost);
    let amount = amount.ok_or_else(|| Fault::new(row.line, format!("the cost is {cost:?}, not a sum")))?;
    Ok((amount, cost))
}

/// How many decimals the sums of a file need.
fn decimals(meta: &Meta, projects: &Table) -> Result<u8, Fault> {
    let mut decimals = 0;
    for key in ["budget", "max_sum_cost"] {
        decimals = decimals.max(meta.amount(key)?.map_or(0, |(_, amount)| amount.decimals()));
    }
    projects.required("cost")?;
    for row in &projects.rows {
        decimals = decimals.max(cost(projects, row)?.0.decimals());
    }
    Ok(decimals)
}

fn projects(table: &Table, decimals: u8, notes: &mut Vec<Note>) -> Result<Vec<Project>, Fault> {
    let (id, name) = (table.required("project_id")?, table.column("name"));
    let needed = [id, table.required("cost")?];
    let mut seen = HashSet::new();
    let mut projects = Vec::with_capacity(table.rows.len());
    for row in &table.rows {
        table.check_row(row, &needed, notes)?;
        let reference = field(row, Some(id));
        if reference.is_empty() || reference.contains(',') {
            return Err(Fault::new(row.line, format!("{reference:?} cannot be a project_id")));
        }
        if !seen.insert(reference) {
            return Err(Fault::new(row.line, format!("a second project {reference:?}")));
        }
        let (amount, written) = cost(table, row)?;
        let cost = amount.scaled(decimals);
        let cost = cost.ok_or_else(|| Fault::new(row.line, format!("a cost of {written} is too large")))?;
        let title = field(row, name);
        if title.is_empty() {
            let text = format!("project {reference} has no name: it goes by its id");
            notes.push(Note { line: row.line, kind: NoteKind::Project, text });
        }
        let title = if title.is_empty() { reference } else { title };
        projects.push(Project { reference: reference.to_owned(), title: title.to_owned(), cost });
    }
    Ok(projects)
}

fn ballots(
    table: &Table,
    projects: &[Project],
    kind: Kind,
    notes: &mut Vec<Note>,
) -> Result<Vec<FileBallot>, Fault> {
    let vote = table.required("vote")?;
    let points = if kind.takes_points() { Some(table.required("points")?) } else { None };
    let (voter, method) = (table.column("voter_id"), table.column("voting_method"));
    let strength = table.column("vote_strength");
    let needed: Vec<usize> = [Some(vote), points].into_iter().flatten().collect();
    let places: HashMap<&str, usize> =
        (0..).zip(projects).map(|(at, p)| (p.reference.as_str(), at)).collect();
    let mut voters = HashSet::new();
    let mut ballots = Vec::with_capacity(table.rows.len());
    for row in &table.rows {
        table.check_row(row, &needed, notes)?;
        let mut note = |kind, text| notes.push(Note { line: row.line, kind, text });
        let names = list(field(row, Some(vote)));
        let given = points.map(|points| list(field(row, Some(points))));
        if let Some(given) = given.as_ref().filter(|given| given.len() != names.len()) {
            let reason = format!("the vote names {} projects and gives {} points", names.len(), given.len());
            return Err(Fault::new(row.line, reason));
        }
        let mut ballot = FileBallot {
            line: row.line,
            choices: Vec::with_capacity(names.len()),
            points: Vec::new(),
            channel: channel(field(row, method)),
            fields: row.fields.clone(),
        };
        for (index, name) in names.iter().enumerate() {
            let points = match given.as_ref().and_then(|given| given.get(index)) {
                None => None,
                Some(text) => {
                    Some(whole(text).and_then(|points| i32::try_from(points).ok()).ok_or_else(|| {
                        Fault::new(row.line, format!("{text:?} points are not a whole number"))
                    })?)
                }
            };
            match places.get(name) {
                None => {
                    note(NoteKind::Skipped, format!("the vote names {name:?}, which is no project: left out"))
                }
                Some(at) if ballot.choices.contains(at) => {
                    note(NoteKind::Skipped, format!("the vote names {name} twice: counted once"));
                }
                Some(at) => {
                    ballot.choices.push(*at);
                    ballot.points.extend(points);
                }
            }
        }
        if ballot.choices.is_empty() {
            note(
                NoteKind::Blank,
                "the ballot names no project: counted as a ballot, and for no project".to_owned(),
            );
        }
        let id = field(row, voter);
        if !id.is_empty() && !voters.insert(id) {
            note(NoteKind::Voter, format!("voter {id} stands in the file before: both ballots are counted"));
        }
        let strength = field(row, strength);
        if !["", "1", "1.0"].contains(&strength) {
            note(NoteKind::Skipped, format!("the vote has the strength {strength}: counted once"));
        }
        ballots.push(ballot);
    }
    Ok(ballots)
}

/// The parts of a list, without empty ones: some files end every list with a comma.
fn list(text: &str) -> Vec<&str> {
    if text.eq_ignore_ascii_case("none") {
        return Vec::new();
    }
    text.split(',').map(str::trim).filter(|part| !part.is_empty()).collect()
}

fn channel(method: &str) -> Channel {
    match method.to_lowercase().as_str() {
        "internet" | "online" => Channel::Online,
        "paper" => Channel::InPerson,
        "widget" => Channel::Widget,
        _ => Channel::Imported,
    }
}

fn rule(
    kind: Kind,
    meta: &Meta,
    projects: usize,
    ballots: &[FileBallot],
    decimals: u8,
    notes: &mut Vec<Note>,
) -> Result<BallotRule, Fault> {
    let all = u32::try_from(projects).unwrap_or(u32::MAX);
    let max = meta.count("max_length")?.filter(|max| *max > 0).map_or(all, |max| max.min(all));
    let wanted = meta.count("min_length")?.unwrap_or(1).max(1);
    let min = wanted.min(max);
    let line = meta.get("min_length").or_else(|| meta.get("max_length")).map_or(meta.line, |(line, _)| line);
    let invalid = |line: usize| move |error: InvalidRule| Fault::new(line, error.to_string());
    let mut note = |key: &str, text: String| {
        let line = meta.get(key).map_or(meta.line, |(line, _)| line);
        notes.push(Note { line, kind: NoteKind::Meta, text });
    };
    if wanted > max {
        note(
            "min_length",
            format!("min_length is {wanted}, and no ballot can name more than {max}: taken as {max}"),
        );
    }
    if meta.amount("min_sum_cost")?.is_some_and(|(_, amount)| amount.scaled(decimals) != Some(0)) {
        note("min_sum_cost", "min_sum_cost is kept, and not a part of the rule".to_owned());
    }
    let limited = (max < all).then_some(max);
    match kind {
        Kind::One => Ok(BallotRule::Approval(Approval::new(1, 1).map_err(invalid(line))?)),
        Kind::Approval => {
            let rule = Approval::new(min, max).map_err(invalid(line))?;
            let Some((line, max_cost)) = meta.amount("max_sum_cost")? else {
                return Ok(BallotRule::Approval(rule));
            };
            let max_cost = max_cost.scaled(decimals);
            let max_cost = max_cost.ok_or_else(|| Fault::new(line, "max_sum_cost is too large"))?;
            Ok(BallotRule::Approval(rule.within(max_cost)))
        }
        // What a first place is worth is decided when the scores are compared.
        Kind::Ordinal => {
            Ok(BallotRule::Ordinal(Ordinal::new(min, max, FirstPlace::Length).map_err(invalid(line))?))
        }
        Kind::Cumulative => {
            let sums = ballots.iter().map(|ballot| ballot.points.iter().map(|p| i64::from(*p)).sum::<i64>());
            let max_sum = match meta.count("max_sum_points")? {
                Some(max_sum) => max_sum,
                None => {
                    let most = sums.max().and_then(|most| u32::try_from(most).ok()).unwrap_or(1).max(1);
                    note("", format!("META has no max_sum_points: {most} are the most that a ballot gives"));
                    most
                }
            };
            let line = meta.get("max_sum_points").map_or(meta.line, |(line, _)| line);
            let min_sum = meta.count("min_sum_points")?.unwrap_or(1).max(1);
            if meta.whole("min_points")?.is_some_and(|min_points| min_points > 1) {
                note("min_points", "min_points is kept, and not a part of the rule".to_owned());
            }
            let cap = meta.count("max_points")?.filter(|cap| *cap > 0 && *cap < max_sum);
            let rule = Cumulative::new(min_sum, max_sum).and_then(|rule| rule.limit(cap, min, limited));
            let rule = rule.or_else(|error| {
                note("max_sum_points", format!("{error}: only max_sum_points is taken as the rule"));
                Cumulative::new(1, max_sum)
            });
            Ok(BallotRule::Cumulative(rule.map_err(invalid(line))?))
        }
        Kind::Scoring => {
            if meta.get("default_score").is_some_and(|(_, score)| whole(score) != Some(0)) {
                note("default_score", "default_score is kept, and not counted".to_owned());
            }
            let given = || ballots.iter().flat_map(|ballot| ballot.points.iter().copied());
            let mut bound = |key: &str, found: Option<i32>, otherwise: i32| match meta.whole(key)? {
                Some(bound) => {
                    i32::try_from(bound).map_err(|_| Fault::new(meta.line, format!("{key} is {bound}")))
                }
                None => {
                    let found = found.unwrap_or(otherwise);
                    note(key, format!("META has no {key}: {found} is what its ballots give at the edge"));
                    Ok(found)
                }
            };
            let low = bound("min_points", given().min().map(|low| low.min(0)), 0)?;
            let high = bound("max_points", given().max().map(|high| high.max(low.saturating_add(1))), 1)?;
            let line = meta.get("max_points").map_or(meta.line, |(line, _)| line);
            let rule = Scoring::new(low, high).and_then(|rule| rule.limit(min, limited));
            Ok(BallotRule::Scoring(rule.map_err(invalid(line))?))
        }
    }
}

fn budget(meta: &Meta, decimals: u8, notes: &mut Vec<Note>) -> Result<Option<Budget>, Fault> {
    let Some((line, amount)) = meta.amount("budget")? else {
        if decimals > 0 {
            return Err(Fault::new(meta.line, "META has no budget, and costs have decimals"));
        }
        let text = "META has no budget: no outcome follows".to_owned();
        notes.push(Note { line: meta.line, kind: NoteKind::Meta, text });
        return Ok(None);
    };
    let amount = amount.scaled(decimals).ok_or_else(|| Fault::new(line, "the budget is too large"))?;
    let currency = meta.get("currency").map(|(_, currency)| currency.to_owned()).unwrap_or_default();
    Ok(Some(Budget { amount, currency, decimals }))
}

fn outcome(meta: &Meta, budget: &Option<Budget>) -> Result<Option<OutcomeRule>, Fault> {
    let greedy = meta.get("rule").is_some_and(|(_, rule)| rule.eq_ignore_ascii_case("greedy"));
    let min_score = meta.whole("min_project_score_threshold")?;
    Ok((greedy && budget.is_some()).then_some(OutcomeRule::Greedy { min_score }))
}

fn period(meta: &Meta, notes: &mut Vec<Note>) -> Result<(Date, Date), Fault> {
    let mut note = |line, text| notes.push(Note { line, kind: NoteKind::Meta, text });
    let read = |key: &str| {
        let Some((line, value)) = meta.get(key) else { return Ok(None) };
        days(value).map(|days| Some((line, days))).ok_or_else(|| {
            Fault::new(line, format!("{key} is {value:?}; the format wants dd.mm.yyyy or yyyy"))
        })
    };
    match (read("date_begin")?, read("date_end")?) {
        (Some((_, (from, _))), Some((_, (_, to)))) if from <= to => Ok((from, to)),
        (Some((_, (later, _))), Some((line, (earlier, to)))) => {
            note(line, format!("date_end is before date_begin: taken as {earlier} to {later}"));
            Ok((earlier, later.max(to)))
        }
        (Some((line, days)), None) => {
            note(line, "META has no date_end: taken from date_begin".to_owned());
            Ok(days)
        }
        (None, Some((line, days))) => {
            note(line, "META has no date_begin: taken from date_end".to_owned());
            Ok(days)
        }
        (None, None) => {
            let found = ["instance", "description"].into_iter().find_map(|key| {
                let (line, value) = meta.get(key)?;
                Some((line, key, days(value).or_else(|| days(year(value)?))?))
            });
            if let Some((line, key, (from, to))) = found {
                note(line, format!("META has no dates: taken from {key}, {from} to {to}"));
                return Ok((from, to));
            }
            note(meta.line, "META has no dates and names no year: it goes by the year 1970".to_owned());
            days("1970").ok_or_else(|| Fault::new(meta.line, "META has no dates"))
        }
    }
}

/// The first number of four digits in a text that can be a year of an election.
fn year(text: &str) -> Option<&str> {
    let numbers = text.split(|c: char| !c.is_ascii_digit());
    numbers.into_iter().find(|number| number.len() == 4 && ("1980".."2100").contains(number))
}

/// First and last day of `dd.mm.yyyy`, `yyyy-mm-dd`, `mm.yyyy` or `yyyy`.
fn days(text: &str) -> Option<(Date, Date)> {
    let parts: Vec<&str> = text.split(['.', '-', '/']).map(str::trim).collect();
    let date = |year: &str, month: &str, day: &str| {
        (year.len() == 4).then(|| Date::parse(&format!("{year}-{month:0>2}-{day:0>2}")).ok()).flatten()
    };
    match parts.as_slice() {
        [year] => Some((date(year, "1", "1")?, date(year, "12", "31")?)),
        [month, year] if year.len() == 4 => {
            let last = ["31", "30", "29", "28"].into_iter().find_map(|day| date(year, month, day));
            Some((date(year, month, "1")?, last?))
        }
        [year, month, day] if year.len() == 4 => date(year, month, day).map(|day| (day, day)),
        [day, month, year] => date(year, month, day).map(|day| (day, day)),
        _ => None,
    }
}

/// Holds what the file says that it adds up to against what it adds up to.
fn compare(
    election: &mut Election,
    meta: &Meta,
    projects: &Table,
    notes: &mut Vec<Note>,
) -> Result<(), Fault> {
    let counts = [("num_projects", election.projects.len()), ("num_votes", election.ballots.len())];
    for (key, counted) in counts {
        if let (Some(said), Some((line, _))) = (meta.whole(key)?, meta.get(key))
            && usize::try_from(said) != Ok(counted)
        {
            let text = format!("{key} is {said}, and the file has {counted}");
            notes.push(Note { line, kind: NoteKind::Count, text });
        }
    }
    let tally = election.tally();
    let options = election.options();
    let said = |name: &str, row: &Row| -> Result<Option<i64>, Fault> {
        let text = field(row, projects.column(name));
        if text.is_empty() || text.eq_ignore_ascii_case("none") {
            return Ok(None);
        }
        whole(text)
            .map(Some)
            .ok_or_else(|| Fault::new(row.line, format!("{name} is {text:?}, not a whole number")))
    };
    let differences = |rule: &BallotRule| -> Result<Vec<Note>, Fault> {
        let mut notes = Vec::new();
        for (row, option) in projects.rows.iter().zip(&options) {
            let votes = i64::try_from(tally.votes(&option.id).total).unwrap_or(i64::MAX);
            for (name, counted) in [("votes", votes), ("score", tally.score(rule, &option.id))] {
                if let Some(said) = said(name, row)?.filter(|said| *said != counted) {
                    let reference = &option.reference;
                    let text =
                        format!("{name} of project {reference} is {said}, and its ballots come to {counted}");
                    notes.push(Note { line: row.line, kind: NoteKind::Count, text });
                }
            }
        }
        Ok(notes)
    };
    let mut found = differences(&election.rule)?;
    // Pabulib counts a first place as the length of the ballot; some cities as the longest ballot that there may be.
    if let BallotRule::Ordinal(rule) = election.rule
        && !found.is_empty()
        && let Ok(other) = Ordinal::new(rule.min(), rule.max(), FirstPlace::Max)
    {
        let other = BallotRule::Ordinal(other);
        let fewer = differences(&other)?;
        if fewer.len() < found.len() {
            (election.rule, found) = (other, fewer);
        }
    }
    notes.extend(found);
    Ok(())
}

fn note_broken_rules(election: &Election, notes: &mut Vec<Note>) {
    let options = election.options();
    for ballot in election.ballots.iter().filter(|ballot| !ballot.choices.is_empty()) {
        let faults = election.rule.check(&options, election.body(ballot)).err().unwrap_or_default();
        if let Some(fault) = faults.first() {
            let text = format!("{}: counted as the file counts it", described(fault));
            notes.push(Note { line: ballot.line, kind: NoteKind::Rule, text });
        }
    }
}

fn described(fault: &FieldProblem) -> String {
    let what = match fault.kind {
        FieldProblemKind::TooFew => "the ballot names too few projects",
        FieldProblemKind::TooMany => "the ballot names too many projects",
        FieldProblemKind::OverBudget => "the projects of the ballot cost too much",
        FieldProblemKind::PointsTooLow => "the ballot gives a project too few points",
        FieldProblemKind::PointsTooHigh => "the ballot gives a project too many points",
        FieldProblemKind::SumTooLow => "the ballot gives too few points",
        FieldProblemKind::SumTooHigh => "the ballot gives too many points",
        _ => "the ballot breaks the rule",
    };
    match fault.limit {
        Some(limit) => format!("{what} (limit {limit})"),
        None => what.to_owned(),
    }
}
