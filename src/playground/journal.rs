//! Work as a journal: what changed since it was last kept, so that a keystroke writes a keystroke.
//!
//! An entry leads from one piece of work to the next. The first one leads from nothing, so it holds
//! everything; all of them in their order are the work.

use super::patience::Patience;
use super::saved::{Remembered, Saved};
use crate::api::{Tree, json};
use crate::diff::{Patch, patched, patches, patches_between};
use crate::session::Inputs;
use crate::session::read::{self, Reader};
use serde::{Serialize, Serializer};
use serde_json::{Map, Value, json};
use std::collections::BTreeMap;
use std::rc::Rc;

/// What leads from one piece of work to the next.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Entry<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    head: Option<Value>,
    #[serde(skip_serializing_if = "Option::is_none")]
    config: Option<Value>,
    /// How many inputs stay, and those that come after them.
    #[serde(skip_serializing_if = "Option::is_none")]
    inputs: Option<(usize, Later<'a>)>,
    #[serde(skip_serializing_if = "Option::is_none")]
    text: Option<Vec<Patch>>,
    /// Null: it is the text.
    #[serde(skip_serializing_if = "Option::is_none")]
    applied: Option<Option<Vec<Patch>>>,
    /// Of its JSON. Null: there is none.
    #[serde(skip_serializing_if = "Option::is_none")]
    lesson: Option<Option<Vec<Patch>>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    terminal: Option<Value>,
    #[serde(skip_serializing_if = "Option::is_none")]
    drafts: Option<Value>,
}

struct Later<'a>(&'a Inputs, usize);

impl Serialize for Later<'_> {
    fn serialize<S: Serializer>(&self, out: S) -> Result<S::Ok, S::Error> {
        self.0.write_from(self.1, out)
    }
}

/// What leads from one piece of work to the next, as JSON; none if both are the same.
pub fn entry(before: &Saved, now: &Saved) -> Option<String> {
    let is_new = before.format != now.format;
    let same = before.session.inputs.common(&now.session.inputs);
    let inputs = &now.session.inputs;
    let has_inputs = same < inputs.len() || same < before.session.inputs.len();
    let (old_head, head) = (head_of(before), head_of(now));
    let config = serde_json::to_value(&now.session.config).unwrap_or_default();
    let has_config = is_new || before.session.config != now.session.config;
    let applied = (before.applied != now.applied).then(|| {
        let is_text = now.applied == now.text;
        (!is_text).then(|| patches(&before.applied, &now.applied))
    });
    let lesson = (before.lesson != now.lesson).then(|| {
        let text = |lesson: &Option<Value>| lesson.as_ref().map(Value::to_string);
        let new = text(&now.lesson)?;
        Some(patches_between(&text(&before.lesson).unwrap_or_default(), &new, ','))
    });
    let entry = Entry {
        head: (is_new || old_head != head).then_some(head),
        config: has_config.then_some(config),
        inputs: has_inputs.then_some((same, Later(inputs, same))),
        text: (before.text != now.text).then(|| patches(&before.text, &now.text)),
        applied,
        lesson,
        terminal: (before.terminal != now.terminal)
            .then(|| terminal(&before.remembered(), &now.remembered())),
        drafts: (before.drafts != now.drafts).then(|| texts(&before.drafts, &now.drafts)),
    };
    let text = serde_json::to_string(&entry).unwrap_or_default();
    (text != "{}").then_some(text)
}

fn head_of(saved: &Saved) -> Value {
    json!({
        "format": saved.format,
        "example": &*saved.example,
        "playhead": saved.playhead,
        "horizon": saved.horizon,
        "autoApply": saved.auto_apply,
        "speed": saved.speed,
        "skipWaits": saved.skip_waits,
        "selected": saved.selected,
        "typing": saved.typing,
    })
}

/// How texts by their names have changed; null: one is gone.
fn texts(before: &BTreeMap<String, String>, now: &BTreeMap<String, String>) -> Value {
    let gone = before.keys().filter(|name| !now.contains_key(*name));
    let gone = gone.map(|name| (name.clone(), Value::Null));
    let changed = now.iter().filter(|(name, text)| before.get(*name) != Some(text));
    let changed = changed.map(|(name, text)| {
        let old = before.get(name).map_or("", String::as_str);
        (name.clone(), json!(patches(old, text)))
    });
    Value::Object(gone.chain(changed).collect())
}

fn terminal(before: &Remembered, now: &Remembered) -> Value {
    let pairs = before.history.iter().zip(&now.history);
    let same = pairs.take_while(|(old, new)| old == new).count();
    let mut entry = Map::new();
    if same < before.history.len() || same < now.history.len() {
        entry.insert("history".into(), json!([same, now.history[same..]]));
    }
    if before.aliases != now.aliases {
        entry.insert("aliases".into(), json!(now.aliases));
    }
    if before.files != now.files {
        entry.insert("files".into(), texts(&before.files, &now.files));
    }
    entry.insert("pending".into(), json!(now.pending));
    entry.insert("editing".into(), json!(now.editing));
    Value::Object(entry)
}

/// An entry that is followed in slices.
pub struct Following {
    work: Saved,
    stage: Stage,
}

enum Stage {
    TakingApart(json::Reading),
    /// Its inputs come behind others.
    Inputs(Reader, Value),
}

/// An entry does not fit the work, or is none.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Unfit;

impl Following {
    /// Begins with work and an entry; none if that is none.
    pub fn new(work: Saved, entry: String) -> Option<Self> {
        let stage = Stage::TakingApart(json::Reading::new(entry).ok()?);
        Some(Self { work, stage })
    }

