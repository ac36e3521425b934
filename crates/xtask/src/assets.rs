//! Files whose names carry a hash of their content, so that they may be cached for ever, with their compressed
//! forms beside them.

use anyhow::{Context, Result};
use brotli::enc::BrotliEncoderParams;
use brotli::enc::backward_references::BrotliEncoderMode;
use sha2::{Digest, Sha256};
use std::fs;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::sync::Mutex;

/// Where compressed files are kept between builds, by the hash of what they hold. Another way to compress is another name.
const CACHE: &str = "target/xtask/compressed-2";

/// Hash of some content, for its name: the first 16 hexadecimal digits of SHA-256.
pub fn hash(content: &[u8]) -> String {
    Sha256::digest(content).iter().take(8).map(|byte| format!("{byte:02x}")).collect()
}

/// Writes `{stem}-{hash}.{extension}` into `directory` and returns that name.
///
/// # Errors
/// When it cannot be written.
pub fn write(directory: &Path, stem: &str, extension: &str, content: &[u8]) -> Result<String> {
    let name = format!("{stem}-{}.{extension}", hash(content));
    let path = directory.join(&name);
    fs::create_dir_all(directory)?;
    fs::write(&path, content).with_context(|| path.display().to_string())?;
    Ok(name)
}

/// Writes `.br` and `.gz` beside every file under `directory`, on all cores. What was compressed in an earlier
/// build is copied from [`CACHE`].
///
/// # Errors
/// When a file cannot be read or written.
pub fn compress_all(directory: &Path) -> Result<()> {
    fs::create_dir_all(CACHE)?;
    let queue = Mutex::new(files(directory)?);
    let next = || queue.lock().ok()?.pop();
    let cores = std::thread::available_parallelism().map_or(1, usize::from);
    std::thread::scope(|scope| {
        let workers: Vec<_> = (0..cores)
            .map(|_| {
                scope.spawn(|| {
                    while let Some(file) = next() {
                        compress(&file).with_context(|| file.display().to_string())?;
                    }
                    anyhow::Ok(())
                })
            })
            .collect();
        for worker in workers {
            worker.join().map_err(|_| anyhow::anyhow!("a compressing thread panicked"))??;
        }
        Ok(())
    })
}

fn compress(file: &Path) -> Result<()> {
    let content = fs::read(file)?;
    let hash = hash(&content);
    for (extension, compressed) in
        [("br", brotli as fn(&[u8]) -> std::io::Result<Vec<u8>>), ("gz", gzip as _)]
    {
        let cached = Path::new(CACHE).join(format!("{hash}.{extension}"));
        if !cached.exists() {
            // Under another name first: an interrupted build leaves no half file that looks whole.
            let unfinished = cached.with_extension(format!("{extension}.{}", std::process::id()));
            fs::write(&unfinished, compressed(&content)?)?;
            fs::rename(&unfinished, &cached)?;
        }
        let mut name = file.as_os_str().to_owned();
        name.push(format!(".{extension}"));
        fs::copy(&cached, PathBuf::from(name))?;
    }
    Ok(())
}

/// Brotli at its best: quality 11, the largest window that browsers accept, and whichever setting makes it smallest: blocks
/// as the encoder likes them, small ones, or small ones with the distances that it has for fonts, which often suit
/// WebAssembly.
///
/// # Errors
/// None in practice: it writes to memory.
pub fn brotli(content: &[u8]) -> std::io::Result<Vec<u8>> {
    let usual = BrotliEncoderParams {
        quality: 11,
        lgwin: 24,
        size_hint: content.len(),
        ..BrotliEncoderParams::default()
    };
    let small = BrotliEncoderParams { lgblock: 16, ..usual.clone() };
    let binary = BrotliEncoderParams { mode: BrotliEncoderMode::BROTLI_MODE_FONT, ..small.clone() };
    let mut smallest: Option<Vec<u8>> = None;
    for settings in [usual, small, binary] {
        let mut compressed = Vec::new();
        brotli::BrotliCompress(&mut &*content, &mut compressed, &settings)?;
        if smallest.as_ref().is_none_or(|smallest| compressed.len() < smallest.len()) {
            smallest = Some(compressed);
        }
    }
    Ok(smallest.unwrap_or_default())
}

fn gzip(content: &[u8]) -> std::io::Result<Vec<u8>> {
    let mut writer = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
    writer.write_all(content)?;
    writer.finish()
}

/// A script without its comment lines and indentation. Only for scripts without text over several lines: ours
/// and wasm-bindgen's.
pub fn without_comments(script: &str) -> String {
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

/// Every file under a directory, the directories in it included.
///
/// # Errors
/// When a directory cannot be read.
pub fn files(directory: &Path) -> Result<Vec<PathBuf>> {
    let mut files = Vec::new();
    for entry in fs::read_dir(directory).with_context(|| directory.display().to_string())? {
        let path = entry?.path();
        if path.is_dir() { files.extend(self::files(&path)?) } else { files.push(path) }
    }
    Ok(files)
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a test fails by panicking")]
mod tests {
    use super::*;
    use std::io::Read;

    #[test]
    fn a_name_changes_with_the_content_and_only_with_it() {
        assert_eq!(hash(b""), "e3b0c44298fc1c14");
        assert_eq!(hash(b"a"), hash(b"a"));
        assert_ne!(hash(b"a"), hash(b"b"));
    }

    #[test]
    fn comments_and_indentation_of_a_script_are_not_sent() {
        let script =
            "// why\n/**\n * what\n */\nfunction f() {\n    return '//x'; // kept\n}\n/* one line */\n";
        assert_eq!(without_comments(script), "function f() {\nreturn '//x'; // kept\n}");
    }

    #[test]
    fn what_is_compressed_comes_back_whole() {
        let content = "participación ".repeat(1000).into_bytes();
        let (brotli, gzip) = (brotli(&content).unwrap(), gzip(&content).unwrap());
        assert!(brotli.len() < gzip.len() && gzip.len() < content.len() / 50);
        let mut back = Vec::new();
        brotli::Decompressor::new(brotli.as_slice(), 4096).read_to_end(&mut back).unwrap();
        assert_eq!(back, content);
        back.clear();
        flate2::read::GzDecoder::new(gzip.as_slice()).read_to_end(&mut back).unwrap();
        assert_eq!(back, content);
    }
}
