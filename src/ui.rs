//! Components: values in, callbacks out. None of them requests, navigates or touches the browser; each has a
//! stylesheet of the same name under `style/components/`, and examples in [`gallery`].

pub mod answer;
pub mod badge;
pub mod ballot;
pub mod breadcrumbs;
pub mod card;
pub mod chart;
pub mod chrome;
pub mod comment;
pub mod commitment;
pub mod composer;
pub mod dialog;
pub mod discussion;
pub mod facts;
pub mod filters;
pub mod funnel;
#[cfg(not(target_arch = "wasm32"))]
pub mod gallery;
pub mod hero;
pub mod icon;
pub mod live;
pub mod notice;
pub mod outcome;
pub mod outside;
pub mod phases;
pub mod reactive;
pub mod residence;
pub mod rich_text;
pub mod sentence;
pub mod stat;
pub mod status;
pub mod table;
pub mod tally;
pub mod tiles;
