//! The timeline as a self-contained SVG: no script, no outside font, and a
//! title and description for whoever does not see it.
//!
//! What is uncertain fades: a day within a window is a bar that comes and goes,
//! what lasted fades in over the days on which it may have begun and out over
//! those on which it may have ended.

use std::fmt::Write as _;

use chancery_core::day::Day;
use chancery_core::replay::{Chronicled, Lasted, Readings};
use chancery_core::window::Window;

use super::scale::ticks;
use super::{Stretch, Timeline, what, when};
use crate::view::markup::escape;
use crate::view::page::clean;

const LABELS: f64 = 430.0;
const PICTURE: f64 = 640.0;
const MARGIN: f64 = 16.0;
const ROW: f64 = 24.0;
const TOP: f64 = 76.0;
/// How many characters of a label fit.
const FIT: usize = 66;
/// How many columns the labels of the scale are laid out in.
const COLUMNS: usize = 88;
const STYLE: &str = "text{font:12px sans-serif;fill:#222}.head{font-size:15px;font-weight:bold}.scale{fill:#555}\
.grid{stroke:#ddd}.line{stroke:#eee}.day,.bar,.arrow{fill:#1f5a94}.lost .day,.lost .bar,.lost .arrow{fill:#999}\
.sure{stop-color:#1f5a94;stop-opacity:1}.maybe{stop-color:#1f5a94;stop-opacity:.35}.out{stop-color:#1f5a94;stop-opacity:.06}";

/// Returns the picture of a timeline.
pub fn picture(readings: &Readings, timeline: &Timeline<'_>, title: &str) -> String {
    let rows = timeline.rows.len() + timeline.undated.len();
    let height = TOP + ROW * count(rows.max(1)) + MARGIN;
    let width = LABELS + PICTURE + 2.0 * MARGIN;
    let mut svg = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {width} {height}\" \
         width=\"{width}\" height=\"{height}\" role=\"img\" aria-labelledby=\"title desc\">\n\
         <title id=\"title\">Timeline of {title}</title>\n<desc id=\"desc\">{}</desc>\n\
         <style>{STYLE}</style>\n<rect width=\"100%\" height=\"100%\" fill=\"#fff\"/>\n\
         <text class=\"head\" x=\"{MARGIN}\" y=\"28\">{title}</text>\n",
        escape(&described(timeline)),
        title = escape(title),
    );
    if let Some(stretch) = timeline.stretch {
        scale(&mut svg, stretch, height - MARGIN);
    }
    let all = timeline.rows.iter().chain(&timeline.undated).enumerate();
    for (place, item) in all {
        row(&mut svg, readings, item, place, timeline.stretch);
    }
    svg + "</svg>\n"
}

fn described(timeline: &Timeline<'_>) -> String {
    let rows = timeline.rows.len() + timeline.undated.len();
    let rows = crate::view::say::number(rows, "row", "rows");
    let days = timeline.stretch.map_or_else(String::new, |stretch| {
        format!(" from {} to {}", stretch.first, stretch.last)
    });
    format!(
        "{rows}{days}. A dot is a day that is known, a bar what lasted; what is uncertain fades, \
         and an arrow says that something goes on beyond the picture."
    )
}

fn scale(svg: &mut String, stretch: Stretch, bottom: f64) {
    for tick in ticks(stretch, COLUMNS) {
        let x = LABELS + MARGIN + PICTURE * (count(tick.column) + 0.5) / count(COLUMNS);
        // Writing to a String cannot fail.
        let _ = writeln!(
            svg,
            "<line class=\"grid\" x1=\"{x:.1}\" y1=\"58\" x2=\"{x:.1}\" y2=\"{bottom:.1}\"/>\
             <text class=\"scale\" x=\"{:.1}\" y=\"54\">{}</text>",
            x - 2.0,
            escape(&tick.label),
        );
    }
}

fn row(
    svg: &mut String,
    readings: &Readings,
    item: &Chronicled,
    place: usize,
    stretch: Option<Stretch>,
) {
    let y = TOP + ROW * count(place);
    let entry = format!(" #{}", item.seq);
    let said = clean(&format!("{} {}", when(item), what(readings, item)));
    let room = FIT.saturating_sub(entry.chars().count());
    let mut short: String = said.chars().take(room).collect();
    if short.chars().count() < said.chars().count() {
        short.pop();
        short.push('…');
    }
    let (told, short) = (said + &entry, short + &entry);
    let class = if item.unsupported.is_some() {
        " class=\"lost\""
    } else {
        ""
    };
    let _ = write!(
        svg,
        "<g{class}><title>{}</title><line class=\"line\" x1=\"{MARGIN}\" y1=\"{line:.1}\" x2=\"{:.1}\" \
         y2=\"{line:.1}\"/><text x=\"{MARGIN}\" y=\"{:.1}\">{}</text>",
        escape(&told),
        MARGIN + LABELS + PICTURE,
        y + 4.0,
        escape(&short),
        line = y + ROW / 2.0,
    );
    if let Some(stretch) = stretch.filter(|_| item.extent() != Window::UNKNOWN) {
        Drawing { stretch, y, place }.draw(svg, item);
    }
    svg.push_str("</g>\n");
}

