//! The addresses of all screens. Every link in the product is made here, and every address is read here.

pub mod screen;

use crate::i18n::Language;
use cabildo_contract::answer::Answered;
use cabildo_contract::embed::Widget;
use cabildo_contract::id::{OptionId, ProposalId, Slug, SubmissionId};
use cabildo_contract::moderation::Queue;
use cabildo_contract::page::{parse_query, query_string};
use cabildo_contract::proposal::Filter;

/// Where the site is reached, e.g. `https://cabildo.example.gov`, as the server knows it; the browser knows it itself
/// ([`crate::platform::origin`]).
#[derive(Debug, Clone, Default)]
pub struct Origin(pub String);

/// A screen of the citizen app.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Route {
    /// All processes.
    Home,
    /// A process.
    Process(Slug),
    /// The proposals of a process.
    Proposals {
        /// The process.
        process: Slug,
        /// What is listed.
        filter: Filter,
        /// Where the page of the list begins; empty for the first.
        cursor: String,
    },
    /// The live dashboard of a process.
    Dashboard(Slug),
    /// The workshops and expert conversations of a process.
    Encounters(Slug),
    /// The committee of a process.
    Committee(Slug),
    /// Everything in a process by date.
    Timeline(Slug),
    /// The comments of a process that were answered, or that wait.
    Answers {
        /// The process.
        process: Slug,
        /// Which.
        show: Answered,
        /// Where the page of the list begins; empty for the first.
        cursor: String,
    },
    /// The moderation of a process.
    Moderation {
        /// The process.
        process: Slug,
        /// Which comments a moderator is shown.
        queue: Queue,
    },
    /// An option of a consultation.
    Option(OptionId),
    /// A proposal.
    Proposal(ProposalId),
    /// A consultation.
    Consultation(Slug),
    /// A call for proposals.
    Call(Slug),
    /// A submission to a call.
    Submission(SubmissionId),
    /// What is kept of the person.
    Account,
    /// Making what is pasted into a page of another site: the query that says what ([`crate::snippet`]). Read by that page
    /// alone, so that no other fetches the code for it.
    Widgets(String),
    /// No such screen.
    NotFound,
}

impl Route {
    /// What a page of others shows of this screen when somebody pastes its address there.
    #[must_use]
    pub fn widget(&self) -> Option<Widget> {
        Widget::parse(&format!("/embed/{}", self.shown()?))
    }

    /// The same by its name.
    fn shown(&self) -> Option<String> {
        match self {
            Self::Process(process) | Self::Dashboard(process) => Some(format!("dashboard/{process}")),
            Self::Proposal(proposal) => Some(format!("proposal/{proposal}")),
            Self::Consultation(consultation) => Some(format!("consultation/{consultation}")),
            _ => None,
        }
    }
}

/// A screen and the language in which it is shown.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Location {
    /// The screen.
    pub route: Route,
    /// The language.
    pub language: Language,
}

