//! The archive: a tar, compressed with gzip. The same files give the same bytes, everywhere.

use super::File;
use crate::packing;

/// Bytes of a block of a tar.
const BLOCK: usize = 512;

/// The files as a `.tgz`, readable by everyone, as of the start of time.
///
/// Paths longer than 100 bytes are shortened; exports have none.
///
/// Format: POSIX.1-1988 ustar, <https://pubs.opengroup.org/onlinepubs/9799919799/utilities/pax.html>.
pub fn tar_gz(files: &[File]) -> Vec<u8> {
    let mut tar = Vec::new();
    for file in files {
        tar.extend(header(&file.path, file.text.len()));
        tar.extend(file.text.as_bytes());
        tar.resize(tar.len().next_multiple_of(BLOCK), 0);
    }
    tar.resize(tar.len() + 2 * BLOCK, 0);
    packing::gzip(&tar)
}

fn header(path: &str, length: usize) -> [u8; BLOCK] {
    let mut block = [0; BLOCK];
    let mut put = |at: usize, text: &str, most: usize| {
        for (slot, byte) in block[at..at + most].iter_mut().zip(text.bytes()) {
            *slot = byte;
        }
    };
    put(0, path, 100);
    put(100, "0000644", 7);
    put(108, "0000000", 7);
    put(116, "0000000", 7);
    put(124, &format!("{length:011o}"), 11);
    put(136, "00000000000", 11);
    put(148, "        ", 8);
    put(156, "0", 1);
    put(257, "ustar", 5);
    put(263, "00", 2);
    let sum: u32 = block.iter().map(|byte| u32::from(*byte)).sum();
    let sum = format!("{sum:06o}\0 ");
    block[148..156].copy_from_slice(sum.as_bytes());
    block
}
