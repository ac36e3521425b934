//! The page of the person who mounts a wall: what it shows, how that looks, its address, and how to put it there.
//!
//! The server draws it from a plain form, so it works without scripts; `setup.js` saves the button and copies.

use super::data::{GetAbout, GetFigures};
use crate::i18n::{self, Language, fill, format, language};
use crate::route::Origin;
use crate::route::screen::{Screen, View};
use crate::route::{self, Route};
use crate::state::load;
use cabildo_contract::embed::Theme;
use leptos::prelude::*;

/// Seconds to choose from.
const SECONDS: [u32; 6] = [10, 15, 20, 30, 60, 120];

/// The page; `local` is the time until which the count is kept back, as a form has it.
#[must_use]
pub fn page(screen: &Screen, local: &str) -> AnyView {
    let t = i18n::screen_setup();
    let (about, figures) = (screen.process.clone(), screen.process.clone());
    let about = load(move || GetAbout(about.clone(), language()));
    let figures = load(move || GetFigures(figures.clone(), language()));
    let about = about.with(|about| about.ready().cloned());
    let (title, content, zone) =
        about.map_or_else(Default::default, |about| (about.title, about.language, about.time_zone));
    let tallies = figures.with(|figures| {
        let counted = figures.ready().into_iter().flat_map(|figures| &figures.consultations);
        let counted = counted.filter(|tally| tally.rule.is_some());
        counted
            .map(|tally| (View::Tally(Some(tally.consultation.clone())), fill(t.tally_of, &[&tally.title])))
            .collect()
    });
    let back = route::href(Route::Process(screen.process.clone()));
    view! {
        <main class="c-setup">
            <header class="c-setup__head">
                <p class="c-setup__kicker" lang=content>{title}</p>
                <h1>{t.title}</h1>
                <p class="c-setup__lead">{t.lead}</p>
                <p><a href=back>{t.back}</a></p>
            </header>
            {form(screen, tallies, local, &zone)}
            <div id="result" class="c-setup__result">{result(screen)}</div>
            {mounting(screen)}
        </main>
    }
    .into_any()
}

fn form(screen: &Screen, tallies: Vec<(View, String)>, local: &str, zone: &str) -> AnyView {
    let t = i18n::screen_setup();
    let mut views: Vec<(View, String)> = Vec::new();
    for view in View::ALL {
        let name = match view {
            View::Welcome => t.welcome,
            View::Live => t.live,
            View::Tally(_) => t.tally,
            View::Top => t.top,
            View::Funnel => t.funnel,
            View::Territory => t.territory,
            View::Answers => t.answers,
            View::Milestones => t.milestones,
        };
        let is_tally = matches!(view, View::Tally(_));
        views.push((view, name.to_owned()));
        if is_tally {
            views.extend(tallies.clone());
        }
    }
    let views: Vec<AnyView> = views
        .into_iter()
        .map(|(view, name)| tick("views", view.name(), name, screen.views.contains(&view)))
        .collect();
    let languages: Vec<AnyView> = Language::COMPLETE
        .into_iter()
        .map(|each| {
            tick("lang", each.code().to_owned(), each.name().to_owned(), screen.languages.contains(&each))
        })
        .collect();
    let themes = [(Theme::Dark, t.dark), (Theme::Light, t.light), (Theme::Auto, t.auto)]
        .map(|(theme, name)| (theme.as_str().to_owned(), name.to_owned(), screen.theme == theme));
    let mut seconds = SECONDS.to_vec();
    if !seconds.contains(&screen.seconds) {
        seconds.push(screen.seconds);
        seconds.sort_unstable();
    }
    let seconds =
        seconds.into_iter().map(|each| (each.to_string(), each.to_string(), each == screen.seconds));
    view! {
        <form id="choices" class="c-setup__form" method="get" action=screen.setup_address()>
            <fieldset class="c-setup__group">
                <legend>{t.choose}</legend>
                <p class="c-setup__hint">{t.choose_hint}</p>
                {views}
            </fieldset>
            <fieldset class="c-setup__group">
                <legend>{t.how}</legend>
                <div class="c-setup__fields">
                    {select("rotate", t.rotate, seconds.collect())}
                    {select("theme", t.theme, themes.into())}
                    {number("dist", t.dist, screen.metres, [1, 50])}
                    {number("size", t.size, screen.inches, [10, 300])}
                </div>
                {tick("contrast", "more".to_owned(), t.contrast.to_owned(), screen.contrast)}
                {tick("motion", "off".to_owned(), t.motion.to_owned(), !screen.motion)}
                <div class="c-field">
                    <label class="c-field__label" for="reveal">{t.reveal}</label>
                    <input type="datetime-local" id="reveal" name="reveal" value=local.to_owned() aria-describedby="reveal-hint" />
                    <p id="reveal-hint" class="c-field__hint">{fill(t.reveal_hint, &[zone])}</p>
                </div>
            </fieldset>
            <fieldset class="c-setup__group">
                <legend>{t.languages}</legend>
                {languages}
            </fieldset>
            <p><button type="submit" class="c-button" data-variant="primary">{t.show}</button></p>
        </form>
    }
    .into_any()
}

