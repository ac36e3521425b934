//! The addresses of the public screen, and what they say about it.
//!
//! A wall has nobody at its keyboard: all that it is told stands in its address. What is not understood is left out
//! rather than refused, since something to see is more use on a wall than an error.

use crate::i18n::Language;
use cabildo_contract::embed::Theme;
use cabildo_contract::id::Slug;
use cabildo_contract::page::{parse_query, query_string};
use cabildo_contract::time::Timestamp;

/// Where everything about screens is; also the scope of their service worker.
pub const ROOT: &str = "/screen/";
/// Where the service worker of screens is.
pub const WORKER: &str = "/screen/worker.js";
/// Where a person goes who was asked to from a wall: short, and nothing in it tells capital letters from small ones.
pub const JOIN: &str = "/p/";

/// Seconds that a view stands unless the address says otherwise.
const SECONDS: u32 = 20;
/// Least and greatest number of seconds.
const BETWEEN: [u32; 2] = [5, 600];
/// From how many metres it is read unless the address says otherwise.
const METRES: u32 = 5;
/// Diagonal of the display in inches unless the address says otherwise.
const INCHES: u32 = 55;

/// Sizes of the smallest text, in tenths of a hundredth of the display's shorter side: those that
/// `style/components/wall.css` knows.
pub const SIZES: [u32; 6] = [26, 31, 37, 44, 52, 60];

/// What a wall shows at a time.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum View {
    /// What this is and how to join.
    Welcome,
    /// People, ballots, comments and the last hour.
    Live,
    /// How a consultation stands: this one, or the one that is open.
    Tally(Option<Slug>),
    /// The proposals that move people most.
    Top,
    /// From received to adopted to fulfilled.
    Funnel,
    /// From where people take part.
    Territory,
    /// Comments that were answered.
    Answers,
    /// What was done and what comes next.
    Milestones,
}

impl View {
    /// One of each kind, in the order in which they are shown.
    pub const ALL: [Self; 8] = [
        Self::Welcome,
        Self::Live,
        Self::Tally(None),
        Self::Top,
        Self::Funnel,
        Self::Territory,
        Self::Answers,
        Self::Milestones,
    ];

    /// What its name begins with, or is.
    #[must_use]
    pub const fn kind(&self) -> &'static str {
        match self {
            Self::Welcome => "welcome",
            Self::Live => "live",
            Self::Tally(_) => "tally",
            Self::Top => "top",
            Self::Funnel => "funnel",
            Self::Territory => "territory",
            Self::Answers => "answers",
            Self::Milestones => "milestones",
        }
    }

    /// Its name in addresses.
    #[must_use]
    pub fn name(&self) -> String {
        match self {
            Self::Tally(Some(consultation)) => format!("{}-{consultation}", self.kind()),
            other => other.kind().to_owned(),
        }
    }

    /// Reads its name.
    #[must_use]
    pub fn parse(name: &str) -> Option<Self> {
        match name.strip_prefix("tally-") {
            Some(consultation) => Some(Self::Tally(Some(Slug::parse(consultation).ok()?))),
            None => Self::ALL.into_iter().find(|view| view.kind() == name),
        }
    }
}

/// All that an address says about a screen.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Screen {
    /// The process that it shows.
    pub process: Slug,
    /// What it shows, in turn; one view stands for ever.
    pub views: Vec<View>,
    /// Seconds that each view stands.
    pub seconds: u32,
    /// Languages, in turn: the next one after all views.
    pub languages: Vec<Language>,
    /// From how many metres it is to be read.
    pub metres: u32,
    /// Diagonal of the display, in inches.
    pub inches: u32,
    /// Light or dark.
    pub theme: Theme,
    /// Whether with more contrast.
    pub contrast: bool,
    /// Whether things may move.
    pub motion: bool,
    /// Until when it keeps to itself how people voted.
    pub reveal: Option<Timestamp>,
}

impl Screen {
    /// The screen of a process of which nothing else is said. Dark: a lobby is calmer with it, and so is the display.
    #[must_use]
    pub fn of(process: Slug) -> Self {
        Self {
            process,
            views: View::ALL.to_vec(),
            seconds: SECONDS,
            languages: vec![Language::default()],
            metres: METRES,
            inches: INCHES,
            theme: Theme::Dark,
            contrast: false,
            motion: true,
            reveal: None,
        }
    }

