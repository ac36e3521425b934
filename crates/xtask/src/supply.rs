//! `cargo xtask supply`: whether what comes from others may come, and whether it is needed. From `cargo metadata` and
//! `deny.toml`, in a second; the whole of cargo-deny, with advisories, is a command of its own
//! (docs/decisions/0024-supply-chain.md).

use crate::results::Totals;
use crate::step::{cargo, must};
use crate::tools;
use anyhow::{Context, Result, bail};
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};
use std::process::Command;

/// What may come.
const RULES: &str = "deny.toml";
/// The lock files, each with the manifest that it belongs to.
const MANIFESTS: [&str; 2] = ["Cargo.toml", "crates/server/fuzz/Cargo.toml"];
/// Where cargo finds crates by its own account, whatever serves them on this machine.
const REGISTRY: &str = "registry+https://github.com/rust-lang/crates.io-index";

/// Checks licences, sources, versions and that no dependency is unused.
///
/// # Errors
/// All that is wrong, a line each; or a tool that cannot be had.
pub fn check() -> Result<Totals> {
    let rules = Rules::parse(&std::fs::read_to_string(RULES).context(RULES)?)?;
    let mut wrong = Vec::new();
    let mut crates = 0;
    for manifest in MANIFESTS {
        let metadata = metadata(manifest)?;
        wrong.extend(complaints(&metadata, &rules)?);
        crates += packages(&metadata)?.len();
    }
    if !wrong.is_empty() {
        bail!("{}", wrong.join("\n"));
    }
    println!("   {crates} crates: licences, sources and versions are as {RULES} wants them");
    let machete = tools::cargo_machete()?;
    must(Command::new(machete).args(["--skip-target-dir", "."]))?;
    Ok(Totals::default())
}

/// What cargo-deny says, advisories and withdrawn versions included.
///
/// # Errors
/// When it finds something; when it cannot be had; when the advisories cannot be fetched, which says nothing about them.
pub fn advisories() -> Result<()> {
    let deny = tools::cargo_deny()?;
    must(Command::new(&deny).args(["check", "licenses", "bans", "sources"]))?;
    must(Command::new(&deny).args(["fetch", "db"])).context(
        "the advisory database cannot be reached (github.com/rustsec/advisory-db): licences, bans and sources are good, \
         and whether there are advisories is NOT known",
    )?;
    must(Command::new(&deny).args(["check", "--disable-fetch", "advisories"]))
}

/// What cargo knows of all packages that a manifest may need, on any system.
///
/// # Errors
/// When cargo cannot say.
pub fn metadata(manifest: &str) -> Result<Value> {
    let output = cargo(&["metadata", "--format-version", "1", "--locked", "--manifest-path", manifest])
        .stderr(std::process::Stdio::inherit())
        .output()?;
    if !output.status.success() {
        bail!("`cargo metadata` for {manifest} ended with {}", output.status);
    }
    Ok(serde_json::from_slice(&output.stdout)?)
}

/// The packages of `cargo metadata`.
///
/// # Errors
/// When there is no list of them.
pub fn packages(metadata: &Value) -> Result<&Vec<Value>> {
    metadata.get("packages").and_then(Value::as_array).context("`cargo metadata` without packages")
}

/// A text of an object; empty if there is none.
pub fn text<'a>(object: &'a Value, name: &str) -> &'a str {
    object.get(name).and_then(Value::as_str).unwrap_or_default()
}

/// What `deny.toml` says, as far as it is held to here.
struct Rules {
    /// SPDX names of licences.
    licences: BTreeSet<String>,
    /// Crates that must not come at all.
    denied: BTreeSet<String>,
}

impl Rules {
    /// Reads the two lists: `allow` of the licences, `deny` of the bans. Only as we write that file: a list of strings.
    ///
    /// # Errors
    /// When one of them is not there.
    fn parse(text: &str) -> Result<Self> {
        let plain: String = text
            .lines()
            .map(|line| line.split_once('#').map_or(line, |(before, _)| before))
            .collect::<Vec<_>>()
            .join("\n");
        let list = |section: &str, name: &str| {
            let (_, section_text) = plain.split_once(&format!("[{section}]"))?;
            let section_text =
                section_text.split_once("\n[").map_or(section_text, |(section_text, _)| section_text);
            let (_, list) = section_text.split_once(&format!("\n{name} = ["))?;
            let (list, _) = list.split_once(']')?;
            Some(list.split('"').skip(1).step_by(2).map(str::to_owned).collect())
        };
        let list = |section, name| {
            list(section, name).with_context(|| format!("{RULES} has no list {name} in [{section}]"))
        };
        Ok(Self { licences: list("licenses", "allow")?, denied: list("bans", "deny")? })
    }
}

