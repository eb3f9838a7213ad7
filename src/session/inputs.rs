//! The inputs of a session as they are held: a large one is what differs from a like one before it.
//!
//! Whoever types into a manifest of 25 KB that is applied at once sends it again with each character.
//! The list is persistent: a clone shares everything but its last few inputs.

use super::TimedInput;
use super::read::input_of;
use crate::api::change::Change;
use crate::api::json;
use crate::cluster::Millis;
use crate::cluster::input::Input;
use crate::diff::{Patch, patched, patches_between};
use serde::ser::SerializeSeq;
use serde::{Serialize, Serializer};
use std::cell::OnceCell;
use std::rc::Rc;

/// From so many bytes of JSON on an input counts as large.
const LARGE: usize = 1_024;

/// Patches that say more than this part of their text are no gain: the text begins a new base.
const WORTH: usize = 8;

/// Inputs that clones have in common are shared in pieces of so many.
const PIECE: usize = 64;

/// An input with its time, as it is held.
#[derive(Clone, Debug)]
pub struct Held {
    /// Simulated time, see [`TimedInput::at`].
    pub at: Millis,
    /// See [`TimedInput::command`].
    pub command: Rc<str>,
    /// See [`TimedInput::follows`].
    pub follows: bool,
    body: Body,
}

#[derive(Clone, Debug)]
enum Body {
    /// Others may differ from it.
    Whole(Rc<Input>),
    /// How its JSON differs from that of the input at a place.
    Like(usize, Rc<[Patch]>),
}

impl Held {
    /// Whether it is a clone of another one.
    fn is(&self, other: &Self) -> bool {
        let is_same_body = match (&self.body, &other.body) {
            (Body::Whole(own), Body::Whole(others)) => Rc::ptr_eq(own, others),
            (Body::Like(_, own), Body::Like(_, others)) => Rc::ptr_eq(own, others),
            _ => false,
        };
        is_same_body && self.at == other.at
    }
}

/// An input that others may be like.
#[derive(Clone, Debug)]
struct Base {
    place: usize,
    what: Rc<str>,
    input: Rc<Input>,
    /// Its JSON, once another one was like it.
    text: OnceCell<Rc<str>>,
}

impl Base {
    fn text(&self) -> &str {
        self.text.get_or_init(|| text_of(&self.input).into())
    }
}

/// Inputs in the order of their times.
#[derive(Debug, Default)]
pub struct Inputs {
    full: Rc<Vec<Rc<Vec<Held>>>>,
    last: Rc<Vec<Held>>,
    bases: Rc<Vec<Base>>,
    /// The one that was done last, at its place: it is played next, and need not be put together.
    latest: Option<(usize, Rc<Input>)>,
}

