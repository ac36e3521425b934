//! For whoever looks after another site: choose what it shows of Cabildo, see it, copy what to paste.

use crate::i18n::{self, Language, fill, language, messages};
use crate::loadable::Loadable;
use crate::pages::not_found;
use crate::platform;
use crate::route::{self, Location, Origin, Route};
use crate::snippet::Snippet;
use crate::state::{Head, Resource, load, navigate, use_head, use_location};
use crate::ui::breadcrumbs::Breadcrumbs;
use crate::ui::filters::select;
use crate::ui::hero::Hero;
use crate::ui::reactive::{Value, change, click, message, part, submit, text};
use crate::ui::status::show;
use cabildo_contract::consultation::{Consultation, GetConsultation, Held};
use cabildo_contract::embed::{Color, Theme, Widget};
use cabildo_contract::id::Slug;
use cabildo_contract::process::{GetProcess, Process};
use cabildo_contract::proposal::{GetProposal, Proposal};
use cabildo_contract::session::Assurance;
use cabildo_contract::statistics::Picture;
use leptos::prelude::*;
use std::sync::Arc;

/// Widths in which a widget can be looked at, in CSS pixels.
const WIDTHS: [u32; 3] = [320, 480, 720];

/// The code of this page.
#[must_use]
pub fn page(route: Route) -> AnyView {
    match route {
        Route::Widgets(_) => view! { <Widgets /> }.into_any(),
        other => not_found::page(other),
    }
}

/// What the widgets of a page are about.
#[derive(Debug, Clone)]
struct Subject {
    /// The page where it is whole.
    route: Route,
    /// Its title, which names the frame.
    title: String,
    /// What can be shown of it, each with its name.
    widgets: Vec<(Widget, String)>,
    /// Address of its picture, without ending.
    picture: Option<String>,
    /// Where people may vote inside the frame.
    sites: Vec<String>,
}

/// The page.
#[component]
pub fn Widgets() -> impl IntoView {
    let own = i18n::widgets();
    let location = use_location();
    let snippet = Memo::new(move |_| match location().route {
        Route::Widgets(query) => Snippet::parse(&query),
        _ => Snippet::default(),
    });
    use_head(move || {
        let (title, description) = (own.title.to_owned(), own.lead.to_owned());
        Some(Head { title, description, status: 200, image: None })
    });
    let about = Memo::new(move |_| snippet.get().widget.map(|widget| page_of(&widget)));
    let body = part(move || match about.get() {
        Some(Route::Consultation(consultation)) => asked(
            load(move || GetConsultation { consultation: consultation.clone() }),
            of_consultation,
            snippet,
        ),
        Some(Route::Proposal(proposal)) => {
            let of = |proposal: Proposal| Subject {
                route: Route::Proposal(proposal.head.id.clone()),
                title: proposal.head.title,
                widgets: vec![(Widget::Proposal(proposal.head.id), i18n::widgets().proposal.to_owned())],
                picture: None,
                sites: Vec::new(),
            };
            asked(load(move || GetProposal { proposal: proposal.clone() }), of, snippet)
        }
        Some(Route::Dashboard(process)) => {
            let of = |process: Process| of_process(process.name.slug, process.name.title);
            asked(load(move || GetProcess { process: process.clone() }), of, snippet)
        }
        _ => view! { <p class="c-empty">{own.nothing_chosen}</p> }.into_any(),
    });
    view! {
        <Breadcrumbs above=Vec::new() here=own.title.to_owned() />
        <Hero kicker=messages().site_name title=own.title.to_owned()>
            <p class="c-hero__lead">{own.lead}</p>
        </Hero>
        {page_field(snippet)}
        {body}
    }
}

/// The page where a widget's subject is whole.
fn page_of(widget: &Widget) -> Route {
    match widget {
        Widget::Consultation(id) | Widget::Vote(id) | Widget::Results(id) | Widget::Counter(id) => {
            Route::Consultation(id.clone())
        }
        Widget::Proposal(id) => Route::Proposal(id.clone()),
        Widget::Dashboard(id) | Widget::Chart(id, _) => Route::Dashboard(id.clone()),
    }
}

