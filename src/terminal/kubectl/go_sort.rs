//! The order in which Go's sort leaves what compares equal.
//!
//! Events of one second compare equal, and kubectl sorts them with an unstable sort: which comes
//! first depends on the sort's steps.
//!
//! Upstream: Go's `sort/zsortinterface.go`, pdqsort.

use std::cmp::Ordering;

/// Up to this many items are sorted by insertion.
const FEW: usize = 12;

/// Sorts as Go's `sort.Sort` does.
pub fn sort<T>(items: &mut [T], less: impl Fn(&T, &T) -> bool) {
    let limit = (usize::BITS - items.len().leading_zeros()) as usize;
    let len = items.len();
    Sort { items, less }.quick(0, len, limit);
}

/// What Go found about a range before it was partitioned.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Hint {
    Unknown,
    Increasing,
    Decreasing,
}

struct Sort<'a, T, F> {
    items: &'a mut [T],
    less: F,
}

impl<T, F: Fn(&T, &T) -> bool> Sort<'_, T, F> {
    fn less(&self, left: usize, right: usize) -> bool {
        match (self.items.get(left), self.items.get(right)) {
            (Some(left), Some(right)) => (self.less)(left, right),
            _ => false,
        }
    }

    fn swap(&mut self, left: usize, right: usize) {
        if left.max(right) < self.items.len() {
            self.items.swap(left, right);
        }
    }

    fn insertion(&mut self, from: usize, to: usize) {
        for at in from + 1..to {
            let mut now = at;
            while now > from && self.less(now, now - 1) {
                self.swap(now, now - 1);
                now -= 1;
            }
        }
    }

    fn quick(&mut self, mut from: usize, mut to: usize, mut limit: usize) {
        let (mut was_balanced, mut was_partitioned) = (true, true);
        loop {
            let len = to.saturating_sub(from);
            if len <= FEW {
                return self.insertion(from, to);
            }
            if limit == 0 {
                return self.heap(from, to);
            }
            if !was_balanced {
                self.break_patterns(from, to);
                limit -= 1;
            }
            let (mut pivot, mut hint) = self.choose_pivot(from, to);
            if hint == Hint::Decreasing {
                self.reverse(from, to);
                pivot = (to - 1).saturating_sub(pivot - from);
                hint = Hint::Increasing;
            }
            if was_balanced
                && was_partitioned
                && hint == Hint::Increasing
                && self.partial_insertion(from, to)
            {
                return;
            }
            if from > 0 && !self.less(from - 1, pivot) {
                from = self.partition_equal(from, to, pivot);
                continue;
            }
            let (middle, is_partitioned) = self.partition(from, to, pivot);
            was_partitioned = is_partitioned;
            let (left, right) = (middle - from, to - middle);
            if left < right {
                was_balanced = left >= len / 8;
                self.quick(from, middle, limit);
                from = middle + 1;
            } else {
                was_balanced = right >= len / 8;
                self.quick(middle + 1, to, limit);
                to = middle;
            }
        }
    }

    fn partition(&mut self, from: usize, to: usize, pivot: usize) -> (usize, bool) {
        self.swap(from, pivot);
        let (mut left, mut right) = (from + 1, to - 1);
        while left <= right && self.less(left, from) {
            left += 1;
        }
        while left <= right && !self.less(right, from) {
            right -= 1;
        }
        if left > right {
            self.swap(right, from);
            return (right, true);
        }
        self.swap(left, right);
        left += 1;
        right -= 1;
        loop {
            while left <= right && self.less(left, from) {
                left += 1;
            }
            while left <= right && !self.less(right, from) {
                right -= 1;
            }
            if left > right {
                break;
            }
            self.swap(left, right);
            left += 1;
            right -= 1;
        }
        self.swap(right, from);
        (right, false)
    }

    fn partition_equal(&mut self, from: usize, to: usize, pivot: usize) -> usize {
        self.swap(from, pivot);
        let (mut left, mut right) = (from + 1, to - 1);
        loop {
            while left <= right && !self.less(from, left) {
                left += 1;
            }
            while left <= right && self.less(from, right) {
                right -= 1;
            }
            if left > right {
                return left;
            }
            self.swap(left, right);
            left += 1;
            right -= 1;
        }
    }

    fn partial_insertion(&mut self, from: usize, to: usize) -> bool {
        const STEPS: usize = 5;
        const SHORTEST: usize = 50;
        let mut at = from + 1;
        for _ in 0..STEPS {
            while at < to && !self.less(at, at - 1) {
                at += 1;
            }
            if at == to {
                return true;
            }
            if to - from < SHORTEST {
                return false;
            }
            self.swap(at, at - 1);
            if at - from >= 2 {
                let mut now = at - 1;
                while now >= 1 && self.less(now, now - 1) {
                    self.swap(now, now - 1);
                    now -= 1;
                }
            }
            if to - at >= 2 {
                let mut now = at + 1;
                while now < to && self.less(now, now - 1) {
                    self.swap(now, now - 1);
                    now += 1;
                }
            }
        }
        false
    }

    fn break_patterns(&mut self, from: usize, to: usize) {
        let len = to - from;
        if len < 8 {
            return;
        }
        let mut random = len as u64;
        let modulus = 1_usize << (usize::BITS - len.leading_zeros());
        let middle = from + (len / 4) * 2 - 1;
        for step in 0..3 {
            random ^= random << 13;
            random ^= random >> 7;
            random ^= random << 17;
            let mut other = (random & (modulus as u64 - 1)) as usize;
            if other >= len {
                other -= len;
            }
            self.swap(middle - 1 + step, from + other);
        }
    }

    fn choose_pivot(&self, from: usize, to: usize) -> (usize, Hint) {
        const MOST_SWAPS: usize = 4 * 3;
        let len = to - from;
        let mut swaps = 0;
        let (mut i, mut j, mut k) = (from + len / 4, from + len / 4 * 2, from + len / 4 * 3);
        if len >= 8 {
            if len >= 50 {
                i = self.median(i - 1, i, i + 1, &mut swaps);
                j = self.median(j - 1, j, j + 1, &mut swaps);
                k = self.median(k - 1, k, k + 1, &mut swaps);
            }
            j = self.median(i, j, k, &mut swaps);
        }
        match swaps.cmp(&0) {
            Ordering::Equal => (j, Hint::Increasing),
            _ if swaps == MOST_SWAPS => (j, Hint::Decreasing),
            _ => (j, Hint::Unknown),
        }
    }

    fn median(&self, a: usize, b: usize, c: usize, swaps: &mut usize) -> usize {
        let (a, b) = self.order(a, b, swaps);
        let (b, _) = self.order(b, c, swaps);
        self.order(a, b, swaps).1
    }

    fn order(&self, a: usize, b: usize, swaps: &mut usize) -> (usize, usize) {
        if self.less(b, a) {
            *swaps += 1;
            return (b, a);
        }
        (a, b)
    }

    fn reverse(&mut self, from: usize, to: usize) {
        if let Some(range) = self.items.get_mut(from..to) {
            range.reverse();
        }
    }

    fn heap(&mut self, from: usize, to: usize) {
        let len = to - from;
        for root in (0..len.div_ceil(2)).rev() {
            self.sift(root, len, from);
        }
        for end in (0..len).rev() {
            self.swap(from, from + end);
            self.sift(0, end, from);
        }
    }

    fn sift(&mut self, mut root: usize, end: usize, first: usize) {
        loop {
            let mut child = 2 * root + 1;
            if child >= end {
                return;
            }
            if child + 1 < end && self.less(first + child, first + child + 1) {
                child += 1;
            }
            if !self.less(first + root, first + child) {
                return;
            }
            self.swap(first + root, first + child);
            root = child;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sorts() {
        for len in [0_usize, 1, 12, 13, 49, 50, 200, 1000] {
            let mut items: Vec<usize> = (0..len).map(|at| at * 7919 % 31).collect();
            let mut expected = items.clone();
            expected.sort_unstable();
            sort(&mut items, |left, right| left < right);
            assert_eq!(items, expected, "{len}");
            items.reverse();
            sort(&mut items, |left, right| left < right);
            assert_eq!(items, expected, "{len} from the end");
        }
    }
}
