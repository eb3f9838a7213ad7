//! Base64 as Go's `encoding/base64` takes it, with its places of errors.

use base64::Engine;
use base64::alphabet;
use base64::engine::general_purpose::{GeneralPurpose, GeneralPurposeConfig, STANDARD};

/// Go's standard encoding minds no bits that are left over.
const LENIENT: GeneralPurpose = GeneralPurpose::new(
    &alphabet::STANDARD,
    GeneralPurposeConfig::new().with_decode_allow_trailing_bits(true),
);

/// The bytes of a text; ends of lines do not count.
///
/// # Errors
/// Where the text is no base64: the offset that Go's `illegal base64 data at input byte` names.
pub fn decode(text: &str) -> Result<Vec<u8>, usize> {
    let plain: Vec<u8> = letters(text).map(|(_, byte)| byte).collect();
    LENIENT.decode(plain).map_err(|_| wrong_at(text))
}

/// The text of bytes, padded.
pub fn encode(bytes: &[u8]) -> String {
    STANDARD.encode(bytes)
}

fn letters(text: &str) -> impl Iterator<Item = (usize, u8)> + '_ {
    text.bytes().enumerate().filter(|(_, byte)| !matches!(byte, b'\r' | b'\n'))
}

/// The offset that Go names in a text that is no base64. It reads groups of four, of which the last
/// may end with one `=` or two.
///
/// Upstream: `encoding/base64/base64.go`, decodeQuantum.
fn wrong_at(text: &str) -> usize {
    let mut letters = letters(text);
    let mut count = 0;
    while let Some((at, byte)) = letters.next() {
        match (byte, count % 4) {
            (b'=', 2) => {
                return match letters.next() {
                    None => text.len(),
                    Some((_, b'=')) => letters.next().map_or(text.len(), |(rest, _)| rest),
                    Some((other, _)) => other,
                };
            }
            (b'=', 3) => return letters.next().map_or(text.len(), |(rest, _)| rest),
            (b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'+' | b'/', _) => count += 1,
            _ => return at,
        }
    }
    text.len() - count % 4
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn decodes_and_says_where_it_cannot() {
        let cases: [(&str, Result<&str, usize>); 13] = [
            ("", Ok("")),
            ("aGVsbG8=", Ok("hello")),
            ("aGVs\nbG8=", Ok("hello")),
            ("aA==", Ok("h")),
            ("aB==", Ok("h")),
            ("aGV\r\nsbG9=\n", Ok("hello")),
            ("aG\nVsb!", Err(6)),
            ("aGVsbG8=aGVs", Err(8)),
            ("hello", Err(4)),
            ("a b=", Err(1)),
            ("aA=", Err(3)),
            ("aA==x", Err(4)),
            ("=", Err(0)),
        ];
        for (text, wanted) in cases {
            assert_eq!(decode(text), wanted.map(|text| text.as_bytes().to_vec()), "{text}");
        }
        for text in ["", "h", "he", "hel", "hell"] {
            assert_eq!(decode(&encode(text.as_bytes())), Ok(text.as_bytes().to_vec()), "{text}");
        }
    }
}
