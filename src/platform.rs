//! The only place that touches the browser, the network aside.
//!
//! Nothing here runs on the server: rendering calls none of it, events do.

pub mod shelf;

use crate::document::Answer;
use cabildo_contract::embed::FRAME_VERSION;
use cabildo_contract::page::parse_query;
use gloo_events::EventListener;
use js_sys::{Promise, Reflect};
use std::cell::Cell;
use std::future::Future;
use std::rc::Rc;
use wasm_bindgen::{JsCast, JsValue, closure::Closure};
use web_sys::{AbortController, AbortSignal, BroadcastChannel, Document, Element, HtmlElement, Window};

pub use gloo_events::EventListener as Listener;

/// Has the browser's console say where the program panicked and why. The console adds the stack.
pub fn report_panics() {
    std::panic::set_hook(Box::new(|panic| {
        web_sys::console::error_1(&JsValue::from_str(&panic.to_string()));
    }));
}

/// A timer that stops when it is dropped.
pub enum Timer {
    /// Runs once.
    Once(gloo_timers::callback::Timeout),
    /// Runs again and again.
    Every(gloo_timers::callback::Interval),
}

impl Timer {
    /// Calls `action` after `millis` milliseconds.
    pub fn once(millis: i32, action: impl FnOnce() + 'static) -> Self {
        Self::Once(gloo_timers::callback::Timeout::new(millis.unsigned_abs(), action))
    }

    /// Calls `action` every `millis` milliseconds.
    pub fn every(millis: i32, action: impl FnMut() + 'static) -> Self {
        Self::Every(gloo_timers::callback::Interval::new(millis.unsigned_abs(), action))
    }
}

/// Calls `action` before every picture that the browser draws, until it says that it is done or this is dropped.
pub struct Frames(Rc<Cell<bool>>);

impl Frames {
    /// Begins.
    pub fn run(action: impl FnMut() -> bool + 'static) -> Self {
        let going = Rc::new(Cell::new(true));
        before_next(Box::new(action), Rc::clone(&going));
        Self(going)
    }
}

impl Drop for Frames {
    fn drop(&mut self) {
        self.0.set(false);
    }
}

fn before_next(mut action: Box<dyn FnMut() -> bool>, going: Rc<Cell<bool>>) {
    let Some(window) = window() else { return };
    let callback = Closure::once_into_js(move || {
        if going.get() && action() {
            before_next(action, going);
        }
    });
    let _ = window.request_animation_frame(callback.unchecked_ref());
}

/// Whether whoever looks at this would rather have nothing move.
#[must_use]
pub fn prefers_less_motion() -> bool {
    let query = window().and_then(|window| window.match_media("(prefers-reduced-motion: reduce)").ok()?);
    query.is_some_and(|query| query.matches())
}

/// Lets the page do what waits to be done.
pub async fn breathe() {
    gloo_timers::future::TimeoutFuture::new(0).await;
}

/// Cancels a request when the last copy is dropped.
#[derive(Clone)]
pub struct Abort(Rc<AbortOnDrop>);

struct AbortOnDrop(Option<AbortController>);

impl Drop for AbortOnDrop {
    fn drop(&mut self) {
        if let Some(controller) = &self.0 {
            controller.abort();
        }
    }
}

impl Default for Abort {
    fn default() -> Self {
        Self::new()
    }
}

impl Abort {
    /// A request that can be cancelled.
    #[must_use]
    pub fn new() -> Self {
        Self(Rc::new(AbortOnDrop(AbortController::new().ok())))
    }

    /// Cancels it now.
    pub fn abort(&self) {
        if let Some(controller) = &self.0.0 {
            controller.abort();
        }
    }

    /// What the request listens to.
    #[must_use]
    pub fn signal(&self) -> Option<AbortSignal> {
        Some(self.0.0.as_ref()?.signal())
    }
}

/// None where pages are rendered on the server.
fn window() -> Option<Window> {
    cfg!(target_arch = "wasm32").then(web_sys::window)?
}

fn document() -> Option<Document> {
    window()?.document()
}

fn root() -> Option<Element> {
    document()?.document_element()
}

fn by_id(id: &str) -> Option<HtmlElement> {
    document()?.get_element_by_id(id)?.dyn_into().ok()
}

/// The answers that the server put into the page, as elements of this class; they are taken out of it.
#[must_use]
pub fn seeds(class: &str) -> Vec<Answer> {
    let mut answers = Vec::new();
    while let Some(element) =
        document().and_then(|document| document.query_selector(&format!(".{class}")).ok()?)
    {
        answers.push(Answer {
            path: element.get_attribute("data-path").unwrap_or_default(),
            status: element.get_attribute("data-status").and_then(|text| text.parse().ok()).unwrap_or(200),
            body: element.text_content().unwrap_or_default(),
        });
        element.remove();
    }
    answers
}

