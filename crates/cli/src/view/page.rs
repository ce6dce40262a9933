//! A page: lines of 80 columns, wrapped, indented and in columns.
//!
//! Whatever a record says is untrusted: characters that would steer a terminal
//! are replaced before they stand on a page. What is said is not decided here.

use crate::failure::Failure;
use crate::out::Out;

use super::style::Style;

/// How wide a page is.
pub const WIDTH: usize = 80;
/// The least room that is left for a text, however deep it is indented.
const LEAST: usize = 20;
/// How far two columns stand apart.
const GAP: usize = 2;
/// How wide a column may be that is not the last.
const WIDEST: usize = 26;
/// Before and behind a marked word while lines are wrapped; no cleaned text has them.
const OPEN: char = '\u{2}';
const CLOSE: char = '\u{3}';

/// Lines for people to read.
#[derive(Clone, Debug)]
pub struct Page {
    style: Style,
    lines: Vec<String>,
}

impl Page {
    /// Returns an empty page.
    pub const fn new(style: Style) -> Self {
        Self {
            style,
            lines: Vec::new(),
        }
    }

    /// Returns the style of this page.
    pub const fn style(&self) -> Style {
        self.style
    }

    /// Adds an empty line, unless the page begins with it or the last is empty.
    pub fn gap(&mut self) {
        if self.lines.last().is_some_and(|line| !line.is_empty()) {
            self.lines.push(String::new());
        }
    }

    /// Adds a heading, with room above it.
    pub fn heading(&mut self, text: &str) {
        self.gap();
        let style = self.style;
        self.lines
            .extend(wrap(text, WIDTH).iter().map(|line| style.strong(line)));
    }

    /// Adds a text, wrapped.
    pub fn text(&mut self, indent: usize, text: &str) {
        self.hanging(indent, indent, text);
    }

    /// Adds a text, wrapped, as an aside.
    pub fn aside(&mut self, indent: usize, text: &str) {
        let lines = wrap(text, room(indent));
        let style = self.style;
        self.lines.extend(
            lines
                .iter()
                .map(|line| " ".repeat(indent) + &style.faint(line)),
        );
    }

    /// Adds a text of pieces, wrapped; those that are marked stand out, between
    /// brackets where nothing can be made bold.
    pub fn marked(&mut self, indent: usize, pieces: &[(String, bool)]) {
        let bare = self.style == Style::PLAIN;
        let mut text = String::new();
        for (piece, marked) in pieces {
            let piece = clean(piece);
            match (marked, bare) {
                (false, _) => text.push_str(&piece),
                (true, true) => text += &format!("[{piece}]"),
                (true, false) => text += &signed(&piece),
            }
        }
        let lines = wrap_clean(&text, room(indent + 2));
        let style = self.style;
        for (number, line) in lines.into_iter().enumerate() {
            let indent = if number == 0 { indent } else { indent + 2 };
            self.lines.push(" ".repeat(indent) + &strong(&line, style));
        }
    }

    /// Adds a text whose first word or words stand out, the rest wrapped below them.
    pub fn item(&mut self, indent: usize, head: &str, rest: &str) {
        let head = clean(head);
        let mut lines = wrap(&format!("{head} {rest}"), room(indent)).into_iter();
        let first = lines.next().unwrap_or_default();
        let first = match first.strip_prefix(head.as_str()) {
            Some(rest) => self.style.strong(&head) + rest,
            None => first,
        };
        self.lines.push(" ".repeat(indent) + &first);
        let below = " ".repeat(indent + 2);
        // The lines below are narrower, so what is left is wrapped anew.
        let left: Vec<String> = lines.collect();
        let left = wrap(&left.join(" "), room(indent + 2));
        self.lines.extend(
            left.iter()
                .filter(|line| !line.is_empty())
                .map(|line| below.clone() + line),
        );
    }

