//! The title and description of the present page.

use crate::client::ClientError;
use crate::effect::effect;
use crate::i18n::messages;
use crate::loadable::Loadable;
use crate::platform;
use leptos::prelude::*;
use std::sync::{Arc, Mutex};

/// What a page says about itself to the tab, to a search engine and to a message that links to it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Head {
    /// The title, without the name of the site.
    pub title: String,
    /// One or two sentences.
    pub description: String,
    /// The HTTP status of the first response.
    pub status: u16,
    /// The path of a picture of 1200 × 630 that stands for the page in a message.
    pub image: Option<String>,
}

/// Where the server finds the head of the page that it renders.
#[derive(Debug, Clone, Default)]
pub struct HeadSlot(Arc<Mutex<Option<Head>>>);

impl HeadSlot {
    /// The head, once the page has been rendered.
    #[must_use]
    pub fn take(&self) -> Option<Head> {
        self.0.lock().ok()?.take()
    }
}

/// Sets the head of the page whenever `head` has one. In the browser the title is also announced, since nothing
/// else tells a screen reader that another page is shown.
pub fn use_head(head: impl Fn() -> Option<Head> + Send + Sync + 'static) {
    if let Some(slot) = use_context::<HeadSlot>() {
        if let (Some(head), Ok(mut place)) = (head(), slot.0.lock()) {
            *place = Some(head);
        }
        return;
    }
    effect(move |previous: Option<Option<String>>| {
        let title = head().map(|head| head.title);
        if let Some(title) = &title {
            platform::set_title(&format!("{title} · Cabildo"));
            if previous.flatten().as_ref() != Some(title) {
                platform::announce(title);
            }
        }
        title
    });
}

impl Head {
    /// The head of a page whose subject could not be had.
    #[must_use]
    pub fn of_failure(error: &ClientError) -> Self {
        let t = messages();
        let (title, status) = match error {
            ClientError::Rejected(problem) if problem.status == 404 => (t.not_found_title, 404),
            ClientError::Rejected(problem) => (t.error_title, problem.status),
            _ => (t.error_title, 503),
        };
        Self { title: title.to_owned(), description: error.message(t).to_owned(), status, image: None }
    }

    /// The head of a page made from a value: `make` says what the value is called; a failure has its own.
    pub fn of<T>(value: &Loadable<T>, make: impl FnOnce(&T) -> (String, String)) -> Option<Self> {
        match value {
            Loadable::Ready(value) => {
                let (title, description) = make(value);
                Some(Self { title, description, status: 200, image: None })
            }
            Loadable::Failed(error) => Some(Self::of_failure(error)),
            _ => None,
        }
    }

    /// With a picture.
    #[must_use]
    pub fn pictured(self, image: String) -> Self {
        Self { image: Some(image), ..self }
    }
}
