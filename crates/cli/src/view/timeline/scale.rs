//! The scale: which days are marked above a timeline, and with what.
//!
//! The finest steps are taken of which the labels do not run into each other.

use chancery_core::day::Day;

use super::Stretch;

/// A marked place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Tick {
    /// Its column.
    pub(super) column: usize,
    /// The year, month or day that begins there.
    pub(super) label: String,
}

/// How far marks stand apart.
#[derive(Clone, Copy, Debug)]
enum Step {
    Days(i64),
    Months(i64),
    Years(i64),
}

const STEPS: [Step; 19] = [
    Step::Days(1),
    Step::Days(2),
    Step::Days(5),
    Step::Days(10),
    Step::Months(1),
    Step::Months(2),
    Step::Months(3),
    Step::Months(6),
    Step::Years(1),
    Step::Years(2),
    Step::Years(5),
    Step::Years(10),
    Step::Years(20),
    Step::Years(50),
    Step::Years(100),
    Step::Years(200),
    Step::Years(500),
    Step::Years(1_000),
    Step::Years(10_000),
];

/// More marks than this are never drawn.
const MOST: usize = 200;

/// Returns the marks for so many columns; the first label stands at the left edge
/// where no mark falls near it.
pub(super) fn ticks(stretch: Stretch, columns: usize) -> Vec<Tick> {
    let fitting = STEPS.iter().find_map(|step| fit(stretch, columns, *step));
    let mut ticks = fitting.unwrap_or_default();
    let label = stretch.first.to_string();
    let room = ticks.first().map_or(columns, |tick| tick.column);
    if room > label.chars().count() {
        ticks.insert(0, Tick { column: 0, label });
    }
    ticks
}

/// Returns the marks of a step, if there are any and none runs into the next.
fn fit(stretch: Stretch, columns: usize, step: Step) -> Option<Vec<Tick>> {
    let mut ticks = Vec::new();
    let mut day = first_mark(stretch.first, step)?;
    while day <= stretch.last {
        let column = stretch.column_of(day, columns);
        let label = label(day, step);
        ticks.push(Tick { column, label });
        if ticks.len() > MOST {
            return None;
        }
        day = next_mark(day, step)?;
    }
    let apart = |pair: &[Tick]| pair[0].column + pair[0].label.chars().count() < pair[1].column;
    let last = ticks.last()?;
    let inside = last.column + last.label.chars().count() <= columns;
    if !inside {
        ticks.pop();
    }
    (!ticks.is_empty() && ticks.windows(2).all(apart)).then_some(ticks)
}

/// Returns the first day on or after this one that a step marks.
fn first_mark(day: Day, step: Step) -> Option<Day> {
    let (year, month, of_month) = day.ymd();
    match step {
        Step::Days(days) => {
            let past = (i64::from(of_month) - 1).rem_euclid(days);
            if past == 0 {
                Some(day)
            } else {
                next_mark(day.plus_days(-past), step)
            }
        }
        Step::Months(months) => {
            let first = day.first_of_month();
            let past = (i64::from(month) - 1).rem_euclid(months);
            let mark = first.checked_plus_months(-past)?;
            if mark >= day {
                Some(mark)
            } else {
                next_mark(mark, step)
            }
        }
        Step::Years(years) => {
            let mark = Day::from_ymd(year - year.rem_euclid(years), 1, 1)?;
            if mark >= day {
                Some(mark)
            } else {
                next_mark(mark, step)
            }
        }
    }
}

fn next_mark(day: Day, step: Step) -> Option<Day> {
    match step {
        Step::Days(days) => {
            let next = day.checked_add_days(days)?;
            let first_of_next = day.first_of_next_month();
            // Marks begin anew with each month, and none stands right before that.
            let crowded = next.checked_add_days(days - 1)? >= first_of_next && days > 1;
            Some(if crowded { first_of_next } else { next })
        }
        Step::Months(months) => day.checked_plus_months(months),
        Step::Years(years) => day.checked_plus_months(years.checked_mul(12)?),
    }
}

fn label(day: Day, step: Step) -> String {
    let text = day.to_string();
    let parts = match step {
        Step::Days(_) => 0,
        Step::Months(_) => 1,
        Step::Years(_) => 2,
    };
    let mut text = text.as_str();
    for _ in 0..parts {
        text = text.rsplit_once('-').map_or(text, |(before, _)| before);
    }
    text.to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn stretch(first: &str, last: &str) -> Stretch {
        Stretch {
            first: first.parse().unwrap(),
            last: last.parse().unwrap(),
        }
    }

    fn labels(first: &str, last: &str, columns: usize) -> Vec<String> {
        let ticks = ticks(stretch(first, last), columns);
        ticks.into_iter().map(|tick| tick.label).collect()
    }

    #[test]
    fn a_few_months_are_marked_by_month() {
        let found = labels("2016-01-01", "2016-06-30", 60);

        assert_eq!(found[..2], ["2016-01", "2016-02"]);
    }

    #[test]
    fn a_century_is_marked_by_round_years() {
        let found = labels("1900-01-01", "1999-12-31", 40);

        assert_eq!(found, ["1900", "1920", "1940", "1960", "1980"]);
    }

    #[test]
    fn labels_never_run_into_each_other() {
        let first: Day = "1999-11-17".parse().unwrap();
        for days in (1..4_000).step_by(13).chain([40_000, 400_000, 4_000_000]) {
            for columns in [20, 34, 60, 140] {
                let last = first.plus_days(days);
                let ticks = ticks(Stretch { first, last }, columns);

                let apart = ticks
                    .windows(2)
                    .all(|pair| pair[0].column + pair[0].label.len() < pair[1].column);
                assert!(apart, "{days} days in {columns} columns: {ticks:?}");
            }
        }
    }
}
