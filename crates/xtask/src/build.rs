//! `cargo xtask build`: the release server, and `dist/` with the surfaces.
//!
//! What Trunk would do, and what it cannot: no inline script (the pages are served under a policy without
//! `unsafe-inline`), one stylesheet a surface, no names inside the WebAssembly, files compressed beforehand.

use crate::assets;
use crate::program::Program;
use crate::shell::{self, Wanted};
use crate::step::{cargo, must, step};
use crate::stylesheet;
use crate::surface::{self, Surface};
use crate::tools::{self, WASM};
use anyhow::{Context, Result};
use std::env;
use std::fs;
use std::path::{Path, PathBuf};

/// What is built.
pub const DIST: &str = "dist";
/// The release server.
pub const SERVER: &str = "target/release/cabildo";
/// The profile of what a phone downloads.
const PROFILE: &str = "wasm-release";
/// Where scripts for pages of others are. A version that was published is never changed: pages hold its hash.
const LOADERS: &str = "src/surface/embed";
/// Scripts that pages and browsers ask for by their names again and again, so that these have no hash: as they are written,
/// and where they are found.
const SCRIPTS: [(&str, &str); 4] = [
    ("src/surface/screen/worker.js", "screen/worker.js"),
    ("src/surface/app/worker.js", "worker.js"),
    ("src/surface/app/worker-off.js", "worker-off.js"),
    ("src/surface/app/strip.js", "strip.js"),
];
/// What stands in a page that was never seen, where there is no network.
const OFFLINE: &str = "src/surface/app/offline.html";
/// What two of them have in common.
const SHELF: &str = "src/surface/app/shelf.js";
/// What a browser that installs the app asks for by these names.
const ROOT_FILES: [&str; 4] = ["manifest.webmanifest", "icon-180.png", "icon-192.png", "icon-512.png"];
/// The last version.
const LOADER: u32 = 1;
/// Where `dist/` is made before it takes the place of the last one.
const STAGE: &str = "target/xtask/dist";

/// Builds everything.
///
/// # Errors
/// When a step fails; an earlier `dist/` then stays as it was.
pub fn all() -> Result<()> {
    step("WebAssembly: app, screen", programs)?;
    step("assets: dist/", dist)?;
    step("server: target/release/cabildo", || {
        let flags = format!("target.{}.rustflags={:?}", tools::host()?, remapped()?);
        must(&mut cargo(&["--config", &flags, "build", "--release", "--package", "cabildo-server"]))
    })
}

/// Compiles the two. The app is told to be split, and the linker to leave in what that needs to know.
fn programs() -> Result<()> {
    tools::wasm_target()?;
    let flags = format!("target.{WASM}.rustflags={:?}", remapped()?);
    let compile = |command: &str, binaries: &[&str], told: &[&str]| {
        let target = ["--profile", PROFILE, "--target", WASM, "--package", "cabildo-app"];
        must(cargo(&["--config", &flags, command]).args(target).args(binaries).args(told))
    };
    compile("build", &["--bin", "screen"], &[])?;
    compile("rustc", &["--bin", "app"], &["--", "--cfg", "split", "-Clink-arg=--emit-relocs"])
}

/// Panics name their source: not where it lies on this machine, and in fewer bytes. So who builds the same sources
/// elsewhere gets the same bytes (`cargo xtask reproduce`).
fn remapped() -> Result<Vec<String>> {
    let mut flags = vec!["--remap-path-prefix".to_owned(), format!("{}=", env::current_dir()?.display())];
    if let Some(sources) = registry() {
        flags.extend(["--remap-path-prefix".to_owned(), format!("{}=", sources.display())]);
    }
    Ok(flags)
}

/// Where cargo keeps the sources of dependencies.
fn registry() -> Option<PathBuf> {
    let home = env::var_os("CARGO_HOME").map(PathBuf::from);
    let home = home.or_else(|| Some(PathBuf::from(env::var_os("HOME")?).join(".cargo")))?;
    let sources = fs::read_dir(home.join("registry/src")).ok()?;
    // One directory a registry. With several only the one that is found is shortened.
    sources.filter_map(Result::ok).map(|entry| entry.path()).next()
}

/// Where cargo puts a program.
fn compiled(name: &str) -> PathBuf {
    Path::new("target").join(WASM).join(PROFILE).join(format!("{name}.wasm"))
}

