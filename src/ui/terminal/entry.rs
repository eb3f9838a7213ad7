//! The line that is entered: its keys are those of a shell.

use super::Complete;
use crate::ui::keep;
use crate::ui::state::{Dispatch, use_dispatch};
use statefulset_playground::playground::Action;
use statefulset_playground::terminal::computer::complete::Completion;
use std::rc::Rc;
use wasm_bindgen::JsCast;
use web_sys::{ClipboardEvent, HtmlInputElement};
use yew::prelude::*;

/// The most candidates that are shown.
const MOST: usize = 60;

#[derive(Properties, PartialEq)]
pub struct Props {
    pub input: NodeRef,
    pub prompt: Rc<str>,
    pub is_busy: bool,
    pub entered: Rc<[String]>,
    pub complete: Complete,
}

/// What the line remembers.
#[derive(Clone, Default, PartialEq)]
struct State {
    /// The line of the history that is shown, and what was entered before.
    recalled: Option<(usize, String)>,
    /// What is looked for in the history, with the line that was found.
    search: Option<(String, Option<usize>)>,
    /// What the word may become.
    candidates: Vec<String>,
    /// Tab goes on to the next control.
    leaves: bool,
}

/// The line.
#[component]
pub fn Entry(props: &Props) -> Html {
    let dispatch = use_dispatch();
    let state = use_state(State::default);
    let keys = Keys {
        input: props.input.clone(),
        entered: props.entered.clone(),
        complete: props.complete.clone(),
        is_busy: props.is_busy,
        state: state.clone(),
        dispatch: dispatch.clone(),
    };
    {
        let input = props.input.clone();
        use_effect_with((), move |()| put_draft(&input));
    }
    let onkeydown = Callback::from(move |event: KeyboardEvent| {
        keys.press(&event);
        note(keys.input.cast());
    });
    let oninput = {
        let (state, entered) = (state.clone(), props.entered.clone());
        Callback::from(move |event: InputEvent| typed(&event, &state, &entered))
    };
    let onpaste = {
        let dispatch = dispatch.clone();
        Callback::from(move |event: Event| pasted(&event, &dispatch))
    };
    let found = state.search.as_ref().map(|(text, at)| {
        let line = at.and_then(|at| props.entered.get(at)).map_or("", String::as_str);
        format!("(reverse-i-search)`{text}': {line}")
    });
    let shown: Vec<&str> = state.candidates.iter().take(MOST).map(String::as_str).collect();
    html! {
        <>
        <div class="terminal__line">
            <span class="terminal__prompt" aria-hidden="true">
                { &*props.prompt }
            </span>
            <input class="terminal__input" type="text" ref={props.input.clone()}
                aria-label="Terminal input" aria-describedby="terminal-help"
                autocapitalize="none" autocomplete="off" spellcheck="false" enterkeyhint="go"
                {onkeydown} {oninput} {onpaste} />
        </div>
        <p class="terminal__help" id="terminal-help" aria-live="polite">
            { found.unwrap_or_else(|| shown.join("  ")) }
            <span class="visually-hidden">
                { " Tab completes the word; Escape, then Tab, leaves the line." }
            </span>
        </p>
        </>
    }
}

/// Under which name the line is kept that is being typed.
const DRAFT: &str = "line";

/// Keeps what stands in the line.
#[inline(never)]
fn note(input: Option<HtmlInputElement>) {
    if let Some(input) = input {
        keep::draft(DRAFT, &input.value());
    }
}

/// Puts back what stood in the line when the page was left.
fn put_draft(input: &NodeRef) {
    let draft = keep::draft_of(DRAFT);
    if let (Some(input), Some(line)) = (input.cast::<HtmlInputElement>(), draft) {
        input.set_value(&line);
    }
}

/// What a key works with.
struct Keys {
    input: NodeRef,
    entered: Rc<[String]>,
    complete: Complete,
    is_busy: bool,
    state: UseStateHandle<State>,
    dispatch: Dispatch,
}

impl Keys {
    #[inline(never)]
    fn press(&self, event: &KeyboardEvent) {
        let Some(input) = self.input.cast::<HtmlInputElement>() else { return };
        let line = input.value();
        let control = event.ctrl_key() && !event.alt_key() && !event.meta_key();
        match (event.key().as_str(), control) {
            ("Enter", false) => {
                let line = self.found().unwrap_or(line);
                input.set_value("");
                self.state.set(State::default());
                self.dispatch.send(Action::Command(line));
            }
            ("ArrowUp", false) => self.recall(&input, -1),
            ("ArrowDown", false) => self.recall(&input, 1),
            ("Tab", false) if !event.shift_key() && !self.state.leaves => {
                if line.is_empty() {
                    return;
                }
                self.fill_in(&input, &line);
            }
            ("Escape", false) => {
                let state = State { leaves: true, ..State::default() };
                self.state.set(state);
                self.dispatch.send(Action::Stop);
            }
            ("c", true) if input.selection_start() == input.selection_end() => {
                if self.is_busy || !line.is_empty() {
                    input.set_value("");
                    self.state.set(State::default());
                    self.dispatch.send(Action::Interrupt);
                }
            }
            ("l", true) => self.dispatch.send(Action::ClearScreen),
            ("u", true) => input.set_value(""),
            ("r", true) => self.search(&line),
            _ => return,
        }
        event.prevent_default();
        event.stop_propagation();
    }

