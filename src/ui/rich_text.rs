//! People's words: the Markdown subset as DOM nodes. Never as HTML text, so nothing typed can become markup.

use cabildo_contract::markdown::{Block, Inline, parse};
use leptos::prelude::*;

/// Shows a text.
#[must_use]
pub fn rich_text(text: &str) -> AnyView {
    parse(text).into_iter().map(block).collect_view().into_any()
}

fn block(block: Block) -> AnyView {
    match block {
        Block::Paragraph(inner) => view! { <p>{inlines(inner)}</p> }.into_any(),
        Block::Quote(inner) => view! { <blockquote><p>{inlines(inner)}</p></blockquote> }.into_any(),
        Block::List(numbered, items) => {
            let items = items.into_iter().map(|item| view! { <li>{inlines(item)}</li> }).collect_view();
            if numbered {
                view! { <ol>{items}</ol> }.into_any()
            } else {
                view! { <ul>{items}</ul> }.into_any()
            }
        }
    }
}

fn inlines(inlines: Vec<Inline>) -> Vec<AnyView> {
    inlines.into_iter().map(inline).collect()
}

fn inline(inline: Inline) -> AnyView {
    match inline {
        Inline::Text(text) => text.into_any(),
        Inline::Break => view! { <br /> }.into_any(),
        Inline::Strong(inner) => view! { <strong>{inlines(inner)}</strong> }.into_any(),
        Inline::Emphasis(inner) => view! { <em>{inlines(inner)}</em> }.into_any(),
        // A stranger's link: no referrer to it, no credit from search engines, no hold on this tab.
        Inline::Link { address, text } => {
            view! { <a href=address rel="nofollow ugc noopener noreferrer" target="_blank">{text}</a> }
                .into_any()
        }
    }
}
