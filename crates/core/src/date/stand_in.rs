//! Valid dates that `edtf-core` refuses, read all the same.
//!
//! These are years before 0000 with unknown digits (ISO 8601-2, 4.4.1.2 and
//! 9.2.2) and the Julian 29 February of years such as 1900. The parser is given
//! a text of the same length that it does read, so that whatever else is wrong
//! is found in its place; then what was written is put back, and what the
//! parser could not judge is judged here: whether there is such a day, and the
//! order of what has a beginning and an end.

use std::ops::Range;

use edtf_core::{Date, Edtf, IntervalEndpoint, ParseError, SetElement, YearKind};

use super::calendar::Calendar;
use super::extent;

/// A text that is read in place of another, and what the other has in its place.
pub(super) struct StandIn {
    text: String,
    parts: Vec<Part>,
}

/// One date of the text.
struct Part {
    /// Where it starts.
    at: usize,
    /// Where its day starts, or else it itself.
    day_at: usize,
    /// The digits of its year, if others stand for them.
    year: Option<[Option<u8>; 4]>,
    /// Whether it is of 29 February and the 28th stands for it.
    is_leap_day: bool,
}

impl StandIn {
    /// Returns what to read in place of `text`, if it has what the parser does not read.
    pub(super) fn of(text: &str, calendar: Calendar) -> Option<Self> {
        let mut bytes = text.is_ascii().then(|| text.as_bytes().to_vec())?;
        let parts: Vec<Part> = dates(text)
            .into_iter()
            .map(|range| Part::replaced(&mut bytes, range, calendar))
            .collect();
        if !parts
            .iter()
            .any(|part| part.year.is_some() || part.is_leap_day)
        {
            return None;
        }
        let text = String::from_utf8(bytes).ok()?;
        Some(Self { text, parts })
    }

    /// Reads the text as what was written.
    pub(super) fn parse(&self, calendar: Calendar) -> Result<Edtf, ParseError> {
        let mut edtf = Edtf::parse(&self.text)?;
        let mut found = dates_of(&mut edtf);
        for (date, part) in found.iter_mut().zip(&self.parts) {
            part.put_back(date);
            if !extent::is_possible(date, calendar) {
                return fault(part.day_at, "day is out of range for the month");
            }
        }
        self.check_order(&edtf, calendar)?;
        Ok(edtf)
    }

    fn check_order(&self, edtf: &Edtf, calendar: Calendar) -> Result<(), ParseError> {
        let crossed = |first: &Date, last: &Date| {
            let (first, last) = (
                extent::as_written(first, calendar),
                extent::as_written(last, calendar),
            );
            first.lo() > last.hi()
        };
        let mut at = self.parts.iter().map(|part| part.at);
        match edtf {
            Edtf::Interval(interval) => {
                if let (IntervalEndpoint::Date(first), IntervalEndpoint::Date(last)) =
                    (&interval.start, &interval.end)
                    && crossed(first, last)
                {
                    let at = at.nth(1).unwrap_or_default();
                    return fault(at, "interval end precedes interval start");
                }
            }
            Edtf::Set(set) => {
                for element in &set.elements {
                    let start = at.next().unwrap_or_default();
                    let SetElement::Range(first, last) = element else {
                        continue;
                    };
                    let end = at.next().unwrap_or_default();
                    for (date, at) in [(first, start), (last, end)] {
                        if date.has_unspecified() {
                            return fault(
                                at,
                                "set range endpoints cannot contain unspecified digits",
                            );
                        }
                    }
                    if crossed(first, last) {
                        return fault(end, "set range end precedes range start");
                    }
                }
            }
            Edtf::Date(_) | Edtf::DateTime(_) => {}
        }
        Ok(())
    }
}

