//! Fields, members of maps, and methods.
//!
//! Upstream: `text/template/exec.go`, evalFieldChain, evalField.

use super::state::{Held, Spot, State};
use crate::template::arguments;
use crate::template::ast::{Kind, Operand};
use crate::template::machine::{Dialect, Done};
use crate::template::value::{Object, Value};

impl<'t> State<'t, '_, '_> {
    /// A chain of fields; the last may be a method with arguments.
    pub(super) fn value(
        &mut self,
        dot: &Held,
        operand: &'t Operand,
        rest: &'t [Operand],
        last: Option<Held>,
    ) -> Done<Held> {
        self.spot = Some(Spot::Operand(operand));
        let (mut value, names): (Held, &[String]) = match &operand.kind {
            Kind::Field(names) => (dot.clone(), names),
            Kind::Variable(names) => {
                let name = names.first().map(String::as_str).unwrap_or_default();
                let mut own = self.variables.iter().rev();
                let found = own.find(|(own, _)| own == name).map(|(_, value)| value.clone());
                (found.unwrap_or_default(), names.get(1..).unwrap_or_default())
            }
            Kind::Chain(pipe, names) => {
                let mark = self.variables.len();
                let value = self.pipe(dot, pipe)?;
                self.variables.truncate(mark);
                (Held::plain(value), names)
            }
            _ => return self.operand(dot, operand),
        };
        let has_arguments = !rest.is_empty() || last.is_some();
        let Some((end, before)) = names.split_last() else {
            self.check_alone(operand, has_arguments)?;
            return Ok(value);
        };
        for name in before {
            value = self.field(dot, operand, &value, name, (&[], None))?;
        }
        self.field(dot, operand, &value, end, (rest, last))
    }

    fn field(
        &mut self,
        dot: &Held,
        operand: &'t Operand,
        of: &Held,
        name: &str,
        (rest, last): (&'t [Operand], Option<Held>),
    ) -> Done<Held> {
        let has_arguments = !rest.is_empty() || last.is_some();
        match &of.value {
            Value::Nil if of.is_boxed => {
                Err(self.fail(&format!("nil pointer evaluating interface {{}}.{name}")))
            }
            Value::Nil => Ok(Held::default()),
            Value::Object(object) => {
                if let Some(parameters) = object.parameters(name) {
                    let spot = Spot::Operand(operand);
                    let values = self.arguments(dot, name, parameters, rest, last)?;
                    return self.method(object.as_ref(), spot, name, &values);
                }
                match object.field(name) {
                    Some(_) if has_arguments && object.is_map() => {
                        Err(self.fail(&format!("{name} is not a method but has arguments")))
                    }
                    Some(_) if has_arguments => {
                        let why = format!("{name} has arguments but cannot be invoked as function");
                        Err(self.fail(&why))
                    }
                    Some(found) => Ok(Held::plain(found)),
                    None => self.no_field(name, of),
                }
            }
            Value::Map(_) if has_arguments => {
                Err(self.fail(&format!("{name} is not a method but has arguments")))
            }
            Value::Map(map) => Ok(match map.borrow().get(name) {
                Some(found) => Held::boxed(found.clone()),
                // `missingkey=zero` makes an empty interface of what is missing.
                None => Held {
                    value: Value::Nil,
                    is_boxed: self.engine.machine.dialect == Dialect::Helm,
                },
            }),
            _ => self.no_field(name, of),
        }
    }

    fn no_field(&self, name: &str, of: &Held) -> Done<Held> {
        Err(self.fail(&format!("can't evaluate field {name} in type {}", of.type_name())))
    }

    fn method(
        &mut self,
        object: &dyn Object,
        spot: Spot<'t>,
        name: &str,
        values: &[Value],
    ) -> Done<Held> {
        object.call(name, values).map(Held::plain).map_err(|why| {
            self.spot = Some(spot);
            self.fail(&format!("error calling {name}: {why}"))
        })
    }

    /// What a function or a method with these parameters is given.
    pub(super) fn arguments(
        &mut self,
        dot: &Held,
        name: &str,
        parameters: &str,
        rest: &'t [Operand],
        last: Option<Held>,
    ) -> Done<Vec<Value>> {
        let count = rest.len() + usize::from(last.is_some());
        arguments::check_count(name, parameters, count).map_err(|why| self.fail(&why))?;
        let mut values = Vec::new();
        for (at, operand) in rest.iter().enumerate() {
            let letter = arguments::letter(parameters, at);
            self.spot = Some(Spot::Operand(operand));
            if let Some(why) = arguments::misfit(letter, operand) {
                return Err(self.fail(&why));
            }
            let own = self.operand(dot, operand)?;
            let is_literal = matches!(operand.kind, Kind::Number(..));
            let own = match arguments::fit(letter, own.value, own.is_boxed, is_literal) {
                Ok(own) => own,
                Err(why) => return Err(self.fail(&why)),
            };
            values.push(own);
        }
        if let Some(own) = last {
            let letter = arguments::letter(parameters, rest.len());
            let own = arguments::fit(letter, own.value, own.is_boxed, false);
            values.push(own.map_err(|why| self.fail(&why))?);
        }
        Ok(values)
    }
}
