//! The server's side of the front-end: pages as HTML, made of the same components as in the browser.
//!
//! The server asks what a page [`needs`], fetches that through its own public API, and has the page [`render`]ed
//! from the answers. The answers travel inside the page ([`crate::seed`]), so the app starts from the same ones.

use crate::clock::RenderedAt;
#[cfg(not(target_arch = "wasm32"))]
use crate::i18n::format;
use crate::i18n::{Language, partial};
use crate::pages::Page;
use crate::route::screen::Screen;
use crate::route::{self, Location, Origin};
use crate::seed::{self, Seed};
use crate::state::order::Order;
use crate::state::session::Device;
use crate::state::{Head, HeadSlot, Navigator};
use crate::surface::app::{self, App};
use crate::surface::embed;
use crate::surface::embed::vote::Vote;
use crate::surface::screen::data::{About, GetAbout};
#[cfg(not(target_arch = "wasm32"))]
use crate::surface::screen::setup;
use crate::surface::screen::{Wall, Way};
use cabildo_contract::embed::{OEMBED_PATH, Widget};
use cabildo_contract::endpoint::Endpoint;
use cabildo_contract::id::Slug;
use cabildo_contract::page::query_string;
use cabildo_contract::time::Timestamp;
use leptos::prelude::*;

/// An answer of the API.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Answer {
    /// Path and query that were asked for.
    pub path: String,
    /// HTTP status.
    pub status: u16,
    /// The body: JSON.
    pub body: String,
}

/// A page as HTML.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rendered {
    /// HTTP status.
    pub status: u16,
    /// Which page it is: its code may be in a file of its own.
    pub page: Page,
    /// In which language.
    pub language: Language,
    /// What goes into `<head>`: title, description, preview for messages.
    pub head: String,
    /// What goes into the app's element, and the answers that it was made from.
    pub body: String,
}

/// The API paths whose answers the page at this address shows. Found by rendering it without any.
#[must_use]
pub fn needs(address: &str) -> Vec<String> {
    let seed = Seed::default();
    page(address, Timestamp::from_millis(0), Order::default(), "", seed.clone());
    seed.missed()
}

/// A widget as HTML.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Frame {
    /// HTTP status.
    pub status: u16,
    /// What it is about.
    pub title: String,
    /// What goes into the element of its content.
    pub body: String,
}

/// The API paths whose answers a widget shows. Found by rendering it without any but those that `answers` holds: what
/// it is about says what else it needs.
#[must_use]
pub fn frame_needs(
    widget: &Widget,
    language: Language,
    now: Timestamp,
    vote: Option<&Vote>,
    answers: Vec<Answer>,
) -> Vec<String> {
    let seed = Seed::new(answers);
    view_of(seed.clone(), now, language, "", Some(widget.clone()), vote.cloned());
    seed.missed()
}

/// Renders a widget, of none that there is nothing here. `origin` is where the site is reached; `vote` is what
/// [`Widget::Vote`] shows.
#[must_use]
pub fn render_frame(
    widget: Option<Widget>,
    language: Language,
    now: Timestamp,
    origin: &str,
    vote: Option<Vote>,
    answers: Vec<Answer>,
) -> Frame {
    let (body, head) = view_of(Seed::new(answers), now, language, origin, widget, vote);
    let site = language.messages().site_name;
    let (title, status) = head.map_or((site.to_owned(), 503), |head| (head.title, head.status));
    Frame { status, title: partial::plain(&title), body }
}

fn view_of(
    seed: Seed,
    now: Timestamp,
    language: Language,
    origin: &str,
    widget: Option<Widget>,
    vote: Option<Vote>,
) -> (String, Option<Head>) {
    let slot = HeadSlot::default();
    let html = Owner::new().with(|| {
        provide_context(RenderedAt(now));
        provide_context(seed);
        provide_context(slot.clone());
        provide_context(language);
        provide_context(Origin(origin.to_owned()));
        if let Some(vote) = vote {
            provide_context(vote);
        }
        finished(&embed::framed(widget).to_html(), language)
    });
    (html, slot.take())
}

/// The short address of a process as people type it: without `https://`.
#[must_use]
pub fn way(origin: &str, process: &Slug) -> String {
    let site = origin.split_once("//").map_or(origin, |(_, site)| site);
    format!("{site}{}", route::screen::join(process))
}

/// The API paths whose answers a wall shows, or the page where it is set up, beside those that are at hand: in which
/// languages a process is, only the answers say.
#[must_use]
pub fn screen_needs(screen: &Screen, answers: Vec<Answer>) -> Vec<String> {
    let seed = Seed::new(answers);
    // Which view comes first depends on the answers; what is asked for does not.
    draw_on(seed.clone(), Timestamp::from_millis(0), screen, "", || {
        view! { <Wall screen=screen.clone() /> }.into_any()
    });
    seed.missed()
}

