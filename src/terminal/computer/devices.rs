//! What a person works the computer with: the keyboard, the editor, the network.

use crate::terminal::editor::{self, Editor};
use crate::terminal::keyboard::{self, Keyboard};
use crate::terminal::network::{self, Network};

/// The handles that programs have. A clone leads to the same devices.
#[derive(Clone, Debug, Default)]
pub struct Devices {
    /// What is typed into programs that are attached.
    pub keyboard: Keyboard,
    /// The editor that commands open.
    pub editor: Editor,
    /// What is forwarded into the cluster, and the browser.
    pub network: Network,
}

/// What programs that run share with the terminal. While it works, the handles that they have lead to
/// it; at other times it lies here, so that a copy of a terminal has one of its own.
#[derive(Clone, Default)]
pub struct Shared {
    /// What was typed.
    pub keyboard: keyboard::State,
    /// What is edited.
    pub editor: editor::State,
    /// What is forwarded.
    pub network: network::State,
}

impl Devices {
    /// Exchanges what the handles lead to.
    pub fn exchange(&self, shared: &mut Shared) {
        self.keyboard.exchange(&mut shared.keyboard);
        self.editor.exchange(&mut shared.editor);
        self.network.exchange(&mut shared.network);
    }
}
