//! The bar above everything: name, example, version, theme, help.

use super::browser::{media, storage};
use super::icons::{Icon, glyph, glyph_in};
use super::state::use_dispatch;
use super::widgets::Menu;
use statefulset_playground::manifest::examples::EXAMPLES;
use statefulset_playground::playground::Action;
use wasm_bindgen::JsCast;
use web_sys::HtmlSelectElement;
use yew::prelude::*;

#[derive(Properties, PartialEq)]
pub struct Props {
    /// Id of the example that the work started from.
    pub example: AttrValue,
    /// Simulated minor version.
    pub version: AttrValue,
    pub can_undo: bool,
}

/// The header.
#[component]
pub fn Header(props: &Props) -> Html {
    let dispatch = use_dispatch();
    let choose = {
        let dispatch = dispatch.clone();
        move |event: Event| {
            let select =
                event.target().and_then(|target| target.dyn_into::<HtmlSelectElement>().ok());
            if let Some(select) = select {
                dispatch.send(Action::ChooseExample(select.value()));
            }
        }
    };
    html! {
        <header class="header">
            { glyph_in("header__logo", Icon::Logo) }
            <h1 class="header__title">{ "StatefulSet Playground" }</h1>
            <label class="select">
                <span class="select__label">{ "Example" }</span>
                <select class="select__input" aria-label="Example" onchange={choose}>
                    { for EXAMPLES.iter().map(|example| html! {
                        <option key={example.id} value={example.id} title={example.about}
                            selected={props.example == example.id}>
                            { example.title }
                        </option>
                    }) }
                </select>
            </label>
            <button class="button button--quiet" type="button" title="Undo (Ctrl+Z)"
                aria-label="Undo" aria-disabled={(!props.can_undo).to_string()}
                onclick={dispatch.on(Action::Undo)}>
                { glyph(Icon::Undo) }
                <span class="header__word">{ "Undo" }</span>
            </button>
            <span class="header__space" />
            <label class="select">
                <span class="select__label">{ "Kubernetes" }</span>
                <select class="select__input" aria-label="Kubernetes version">
                    <option selected=true>{ &props.version }</option>
                </select>
            </label>
            <ThemeButton />
            <Menu label="Help" class="button button--quiet button--icon"
                face={html! { { glyph(Icon::Help) } }}>
                { help() }
            </Menu>
        </header>
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

const KEYS: [(&str, &str); 5] = [
    ("Space", "Play or pause"),
    ("→", "Step forward"),
    ("←", "Step back"),
    ("Ctrl + Enter", "Apply the manifest"),
    ("Ctrl + Z", "Undo, outside text fields"),
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
        </div>
    }
}
