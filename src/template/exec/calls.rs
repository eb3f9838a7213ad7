//! Calling functions.
//!
//! Upstream: `text/template/exec.go`, evalFunction, evalCall.

use super::Done;
use super::state::{Held, Spot, State};
use crate::template::ast::{Kind, Operand};
use crate::template::value::Value;
use crate::template::{Dialect, arguments, bounds, builtins, sprig};

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
            _ => {}
        }
        let kubectl = self.machine.dialect == Dialect::Kubectl;
        let own = if kubectl { None } else { sprig::find(name) };
        let Some(function) = own.or_else(|| builtins::find(name)) else {
            return self.call_own(dot, spot, name, rest, last);
        };
        if let ("len", [Operand { kind: Kind::Nil, .. }]) = (name, rest) {
            self.spot = Some(spot);
            let why = "error calling len: reflect: call of reflect.Value.Type on zero Value";
            return Err(self.fail(why));
        }
        let values = self.arguments(dot, name, function.parameters, rest, last)?;
        self.weigh_arguments(spot, name, &values)?;
        let called = (function.run)(self.machine, &values);
        called.map(Held::plain).map_err(|why| match why {
            arguments::Trouble::Plain(why) => {
                self.spot = Some(spot);
                self.fail(&format!("error calling {name}: {why}"))
            }
            arguments::Trouble::Whole(failure) => failure,
        })
    }

    /// Counts what a function is given.
    fn weigh_arguments(&mut self, spot: Spot<'t>, name: &str, values: &[Value]) -> Done<()> {
        let size = bounds::of_arguments(name, values);
        let counted = size.and_then(|size| self.machine.work(size));
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

    /// Functions that carry out templates, and kubectl's own.
    fn call_own(
        &mut self,
        dot: &Held,
        spot: Spot<'t>,
        name: &str,
        rest: &'t [Operand],
        last: Option<Held>,
    ) -> Done<Held> {
        let values = self.arguments(dot, name, sprig::helm::parameters(name), rest, last)?;
        self.weigh_arguments(spot, name, &values)?;
        let called = sprig::helm::call(self.machine, name, &values);
        called.map(Held::plain).map_err(|why| {
            self.spot = Some(spot);
            self.fail(&format!("error calling {name}: {why}"))
        })
    }
}
