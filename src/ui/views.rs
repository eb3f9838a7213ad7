//! Which region a narrow page shows.

use yew::prelude::*;

/// A region of the narrow page.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum View {
    Configure,
    Manifest,
    #[default]
    Cluster,
    Terminal,
}

impl View {
    const ALL: [Self; 4] = [Self::Configure, Self::Manifest, Self::Cluster, Self::Terminal];

    fn name(self) -> &'static str {
        match self {
            Self::Configure => "Configure",
            Self::Manifest => "Manifest",
            Self::Cluster => "Cluster",
            Self::Terminal => "Terminal",
        }
    }

    /// The page's style class.
    pub fn class(self) -> &'static str {
        match self {
            Self::Configure => "page--configure",
            Self::Manifest => "page--manifest",
            Self::Cluster => "page--cluster",
            Self::Terminal => "page--terminal",
        }
    }
}

/// The switch between regions; a wide page shows all and hides it.
pub fn views(shown: View, on_show: &Callback<View>) -> Html {
    html! {
        <nav class="views" aria-label="Regions">
            { for View::ALL.into_iter().map(|view| html! {
                <button key={view.name()} class="views__tab" type="button"
                    aria-current={(view == shown).then_some("true")}
                    onclick={on_show.reform(move |_| view)}>
                    { view.name() }
                </button>
            }) }
        </nav>
    }
}
