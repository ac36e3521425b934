//! A list that the API gives page by page and that a reader sees as one.

use super::Resource;
use crate::client::ClientError;
use cabildo_contract::call::SubmissionSummary;
use cabildo_contract::comment::Thread;
use cabildo_contract::page::Page;
use leptos::prelude::*;
use leptos::task::spawn_local;
use std::future::Future;

/// What such a list holds.
pub trait Item: Clone + Send + Sync + 'static {
    /// What tells it from the others.
    fn id(&self) -> &str;
}

impl Item for Thread {
    fn id(&self) -> &str {
        self.comment.id.as_str()
    }
}

impl Item for SubmissionSummary {
    fn id(&self) -> &str {
        self.id.as_str()
    }
}

/// The pages that are here, newest first.
pub struct Paged<T: Item> {
    /// The first page.
    pub first: Resource<Page<T>>,
    /// Further pages, asked for by the reader.
    more: RwSignal<Vec<Page<T>>>,
    /// Why the last further page is not here.
    pub error: RwSignal<Option<ClientError>>,
}

impl<T: Item> Clone for Paged<T> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<T: Item> Copy for Paged<T> {}

impl<T: Item> Paged<T> {
    /// A list that begins with this page.
    #[must_use]
    pub fn new(first: Resource<Page<T>>) -> Self {
        Self { first, more: RwSignal::new(Vec::new()), error: RwSignal::new(None) }
    }

    /// All that are here, each once: one that arrives pushes others from the first page to the second.
    #[must_use]
    pub fn all(&self) -> Vec<T> {
        let mut all = self.first.with(|page| page.ready().map(|page| page.items.clone()).unwrap_or_default());
        self.more.with(|pages| {
            for item in pages.iter().flat_map(|page| &page.items) {
                if !all.iter().any(|other| other.id() == item.id()) {
                    all.push(item.clone());
                }
            }
        });
        all
    }

    /// Where the next page begins.
    #[must_use]
    pub fn next(&self) -> Option<String> {
        let further = self.more.with(|pages| pages.last().map(|page| page.next.clone()));
        further.unwrap_or_else(|| self.first.with(|page| page.ready().and_then(|page| page.next.clone())))
    }

    /// Asks for the next page, if there is one.
    pub fn load_more<F>(self, ask: impl FnOnce(String) -> F)
    where
        F: Future<Output = Result<Page<T>, ClientError>> + 'static,
    {
        let Some(cursor) = untrack(|| self.next()) else { return };
        self.error.set(None);
        let page = ask(cursor);
        spawn_local(async move {
            // The page may have been left meanwhile: that ended its signals.
            match page.await {
                Ok(page) => {
                    self.more.try_update(|pages| pages.push(page));
                }
                Err(error) => drop(self.error.try_set(Some(error))),
            }
        });
    }

    /// Puts what was received before the others, unless it is here.
    pub fn add(self, item: T) {
        self.first.update(|page| {
            if !page.items.iter().any(|other| other.id() == item.id()) {
                page.items.insert(0, item);
            }
        });
    }

    /// Changes all that are here.
    pub fn each(self, mut change: impl FnMut(&mut T)) {
        self.first.update(|page| page.items.iter_mut().for_each(&mut change));
        self.more.update(|pages| pages.iter_mut().flat_map(|page| &mut page.items).for_each(change));
    }
}
