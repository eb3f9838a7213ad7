//! Patterns of `*` and `?`, as names of files are matched by.

/// Whether a text fits a pattern of `*`, `?` and `\`.
pub fn matches(pattern: &str, text: &str) -> bool {
    let pattern: Vec<char> = pattern.chars().collect();
    let text: Vec<char> = text.chars().collect();
    let (mut p, mut t, mut star) = (0, 0, None);
    while t < text.len() {
        let (step, fits) = match pattern.get(p) {
            Some('*') => {
                star = Some((p, t));
                p += 1;
                continue;
            }
            Some('?') => (1, true),
            Some('\\') => (2, pattern.get(p + 1) == text.get(t)),
            c => (1, c == text.get(t)),
        };
        match (fits, star) {
            (true, _) => (p, t) = (p + step, t + 1),
            (false, Some((at, from))) => {
                star = Some((at, from + 1));
                (p, t) = (at + 1, from + 1);
            }
            (false, None) => return false,
        }
    }
    pattern.get(p..).unwrap_or_default().iter().all(|c| *c == '*')
}
