//! The timeline on a terminal: a label and a row of characters for each item.
//!
//! `●` is a day that is known, `█` a day on which something certainly lasted,
//! `░` one on which it possibly did; an arrow says that it goes on beyond.

use chancery_core::day::Day;
use chancery_core::replay::{Chronicled, Lasted, Readings};
use chancery_core::worlds::Answer;

use super::scale::ticks;
use super::{Stretch, Timeline, touched, what, when};
use crate::view::page::{clean, wrap};
use crate::view::say;
use crate::view::style::Style;

/// How far labels and picture stand apart.
const GAP: usize = 2;
/// The least room for the picture, in hundredths of the width.
const LEAST_PICTURE: usize = 45;

/// Returns the lines of a timeline that is so many columns wide.
pub fn lines(
    readings: &Readings,
    timeline: &Timeline<'_>,
    width: usize,
    style: Style,
) -> Vec<String> {
    let mut lines = Vec::new();
    if let Some(stretch) = timeline.stretch {
        let labels: Vec<String> = timeline
            .rows
            .iter()
            .map(|item| label(readings, item))
            .collect();
        let picture = width * LEAST_PICTURE / 100;
        let room = width.saturating_sub(picture + GAP);
        let longest = labels.iter().map(|label| label.chars().count()).max();
        let beside = longest.unwrap_or(0).min(room);
        let columns = width.saturating_sub(beside + GAP).max(1);
        let margin = " ".repeat(beside + GAP);
        lines.extend(scale(stretch, columns).map(|line| style.faint(&format!("{margin}{line}"))));
        for (item, label) in timeline.rows.iter().zip(&labels) {
            lines.extend(row(label, beside, &picture_of(item, stretch, columns)));
        }
    }
    if !timeline.undated.is_empty() {
        if !lines.is_empty() {
            lines.push(String::new());
        }
        lines.push(style.strong("Undated"));
        for item in &timeline.undated {
            let text = format!("{} {}", what(readings, item), say::entries(&[item.seq]));
            lines.extend(
                wrap(&text, width.saturating_sub(2))
                    .iter()
                    .map(|line| format!("  {line}")),
            );
        }
    }
    lines
        .iter()
        .map(|line| line.trim_end().to_owned())
        .collect()
}

fn label(readings: &Readings, item: &Chronicled) -> String {
    clean(&format!(
        "{} {} #{}",
        when(item),
        what(readings, item),
        item.seq
    ))
}

/// Returns a label, wrapped, with the picture beside its first line.
fn row(label: &str, beside: usize, picture: &str) -> Vec<String> {
    let indented = beside.saturating_sub(2).max(1);
    let mut wrapped = wrap(label, beside).into_iter();
    let first = wrapped.next().unwrap_or_default();
    let rest = wrapped.collect::<Vec<_>>().join(" ");
    let length = first.chars().count();
    let padding = " ".repeat((beside + GAP).saturating_sub(length));
    let mut lines = if length > beside {
        // A word that is too long stands alone, so that the pictures stay below one another.
        vec![first, " ".repeat(beside + GAP) + picture]
    } else {
        vec![first + &padding + picture]
    };
    let below = wrap(&rest, indented).into_iter();
    lines.extend(
        below
            .filter(|line| !line.is_empty())
            .map(|line| format!("  {line}")),
    );
    lines
}

/// Returns the labels of the scale, and the line under them.
fn scale(stretch: Stretch, columns: usize) -> impl Iterator<Item = String> {
    let mut names = String::new();
    let mut line = vec!['─'; columns];
    for tick in ticks(stretch, columns) {
        let length = names.chars().count();
        names += &" ".repeat(tick.column.saturating_sub(length));
        names += &tick.label;
        if let Some(mark) = line.get_mut(tick.column) {
            *mark = '┬';
        }
    }
    [names, line.into_iter().collect()].into_iter()
}

/// Returns the characters that draw an item.
fn picture_of(item: &Chronicled, stretch: Stretch, columns: usize) -> String {
    let mut cells: Vec<char> = (0..columns)
        .map(|column| {
            let (first, last) = stretch.column(column, columns);
            cell(item, first, last)
        })
        .collect();
    if let (Lasted::Day, Some(day)) = (item.lasted, item.begun.day()) {
        cells = vec![' '; columns];
        let place = Some(stretch.column_of(day, columns)).filter(|_| stretch.contains(day));
        if let Some(cell) = place.and_then(|place| cells.get_mut(place)) {
            *cell = '●';
        }
    }
    let extent = item.extent();
    let goes_on = |cell: Option<&mut char>, beyond: bool, arrow: char| {
        if let Some(cell) = cell.filter(|cell| beyond && **cell != ' ') {
            *cell = arrow;
        }
    };
    goes_on(cells.first_mut(), extent.lo() < stretch.first, '◄');
    goes_on(cells.last_mut(), stretch.last < extent.hi(), '►');
    cells.into_iter().collect()
}

fn cell(item: &Chronicled, first: Day, last: Day) -> char {
    match touched(item, first, last) {
        Answer::Certain if item.lasted == Lasted::Day => '░',
        Answer::Certain => '█',
        Answer::Possible => '░',
        Answer::Excluded => ' ',
    }
}
