//! The Services above the stage.

use crate::ui::state::Dispatch;
use statefulset_playground::playground::Action;
use statefulset_playground::scene::ServiceScene;
use yew::prelude::*;

/// A rail onto which pods hook when they are ready.
pub fn rail(services: &[ServiceScene], dispatch: &Dispatch) -> Html {
    if services.is_empty() {
        return html! {
            <div class="rail rail--none">
                <span class="rail__service">
                    { "No Service governs these pods: no DNS names." }
                </span>
            </div>
        };
    }
    html! {
        <div class="rail">
            { for services.iter().map(|service| html! {
                <span key={service.uid.clone()} class="rail__service">
                    <strong>{ format!("Service {}", service.name) }</strong>
                    <span class="rail__kind">
                        { if service.headless { "headless" } else { service.cluster_ip.as_str() } }
                    </span>
                    <span class="rail__endpoints">{ endpoints(service) }</span>
                    if !service.headless {
                        { open(service, dispatch) }
                    }
                </span>
            }) }
        </div>
    }
}

/// The button that opens a Service in the browser, by its command.
fn open(service: &ServiceScene, dispatch: &Dispatch) -> Html {
    let (namespace, name) = (&service.namespace, &service.name);
    let command = match namespace.as_str() {
        "default" => format!("minikube service {name}"),
        namespace => format!("minikube service {name} -n {namespace}"),
    };
    html! {
        <button class="button button--quiet rail__open" type="button" title={command.clone()}
            aria-label={format!("Open Service {name} in the browser")}
            onclick={dispatch.on(Action::Command(command))}>
            { "Open" }
        </button>
    }
}

fn endpoints(service: &ServiceScene) -> String {
    let all = service.ready.len() + service.not_ready.len();
    match (service.ready.len(), all) {
        (_, 0) => "no endpoints".into(),
        (ready, all) => format!("{ready} of {all} endpoints ready"),
    }
}
