//! Encodings, checksums, and what would be random.

use crate::api::base64;
use crate::cluster::rng::Rng;
use crate::template::arguments::{Table, int, text};
use crate::template::machine::Machine;
use crate::template::value::Value;
use sha1::Sha1;
use sha2::{Digest, Sha256, Sha512};

/// The functions.
pub const FUNCTIONS: Table = &[
    ("adler32sum", "s", |_, a| Ok(adler32(text(a, 0).as_bytes()).to_string().into())),
    ("b32enc", "s", |_, a| Ok(base32(text(a, 0).as_bytes()).into())),
    ("b64dec", "s", |_, a| {
        Ok(match base64::decode(text(a, 0)) {
            Ok(bytes) => String::from_utf8_lossy(&bytes).into_owned().into(),
            Err(at) => Value::from(illegal(at)),
        })
    }),
    ("b64enc", "s", |_, a| Ok(base64::encode(text(a, 0).as_bytes()).into())),
    ("b32dec", "s", |_, a| Ok(from_base32(text(a, 0)).into())),
    ("randAlpha", "i", |m, a| Ok(drawn(m, int(a, 0), LETTERS).into())),
    ("randAlphaNum", "i", |m, a| Ok(drawn(m, int(a, 0), LETTERS_AND_DIGITS).into())),
    ("randAscii", "i", |m, a| Ok(drawn(m, int(a, 0), LETTERS_AND_DIGITS).into())),
    // Below 128, so that they are a text, too.
    ("randBytes", "i", |m, a| {
        let own = drawn(m, int(a, 0).saturating_mul(2), b"0123456789abcdef");
        let bytes = own.as_bytes().chunks(2);
        let bytes: Vec<u8> =
            bytes.map(|pair| (pair[0] << 4 ^ pair[pair.len() - 1]) & 0x7f).collect();
        Ok(base64::encode(&bytes).into())
    }),
    ("randNumeric", "i", |m, a| Ok(drawn(m, int(a, 0), DIGITS).into())),
    ("sha1sum", "s", |_, a| Ok(hex(&Sha1::digest(text(a, 0))).into())),
    ("sha256sum", "s", |_, a| Ok(sha256(text(a, 0).as_bytes()).into())),
    ("sha512sum", "s", |_, a| Ok(hex(&Sha512::digest(text(a, 0))).into())),
    ("uuidv4", "", |m, _| {
        let own = drawn(m, 32, b"0123456789abcdef");
        let part = |from: usize, to: usize| own.get(from..to).unwrap_or_default();
        Ok(format!(
            "{}-{}-4{}-8{}-{}",
            part(0, 8),
            part(8, 12),
            part(13, 16),
            part(17, 20),
            part(20, 32)
        )
        .into())
    }),
];

const DIGITS: &[u8] = b"0123456789";
const LETTERS: &[u8] = b"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ";
const LETTERS_AND_DIGITS: &[u8] = b"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789";
/// The longest text that is drawn.
const MOST: i64 = 10_000;

/// `base64.CorruptInputError` in Go's words.
pub fn illegal(at: usize) -> String {
    format!("illegal base64 data at input byte {at}")
}

/// Simplified: what is random in Helm is drawn from the moment, so that a session gives the same.
fn drawn(machine: &mut Machine, length: i64, letters: &[u8]) -> String {
    let mut random = Rng::new(machine.extra.now().unsigned_abs() ^ machine.draw());
    let length = usize::try_from(length.clamp(0, MOST)).unwrap_or(0);
    let last = letters.len() as u64 - 1;
    let each = (0..length).map(|_| random.in_range(0, last) as usize);
    each.map(|at| char::from(letters[at])).collect()
}

fn base32(bytes: &[u8]) -> String {
    const LETTERS: &[u8] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
    let mut out = String::new();
    for chunk in bytes.chunks(5) {
        let mut bits: u64 = 0;
        for at in 0..5 {
            bits = bits << 8 | u64::from(chunk.get(at).copied().unwrap_or(0));
        }
        let letters = (chunk.len() * 8).div_ceil(5);
        for at in 0..8 {
            let index = usize::try_from(bits >> (35 - at * 5) & 31).unwrap_or(0);
            out.push(if at < letters { char::from(LETTERS[index]) } else { '=' });
        }
    }
    out
}

fn from_base32(text: &str) -> String {
    const LETTERS: &[u8] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
    let own = text.trim_end_matches('=').as_bytes();
    let (mut bits, mut count, mut bytes) = (0_u32, 0, Vec::new());
    for (at, letter) in own.iter().enumerate() {
        let Some(value) = LETTERS.iter().position(|own| own == letter) else {
            return format!("illegal base32 data at input byte {at}");
        };
        bits = bits << 5 | u32::try_from(value).unwrap_or(0);
        count += 5;
        if count >= 8 {
            count -= 8;
            bytes.push(u8::try_from(bits >> count & 0xff).unwrap_or(0));
            bits &= (1 << count) - 1;
        }
    }
    if !text.len().is_multiple_of(8) {
        return format!("illegal base32 data at input byte {}", text.len() / 8 * 8);
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

fn adler32(bytes: &[u8]) -> u32 {
    let (mut low, mut high) = (1_u32, 0_u32);
    for byte in bytes {
        low = (low + u32::from(*byte)) % 65_521;
        high = (high + low) % 65_521;
    }
    high << 16 | low
}

/// SHA-256 in hexadecimal.
pub fn sha256(bytes: &[u8]) -> String {
    hex(&Sha256::digest(bytes))
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn digests_are_those_of_the_standards() {
        assert_eq!(
            sha256(b"abc"),
            "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
        );
        assert_eq!(sha256(b""), "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
        assert_eq!(base32(b"foob"), "MZXW6YQ=");
        assert_eq!(adler32(b"Wikipedia"), 0x11E6_0398);
    }
}
