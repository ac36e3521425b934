//! The Cabildo front-end.
//!
//! One library, three surfaces: the citizen app, the widgets and the public screen. For `wasm32` it runs in the
//! browser; natively it renders the same components to HTML for the server's first response ([`document`]).
//!
//! # Layout
//! In reading order, which is the order of the flow; a module uses what stands above it, never below:
//! - [`clock`], [`platform`]: the only places that read the time and touch the browser.
//! - [`i18n`]: the languages, their messages and formats.
//! - [`route`]: the addresses of all screens; every link goes through it.
//! - [`client`]: the only door to the network: [`client::send`] and [`client::live::watch`].
//! - [`outbox`]: what a person confirmed and the server has not acknowledged; pure.
//! - [`seed`]: the answers that came with the first response, so that the first view needs no request.
//! - [`state`]: resources and actions, no markup.
//! - [`ui`]: components: values in, callbacks out.
//! - [`pages`]: one file a screen; joins state to components and owns nothing else.
//! - [`surface`]: what is round the pages in each of the three surfaces.
//! - [`document`]: the server's side of it.
//!
//! # Laws
//! - **The address is the state of a screen.** What is neither in it nor on the server is nearly nothing:
//!   the session, an unfinished draft, the theme.
//! - **What can be derived is derived.** Effects only talk to the outside world.
//! - **A request dies with the scope that asked for it.**
//! - **No private door.** What the pages ask for is public and documented.

// A page is one deeply nested type; an optimised native build meets the default of 128.
#![recursion_limit = "256"]

pub mod client;
pub mod clock;
pub mod document;
mod effect;
pub mod i18n;
pub mod loadable;
pub mod outbox;
pub mod pages;
pub mod platform;
pub mod route;
pub mod seed;
pub mod snippet;
pub mod state;
pub mod surface;
pub mod ui;
