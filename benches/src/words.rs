//! Words to make up records with: they mean nothing, and are of common lengths.

use chancery_core::date::Date;

use crate::dice::Dice;

const WORDS: &[&str] = &[
    "delegation",
    "ceasefire",
    "of",
    "the",
    "and",
    "to",
    "border",
    "under",
    "talks",
    "resume",
    "observers",
    "both",
    "sides",
    "withdrawal",
    "from",
    "convoy",
    "humanitarian",
    "access",
    "shall",
    "be",
    "granted",
    "within",
    "days",
    "minister",
    "said",
    "that",
    "no",
    "agreement",
    "has",
    "been",
    "reached",
    "on",
    "prisoners",
    "exchange",
    "a",
    "verification",
    "mission",
    "in",
    "northern",
    "district",
    "tariffs",
    "fisheries",
    "extradition",
    "treaty",
    "parties",
    "consultations",
    "continue",
    "next",
    "month",
    "secretariat",
    "notified",
    "objection",
    "provisional",
    "application",
    "article",
    "paragraph",
    "reserves",
    "right",
    "line",
    "water",
    "commission",
    "joint",
    "communique",
    "Genève",
];

const PLACES: &[&str] = &[
    "Geneva",
    "Vienna",
    "New York",
    "Lausanne",
    "Astana",
    "Addis Ababa",
    "The Hague",
    "Doha",
];

const OFFICES: &[&str] = &[
    "spokesperson",
    "foreign minister",
    "special envoy",
    "ambassador",
    "head of delegation",
];

/// Returns a text of about so many bytes.
pub(crate) fn text(dice: &mut Dice, bytes: usize) -> String {
    let mut text = String::with_capacity(bytes + 16);
    while text.len() < bytes {
        if !text.is_empty() {
            text.push(' ');
        }
        text.push_str(dice.one_of(WORDS).unwrap_or_default());
    }
    text
}

/// Returns the name of a place.
pub(crate) fn place(dice: &mut Dice) -> String {
    dice.one_of(PLACES).unwrap_or_default().to_owned()
}

/// Returns the name of an office.
pub(crate) fn office(dice: &mut Dice) -> String {
    dice.one_of(OFFICES).unwrap_or_default().to_owned()
}

/// Returns a date between 1950 and 2019: mostly a day, now and then a month, a
/// year, or a day that is not sure.
pub(crate) fn date(dice: &mut Dice) -> Date {
    let (year, month) = (1950 + dice.below(70), 1 + dice.below(12));
    let day = 1 + dice.below(28);
    Date::new(match dice.below(100) {
        0..=9 => format!("{year}-{month:02}"),
        10..=12 => format!("{year}"),
        13..=15 => format!("{year}-{month:02}-{day:02}?"),
        _ => format!("{year}-{month:02}-{day:02}"),
    })
}
