//! Live state.

use crate::{place, until};
use cabildo_app::client::live::{Connection, watch};
use cabildo_contract::id::Slug;
use cabildo_contract::tally::WatchResults;
use leptos::prelude::*;
use std::cell::RefCell;
use std::rc::Rc;
use wasm_bindgen_test::wasm_bindgen_test;

#[wasm_bindgen_test]
async fn a_stream_that_is_not_there_is_reported_as_lost() {
    let states = Rc::new(RefCell::new(Vec::new()));
    let seen = Rc::clone(&states);
    // The test runner's server knows no such address and answers 404.
    let mounted = mount_to(place(), move || {
        let watched = watch(&WatchResults { consultation: Slug::parse("no-such").unwrap() });
        Effect::new(move |_| seen.borrow_mut().push(watched.connection.get()));
        Effect::new(move |_| assert!(watched.state.with(Option::is_none)));
    });
    until(|| states.borrow().last() == Some(&Connection::Lost)).await;
    assert_eq!(states.borrow().first(), Some(&Connection::Connecting));
    assert!(!states.borrow().contains(&Connection::Live));
    drop(mounted);
}
