//! Go's text templates: what `helm` and `kubectl -o go-template` fill in.
//!
//! A [`Set`] holds templates by name. Texts become nodes ([`parse`]), nodes are carried out over a
//! [`Value`] ([`exec`]). Functions stand in tables: Go's own ([`builtins`]) and those that charts use
//! ([`sprig`]); whoever fills in a template can add its own ([`Extra`]).
//!
//! Source: <https://pkg.go.dev/text/template>, <https://masterminds.github.io/sprig/>.

mod arguments;
mod ast;
mod bounds;
mod builtins;
pub mod exec;
pub mod format;
mod lex;
mod number;
mod parse;
mod sprig;
pub mod value;

pub use exec::{Extra, Failure, Machine};
pub use sprig::helm::MARKS;
pub use value::Value;

use ast::Template;
use std::collections::BTreeMap;
use std::rc::Rc;

/// Templates by their names.
#[derive(Clone, Debug, Default)]
pub struct Set {
    templates: BTreeMap<String, Rc<Template>>,
}

/// Which functions there are besides Go's.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Dialect {
    /// Go's functions, and `base64decode` and `exists`: `kubectl -o go-template`.
    Kubectl,
    /// Sprig's, and Helm's own.
    Helm,
}

impl Set {
    /// Reads a text as the template of a name, and those that it defines.
    ///
    /// # Errors
    /// In Go's words, such as `template: a:1: unexpected "}" in operand`.
    pub fn add(&mut self, name: &str, text: &str, dialect: Dialect) -> Result<(), String> {
        for template in parse::parse(name, text, dialect)? {
            let is_empty = template.nodes.iter().all(ast::Node::is_space);
            if is_empty && self.templates.contains_key(&template.name) {
                continue;
            }
            self.templates.insert(template.name.clone(), Rc::new(template));
        }
        Ok(())
    }

    /// The template of a name.
    fn get(&self, name: &str) -> Option<Rc<Template>> {
        self.templates.get(name).map(Rc::clone)
    }

    /// Whether there is a template of a name.
    pub fn has(&self, name: &str) -> bool {
        self.templates.contains_key(name)
    }
}

/// A value as YAML without its last line end: Helm's `toYaml`.
pub fn yaml_text(value: &Value) -> String {
    sprig::helm::yaml(value)
}

/// A value as JSON on one line, as Go writes it.
pub fn json_text(value: &serde_json::Value) -> String {
    sprig::json_text(&value.to_string())
}

/// Whether there is a function of a name.
fn is_function(name: &str, dialect: Dialect) -> bool {
    builtins::find(name).is_some()
        || match dialect {
            Dialect::Kubectl => matches!(name, "base64decode" | "exists"),
            Dialect::Helm => sprig::find(name).is_some() || exec::HELM.contains(&name),
        }
}
