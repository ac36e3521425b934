//! Effects, as trait objects: the compiler then makes their machinery once for each type of result instead of once for
//! each effect, a kilobyte each (`docs/decisions/0003-splitting.md`).

use leptos::prelude::Effect;

/// Runs `run` in the browser now, and again whenever signals that it reads change, with what it returned the last time.
pub fn effect<T: 'static>(run: impl FnMut(Option<T>) -> T + 'static) {
    let run: Box<dyn FnMut(Option<T>) -> T> = Box::new(run);
    Effect::new(run);
}
