//! The browser's database (IndexedDB), in which work is kept: workspaces, and their records.
//!
//! A change is one transaction, so what a crash leaves is the old or the new. It is made only if the
//! workspace still says what this tab knows of it: another tab may have changed it meanwhile. The calls
//! themselves are in `static/parts/database.js`.

use js_sys::Promise;
use serde::Serialize;
use serde_json::{Value, json};
use statefulset_playground::api::json as reader;
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::JsFuture;

#[wasm_bindgen]
extern "C" {
    /// Asks the database something; question and answer are JSON.
    #[wasm_bindgen(catch, js_name = workDatabase)]
    fn work_database(question: &str, given: &str) -> Result<Promise, JsValue>;
}

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
pub struct Database(());

/// What is to become of one workspace.
#[derive(Clone, Debug, Default, Serialize)]
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
    /// [`Trouble::Blocked`].
    pub async fn open() -> Result<Self, Trouble> {
        match ask("open", &Value::Null).await {
            Ok(_) => Ok(Self(())),
            Err(_) => Err(Trouble::Blocked),
        }
    }

    /// All workspaces: ids and labels.
    ///
    /// # Errors
    /// [`Trouble`].
    pub async fn workspaces(&self) -> Result<Vec<(String, String)>, Trouble> {
        let all = ask("workspaces", &Value::Null).await?;
        let both = |it: &Value| Some((it.get(0)?.as_str()?.into(), it.get(1)?.as_str()?.into()));
        Ok(all.as_array().map(|all| all.iter().filter_map(both).collect()).unwrap_or_default())
    }

    /// The label of a workspace.
    ///
    /// # Errors
    /// [`Trouble`].
    pub async fn label(&self, id: &str) -> Result<Option<String>, Trouble> {
        Ok(ask("label", &json!({"id": id})).await?.as_str().map(str::to_owned))
    }

    /// The records of a workspace, with their numbers, in their order.
    ///
    /// # Errors
    /// [`Trouble`].
    pub async fn records(&self, id: &str) -> Result<Vec<(u32, String)>, Trouble> {
        let all = ask("records", &json!({"id": id})).await?;
        let both = |it: &Value| {
            let number = u32::try_from(it.get(0)?.as_u64()?).ok()?;
            Some((number, it.get(1)?.as_str()?.into()))
        };
        Ok(all.as_array().map(|all| all.iter().filter_map(both).collect()).unwrap_or_default())
    }

    /// Makes a change, whole or not at all.
    ///
    /// # Errors
    /// [`Trouble`]; then nothing has changed.
    pub async fn change(&self, change: &Change) -> Result<(), Trouble> {
        ask("change", &serde_json::to_value(change).unwrap_or_default()).await.map(drop)
    }
}

async fn ask(question: &str, given: &Value) -> Result<Value, Trouble> {
    let asked = work_database(question, &given.to_string()).map_err(|_| Trouble::Blocked)?;
    let answer = JsFuture::from(asked).await.map_err(|error| trouble(&error))?;
    reader::parse(&answer.as_string().unwrap_or_default()).map_err(Trouble::Failed)
}

fn trouble(error: &JsValue) -> Trouble {
    let said = error.as_string().unwrap_or_default();
    match said.split(':').next().unwrap_or_default() {
        "QuotaExceededError" => Trouble::Full,
        "Changed" => Trouble::Changed,
        "SecurityError" | "InvalidStateError" | "NotAllowedError" | "ReferenceError"
        | "TypeError" => Trouble::Blocked,
        _ => Trouble::Failed(said),
    }
}
