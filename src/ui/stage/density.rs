//! How much is drawn of each pod, by how many there are.

/// More pods than this are drawn as tiles.
const MOST_CARDS: usize = 12;
/// More pods than this are drawn as cells.
const MOST_TILES: usize = 60;

/// More cells than this are not drawn: each one costs the browser time at every change.
pub const MOST_CELLS: usize = 1_000;

/// Up to so many cards are enlarged on a large screen.
const FEW: usize = 3;

/// What a slot looks like.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Density {
    /// A few cards, as large as the screen allows.
    FewCards,
    /// A card with its cable and disk; narrow ones leave details out.
    Cards,
    /// A tile with ordinal, state and a disk in outline.
    Tiles,
    /// A square with a shape for the state.
    Cells,
}

impl Density {
    /// The density for so many slots.
    pub fn of(slots: usize) -> Self {
        match slots {
            few if few <= FEW => Self::FewCards,
            some if some <= MOST_CARDS => Self::Cards,
            many if many <= MOST_TILES => Self::Tiles,
            _ => Self::Cells,
        }
    }

    /// Its style class.
    pub fn class(self) -> &'static str {
        match self {
            Self::FewCards => "stage--cards stage--few",
            Self::Cards => "stage--cards",
            Self::Tiles => "stage--tiles",
            Self::Cells => "stage--cells",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Density;

    #[test]
    fn more_pods_are_drawn_smaller() {
        let densities = [0, 3, 4, 12, 13, 60, 61, 5000].map(Density::of);
        use Density::{Cards, Cells, FewCards, Tiles};
        assert_eq!(densities, [FewCards, FewCards, Cards, Cards, Tiles, Tiles, Cells, Cells]);
    }
}
