//! Commitments: what was adopted, and what has been done about it since.

use crate::text::is_web_address;
use crate::time::Date;
use serde::{Deserialize, Serialize};

/// How far something promised has come, in the four steps in which OGP's Independent Reporting Mechanism codes the
/// *completion* of commitments and milestones
/// (<https://www.opengovpartnership.org/process/accountability/about-the-irm/>).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub enum Completion {
    /// Nothing was done yet.
    NotStarted,
    /// It was begun; most of it is missing.
    Limited,
    /// Most of it is done.
    Substantial,
    /// It is done as promised: fulfilled.
    Complete,
}

impl Completion {
    /// All steps, in order.
    pub const ALL: [Self; 4] = [Self::NotStarted, Self::Limited, Self::Substantial, Self::Complete];
}

/// Something that can be looked at and shows what was done.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Evidence {
    /// What it is.
    pub title: String,
    /// Where it is: an `http` or `https` address.
    pub url: String,
    /// The day it was published; null where that is not known.
    #[serde(default)]
    pub date: Option<Date>,
}

/// A part of a commitment that can be seen to be done or not: OGP's *milestone*. What happened to the process as a whole
/// is another thing, a [`crate::record::Milestone`].
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct CommitmentMilestone {
    /// What is to be done.
    pub title: String,
    /// How far it has come.
    pub status: Completion,
    /// First day; null where that was not published.
    #[serde(default)]
    pub from: Option<Date>,
    /// Last day, included; null where that was not published.
    #[serde(default)]
    pub to: Option<Date>,
    /// What shows it.
    #[serde(default)]
    pub evidence: Vec<Evidence>,
    /// Who says so, and where.
    pub source: String,
}

/// What somebody who looked at a whole commitment found.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Assessment {
    /// How far it has come.
    pub status: Completion,
    /// Why, in a few sentences.
    pub text: String,
    /// Who says so, and where.
    pub source: String,
}

/// What a proposal became when it was adopted.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Commitment {
    /// Its number in the plan, unique in the process.
    pub number: u32,
    /// Who answers for it; null where that was not published.
    #[serde(default)]
    pub responsible: Option<String>,
    /// What is to be done, part by part; empty where that was not published.
    #[serde(default)]
    pub milestones: Vec<CommitmentMilestone>,
    /// What was found about the whole; null where nothing was published.
    #[serde(default)]
    pub assessment: Option<Assessment>,
}

impl Commitment {
    /// How far it has come; `None` where nothing is on record, which is not the same as [`Completion::NotStarted`].
    ///
    /// A published assessment counts. Without one it follows from the milestones: complete when each is, not started when
    /// none was, substantial when at least half of them are substantial or complete, limited otherwise.
    #[must_use]
    pub fn completion(&self) -> Option<Completion> {
        let assessed = self.assessment.as_ref().map(|assessment| assessment.status);
        assessed.or_else(|| {
            let first = self.milestones.first()?.status;
            if self.milestones.iter().all(|milestone| milestone.status == first) {
                return Some(first);
            }
            let far = self.milestones.iter().filter(|milestone| milestone.status >= Completion::Substantial);
            let most = far.count() * 2 >= self.milestones.len();
            Some(if most { Completion::Substantial } else { Completion::Limited })
        })
    }

    /// How many milestones are complete.
    #[must_use]
    pub fn complete(&self) -> usize {
        self.milestones.iter().filter(|milestone| milestone.status == Completion::Complete).count()
    }
}

impl Evidence {
    /// Its address, if a page may link there.
    #[must_use]
    pub fn address(&self) -> Option<&str> {
        is_web_address(&self.url).then_some(self.url.as_str())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use Completion::{Complete, Limited, NotStarted, Substantial};

    fn commitment(steps: &[Completion], assessed: Option<Completion>) -> Commitment {
        let milestone = |status: &Completion| CommitmentMilestone {
            title: "m".into(),
            status: *status,
            from: None,
            to: None,
            evidence: Vec::new(),
            source: "s".into(),
        };
        let assessment = |status| Assessment { status, text: "t".into(), source: "s".into() };
        Commitment {
            number: 1,
            responsible: None,
            milestones: steps.iter().map(milestone).collect(),
            assessment: assessed.map(assessment),
        }
    }

    #[test]
    fn progress_follows_from_the_milestones() {
        for (steps, expected) in [
            (&[][..], None),
            (&[NotStarted, NotStarted], Some(NotStarted)),
            (&[NotStarted, Limited], Some(Limited)),
            (&[NotStarted, Complete, NotStarted], Some(Limited)),
            (&[NotStarted, Complete], Some(Substantial)),
            (&[Substantial, Complete, Limited], Some(Substantial)),
            (&[Complete, Complete], Some(Complete)),
        ] {
            assert_eq!(commitment(steps, None).completion(), expected, "{steps:?}");
        }
        assert_eq!(commitment(&[Complete, Limited], None).complete(), 1);
    }

    #[test]
    fn a_published_assessment_counts_before_the_milestones() {
        assert_eq!(commitment(&[Complete], Some(Limited)).completion(), Some(Limited));
        assert_eq!(commitment(&[], Some(Complete)).completion(), Some(Complete));
    }

    #[test]
    fn evidence_leads_nowhere_but_to_the_web() {
        let at = |url: &str| Evidence { title: "e".into(), url: url.into(), date: None };
        assert_eq!(at("https://example.org/acta").address(), Some("https://example.org/acta"));
        assert_eq!(at("javascript:alert(1)").address(), None);
    }
}
