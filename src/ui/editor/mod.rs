//! Region Manifest: the text, its changed lines, its problems.

mod area;
mod code;
mod line;
mod outlook;
mod pause;
mod problems;
mod units;

use super::browser::files::{self, Texts};
use super::browser::{download, text};
use super::format::count;
use super::icons::{Icon, glyph};
use super::keep;
use super::state::{ByAddress, Dispatch, use_dispatch};
use super::widgets::{CopyButton, FileButton, Menu};
use area::Area;
use code::{State, use_code};
use outlook::Outlook;
use pause::use_pause;
use problems::Problems;
use statefulset_playground::manifest::{Manifest, Severity, import};
use statefulset_playground::playground::forecast::LookAhead;
use statefulset_playground::playground::{Action, Take, share};
use std::rc::Rc;
use web_sys::HtmlTextAreaElement;
use yew::prelude::*;

#[derive(Properties, PartialEq)]
pub struct Props {
    pub manifest: ByAddress<Manifest>,
    pub changed: Rc<[u32]>,
    pub is_applied: bool,
    /// What the downloaded file is called.
    pub file_name: AttrValue,
    /// Foretells what applying leads to.
    pub look: Callback<(), LookAhead>,
}

/// The region.
#[component]
pub fn Editor(props: &Props) -> Html {
    let area = use_node_ref();
    let host = use_node_ref();
    let dispatch = use_dispatch();
    let is_settled = use_pause(&props.manifest, dispatch.on(Action::EndTyping));
    let opening = use_code(&host, &area, &props.manifest, &props.changed, is_settled);
    let go = {
        let (area, state) = (area.clone(), opening.state.clone());
        Callback::from(move |line: u32| match &*state.borrow() {
            State::Here(code) => code.go_to_line(line),
            State::Away | State::Coming => {
                if let Some(area) = area.cast::<HtmlTextAreaElement>() {
                    text::go_to_line(&area, line);
                }
            }
        })
    };
    let near = |ask: &Callback<()>| {
        let ask = ask.clone();
        move || ask.emit(())
    };
    let onpointerenter = {
        let near = near(&opening.ask);
        move |_: PointerEvent| near()
    };
    let onfocusin = {
        let near = near(&opening.ask);
        move |_: FocusEvent| near()
    };
    let open = {
        let dispatch = dispatch.clone();
        Callback::from(move |texts: Texts| match texts {
            Ok(texts) => open_beside(import::join(&texts), &dispatch),
            Err(why) => dispatch.send(Action::Tell(why)),
        })
    };
    let ondrop = {
        let open = open.clone();
        move |event: DragEvent| {
            if files::dropped(&event, open.clone()) {
                event.prevent_default();
            }
        }
    };
    let ondragover = |event: DragEvent| event.prevent_default();
    let (tone, state) = state(props);
    let save = {
        let (name, manifest) = (props.file_name.clone(), props.manifest.clone());
        move |_| download::save_as(&name, &manifest.text)
    };
    html! {
        <section class="panel manifest" aria-labelledby="manifest-title" {ondrop} {ondragover}>
            <div class="panel__head">
                <h2 class="panel__title" id="manifest-title">{ "Manifest" }</h2>
                <span class={classes!("chip", tone)}>{ state }</span>
                <span class="panel__space" />
                <CopyButton label="Copy YAML" text={props.manifest.text.to_string()} small=true />
                <button class="button button--quiet button--icon" type="button"
                    aria-label="Download YAML" title="Download YAML" onclick={save}>
                    { glyph(Icon::Download) }
                </button>
                <FileButton label="Open files" accept=".yaml,.yml,.json,.txt" on_files={open} />
                <Menu label="Share and export" class="button button--quiet button--icon"
                    face={glyph(Icon::Share)}
                    content={Callback::from(move |()| take_aways(&dispatch))} />
            </div>
            <div class="code" {onpointerenter} {onfocusin}>
                <div class="code__host" ref={host} hidden={!opening.is_here} />
                <Area {area} manifest={props.manifest.clone()} changed={props.changed.clone()}
                    is_hidden={opening.is_here} />
            </div>
            <Problems manifest={props.manifest.clone()} {go} />
            <Outlook manifest={props.manifest.clone()} look={props.look.clone()} />
        </section>
    }
}

/// Opens a text beside the present work.
fn open_beside(text: String, dispatch: &Dispatch) {
    let title = Manifest::parse(&text).sets().into_iter().next();
    let title = title.filter(|name| !name.is_empty()).unwrap_or_else(|| "Files".into());
    let origin = format!("file {}", share::mark(&text));
    let open = move || Action::OpenExample { id: String::new(), text };
    keep::beside(title, origin, dispatch.clone(), open);
}

fn take_aways(dispatch: &Dispatch) -> Html {
    html! {
        { for Take::ALL.into_iter().map(|what| html! {
            <button key={what.label()} class="menu__item" type="button"
                onclick={dispatch.on(Action::Take(what))}>
                <span class="menu__text">{ what.label() }</span>
                <span class="menu__command">{ what.help() }</span>
            </button>
        }) }
    }
}

/// Whether the cluster runs this text.
fn state(props: &Props) -> (&'static str, String) {
    let errors = props.manifest.diagnostics.iter();
    let errors = errors.filter(|problem| problem.severity == Severity::Error).count();
    match (errors, props.is_applied, props.changed.len()) {
        (1.., ..) => ("chip--failed", count(errors, "problem")),
        (0, true, _) => ("chip--ready", "Applied".into()),
        (0, false, 0) => ("chip--pending", "Not applied yet".into()),
        (0, false, lines) => ("chip--pending", format!("{} changed", count(lines, "line"))),
    }
}
