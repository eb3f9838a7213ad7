//! What a rule finds, and how it is told.

use std::collections::BTreeMap;
use std::fmt::Write;

/// A place that breaks a rule.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Finding {
    /// What it is counted for: a room or a file.
    pub of: String,
    pub file: String,
    pub line: usize,
    pub says: String,
}

impl Finding {
    /// A finding of a file.
    pub fn new(file: &str, line: usize, says: impl Into<String>) -> Self {
        Self { of: file.into(), file: file.into(), line, says: says.into() }
    }

    /// The same, as one of a room.
    pub fn of(self, room: &str) -> Self {
        Self { of: room.into(), ..self }
    }
}

/// What breaks a rule, by room or file.
pub fn verdict(rule: &str, findings: &[Finding]) -> Result<(), String> {
    let mut by_place: BTreeMap<&str, Vec<&Finding>> = BTreeMap::new();
    for finding in findings {
        by_place.entry(&finding.of).or_default().push(finding);
    }
    let mut wrong = String::new();
    for (place, found) in &by_place {
        let _ = writeln!(wrong, "{rule}: {place}: {} found", found.len());
        for Finding { file, line, says, .. } in found {
            let _ = writeln!(wrong, "  {file}:{line}: {says}");
        }
    }
    if wrong.is_empty() { Ok(()) } else { Err(wrong) }
}

#[test]
fn what_is_found_is_told_with_its_place() {
    assert_eq!(verdict("width", &[]), Ok(()));
    let one = Finding::new("src/a.rs", 7, "is too wide");
    let more = [one.clone(), Finding::new("src/a.rs", 9, "is wider still").of("low")];
    let wrong = verdict("width", &more).unwrap_err();
    assert!(wrong.contains("width: src/a.rs: 1 found\n  src/a.rs:7: is too wide\n"), "{wrong}");
    assert!(wrong.contains("width: low: 1 found\n  src/a.rs:9: is wider still\n"), "{wrong}");
}
