//! Text made small, and large again: deflate (RFC 1951).

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
