//! Widgets: pieces of a process inside pages of others. What can be embedded, how it looks, what a frame and the page
//! round it say to each other, and how a widget learns that somebody acted in the window that it opened.
//!
//! Nothing here is secret: whatever a page round a frame says is taken for what its owner could have written into the
//! frame's address anyway.

use crate::endpoint::{Endpoint, Method, NoBody};
use crate::id::{ProposalId, Slug};
use crate::problem::ProblemKind;
use crate::statistics::Picture;
use serde::{Deserialize, Serialize};

/// A piece that can be embedded.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Widget {
    /// A consultation: its question, how it stands, the way to vote.
    Consultation(Slug),
    /// A consultation to vote in inside the frame, on the sites that it names ([`HostSite`]).
    Vote(Slug),
    /// A proposal: what became of it, its support, what people say about it.
    Proposal(ProposalId),
    /// What the votes of a consultation come to.
    Results(Slug),
    /// One number: the ballots of a consultation.
    Counter(Slug),
    /// The figures of a process.
    Dashboard(Slug),
    /// A picture of the dashboard of a process.
    Chart(Slug, Picture),
}

impl Widget {
    /// Reads the path of a frame, `/embed/{kind}/{id}`, or `/embed/chart/{process}/{picture}`.
    #[must_use]
    pub fn parse(path: &str) -> Option<Self> {
        let slug = |id: &str| Slug::parse(id).ok();
        let segments: Vec<&str> = path.strip_prefix("/embed/")?.split('/').collect();
        match segments.as_slice() {
            ["consultation", id] => slug(id).map(Self::Consultation),
            ["vote", id] => slug(id).map(Self::Vote),
            ["proposal", id] => ProposalId::parse(*id).ok().map(Self::Proposal),
            ["results", id] => slug(id).map(Self::Results),
            ["counter", id] => slug(id).map(Self::Counter),
            ["dashboard", id] => slug(id).map(Self::Dashboard),
            ["chart", process, picture] => Some(Self::Chart(slug(process)?, Picture::parse(picture)?)),
            _ => None,
        }
    }

    /// The path of its frame: what [`Widget::parse`] reads.
    #[must_use]
    pub fn path(&self) -> String {
        match self {
            Self::Consultation(id) => format!("/embed/consultation/{id}"),
            Self::Vote(id) => format!("/embed/vote/{id}"),
            Self::Proposal(id) => format!("/embed/proposal/{id}"),
            Self::Results(id) => format!("/embed/results/{id}"),
            Self::Counter(id) => format!("/embed/counter/{id}"),
            Self::Dashboard(id) => format!("/embed/dashboard/{id}"),
            Self::Chart(process, picture) => format!("/embed/chart/{process}/{}", picture.name()),
        }
    }

    /// Height of its frame in CSS pixels where the page round it does not follow its content: enough for the usual at
    /// 360 pixels of width; what is longer scrolls.
    #[must_use]
    pub const fn height(&self) -> u32 {
        match self {
            Self::Counter(_) => 180,
            Self::Proposal(_) => 460,
            Self::Consultation(_) => 560,
            Self::Chart(..) => 420,
            Self::Results(_) | Self::Dashboard(_) => 640,
            Self::Vote(_) => 760,
        }
    }
}

/// Address of [`Widget::Vote`], which also takes the forms that it shows.
pub const VOTE_PATTERN: &str = "/embed/vote/{consultation}";

/// A site in whose pages people may vote without leaving them: its origin, e.g. `https://www.alcaldia.gov.co`. Each is
/// named; there is no pattern for many. Without TLS only a site on the same machine, to try it out.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct HostSite(String);

/// This is no [`HostSite`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct NoHostSite;

impl std::fmt::Display for NoHostSite {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("a site is written https://host or https://host:port, without a path and without *")
    }
}

impl HostSite {
    /// Reads an origin as browsers write it.
    ///
    /// # Errors
    /// [`NoHostSite`].
    pub fn parse(text: &str) -> Result<Self, NoHostSite> {
        let (scheme, authority) = text.split_once("://").ok_or(NoHostSite)?;
        let (host, port) =
            authority.split_once(':').map_or((authority, None), |(host, port)| (host, Some(port)));
        let is_label = |label: &str| {
            !label.is_empty()
                && label.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-')
        };
        let is_port =
            |port: &str| port.parse::<u16>().is_ok_and(|number| number > 0 && number.to_string() == port);
        let is_secure = match scheme {
            "https" => port != Some("443"),
            "http" => matches!(host, "localhost" | "127.0.0.1"),
            _ => false,
        };
        let good = is_secure && host.split('.').all(is_label) && port.is_none_or(is_port);
        if good { Ok(Self(text.to_owned())) } else { Err(NoHostSite) }
    }

