//! Where in an object a field is: `spec.containers[0].image`.

use std::fmt;

/// One step down into an object.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PathStep {
    /// A field or a map's key.
    Key(String),
    /// An item of a list, from 0.
    Index(usize),
}

/// The place of a field, from the root of its object.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct FieldPath(pub Vec<PathStep>);

impl FieldPath {
    /// Takes a path as the server prints it apart: `a.b[0].c[key.with.dots]`.
    pub fn parse(text: &str) -> Self {
        let mut steps = Vec::new();
        let mut rest = text;
        while !rest.is_empty() {
            if let Some(inner) = rest.strip_prefix('[') {
                let (step, tail) = inner.split_once(']').unwrap_or((inner, ""));
                steps.push(match step.parse() {
                    Ok(index) => PathStep::Index(index),
                    Err(_) => PathStep::Key(step.into()),
                });
                rest = tail;
                continue;
            }
            rest = rest.strip_prefix('.').unwrap_or(rest);
            let end = rest.find(['.', '[']).unwrap_or(rest.len());
            if end > 0 {
                steps.push(PathStep::Key(rest[..end].into()));
            }
            rest = &rest[end..];
        }
        Self(steps)
    }

    /// The path of a field or key of the object at this path.
    pub fn key(&self, key: &str) -> Self {
        self.then(PathStep::Key(key.into()))
    }

    /// The path of an item of the list at this path.
    pub fn index(&self, index: usize) -> Self {
        self.then(PathStep::Index(index))
    }

    fn then(&self, step: PathStep) -> Self {
        let mut steps = self.0.clone();
        steps.push(step);
        Self(steps)
    }
}

impl fmt::Display for FieldPath {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (at, step) in self.0.iter().enumerate() {
            match step {
                PathStep::Key(key) if at == 0 => f.write_str(key)?,
                PathStep::Key(key) => write!(f, ".{key}")?,
                PathStep::Index(index) => write!(f, "[{index}]")?,
            }
        }
        Ok(())
    }
}
