//! What somebody pastes into a page of another site: made from an address, so that the page that makes it needs no
//! script and can be sent to a colleague.

use crate::document::escape;
use crate::i18n::Language;
use cabildo_contract::embed::{Color, EMBED_FILE, EMBED_INTEGRITY, Theme, Widget};
use cabildo_contract::page::{parse_query, query_string};

/// A widget, and how it shall look.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Snippet {
    /// What is shown; none before it is chosen.
    pub widget: Option<Widget>,
    /// In which language.
    pub language: Language,
    /// In which theme.
    pub theme: Theme,
    /// With which principal colour; none is Cabildo's own.
    pub color: Option<Color>,
}

impl Snippet {
    /// Reads a query.
    #[must_use]
    pub fn parse(query: &str) -> Self {
        Self::from_pairs(&parse_query(query.trim_start_matches('?')))
    }

    /// The query that [`Snippet::parse`] reads.
    #[must_use]
    pub fn query(&self) -> String {
        let pairs = self.pairs();
        query_string(&pairs.each_ref().map(|(name, value)| (*name, value.as_str())))
    }

    /// Reads it from the pairs of a query. Total: what is not valid is as if it were not there.
    #[must_use]
    pub fn from_pairs(pairs: &[(String, String)]) -> Self {
        let value = |name: &str| pairs.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str());
        Self {
            widget: value("show").and_then(|show| Widget::parse(&format!("/embed/{show}"))),
            language: value("in").and_then(Language::from_code).unwrap_or_default(),
            theme: value("theme").and_then(Theme::parse).unwrap_or_default(),
            color: value("color").and_then(Color::parse),
        }
    }

    /// The pairs that [`Snippet::from_pairs`] reads; what is as usual is left out.
    #[must_use]
    fn pairs(&self) -> [(&'static str, String); 4] {
        let show = self.widget.as_ref().map(Self::name).unwrap_or_default();
        let unusual = |is_usual: bool, value: &str| if is_usual { String::new() } else { value.to_owned() };
        [
            ("show", show),
            ("in", unusual(self.language == Language::default(), self.language.code())),
            ("theme", unusual(self.theme == Theme::default(), self.theme.as_str())),
            ("color", self.color.map(Color::digits).unwrap_or_default()),
        ]
    }

    /// A widget as `show` names it.
    #[must_use]
    pub fn name(widget: &Widget) -> String {
        widget.path().trim_start_matches("/embed/").to_owned()
    }

    /// The path and query of its frame; none before something is chosen.
    #[must_use]
    pub fn path(&self) -> Option<String> {
        let [_, (_, language), (theme, theme_value), (color, color_value)] = self.pairs();
        let query = query_string(&[("lang", &language), (theme, &theme_value), (color, &color_value)]);
        Some(format!("{}{query}", self.widget.as_ref()?.path()))
    }

    /// The line to paste.
    #[must_use]
    pub fn frame(&self, origin: &str, title: &str) -> Option<String> {
        let (path, height) = (self.path()?, self.widget.as_ref()?.height());
        Some(format!(
            "<iframe src=\"{}\" title=\"{}\" width=\"100%\" height=\"{height}\" loading=\"lazy\" \
             referrerpolicy=\"strict-origin\" style=\"border:0\"></iframe>",
            escape(&format!("{origin}{path}")),
            escape(title),
        ))
    }

    /// The element to paste beside the script; `page` is where it is whole.
    #[must_use]
    pub fn element(&self, page: &str, title: &str) -> Option<String> {
        let (path, height) = (self.path()?, self.widget.as_ref()?.height());
        Some(format!(
            "<cabildo-widget src=\"{}\" height=\"{height}\"><a href=\"{}\">{}</a></cabildo-widget>",
            escape(&path),
            escape(page),
            escape(title),
        ))
    }

    /// A picture that leads to `page`, for e-mail: `address` is where it is.
    #[must_use]
    pub fn picture(address: &str, page: &str, title: &str) -> String {
        format!(
            "<a href=\"{}\"><img src=\"{}\" alt=\"{}\" width=\"600\" height=\"315\"></a>",
            escape(page),
            escape(address),
            escape(title),
        )
    }

    /// The script that gives frames the height of their content: this version of it and no other.
    #[must_use]
    pub fn script(origin: &str) -> String {
        format!(
            "<script src=\"{origin}/{EMBED_FILE}\" integrity=\"{EMBED_INTEGRITY}\" crossorigin=\"anonymous\" async></script>"
        )
    }
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a test fails by panicking")]
mod tests {
    use super::*;
    use cabildo_contract::id::Slug;

    fn snippet() -> Snippet {
        let widget = Some(Widget::Counter(Slug::parse("temas").unwrap()));
        Snippet { widget, language: Language::English, theme: Theme::Dark, color: Color::parse("ffee00") }
    }

    #[test]
    fn what_an_address_says_is_read_back() {
        for snippet in [Snippet::default(), snippet()] {
            assert_eq!(Snippet::parse(&snippet.query()), snippet);
        }
        assert_eq!(Snippet::parse("?show=x&in=xx&theme=x&color=x"), Snippet::default());
    }

    #[test]
    fn the_line_to_paste_says_all_that_was_chosen_and_a_title_cannot_end_it() {
        let line = snippet().frame("https://c.example", "¿\"Qué\" <b>?").unwrap();
        assert_eq!(
            line,
            "<iframe src=\"https://c.example/embed/counter/temas?lang=en&amp;theme=dark&amp;color=ffee00\" \
             title=\"¿&quot;Qué&quot; &lt;b&gt;?\" width=\"100%\" height=\"180\" loading=\"lazy\" \
             referrerpolicy=\"strict-origin\" style=\"border:0\"></iframe>"
        );
        assert_eq!(Snippet::default().frame("https://c.example", ""), None);
        let picture = Snippet::picture("/p.png?lang=es", "/x", "\"Sí\"");
        assert!(picture.ends_with("alt=\"&quot;Sí&quot;\" width=\"600\" height=\"315\"></a>"), "{picture}");
    }
}