fn of_consultation(consultation: Consultation) -> Subject {
    let own = i18n::widgets();
    let slug = consultation.head.slug;
    let counts = matches!(consultation.head.held, Held::Here { .. });
    let by_email = matches!(consultation.head.held, Held::Here { assurance: Assurance::Email, .. });
    let mut widgets = vec![(Widget::Consultation(slug.clone()), own.consultation.to_owned())];
    if by_email {
        widgets.push((Widget::Vote(slug.clone()), own.vote.to_owned()));
    }
    if counts {
        widgets.push((Widget::Results(slug.clone()), own.results.to_owned()));
        widgets.push((Widget::Counter(slug.clone()), own.counter.to_owned()));
    }
    let picture = counts.then(|| Picture::Results(slug.clone()).path(&consultation.process.slug));
    Subject {
        route: Route::Consultation(slug),
        title: consultation.head.title,
        widgets,
        picture,
        sites: consultation.voting_sites.into_iter().map(String::from).collect(),
    }
}

fn of_process(slug: Slug, title: String) -> Subject {
    let own = i18n::widgets();
    let mut widgets = vec![(Widget::Dashboard(slug.clone()), own.dashboard.to_owned())];
    widgets.extend(Picture::ALL.into_iter().map(|picture| {
        let (name, _) = crate::pages::dashboard::heading(&picture, i18n::dashboard(), messages());
        (Widget::Chart(slug.clone(), picture), fill(own.picture_of, &[name]))
    }));
    let picture = Some(Picture::Days.path(&slug));
    Subject { route: Route::Dashboard(slug), title, widgets, picture, sites: Vec::new() }
}

fn asked<T: Clone + Send + Sync + 'static>(
    resource: Resource<T>,
    of: impl Fn(T) -> Subject + Copy + Send + Sync + 'static,
    snippet: Memo<Snippet>,
) -> AnyView {
    part(move || {
        let found: Loadable<T> = resource.get();
        show(found, resource.retry(), move |value| builder(of(value), snippet))
    })
    .into_any()
}

fn go(snippet: Snippet) {
    navigate(&Location { route: Route::Widgets(snippet.query()), language: language() }, true);
}

/// Where somebody pastes the address of the page that they want to show.
fn page_field(snippet: Memo<Snippet>) -> impl IntoView {
    let own = i18n::widgets();
    let fault = RwSignal::new(false);
    let is_wrong = text(move || if fault.get() { own.no_such_page.to_owned() } else { String::new() });
    let on_submit = submit(move |event: web_sys::Event| {
        let fields = platform::form_fields(&event);
        let typed = fields.first().map(|(_, value)| value.trim().to_owned()).unwrap_or_default();
        match widget_at(&typed) {
            Some(widget) => {
                fault.set(false);
                go(Snippet { widget: Some(widget), ..snippet.get_untracked() });
            }
            None => {
                fault.set(true);
                platform::focus("page");
            }
        }
    });
    view! {
        <form class="c-builder__page" novalidate on:submit=on_submit>
            <div class="c-field">
                <label class="c-field__label" for="page">{own.page}</label>
                <p class="c-field__hint" id="page-hint">{own.page_hint}</p>
                <input id="page" name="page" type="text" inputmode="url" autocomplete="off" spellcheck="false"
                    aria-describedby="page-hint page-fault" />
                <p class="c-field__error" id="page-fault" role="alert">{is_wrong}</p>
            </div>
            <button type="submit" class="c-button" data-variant="secondary">{own.use_page}</button>
        </form>
    }
}

/// Where the site is reached.
fn origin() -> String {
    use_context::<Origin>().map_or_else(platform::origin, |Origin(origin)| origin)
}

/// What a page of this site shows of itself elsewhere; none of another site's.
fn widget_at(address: &str) -> Option<Widget> {
    let path = match address.split_once("://") {
        Some(_) => address.strip_prefix(&platform::origin())?,
        None => address,
    };
    Location::parse(path).route.widget()
}

