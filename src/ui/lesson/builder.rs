//! Where a teacher makes a lesson of the present session: what it is about, and what is to be reached.

use crate::ui::browser::download;
use crate::ui::icons::{Icon, glyph};
use crate::ui::keep;
use crate::ui::state::use_dispatch;
use serde_json::{Value, json};
use statefulset_playground::api::{Tree, json};
use statefulset_playground::lesson::{Lesson, Predicate, Task};
use statefulset_playground::playground::share::{LONG, lesson_fragment};
use statefulset_playground::playground::{Action, Playground};
use std::rc::Rc;
use wasm_bindgen::JsCast;
use web_sys::{HtmlInputElement, HtmlSelectElement, HtmlTextAreaElement};
use yew::prelude::*;

/// What a teacher has written.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Draft {
    pub title: String,
    pub story: String,
    /// What is to be done, in words, with a hint, and what then holds.
    pub tasks: Vec<(String, String, Predicate)>,
}

/// Goals with their labels.
pub type Goals = Vec<(String, Predicate)>;

#[derive(Properties, PartialEq)]
pub struct Props {
    pub ask: Questions,
    pub on_close: Callback<()>,
}

/// What the region asks the application.
#[derive(Clone, PartialEq)]
pub struct Questions {
    /// Which goals may be reached from the present state.
    pub goals: Callback<(), Goals>,
    /// The lesson that begins as the session stands, as a text.
    pub make: Callback<Draft, String>,
}

/// The lesson that begins as the session stands, as a text.
pub fn text_of(playground: &Playground, draft: Draft) -> String {
    let mut tasks = draft.tasks.into_iter().map(|(text, hint, goal)| {
        let hints = if hint.is_empty() { Vec::new() } else { vec![hint] };
        Task { text, goal, hints, solution: Vec::new() }
    });
    let Some(first) = tasks.next() else { return String::new() };
    let (text, goal) = (first.text.clone(), first.goal.clone());
    let mut lesson = playground.lesson_of_session(&draft.title, &draft.story, &text, goal);
    lesson.tasks = [first].into_iter().chain(tasks).collect();
    lesson.to_text()
}

/// One task as it is typed: words, hint, and the number of its goal.
type Typed = (String, String, usize);

/// The region.
#[component]
pub fn Builder(props: &Props) -> Html {
    let dispatch = use_dispatch();
    let goals = {
        let ask = props.ask.goals.clone();
        use_memo((), move |()| ask.emit(()))
    };
    let before = use_memo((), |()| Typing::kept());
    let title = use_state(|| before.title.clone());
    let story = use_state(|| before.story.clone());
    let tasks = use_state(|| before.tasks(&goals));
    use_draft(&title, &story, &tasks, &goals);
    let draft = {
        let (title, story, tasks, goals) =
            (title.clone(), story.clone(), tasks.clone(), goals.clone());
        move || {
            let own = tasks.iter().filter_map(|(text, hint, goal)| {
                let (label, goal) = goals.get(*goal)?;
                let text = if text.trim().is_empty() { label } else { text };
                Some((text.clone(), hint.trim().to_owned(), goal.clone()))
            });
            let name = title.trim();
            let title = if name.is_empty() { "A lesson" } else { name };
            Draft { title: title.into(), story: (*story).clone(), tasks: own.collect() }
        }
    };
    let copy = {
        let (make, draft) = (props.ask.make.clone(), draft.clone());
        move |_| {
            let text = make.emit(draft());
            let has_secret = Lesson::read(&text).is_ok_and(|lesson| lesson.has_secret());
            let fragment = lesson_fragment(&text);
            match fragment.len() > LONG {
                true => dispatch.send(Action::Tell(too_long(fragment.len()))),
                false => super::copy_link(&fragment, has_secret, &dispatch),
            }
        }
    };
    let save = {
        let make = props.ask.make.clone();
        move |_| {
            let text = make.emit(draft());
            download::save_bytes("lesson.json", "application/json", text.as_bytes());
        }
    };
    let add = {
        let tasks = tasks.clone();
        move |_| tasks.set([(*tasks).clone(), vec![Typed::default()]].concat())
    };
    html! {
        <section class="panel lesson" aria-labelledby="builder-title">
            <div class="panel__head">
                <h2 class="panel__title" id="builder-title">{ "Make a lesson" }</h2>
                <span class="panel__space" />
                <button class="button button--quiet button--icon" type="button"
                    aria-label="Close" title="Close" onclick={props.on_close.reform(|_| ())}>
                    { glyph(Icon::Cross) }
                </button>
            </div>
            <div class="lesson__body">
                <p class="lesson__text">
                    { "It begins as the page stands now: the manifest, the cluster and the files \
                       of the terminal. Goals are states of the cluster; how they are reached is \
                       left to the learner." }
                </p>
                { line("Title", &title) }
                { lines("Story", &story) }
                { for tasks.iter().enumerate().map(|(number, task)| {
                    one(number, task, &goals, &tasks)
                }) }
                <div class="lesson__buttons">
                    <button class="button" type="button" onclick={add}>{ "Add a task" }</button>
                </div>
                <div class="lesson__buttons">
                    <button class="button button--primary" type="button" onclick={copy}>
                        { "Copy link to the lesson" }
                    </button>
                    <button class="button" type="button" onclick={save}>
                        { "Download the lesson" }
                    </button>
                </div>
            </div>
        </section>
    }
}

/// What a teacher has typed, as it is kept until the lesson is made.
#[derive(Default)]
struct Typing {
    title: String,
    story: String,
    /// Words, hint, and the label of the goal.
    tasks: Vec<(String, String, String)>,
}

