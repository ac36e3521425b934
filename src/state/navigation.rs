//! Where the person is, and going elsewhere.

use crate::i18n::Language;
use crate::platform;
use crate::route::Location;
use leptos::prelude::*;

/// The present address, and the one that the person wants to be at: another for as long as the code of its page is
/// on its way.
#[derive(Debug, Clone, Copy)]
pub struct Navigator {
    shown: RwSignal<Location>,
    wanted: RwSignal<Wanted>,
}

#[derive(Debug, Clone)]
struct Wanted {
    location: Location,
    /// Whether it is read from its top: not after going back, nor for another filter of the same list.
    from_top: bool,
}

impl Navigator {
    /// Begins at this address. On the server it stays there.
    #[must_use]
    pub fn at(location: Location) -> Self {
        Self {
            shown: RwSignal::new(location.clone()),
            wanted: RwSignal::new(Wanted { location, from_top: false }),
        }
    }

    /// Follows the links and the history of the browser from now on.
    pub fn follow(self) {
        let on_link = platform::on_link(move |address| self.go(&address, false));
        let on_history = platform::on_history(move |address| self.want(Location::parse(&address), false));
        // The app lives as long as the page: its listeners do too.
        on_link.into_iter().chain(on_history).for_each(platform::Listener::forget);
    }

    /// The language of the page.
    #[must_use]
    pub fn language(self) -> Language {
        self.shown.with_untracked(|shown| shown.language)
    }

    /// Where the person wants to be.
    #[must_use]
    pub fn wanted(self) -> Location {
        self.wanted.get().location
    }

    /// Whether that is still where the person wants to be.
    #[must_use]
    pub fn is_wanted(self, location: &Location) -> bool {
        self.wanted.with_untracked(|wanted| wanted.location == *location)
    }

    /// Whether the person wants to be there and is not yet.
    #[must_use]
    pub fn is_going_to(self, location: &Location) -> bool {
        self.is_wanted(location) && self.shown.with_untracked(|shown| shown != location)
    }

    /// Shows what is wanted: its page is here.
    pub fn arrive(self) {
        let Wanted { location, from_top } = self.wanted.get_untracked();
        self.shown.set(location);
        if from_top {
            platform::scroll_to_top();
            platform::focus("main");
        }
    }

    fn want(self, location: Location, from_top: bool) {
        // In words that are not here.
        if location.language != self.language() {
            return platform::reload();
        }
        self.wanted.set(Wanted { location, from_top });
    }

    fn go(self, address: &str, replace: bool) {
        platform::set_address(address, replace);
        let location = Location::parse(address);
        let same_screen = self.shown.with_untracked(|shown| {
            std::mem::discriminant(&shown.route) == std::mem::discriminant(&location.route)
        });
        self.want(location, !(replace && same_screen));
    }
}

/// Reads the present address.
pub fn use_location() -> impl Fn() -> Location + Copy + Send + Sync + 'static {
    let navigator = use_context::<Navigator>();
    move || navigator.map_or_else(|| Location::parse("/"), |navigator| navigator.shown.get())
}

/// Goes to a screen; `replace` leaves no trace of the one before, as for another filter of the same list.
pub fn navigate(location: &Location, replace: bool) {
    if let Some(navigator) = use_context::<Navigator>() {
        navigator.go(&location.address(), replace);
    }
}
