//! What drawn numbers damage in a text.

use crate::draws::Draws;

/// The longest text that damage makes, in bytes.
const LONGEST: usize = 100_000;

impl Draws {
    /// Whether something happens that happens once in so many times.
    pub fn once_in(&mut self, times: usize) -> bool {
        self.below(times) == 0
    }

    /// One of several.
    pub fn one<'a, T: ?Sized>(&mut self, all: &[&'a T]) -> &'a T {
        all[self.below(all.len())]
    }

    /// A place between two characters.
    fn place(&mut self, text: &str) -> usize {
        let mut at = self.below(text.len() + 1);
        while !text.is_char_boundary(at) {
            at -= 1;
        }
        at
    }

    /// A text made of pieces, or one of the seeds with some damage.
    pub fn input(&mut self, seeds: &[String], pieces: &[&str]) -> String {
        let mut text = match self.below(5) {
            0 => String::new(),
            _ => seeds[self.below(seeds.len())].clone(),
        };
        for _ in 0..=self.below(8) {
            self.damage(&mut text, pieces);
        }
        text
    }

    /// Cuts, repeats or adds something at one place.
    pub fn damage(&mut self, text: &mut String, pieces: &[&str]) {
        let at = self.place(text);
        match self.below(6) {
            0 => text.truncate(at),
            1 => {
                let end = (at + self.below(40)).min(text.len());
                let end = (at..=end).rev().find(|end| text.is_char_boundary(*end)).unwrap_or(at);
                text.replace_range(at..end, "");
            }
            2 => {
                let end = self.place(text);
                let part = text[at.min(end)..at.max(end)].to_owned();
                if text.len() + part.len() < LONGEST {
                    text.insert_str(at, &part);
                }
            }
            3 => {
                let any = char::from_u32(u32::try_from(self.below(0x300)).unwrap());
                text.insert(at, any.unwrap_or('x'));
            }
            _ => text.insert_str(at, self.one(pieces)),
        }
    }
}
