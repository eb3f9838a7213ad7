//! Sorting as Go sorts: what is equal comes out in the order that Go's algorithm leaves it in.
//!
//! Tables and event lists are sorted by keys that are often equal. Up to twelve items keep their
//! order; more do not, so that the order of kubectl's output depends on the algorithm.
//!
//! Source: pattern-defeating quicksort by Orson Peters, with the constants of Go's package `sort`.

/// Sorts by an order that may call different items equal.
pub fn sort<T>(items: &mut [T], less: &mut dyn FnMut(&T, &T) -> bool) {
    let length = items.len();
    let limit = usize::BITS - length.leading_zeros();
    quick(items, 0, length, limit, less);
}

type Less<'a, T> = &'a mut dyn FnMut(&T, &T) -> bool;

const INSERTION: usize = 12;
const NINTHER: usize = 50;
const MAX_SWAPS: usize = 12;

#[derive(Clone, Copy, PartialEq)]
enum Hint {
    Unknown,
    Increasing,
    Decreasing,
}

fn quick<T>(items: &mut [T], mut from: usize, mut to: usize, mut limit: u32, less: Less<T>) {
    let (mut was_balanced, mut was_partitioned) = (true, true);
    loop {
        let length = to - from;
        if length <= INSERTION {
            return insertion(items, from, to, less);
        }
        if limit == 0 {
            return heap(&mut items[from..to], less);
        }
        if !was_balanced {
            break_patterns(items, from, to);
            limit -= 1;
        }
        let (mut pivot, mut hint) = choose_pivot(items, from, to, less);
        if hint == Hint::Decreasing {
            items[from..to].reverse();
            pivot = (to - 1) - (pivot - from);
            hint = Hint::Increasing;
        }
        if was_balanced
            && was_partitioned
            && hint == Hint::Increasing
            && partial_insertion(items, from, to, less)
        {
            return;
        }
        if from > 0 && !less(&items[from - 1], &items[pivot]) {
            from = partition_equal(items, from, to, pivot, less);
            continue;
        }
        let (middle, is_partitioned) = partition(items, from, to, pivot, less);
        was_partitioned = is_partitioned;
        let (left, right) = (middle - from, to - middle);
        if left < right {
            was_balanced = left >= length / 8;
            quick(items, from, middle, limit, less);
            from = middle + 1;
        } else {
            was_balanced = right >= length / 8;
            quick(items, middle + 1, to, limit, less);
            to = middle;
        }
    }
}

fn insertion<T>(items: &mut [T], from: usize, to: usize, less: Less<T>) {
    for end in from + 1..to {
        let mut at = end;
        while at > from && less(&items[at], &items[at - 1]) {
            items.swap(at, at - 1);
            at -= 1;
        }
    }
}

fn heap<T>(items: &mut [T], less: Less<T>) {
    let length = items.len();
    for start in (0..=(length.saturating_sub(1)) / 2).rev() {
        sift(items, start, length, less);
    }
    for end in (0..length).rev() {
        items.swap(0, end);
        sift(items, 0, end, less);
    }
}

fn sift<T>(items: &mut [T], mut root: usize, to: usize, less: Less<T>) {
    loop {
        let mut child = 2 * root + 1;
        if child >= to {
            return;
        }
        if child + 1 < to && less(&items[child], &items[child + 1]) {
            child += 1;
        }
        if !less(&items[root], &items[child]) {
            return;
        }
        items.swap(root, child);
        root = child;
    }
}

/// Puts what is less than the pivot before it. Tells its place, and whether nothing had to move.
fn partition<T>(
    items: &mut [T],
    from: usize,
    to: usize,
    pivot: usize,
    less: Less<T>,
) -> (usize, bool) {
    items.swap(from, pivot);
    let (mut left, mut right) = (from + 1, to - 1);
    let mut swaps = 0;
    loop {
        while left <= right && less(&items[left], &items[from]) {
            left += 1;
        }
        while left <= right && !less(&items[right], &items[from]) {
            right -= 1;
        }
        if left > right {
            items.swap(right, from);
            return (right, swaps == 0);
        }
        items.swap(left, right);
        (left, right, swaps) = (left + 1, right - 1, swaps + 1);
    }
}

/// Puts what equals the pivot before what is greater.
fn partition_equal<T>(
    items: &mut [T],
    from: usize,
    to: usize,
    pivot: usize,
    less: Less<T>,
) -> usize {
    items.swap(from, pivot);
    let (mut left, mut right) = (from + 1, to - 1);
    loop {
        while left <= right && !less(&items[from], &items[left]) {
            left += 1;
        }
        while left <= right && less(&items[from], &items[right]) {
            right -= 1;
        }
        if left > right {
            return left;
        }
        items.swap(left, right);
        (left, right) = (left + 1, right - 1);
    }
}

