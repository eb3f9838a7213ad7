//! Region Manifest: the text, its changed lines, its problems.

mod area;
mod line;
mod problems;

use super::browser::download;
use super::format::count;
use super::icons::{Icon, glyph};
use super::state::ByAddress;
use super::widgets::CopyButton;
use area::Area;
use problems::Problems;
use statefulset_playground::manifest::{Manifest, Severity};
use std::rc::Rc;
use yew::prelude::*;

#[derive(Properties, PartialEq)]
pub struct Props {
    pub manifest: ByAddress<Manifest>,
    pub changed: Rc<[u32]>,
    pub is_applied: bool,
    /// What the downloaded file is called.
    pub file_name: AttrValue,
}

/// The region.
#[component]
pub fn Editor(props: &Props) -> Html {
    let area = use_node_ref();
    let (tone, state) = state(props);
    let save = {
        let (name, manifest) = (props.file_name.clone(), props.manifest.clone());
        move |_| download::save_as(&name, &manifest.text)
    };
    html! {
        <section class="panel manifest" aria-labelledby="manifest-title">
            <div class="panel__head">
                <h2 class="panel__title" id="manifest-title">{ "Manifest" }</h2>
                <span class={classes!("chip", tone)}>{ state }</span>
                <span class="panel__space" />
                <CopyButton label="Copy YAML" text={props.manifest.text.to_string()} />
                <button class="button button--quiet button--icon" type="button"
                    aria-label="Download YAML" title="Download YAML" onclick={save}>
                    { glyph(Icon::Download) }
                </button>
            </div>
            <Area area={area.clone()} manifest={props.manifest.clone()}
                changed={props.changed.clone()} />
            <Problems manifest={props.manifest.clone()} {area} />
        </section>
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
