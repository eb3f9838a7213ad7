//! Region Lesson: the story, the tasks, the question, and what was seen; and where a teacher makes one.

mod builder;
mod menu;
mod tasks;
mod words;

pub use builder::was_open as builder_was_open;
pub use builder::{Builder, Questions, text_of};
pub use menu::{Lessons, open, open_carried};

use super::browser::{address, clipboard, storage};
use super::icons::{Icon, glyph};
use super::state::{ByAddress, Dispatch, use_dispatch};
use statefulset_playground::playground::share::{LONG, fragment_of};
use statefulset_playground::playground::{Action, LessonView, Origin};
use words::{paragraphs, spans};
use yew::prelude::*;

#[derive(Properties, PartialEq)]
pub struct Props {
    pub view: ByAddress<LessonView>,
    /// Whether the text is what was last applied.
    pub is_applied: bool,
}

/// The region.
#[component]
pub fn LessonPanel(props: &Props) -> Html {
    let dispatch = use_dispatch();
    let folded = use_state(|| false);
    let view = &props.view;
    let lesson = &view.lesson;
    let is_done = view.task().is_none();
    use_effect_with((view.id.clone(), is_done), |(id, is_done)| {
        if *is_done && !id.is_empty() {
            storage::mark_done(id);
        }
    });
    let fold = {
        let folded = folded.clone();
        Callback::from(move |_: MouseEvent| folded.set(!*folded))
    };
    let share = {
        let (dispatch, fragment) = (dispatch.clone(), fragment_of(&view.id, lesson));
        let (is_carried, lesson) = (view.id.is_empty(), lesson.clone());
        move |_| copy_link(&fragment, is_carried && lesson.has_secret(), &dispatch)
    };
    let class = classes!("panel", "lesson", folded.then_some("lesson--folded"));
    html! {
        <section {class} aria-labelledby="lesson-title">
            <div class="panel__head">
                <h2 class="panel__title" id="lesson-title">{ "Lesson" }</h2>
                <span class="lesson__count">
                    { format!("{} of {}", view.progress.done.len(), lesson.tasks.len()) }
                </span>
                <span class="panel__space" />
                if *folded {
                    <button class="button button--quiet lesson__fold" type="button"
                        onclick={fold.clone()}>
                        { "Show lesson" }
                    </button>
                }
                <button class="button button--quiet button--icon" type="button"
                    aria-label="Copy link to the lesson" title="Copy link to the lesson"
                    onclick={share}>
                    { glyph(Icon::Share) }
                </button>
                <button class="button button--quiet button--icon" type="button"
                    aria-label="Start the lesson again" title="Start the lesson again"
                    onclick={dispatch.on(Action::Restart)}>
                    { glyph(Icon::Restart) }
                </button>
                <button class="button button--quiet button--icon" type="button"
                    aria-label="Leave the lesson" title="Leave the lesson"
                    onclick={dispatch.on(Action::LeaveLesson)}>
                    { glyph(Icon::Cross) }
                </button>
            </div>
            if !*folded {
                <div class="lesson__body" tabindex="0" role="group" aria-labelledby="lesson-name">
                    <h3 class="lesson__name" id="lesson-name">{ &lesson.title }</h3>
                    if view.origin != Origin::Page {
                        <p class="lesson__text" title="None of this page's own lessons">
                            <span class="chip chip--pending">{ view.origin.label() }</span>
                        </p>
                    }
                    { paragraphs(&lesson.story) }
                    { tasks::tasks(view, &dispatch) }
                    if is_done {
                        { end(view, &dispatch) }
                    }
                </div>
                <div class="panel__foot lesson__foot">
                    <button class="button button--primary" type="button"
                        title="kubectl apply -f manifest.yaml (Ctrl+Enter)"
                        aria-disabled={props.is_applied.to_string()}
                        onclick={dispatch.on(Action::Apply)}>
                        { "Apply" }
                    </button>
                    <button class="button lesson__fold" type="button"
                        title="The form lies below the lesson" onclick={fold}>
                        { "Show form" }
                    </button>
                </div>
            }
        </section>
    }
}

