//! `cargo xtask sbom`: what the server and the assets are made of, as CycloneDX 1.6
//! (<https://cyclonedx.org/docs/1.6/json/>). The same sources give the same bytes: it has no date and no chance in it.

use crate::assets;
use crate::build::{DIST, SERVER};
use crate::step::cargo;
use crate::supply::{self, packages, spelled, text};
use crate::tools::WASM;
use anyhow::{Context, Result, bail};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;
use std::process::Stdio;

/// Where it is written.
const FILE: &str = "target/cabildo.cdx.json";
/// The crate that carries SQLite's sources, and the file in it that says their version.
const SQLITE: (&str, &str) = ("libsqlite3-sys", "sqlite3/sqlite3.h");
/// What is built, from which package, for what.
const BUILT: [(&str, &str, Option<&str>); 2] =
    [("server", "cabildo-server", None), ("assets", "cabildo-app", Some(WASM))];

/// Writes it. What was built has to be there: its files are named with their hashes.
///
/// # Errors
/// When it is not, or cargo does not say what it is made of.
pub fn write() -> Result<()> {
    if !Path::new(SERVER).is_file() || !Path::new(DIST).is_dir() {
        bail!("run `cargo xtask build` first");
    }
    let mut parts: BTreeMap<String, BTreeSet<&str>> = BTreeMap::new();
    for (name, package, target) in BUILT {
        for id in linked(package, target)? {
            parts.entry(id).or_default().insert(name);
        }
    }
    let mut files = vec![SERVER.to_owned()];
    files.extend(assets::files(Path::new(DIST))?.iter().map(|path| path.display().to_string()));
    files.sort();
    let files = files.into_iter().map(|path| {
        let content = fs::read(&path).with_context(|| path.clone())?;
        Ok((path, digest(&content)))
    });
    let lock = fs::read_to_string("Cargo.lock").context("Cargo.lock")?;
    let metadata = supply::metadata("Cargo.toml")?;
    let sbom = document(&metadata, &lock, &parts, &files.collect::<Result<Vec<_>>>()?, sqlite(&metadata)?)?;
    fs::write(FILE, serde_json::to_string_pretty(&sbom)? + "\n").context(FILE)?;
    println!("   {FILE}: {} crates", parts.len());
    Ok(())
}

/// Crates whose code ends up in what is built, as `name version`. Not those that only run while it is built.
fn linked(package: &str, target: Option<&str>) -> Result<Vec<String>> {
    let mut command = cargo(&["tree", "--locked", "--package", package, "--edges", "normal,no-proc-macro"]);
    command.args(["--prefix", "none", "--format", "{p}"]);
    command.args(target.iter().flat_map(|target| ["--target", target]));
    let output = command.stderr(Stdio::inherit()).output()?;
    if !output.status.success() {
        bail!("`cargo tree` for {package} ended with {}", output.status);
    }
    let lines = String::from_utf8(output.stdout)?;
    lines.lines().filter(|line| !line.is_empty()).map(crate_of).collect()
}

/// `name version` of a line `name v1.2.3 (where)`.
fn crate_of(line: &str) -> Result<String> {
    let mut words = line.split(' ');
    let (name, version) = (words.next(), words.next().and_then(|version| version.strip_prefix('v')));
    Ok(format!("{} {}", name.with_context(|| line.to_owned())?, version.with_context(|| line.to_owned())?))
}

/// The version of SQLite that is compiled in.
fn sqlite(metadata: &Value) -> Result<String> {
    let carries = |package: &&Value| text(package, "name") == SQLITE.0;
    let package = packages(metadata)?.iter().find(carries).context(SQLITE.0)?;
    let header = Path::new(text(package, "manifest_path")).with_file_name(SQLITE.1);
    let header = fs::read_to_string(&header).with_context(|| header.display().to_string())?;
    let line = header.lines().find_map(|line| line.strip_prefix("#define SQLITE_VERSION "));
    Ok(line.context("sqlite3.h says no version")?.trim().trim_matches('"').to_owned())
}

fn digest(content: &[u8]) -> String {
    Sha256::digest(content).iter().map(|byte| format!("{byte:02x}")).collect()
}