    /// Adds a label and a text beside it, which stays in its own column.
    pub fn labelled(&mut self, indent: usize, label: &str, column: usize, text: &str) {
        let label = clean(label);
        let width = label.chars().count();
        let behind = indent + column;
        if indent + width >= behind {
            self.lines
                .push(" ".repeat(indent) + &self.style.faint(&label));
            self.text(behind, text);
            return;
        }
        let padding = " ".repeat(column - width);
        let mut lines = wrap(text, room(behind)).into_iter();
        let first = lines.next().unwrap_or_default();
        let start = " ".repeat(indent) + &self.style.faint(&label) + &padding;
        self.lines.push((start + &first).trim_end().to_owned());
        self.lines
            .extend(lines.map(|line| " ".repeat(behind) + &line));
    }

    /// Adds rows in columns below their names, with room above them.
    ///
    /// The last column is wrapped, and begins anew at each line break; a cell
    /// too wide for its column stands on a line of its own.
    pub fn table(&mut self, indent: usize, names: &[&str], rows: &[Vec<String>]) {
        let mut all = vec![names.iter().map(|name| (*name).to_owned()).collect()];
        all.extend_from_slice(rows);
        let widths = widths(&all);
        self.gap();
        let first = self.lines.len();
        for row in &all {
            self.row(indent, row, &widths);
        }
        if let Some(line) = self.lines.get_mut(first).filter(|_| !names.is_empty()) {
            *line = self.style.faint(line);
        }
    }

    fn row(&mut self, indent: usize, row: &[String], widths: &[usize]) {
        let Some((last, others)) = row.split_last() else {
            return;
        };
        let mut line = " ".repeat(indent);
        let mut behind = indent;
        for (cell, width) in others.iter().zip(widths) {
            let cell = clean(cell);
            behind += width + GAP;
            line += &cell;
            if cell.chars().count() > *width {
                self.lines.push(std::mem::take(&mut line));
            }
            let length = line.chars().count();
            line += &" ".repeat(behind.saturating_sub(length));
        }
        let parts = last.split('\n').flat_map(|part| wrap(part, room(behind)));
        for part in parts {
            self.lines.push((line + &part).trim_end().to_owned());
            line = " ".repeat(behind);
        }
    }

    /// Writes the page out.
    ///
    /// # Errors
    /// The system cannot write.
    pub fn write(mut self, out: &mut Out) -> Result<(), Failure> {
        while self.lines.last().is_some_and(String::is_empty) {
            self.lines.pop();
        }
        self.lines.iter().try_for_each(|line| out.line(line))
    }

    /// Returns the lines.
    pub fn lines(&self) -> &[String] {
        &self.lines
    }

    fn hanging(&mut self, indent: usize, below: usize, text: &str) {
        let mut indent = indent;
        for line in wrap(text, room(indent.max(below))) {
            self.lines.push(" ".repeat(indent) + &line);
            indent = below;
        }
    }
}

/// Returns a text without the characters that would steer a terminal.
pub fn clean(text: &str) -> String {
    let replaced = |c: char| match c {
        '\n' | '\t' => ' ',
        c if steers(c) => '\u{fffd}',
        c => c,
    };
    text.chars().map(replaced).collect()
}

/// Tells whether a character would steer a terminal, or turn the order of what it shows.
pub fn steers(c: char) -> bool {
    c.is_control() || matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

/// Returns a text in lines of at most `width` characters, broken at white space;
/// a word longer than that is left whole.
pub fn wrap(text: &str, width: usize) -> Vec<String> {
    wrap_clean(&clean(text), width)
}

fn wrap_clean(text: &str, width: usize) -> Vec<String> {
    let mut lines = Vec::new();
    let mut line = String::new();
    let mut length = 0;
    for word in text.split_whitespace() {
        let word_length = word.chars().count();
        if length > 0 && length + 1 + word_length > width {
            lines.push(std::mem::take(&mut line));
            length = 0;
        }
        if length > 0 {
            line.push(' ');
            length += 1;
        }
        line.push_str(word);
        length += word_length;
    }
    lines.push(line);
    lines
}

/// Returns a text with a sign before and behind each word: each for itself, so that
/// no mark goes over the end of a line.
fn signed(text: &str) -> String {
    let signed = |word: &str| match word {
        "" => String::new(),
        word => format!("{OPEN}{word}{CLOSE}"),
    };
    text.split(' ').map(signed).collect::<Vec<_>>().join(" ")
}

/// Returns a line with what stands between the signs made strong.
fn strong(line: &str, style: Style) -> String {
    let mut parts = line.split(OPEN);
    let mut whole = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        let (word, rest) = part.split_once(CLOSE).unwrap_or((part, ""));
        whole += &style.strong(word);
        whole += rest;
    }
    whole
}

