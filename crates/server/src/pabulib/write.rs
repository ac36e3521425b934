//! From a consultation to a file.
//!
//! Ballots that were imported go back as the rows that they came from. Those that were cast here are written without
//! anything that says who cast them or when: sorted by what they say, and numbered in that order.

use super::Kept;
use super::amount::written;
use super::rows::quoted;
use cabildo_contract::ballot::{BallotBody, BallotRule};
use cabildo_contract::consultation::{Consultation, Held};
use cabildo_contract::id::OptionId;
use cabildo_contract::outcome::OutcomeRule;
use cabildo_contract::tally::{Channel, OptionVotes};
use cabildo_contract::time::{Date, Timestamp};
use std::collections::HashMap;

/// A ballot that goes into a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cast {
    /// The answer.
    pub body: BallotBody,
    /// How it arrived.
    pub channel: Channel,
    /// The row from which it was imported; none if it was cast here.
    pub fields: Option<Vec<String>>,
}

/// Writes a consultation: `convener` is who held it, `results` are those of all its ballots.
#[must_use]
pub fn write(
    consultation: &Consultation,
    convener: &str,
    kept: Option<&Kept>,
    ballots: Vec<Cast>,
    results: &[OptionVotes],
) -> String {
    let rule = match &consultation.head.held {
        Held::Here { rule, .. } => *rule,
        Held::Elsewhere { .. } | Held::Comments {} => BallotRule::Support,
    };
    let names = Names::of(consultation, kept);
    let mut file = String::new();
    let mut line = |fields: &[String]| {
        let fields: Vec<String> = fields.iter().map(|field| quoted(field)).collect();
        file.push_str(&fields.join(";"));
        file.push('\n');
    };
    line(&["META".to_owned()]);
    line(&["key".to_owned(), "value".to_owned()]);
    for (key, value) in meta(consultation, convener, &rule, kept, ballots.len()) {
        line(&[key, value]);
    }
    line(&["PROJECTS".to_owned()]);
    for row in projects(consultation, &rule, kept, &names, results) {
        line(&row);
    }
    line(&["VOTES".to_owned()]);
    for row in votes(&rule, kept, &names, ballots) {
        line(&row);
    }
    file
}

/// How options are named in a file.
struct Names(HashMap<OptionId, String>);

impl Names {
    fn of(consultation: &Consultation, kept: Option<&Kept>) -> Self {
        let options = &consultation.options;
        // A list of names is separated by commas.
        let plain = |name: &str| !name.contains(',') && name.trim() == name;
        let own = kept.is_some() || options.iter().all(|option| plain(&option.reference));
        let name = |(number, option): (usize, &cabildo_contract::consultation::BallotOption)| {
            let name = if own { option.reference.clone() } else { number.to_string() };
            (option.id.clone(), name)
        };
        Self((1..).zip(options).map(name).collect())
    }

    fn get(&self, option: &OptionId) -> String {
        self.0.get(option).cloned().unwrap_or_default()
    }
}

fn day(at: Timestamp) -> String {
    let (year, month, day) = at.date().parts();
    format!("{day:02}.{month:02}.{year:04}")
}

fn meta(
    consultation: &Consultation,
    convener: &str,
    rule: &BallotRule,
    kept: Option<&Kept>,
    ballots: usize,
) -> Vec<(String, String)> {
    let counts =
        [("num_projects", consultation.options.len().to_string()), ("num_votes", ballots.to_string())];
    if let Some(kept) = kept {
        let mut pairs = kept.meta.clone();
        for (key, value) in counts {
            match pairs.iter_mut().find(|(known, _)| known == key) {
                Some((_, known)) => *known = value,
                None => pairs.push((key.to_owned(), value)),
            }
        }
        return pairs;
    }
    let head = &consultation.head;
    let year = |date: Date| date.parts().0.to_string();
    let mut pairs: Vec<(&str, String)> = vec![
        ("description", head.title.clone()),
        ("country", String::new()),
        ("unit", convener.to_owned()),
        ("instance", year(head.period.opens.date())),
    ];
    pairs.extend(counts);
    if let Some(budget) = &consultation.budget {
        pairs.push(("budget", written(budget.amount, budget.decimals)));
        if !budget.currency.is_empty() {
            pairs.push(("currency", budget.currency.clone()));
        }
    }
    let outcome = match &consultation.outcome {
        Some(OutcomeRule::Greedy { .. }) => "greedy",
        Some(OutcomeRule::Seats { .. }) | None => "unknown",
    };
    pairs.push(("rule", outcome.to_owned()));
    if let Some(OutcomeRule::Greedy { min_score: Some(score) }) = &consultation.outcome {
        pairs.push(("min_project_score_threshold", score.to_string()));
    }
    pairs.push(("date_begin", day(head.period.opens)));
    pairs.push(("date_end", day(head.period.closes.plus_seconds(-1))));
    let decimals = consultation.budget.as_ref().map_or(0, |budget| budget.decimals);
    pairs.extend(rule_keys(rule, decimals));
    pairs.into_iter().map(|(key, value)| (key.to_owned(), value)).collect()
}

