//! From a shell as it is written to a page as it is served: every `data-trunk` element is replaced by what was
//! built for it.
//!
//! A shell is our own file, so this reads only the HTML that we write: attributes in double quotes, no `>` in
//! them, one `data-trunk` element a line. Anything else is an error, not a guess.

use anyhow::{Context, Result, bail};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use sha2::{Digest, Sha256};
use std::ops::Range;

/// What a `data-trunk` element asks for. Addresses are relative to the shell.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Wanted {
    /// `rel="rust"`: the program of this name.
    Program(String),
    /// `rel="css"`: a stylesheet.
    Stylesheet(String),
    /// A script that runs before the page is painted.
    Script(String),
    /// `defer`: one that runs when the page is there.
    Deferred(String),
    /// `rel="icon"`: the page's icon.
    Icon(String),
}

/// A `data-trunk` element and where it stands.
struct Element {
    place: Range<usize>,
    wanted: Wanted,
}

/// What a shell asks for, in its order.
///
/// # Errors
/// An element that is not one of [`Wanted`].
pub fn wanted(shell: &str) -> Result<Vec<Wanted>> {
    Ok(elements(&without_comments(shell)?)?.into_iter().map(|element| element.wanted).collect())
}

/// The page: every element replaced by `tag(what it wants)`, comments and indentation dropped. The begin and
/// end markers `<!--cabildo:…-->` and `<!--/cabildo:…-->` stay, for the server to put content between.
///
/// # Errors
/// An element that is not one of [`Wanted`], a comment without end.
pub fn page(shell: &str, mut tag: impl FnMut(&Wanted) -> Result<String>) -> Result<String> {
    let shell = without_comments(shell)?;
    let mut page = String::with_capacity(shell.len());
    let mut rest = 0;
    for element in elements(&shell)? {
        page.push_str(&shell[rest..element.place.start]);
        page.push_str(&tag(&element.wanted)?);
        rest = element.place.end;
    }
    page.push_str(&shell[rest..]);
    let lines: Vec<&str> = page.lines().map(str::trim).filter(|line| !line.is_empty()).collect();
    Ok(lines.join("\n"))
}

fn elements(shell: &str) -> Result<Vec<Element>> {
    let mut elements = Vec::new();
    let mut from = 0;
    while let Some(start) = shell[from..].find('<').map(|at| from + at) {
        let end = start + shell[start..].find('>').context("an element without end")? + 1;
        from = end;
        let tag = &shell[start..end];
        if tag.contains(" data-trunk") {
            let end = if tag.starts_with("<script") {
                let close = "</script>";
                end + shell[end..].find(close).context("a script without end")? + close.len()
            } else {
                end
            };
            elements.push(Element { place: start..end, wanted: want(tag)? });
            from = end;
        }
    }
    Ok(elements)
}

fn want(tag: &str) -> Result<Wanted> {
    let value = |name| attribute(tag, name).with_context(|| format!("{tag} has no {name}"));
    if tag.starts_with("<script ") {
        let src = value("src")?;
        return Ok(if tag.contains(" defer") { Wanted::Deferred(src) } else { Wanted::Script(src) });
    }
    match value("rel")?.as_str() {
        "rust" => Ok(Wanted::Program(value("data-bin")?)),
        "css" => Ok(Wanted::Stylesheet(value("href")?)),
        "icon" => Ok(Wanted::Icon(value("href")?)),
        _ => bail!("cannot build {tag}"),
    }
}

fn attribute(tag: &str, name: &str) -> Option<String> {
    let (_, after) = tag.split_once(&format!(" {name}=\""))?;
    after.split_once('"').map(|(value, _)| value.to_owned())
}

/// The addresses of this origin that a built page fetches at once: `src` and `href` of its elements, in order.
pub fn addresses(page: &str) -> Vec<String> {
    let tags = page.split('<').filter(|tag| tag.starts_with("link ") || tag.starts_with("script "));
    tags.filter_map(|tag| attribute(tag, "href").or_else(|| attribute(tag, "src"))).collect()
}

/// A built page that can be painted, and keeps what is done in it, with its first response: its stylesheet and its scripts
/// that are no modules stand in it, as `read` gives them by their addresses. Their hashes, as a content security policy has
/// them (CSP3, 6.7.3.3), stand before them in a marker `<!--cabildo:inline …-->`, that of the style first, for the server.
///
/// # Errors
/// When it has no stylesheet, or `read` fails.
pub fn inlined(page: &str, read: impl Fn(&str) -> Result<String>) -> Result<String> {
    // What only some pages need stands after what all do, and is fetched by these.
    let (page, rest) = page.split_at(page.find("<!--cabildo:part ").unwrap_or(page.len()));
    let mut page = page.to_owned();
    let mut hashes = Vec::new();
    let style = ("<link rel=\"stylesheet\" href=\"", ">", "style");
    let script = ("<script src=\"", "></script>", "script");
    for (open, close, name) in [style, script] {
        while let Some((before, rest)) = page.split_once(open) {
            let (address, rest) = rest.split_once('"').context(name)?;
            let (_, after) = rest.split_once(close).context(name)?;
            let content = read(address)?;
            hashes.push(format!("'sha256-{}'", STANDARD.encode(Sha256::digest(&content))));
            page = format!("{before}<{name}>{content}</{name}>{after}");
        }
        if hashes.is_empty() {
            bail!("no {name}");
        }
    }
    let marker = format!("<head>\n<!--cabildo:inline {}-->", hashes.join(" "));
    Ok(page.replacen("<head>", &marker, 1) + rest)
}

