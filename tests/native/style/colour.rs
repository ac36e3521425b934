//! Colours of the roles, resolved from the tokens as a browser would, and how well they can be told apart.

use super::css::Block;
use super::sheet;
use std::collections::BTreeMap;

/// Ratio that a pair needs: as it is, and where a person asked for more contrast.
type Need = (f64, f64);

/// WCAG 2.2: 1.4.3 for text; its AAA level where more contrast was asked for.
const TEXT: Need = (4.5, 7.0);
/// WCAG 2.2: 1.4.11, what must be seen to understand or operate.
const GRAPHICS: Need = (3.0, 4.5);

/// The grounds on which a page stands and what may stand on every one of them.
const GROUNDS: [&str; 4] = ["--cb-canvas", "--cb-surface", "--cb-sunken", "--cb-tint"];
const ON_GROUNDS: [(&str, Need); 13] = [
    ("--cb-content", TEXT),
    ("--cb-muted", TEXT),
    ("--cb-link", TEXT),
    ("--cb-accent-strong", TEXT),
    ("--cb-info", TEXT),
    ("--cb-good", TEXT),
    ("--cb-warn", TEXT),
    ("--cb-bad", TEXT),
    ("--cb-accent", GRAPHICS),
    ("--cb-line-strong", GRAPHICS),
    ("--cb-chart-a", GRAPHICS),
    ("--cb-chart-b", GRAPHICS),
    ("--cb-chart-c", GRAPHICS),
];
/// What stands on one ground alone.
const PAIRS: [(&str, &str, Need); 15] = [
    ("--cb-on-accent", "--cb-accent", TEXT),
    ("--cb-on-accent", "--cb-accent-strong", TEXT),
    ("--cb-on-band", "--cb-banner", TEXT),
    ("--cb-on-band", "--cb-depth", TEXT),
    ("--cb-on-band-muted", "--cb-depth", TEXT),
    ("--cb-info", "--cb-info-ground", TEXT),
    ("--cb-good", "--cb-good-ground", TEXT),
    ("--cb-warn", "--cb-warn-ground", TEXT),
    ("--cb-bad", "--cb-bad-ground", TEXT),
    ("--cb-content", "--cb-info-ground", TEXT),
    ("--cb-content", "--cb-good-ground", TEXT),
    ("--cb-content", "--cb-warn-ground", TEXT),
    ("--cb-content", "--cb-bad-ground", TEXT),
    ("--cb-chart-bar", "--cb-canvas", GRAPHICS),
    ("--cb-chart-bar", "--cb-tint", GRAPHICS),
];

/// One way in which a person may see the page.
#[derive(Debug, Clone, Copy)]
pub struct Scheme {
    /// `data-preset`; the first preset is the default and has no block of its own.
    pub preset: &'static str,
    /// Dark rather than light.
    pub is_dark: bool,
    /// More contrast.
    pub is_more: bool,
}

impl Scheme {
    /// Every preset, light and dark, with and without more contrast.
    pub fn all() -> impl Iterator<Item = Self> {
        ["govco-v5", "govco-v4", "neutral"].into_iter().flat_map(|preset| {
            [(false, false), (true, false), (false, true), (true, true)].map(|(is_dark, is_more)| Self {
                preset,
                is_dark,
                is_more,
            })
        })
    }
}

/// The custom properties that hold in one scheme.
pub struct Tokens {
    values: BTreeMap<String, String>,
    is_dark: bool,
}

impl Tokens {
    /// From the blocks of `tokens.css` and `contrast.css`.
    pub fn in_scheme(blocks: &[Block], scheme: Scheme) -> Self {
        let preset = format!("[data-preset=\"{}\"]", scheme.preset);
        let mut values = BTreeMap::new();
        let mut take = |selector: &str| {
            for block in blocks.iter().filter(|block| block.path.len() == 2 && block.path[1] == selector) {
                values.extend(block.declarations.iter().cloned());
            }
        };
        take(":root");
        take(&format!(":root{preset}"));
        if scheme.is_more {
            take(":root:root[data-contrast=\"more\"]");
        }
        Self { values, is_dark: scheme.is_dark }
    }

