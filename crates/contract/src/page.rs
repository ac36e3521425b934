//! Lists, one page at a time.

use serde::{Deserialize, Serialize};

/// Items of a page unless the request says otherwise.
pub const DEFAULT_LIMIT: u32 = 20;
/// Most items that a page can hold; a larger `limit` is refused.
pub const MAX_LIMIT: u32 = 100;

/// One page of a list, and where the next begins.
///
/// Pages seek (they continue after the last item seen) instead of counting, so an item that arrives while
/// someone reads neither repeats nor hides another.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Page<T> {
    /// The items, in the order asked for.
    pub items: Vec<T>,
    /// The `cursor` of the next page; null on the last.
    pub next: Option<String>,
    /// Of a list whose live state has a `revision`: the one from which on this page is as it was. A live state with a later one
    /// says that the list has changed since.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub revision: Option<u64>,
}

impl<T> Page<T> {
    /// A page of a list that has no live state.
    #[must_use]
    pub fn new(items: Vec<T>, next: Option<String>) -> Self {
        Self { items, next, revision: None }
    }
}

/// Writes a query string: pairs whose value is empty are left out, values are percent-encoded.
#[must_use]
pub fn query_string(pairs: &[(&str, &str)]) -> String {
    let mut text = String::new();
    for (name, value) in pairs.iter().filter(|(_, value)| !value.is_empty()) {
        text.push(if text.is_empty() { '?' } else { '&' });
        text.push_str(name);
        text.push('=');
        for byte in value.bytes() {
            match byte {
                b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'_' | b'.' | b'~' => {
                    text.push(byte as char)
                }
                b' ' => text.push('+'),
                _ => {
                    const HEX: &[u8; 16] = b"0123456789ABCDEF";
                    text.push('%');
                    text.push(HEX[usize::from(byte >> 4)] as char);
                    text.push(HEX[usize::from(byte & 15)] as char);
                }
            }
        }
    }
    text
}

/// Reads a query string (without its `?`) into pairs; the inverse of [`query_string`].
/// Bytes that are no UTF-8 become U+FFFD; a `%` that starts no escape stays as it is.
#[must_use]
pub fn parse_query(query: &str) -> Vec<(String, String)> {
    query
        .split('&')
        .filter(|pair| !pair.is_empty())
        .map(|pair| {
            let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
            (decode(name), decode(value))
        })
        .collect()
}

fn decode(text: &str) -> String {
    let bytes = text.as_bytes();
    let mut out = Vec::with_capacity(bytes.len());
    let mut i = 0;
    while i < bytes.len() {
        let hex = |at: usize| bytes.get(at).and_then(|b| (*b as char).to_digit(16));
        match (bytes[i], hex(i + 1), hex(i + 2)) {
            (b'%', Some(high), Some(low)) => {
                out.push((high * 16 + low) as u8);
                i += 3;
                continue;
            }
            (b'+', ..) => out.push(b' '),
            (byte, ..) => out.push(byte),
        }
        i += 1;
    }
    String::from_utf8_lossy(&out).into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn empty_values_leave_the_address_short() {
        assert_eq!(
            query_string(&[("q", "agua & luz"), ("level", ""), ("theme", "salud")]),
            "?q=agua+%26+luz&theme=salud"
        );
        assert_eq!(query_string(&[("q", "")]), "");
    }

    proptest! {
        #[test]
        fn whatever_is_written_is_read_back(value in ".{1,30}") {
            let written = query_string(&[("q", &value)]);
            prop_assert_eq!(parse_query(&written[1..]), vec![("q".to_owned(), value)]);
        }

        #[test]
        fn no_query_makes_the_reader_panic(query in ".{0,60}") {
            let _ = parse_query(&query);
        }
    }
}
