//! The report: tables in Markdown, the contenders side by side.
//!
//! Of each figure the least, the middle and the most of all rounds are given,
//! and the middle one as a multiple of the plain file's.
#![allow(clippy::print_stdout)]

use std::collections::BTreeMap;

use crate::args::{Phase, Who};
use crate::children::Outcome;
use crate::contender::Failure;

/// All that was measured, round by round.
#[derive(Default)]
pub(crate) struct Results {
    outcomes: BTreeMap<(Phase, Who), Vec<Outcome>>,
}

/// The least, the middle and the most.
#[derive(Clone, Copy)]
pub(crate) struct Spread {
    pub(crate) least: f64,
    pub(crate) middle: f64,
    pub(crate) most: f64,
}

impl Results {
    /// Adds what one child measured.
    pub(crate) fn add(&mut self, phase: Phase, who: Who, outcome: Outcome) {
        self.outcomes.entry((phase, who)).or_default().push(outcome);
    }

    /// Returns the spread of a figure over all rounds.
    pub(crate) fn spread(&self, phase: Phase, who: Who, figure: &str) -> Option<Spread> {
        self.of(phase, who, |outcome| outcome.get(figure).copied())
    }

    /// Returns the spread of how many records were dealt with in a second.
    pub(crate) fn rate(&self, phase: Phase, who: Who) -> Option<Spread> {
        self.of(phase, who, |outcome| {
            Some(outcome.get("records")? / outcome.get("seconds")?)
        })
    }

    /// Returns how long the processors worked: microseconds a record, or
    /// milliseconds where no records are counted.
    fn processor(&self, phase: Phase, who: Who) -> Option<String> {
        let each = self.of(phase, who, |outcome| {
            Some(outcome.get("processor")? * 1e6 / outcome.get("records")?)
        });
        if let Some(each) = each {
            return Some(format!("{} µs each", number(each.middle)));
        }
        let whole = self.spread(phase, who, "processor")?;
        Some(format!("{} ms", number(whole.middle * 1e3)))
    }

    /// Checks that all contenders made the same of the same records.
    ///
    /// # Errors
    /// They did not, and no figure can be believed.
    pub(crate) fn agree(&self) -> Result<(), Failure> {
        for figure in ["records", "instruments", "commitments", "statements"] {
            for phase in [Phase::Append, Phase::Verify, Phase::Replay, Phase::Singles] {
                let mut found: Vec<f64> = Who::ALL
                    .iter()
                    .filter_map(|who| self.outcomes.get(&(phase, *who)))
                    .flatten()
                    .filter_map(|outcome| outcome.get(figure).copied())
                    .collect();
                found.dedup();
                if found.len() > 1 {
                    let phase = phase.name();
                    return Err(format!("{phase}: the contenders differ in {figure}").into());
                }
            }
        }
        Ok(())
    }

    fn of(
        &self,
        phase: Phase,
        who: Who,
        figure: impl Fn(&Outcome) -> Option<f64>,
    ) -> Option<Spread> {
        let outcomes = self.outcomes.get(&(phase, who))?;
        Spread::of(outcomes.iter().filter_map(figure).collect())
    }
}

impl Spread {
    /// Returns the spread of some numbers, if there are any.
    pub(crate) fn of(mut numbers: Vec<f64>) -> Option<Self> {
        numbers.sort_by(f64::total_cmp);
        Some(Self {
            least: *numbers.first()?,
            middle: *numbers.get(numbers.len() / 2)?,
            most: *numbers.last()?,
        })
    }
}

/// Prints how many records a second each contender dealt with in a phase.
pub(crate) fn rates(results: &Results, title: &str, phase: Phase) {
    let spread = |who| results.rate(phase, who);
    table(results, title, "records/s", phase, spread);
}

/// Prints how long a phase took each contender, in milliseconds.
pub(crate) fn times(results: &Results, title: &str, phase: Phase) {
    let spread = |who| {
        let seconds = results.spread(phase, who, "seconds")?;
        Some(Spread {
            least: seconds.least * 1e3,
            middle: seconds.middle * 1e3,
            most: seconds.most * 1e3,
        })
    };
    table(results, title, "ms", phase, spread);
}

fn table(
    results: &Results,
    title: &str,
    unit: &str,
    phase: Phase,
    spread: impl Fn(Who) -> Option<Spread>,
) {
    println!("\n### {title}\n");
    println!("| {unit} | least | middle | most | × plain | processor | memory, MiB |");
    println!("|---|--:|--:|--:|--:|--:|--:|");
    let plain = spread(Who::Plain).map_or(f64::NAN, |plain| plain.middle);
    for who in Who::ALL {
        let memory = results.spread(phase, who, "memory");
        let processor = results.processor(phase, who);
        let (Some(found), Some(memory), Some(processor)) = (spread(who), memory, processor) else {
            continue;
        };
        println!(
            "| {} | {} | {} | {} | {} | {processor} | {:.0} |",
            who.name(),
            number(found.least),
            number(found.middle),
            number(found.most),
            times_plain(found.middle / plain),
            memory.most,
        );
    }
}

fn times_plain(times: f64) -> String {
    if times.is_nan() {
        return "—".to_owned();
    }
    format!("{times:.2}")
}

/// Prints figures of a phase that are not rates: a column for each.
pub(crate) fn details(results: &Results, phase: Phase, columns: &[(&str, &str)]) {
    let titles: Vec<&str> = columns.iter().map(|(title, _)| *title).collect();
    println!("\n| {} | {} |", phase.name(), titles.join(" | "));
    println!("|---|{}", "--:|".repeat(columns.len()));
    for who in Who::ALL {
        let found: Option<Vec<String>> = columns
            .iter()
            .map(|(_, figure)| Some(number(results.spread(phase, who, figure)?.middle)))
            .collect();
        if let Some(found) = found {
            println!("| {} | {} |", who.name(), found.join(" | "));
        }
    }
}

/// Returns a number with as many digits as mean something.
pub(crate) fn number(number: f64) -> String {
    match number {
        large if large >= 100.0 => format!("{large:.0}"),
        middling if middling >= 1.0 => format!("{middling:.2}"),
        small => format!("{small:.4}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn of_three_the_one_between_is_the_middle() {
        let spread = Spread::of(vec![3.0, 1.0, 2.0]).unwrap();

        let found = (spread.least, spread.middle, spread.most);
        assert_eq!(found, (1.0, 2.0, 3.0));
    }

    #[test]
    fn contenders_that_differ_are_not_believed() {
        let mut results = Results::default();
        for (who, records) in [(Who::Plain, 10.0), (Who::Chancery, 9.0)] {
            let outcome = Outcome::from([("records".to_owned(), records)]);
            results.add(Phase::Verify, who, outcome);
        }

        assert!(results.agree().is_err());
    }
}
