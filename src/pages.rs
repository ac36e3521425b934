//! One file a screen: joins state to components and owns nothing else.
//!
//! In the browser the code of most pages is fetched when it is first needed (`docs/decisions/0003-splitting.md`).
//! So the rest of the app names a page by its [`Page`] and makes it by its [`Make`], which it is given.

pub mod account;
pub mod answers;
pub mod call;
pub mod committee;
pub mod consultation;
pub mod dashboard;
pub mod encounters;
pub mod home;
pub mod moderation;
pub mod not_found;
pub mod option;
pub mod process;
pub mod proposal;
pub mod proposals;
mod record;
pub mod submission;
pub mod timeline;
pub mod widgets;

use crate::route::Route;
use leptos::prelude::*;

/// A page, whatever it is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Page {
    /// [`home`].
    Home,
    /// [`process`].
    Process,
    /// [`proposals`].
    Proposals,
    /// [`encounters`].
    Encounters,
    /// [`committee`].
    Committee,
    /// [`timeline`].
    Timeline,
    /// [`dashboard`].
    Dashboard,
    /// [`answers`].
    Answers,
    /// [`moderation`].
    Moderation,
    /// [`option`].
    Option,
    /// [`call`].
    Call,
    /// [`submission`].
    Submission,
    /// [`proposal`].
    Proposal,
    /// [`consultation`].
    Consultation,
    /// [`account`].
    Account,
    /// [`widgets`].
    Widgets,
    /// [`not_found`].
    NotFound,
}

/// The code of a page: makes the view of a route. A route of another page is one that is not found.
pub type Make = fn(Route) -> AnyView;

impl Page {
    /// The page that shows a route.
    #[must_use]
    pub const fn of(route: &Route) -> Self {
        match route {
            Route::Home => Self::Home,
            Route::Process(_) => Self::Process,
            Route::Proposals { .. } => Self::Proposals,
            Route::Encounters(_) => Self::Encounters,
            Route::Committee(_) => Self::Committee,
            Route::Timeline(_) => Self::Timeline,
            Route::Dashboard(_) => Self::Dashboard,
            Route::Answers { .. } => Self::Answers,
            Route::Moderation { .. } => Self::Moderation,
            Route::Option(_) => Self::Option,
            Route::Call(_) => Self::Call,
            Route::Submission(_) => Self::Submission,
            Route::Proposal(_) => Self::Proposal,
            Route::Consultation(_) => Self::Consultation,
            Route::Account => Self::Account,
            Route::Widgets(_) => Self::Widgets,
            Route::NotFound => Self::NotFound,
        }
    }

    /// The part of a build that its code is in. Pages that are mostly made of the same are in one; the list of proposals
    /// comes with the app.
    #[must_use]
    pub const fn part(self) -> &'static str {
        match self {
            Self::Home => "home",
            Self::Process | Self::Encounters | Self::Committee | Self::Timeline => "process",
            Self::Proposals | Self::NotFound => "app",
            Self::Dashboard => "dashboard",
            Self::Moderation | Self::Widgets => "tools",
            Self::Proposal | Self::Option | Self::Answers | Self::Call | Self::Submission => "proposal",
            Self::Consultation | Self::Account => "consultation",
        }
    }

    /// Its code, where all of it is at hand: on the server, and in a program that was not split.
    #[must_use]
    pub fn make(self) -> Make {
        match self {
            Self::Home => home::page,
            Self::Process => process::page,
            Self::Proposals => proposals::page,
            Self::Encounters => encounters::page,
            Self::Committee => committee::page,
            Self::Timeline => timeline::page,
            Self::Dashboard => dashboard::page,
            Self::Answers => answers::page,
            Self::Moderation => moderation::page,
            Self::Option => option::page,
            Self::Call => call::page,
            Self::Submission => submission::page,
            Self::Proposal => proposal::page,
            Self::Consultation => consultation::page,
            Self::Account => account::page,
            Self::Widgets => widgets::page,
            Self::NotFound => not_found::page,
        }
    }
}