fn rule_keys(rule: &BallotRule, decimals: u8) -> Vec<(&'static str, String)> {
    let kind = match rule {
        BallotRule::Support | BallotRule::Approval(_) => "approval",
        BallotRule::Ordinal(_) => "ordinal",
        BallotRule::Cumulative(_) => "cumulative",
        BallotRule::Scoring(_) => "scoring",
    };
    let mut pairs = vec![("vote_type", kind.to_owned()), ("min_length", rule.min().to_string())];
    pairs.extend(rule.max().map(|max| ("max_length", max.to_string())));
    match rule {
        BallotRule::Support | BallotRule::Ordinal(_) => {}
        BallotRule::Approval(rule) => {
            pairs.extend(rule.max_cost().map(|cost| ("max_sum_cost", written(cost, decimals))));
        }
        BallotRule::Cumulative(rule) => {
            pairs.extend(rule.max_points().map(|points| ("max_points", points.to_string())));
            pairs.push(("min_sum_points", rule.min_sum().to_string()));
            pairs.push(("max_sum_points", rule.max_sum().to_string()));
        }
        BallotRule::Scoring(rule) => {
            pairs.push(("min_points", rule.min_score().to_string()));
            pairs.push(("max_points", rule.max_score().to_string()));
        }
    }
    pairs
}

fn projects(
    consultation: &Consultation,
    rule: &BallotRule,
    kept: Option<&Kept>,
    names: &Names,
    results: &[OptionVotes],
) -> Vec<Vec<String>> {
    let own = ["project_id", "cost", "votes", "score", "name"].map(str::to_owned).to_vec();
    let mut columns = kept.map_or(own, |kept| kept.project_columns.clone());
    let scored = !matches!(rule, BallotRule::Support | BallotRule::Approval(_));
    for name in ["votes"].into_iter().chain(scored.then_some("score")) {
        if !columns.iter().any(|column| column == name) {
            columns.push(name.to_owned());
        }
    }
    let decimals = consultation.budget.as_ref().map_or(0, |budget| budget.decimals);
    let id = columns.iter().position(|column| column == "project_id");
    let mut rows = vec![columns.clone()];
    for option in &consultation.options {
        let counted = results.iter().find(|counted| counted.option == option.id);
        let known = kept.and_then(|kept| {
            kept.projects.iter().find(|fields| id.and_then(|id| fields.get(id)) == Some(&option.reference))
        });
        let cell = |(at, column): (usize, &String)| match column.as_str() {
            "votes" => counted.map_or(0, |counted| counted.votes).to_string(),
            "score" => counted.map_or(0, |counted| counted.score).to_string(),
            _ if known.is_some() => known.and_then(|fields| fields.get(at)).cloned().unwrap_or_default(),
            "project_id" => names.get(&option.id),
            "cost" => written(option.cost.unwrap_or(0), decimals),
            "name" => option.title.clone(),
            _ => String::new(),
        };
        rows.push(columns.iter().enumerate().map(cell).collect());
    }
    rows
}

fn method(channel: Channel) -> &'static str {
    match channel {
        Channel::Online => "internet",
        Channel::Widget => "widget",
        Channel::InPerson => "paper",
        Channel::Imported => "",
    }
}

fn votes(rule: &BallotRule, kept: Option<&Kept>, names: &Names, ballots: Vec<Cast>) -> Vec<Vec<String>> {
    let (imported, cast): (Vec<Cast>, Vec<Cast>) =
        ballots.into_iter().partition(|cast| cast.fields.is_some());
    let own = ["voter_id", "vote"].into_iter().chain(rule.takes_points().then_some("points"));
    let own = own.chain(["voting_method"]).map(str::to_owned).collect();
    let mut columns = match kept {
        Some(kept) if !imported.is_empty() => kept.vote_columns.clone(),
        _ => own,
    };
    if !cast.is_empty() && !columns.iter().any(|column| column == "voting_method") {
        columns.push("voting_method".to_owned());
    }
    let prefix = if imported.is_empty() { "" } else { "cabildo-" };
    let mut rows = vec![columns.clone()];
    rows.extend(imported.into_iter().filter_map(|cast| {
        let mut fields = cast.fields?;
        fields.resize(columns.len(), String::new());
        Some(fields)
    }));
    let mut written: Vec<[String; 3]> = cast
        .iter()
        .map(|cast| {
            let names: Vec<String> = cast.body.choices.iter().map(|option| names.get(option)).collect();
            let points: Vec<String> = cast.body.points.iter().map(i32::to_string).collect();
            [names.join(","), points.join(","), method(cast.channel).to_owned()]
        })
        .collect();
    written.sort();
    for (number, [vote, points, method]) in (1..).zip(written) {
        let cell = |column: &String| match column.as_str() {
            "voter_id" => format!("{prefix}{number}"),
            "vote" => vote.clone(),
            "points" => points.clone(),
            "voting_method" => method.clone(),
            _ => String::new(),
        };
        rows.push(columns.iter().map(cell).collect());
    }
    rows
}