/// Waits until no control is being pressed, which `keeper.js` knows, but not longer than five seconds.
pub async fn released() {
    for _ in 0..300 {
        if !root().is_some_and(|root| root.has_attribute("data-held")) {
            return;
        }
        gloo_timers::future::TimeoutFuture::new(16).await;
    }
}

/// Where the app is to be put: a fresh element, and how to put it in place of what the server rendered, in one step. What
/// was done in the old one meanwhile, `keeper.js` does again in the new one.
#[must_use]
pub fn stage(id: &'static str) -> Option<(HtmlElement, impl FnOnce())> {
    let old = by_id(id)?;
    let fresh: HtmlElement = document()?.create_element("div").ok()?.dyn_into().ok()?;
    fresh.set_id(id);
    let staged = fresh.clone();
    Some((fresh, move || drop(old.replace_with_with_node_1(&staged))))
}

/// Path and query of the present address.
#[must_use]
pub fn address() -> String {
    let Some(location) = window().map(|window| window.location()) else { return "/".into() };
    location.pathname().unwrap_or_default() + &location.search().unwrap_or_default()
}

/// What the present address ends with, from its `#` on; empty without one.
#[must_use]
pub fn fragment() -> String {
    window().and_then(|window| window.location().hash().ok()).unwrap_or_default()
}

/// Goes back to where the person was before.
pub fn go_back() {
    let _ = window().and_then(|window| window.history().ok()).map(|history| history.back());
}

/// Where the site is reached, e.g. `https://cabildo.example.gov`.
#[must_use]
pub fn origin() -> String {
    window().and_then(|window| window.location().origin().ok()).unwrap_or_default()
}

/// Puts a text on the clipboard, then does something. Where the browser does not let a page do that, the text field
/// with this id is selected, so that it can be copied by hand.
pub fn copy(id: &str, text: &str, done: impl FnOnce() + 'static) {
    let Some(window) = window() else { return };
    if !window.is_secure_context() {
        if let Some(field) = by_id(id).and_then(|field| field.dyn_into::<web_sys::HtmlTextAreaElement>().ok())
        {
            let _ = field.focus();
            field.select();
        }
        return;
    }
    let written = wasm_bindgen_futures::JsFuture::from(window.navigator().clipboard().write_text(text));
    leptos::task::spawn_local(async move {
        if written.await.is_ok() {
            done();
        }
    });
}

/// A parameter of the present address.
#[must_use]
pub fn parameter(name: &str) -> Option<String> {
    let address = address();
    let pairs = parse_query(address.split_once('?')?.1);
    pairs.into_iter().find(|(known, _)| known == name).map(|(_, value)| value)
}

/// Tells the window that opened this one, if it is one of this site, that what was done for `act` was received.
pub fn tell_opener(act: &str) {
    let Some(window) = window() else { return };
    let Some(opener) = window.opener().ok().and_then(|opener| opener.dyn_into::<Window>().ok()) else {
        return;
    };
    let message = js_sys::Object::new();
    for (name, value) in
        [("cabildo", JsValue::from("acted")), ("v", FRAME_VERSION.into()), ("act", act.into())]
    {
        let _ = js_sys::Reflect::set(&message, &name.into(), &value);
    }
    let Ok(origin) = window.location().origin() else { return };
    let _ = opener.post_message(&message, &origin);
}

/// Makes `address` the present one; `replace` leaves no trace of the one before.
pub fn set_address(address: &str, replace: bool) {
    let Some(history) = window().and_then(|window| window.history().ok()) else { return };
    let _ = if replace {
        history.replace_state_with_url(&JsValue::NULL, "", Some(address))
    } else {
        history.push_state_with_url(&JsValue::NULL, "", Some(address))
    };
}

/// Calls `action` when the person goes back or forward.
#[must_use]
pub fn on_history(mut action: impl FnMut(String) + 'static) -> Option<Listener> {
    Some(EventListener::new(&window()?.into(), "popstate", move |_| action(address())))
}

/// Calls `action` with the address of every link to one of our own pages that is followed in this tab.
#[must_use]
pub fn on_link(mut action: impl FnMut(String) + 'static) -> Option<Listener> {
    let options = gloo_events::EventListenerOptions::enable_prevent_default();
    Some(EventListener::new_with_options(&document()?.into(), "click", options, move |event| {
        if let Some(address) = followed_link(event) {
            event.prevent_default();
            action(address);
        }
    }))
}

