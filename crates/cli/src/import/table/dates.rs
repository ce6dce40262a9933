//! How the dates of a table are written: `%d/%m/%Y` and the like.
//!
//! A cell is read by every form that the mapping names. Where two of them read
//! it differently nothing is guessed: the cell is a fault.

use chancery_core::date::Date;
use chancery_core::day::Day;

use super::super::month_of;

/// A way to write a date.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct DateForm {
    /// As the mapping has it.
    pub(super) written: String,
    parts: Vec<Part>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Part {
    Edtf,
    Year,
    Month,
    MonthName,
    Day,
    Letter(char),
}

/// Why a cell is not read as a date.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Trouble {
    /// No form fits.
    NoForm,
    /// A form fits, but the calendar has no such day.
    NoSuchDay,
    /// Two forms fit, and read different dates: each form with what it reads.
    Several(Vec<(String, String)>),
}

/// The form of dates that are EDTF already.
pub(super) const EDTF: &str = "edtf";

/// Forms that are proposed when a mapping names none.
const COMMON: [&str; 14] = [
    "%d/%m/%Y",
    "%m/%d/%Y",
    "%d.%m.%Y",
    "%m.%d.%Y",
    "%d-%m-%Y",
    "%m-%d-%Y",
    "%Y/%m/%d",
    "%Y%m%d",
    "%d %B %Y",
    "%B %d, %Y",
    "%B %Y",
    "%m/%Y",
    "%m.%Y",
    "%d-%B-%Y",
];

impl DateForm {
    /// Returns the form that is written so.
    ///
    /// # Errors
    /// It is none; the text says why.
    pub(super) fn parse(written: &str) -> Result<Self, String> {
        let mut parts = Vec::new();
        if written == EDTF {
            parts.push(Part::Edtf);
        } else {
            let mut letters = written.chars();
            while let Some(letter) = letters.next() {
                parts.push(match letter {
                    '%' => part(letters.next())?,
                    other => Part::Letter(other),
                });
            }
            is_whole(&parts)?;
        }
        Ok(Self {
            written: written.to_owned(),
            parts,
        })
    }

    /// Returns the form of dates that are EDTF already.
    pub(super) fn edtf() -> Self {
        Self {
            written: EDTF.to_owned(),
            parts: vec![Part::Edtf],
        }
    }

    /// Returns the date in EDTF if the text is of this form; an error if it is,
    /// and the calendar has no such day.
    fn read(&self, text: &str) -> Option<Result<String, ()>> {
        if self.parts == [Part::Edtf] {
            let is_date = !text.is_empty() && Date::new(text).check().is_ok();
            return is_date.then(|| Ok(text.to_owned()));
        }
        let (mut year, mut month, mut day) = (0_i64, None, None);
        let mut rest = text;
        for part in &self.parts {
            match part {
                Part::Year => year = i64::from(digits(&mut rest, 4, 4)?),
                Part::Month => month = Some(digits(&mut rest, 1, 2)?),
                Part::Day => day = Some(digits(&mut rest, 1, 2)?),
                Part::MonthName => month = Some(u16::from(month_name(&mut rest)?)),
                Part::Letter(letter) => rest = rest.strip_prefix(*letter)?,
                Part::Edtf => return None,
            }
        }
        if !rest.is_empty() || month.is_some_and(|month| !(1..=12).contains(&month)) {
            return None;
        }
        match (month, day) {
            (Some(month), Some(day)) if (1..=31).contains(&day) => {
                let (month, day) = (u8::try_from(month).ok()?, u8::try_from(day).ok()?);
                let found = Day::from_ymd(year, month, day);
                Some(found.map_or(Err(()), |_| Ok(format!("{year:04}-{month:02}-{day:02}"))))
            }
            (_, Some(_)) => None,
            (Some(month), None) => Some(Ok(format!("{year:04}-{month:02}"))),
            (None, None) => Some(Ok(format!("{year:04}"))),
        }
    }
}

