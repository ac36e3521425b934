//! The edge to the browser.

use crate::{document, find, place, turn, until};
use cabildo_app::platform;
use std::cell::{Cell, RefCell};
use std::rc::Rc;
use wasm_bindgen_test::wasm_bindgen_test;

#[wasm_bindgen_test]
fn the_app_takes_the_place_of_what_the_server_rendered_in_one_step() {
    let old = place();
    old.set_id("app-here");
    let (fresh, swap) = platform::stage("app-here").unwrap();
    fresh.set_inner_html("<p>the app</p>");
    assert!(old.is_connected() && !fresh.is_connected());
    swap();
    assert!(!old.is_connected() && fresh.is_connected());
    assert!(find(&document().body().unwrap(), "#app-here p").is_some());
    fresh.remove();
}

#[wasm_bindgen_test]
async fn work_of_one_name_never_overlaps() {
    let inside = Rc::new(Cell::new(0));
    let done = Rc::new(RefCell::new(Vec::new()));
    for number in 0..3 {
        let (inside, done) = (Rc::clone(&inside), Rc::clone(&done));
        wasm_bindgen_futures::spawn_local(async move {
            let work = async move {
                inside.set(inside.get() + 1);
                assert_eq!(inside.get(), 1, "two at once");
                turn().await;
                inside.set(inside.get() - 1);
                done.borrow_mut().push(number);
            };
            platform::exclusively("test-lock", work).await;
        });
    }
    until(|| done.borrow().len() == 3).await;
    assert_eq!(*done.borrow(), [0, 1, 2]);
}

#[wasm_bindgen_test]
async fn what_is_announced_is_said_in_the_live_region() {
    let region = place();
    region.set_id("announcer");
    platform::announce("Su voto fue retirado.");
    assert_eq!(region.text_content().unwrap(), "Su voto fue retirado.");
    region.remove();
    platform::announce("nowhere to say it");
}

#[wasm_bindgen_test]
async fn the_focus_goes_to_what_appears_in_the_same_turn() {
    platform::focus("late-heading");
    let heading = place();
    heading.set_id("late-heading");
    heading.set_tab_index(-1);
    until(|| document().active_element().is_some_and(|element| element.id() == "late-heading")).await;
    heading.remove();
}

#[wasm_bindgen_test]
fn keys_for_requests_differ() {
    assert_ne!(platform::random_key(), platform::random_key());
}

#[wasm_bindgen_test]
fn what_is_remembered_is_found_until_it_is_forgotten() {
    platform::remember("test-remembered", Some("agua"));
    assert_eq!(platform::remembered("test-remembered").as_deref(), Some("agua"));
    platform::remember("test-remembered", None);
    assert_eq!(platform::remembered("test-remembered"), None);
}