impl Inputs {
    /// How many there are.
    pub fn len(&self) -> usize {
        self.full.len() * PIECE + self.last.len()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The one at a place, as it is held.
    pub fn get(&self, place: usize) -> Option<&Held> {
        match self.full.get(place / PIECE) {
            Some(piece) => piece.get(place % PIECE),
            None => self.last.get(place.checked_sub(self.full.len() * PIECE)?),
        }
    }

    /// All of them, as they are held.
    pub fn iter(&self) -> impl DoubleEndedIterator<Item = &Held> {
        self.full.iter().flat_map(|piece| piece.iter()).chain(self.last.iter())
    }

    /// The last one, as it is held.
    pub fn last(&self) -> Option<&Held> {
        self.get(self.len().checked_sub(1)?)
    }

    /// What was done at a place.
    pub fn input(&self, place: usize) -> Option<Rc<Input>> {
        if let Some((_, latest)) = self.latest.as_ref().filter(|(known, _)| *known == place) {
            return Some(Rc::clone(latest));
        }
        match &self.get(place)?.body {
            Body::Whole(input) => Some(Rc::clone(input)),
            Body::Like(base, patches) => self.read_like(*base, patches),
        }
    }

    /// The one at a place, with its time.
    pub fn timed(&self, place: usize) -> Option<TimedInput> {
        let Held { at, command, follows, .. } = self.get(place)?;
        let input = Input::clone(&*self.input(place)?);
        Some(TimedInput { at: *at, input, command: Rc::clone(command), follows: *follows })
    }

    /// Puts one behind the others.
    pub fn push(&mut self, timed: TimedInput) {
        let TimedInput { at, input, command, follows } = timed;
        let input = Rc::new(input);
        let body = self.body(&input);
        self.latest = Some((self.len(), input));
        self.hold(Held { at, command, follows, body });
    }

    /// Puts one behind the others that differs from the one at a place, which is large, in this way.
    /// Returns how many bytes of JSON it is; none if there is no such one.
    pub fn push_like(&mut self, timed: Like) -> Option<usize> {
        let Like { at, command, follows, base, patches } = timed;
        let text = patched(self.base(base)?, &patches)?;
        read(&text)?;
        self.hold(Held { at, command, follows, body: Body::Like(base, patches.into()) });
        Some(text.len())
    }

    /// From now on the one at a place was done by no command of the page.
    pub fn forget_command(&mut self, place: usize) {
        let whole = place / PIECE;
        let piece = match whole < self.full.len() {
            true => Rc::make_mut(&mut Rc::make_mut(&mut self.full)[whole]),
            false => Rc::make_mut(&mut self.last),
        };
        if let Some(held) = piece.get_mut(place % PIECE) {
            held.command = "".into();
        }
    }

    /// Forgets all but the first so many.
    pub fn truncate(&mut self, length: usize) {
        if length >= self.len() {
            return;
        }
        self.latest = None;
        let whole = length / PIECE;
        if whole < self.full.len() {
            self.last = Rc::clone(&self.full[whole]);
            Rc::make_mut(&mut self.full).truncate(whole);
        }
        Rc::make_mut(&mut self.last).truncate(length % PIECE);
        Rc::make_mut(&mut self.bases).retain(|base| base.place < length);
    }

    /// How many from the first on are the very same, as those of a clone are.
    pub fn common(&self, other: &Self) -> usize {
        let pieces = self.full.iter().zip(other.full.iter());
        let whole = pieces.take_while(|(own, others)| Rc::ptr_eq(own, others)).count() * PIECE;
        let most = self.len().min(other.len());
        let is_same = |place: &usize| match (self.get(*place), other.get(*place)) {
            (Some(own), Some(others)) => own.is(others),
            _ => false,
        };
        whole + (whole..most).take_while(is_same).count()
    }

    fn hold(&mut self, held: Held) {
        let last = Rc::make_mut(&mut self.last);
        last.push(held);
        if last.len() == PIECE {
            let piece = std::mem::take(&mut self.last);
            Rc::make_mut(&mut self.full).push(piece);
        }
    }

    fn body(&mut self, input: &Rc<Input>) -> Body {
        let Some(what) = what_of(input) else { return Body::Whole(Rc::clone(input)) };
        let known = self.bases.iter().rev().find(|base| *base.what == *what);
        let is_base = match known.map(|base| likened(base, input)) {
            Some(Likeness::Like(body)) => return body,
            Some(Likeness::Small) => false,
            Some(Likeness::Other) | None => true,
        };
        if is_base {
            let (place, text) = (self.len(), OnceCell::new());
            let base = Base { place, what, input: Rc::clone(input), text };
            Rc::make_mut(&mut self.bases).push(base);
        }
        Body::Whole(Rc::clone(input))
    }

    #[inline(never)]
    fn read_like(&self, base: usize, patches: &[Patch]) -> Option<Rc<Input>> {
        read(&patched(self.base(base)?, patches)?)
    }

    fn base(&self, place: usize) -> Option<&str> {
        let at = self.bases.binary_search_by_key(&place, |base| base.place).ok()?;
        Some(self.bases[at].text())
    }
}

/// One that differs from another one, as it is saved.
pub struct Like {
    /// Simulated time.
    pub at: Millis,
    /// See [`TimedInput::command`].
    pub command: Rc<str>,
    /// See [`TimedInput::follows`].
    pub follows: bool,
    /// The place of the other one.
    pub base: usize,
    /// What leads from the JSON of that one to its own.
    pub patches: Vec<Patch>,
}

/// A clone, such as one to undo to, takes the room of what it has and others have not: it plays nothing.
impl Clone for Inputs {
    fn clone(&self) -> Self {
        let (full, last, bases) = (self.full.clone(), self.last.clone(), self.bases.clone());
        Self { full, last, bases, latest: None }
    }
}

impl FromIterator<TimedInput> for Inputs {
    fn from_iter<T: IntoIterator<Item = TimedInput>>(all: T) -> Self {
        let mut inputs = Self::default();
        all.into_iter().for_each(|input| inputs.push(input));
        inputs
    }
}

impl PartialEq for Inputs {
    fn eq(&self, other: &Self) -> bool {
        self.len() == other.len()
            && (0..self.len()).all(|place| self.timed(place) == other.timed(place))
    }
}

/// What makes two inputs like each other: a request of a kind for one object.
fn what_of(input: &Input) -> Option<Rc<str>> {
    let Input::Request(request) = input else { return None };
    let verb = match request.change {
        Change::Create(_) => "create",
        Change::Replace(_) => "replace",
        Change::Patch(..) => "patch",
        Change::Apply { .. } => "apply",
        Change::Scale(_) | Change::Delete { .. } | Change::Evict => return None,
    };
    Some(format!("{verb} {} {}/{}", request.kind, request.namespace, request.name).into())
}

fn text_of(input: &Input) -> String {
    serde_json::to_string(input).unwrap_or_default()
}

/// How an input stands to one before it.
enum Likeness {
    /// It differs from it in this way.
    Like(Body),
    /// It is no large one.
    Small,
    /// It has not much in common with it.
    Other,
}

#[inline(never)]
fn likened(base: &Base, input: &Input) -> Likeness {
    let text = text_of(input);
    if text.len() < LARGE {
        return Likeness::Small;
    }
    let patches = patches_between(base.text(), &text, ',');
    match size(&patches) < text.len() / WORTH {
        true => Likeness::Like(Body::Like(base.place, patches.into())),
        false => Likeness::Other,
    }
}

fn size(patches: &[Patch]) -> usize {
    const EACH: usize = 16;
    patches.iter().map(|patch| patch.replacement.len() + EACH).sum()
}

fn read(text: &str) -> Option<Rc<Input>> {
    input_of(&json::parse(text).ok()?).map(Rc::new)
}

/// As it is saved: an input that differs from another one has that one's place and the patches.
#[derive(Serialize)]
struct Written<'a> {
    at: Millis,
    #[serde(skip_serializing_if = "Option::is_none")]
    input: Option<Rc<Input>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    like: Option<(usize, &'a [Patch])>,
    #[serde(skip_serializing_if = "str::is_empty")]
    command: &'a str,
    #[serde(skip_serializing_if = "super::is_false")]
    follows: bool,
}

impl Inputs {
    /// Writes those from a place on.
    ///
    /// # Errors
    /// Those of the serializer.
    pub fn write_from<S: Serializer>(&self, from: usize, out: S) -> Result<S::Ok, S::Error> {
        let mut list = out.serialize_seq(None)?;
        for place in from..self.len() {
            if let Some(held) = self.get(place) {
                list.serialize_element(&self.written(place, held))?;
            }
        }
        list.end()
    }

