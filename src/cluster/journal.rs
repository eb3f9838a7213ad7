//! The journal of the store's writes: what became of each object.

use super::meta::{Kind, Meta};
use super::record::{Record, Stored};
use std::any::Any;
use std::rc::Rc;

/// What became of one object: absent before means created, absent after means removed.
#[derive(Clone, Debug)]
pub struct Changed<T> {
    /// As it was.
    pub old: Option<Rc<T>>,
    /// As it is.
    pub new: Option<Rc<T>>,
}

/// What became of one object of any kind: absent before means created, absent after means removed.
#[derive(Clone, Debug)]
pub struct Change {
    /// As it was.
    pub old: Option<Rc<dyn Record>>,
    /// As it is.
    pub new: Option<Rc<dyn Record>>,
}

impl Change {
    fn record(&self) -> &dyn Record {
        let object = self.new.as_deref().or(self.old.as_deref());
        object.expect("a change has an old or a new object")
    }

    /// Kind of the object.
    pub fn kind(&self) -> Kind {
        self.record().kind()
    }

    /// Metadata of the object, as it is or as it last was.
    pub fn meta(&self) -> &Meta {
        self.record().metadata()
    }

    /// What became of the object, if it is of this type.
    pub fn of<T: Stored>(&self) -> Option<Changed<T>> {
        if self.kind() != T::KIND {
            return None;
        }
        let typed = |object: &Rc<dyn Record>| {
            let object: Rc<dyn Any> = Rc::clone(object) as Rc<dyn Any>;
            object.downcast::<T>().ok()
        };
        let (old, new) = (self.old.as_ref().and_then(typed), self.new.as_ref().and_then(typed));
        Some(Changed { old, new })
    }
}
