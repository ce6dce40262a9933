//! Chance that falls the same way for the same seed.
//!
//! `SplitMix64`: quick, small, and good enough to make up records with. It is no
//! secret and guards nothing.

/// Dice that fall the same way each time they are thrown anew from one seed.
pub(crate) struct Dice(u64);

impl Dice {
    /// Returns the dice for one record: they depend on nothing thrown before.
    pub(crate) fn of(seed: u64, index: u64) -> Self {
        let mut dice = Self(seed ^ index.wrapping_mul(0xD134_2543_DE82_EF95));
        dice.next();
        dice
    }

    /// Returns a number below `limit`, or zero if there is none.
    pub(crate) fn below(&mut self, limit: u64) -> u64 {
        // The high half of a product of 128 bits is always below the limit.
        let wide = u128::from(self.next()) * u128::from(limit);
        u64::try_from(wide >> 64).unwrap_or(0)
    }

    /// Returns whether it fell so, in so many of a hundred throws.
    pub(crate) fn per_cent(&mut self, chances: u64) -> bool {
        self.below(100) < chances
    }

    /// Returns one of the items; there must be some.
    pub(crate) fn one_of<T: Copy>(&mut self, items: &[T]) -> Option<T> {
        let place = usize::try_from(self.below(items.len() as u64)).ok()?;
        items.get(place).copied()
    }

    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        mixed ^ (mixed >> 31)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dice_of_one_seed_fall_the_same_way() {
        let throw = || {
            let mut dice = Dice::of(7, 3);
            [dice.below(1000), dice.below(1000), dice.below(1000)]
        };

        assert_eq!(throw(), throw());
    }

    #[test]
    fn no_throw_reaches_the_limit() {
        let mut dice = Dice::of(1, 1);

        assert!((0..10_000).all(|_| dice.below(6) < 6));
    }
}
