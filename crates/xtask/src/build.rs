//! `cargo xtask build`: the release server, and `dist/` with the three surfaces.
//!
//! What Trunk would do, and what it cannot: no inline script (the pages are served under a policy without
//! `unsafe-inline`), one stylesheet a surface, no names inside the WebAssembly, files compressed beforehand.

use crate::assets;
use crate::shell::{self, Wanted};
use crate::step::{cargo, must, step};
use crate::stylesheet;
use crate::surface::{self, Surface};
use crate::tools::{self, WASM};
use anyhow::{Context, Result, bail};
use std::fs;
use std::path::{Path, PathBuf};
use wasm_bindgen_cli_support::Bindgen;

/// What is built.
pub const DIST: &str = "dist";
/// The release server.
pub const SERVER: &str = "target/release/cabildo";
/// Where `dist/` is made before it takes the place of the last one.
const STAGE: &str = "target/xtask/dist";
/// Where wasm-bindgen writes.
const BINDINGS: &str = "target/xtask/bindings";

/// Builds everything.
///
/// # Errors
/// When a step fails; an earlier `dist/` then stays as it was.
pub fn all() -> Result<()> {
    step("WebAssembly: app, embed, screen", programs)?;
    step("assets: dist/", dist)?;
    step("server: target/release/cabildo", || {
        must(&mut cargo(&["build", "--release", "--package", "cabildo-server"]))
    })
}

fn programs() -> Result<()> {
    tools::wasm_target()?;
    let package = "cabildo-app";
    must(&mut cargo(&[
        "build",
        "--profile",
        "wasm-release",
        "--target",
        WASM,
        "--package",
        package,
        "--bins",
    ]))
}

fn dist() -> Result<()> {
    for directory in [STAGE, BINDINGS] {
        if Path::new(directory).exists() {
            fs::remove_dir_all(directory)?;
        }
    }
    for surface in surface::ALL {
        build_surface(&surface).with_context(|| surface.name.to_owned())?;
    }
    assets::compress_all(&Path::new(STAGE).join("assets"))?;
    if Path::new(DIST).exists() {
        fs::remove_dir_all(DIST)?;
    }
    fs::rename(STAGE, DIST).context("moving the new dist/ into its place")
}

