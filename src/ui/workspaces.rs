//! Named workspaces: open, copy, delete and bring back, all of them in one file.

use super::browser::download;
use super::browser::files::Texts;
use super::icons::{Icon, glyph};
use super::keep::{self, Listed};
use super::state::{Dispatch, use_dispatch};
use super::widgets::{FileButton, Menu};
use statefulset_playground::playground::Action;
use wasm_bindgen_futures::spawn_local;
use web_sys::HtmlInputElement;
use yew::prelude::*;

#[derive(Properties, PartialEq)]
pub struct Props {
    /// The name of the present one.
    pub name: AttrValue,
}

/// The menu in the header.
#[component]
pub fn Workspaces(props: &Props) -> Html {
    let content = Callback::from(|()| html! { <Panel /> });
    html! {
        <Menu label="Workspaces" {content} face={html! {
            <>
                { glyph(Icon::Folder) }
                <span class="header__word">{ props.name.clone() }</span>
            </>
        }} />
    }
}

/// The list, or why there is none.
type Read = Result<Vec<Listed>, String>;

#[component]
fn Panel() -> Html {
    let dispatch = use_dispatch();
    let read = use_state(|| None::<Read>);
    let typed = use_node_ref();
    let look = {
        let read = read.setter();
        Callback::from(move |()| {
            let read = read.clone();
            spawn_local(async move {
                read.set(Some(keep::list().await.map_err(|trouble| keep::sentence(&trouble))));
            });
        })
    };
    {
        let look = look.clone();
        use_effect_with((), move |()| look.emit(()));
    }
    let copy = {
        let (typed, dispatch) = (typed.clone(), dispatch.clone());
        move |event: SubmitEvent| {
            event.prevent_default();
            let name = typed.cast::<HtmlInputElement>().map(|it| it.value()).unwrap_or_default();
            let dispatch = dispatch.clone();
            spawn_local(async move {
                match keep::copy(&name).await {
                    Ok(id) => keep::open(&id),
                    Err(trouble) => dispatch.send(Action::Tell(keep::sentence(&trouble))),
                }
            });
        }
    };
    let import = {
        let (dispatch, look) = (dispatch.clone(), look.clone());
        Callback::from(move |texts: Texts| take_in(texts, dispatch.clone(), look.clone()))
    };
    let onpointerenter = look.reform(|_: PointerEvent| ());
    let onfocusin = look.reform(|_: FocusEvent| ());
    html! {
            <div class="workspaces" {onpointerenter} {onfocusin}>
                <h2 class="help__title">{ "Workspaces in this browser" }</h2>
                { lists(read.as_ref(), &look, &dispatch) }
                <form class="workspaces__new" onsubmit={copy}>
                    <input class="input" type="text" ref={typed} aria-label="Name of the copy"
                        placeholder="Name" maxlength="60" />
                    <button class="button" type="submit">{ "Copy to new" }</button>
                </form>
                <div class="workspaces__all">
                    <button class="button button--quiet" type="button"
                        onclick={dispatch_export(&dispatch)}>
                        { glyph(Icon::Download) }
                        <span>{ "Export all" }</span>
                    </button>
                    <FileButton label="Import workspaces" accept=".json" on_files={import}
                        wide=true />
                </div>
            </div>
    }
}

fn dispatch_export(dispatch: &Dispatch) -> Callback<MouseEvent> {
    let dispatch = dispatch.clone();
    Callback::from(move |_| {
        let dispatch = dispatch.clone();
        spawn_local(async move {
            match keep::export().await {
                Ok(file) => hand("workspaces.json", &file),
                Err(trouble) => dispatch.send(Action::Tell(keep::sentence(&trouble))),
            }
        });
    })
}

fn hand(name: &str, file: &str) {
    download::save_bytes(name, "application/json", file.as_bytes());
}

/// Those that can be opened, those that are set aside, those that were deleted.
fn lists(read: Option<&Read>, look: &Callback<()>, dispatch: &Dispatch) -> Html {
    let listed = match read {
        None => return html! { <p class="gates__help" role="status">{ "Looking …" }</p> },
        Some(Err(why)) => return html! { <p class="gates__help" role="alert">{ why }</p> },
        Some(Ok(listed)) => listed,
    };
    let of = |is_it: fn(&Listed) -> bool| listed.iter().filter(move |it| is_it(it));
    let usable = of(|it| it.label.deleted == 0 && it.label.aside.is_empty());
    let aside: Vec<_> = of(|it| it.label.deleted == 0 && !it.label.aside.is_empty()).collect();
    let deleted: Vec<_> = of(|it| it.label.deleted > 0).collect();
    html! {
        <>
            <ul class="workspaces__list" aria-label="Workspaces">
                { for usable.map(|it| workspace(it, look)) }
            </ul>
            if !aside.is_empty() {
                <h3 class="menu__title">{ "Set aside" }</h3>
                <ul class="workspaces__list" aria-label="Set aside">
                    { for aside.into_iter().map(|it| set_aside(it, look, dispatch)) }
                </ul>
            }
            if !deleted.is_empty() {
                <h3 class="menu__title">{ "Deleted" }</h3>
                <ul class="workspaces__list" aria-label="Deleted">
                    { for deleted.into_iter().map(|it| gone(it, look)) }
                </ul>
            }
        </>
    }
}

