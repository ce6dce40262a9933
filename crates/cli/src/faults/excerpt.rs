//! One fault as text: the message, the place, the line with carets, the help.

use annotate_snippets::{AnnotationKind, Level, Renderer, Snippet};

use super::Shown;

/// How many columns a text is wrapped to, as far as words can be parted.
const WIDTH: usize = 80;

/// Returns a fault as text, without a line end.
pub(super) fn render(shown: &Shown<'_>, colours: bool) -> String {
    let gutter = shown
        .place
        .as_ref()
        .map_or(1, |located| located.place.line.to_string().len());
    let message = wrapped(&shown.fault.message, "error: ".len());
    let help = shown.fault.help.as_deref().map(|help| {
        let before = gutter + " = help: ".len();
        Level::HELP.message(wrapped(help, before))
    });
    let title = Level::ERROR.primary_title(message);
    let group = match &shown.place {
        None => title.elements(help),
        Some(located) => {
            let (begin, line) = located.line;
            // A fault may go on over many lines; the first one shows where it is.
            let within = |at: usize| line.floor_char_boundary(at.saturating_sub(begin));
            let caret = within(shown.fault.span.start)..within(shown.fault.span.end);
            let snippet = Snippet::source(line)
                .path(printable(&located.dossier.name))
                .line_start(located.place.line)
                .annotation(AnnotationKind::Primary.span(caret));
            title.element(snippet).elements(help)
        }
    };
    let renderer = if colours {
        Renderer::styled()
    } else {
        Renderer::plain()
    };
    renderer.term_width(WIDTH).render(&[group])
}

/// Breaks a text into lines of [`WIDTH`] columns, of which `before` are taken.
fn wrapped(text: &str, before: usize) -> String {
    let room = WIDTH.saturating_sub(before);
    let mut lines = String::new();
    let mut taken = 0;
    for word in printable(text).split(' ') {
        // What is beyond the Western scripts may take two columns.
        let width: usize = word
            .chars()
            .map(|c| if c < '\u{1100}' { 1 } else { 2 })
            .sum();
        if taken > 0 && taken + 1 + width > room {
            lines.push('\n');
            taken = 0;
        } else if taken > 0 {
            lines.push(' ');
            taken += 1;
        }
        lines.push_str(word);
        taken += width;
    }
    lines
}

/// Writes out what would move the cursor or turn the text around.
fn printable(text: &str) -> String {
    let mut printable = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' => {
                printable.extend(c.escape_unicode());
            }
            _ if c.is_control() => printable.extend(c.escape_default()),
            _ => printable.push(c),
        }
    }
    printable
}
