//! Text made small, and large again: deflate (RFC 1951), gzip (RFC 1952).

use flate2::Compression;
use flate2::read::DeflateDecoder;
use flate2::write::DeflateEncoder;
use std::io::{Cursor, Read, Take, Write};

/// Bytes, deflated as far as it goes.
pub fn deflate(bytes: &[u8]) -> Vec<u8> {
    let mut packed = DeflateEncoder::new(Vec::new(), Compression::best());
    // Writing to memory cannot fail.
    let _ = packed.write_all(bytes);
    packed.finish().unwrap_or_default()
}

/// Bytes that are inflated at once.
const SLICE: usize = 128 * 1024;

/// A deflated text that is being inflated.
pub struct Inflating {
    from: Take<DeflateDecoder<Cursor<Vec<u8>>>>,
    to: Vec<u8>,
}

impl Inflating {
    /// Before the first byte. At most so many are inflated.
    pub fn new(packed: Vec<u8>, most: u64) -> Self {
        Self { from: DeflateDecoder::new(Cursor::new(packed)).take(most), to: Vec::new() }
    }

    /// Goes on as long as that is allowed. Returns the text, once, when all of it is there; none of
    /// anything if it is damaged.
    pub fn go_on(&mut self, may_go_on: &dyn Fn() -> bool) -> Option<Option<String>> {
        loop {
            let slice = SLICE as u64;
            if self.from.by_ref().take(slice).read_to_end(&mut self.to).ok()? < SLICE {
                return String::from_utf8(std::mem::take(&mut self.to)).ok().map(Some);
            }
            if !may_go_on() {
                return Some(None);
            }
        }
    }

    /// The whole text; none if it is damaged.
    pub fn whole(mut self) -> Option<String> {
        self.go_on(&|| true)?
    }
}

/// The text that was deflated, at most so many bytes of it; none if it is damaged.
pub fn inflate(packed: &[u8], most: u64) -> Option<String> {
    Inflating::new(packed.into(), most).whole()
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
