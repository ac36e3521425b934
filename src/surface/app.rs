//! The citizen app.

use crate::client::{self, ClientError};
use crate::effect::effect;
use crate::i18n::{self, Language};
use crate::loadable::{Loadable, SLOW_MS};
use crate::pages::{Make, Page};
use crate::platform::{self, Timer};
use crate::route::{self, Location, Route};
use crate::seed::Seed;
use crate::state::order::Order;
use crate::state::session::Device;
use crate::state::{Navigator, Retry, use_location};
use crate::ui::chrome::{Footer, Header};
use crate::ui::status::show_page;
use leptos::prelude::*;
use leptos::task::spawn_local;
use std::future::{Future, ready};
use std::pin::Pin;
use wasm_split_helpers::SplitLoaderError;

/// Where the app's service worker is.
pub const WORKER: &str = "/worker.js";
/// Where the strip at the foot of the window is, which has its words from [`crate::i18n`].
pub const STRIP: &str = "/strip.js";

/// The code of a page, or the words of a language, could not be fetched.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Missing;

impl From<SplitLoaderError> for Missing {
    fn from(_: SplitLoaderError) -> Self {
        Self
    }
}

/// Code on its way.
pub type Loading<T = Make> = Pin<Box<dyn Future<Output = Result<T, Missing>>>>;

/// Has the words of a language ready ([`i18n::install`]).
pub type Words = fn(Language) -> Loading<()>;

/// Brings the code of a page.
pub type Load = fn(Page) -> Loading;

/// The [`Words`] of a program that holds everything.
pub fn all_words(language: Language) -> Loading<()> {
    i18n::install(language.catalogue(), language);
    Box::pin(ready(Ok(())))
}

/// The [`Load`] of a program that holds everything.
pub fn whole(page: Page) -> Loading {
    Box::pin(ready(Ok(page.make())))
}

/// Starts the app in place of what the server rendered, once its words and the code of its page are here.
pub fn mount(words: Words, load: Load) {
    platform::report_panics();
    let location = Location::parse(&platform::address());
    wasm_bindgen_futures::spawn_local(async move {
        let words = words(location.language).await;
        match words.and(load(Page::of(&location.route)).await) {
            Ok(first) => {
                platform::released().await;
                start(location, first, load);
            }
            Err(Missing) => platform::reveal("start-failure"),
        }
    });
}

fn start(location: Location, first: Make, load: Load) {
    let Some((stage, swap)) = platform::stage("app") else { return };
    let seed = Seed::from_page();
    mount_to(stage, move || {
        let navigator = Navigator::at(location);
        let device = Device::unknown();
        provide_context(seed);
        provide_context(device);
        provide_context(Order::of_page());
        navigator.follow();
        device.recall();
        view! { <App navigator first load /> }
    })
    .forget();
    swap();
}

/// The app: header, the page of the present address, footer. Another screen begins a new page; another filter of the same
/// list does not. Another language is another page of the browser: its words have to be fetched, and what is already
/// said cannot be said again in it.
#[component]
pub fn App(
    /// Where the person is and wants to be.
    navigator: Navigator,
    /// The code of the page to begin with.
    first: Make,
    /// Brings the code of the others.
    load: Load,
) -> impl IntoView {
    provide_context(navigator);
    provide_context(Retry::new());
    let language = navigator.language();
    provide_context(language);
    let standing = Standing { code: RwSignal::new(Loadable::Ready(())), make: StoredValue::new(first) };
    let again = Trigger::new();
    effect(move |begun: Option<()>| {
        again.track();
        let wanted = navigator.wanted();
        if begun.is_some() {
            bring(navigator, wanted, standing, load);
        }
    });
    let on_retry = Callback::new(move |()| again.notify());
    view! { <Shell language standing on_retry /> }
}

/// What stands in the place of the page.
#[derive(Clone, Copy)]
struct Standing {
    /// Whether the code of the page is here.
    code: RwSignal<Loadable<()>>,
    /// The code, if so.
    make: StoredValue<Make>,
}

/// Goes where the person wants to be as soon as the code of the page is here.
fn bring(navigator: Navigator, wanted: Location, standing: Standing, load: Load) {
    let seed = use_context::<Seed>();
    let slow = Timer::once(SLOW_MS, {
        let wanted = wanted.clone();
        move || {
            if navigator.is_going_to(&wanted) {
                standing.code.set(Loadable::Slow);
            }
        }
    });
    spawn_local(async move {
        let made = load(Page::of(&wanted.route)).await;
        drop(slow);
        match made {
            // Meanwhile the person may have wanted to be elsewhere.
            Ok(make) if navigator.is_wanted(&wanted) => {
                if let Some(seed) = seed {
                    seed.forget();
                }
                standing.make.set_value(make);
                standing.code.set(Loadable::Ready(()));
                navigator.arrive();
            }
            Err(Missing) if navigator.is_wanted(&wanted) => {
                // The server is there and the file is not: a newer version has taken its place.
                if client::is_reachable().await {
                    platform::reload();
                } else {
                    standing.code.set(Loadable::Failed(ClientError::Offline));
                }
            }
            _ => {}
        }
    });
}

#[component]
fn Shell(language: Language, standing: Standing, on_retry: Callback<()>) -> impl IntoView {
    let t = language.messages();
    let location = use_location();
    effect(move |_| platform::set_root_attribute("lang", Some(language.tag())));
    let page = Memo::new(move |_| (standing.code.get(), screen(location().route)));
    view! {
        <a class="c-skip" href="#main">{t.skip_to_content}</a>
        <Header />
        <main id="main" tabindex="-1" class="l-page">
            {move || {
                let (code, route) = page.get();
                show_page(code, on_retry, move |()| (standing.make.get_value())(route))
            }}
        </main>
        <Footer />
        <div id="announcer" class="u-visually-hidden" role="status" aria-live="polite"></div>
    }
}

/// What makes a screen another one: for a list of proposals only its process, not its filter.
fn screen(route: Route) -> Route {
    match route {
        Route::Proposals { process, .. } => route::all_proposals(process),
        other => other,
    }
}
