//! From a compiled binary to the directory that a browser loads it from.
//!
//! The name of the directory carries a hash of all that is in it; in it, files have plain names and import each other
//! by them. A binary that marks places to be split at (`wasm_split`) becomes a program that every page loads, and parts
//! that are fetched when they are first needed.

use crate::assets;
use anyhow::{Context, Result, anyhow};
use std::collections::BTreeMap;
use std::convert::Infallible;
use std::fs;
use std::path::{Path, PathBuf};
use wasm_bindgen_cli_support::Bindgen;
use wasm_encoder::reencode::{self, Reencode, RoundtripReencoder};
use wasm_encoder::{CustomSection, ExportSection, ImportSection, Module, RawSection};
use wasm_split_cli_support::Options;
use wasmparser::{CustomSectionReader, ImportSectionReader, Parser, Payload};

/// Where wasm-bindgen and wasm-split write.
const BINDINGS: &str = "target/xtask/bindings";
/// What links a split program's parts to it.
const LINK: &str = "__wasm_split.js";

/// Has a browser not fetch by itself what a page names.
const LATER: &str = " media=\"not all\"";

/// What a page that loads a program fetches.
#[derive(Debug, PartialEq, Eq)]
pub struct Program {
    /// Name of its directory.
    directory: String,
    /// Whether there is a [`LINK`].
    split: bool,
    /// Its parts, each with its files under the directory.
    parts: BTreeMap<String, Vec<String>>,
}

impl Program {
    /// Makes the binary of this name, compiled to `wasm`, loadable from a directory under `out`.
    ///
    /// # Errors
    /// When it is not what wasm-bindgen or wasm-split understands, or a file cannot be written.
    pub fn make(name: &str, wasm: &Path, out: &Path) -> Result<Self> {
        let workshop = Path::new(BINDINGS).join(name);
        if workshop.exists() {
            fs::remove_dir_all(&workshop)?;
        }
        fs::create_dir_all(&workshop)?;
        let compiled = fs::read(wasm).with_context(|| wasm.display().to_string())?;
        let compiled = without_streams(&compiled)?;
        let main = Path::new(BINDINGS).join(format!("{name}.wasm"));
        let split = holds_relocations(&compiled)?;
        let parts = if split {
            cut(&compiled, name, &workshop, &main)?
        } else {
            fs::write(&main, &compiled)?;
            BTreeMap::new()
        };
        bind(name, &main, &workshop, split)?;
        fs::write(workshop.join("start.js"), start_script(name))?;
        let directory = publish(name, &workshop, out)?;
        Ok(Self { directory, split, parts })
    }

    /// The elements by which a page loads it. Those of a part stand between `<!--cabildo:part NAME-->` and
    /// `<!--/cabildo:part-->`: they are for pages that show that part at once, and name what `start.js` fetches when the page
    /// has been painted, for a phone's line is busy until then.
    pub fn elements(&self, name: &str) -> String {
        let directory = format!("/assets/{}", self.directory);
        let wasm = |file: &str, when: &str| {
            format!(
                "<link rel=\"preload\" as=\"fetch\" type=\"application/wasm\" crossorigin{when} href=\"{directory}/{file}\">\n"
            )
        };
        // All are fetched side by side, not one after the other: 0.6 s on a slow phone network.
        let mut elements = format!("<link rel=\"modulepreload\" href=\"{directory}/{name}.js\">\n");
        if self.split {
            elements += &format!("<link rel=\"modulepreload\" href=\"{directory}/{LINK}\">\n");
        }
        elements += &wasm(&format!("{name}_bg.wasm"), "");
        for (part, files) in &self.parts {
            let files: String = files.iter().map(|file| wasm(file, LATER)).collect();
            elements += &format!("<!--cabildo:part {part}-->{}<!--/cabildo:part-->\n", files.trim_end());
        }
        elements + &format!("<script type=\"module\" src=\"{directory}/start.js\"></script>")
    }
}

/// Splits a program: writes what every page needs to `main`, the rest to `directory`. Returns the files of each part.
fn cut(compiled: &[u8], name: &str, directory: &Path, main: &Path) -> Result<BTreeMap<String, Vec<String>>> {
    let main_module = format!("./{name}.js");
    let link = format!("./{LINK}");
    let mut options = Options::new(compiled);
    options.output_dir = directory;
    options.main_out_path = main;
    options.main_module = &main_module;
    options.link_name = &link;
    let split = wasm_split_cli_support::transform(options).map_err(|error| anyhow!("{error:#}"))?;
    let parts = split.prefetch_map.into_iter();
    Ok(parts.map(|(part, files)| (part, files.into_iter().map(|file| file + ".wasm").collect())).collect())
}