impl Typing {
    /// What was typed before the page was left.
    fn kept() -> Self {
        let tree = json::parse(&keep::draft_of(DRAFT).unwrap_or_default()).unwrap_or_default();
        let task = |it: &Value| {
            let text =
                |at: usize| it.get(at).and_then(Value::as_str).unwrap_or_default().to_owned();
            (text(0), text(1), text(2))
        };
        Self {
            title: tree.text("title").into(),
            story: tree.text("story").into(),
            tasks: tree.items("tasks").iter().map(task).collect(),
        }
    }

    /// The tasks with the numbers of their goals; one that nobody has begun if there is none.
    fn tasks(&self, goals: &Goals) -> Vec<Typed> {
        let number = |label: &str| goals.iter().position(|(other, _)| other == label).unwrap_or(0);
        let typed = |(text, hint, goal): &(String, String, String)| {
            (text.clone(), hint.clone(), number(goal))
        };
        match self.tasks.is_empty() {
            true => vec![Typed::default()],
            false => self.tasks.iter().map(typed).collect(),
        }
    }
}

/// Under which name it is kept.
const DRAFT: &str = "lesson";

/// Under which name it is kept that the form is open.
const OPEN: &str = "making";

/// Whether the form was open when the page was left.
pub fn was_open() -> bool {
    keep::draft_of(OPEN).is_some()
}

/// Keeps what is typed, and that the form is open.
#[hook]
fn use_draft(
    title: &UseStateHandle<String>,
    story: &UseStateHandle<String>,
    tasks: &UseStateHandle<Vec<Typed>>,
    goals: &Rc<Goals>,
) {
    use_effect_with((), |()| {
        keep::draft(OPEN, "1");
        || keep::draft(OPEN, "")
    });
    let goals = goals.clone();
    let typed = ((**title).clone(), (**story).clone(), (**tasks).clone());
    use_effect_with(typed, move |(title, story, tasks)| {
        let label = |goal: usize| goals.get(goal).map_or("", |(label, _)| label.as_str());
        let tasks: Vec<_> =
            tasks.iter().map(|(text, hint, goal)| json!([text, hint, label(*goal)])).collect();
        let tree = json!({"title": title, "story": story, "tasks": tasks});
        keep::draft(DRAFT, &tree.to_string());
    });
}

/// Why a lesson is not copied as a link.
fn too_long(length: usize) -> String {
    format!(
        "The link would have {length} characters, and many programs cut off links that are longer than \
         {LONG}. Download the lesson: a file is safe."
    )
}

fn input_value(event: &InputEvent) -> Option<String> {
    let target = event.target()?;
    match target.dyn_into::<HtmlInputElement>() {
        Ok(input) => Some(input.value()),
        Err(other) => other.dyn_into::<HtmlTextAreaElement>().ok().map(|it| it.value()),
    }
}

fn typing(value: &UseStateHandle<String>) -> Callback<InputEvent> {
    let value = value.clone();
    Callback::from(move |event: InputEvent| {
        if let Some(text) = input_value(&event) {
            value.set(text);
        }
    })
}

fn line(label: &'static str, value: &UseStateHandle<String>) -> Html {
    html! {
        <label class="lesson__field">
            <span>{ label }</span>
            <input class="input" type="text" value={(**value).clone()} maxlength="100"
                oninput={typing(value)} />
        </label>
    }
}

fn lines(label: &'static str, value: &UseStateHandle<String>) -> Html {
    html! {
        <label class="lesson__field">
            <span>{ label }</span>
            <textarea class="input" rows="4" value={(**value).clone()} oninput={typing(value)} />
        </label>
    }
}

fn one(number: usize, task: &Typed, goals: &Rc<Goals>, tasks: &UseStateHandle<Vec<Typed>>) -> Html {
    let change = |act: fn(&mut Typed, String)| {
        let tasks = tasks.clone();
        Callback::from(move |text: String| {
            let mut all = (*tasks).clone();
            if let Some(task) = all.get_mut(number) {
                act(task, text);
            }
            tasks.set(all);
        })
    };
    let typed = |act| {
        let change = change(act);
        move |event: InputEvent| {
            if let Some(text) = input_value(&event) {
                change.emit(text);
            }
        }
    };
    let choose = change(|task, text| task.2 = text.parse().unwrap_or(0));
    let onchange = move |event: Event| {
        let select = event.target().and_then(|it| it.dyn_into::<HtmlSelectElement>().ok());
        if let Some(select) = select {
            choose.emit(select.value());
        }
    };
    let (text, hint, goal) = task;
    html! {
        <fieldset key={number} class="lesson__question">
            <legend class="lesson__heading">{ format!("Task {}", number + 1) }</legend>
            <label class="lesson__field">
                <span>{ "Goal" }</span>
                <select class="input" {onchange}>
                    { for goals.iter().enumerate().map(|(at, (label, _))| html! {
                        <option key={at} value={at.to_string()} selected={at == *goal}>
                            { label }
                        </option>
                    }) }
                </select>
            </label>
            <label class="lesson__field">
                <span>{ "What to do" }</span>
                <input class="input" type="text" value={text.clone()} maxlength="500"
                    placeholder={goals.get(*goal).map(|(label, _)| label.clone())}
                    oninput={typed(|task, text| task.0 = text)} />
            </label>
            <label class="lesson__field">
                <span>{ "Hint" }</span>
                <input class="input" type="text" value={hint.clone()} maxlength="500"
                    oninput={typed(|task, text| task.1 = text)} />
            </label>
        </fieldset>
    }
}
