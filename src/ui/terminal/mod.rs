//! Region Terminal: what commands print, and the line that is entered.

mod edit;
mod entry;

use super::browser::fetch;
use super::state::{ByAddress, Dispatch, use_dispatch};
use edit::Edit;
use entry::Entry;
use statefulset_playground::playground::Action;
use statefulset_playground::playground::console::{Piece, Screen};
use statefulset_playground::terminal::computer::complete::Completion;
use web_sys::HtmlElement;
use yew::prelude::*;

/// Texts that commands print, fetched when somebody comes to the terminal.
const TEXTS: [&str; 3] = ["terminal/help.txt", "terminal/helm.txt", "docs/fields.json"];

/// What the page is asked: what a line may become, up to a place in bytes.
pub type Complete = Callback<(String, usize), Completion>;

#[derive(Properties, PartialEq)]
pub struct Props {
    pub screen: ByAddress<Screen>,
    pub complete: Complete,
}

/// The region.
#[component]
pub fn TerminalView(props: &Props) -> Html {
    let dispatch = use_dispatch();
    let (scroll, input) = (use_node_ref(), use_node_ref());
    let has_texts = use_mut_ref(|| false);
    let screen = &props.screen;
    use_follow(&scroll, screen);
    let on_enter = {
        let (dispatch, has_texts) = (dispatch.clone(), has_texts);
        Callback::from(move |_: FocusEvent| {
            if !has_texts.replace(true) {
                fetch_texts(&dispatch);
            }
        })
    };
    let to_line = {
        let input = input.clone();
        Callback::from(move |_: MouseEvent| {
            let is_selecting = gloo::utils::window()
                .get_selection()
                .ok()
                .flatten()
                .is_some_and(|selection| !selection.is_collapsed());
            if let (false, Some(input)) = (is_selecting, input.cast::<HtmlElement>()) {
                let _ = input.focus();
            }
        })
    };
    html! {
        <section class="panel terminal" aria-labelledby="terminal-title" onfocusin={on_enter}>
            <div class="panel__head">
                <h2 class="panel__title" id="terminal-title">{ "Terminal" }</h2>
                <span class="panel__space" />
                if screen.is_busy {
                    <button class="button button--quiet" type="button"
                        onclick={dispatch.on(Action::Interrupt)}>
                        { "Stop (Ctrl+C)" }
                    </button>
                }
                <button class="button button--quiet" type="button"
                    onclick={dispatch.on(Action::ClearScreen)}>
                    { "Clear" }
                </button>
            </div>
            if let Some(shown) = &screen.edited {
                <Edit shown={shown.clone()} />
            }
            <div class="terminal__scroll" hidden={screen.edited.is_some()} ref={scroll} onclick={to_line}>
                <div class="terminal__log" role="log" aria-label="Terminal output">
                    { for screen.pieces.iter().map(piece) }
                </div>
                <Entry {input} prompt={screen.prompt.clone()} is_busy={screen.is_busy}
                    entered={screen.entered.clone()} complete={props.complete.clone()} />
            </div>
        </section>
    }
}

fn piece((number, piece, text): &(u64, Piece, std::rc::Rc<str>)) -> Html {
    let class = match piece {
        Piece::Entered => "terminal__entered",
        Piece::Out => "terminal__out",
        Piece::Err => "terminal__err",
    };
    html! { <span key={*number} class={class}>{ &**text }</span> }
}

/// Keeps the last line in view.
#[hook]
fn use_bottom(scroll: NodeRef, key: (usize, u64, bool)) {
    use_effect_with(key, move |_| {
        if let Some(element) = scroll.cast::<HtmlElement>() {
            element.set_scroll_top(element.scroll_height());
        }
    });
}

#[hook]
fn use_follow(scroll: &NodeRef, screen: &Screen) {
    let last = screen.pieces.last();
    let key = last.map_or((0, 0), |(number, _, text)| (text.len(), *number));
    use_bottom(scroll.clone(), (key.0, key.1, screen.is_busy));
}

/// Fetches the texts that commands print.
#[inline(never)]
fn fetch_texts(dispatch: &Dispatch) {
    for name in TEXTS {
        let dispatch = dispatch.clone();
        let done = Callback::from(move |text: Option<String>| {
            if let Some(text) = text {
                dispatch.send(Action::Provide { name: name.into(), text });
            }
        });
        fetch::text(name, done);
    }
}