/// Writes the scripts by which a browser runs the program, and the program as they expect it.
fn bind(name: &str, wasm: &Path, directory: &Path, split: bool) -> Result<()> {
    Bindgen::new()
        .input_path(wasm)
        .out_name(name)
        .web(true)?
        .typescript(false)
        .demangle(false)
        .remove_name_section(true)
        .remove_producers_section(true)
        // What the parts import from the program.
        .keep_lld_exports(split)
        .generate(directory)
}

/// The only script that a page itself names. It starts the program, at once or when the page says that it is wanted
/// (`keeper.js`); until then it has the browser have it at hand, and need not warn that it was fetched for nothing. It says so
/// when the program cannot run (a lost connection, a very old browser), because what is then on the page looks ready and is not.
fn start_script(name: &str) -> String {
    format!(
        r#"import start from "./{name}.js";
if (window.wanted) {{
const code = document.querySelectorAll("link[as=fetch]");
const bring = () => code.forEach(({{ href }}) => fetch(href).then((part) => part.arrayBuffer()).catch(() => {{}}));
requestAnimationFrame(() => setTimeout(bring));
await window.wanted;
}}
start({{ module_or_path: new URL("./{name}_bg.wasm", import.meta.url) }}).catch((error) => {{
console.error(error);
document.getElementById("start-failure").hidden = false;
}});
"#
    )
}

/// Copies modules and scripts, made [`Lean`], to a directory whose name changes with anything in it. Returns that name.
fn publish(name: &str, from: &Path, out: &Path) -> Result<String> {
    let mut paths = assets::files(from)?;
    // Modules before scripts: the scripts use the names that the modules get.
    paths.sort_by_key(|path| (path.extension() != Some("wasm".as_ref()), path.clone()));
    let mut lean = Lean::default();
    let mut files: Vec<(PathBuf, Vec<u8>)> = Vec::new();
    for path in paths {
        let mut content = fs::read(&path)?;
        if path.extension() == Some("wasm".as_ref()) {
            content = lean.write(&content).with_context(|| path.display().to_string())?;
        } else {
            content = lean.rename(&assets::without_comments(&String::from_utf8(content)?)).into_bytes();
        }
        files.push((path.strip_prefix(from)?.to_owned(), content));
    }
    let all: Vec<u8> = files
        .iter()
        .flat_map(|(file, content)| [file.to_string_lossy().as_bytes(), content].concat())
        .collect();
    let directory = format!("{name}-{}", assets::hash(&all));
    for (file, content) in files {
        let path = out.join(&directory).join(file);
        fs::create_dir_all(path.parent().unwrap_or(out))?;
        fs::write(&path, content).with_context(|| path.display().to_string())?;
    }
    Ok(directory)
}

/// The classes that Leptos's server functions bring along to stream bytes, in lower case. They are exported, so nothing
/// later in the way can know that nobody uses them; we have no server functions. 3 KB over the wire.
const STREAMS: &[u8] = b"intounderlying";
/// Where wasm-bindgen describes what it exports, to itself: pairs of a schema and a program, each after its length.
const DESCRIPTIONS: &str = "__wasm_bindgen_unstable";

/// The module without the exports of [`STREAMS`] and their descriptions. Every section keeps its place, and code its
/// offsets: relocations count on both.
fn without_streams(wasm: &[u8]) -> Result<Vec<u8>> {
    let is_stream =
        |bytes: &[u8]| bytes.windows(STREAMS.len()).any(|word| word.eq_ignore_ascii_case(STREAMS));
    let mut module = Module::new();
    for payload in Parser::new(0).parse_all(wasm) {
        let payload = payload?;
        match &payload {
            Payload::ExportSection(section) => {
                let mut exports = ExportSection::new();
                for export in section.clone() {
                    let export = export?;
                    if !is_stream(export.name.as_bytes()) {
                        exports.export(
                            export.name,
                            RoundtripReencoder.export_kind(export.kind)?,
                            export.index,
                        );
                    }
                }
                module.section(&exports);
            }
            Payload::CustomSection(section) if section.name() == DESCRIPTIONS => {
                let mut kept = Vec::new();
                let mut rest = section.data();
                while !rest.is_empty() {
                    let (_schema, after) = description(rest)?;
                    let (program, after) = description(after)?;
                    if !is_stream(program) {
                        kept.extend_from_slice(&rest[..rest.len() - after.len()]);
                    }
                    rest = after;
                }
                module.section(&CustomSection { name: DESCRIPTIONS.into(), data: kept.into() });
            }
            _ => {
                if let Some((id, range)) = payload.as_section() {
                    let data = &wasm[usize::try_from(range.start)?..usize::try_from(range.end)?];
                    module.section(&RawSection { id, data });
                }
            }
        }
    }
    Ok(module.finish())
}

