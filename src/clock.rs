//! The only place that reads the time.

use cabildo_contract::time::Timestamp;
use leptos::prelude::*;

/// The instant for which the server renders; absent in the browser, where time goes on.
#[derive(Debug, Clone, Copy)]
pub struct RenderedAt(pub Timestamp);

/// The present instant: of the rendering on the server, of the device in the browser.
#[must_use]
pub fn now() -> Timestamp {
    match use_context::<RenderedAt>() {
        Some(RenderedAt(time)) => time,
        None => Timestamp::from_millis(device_millis()),
    }
}

/// Milliseconds since some instant. Who sets the device's clock anew does not move it.
#[cfg(target_arch = "wasm32")]
#[must_use]
pub fn elapsed() -> i64 {
    web_sys::window().and_then(|window| window.performance()).map_or(0.0, |clock| clock.now()) as i64
}

/// Milliseconds since some instant: where pages are rendered no time goes by.
#[cfg(not(target_arch = "wasm32"))]
#[must_use]
pub fn elapsed() -> i64 {
    0
}

#[cfg(target_arch = "wasm32")]
fn device_millis() -> i64 {
    js_sys::Date::now() as i64
}

#[cfg(not(target_arch = "wasm32"))]
fn device_millis() -> i64 {
    let since = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH);
    since.map_or(0, |duration| i64::try_from(duration.as_millis()).unwrap_or(i64::MAX))
}