/// Renders a wall, with the answers that it was made from.
#[must_use]
pub fn render_wall(screen: &Screen, now: Timestamp, origin: &str, answers: Vec<Answer>) -> Frame {
    let (status, title) = screen_head(screen, &answers);
    let seed = Seed::new(answers);
    let wall = || view! { <Wall screen=screen.clone() /> }.into_any();
    let mut body = draw_on(seed.clone(), now, screen, origin, wall);
    body.extend(seed.read().iter().map(seed_element));
    Frame { status, title, body }
}

/// Renders the page where a wall is set up. `reveal` is until when it is to keep the count back, as its form sends it: a
/// time of the process, without a zone.
#[cfg(not(target_arch = "wasm32"))]
#[must_use]
pub fn render_setup(
    mut screen: Screen,
    reveal: &str,
    now: Timestamp,
    origin: &str,
    answers: Vec<Answer>,
) -> Frame {
    let (status, title) = screen_head(&screen, &answers);
    let zone = screen_about(&screen, &answers).map_or("UTC".to_owned(), |about| about.time_zone);
    screen.reveal = format::from_local(reveal, &zone).or(screen.reveal);
    let local = screen.reveal.and_then(|time| format::to_local(time, &zone)).unwrap_or_default();
    let body = draw_on(Seed::new(answers), now, &screen, origin, || setup::page(&screen, &local));
    Frame { status, title, body }
}

/// What a process is, for a wall; none where there is no such process.
fn screen_about(screen: &Screen, answers: &[Answer]) -> Option<About> {
    let path = about_path(screen);
    let answer = answers.iter().find(|answer| answer.path == path)?;
    crate::client::decode(answer.status, &answer.body).ok()
}

fn about_path(screen: &Screen) -> String {
    GetAbout(screen.process.clone(), screen.languages.first().copied().unwrap_or_default()).path()
}

fn screen_head(screen: &Screen, answers: &[Answer]) -> (u16, String) {
    let path = about_path(screen);
    let status = answers.iter().find(|answer| answer.path == path).map_or(503, |answer| answer.status);
    let title = screen_about(screen, answers).map_or_else(String::new, |about| about.title);
    (status, title)
}

fn draw_on(
    seed: Seed,
    now: Timestamp,
    screen: &Screen,
    origin: &str,
    draw: impl FnOnce() -> AnyView,
) -> String {
    Owner::new().with(|| {
        provide_context(RenderedAt(now));
        provide_context(seed);
        provide_context(screen.languages.first().copied().unwrap_or_default());
        provide_context(Origin(origin.to_owned()));
        provide_context(Way(way(origin, &screen.process)));
        without_markers(&draw().to_html())
    })
}

/// Renders the page at an address.
///
/// `origin` is where the site is reached, e.g. `https://cabildo.example.gov`; previews need absolute addresses.
/// `order` is the one in which the person is shown the options of ballots.
#[must_use]
pub fn render(address: &str, now: Timestamp, order: Order, origin: &str, answers: Vec<Answer>) -> Rendered {
    let seed = Seed::new(answers);
    let (location, html, head) = page(address, now, order, origin, seed.clone());
    let seeds: String = seed.read().iter().map(seed_element).collect();
    let head = head.unwrap_or_else(|| Head {
        title: location.language.messages().site_name.to_owned(),
        description: location.language.messages().site_description.to_owned(),
        status: 200,
        image: None,
    });
    Rendered {
        status: head.status,
        page: Page::of(&location.route),
        language: location.language,
        head: partial::plain(&head_elements(&head, &location, origin)),
        body: html + &seeds,
    }
}

fn page(
    address: &str,
    now: Timestamp,
    order: Order,
    origin: &str,
    seed: Seed,
) -> (Location, String, Option<Head>) {
    let location = Location::parse(address);
    let slot = HeadSlot::default();
    let owner = Owner::new();
    let html = owner.with(|| {
        provide_context(RenderedAt(now));
        provide_context(order);
        provide_context(seed);
        provide_context(slot.clone());
        provide_context(Origin(origin.to_owned()));
        provide_context(Device::unknown());
        let navigator = Navigator::at(location.clone());
        let first = Page::of(&location.route).make();
        finished(&view! { <App navigator first load=app::whole /> }.to_html(), location.language)
    });
    (location, html, slot.take())
}