/// The first of several descriptions, with its length before it, and the others.
fn description(bytes: &[u8]) -> Result<(&[u8], &[u8])> {
    let cut_off = || anyhow!("{DESCRIPTIONS} is cut off");
    let (length, rest) = bytes.split_first_chunk().ok_or_else(cut_off)?;
    rest.split_at_checked(u32::from_le_bytes(*length) as usize).ok_or_else(cut_off)
}

/// Whether the linker was asked to leave in what splitting needs to know.
fn holds_relocations(wasm: &[u8]) -> Result<bool> {
    for payload in Parser::new(0).parse_all(wasm) {
        if let Payload::CustomSection(section) = payload?
            && section.name().starts_with("reloc.")
        {
            return Ok(true);
        }
    }
    Ok(false)
}

/// Writes a module with what a browser needs of it and no more: without names and notes, with every number in as few
/// bytes as it takes (linkers leave room), and with imports that are called `i0`, `i1`, …
///
/// wasm-bindgen calls an import after what it is and a hash. The module and its script both carry that name, and nobody
/// else reads it.
#[derive(Default)]
struct Lean {
    /// New names by old ones.
    names: BTreeMap<String, String>,
}

impl Lean {
    fn write(&mut self, wasm: &[u8]) -> Result<Vec<u8>> {
        let mut module = Module::new();
        self.parse_core_module(&mut module, Parser::new(0), wasm).map_err(|error| anyhow!("{error}"))?;
        Ok(module.finish())
    }

    /// The script with the names that [`Lean::write`] gave.
    fn rename(&self, script: &str) -> String {
        let mut renamed = String::with_capacity(script.len());
        let mut rest = script;
        while let Some(start) = rest.find(is_word) {
            let end = rest[start..].find(|c| !is_word(c)).map_or(rest.len(), |length| start + length);
            let word = &rest[start..end];
            renamed.push_str(&rest[..start]);
            renamed.push_str(self.names.get(word).map_or(word, String::as_str));
            rest = &rest[end..];
        }
        renamed + rest
    }
}

fn is_word(c: char) -> bool {
    c.is_ascii_alphanumeric() || matches!(c, '_' | '$')
}

impl Reencode for Lean {
    type Error = Infallible;

    fn parse_custom_section(
        &mut self,
        _: &mut Module,
        _: CustomSectionReader<'_>,
    ) -> Result<(), reencode::Error> {
        Ok(())
    }

    fn parse_import_section(
        &mut self,
        imports: &mut ImportSection,
        section: ImportSectionReader<'_>,
    ) -> Result<(), reencode::Error> {
        for import in section.into_imports() {
            let import = import?;
            let kind = self.entity_type(import.ty)?;
            let next = format!("i{}", self.names.len());
            let name = if import.name.starts_with("__wb") {
                self.names.entry(import.name.to_owned()).or_insert(next)
            } else {
                import.name
            };
            imports.import(import.module, name, kind);
        }
        Ok(())
    }
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a test fails by panicking")]
mod tests {
    use super::*;
    use wasm_encoder::{ExportKind, GlobalType, ValType};

    /// A module that imports something under this name and has a custom section of that one.
    fn module(import: &str, custom: &str) -> Vec<u8> {
        let mut module = Module::new();
        let mut imports = ImportSection::new();
        imports.import(
            "./app_bg.js",
            import,
            GlobalType { val_type: ValType::I32, mutable: false, shared: false },
        );
        module.section(&imports);
        module.section(&CustomSection { name: custom.into(), data: [7; 130].as_slice().into() });
        module.finish()
    }

