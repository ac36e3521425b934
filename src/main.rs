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
                Page::Home => home().await,
                Page::Process => process().await,
                Page::Proposals => Ok(pages::proposals::page as Make),
                Page::Dashboard => dashboard().await,
                Page::Proposal => proposal().await,
                Page::Consultation => consultation().await,
                Page::NotFound => Ok(pages::not_found::page as Make),
            }
        })
    }

    /// A part is named as its page ([`Page::name`]) or its language ([`Language::code`]): the server has a page fetch
    /// the parts of these names.
    #[wasm_split(en, fallible)]
    fn en() -> Result<&'static Catalogue, Missing> {
        Ok(&i18n::en::CATALOGUE)
    }

    /// A file of its own for each page.
    macro_rules! split {
        ($($page:ident)*) => {
            $(#[wasm_split($page, fallible)]
            fn $page() -> Result<Make, Missing> {
                Ok(pages::$page::page)
            })*
        };
    }

    split! { home process dashboard proposal consultation }
}
