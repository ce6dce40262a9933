//! The timeline: what happened, drawn along the days.
//!
//! What is drawn is the chronicle of `chancery_core::replay`. Here it is decided
//! which days a picture spans, how they become columns, and what is written
//! beside each row; the terminal and SVG have a module each.

mod scale;
pub mod svg;
pub mod text;

use chancery_core::day::Day;
use chancery_core::record::RecordKind;
use chancery_core::replay::{Chronicled, Lasted, Readings};
use chancery_core::window::Window;
use chancery_core::worlds::{Answer, holds_within};
use serde_json::{Value, json};

use super::{json as forms, say};

/// The days that a picture spans, the last included.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Stretch {
    /// The first.
    pub first: Day,
    /// The last.
    pub last: Day,
}

/// What happened, and over which days it is drawn.
pub struct Timeline<'a> {
    /// The rows, in the order of their days.
    pub rows: Vec<&'a Chronicled>,
    /// What has no day at all.
    pub undated: Vec<&'a Chronicled>,
    /// The days drawn; `None` if there are no days to draw.
    pub stretch: Option<Stretch>,
}

impl<'a> Timeline<'a> {
    /// Returns the rows that may touch the days from `from` to `until`; where one
    /// is not given, the picture ends with what happened.
    pub fn of(items: Vec<&'a Chronicled>, from: Option<Day>, until: Option<Day>) -> Self {
        let (undated, rows): (Vec<_>, Vec<_>) =
            items.into_iter().partition(|item| is_undated(item));
        let within = |item: &&Chronicled| {
            let extent = item.extent();
            from.is_none_or(|from| extent.hi() >= from)
                && until.is_none_or(|until| extent.lo() <= until)
        };
        let rows: Vec<_> = rows.into_iter().filter(within).collect();
        let stretch = stretch(&rows, from, until);
        Self {
            rows,
            undated,
            stretch,
        }
    }
}

impl Stretch {
    /// Returns how many days there are.
    pub fn days(self) -> i64 {
        self.last
            .days()
            .saturating_sub(self.first.days())
            .saturating_add(1)
            .max(1)
    }

    /// Returns the day that is `parts` of `of` of the way along.
    fn along(self, parts: usize, of: usize) -> Day {
        let share = |value: usize| i128::try_from(value).unwrap_or(i128::MAX);
        let offset = i128::from(self.days()) * share(parts) / share(of.max(1));
        self.first
            .plus_days(i64::try_from(offset).unwrap_or(i64::MAX))
    }

    /// Returns the first and the last day of a column.
    pub fn column(self, column: usize, columns: usize) -> (Day, Day) {
        let first = self.along(column, columns);
        let next = self.along(column + 1, columns);
        (first, next.plus_days(-1).max(first))
    }

    /// Returns the column in which the middle of a day falls.
    pub fn column_of(self, day: Day, columns: usize) -> usize {
        let offset = i128::from(day.days()) - i128::from(self.first.days());
        let doubled = (2 * offset + 1) * i128::try_from(columns).unwrap_or(i128::MAX);
        let column = doubled / (2 * i128::from(self.days()));
        usize::try_from(column)
            .unwrap_or(0)
            .min(columns.saturating_sub(1))
    }

    fn contains(self, day: Day) -> bool {
        self.first <= day && day <= self.last
    }
}

/// Returns whether something touched some day from `first` to `last`.
pub fn touched(item: &Chronicled, first: Day, last: Day) -> Answer {
    let ended = match item.lasted {
        Lasted::Day => {
            let within = first <= item.begun.lo() && item.begun.hi() <= last;
            let meets = item.begun.lo() <= last && first <= item.begun.hi();
            return match (within, meets) {
                (true, _) => Answer::Certain,
                (false, true) => Answer::Possible,
                (false, false) => Answer::Excluded,
            };
        }
        Lasted::Through(last) => Some(last.day_after()),
        Lasted::Open => None,
    };
    holds_within(item.begun, ended, first, last)
}

/// Returns whether something is told of by a kind of record that is drawn unless
/// another was asked for: when actors exist and sources were published is left out.
pub fn is_history(kind: RecordKind) -> bool {
    !matches!(kind, RecordKind::Actor | RecordKind::Source)
}