fn workspace(listed: &Listed, look: &Callback<()>) -> Html {
    let name = &listed.label.name;
    let is_current = keep::id() == listed.id;
    let choose = {
        let id = listed.id.clone();
        move |_| {
            let id = id.clone();
            spawn_local(async move {
                keep::flush().await;
                keep::open(&id);
            });
        }
    };
    html! {
        <li key={listed.id.clone()} class="workspaces__item">
            <button class="menu__item" type="button" aria-current={is_current.then_some("true")}
                onclick={choose}>
                <span class="menu__text">{ name }</span>
                if is_current {
                    <span class="menu__command">{ "open" }</span>
                }
            </button>
            if !is_current {
                { delete(listed, look) }
            }
        </li>
    }
}

/// The button that deletes a workspace.
fn delete(listed: &Listed, look: &Callback<()>) -> Html {
    let label = format!("Delete {}", listed.label.name);
    let onclick = then(&listed.id, look, |id| async move { keep::delete(&id).await.is_ok() });
    html! {
        <button class="button button--quiet button--icon" type="button" aria-label={label.clone()}
            title={label} {onclick}>
            { glyph(Icon::Delete) }
        </button>
    }
}

/// One that could not be opened: tried again, or taken away.
fn set_aside(listed: &Listed, look: &Callback<()>, dispatch: &Dispatch) -> Html {
    let name = &listed.label.name;
    let take = {
        let (listed, dispatch) = (listed.clone(), dispatch.clone());
        move |_: MouseEvent| {
            let (listed, dispatch) = (listed.clone(), dispatch.clone());
            spawn_local(async move {
                match keep::file_of(&listed).await {
                    Ok(file) => hand("workspace.json", &file),
                    Err(trouble) => dispatch.send(Action::Tell(keep::sentence(&trouble))),
                }
            });
        }
    };
    let again = then(&listed.id, look, |id| async move {
        let is_back = keep::take_back(&id).await.is_ok();
        if is_back {
            keep::flush().await;
            keep::open(&id);
        }
        is_back
    });
    html! {
        <li key={listed.id.clone()} class="workspaces__item">
            <button class="menu__item" type="button" title="Try to open it again" onclick={again}>
                <span class="menu__text">{ name }</span>
                <span class="menu__command">{ &listed.label.aside }</span>
            </button>
            <button class="button button--quiet button--icon" type="button"
                aria-label={format!("Download {name}")} title={format!("Download {name}")}
                onclick={take}>
                { glyph(Icon::Download) }
            </button>
            { delete(listed, look) }
        </li>
    }
}

/// One that was deleted.
fn gone(listed: &Listed, look: &Callback<()>) -> Html {
    let name = &listed.label.name;
    let back = then(&listed.id, look, |id| async move { keep::restore(&id).await.is_ok() });
    html! {
        <li key={listed.id.clone()} class="workspaces__item">
            <button class="menu__item" type="button" aria-label={format!("Undo deleting {name}")}
                onclick={back}>
                <span class="menu__text">{ name }</span>
                <span class="menu__command">{ "Undo" }</span>
            </button>
        </li>
    }
}

/// Does something with a workspace, and looks again.
fn then<F>(id: &str, look: &Callback<()>, act: fn(String) -> F) -> Callback<MouseEvent>
where
    F: Future<Output = bool> + 'static,
{
    let (id, look) = (id.to_owned(), look.clone());
    Callback::from(move |event: MouseEvent| {
        event.stop_propagation();
        let (id, look) = (id.clone(), look.clone());
        spawn_local(async move {
            // What did not work is seen in the list.
            let _worked = act(id).await;
            look.emit(());
        });
    })
}

/// Keeps the workspaces of files.
fn take_in(texts: Texts, dispatch: Dispatch, look: Callback<()>) {
    spawn_local(async move {
        let taken = async {
            let mut count = 0;
            for text in texts? {
                count += keep::import(text).await?;
            }
            Ok(count)
        };
        dispatch.send(match taken.await {
            Ok(1) => Action::Say("1 workspace is imported".into()),
            Ok(count) => Action::Say(format!("{count} workspaces are imported")),
            Err(why) => Action::Tell(why),
        });
        look.emit(());
    });
}
