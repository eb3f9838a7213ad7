//! The tasks of a lesson, with hints, and the question before the decisive one.

use super::words::spans;
use crate::ui::icons::{Icon, glyph};
use crate::ui::state::Dispatch;
use statefulset_playground::lesson::{Guess, Prediction, Task};
use statefulset_playground::playground::{Action, LessonView};
use yew::prelude::*;

/// The tasks in their order; the question stands before the one that it is about.
pub fn tasks(view: &LessonView, dispatch: &Dispatch) -> Html {
    let prediction = view.lesson.prediction.as_ref();
    let item = |(number, task): (usize, &Task)| {
        let asked = prediction.filter(|it| it.before == number).zip(view.guess());
        html! {
            <>
                if let Some((prediction, guess)) = asked.filter(|(_, guess)| *guess != Guess::Later) {
                    <li key={format!("question-{number}")} class="lesson__item">
                        { question(prediction, guess, dispatch) }
                    </li>
                }
                { one(view, number, task, dispatch) }
            </>
        }
    };
    html! {
        <ol class="lesson__tasks" aria-label="Tasks">
            { for view.lesson.tasks.iter().enumerate().map(item) }
        </ol>
    }
}

fn one(view: &LessonView, number: usize, task: &Task, dispatch: &Dispatch) -> Html {
    let is_done = number < view.progress.done.len();
    let is_present = view.task() == Some(number);
    let state = match (is_done, is_present) {
        (true, _) => "lesson__task--done",
        (_, true) => "lesson__task--present",
        _ => "lesson__task--later",
    };
    html! {
        <li key={number} class={classes!("lesson__item", "lesson__task", state)}
            aria-current={is_present.then_some("step")}>
            <span class="lesson__mark" aria-hidden="true">
                if is_done { { glyph(Icon::Check) } } else { { number + 1 } }
            </span>
            <div class="lesson__what">
                <p class="lesson__text">
                    if is_done {
                        <span class="visually-hidden">{ "Done: " }</span>
                    }
                    { spans(&task.text) }
                </p>
                if is_present {
                    { help(view, task, dispatch) }
                }
            </div>
        </li>
    }
}

/// Hints one by one, then the solution.
fn help(view: &LessonView, task: &Task, dispatch: &Dispatch) -> Html {
    let shown = view.hints();
    let all = task.hints.len();
    html! {
        <>
            if !shown.is_empty() {
                <ul class="lesson__hints" aria-label="Hints">
                    { for shown.iter().map(|hint| html! { <li>{ spans(hint) }</li> }) }
                </ul>
            }
            <div class="lesson__buttons" aria-live="polite">
                if shown.len() < all {
                    <button class="button" type="button" onclick={dispatch.on(Action::ShowHint)}>
                        { format!("Hint {} of {all}", shown.len() + 1) }
                    </button>
                } else if !task.solution.is_empty() {
                    <button class="button" type="button" onclick={dispatch.on(Action::SolveTask)}>
                        { "Do it for me" }
                    </button>
                }
            </div>
        </>
    }
}

/// The question; answers can be changed until the simulation has decided.
fn question(prediction: &Prediction, guess: Guess, dispatch: &Dispatch) -> Html {
    let (given, right) = match guess {
        Guess::Given(given) => (Some(given), None),
        Guess::Settled { given, right } => (given, Some(right)),
        Guess::Later | Guess::Open => (None, None),
    };
    let option = |(number, option): (usize, &statefulset_playground::lesson::Choice)| {
        let is_right = right.map(|right| right == Some(number));
        let mark = match (is_right, given == Some(number)) {
            (Some(true), _) => Some("lesson__option--right"),
            (Some(false), true) => Some("lesson__option--wrong"),
            _ => None,
        };
        html! {
            <label key={number} class={classes!("lesson__option", mark)}>
                <input type="radio" name="prediction" checked={given == Some(number)}
                    disabled={right.is_some()} onchange={dispatch.on(Action::Predict(number))} />
                <span>{ spans(&option.text) }</span>
            </label>
        }
    };
    html! {
        <fieldset class="lesson__question">
            <legend class="lesson__heading">{ spans(&prediction.question) }</legend>
            { for prediction.options.iter().enumerate().map(option) }
            <p class="lesson__verdict" role="status">{ verdict(given, right) }</p>
        </fieldset>
    }
}

fn verdict(given: Option<usize>, right: Option<Option<usize>>) -> &'static str {
    match (given, right) {
        (None, None) => "What do you think? Then do the task and see.",
        (Some(_), None) => "Now do the task and see.",
        (Some(given), Some(Some(right))) if given == right => "That is what happened.",
        (Some(_), Some(Some(_))) => "Something else happened: the marked answer.",
        (None, Some(Some(_))) => "The marked answer is what happened.",
        (_, Some(None)) => "None of these happened this time.",
    }
}
