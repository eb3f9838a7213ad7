//! Small parts that several regions use.

mod copy_button;
mod file_button;
mod menu;
mod switch;

pub use copy_button::CopyButton;
pub use file_button::FileButton;
pub use menu::Menu;
pub use switch::Switch;
