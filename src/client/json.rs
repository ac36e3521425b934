//! Reading JSON (RFC 8259) in few bytes.
//!
//! `serde_json` says where a text is wrong and in which way; the code for that is a tenth of what a phone fetches for
//! the list of proposals, and all that a page can do about a wrong answer is to say that it made no sense. So an error
//! here says nothing, every type asks only for what it can read, and there are no fractions: the API has none. Tests
//! hold it against `serde_json`; `docs/decisions/0003-splitting.md` has the figures.

use serde::de::{self, DeserializeOwned, DeserializeSeed, IntoDeserializer, Visitor};
use std::borrow::Cow;
use std::fmt;

/// Arrays and objects within each other beyond which a text is refused rather than read: the stack is finite.
const DEPTH: u8 = 64;

/// How many negative numbers there are.
const NEGATIVES: u64 = i64::MIN.unsigned_abs();

/// The text is not JSON, or not of the type that was asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Nonsense;

impl fmt::Display for Nonsense {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("not the JSON that was expected")
    }
}

impl std::error::Error for Nonsense {}

impl de::Error for Nonsense {
    fn custom<T: fmt::Display>(_: T) -> Self {
        Self
    }

    // The default of each of these writes a sentence, and with it the code that writes sentences.
    fn invalid_type(_: de::Unexpected, _: &dyn de::Expected) -> Self {
        Self
    }

    fn invalid_value(_: de::Unexpected, _: &dyn de::Expected) -> Self {
        Self
    }

    fn invalid_length(_: usize, _: &dyn de::Expected) -> Self {
        Self
    }

    fn unknown_variant(_: &str, _: &'static [&'static str]) -> Self {
        Self
    }

    fn unknown_field(_: &str, _: &'static [&'static str]) -> Self {
        Self
    }

    fn missing_field(_: &'static str) -> Self {
        Self
    }

    fn duplicate_field(_: &'static str) -> Self {
        Self
    }
}

type Result<T> = std::result::Result<T, Nonsense>;

/// Reads a value from a text that holds nothing else.
///
/// # Errors
/// [`Nonsense`].
pub fn read<T: DeserializeOwned>(text: &str) -> Result<T> {
    let mut reader = Reader { text, at: 0, depth: 0 };
    let value = T::deserialize(&mut reader)?;
    match reader.peek() {
        None => Ok(value),
        Some(_) => Err(Nonsense),
    }
}

struct Reader<'a> {
    text: &'a str,
    /// Offset of what is read next; always at the boundary of a character.
    at: usize,
    depth: u8,
}

enum Number {
    Natural(u64),
    Negative(i64),
    /// Not whole, or larger than a type of ours holds.
    Other,
}

impl<'a> Reader<'a> {
    /// The next byte, without skipping anything.
    fn byte(&self) -> Option<u8> {
        self.text.as_bytes().get(self.at).copied()
    }

    /// The next byte after white space; it stays to be read.
    fn peek(&mut self) -> Option<u8> {
        while let Some(b' ' | b'\n' | b'\r' | b'\t') = self.byte() {
            self.at += 1;
        }
        self.byte()
    }

    /// Takes `byte` if it comes next.
    fn take(&mut self, byte: u8) -> bool {
        let here = self.peek() == Some(byte);
        self.at += usize::from(here);
        here
    }

    fn expect(&mut self, byte: u8) -> Result<()> {
        if self.take(byte) { Ok(()) } else { Err(Nonsense) }
    }

    /// Takes `word` if it comes next.
    fn word(&mut self, word: &str) -> bool {
        self.peek();
        let here = self.is_here(word);
        self.at += if here { word.len() } else { 0 };
        here
    }

    fn is_here(&self, word: &str) -> bool {
        self.text.as_bytes().get(self.at..).is_some_and(|rest| rest.starts_with(word.as_bytes()))
    }

