//! A sample: some bundles, drawn by chance, and what that is worth.
//!
//! Whoever asks brings the chance along; the same seed draws the same bundles.

use std::collections::BTreeSet;

use crate::stretch::Stretched;

/// How much of a ledger is drawn.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Amount {
    /// So many bundles that they hold at least as many entries.
    Entries(u64),
    /// So many hundredths of a percent of the bundles.
    Share(u32),
}

/// What was drawn.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Drawn {
    /// How many bundles.
    pub bundles: u64,
    /// Out of how many.
    pub of: u64,
}

/// How many entries a full bundle has.
const BUNDLE: u64 = chancery_chain::tile::TILE_WIDTH as u64;
/// A hundred percent, in hundredths of one.
const WHOLE: u128 = 10_000;

impl Amount {
    /// Returns how many of `bundles` that is: at least one, if there are any.
    fn of(self, bundles: u64) -> u64 {
        let wanted = match self {
            Self::Entries(entries) => entries.div_ceil(BUNDLE),
            Self::Share(share) => {
                let wanted = (u128::from(bundles) * u128::from(share)).div_ceil(WHOLE);
                u64::try_from(wanted).unwrap_or(bundles)
            }
        };
        wanted.max(1).min(bundles)
    }

    /// Draws from the bundles 0 to `bundles` − 1, each with the same chance.
    pub(super) fn draw(self, bundles: u64, seed: &[u8; 32]) -> BTreeSet<u64> {
        let wanted = self.of(bundles);
        let mut random = Stretched::new(seed);
        let mut drawn = BTreeSet::new();
        // Floyd's way: each step draws one that is not there yet, and the sets
        // of a size are all as likely.
        for last in bundles - wanted..bundles {
            let one = below(&mut random, last + 1);
            if !drawn.insert(one) {
                drawn.insert(last);
            }
        }
        drawn
    }
}

impl Drawn {
    /// Returns with what probability at least one of `damaged` damaged bundles,
    /// wherever they lie, is among those drawn.
    pub fn chance(self, damaged: u64) -> f64 {
        let mut missed = 1.0;
        for taken in 0..damaged.min(self.of) {
            let left = self.of - taken;
            missed *= float(left.saturating_sub(self.bundles)) / float(left);
        }
        1.0 - missed
    }
}

/// Returns a number below `end`, each with the same chance.
fn below(random: &mut Stretched, end: u64) -> u64 {
    let unfair = u64::MAX - u64::MAX % end;
    loop {
        let mut bytes = [0; 8];
        random.fill(&mut bytes);
        let drawn = u64::from_be_bytes(bytes);
        if drawn < unfair {
            return drawn % end;
        }
    }
}

// A ledger of more than 2^53 bundles would lose a digit of a probability.
#[allow(clippy::cast_precision_loss)]
fn float(number: u64) -> f64 {
    number as f64
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn every_bundle_is_drawn_about_as_often() {
        let mut times = [0_u32; 10];
        for seed in 0..2000_u16 {
            let mut bytes = [0; 32];
            bytes[..2].copy_from_slice(&seed.to_be_bytes());
            for drawn in Amount::Entries(3 * 256).draw(10, &bytes) {
                times[usize::try_from(drawn).unwrap()] += 1;
            }
        }

        // Six hundred each are expected, with a deviation of some twenty.
        assert!(
            times.iter().all(|times| (500..700).contains(times)),
            "{times:?}"
        );
    }

    proptest! {
        #[test]
        fn as_many_are_drawn_as_were_asked_for(
            bundles in 1..500_u64,
            entries in 0..200_000_u64,
            share in 0..=10_000_u32,
            seed: [u8; 32],
        ) {
            let drawn = Amount::Entries(entries).draw(bundles, &seed);
            prop_assert_eq!(drawn.len() as u64, entries.div_ceil(256).clamp(1, bundles));
            prop_assert!(drawn.iter().all(|one| *one < bundles));

            let drawn = Amount::Share(share).draw(bundles, &seed);
            let share = (bundles * u64::from(share)).div_ceil(10_000);
            prop_assert_eq!(drawn.len() as u64, share.clamp(1, bundles));
            prop_assert_eq!(Amount::Share(10_000).draw(bundles, &seed).len() as u64, bundles);
        }

        #[test]
        fn the_chance_is_the_share_of_draws_that_hit(
            of in 1..9_u64,
            bundles in 1..9_u64,
            damaged in 0..9_u64,
        ) {
            let (bundles, damaged) = (bundles.min(of), damaged.min(of));
            let draws = (0..1_u64 << of).filter(|draw| u64::from(draw.count_ones()) == bundles);
            let draws: Vec<u64> = draws.collect();
            let hit = draws.iter().filter(|draw| **draw & ((1 << damaged) - 1) != 0);
            let expected = float(hit.count() as u64) / float(draws.len() as u64);

            let chance = Drawn { bundles, of }.chance(damaged);

            prop_assert!((chance - expected).abs() < 1e-9, "{} for {}", chance, expected);
        }
    }
}
