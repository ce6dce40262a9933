//! Exact numbers: shares of a whole, added and compared without rounding.
//!
//! A decimal counts per cent, a fraction is that part of the whole: `66.7` is
//! not two thirds, `2/3` is. There is no floating point here, so that a share
//! that just suffices does suffice. What is too long to be added exactly is
//! said to be so, and never rounded.

use std::fmt;

/// An exact number of per cent.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct PerCent {
    over: u128,
    under: u128,
}

impl PerCent {
    /// Returns the number that is written `17.89` (per cent) or `2/3` (of the
    /// whole); `None` if it is written in another way or is too long.
    pub fn read(text: &str) -> Option<Self> {
        if let Some((over, under)) = text.split_once('/') {
            return Self::reduced(digits(over)?.checked_mul(100)?, digits(under)?);
        }
        let (whole, fraction) = text.split_once('.').unwrap_or((text, "0"));
        let under = power_of_ten(fraction.len())?;
        let whole = digits(whole)?.checked_mul(under)?;
        Self::reduced(whole.checked_add(digits(fraction)?)?, under)
    }

    /// The whole.
    pub const WHOLE: Self = Self {
        over: 100,
        under: 1,
    };

    /// Returns the sum, or `None` if it is too long to be added exactly.
    pub fn sum(all: &[Self]) -> Option<Self> {
        let scaled = Scaled::of(all, Self::WHOLE)?;
        scaled.per_cent(scaled.shares.iter().sum())
    }

    /// Returns whether this is more than the other; `false` if they are too long
    /// to be compared exactly.
    pub fn exceeds(self, other: Self) -> bool {
        Scaled::of(&[self], other).is_some_and(|scaled| {
            let own: u128 = scaled.shares.iter().sum();
            own > scaled.at_least
        })
    }

    fn reduced(over: u128, under: u128) -> Option<Self> {
        if under == 0 {
            return None;
        }
        let common = common_divisor(over, under);
        Some(Self {
            over: over / common,
            under: under / common,
        })
    }
}

impl fmt::Display for PerCent {
    /// Writes the decimal if it has an end, else the fraction.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let scaled = |places| {
            let whole = power_of_ten(places)?;
            (whole % self.under == 0).then(|| self.over.checked_mul(whole / self.under))?
        };
        let Some((places, scaled)) = (0..=38).find_map(|places| Some((places, scaled(places)?)))
        else {
            return write!(f, "{}/{}", self.over, self.under);
        };
        if places == 0 {
            return write!(f, "{scaled}");
        }
        let whole = power_of_ten(places).unwrap_or(1);
        write!(f, "{}.{:0places$}", scaled / whole, scaled % whole)
    }
}

/// Shares and how much of them is needed, counted in one small part of a per cent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Scaled {
    /// The shares, in the order given. Their sum can be counted.
    pub(super) shares: Vec<u128>,
    /// How much of them is needed.
    pub(super) at_least: u128,
    /// How many parts make a per cent.
    parts: u128,
}

impl Scaled {
    /// Returns the numbers in parts of which each is a whole number, or `None`
    /// where these or their sum cannot be counted.
    pub(super) fn of(shares: &[PerCent], at_least: PerCent) -> Option<Self> {
        let all = || shares.iter().chain([&at_least]);
        let parts = all().try_fold(1, |parts: u128, number| {
            (parts / common_divisor(parts, number.under)).checked_mul(number.under)
        })?;
        let scale = |number: &PerCent| number.over.checked_mul(parts / number.under);
        let shares: Vec<u128> = shares.iter().map(scale).collect::<Option<_>>()?;
        shares
            .iter()
            .try_fold(0, |sum: u128, share| sum.checked_add(*share))?;
        Some(Self {
            shares,
            at_least: scale(&at_least)?,
            parts,
        })
    }

    /// Returns so many parts as per cent.
    pub(super) fn per_cent(&self, parts: u128) -> Option<PerCent> {
        PerCent::reduced(parts, self.parts)
    }
}

fn digits(text: &str) -> Option<u128> {
    // `parse` would also take a sign.
    let plain = text.bytes().all(|byte| byte.is_ascii_digit());
    plain.then(|| text.parse().ok())?
}

fn power_of_ten(places: usize) -> Option<u128> {
    10_u128.checked_pow(u32::try_from(places).ok()?)
}

fn common_divisor(one: u128, other: u128) -> u128 {
    let (mut one, mut other) = (one, other);
    while other != 0 {
        (one, other) = (other, one % other);
    }
    one.max(1)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> PerCent {
        PerCent::read(text).unwrap()
    }

    #[test]
    fn decimals_are_per_cent_and_fractions_parts_of_the_whole() {
        assert_eq!(read("17.890").to_string(), "17.89");
        assert_eq!(read("007").to_string(), "7");
        assert_eq!(read("1/2"), read("50"));
        assert_eq!(read("2/3").to_string(), "200/3");
        assert_eq!(
            read("0.000000000000000001").to_string(),
            "0.000000000000000001"
        );
    }

    #[test]
    fn what_is_no_exact_number_is_none() {
        for text in ["", "1/0", "-1", "+1", "1e3", "1/2/3", "1.2.3", ".5x"] {
            assert_eq!(PerCent::read(text), None, "{text}");
        }
    }

    #[test]
    fn shares_that_just_suffice_do() {
        let thirds = Scaled::of(&[read("1/3"), read("1/3")], read("2/3")).unwrap();
        let tenths = Scaled::of(&[read("0.1"), read("0.2")], read("0.3")).unwrap();

        assert_eq!(thirds.shares.iter().sum::<u128>(), thirds.at_least);
        assert_eq!(tenths.shares.iter().sum::<u128>(), tenths.at_least);
        assert_eq!(tenths.per_cent(tenths.at_least), Some(read("0.3")));
    }

    #[test]
    fn what_cannot_be_added_exactly_is_not_added() {
        let primes = [
            "1/999999999999999989",
            "1/999999999999999967",
            "1/999999999999999877",
        ];

        assert_eq!(Scaled::of(&primes.map(read), read("1")), None);
    }
}
