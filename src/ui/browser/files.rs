//! Files that a person chooses or drops.

use gloo::file::FileList;
use gloo::file::futures::read_as_bytes;
use wasm_bindgen::JsCast;
use wasm_bindgen_futures::spawn_local;
use web_sys::{DragEvent, Event, HtmlInputElement};
use yew::Callback;

/// The texts of the files that were chosen, in order; or why they cannot be read.
pub type Texts = Result<Vec<String>, String>;

/// Reads what was chosen in an input for files, and empties it so that the same can be chosen again.
pub fn chosen(event: &Event, done: Callback<Texts>) {
    let input = event.target().and_then(|it| it.dyn_into::<HtmlInputElement>().ok());
    let Some(input) = input else { return };
    if let Some(list) = input.files() {
        read(FileList::from(list), done);
    }
    input.set_value("");
}

/// Reads what was dropped; whether there were files.
pub fn dropped(event: &DragEvent, done: Callback<Texts>) -> bool {
    let list = event.data_transfer().and_then(|data| data.files());
    let Some(list) = list.filter(|list| list.length() > 0) else { return false };
    read(FileList::from(list), done);
    true
}

fn read(list: FileList, done: Callback<Texts>) {
    // Beyond this nothing is read: the text would be refused anyway.
    const MOST_BYTES: u64 = 64 * 1024 * 1024;
    spawn_local(async move {
        let mut texts = Vec::new();
        for file in list.iter() {
            if file.size() > MOST_BYTES {
                return done.emit(Err(format!("{} is too large", file.name())));
            }
            // Read as text, a file would lose its byte order mark.
            let Ok(bytes) = read_as_bytes(file).await else {
                return done.emit(Err(format!("{} could not be read", file.name())));
            };
            match String::from_utf8(bytes) {
                Ok(text) if !text.contains('\0') => texts.push(text),
                _ => return done.emit(Err(format!("{} is no text", file.name()))),
            }
        }
        done.emit(Ok(texts));
    });
}