    /// Reads what a query says: lists as one parameter with commas, or as several, as forms send them.
    #[must_use]
    pub fn from_pairs(process: Slug, pairs: &[(String, String)]) -> Self {
        let values = |name: &'static str| {
            let of_name = pairs.iter().filter(move |(key, _)| key == name);
            of_name.flat_map(|(_, value)| value.split(',')).map(str::trim)
        };
        let first = |name| values(name).next();
        let number = |name| first(name).and_then(|value| value.parse::<u32>().ok());
        let mut screen = Self::of(process);
        let views = distinct(values("views").filter_map(View::parse));
        if !views.is_empty() {
            screen.views = views;
        }
        let languages = distinct(values("lang").filter_map(Language::from_code).map(Language::whole));
        if !languages.is_empty() {
            screen.languages = languages;
        }
        if let Some(seconds) = first("rotate").and_then(seconds) {
            screen.seconds = seconds.clamp(BETWEEN[0], BETWEEN[1]);
        }
        screen.metres = number("dist").unwrap_or(METRES).clamp(1, 50);
        screen.inches = number("size").unwrap_or(INCHES).clamp(10, 300);
        screen.theme = first("theme").and_then(Theme::parse).unwrap_or(screen.theme);
        screen.contrast = first("contrast") == Some("more");
        screen.motion = first("motion") != Some("off");
        screen.reveal = first("reveal").and_then(|time| Timestamp::parse(time).ok());
        screen
    }

    /// Its address: what [`Place::parse`] reads. What goes without saying is left out.
    #[must_use]
    pub fn address(&self) -> String {
        let plain = Self::of(self.process.clone());
        let unless = |same: bool, text: String| if same { String::new() } else { text };
        let (path, views) = match self.views.as_slice() {
            [view] => (format!("{ROOT}{}/{}", self.process, view.name()), String::new()),
            views => {
                let names: Vec<String> = views.iter().map(View::name).collect();
                (format!("{ROOT}{}", self.process), unless(views == plain.views, names.join(",")))
            }
        };
        let languages: Vec<&str> = self.languages.iter().map(|language| language.code()).collect();
        let query = query_string(&[
            ("views", &views),
            ("rotate", &unless(self.seconds == SECONDS, format!("{}s", self.seconds))),
            ("lang", &unless(self.languages == plain.languages, languages.join(","))),
            ("dist", &unless(self.metres == METRES, self.metres.to_string())),
            ("size", &unless(self.inches == INCHES, self.inches.to_string())),
            ("theme", if self.theme == plain.theme { "" } else { self.theme.as_str() }),
            ("contrast", if self.contrast { "more" } else { "" }),
            ("motion", if self.motion { "" } else { "off" }),
            ("reveal", &self.reveal.map(|time| time.to_string()).unwrap_or_default()),
        ]);
        // A comma needs no escape in a query, and a person may have to type this.
        path + &query.replace("%2C", ",").replace("%3A", ":")
    }

    /// Where its process is set up for a wall.
    #[must_use]
    pub fn setup_address(&self) -> String {
        format!("{ROOT}{}/setup", self.process)
    }

    /// Where the code is that leads to its process.
    #[must_use]
    pub fn code_address(&self) -> String {
        format!("{ROOT}{}/code.svg", self.process)
    }

    /// The smallest text that is clearly read from its distance, in tenths of a hundredth of the shorter side. A capital
    /// of one millimetre is read from 0.4 metres and is 0.7 of its line; the shorter side of a display of 16 to 9 is 0.49
    /// of its diagonal.
    const fn needed(&self) -> u32 {
        2868 * self.metres / (10 * self.inches)
    }

    /// The smallest text that it shows: one of [`SIZES`].
    #[must_use]
    pub fn text_size(&self) -> u32 {
        let [.., largest] = SIZES;
        SIZES.into_iter().find(|size| *size >= self.needed()).unwrap_or(largest)
    }

    /// Whether the largest text is too small to be read from its distance.
    #[must_use]
    pub fn is_too_far(&self) -> bool {
        self.text_size() < self.needed()
    }

    /// How many lines of a list there is room for.
    #[must_use]
    pub fn lines(&self) -> usize {
        match self.text_size() {
            ..=31 => 5,
            32..=37 => 4,
            _ => 3,
        }
    }
}

fn distinct<T: PartialEq>(items: impl Iterator<Item = T>) -> Vec<T> {
    let mut found = Vec::new();
    for item in items {
        if !found.contains(&item) {
            found.push(item);
        }
    }
    found
}

/// `20`, `20s` or `2m`.
fn seconds(text: &str) -> Option<u32> {
    let (number, factor) = match text.strip_suffix('m') {
        Some(minutes) => (minutes, 60),
        None => (text.strip_suffix('s').unwrap_or(text), 1),
    };
    Some(number.parse::<u32>().ok()?.saturating_mul(factor))
}

/// What is at an address below [`ROOT`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Place {
    /// A wall.
    Wall(Screen),
    /// The page where somebody chooses what a wall shows, with what was chosen so far.
    Setup(Screen),
    /// The code that leads to a process.
    Code(Slug),
}