    fn written<'a>(&self, place: usize, held: &'a Held) -> Written<'a> {
        let Held { at, command, follows, body } = held;
        let (input, like) = match body {
            Body::Like(base, patches) => (None, Some((*base, &**patches))),
            _ => (self.input(place), None),
        };
        Written { at: *at, input, like, command, follows: *follows }
    }
}

impl Serialize for Inputs {
    fn serialize<S: Serializer>(&self, out: S) -> Result<S::Ok, S::Error> {
        self.write_from(0, out)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::api::change::{FieldValidation, PatchType, Request};
    use crate::session::{Session, read};
    use serde_json::json;

    fn patch(name: &str, at: Millis, text: &str) -> TimedInput {
        let body = json!({"metadata": {"annotations": {"last": text}}, "spec": {"text": text}});
        let request = Request {
            kind: "StatefulSet".into(),
            api_version: "apps/v1".into(),
            namespace: "default".into(),
            name: name.into(),
            change: Change::Patch(PatchType::Merge, body),
            dry_run: false,
            field_validation: FieldValidation::Strict,
            field_manager: String::new(),
        };
        TimedInput::new(at, Input::Request(Box::new(request)))
    }

    /// Two objects in turn, whose texts grow.
    fn typed(count: u64) -> Vec<TimedInput> {
        let long: String = (0..200).map(|line| format!("VARIABLE_{line}=a value,\n")).collect();
        let typed = |at: u64| {
            let at_byte = long.char_indices().nth(at as usize % 900).map_or(0, |(byte, _)| byte);
            let (head, tail) = long.split_at(at_byte);
            let text = format!("{head}{}{tail}", "é".repeat(at as usize % 90));
            match at % 7 {
                0 => TimedInput::new(at, Input::KeepDnsAnswers { on: at > 99 }),
                1 => patch("other", at, &text),
                _ => patch("web", at, &text),
            }
        };
        (0..count).map(typed).collect()
    }

    #[test]
    fn gives_back_what_was_put_in_at_every_length() {
        let all = typed(300);
        let mut inputs: Inputs = all.iter().cloned().collect();
        for length in [300, 299, 200, 192, 128, 65, 64, 63, 1, 0] {
            inputs.truncate(length);
            assert_eq!(inputs.len(), length);
            assert_eq!(inputs.iter().count(), length);
            for (place, expected) in all[..length].iter().enumerate() {
                assert_eq!(inputs.timed(place).as_ref(), Some(expected), "{place} of {length}");
            }
            assert_eq!(inputs.timed(length), None);
        }
    }

    #[test]
    fn what_was_truncated_is_no_base_for_what_comes_instead() {
        let all = typed(100);
        let mut inputs: Inputs = all.iter().cloned().collect();
        inputs.truncate(1);
        all[40..].iter().for_each(|input| inputs.push(input.clone()));
        for (place, expected) in all[..1].iter().chain(&all[40..]).enumerate() {
            assert_eq!(inputs.timed(place).as_ref(), Some(expected), "{place}");
        }
    }

    #[test]
    fn is_written_small_and_read_again() {
        let inputs: Inputs = typed(300).into_iter().collect();
        let session = Session { inputs: inputs.clone(), ..Session::default() };
        let tree = serde_json::to_value(&session).unwrap();
        let whole = serde_json::to_string(&typed(300)).unwrap().len();
        let small = tree.to_string().len();
        assert!(small * 8 < whole, "{small} of {whole}");
        assert_eq!(read::session(&tree, usize::MAX).unwrap().inputs, inputs);
        assert_eq!(read::session(&tree, whole / 2), None, "it unfolds to more");
        for wrong in [json!([700, []]), json!([1, [[5, 2, "x"]]]), json!([1, [[0, 1_000_000, ""]]])]
        {
            let mut bad = tree.clone();
            bad["inputs"][299] = json!({"at": 299, "like": wrong});
            assert_eq!(read::session(&bad, usize::MAX), None, "{wrong}");
        }
    }
}
