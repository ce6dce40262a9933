//! Others: when a rule is met without one deposit, and with it.
//!
//! Asked only of deposits whose own day is uncertain; what follows for their
//! actors is [`crate::rule::party_given`]'s.

use std::collections::BTreeMap;

use crate::day::Day;
use crate::rule::{Bound, Consent, Others, completion_when};

use super::when::between;

/// Of how many uncertain deposits to one instrument it is asked. Beyond them
/// each is taken to be uncertain apart from the treaty's day: wider, not wrong.
const MOST: usize = 64;

/// Returns, for each uncertain consent that its actor gave once and never took
/// back, by its place, when the rule is met by the others.
pub(super) fn others(
    consents: &[Consent],
    once: &dyn Fn(usize) -> bool,
    met: &dyn Fn(&[bool]) -> bool,
) -> BTreeMap<usize, Others> {
    let uncertain = |place: &usize| {
        let consent = consents[*place];
        !consent.on.is_precise() && consent.until.is_none() && once(*place)
    };
    let places: Vec<usize> = (0..consents.len()).filter(uncertain).collect();
    if places.len() > MOST {
        return BTreeMap::new();
    }
    let of = |place: usize, stands: bool| {
        let met = |standing: &[bool]| {
            let mut standing = standing.to_vec();
            standing[place] = stands;
            met(&standing)
        };
        let day = |bound| completion_when(consents, bound, &met).map_or(Day::MAX, |(day, _)| day);
        between(day(Bound::Lower), day(Bound::Upper))
    };
    let both = |place| {
        let (with, without) = (of(place, true), of(place, false));
        (place, Others { with, without })
    };
    places.into_iter().map(both).collect()
}
