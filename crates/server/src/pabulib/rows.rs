//! Rows of fields, separated by `;` and quoted as in CSV.

use super::Fault;

/// A row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Row {
    /// The line on which it begins.
    pub line: usize,
    /// Its fields, without quotation marks and without space around them.
    pub fields: Vec<String>,
}

impl Row {
    /// The name of the section that it begins.
    pub fn section(&self) -> Option<&'static str> {
        let (first, rest) = self.fields.split_first()?;
        if rest.iter().any(|field| !field.is_empty()) {
            return None;
        }
        ["META", "PROJECTS", "VOTES"].into_iter().find(|name| first.eq_ignore_ascii_case(name))
    }
}

/// Reads bytes as text.
pub fn text(bytes: &[u8]) -> Result<&str, Fault> {
    if bytes.starts_with(b"\xFF\xFE") || bytes.starts_with(b"\xFE\xFF") {
        return Err(Fault::new(1, "the file is UTF-16; the format wants UTF-8: convert it first"));
    }
    let text = std::str::from_utf8(bytes).map_err(|error| {
        let before = bytes.get(..error.valid_up_to()).unwrap_or_default();
        let line = line_ends(std::str::from_utf8(before).unwrap_or_default()).count() + 1;
        let byte = bytes.get(error.valid_up_to()).copied().unwrap_or_default();
        Fault::new(
            line,
            format!("byte {byte:#04X} is not UTF-8: the file is in another encoding, convert it first"),
        )
    })?;
    Ok(text.strip_prefix('\u{FEFF}').unwrap_or(text))
}

/// Where lines end: after `\n`, `\r\n`, or a `\r` alone, with which old spreadsheets end them.
fn line_ends(text: &str) -> impl Iterator<Item = usize> {
    let is_end =
        |at: usize, mark: &str| mark == "\n" || !text.get(at + 1..).is_some_and(|t| t.starts_with('\n'));
    text.match_indices(['\n', '\r']).filter(move |(at, mark)| is_end(*at, mark)).map(|(at, _)| at + 1)
}

/// All rows that are not empty.
pub fn rows(text: &str) -> Result<Vec<Row>, Fault> {
    let mut rows = Vec::new();
    let mut reader = Reader { rest: text, line: 1 };
    while !reader.rest.is_empty() {
        let line = reader.line;
        let fields = reader.row()?;
        if fields.iter().any(|field| !field.is_empty()) {
            rows.push(Row { line, fields });
        }
    }
    Ok(rows)
}

struct Reader<'a> {
    rest: &'a str,
    line: usize,
}

impl<'a> Reader<'a> {
    fn row(&mut self) -> Result<Vec<String>, Fault> {
        let mut fields = Vec::new();
        loop {
            fields.push(self.field()?);
            if let Some(rest) = self.rest.strip_prefix(';') {
                self.rest = rest;
                continue;
            }
            if let Some(rest) =
                self.rest.strip_prefix("\r\n").or_else(|| self.rest.strip_prefix(['\n', '\r']))
            {
                self.rest = rest;
            }
            self.line += 1;
            return Ok(fields);
        }
    }

    fn field(&mut self) -> Result<String, Fault> {
        let inner = self.rest.trim_start_matches([' ', '\t']);
        if let Some(quoted) = inner.strip_prefix('"')
            && let Some(field) = self.quoted(quoted)?
        {
            return Ok(field);
        }
        let end = self.rest.find([';', '\n', '\r']).unwrap_or(self.rest.len());
        let (field, rest) = self.rest.split_at(end);
        self.rest = rest;
        Ok(field.trim().to_owned())
    }