fn part(letter: Option<char>) -> Result<Part, String> {
    match letter {
        Some('Y') => Ok(Part::Year),
        Some('m') => Ok(Part::Month),
        Some('d') => Ok(Part::Day),
        Some('b' | 'B') => Ok(Part::MonthName),
        Some('%') => Ok(Part::Letter('%')),
        Some('y') => Err("`%y` does not say which century".to_owned()),
        Some(other) => Err(format!("`%{other}` is no part of a date form")),
        None => Err("`%` at the end says nothing".to_owned()),
    }
}

fn is_whole(parts: &[Part]) -> Result<(), String> {
    let count = |wanted: &[Part]| parts.iter().filter(|part| wanted.contains(part)).count();
    let (years, days) = (count(&[Part::Year]), count(&[Part::Day]));
    let months = count(&[Part::Month, Part::MonthName]);
    if years != 1 {
        return Err("a date form has one year, `%Y`".to_owned());
    }
    if days > 1 || months > 1 {
        return Err("a date form has one month and one day at most".to_owned());
    }
    if days > months {
        return Err("a day, `%d`, wants a month beside it: `%m`, or `%B` for its name".to_owned());
    }
    Ok(())
}

fn digits(rest: &mut &str, least: usize, most: usize) -> Option<u16> {
    let length = rest
        .bytes()
        .take(most)
        .take_while(u8::is_ascii_digit)
        .count();
    let (number, behind) = rest.split_at(length);
    *rest = behind;
    (length >= least).then(|| number.parse().ok())?
}

fn month_name(rest: &mut &str) -> Option<u8> {
    let end = rest.find(|letter: char| !letter.is_alphabetic());
    let (name, behind) = rest.split_at(end.unwrap_or(rest.len()));
    *rest = behind.strip_prefix('.').unwrap_or(behind);
    month_of(name)
}

/// Returns the date in EDTF that a text is by one of these forms.
///
/// # Errors
/// It is none, or two of them read it differently.
pub(super) fn read(forms: &[DateForm], text: &str) -> Result<String, Trouble> {
    let mut dates: Vec<(String, String)> = Vec::new();
    let mut trouble = Trouble::NoForm;
    for form in forms {
        match form.read(text) {
            Some(Ok(date)) if dates.iter().all(|(_, other)| *other != date) => {
                dates.push((form.written.clone(), date));
            }
            Some(Err(())) => trouble = Trouble::NoSuchDay,
            Some(Ok(_)) | None => {}
        }
    }
    match dates.len() {
        0 => Err(trouble),
        1 => Ok(dates.remove(0).1),
        _ => Err(Trouble::Several(dates)),
    }
}

/// What may be proposed for cells that are no EDTF.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Proposal {
    /// These forms read all of them that any common form reads.
    Forms(Vec<&'static str>),
    /// Either of these reads as many, day and month the other way round.
    Either(&'static str, &'static str),
    /// No common form reads any of them.
    None,
}

