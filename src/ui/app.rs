//! The page: one reducer, its effects, and the regions.

use super::browser::frames::Frames;
use super::browser::keys::{self, Shortcut};
use super::browser::{address, clipboard, download, ready};
use super::cluster::Cluster;
use super::editor::Editor;
use super::form::{self, Configure};
use super::header::Header;
use super::keep::{self, Found, NotSaved, State as Keeping};
use super::lesson::secret_note;
use super::lesson::{Builder, LessonPanel, Questions as LessonQuestions, builder_was_open};
use super::notice::notice_banner;
use super::state::{ByAddress, Dispatch, Now, Store};
use super::tables::Tables;
use super::terminal::{Complete, TerminalView};
use super::timeline::TimelineView;
use super::transport::Transport;
use super::views::{View, views};
use super::visits::Visits;
use statefulset_playground::playground::browser::Browser;
use statefulset_playground::playground::forecast::LookAhead;
use statefulset_playground::playground::share::{LessonLink, lesson_of};
use statefulset_playground::playground::{Action, Effect, LessonView, Origin, Taken};
use statefulset_playground::scene::Scene;
use std::rc::Rc;
use yew::prelude::*;

#[derive(Properties, PartialEq)]
pub struct Props {
    /// What the page begins with.
    pub found: Found,
}

/// The page.
#[component]
pub fn App(props: &Props) -> Html {
    let store = use_reducer(|| Store::open(&props.found));
    let view = use_state(View::default);
    let dispatch = {
        let dispatcher = store.dispatcher();
        use_memo((), move |()| Dispatch(Callback::from(move |action| dispatcher.dispatch(action))))
    };
    let said = use_effects(&store, &dispatch);
    use_frames(&store, &dispatch);
    use_shortcuts(&store, &dispatch);
    use_start(&dispatch);
    let keeping = use_keeping(&store);
    let Questions { look, complete, lesson: ask } = use_questions(&store);
    let making = use_state(builder_was_open);
    let make = |on: bool| {
        let making = making.clone();
        Callback::from(move |()| making.set(on))
    };

    let playground = &store.playground;
    let lesson = playground.lesson().filter(|_| !*making);
    let has_lesson = lesson.is_some() || *making;
    use_lesson_in_view(&view, lesson.as_ref().map(|it| it.lesson.title.clone()), *making);
    let scene = ByAddress(playground.scene());
    let fields = use_memo(ByAddress(playground.manifest().clone()), |_| form::states(playground));
    let set = scene.set.as_ref().map_or_else(|| "pod".to_owned(), |set| set.name.clone());
    let show = {
        let view = view.clone();
        Callback::from(move |chosen| view.set(chosen))
    };
    let sets = use_memo(ByAddress(playground.manifest().clone()), |manifest| manifest.sets());
    let transport = html! {
        <Transport playhead={playground.playhead()} horizon={playground.horizon()}
            playing={playground.is_playing()} speed={playground.speed()}
            skip_waits={playground.skip_waits()} />
    };
    if address::is_embedded() {
        return embedded(&store, &dispatch, scene, transport, said);
    }
    html! {
        <ContextProvider<Dispatch> context={(*dispatch).clone()}>
        <ContextProvider<Now> context={Now(playground.playhead())}>
            <div class={classes!("page", view.class())}>
                <Header example={playground.example().to_owned()}
                    kubernetes={playground.kubernetes()}
                    calm={playground.has_calm_timing()}
                    can_undo={playground.can_undo()} can_redo={playground.can_redo()}
                    workspace={keeping.name} on_make={make(true)} />
                if keeping.state != Keeping::Kept {
                    { not_saved(keeping.state) }
                }
                { views(*view, has_lesson, &show) }
                <main class="page__main">
                    <Configure fields={(*fields).clone()}
                        auto_apply={playground.auto_apply()}
                        is_applied={playground.is_applied()}
                        sets={Rc::<[String]>::from(sets.as_slice())}
                        selected={playground.manifest().selected} />
                    if let Some(lesson) = lesson {
                        { lesson_panel(lesson, playground.is_applied()) }
                    }
                    if *making {
                        { builder(&ask, make(false)) }
                    }
                    <div class="page__text">
                        <Editor manifest={ByAddress(playground.manifest().clone())}
                            changed={Rc::clone(playground.changed_lines())}
                            is_applied={playground.is_applied()}
                            file_name={format!("{set}.yaml")} {look} />
                        if let Some(notice) = playground.notice() {
                            { notice_banner(notice, &dispatch) }
                        }
                    </div>
                    <Cluster scene={scene.clone()} damaged={store.damaged.clone()} />
                    { transport }
                    <TimelineView timeline={ByAddress(playground.timeline())} set={set}
                        playhead={playground.playhead()} horizon={playground.horizon()} />
                    <TerminalView screen={ByAddress(playground.screen())} {complete} />
                    <Tables {scene} />
                    if let Some(browser) = playground.browser() {
                        { visits(browser) }
                    }
                </main>
                <div class="visually-hidden" aria-live="polite">{ said }</div>
            </div>
        </ContextProvider<Now>>
        </ContextProvider<Dispatch>>
    }
}

