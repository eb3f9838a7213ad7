//! Numbers that look drawn, and are the same in every run.

/// The same numbers for the same seed: Knuth's linear congruential generator.
pub struct Draws(pub u64);

impl Draws {
    /// A number below a bound.
    pub fn below(&mut self, bound: usize) -> usize {
        self.0 =
            self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(self.0 >> 33).unwrap() % bound.max(1)
    }
}
