//! Templates by name: a set into which texts are read.

use super::ast::{Node, Template};
use super::machine::Dialect;
use super::parse;
use std::collections::BTreeMap;
use std::rc::Rc;

/// Templates by their names.
#[derive(Clone, Debug, Default)]
pub struct Set {
    templates: BTreeMap<String, Rc<Template>>,
}

impl Set {
    /// Reads a text as the template of a name, and those that it defines.
    ///
    /// # Errors
    /// In Go's words, such as `template: a:1: unexpected "}" in operand`.
    pub fn add(&mut self, name: &str, text: &str, dialect: Dialect) -> Result<(), String> {
        for template in parse::parse(name, text, dialect)? {
            let is_empty = template.nodes.iter().all(Node::is_space);
            if is_empty && self.templates.contains_key(&template.name) {
                continue;
            }
            self.templates.insert(template.name.clone(), Rc::new(template));
        }
        Ok(())
    }

    /// The template of a name.
    pub(super) fn get(&self, name: &str) -> Option<Rc<Template>> {
        self.templates.get(name).map(Rc::clone)
    }

    /// Whether there is a template of a name.
    pub fn has(&self, name: &str) -> bool {
        self.templates.contains_key(name)
    }
}