impl Part {
    /// Replaces what the parser does not read in the date at `range`.
    fn replaced(bytes: &mut [u8], range: Range<usize>, calendar: Calendar) -> Self {
        let ends = bytes[..range.start].ends_with(b"/");
        let mut part = Self {
            at: range.start,
            day_at: range.start,
            year: None,
            is_leap_day: false,
        };
        let date = &mut bytes[range];
        let marked = usize::from(date.first().is_some_and(|sign| b"?~%".contains(sign)));
        let negative = date.get(marked) == Some(&b'-');
        let year_at = marked + usize::from(negative);
        let Some((year, rest)) = date
            .get_mut(year_at..)
            .and_then(|rest| rest.split_at_mut_checked(4))
        else {
            return part;
        };
        if !year.iter().all(|sign| is_digit(*sign)) || rest.first() == Some(&b'S') {
            return part;
        }
        let digits = [year[0], year[1], year[2], year[3]].map(digit);
        let masked = negative && digits.contains(&None);
        let day = leap_day(rest);
        part.day_at += day.map_or(0, |at| year_at + 4 + at);
        if masked {
            part.year = Some(digits);
            stand_for(year, ends);
        }
        let julian = calendar == Calendar::Julian && digits[2..] == [Some(0); 2];
        if let Some(at) = day.filter(|_| masked || julian) {
            part.is_leap_day = true;
            rest[at + 1] = b'8';
        }
        part
    }

    fn put_back(&self, date: &mut Date) {
        if let Some(digits) = self.year {
            date.year.kind = YearKind::Standard {
                negative: true,
                digits,
            };
        }
        if let Some(day) = date.day.as_mut().filter(|_| self.is_leap_day) {
            day.digits = [Some(2), Some(9)];
        }
    }
}

/// Writes the earliest year that a year before 0000 may be, or, of an end, the
/// latest, so that no interval that is in order is taken for one that is not.
fn stand_for(year: &mut [u8], ends: bool) {
    let last = year.iter().rposition(|sign| *sign == b'X');
    for sign in year.iter_mut().filter(|sign| **sign == b'X') {
        *sign = if ends { b'0' } else { b'9' };
    }
    if let Some(last) = last.filter(|_| *year == *b"0000") {
        year[last] = b'1';
    }
}

/// Returns where the day stands after a year, if it is that of 29 February.
fn leap_day(rest: &[u8]) -> Option<usize> {
    let until = rest.iter().position(|sign| *sign == b'T');
    let signs = rest[..until.unwrap_or(rest.len())].iter().enumerate();
    let digits: Vec<(usize, u8)> = signs
        .map(|(at, sign)| (at, *sign))
        .filter(|(_, sign)| is_digit(*sign))
        .collect();
    match digits[..] {
        [(_, b'0'), (_, b'2'), (at, b'2'), (next, b'9')] if next == at + 1 => Some(at),
        _ => None,
    }
}

fn is_digit(sign: u8) -> bool {
    sign.is_ascii_digit() || sign == b'X'
}

fn digit(sign: u8) -> Option<u8> {
    sign.is_ascii_digit().then(|| sign - b'0')
}

fn fault<T>(offset: usize, message: &'static str) -> Result<T, ParseError> {
    Err(ParseError { message, offset })
}

/// Returns where the dates of a text stand, in their order.
fn dates(text: &str) -> Vec<Range<usize>> {
    let mut found = Vec::new();
    let mut start = 0;
    for piece in text.split_inclusive(['/', ',', '[', ']', '{', '}', '.']) {
        let end = start + piece.len();
        let date = piece.trim_end_matches(['/', ',', '[', ']', '{', '}', '.']);
        if !date.is_empty() {
            found.push(start..start + date.len());
        }
        start = end;
    }
    found
}

/// Returns the dates of what was read, in the order of the text.
fn dates_of(edtf: &mut Edtf) -> Vec<&mut Date> {
    match edtf {
        Edtf::Date(date) => vec![date],
        Edtf::DateTime(time) => vec![&mut time.date],
        Edtf::Interval(interval) => [&mut interval.start, &mut interval.end]
            .into_iter()
            .filter_map(|endpoint| match endpoint {
                IntervalEndpoint::Date(date)
                | IntervalEndpoint::OnOrBefore(date)
                | IntervalEndpoint::OnOrAfter(date) => Some(date),
                IntervalEndpoint::Open | IntervalEndpoint::Unknown => None,
            })
            .collect(),
        Edtf::Set(set) => set
            .elements
            .iter_mut()
            .flat_map(|element| match element {
                SetElement::Date(date)
                | SetElement::OnOrBefore(date)
                | SetElement::OnOrAfter(date) => vec![date],
                SetElement::Range(first, last) => vec![first, last],
            })
            .collect(),
    }
}