/// What is said of a link that a Secret is in.
pub fn secret_note(has_secret: bool) -> &'static str {
    if has_secret { " A Secret is in it: whoever has the link can read it." } else { "" }
}

/// Copies a link to this page with a fragment, and tells how that went.
fn copy_link(fragment: &str, has_secret: bool, dispatch: &Dispatch) {
    let link = address::with_fragment(fragment);
    let (dispatch, shown) = (dispatch.clone(), link.clone());
    let long = if link.len() > LONG { " Some programs cut off links this long." } else { "" };
    let secret = secret_note(has_secret);
    let told = Callback::from(move |copied: bool| {
        dispatch.send(Action::Say(match copied {
            true => format!("The link to the lesson is copied.{long}{secret}"),
            false => format!("The browser does not let the page copy.{secret} {shown}"),
        }));
    });
    clipboard::copy(&link, told);
}

/// What is said when every task is done.
fn end(view: &LessonView, dispatch: &Dispatch) -> Html {
    let lesson = &view.lesson;
    let id = view.id.to_string();
    let dispatch = dispatch.clone();
    let next = Callback::from(move |_: MouseEvent| menu::open_next(&id, &dispatch));
    html! {
        <div class="lesson__end" role="status">
            <h4 class="lesson__heading">{ "Done" }</h4>
            { paragraphs(&lesson.notes) }
            if !lesson.links.is_empty() {
                <ul class="lesson__links" aria-label="Read on">
                    { for lesson.links.iter().map(|link| html! {
                        <li key={link.url.clone()}>
                            <a href={link.url.clone()} target="_blank" rel="noopener noreferrer">
                                { spans(&link.text) }
                            </a>
                            { format!(" ({})", link.host().unwrap_or_default()) }
                        </li>
                    }) }
                </ul>
            }
            if !view.id.is_empty() {
                <button class="button button--primary" type="button" onclick={next}>
                    { "Next lesson" }
                </button>
            }
        </div>
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ui::render::{render, render_component};
    use statefulset_playground::playground::Playground;
    use std::rc::Rc;

    /// A lesson whose every text is markup.
    const HOSTILE: &str = r#"{
        "title": "<img src=x onerror=alert(1)>", "group": "<s>",
        "story": "a `<script>alert(1)</script>`\n\n<iframe src=//evil.example>",
        "start": {"manifest": ""},
        "tasks": [{
            "text": "<b onclick=x>", "goal": {"kept": "Pod/web-0"},
            "hints": ["<svg onload=x>"]
        }],
        "prediction": {
            "question": "<i>", "options": [
                {"text": "<u>", "holds": {"kept": "Pod/web-0"}},
                {"text": "[x](javascript:x)", "holds": {"kept": "Pod/web-1"}}
            ]
        },
        "notes": "</div><form action=//evil.example>",
        "links": [{"text": "kubernetes.io \"><img src=x>", "url": "https://evil.example/?a='b"}]
    }"#;

    #[test]
    fn a_lesson_of_a_link_says_so_and_is_text_alone() {
        let mut playground = Playground::new();
        playground.update(Action::OpenCarried(Origin::Link, HOSTILE.into()));
        let told = playground.notice().map(|notice| notice.lines.concat());
        let view = playground.lesson().unwrap_or_else(|| panic!("{told:?}"));
        let props = Props { view: ByAddress(Rc::clone(&view)), is_applied: false };
        let end = render(end(&view, &Dispatch(Callback::noop())));
        let html = render_component::<LessonPanel>(props) + &end;
        assert!(html.contains(">from a link</span>"), "{html}");
        assert!(end.contains("</a> (evil.example)"), "{end}");
        assert_eq!(end.matches("<a ").count(), 1);
        assert!(end.contains("href=\"https://evil.example/?a='b\""), "{end}");
        for tag in ["img", "script", "iframe", "b ", "svg onload", "i>", "u>", "form"] {
            assert!(!html.contains(&format!("<{tag}")), "{tag} in {html}");
        }
    }
}
