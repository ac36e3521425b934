//! The citizen app.
//!
//! `cargo xtask build` compiles it with `--cfg split` and cuts it into what every page needs and files that hold what
//! only one page needs, or only one language. Compiled in any other way, as by Trunk, it is one program.

fn main() {
    cabildo_app::surface::app::mount(words, load);
}

#[cfg(not(split))]
use cabildo_app::surface::app::{all_words as words, whole as load};
#[cfg(split)]
use split::{load, words};

#[cfg(split)]
mod split {
    use cabildo_app::i18n::{self, Catalogue, Language};
    use cabildo_app::pages::{self, Make, Page};
    use cabildo_app::surface::app::{Loading, Missing};
    use std::pin::Pin;
    use wasm_split_helpers::wasm_split;

    /// Fetches the words of a language. Those of the default one come with the app and its pages.
    pub fn words(language: Language) -> Loading<()> {
        let catalogue: Pin<Box<dyn Future<Output = Result<&'static Catalogue, Missing>>>> = match language {
            Language::Spanish => return Box::pin(std::future::ready(Ok(()))),
            Language::English => Box::pin(en()),
            Language::Portuguese => Box::pin(pt()),
            Language::Wayuunaiki => Box::pin(guc()),
        };
        Box::pin(async move { catalogue.await.map(|catalogue| i18n::install(catalogue, language)) })
    }

    /// Fetches what is not here yet. The list of proposals comes with the app: most visits pass through it.
    pub fn load(page: Page) -> Loading {
        Box::pin(async move {
            match page {
                Page::Home => home(page).await,
                Page::Process | Page::Encounters | Page::Committee | Page::Timeline => process(page).await,
                Page::Proposals => Ok(pages::proposals::page as Make),
                Page::Dashboard => dashboard(page).await,
                Page::Moderation | Page::Widgets => tools(page).await,
                Page::Proposal | Page::Option | Page::Answers | Page::Call | Page::Submission => {
                    proposal(page).await
                }
                Page::Consultation | Page::Account => consultation(page).await,
                Page::NotFound => Ok(pages::not_found::page as Make),
            }
        })
    }

    /// A part has the name that its pages say ([`Page::part`]), or that of its language ([`Language::code`]): the server
    /// has a page fetch the parts of these names.
    macro_rules! words {
        ($($language:ident)*) => {
            $(#[wasm_split($language, fallible)]
            fn $language() -> Result<&'static Catalogue, Missing> {
                Ok(&i18n::$language::CATALOGUE)
            })*
        };
    }

    words! { en pt guc }

    /// Parts, each with the pages that are in it.
    macro_rules! split {
        ($($part:ident { $($page:ident = $name:ident)* })*) => {
            $(#[wasm_split($part, fallible)]
            fn $part(page: Page) -> Result<Make, Missing> {
                match page {
                    $(Page::$name => Ok(pages::$page::page),)*
                    _ => Err(Missing),
                }
            })*
        };
    }

    split! {
        home { home = Home }
        process { process = Process encounters = Encounters committee = Committee timeline = Timeline }
        dashboard { dashboard = Dashboard }
        tools { moderation = Moderation widgets = Widgets }
        proposal { proposal = Proposal option = Option answers = Answers call = Call submission = Submission }
        consultation { consultation = Consultation account = Account }
    }
}
