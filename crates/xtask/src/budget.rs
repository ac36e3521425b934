//! What the first view of each surface weighs. Sizes are brotli bytes; 1 KB is 1,000 bytes.

use crate::build::DIST;
use crate::surface::{self, Surface};
use crate::{assets, shell};
use anyhow::{Context, Result};
use std::fs;
use std::path::Path;

/// What one page costs.
pub struct Weight {
    /// The surface.
    pub surface: Surface,
    /// Each file with its bytes over the wire.
    pub files: Vec<(String, u64)>,
    /// What other pages and other languages fetch besides, by name.
    pub parts: Vec<(String, u64)>,
}

impl Weight {
    /// All files together.
    pub fn total(&self) -> u64 {
        self.files.iter().map(|(_, bytes)| bytes).sum()
    }

    /// Whether that is within the budget.
    pub fn kept(&self) -> bool {
        self.total() <= self.surface.budget
    }
}

/// Weighs every surface in `dist/`: its page as built (the server adds readable content to it) and everything
/// that the page names: stylesheet, scripts, WebAssembly. The icon is left out, as images are. The page of the app is
/// the list of proposals: its code is in what every page fetches.
///
/// # Errors
/// When `dist/` is not there or a page names what is not in it.
pub fn weigh() -> Result<Vec<Weight>> {
    surface::ALL.into_iter().map(|surface| weigh_surface(surface, Path::new(DIST))).collect()
}

fn weigh_surface(surface: Surface, dist: &Path) -> Result<Weight> {
    let path = dist.join(surface.page);
    let page = fs::read_to_string(&path)
        .with_context(|| format!("{}: run `cargo xtask build` first", path.display()))?;
    let (parts, page) = shell::parts(&page);
    let mut files = vec![(surface.page.to_owned(), assets::brotli(page.as_bytes())?.len() as u64)];
    files.extend(fetched(&page, dist)?);
    let parts = parts.into_iter().map(|(name, elements)| {
        let bytes = fetched(elements, dist)?.iter().map(|(_, bytes)| bytes).sum();
        Ok((name.to_owned(), bytes))
    });
    Ok(Weight { surface, files, parts: parts.collect::<Result<_>>()? })
}

/// What elements of a page fetch.
fn fetched(elements: &str, dist: &Path) -> Result<Vec<(String, u64)>> {
    let is_image = |address: &String| address.ends_with(".svg") || address.ends_with(".png");
    let addresses = shell::addresses(elements).into_iter().filter(|address| !is_image(address));
    let weighed = addresses.map(|address| {
        let file = address.trim_start_matches('/').to_owned();
        if !file.starts_with("assets/") {
            // It has its name for ever, and is compressed when it is asked for.
            let content = fs::read(dist.join(&file)).with_context(|| file.clone())?;
            return Ok((file, assets::brotli(&content)?.len() as u64));
        }
        let compressed = dist.join(format!("{file}.br"));
        let bytes = fs::metadata(&compressed).with_context(|| compressed.display().to_string())?.len();
        Ok((file, bytes))
    });
    weighed.collect()
}

/// Prints the table and says whether every budget is kept.
///
/// # Errors
/// As [`weigh`].
pub fn report() -> Result<bool> {
    let weights = weigh()?;
    print!("{}", table(&weights));
    Ok(weights.iter().all(Weight::kept))
}

fn table(weights: &[Weight]) -> String {
    let mut table = String::from("First view, bytes over the wire (brotli; 1 KB = 1,000 bytes)\n");
    for weight in weights {
        for (file, bytes) in &weight.files {
            table.push_str(&format!("   {file:<44} {bytes:>8}\n"));
        }
        let verdict = if weight.kept() { "kept" } else { "EXCEEDED" };
        let (total, limit) = (weight.total(), weight.surface.budget);
        table.push_str(&format!(
            "{:<7}{:<40} {total:>8}  of {limit:>7}  {verdict}\n",
            weight.surface.name, ""
        ));
        for (part, bytes) in &weight.parts {
            table.push_str(&format!("       and for {part:<32} {bytes:>8}\n"));
        }
    }
    table
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a test fails by panicking")]
mod tests {
    use super::*;

    fn weight(bytes: &[u64]) -> Weight {
        let files = bytes.iter().map(|bytes| ("file".to_owned(), *bytes)).collect();
        Weight { surface: Surface { budget: 1_000, ..surface::ALL[0] }, files, parts: Vec::new() }
    }

    #[test]
    fn a_budget_is_kept_up_to_its_last_byte() {
        assert!(weight(&[400, 600]).kept());
        assert!(!weight(&[400, 601]).kept());
        assert!(table(&[weight(&[400, 601])]).contains("1001  of    1000  EXCEEDED"));
    }

    #[test]
    fn a_page_weighs_itself_and_all_that_it_names_but_images() {
        let dist = std::env::temp_dir().join(format!("cabildo-budget-{}", std::process::id()));
        fs::create_dir_all(dist.join("assets")).unwrap();
        fs::write(
            dist.join("index.html"),
            r#"<link href="/assets/a.css"><link href="/assets/i.svg"><script src="/assets/s.js">
            <!--cabildo:part home--><link href="/assets/h.wasm"><!--/cabildo:part-->"#,
        )
        .unwrap();
        fs::write(dist.join("assets/h.wasm.br"), [0; 40]).unwrap();
        fs::write(dist.join("assets/a.css.br"), [0; 10]).unwrap();
        fs::write(dist.join("assets/s.js.br"), [0; 20]).unwrap();
        let weight = weigh_surface(surface::ALL[0], &dist).unwrap();
        fs::remove_file(dist.join("assets/s.js.br")).unwrap();
        let missing = weigh_surface(surface::ALL[0], &dist);
        fs::remove_dir_all(&dist).unwrap();
        assert_eq!(
            weight.files.iter().map(|(file, _)| file.as_str()).collect::<Vec<_>>(),
            ["index.html", "assets/a.css", "assets/s.js"]
        );
        assert_eq!(weight.total(), weight.files[0].1 + 30);
        assert_eq!(weight.parts, [("home".to_owned(), 40)]);
        assert!(missing.is_err(), "a file that is not there weighs nothing only by mistake");
    }
}