impl Location {
    /// Reads an address: a path and perhaps `?` and a query. Total: what is no screen is [`Route::NotFound`];
    /// a filter that is not valid is dropped, since a list is more use than an error.
    #[must_use]
    pub fn parse(address: &str) -> Self {
        let (path, query) = address.split_once('?').unwrap_or((address, ""));
        let query = query.split('#').next().unwrap_or_default();
        let path = path.split('#').next().unwrap_or_default();
        let pairs = parse_query(query);
        let value = |name: &str| pairs.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str());
        let language = value("lang").and_then(Language::from_code).unwrap_or_default();
        let segments: Vec<&str> = path.split('/').filter(|segment| !segment.is_empty()).collect();
        let route = match segments.as_slice() {
            [] => Some(Route::Home),
            ["processes", process] => Slug::parse(*process).ok().map(Route::Process),
            ["processes", process, "proposals"] => {
                Slug::parse(*process).ok().map(|process| Route::Proposals {
                    process,
                    filter: Filter::from_pairs(&pairs).unwrap_or_default(),
                    cursor: value("cursor").unwrap_or_default().to_owned(),
                })
            }
            ["processes", process, screen] => Slug::parse(*process).ok().and_then(|process| match *screen {
                "dashboard" => Some(Route::Dashboard(process)),
                "encounters" => Some(Route::Encounters(process)),
                "committee" => Some(Route::Committee(process)),
                "timeline" => Some(Route::Timeline(process)),
                "answers" => Some(Route::Answers {
                    process,
                    show: value("show").and_then(Answered::parse).unwrap_or_default(),
                    cursor: value("cursor").unwrap_or_default().to_owned(),
                }),
                "moderation" => Some(Route::Moderation {
                    process,
                    queue: value("queue").and_then(Queue::parse).unwrap_or_default(),
                }),
                _ => None,
            }),
            ["proposals", proposal] => ProposalId::parse(*proposal).ok().map(Route::Proposal),
            ["options", option] => OptionId::parse(*option).ok().map(Route::Option),
            ["consultations", consultation] => Slug::parse(*consultation).ok().map(Route::Consultation),
            ["account"] => Some(Route::Account),
            ["widgets"] => {
                let own = pairs.iter().filter(|(name, _)| name != "lang");
                let own = own.map(|(name, value)| (name.as_str(), value.as_str()));
                Some(Route::Widgets(query_string(&own.collect::<Vec<_>>())))
            }
            ["calls", call] => Slug::parse(*call).ok().map(Route::Call),
            ["submissions", submission] => SubmissionId::parse(*submission).ok().map(Route::Submission),
            _ => None,
        };
        Self { route: route.unwrap_or(Route::NotFound), language }
    }

    /// The address: what [`Location::parse`] reads.
    #[must_use]
    pub fn address(&self) -> String {
        let language = if self.language == Language::default() { "" } else { self.language.code() };
        let lang = ("lang", language);
        let under =
            |process: &Slug, screen: &str| format!("/processes/{process}/{screen}{}", query_string(&[lang]));
        match &self.route {
            Route::Home | Route::NotFound => format!("/{}", query_string(&[lang])),
            Route::Account => format!("/account{}", query_string(&[lang])),
            Route::Widgets(query) => {
                let lang = query_string(&[lang]);
                let lang = if query.is_empty() { lang } else { lang.replacen('?', "&", 1) };
                format!("/widgets{query}{lang}")
            }
            Route::Process(process) => format!("/processes/{process}{}", query_string(&[lang])),
            Route::Proposals { process, filter, cursor } => {
                let [q, level, theme, territory, status, sort] = filter.pairs();
                let query = query_string(&[
                    q,
                    level,
                    theme,
                    territory,
                    status,
                    sort,
                    ("cursor", cursor.as_str()),
                    lang,
                ]);
                format!("/processes/{process}/proposals{query}")
            }
            Route::Dashboard(process) => under(process, "dashboard"),
            Route::Encounters(process) => under(process, "encounters"),
            Route::Committee(process) => under(process, "committee"),
            Route::Timeline(process) => under(process, "timeline"),
            Route::Answers { process, show, cursor } => {
                let show = if *show == Answered::default() { "" } else { show.as_str() };
                let query = query_string(&[("show", show), ("cursor", cursor.as_str()), lang]);
                format!("/processes/{process}/answers{query}")
            }
            Route::Moderation { process, queue } => {
                let queue = if *queue == Queue::default() { "" } else { queue.as_str() };
                format!("/processes/{process}/moderation{}", query_string(&[("queue", queue), lang]))
            }
            Route::Option(option) => format!("/options/{option}{}", query_string(&[lang])),
            Route::Proposal(proposal) => format!("/proposals/{proposal}{}", query_string(&[lang])),
            Route::Consultation(consultation) => {
                format!("/consultations/{consultation}{}", query_string(&[lang]))
            }
            Route::Call(call) => format!("/calls/{call}{}", query_string(&[lang])),
            Route::Submission(submission) => format!("/submissions/{submission}{}", query_string(&[lang])),
        }
    }
}

