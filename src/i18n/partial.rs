//! Languages that are only partly translated: each message that there is none of falls back on Spanish.
//!
//! A page is then in two languages, and a screen reader has to know which words are in which. The page as a whole is
//! Spanish, as are its numbers and dates; what is in the other language says so with `lang` on its element. Where views
//! take their words from they cannot tell, so the words do: a message of a partial catalogue carries characters of
//! Unicode's block of language tags, which are invisible and mean just that. [`said`] puts `lang` in their place in what
//! the server writes, and `src/surface/app/partial.js` in what the app writes.

/// Begins words in the language of the catalogue: `LANGUAGE TAG`.
pub const OWN: char = '\u{E0001}';
/// Ends them, and is the end of every message that fell back: `CANCEL TAG`.
///
/// No message of a partial catalogue is then the same bytes as a Spanish one. If it were, the two would share them,
/// and the file of every page would be cut in two: what Spanish and the partial language need, and the rest.
pub const END: char = '\u{E007F}';

/// Words in the language of a partial catalogue.
macro_rules! own {
    ($words:literal) => {
        concat!("\u{E0001}", $words, "\u{E007F}")
    };
}
pub(super) use own;

/// How many bytes [`mark`] makes of a text.
pub(super) const fn marked_len(text: &str) -> usize {
    text.len() + END.len_utf8()
}

/// A text that fell back, with its mark. `N` is its [`marked_len`].
pub(super) const fn mark<const N: usize>(text: &str) -> [u8; N] {
    let mut marked = [0; N];
    let (words, end) = marked.split_at_mut(text.len());
    words.copy_from_slice(text.as_bytes());
    END.encode_utf8(end);
    marked
}

/// What [`mark`] made, as text.
pub(super) const fn read(marked: &[u8]) -> &str {
    match str::from_utf8(marked) {
        Ok(text) => text,
        // Never compiled: a text and a character are a text.
        Err(_) => "",
    }
}

/// A text without marks: for what is no page.
#[must_use]
pub fn plain(text: &str) -> String {
    text.replace([OWN, END], "")
}

/// HTML as we write it, without marks, and with `lang` on the elements whose words begin with [`OWN`].
///
/// Words that are all that an element holds, or are in an attribute of an element that holds nothing, are said to be in
/// `lang` by the element itself; others get a `span`. An attribute of an element that holds more cannot say in which
/// language it is: the rest would be said to be in it too.
#[must_use]
pub fn said(html: &str, lang: &str) -> String {
    let mut out = String::with_capacity(html.len());
    let mut rest = html;
    while let Some(open) = rest.find('<') {
        let (words, from) = rest.split_at(open);
        spoken(&mut out, words, lang);
        let (tag, after) = from.split_at(crate::document::end_of_tag(from));
        let words = after.split('<').next().unwrap_or_default();
        let ends = after[words.len()..].starts_with("</");
        let begins = !tag.starts_with("</") && !tag.starts_with("<!");
        let of_words = ends && is_own(words) && !is_void(tag);
        let of_attribute = tag.contains(OWN) && (words.is_empty() && ends || is_void(tag));
        let says = begins && (of_words || of_attribute) && !tag.contains(" lang=\"");
        let bare = plain(tag);
        if says {
            let name = bare.find([' ', '>']).unwrap_or(bare.len());
            out += &format!("{} lang=\"{lang}\"{}", &bare[..name], &bare[name..]);
        } else {
            out += &bare;
        }
        rest = after;
        if says && of_words {
            out += &plain(words);
            rest = &after[words.len()..];
        }
    }
    spoken(&mut out, rest, lang);
    out
}

/// Whether all of a text is in the language of the catalogue.
fn is_own(words: &str) -> bool {
    let mut marks = words.trim().match_indices([OWN, END]);
    marks.next().is_some_and(|(at, mark)| at == 0 && mark.starts_with(OWN))
        && marks.next().is_some_and(|(at, mark)| at + mark.len() == words.trim().len())
}

/// Whether an element never holds anything.
fn is_void(tag: &str) -> bool {
    ["<input", "<img", "<br", "<hr", "<meta", "<link"].iter().any(|void| tag.starts_with(void))
}

/// Writes a text between tags, its own words in elements of their own.
fn spoken(out: &mut String, text: &str, lang: &str) {
    let mut rest = text;
    while let Some((before, own)) = rest.split_once(OWN) {
        let (own, after) = own.split_once(END).unwrap_or((own, ""));
        out.push_str(&plain(before));
        out.push_str(&format!("<span lang=\"{lang}\">{}</span>", plain(own)));
        rest = after;
    }
    out.push_str(&plain(rest));
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_message_that_fell_back_says_the_same_and_is_not_the_same_bytes() {
        const MARKED: [u8; marked_len("Día")] = mark("Día");
        let text = read(&MARKED);
        assert_ne!(text, "Día");
        assert_eq!(plain(text), "Día");
    }

    #[test]
    fn words_in_the_language_of_the_catalogue_say_so_and_the_others_lose_their_marks() {
        let own = own!("Jieyuu");
        for (html, expected) in [
            (format!("<th scope=\"col\">{own}</th>"), "<th lang=\"guc\" scope=\"col\">Jieyuu</th>"),
            (format!("<p>{own}</p>"), "<p lang=\"guc\">Jieyuu</p>"),
            (format!("<p>{own}: 5</p>"), "<p><span lang=\"guc\">Jieyuu</span>: 5</p>"),
            (format!("<p><b>1</b> {own}</p>"), "<p><b>1</b> <span lang=\"guc\">Jieyuu</span></p>"),
            (
                format!("<nav aria-label=\"{own}\"><a>x</a></nav>"),
                "<nav aria-label=\"Jieyuu\"><a>x</a></nav>",
            ),
            (format!("<input placeholder=\"{own}\">"), "<input lang=\"guc\" placeholder=\"Jieyuu\">"),
            (format!("<b title=\"{own}\"></b>"), "<b lang=\"guc\" title=\"Jieyuu\"></b>"),
            (format!("<a lang=\"es\">{own}</a>"), "<a lang=\"es\"><span lang=\"guc\">Jieyuu</span></a>"),
            (
                format!("<label><input type=\"radio\">{own}</label>"),
                "<label><input type=\"radio\"><span lang=\"guc\">Jieyuu</span></label>",
            ),
            ("<p>Mujeres\u{E007F}</p>".to_owned(), "<p>Mujeres</p>"),
            (format!("{own} y"), "<span lang=\"guc\">Jieyuu</span> y"),
            (format!("<p>{own}"), "<p><span lang=\"guc\">Jieyuu</span>"),
        ] {
            assert_eq!(said(&html, "guc"), expected, "{html}");
        }
    }
}
