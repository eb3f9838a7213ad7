//! Opens work without holding up the page: in slices, with progress; what takes long asks first.

use crate::ui::browser::{slice, storage};
use gloo::events::EventListener;
use gloo::timers::future::sleep;
use gloo::utils::{body, document};
use js_sys::Date;
use statefulset_playground::playground::journal::Following;
use statefulset_playground::playground::saved::Saved;
use statefulset_playground::playground::{Beginning, Opening, Patience, Playground, RestoreError};
use std::cell::Cell;
use std::rc::Rc;
use std::time::Duration;
use wasm_bindgen::JsCast;
use yew::prelude::*;

/// What takes longer than this shows its progress, in milliseconds.
const SHOWN_MS: f64 = 300.0;

/// What takes longer than this asks before it goes on, in milliseconds.
const ASKED_MS: f64 = 2_000.0;

/// How often is looked for an answer, in milliseconds.
const LOOK_MS: u64 = 50;

/// What a person answers to work that takes long.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Answer {
    None,
    GoOn,
    AsFarAsPlayed,
    Leave,
}

#[derive(Clone, PartialEq, Properties)]
struct Props {
    name: AttrValue,
    /// How much of it is done, in percent.
    percent: u64,
    /// Whether an answer is waited for.
    asks: bool,
    /// Whether all is read, so that it can be had as far as it is played.
    is_read: bool,
    answer: Callback<Answer>,
}

/// What stands on the page meanwhile.
#[component]
fn Waiting(props: &Props) -> Html {
    let Props { name, percent, asks, is_read, answer } = props;
    let button = |label: &'static str, is: Answer| {
        html! {
            <button class="button" type="button" onclick={answer.reform(move |_: MouseEvent| is)}>
                { label }
            </button>
        }
    };
    html! {
        <main class="coming coming--now">
            <h1>{ format!("Opening {name}") }</h1>
            <p role="status">
                if *asks {
                    { "This takes long: it was made so, or is damaged. Your own work is not touched." }
                } else {
                    { "It is played up to where it was left. Esc stops it." }
                }
            </p>
            <progress max="100" value={percent.to_string()} aria-label="Done" />
            <div class="notice__remedies">
                if *asks {
                    { button("Go on", Answer::GoOn) }
                    if *is_read {
                        { button("Open as far as it is played", Answer::AsFarAsPlayed) }
                    }
                }
                { button("Do not open it", Answer::Leave) }
            </div>
        </main>
    }
}

/// Plays work to where it was left. `is_doubtful`: it did not open the last time, so that it asks at once.
///
/// # Errors
/// Why it is not opened: it is refused, or the person would rather not.
pub(super) async fn play(
    mut opening: Opening,
    name: &str,
    is_doubtful: bool,
) -> Result<Playground, String> {
    let answer = Rc::new(Cell::new(Answer::None));
    let begun = Date::now();
    let mut shown: Option<Shown> = None;
    let mut percent = 0;
    let played = loop {
        let waited = Date::now() - begun;
        let asks = answer.get() == Answer::None && (is_doubtful || waited > ASKED_MS);
        if !asks {
            let progress = opening.go_on(&slice::begin());
            percent = progress.percent();
            if progress.is_done() {
                break opening.finish().map_err(|why| why.to_string());
            }
        }
        if asks || waited > SHOWN_MS {
            let given = answer.clone();
            let answer = Callback::from(move |answer| given.set(answer));
            let (name, is_read) = (name.to_owned().into(), opening.is_read());
            let props = Props { name, percent, asks, is_read, answer };
            match &mut shown {
                Some(shown) => shown.handle.update(props),
                None => shown = Shown::new(props),
            }
        }
        sleep(Duration::from_millis(if asks { LOOK_MS } else { 0 })).await;
        match answer.get() {
            Answer::None | Answer::GoOn => {}
            Answer::AsFarAsPlayed => {
                break opening.as_far_as_played().map_err(|why| why.to_string());
            }
            Answer::Leave => break Err("you stopped it".into()),
        }
    };
    shown.into_iter().for_each(Shown::end);
    played
}

/// What stands on the page, in place of what stood there before.
struct Shown {
    handle: yew::AppHandle<Waiting>,
    place: web_sys::Element,
    /// Escape stops it.
    _stops: EventListener,
}

impl Shown {
    fn new(props: Props) -> Option<Self> {
        if let Ok(Some(before)) = document().query_selector(".coming") {
            before.remove();
        }
        let place = document().create_element("div").ok()?;
        body().append_child(&place).ok()?;
        let answer = props.answer.clone();
        let stops = EventListener::new(&document(), "keydown", move |event| {
            let key = event.dyn_ref::<KeyboardEvent>().map(KeyboardEvent::key);
            if key.as_deref() == Some("Escape") {
                answer.emit(Answer::Leave);
            }
        });
        let handle = yew::Renderer::<Waiting>::with_root_and_props(place.clone(), props).render();
        Some(Self { handle, place, _stops: stops })
    }

    fn end(self) {
        self.handle.destroy();
        self.place.remove();
    }
}

/// Reads saved work.
///
/// # Errors
/// [`RestoreError`] if it cannot be used.
pub(super) async fn read(text: String) -> Result<Saved, RestoreError> {
    let mut beginning = Beginning::of_text(text, false)?;
    in_slices(|patience| beginning.go_on(patience).transpose()).await
}

/// The work with what an entry says; none if it does not fit, or is none.
pub(super) async fn follow(work: &Saved, entry: String) -> Option<Saved> {
    let mut following = Following::new(work.clone(), entry)?;
    in_slices(|patience| following.go_on(patience).transpose()).await.ok()
}

/// Goes on slice by slice until there is something; the browser draws and listens in between.
pub(super) async fn in_slices<T>(mut go_on: impl FnMut(&Patience) -> Option<T>) -> T {
    loop {
        if let Some(done) = go_on(&slice::begin()) {
            return done;
        }
        sleep(Duration::ZERO).await;
    }
}

/// Notes that a workspace is being opened: what does not come to an end asks the next time.
pub(super) fn begin(id: &str) -> bool {
    let is_doubtful = storage::opening().as_deref() == Some(id);
    storage::set_opening(Some(id));
    is_doubtful
}

/// Notes that it is open, or is not to be.
pub(super) fn end() {
    storage::set_opening(None);
}
