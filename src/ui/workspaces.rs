//! Named workspaces: open, copy, forget, all of them in one file.

use super::browser::files::Texts;
use super::browser::{address, download, storage};
use super::icons::{Icon, glyph};
use super::state::use_dispatch;
use super::widgets::{FileButton, Menu};
use statefulset_playground::playground::workspaces::{self, Workspace};
use statefulset_playground::playground::{Action, Playground};
use web_sys::HtmlInputElement;
use yew::prelude::*;

#[derive(Properties, PartialEq)]
pub struct Props {
    /// Saves what is shown.
    pub save: Callback<(), String>,
}

/// The menu in the header.
#[component]
pub fn Workspaces(props: &Props) -> Html {
    let save = props.save.clone();
    let content = Callback::from(move |()| html! { <Panel save={save.clone()} /> });
    html! {
        <Menu label="Workspaces" {content} face={html! {
            <>
                { glyph(Icon::Folder) }
                <span class="header__word">{ storage::current() }</span>
            </>
        }} />
    }
}

#[component]
fn Panel(props: &Props) -> Html {
    let dispatch = use_dispatch();
    let names = use_state(storage::names);
    let typed = use_node_ref();
    let current = storage::current();
    let look = {
        let names = names.clone();
        move || names.set(storage::names())
    };
    let copy = {
        let (save, typed, dispatch) = (props.save.clone(), typed.clone(), dispatch.clone());
        move |event: SubmitEvent| {
            event.prevent_default();
            let name = typed.cast::<HtmlInputElement>().map(|it| it.value()).unwrap_or_default();
            let work = save.emit(());
            storage::save(&work);
            match storage::add(&name, &work) {
                Some(name) => open(&name),
                None => dispatch.send(Action::Tell(FULL.into())),
            }
        }
    };
    let export = move |_| {
        let file = workspaces::export(&storage::all());
        download::save_bytes("workspaces.json", "application/json", file.as_bytes());
    };
    let import = {
        let (dispatch, look) = (dispatch.clone(), look.clone());
        Callback::from(move |texts: Texts| {
            dispatch.send(match texts.and_then(|texts| take_in(&texts)) {
                Ok(count) => Action::Say(format!("{count} workspaces are imported")),
                Err(why) => Action::Tell(why),
            });
            look();
        })
    };
    let refresh = {
        let look = look.clone();
        move || look()
    };
    let onpointerenter = {
        let refresh = refresh.clone();
        move |_: PointerEvent| refresh()
    };
    let onfocusin = move |_: FocusEvent| refresh();
    html! {
            <div class="workspaces" {onpointerenter} {onfocusin}>
                <h2 class="help__title">{ "Workspaces in this browser" }</h2>
                <ul class="workspaces__list" aria-label="Workspaces">
                    { for names.iter().map(|name| {
                        workspace(name, *name == current, &props.save, look.clone())
                    }) }
                </ul>
                <form class="workspaces__new" onsubmit={copy}>
                    <input class="input" type="text" ref={typed} aria-label="Name of the copy"
                        placeholder="Name" maxlength="60" />
                    <button class="button" type="submit">{ "Copy to new" }</button>
                </form>
                <div class="workspaces__all">
                    <button class="button button--quiet" type="button" onclick={export}>
                        { glyph(Icon::Download) }
                        <span>{ "Export all" }</span>
                    </button>
                    <FileButton label="Import workspaces" accept=".json" on_files={import}
                        wide=true />
                </div>
            </div>
    }
}

/// What a person is told when nothing more fits.
pub const FULL: &str = "Not saved: this browser has no room left for it. Export your workspaces, \
    and delete some.";

fn workspace(
    name: &str,
    is_current: bool,
    save: &Callback<(), String>,
    look: impl Fn() + 'static,
) -> Html {
    let choose = {
        let (name, save) = (name.to_owned(), save.clone());
        move |_| {
            storage::save(&save.emit(()));
            open(&name);
        }
    };
    let forget = {
        let name = name.to_owned();
        move |event: MouseEvent| {
            event.stop_propagation();
            storage::forget(&name);
            look();
        }
    };
    html! {
        <li key={name.to_owned()} class="workspaces__item">
            <button class="menu__item" type="button" aria-current={is_current.then_some("true")}
                onclick={choose}>
                <span class="menu__text">{ name }</span>
                if is_current {
                    <span class="menu__command">{ "open" }</span>
                }
            </button>
            if !is_current {
                <button class="button button--quiet button--icon" type="button"
                    aria-label={format!("Delete {name}")} title={format!("Delete {name}")}
                    onclick={forget}>
                    { glyph(Icon::Delete) }
                </button>
            }
        </li>
    }
}

/// Shows a workspace. The page starts anew with it, as it does after a reload.
fn open(name: &str) {
    storage::leave_for(name);
    address::reload();
}

/// Keeps the workspaces of a file, under names that are free; how many.
fn take_in(texts: &[String]) -> Result<usize, String> {
    let mut count = 0;
    for text in texts {
        for Workspace { name, saved } in workspaces::import(text).map_err(|it| it.to_string())? {
            Playground::restore(&saved).map_err(|error| format!("{name}: {error}"))?;
            storage::add(&name, &saved).ok_or_else(|| FULL.to_owned())?;
            count += 1;
        }
    }
    Ok(count)
}

#[derive(Properties, PartialEq)]
pub struct ElsewhereProps {
    /// Saves what is shown.
    pub save: Callback<(), String>,
}

/// Tells that another tab has changed this workspace, and asks which of the two is meant.
#[component]
pub fn ChangedElsewhere(props: &ElsewhereProps) -> Html {
    let dispatch = use_dispatch();
    let load = |_| {
        open(&storage::current());
    };
    let keep = {
        let save = props.save.clone();
        move |_| match storage::add(&storage::current(), &save.emit(())) {
            Some(name) => open(&name),
            None => dispatch.send(Action::Tell(FULL.into())),
        }
    };
    html! {
        <div class="notice notice--warning" role="group" aria-label="Changed in another tab">
            <div class="notice__body">
                <p class="notice__line">
                    { format!("“{}” was changed in another tab. What you do here is not saved until \
                               you choose.", storage::current()) }
                </p>
                <div class="notice__remedies">
                    <button class="button" type="button" onclick={load}>
                        { "Load the other tab's" }
                    </button>
                    <button class="button" type="button" onclick={keep}>
                        { "Keep mine as a copy" }
                    </button>
                </div>
            </div>
        </div>
    }
}
