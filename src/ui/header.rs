//! The bar above everything: name, example, version, theme, help.

use super::browser::{fetch, media, storage};
use super::icons::{Icon, glyph, glyph_in};
use super::keep;
use super::lesson::Lessons;
use super::state::{Dispatch, use_dispatch};
use super::widgets::{Chooser, Menu, Switch, use_chooser};
use super::workspaces::Workspaces;
use statefulset_playground::api::{Gate, Kubernetes, Version};
use statefulset_playground::manifest::examples::EXAMPLES;
use statefulset_playground::playground::Action;
use yew::prelude::*;

#[derive(Properties, PartialEq)]
pub struct Props {
    /// Id of the example that the work started from.
    pub example: AttrValue,
    /// Simulated version and feature gates.
    pub kubernetes: Kubernetes,
    /// Times that vary take the middle of their range.
    pub calm: bool,
    pub can_undo: bool,
    pub can_redo: bool,
    /// The name of the workspace.
    pub workspace: AttrValue,
    /// Opens the form in which a lesson is made.
    pub on_make: Callback<()>,
}

/// The header.
#[component]
pub fn Header(props: &Props) -> Html {
    let dispatch = use_dispatch();
    let example = {
        let dispatch = dispatch.clone();
        let chosen = Callback::from(move |id| open_example(id, dispatch.clone()));
        use_chooser(props.example.clone(), chosen)
    };
    let version = {
        let (dispatch, now) = (dispatch.clone(), props.kubernetes);
        let chosen = Callback::from(move |label: String| {
            let version = Version::named(&label).unwrap_or(now.version);
            dispatch.send(Action::SetKubernetes(Kubernetes::new(version)));
        });
        use_chooser(props.kubernetes.version.label().into(), chosen)
    };
    let Chooser { node, onchange, onkeydown, onpointerdown, onblur } = example;
    html! {
        <header class="header">
            { glyph_in("header__logo", Icon::Logo) }
            <h1 class="header__title">{ "StatefulSet Playground" }</h1>
            <label class="select">
                <span class="select__label">{ "Example" }</span>
                <select class="select__input" aria-label="Example" ref={node} {onchange}
                    {onkeydown} {onpointerdown} {onblur} title={BY_KEYS}>
                    { for EXAMPLES.iter().map(|example| html! {
                        <option key={example.id} value={example.id} title={example.about}
                            selected={props.example == example.id}>
                            { example.title }
                        </option>
                    }) }
                </select>
            </label>
            <Lessons on_make={props.on_make.clone()} />
            <button class="button button--quiet" type="button" title="Undo (Ctrl+Z)"
                aria-label="Undo" aria-disabled={(!props.can_undo).to_string()}
                onclick={dispatch.on(Action::Undo)}>
                { glyph(Icon::Undo) }
                <span class="header__word">{ "Undo" }</span>
            </button>
            <button class="button button--quiet button--icon" type="button"
                title="Redo (Ctrl+Shift+Z)" aria-label="Redo"
                aria-disabled={(!props.can_redo).to_string()}
                onclick={dispatch.on(Action::Redo)}>
                { glyph(Icon::Redo) }
            </button>
            <Workspaces name={props.workspace.clone()} />
            <span class="header__space" />
            <label class="select">
                <span class="select__label">{ "Kubernetes" }</span>
                <select class="select__input" aria-label="Kubernetes version" ref={version.node}
                    title="Another version starts over. With the arrow keys: Enter chooses it."
                    onchange={version.onchange} onkeydown={version.onkeydown}
                    onpointerdown={version.onpointerdown} onblur={version.onblur}>
                    { for Version::ALL.iter().map(|version| html! {
                        <option key={version.label()} value={version.label()}
                            selected={*version == props.kubernetes.version}>
                            { version.label() }
                        </option>
                    }) }
                </select>
            </label>
            { gates(props.kubernetes, props.calm, &dispatch) }
            <ThemeButton />
            <Menu label="Help" class="button button--quiet button--icon"
                content={Callback::from(|()| help())} face={html! { { glyph(Icon::Help) } }} />
        </header>
    }
}

/// What the keys do in the list of examples.
const BY_KEYS: &str = "With the arrow keys: Enter opens the example, Escape leaves it";

