//! The list of lessons in the header.

use crate::ui::browser::files::Texts;
use crate::ui::browser::{fetch, storage};
use crate::ui::icons::{Icon, glyph};
use crate::ui::keep;
use crate::ui::state::{Dispatch, use_dispatch};
use crate::ui::widgets::{FileButton, Menu};
use statefulset_playground::lesson::Lesson;
use statefulset_playground::lesson::index::{self, Entry};
use statefulset_playground::playground::{Action, Origin, share};
use yew::prelude::*;

#[derive(Properties, PartialEq)]
pub struct Props {
    /// Opens the form in which a lesson is made.
    pub on_make: Callback<()>,
}

/// The menu.
#[component]
pub fn Lessons(props: &Props) -> Html {
    let on_make = props.on_make.clone();
    let content = Callback::from(move |()| html! { <List on_make={on_make.clone()} /> });
    html! {
        <Menu label="Lessons" {content} face={html! {
            <>
                { glyph(Icon::Lesson) }
                <span class="header__word">{ "Lessons" }</span>
            </>
        }} />
    }
}

#[component]
fn List(props: &Props) -> Html {
    let dispatch = use_dispatch();
    let entries = use_state(|| None::<Result<Vec<Entry>, String>>);
    {
        let entries = entries.clone();
        use_effect_with((), move |()| load(Callback::from(move |read| entries.set(Some(read)))));
    }
    let done = storage::done();
    let take = {
        let dispatch = dispatch.clone();
        Callback::from(move |texts: Texts| match texts {
            Ok(texts) => {
                for text in texts.into_iter().take(1) {
                    open_carried(Origin::File, text, &dispatch);
                }
            }
            Err(why) => dispatch.send(Action::Tell(why)),
        })
    };
    let list = match &*entries {
        None => html! { <p class="gates__help" role="status">{ "Loading …" }</p> },
        Some(Err(why)) => html! { <p class="gates__help" role="alert">{ why }</p> },
        Some(Ok(entries)) => groups(entries, &done, &dispatch),
    };
    html! {
        <div class="lessons">
            { list }
            <div class="lessons__foot">
                <button class="button" type="button" onclick={props.on_make.reform(|_| ())}>
                    { "Make a lesson" }
                </button>
                <FileButton label="Open a lesson" accept=".yaml,.yml,.json" on_files={take}
                    wide=true />
            </div>
        </div>
    }
}

fn groups(entries: &[Entry], done: &[String], dispatch: &Dispatch) -> Html {
    let group = |entries: &[Entry]| {
        let name = entries.first().map_or("", |entry| entry.group.as_str()).to_owned();
        html! {
            <section key={name.clone()}>
                <h2 class="menu__title">{ &name }</h2>
                { for entries.iter().map(|entry| item(entry, done.contains(&entry.id), dispatch)) }
            </section>
        }
    };
    html! { { for entries.chunk_by(|left, right| left.group == right.group).map(group) } }
}

fn item(entry: &Entry, is_done: bool, dispatch: &Dispatch) -> Html {
    let (id, dispatch) = (entry.id.clone(), dispatch.clone());
    let onclick = move |_| open(&id, &dispatch);
    html! {
        <button key={entry.id.clone()} class="menu__item" type="button" {onclick}>
            { glyph(if is_done { Icon::Check } else { Icon::Lesson }) }
            <span class="menu__text">
                { &entry.title }
                if is_done {
                    <span class="visually-hidden">{ " (done)" }</span>
                }
            </span>
        </button>
    }
}

/// Fetches the list.
fn load(read: Callback<Result<Vec<Entry>, String>>) {
    let done = Callback::from(move |text: Option<String>| {
        let missing = || "The lessons could not be loaded. Are you offline?".to_owned();
        let text = text.ok_or_else(missing);
        read.emit(text.and_then(|text| index::read(&text).map_err(|why| why.to_string())));
    });
    fetch::text("lessons/index.yaml", done);
}

/// Fetches a lesson and begins it.
pub fn open(id: &str, dispatch: &Dispatch) {
    let address = format!("lessons/{id}.yaml");
    let (id, dispatch) = (id.to_owned(), dispatch.clone());
    let opened = Callback::from(move |text: Option<String>| match text {
        Some(text) => open_text(&id, text, &dispatch),
        None => dispatch
            .send(Action::Tell(format!("There is no lesson {id} here, or you are offline."))),
    });
    fetch::text(&address, opened);
}

/// Begins a lesson of the page beside the present work.
fn open_text(id: &str, text: String, dispatch: &Dispatch) {
    let (origin, id) = (format!("lesson {id}"), id.to_owned());
    let title = title_of(&text);
    keep::beside(title, origin, dispatch.clone(), move || Action::OpenLesson { id, text });
}

/// Begins a lesson that a link or a file carried beside the present work.
pub fn open_carried(from: Origin, text: String, dispatch: &Dispatch) {
    let origin = format!("lesson {}", share::mark(&text));
    let title = title_of(&text);
    keep::beside(title, origin, dispatch.clone(), move || Action::OpenCarried(from, text));
}

/// The title of a lesson; empty if it is none.
fn title_of(text: &str) -> String {
    Lesson::read(text).map_or_else(|_| String::new(), |lesson| lesson.title)
}

/// Begins the lesson after this one; after the last one, says so.
pub fn open_next(id: &str, dispatch: &Dispatch) {
    let (id, dispatch) = (id.to_owned(), dispatch.clone());
    load(Callback::from(move |entries: Result<Vec<Entry>, String>| match entries {
        Ok(entries) => {
            let next = entries.iter().skip_while(|entry| entry.id != id).nth(1);
            match next {
                Some(next) => open(&next.id, &dispatch),
                None => dispatch.send(Action::Say("That was the last lesson.".into())),
            }
        }
        Err(why) => dispatch.send(Action::Tell(why)),
    }));
}
