//! Addresses.
//!
//! Upstream: `sprig/url.go`, `net/url`.

use super::cast;
use crate::template::arguments::{Given, Table, text};
use crate::template::value::Value;

/// The functions.
pub const FUNCTIONS: Table = &[
    // Helm looks no names up unless that is asked for.
    ("getHostByName", "s", |_, _| Ok("".into())),
    ("urlJoin", "m", |_, a| joined(&a[0])),
    ("urlParse", "s", |_, a| Ok(parsed(text(a, 0)))),
];

/// A text up to a mark, and what stands behind the mark.
fn cut(text: &str, mark: char) -> (&str, &str) {
    text.split_once(mark).unwrap_or((text, ""))
}

/// A text with what `%20` and the like stand for.
fn unescaped(text: &str) -> String {
    let mut bytes = Vec::new();
    let mut rest = text.as_bytes();
    while let Some((first, behind)) = rest.split_first() {
        let digits = behind.get(..2).and_then(|own| std::str::from_utf8(own).ok());
        let byte = digits.and_then(|own| u8::from_str_radix(own, 16).ok());
        match byte.filter(|_| *first == b'%') {
            Some(byte) => {
                bytes.push(byte);
                rest = &behind[2..];
            }
            None => {
                bytes.push(*first);
                rest = behind;
            }
        }
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

fn parsed(text: &str) -> Value {
    let (text, fragment) = cut(text, '#');
    let is_scheme = |it: &str| {
        it.starts_with(|c: char| c.is_ascii_alphabetic())
            && it.chars().all(|c| c.is_ascii_alphanumeric() || "+-.".contains(c))
    };
    let (scheme, rest) = match text.split_once(':') {
        Some((scheme, rest)) if is_scheme(scheme) => (scheme.to_ascii_lowercase(), rest),
        _ => (String::new(), text),
    };
    let (rest, query) = cut(rest, '?');
    let (authority, path) = match rest.strip_prefix("//") {
        Some(rest) => rest.split_at(rest.find('/').unwrap_or(rest.len())),
        None => ("", rest),
    };
    let is_opaque = !scheme.is_empty() && authority.is_empty() && !path.starts_with('/');
    let (opaque, path) = if is_opaque { (path, "") } else { ("", path) };
    let (user, host) = authority.rsplit_once('@').unwrap_or(("", authority));
    let hostname = match host.strip_prefix('[') {
        Some(inside) => cut(inside, ']').0,
        None => cut(host, ':').0,
    };
    Value::map([
        ("scheme", scheme.into()),
        ("host", host.into()),
        ("hostname", hostname.into()),
        ("path", unescaped(path).into()),
        ("query", query.into()),
        ("opaque", opaque.into()),
        ("fragment", unescaped(fragment).into()),
        ("userinfo", Value::from(user)),
    ])
}

fn joined(parts: &Value) -> Given {
    let part = |name: &str| parts.get(name).map(|it| cast::text(&it)).unwrap_or_default();
    let with = |before: &str, own: String, behind: &str| match own.is_empty() {
        true => own,
        false => format!("{before}{own}{behind}"),
    };
    let (scheme, host, user) = (part("scheme"), part("host"), part("userinfo"));
    let is_local = scheme.is_empty() && host.is_empty() && user.is_empty();
    let has_place = !host.is_empty() || !user.is_empty() || !part("path").is_empty();
    let slashes = if !is_local && has_place { "//" } else { "" };
    let path = match part("path") {
        path if !host.is_empty() && !path.is_empty() && !path.starts_with('/') => {
            format!("/{path}")
        }
        path => path,
    };
    let body = match part("opaque") {
        opaque if !opaque.is_empty() => opaque,
        _ => format!("{slashes}{}{host}{path}", with("", user, "@")),
    };
    let (query, fragment) = (with("?", part("query"), ""), with("#", part("fragment"), ""));
    Ok(format!("{}{body}{query}{fragment}", with("", scheme, ":")).into())
}
