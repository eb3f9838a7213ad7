//! Folders of recordings: those of this repository are archives, which are laid out beside the build.

use flate2::read::GzDecoder;
use std::io::Read;
use std::path::{Path, PathBuf};

/// Bytes of a block of a tar.
const BLOCK: usize = 512;

/// The folder in which the archive of these recordings is laid out.
pub fn folder_of(name: &str) -> PathBuf {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/conformance").join(name);
    let packed = std::fs::read(root.join("recordings.tar.gz")).unwrap();
    let mut tar = Vec::new();
    GzDecoder::new(packed.as_slice()).read_to_end(&mut tar).unwrap();
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
    // What an earlier archive held is not to be played.
    let _there = std::fs::remove_dir_all(&folder);
    lay_out(&tar, &folder);
    folder
}

/// Writes the files of a tar.
fn lay_out(tar: &[u8], folder: &Path) {
    let mut rest = tar;
    while let Some((header, after)) = rest.split_at_checked(BLOCK).filter(|it| it.0[0] != 0) {
        let text = |from: usize, most: usize| {
            let field = &header[from..from + most];
            let end = field.iter().position(|byte| *byte == 0).unwrap_or(most);
            std::str::from_utf8(&field[..end]).unwrap()
        };
        let size = usize::from_str_radix(text(124, 12).trim(), 8).unwrap();
        let path = folder.join(text(0, 100).trim_start_matches("./"));
        match header[156] {
            b'5' => std::fs::create_dir_all(&path).unwrap(),
            b'0' => std::fs::write(&path, &after[..size]).unwrap(),
            kind => panic!("{}: entries of type {kind} are not read", path.display()),
        }
        rest = &after[size.next_multiple_of(BLOCK)..];
    }
}
