//! Which region a narrow page shows.

use yew::prelude::*;

/// A region of the narrow page.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum View {
    Lesson,
    Configure,
    Manifest,
    #[default]
    Cluster,
    Terminal,
}

impl View {
    const ALL: [Self; 5] =
        [Self::Lesson, Self::Configure, Self::Manifest, Self::Cluster, Self::Terminal];

    fn name(self) -> &'static str {
        match self {
            Self::Lesson => "Lesson",
            Self::Configure => "Configure",
            Self::Manifest => "Manifest",
            Self::Cluster => "Cluster",
            Self::Terminal => "Terminal",
        }
    }

    /// The page's style class.
    pub fn class(self) -> &'static str {
        match self {
            Self::Lesson => "page--lesson",
            Self::Configure => "page--configure",
            Self::Manifest => "page--manifest",
            Self::Cluster => "page--cluster",
            Self::Terminal => "page--terminal",
        }
    }
}

/// The switch between regions; a wide page shows all and hides it.
pub fn views(shown: View, has_lesson: bool, on_show: &Callback<View>) -> Html {
    let all = View::ALL.into_iter().filter(|view| has_lesson || *view != View::Lesson);
    html! {
        <nav class="views" aria-label="Regions">
            { for all.map(|view| html! {
                <button key={view.name()} class="views__tab" type="button"
                    aria-current={(view == shown).then_some("true")}
                    onclick={on_show.reform(move |_| view)}>
                    { view.name() }
                </button>
            }) }
        </nav>
    }
}
