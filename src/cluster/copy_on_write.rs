//! A value that copies of the cluster share until one of them changes it.

use std::ops::{Deref, DerefMut};
use std::rc::Rc;

/// What changes seldom: a clone is cheap, and the first change after it makes a copy.
#[derive(Clone, Debug, Default)]
pub struct CopyOnWrite<T>(Rc<T>);

impl<T> Deref for CopyOnWrite<T> {
    type Target = T;

    fn deref(&self) -> &T {
        &self.0
    }
}

impl<T: Clone> DerefMut for CopyOnWrite<T> {
    fn deref_mut(&mut self) -> &mut T {
        Rc::make_mut(&mut self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_change_of_one_is_none_of_the_other() {
        let mut one: CopyOnWrite<Vec<u8>> = CopyOnWrite::default();
        let other = one.clone();
        one.push(1);
        assert_eq!((one.as_slice(), other.as_slice()), (&[1][..], &[][..]));
    }
}
