//! The files that the rules look at, by name, with their text.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::sync::OnceLock;

/// What is looked at; recordings and what is built are not.
const LOOKED_AT: [&str; 14] = [
    ".ci",
    ".clippy.toml",
    "CONTRIBUTING.md",
    "Cargo.toml",
    "Makefile",
    "README.md",
    "Trunk.toml",
    "examples",
    "index.html",
    "package.json",
    "scripts",
    "src",
    "static",
    "tests",
];
const LEFT_OUT: [&str; 2] = ["tests/conformance", "tests/fixtures"];

/// Names of files, relative to the root and with `/`, and their texts; what is no text is empty.
pub struct Files(BTreeMap<String, String>);

impl Files {
    /// Those of this repository.
    pub fn here() -> &'static Self {
        static FILES: OnceLock<Files> = OnceLock::new();
        FILES.get_or_init(|| {
            let mut files = BTreeMap::new();
            for name in LOOKED_AT {
                read(name, &mut files);
            }
            Self(files)
        })
    }

    /// A sample.
    pub fn of(files: &[(&str, &str)]) -> Self {
        Self(files.iter().map(|(name, text)| ((*name).into(), (*text).into())).collect())
    }

    pub fn get(&self, name: &str) -> Option<&str> {
        self.0.get(name).map(String::as_str)
    }

    pub fn all(&self) -> impl Iterator<Item = (&str, &str)> {
        self.0.iter().map(|(name, text)| (name.as_str(), text.as_str()))
    }

    /// The files of Rust in the folders of the package.
    pub fn rust(&self) -> impl Iterator<Item = (&str, &str)> {
        self.all().filter(|(name, _)| name.ends_with(".rs"))
    }
}

fn read(name: &str, files: &mut BTreeMap<String, String>) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(name);
    if LEFT_OUT.contains(&name) || !path.exists() {
        return;
    }
    if !path.is_dir() {
        let bytes = fs::read(&path).expect("a file that was listed can be read");
        files.insert(name.into(), String::from_utf8(bytes).unwrap_or_default());
        return;
    }
    for entry in fs::read_dir(&path).expect("a folder that was listed can be read") {
        let entry = entry.expect("an entry of a folder that can be read").file_name();
        read(&format!("{name}/{}", entry.to_string_lossy()), files);
    }
}