/// The address of a screen in the language of the present view.
#[must_use]
pub fn href(route: Route) -> String {
    Location { route, language: crate::i18n::language() }.address()
}

/// The comments of a process that were answered, or that wait for it, from the first.
#[must_use]
pub fn answers(process: Slug, show: Answered) -> Route {
    Route::Answers { process, show, cursor: String::new() }
}

/// The moderation of a process.
#[must_use]
pub fn moderation(process: Slug, queue: Queue) -> Route {
    Route::Moderation { process, queue }
}

/// Making what shows this screen in a page of another site, or the beginning of it where nothing does.
#[must_use]
pub fn widgets(route: &Route) -> Route {
    Route::Widgets(query_string(&[("show", &route.shown().unwrap_or_default())]))
}

/// The proposals of a process, all of them.
#[must_use]
pub fn all_proposals(process: Slug) -> Route {
    Route::Proposals { process, filter: Filter::default(), cursor: String::new() }
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a test fails by panicking")]
mod tests {
    use super::*;

    fn slug() -> Slug {
        Slug::parse("iv-plan").unwrap()
    }

    #[test]
    fn every_screens_address_is_read_back() {
        let filter = Filter { q: "agua & luz".into(), theme: Some(slug()), ..Filter::default() };
        let routes = [
            (Route::Home, "/"),
            (Route::Process(slug()), "/processes/iv-plan"),
            (all_proposals(slug()), "/processes/iv-plan/proposals"),
            (
                Route::Proposals { process: slug(), filter, cursor: "c1".into() },
                "/processes/iv-plan/proposals?q=agua+%26+luz&theme=iv-plan&cursor=c1",
            ),
            (Route::Dashboard(slug()), "/processes/iv-plan/dashboard"),
            (Route::Encounters(slug()), "/processes/iv-plan/encounters"),
            (Route::Committee(slug()), "/processes/iv-plan/committee"),
            (Route::Timeline(slug()), "/processes/iv-plan/timeline"),
            (
                Route::Answers { process: slug(), show: Answered::Pending, cursor: String::new() },
                "/processes/iv-plan/answers",
            ),
            (
                Route::Answers { process: slug(), show: Answered::Answered, cursor: "c1".into() },
                "/processes/iv-plan/answers?show=answered&cursor=c1",
            ),
            (Route::Moderation { process: slug(), queue: Queue::Open }, "/processes/iv-plan/moderation"),
            (
                Route::Moderation { process: slug(), queue: Queue::Decided },
                "/processes/iv-plan/moderation?queue=decided",
            ),
            (Route::Option(OptionId::parse("o-1").unwrap()), "/options/o-1"),
            (Route::Proposal(ProposalId::parse("p-1").unwrap()), "/proposals/p-1"),
            (Route::Consultation(slug()), "/consultations/iv-plan"),
            (Route::Widgets(String::new()), "/widgets"),
            (
                Route::Widgets("?show=counter%2Fiv-plan&in=en".to_owned()),
                "/widgets?show=counter%2Fiv-plan&in=en",
            ),
            (Route::Call(slug()), "/calls/iv-plan"),
            (Route::Submission(SubmissionId::parse("s-1").unwrap()), "/submissions/s-1"),
        ];
        for (route, address) in routes {
            let spanish = Location { route: route.clone(), language: Language::Spanish };
            assert_eq!(spanish.address(), address);
            assert_eq!(Location::parse(address), spanish);
            let english = Location { route, language: Language::English };
            assert_eq!(Location::parse(&english.address()), english);
        }
    }

    #[test]
    fn what_is_no_screen_is_not_found() {
        for address in
            ["/nope", "/processes", "/processes/a/b", "/proposals/a%2Fb", "/processes/iv-plan/proposals/x"]
        {
            assert_eq!(Location::parse(address).route, Route::NotFound, "{address}");
        }
    }

    #[test]
    fn a_filter_that_is_not_valid_still_shows_the_list() {
        assert_eq!(Location::parse("/processes/iv-plan/proposals?level=x#a").route, all_proposals(slug()));
    }
}
