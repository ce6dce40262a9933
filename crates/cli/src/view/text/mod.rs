//! Answers as people read them: paragraphs and columns of 80 characters.
//!
//! Each thing names its entries, and says what is not certain; what is certain
//! goes without saying.

mod agreed;
mod between;
mod commitments;
mod findings;
mod instruments;
mod others;

use chancery_core::replay::{ClaimItem, Claimed, Readings, Unsupported};

use super::page::Page;
use super::say;

pub use agreed::agreed;
pub use commitments::{between, commitment, concerns};
pub use findings::{findings, one as finding};
pub use instruments::{instrument, is_to_come, to_come};
pub use others::{event, issue, office, statement};

/// Where a thing's first line begins.
pub(super) const INDENT: usize = 2;
/// Where the lines below it begin.
pub(super) const BELOW: usize = 4;

/// Returns what a head line ends in: the entries that the thing rests on.
fn entries(rests_on: &[u64]) -> String {
    say::entries(rests_on)
}

/// Adds what is claimed, if anything is.
fn claims(page: &mut Page, readings: &Readings, claimed: &Claimed) {
    if claimed.claims.is_empty() {
        return;
    }
    let each: Vec<String> = claimed
        .claims
        .iter()
        .map(|claim| one_claim(readings, claim))
        .collect();
    let head = if claimed.contested {
        "contested:"
    } else {
        "claimed:"
    };
    page.item(BELOW, head, &each.join("; "));
}

fn one_claim(readings: &Readings, claim: &ClaimItem) -> String {
    let text = format!(
        "{}: {}{}",
        readings.id_of(claim.by),
        say::possibly(claim.certainty),
        claim.claims.word()
    );
    let mut details = vec![format!("said {}", say::dated(&claim.said))];
    details.extend(claim.on.as_ref().map(|on| format!("of {}", say::dated(on))));
    if !claim.against.is_empty() {
        details.push(format!("by {}", say::ids(readings, &claim.against)));
    }
    if !claim.denied_by.is_empty() {
        details.push(format!(
            "denied in {}",
            say::ids(readings, &claim.denied_by)
        ));
    }
    if let Some(why) = claim.unsupported {
        details.push(lost(readings, why));
    }
    details.push(say::entries(&claim.rests_on));
    format!("{text} ({})", details.join(", "))
}

/// Adds why a record moves nothing, if so.
fn unsupported(page: &mut Page, readings: &Readings, why: Option<Unsupported>) {
    if let Some(why) = why {
        page.item(BELOW, "unsupported:", &lost(readings, why));
    }
}

fn lost(readings: &Readings, why: Unsupported) -> String {
    format!(
        "rests on {} (#{}), which is gone, so it moves nothing",
        readings.id_of(why.on),
        why.on
    )
}

/// Returns what is certain, or each thing that is possible: "possibly open or in
/// force". Where there is nothing the answer is withheld.
pub(in crate::view) fn outcomes<T: Copy>(
    all: &[(T, chancery_core::worlds::Certainty)],
    word: impl Fn(T) -> String,
) -> String {
    use chancery_core::worlds::Certainty;
    if all.is_empty() {
        return "no answer, since what it rests on is contradictory".to_owned();
    }
    // Over a period several things may be certain, each of some day in it.
    let certain = all
        .iter()
        .filter(|(_, certainty)| *certainty == Certainty::Certain);
    let certain: Vec<String> = certain.map(|(value, _)| word(*value)).collect();
    let possible = all
        .iter()
        .filter(|(_, certainty)| *certainty == Certainty::Possible);
    let possible: Vec<String> = possible.map(|(value, _)| word(*value)).collect();
    let possible = possible.join(" or ");
    match (certain.is_empty(), possible.is_empty()) {
        (_, true) => certain.join(", "),
        (true, false) => format!("possibly {possible}"),
        (false, false) => format!("{}, possibly {possible}", certain.join(", ")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use chancery_core::worlds::Certainty::{Certain, Possible};

    fn told(all: &[(&'static str, chancery_core::worlds::Certainty)]) -> String {
        outcomes(all, str::to_owned)
    }

    #[test]
    fn what_is_certain_goes_without_saying() {
        assert_eq!(told(&[("active", Certain)]), "active");
    }

    #[test]
    fn of_what_is_possible_all_is_listed() {
        let all = [("open", Possible), ("in force", Possible)];

        assert_eq!(told(&all), "possibly open or in force");
    }

    #[test]
    fn over_a_period_several_things_may_be_certain() {
        let all = [
            ("drafted", Certain),
            ("adopted", Certain),
            ("open", Possible),
        ];

        assert_eq!(told(&all), "drafted, adopted, possibly open");
    }
}