    /// The colour of a role as `#rrggbb`.
    pub fn hex(&self, role: &str) -> &str {
        let mut value = self.values.get(role).unwrap_or_else(|| panic!("{role} is not a token"));
        while !value.starts_with('#') {
            let inner = value.strip_prefix("light-dark(").and_then(|rest| rest.strip_suffix(')'));
            let chosen = match inner.and_then(|pair| pair.split_once(',')) {
                Some((light, dark)) => if self.is_dark { dark } else { light }.trim(),
                None => value,
            };
            let name = chosen.trim_start_matches("var(").trim_end_matches(')');
            value = self.values.get(name).unwrap_or_else(|| panic!("{role} is {value}, which is no colour"));
        }
        assert_eq!(value.len(), 7, "{role}: colours are written as #rrggbb, not {value}");
        value
    }

    /// The relative luminance (WCAG 2.2) of a role.
    pub fn luminance(&self, role: &str) -> f64 {
        let value = self.hex(role);
        let channel = |from: usize| {
            let byte =
                u8::from_str_radix(&value[from..from + 2], 16).unwrap_or_else(|_| panic!("{role}: {value}"));
            let share = f64::from(byte) / 255.0;
            if share <= 0.040_45 { share / 12.92 } else { ((share + 0.055) / 1.055).powf(2.4) }
        };
        0.2126 * channel(1) + 0.7152 * channel(3) + 0.0722 * channel(5)
    }

    /// The contrast ratio (WCAG 2.2) of two roles, 1 to 21.
    pub fn contrast(&self, one: &str, other: &str) -> f64 {
        let (one, other) = (self.luminance(one) + 0.05, self.luminance(other) + 0.05);
        one.max(other) / one.min(other)
    }
}

fn tokens(scheme: Scheme) -> Tokens {
    let mut blocks = sheet("tokens.css").blocks;
    blocks.extend(sheet("contrast.css").blocks);
    Tokens::in_scheme(&blocks, scheme)
}

#[test]
fn contrast_follows_the_scheme() {
    let source = "@layer tokens { :root { --ink: #000000; --paper: #ffffff; --ground: light-dark(var(--paper), var(--ink)) } }";
    let blocks = super::css::parse(source);
    let contrast = |is_dark| {
        let tokens = Tokens::in_scheme(&blocks, Scheme { preset: "govco-v5", is_dark, is_more: false });
        tokens.contrast("--ink", "--ground")
    };
    assert!((contrast(false) - 21.0).abs() < 1e-9);
    assert!((contrast(true) - 1.0).abs() < 1e-9);
}

#[test]
fn every_pair_of_roles_can_be_told_apart_in_every_scheme() {
    let mut faint = Vec::new();
    for scheme in Scheme::all() {
        let tokens = tokens(scheme);
        let everywhere = ON_GROUNDS
            .into_iter()
            .flat_map(|(role, need)| GROUNDS.into_iter().map(move |ground| (role, ground, need)));
        for (role, ground, (least, more)) in everywhere.chain(PAIRS) {
            let needed = if scheme.is_more { more } else { least };
            let ratio = tokens.contrast(role, ground);
            if ratio < needed {
                faint.push(format!("{role} on {ground}: {ratio:.2}, not {needed} ({scheme:?})"));
            }
        }
    }
    assert!(faint.is_empty(), "{faint:#?}");
}

#[test]
fn one_tone_of_the_focus_ring_shows_on_every_ground() {
    for scheme in Scheme::all() {
        let tokens = tokens(scheme);
        for ground in
            GROUNDS.into_iter().chain(["--cb-banner", "--cb-depth", "--cb-accent", "--cb-good-ground"])
        {
            let tone = |name| tokens.contrast(name, ground);
            let best = tone("--cb-focus-inner").max(tone("--cb-focus-outer"));
            assert!(best >= 3.0, "{ground}: {best:.2} ({scheme:?})");
        }
    }
}

#[test]
fn the_browser_around_the_app_wears_the_colour_of_its_top_bar() {
    let shell = super::read(&super::root().join("index.html"));
    for (is_dark, scheme) in [(false, "light"), (true, "dark")] {
        let tokens = tokens(Scheme { preset: "govco-v5", is_dark, is_more: false });
        let colour = tokens.hex("--cb-banner");
        let wanted = format!("media=\"(prefers-color-scheme: {scheme})\" content=\"{colour}\"");
        assert!(shell.contains(&wanted), "{wanted}");
    }
}