/// Returns when it was, in words.
pub fn when(item: &Chronicled) -> String {
    let dates: Vec<String> = item
        .dates
        .iter()
        .map(|(_, date)| say::dated(date))
        .collect();
    let field = item.dates.first().map_or("", |(field, _)| *field);
    match (dates.as_slice(), item.lasted) {
        ([until], Lasted::Through(_)) if matches!(field, "until" | "closed") => {
            format!("until {until}")
        }
        ([from], Lasted::Open) if field != "held" => format!("from {from}"),
        ([made, middle @ .., until], Lasted::Through(_)) => {
            format!("{} to {until}", middle.last().unwrap_or(made))
        }
        _ => dates.join(", "),
    }
}

/// Returns who did what, and to what.
pub fn what(readings: &Readings, item: &Chronicled) -> String {
    let kind = readings
        .reading(item.seq)
        .map(|reading| reading.record.kind());
    let object = readings.id_of(item.object);
    if kind == Some(RecordKind::Office) {
        let person = item.actors.first().map(|actor| readings.id_of(*actor));
        let unsupported = mark(item);
        return format!(
            "{}: {} of {object}{unsupported}",
            person.unwrap_or_default(),
            item.what
        );
    }
    let named = matches!(kind, Some(RecordKind::Event | RecordKind::Issue));
    let actors = if named { &[][..] } else { &item.actors };
    let derived = if item.derived { " by its rule" } else { "" };
    let text = format!(
        "{}{derived}, {object}{}",
        item.what.replace('-', " "),
        mark(item)
    );
    if actors.is_empty() {
        text
    } else {
        format!("{}: {text}", say::ids(readings, actors))
    }
}

const fn mark(item: &Chronicled) -> &'static str {
    match item.unsupported {
        Some(_) => " (unsupported)",
        None => "",
    }
}

/// Returns the rows as JSON, and what has no day after them.
pub fn happenings(readings: &Readings, timeline: &Timeline<'_>) -> Value {
    let all = timeline.rows.iter().chain(&timeline.undated);
    all.map(|item| happening(readings, item)).collect()
}

fn happening(readings: &Readings, item: &Chronicled) -> Value {
    let date = |(field, date): &(&'static str, chancery_core::replay::Dated)| json!({ "field": field, "on": forms::dated(date) });
    let last = match item.lasted {
        Lasted::Through(last) => forms::window(last),
        Lasted::Day | Lasted::Open => Value::Null,
    };
    json!({
        "record": readings.id_of(item.seq),
        "seq": item.seq,
        "kind": readings.reading(item.seq).map(|reading| reading.record.kind().name()),
        "what": item.what,
        "object": readings.id_of(item.object),
        "dates": item.dates.iter().map(date).collect::<Value>(),
        "begun": forms::window(item.begun),
        "lasts": item.lasted != Lasted::Day,
        "last": last,
        "actors": forms::ids(readings, &item.actors),
        "instruments": forms::ids(readings, &item.instruments),
        "derived": item.derived,
        "unsupported": forms::unsupported(readings, item.unsupported),
    })
}

fn is_undated(item: &Chronicled) -> bool {
    let extent = item.extent();
    item.begun == Window::UNKNOWN && extent.earliest().is_none() && bounded(extent.hi()).is_none()
}

/// Returns the days to draw: those asked for, else from the first to the last
/// bound of what happened. Offices and the existence of actors go on over all
/// that, and do not stretch the picture.
fn stretch(rows: &[&Chronicled], from: Option<Day>, until: Option<Day>) -> Option<Stretch> {
    let lasting = |item: &&&Chronicled| {
        let field = item.dates.first().map(|(field, _)| *field);
        matches!(field, Some("from" | "until"))
    };
    let bounds = |items: &mut dyn Iterator<Item = &&Chronicled>| {
        let days: Vec<Day> = items
            .flat_map(|item| {
                let last = match item.lasted {
                    Lasted::Through(last) => last,
                    Lasted::Day | Lasted::Open => item.begun,
                };
                [item.begun.lo(), item.begun.hi(), last.lo(), last.hi()]
            })
            .filter_map(bounded)
            .collect();
        days.iter().min().copied().zip(days.iter().max().copied())
    };
    let happened = bounds(&mut rows.iter().filter(|item| !lasting(item)));
    let found = happened.or_else(|| bounds(&mut rows.iter()));
    let first = from.or(found.map(|(first, _)| first));
    let last = until.or(found.map(|(_, last)| last));
    let (first, last) = first.or(last).zip(last.or(first))?;
    Some(Stretch {
        first,
        last: last.max(first),
    })
}

/// Returns a day, unless it stands for there being no bound.
fn bounded(day: Day) -> Option<Day> {
    (day != Day::MIN && day != Day::MAX).then_some(day)
}
