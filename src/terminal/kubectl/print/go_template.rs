//! Objects printed by a template of Go: `-o go-template`.
//!
//! Upstream: `staging/src/k8s.io/cli-runtime/pkg/printers/template.go`.

use crate::client::Failure;
use crate::template::{Dialect, Engine, Extra, Set, Value, format, json_text};
use serde_json::Value as Json;

/// The name that kubectl gives to the template.
const NAME: &str = "output";

/// A template that has been read.
#[derive(Clone, Debug)]
pub struct GoTemplate {
    text: String,
    set: Set,
}

/// Templates of kubectl ask nothing of their surroundings.
struct Nothing;

impl Extra for Nothing {
    fn now(&self) -> i64 {
        0
    }
}

impl GoTemplate {
    /// Reads a template.
    ///
    /// # Errors
    /// Go's words for what is wrong with it.
    pub fn read(text: &str) -> Result<Self, Failure> {
        let mut set = Set::default();
        let read = set.add(NAME, text, Dialect::Kubectl);
        read.map_err(|why| Failure::error(format!("error parsing template {text}, {why}")))?;
        Ok(Self { text: text.into(), set })
    }

    /// What it makes of an object.
    ///
    /// # Errors
    /// It cannot be carried out; told with the template and the object.
    pub fn print(&self, object: &Json) -> Result<String, Failure> {
        // kubectl reads it with `k8s.io/apimachinery/pkg/util/json`: whole numbers become int64.
        let data = Value::of_object(object);
        let mut engine = Engine::new(self.set.clone(), Dialect::Kubectl, &Nothing);
        engine.run(NAME, &data).map_err(|why| self.failure(&why.0, object, &data))
    }

    fn failure(&self, why: &str, object: &Json, data: &Value) -> Failure {
        let text = &self.text;
        let object = json_text(object);
        Failure::Plain(format!(
            "Error executing template: {why}. Printing more information for debugging the \
             template:\n\ttemplate was:\n\t\t{text}\n\traw data was:\n\t\t{object}\n\tobject \
             given to template engine was:\n\t\t{}\n\nerror: error executing template {}: {why}",
            format::show(data),
            format::quote(text),
        ))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn fills_in_an_object_and_tells_what_it_cannot() {
        let object = json!({"spec": {"replicas": 3, "names": ["a", "b"]}, "kind": "X"});
        for (text, wanted) in [
            ("{{.spec.replicas}}", "3"),
            ("{{range .spec.names}}{{.}} {{end}}", "a b "),
            ("{{.spec.nothing}}", "<no value>"),
            ("{{exists . \"spec\" \"names\"}}", "true"),
            ("{{\"YQ==\" | base64decode}}{{\"\\n\"}}", "a\n"),
        ] {
            let printed = GoTemplate::read(text).and_then(|template| template.print(&object));
            assert_eq!(printed.ok().as_deref(), Some(wanted), "{text}");
        }
        let why = GoTemplate::read("{{.a").err().map(|failure| failure.text());
        let wanted = "error: error parsing template {{.a, template: output:1: unclosed action";
        assert_eq!(why.as_deref(), Some(wanted));
        let template = GoTemplate::read("{{.kind.x}}").expect("is a template");
        let why = template.print(&object).err().map(|failure| failure.text()).unwrap_or_default();
        let first = "Error executing template: template: output:1:7: executing \"output\" at \
                     <.kind.x>: can't evaluate field x in type interface {}. Printing";
        assert!(why.starts_with(first), "{why}");
    }
}
