//! The Services above the stage.

use statefulset_playground::scene::ServiceScene;
use yew::prelude::*;

/// A rail onto which pods hook when they are ready.
pub fn rail(services: &[ServiceScene]) -> Html {
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
                </span>
            }) }
        </div>
    }
}

fn endpoints(service: &ServiceScene) -> String {
    let all = service.ready.len() + service.not_ready.len();
    match (service.ready.len(), all) {
        (_, 0) => "no endpoints".into(),
        (ready, all) => format!("{ready} of {all} endpoints ready"),
    }
}
