//! Style: what stands out on a terminal, and whether anything may.
//!
//! Nothing is coloured unless somebody is looking, or it was asked for.

use std::io::IsTerminal as _;

use crate::args::Color;

const BOLD: &str = "\u{1b}[1m";
const DIM: &str = "\u{1b}[2m";
const YELLOW: &str = "\u{1b}[33m";
const RESET: &str = "\u{1b}[0m";

/// How text is made to stand out: in colours, or not at all.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Style {
    coloured: bool,
}

impl Style {
    /// The style that adds nothing.
    pub const PLAIN: Self = Self { coloured: false };

    /// Returns the style for the standard output.
    pub fn of(color: Color) -> Self {
        let coloured = match color {
            Color::Always => true,
            Color::Never => false,
            Color::Auto => {
                let unwanted = std::env::var_os("NO_COLOR").is_some_and(|value| !value.is_empty());
                let dumb = std::env::var_os("TERM").is_some_and(|value| value == "dumb");
                std::io::stdout().is_terminal() && !unwanted && !dumb
            }
        };
        Self { coloured }
    }

    /// Returns the text as a heading or an id.
    pub fn strong(self, text: &str) -> String {
        self.wrapped(BOLD, text)
    }

    /// Returns the text as an aside.
    pub fn faint(self, text: &str) -> String {
        self.wrapped(DIM, text)
    }

    /// Returns the text as something to be looked at.
    pub fn marked(self, text: &str) -> String {
        self.wrapped(YELLOW, text)
    }

    fn wrapped(self, code: &str, text: &str) -> String {
        if self.coloured && !text.is_empty() {
            format!("{code}{text}{RESET}")
        } else {
            text.to_owned()
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn plain_text_is_left_alone() {
        assert_eq!(Style::PLAIN.strong("text"), "text");
    }

    #[test]
    fn colours_come_when_they_are_asked_for() {
        assert_eq!(
            Style::of(Color::Always).strong("text"),
            "\u{1b}[1mtext\u{1b}[0m"
        );
        assert_eq!(Style::of(Color::Never), Style::PLAIN);
    }
}
