//! Text made small, and large again: deflate (RFC 1951), gzip (RFC 1952).

use flate2::Compression;
use flate2::read::DeflateDecoder;
use flate2::write::DeflateEncoder;
use std::io::{Read, Write};

/// Bytes, deflated as far as it goes.
pub fn deflate(bytes: &[u8]) -> Vec<u8> {
    let mut packed = DeflateEncoder::new(Vec::new(), Compression::best());
    // Writing to memory cannot fail.
    let _ = packed.write_all(bytes);
    packed.finish().unwrap_or_default()
}

/// The text that was deflated, at most so many bytes of it; none if it is damaged.
pub fn inflate(packed: &[u8], most: u64) -> Option<String> {
    let mut text = String::new();
    DeflateDecoder::new(packed).take(most).read_to_string(&mut text).ok()?;
    Some(text)
}

/// Bytes as gzip, without a name and as of no time.
///
/// The frame and its checksum are written here because the library's tables of sixteen kilobytes for
/// a quick checksum would come with every first visit. Format: RFC 1952.
pub fn gzip(bytes: &[u8]) -> Vec<u8> {
    const HEADER: [u8; 10] = [0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 0xff];
    let mut packed = HEADER.to_vec();
    packed.extend(deflate(bytes));
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

/// The text in gzip without optional parts of the header, at most so many bytes of it; none if it is
/// something else.
pub fn gunzip(packed: &[u8], most: u64) -> Option<String> {
    let body = packed.strip_prefix(&[0x1f, 0x8b, 8, 0])?.get(6..)?;
    inflate(body, most)
}
