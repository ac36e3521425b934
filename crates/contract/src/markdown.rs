//! The subset of Markdown that people's words may use: paragraphs, lists, quotes, **bold**, *emphasis* and
//! links. Read into a tree, never into HTML; a page turns the tree into DOM nodes, so nothing that a person
//! writes can become markup.
//!
//! Why our own: the parser crates cost a phone about 62 KB, more than the rest of this crate, and do far more
//! than may be allowed here. What [CommonMark](https://spec.commonmark.org/) calls by these names looks the
//! same; everything else stays as it was typed.

/// A block of text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Block {
    /// A paragraph.
    Paragraph(Vec<Inline>),
    /// A list, one entry an item; `true` when numbered.
    List(bool, Vec<Vec<Inline>>),
    /// A quotation.
    Quote(Vec<Inline>),
}

/// A run within a block.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Inline {
    /// Plain text.
    Text(String),
    /// A line break.
    Break,
    /// `**strong**`
    Strong(Vec<Inline>),
    /// `*emphasis*`
    Emphasis(Vec<Inline>),
    /// `[text](address)` or a bare `https://…` address. Only `http`, `https` and `mailto`.
    Link {
        /// The address; its scheme is one of the three.
        address: String,
        /// What is shown.
        text: String,
    },
}

/// Deepest nesting of strong and emphasis; deeper markers stay as typed.
const MAX_DEPTH: usize = 4;

/// Reads text into blocks. Total: every text has a reading.
#[must_use]
pub fn parse(text: &str) -> Vec<Block> {
    let mut blocks = Vec::new();
    for chunk in paragraphs(text) {
        let mut lines = chunk.as_slice();
        while let Some(first) = lines.first() {
            let kind = Line::of(first).0;
            let count = lines.iter().take_while(|line| Line::of(line).0 == kind).count();
            let (same, rest) = lines.split_at(count);
            let contents = || same.iter().map(|line| Line::of(line).1);
            blocks.push(match kind {
                Line::Plain => Block::Paragraph(joined(contents())),
                Line::Quote => Block::Quote(joined(contents())),
                Line::Bullet => Block::List(false, contents().map(inlines).collect()),
                Line::Number => Block::List(true, contents().map(inlines).collect()),
            });
            lines = rest;
        }
    }
    blocks
}

/// Groups of lines between blank ones.
fn paragraphs(text: &str) -> Vec<Vec<&str>> {
    let mut groups = vec![Vec::new()];
    for line in text.lines() {
        if line.trim().is_empty() {
            groups.push(Vec::new());
        } else if let Some(group) = groups.last_mut() {
            group.push(line.trim());
        }
    }
    groups.retain(|group| !group.is_empty());
    groups
}

#[derive(PartialEq, Clone, Copy)]
enum Line {
    Plain,
    Quote,
    Bullet,
    Number,
}

impl Line {
    /// What kind of line it is, and its content without the marker.
    fn of(line: &str) -> (Self, &str) {
        if let Some(rest) = line.strip_prefix("- ").or_else(|| line.strip_prefix("* ")) {
            return (Self::Bullet, rest);
        }
        if let Some(rest) = line.strip_prefix('>') {
            return (Self::Quote, rest.trim_start());
        }
        if let Some((number, rest)) = line.split_once(['.', ')'])
            && (1..=3).contains(&number.len())
            && number.bytes().all(|b| b.is_ascii_digit())
            && let Some(rest) = rest.strip_prefix(' ')
        {
            return (Self::Number, rest);
        }
        (Self::Plain, line)
    }
}

fn joined<'a>(lines: impl Iterator<Item = &'a str>) -> Vec<Inline> {
    let mut out = Vec::new();
    for (index, line) in lines.enumerate() {
        if index > 0 {
            out.push(Inline::Break);
        }
        out.extend(inlines(line));
    }
    out
}

fn inlines(text: &str) -> Vec<Inline> {
    let mut out = Vec::new();
    read(text, 0, &mut out);
    out
}

fn read(mut text: &str, depth: usize, out: &mut Vec<Inline>) {
    let mut plain = String::new();
    while let Some(next) = text.chars().next() {
        // A scheme in the middle of a word starts no link.
        let at_word = plain.chars().next_back().is_none_or(|c| !c.is_alphanumeric());
        let found = match next {
            '*' if depth < MAX_DEPTH => delimited(text, depth),
            '[' => bracketed(text),
            'h' if at_word => bare(text),
            _ => None,
        };
        match found {
            Some((inline, rest)) => {
                flush(&mut plain, out);
                out.push(inline);
                text = rest;
            }
            None => {
                plain.push(next);
                text = &text[next.len_utf8()..];
            }
        }
    }
    flush(&mut plain, out);
}

fn flush(plain: &mut String, out: &mut Vec<Inline>) {
    if !plain.is_empty() {
        out.push(Inline::Text(std::mem::take(plain)));
    }
}

