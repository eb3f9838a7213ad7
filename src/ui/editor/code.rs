//! The large editor: it comes when somebody comes near the text, and takes the text area's place.

use super::units;
use crate::ui::browser::code::{self, Code, Page};
use crate::ui::browser::{docs, text};
use crate::ui::state::{ByAddress, use_dispatch};
use serde_json::{Value, json};
use statefulset_playground::manifest::import::with_line_ends;
use statefulset_playground::manifest::{Diagnostic, Fix, MAX_TEXT, Manifest, Severity, assist};
use statefulset_playground::playground::Action;
use std::cell::RefCell;
use std::rc::Rc;
use web_sys::{Element, HtmlTextAreaElement};
use yew::prelude::*;

/// Where the editor is: not asked for, on its way, there.
#[derive(Clone, Default)]
pub enum State {
    #[default]
    Away,
    Coming,
    Here(Code),
}

/// The editor of a page, and what asks for it.
pub struct Opening {
    pub state: Rc<RefCell<State>>,
    /// Asks for the editor, once.
    pub ask: Callback<()>,
    pub is_here: bool,
}

/// The large editor in the element `host`, which shows what the page shows; hints only of a text that
/// `is_settled`, because looking for them takes longer than a keystroke may.
#[hook]
pub fn use_code(
    host: &NodeRef,
    area: &NodeRef,
    manifest: &ByAddress<Manifest>,
    changed: &Rc<[u32]>,
    is_settled: bool,
) -> Opening {
    let dispatch = use_dispatch();
    let state = use_mut_ref(State::default);
    let is_here = use_state(|| false);
    // What was selected in the text area when the editor came, if it had the focus.
    let focus = use_mut_ref(|| None::<(u32, u32)>);
    let latest = use_mut_ref(|| manifest.clone());
    *latest.borrow_mut() = manifest.clone();
    // The text that the editor has, where it is the page's, too.
    let held = use_mut_ref(|| Rc::<str>::from(""));
    let has_hints = *is_here && is_settled;
    let hints = use_memo((manifest.clone(), has_hints), |(manifest, wanted)| {
        if *wanted { hints(manifest) } else { Rc::default() }
    });
    let ask = {
        let (state, latest, is_here) = (state.clone(), latest.clone(), is_here.clone());
        let (host, area, focus) = (host.clone(), area.clone(), focus.clone());
        let held = held.clone();
        Callback::from(move |()| {
            let Some(element) = host.cast::<Element>() else { return };
            if !matches!(*state.borrow(), State::Away) {
                return;
            }
            *state.borrow_mut() = State::Coming;
            let (state, is_here) = (state.clone(), is_here.clone());
            let (area, focus) = (area.clone(), focus.clone());
            let opened = Callback::from(move |code: Code| {
                let area = area.cast::<HtmlTextAreaElement>();
                *focus.borrow_mut() = area.and_then(|area| text::focused_at(&area));
                *state.borrow_mut() = State::Here(code);
                is_here.set(true);
            });
            code::open(element, page(&dispatch.0, &latest, &held), opened);
        })
    };
    {
        let (state, manifest, changed) = (state.clone(), manifest.clone(), changed.clone());
        use_effect_with(
            (manifest, changed, *is_here, hints),
            move |(manifest, changed, _, hints)| {
                if let State::Here(code) = &*state.borrow() {
                    let shown = units::shown(&manifest.text);
                    let text = (**held.borrow() != shown).then_some(shown);
                    code.show(text.as_deref(), &problems(manifest, hints), changed);
                    if let Some(text) = text {
                        *held.borrow_mut() = text.into();
                    }
                    if let Some((from, to)) = focus.borrow_mut().take() {
                        code.focus_at(from, to);
                    }
                }
            },
        );
    }
    Opening { state, ask, is_here: *is_here }
}

