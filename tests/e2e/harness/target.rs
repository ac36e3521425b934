//! Elements as a person finds them: by what they are and what they say.

use std::fmt;

/// How to find an element.
#[derive(Debug, Clone)]
pub struct Target {
    what: String,
    path: String,
}

impl Target {
    fn new(what: impl Into<String>, path: impl Into<String>) -> Self {
        Self { what: what.into(), path: path.into() }
    }

    /// The XPath expression.
    pub fn path(&self) -> &str {
        &self.path
    }

    /// This target within another.
    pub fn inside(&self, outer: &Self) -> Self {
        Self::new(format!("{self} in {outer}"), format!("{}{}", outer.path, self.path))
    }

    /// The innermost element of this kind that says `words` somewhere within.
    pub fn saying(&self, words: &str) -> Self {
        let said = format!("[contains(normalize-space(), {})]", quoted(words));
        Self::new(format!("{self} saying «{words}»"), format!("{}{said}", self.path))
    }
}

impl fmt::Display for Target {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.what)
    }
}

/// An element by its name, which is said in full or in its label.
fn named(kind: &str, elements: &str, name: &str) -> Target {
    let name_is = format!("[normalize-space()={0} or @aria-label={0}]", quoted(name));
    Target::new(format!("{kind} «{name}»"), format!("//{elements}{name_is}"))
}

/// A link by what it says.
pub fn link(name: &str) -> Target {
    named("link", "a[@href]", name)
}

/// A button by what it says.
pub fn button(name: &str) -> Target {
    named("button", "button", name)
}

/// A heading of any level by what it says.
pub fn heading(name: &str) -> Target {
    named("heading", "*[self::h1 or self::h2 or self::h3]", name)
}

/// The field that a label belongs to.
pub fn field(label: &str) -> Target {
    let path = format!("//*[@id=//label[normalize-space()={}]/@for]", quoted(label));
    Target::new(format!("field «{label}»"), path)
}

/// The checkbox whose label has this line.
pub fn checkbox(label: &str) -> Target {
    box_in_label("checkbox", label)
}

/// The radio button whose label has this line.
pub fn radio(label: &str) -> Target {
    box_in_label("radio", label)
}

fn box_in_label(kind: &str, label: &str) -> Target {
    let path = format!("//label[.//*[normalize-space()={}]]/input[@type='{kind}']", quoted(label));
    Target::new(format!("{kind} «{label}»"), path)
}

/// Whatever says exactly this.
pub fn text(words: &str) -> Target {
    Target::new(format!("«{words}»"), format!("//*[text()[normalize-space()={}]]", quoted(words)))
}

/// Whatever says this among other words.
pub fn containing(words: &str) -> Target {
    Target::new(
        format!("«…{words}…»"),
        format!("//*[text()[contains(normalize-space(), {})]]", quoted(words)),
    )
}

/// Elements by their kind.
pub fn tag(name: &str) -> Target {
    Target::new(format!("<{name}>"), format!("//{name}"))
}

/// Elements by a class: only for what has no words, roles or names to be found by.
pub fn css(class: &str) -> Target {
    let path = format!("//*[contains(concat(' ', @class, ' '), ' {class} ')]");
    Target::new(format!(".{class}"), path)
}

/// A string literal of XPath, which knows no escapes.
fn quoted(words: &str) -> String {
    if words.contains('\'') { format!("\"{words}\"") } else { format!("'{words}'") }
}