fn head_elements(head: &Head, location: &Location, origin: &str) -> String {
    let site = location.language.messages().site_name;
    let title = if head.title == site { escape(site) } else { escape(&format!("{} · {site}", head.title)) };
    let description = escape(&head.description);
    let here = escape(&format!("{origin}{}", location.address()));
    let mut out = format!(
        "<title>{title}</title>\
         <meta name=\"description\" content=\"{description}\">\
         <link rel=\"canonical\" href=\"{here}\">\
         <meta property=\"og:type\" content=\"website\">\
         <meta property=\"og:site_name\" content=\"{}\">\
         <meta property=\"og:title\" content=\"{}\">\
         <meta property=\"og:description\" content=\"{description}\">\
         <meta property=\"og:url\" content=\"{here}\">\
         <meta property=\"og:locale\" content=\"{}\">\
         <meta name=\"twitter:card\" content=\"{}\">",
        escape(site),
        escape(&head.title),
        location.language.tag().replace('-', "_"),
        if head.image.is_some() { "summary_large_image" } else { "summary" },
    );
    // Messengers show the icon, small beside the words, of what has no picture of its own.
    let (image, width, height, says) = match &head.image {
        Some(image) => (image.as_str(), 1200, 630, head.title.as_str()),
        None => ("/icon-512.png", 512, 512, site),
    };
    out += &format!(
        "<meta property=\"og:image\" content=\"{}\">\
         <meta property=\"og:image:width\" content=\"{width}\">\
         <meta property=\"og:image:height\" content=\"{height}\">\
         <meta property=\"og:image:alt\" content=\"{}\">",
        escape(&format!("{origin}{image}")),
        escape(says)
    );
    if location.route.widget().is_some() {
        let asked = query_string(&[("url", &format!("{origin}{}", location.address()))]);
        out += &format!(
            "<link rel=\"alternate\" type=\"application/json+oembed\" href=\"{}\" title=\"{}\">",
            escape(&format!("{origin}{OEMBED_PATH}{asked}")),
            escape(&head.title),
        );
    }
    for language in Language::ALL {
        let other = Location { language, ..location.clone() };
        let address = escape(&format!("{origin}{}", other.address()));
        out += &format!("<link rel=\"alternate\" hreflang=\"{}\" href=\"{address}\">", language.code());
    }
    out
}

/// What a page in this language is, of what Leptos wrote.
fn finished(html: &str, language: Language) -> String {
    let html = without_markers(html);
    if language.whole() == language { html } else { partial::said(&html, language.code()) }
}

/// HTML without `<!>`, by which Leptos marks the places where it would take over what it finds. Cabildo draws anew, and to
/// browsers the mark is an error that they mend.
fn without_markers(html: &str) -> String {
    const MARKER: &str = "<!>";
    let (mut out, mut rest) = (String::with_capacity(html.len()), html);
    while let Some(tag) = rest.find('<') {
        let (text, from) = rest.split_at(tag);
        out += text;
        rest = from.strip_prefix(MARKER).unwrap_or_else(|| {
            let (tag, after) = from.split_at(end_of_tag(from));
            out += tag;
            after
        });
    }
    out + rest
}

/// Where a tag at the start of `html` ends: at the first `>` outside of values, which are in double quotes.
pub(crate) fn end_of_tag(html: &str) -> usize {
    let mut in_value = false;
    let end = html.find(|c| {
        in_value ^= c == '"';
        c == '>' && !in_value
    });
    end.map_or(html.len(), |end| end + 1)
}

/// JSON within a script element that no browser runs: `<` is escaped, so that no text can end the element.
fn seed_element(answer: &Answer) -> String {
    format!(
        "<script type=\"application/json\" class=\"{}\" data-path=\"{}\" data-status=\"{}\">{}</script>",
        seed::CLASS,
        escape(&answer.path),
        answer.status,
        answer.body.replace('<', "\\u003c"),
    )
}

/// Text as it stands in HTML and XML, between tags and in attributes that are in double quotes.
#[must_use]
pub fn escape(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}

#[cfg(test)]
mod tests {
    use super::without_markers;

    #[test]
    fn markers_between_texts_go_and_what_people_wrote_stays() {
        let html = "<p title=\"a > b <!> c\">Uno<!> &lt;!&gt; \"dos\"<!></p><br><!>fin > aquí";
        let plain = "<p title=\"a > b <!> c\">Uno &lt;!&gt; \"dos\"</p><br>fin > aquí";
        assert_eq!(without_markers(html), plain);
        assert_eq!(without_markers("<p class=\"x"), "<p class=\"x");
        assert_eq!(without_markers(""), "");
    }
}