/// Returns the common forms that read these cells.
pub(super) fn proposal(cells: &[&str]) -> Proposal {
    let forms: Vec<(&'static str, DateForm)> = COMMON
        .iter()
        .filter_map(|written| Some((*written, DateForm::parse(written).ok()?)))
        .collect();
    let mut left: Vec<&str> = cells.to_vec();
    let mut chosen = Vec::new();
    loop {
        let fits = |form: &DateForm| {
            let fit = |cell: &&&str| matches!(form.read(cell), Some(Ok(_)));
            left.iter().filter(fit).count()
        };
        let counts = forms.iter().map(|(written, form)| (*written, fits(form)));
        // The first of those that fit most cells.
        let best = counts.clone().rev().max_by_key(|(_, count)| *count);
        let Some((written, count)) = best.filter(|(_, count)| *count > 0) else {
            break;
        };
        let turned = turned(written);
        let as_many = counts
            .clone()
            .find(|(other, many)| *other == turned && *many == count);
        if let Some((other, _)) = as_many.filter(|_| turned != written) {
            return Proposal::Either(written, other);
        }
        chosen.push(written);
        let form = forms.iter().find(|(other, _)| *other == written);
        left.retain(|cell| form.is_some_and(|(_, form)| form.read(cell).is_none()));
    }
    if chosen.is_empty() {
        Proposal::None
    } else {
        Proposal::Forms(chosen)
    }
}

/// Returns the form with day and month the other way round.
fn turned(written: &str) -> String {
    written
        .replace("%d", "%\0")
        .replace("%m", "%d")
        .replace("%\0", "%m")
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    fn by(forms: &[&str], text: &str) -> Result<String, Trouble> {
        let forms: Vec<DateForm> = forms.iter().map(|f| DateForm::parse(f).unwrap()).collect();
        read(&forms, text)
    }

    #[test]
    fn a_date_keeps_the_precision_that_it_is_written_in() {
        assert_eq!(by(&["%d/%m/%Y"], "3/04/1861").unwrap(), "1861-04-03");
        assert_eq!(by(&["%m/%d/%Y"], "3/04/1861").unwrap(), "1861-03-04");
        assert_eq!(by(&["%d/%m/%Y", "%m/%Y"], "03/1861").unwrap(), "1861-03");
        assert_eq!(by(&["%Y"], "1861").unwrap(), "1861");
        assert_eq!(by(&["%Y%m%d"], "18610304").unwrap(), "1861-03-04");
        assert_eq!(by(&["%d %B %Y"], "4 Sept. 1861").unwrap(), "1861-09-04");
        assert_eq!(by(&["%B %d, %Y"], "March 4, 1861").unwrap(), "1861-03-04");
        assert_eq!(by(&["edtf"], "1861-03~").unwrap(), "1861-03~");
    }

    #[test]
    fn what_does_not_fit_is_not_bent_until_it_does() {
        assert_eq!(by(&["%d/%m/%Y"], "04/13/1861"), Err(Trouble::NoForm));
        assert_eq!(by(&["%d/%m/%Y"], "1/1/61"), Err(Trouble::NoForm));
        assert_eq!(by(&["%d/%m/%Y"], "1/1/18611"), Err(Trouble::NoForm));
        assert_eq!(by(&["%d/%m/%Y"], "30/02/1861"), Err(Trouble::NoSuchDay));
        assert_eq!(by(&["edtf"], ""), Err(Trouble::NoForm));
    }

    #[test]
    fn two_forms_that_read_a_cell_differently_are_not_tried_in_turn() {
        let forms = ["%d/%m/%Y", "%m/%d/%Y"];

        let Err(Trouble::Several(dates)) = by(&forms, "03/04/1861") else {
            panic!("one of them was believed");
        };

        assert_eq!(dates[0], ("%d/%m/%Y".to_owned(), "1861-04-03".to_owned()));
        assert_eq!(dates[1], ("%m/%d/%Y".to_owned(), "1861-03-04".to_owned()));
        assert_eq!(by(&forms, "13/04/1861").unwrap(), "1861-04-13");
        assert_eq!(by(&forms, "04/04/1861").unwrap(), "1861-04-04");
    }

    #[test]
    fn a_form_that_cannot_be_meant_is_refused() {
        for written in ["%d/%m/%y", "%d/%m", "%d %Y", "%Y %Y", "%q", "%", "day"] {
            assert!(DateForm::parse(written).is_err(), "{written}");
        }
    }

    #[test]
    fn forms_are_proposed_unless_day_and_month_could_be_either() {
        assert_eq!(
            proposal(&["13/04/1861", "01/02/1900", "03/1861"]),
            Proposal::Forms(vec!["%d/%m/%Y", "%m/%Y"])
        );
        assert_eq!(
            proposal(&["03/04/1861", "01/02/1900"]),
            Proposal::Either("%d/%m/%Y", "%m/%d/%Y")
        );
        assert_eq!(proposal(&["last spring"]), Proposal::None);
    }
}
