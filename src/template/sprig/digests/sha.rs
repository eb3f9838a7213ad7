//! SHA-1 and SHA-512: FIPS 180-4.

/// A message with its length, in blocks of so many bytes.
///
/// The length takes an eighth of a block; its upper half is nothing in all messages that there are.
fn padded(bytes: &[u8], block: usize) -> Vec<u8> {
    let mut message = bytes.to_vec();
    message.push(0x80);
    while message.len() % block != block - block / 8 {
        message.push(0);
    }
    while message.len() % block != block - 8 {
        message.push(0);
    }
    message.extend((bytes.len() as u64 * 8).to_be_bytes());
    message
}

/// SHA-1 in hexadecimal.
pub fn sha1(bytes: &[u8]) -> String {
    let mut state: [u32; 5] = [0x6745_2301, 0xefcd_ab89, 0x98ba_dcfe, 0x1032_5476, 0xc3d2_e1f0];
    for block in padded(bytes, 64).chunks(64) {
        let mut words = [0_u32; 80];
        for (word, bytes) in words.iter_mut().zip(block.chunks(4)) {
            *word = bytes.iter().fold(0, |word, byte| word << 8 | u32::from(*byte));
        }
        for at in 16..80 {
            words[at] =
                (words[at - 3] ^ words[at - 8] ^ words[at - 14] ^ words[at - 16]).rotate_left(1);
        }
        let [mut a, mut b, mut c, mut d, mut e] = state;
        for (at, word) in words.iter().enumerate() {
            let (mix, key) = match at / 20 {
                0 => (b & c | !b & d, 0x5a82_7999),
                1 => (b ^ c ^ d, 0x6ed9_eba1),
                2 => (b & c | b & d | c & d, 0x8f1b_bcdc),
                _ => (b ^ c ^ d, 0xca62_c1d6_u32),
            };
            let sum = a.rotate_left(5).wrapping_add(mix).wrapping_add(e);
            (e, d, c, b, a) =
                (d, c, b.rotate_left(30), a, sum.wrapping_add(key).wrapping_add(*word));
        }
        for (own, more) in state.iter_mut().zip([a, b, c, d, e]) {
            *own = own.wrapping_add(more);
        }
    }
    state.iter().map(|word| format!("{word:08x}")).collect()
}

/// SHA-512 in hexadecimal.
pub fn sha512(bytes: &[u8]) -> String {
    let primes: Vec<u64> = primes(80);
    let keys: Vec<u64> = primes.iter().map(|prime| root_fraction(*prime, 3)).collect();
    let mut state = [0_u64; 8];
    for (own, prime) in state.iter_mut().zip(&primes) {
        *own = root_fraction(*prime, 2);
    }
    for block in padded(bytes, 128).chunks(128) {
        round(&mut state, block, &keys);
    }
    state.iter().map(|word| format!("{word:016x}")).collect()
}

fn round(state: &mut [u64; 8], block: &[u8], keys: &[u64]) {
    let mut words = [0_u64; 80];
    for (word, bytes) in words.iter_mut().zip(block.chunks(8)) {
        *word = bytes.iter().fold(0, |word, byte| word << 8 | u64::from(*byte));
    }
    for at in 16..80 {
        let (early, late) = (words[at - 15], words[at - 2]);
        let first = early.rotate_right(1) ^ early.rotate_right(8) ^ early >> 7;
        let second = late.rotate_right(19) ^ late.rotate_right(61) ^ late >> 6;
        words[at] =
            words[at - 16].wrapping_add(first).wrapping_add(words[at - 7]).wrapping_add(second);
    }
    let [mut a, mut b, mut c, mut d, mut e, mut f, mut g, mut h] = *state;
    for (key, word) in keys.iter().zip(words) {
        let sum = e.rotate_right(14) ^ e.rotate_right(18) ^ e.rotate_right(41);
        let mix = e & f ^ !e & g;
        let first = h.wrapping_add(sum).wrapping_add(mix).wrapping_add(*key).wrapping_add(word);
        let sum = a.rotate_right(28) ^ a.rotate_right(34) ^ a.rotate_right(39);
        let second = sum.wrapping_add(a & b ^ a & c ^ b & c);
        (h, g, f, e, d, c, b, a) =
            (g, f, e, d.wrapping_add(first), c, b, a, first.wrapping_add(second));
    }
    for (own, more) in state.iter_mut().zip([a, b, c, d, e, f, g, h]) {
        *own = own.wrapping_add(more);
    }
}

fn primes(count: usize) -> Vec<u64> {
    let is_prime =
        |it: &u64| (2..*it).take_while(|by| by * by <= *it).all(|by| !it.is_multiple_of(by));
    (2..).filter(is_prime).take(count).collect()
}

/// The first 64 bits of the fraction of a root, by halving.
fn root_fraction(number: u64, degree: usize) -> u64 {
    // The root times two to the power of 64, which has few bits before the point.
    let (mut low, mut high) = (0_u128, 1_u128 << 69);
    while high - low > 1 {
        let middle = u128::midpoint(low, high);
        if is_within(middle, degree, number) { low = middle } else { high = middle }
    }
    (low & u128::from(u64::MAX)) as u64
}

/// Whether a number to a power is at most another one times two to the power of 64 times as much.
fn is_within(root: u128, degree: usize, number: u64) -> bool {
    let own = limbs(root);
    let mut power = own.clone();
    for _ in 1..degree {
        power = product(&power, &own);
    }
    let mut bound = vec![0; degree * 2];
    bound.extend(limbs(u128::from(number)));
    let length = power.len().max(bound.len());
    power.resize(length, 0);
    bound.resize(length, 0);
    power.iter().rev().le(bound.iter().rev())
}

/// The parts of a number, 32 bits each, the lowest first.
fn limbs(number: u128) -> Vec<u64> {
    (0..4).map(|at| (number >> (32 * at) & 0xffff_ffff) as u64).collect()
}

fn product(left: &[u64], right: &[u64]) -> Vec<u64> {
    let mut sums = vec![0_u64; left.len() + right.len()];
    for (at, left) in left.iter().enumerate() {
        let mut carry = 0;
        for (other, right) in right.iter().enumerate() {
            let sum = sums[at + other] + left * right + carry;
            sums[at + other] = sum & 0xffff_ffff;
            carry = sum >> 32;
        }
        sums[at + right.len()] = carry;
    }
    sums
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn digests_are_those_of_the_standard() {
        assert_eq!(sha1(b"abc"), "a9993e364706816aba3e25717850c26c9cd0d89d");
        assert!(sha512(b"abc").starts_with("ddaf35a193617abacc417349ae204131"));
        assert!(sha512(&[b'a'; 120]).len() == 128);
    }
}