    #[test]
    fn a_lean_module_says_the_same_in_fewer_bytes_and_its_script_agrees() {
        let mut lean = Lean::default();
        let full = module("__wbg_fetch_0123456789abcdef", "name");
        let written = lean.write(&full).unwrap();
        assert!(written.len() + 150 < full.len(), "{} bytes of {}", written.len(), full.len());
        assert_eq!(lean.write(&full).unwrap(), written, "one name, one new name");
        let other = lean.write(&module("__wbg_fetch_fedcba9876543210", "name")).unwrap();
        assert_ne!(other, written);
        let script = "{ __wbg_fetch_0123456789abcdef: f, __wbg_fetch_fedcba9876543210: g, __wbg_fetch: h }";
        assert_eq!(lean.rename(script), "{ i0: f, i1: g, __wbg_fetch: h }");
        let shared = module("memory", "name");
        assert!(lean.write(&shared).unwrap().windows(6).any(|bytes| bytes == b"memory"), "what parts share");
        assert!(lean.write(&full[..20]).is_err(), "a module that is cut off");
    }

    #[test]
    fn what_server_functions_would_stream_with_is_left_out_and_nothing_else() {
        let described = |programs: &[&str]| {
            let mut bytes = Vec::new();
            for text in programs.iter().flat_map(|program| ["{}", program]) {
                bytes.extend_from_slice(&(text.len() as u32).to_le_bytes());
                bytes.extend_from_slice(text.as_bytes());
            }
            bytes
        };
        let module = |exports: &[&str], programs: &[u8]| {
            let mut module = Module::new();
            let mut section = ExportSection::new();
            for name in exports {
                section.export(name, ExportKind::Func, 7);
            }
            module.section(&section);
            module.section(&CustomSection { name: DESCRIPTIONS.into(), data: programs.into() });
            module.section(&CustomSection { name: "reloc.CODE".into(), data: b"kept".into() });
            module.finish()
        };
        let full = described(&["fetch", "class IntoUnderlyingSink", "main"]);
        let before = module(&["main", "intounderlyingsink_write", "memory"], &full);
        let after = module(&["main", "memory"], &described(&["fetch", "main"]));
        assert_eq!(without_streams(&before).unwrap(), after);
        assert_eq!(without_streams(&after).unwrap(), after);
        assert!(
            without_streams(&module(&[], &full[..full.len() - 1])).is_err(),
            "a description that is cut off"
        );
    }

    #[test]
    fn a_program_that_can_be_split_is_known_by_its_relocations() {
        assert!(holds_relocations(&module("f", "reloc.CODE")).unwrap());
        assert!(!holds_relocations(&module("f", "name")).unwrap());
        assert!(holds_relocations(b"<html>").is_err());
    }

    #[test]
    fn a_page_names_what_it_loads_and_marks_what_only_some_pages_need() {
        let whole = Program { directory: "embed-1".to_owned(), split: false, parts: BTreeMap::new() };
        let wasm = "<link rel=\"preload\" as=\"fetch\" type=\"application/wasm\" crossorigin";
        assert_eq!(
            whole.elements("embed"),
            format!(
                "<link rel=\"modulepreload\" href=\"/assets/embed-1/embed.js\">\n\
                 {wasm} href=\"/assets/embed-1/embed_bg.wasm\">\n\
                 <script type=\"module\" src=\"/assets/embed-1/start.js\"></script>"
            )
        );
        let parts = BTreeMap::from([("home".to_owned(), vec!["a.wasm".to_owned(), "b.wasm".to_owned()])]);
        let split = Program { directory: "app-1".to_owned(), split: true, parts }.elements("app");
        assert!(split.contains(&format!(
            "<!--cabildo:part home-->{wasm}{LATER} href=\"/assets/app-1/a.wasm\">\n\
             {wasm}{LATER} href=\"/assets/app-1/b.wasm\"><!--/cabildo:part-->"
        )));
        assert!(split.contains("modulepreload\" href=\"/assets/app-1/__wasm_split.js"));
    }

    #[test]
    fn the_start_script_names_the_script_and_the_module() {
        let script = start_script("app");
        assert!(script.contains(r#"import start from "./app.js""#));
        assert!(script.contains(r#"new URL("./app_bg.wasm", import.meta.url)"#));
    }
}
