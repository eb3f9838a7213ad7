//! The session's random numbers: integer only, the same natively and in WebAssembly.

/// A SplitMix64 generator. Equal seeds give equal sequences on every platform.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rng {
    state: u64,
}

impl Rng {
    /// A generator that starts from `seed`.
    pub fn new(seed: u64) -> Self {
        Self { state: seed }
    }

    /// The next 64 random bits.
    pub fn next_u64(&mut self) -> u64 {
        self.state = self.state.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.state;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    /// A number in `low..=high`; `low` if the range is empty.
    pub fn in_range(&mut self, low: u64, high: u64) -> u64 {
        let width = high.saturating_sub(low).saturating_add(1);
        low + self.next_u64() % width
    }

    /// Five random characters as the API server makes up names.
    ///
    /// Upstream: `staging/src/k8s.io/apimachinery/pkg/util/rand/rand.go`.
    pub fn suffix(&mut self) -> String {
        const ALPHABET: &[u8; 27] = b"bcdfghjklmnpqrstvwxz2456789";
        let last = ALPHABET.len() as u64 - 1;
        let mut letter = || char::from(ALPHABET[self.in_range(0, last) as usize]);
        (0..5).map(|_| letter()).collect()
    }

    /// A version 4 UUID as its 128 bits.
    pub fn uuid(&mut self) -> u128 {
        let bits = (u128::from(self.next_u64()) << 64) | u128::from(self.next_u64());
        (bits & !(0xf000 << 64) & !(0xc000 << 48)) | (0x4000 << 64) | (0x8000 << 48)
    }
}

/// A number of hexadecimal digits that belong to a seed, such as the id of a container.
pub fn hex(seed: u128, salt: u64, digits: usize) -> String {
    let folded = (seed >> 64) ^ (seed & u128::from(u64::MAX));
    let state = u64::try_from(folded).unwrap_or(1) ^ salt.wrapping_mul(0x9e37_79b9_7f4a_7c15);
    let mut numbers = Rng::new(state);
    let mut text = String::new();
    while text.len() < digits {
        text.push_str(&format!("{:016x}", numbers.next_u64()));
    }
    text.truncate(digits);
    text
}
