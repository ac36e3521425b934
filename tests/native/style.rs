//! The rules of `style/`: what a stylesheet may and may not say.

mod colour;
mod css;

use css::{Block, names, parse};
use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

/// Properties that name a side of the screen instead of a side of the text.
const PHYSICAL: [&str; 12] = [
    "left",
    "right",
    "top",
    "bottom",
    "width",
    "height",
    "min-width",
    "min-height",
    "max-width",
    "max-height",
    "float",
    "clear",
];
/// Values that do.
const PHYSICAL_VALUES: [&str; 4] = ["left", "right", "vertical", "horizontal"];
/// Shorthands whose fourth value is a side of the screen.
const FOUR_SIDED: [&str; 8] = [
    "margin",
    "padding",
    "inset",
    "border-width",
    "border-style",
    "border-color",
    "border-radius",
    "scroll-margin",
];

/// Named colours that somebody might write; `transparent` and `currentColor` are no colours of their own.
const NAMED: &str = "aqua beige black blue brown coral crimson cyan gold gray green grey indigo ivory lavender lime \
    magenta maroon navy olive orange orchid pink plum purple red salmon silver snow tan teal tomato violet wheat white \
    yellow";
/// Functions that make one.
const COLOUR_FUNCTIONS: [&str; 10] =
    ["rgb(", "rgba(", "hsl(", "hsla(", "hwb(", "lab(", "lch(", "oklab(", "oklch(", "color("];
/// What the system calls the colours that it forces.
const SYSTEM: [&str; 5] = ["Canvas", "CanvasText", "Highlight", "HighlightText", "GrayText"];

struct Sheet {
    /// Relative to `style/`, e.g. `components/card.css`.
    name: String,
    source: String,
    blocks: Vec<Block>,
}

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn files(folder: &Path, extension: &str) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in
        fs::read_dir(folder).unwrap_or_else(|error| panic!("{}: {error}", folder.display())).flatten()
    {
        let path = entry.path();
        if path.is_dir() {
            found.extend(files(&path, extension));
        } else if path.extension().is_some_and(|each| each == extension) {
            found.push(path);
        }
    }
    found.sort();
    found
}

