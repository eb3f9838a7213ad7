//! Everything that touches the browser: storage, clipboard, frames, focus, preferences.

pub mod address;
pub mod clipboard;
pub mod code;
pub mod crash;
pub mod database;
pub mod docs;
pub mod download;
pub mod fetch;
pub mod files;
pub mod frames;
pub mod keys;
pub mod leave;
pub mod media;
pub mod place;
pub mod popover;
pub mod ready;
pub mod slice;
pub mod storage;
pub mod tabs;
pub mod text;