fn dist() -> Result<()> {
    if Path::new(STAGE).exists() {
        fs::remove_dir_all(STAGE)?;
    }
    for surface in surface::ALL {
        build_surface(&surface).with_context(|| surface.name.to_owned())?;
    }
    loaders()?;
    scripts()?;
    for file in ROOT_FILES {
        fs::copy(Path::new("style/install").join(file), Path::new(STAGE).join(file)).context(file)?;
    }
    inline_app()?;
    assets::compress_all(&Path::new(STAGE).join("assets"))?;
    if Path::new(DIST).exists() {
        fs::remove_dir_all(DIST)?;
    }
    fs::rename(STAGE, DIST).context("moving the new dist/ into its place")
}

/// What the app's page needs to be painted comes with it. Its copy without a network ([`app_shell`]) is not waited for, and
/// links what it has at hand.
fn inline_app() -> Result<()> {
    let path = Path::new(STAGE).join("index.html");
    let read = |address: &str| {
        let file = Path::new(STAGE).join(address.trim_start_matches('/'));
        fs::read_to_string(&file).with_context(|| file.display().to_string())
    };
    let page = shell::inlined(&fs::read_to_string(&path)?, read)?;
    fs::write(&path, page).with_context(|| path.display().to_string())
}

/// Scripts for pages of others: each version under its own name, the last also as `embed.js`.
fn loaders() -> Result<()> {
    for version in 1..=LOADER {
        let script = fs::read_to_string(format!("{LOADERS}/embed-{version}.js"))?;
        fs::write(Path::new(STAGE).join(format!("embed-{version}.js")), &script)?;
        fs::write(Path::new(STAGE).join("embed.js"), assets::without_comments(&script))?;
    }
    Ok(())
}

/// What is to stand in a script stands in it as a string of that name: the app's files, and [`SHELF`]. The words of the strip
/// are put there by the server, which knows them.
fn scripts() -> Result<()> {
    let (shell, shelf) = (app_shell()?, fs::read_to_string(SHELF).context(SHELF)?);
    for (source, place) in SCRIPTS {
        let script = fs::read_to_string(source).context(source)?;
        let script = script.replace("\"cabildo:shell\"", &shell).replace("\"cabildo:shelf\";", &shelf);
        fs::write(Path::new(STAGE).join(place), assets::without_comments(&script)).context(source)?;
    }
    Ok(())
}

/// What the service worker of the app starts it with where there is no network, as a literal of JavaScript: the page
/// without anything in it, and the files that it names.
fn app_shell() -> Result<String> {
    let page = fs::read_to_string(Path::new(STAGE).join("index.html"))?;
    let (_, page) = shell::parts(&page);
    let mut files = shell::addresses(&page);
    files.retain(|file| file.starts_with("/assets/"));
    let offline = fs::read_to_string(OFFLINE).context(OFFLINE)?;
    // There is nothing that could be read without the app.
    let page: String =
        page.lines().filter(|line| !line.contains("id=\"start-failure\"")).collect::<Vec<_>>().join("\n");
    let page = page.replacen("<!--cabildo:body-->", &offline, 1);
    let name = assets::write(&Path::new(STAGE).join("assets"), "shell", "html", page.as_bytes())?;
    let all = format!("{name}{}", files.concat());
    let quoted: Vec<String> = files.iter().map(|file| format!("{file:?}")).collect();
    Ok(format!(
        "{{ name: \"cabildo-app-shell-{}\", page: \"/assets/{name}\", files: [{}] }}",
        assets::hash(all.as_bytes()),
        quoted.join(", ")
    ))
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
        Wanted::Script(src) | Wanted::Deferred(src) => {
            let path = beside.join(src);
            let script = fs::read_to_string(&path).with_context(|| path.display().to_string())?;
            let name =
                assets::write(&out, &stem(&path)?, "js", assets::without_comments(&script).as_bytes())?;
            let defer = if matches!(wanted, Wanted::Deferred(_)) { " defer" } else { "" };
            Ok(format!(r#"<script src="/assets/{name}"{defer}></script>"#))
        }
        Wanted::Icon(href) => {
            let path = beside.join(href);
            let icon = fs::read(&path).with_context(|| path.display().to_string())?;
            let name = assets::write(&out, &stem(&path)?, "svg", &icon)?;
            Ok(format!(r#"<link rel="icon" type="image/svg+xml" href="/assets/{name}">"#))
        }
        Wanted::Program(name) => Ok(Program::make(name, &compiled(name), &out)?.elements(name)),
    })?;
    let path = Path::new(STAGE).join(surface.page);
    fs::create_dir_all(path.parent().unwrap_or(Path::new("")))?;
    fs::write(&path, page).with_context(|| path.display().to_string())
}

fn stem(path: &Path) -> Result<String> {
    let stem = path.file_stem().with_context(|| format!("{} has no name", path.display()))?;
    Ok(stem.to_string_lossy().into_owned())
}
