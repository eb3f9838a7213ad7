//! Base64 as Go's `encoding/base64` takes it, with its places of errors.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;

/// The bytes of a text.
///
/// # Errors
/// Where the text is no base64: the offset that Go's `illegal base64 data at input byte` names.
pub fn decode(text: &str) -> Result<Vec<u8>, usize> {
    let mut bytes = Vec::with_capacity(text.len() / 4 * 3);
    let is_break = |byte: &u8| matches!(byte, b'\r' | b'\n');
    let mut input = text.bytes().enumerate().filter(|(_, byte)| !is_break(byte));
    loop {
        let mut group = [0_u8; 4];
        let mut count = 0;
        while count < 4 {
            let Some((at, byte)) = input.next() else {
                return if count == 0 { Ok(bytes) } else { Err(text.len() - count) };
            };
            match sextet(byte) {
                Some(value) => group[count] = value,
                None if byte == b'=' && count >= 2 => {
                    if count == 2 {
                        match input.next() {
                            None => return Err(text.len()),
                            Some((_, b'=')) => {}
                            Some((next, _)) => return Err(next),
                        }
                    }
                    if let Some((rest, _)) = input.next() {
                        return Err(rest);
                    }
                    push(&mut bytes, group, count);
                    return Ok(bytes);
                }
                None => return Err(at),
            }
            count += 1;
        }
        push(&mut bytes, group, 4);
    }
}

/// The text of bytes, padded.
pub fn encode(bytes: &[u8]) -> String {
    STANDARD.encode(bytes)
}

fn push(bytes: &mut Vec<u8>, group: [u8; 4], count: usize) {
    let whole = group.iter().fold(0_u32, |whole, sextet| whole << 6 | u32::from(*sextet));
    bytes.extend(whole.to_be_bytes().iter().skip(1).take(count - 1));
}

fn sextet(byte: u8) -> Option<u8> {
    Some(match byte {
        b'A'..=b'Z' => byte - b'A',
        b'a'..=b'z' => byte - b'a' + 26,
        b'0'..=b'9' => byte - b'0' + 52,
        b'+' => 62,
        b'/' => 63,
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn decodes_and_says_where_it_cannot() {
        let cases: [(&str, Result<&str, usize>); 9] = [
            ("", Ok("")),
            ("aGVsbG8=", Ok("hello")),
            ("aGVs\nbG8=", Ok("hello")),
            ("aA==", Ok("h")),
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
