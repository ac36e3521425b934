//! Searching, narrowing and sorting a list of proposals: a plain form, so that it works without JavaScript.

use crate::i18n::{Language, language, messages};
use crate::ui::badge::level_name;
use crate::ui::icon::{Icon, icon};
use crate::ui::reactive::{Value, change, flag, submit, text};
use cabildo_contract::process::{Territory, Theme};
use cabildo_contract::proposal::{Filter, Level, Sort, Status};
use cabildo_contract::text::QUERY_MAX;
use leptos::prelude::*;
use std::sync::Arc;

/// The form. `on_change` gets the filter as the person set it.
#[component]
pub fn Filters(
    /// Where the form leads without JavaScript.
    action: String,
    /// What is narrowed at present.
    filter: Value<Filter>,
    /// The themes to choose from.
    themes: Vec<Theme>,
    /// The territories to choose from.
    territories: Vec<Territory>,
    /// The language of themes and territories.
    #[prop(into)]
    content: String,
    /// The person searched or chose.
    on_change: impl Fn(web_sys::Event) + Clone + 'static,
) -> impl IntoView {
    let t = messages();
    let lang = (language() != Language::default())
        .then(|| view! { <input type="hidden" name="lang" value=language().code() /> });
    let levels = Level::ALL.map(|level| (level.as_str().to_owned(), level_name(level).to_owned())).to_vec();
    let statuses = Status::ALL
        .map(|status| {
            let name = match status {
                Status::Selected => t.status_selected,
                Status::NotSelected => t.status_not_selected,
            };
            (status.as_str().to_owned(), name.to_owned())
        })
        .to_vec();
    let themes = themes.into_iter().map(|theme| (theme.slug.to_string(), theme.title)).collect();
    let territories = territories.into_iter().map(|territory| (territory.code, territory.name)).collect();
    let sorts = Sort::ALL
        .map(|sort| {
            let name = match sort {
                Sort::Number => t.sort_number,
                Sort::Title => t.sort_title,
                Sort::Comments => t.sort_comments,
            };
            (sort.as_str().to_owned(), name.to_owned())
        })
        .to_vec();
    let value = move |name: &'static str| {
        let filter = Arc::clone(&filter);
        text(move || {
            filter().pairs().iter().find(|(key, _)| *key == name).map_or("", |(_, value)| value).to_owned()
        })
    };
    let changed = on_change.clone();
    let searched = on_change;
    view! {
        <form class="c-filters" method="get" action=action role="search"
            on:submit=submit(searched) on:change=change(changed)>
            {lang}
            <div class="c-filters__search">
                <label for="q">{t.search_label}</label>
                <div class="c-filters__row">
                    <input type="search" id="q" name="q" maxlength=QUERY_MAX.to_string() autocomplete="off"
                        enterkeyhint="search" prop:value=value("q") value=untrack(|| value("q")()) />
                    <button type="submit" class="c-button" data-variant="primary">
                        {icon(Icon::SEARCH)}{t.search}
                    </button>
                </div>
            </div>
            <div class="c-filters__selects">
                {select("level", t.level, t.all_levels, levels, value("level"), None)}
                {select("theme", t.theme, t.all_themes, themes, value("theme"), Some(content.clone()))}
                {select("territory", t.territory, t.all_territories, territories, value("territory"), Some(content))}
                {select("status", t.status, t.all_statuses, statuses, value("status"), None)}
                {select("sort", t.sort, "", sorts, value("sort"), None)}
            </div>
        </form>
    }
}

/// A field with these values to choose from, each with its name; with `all`, also none of them, under that name.
pub fn select(
    name: &'static str,
    label: &'static str,
    all: &'static str,
    options: Vec<(String, String)>,
    value: Value<String>,
    content: Option<String>,
) -> AnyView {
    let all = (!all.is_empty()).then(|| {
        let value = Arc::clone(&value);
        view! { <option value="" selected=flag(move || value().is_empty())>{all}</option> }
    });
    let options = options
        .into_iter()
        .map(|(key, title)| {
            let (mine, value) = (key.clone(), Arc::clone(&value));
            let selected = flag(move || value() == mine);
            view! { <option value=key selected=selected lang=content.clone()>{title}</option> }
        })
        .collect_view();
    view! {
        <div class="c-field">
            <label class="c-field__label" for=name>{label}</label>
            <select id=name name=name>{all}{options}</select>
        </div>
    }
    .into_any()
}
