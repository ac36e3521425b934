//! `cargo xtask reproduce`: builds the server and the assets twice, from the same sources in two directories, and compares
//! every byte.

use crate::assets::files;
use crate::build::{DIST, SERVER};
use crate::step::{must, step};
use anyhow::{Context, Result, bail};
use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

/// Where it is built, in the directory for temporary files (`$TMPDIR`): below this one, cargo would read what is
/// configured here as well. The two differ in length, too: a path that gets into what is built moves what follows it.
const PLACES: [&str; 2] = ["cabildo-reproduce/a", "cabildo-reproduce/somewhere/else"];
/// What is no source.
const NO_SOURCES: [&str; 4] = [".git", "target", "dist", "data"];

/// Builds and compares.
///
/// # Errors
/// The files that differ, each with where it begins to; or a build that fails.
pub fn run() -> Result<()> {
    let root = std::env::current_dir()?;
    let mut built = Vec::new();
    for place in PLACES {
        let place = std::env::temp_dir().join(place);
        step(&format!("sources in {}", place.display()), || sources(&root, &place))?;
        step(&format!("build in {}", place.display()), || build(&place))?;
        built.push(contents(&place)?);
    }
    let [first, second] = built.as_slice() else { bail!("two builds make two results") };
    let different = differences(first, second);
    if !different.is_empty() {
        bail!("built twice, and not the same:\n{}", different.join("\n"));
    }
    println!("   {} files, byte for byte the same", first.len());
    Ok(())
}

/// Copies the sources, and nothing that was built.
fn sources(root: &Path, place: &Path) -> Result<()> {
    if place.exists() {
        fs::remove_dir_all(place)?;
    }
    fs::create_dir_all(place)?;
    for entry in fs::read_dir(root)? {
        let entry = entry?;
        if !NO_SOURCES.iter().any(|name| entry.file_name() == *name) {
            must(Command::new("cp").arg("-R").arg(entry.path()).arg(place))?;
        }
    }
    Ok(())
}

/// As somebody would who has just got the sources; this program is only spared to be compiled again.
fn build(place: &Path) -> Result<()> {
    must(
        Command::new(std::env::current_exe()?)
            .arg("build")
            // By this it knows where the sources are.
            .env("CARGO_MANIFEST_DIR", place.join("crates/xtask"))
            .env_remove("CARGO_TARGET_DIR"),
    )
}

/// What was built, by its path.
fn contents(place: &Path) -> Result<BTreeMap<PathBuf, Vec<u8>>> {
    let mut all = files(&place.join(DIST))?;
    all.push(place.join(SERVER));
    let read = |path: PathBuf| {
        let content = fs::read(&path).with_context(|| path.display().to_string())?;
        Ok((path.strip_prefix(place)?.to_owned(), content))
    };
    all.into_iter().map(read).collect()
}

/// Files that are not in both, or not the same, with the first byte at which they differ.
fn differences(first: &BTreeMap<PathBuf, Vec<u8>>, second: &BTreeMap<PathBuf, Vec<u8>>) -> Vec<String> {
    let mut different = Vec::new();
    for (path, content) in first {
        match second.get(path) {
            None => different.push(format!("{} is only in the first", path.display())),
            Some(other) if other != content => {
                let at = content.iter().zip(other).take_while(|(one, two)| one == two).count();
                let lengths = format!("{} and {} bytes", content.len(), other.len());
                different.push(format!("{} differs from byte {at} on ({lengths})", path.display()));
            }
            Some(_) => {}
        }
    }
    let only_second = second.keys().filter(|path| !first.contains_key(*path));
    different.extend(only_second.map(|path| format!("{} is only in the second", path.display())));
    different
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_differs_is_named_with_where_it_begins_to() {
        let built = |files: &[(&str, &str)]| {
            files.iter().map(|(path, content)| (PathBuf::from(path), content.as_bytes().to_vec())).collect()
        };
        let first = built(&[("a", "same"), ("b", "one"), ("c", "x")]);
        let second = built(&[("a", "same"), ("b", "only"), ("d", "x")]);
        assert!(differences(&first, &first).is_empty());
        assert_eq!(
            differences(&first, &second),
            ["b differs from byte 2 on (3 and 4 bytes)", "c is only in the first", "d is only in the second"]
        );
    }
}