    /// The line that a search has found.
    fn found(&self) -> Option<String> {
        let (_, at) = self.state.search.as_ref()?;
        self.entered.get((*at)?).cloned()
    }

    fn recall(&self, input: &HtmlInputElement, by: isize) {
        let count = self.entered.len();
        let (at, own) = match &self.state.recalled {
            Some((at, own)) => (*at, own.clone()),
            None => (count, input.value()),
        };
        let Some(next) = at.checked_add_signed(by).filter(|next| *next <= count) else { return };
        let line = self.entered.get(next).unwrap_or(&own);
        input.set_value(line);
        let end = u32::try_from(line.encode_utf16().count()).unwrap_or(u32::MAX);
        let _ = input.set_selection_range(end, end);
        let recalled = (next < count).then_some((next, own));
        self.state.set(State { recalled, ..State::default() });
    }

    /// Looks for what is entered in the history; again: for the one before.
    fn search(&self, line: &str) {
        let before = self.state.search.as_ref().and_then(|(_, at)| *at);
        let at = find(&self.entered, line, before);
        self.state.set(State { search: Some((line.into(), at)), ..State::default() });
    }

    fn fill_in(&self, input: &HtmlInputElement, line: &str) {
        let units = input.selection_end().ok().flatten().unwrap_or(u32::MAX);
        let cursor = bytes(line, units);
        let Completion { start, candidates } = self.complete.emit((line.to_owned(), cursor));
        let word = line.get(start..cursor).unwrap_or_default();
        let common = common(&candidates);
        if common.len() > word.len() || candidates.len() == 1 {
            let is_whole = candidates.len() == 1 && !common.ends_with(['/', '=']);
            let filled = if is_whole { format!("{common} ") } else { common };
            let before = line.get(..start).unwrap_or_default();
            let after = line.get(cursor..).unwrap_or_default();
            input.set_value(&format!("{before}{filled}{after}"));
            let end = before.encode_utf16().count() + filled.encode_utf16().count();
            let end = u32::try_from(end).unwrap_or(u32::MAX);
            let _ = input.set_selection_range(end, end);
        }
        let candidates = if candidates.len() > 1 { candidates } else { Vec::new() };
        self.state.set(State { candidates, ..State::default() });
    }
}

/// The place in bytes of a place in UTF-16 units.
fn bytes(line: &str, units: u32) -> usize {
    let mut left = usize::try_from(units).unwrap_or(usize::MAX);
    for (at, c) in line.char_indices() {
        if left == 0 {
            return at;
        }
        left = left.saturating_sub(c.len_utf16());
    }
    line.len()
}

/// What all candidates begin with.
fn common(candidates: &[String]) -> String {
    let Some(first) = candidates.first() else { return String::new() };
    let length = candidates.iter().skip(1).fold(first.chars().count(), |length, other| {
        let same = first.chars().zip(other.chars()).take_while(|(left, right)| left == right);
        length.min(same.count())
    });
    first.chars().take(length).collect()
}

/// The last line before another that contains a text.
fn find(entered: &[String], text: &str, before: Option<usize>) -> Option<usize> {
    let end = before.unwrap_or(entered.len()).min(entered.len());
    entered[..end].iter().rposition(|line| !text.is_empty() && line.contains(text))
}

#[inline(never)]
fn typed(event: &InputEvent, state: &UseStateHandle<State>, entered: &[String]) {
    let input = event.target().and_then(|it| it.dyn_into::<HtmlInputElement>().ok());
    let line = input.as_ref().map(|input| input.value()).unwrap_or_default();
    note(input);
    let next = match &state.search {
        Some(_) => {
            let at = find(entered, &line, None);
            State { search: Some((line, at)), ..State::default() }
        }
        None => State::default(),
    };
    if **state != next {
        state.set(next);
    }
}

/// Lines that are pasted are entered, but for the last one.
#[inline(never)]
fn pasted(event: &Event, dispatch: &Dispatch) {
    let Some(paste) = event.dyn_ref::<ClipboardEvent>() else { return };
    let text = paste.clipboard_data().and_then(|data| data.get_data("text").ok());
    let Some(text) = text.filter(|text| text.contains('\n')) else { return };
    let input = event.target().and_then(|it| it.dyn_into::<HtmlInputElement>().ok());
    let Some(input) = input else { return };
    event.prevent_default();
    let whole = format!("{}{}", input.value(), text.replace("\r\n", "\n"));
    let (lines, last) = whole.rsplit_once('\n').unwrap_or(("", &whole));
    let lines: Rc<str> = lines.into();
    for line in lines.split('\n') {
        dispatch.send(Action::Command(line.strip_prefix("$ ").unwrap_or(line).to_owned()));
    }
    input.set_value(last);
    note(Some(input));
}
