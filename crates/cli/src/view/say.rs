//! How small things are put: dates, certainties, ranges, lists, entries.

use chancery_core::replay::{Dated, Readings};
use chancery_core::worlds::Certainty;

/// Returns a date as it was written, or its bounds where it was not.
pub fn dated(dated: &Dated) -> String {
    match dated.edtf.as_deref() {
        Some("") => "undated".to_owned(),
        None if dated.window.earliest().is_none() && dated.window.latest().is_none() => {
            "an unknown day".to_owned()
        }
        _ => dated.told(),
    }
}

/// Returns the word for a certainty.
pub const fn certainty(certainty: Certainty) -> &'static str {
    match certainty {
        Certainty::Certain => "certain",
        Certainty::Possible => "possible",
        Certainty::Contradictory => "contradictory",
    }
}

/// Returns "possibly " before what is not certain, "contradictory: " before
/// what rests on records that cannot all be right, and nothing otherwise.
pub const fn possibly(certainty: Certainty) -> &'static str {
    match certainty {
        Certainty::Certain => "",
        Certainty::Possible => "possibly ",
        Certainty::Contradictory => "contradictory: ",
    }
}

/// Returns entries as `#12, #40`.
pub fn entries(seqs: &[u64]) -> String {
    let each: Vec<String> = seqs.iter().map(|seq| format!("#{seq}")).collect();
    each.join(", ")
}

/// Returns ranges of entries as `0 to 255, 300`, of many the first and the last.
pub fn ranges(ranges: &[(u64, u64)]) -> String {
    const SAID: usize = 6;
    let one = |(first, last): &(u64, u64)| match last - first {
        0 => first.to_string(),
        _ => format!("{first} to {last}"),
    };
    match ranges {
        [] => "none".to_owned(),
        [first @ .., last] if ranges.len() > SAID => {
            let said: Vec<String> = first.iter().take(SAID - 2).map(one).collect();
            let more = ranges.len() - said.len() - 1;
            format!("{}, … ({more} more) …, {}", said.join(", "), one(last))
        }
        _ => ranges.iter().map(one).collect::<Vec<_>>().join(", "),
    }
}

/// Returns the ids of records, with commas between.
pub fn ids(readings: &Readings, seqs: &[u64]) -> String {
    let each: Vec<String> = seqs.iter().map(|seq| readings.id_of(*seq)).collect();
    each.join(", ")
}

/// Returns a count with its noun.
pub fn number(count: usize, one: &str, several: &str) -> String {
    let count = u64::try_from(count).unwrap_or(u64::MAX);
    counted(count, count, one, several)
}

/// Returns a count that may be several as "66" or "60–66", with its noun.
pub fn counted(least: u64, most: u64, one: &str, several: &str) -> String {
    let noun = if (least, most) == (1, 1) {
        one
    } else {
        several
    };
    if least == most {
        format!("{least} {noun}")
    } else {
        format!("{least}–{most} {noun}")
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use chancery_core::date::Calendar;
    use chancery_core::window::Window;

    #[test]
    fn what_is_not_known_is_said_so() {
        let undated = Dated {
            edtf: Some(String::new()),
            calendar: Calendar::Gregorian,
            window: Window::UNKNOWN,
        };
        let unwritten = Dated::from(Window::UNKNOWN);

        assert_eq!(dated(&undated), "undated");
        assert_eq!(dated(&unwritten), "an unknown day");
    }

    #[test]
    fn a_julian_date_is_not_to_be_mistaken_for_a_gregorian_one() {
        let october = Dated {
            edtf: Some("1917-10-25".to_owned()),
            calendar: Calendar::Julian,
            window: Window::UNKNOWN,
        };

        assert_eq!(dated(&october), "1917-10-25 (Julian; 1917-11-07)");
    }

    #[test]
    fn a_count_that_may_be_several_is_a_range() {
        assert_eq!(counted(1, 1, "party", "parties"), "1 party");
        assert_eq!(counted(60, 66, "party", "parties"), "60–66 parties");
    }
}