// What a first visit does not show.

#[inline(never)]
fn not_saved(state: Keeping) -> Html {
    html! { <NotSaved {state} /> }
}

#[inline(never)]
fn lesson_panel(lesson: Rc<LessonView>, is_applied: bool) -> Html {
    html! { <LessonPanel view={ByAddress(lesson)} {is_applied} /> }
}

#[inline(never)]
fn builder(ask: &LessonQuestions, on_close: Callback<()>) -> Html {
    html! { <Builder ask={ask.clone()} {on_close} /> }
}

#[inline(never)]
fn visits(browser: &Rc<Browser>) -> Html {
    html! { <Visits browser={ByAddress(Rc::clone(browser))} /> }
}

/// The stage alone, for a page that this one stands in.
#[inline(never)]
fn embedded(
    store: &Store,
    dispatch: &Dispatch,
    scene: ByAddress<Scene>,
    transport: Html,
    said: AttrValue,
) -> Html {
    html! {
        <ContextProvider<Dispatch> context={dispatch.clone()}>
        <ContextProvider<Now> context={Now(store.playground.playhead())}>
            <div class="page page--embedded page--cluster">
                <main class="page__main" aria-label="StatefulSet Playground">
                    <h1 class="visually-hidden">{ "StatefulSet Playground" }</h1>
                    <Cluster {scene} damaged={store.damaged.clone()} />
                    { transport }
                </main>
                <div class="visually-hidden" aria-live="polite">{ said }</div>
            </div>
        </ContextProvider<Now>>
        </ContextProvider<Dispatch>>
    }
}

/// A narrow page shows the lesson when one begins, and the cluster when it ends.
#[hook]
fn use_lesson_in_view(view: &UseStateHandle<View>, title: Option<String>, making: bool) {
    let view = view.clone();
    use_effect_with((title, making), move |(title, making)| {
        match (title.is_some() || *making, *view) {
            (true, _) => view.set(View::Lesson),
            (false, View::Lesson) => view.set(View::default()),
            _ => {}
        }
    });
}

/// Carries out the effects that reducers left; returns what is to be said aloud.
#[hook]
fn use_effects(store: &UseReducerHandle<Store>, dispatch: &Rc<Dispatch>) -> AttrValue {
    let said = use_state(AttrValue::default);
    let latest = use_mut_ref(|| store.clone());
    *latest.borrow_mut() = store.clone();
    let done = use_mut_ref(|| None::<u64>);
    let newest = store.effects.last().map(|(number, _)| *number);
    {
        let (said, dispatch) = (said.clone(), dispatch.clone());
        use_effect_with(newest, move |_| {
            let store = latest.borrow().clone();
            let before = done.replace(newest);
            for (number, effect) in &store.effects {
                if before.is_some_and(|before| *number <= before) {
                    continue;
                }
                match effect {
                    Effect::Announce(text) => said.set(text.clone().into()),
                    Effect::Hand(taken) => hand(taken, &dispatch),
                    Effect::Save => keep::changed(),
                }
            }
        });
    }
    (*said).clone()
}

/// Where the work is kept, and how it stands with it.
#[derive(Clone, PartialEq)]
struct Kept {
    name: AttrValue,
    state: Keeping,
}

/// Hands the work over to be kept, also when the page is left.
#[hook]
fn use_keeping(store: &UseReducerHandle<Store>) -> Kept {
    let latest = use_mut_ref(|| store.clone());
    *latest.borrow_mut() = store.clone();
    let kept = use_state(|| Kept { name: keep::name().into(), state: Keeping::default() });
    {
        let kept = kept.setter();
        use_effect_with((), move |()| {
            let work = Callback::from(move |()| latest.borrow().playground.work());
            let tell = Callback::from(move |(name, state): (String, Keeping)| {
                kept.set(Kept { name: name.into(), state });
            });
            keep::of(work, tell);
        });
    }
    (*kept).clone()
}

