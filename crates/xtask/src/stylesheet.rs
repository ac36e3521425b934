//! One stylesheet a surface: the files that its shell links, in that order, minified and made readable for the
//! browsers that can run the app at all.

use anyhow::{Context, Result, anyhow, bail};
use lightningcss::rules::CssRule;
use lightningcss::stylesheet::{MinifyOptions, ParserOptions, PrinterOptions, StyleSheet};
use lightningcss::targets::{Browsers, Targets};
use std::path::{Path, PathBuf};

/// A browser version as lightningcss writes it.
const fn version(major: u32, minor: u32) -> Option<u32> {
    Some(major << 16 | minor << 8)
}

/// The oldest browsers with cascade layers, without which no stylesheet of ours means anything. WebAssembly as
/// rustc emits it (reference types) is a little older: Chrome 96, Safari 15. Android 7 stops at Chrome 119,
/// which knows no `light-dark()`: that is what gets translated most.
const TARGETS: Browsers = Browsers {
    android: version(99, 0),
    chrome: version(99, 0),
    edge: version(99, 0),
    firefox: version(97, 0),
    ie: None,
    ios_saf: version(15, 4),
    opera: None,
    safari: version(15, 4),
    samsung: version(18, 0),
};

/// Joins and minifies stylesheets.
///
/// # Errors
/// A file that cannot be read, is not valid CSS (named, with its line) or has an `@import`, which would only
/// work at the very beginning.
pub fn bundle(files: &[PathBuf]) -> Result<String> {
    let mut joined = String::new();
    for file in files {
        let source = std::fs::read_to_string(file).with_context(|| file.display().to_string())?;
        check(&source, file)?;
        joined.push_str(&source);
        joined.push('\n');
    }
    minify(&joined)
}

fn check(source: &str, file: &Path) -> Result<()> {
    let options = ParserOptions { filename: file.display().to_string(), ..ParserOptions::default() };
    let sheet = StyleSheet::parse(source, options).map_err(|error| {
        // lightningcss counts lines from 0, people and editors from 1.
        let line = error.loc.as_ref().map_or(0, |place| place.line + 1);
        anyhow!("{}:{line}: {}", file.display(), error.kind)
    })?;
    if sheet.rules.0.iter().any(|rule| matches!(rule, CssRule::Import(_))) {
        bail!("{}: link the stylesheet from the shell instead of importing it", file.display());
    }
    Ok(())
}

fn minify(source: &str) -> Result<String> {
    let targets = Targets::from(TARGETS);
    let mut sheet =
        StyleSheet::parse(source, ParserOptions::default()).map_err(|error| anyhow!("{error}"))?;
    sheet.minify(MinifyOptions { targets, ..MinifyOptions::default() })?;
    Ok(sheet.to_css(PrinterOptions { minify: true, targets, ..PrinterOptions::default() })?.code)
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a test fails by panicking")]
mod tests {
    use super::*;
    use crate::shell::{self, Wanted};
    use crate::{assets, surface};
    use std::collections::HashSet;

    #[test]
    fn every_stylesheet_is_linked_by_a_shell_and_the_order_of_layers_comes_first() {
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
        let mut linked = HashSet::new();
        for surface in surface::ALL {
            let shell = root.join(surface.shell);
            let wanted = shell::wanted(&std::fs::read_to_string(&shell).unwrap()).unwrap();
            let mut files = Vec::new();
            for wanted in wanted {
                if let Wanted::Stylesheet(href) = wanted {
                    files.push(shell.parent().unwrap().join(href).canonicalize().unwrap());
                }
            }
            let distinct: HashSet<_> = files.iter().cloned().collect();
            assert_eq!(distinct.len(), files.len(), "{} links a stylesheet twice", surface.shell);
            assert!(files[0].ends_with("style/layers.css"), "{}", surface.shell);
            linked.extend(distinct);
        }
        for file in assets::files(&root.join("style")).unwrap() {
            if file.extension().is_some_and(|extension| extension == "css") {
                assert!(linked.contains(&file.canonicalize().unwrap()), "{} is in no shell", file.display());
            }
        }
    }

    #[test]
    fn a_phone_without_light_dark_gets_colours_that_it_knows() {
        let css = minify(":root { color-scheme: light dark; color: light-dark(#000, #fff) }").unwrap();
        assert!(!css.contains("light-dark("), "{css}");
        assert!(css.contains("prefers-color-scheme:dark"), "{css}");
    }

    #[test]
    fn an_import_or_a_mistake_is_named_with_its_file() {
        let file = Path::new("style/base.css");
        let import = check("@import 'x.css';", file).unwrap_err().to_string();
        assert!(import.starts_with("style/base.css"), "{import}");
        let mistake = check("a {}\nb { : }", file).unwrap_err().to_string();
        assert!(mistake.starts_with("style/base.css:2: "), "{mistake}");
    }
}
