//! Maps and sets in the order of their keys: sorted vectors, which are quick to copy into a
//! checkpoint and compile to a tenth of the code that a B-tree needs for each type of key.

use litemap::LiteMap;
use std::borrow::Borrow;

/// A map in the order of its keys.
pub type Map<K, V> = LiteMap<K, V>;

/// A set in the order of its items.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Set<T>(Vec<T>);

impl<T> Default for Set<T> {
    fn default() -> Self {
        Self(Vec::new())
    }
}

impl<T: Ord> Set<T> {
    /// A set without items.
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds an item. Returns whether it is new.
    pub fn insert(&mut self, item: T) -> bool {
        match self.0.binary_search(&item) {
            Ok(_) => false,
            Err(at) => {
                self.0.insert(at, item);
                true
            }
        }
    }

    /// Takes an item out. Returns whether it was there.
    pub fn remove<Q: Ord + ?Sized>(&mut self, item: &Q) -> bool
    where
        T: Borrow<Q>,
    {
        match self.find(item) {
            Ok(at) => {
                self.0.remove(at);
                true
            }
            Err(_) => false,
        }
    }

    /// Whether the item is there.
    pub fn contains<Q: Ord + ?Sized>(&self, item: &Q) -> bool
    where
        T: Borrow<Q>,
    {
        self.find(item).is_ok()
    }

    /// Whether there are no items.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The items in their order.
    pub fn iter(&self) -> std::slice::Iter<'_, T> {
        self.0.iter()
    }

    fn find<Q: Ord + ?Sized>(&self, item: &Q) -> Result<usize, usize>
    where
        T: Borrow<Q>,
    {
        self.0.binary_search_by(|each| each.borrow().cmp(item))
    }
}

impl<T> IntoIterator for Set<T> {
    type Item = T;
    type IntoIter = std::vec::IntoIter<T>;

    fn into_iter(self) -> Self::IntoIter {
        self.0.into_iter()
    }
}

/// Sorts in place: items that are equal keep their order. Quick if little is out of order.
///
/// The standard library's sort is some four kilobytes for each type; a page has few things to sort.
pub fn sort_by<T>(items: &mut [T], is_before: impl Fn(&T, &T) -> bool) {
    for end in 1..items.len() {
        let (sorted, rest) = items.split_at_mut(end);
        let Some(item) = rest.first() else { return };
        let at = sorted.partition_point(|each| !is_before(item, each));
        items[at..=end].rotate_right(1);
    }
}

/// The same for lists that may be long and in any order.
pub fn sort_long<T>(items: &mut Vec<T>, is_before: impl Fn(&T, &T) -> bool) {
    let order = order(items.len(), &|one, other| is_before(&items[one], &items[other]));
    let mut taken: Vec<Option<T>> = std::mem::take(items).into_iter().map(Some).collect();
    items.extend(order.into_iter().filter_map(|at| taken[at].take()));
}

/// The places of a list's items in their order. It ends whatever the answers are.
fn order(count: usize, is_before: &dyn Fn(usize, usize) -> bool) -> Vec<usize> {
    let mut order: Vec<usize> = (0..count).collect();
    let mut length = 1;
    while length < count {
        let mut next = Vec::with_capacity(count);
        for pair in order.chunks(length * 2) {
            let (mut left, mut right) = pair.split_at(length.min(pair.len()));
            while let ([one, left_rest @ ..], [other, right_rest @ ..]) = (left, right) {
                if is_before(*other, *one) {
                    next.push(*other);
                    right = right_rest;
                } else {
                    next.push(*one);
                    left = left_rest;
                }
            }
            next.extend(left.iter().chain(right));
        }
        order = next;
        length *= 2;
    }
    order
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sets_keep_each_item_once_in_order() {
        let mut set = Set::new();
        assert!(set.insert(3) && set.insert(1) && !set.insert(3));
        assert!(set.contains(&1) && !set.contains(&2));
        assert!(set.remove(&3) && !set.remove(&3) && !set.is_empty());
        set.insert(0);
        assert_eq!(set.into_iter().collect::<Vec<_>>(), [0, 1]);
    }

    #[test]
    fn sorts_and_keeps_the_order_of_equals() {
        let mut items = [(2, 'a'), (1, 'b'), (2, 'c'), (0, 'd'), (1, 'e')];
        sort_by(&mut items, |one, other| one.0 < other.0);
        assert_eq!(items, [(0, 'd'), (1, 'b'), (1, 'e'), (2, 'a'), (2, 'c')]);
        sort_by(&mut [] as &mut [u8], |one, other| one < other);
    }

    #[test]
    fn sorts_what_is_long_in_the_same_way() {
        for count in [0, 1, 2, 3, 7, 64, 1_000] {
            let mut items: Vec<_> = (0..count).map(|at| (at * 7_919 % 101, at)).collect();
            let mut same = items.clone();
            sort_long(&mut items, |one, other| one.0 < other.0);
            sort_by(&mut same, |one, other| one.0 < other.0);
            assert_eq!(items, same);
            assert!(items.is_sorted());
        }
    }
}