    /// What stands from there to here.
    fn since(&self, from: usize) -> Result<&'a str> {
        self.text.get(from..self.at).ok_or(Nonsense)
    }

    fn bool(&mut self) -> Result<bool> {
        if self.word("true") {
            Ok(true)
        } else if self.word("false") {
            Ok(false)
        } else {
            Err(Nonsense)
        }
    }

    fn string(&mut self) -> Result<Cow<'a, str>> {
        self.expect(b'"')?;
        let mut from = self.at;
        let mut read = Cow::Borrowed("");
        loop {
            match self.byte().ok_or(Nonsense)? {
                end @ (b'"' | b'\\') => {
                    let piece = self.since(from)?;
                    if read.is_empty() {
                        read = Cow::Borrowed(piece)
                    } else {
                        read.to_mut().push_str(piece)
                    }
                    self.at += 1;
                    if end == b'"' {
                        return Ok(read);
                    }
                    read.to_mut().push(self.escaped()?);
                    from = self.at;
                }
                0..0x20 => return Err(Nonsense),
                _ => self.at += 1,
            }
        }
    }

    /// The character that stands behind a backslash.
    fn escaped(&mut self) -> Result<char> {
        let byte = self.byte().ok_or(Nonsense)?;
        self.at += 1;
        Ok(match byte {
            b'"' | b'\\' | b'/' => byte.into(),
            b'b' => '\u{8}',
            b'f' => '\u{c}',
            b'n' => '\n',
            b'r' => '\r',
            b't' => '\t',
            b'u' => {
                let unit = self.unit()?;
                // Beyond the first 65,536 characters there are two units of UTF-16.
                let low = if (0xd800..0xdc00).contains(&unit) {
                    if !self.is_here("\\u") {
                        return Err(Nonsense);
                    }
                    self.at += 2;
                    self.unit()?
                } else {
                    0
                };
                let code = match low {
                    0 => unit,
                    0xdc00..0xe000 => 0x10000 + ((unit - 0xd800) << 10) + (low - 0xdc00),
                    _ => return Err(Nonsense),
                };
                char::from_u32(code).ok_or(Nonsense)?
            }
            _ => return Err(Nonsense),
        })
    }

    /// Four hexadecimal digits.
    fn unit(&mut self) -> Result<u32> {
        let mut unit = 0;
        for _ in 0..4 {
            let digit = self.byte().and_then(|byte| char::from(byte).to_digit(16)).ok_or(Nonsense)?;
            unit = unit * 16 + digit;
            self.at += 1;
        }
        Ok(unit)
    }

    fn number(&mut self) -> Result<Number> {
        let negative = self.take(b'-');
        let digits = self.digits()?;
        if digits.len() > 1 && digits.starts_with('0') {
            return Err(Nonsense);
        }
        let mut whole = true;
        if self.byte() == Some(b'.') {
            whole = false;
            self.at += 1;
            self.digits()?;
        }
        if let Some(b'e' | b'E') = self.byte() {
            whole = false;
            self.at += 1;
            if let Some(b'+' | b'-') = self.byte() {
                self.at += 1;
            }
            self.digits()?;
        }
        let natural = if whole { digits.parse::<u64>().ok() } else { None };
        Ok(match natural {
            Some(n) if !negative => Number::Natural(n),
            // `-0` is a fraction to whoever tells it from `0`.
            Some(n @ 1..=NEGATIVES) => Number::Negative(0_i64.wrapping_sub_unsigned(n)),
            _ => Number::Other,
        })
    }

    /// One digit or more.
    fn digits(&mut self) -> Result<&'a str> {
        let start = self.at;
        while self.byte().is_some_and(|byte| byte.is_ascii_digit()) {
            self.at += 1;
        }
        if self.at == start { Err(Nonsense) } else { self.since(start) }
    }

    fn natural(&mut self) -> Result<u64> {
        self.peek();
        match self.number()? {
            Number::Natural(n) => Ok(n),
            _ => Err(Nonsense),
        }
    }

    fn integer(&mut self) -> Result<i64> {
        self.peek();
        match self.number()? {
            Number::Natural(n) => n.try_into().map_err(|_| Nonsense),
            Number::Negative(n) => Ok(n),
            Number::Other => Err(Nonsense),
        }
    }

    fn open(&mut self, byte: u8) -> Result<()> {
        self.expect(byte)?;
        self.depth += 1;
        if self.depth > DEPTH { Err(Nonsense) } else { Ok(()) }
    }

    fn close(&mut self, byte: u8) -> Result<()> {
        self.depth -= 1;
        self.expect(byte)
    }

    /// Whether another member follows in the array or object that ends with `end`.
    fn more(&mut self, first: &mut bool, end: u8) -> Result<bool> {
        if self.peek() == Some(end) {
            return Ok(false);
        }
        if !std::mem::take(first) {
            self.expect(b',')?;
        }
        Ok(true)
    }

    fn skip(&mut self) -> Result<()> {
        match self.peek().ok_or(Nonsense)? {
            b'"' => self.string().map(drop),
            b't' | b'f' => self.bool().map(drop),
            b'n' => self.null(),
            b'[' => {
                self.open(b'[')?;
                let mut first = true;
                while self.more(&mut first, b']')? {
                    self.skip()?;
                }
                self.close(b']')
            }
            b'{' => {
                self.open(b'{')?;
                let mut first = true;
                while self.more(&mut first, b'}')? {
                    self.peek();
                    self.string()?;
                    self.expect(b':')?;
                    self.skip()?;
                }
                self.close(b'}')
            }
            _ => self.number().map(drop),
        }
    }

    fn null(&mut self) -> Result<()> {
        if self.word("null") { Ok(()) } else { Err(Nonsense) }
    }
}