impl Place {
    /// Reads an address: a path and perhaps `?` and a query. None if nothing is there.
    #[must_use]
    pub fn parse(address: &str) -> Option<Self> {
        let (path, query) = address.split_once('?').unwrap_or((address, ""));
        let pairs = parse_query(query);
        let segments: Vec<&str> = path.strip_prefix(ROOT)?.trim_end_matches('/').split('/').collect();
        let screen = |process: &str| Some(Screen::from_pairs(Slug::parse(process).ok()?, &pairs));
        match segments.as_slice() {
            [process] => screen(process).map(Self::Wall),
            [process, "setup"] => screen(process).map(Self::Setup),
            [process, "code.svg"] => Slug::parse(*process).ok().map(Self::Code),
            [process, view] => {
                let views = vec![View::parse(view)?];
                Some(Self::Wall(Screen { views, ..screen(process)? }))
            }
            _ => None,
        }
    }
}

/// Where somebody chooses what a wall shows of a process, in the language of the present view.
#[must_use]
pub fn setup(process: &Slug) -> String {
    let language = crate::i18n::language();
    let lang = if language == Language::default() { "" } else { language.code() };
    Screen::of(process.clone()).setup_address() + &query_string(&[("lang", lang)])
}

/// The short address of a process.
#[must_use]
pub fn join(process: &Slug) -> String {
    format!("{JOIN}{process}")
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a test fails by panicking")]
mod tests {
    use super::*;

    fn wall(address: &str) -> Screen {
        match Place::parse(address) {
            Some(Place::Wall(screen)) => screen,
            other => panic!("{address}: {other:?}"),
        }
    }

    fn plain() -> Screen {
        Screen::of(Slug::parse("plan").unwrap())
    }

    #[test]
    fn all_that_a_screen_is_told_is_read_back_from_its_address() {
        let told = Screen {
            views: vec![View::Live, View::Tally(Some(Slug::parse("lo-primero").unwrap())), View::Welcome],
            seconds: 45,
            languages: vec![Language::English, Language::Spanish],
            metres: 8,
            inches: 75,
            theme: Theme::Light,
            contrast: true,
            motion: false,
            reveal: Some(Timestamp::parse("2026-11-26T23:00:00Z").unwrap()),
            ..plain()
        };
        let address = told.address();
        assert_eq!(
            address,
            "/screen/plan?views=live,tally-lo-primero,welcome&rotate=45s&lang=en,es&dist=8&size=75&theme=light\
             &contrast=more&motion=off&reveal=2026-11-26T23:00:00Z"
        );
        assert_eq!(wall(&address), told);
        assert_eq!(plain().address(), "/screen/plan", "what goes without saying is not said");
        assert_eq!(wall("/screen/plan/"), plain());
    }

    #[test]
    fn every_view_has_an_address_where_it_stands_alone() {
        for view in View::ALL {
            let alone = Screen { views: vec![view.clone()], ..plain() };
            assert_eq!(alone.address(), format!("/screen/plan/{}", view.name()));
            assert_eq!(wall(&alone.address()), alone);
        }
    }

    #[test]
    fn what_is_not_understood_is_left_out() {
        let odd = "/screen/plan?views=live,nothing,live&rotate=soon&lang=xx&dist=far&size=&theme=pink&reveal=later&x=y";
        assert_eq!(wall(odd), Screen { views: vec![View::Live], ..plain() });
        assert_eq!(wall("/screen/plan?views=&views=top&views=live").views, [View::Top, View::Live], "a form");
        assert_eq!(wall("/screen/plan?rotate=2m").seconds, 120);
        assert_eq!(wall("/screen/plan?rotate=1s").seconds, 5);
        assert_eq!(wall("/screen/plan?rotate=4000000000m").seconds, 600);
        assert_eq!(wall("/screen/plan?dist=4000000000&size=1").metres, 50);
    }

    #[test]
    fn what_is_no_place_is_none() {
        for address in [
            "/screen/",
            "/screen",
            "/screen/plan/nothing",
            "/screen/plan/live/more",
            "/screen/a%2Fb",
            "/p/plan",
        ] {
            assert_eq!(Place::parse(address), None, "{address}");
        }
        assert_eq!(Place::parse("/screen/plan/setup?dist=5"), Some(Place::Setup(plain())));
        assert_eq!(Place::parse("/screen/plan/code.svg"), Some(Place::Code(plain().process)));
    }

    #[test]
    fn text_is_as_large_as_its_distance_asks_for() {
        let size = |metres, inches| Screen { metres, inches, ..plain() }.text_size();
        // The table of the design: 55 inches at 3, 5, 8 and 10 metres; 43 at 5; 75 at 5 and 10.
        assert_eq!([size(3, 55), size(5, 55), size(8, 55), size(10, 55)], [26, 26, 44, 52]);
        assert_eq!([size(5, 43), size(5, 75), size(10, 75)], [37, 26, 44]);
        assert!(!Screen { metres: 10, ..plain() }.is_too_far());
        let far = Screen { metres: 10, inches: 43, ..plain() };
        assert!(far.is_too_far() && far.text_size() == 60 && far.lines() == 3);
    }
}
