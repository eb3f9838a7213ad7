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
    gzip(&tar)
}

/// Bytes as gzip, without a name and as of no time.
///
/// The frame and its checksum are written here because the library's tables of sixteen kilobytes for
/// a quick checksum would come with every first visit. Format: RFC 1952.
fn gzip(bytes: &[u8]) -> Vec<u8> {
    const MAGIC: [u8; 10] = [0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 0xff];
    let mut packed = MAGIC.to_vec();
    packed.extend(packing::deflate(bytes));
    packed.extend(crc32(bytes).to_le_bytes());
    let length = u32::try_from(bytes.len()).unwrap_or(u32::MAX);
    packed.extend(length.to_le_bytes());
    packed
}

fn crc32(bytes: &[u8]) -> u32 {
    const POLYNOMIAL: u32 = 0xedb8_8320;
    let mut sum = !0_u32;
    for byte in bytes {
        sum ^= u32::from(*byte);
        for _ in 0..8 {
            sum = sum >> 1 ^ if sum & 1 == 1 { POLYNOMIAL } else { 0 };
        }
    }
    !sum
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