    /// A field after its opening mark; none if something else than the end of the field follows its closing mark, so
    /// that the marks belong to the text.
    fn quoted(&mut self, quoted: &'a str) -> Result<Option<String>, Fault> {
        let mut field = String::new();
        let mut rest = quoted;
        let mut lines = 0;
        loop {
            let Some((part, after)) = rest.split_once('"') else { return Err(self.unclosed()) };
            for end in line_ends(part) {
                lines += 1;
                let next =
                    part.get(end..).unwrap_or_default().split(['\n', '\r']).next().unwrap_or_default().trim();
                if ["PROJECTS", "VOTES"].contains(&next) {
                    return Err(self.unclosed());
                }
            }
            field.push_str(part);
            if let Some(after) = after.strip_prefix('"') {
                field.push('"');
                rest = after;
                continue;
            }
            let end = after.trim_start_matches([' ', '\t']);
            if end.is_empty() || end.starts_with([';', '\n', '\r']) {
                self.rest = end;
                self.line += lines;
                return Ok(Some(field.trim().to_owned()));
            }
            return Ok(None);
        }
    }

    fn unclosed(&self) -> Fault {
        Fault::new(self.line, "a quotation mark begins a field and is never closed")
    }
}

/// A field as it is written.
pub fn quoted(field: &str) -> String {
    let plain = !field.contains([';', '"', '\n', '\r']) && field.trim() == field;
    if plain { field.to_owned() } else { format!("\"{}\"", field.replace('"', "\"\"")) }
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a test fails by panicking")]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn fields(text: &str) -> Vec<(usize, Vec<String>)> {
        rows(text).unwrap().into_iter().map(|row| (row.line, row.fields)).collect()
    }

    #[test]
    fn fields_are_separated_quoted_and_trimmed() {
        let text = "a; b ;\"c;d\"\r\n\r\n\"\"\"Konikowo\"\" - plac\";\"two\nlines\"\n\"Park\" zielony;x\n";
        let expected: [(usize, &[&str]); 3] = [
            (1, &["a", "b", "c;d"]),
            (3, &["\"Konikowo\" - plac", "two\nlines"]),
            (5, &["\"Park\" zielony", "x"]),
        ];
        let found = fields(text);
        assert_eq!(found.len(), expected.len());
        for ((line, fields), (expected_line, expected)) in found.iter().zip(expected) {
            assert_eq!(
                (*line, fields.iter().map(String::as_str).collect::<Vec<_>>()),
                (expected_line, expected.to_vec())
            );
        }
    }

    #[test]
    fn a_mark_that_is_never_closed_is_found_where_it_begins() {
        let fault = rows("META\na;b\nc;\"d\ne;f\nVOTES\n1;\"x\"\n").unwrap_err();
        assert_eq!(fault.line, 3);
        assert_eq!(rows("a\nb;\"c").unwrap_err().line, 2);
    }

    #[test]
    fn lines_are_counted_alike_whatever_ends_them() {
        for end in ["\n", "\r\n", "\r"] {
            let file = format!("a;\"b{end}c\"{end}{end}d{end}");
            let lines: Vec<usize> = rows(&file).unwrap().iter().map(|row| row.line).collect();
            assert_eq!(lines, [1, 4], "{end:?}");
            let unclosed = format!("META{end}a;\"b{end}VOTES{end}1;\"x\"{end}");
            assert_eq!(rows(&unclosed).unwrap_err().line, 2, "{end:?}");
            let bytes = [b"a".as_slice(), end.as_bytes(), b"\xFF"].concat();
            assert_eq!(text(&bytes).unwrap_err().line, 2, "{end:?}");
        }
    }

    #[test]
    fn another_encoding_is_refused_with_its_line() {
        assert_eq!(text(b"META\nkey;value\nunit;Krak\xF3w\n").unwrap_err().line, 3);
        assert!(text(b"\xFF\xFEM\0").unwrap_err().reason.contains("UTF-16"));
        assert_eq!(text("\u{FEFF}META".as_bytes()), Ok("META"));
    }

    proptest! {
        #[test]
        fn what_is_written_is_read_back(given in prop::collection::vec("[a-z;\" ,\u{e9}\n]{0,8}", 1..5)) {
            let trimmed: Vec<String> = given.iter().map(|field| field.trim().to_owned()).collect();
            prop_assume!(trimmed.iter().any(|field| !field.is_empty()));
            let line = given.iter().map(|field| quoted(field)).collect::<Vec<_>>().join(";");
            prop_assert_eq!(&fields(&line)[0].1, &trimmed);
        }
    }
}