fn builder(subject: Subject, snippet: Memo<Snippet>) -> impl IntoView {
    let own = i18n::widgets();
    let Subject { route, title, widgets, picture, sites } = subject;
    let page = Location { route: route.clone(), language: Language::default() }.address();
    let kinds: Vec<(String, String)> =
        widgets.into_iter().map(|(widget, name)| (Snippet::name(&widget), name)).collect();
    let languages = Language::ALL.map(|each| (each.code().to_owned(), each.name().to_owned())).to_vec();
    let themes = Theme::ALL
        .map(|theme| {
            let name = match theme {
                Theme::Light => own.light,
                Theme::Dark => own.dark,
                Theme::Auto => own.auto,
            };
            (theme.as_str().to_owned(), name.to_owned())
        })
        .to_vec();
    let shown = text(move || snippet.get().widget.as_ref().map(Snippet::name).unwrap_or_default());
    let in_language = text(move || snippet.get().language.code().to_owned());
    let in_theme = text(move || snippet.get().theme.as_str().to_owned());
    let color = text(move || snippet.get().color.map(Color::digits).unwrap_or_default());
    let on_change = move |event| go(Snippet::from_pairs(&platform::form_fields(&event)));
    let note = part(move || vote_note(&snippet.get(), &sites));
    let lang = (language() != Language::default())
        .then(|| view! { <input type="hidden" name="lang" value=language().code() /> });
    view! {
        <div class="c-builder">
            <form class="l-stack" method="get" action="/widgets"
                on:change=change(on_change) on:submit=submit(on_change)>
                {lang}
                <p><a href=route::href(route)>{title.clone()}</a></p>
                {select("show", own.what, "", kinds, shown, None)}
                {note}
                {select("in", own.in_language, "", languages, in_language, None)}
                {select("theme", own.theme, "", themes, in_theme, None)}
                <div class="c-field">
                    <label class="c-field__label" for="color">{own.color}</label>
                    <p class="c-field__hint" id="color-hint">{own.color_hint}</p>
                    <input id="color" name="color" type="text" autocomplete="off" spellcheck="false" maxlength="7"
                        aria-describedby="color-hint color-guard" prop:value=Arc::clone(&color)
                        value=untrack(|| color()) />
                    <p class="c-field__hint" id="color-guard" role="status">{text(move || guard(&snippet.get()))}</p>
                </div>
                <button type="submit" class="c-button" data-variant="secondary">{own.show_it}</button>
            </form>
            {preview(snippet, title.clone())}
        </div>
        {paste(snippet, title, page, picture)}
    }
}

/// On which sites one can vote inside the frame, where that is what was chosen.
fn vote_note(snippet: &Snippet, sites: &[String]) -> Option<AnyView> {
    let own = i18n::widgets();
    if !matches!(snippet.widget, Some(Widget::Vote(_))) {
        return None;
    }
    let words =
        if sites.is_empty() { own.no_sites.to_owned() } else { fill(own.only_sites, &[&sites.join(", ")]) };
    Some(view! { <p class="c-builder__note" role="status">{words}</p> }.into_any())
}

/// What becomes of a colour that could not be read; empty if it can be.
fn guard(snippet: &Snippet) -> String {
    let own = i18n::widgets();
    let Some(color) = snippet.color else { return String::new() };
    // On a ground that is now one and now the other, each has its own.
    let ground = if snippet.theme == Theme::Dark { Color::DARK_GROUND } else { Color::WHITE };
    let readable = color.readable_on(ground);
    if readable == color {
        own.color_reads.to_owned()
    } else {
        fill(own.color_changed, &[&format!("#{}", color.digits()), &format!("#{}", readable.digits())])
    }
}