fn followed_link(event: &web_sys::Event) -> Option<String> {
    let event = event.dyn_ref::<web_sys::MouseEvent>()?;
    if event.default_prevented()
        || event.button() != 0
        || event.meta_key()
        || event.ctrl_key()
        || event.shift_key()
        || event.alt_key()
    {
        return None;
    }
    let target = event.target()?.dyn_into::<Element>().ok()?;
    let link = target.closest("a[href]").ok()??.dyn_into::<web_sys::HtmlAnchorElement>().ok()?;
    let location = window()?.location();
    let path = link.pathname();
    let ours = link.origin() == location.origin().ok()?
        && link.target().is_empty()
        && !link.has_attribute("download")
        && !path.starts_with("/api/")
        && !path.starts_with(crate::route::screen::ROOT);
    // A link to a place in the same page is the browser's own business.
    let here = path == location.pathname().ok()? && link.search() == location.search().ok()?;
    let elsewhere = !here || link.hash().is_empty();
    (ours && elsewhere).then(|| path + &link.search())
}

/// Whether the page cannot be seen at present.
#[must_use]
pub fn is_hidden() -> bool {
    document().is_some_and(|document| document.hidden())
}

/// Calls `action` whenever the page is hidden or seen again.
#[must_use]
pub fn on_visibility(mut action: impl FnMut() + 'static) -> Option<Listener> {
    Some(EventListener::new(&document()?.into(), "visibilitychange", move |_| action()))
}

/// Calls `action` when the device believes that it has a connection again.
#[must_use]
pub fn on_online(mut action: impl FnMut() + 'static) -> Option<Listener> {
    Some(EventListener::new(&window()?.into(), "online", move |_| action()))
}

/// Tells the script that looks after the app (`src/surface/app/keeper.js`) something, as an event of this name.
pub fn tell(name: &str) {
    if let (Some(window), Ok(event)) = (window(), web_sys::Event::new(name)) {
        let _ = window.dispatch_event(&event);
    }
}

/// A word to the other tabs of this site, and from them.
pub struct Tabs {
    channel: Option<BroadcastChannel>,
    _listener: Option<Listener>,
}

impl Tabs {
    /// Calls `action` when another tab says a word under this name.
    pub fn listen(name: &str, mut action: impl FnMut() + 'static) -> Self {
        let channel = BroadcastChannel::new(name).ok();
        let listener =
            channel.as_ref().map(|channel| EventListener::new(channel, "message", move |_| action()));
        Self { channel, _listener: listener }
    }

    /// Says a word.
    pub fn tell(&self) {
        if let Some(channel) = &self.channel {
            let _ = channel.post_message(&JsValue::TRUE);
        }
    }
}

/// The title of the page.
#[must_use]
pub fn title() -> String {
    document().map(|document| document.title()).unwrap_or_default()
}

/// Sets the title of the page.
pub fn set_title(title: &str) {
    if let Some(document) = document() {
        document.set_title(title);
    }
}

/// Sets an attribute of the root element, or takes it away.
pub fn set_root_attribute(name: &str, value: Option<&str>) {
    let Some(root) = root() else { return };
    let _ = match value {
        Some(value) => root.set_attribute(name, value),
        None => root.remove_attribute(name),
    };
}

/// An attribute of the root element.
#[must_use]
pub fn root_attribute(name: &str) -> Option<String> {
    root()?.get_attribute(name)
}

/// Has a screen reader say `text` when it has finished what it is saying.
pub fn announce(text: &str) {
    if let Some(region) = by_id("announcer") {
        region.set_text_content(Some(text));
    }
}

/// Moves the focus to the element with this id, once it is there.
pub fn focus(id: &str) {
    let id = id.to_owned();
    gloo_timers::callback::Timeout::new(0, move || {
        if let Some(element) = by_id(&id) {
            let _ = element.focus();
        }
    })
    .forget();
}

/// Shows an element of the shell that was hidden.
pub fn reveal(id: &str) {
    if let Some(element) = by_id(id) {
        element.set_hidden(false);
    }
}

/// Loads the present address anew.
pub fn reload() {
    if let Some(window) = window() {
        let _ = window.location().reload();
    }
}

/// Shows the top of the page.
pub fn scroll_to_top() {
    if let Some(window) = window() {
        window.scroll_to_with_x_and_y(0.0, 0.0);
    }
}

/// Keeps a small value on the device; `None` forgets it. Where storage is blocked nothing is kept.
pub fn remember(key: &str, value: Option<&str>) {
    let Some(storage) = window().and_then(|window| window.local_storage().ok()?) else { return };
    let _ = match value {
        Some(value) => storage.set_item(key, value),
        None => storage.remove_item(key),
    };
}

/// What [`remember`] keeps.
#[must_use]
pub fn remembered(key: &str) -> Option<String> {
    window().and_then(|window| window.local_storage().ok()?)?.get_item(key).ok()?
}

/// Keeps a small value until this tab is closed; `None` forgets it. Where storage is blocked nothing is kept.
pub fn keep_for_visit(key: &str, value: Option<&str>) {
    let Some(storage) = window().and_then(|window| window.session_storage().ok()?) else { return };
    let _ = match value {
        Some(value) => storage.set_item(key, value),
        None => storage.remove_item(key),
    };
}

