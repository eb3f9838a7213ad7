//! How a text is written in XML, between tags and in them.

use super::visible;

/// The text on one line; XML knows no control characters.
pub fn text(text: &str) -> String {
    let text = visible::line(text).replace('&', "&amp;").replace('"', "&quot;");
    text.replace('<', "&lt;").replace('>', "&gt;")
}
