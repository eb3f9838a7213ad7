//! The browser's database (IndexedDB), in which work is kept: workspaces, and their records.
//!
//! A change is one transaction, so what a crash leaves is the old or the new. It is made only if the
//! workspace still says what this tab knows of it: another tab may have changed it meanwhile.

use gloo::utils::window;
use js_sys::{Array, Promise};
use wasm_bindgen::closure::Closure;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{
    DomException, IdbDatabase, IdbKeyRange, IdbObjectStore, IdbRequest, IdbTransaction,
    IdbTransactionMode,
};

const NAME: &str = "statefulset-playground";
const VERSION: u32 = 1;

/// A workspace by its id: its label, as JSON.
const WORKSPACES: &str = "workspaces";
/// A record by its workspace and number.
const RECORDS: &str = "records";

/// A browser that has not answered by then, in milliseconds, is not going to.
const PATIENCE_MS: i32 = 8_000;

/// Why something could not be kept or read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Trouble {
    /// There is no room left.
    Full,
    /// The browser has no database for this page, or forbids it.
    Blocked,
    /// The workspace is not what this tab knows of it.
    Changed,
    /// Something else, in the browser's words.
    Failed(String),
}

/// The database.
pub struct Database(IdbDatabase);

/// What is to become of one workspace.
#[derive(Clone, Debug, Default)]
pub struct Change {
    /// Its id.
    pub id: String,
    /// What must be its label now; none: there is no such workspace.
    pub expected: Option<String>,
    /// Its new label; none: it is forgotten, with all its records.
    pub label: Option<String>,
    /// Records by their numbers.
    pub put: Vec<(u32, String)>,
    /// Records from this number on, and before that one, go.
    pub gone: Option<(u32, u32)>,
}

impl Database {
    /// Opens it.
    ///
    /// # Errors
    /// [`Trouble::Blocked`] or the browser's words.
    pub async fn open() -> Result<Self, Trouble> {
        let factory = window().indexed_db().ok().flatten().ok_or(Trouble::Blocked)?;
        let request = factory.open_with_u32(NAME, VERSION).map_err(|_| Trouble::Blocked)?;
        let asked = request.clone();
        let make = Closure::once_into_js(move || {
            let database = asked.result().ok().and_then(|it| it.dyn_into::<IdbDatabase>().ok());
            for store in [WORKSPACES, RECORDS] {
                // What fails here fails the opening.
                let _made = database.as_ref().map(|it| it.create_object_store(store));
            }
        });
        request.set_onupgradeneeded(Some(make.unchecked_ref()));
        let opened = done(&request);
        let database = JsFuture::from(in_time(&opened)).await.map_err(|_| Trouble::Blocked)?;
        let database: IdbDatabase = database.dyn_into().map_err(|_| Trouble::Blocked)?;
        let held = database.clone();
        let close = Closure::<dyn FnMut()>::new(move || held.close()).into_js_value();
        // A later release may need another form: this tab does not hold it up.
        database.set_onversionchange(Some(close.unchecked_ref()));
        Ok(Self(database))
    }

    /// All workspaces: ids and labels.
    ///
    /// # Errors
    /// [`Trouble`].
    pub async fn workspaces(&self) -> Result<Vec<(String, String)>, Trouble> {
        let transaction = self.begin(IdbTransactionMode::Readonly)?;
        let store = store(&transaction, WORKSPACES)?;
        let keys = store.get_all_keys().map_err(trouble)?;
        let values = store.get_all().map_err(trouble)?;
        let (keys, values) = (done(&keys), done(&values));
        let keys = Array::from(&JsFuture::from(keys).await.map_err(trouble)?);
        let values = Array::from(&JsFuture::from(values).await.map_err(trouble)?);
        let both = keys.iter().zip(values.iter());
        Ok(both.filter_map(|(key, value)| Some((key.as_string()?, value.as_string()?))).collect())
    }

    /// The label of a workspace.
    ///
    /// # Errors
    /// [`Trouble`].
    pub async fn label(&self, id: &str) -> Result<Option<String>, Trouble> {
        let transaction = self.begin(IdbTransactionMode::Readonly)?;
        label_in(&transaction, id).await
    }

    /// The records of a workspace, with their numbers, in their order.
    ///
    /// # Errors
    /// [`Trouble`].
    pub async fn records(&self, id: &str) -> Result<Vec<(u32, String)>, Trouble> {
        let transaction = self.begin(IdbTransactionMode::Readonly)?;
        let store = store(&transaction, RECORDS)?;
        let all = range(id, 0, u32::MAX)?;
        let keys = done(&store.get_all_keys_with_key(&all).map_err(trouble)?);
        let values = done(&store.get_all_with_key(&all).map_err(trouble)?);
        let keys = Array::from(&JsFuture::from(keys).await.map_err(trouble)?);
        let values = Array::from(&JsFuture::from(values).await.map_err(trouble)?);
        let number = |key: JsValue| Some(Array::from(&key).get(1).as_f64()? as u32);
        let both = keys.iter().zip(values.iter());
        Ok(both.filter_map(|(key, value)| Some((number(key)?, value.as_string()?))).collect())
    }

