//! The text area, and behind it the same text with line numbers, colours and marks.
//!
//! The text area is as large as its text, so one element scrolls both and nothing needs to be kept
//! in step.

use super::line::{Line, Mark};
use crate::ui::browser::text;
use crate::ui::state::{ByAddress, use_dispatch};
use gloo::timers::callback::Timeout;
use statefulset_playground::manifest::import::with_line_ends;
use statefulset_playground::manifest::{Manifest, Severity};
use statefulset_playground::playground::Action;
use std::rc::Rc;
use wasm_bindgen::JsCast;
use web_sys::HtmlTextAreaElement;
use yew::prelude::*;

/// More lines than this are shown without numbers and colours: each is an element of the page.
const MOST_LINES: usize = 2_000;

/// Longest text, in bytes, that a text area holds which nobody sees.
const LONGEST_HIDDEN: usize = 64 * 1024;

#[derive(Properties, PartialEq)]
pub struct Props {
    pub area: NodeRef,
    pub manifest: ByAddress<Manifest>,
    pub changed: Rc<[u32]>,
    /// The large editor stands in its place.
    pub is_hidden: bool,
}

/// The editor.
#[component]
pub fn Area(props: &Props) -> Html {
    let dispatch = use_dispatch();
    let content = props.manifest.text.clone();
    {
        let area = props.area.clone();
        use_effect_with((content.clone(), props.is_hidden), move |(content, is_hidden)| {
            let area = area.cast::<HtmlTextAreaElement>();
            let wait = match is_hidden {
                // Nobody looks at it: it follows when what is looked at has been shown. The browser lays
                // out each line of it, which is too much to do in vain.
                true if content.len() > LONGEST_HIDDEN => None,
                true => {
                    let content = content.clone();
                    area.map(|area| Timeout::new(0, move || text::put(&area, &content)))
                }
                false => {
                    area.inspect(|area| text::replace(area, content));
                    None
                }
            };
            move || drop(wait)
        });
    }
    let before = content.clone();
    let oninput = move |event: InputEvent| {
        let area = event.target().and_then(|it| it.dyn_into::<HtmlTextAreaElement>().ok());
        if let Some(area) = area {
            let typed = with_line_ends(&before, &area.value());
            dispatch.send(Action::EditText(typed));
        }
    };
    let (lines, longest) = if props.is_hidden { (1, 0) } else { size(&content) };
    let plain = lines > MOST_LINES;
    html! {
        <div class={classes!("editor", plain.then_some("editor--plain"))} hidden={props.is_hidden}>
            if !plain && !props.is_hidden {
                <div class="editor__lines" aria-hidden="true">{ marked_lines(props) }</div>
            }
            <textarea class="editor__area" ref={props.area.clone()} aria-label="Manifest"
                rows={if plain { 40 } else { lines }.to_string()}
                cols={if plain { 80 } else { longest + 2 }.to_string()}
                spellcheck="false" autocomplete="off" autocapitalize="off" wrap="off"
                {oninput} />
        </div>
    }
}

/// Lines, and characters of the longest one.
fn size(text: &str) -> (usize, usize) {
    let longest = text.split('\n').map(|line| line.chars().count()).max().unwrap_or(0);
    (text.split('\n').count(), longest)
}

fn marked_lines(props: &Props) -> Html {
    let problem = |number: u32| {
        let here = |found: &&_| -> bool { line_of(found) == number };
        let found = props.manifest.diagnostics.iter().find(here)?;
        Some(match found.severity {
            Severity::Error => Mark::Error,
            _ => Mark::Warning,
        })
    };
    (1..)
        .zip(props.manifest.text.split('\n'))
        .map(|(number, text)| {
            let changed = props.changed.contains(&number).then_some(Mark::Changed);
            let mark = problem(number).or(changed).unwrap_or(Mark::None);
            html! { <Line key={number} {number} text={AttrValue::from(text.to_owned())} {mark} /> }
        })
        .collect()
}

fn line_of(diagnostic: &statefulset_playground::manifest::Diagnostic) -> u32 {
    diagnostic.line
}