fn partial_insertion<T>(items: &mut [T], from: usize, to: usize, less: Less<T>) -> bool {
    const MAX_STEPS: usize = 5;
    const SHORTEST_SHIFTING: usize = 50;
    let mut at = from + 1;
    for _ in 0..MAX_STEPS {
        while at < to && !less(&items[at], &items[at - 1]) {
            at += 1;
        }
        if at == to {
            return true;
        }
        if to - from < SHORTEST_SHIFTING {
            return false;
        }
        items.swap(at, at - 1);
        if at - from >= 2 {
            for back in (1..at).rev() {
                if !less(&items[back], &items[back - 1]) {
                    break;
                }
                items.swap(back, back - 1);
            }
        }
        if to - at >= 2 {
            for next in at + 1..to {
                if !less(&items[next], &items[next - 1]) {
                    break;
                }
                items.swap(next, next - 1);
            }
        }
    }
    false
}

/// Scatters a few items where partitions have been lopsided.
fn break_patterns<T>(items: &mut [T], from: usize, to: usize) {
    let length = to - from;
    if length < 8 {
        return;
    }
    let mut random = length as u64;
    let modulus = 1_u64 << (u64::BITS - random.leading_zeros());
    let middle = from + (length / 4) * 2 - 1;
    for step in 0..3 {
        random ^= random << 13;
        random ^= random >> 7;
        random ^= random << 17;
        let mut other = usize::try_from(random & (modulus - 1)).unwrap_or(0);
        if other >= length {
            other -= length;
        }
        items.swap(middle + step, from + other);
    }
}

fn choose_pivot<T>(items: &[T], from: usize, to: usize, less: Less<T>) -> (usize, Hint) {
    let length = to - from;
    let mut swaps = 0;
    let (mut i, mut j, mut k) = (from + length / 4, from + length / 4 * 2, from + length / 4 * 3);
    if length >= 8 {
        if length >= NINTHER {
            i = median(items, (i - 1, i, i + 1), &mut swaps, less);
            j = median(items, (j - 1, j, j + 1), &mut swaps, less);
            k = median(items, (k - 1, k, k + 1), &mut swaps, less);
        }
        j = median(items, (i, j, k), &mut swaps, less);
    }
    match swaps {
        0 => (j, Hint::Increasing),
        MAX_SWAPS => (j, Hint::Decreasing),
        _ => (j, Hint::Unknown),
    }
}

fn median<T>(
    items: &[T],
    (mut a, mut b, mut c): (usize, usize, usize),
    swaps: &mut usize,
    less: Less<T>,
) -> usize {
    let mut order = |left: &mut usize, right: &mut usize| {
        if less(&items[*right], &items[*left]) {
            *swaps += 1;
            std::mem::swap(left, right);
        }
    };
    order(&mut a, &mut b);
    order(&mut b, &mut c);
    order(&mut a, &mut b);
    b
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What Go 1.26 makes of sixty items with seven keys, by their places before.
    #[test]
    fn leaves_equal_items_where_go_does() {
        const GO: &str = "53 59 29 31 4 39 6 47 56 5 48 7 46 23 37 57 13 43 32 30 20 58 16 54 24 14 50 51 9 36 34 18 3 15 55 35 10 0 2 22 1 26 42 25 44 49 12 11 17 40 38 19 8 21 28 45 41 52 33 27";
        let mut random = 1_u64;
        let mut items = Vec::new();
        for length in 0..=60_usize {
            items.clear();
            for place in 0..length {
                random = random.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
                items.push(((random >> 40) % 7, place));
            }
        }
        sort(&mut items, &mut |left, right| left.0 < right.0);
        let places: Vec<String> = items.iter().map(|(_, place)| place.to_string()).collect();
        assert_eq!(places.join(" "), GO);
    }

    #[test]
    fn sorts_whatever_it_is_given() {
        let mut random = 1_u64;
        for length in (0..200).chain([1000]) {
            let mut items: Vec<u64> = Vec::new();
            for _ in 0..length {
                random = random.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
                items.push((random >> 40) % 17);
            }
            let mut wanted = items.clone();
            wanted.sort_unstable();
            sort(&mut items, &mut |a, b| a < b);
            assert_eq!(items, wanted);
            let mut falling: Vec<u64> = (0..length).rev().collect();
            sort(&mut falling, &mut |a, b| a < b);
            assert!(falling.is_sorted());
        }
    }
}