    /// The origin.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl TryFrom<String> for HostSite {
    type Error = NoHostSite;
    fn try_from(text: String) -> Result<Self, NoHostSite> {
        Self::parse(&text)
    }
}

impl From<HostSite> for String {
    fn from(HostSite(origin): HostSite) -> Self {
        origin
    }
}

#[cfg(feature = "openapi")]
impl utoipa::PartialSchema for HostSite {
    fn schema() -> utoipa::openapi::RefOr<utoipa::openapi::schema::Schema> {
        utoipa::openapi::ObjectBuilder::new()
            .schema_type(utoipa::openapi::schema::Type::String)
            .description(Some("The origin of a site in whose pages people may vote inside a widget."))
            .pattern(Some("^https?://[a-z0-9.-]+(:[1-9][0-9]*)?$"))
            .examples(["https://www.alcaldia.gov.co"])
            .into()
    }
}

#[cfg(feature = "openapi")]
impl utoipa::ToSchema for HostSite {}

/// A theme of a widget.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Theme {
    /// Light, whatever the reader's system prefers: most pages of governments are light.
    #[default]
    Light,
    /// Dark.
    Dark,
    /// As the reader's system prefers.
    Auto,
}

impl Theme {
    /// All themes.
    pub const ALL: [Self; 3] = [Self::Light, Self::Dark, Self::Auto];

    /// Its name in addresses.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Light => "light",
            Self::Dark => "dark",
            Self::Auto => "auto",
        }
    }

    /// Reads its name.
    #[must_use]
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|theme| theme.as_str() == name)
    }
}

/// A colour of sRGB, as six hexadecimal digits without `#`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Color([u8; 3]);

/// The least contrast of text (WCAG 2.2, success criterion 1.4.3).
const CONTRAST: f64 = 4.5;

impl Color {
    /// White.
    pub const WHITE: Self = Self([255; 3]);
    /// Black.
    pub const BLACK: Self = Self([0; 3]);
    /// The darkest ground that a widget has (`--cb-ink-95` in `style/tokens.css`).
    pub const DARK_GROUND: Self = Self([0x0b, 0x12, 0x20]);

    /// Reads six hexadecimal digits; a `#` before them does not matter.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let digits = text.strip_prefix('#').unwrap_or(text);
        if digits.len() != 6 || !digits.bytes().all(|digit| digit.is_ascii_hexdigit()) {
            return None;
        }
        let [_, red, green, blue] = u32::from_str_radix(digits, 16).ok()?.to_be_bytes();
        Some(Self([red, green, blue]))
    }

    /// Six hexadecimal digits, lower case.
    #[must_use]
    pub fn digits(self) -> String {
        let Self([red, green, blue]) = self;
        format!("{red:02x}{green:02x}{blue:02x}")
    }

    /// The contrast of two colours, 1 to 21 (WCAG 2.2, "contrast ratio").
    #[must_use]
    pub fn contrast(self, other: Self) -> f64 {
        let (one, two) = (self.luminance(), other.luminance());
        (one.max(two) + 0.05) / (one.min(two) + 0.05)
    }

    /// The nearest colour that can be read on a ground, made darker on a light one and lighter on a dark one; itself
    /// if it can be read.
    #[must_use]
    pub fn readable_on(self, ground: Self) -> Self {
        let end = if ground.luminance() > 0.18 { Self::BLACK } else { Self::WHITE };
        let steps = (0..=100).map(|step| self.towards(end, step));
        steps.into_iter().find(|color| color.contrast(ground) >= CONTRAST).unwrap_or(end)
    }

    /// What can be read best on this ground: black or white.
    #[must_use]
    pub fn ink(self) -> Self {
        if self.contrast(Self::WHITE) >= self.contrast(Self::BLACK) { Self::WHITE } else { Self::BLACK }
    }

    fn towards(self, end: Self, percent: u16) -> Self {
        let mut mixed = self.0;
        for (own, other) in mixed.iter_mut().zip(end.0) {
            let sum = u16::from(*own) * (100 - percent) + u16::from(other) * percent;
            *own = u8::try_from(sum / 100).unwrap_or(u8::MAX);
        }
        Self(mixed)
    }

    /// Relative luminance (WCAG 2.2).
    fn luminance(self) -> f64 {
        let [red, green, blue] = self.0.map(|value| {
            let value = f64::from(value) / 255.0;
            if value <= 0.04045 { value / 12.92 } else { ((value + 0.055) / 1.055).powf(2.4) }
        });
        0.2126 * red + 0.7152 * green + 0.0722 * blue
    }
}

