//! The citizen app.
//!
//! `cargo xtask build` compiles it with `--cfg split` and cuts it into what every page needs and files that hold what
//! only one page needs, or only one language. Compiled in any other way, as by Trunk, it is one program.

fn main() {
    cabildo_app::surface::app::mount(load);
}

#[cfg(not(split))]
use cabildo_app::surface::app::whole as load;
#[cfg(split)]
use split::load;

#[cfg(split)]
mod split {
    use cabildo_app::i18n::{self, Catalogue, Language};
    use cabildo_app::pages::{self, Make, Page};
    use cabildo_app::surface::app::{Loading, Missing};
    use wasm_split_helpers::wasm_split;

    /// Fetches what is not here yet. The list of proposals comes with the app: most visits pass through it.
    pub fn load(page: Page, language: Language) -> Loading {
        Box::pin(async move {
            if language == Language::English {
                language.install(en().await?);
            }
            match page {
                Page::Home => home(page).await,
                Page::Process | Page::Encounters | Page::Committee | Page::Timeline => process(page).await,
                Page::Proposals => Ok(pages::proposals::page as Make),
                Page::Dashboard => dashboard(page).await,
                Page::Moderation => moderation(page).await,
                Page::Proposal | Page::Option | Page::Answers | Page::Call | Page::Submission => {
                    proposal(page).await
                }
                Page::Consultation | Page::Account => consultation(page).await,
                Page::Widgets => widgets(page).await,
                Page::NotFound => Ok(pages::not_found::page as Make),
            }
        })
    }

    /// A part has the name that its pages say ([`Page::part`]), or that of its language ([`Language::code`]): the server
    /// has a page fetch the parts of these names.
    #[wasm_split(en, fallible)]
    fn en() -> Result<&'static Catalogue, Missing> {
        Ok(&i18n::en::CATALOGUE)
    }

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
        moderation { moderation = Moderation }
        proposal { proposal = Proposal option = Option answers = Answers call = Call submission = Submission }
        consultation { consultation = Consultation account = Account }
        widgets { widgets = Widgets }
    }
}