/// The document. `parts` says which crates are in what; `files` are what was built, with their hashes.
fn document(
    metadata: &Value,
    lock: &str,
    parts: &BTreeMap<String, BTreeSet<&str>>,
    files: &[(String, String)],
    sqlite: String,
) -> Result<Value> {
    let mut components = Vec::new();
    let mut dependencies = Vec::new();
    let mut ours = Vec::new();
    let mut version = "";
    for package in packages(metadata)? {
        let name = format!("{} {}", text(package, "name"), text(package, "version"));
        let Some(within) = parts.get(&name) else { continue };
        let from_others = !text(package, "source").is_empty();
        if !from_others {
            version = text(package, "version");
            ours.push(reference(&name));
        }
        let mut component = json!({
            "type": "library",
            "bom-ref": reference(&name),
            "name": text(package, "name"),
            "version": text(package, "version"),
            "licenses": [{ "expression": spelled(text(package, "license")) }],
            "properties": within.iter().map(|part| json!({ "name": "cabildo:in", "value": part })).collect::<Vec<_>>(),
        });
        if from_others {
            component["purl"] = reference(&name).into();
            let hash =
                checksum(lock, &name).with_context(|| format!("{name} has no checksum in Cargo.lock"))?;
            component["hashes"] = json!([{ "alg": "SHA-256", "content": hash }]);
        }
        components.push(component);
        dependencies.push(json!({ "ref": reference(&name), "dependsOn": needs(metadata, package, parts) }));
    }
    components.push(json!({
        "type": "library",
        "bom-ref": format!("pkg:generic/sqlite@{sqlite}"),
        "name": "sqlite",
        "version": sqlite,
        "purl": format!("pkg:generic/sqlite@{sqlite}"),
        "licenses": [{ "expression": "blessing" }],
        "properties": [{ "name": "cabildo:in", "value": "server" }],
    }));
    for (path, hash) in files {
        components.push(json!({
            "type": "file",
            "bom-ref": format!("file:{path}"),
            "name": path,
            "hashes": [{ "alg": "SHA-256", "content": hash }],
        }));
    }
    dependencies.push(json!({ "ref": "cabildo", "dependsOn": ours }));
    Ok(json!({
        "$schema": "http://cyclonedx.org/schema/bom-1.6.schema.json",
        "bomFormat": "CycloneDX",
        "specVersion": "1.6",
        "version": 1,
        "metadata": {
            "component": {
                "type": "application",
                "bom-ref": "cabildo",
                "name": "cabildo",
                "version": version,
                "licenses": [{ "expression": "MIT OR Apache-2.0" }],
            },
        },
        "components": components,
        "dependencies": dependencies,
    }))
}

/// What a package needs of what is built, by reference.
fn needs(metadata: &Value, package: &Value, parts: &BTreeMap<String, BTreeSet<&str>>) -> Vec<String> {
    let nodes = metadata.pointer("/resolve/nodes").and_then(Value::as_array).into_iter().flatten();
    let node = nodes.into_iter().find(|node| text(node, "id") == text(package, "id"));
    let needed =
        node.and_then(|node| node.get("dependencies")).and_then(Value::as_array).into_iter().flatten();
    let all = packages(metadata).map(Vec::as_slice).unwrap_or_default();
    let mut references = BTreeSet::new();
    for id in needed.filter_map(Value::as_str) {
        for other in all.iter().filter(|other| text(other, "id") == id) {
            let name = format!("{} {}", text(other, "name"), text(other, "version"));
            references.extend(parts.contains_key(&name).then(|| reference(&name)));
        }
    }
    references.into_iter().collect()
}

/// The package URL of a crate (<https://github.com/package-url/purl-spec>).
fn reference(name: &str) -> String {
    // A version's build metadata begins with a plus sign.
    format!("pkg:cargo/{}", name.replacen(' ', "@", 1).replace('+', "%2B"))
}