/// What a type asks for is what is read; anything else in its place is [`Nonsense`].
macro_rules! read_as {
    ($($method:ident $read:ident $visit:ident,)*) => {
        $(fn $method<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value> {
            let value = self.$read()?;
            visitor.$visit(value)
        })*
    };
}

impl<'de> de::Deserializer<'de> for &mut Reader<'de> {
    type Error = Nonsense;

    read_as! {
        deserialize_bool bool visit_bool,
        deserialize_u8 natural visit_u64,
        deserialize_u16 natural visit_u64,
        deserialize_u32 natural visit_u64,
        deserialize_u64 natural visit_u64,
        deserialize_i8 integer visit_i64,
        deserialize_i16 integer visit_i64,
        deserialize_i32 integer visit_i64,
        deserialize_i64 integer visit_i64,
    }

    fn deserialize_f32<V: Visitor<'de>>(self, _: V) -> Result<V::Value> {
        Err(Nonsense)
    }

    fn deserialize_f64<V: Visitor<'de>>(self, _: V) -> Result<V::Value> {
        Err(Nonsense)
    }

    fn deserialize_char<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value> {
        self.deserialize_str(visitor)
    }

    fn deserialize_str<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value> {
        visitor.visit_str(&self.string()?)
    }

    fn deserialize_string<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value> {
        self.deserialize_str(visitor)
    }

    fn deserialize_identifier<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value> {
        self.deserialize_str(visitor)
    }

    /// The API has no bytes.
    fn deserialize_bytes<V: Visitor<'de>>(self, _: V) -> Result<V::Value> {
        Err(Nonsense)
    }

    fn deserialize_byte_buf<V: Visitor<'de>>(self, _: V) -> Result<V::Value> {
        Err(Nonsense)
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value> {
        if self.word("null") { visitor.visit_none() } else { visitor.visit_some(self) }
    }

    fn deserialize_unit<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value> {
        self.null()?;
        visitor.visit_unit()
    }

    fn deserialize_unit_struct<V: Visitor<'de>>(self, _: &'static str, visitor: V) -> Result<V::Value> {
        self.deserialize_unit(visitor)
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(self, _: &'static str, visitor: V) -> Result<V::Value> {
        visitor.visit_newtype_struct(self)
    }

    fn deserialize_seq<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value> {
        self.open(b'[')?;
        let value = visitor.visit_seq(Members { reader: self, first: true })?;
        self.close(b']')?;
        Ok(value)
    }

    fn deserialize_tuple<V: Visitor<'de>>(self, _: usize, visitor: V) -> Result<V::Value> {
        self.deserialize_seq(visitor)
    }

    fn deserialize_tuple_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        _: usize,
        visitor: V,
    ) -> Result<V::Value> {
        self.deserialize_seq(visitor)
    }

    fn deserialize_map<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value> {
        self.open(b'{')?;
        let value = visitor.visit_map(Members { reader: self, first: true })?;
        self.close(b'}')?;
        Ok(value)
    }

    fn deserialize_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        _: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value> {
        self.deserialize_map(visitor)
    }

    fn deserialize_enum<V: Visitor<'de>>(
        self,
        _: &'static str,
        _: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value> {
        if self.peek() == Some(b'"') {
            return visitor.visit_enum(self.string()?.as_ref().into_deserializer());
        }
        self.open(b'{')?;
        let value = visitor.visit_enum(Variant(self))?;
        self.close(b'}')?;
        Ok(value)
    }

    fn deserialize_ignored_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value> {
        self.skip()?;
        visitor.visit_unit()
    }

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value> {
        match self.peek().ok_or(Nonsense)? {
            b'"' => self.deserialize_str(visitor),
            b't' | b'f' => self.deserialize_bool(visitor),
            b'n' => self.deserialize_unit(visitor),
            b'[' => self.deserialize_seq(visitor),
            b'{' => self.deserialize_map(visitor),
            _ => match self.number()? {
                Number::Natural(n) => visitor.visit_u64(n),
                Number::Negative(n) => visitor.visit_i64(n),
                // Whoever wants a number is told that this is none; whoever passes it over does not care.
                Number::Other => visitor.visit_f64(f64::NAN),
            },
        }
    }
}

