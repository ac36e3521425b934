//! One text that outlives the page, in the browser's database: the service worker can read and write it too, which no
//! other storage of the browser allows.

use js_sys::{Promise, Reflect};
use wasm_bindgen::{JsCast, JsValue, closure::Closure};
use wasm_bindgen_futures::JsFuture;
use web_sys::{IdbDatabase, IdbObjectStore, IdbRequest, IdbTransactionMode};

/// As the service worker has it (`src/surface/app/worker.js`).
const DATABASE: &str = "cabildo";
const STORE: &str = "shelf";

/// The browser keeps nothing: it is told not to, or has no room.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct NotKept;

impl From<JsValue> for NotKept {
    fn from(_: JsValue) -> Self {
        Self
    }
}

/// Replaces the text under a name by what `change` makes of it (none: nothing is there), and gives back what is there then.
/// All in one transaction: two tabs that change it at once do so one after the other.
///
/// # Errors
/// [`NotKept`].
pub async fn change(
    name: &str,
    change: Box<dyn FnOnce(Option<String>) -> Option<String>>,
) -> Result<Option<String>, NotKept> {
    let database = open().await?;
    let transaction = database.transaction_with_str_and_mode(STORE, IdbTransactionMode::Readwrite)?;
    let store = transaction.object_store(STORE)?;
    let done = Promise::new(&mut |done, failed| {
        transaction.set_oncomplete(Some(&done));
        transaction.set_onabort(Some(&failed));
        transaction.set_onerror(Some(&failed));
    });
    let before = read(&store, name).await?;
    let after = change(before.clone());
    match &after {
        _ if after == before => {}
        Some(text) => drop(store.put_with_key(&text.into(), &name.into())?),
        None => drop(store.delete(&name.into())?),
    }
    // Only then it is on the disk.
    let done = JsFuture::from(done).await;
    database.close();
    done?;
    Ok(after)
}

async fn read(store: &IdbObjectStore, name: &str) -> Result<Option<String>, NotKept> {
    Ok(settled(&store.get(&name.into())?).await?.as_string())
}

async fn open() -> Result<IdbDatabase, NotKept> {
    let factory = super::window().ok_or(NotKept)?.indexed_db()?.ok_or(NotKept)?;
    let request = factory.open_with_u32(DATABASE, 1)?;
    let opened = request.clone();
    let upgrade = Closure::once_into_js(move || {
        // If it cannot be made, the transaction cannot be either, and says so.
        let _ = database_of(&opened).map(|database| database.create_object_store(STORE));
    });
    request.set_onupgradeneeded(Some(upgrade.unchecked_ref()));
    settled(&request).await?.dyn_into().map_err(NotKept::from)
}

fn database_of(request: &IdbRequest) -> Option<IdbDatabase> {
    request.result().ok()?.dyn_into().ok()
}

/// The result of a request, once it is there.
async fn settled(request: &IdbRequest) -> Result<JsValue, NotKept> {
    let settled = Promise::new(&mut |done, failed| {
        request.set_onsuccess(Some(&done));
        request.set_onerror(Some(&failed));
    });
    JsFuture::from(settled).await?;
    Ok(request.result()?)
}

/// Asks the browser not to throw away what is kept when it needs room. It decides, and answers nobody; some ask the person.
pub fn ask_to_keep() {
    let persist = || -> Option<()> {
        let storage = Reflect::get(&super::window()?.navigator(), &"storage".into()).ok()?;
        let persist: js_sys::Function = Reflect::get(&storage, &"persist".into()).ok()?.dyn_into().ok()?;
        persist.call0(&storage).ok().map(drop)
    };
    let _ = persist();
}