/// What is wrong with what a manifest may need, a line each.
fn complaints(metadata: &Value, rules: &Rules) -> Result<Vec<String>> {
    let mut wrong = Vec::new();
    // By direct dependency: the versions that our manifests ask for, and where.
    let mut asked: BTreeMap<&str, BTreeMap<&str, BTreeSet<&str>>> = BTreeMap::new();
    for package in packages(metadata)? {
        let (name, version) = (text(package, "name"), text(package, "version"));
        let licence = text(package, "license");
        match allowed(licence, &rules.licences) {
            Ok(true) => {}
            Ok(false) => {
                wrong.push(format!("{name} {version} is under {licence:?}, which {RULES} does not allow"))
            }
            Err(error) => wrong.push(format!("{name} {version}: {error}")),
        }
        if rules.denied.contains(name) {
            wrong.push(format!("{name} {version} is one of those that {RULES} denies"));
        }
        let source = text(package, "source");
        if !source.is_empty() {
            if source != REGISTRY {
                wrong.push(format!("{name} {version} comes from {source}, not from crates.io"));
            }
            continue;
        }
        for dependency in package.get("dependencies").and_then(Value::as_array).into_iter().flatten() {
            let (wanted, requirement) = (text(dependency, "name"), text(dependency, "req"));
            let outside = !text(dependency, "source").is_empty();
            if outside && requirement == "*" {
                wrong.push(format!("{name} takes any version of {wanted}"));
            }
            if outside {
                asked.entry(wanted).or_default().entry(breaking(requirement)).or_default().insert(name);
            }
        }
    }
    for (wanted, versions) in asked.iter().filter(|(_, versions)| versions.len() > 1) {
        let who = versions.iter().map(|(version, who)| {
            format!("{version} by {}", who.iter().copied().collect::<Vec<_>>().join(" and "))
        });
        wrong.push(format!("{wanted} is asked for in two versions: {}", who.collect::<Vec<_>>().join(", ")));
    }
    Ok(wrong)
}

/// As much of a requirement as decides whether two can be met by one version: up to the first number that is not 0.
fn breaking(requirement: &str) -> &str {
    let bare = requirement.trim_start_matches(['^', '=', '~', ' ']);
    let mut end = 0;
    for part in bare.split('.') {
        end += part.len();
        if !part.trim_matches('0').is_empty() {
            return &bare[..end];
        }
        end += 1;
    }
    bare
}

/// A licence expression as SPDX spells it: old manifests have `/` for `OR`.
pub fn spelled(expression: &str) -> String {
    let alternatives: Vec<&str> = expression.split('/').map(str::trim).collect();
    alternatives.join(" OR ")
}

/// Whether a licence expression (SPDX; also with the `/` of old manifests) can be met with these licences alone.
///
/// # Errors
/// When it is no expression.
fn allowed(expression: &str, licences: &BTreeSet<String>) -> Result<bool> {
    let spaced = spelled(expression).replace('(', " ( ").replace(')', " ) ");
    let words: Vec<&str> = spaced.split_whitespace().collect();
    let mut rest = words.as_slice();
    let met = any_of(&mut rest, licences).filter(|_| rest.is_empty());
    met.with_context(|| format!("{expression:?} is no licence expression"))
}

/// `A OR B`; `AND` binds closer.
fn any_of(words: &mut &[&str], licences: &BTreeSet<String>) -> Option<bool> {
    let mut met = all_of(words, licences)?;
    while let Some(rest) = words.strip_prefix(&["OR"]) {
        *words = rest;
        met |= all_of(words, licences)?;
    }
    Some(met)
}

fn all_of(words: &mut &[&str], licences: &BTreeSet<String>) -> Option<bool> {
    let mut met = one(words, licences)?;
    while let Some(rest) = words.strip_prefix(&["AND"]) {
        *words = rest;
        met &= one(words, licences)?;
    }
    Some(met)
}