fn tick(name: &'static str, value: String, label: String, checked: bool) -> AnyView {
    view! {
        <label class="c-setup__tick">
            <input type="checkbox" name=name value=value checked=checked />
            <span>{label}</span>
        </label>
    }
    .into_any()
}

fn select(name: &'static str, label: &'static str, options: Vec<(String, String, bool)>) -> AnyView {
    let options = options
        .into_iter()
        .map(|(value, name, selected)| view! { <option value=value selected=selected>{name}</option> });
    view! {
        <div class="c-field">
            <label class="c-field__label" for=name>{label}</label>
            <select id=name name=name>{options.collect_view()}</select>
        </div>
    }
    .into_any()
}

fn number(name: &'static str, label: &'static str, value: u32, [least, most]: [u32; 2]) -> AnyView {
    view! {
        <div class="c-field">
            <label class="c-field__label" for=name>{label}</label>
            <input type="number" id=name name=name value=value.to_string() min=least.to_string() max=most.to_string() />
        </div>
    }
    .into_any()
}

/// The address, and how it looks. All sizes on a wall are parts of its shorter side, so a small frame looks as the wall.
fn result(screen: &Screen) -> AnyView {
    let t = i18n::screen_setup();
    let Origin(origin) = use_context().unwrap_or_default();
    let address = screen.address();
    let whole = format!("{origin}{address}");
    let size = screen.text_size();
    let point = format::decimal_point(language());
    let words = fill(
        if screen.is_too_far() { t.too_far } else { t.legible },
        &[
            &format!("{}{point}{}", size / 10, size % 10),
            &screen.metres.to_string(),
            &screen.inches.to_string(),
        ],
    );
    let frame = |shape: &'static str, name: &'static str| {
        view! {
            <figure class="c-setup__frame" data-shape=shape>
                <iframe src=address.clone() title=name></iframe>
                <figcaption>{name}</figcaption>
            </figure>
        }
    };
    view! {
        <section>
            <h2>{t.address}</h2>
            <p class="c-setup__address"><output id="address" for="choices">{whole}</output></p>
            <p class="c-setup__acts">
                <button type="button" id="copy" class="c-button" data-done=t.copied hidden>{t.copy}</button>
                <a class="c-button" href=address.clone() target="_blank">{t.open}</a>
            </p>
            <p class="c-setup__hint">{words}</p>
        </section>
        <section>
            <h2>{t.preview}</h2>
            <div class="c-setup__frames">
                {frame("wide", t.wide)}
                {frame("tall", t.tall)}
                {frame("old", t.old)}
            </div>
        </section>
    }
    .into_any()
}

fn mounting(screen: &Screen) -> AnyView {
    let t = i18n::screen_setup();
    let Origin(origin) = use_context().unwrap_or_default();
    let command = format!(
        "chromium --kiosk --noerrdialogs --disable-session-crashed-bubble \"{origin}{}\"",
        screen.address()
    );
    view! {
        <section id="mounting" class="c-setup__mounting">
            <h2>{t.mount}</h2>
            <h3>{t.computer}</h3>
            <p>{t.computer_start}</p>
            <pre tabindex="0"><code>{command}</code></pre>
            <p>{t.computer_rest}</p>
            <h3>{t.tv}</h3>
            <p>{t.tv_open}</p>
            <p>{t.tv_rest}</p>
            <p>{t.both}</p>
        </section>
    }
    .into_any()
}
