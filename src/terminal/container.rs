//! What programs in a container reach.

use crate::shell::host::Trouble;

/// A file system that is mounted.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Mount {
    /// The device or volume, such as `/dev/sda1`.
    pub device: String,
    /// Where it is mounted.
    pub path: String,
    /// Its type, such as `ext4`.
    pub kind: String,
    /// Whether nothing may be written to it.
    pub is_read_only: bool,
    /// Its size in KiB.
    pub size: u64,
    /// What of it is used, in KiB.
    pub used: u64,
}

/// A process.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Running {
    /// Its number.
    pub pid: u32,
    /// Whom it belongs to.
    pub user: String,
    /// How long it has run, in milliseconds.
    pub time: i64,
    /// Its command line.
    pub command: String,
}

/// What a name server says about a name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Resolved {
    /// The whole name and its addresses.
    Found(String, Vec<String>),
    /// There is no such name.
    Unknown,
    /// The server does not answer.
    Silent,
}

/// What a server answers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Reply {
    /// Status, headers without the first line, and body.
    Answer(u16, Vec<(String, String)>, String),
    /// The host has no such name.
    Unknown,
    /// Nobody listens: the address and port.
    Refused(String),
    /// Nothing comes back: the address and port.
    Silent(String),
}

/// A container as its programs see it.
pub trait Container {
    /// Now, in milliseconds since the beginning of 1970.
    fn now(&self) -> i64;
    /// Whether a script in it may go on without time passing.
    fn may_go_on(&self) -> bool {
        true
    }
    /// Its host name.
    fn hostname(&self) -> String;
    /// The directory that its programs begin in.
    fn folder(&self) -> String {
        "/".into()
    }
    /// Names and values of its environment.
    fn environment(&self) -> Vec<(String, String)>;
    /// The text of a file, by its path from the root.
    ///
    /// # Errors
    /// `No such file or directory`, `Is a directory`, `Permission denied`.
    fn read(&self, path: &str) -> Result<String, Trouble>;
    /// Writes a file.
    ///
    /// # Errors
    /// `No such file or directory`, `Read-only file system`, `No space left on device`.
    fn write(&mut self, path: &str, text: &str) -> Result<(), Trouble>;
    /// Removes a file, or a directory with all that is in it.
    ///
    /// # Errors
    /// As of [`Self::write`].
    fn remove(&mut self, path: &str) -> Result<(), Trouble>;
    /// Makes a directory.
    ///
    /// # Errors
    /// As of [`Self::write`], and `File exists`.
    fn make_folder(&mut self, path: &str) -> Result<(), Trouble>;
    /// The names in a directory, sorted; none if it is none.
    fn list(&self, path: &str) -> Option<Vec<String>>;
    /// What is mounted, the root first.
    fn mounts(&self) -> Vec<Mount>;
    /// What runs.
    fn processes(&self) -> Vec<Running>;
    /// Sends a signal, such as 15, to a process. Returns whether there is such a process.
    fn kill(&mut self, pid: u32, signal: u8) -> bool;
    /// The address of the name server.
    fn name_server(&self) -> String;
    /// Asks the name server for a name as it is written, with the search list applied.
    fn resolve(&self, name: &str) -> Resolved;
    /// Requests an address such as `http://web-0.nginx:80/`.
    fn http(&self, url: &str) -> Reply;
    /// Whether `nslookup` is the small one of BusyBox 1.28.
    fn has_old_nslookup(&self) -> bool {
        false
    }
}
