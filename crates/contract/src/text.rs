//! What people write, and how long it may be.
//!
//! Lengths are counted in Unicode scalar values, as `maxlength` in a page does for the basic plane and as
//! JSON Schema's `maxLength` does everywhere.

/// Longest comment or reply, in characters.
pub const COMMENT_MAX: usize = 2_000;
/// Longest answer of an entity, in characters.
pub const ANSWER_MAX: usize = 4_000;
/// Longest title of a submission, in characters.
pub const TITLE_MAX: usize = 120;
/// Longest text of a submission, in characters: the problem, and what is to be done, each.
pub const SUBMISSION_MAX: usize = 4_000;
/// Longest name of the entity that a submission says it comes from, in characters.
pub const ENTITY_MAX: usize = 120;
/// Longest note beside a report, in characters.
pub const REPORT_NOTE_MAX: usize = 500;
/// Longest reason of a moderator's decision, in characters.
pub const DECISION_REASON_MAX: usize = 500;
/// Longest search query, in characters.
pub const QUERY_MAX: usize = 100;

/// Whether this is an address on the web that a page may link to: `http` or `https`, a host, and no blanks or control
/// characters, in which browsers have hidden other schemes.
#[must_use]
pub fn is_web_address(text: &str) -> bool {
    let lower = text.to_ascii_lowercase();
    let host = lower.strip_prefix("https://").or_else(|| lower.strip_prefix("http://"));
    host.is_some_and(|host| host.starts_with(char::is_alphanumeric))
        && !text.chars().any(|c| c.is_whitespace() || c.is_control())
}

/// Text in the form in which it is stored: trimmed at both ends, line ends as `\n`, other control characters dropped.
#[must_use]
pub fn clean(text: &str) -> String {
    let unified = text.replace("\r\n", "\n").replace('\r', "\n");
    unified
        .chars()
        .filter(|c| !c.is_control() || matches!(c, '\n' | '\t'))
        .collect::<String>()
        .trim()
        .to_owned()
}

/// Text in the form in which it is searched: lower case, Spanish and Portuguese accents folded, so that
/// `participacion` finds `Participación`.
#[must_use]
pub fn fold(text: &str) -> String {
    text.chars()
        .flat_map(char::to_lowercase)
        .map(|c| match c {
            'á' | 'à' | 'ä' | 'â' | 'ã' => 'a',
            'é' | 'è' | 'ë' | 'ê' | 'ẽ' => 'e',
            'í' | 'ì' | 'ï' | 'î' | 'ĩ' => 'i',
            'ó' | 'ò' | 'ö' | 'ô' | 'õ' => 'o',
            'ú' | 'ù' | 'ü' | 'û' | 'ũ' => 'u',
            'ñ' => 'n',
            'ç' => 'c',
            other => other,
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn stored_text_has_no_control_characters_and_one_kind_of_line_end() {
        assert_eq!(clean("  Hola\r\nmundo\u{0}\u{7}\r  "), "Hola\nmundo");
    }

    #[test]
    fn a_search_without_accents_finds_text_with_them() {
        assert!(fold("Rendición de CUENTAS, Boyacá").contains("rendicion de cuentas, boyaca"));
    }
}
