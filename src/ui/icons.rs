//! The page's icons: strokes on a 16 by 16 grid, drawn for this project.

use yew::prelude::*;

/// An icon.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Icon {
    Play,
    Pause,
    StepForward,
    StepBack,
    ToStart,
    ToEnd,
    Check,
    Cross,
    Clock,
    Spin,
    Leave,
    Copy,
    Download,
    Upload,
    Share,
    Folder,
    Undo,
    Redo,
    Restart,
    Help,
    System,
    Light,
    Dark,
    Warning,
    Delete,
    Disk,
    Bolt,
    Probe,
    Gates,
    Lesson,
    Logo,
}

impl Icon {
    /// Outline of the icon as path data; filled if the second value says so.
    fn path(self) -> (&'static str, bool) {
        match self {
            Self::Play => ("M4.5 2.8v10.4L13 8z", true),
            Self::Pause => ("M4.5 3h2.4v10H4.5zM9.1 3h2.4v10H9.1z", true),
            Self::StepForward => ("M4 3.5v9L10 8zM11 3.5h1.6v9H11z", true),
            Self::StepBack => ("M12 3.5v9L6 8zM3.4 3.5H5v9H3.4z", true),
            Self::ToStart => ("M8.4 4v8L3.9 8zM13 4v8L8.5 8zM2.4 4h1.4v8H2.4z", true),
            Self::ToEnd => ("M7.6 4v8l4.5-4zM3 4v8l4.5-4zM12.2 4h1.4v8h-1.4z", true),
            Self::Check => ("M3 8.5l3.3 3.3L13 5", false),
            Self::Cross => ("M4 4l8 8M12 4l-8 8", false),
            Self::Clock => {
                ("M8 2.2a5.8 5.8 0 1 0 0 11.6A5.8 5.8 0 0 0 8 2.2zM8 5v3.2l2.2 1.5", false)
            }
            Self::Spin => ("M8 2.4A5.6 5.6 0 1 1 2.6 9.5", false),
            Self::Leave => ("M8 3v8.5M4.5 8L8 11.5 11.5 8M3 14h10", false),
            Self::Copy => ("M5.5 5.5h7.7v7.7H5.5zM3 10.5V2.8h7.7", false),
            Self::Download => ("M8 2.5v7.8M4.8 7.3L8 10.5l3.2-3.2M3 13.3h10", false),
            Self::Upload => ("M8 10.5V2.7M4.8 5.7L8 2.5l3.2 3.2M3 13.3h10", false),
            Self::Share => (
                "M11 5.5L5 8l6 2.8M12.6 2.8a1.7 1.7 0 1 1 0 3.4 1.7 1.7 0 0 1 0-3.4zM3.4 6.3a1.7 1.7 0 1 1 0 3.4 1.7 1.7 0 0 1 0-3.4zM12.6 9.8a1.7 1.7 0 1 1 0 3.4 1.7 1.7 0 0 1 0-3.4z",
                false,
            ),
            Self::Folder => ("M1.8 3.3h4.4l1.5 1.9h6.5v7.6H1.8z", false),
            Self::Redo => ("M10 3l3.2 3.2L10 9.4M13.2 6.2H7a3.6 3.6 0 0 0 0 7.2h3", false),
            Self::Undo => ("M6 3L2.8 6.2 6 9.4M3 6.2h6.2a3.6 3.6 0 0 1 0 7.2H6", false),
            Self::Restart => ("M12.9 8A4.9 4.9 0 1 1 11 4.1M11.6 1.8v2.8H8.8", false),
            Self::Gates => {
                ("M2.5 5h4.3M10.2 5h3.3M2.5 11h1.8M7.7 11h5.8M8.5 3.3v3.4M6 9.3v3.4", false)
            }
            Self::Help => ("M5.6 6a2.4 2.4 0 1 1 3.3 2.2c-.6.3-.9.7-.9 1.4M8 12.2h.01", false),
            Self::System => ("M2.2 3.2h11.6v7.6H2.2zM5.5 13.4h5M8 10.8v2.6", false),
            Self::Light => (
                "M8 5a3 3 0 1 0 0 6 3 3 0 0 0 0-6zM8 1.3v1.4M8 13.3v1.4M1.3 8h1.4M13.3 8h1.4\
                 M3.3 3.3l1 1M11.7 11.7l1 1M12.7 3.3l-1 1M4.3 11.7l-1 1",
                false,
            ),
            Self::Dark => ("M13.2 9.7A5.6 5.6 0 0 1 6.3 2.8a5.6 5.6 0 1 0 6.9 6.9z", false),
            Self::Warning => ("M8 2.3l6.2 11H1.8zM8 6.4v3.3M8 11.4h.01", false),
            Self::Disk => ("M3 4c0 2.4 10 2.4 10 0s-10-2.4-10 0v8c0 2.4 10 2.4 10 0V4", false),
            Self::Delete => ("M3 4.5h10M6.3 4.2V2.8h3.4v1.4M4.4 4.8l.6 8.4h6l.6-8.4", false),
            Self::Bolt => ("M9 1.8L3.6 9.2H8L7 14.2l5.4-7.4H8z", false),
            Self::Probe => ("M1.8 8h3l1.7-4.5 3 9L11.2 8h3", false),
            Self::Lesson => (
                "M8 4C6 2.6 4 2.4 2 2.8v9.6c2-.4 4-.2 6 1.2 2-1.4 4-1.6 6-1.2V2.8C12 2.4 10 2.6 8 4zM8 4v9.6",
                false,
            ),
            Self::Logo => ("M2 2.5h12v4H2zM8 6.5v3M2.7 9.5h10.6v4H2.7z", false),
        }
    }
}

/// Draws an icon. It says nothing to assistive technology: the words stand beside it.
pub fn glyph(icon: Icon) -> Html {
    glyph_in("", icon)
}

/// Draws an icon with a style class of its own.
pub fn glyph_in(class: &'static str, icon: Icon) -> Html {
    let (path, filled) = icon.path();
    let kind = if filled { "icon--filled" } else { "icon--stroked" };
    html! {
        <svg class={classes!("icon", kind, (!class.is_empty()).then_some(class))}
            viewBox="0 0 16 16" aria-hidden="true" focusable="false">
            <path d={path} />
        </svg>
    }
}