/// The parts of its program that a built page names, each with its elements, and the page without them.
pub fn parts(page: &str) -> (Vec<(&str, &str)>, String) {
    let mut parts = Vec::new();
    let mut without = String::with_capacity(page.len());
    let mut rest = page;
    while let Some((before, part)) = rest.split_once("<!--cabildo:part ") {
        without.push_str(before);
        let (part, after) = part.split_once("<!--/cabildo:part-->").unwrap_or((part, ""));
        parts.extend(part.split_once("-->"));
        rest = after;
    }
    without.push_str(rest);
    (parts, without)
}

fn without_comments(shell: &str) -> Result<String> {
    let mut kept = String::with_capacity(shell.len());
    let mut rest = shell;
    while let Some((before, comment)) = rest.split_once("<!--") {
        let (comment, after) = comment.split_once("-->").context("a comment without end")?;
        kept.push_str(before);
        if comment.trim_start_matches('/').starts_with("cabildo:") {
            kept.push_str(&format!("<!--{comment}-->"));
        }
        rest = after;
    }
    kept.push_str(rest);
    Ok(kept)
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a test fails by panicking")]
mod tests {
    use super::*;

    const SHELL: &str = r#"<!doctype html>
<!-- why: <link data-trunk rel="css" href="not-this.css"> -->
<html><head>
  <!--cabildo:head--><title>Cabildo</title><!--/cabildo:head-->
  <script data-trunk src="style/theme.js"></script>
  <link data-trunk rel="css" href="style/a.css">
  <link data-trunk rel="css" href="style/b.css">
  <link data-trunk rel="rust" data-bin="app">
</head><body></body></html>
"#;

    #[test]
    fn a_shell_says_what_it_wants_in_its_order_and_comments_want_nothing() {
        let wanted = wanted(SHELL).unwrap();
        let expected = [
            Wanted::Script("style/theme.js".to_owned()),
            Wanted::Stylesheet("style/a.css".to_owned()),
            Wanted::Stylesheet("style/b.css".to_owned()),
            Wanted::Program("app".to_owned()),
        ];
        assert_eq!(wanted, expected);
    }

    #[test]
    fn a_page_keeps_the_markers_and_has_the_tags_in_place_of_the_elements() {
        let page = page(SHELL, |wanted| {
            Ok(match wanted {
                Wanted::Program(name) => format!("<script type=\"module\" src=\"/{name}.js\"></script>"),
                Wanted::Stylesheet(href) if href.ends_with("a.css") => "<link href=\"/all.css\">".to_owned(),
                Wanted::Stylesheet(_) => String::new(),
                Wanted::Script(_) | Wanted::Deferred(_) | Wanted::Icon(_) => {
                    "<script src=\"/t.js\"></script>".to_owned()
                }
            })
        });
        let expected = r#"<!doctype html>
<html><head>
<!--cabildo:head--><title>Cabildo</title><!--/cabildo:head-->
<script src="/t.js"></script>
<link href="/all.css">
<script type="module" src="/app.js"></script>
</head><body></body></html>"#;
        assert_eq!(page.unwrap(), expected);
    }

    #[test]
    fn what_cannot_be_built_is_refused() {
        for broken in [
            r#"<link data-trunk rel="sass" href="x">"#,
            r#"<link data-trunk rel="css">"#,
            r#"<script data-trunk src="x">"#,
            "<!-- for ever",
        ] {
            assert!(wanted(broken).is_err(), "{broken}");
        }
    }

    #[test]
    fn a_page_fetches_what_its_links_and_scripts_name() {
        let page = r#"<link rel="icon" href="/i.svg"><a href="/x">x</a><script src="/s.js"></script>"#;
        assert_eq!(addresses(page), ["/i.svg", "/s.js"]);
    }

    #[test]
    fn what_a_page_is_painted_with_stands_in_it_by_its_hash() {
        let page = "<head>\n<script src=\"/t.js\"></script>\n<script src=\"/k.js\" defer></script>\n\
                    <link rel=\"stylesheet\" href=\"/a.css\">\n<!--cabildo:part x--><script src=\"/m.js\"></script>\n</head>";
        let read = |address: &str| {
            Ok(match address {
                "/t.js" => "t()",
                "/k.js" => "k()",
                _ => "a{}",
            }
            .to_owned())
        };
        // printf 'a{}' | openssl dgst -sha256 -binary | base64
        let hashes = "'sha256-X1RutGBrXCt9KkSaXMK7tHftWiRscFHOhxsS8tv8hBk=' \
                      'sha256-Ah+cA2gD4IuvO5KBsnMU4+J+XQcwZf4eDap4aP/c/PQ=' \
                      'sha256-ODVW3qwa4byZofwQE5/6ef8hI6ama9aSstDQc9f9R4g='";
        let expected = format!(
            "<head>\n<!--cabildo:inline {hashes}-->\n<script>t()</script>\n<script>k()</script>\n\
             <style>a{{}}</style>\n<!--cabildo:part x--><script src=\"/m.js\"></script>\n</head>"
        );
        assert_eq!(inlined(page, read).unwrap(), expected);
        assert!(inlined("<head></head>", read).is_err());
    }

    #[test]
    fn what_only_some_pages_fetch_is_apart() {
        let page =
            "<a><!--cabildo:part home--><h><!--/cabildo:part--><!--cabildo:part en--><!--/cabildo:part--><z>";
        assert_eq!(parts(page), (vec![("home", "<h>"), ("en", "")], "<a><z>".to_owned()));
    }
}