fn room(indent: usize) -> usize {
    WIDTH.saturating_sub(indent).max(LEAST)
}

fn widths(rows: &[Vec<String>]) -> Vec<usize> {
    let columns = rows.iter().map(Vec::len).max().unwrap_or(0);
    let fits = |length: &usize| *length <= WIDEST;
    let width = |column: usize| {
        let cells = rows.iter().filter_map(|row| row.get(column));
        cells
            .map(|cell| cell.chars().count())
            .filter(fits)
            .max()
            .unwrap_or(0)
    };
    (0..columns).map(width).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_line_is_wider_than_the_page() {
        let mut page = Page::new(Style::PLAIN);
        let long = "word ".repeat(100);

        page.text(4, &long);
        page.item(2, "an-id", &long);
        page.labelled(2, "label", 10, &long);
        page.table(
            2,
            &[],
            &[vec!["a".to_owned(), "bb".to_owned(), long.clone()]],
        );

        assert!(
            page.lines()
                .iter()
                .all(|line| line.chars().count() <= WIDTH)
        );
    }

    #[test]
    fn columns_stand_below_one_another() {
        let mut page = Page::new(Style::PLAIN);
        let row = |one: &str, other: &str| vec![one.to_owned(), other.to_owned()];

        page.table(0, &["one", "two"], &[row("a", "b"), row("long", "c\nd")]);

        assert_eq!(page.lines(), ["one   two", "a     b", "long  c", "      d"]);
    }

    #[test]
    fn a_cell_too_wide_for_its_column_does_not_push_the_others() {
        let mut page = Page::new(Style::PLAIN);
        let wide = "a".repeat(WIDEST + 1);
        let row = |one: &str, other: &str| vec![one.to_owned(), other.to_owned()];

        page.table(0, &[], &[row("short", "b"), row(&wide, "c")]);

        assert_eq!(page.lines(), ["short  b", &wide, "       c"]);
    }

    #[test]
    fn a_record_cannot_steer_the_terminal() {
        let mut page = Page::new(Style::PLAIN);

        page.text(0, "a\u{1b}[31mb\u{202e}c\nd");
        page.table(0, &[], &[vec!["\u{7}".to_owned(), "\u{1b}".to_owned()]]);

        assert_eq!(
            page.lines(),
            ["a\u{fffd}[31mb\u{fffd}c d", "", "\u{fffd}  \u{fffd}"]
        );
    }

    #[test]
    fn what_is_marked_stands_between_brackets_or_is_bold() {
        let pieces = [
            ("text: the ".to_owned(), false),
            ("two words\u{1b}\u{2}".to_owned(), true),
            (" here".to_owned(), false),
        ];
        let (mut plain, mut bold) = (
            Page::new(Style::PLAIN),
            Page::new(Style::of(crate::args::Color::Always)),
        );

        plain.marked(2, &pieces);
        bold.marked(2, &pieces);

        assert_eq!(
            plain.lines(),
            ["  text: the [two words\u{fffd}\u{fffd}] here"]
        );
        let expected =
            "  text: the \u{1b}[1mtwo\u{1b}[0m \u{1b}[1mwords\u{fffd}\u{fffd}\u{1b}[0m here";
        assert_eq!(bold.lines(), [expected]);
    }

    #[test]
    fn gaps_do_not_pile_up() {
        let mut page = Page::new(Style::PLAIN);

        page.gap();
        page.text(0, "a");
        page.gap();
        page.heading("b");

        assert_eq!(page.lines(), ["a", "", "b"]);
    }
}