fn read(path: &Path) -> String {
    fs::read_to_string(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

fn sheets() -> Vec<Sheet> {
    let folder = root().join("style");
    let sheet = |path: PathBuf| {
        let name = path.strip_prefix(&folder).unwrap_or(&path).to_string_lossy().replace('\\', "/");
        let source = read(&path);
        let blocks = parse(&source);
        Sheet { name, source, blocks }
    };
    files(&folder, "css").into_iter().map(sheet).collect()
}

fn sheet(name: &str) -> Sheet {
    sheets().into_iter().find(|sheet| sheet.name == name).unwrap_or_else(|| panic!("{name} is missing"))
}

/// Declarations with the sheet and the block where they stand.
fn declarations(sheets: &[Sheet]) -> impl Iterator<Item = (&Sheet, &Block, &str, &str)> {
    sheets.iter().flat_map(|sheet| {
        sheet.blocks.iter().flat_map(move |block| {
            block.declarations.iter().map(move |(name, value)| (sheet, block, name.as_str(), value.as_str()))
        })
    })
}

fn words(value: &str) -> impl Iterator<Item = &str> {
    value.split(|c: char| !(c.is_ascii_alphanumeric() || c == '-')).filter(|word| !word.is_empty())
}

#[test]
fn every_custom_property_used_is_defined_and_every_defined_one_is_used() {
    let sheets = sheets();
    // A private property (`--_x`) belongs to its file, a public one to all.
    let key = |sheet: &Sheet, name: &str| match name.starts_with("--_") {
        true => format!("{} {name}", sheet.name),
        false => name.to_owned(),
    };
    let defined: BTreeSet<String> = declarations(&sheets)
        .filter(|(_, _, name, _)| name.starts_with("--"))
        .map(|(sheet, _, name, _)| key(sheet, name))
        .collect();
    let used: BTreeSet<String> = declarations(&sheets)
        .flat_map(|(sheet, _, _, value)| names(value, "var(").into_iter().map(|name| key(sheet, &name)))
        .collect();
    assert!(defined.len() > 80);
    assert_eq!(used.difference(&defined).collect::<Vec<_>>(), Vec::<&String>::new(), "used, never defined");
    assert_eq!(defined.difference(&used).collect::<Vec<_>>(), Vec::<&String>::new(), "defined, never used");
}

#[test]
fn no_custom_property_is_defined_twice_in_one_place_of_a_layer() {
    let mut seen = BTreeSet::new();
    let all = sheets();
    for (sheet, block, name, _) in declarations(&all).filter(|(_, _, name, _)| name.starts_with("--")) {
        assert!(seen.insert((block.path.clone(), name)), "{}: {name} twice in {:?}", sheet.name, block.path);
    }
}

#[test]
fn colours_are_written_in_tokens_alone() {
    let sheets = sheets();
    for (sheet, block, name, value) in declarations(&sheets).filter(|(sheet, ..)| sheet.name != "tokens.css")
    {
        let place = format!("{}: {name}: {value}", sheet.name);
        assert!(!value.contains('#'), "{place}");
        assert!(!COLOUR_FUNCTIONS.iter().any(|function| value.contains(function)), "{place}");
        for word in words(value) {
            assert!(!NAMED.split_whitespace().any(|colour| colour.eq_ignore_ascii_case(word)), "{place}");
            assert!(!SYSTEM.contains(&word) || block.is_within("forced-colors"), "{place}");
        }
    }
}

#[test]
fn no_property_is_physical() {
    let sheets = sheets();
    for (sheet, _, name, value) in declarations(&sheets) {
        let place = format!("{}: {name}: {value}", sheet.name);
        let side = name.split('-').any(|part| matches!(part, "left" | "right" | "top" | "bottom"));
        assert!(
            !side && !PHYSICAL.contains(&name) && !matches!(name, "overflow-x" | "overflow-y"),
            "{place}"
        );
        assert!(!words(value).any(|word| PHYSICAL_VALUES.contains(&word)), "{place}");
        if FOUR_SIDED.contains(&name) {
            let mut depth = 0;
            let gaps = value.chars().filter(|letter| {
                depth += i32::from(*letter == '(') - i32::from(*letter == ')');
                *letter == ' ' && depth == 0
            });
            assert!(gaps.count() < 3, "{place}");
        }
    }
}

#[test]
fn every_file_wraps_its_rules_in_its_layer() {
    for sheet in sheets() {
        let layer = match sheet.name.split_once('/') {
            Some((folder, _)) => folder.to_owned(),
            None if sheet.name == "contrast.css" => "tokens".to_owned(),
            None => sheet.name.trim_end_matches(".css").to_owned(),
        };
        if sheet.name == "layers.css" {
            let order = "@layer reset, tokens, base, layout, components, surface, utilities;";
            assert!(sheet.source.trim_end().ends_with(order) && sheet.blocks.is_empty());
            continue;
        }
        assert!(!sheet.blocks.is_empty(), "{} is empty", sheet.name);
        for block in &sheet.blocks {
            assert_eq!(block.path[0], format!("@layer {layer}"), "{}", sheet.name);
        }
    }
}

#[test]
fn a_component_has_one_file_that_speaks_of_it_alone() {
    for sheet in sheets() {
        let Some(component) =
            sheet.name.strip_prefix("components/").and_then(|name| name.strip_suffix(".css"))
        else {
            continue;
        };
        let own = format!("c-{component}");
        for block in
            sheet.blocks.iter().filter(|block| block.path.len() == 2 && !block.path[1].starts_with('@'))
        {
            let subject = names(&block.path[1], ".").into_iter().next().unwrap_or_default();
            assert_eq!(subject.split("__").next(), Some(own.as_str()), "{}: {:?}", sheet.name, block.path);
        }
    }
}

#[test]
fn every_class_in_the_markup_has_a_rule_and_every_rule_of_a_component_has_markup() {
    let sheets = sheets();
    let defined = |folder: &str| -> BTreeSet<String> {
        let preludes =
            sheets.iter().filter(|sheet| sheet.name.starts_with(folder)).flat_map(|sheet| &sheet.blocks);
        preludes
            .flat_map(|block| block.path.iter().flat_map(|prelude| names(prelude, ".")))
            .filter(|name| name.starts_with("c-") || name.starts_with("l-") || name.starts_with("u-"))
            .collect()
    };
    let mut used = BTreeMap::new();
    let sources = files(&root().join("src"), "rs").into_iter().chain(files(&root().join("src"), "js"));
    for path in sources {
        let source = read(&path);
        // Classes stand in strings: the odd pieces between quotes.
        for text in source.split('"').skip(1).step_by(2).filter(|text| !text.contains(['\n', '/'])) {
            for word in text.split_whitespace() {
                let is_class = word.chars().all(|c| c.is_ascii_lowercase() || matches!(c, '-' | '_'));
                if is_class && ["c-", "l-", "u-"].iter().any(|prefix| word.starts_with(prefix)) {
                    used.insert(word.to_owned(), path.clone());
                }
            }
        }
    }
    assert!(used.len() > 60, "{}", used.len());
    let rules = defined("");
    let bare: Vec<_> = used.iter().filter(|(class, _)| !rules.contains(*class)).collect();
    assert!(bare.is_empty(), "in the markup, without a rule: {bare:#?}");
    let idle: Vec<_> = defined("components/").into_iter().filter(|class| !used.contains_key(class)).collect();
    assert!(idle.is_empty(), "a rule, never in the markup: {idle:#?}");
}

#[test]
fn every_shell_links_layers_first_and_every_file_is_linked() {
    let mut linked = BTreeSet::new();
    for shell in [
        "index.html",
        "src/surface/embed/index.html",
        "src/surface/embed/vote.html",
        "src/bin/screen/index.html",
        "src/surface/screen/setup.html",
    ] {
        let source = read(&root().join(shell));
        let links: Vec<&str> = source
            .lines()
            .filter(|line| line.contains("data-trunk") && line.contains("rel=\"css\""))
            .filter_map(|line| line.split_once("style/")?.1.split_once('"'))
            .map(|(name, _)| name)
            .collect();
        assert_eq!(links.first(), Some(&"layers.css"), "{shell}");
        for name in links {
            assert!(root().join("style").join(name).is_file(), "{shell} links {name}, which is missing");
            linked.insert(name.to_owned());
        }
    }
    for sheet in sheets() {
        assert!(linked.contains(&sheet.name), "no shell links {}", sheet.name);
    }
}

#[test]
fn components_own_no_outer_margin() {
    for sheet in sheets() {
        for block in sheet.blocks.iter().filter(|block| block.is_component_root()) {
            // `auto` centres a dialog; it takes no room.
            let margin =
                block.declarations.iter().find(|(name, value)| name.starts_with("margin") && value != "auto");
            assert_eq!(margin, None, "{}", sheet.name);
        }
    }
}

#[test]
fn things_move_only_for_those_who_like_it() {
    let sheets = sheets();
    for (sheet, block, name, value) in declarations(&sheets) {
        if name.starts_with("animation") || name.starts_with("transition") || name == "scroll-behavior" {
            let is_asked = block.is_within("prefers-reduced-motion: no-preference");
            assert!(is_asked || value.contains("var(--cb-duration)"), "{}: {name}: {value}", sheet.name);
        }
    }
}

#[test]
fn only_the_hidden_attribute_is_important() {
    let sheets = sheets();
    for (sheet, block, name, value) in
        declarations(&sheets).filter(|(.., value)| value.contains("!important"))
    {
        assert!(block.is_within("[hidden]"), "{}: {name}: {value}", sheet.name);
    }
}

#[test]
fn presets_and_preferences_remap_roles_and_nothing_else() {
    let sheets = [sheet("tokens.css"), sheet("contrast.css")];
    let primitives: BTreeSet<&str> = declarations(&sheets)
        .filter(|(_, _, _, value)| value.starts_with('#'))
        .map(|(_, block, name, _)| {
            assert_eq!(block.path[1], ":root", "{name} is a primitive");
            name
        })
        .collect();
    for (_, block, name, value) in declarations(&sheets).filter(|(_, block, ..)| block.path[1] != ":root") {
        assert!(!primitives.contains(name), "{:?} remaps the primitive {name}", block.path);
        assert!(name.starts_with("--cb-") || name == "color-scheme", "{:?}: {name}: {value}", block.path);
    }
}

#[test]
fn the_switch_for_more_contrast_does_what_the_preference_does() {
    let contrast = sheet("contrast.css");
    let declared = |last: &str, within: &str| -> Vec<(String, String)> {
        let block = contrast
            .blocks
            .iter()
            .find(|block| block.path.last().is_some_and(|p| p == last) && block.is_within(within));
        block.map(|block| block.declarations.clone()).unwrap_or_default()
    };
    let preference = declared(":root:root", "prefers-contrast: more");
    assert!(preference.len() > 20);
    assert_eq!(preference, declared(":root:root[data-contrast=\"more\"]", ""));
}
