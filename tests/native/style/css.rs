//! Just enough of CSS to ask questions about our own: blocks, their way from the outermost, their declarations.

/// A block and what it declares itself, blocks inside it not counted.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Block {
    /// The preludes from the outermost to its own, e.g. `["@layer base", "a", "&:hover"]`.
    pub path: Vec<String>,
    /// Property and value, in order.
    pub declarations: Vec<(String, String)>,
}

impl Block {
    /// Whether it is a plain style rule of one component: `.c-name` within its layer and nothing else.
    pub fn is_component_root(&self) -> bool {
        matches!(self.path.as_slice(), [_, selector]
            if selector.starts_with(".c-") && !selector.contains("__") && !selector.contains([' ', ':', '[']))
    }

    /// Whether a prelude on its way contains this text.
    pub fn is_within(&self, text: &str) -> bool {
        self.path.iter().any(|prelude| prelude.contains(text))
    }
}

/// The blocks of a stylesheet, inner ones after the declarations of their outer one that precede them.
pub fn parse(source: &str) -> Vec<Block> {
    let mut blocks: Vec<Block> = Vec::new();
    let mut open: Vec<usize> = Vec::new();
    let (mut text, mut quote, mut parentheses) = (String::new(), None, 0_u32);
    for letter in without_comments(source).chars() {
        match letter {
            _ if quote.is_some() => {
                quote = quote.filter(|end| *end != letter);
                text.push(letter);
            }
            '"' | '\'' => {
                quote = Some(letter);
                text.push(letter);
            }
            '(' | '[' => {
                parentheses += 1;
                text.push(letter);
            }
            ')' | ']' => {
                parentheses -= 1;
                text.push(letter);
            }
            '{' => {
                let mut path = open.last().map_or_else(Vec::new, |index| blocks[*index].path.clone());
                path.push(one_line(&text));
                text.clear();
                open.push(blocks.len());
                blocks.push(Block { path, declarations: Vec::new() });
            }
            ';' | '}' if parentheses == 0 => {
                if let (Some(index), Some((name, value))) = (open.last(), text.split_once(':')) {
                    blocks[*index].declarations.push((name.trim().to_owned(), one_line(value)));
                }
                text.clear();
                if letter == '}' {
                    open.pop();
                }
            }
            _ => text.push(letter),
        }
    }
    assert!(open.is_empty(), "a block is never closed");
    blocks
}

/// The words after which `found` asks, wherever they stand: `names("a var(--x)", "var(")` is `["--x"]`.
pub fn names(text: &str, after: &str) -> Vec<String> {
    text.split(after)
        .skip(1)
        .map(|rest| {
            rest.chars().take_while(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '_')).collect()
        })
        .collect()
}

fn without_comments(source: &str) -> String {
    let mut kept = String::new();
    for (index, piece) in source.split("/*").enumerate() {
        kept.push_str(if index == 0 { piece } else { piece.split_once("*/").map_or("", |(_, rest)| rest) });
    }
    kept
}

fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

#[test]
fn blocks_know_their_way_and_their_own_declarations() {
    let blocks =
        parse("@layer base { a { color: var(--x); /* ; } */ &:hover { content: \"};\" } margin: 0 } }");
    let path = |path: &[&str]| path.iter().map(|each| (*each).to_owned()).collect::<Vec<_>>();
    assert_eq!(blocks.len(), 3);
    assert_eq!(blocks[1].path, path(&["@layer base", "a"]));
    assert_eq!(blocks[1].declarations.len(), 2);
    assert_eq!(blocks[2].path, path(&["@layer base", "a", "&:hover"]));
    assert_eq!(blocks[2].declarations, [("content".to_owned(), "\"};\"".to_owned())]);
}
