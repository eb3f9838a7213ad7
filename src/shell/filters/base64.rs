//! base64.

use super::filter::{Filter, Made};
use super::options::Options;
use crate::shell::output::Output;
use ::base64::Engine;
use ::base64::engine::general_purpose::STANDARD;

/// base64.
#[derive(Clone)]
struct Base64 {
    decodes: bool,
    wrap: usize,
    text: String,
}

/// Reads the command line of base64.
pub fn build(words: &[String]) -> Made {
    let long = [("decode", 'd'), ("wrap", 'w'), ("ignore-garbage", 'i')];
    let options = Options::read("base64", words, "dDiw:", &long)?;
    let text = options.value('w').unwrap_or("76");
    let wrap = text.parse().map_err(|_| format!("base64: invalid wrap size: '{text}'"))?;
    let decodes = options.has('d') || options.has('D');
    Ok((Box::new(Base64 { decodes, wrap, text: String::new() }), options.rest))
}

impl Filter for Base64 {
    fn line(&mut self, line: &str, _out: &mut Output) {
        self.text.push_str(line);
    }

    fn finish(&mut self, out: &mut Output) -> i32 {
        let text = std::mem::take(&mut self.text);
        if self.decodes {
            let compact: String = text.split_whitespace().collect();
            return match STANDARD.decode(compact) {
                Ok(bytes) => {
                    out.print(&String::from_utf8_lossy(&bytes));
                    0
                }
                Err(_) => {
                    out.error("base64: invalid input");
                    1
                }
            };
        }
        let encoded = STANDARD.encode(text);
        if self.wrap == 0 {
            out.print(&encoded);
            return 0;
        }
        let mut rest = encoded.as_str();
        while !rest.is_empty() {
            let (line, more) = rest.split_at(self.wrap.min(rest.len()));
            out.line(line);
            rest = more;
        }
        0
    }
}