/// What the editor asks, answered from the manifest that is shown.
fn page(
    dispatch: &Callback<Action>,
    latest: &Rc<RefCell<ByAddress<Manifest>>>,
    held: &Rc<RefCell<Rc<str>>>,
) -> Page {
    let send = |action: Action| {
        let dispatch = dispatch.clone();
        Callback::from(move |()| dispatch.emit(action.clone()))
    };
    let edited = {
        let (latest, held) = (latest.clone(), held.clone());
        dispatch.reform(move |typed: String| {
            let old = latest.borrow().text.clone();
            *held.borrow_mut() = typed.as_str().into();
            Action::EditText(with_line_ends(&old, &typed))
        })
    };
    let refused = dispatch.reform(|length: u32| {
        Action::Tell(format!(
            "The editor was left as it was: with what came in it would hold {} KiB, and this \
             playground reads at most {} KiB of text.",
            length.div_ceil(1024),
            MAX_TEXT / 1024
        ))
    });
    let fix = {
        let (dispatch, latest) = (dispatch.clone(), latest.clone());
        Callback::from(move |index: u32| {
            let index = usize::try_from(index).unwrap_or(usize::MAX);
            let chosen = fixes(&latest.borrow()).into_iter().nth(index);
            if let Some(fix) = chosen {
                dispatch.emit(Action::Fix(fix));
            }
        })
    };
    let complete = {
        let latest = latest.clone();
        Callback::from(move |at: u32| {
            let manifest = latest.borrow();
            let at = units::to_byte(&manifest.text, at);
            let found = assist::complete(&manifest.text, at);
            let option = |it: &assist::Completion| {
                let kind = if it.suffix.is_empty() { "constant" } else { "property" };
                let apply = format!("{}{}", it.label, it.suffix);
                json!({"label": it.label, "detail": it.detail, "type": kind, "apply": apply})
            };
            Value::Array(found.iter().map(option).collect()).to_string()
        })
    };
    let hover = {
        let latest = latest.clone();
        Callback::from(move |at: u32| {
            let manifest = latest.borrow();
            let byte = units::to_byte(&manifest.text, at);
            let Some(found) = assist::explain(&manifest.text, byte) else {
                return code::nothing();
            };
            let places = units::to_units(&manifest.text, &[found.range.start, found.range.end]);
            docs::explain(found, places[0], places[1])
        })
    };
    Page {
        edited,
        refused,
        undo: send(Action::Undo),
        redo: send(Action::Redo),
        fix,
        complete,
        hover,
    }
}

/// What is worth knowing about a manifest.
#[inline(never)]
fn hints(manifest: &Manifest) -> Rc<[Diagnostic]> {
    manifest.hints().into()
}

/// The quick fixes of all complaints and hints, in their order.
fn fixes(manifest: &Manifest) -> Vec<Fix> {
    let hints = manifest.hints();
    manifest.diagnostics.iter().chain(&hints).flat_map(|each| manifest.fixes(each)).collect()
}

/// The complaints and the hints as JSON, with their fixes numbered as [`fixes`] has them.
fn problems(manifest: &Manifest, hints: &[Diagnostic]) -> String {
    let told = manifest.diagnostics.len();
    let all = || manifest.diagnostics.iter().chain(hints);
    let ends = all().flat_map(|each| [each.range.start, each.range.end]);
    let ends = units::to_units(&manifest.text, &ends.collect::<Vec<_>>());
    let mut count = 0;
    let each = all().zip(ends.chunks(2)).enumerate().map(|(at, (found, place))| {
        let severity = match found.severity {
            Severity::Error => "error",
            Severity::Warning => "warning",
            Severity::Hint if at < told => "info",
            Severity::Hint => "hint",
        };
        let numbered = |fix: Fix| {
            count += 1;
            json!({"title": fix.title, "index": count - 1})
        };
        let fixes: Vec<Value> = manifest.fixes(found).into_iter().map(numbered).collect();
        json!({"from": place[0], "to": place[1], "severity": severity, "message": found.message,
               "fixes": fixes})
    });
    Value::Array(each.collect()).to_string()
}