fn build_surface(surface: &Surface) -> Result<()> {
    let source = fs::read_to_string(surface.shell).with_context(|| surface.shell.to_owned())?;
    let beside = Path::new(surface.shell).parent().unwrap_or(Path::new(""));
    let out = Path::new(STAGE).join("assets");
    let mut stylesheets: Vec<PathBuf> = Vec::new();
    for wanted in shell::wanted(&source)? {
        if let Wanted::Stylesheet(href) = wanted {
            stylesheets.push(beside.join(href));
        }
    }
    let mut styled = false;
    let page = shell::page(&source, |wanted| match wanted {
        // One stylesheet stands for all, where the first of them stood.
        Wanted::Stylesheet(_) if std::mem::replace(&mut styled, true) => Ok(String::new()),
        Wanted::Stylesheet(_) => {
            let css = stylesheet::bundle(&stylesheets)?;
            let name = assets::write(&out, surface.name, "css", css.as_bytes())?;
            Ok(format!(r#"<link rel="stylesheet" href="/assets/{name}">"#))
        }
        Wanted::Script(src) => {
            let path = beside.join(src);
            let script = fs::read_to_string(&path).with_context(|| path.display().to_string())?;
            let name = assets::write(&out, &stem(&path)?, "js", without_comments(&script).as_bytes())?;
            Ok(format!(r#"<script src="/assets/{name}"></script>"#))
        }
        Wanted::Icon(href) => {
            let path = beside.join(href);
            let icon = fs::read(&path).with_context(|| path.display().to_string())?;
            let name = assets::write(&out, &stem(&path)?, "svg", &icon)?;
            Ok(format!(r#"<link rel="icon" type="image/svg+xml" href="/assets/{name}">"#))
        }
        Wanted::Program(name) => program(name, &out),
    })?;
    let path = Path::new(STAGE).join(surface.page);
    fs::create_dir_all(path.parent().unwrap_or(Path::new("")))?;
    fs::write(&path, page).with_context(|| path.display().to_string())
}

/// Makes a compiled binary loadable by a browser, and says how a page loads it.
fn program(name: &str, out: &Path) -> Result<String> {
    let bindings = Path::new(BINDINGS).join(name);
    Bindgen::new()
        .input_path(format!("target/wasm32-unknown-unknown/wasm-release/{name}.wasm"))
        .out_name(name)
        .web(true)?
        .typescript(false)
        .remove_name_section(true)
        .remove_producers_section(true)
        .generate(&bindings)?;
    let mut script = without_comments(&fs::read_to_string(bindings.join(format!("{name}.js")))?);
    let snippets = bindings.join("snippets");
    if snippets.exists() {
        script = take_snippets(&script, &snippets, out)?;
    }
    let script = assets::write(out, name, "js", script.as_bytes())?;
    let wasm = assets::write(out, name, "wasm", &fs::read(bindings.join(format!("{name}_bg.wasm")))?)?;
    let start = assets::write(out, "start", "js", start_script(&script, &wasm).as_bytes())?;
    // The three are fetched side by side, not one after the other: 0.6 s on a slow phone network.
    Ok(format!(
        r#"<link rel="modulepreload" href="/assets/{script}">
<link rel="preload" as="fetch" type="application/wasm" crossorigin href="/assets/{wasm}">
<script type="module" src="/assets/{start}"></script>"#
    ))
}

/// The only script that a page itself names. It says so when the program cannot run (a lost connection, a very
/// old browser), because what is then on the page looks ready and is not.
fn start_script(script: &str, wasm: &str) -> String {
    format!(
        r#"import start from "./{script}";
start({{ module_or_path: new URL("./{wasm}", import.meta.url) }}).catch((error) => {{
console.error(error);
document.getElementById("start-failure").hidden = false;
}});
"#
    )
}

/// Copies the scripts that Rust crates bring along, under a name that changes with any of them.
fn take_snippets(script: &str, snippets: &Path, out: &Path) -> Result<String> {
    let mut files = assets::files(snippets)?;
    files.sort();
    let contents = files.iter().map(fs::read).collect::<std::io::Result<Vec<_>>>()?;
    let directory = format!("snippets-{}", assets::hash(&contents.concat()));
    for (file, content) in files.iter().zip(contents) {
        let target = out.join(&directory).join(file.strip_prefix(snippets)?);
        fs::create_dir_all(target.parent().unwrap_or(out))?;
        fs::write(target, content)?;
    }
    if !script.contains("'./snippets/") {
        bail!("wasm-bindgen imports its snippets in a new way");
    }
    Ok(script.replace("'./snippets/", &format!("'./{directory}/")))
}

fn stem(path: &Path) -> Result<String> {
    let stem = path.file_stem().with_context(|| format!("{} has no name", path.display()))?;
    Ok(stem.to_string_lossy().into_owned())
}

/// A script without its comment lines and indentation. Only for scripts without text over several lines: ours
/// and wasm-bindgen's.
fn without_comments(script: &str) -> String {
    let mut lines = Vec::new();
    let mut inside = false;
    for line in script.lines().map(str::trim) {
        if inside || line.starts_with("/*") {
            inside = !line.contains("*/");
        } else if !line.is_empty() && !line.starts_with("//") {
            lines.push(line);
        }
    }
    lines.join("\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn comments_and_indentation_of_a_script_are_not_sent() {
        let script =
            "// why\n/**\n * what\n */\nfunction f() {\n    return '//x'; // kept\n}\n/* one line */\n";
        assert_eq!(without_comments(script), "function f() {\nreturn '//x'; // kept\n}");
    }

    #[test]
    fn the_start_script_names_the_module_and_the_program() {
        let script = start_script("app-1.js", "app-2.wasm");
        assert!(script.contains(r#"import start from "./app-1.js""#));
        assert!(script.contains(r#"new URL("./app-2.wasm", import.meta.url)"#));
    }
}