fn preview(snippet: Memo<Snippet>, title: String) -> impl IntoView {
    let own = i18n::widgets();
    let width = RwSignal::new(WIDTHS[1]);
    let widths = WIDTHS
        .map(|each| {
            let chosen = text(move || (width.get() == each).to_string());
            let variant = message(move || if width.get() == each { "secondary" } else { "quiet" });
            view! {
                <button type="button" class="c-button" data-variant=variant aria-pressed=chosen
                    on:click=click(move || width.set(each))>
                    {format!("{each} px")}
                </button>
            }
        })
        .collect_view();
    let frame = part(move || {
        let snippet = snippet.get();
        let height = snippet.widget.as_ref().map(|widget| widget.height().to_string());
        snippet.path().map(|path| {
            let width = text(move || width.get().to_string());
            view! { <iframe class="c-builder__frame" src=path title=title.clone() width=width height=height></iframe> }
        })
    });
    view! {
        <section class="c-builder__preview" aria-labelledby="preview">
            <h2 id="preview">{own.preview}</h2>
            <div class="l-cluster" role="group" aria-label=own.width>{widths}</div>
            {frame}
        </section>
    }
}

/// Everything that can be copied, and where it goes.
fn paste(snippet: Memo<Snippet>, title: String, page: String, picture: Option<String>) -> impl IntoView {
    let own = i18n::widgets();
    let origin = origin();
    let whole = format!("{origin}{page}");
    let line = {
        let (origin, title) = (origin.clone(), title.clone());
        text(move || snippet.get().frame(&origin, &title).unwrap_or_default())
    };
    let fitted = {
        let (line, script) = (Arc::clone(&line), Snippet::script(&origin));
        text(move || format!("{}\n{script}", line()))
    };
    let element = {
        let (page, title, script) = (whole.clone(), title.clone(), Snippet::script(&origin));
        text(move || format!("{}\n{script}", snippet.get().element(&page, &title).unwrap_or_default()))
    };
    let picture = picture.map(|picture| {
        let address = format!("{origin}{picture}.png?lang={}", language().code());
        let code = Snippet::picture(&address, &whole, &title);
        system(
            own.email,
            own.email_steps,
            vec![copied("code-email", own.copy_picture, text(move || code.clone()))],
        )
    });
    let policy = format!("frame-src {origin};\nscript-src {origin};");
    let address = whole.clone();
    view! {
        <section class="l-stack" aria-labelledby="paste">
            <h2 id="paste">{own.paste}</h2>
            {copied("code-line", own.line, line.clone())}
            {system(own.html, own.html_steps, vec![
                copied("code-fitted", own.fitted, fitted), copied("code-element", own.element, element),
            ])}
            {system(own.wordpress, own.wordpress_steps, vec![
                copied("code-address", own.address, text(move || address.clone())),
            ])}
            {system(own.drupal, own.drupal_steps, Vec::new())}
            {system(own.sharepoint, own.sharepoint_steps, Vec::new())}
            {picture}
            {system(own.policy, own.policy_steps, vec![
                copied("code-policy", own.policy_line, text(move || policy.clone())),
            ])}
            {system(own.privacy, own.privacy_steps, vec![
                copied("code-privacy", own.privacy_text, text(move || fill(if matches!(snippet.get().widget, Some(Widget::Vote(_))) { own.privacy_of_voting } else { own.privacy_statement }, &[&origin]))),
            ])}
        </section>
    }
}

/// The steps for one system; one is open at a time.
fn system(name: &'static str, steps: &'static str, codes: Vec<AnyView>) -> AnyView {
    let steps = steps.lines().map(|step| view! { <li>{step}</li> }).collect_view();
    view! {
        <details class="c-builder__system" name="system">
            <summary>{name}</summary>
            <ol>{steps}</ol>
            {codes}
        </details>
    }
    .into_any()
}

/// Text to be copied.
fn copied(id: &'static str, label: &'static str, code: Value<String>) -> AnyView {
    let own = i18n::widgets();
    let copied = Arc::clone(&code);
    let copy = click(move || platform::copy(id, &copied(), move || platform::announce(own.copied)));
    view! {
        <div class="c-field c-builder__copied">
            <label class="c-field__label" for=id>{label}</label>
            <textarea id=id class="c-builder__code" readonly rows="4" spellcheck="false" prop:value=Arc::clone(&code)>
                {untrack(|| code())}
            </textarea>
            <button type="button" class="c-button" data-variant="secondary" on:click=copy>{own.copy}</button>
        </div>
    }
    .into_any()
}