/// Name of the parameter with which a widget opens a page of the site: see [`AnnounceAct`].
pub const ACT_PARAMETER: &str = "widget";
/// Seconds for which a widget can learn that somebody acted.
pub const ACT_SECONDS: i64 = 600;
/// Hexadecimal digits of the number by which it does: 128 random bits.
pub const ACT_DIGITS: usize = 32;

/// Whether this can be the number by which a widget learns that somebody acted.
#[must_use]
pub fn is_act(text: &str) -> bool {
    text.len() == ACT_DIGITS && text.bytes().all(|digit| matches!(digit, b'0'..=b'9' | b'a'..=b'f'))
}

/// Whether somebody acted in the window that a widget opened.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Act {
    /// Whether the server has stored what they did.
    pub received: bool,
}

/// Tells the widget that opened this window that what somebody did here was received. It learns that something was
/// done, never what or by whom.
#[derive(Debug, Clone)]
pub struct AnnounceAct {
    /// The number that the widget made.
    pub act: String,
}

impl Endpoint for AnnounceAct {
    const METHOD: Method = Method::Put;
    const PATTERN: &'static str = "/api/v1/acts/{act}";
    const NAME: &'static str = "announce_act";
    const SUMMARY: &'static str =
        "Tell the widget that opened a window that what was done there was received.";
    const PROBLEMS: &'static [ProblemKind] = &[ProblemKind::NotFound, ProblemKind::SessionRequired];
    type Body = NoBody;
    type Output = Act;

    fn path(&self) -> String {
        format!("/api/v1/acts/{}", self.act)
    }
}

/// Asks whether somebody acted in the window that a widget opened.
#[derive(Debug, Clone)]
pub struct GetAct {
    /// The number that the widget made.
    pub act: String,
}

impl Endpoint for GetAct {
    const METHOD: Method = Method::Get;
    const PATTERN: &'static str = AnnounceAct::PATTERN;
    const NAME: &'static str = "get_act";
    const SUMMARY: &'static str =
        "Whether somebody acted in the window that a widget opened, within ten minutes.";
    const PROBLEMS: &'static [ProblemKind] = &[ProblemKind::NotFound];
    type Body = NoBody;
    type Output = Act;

    fn path(&self) -> String {
        format!("/api/v1/acts/{}", self.act)
    }
}

/// Version of what frames and pages say to each other.
pub const FRAME_VERSION: u32 = 1;
/// Least and greatest height that a page gives a frame, in CSS pixels.
pub const FRAME_HEIGHTS: [u32; 2] = [80, 4_000];

/// What a frame and the page round it say to each other by `postMessage`, each with `v: 1` ([`FRAME_VERSION`]). Whoever
/// hears one minds it only from the window and the origin that it expects.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "cabildo", rename_all = "snake_case")]
pub enum FrameMessage {
    /// From the page to the frame, once it is loaded: who is asking. The frame answers that origin only.
    Hello {
        /// [`FRAME_VERSION`].
        v: u32,
    },
    /// From the frame to the page: its content is so high. The page keeps it within [`FRAME_HEIGHTS`] and follows no
    /// more than ten times a second.
    Height {
        /// [`FRAME_VERSION`].
        v: u32,
        /// CSS pixels.
        height: u32,
    },
    /// From a window of the site to the widget that opened it: what was done there was received.
    Acted {
        /// [`FRAME_VERSION`].
        v: u32,
        /// The number that the widget made.
        act: String,
    },
}

/// The script for pages of others, in this version.
pub const EMBED_FILE: &str = "embed-1.js";
/// What a browser compares it with (W3C, *Subresource Integrity*), so that a page runs this text and no other.
pub const EMBED_INTEGRITY: &str = "sha384-Eoo55+Q8OS4HBRBx1ly2xDRc7rB84E6YtYvFOG4qTbRPVmxbpv2LclEnRlZckrnw";

/// Where oEmbed is answered.
pub const OEMBED_PATH: &str = "/oembed";

