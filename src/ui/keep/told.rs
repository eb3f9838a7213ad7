//! What a person is told of work that is not kept: that it is not, why, and what helps.

use super::{State, all, end, flush};
use crate::ui::browser::database::Trouble;
use crate::ui::browser::{address, download, storage};
use crate::ui::state::use_dispatch;
use statefulset_playground::playground::Action;
use wasm_bindgen_futures::spawn_local;
use yew::prelude::*;

/// Why, in a few words.
pub(super) fn why(trouble: &Trouble) -> &'static str {
    match trouble {
        Trouble::Full => "this browser has no room left for it",
        Trouble::Blocked => "this browser does not let the page keep anything",
        Trouble::Changed => "another tab has changed it",
        Trouble::Failed(_) => "the browser’s storage failed",
    }
}

/// That it is not kept, why, and what helps.
pub fn sentence(trouble: &Trouble) -> String {
    let helps = match trouble {
        Trouble::Full => "Export your workspaces, and delete some.",
        Trouble::Blocked => "Allow the page to keep data, leave the private window, or export it.",
        Trouble::Changed => "Reload the page to see both.",
        Trouble::Failed(_) => "Export it; the page goes on trying.",
    };
    let said = match trouble {
        Trouble::Failed(said) => format!(" ({said})"),
        _ => String::new(),
    };
    format!("Not saved: {}{said}. {helps}", why(trouble))
}

#[derive(Properties, PartialEq)]
pub struct Props {
    pub state: State,
}

/// Stands as long as the work is not kept, or another tab has changed it.
#[component]
pub fn NotSaved(props: &Props) -> Html {
    let dispatch = use_dispatch();
    let export = {
        let dispatch = dispatch.clone();
        move |_| {
            let dispatch = dispatch.clone();
            spawn_local(async move {
                match all::export().await {
                    Ok(file) => {
                        download::save_bytes(
                            "workspaces.json",
                            "application/json",
                            file.as_bytes(),
                        );
                    }
                    Err(trouble) => dispatch.send(Action::Tell(sentence(&trouble))),
                }
            });
        }
    };
    match &props.state {
        State::Kept => Html::default(),
        State::Not(trouble) => html! {
            <div class="notice notice--warning" role="alert" aria-label="Not saved">
                <div class="notice__body">
                    <p class="notice__line">{ sentence(trouble) }</p>
                    <div class="notice__remedies">
                        <button class="button" type="button" onclick={export}>
                            { "Export all" }
                        </button>
                    </div>
                </div>
            </div>
        },
        State::Elsewhere(name, id) => elsewhere(name, id),
    }
}

/// Another tab has changed this workspace: asks which of the two is meant.
fn elsewhere(name: &str, id: &str) -> Html {
    let load = {
        let id = id.to_owned();
        move |_| {
            let id = id.clone();
            spawn_local(async move {
                flush().await;
                open(&id);
            });
        }
    };
    let keep = {
        let id = id.to_owned();
        move |_| {
            let id = id.clone();
            spawn_local(async move {
                flush().await;
                // What was done since is in a workspace of its own already.
                let copy = match super::id() == id {
                    true => all::copy(&super::name()).await.ok(),
                    false => Some(super::id()),
                };
                if let Some(copy) = copy {
                    open(&copy);
                }
            });
        }
    };
    html! {
        <div class="notice notice--warning" role="group" aria-label="Changed in another tab">
            <div class="notice__body">
                <p class="notice__line">
                    { format!("“{name}” was changed in another tab. What you do here is kept apart \
                               from it, as a copy.") }
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

/// Shows a workspace. The page starts anew with it, as it does after a reload.
pub fn open(id: &str) {
    end();
    storage::choose(id);
    address::reload();
}