/// The members of an array or an object.
struct Members<'r, 'de> {
    reader: &'r mut Reader<'de>,
    first: bool,
}

impl<'de> de::SeqAccess<'de> for Members<'_, 'de> {
    type Error = Nonsense;

    fn next_element_seed<T: DeserializeSeed<'de>>(&mut self, seed: T) -> Result<Option<T::Value>> {
        if !self.reader.more(&mut self.first, b']')? {
            return Ok(None);
        }
        seed.deserialize(&mut *self.reader).map(Some)
    }
}

impl<'de> de::MapAccess<'de> for Members<'_, 'de> {
    type Error = Nonsense;

    fn next_key_seed<K: DeserializeSeed<'de>>(&mut self, seed: K) -> Result<Option<K::Value>> {
        if !self.reader.more(&mut self.first, b'}')? {
            return Ok(None);
        }
        // A name is a text, whatever the map wants to make of it.
        if self.reader.peek() != Some(b'"') {
            return Err(Nonsense);
        }
        seed.deserialize(&mut *self.reader).map(Some)
    }

    fn next_value_seed<T: DeserializeSeed<'de>>(&mut self, seed: T) -> Result<T::Value> {
        self.reader.expect(b':')?;
        seed.deserialize(&mut *self.reader)
    }
}

/// `{"variant": content}`.
struct Variant<'r, 'de>(&'r mut Reader<'de>);

impl<'de> de::EnumAccess<'de> for Variant<'_, 'de> {
    type Error = Nonsense;
    type Variant = Self;

    fn variant_seed<V: DeserializeSeed<'de>>(self, seed: V) -> Result<(V::Value, Self)> {
        let variant = seed.deserialize(&mut *self.0)?;
        self.0.expect(b':')?;
        Ok((variant, self))
    }
}

impl<'de> de::VariantAccess<'de> for Variant<'_, 'de> {
    type Error = Nonsense;

    fn unit_variant(self) -> Result<()> {
        self.0.null()
    }