/// Hands over a file, or a link.
#[inline(never)]
fn hand(taken: &Taken, dispatch: &Rc<Dispatch>) {
    match taken {
        Taken::File { name, media_type, bytes } => download::save_bytes(name, media_type, bytes),
        Taken::Fragment { text, has_secret, .. } => {
            let link = address::with_fragment(text);
            let (length, secret) = (link.len(), secret_note(*has_secret));
            let dispatch = dispatch.clone();
            let shown = link.clone();
            let done = Callback::from(move |copied: bool| {
                dispatch.send(match copied {
                    true => {
                        Action::Say(format!("The link is copied: {length} characters.{secret}"))
                    }
                    false => Action::Say(format!(
                        "The browser does not let the page copy.{secret} {shown}"
                    )),
                });
            });
            clipboard::copy(&link, done);
        }
    }
}

/// Ways to ask the application that stay the same from render to render: for what applying would lead to, for what a line of the terminal may become, and for a lesson.
#[derive(Clone)]
struct Questions {
    look: Callback<(), LookAhead>,
    complete: Complete,
    lesson: LessonQuestions,
}

/// The questions of this page.
#[hook]
fn use_questions(store: &UseReducerHandle<Store>) -> Questions {
    let latest = use_mut_ref(|| store.clone());
    *latest.borrow_mut() = store.clone();
    let questions = use_memo((), move |()| {
        let of_line = latest.clone();
        let (of_goals, of_lesson) = (latest.clone(), latest.clone());
        Questions {
            look: Callback::from(move |()| latest.borrow().playground.look_ahead()),
            complete: Callback::from(move |(line, cursor): (String, usize)| {
                of_line.borrow().playground.complete(&line, cursor)
            }),
            lesson: LessonQuestions {
                goals: Callback::from(move |()| of_goals.borrow().playground.offered_goals()),
                make: Callback::from(move |draft| {
                    super::lesson::text_of(&of_lesson.borrow().playground, draft)
                }),
            },
        }
    });
    (*questions).clone()
}

/// Lets time run while it plays and something can still happen, and work go on that takes long.
#[hook]
fn use_frames(store: &UseReducerHandle<Store>, dispatch: &Rc<Dispatch>) {
    let playground = &store.playground;
    let running = playground.is_working() || playground.is_playing() && !playground.is_idle();
    let dispatch = dispatch.clone();
    use_effect_with(running, move |running| {
        let tick = dispatch.0.reform(|elapsed_ms| Action::Tick { elapsed_ms });
        let frames = running.then(|| Frames::start(tick));
        move || drop(frames)
    });
}

#[hook]
fn use_shortcuts(store: &UseReducerHandle<Store>, dispatch: &Rc<Dispatch>) {
    let dispatch = dispatch.clone();
    use_effect_with(store.playground.is_playing(), move |playing| {
        let playing = *playing;
        let callback = Callback::from(move |shortcut| {
            dispatch.send(match shortcut {
                Shortcut::PlayOrPause if playing => Action::Pause,
                Shortcut::PlayOrPause => Action::Play,
                Shortcut::StepForward => Action::StepForward,
                Shortcut::StepBack => Action::StepBack,
                Shortcut::Apply => Action::Apply,
                Shortcut::Undo => Action::Undo,
                Shortcut::Redo => Action::Redo,
            });
        });
        let listener = keys::listen(callback);
        move || drop(listener)
    });
}

/// What is done once: a lesson that the link names begins, and the page says that it is ready.
#[hook]
fn use_start(dispatch: &Rc<Dispatch>) {
    let dispatch = dispatch.clone();
    use_effect_with((), move |()| {
        open_linked_lesson(&dispatch);
        ready::announce();
        let follow = Callback::from(move |()| keep::follow_link((*dispatch).clone()));
        let listener = address::listen(follow);
        move || drop(listener)
    });
}

/// Begins the lesson that the page's link names or carries, in a workspace of its own.
#[inline(never)]
fn open_linked_lesson(dispatch: &Dispatch) {
    let Some(link) = lesson_of(&address::fragment()) else { return };
    address::drop_fragment();
    match link {
        Ok(LessonLink::Named(id)) => super::lesson::open(&id, dispatch),
        Ok(LessonLink::Carried(text)) => super::lesson::open_carried(Origin::Link, text, dispatch),
        Err(error) => {
            dispatch.send(Action::Tell(format!("The link could not be opened: {error}.")));
        }
    }
}
