//! Reads an exported report as Markdown, and its picture as SVG: neither brings anything foreign in.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use pulldown_cmark::{Event, Options, Parser, Tag};

const PICTURE: &str = "data:image/svg+xml;base64,";

/// Why a report is wrong, if it is. `pods` are the rows that its table of pods has.
pub fn look(report: &str, pods: usize) -> Result<(), String> {
    let wrong = |what: &str| Err(format!("{what} in\n{report}"));
    let mut pictures = 0;
    let mut headings = Vec::new();
    // The rows of each table, as how many cells they have.
    let mut tables: Vec<Vec<usize>> = Vec::new();
    for event in Parser::new_ext(report, Options::all()) {
        match event {
            Event::Html(_) | Event::InlineHtml(_) => return wrong("HTML"),
            Event::Start(Tag::Link { .. }) => return wrong("a link"),
            Event::FootnoteReference(_) | Event::Start(Tag::FootnoteDefinition(_)) => {
                return wrong("a footnote");
            }
            Event::InlineMath(_) | Event::DisplayMath(_) => return wrong("a formula"),
            Event::Start(Tag::Image { dest_url, .. }) => {
                let own = dest_url.strip_prefix(PICTURE);
                let svg = own.and_then(|own| STANDARD.decode(own).ok());
                let svg = svg.and_then(|svg| String::from_utf8(svg).ok());
                let Some(svg) = svg else { return wrong("a foreign picture") };
                is_picture(&svg)?;
                pictures += 1;
            }
            Event::Start(Tag::Heading { level, .. }) => headings.push(level as usize),
            Event::Start(Tag::Table(_)) => tables.push(Vec::new()),
            Event::Start(Tag::TableHead | Tag::TableRow) => {
                tables.last_mut().ok_or("a row")?.push(0);
            }
            Event::Start(Tag::TableCell) => {
                *tables.last_mut().and_then(|rows| rows.last_mut()).ok_or("a cell")? += 1;
            }
            _ => {}
        }
    }
    let widths = |at: usize| tables.get(at).map(|rows| (rows[0], rows.len() - 1));
    if pictures != 1 || headings != [1, 2, 2, 2, 2] || tables.len() != 2 {
        return wrong(&format!("{pictures} pictures, headings {headings:?}, {tables:?}"));
    }
    if widths(0) != Some((4, pods)) || widths(1).is_none_or(|(width, _)| width != 5) {
        return wrong(&format!("tables {tables:?}, pods {pods}"));
    }
    // A bar that ends a cell too early leaves a cell too many, which parsers drop.
    let is_row = |line: &&str| line.starts_with("| ") && line.ends_with(" |");
    let bars = |line: &str| line.replace("\\\\", "").replace("\\|", "").matches('|').count();
    let rows = report.split("\n## Manifest").next().unwrap_or_default().lines().filter(is_row);
    let begin = report.find("| Pod | State").unwrap_or(0);
    let table = report.get(begin..).unwrap_or_default();
    match rows.filter(|row| table.contains(row)).find(|row| ![5, 6].contains(&bars(row))) {
        Some(row) => wrong(&format!("the row {row}")),
        None => Ok(()),
    }
}

/// An SVG of the few elements that pictures are drawn with.
fn is_picture(svg: &str) -> Result<(), String> {
    const ELEMENTS: [&str; 6] = ["svg", "rect", "text", "title", "circle", "path"];
    for part in svg.split('<').skip(1) {
        let name: String =
            part.trim_start_matches('/').chars().take_while(|c| c.is_alphanumeric()).collect();
        let tag = part.split('>').next().unwrap_or_default();
        if !ELEMENTS.contains(&name.as_str()) || tag.contains(" on") || tag.contains("href") {
            return Err(format!("<{part} in the picture {svg}"));
        }
    }
    match svg.chars().find(|c| c.is_control()) {
        Some(c) => Err(format!("{c:?} in the picture")),
        None => Ok(()),
    }
}
