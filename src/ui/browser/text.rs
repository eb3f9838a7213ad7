//! Text and caret of a text area. The browser counts in UTF-16 units, everything else in bytes.

use web_sys::{HtmlElement, HtmlTextAreaElement, ScrollIntoViewOptions, ScrollLogicalPosition};

/// Makes `text` the content; the caret stays at the words where it was.
pub fn replace(area: &HtmlTextAreaElement, text: &str) {
    let before = area.value();
    // A text area has no carriage returns.
    let text = &text.replace("\r\n", "\n");
    if before == *text {
        return;
    }
    let caret = |position: Option<u32>| moved(&before, text, position.unwrap_or(0));
    let start = caret(area.selection_start().ok().flatten());
    let end = caret(area.selection_end().ok().flatten());
    area.set_value(text);
    // Refused only for kinds of inputs without a caret.
    let _ = area.set_selection_range(start, end);
}

/// Makes `text` the content of a text area that nobody sees.
pub fn put(area: &HtmlTextAreaElement, text: &str) {
    area.set_value(&text.replace("\r\n", "\n"));
}

/// Puts focus and caret at the start of a line (from 1).
pub fn go_to_line(area: &HtmlTextAreaElement, line: u32) {
    let text = area.value();
    let lines_before = usize::try_from(line.saturating_sub(1)).unwrap_or(0);
    let start: usize = text.split_inclusive('\n').take(lines_before).map(utf16_len).sum();
    let length: usize = text.split('\n').nth(lines_before).map_or(0, utf16_len);
    let position = |units: usize| u32::try_from(units).unwrap_or(u32::MAX);
    let _ = area.set_selection_range(position(start), position(start + length));
    let element: &HtmlElement = area;
    let _ = element.focus();
    // The text area itself never scrolls: the numbered line beside the text is what can be shown.
    let numbered = format!(".line:nth-child({line})");
    let line = area.parent_element().and_then(|it| it.query_selector(&numbered).ok().flatten());
    if let Some(line) = line {
        let options = ScrollIntoViewOptions::new();
        options.set_block(ScrollLogicalPosition::Center);
        options.set_inline(ScrollLogicalPosition::Start);
        line.scroll_into_view_with_scroll_into_view_options(&options);
    }
}

/// What is selected in a text area, if it has the focus.
pub fn focused_at(area: &HtmlTextAreaElement) -> Option<(u32, u32)> {
    let focused = gloo::utils::document().active_element()?;
    let is_it = focused.is_same_node(Some(area));
    let start = area.selection_start().ok().flatten().filter(|_| is_it)?;
    Some((start, area.selection_end().ok().flatten().unwrap_or(start)))
}

/// Where a caret goes when `old` becomes `new`: with the unchanged text before or after it.
fn moved(old: &str, new: &str, caret: u32) -> u32 {
    let old: Vec<u16> = old.encode_utf16().collect();
    let new: Vec<u16> = new.encode_utf16().collect();
    let caret = usize::try_from(caret).unwrap_or(usize::MAX).min(old.len());
    let prefix = old.iter().zip(&new).take_while(|(a, b)| a == b).count();
    let longest_suffix = old.len().min(new.len()) - prefix;
    let suffix = old
        .iter()
        .rev()
        .zip(new.iter().rev())
        .take(longest_suffix)
        .take_while(|(a, b)| a == b)
        .count();
    let moved = if caret <= prefix {
        caret
    } else if caret >= old.len() - suffix {
        new.len() - (old.len() - caret)
    } else {
        new.len() - suffix
    };
    u32::try_from(moved).unwrap_or(u32::MAX)
}

fn utf16_len(text: &str) -> usize {
    text.encode_utf16().count()
}

#[cfg(test)]
mod tests {
    use super::moved;

    #[test]
    fn a_caret_stays_at_its_words() {
        let old = "replicas: 3\nimage: nginx\n";
        let new = "replicas: 10\nimage: nginx\n";
        assert_eq!(moved(old, new, 4), 4, "before the change");
        assert_eq!(moved(old, new, 20), 21, "after the change");
        assert_eq!(moved("a: é1\n", "a: é2\n", 5), 5, "at the change");
        assert_eq!(moved("abc", "", 2), 0, "all gone");
    }
}
