//! Encodings, checksums, and what would be random.

mod sha;

use super::{Table, int, text};
use crate::template::exec::Machine;
use crate::template::value::Value;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;

/// The functions.
pub const FUNCTIONS: Table = &[
    ("adler32sum", "s", |_, a| Ok(adler32(text(a, 0).as_bytes()).to_string().into())),
    ("b32enc", "s", |_, a| Ok(base32(text(a, 0).as_bytes()).into())),
    ("b64dec", "s", |_, a| {
        Ok(match STANDARD.decode(text(a, 0)) {
            Ok(bytes) => String::from_utf8_lossy(&bytes).into_owned().into(),
            Err(why) => Value::from(illegal(text(a, 0), &why)),
        })
    }),
    ("b64enc", "s", |_, a| Ok(STANDARD.encode(text(a, 0)).into())),
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
        Ok(STANDARD.encode(bytes).into())
    }),
    ("randNumeric", "i", |m, a| Ok(drawn(m, int(a, 0), DIGITS).into())),
    ("sha1sum", "s", |_, a| Ok(sha::sha1(text(a, 0).as_bytes()).into())),
    ("sha256sum", "s", |_, a| Ok(sha256(text(a, 0).as_bytes()).into())),
    ("sha512sum", "s", |_, a| Ok(sha::sha512(text(a, 0).as_bytes()).into())),
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
pub fn illegal(text: &str, why: &base64::DecodeError) -> String {
    let at = match why {
        base64::DecodeError::InvalidByte(at, _) | base64::DecodeError::InvalidLastSymbol(at, _) => {
            *at
        }
        _ => text.len() / 4 * 4,
    };
    format!("illegal base64 data at input byte {at}")
}

/// Simplified: what is random in Helm is drawn from the moment, so that a session gives the same.
fn drawn(machine: &mut Machine, length: i64, letters: &[u8]) -> String {
    let mut state = machine.extra.now().unsigned_abs() ^ machine.draw();
    let length = usize::try_from(length.clamp(0, MOST)).unwrap_or(0);
    let each = (0..length).map(|_| {
        state = state.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = (state ^ (state >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        let count = u64::try_from(letters.len()).unwrap_or(1);
        let at = usize::try_from((mixed ^ (mixed >> 31)) % count).unwrap_or(0);
        char::from(letters.get(at).copied().unwrap_or(b'a'))
    });
    each.collect()
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

/// The first 32 bits of the fractions of the cube roots of the first 64 primes.
fn constants() -> ([u32; 64], [u32; 8]) {
    let (mut keys, mut start) = ([0; 64], [0; 8]);
    let mut found = 0;
    let mut candidate: u64 = 2;
    while found < 64 {
        if (2..candidate)
            .take_while(|it| it * it <= candidate)
            .all(|it| !candidate.is_multiple_of(it))
        {
            keys[found] = root_fraction(candidate, 3);
            if found < 8 {
                start[found] = root_fraction(candidate, 2);
            }
            found += 1;
        }
        candidate += 1;
    }
    (keys, start)
}

/// The first 32 bits of the fraction of a root, by halving.
fn root_fraction(number: u64, degree: u32) -> u32 {
    let wanted = u128::from(number) << (32 * degree);
    let (mut low, mut high) = (0_u128, 1_u128 << 40);
    while high - low > 1 {
        let middle = u128::midpoint(low, high);
        if middle.pow(degree) <= wanted { low = middle } else { high = middle }
    }
    u32::try_from(low & 0xffff_ffff).unwrap_or(0)
}

/// SHA-256 in hexadecimal: FIPS 180-4.
pub fn sha256(bytes: &[u8]) -> String {
    let (keys, mut state) = constants();
    let mut message = bytes.to_vec();
    message.push(0x80);
    while message.len() % 64 != 56 {
        message.push(0);
    }
    message.extend((bytes.len() as u64 * 8).to_be_bytes());
    for block in message.chunks(64) {
        let mut words = [0_u32; 64];
        for (word, bytes) in words.iter_mut().zip(block.chunks(4)) {
            *word = bytes.iter().fold(0, |word, byte| word << 8 | u32::from(*byte));
        }
        for at in 16..64 {
            let (early, late) = (words[at - 15], words[at - 2]);
            let first = early.rotate_right(7) ^ early.rotate_right(18) ^ early >> 3;
            let second = late.rotate_right(17) ^ late.rotate_right(19) ^ late >> 10;
            words[at] =
                words[at - 16].wrapping_add(first).wrapping_add(words[at - 7]).wrapping_add(second);
        }
        let [mut a, mut b, mut c, mut d, mut e, mut f, mut g, mut h] = state;
        for (key, word) in keys.iter().zip(words) {
            let sum = e.rotate_right(6) ^ e.rotate_right(11) ^ e.rotate_right(25);
            let first = h
                .wrapping_add(sum)
                .wrapping_add(e & f ^ !e & g)
                .wrapping_add(*key)
                .wrapping_add(word);
            let sum = a.rotate_right(2) ^ a.rotate_right(13) ^ a.rotate_right(22);
            let second = sum.wrapping_add(a & b ^ a & c ^ b & c);
            (h, g, f, e, d, c, b, a) =
                (g, f, e, d.wrapping_add(first), c, b, a, first.wrapping_add(second));
        }
        for (own, more) in state.iter_mut().zip([a, b, c, d, e, f, g, h]) {
            *own = own.wrapping_add(more);
        }
    }
    state.iter().map(|word| format!("{word:08x}")).collect()
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