/// Where an item is drawn.
struct Drawing {
    stretch: Stretch,
    y: f64,
    place: usize,
}

impl Drawing {
    fn draw(&self, svg: &mut String, item: &Chronicled) {
        if let (Lasted::Day, Some(day)) = (item.lasted, item.begun.day()) {
            let x = f64::midpoint(self.left(day), self.right(day));
            let _ = write!(
                svg,
                "<circle class=\"day\" cx=\"{x:.1}\" cy=\"{:.1}\" r=\"5\"/>",
                self.y
            );
            return;
        }
        let extent = item.extent();
        let (start, end) = (self.left(extent.lo()), self.right(extent.hi()));
        let end = end.max(start + 6.0);
        let id = format!("fade{}", self.place);
        let _ = write!(
            svg,
            "<defs><linearGradient id=\"{id}\" gradientUnits=\"userSpaceOnUse\" x1=\"{start:.1}\" y1=\"0\" \
             x2=\"{end:.1}\" y2=\"0\">{}</linearGradient></defs><rect class=\"bar\" x=\"{start:.1}\" y=\"{:.1}\" \
             width=\"{:.1}\" height=\"10\" rx=\"2\" style=\"fill:url(#{id})\"/>",
            self.stops(item, start, end),
            self.y - 5.0,
            end - start,
        );
        if extent.lo() < self.stretch.first {
            self.arrow(svg, start, -7.0);
        }
        if self.stretch.last < extent.hi() {
            self.arrow(svg, end, 7.0);
        }
    }

    /// Returns how the bar of an item fades, from its left end to its right one.
    fn stops(&self, item: &Chronicled, start: f64, end: f64) -> String {
        let sure_from = self.left(item.begun.hi());
        let sure_to = match item.lasted {
            Lasted::Day => start,
            Lasted::Through(last) => self.right(last.lo()),
            Lasted::Open => end,
        };
        let at = |x: f64| ((x - start) / (end - start)).clamp(0.0, 1.0);
        let stop =
            |x: f64, class: &str| format!("<stop offset=\"{:.3}\" class=\"{class}\"/>", at(x));
        if item.lasted == Lasted::Day || sure_to <= sure_from {
            let middle = f64::midpoint(start, end);
            return stop(start, "out") + &stop(middle, "maybe") + &stop(end, "out");
        }
        let fades_in = item.begun.lo() < item.begun.hi() && sure_from > start;
        let mut stops = String::new();
        if fades_in {
            stops += &stop(start, "out");
        }
        stops += &(stop(sure_from, "sure") + &stop(sure_to, "sure"));
        if sure_to < end {
            stops += &stop(end, "out");
        }
        stops
    }

    fn arrow(&self, svg: &mut String, x: f64, point: f64) {
        let (y, base) = (self.y, x - point / 7.0);
        let _ = write!(
            svg,
            "<path class=\"arrow\" d=\"M{base:.1} {:.1}L{:.1} {y:.1}L{base:.1} {:.1}Z\"/>",
            y - 6.0,
            x + point,
            y + 6.0,
        );
    }

    /// Returns where a day begins, within the picture.
    fn left(&self, day: Day) -> f64 {
        self.x(day.days().saturating_sub(self.stretch.first.days()))
    }

    /// Returns where a day ends, within the picture.
    fn right(&self, day: Day) -> f64 {
        let days = day.days().saturating_sub(self.stretch.first.days());
        self.x(days.saturating_add(1))
    }

    #[allow(clippy::cast_precision_loss)] // A picture is not finer than its pixels.
    fn x(&self, days: i64) -> f64 {
        let days = days.clamp(0, self.stretch.days()) as f64;
        LABELS + MARGIN + PICTURE * days / self.stretch.days() as f64
    }
}

#[allow(clippy::cast_precision_loss)] // As above: rows and columns are few.
fn count(count: usize) -> f64 {
    count as f64
}
