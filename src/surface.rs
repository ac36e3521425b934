//! What is round the pages in each of the three surfaces. Surfaces differ in chrome, never in state or components.

pub mod app;
pub mod embed;
pub mod screen;