/// Fetches an example and opens it.
fn open_example(id: String, dispatch: Dispatch) {
    let address = format!("examples/{id}.yaml");
    let opened = Callback::from(move |text: Option<String>| {
        let Some(text) = text else {
            let why = format!("The example {id} could not be loaded. Are you offline?");
            return dispatch.send(Action::Tell(why));
        };
        let title = EXAMPLES.iter().find(|it| it.id == id).map_or("", |it| it.title);
        let (origin, id) = (format!("example {id}"), id.clone());
        let open = move || Action::OpenExample { id, text };
        keep::beside(title.into(), origin, dispatch.clone(), open);
    });
    fetch::text(&address, opened);
}

/// The feature gates that the version knows, with their defaults; each starts over.
fn gates(kubernetes: Kubernetes, calm: bool, dispatch: &Dispatch) -> Html {
    let dispatch = dispatch.clone();
    let content = Callback::from(move |()| gate_choices(kubernetes, calm, &dispatch));
    let changed = kubernetes.gates != Kubernetes::new(kubernetes.version).gates;
    html! {
        <Menu label="Feature gates" {content} face={html! {
            <>
                { glyph(Icon::Gates) }
                <span class="header__word">{ if changed { "Gates changed" } else { "Gates" } }</span>
            </>
        }} />
    }
}

fn gate_choices(kubernetes: Kubernetes, calm: bool, dispatch: &Dispatch) -> Html {
    let switch = |gate: Gate| {
        let on = kubernetes.gates.is_on(gate);
        let default = if kubernetes.default_of(gate) { "on" } else { "off" };
        let view = Switch {
            label: gate.name(),
            checked: on,
            class: "switch--title",
            title: gate.help(),
            on_change: dispatch
                .0
                .reform(move |on| Action::SetKubernetes(kubernetes.with(gate, on))),
        };
        html! {
            <div key={gate.name()} class="gates__gate">
                { view.view() }
                <p class="gates__help">{ format!("{}. Default: {default}.", gate.help()) }</p>
            </div>
        }
    };
    let times = Switch {
        label: "Calm timing",
        checked: calm,
        class: "switch--title",
        title: "Waits and rounds take the middle of what real ones take",
        on_change: dispatch.0.reform(Action::SetCalmTiming),
    };
    html! {
            <div class="gates">
                <h2 class="help__title">{ "Feature gates" }</h2>
                { for kubernetes.gates_known().map(switch) }
                <h2 class="help__title">{ "Times" }</h2>
                { times.view() }
                <p class="gates__help">
                    { "Off: what varies in a real cluster varies here, drawn from the seed." }
                </p>
                <p class="gates__help">{ "A change starts over with this manifest." }</p>
            </div>
    }
}

const THEMES: [(Option<&str>, &str, Icon); 3] = [
    (None, "Theme: as the system", Icon::System),
    (Some("light"), "Theme: light", Icon::Light),
    (Some("dark"), "Theme: dark", Icon::Dark),
];

#[component]
fn ThemeButton() -> Html {
    let chosen = use_state(|| {
        let kept = storage::theme();
        THEMES.iter().position(|(theme, ..)| *theme == kept.as_deref()).unwrap_or(0)
    });
    use_effect_with(*chosen, |chosen| media::show_theme(THEMES[*chosen].0));
    let (_, name, icon) = THEMES[*chosen];
    let onclick = move |_| {
        let next = (*chosen + 1) % THEMES.len();
        storage::set_theme(THEMES[next].0);
        chosen.set(next);
    };
    html! {
        <button class="button button--quiet button--icon" type="button" aria-label={name}
            title={name} {onclick}>
            { glyph(icon) }
        </button>
    }
}

const KEYS: [(&str, &str); 6] = [
    ("Space", "Play or pause"),
    ("→", "Step forward"),
    ("←", "Step back"),
    ("Ctrl + Enter", "Apply the manifest"),
    ("Ctrl + Z", "Undo, outside text fields"),
    ("Ctrl + Shift + Z", "Redo, outside text fields"),
];

fn help() -> Html {
    html! {
        <div class="help">
            <h2 class="help__title">{ "How it works" }</h2>
            <p>{ "Change a field or the YAML: the lines that changed light up. Apply it, and the \
                  simulated control plane does what Kubernetes does, at its own pace. Select a pod \
                  or a claim to delete it, crash it or fail its probes." }</p>
            <h2 class="help__title">{ "Keys" }</h2>
            <dl class="help__keys">
                { for KEYS.iter().map(|(key, does)| html! {
                    <div key={*key} class="help__key">
                        <dt><kbd>{ key }</kbd></dt>
                        <dd>{ does }</dd>
                    </div>
                }) }
            </dl>
            <a href="licences.txt">{ "Licences" }</a>
        </div>
    }
}