/// An answer of oEmbed 1.0 (<https://oembed.com>, section 2.3.4.4): HTML that shows a widget.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Oembed {
    /// `rich`.
    #[serde(rename = "type")]
    pub kind: String,
    /// `1.0`.
    pub version: String,
    /// Title of the page.
    pub title: String,
    /// Name of the site.
    pub provider_name: String,
    /// Address of the site.
    pub provider_url: String,
    /// Seconds for which it may be kept.
    pub cache_age: u32,
    /// A frame with the widget.
    pub html: String,
    /// Width of the frame in CSS pixels.
    pub width: u32,
    /// Height of the frame in CSS pixels.
    pub height: u32,
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a test fails by panicking")]
mod tests {
    use super::*;

    fn slug(text: &str) -> Slug {
        Slug::parse(text).unwrap()
    }

    #[test]
    fn every_widget_is_found_at_its_path() {
        let widgets = [
            Widget::Consultation(slug("temas")),
            Widget::Vote(slug("temas")),
            Widget::Proposal(ProposalId::parse("p1").unwrap()),
            Widget::Results(slug("temas")),
            Widget::Counter(slug("temas")),
            Widget::Dashboard(slug("iv-plan")),
            Widget::Chart(slug("iv-plan"), Picture::Days),
            Widget::Chart(slug("iv-plan"), Picture::Results(slug("temas"))),
        ];
        for widget in widgets {
            assert_eq!(Widget::parse(&widget.path()), Some(widget.clone()), "{}", widget.path());
        }
        for nothing in
            ["/embed", "/embed/", "/embed/consultation", "/embed/consultation/a/b", "/embed/x/y", "/x"]
        {
            assert_eq!(Widget::parse(nothing), None, "{nothing}");
        }
    }

    #[test]
    fn a_site_is_one_origin_with_tls_and_nothing_more() {
        for good in [
            "https://gov.example",
            "https://www.gov.example:8443",
            "http://localhost:8080",
            "http://127.0.0.1",
        ] {
            assert_eq!(HostSite::parse(good).map(String::from), Ok(good.to_owned()));
        }
        for bad in [
            "",
            "*",
            "https://*.gov.example",
            "https://gov.example/",
            "https://GOV.example",
            "https://gov.example:443",
            "https://gov.example:08",
            "https://gov.example; script-src *",
            "http://gov.example",
            "https://",
            "https://a..b",
            "gov.example",
        ] {
            assert_eq!(HostSite::parse(bad), Err(NoHostSite), "{bad}");
        }
    }

    #[test]
    fn contrast_is_what_the_standard_says() {
        let contrast = |one, two| Color::parse(one).unwrap().contrast(Color::parse(two).unwrap());
        assert!((contrast("000000", "ffffff") - 21.0).abs() < 0.01);
        assert!((contrast("777777", "ffffff") - 4.48).abs() < 0.01);
        assert!((contrast("0943b5", "0943b5") - 1.0).abs() < 0.01);
    }

    #[test]
    fn every_colour_becomes_one_that_can_be_read_and_one_that_can_be_stays() {
        for ground in [Color::WHITE, Color::parse("0b1220").unwrap()] {
            for red in (0..=255).step_by(15) {
                for green in (0..=255).step_by(15) {
                    for blue in (0..=255).step_by(15) {
                        let color = Color([red, green, blue]);
                        let readable = color.readable_on(ground);
                        assert!(readable.contrast(ground) >= CONTRAST, "{color:?} {readable:?}");
                        if color.contrast(ground) >= CONTRAST {
                            assert_eq!(color, readable);
                        }
                        assert!(color.contrast(color.ink()) >= CONTRAST);
                    }
                }
            }
        }
    }

    #[test]
    fn a_colour_is_six_digits_and_nothing_else() {
        assert_eq!(Color::parse("#0943B5").unwrap().digits(), "0943b5");
        for text in ["", "#fff", "0943b", "0943b5;", "+943b5", "red", "ñññ"] {
            assert_eq!(Color::parse(text), None, "{text}");
        }
    }

    #[test]
    fn messages_are_what_the_documentation_says() {
        let height = FrameMessage::Height { v: FRAME_VERSION, height: 300 };
        assert_eq!(serde_json::to_string(&height).unwrap(), r#"{"cabildo":"height","v":1,"height":300}"#);
        let acted = FrameMessage::Acted { v: FRAME_VERSION, act: "0".repeat(ACT_DIGITS) };
        assert!(is_act(&"0".repeat(ACT_DIGITS)) && !is_act("0") && !is_act(&"G".repeat(ACT_DIGITS)));
        assert!(serde_json::to_string(&acted).unwrap().starts_with(r#"{"cabildo":"acted","v":1,"act":"0"#));
    }
}
