//! Calling functions.
//!
//! Upstream: `text/template/exec.go`, evalFunction, evalCall.

use super::{Done, State};
use crate::template::ast::{Command, Kind, Operand};
use crate::template::value::Value;
use crate::template::{Dialect, arguments, bounds, builtins, sprig};

impl State<'_, '_> {
    /// Calls a function with what stands behind its name, and what the pipeline gives it.
    pub(super) fn call(
        &mut self,
        dot: &Value,
        command: &Command,
        name: &str,
        rest: &[Operand],
        last: Option<Value>,
    ) -> Done<Value> {
        if matches!(name, "and" | "or") {
            return self.short_circuit(dot, command, name, rest, last);
        }
        let kubectl = matches!(self.machine.dialect, Dialect::Kubectl);
        let own = if kubectl { None } else { sprig::find(name) };
        let Some(function) = own.or_else(|| builtins::find(name)) else {
            return self.call_own(dot, command, name, rest, last);
        };
        let count = rest.len() + usize::from(last.is_some());
        let context = context(command, name);
        if let Err(why) = arguments::check_count(name, function.parameters, count) {
            return Err(self.fail(command.at, name, &why));
        }
        let mut values = Vec::new();
        for (number, operand) in rest.iter().enumerate() {
            let value = self.operand(dot, operand)?;
            let is_literal = matches!(operand.kind, Kind::Number(..));
            match arguments::fit(function.parameters, number, value, is_literal) {
                Ok(value) => values.push(value),
                Err(why) => {
                    // A field that is not there is an interface that holds nothing.
                    let why = match why.strip_prefix("invalid value; expected ") {
                        Some(wanted) => {
                            format!("wrong type for value; expected {wanted}; got interface {{}}")
                        }
                        None => why,
                    };
                    return Err(self.fail_at(operand, &why));
                }
            }
        }
        if let Some(value) = last {
            match arguments::fit(function.parameters, rest.len(), value, false) {
                Ok(value) => values.push(value),
                Err(why) => return Err(self.fail(command.at, name, &why)),
            }
        }
        self.weigh(command, name, &values)?;
        (function.run)(self.machine, &values).map_err(|why| match why {
            arguments::Trouble::Plain(why) => {
                self.fail(command.at, &context, &format!("error calling {name}: {why}"))
            }
            arguments::Trouble::Whole(failure) => failure,
        })
    }

    /// Counts what a function is given.
    fn weigh(&mut self, command: &Command, name: &str, values: &[Value]) -> Done<()> {
        let size = bounds::of_arguments(name, values);
        let counted = size.and_then(|size| self.machine.work(size));
        counted.map_err(|why| {
            let why = format!("error calling {name}: {why}");
            self.fail(command.at, &context(command, name), &why)
        })
    }

    /// `and` and `or` look at their arguments only as far as they need to.
    fn short_circuit(
        &mut self,
        dot: &Value,
        command: &Command,
        name: &str,
        rest: &[Operand],
        last: Option<Value>,
    ) -> Done<Value> {
        let count = rest.len() + usize::from(last.is_some());
        if count == 0 {
            let why = format!("wrong number of args for {name}: want at least 1 got 0");
            return Err(self.fail(command.at, name, &why));
        }
        let mut value = Value::Nil;
        for operand in rest {
            value = self.operand(dot, operand)?;
            if value.is_true() == (name == "or") {
                return Ok(value);
            }
        }
        Ok(last.unwrap_or(value))
    }

    /// Functions that carry out templates, and kubectl's own.
    fn call_own(
        &mut self,
        dot: &Value,
        command: &Command,
        name: &str,
        rest: &[Operand],
        last: Option<Value>,
    ) -> Done<Value> {
        let mut values = Vec::new();
        for operand in rest {
            values.push(self.operand(dot, operand)?);
        }
        values.extend(last);
        let wanted = sprig::helm::count(name);
        if let Some(wanted) = wanted.filter(|wanted| *wanted != values.len()) {
            let count = values.len();
            let why = format!("wrong number of args for {name}: want {wanted} got {count}");
            return Err(self.fail(command.at, name, &why));
        }
        self.weigh(command, name, &values)?;
        let context = context(command, name);
        let called = sprig::helm::call(self.machine, name, &values);
        called
            .map_err(|why| self.fail(command.at, &context, &format!("error calling {name}: {why}")))
    }
}

/// What errors quote of a call.
fn context(command: &Command, name: &str) -> String {
    if command.operands.is_empty() { name.to_owned() } else { command.to_string() }
}