    fn newtype_variant_seed<T: DeserializeSeed<'de>>(self, seed: T) -> Result<T::Value> {
        seed.deserialize(self.0)
    }

    fn tuple_variant<V: Visitor<'de>>(self, _: usize, visitor: V) -> Result<V::Value> {
        de::Deserializer::deserialize_seq(self.0, visitor)
    }

    fn struct_variant<V: Visitor<'de>>(self, _: &'static [&'static str], visitor: V) -> Result<V::Value> {
        de::Deserializer::deserialize_map(self.0, visitor)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde::Deserialize;
    use std::collections::BTreeMap;

    /// Both find JSON, or neither does.
    fn agree_that_it_is_json(text: &str) {
        let expected = serde_json::from_str::<de::IgnoredAny>(text).is_ok();
        assert_eq!(read::<de::IgnoredAny>(text).is_ok(), expected, "{text}");
    }

    /// Both read the same, or neither reads anything.
    fn agree<T: DeserializeOwned + PartialEq + fmt::Debug>(text: &str) {
        let expected = serde_json::from_str::<T>(text).ok();
        assert_eq!(read::<T>(text).ok(), expected, "{text}");
    }

    #[derive(Debug, PartialEq, Deserialize)]
    #[serde(rename_all = "snake_case")]
    enum Kind {
        Plain,
        One(u32),
        Two(u8, i8),
        Named { a: bool },
    }

    #[derive(Debug, PartialEq, Deserialize)]
    struct Inner {
        b: Option<i16>,
        c: char,
    }

    #[derive(Debug, PartialEq, Deserialize)]
    struct Outer {
        a: String,
        #[serde(flatten)]
        inner: Inner,
        kinds: Vec<Kind>,
        #[serde(default)]
        map: BTreeMap<String, i64>,
        unit: (),
    }

    const OUTER: &str = r#" {"a":"x","b":-1500,"c":"ñ","kinds":["plain",{"one":4},{"two":[1,-1]},{"named":{"a":true}}],
        "map":{"k":-9,"l":0},"unit":null,"later":{"x":[1,{"y":[]},"\u00e9",false,null,1e3]}} "#;

    #[test]
    fn a_value_of_every_shape_is_read_as_by_serde_json() {
        agree::<Outer>(OUTER);
        assert!(read::<Outer>(OUTER).is_ok());
    }

    #[test]
    fn a_text_cut_off_anywhere_or_with_any_byte_changed_is_read_as_by_serde_json() {
        for at in 0..OUTER.len() {
            if OUTER.is_char_boundary(at) {
                agree::<Outer>(&OUTER[..at]);
                agree_that_it_is_json(&OUTER[..at]);
            }
            for byte in *b"\"\\{}[],:-0e. \n\x01x" {
                let mut changed = OUTER.as_bytes().to_vec();
                changed[at] = byte;
                if let Ok(text) = String::from_utf8(changed) {
                    agree::<Outer>(&text);
                    agree_that_it_is_json(&text);
                }
            }
        }
    }

    #[test]
    fn texts_are_read_with_all_that_may_be_escaped_in_them() {
        for text in [
            r#""""#,
            r#""a\"b\\c\/d\b\f\n\r\t""#,
            r#""\u00f1\u00D1\ud83d\ude00""#,
            r#""😀 ñ""#,
            r#""\ud83d""#,
            r#""\ud83dx""#,
            r#""\ud83d\u0041""#,
            r#""\ude00""#,
            r#""\u12g4""#,
            r#""\u12""#,
            r#""\x""#,
            "\"\n\"",
            "\"",
            r#""\"#,
            r#""\ud83d\u"#,
        ] {
            agree::<String>(text);
        }
    }

    #[test]
    fn numbers_are_read_as_they_are_written_or_not_at_all() {
        for text in [
            "0",
            "-0",
            "7",
            "-7",
            "01",
            "-",
            "+1",
            "1.",
            ".5",
            "1.5",
            "-1.5e3",
            "1e",
            "1E+2",
            "1e-2",
            "18446744073709551615",
            "18446744073709551616",
            "-9223372036854775808",
            "-9223372036854775809",
            "256",
            "1e400",
            "NaN",
            "",
            " 3 ",
            "3 3",
        ] {
            agree::<u64>(text);
            agree::<u8>(text);
            agree_that_it_is_json(text);
            agree::<Option<i64>>(text);
        }
        agree::<i64>("-9223372036854775808");
    }

    #[test]
    fn a_text_nested_without_end_is_refused_before_the_stack_ends() {
        let deep = |depth| "[".repeat(depth) + &"]".repeat(depth);
        assert!(read::<de::IgnoredAny>(&deep(64)).is_ok());
        assert_eq!(read::<de::IgnoredAny>(&deep(65)).err(), Some(Nonsense));
        assert_eq!(read::<de::IgnoredAny>(&deep(100_000)).err(), Some(Nonsense));
    }
}