/// What [`keep_for_visit`] keeps.
#[must_use]
pub fn kept_for_visit(key: &str) -> Option<String> {
    window().and_then(|window| window.session_storage().ok()?)?.get_item(key).ok()?
}

/// The time zone of this device, as its owner set it; UTC where it cannot be told.
#[must_use]
pub fn time_zone() -> String {
    if cfg!(not(target_arch = "wasm32")) {
        return "UTC".to_owned();
    }
    let format = js_sys::Intl::DateTimeFormat::new(&js_sys::Array::new(), &js_sys::Object::new());
    let zone = Reflect::get(&format.resolved_options(), &"timeZone".into()).ok();
    zone.and_then(|zone| zone.as_string()).unwrap_or_else(|| "UTC".to_owned())
}

/// A number from 0 to 1, by chance.
#[must_use]
pub fn chance() -> f64 {
    js_sys::Math::random()
}

/// A key that no one else has, for requests that must not be carried out twice.
#[must_use]
pub fn random_key() -> String {
    // Absent where the page is not served over TLS or from this machine: there the clock and chance must do.
    window()
        .and_then(|window| {
            let crypto = window.crypto().ok()?;
            Reflect::has(&crypto, &"randomUUID".into()).ok()?.then(|| crypto.random_uuid())
        })
        .unwrap_or_else(|| {
            format!("{}-{}", js_sys::Date::now() as u64, (js_sys::Math::random() * 1e15) as u64)
        })
}

/// Runs `work` while no other tab of this browser runs work of the same name. Where the browser has no locks it
/// simply runs.
pub async fn exclusively(name: &str, work: impl Future<Output = ()> + 'static) {
    // By reflection: web-sys still counts Web Locks among the unstable APIs, all engines have them since 2022.
    let get =
        |object: &JsValue, name: &str| Reflect::get(object, &name.into()).ok().filter(JsValue::is_truthy);
    let locks = window().and_then(|window| get(&window.navigator(), "locks"));
    let request = locks.as_ref().and_then(|locks| get(locks, "request")?.dyn_into::<js_sys::Function>().ok());
    let (Some(locks), Some(request)) = (locks, request) else { return work.await };
    let callback = Closure::once_into_js(move |_lock: JsValue| -> Promise {
        wasm_bindgen_futures::future_to_promise(async move {
            work.await;
            Ok(JsValue::UNDEFINED)
        })
    });
    if let Ok(done) = request.call2(&locks, &name.into(), &callback) {
        let _ = wasm_bindgen_futures::JsFuture::from(Promise::from(done)).await;
    }
}

/// The fields of the form that an event comes from, in order.
#[must_use]
pub fn form_fields(event: &web_sys::Event) -> Vec<(String, String)> {
    let form = event
        .current_target()
        .and_then(|target| target.dyn_into::<web_sys::HtmlFormElement>().ok())
        .and_then(|form| web_sys::FormData::new_with_form(&form).ok());
    let Some(form) = form else { return Vec::new() };
    form.entries()
        .into_iter()
        .filter_map(Result::ok)
        .filter_map(|pair| {
            let pair = js_sys::Array::from(&pair);
            Some((pair.get(0).as_string()?, pair.get(1).as_string()?))
        })
        .collect()
}

/// Sends all that a pointer does to the element with this id until it is let go.
pub fn capture_pointer(id: &str, pointer: i32) {
    if let Some(element) = by_id(id) {
        let _ = element.set_pointer_capture(pointer);
    }
}

/// Which child of the element with this id stands at this height of the window: the last above it, the first being 0.
#[must_use]
pub fn child_at(id: &str, height: i32) -> Option<usize> {
    let children = by_id(id)?.children();
    let middle = |index: u32| {
        let bounds = children.item(index)?.get_bounding_client_rect();
        Some(bounds.top() + bounds.height() / 2.0)
    };
    let above =
        (0..children.length()).filter(|index| middle(*index).is_some_and(|middle| middle < height.into()));
    let place = above.count().min(children.length().checked_sub(1)? as usize);
    Some(place)
}

/// Opens the `<dialog>` with this id over the page.
pub fn open_dialog(id: &str) {
    if let Some(dialog) = by_id(id).and_then(|element| element.dyn_into::<web_sys::HtmlDialogElement>().ok())
    {
        let _ = dialog.show_modal();
    }
}

/// Closes the `<dialog>` with this id.
pub fn close_dialog(id: &str) {
    if let Some(dialog) = by_id(id).and_then(|element| element.dyn_into::<web_sys::HtmlDialogElement>().ok())
    {
        dialog.close();
    }
}