    /// Makes a change, whole or not at all.
    ///
    /// # Errors
    /// [`Trouble`]; then nothing has changed.
    pub async fn change(&self, change: &Change) -> Result<(), Trouble> {
        let transaction = self.begin(IdbTransactionMode::Readwrite)?;
        if label_in(&transaction, &change.id).await? != change.expected {
            // Refused only where it has ended already.
            let _ended = transaction.abort();
            return Err(Trouble::Changed);
        }
        if let Err(error) = write(&transaction, change) {
            let _ended = transaction.abort();
            return Err(error);
        }
        JsFuture::from(ended(&transaction)).await.map_err(trouble)?;
        Ok(())
    }

    fn begin(&self, mode: IdbTransactionMode) -> Result<IdbTransaction, Trouble> {
        let stores = Array::of2(&WORKSPACES.into(), &RECORDS.into());
        self.0.transaction_with_str_sequence_and_mode(&stores, mode).map_err(trouble)
    }
}

fn write(transaction: &IdbTransaction, change: &Change) -> Result<(), Trouble> {
    let (workspaces, records) = (store(transaction, WORKSPACES)?, store(transaction, RECORDS)?);
    let Change { id, label, put, gone, .. } = change;
    let gone = if label.is_some() { *gone } else { Some((0, u32::MAX)) };
    if let Some((from, to)) = gone {
        records.delete(&range(id, from, to)?.into()).map_err(trouble)?;
    }
    for (number, record) in put {
        let key = key(id, *number);
        records.put_with_key(&record.into(), &key).map_err(trouble)?;
    }
    match label {
        Some(label) => workspaces.put_with_key(&label.into(), &id.into()).map_err(trouble)?,
        None => workspaces.delete(&id.into()).map_err(trouble)?,
    };
    Ok(())
}

async fn label_in(transaction: &IdbTransaction, id: &str) -> Result<Option<String>, Trouble> {
    let label = store(transaction, WORKSPACES)?.get(&id.into()).map_err(trouble)?;
    Ok(JsFuture::from(done(&label)).await.map_err(trouble)?.as_string())
}

fn store(transaction: &IdbTransaction, name: &str) -> Result<IdbObjectStore, Trouble> {
    transaction.object_store(name).map_err(trouble)
}

fn key(id: &str, number: u32) -> JsValue {
    Array::of2(&id.into(), &f64::from(number).into()).into()
}

fn range(id: &str, from: u32, to: u32) -> Result<IdbKeyRange, Trouble> {
    let (from, to) = (key(id, from), key(id, to));
    IdbKeyRange::bound_with_lower_open_and_upper_open(&from, &to, false, true).map_err(trouble)
}

/// The result of a request, when it is there.
fn done(request: &IdbRequest) -> Promise {
    Promise::new(&mut |resolve, reject| {
        let (asked, failed) = (request.clone(), request.clone());
        let success = Closure::once_into_js(move || {
            let result = asked.result().unwrap_or(JsValue::UNDEFINED);
            let _answer = resolve.call1(&JsValue::NULL, &result);
        });
        let error = Closure::once_into_js(move || {
            let why = failed.error().ok().flatten().map_or(JsValue::NULL, JsValue::from);
            let _answer = reject.call1(&JsValue::NULL, &why);
        });
        request.set_onsuccess(Some(success.unchecked_ref()));
        request.set_onerror(Some(error.unchecked_ref()));
    })
}

/// The end of a transaction: fails with what made it end.
fn ended(transaction: &IdbTransaction) -> Promise {
    Promise::new(&mut |resolve, reject| {
        let aborted = transaction.clone();
        let complete = Closure::once_into_js(move || {
            let _answer = resolve.call0(&JsValue::NULL);
        });
        let abort = Closure::once_into_js(move || {
            let why = aborted.error().map_or(JsValue::NULL, JsValue::from);
            let _answer = reject.call1(&JsValue::NULL, &why);
        });
        transaction.set_oncomplete(Some(complete.unchecked_ref()));
        transaction.set_onabort(Some(abort.unchecked_ref()));
    })
}

/// The same, or a failure when it takes too long.
fn in_time(promise: &Promise) -> Promise {
    let late = Promise::new(&mut |_, reject| {
        let set =
            window().set_timeout_with_callback_and_timeout_and_arguments_0(&reject, PATIENCE_MS);
        // Without a timer there is no limit.
        let _number = set;
    });
    Promise::race(&Array::of2(promise, &late))
}

fn trouble(error: JsValue) -> Trouble {
    let Some(error) = error.dyn_ref::<DomException>() else {
        return Trouble::Failed("the browser gave no reason".into());
    };
    match error.name().as_str() {
        "QuotaExceededError" => Trouble::Full,
        "SecurityError" | "InvalidStateError" | "NotAllowedError" => Trouble::Blocked,
        name => Trouble::Failed(format!("{name}: {}", error.message())),
    }
}
