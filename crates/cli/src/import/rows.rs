//! The rows of a table of separated values (RFC 4180), each cell with its place.
//!
//! What a cell holds is the affair of whoever asked for the rows.

use std::ops::Range;

/// A row: its cells, and how its quotation marks stand.
pub(super) struct Row {
    /// The cells, in the order of the columns.
    pub(super) cells: Vec<Cell>,
    /// Whether no quotation mark is left open.
    pub(super) closed: bool,
    /// The byte at which a quoted cell goes on behind its closing mark, if one does.
    pub(super) stray: Option<usize>,
}

/// A cell: its text, without quotation marks, and the bytes that it takes, with them.
pub(super) struct Cell {
    /// The text.
    pub(super) text: String,
    /// From its first byte to the one behind its last.
    pub(super) place: Range<usize>,
}

/// Returns the rows of a table, blank lines left out.
pub(super) fn rows(text: &str, separator: u8) -> Vec<Row> {
    let mut reader = csv::ReaderBuilder::new()
        .has_headers(false)
        .flexible(true)
        .delimiter(separator)
        .from_reader(text.as_bytes());
    let mut rows = Vec::new();
    // Text that is UTF-8, in rows of any length, cannot fail to be read.
    for record in reader.records().map_while(Result::ok) {
        let begin = record.position().map_or(0, csv::Position::byte);
        let begin = usize::try_from(begin).unwrap_or(text.len());
        let marks = places(text, begin, record.len(), separator);
        let cells = record.iter().zip(marks.places).map(|(cell, place)| Cell {
            text: cell.to_owned(),
            place,
        });
        rows.push(Row {
            cells: cells.collect(),
            closed: marks.closed,
            stray: marks.stray,
        });
    }
    rows
}

/// How the cells of a row and its quotation marks stand.
struct Marks {
    places: Vec<Range<usize>>,
    closed: bool,
    stray: Option<usize>,
}

/// Returns the bytes that so many cells take, in a row that begins at or behind
/// `begin`, and how its quotation marks stand.
fn places(text: &str, begin: usize, cells: usize, separator: u8) -> Marks {
    let row = text.get(begin..).unwrap_or_default();
    let blank = row.len() - row.trim_start_matches(['\r', '\n']).len();
    let mut places = Vec::with_capacity(cells);
    let (mut quoted, mut fresh, mut start) = (false, true, begin + blank);
    let mut end = text.len();
    // Whether the cell began with a mark, and what stands behind the one that closed it.
    let (mut marked, mut stray) = (false, None);
    for (at, byte) in row.bytes().enumerate().skip(blank) {
        match byte {
            b'"' if fresh || quoted => {
                marked |= fresh;
                quoted = !quoted;
            }
            b'"' if row.as_bytes().get(at.wrapping_sub(1)) == Some(&b'"') => quoted = true,
            b'\r' | b'\n' if !quoted => {
                end = begin + at;
                break;
            }
            _ if byte == separator && !quoted => {
                places.push(start..begin + at);
                start = begin + at + 1;
                (fresh, marked) = (true, false);
                continue;
            }
            b' ' | b'\t' => {}
            _ if marked && !quoted => stray = stray.or(Some(begin + at)),
            _ => {}
        }
        fresh = false;
    }
    places.push(start..end.max(start));
    // Every cell has a place, come what may.
    let last = places.last().cloned().unwrap_or(begin..begin);
    places.resize(cells.max(1), last);
    Marks {
        places,
        closed: !quoted,
        stray,
    }
}