    /// Goes on as long as the patience lasts. Returns the work, once, when all is done that the entry
    /// says.
    ///
    /// # Errors
    /// [`Unfit`].
    pub fn go_on(&mut self, patience: &Patience) -> Result<Option<Saved>, Unfit> {
        self.slice(patience).ok_or(Unfit)
    }

    fn slice(&mut self, patience: &Patience) -> Option<Option<Saved>> {
        let may_go_on = || patience.lasts();
        if let Stage::TakingApart(entry) = &mut self.stage {
            let Some(tree) = entry.go_on(&may_go_on).ok()? else { return Some(None) };
            let mut inputs = std::mem::take(&mut self.work.session.inputs);
            if let Some((from, _)) = behind(&tree)? {
                inputs.truncate(from);
            }
            self.stage = Stage::Inputs(Reader::behind(inputs, usize::MAX), tree);
        }
        let Stage::Inputs(reader, tree) = &mut self.stage else { return None };
        let added = behind(tree)?.map_or(&[][..], |(_, added)| added);
        if !reader.go_on(added, &may_go_on)? {
            return Some(None);
        }
        self.work.session.inputs = reader.take();
        self.work.change(tree)?;
        Some(Some(std::mem::take(&mut self.work)))
    }
}

/// The inputs of an entry and behind how many others they come, if it has any; none of anything if it is
/// none.
fn behind(entry: &Value) -> Option<Option<(usize, &[Value])>> {
    let Some(inputs) = entry.set("inputs") else { return Some(None) };
    let [from, added] = inputs.as_array()?.as_slice() else { return None };
    Some(Some((usize::try_from(from.as_u64()?).ok()?, added.as_array()?)))
}

impl Saved {
    /// Does what an entry says; none if it does not fit, or is none.
    pub fn follow(&mut self, entry: &str) -> Option<()> {
        let mut following = Following::new(self.clone(), entry.into())?;
        loop {
            if let Some(work) = following.go_on(&Patience::endless()).ok()? {
                *self = work;
                return Some(());
            }
        }
    }

    fn change(&mut self, entry: &Value) -> Option<()> {
        if let Some(head) = entry.set("head") {
            self.read_head(head)?;
        }
        if let Some(config) = entry.set("config") {
            self.session.config = read::config(config)?;
        }
        if let Some(changes) = entry.set("text") {
            self.text = changed(&self.text, changes)?.into();
        }
        self.applied = match entry.get("applied") {
            None => Rc::clone(&self.applied),
            Some(Value::Null) => Rc::clone(&self.text),
            Some(changes) => changed(&self.applied, changes)?.into(),
        };
        match entry.get("lesson") {
            None => {}
            Some(Value::Null) => self.lesson = None,
            Some(changes) => {
                let old = self.lesson.as_ref().map(Value::to_string).unwrap_or_default();
                self.lesson = Some(json::parse(&changed(&old, changes)?).ok()?);
            }
        }
        if let Some(changes) = entry.set("terminal") {
            let mut terminal = Remembered::clone(&self.remembered());
            terminal.change(changes)?;
            self.terminal = Some(Rc::new(terminal));
        }
        if let Some(changes) = entry.set("drafts") {
            change_texts(&mut self.drafts, changes)?;
        }
        Some(())
    }

    /// What the terminal remembers, or nothing.
    fn remembered(&self) -> Rc<Remembered> {
        self.terminal.clone().unwrap_or_default()
    }

    fn read_head(&mut self, head: &Value) -> Option<()> {
        self.format = u32::try_from(head.at("format").as_u64()?).ok()?;
        self.example = head.opt_text("example")?.into();
        self.playhead = head.at("playhead").as_u64()?;
        self.horizon = head.at("horizon").as_u64()?;
        self.auto_apply = head.flag("autoApply");
        self.speed = head.at("speed").as_u64()?.try_into().ok()?;
        self.skip_waits = head.flag("skipWaits");
        self.selected = head.at("selected").as_u64()?.try_into().ok()?;
        self.typing = head.flag("typing");
        Some(())
    }
}

impl Remembered {
    fn change(&mut self, entry: &Value) -> Option<()> {
        if let Some(history) = entry.set("history") {
            let [same, added] = history.as_array()?.as_slice() else { return None };
            self.history.truncate(usize::try_from(same.as_u64()?).ok()?);
            let added = added.as_array()?.iter();
            let added: Option<Vec<_>> =
                added.map(|line| line.as_str().map(str::to_owned)).collect();
            self.history.extend(added?);
        }
        if let Some(aliases) = entry.set("aliases") {
            let aliases = aliases.as_object()?.iter();
            let text =
                |(name, text): (&String, &Value)| Some((name.clone(), text.as_str()?.into()));
            self.aliases = aliases.map(text).collect::<Option<_>>()?;
        }
        if let Some(files) = entry.set("files") {
            change_texts(&mut self.files, files)?;
        }
        self.pending = entry.text("pending").into();
        self.editing = entry.text("editing").into();
        Some(())
    }
}

fn changed(old: &str, changes: &Value) -> Option<String> {
    patched(old, &Patch::read_all(changes)?)
}

fn change_texts(texts: &mut BTreeMap<String, String>, changes: &Value) -> Option<()> {
    for (name, changes) in changes.as_object()? {
        match changes {
            Value::Null => drop(texts.remove(name)),
            changes => {
                let old = texts.get(name).map_or("", String::as_str);
                let new = changed(old, changes)?;
                texts.insert(name.clone(), new);
            }
        }
    }
    Some(())
}
