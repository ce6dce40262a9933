//! Lines: where in a text a byte stands, as people count it.

/// Where lines begin in a text.
pub struct Lines<'t> {
    text: &'t str,
    starts: Vec<usize>,
}

/// A place as people count it: both numbers from one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Place {
    /// The number of the line.
    pub line: usize,
    /// The number of the character in its line.
    pub column: usize,
}

impl<'t> Lines<'t> {
    /// Returns the lines of a text.
    pub fn new(text: &'t str) -> Self {
        let after = |(at, _)| at + 1;
        let starts = std::iter::once(0)
            .chain(text.match_indices('\n').map(after))
            .collect();
        Self { text, starts }
    }

    /// Returns where the byte at `offset` stands.
    ///
    /// An offset inside a character is that of the character; one behind the
    /// end is the end.
    pub fn place(&self, offset: usize) -> Place {
        let offset = self.text.floor_char_boundary(offset);
        let index = self.index(offset);
        let start = self.starts.get(index).copied().unwrap_or_default();
        Place {
            line: index + 1,
            column: self.text[start..offset].chars().count() + 1,
        }
    }

    /// Returns the first byte of the line that holds `offset`, and the line
    /// without its end.
    pub fn line(&self, offset: usize) -> (usize, &'t str) {
        let offset = offset.min(self.text.len());
        let index = self.index(offset);
        let start = self.starts.get(index).copied().unwrap_or_default();
        let end = self.starts.get(index + 1);
        let line = &self.text[start..end.copied().unwrap_or(self.text.len())];
        let line = line.strip_suffix('\n').unwrap_or(line);
        (start, line.strip_suffix('\r').unwrap_or(line))
    }

    /// Returns which line holds `offset`, counted from zero.
    fn index(&self, offset: usize) -> usize {
        let begun = self.starts.partition_point(|start| *start <= offset);
        begun.saturating_sub(1)
    }
}