/// The hash of a crate's archive that `Cargo.lock` holds cargo to.
fn checksum<'a>(lock: &'a str, name: &str) -> Option<&'a str> {
    let (name, version) = name.split_once(' ')?;
    let (_, after) = lock.split_once(&format!("name = \"{name}\"\nversion = \"{version}\"\n"))?;
    let (package, _) = after.split_once("\n\n").unwrap_or((after, ""));
    package.lines().find_map(|line| line.strip_prefix("checksum = \"")?.strip_suffix('"'))
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a test fails by panicking")]
mod tests {
    use super::*;

    /// The document of a server of two crates and of assets of one.
    fn small() -> Value {
        let package = |name: &str, licence: &str, source: Option<&str>| json!({ "id": name, "name": name, "version": "1.0.0", "license": licence, "source": source });
        let metadata = json!({
            "packages": [
                package("cabildo-server", "MIT OR Apache-2.0", None),
                package("serde", "MIT/Apache-2.0", Some("registry")),
                package("only-in-tests", "MIT", Some("registry")),
            ],
            "resolve": { "nodes": [{ "id": "cabildo-server", "dependencies": ["serde", "only-in-tests"] }] },
        });
        let lock =
            "[[package]]\nname = \"serde\"\nversion = \"1.0.0\"\nsource = \"r\"\nchecksum = \"ab12\"\n\n";
        let parts =
            [("cabildo-server 1.0.0", "server"), ("serde 1.0.0", "server"), ("serde 1.0.0", "assets")];
        let mut by_name: BTreeMap<String, BTreeSet<&str>> = BTreeMap::new();
        for (name, part) in parts {
            by_name.entry(name.to_owned()).or_default().insert(part);
        }
        let files = [("dist/index.html".to_owned(), digest(b"x"))];
        document(&metadata, lock, &by_name, &files, "3.54.1".to_owned()).unwrap()
    }

    #[test]
    fn a_bill_of_materials_has_what_its_format_requires() {
        let sbom = small();
        assert_eq!((&sbom["bomFormat"], &sbom["specVersion"]), (&json!("CycloneDX"), &json!("1.6")));
        let mut references = BTreeSet::from(["cabildo"]);
        for component in sbom["components"].as_array().unwrap() {
            assert!(matches!(component["type"].as_str().unwrap(), "library" | "file"));
            assert!(!component["name"].as_str().unwrap().is_empty());
            assert!(references.insert(component["bom-ref"].as_str().unwrap()), "twice: {component}");
            for hash in component["hashes"].as_array().into_iter().flatten() {
                assert_eq!(hash["alg"], "SHA-256");
            }
        }
        for dependency in sbom["dependencies"].as_array().unwrap() {
            assert!(references.contains(dependency["ref"].as_str().unwrap()));
            for needed in dependency["dependsOn"].as_array().unwrap() {
                assert!(references.contains(needed.as_str().unwrap()), "{needed} is no component");
            }
        }
    }

    #[test]
    fn a_component_says_where_it_is_from_under_which_licence_and_in_what() {
        let sbom = small();
        let names = sbom["components"].as_array().unwrap().iter().map(|component| &component["name"]);
        assert_eq!(names.collect::<Vec<_>>(), ["cabildo-server", "serde", "sqlite", "dist/index.html"]);
        let serde = &sbom["components"][1];
        assert_eq!(serde["purl"], "pkg:cargo/serde@1.0.0");
        assert_eq!(serde["hashes"][0]["content"], "ab12");
        assert_eq!(serde["licenses"][0]["expression"], "MIT OR Apache-2.0");
        let within = serde["properties"].as_array().unwrap().iter().map(|property| &property["value"]);
        assert_eq!(within.collect::<Vec<_>>(), ["assets", "server"]);
    }

    #[test]
    fn a_line_of_cargo_is_a_crate_and_its_version() {
        assert_eq!(crate_of("serde v1.0.229").unwrap(), "serde 1.0.229");
        assert_eq!(crate_of("cabildo-app v0.1.0 (/somewhere/else)").unwrap(), "cabildo-app 0.1.0");
        assert!(crate_of("[dev-dependencies]").is_err());
        assert_eq!(reference("idna_adapter 1.2.1+x"), "pkg:cargo/idna_adapter@1.2.1%2Bx");
    }
}