fn one(words: &mut &[&str], licences: &BTreeSet<String>) -> Option<bool> {
    let (first, rest) = words.split_first()?;
    *words = rest;
    if *first == "(" {
        let met = any_of(words, licences)?;
        *words = words.strip_prefix(&[")"])?;
        return Some(met);
    }
    if matches!(*first, ")" | "AND" | "OR" | "WITH") {
        return None;
    }
    // An exception only ever permits more.
    if let Some([_, rest @ ..]) = words.strip_prefix(&["WITH"]) {
        *words = rest;
    }
    Some(licences.contains(*first))
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a test fails by panicking")]
mod tests {
    use super::*;
    use serde_json::json;

    fn rules() -> Rules {
        Rules::parse(include_str!("../../../deny.toml")).unwrap()
    }

    #[test]
    fn the_rules_are_two_lists_without_their_comments() {
        let rules = rules();
        assert!(rules.licences.contains("MIT") && rules.licences.contains("Unicode-3.0"));
        assert!(!rules.licences.iter().any(|licence| licence.starts_with("GPL") || licence.contains('#')));
        assert!(rules.denied.contains("openssl-sys"));
        assert!(Rules::parse("[licenses]\n").is_err());
    }

    #[test]
    fn a_licence_expression_is_met_by_one_of_several_or_by_all_that_it_joins() {
        let licences = ["MIT", "ISC"].map(str::to_owned).into();
        for (expression, expected) in [
            ("MIT", true),
            ("GPL-3.0", false),
            ("GPL-3.0 OR MIT", true),
            ("GPL-3.0/MIT", true),
            ("GPL-3.0 AND MIT", false),
            ("MIT OR GPL-3.0 AND Apache-2.0", true),
            ("(MIT OR GPL-3.0) AND Apache-2.0", false),
            ("(MIT OR GPL-3.0) AND ISC", true),
            ("MIT WITH LLVM-exception OR GPL-3.0", true),
            ("GPL-2.0 WITH Classpath-exception-2.0", false),
        ] {
            assert_eq!(allowed(expression, &licences).unwrap(), expected, "{expression}");
        }
        for broken in ["", "MIT OR", "(MIT", "MIT)", "MIT ISC", "OR MIT", "MIT WITH"] {
            assert!(allowed(broken, &licences).is_err(), "{broken}");
        }
    }

    #[test]
    fn a_requirement_breaks_with_its_first_number_that_is_not_nothing() {
        for (requirement, expected) in
            [("^1.0.228", "1"), ("=0.2.130", "0.2"), ("^0.0.3", "0.0.3"), ("^2", "2"), ("0", "0")]
        {
            assert_eq!(breaking(requirement), expected, "{requirement}");
        }
    }

    #[test]
    fn what_must_not_come_is_named_with_the_reason() {
        let ours = |name: &str, requirement: &str| {
            let needs = json!([{ "name": "serde", "req": requirement, "source": REGISTRY }]);
            json!({ "name": name, "version": "0.1.0", "license": "MIT", "source": null, "dependencies": needs })
        };
        let theirs = |name: &str, licence: Option<&str>, source: &str| json!({ "name": name, "version": "1.0.0", "license": licence, "source": source, "dependencies": [] });
        let metadata = json!({ "packages": [
            ours("a", "^1.0"), ours("b", "*"), ours("c", "^2.1"),
            theirs("good", Some("MIT OR GPL-3.0"), REGISTRY),
            theirs("viral", Some("AGPL-3.0"), REGISTRY),
            theirs("silent", None, REGISTRY),
            theirs("elsewhere", Some("MIT"), "git+https://example.org/elsewhere"),
            theirs("openssl-sys", Some("MIT"), REGISTRY),
        ] });
        let wrong = complaints(&metadata, &rules()).unwrap();
        assert_eq!(
            wrong,
            [
                "b takes any version of serde",
                "viral 1.0.0 is under \"AGPL-3.0\", which deny.toml does not allow",
                "silent 1.0.0: \"\" is no licence expression",
                "elsewhere 1.0.0 comes from git+https://example.org/elsewhere, not from crates.io",
                "openssl-sys 1.0.0 is one of those that deny.toml denies",
                "serde is asked for in two versions: * by b, 1 by a, 2 by c",
            ]
        );
    }
}
