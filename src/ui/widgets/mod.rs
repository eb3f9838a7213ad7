//! Small parts that several regions use.

mod chooser;
mod copy_button;
mod file_button;
mod menu;
mod switch;

pub use chooser::{Chooser, use_chooser};
pub use copy_button::CopyButton;
pub use file_button::FileButton;
pub use menu::Menu;
pub use switch::Switch;
