//! What a rule finds, and how much of it is still allowed.

use std::collections::BTreeMap;
use std::fmt::Write;

/// A place that breaks a rule.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Finding {
    /// What an allowance is given for: a room or a file.
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

/// How many findings of a room or file a rule still allows.
pub type Allowed = (&'static str, &'static str, usize);

/// What is wrong: more findings than are allowed, or fewer, for then the table is to be lowered.
pub fn verdict(rule: &str, findings: &[Finding], allowed: &[Allowed]) -> Result<(), String> {
    let mut by_place: BTreeMap<&str, Vec<&Finding>> = BTreeMap::new();
    for finding in findings {
        by_place.entry(&finding.of).or_default().push(finding);
    }
    let allowed = allowed.iter().filter(|(of, ..)| *of == rule);
    let allowed: BTreeMap<&str, usize> =
        allowed.map(|(_, place, count)| (*place, *count)).collect();
    let mut wrong = String::new();
    for (place, found) in &by_place {
        let limit = allowed.get(place).copied().unwrap_or(0);
        if found.len() > limit {
            let _ = writeln!(wrong, "{rule}: {place}: {} found, {limit} allowed", found.len());
            for Finding { file, line, says, .. } in found {
                let _ = writeln!(wrong, "  {file}:{line}: {says}");
            }
        }
    }
    for (place, limit) in allowed {
        let found = by_place.get(place).map_or(0, Vec::len);
        if found < limit {
            let _ = writeln!(
                wrong,
                "{rule}: {place}: only {found} found, {limit} allowed: \
                 put {found} into ALLOWED_TODAY in tests/tidy.rs"
            );
        }
    }
    if wrong.is_empty() { Ok(()) } else { Err(wrong) }
}

#[test]
fn a_rule_is_broken_by_more_and_by_less_than_is_allowed() {
    let allowed = [("width", "src/a.rs", 1), ("height", "src/b.rs", 9)];
    let one = [Finding::new("src/a.rs", 7, "is too wide")];
    assert_eq!(verdict("width", &one, &allowed), Ok(()));
    let more = [one[0].clone(), Finding::new("src/a.rs", 9, "is wider still")];
    let wrong = verdict("width", &more, &allowed).unwrap_err();
    assert!(wrong.contains("src/a.rs: 2 found, 1 allowed"), "{wrong}");
    assert!(wrong.contains("  src/a.rs:9: is wider still\n"), "{wrong}");
    let wrong = verdict("width", &[], &allowed).unwrap_err();
    assert!(wrong.contains("only 0 found, 1 allowed: put 0 into"), "{wrong}");
    let elsewhere = [one[0].clone(), Finding::new("src/c.rs", 1, "is too wide")];
    assert!(verdict("width", &elsewhere, &allowed).is_err());
}
