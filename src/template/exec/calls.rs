//! Calling functions.
//!
//! Upstream: `text/template/exec.go`, evalFunction, evalCall.

use super::ROOT;
use super::state::{Held, Spot, State};
use crate::template::arguments::{Given, text};
use crate::template::ast::{Kind, Operand};
use crate::template::machine::Done;
use crate::template::sprig::helm;
use crate::template::value::Value;
use crate::template::{bounds, functions};

impl<'t> State<'t, '_, '_> {
    /// Calls a function with what stands behind its name, and what the pipeline gives it.
    pub(super) fn call(
        &mut self,
        dot: &Held,
        spot: Spot<'t>,
        name: &str,
        rest: &'t [Operand],
        last: Option<Held>,
    ) -> Done<Held> {
        match name {
            "and" | "or" => return self.short_circuit(dot, name, rest, last),
            "call" => return self.call_value(dot, spot, rest, last),
            "include" | "tpl" => return self.include(dot, spot, name, rest, last),
            _ => {}
        }
        let Some(function) = functions::find(name, self.engine.machine.dialect) else {
            return self.call_own(dot, spot, name, rest, last);
        };
        if let ("len", [Operand { kind: Kind::Nil, .. }]) = (name, rest) {
            self.spot = Some(spot);
            let why = "error calling len: reflect: call of reflect.Value.Type on zero Value";
            return Err(self.fail(why));
        }
        let values = self.arguments(dot, name, function.parameters, rest, last)?;
        self.weigh_arguments(spot, name, &values)?;
        let called = (function.run)(&mut self.engine.machine, &values);
        self.called(spot, name, called)
    }

    /// What a function gives, or that it failed.
    fn called(&mut self, spot: Spot<'t>, name: &str, given: Given) -> Done<Held> {
        given.map(Held::plain).map_err(|why| {
            self.spot = Some(spot);
            self.fail(&format!("error calling {name}: {why}"))
        })
    }

    /// Counts what a function is given.
    fn weigh_arguments(&mut self, spot: Spot<'t>, name: &str, values: &[Value]) -> Done<()> {
        let size = bounds::of_arguments(name, values);
        let counted = size.and_then(|size| self.engine.machine.work(size));
        counted.map_err(|why| {
            self.spot = Some(spot);
            self.fail(&format!("error calling {name}: {why}"))
        })
    }

    /// `and` and `or` look at their arguments only as far as they need to.
    fn short_circuit(
        &mut self,
        dot: &Held,
        name: &str,
        rest: &'t [Operand],
        last: Option<Held>,
    ) -> Done<Held> {
        if rest.is_empty() && last.is_none() {
            let why = format!("wrong number of args for {name}: want at least 1 got 0");
            return Err(self.fail(&why));
        }
        let mut value = Held::default();
        for operand in rest {
            value = self.operand(dot, operand)?;
            if value.value.is_true() == (name == "or") {
                return Ok(value);
            }
        }
        Ok(last.unwrap_or(value))
    }

    /// `call`, to which no template can give a function.
    fn call_value(
        &mut self,
        dot: &Held,
        spot: Spot<'t>,
        rest: &'t [Operand],
        last: Option<Held>,
    ) -> Done<Held> {
        let values = self.arguments(dot, "call", "aa*", rest, last)?;
        let shown = rest.first().map(Operand::to_string).unwrap_or_default();
        let why = match values.first() {
            Some(Value::Nil) | None => "call of nil".to_owned(),
            Some(value) => format!("non-function {shown} of type {}", value.type_name()),
        };
        self.spot = Some(spot);
        Err(self.fail(&format!("error calling call: {why}")))
    }

    /// `include` and `tpl`: the text that a template makes, one of the set or one that is given.
    fn include(
        &mut self,
        dot: &Held,
        spot: Spot<'t>,
        name: &str,
        rest: &'t [Operand],
        last: Option<Held>,
    ) -> Done<Held> {
        let values = self.arguments(dot, name, "sa", rest, last)?;
        self.weigh_arguments(spot, name, &values)?;
        let (own, data) = (text(&values, 0), &values[1]);
        let made = match name {
            "include" => self.engine.run(own, data),
            _ => self.engine.run_text(ROOT, own, data),
        };
        self.called(spot, name, made.map(Value::from).map_err(|failure| failure.0))
    }

    /// Functions of Helm and kubectl that stand in no table.
    fn call_own(
        &mut self,
        dot: &Held,
        spot: Spot<'t>,
        name: &str,
        rest: &'t [Operand],
        last: Option<Held>,
    ) -> Done<Held> {
        let values = self.arguments(dot, name, helm::parameters(name), rest, last)?;
        self.weigh_arguments(spot, name, &values)?;
        let called = helm::call(&mut self.engine.machine, name, &values);
        self.called(spot, name, called)
    }
}