/// `**strong**` or `*emphasis*` at the start of `text`.
fn delimited(text: &str, depth: usize) -> Option<(Inline, &str)> {
    let marker = if text.starts_with("**") { "**" } else { "*" };
    let rest = &text[marker.len()..];
    let end = rest.find(marker)?;
    let inner = &rest[..end];
    if inner.is_empty() || inner.starts_with(char::is_whitespace) || inner.ends_with(char::is_whitespace) {
        return None;
    }
    let mut children = Vec::new();
    read(inner, depth + 1, &mut children);
    let inline = if marker == "**" { Inline::Strong(children) } else { Inline::Emphasis(children) };
    Some((inline, &rest[end + marker.len()..]))
}

/// `[text](address)` at the start of `text`.
fn bracketed(text: &str) -> Option<(Inline, &str)> {
    let (label, rest) = text[1..].split_once("](")?;
    let (address, rest) = rest.split_once(')')?;
    if label.trim().is_empty() || label.contains(['[', ']']) || !is_safe(address) {
        return None;
    }
    Some((Inline::Link { address: address.to_owned(), text: label.to_owned() }, rest))
}

/// A bare address at the start of `text`; a full stop or bracket after it is not part of it.
fn bare(text: &str) -> Option<(Inline, &str)> {
    let end = text.find(|c: char| c.is_whitespace() || matches!(c, '<' | '>' | '"')).unwrap_or(text.len());
    let address = text[..end].trim_end_matches(['.', ',', ';', ':', '!', '?', ')', ']', '*']);
    let host = address.strip_prefix("https://").or_else(|| address.strip_prefix("http://"))?;
    if host.is_empty() || !is_safe(address) {
        return None;
    }
    Some((Inline::Link { address: address.to_owned(), text: address.to_owned() }, &text[address.len()..]))
}

/// Whether a link may lead there: `http`, `https` or `mailto`, and no blanks or control characters, in which
/// browsers have hidden other schemes.
fn is_safe(address: &str) -> bool {
    let lower = address.to_ascii_lowercase();
    ["https://", "http://", "mailto:"]
        .iter()
        .any(|scheme| lower.starts_with(scheme) && lower.len() > scheme.len())
        && !address.chars().any(|c| c.is_whitespace() || c.is_control())
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn text(text: &str) -> Inline {
        Inline::Text(text.into())
    }

    #[test]
    fn what_the_subset_knows_becomes_structure() {
        let read = parse(
            "Hola **a *todas* y** todos\notra línea\n\n- uno\n- dos\n\n1. primero\n2) segundo\n\n> cita",
        );
        assert_eq!(
            read,
            [
                Block::Paragraph(vec![
                    text("Hola "),
                    Inline::Strong(vec![text("a "), Inline::Emphasis(vec![text("todas")]), text(" y")]),
                    text(" todos"),
                    Inline::Break,
                    text("otra línea"),
                ]),
                Block::List(false, vec![vec![text("uno")], vec![text("dos")]]),
                Block::List(true, vec![vec![text("primero")], vec![text("segundo")]]),
                Block::Quote(vec![text("cita")]),
            ]
        );
    }

    #[test]
    fn what_it_does_not_know_stays_as_typed() {
        for plain in ["<b>no</b>", "# título", "2 * 3 * 4", "**", "* * *x", "a_b_c", "[x]", "https://"] {
            let shown = match parse(plain).as_slice() {
                [Block::Paragraph(inner)] => inner.clone(),
                [Block::List(false, items)] => items[0].clone(),
                other => panic!("{plain}: {other:?}"),
            };
            assert!(shown.iter().all(|inline| matches!(inline, Inline::Text(_))), "{plain}: {shown:?}");
        }
    }

    #[test]
    fn a_link_leads_only_to_the_web_or_to_mail() {
        for bad in [
            "javascript:alert(1)",
            "JaVaScRiPt:x",
            "data:text/html,x",
            "java\tscript:x",
            "//evil",
            "/x",
            "vbscript:x",
            "https:// x",
        ] {
            let read = parse(&format!("[x]({bad})"));
            assert!(!format!("{read:?}").contains("Link"), "{bad}: {read:?}");
        }
        let read = parse("Ver https://agacolombia.org/x. Y [correo](mailto:a@b.co)");
        assert_eq!(
            read,
            [Block::Paragraph(vec![
                text("Ver "),
                Inline::Link {
                    address: "https://agacolombia.org/x".into(),
                    text: "https://agacolombia.org/x".into()
                },
                text(". Y "),
                Inline::Link { address: "mailto:a@b.co".into(), text: "correo".into() },
            ])]
        );
    }

    fn addresses(inlines: &[Inline], out: &mut Vec<String>) {
        for inline in inlines {
            match inline {
                Inline::Link { address, .. } => out.push(address.clone()),
                Inline::Strong(inner) | Inline::Emphasis(inner) => addresses(inner, out),
                Inline::Text(_) | Inline::Break => {}
            }
        }
    }

    proptest! {
        #[test]
        fn every_text_has_a_reading_and_every_link_is_safe(
            text in r"([*\[\]()>\n .-]|javascript:|https?://|mailto:|data:|[a-zñ0-9]){0,60}",
        ) {
            let mut found = Vec::new();
            for block in parse(&text) {
                match block {
                    Block::Paragraph(inner) | Block::Quote(inner) => addresses(&inner, &mut found),
                    Block::List(_, items) => items.iter().for_each(|item| addresses(item, &mut found)),
                }
            }
            for address in found {
                prop_assert!(is_safe(&address), "{}", address);
            }
        }
    }
}
