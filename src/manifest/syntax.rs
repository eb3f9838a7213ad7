//! How kubectl words a text that is not YAML.

use super::tree::TreeError;
use std::ops::Range;

/// Why a chunk is not YAML: where in the chunk, and what kubectl says after the file's name.
pub(super) struct SyntaxError {
    pub(super) range: Range<usize>,
    pub(super) message: String,
}

/// kubectl's words for an error of our parser.
///
/// kubectl's parser and libyaml share their texts; ours, which knows places better, has its own. So
/// libyaml is asked, and the line is counted as kubectl counts it: within the document, and one
/// less unless the scanner found the mistake. None if libyaml reads the text.
pub(super) fn describe(chunk: &str, error: &TreeError, base: usize) -> Option<SyntaxError> {
    let near = |at: usize| {
        let at = at.saturating_sub(base).min(chunk.len());
        at..at + chunk[at..].chars().next().map_or(0, char::len_utf8)
    };
    let (range, why) = match error {
        TreeError::TooManyNodes => (0..0, "yaml: document contains excessive aliasing".into()),
        TreeError::TooDeep(at) => {
            (near(*at), "this playground reads at most 100 levels of nesting".into())
        }
        TreeError::BadKey(at) => (near(*at), "unsupported map key: it must be text".into()),
        TreeError::UnknownAnchor(at) => {
            let range = near(*at);
            let rest = chunk[range.start..].trim_start_matches('*');
            let end = rest.find(|c: char| c.is_whitespace() || ",]}".contains(c));
            let name = &rest[..end.unwrap_or(rest.len())];
            (range, format!("yaml: unknown anchor '{name}' referenced"))
        }
        TreeError::Syntax(at, info) => match serde_yaml::from_str::<serde::de::IgnoredAny>(chunk) {
            Ok(_) => return None,
            Err(error) => libyaml(chunk, &error.to_string())
                .unwrap_or_else(|| (near(*at), format!("yaml: {info}"))),
        },
    };
    Some(SyntaxError { range, message: format!("error converting YAML to JSON: {why}") })
}

/// `<problem> at line L column C[, <context>]` in kubectl's form.
fn libyaml(chunk: &str, text: &str) -> Option<(Range<usize>, String)> {
    let (problem, rest) = text.split_once(" at line ")?;
    let (place, context) = rest.split_once(", ").unwrap_or((rest, ""));
    let (line, column) = place.split_once(" column ")?;
    let (line, column) = (line.parse::<usize>().ok()?, column.parse::<usize>().ok()?);
    let by_parser = context.starts_with("while parsing") || problem.contains("<document start>");
    let told = line - usize::from(by_parser && line > 0);
    let told = match told {
        0 => String::new(),
        told => format!("line {told}: "),
    };
    let start = chunk.split_inclusive('\n').take(line.saturating_sub(1)).map(str::len).sum();
    let in_line = chunk.get(start..).unwrap_or_default();
    let in_line = in_line.split('\n').next().unwrap_or_default();
    let at =
        in_line.char_indices().nth(column.saturating_sub(1)).map_or(in_line.len(), |(at, _)| at);
    let end = in_line[at..].chars().next().map_or(at, |c| at + c.len_utf8());
    Some((start + at..start + end, format!("yaml: {told}{problem}")))
}
