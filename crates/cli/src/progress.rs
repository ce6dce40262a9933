//! Progress: a bar with the time left, for whatever takes over a second.

use std::io::IsTerminal;
use std::time::{Duration, Instant};

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

/// How long something may take before it shows a bar.
const PATIENCE: Duration = Duration::from_secs(1);

/// A bar on standard error that shows itself only after a second, and only to people.
pub(crate) struct Progress {
    bar: ProgressBar,
    started: Instant,
    shown: bool,
    wanted: bool,
}

impl Progress {
    /// Returns the progress of something called `what`, counted in `unit`.
    pub(crate) fn new(what: &'static str, unit: &str, quiet: bool) -> Self {
        let bar = ProgressBar::with_draw_target(None, ProgressDrawTarget::hidden());
        let template =
            format!("{{prefix}} {{wide_bar}} {{human_pos}}/{{human_len}} {unit}, {{eta}} left");
        if let Ok(style) = ProgressStyle::with_template(&template) {
            bar.set_style(style);
        }
        bar.set_prefix(what);
        let wanted = !quiet && std::io::stderr().is_terminal();
        Self {
            bar,
            started: Instant::now(),
            shown: false,
            wanted,
        }
    }

    /// Says how much is done, and of how much.
    pub(crate) fn at(&mut self, done: u64, total: u64) {
        if !self.shown {
            if !self.wanted || self.started.elapsed() < PATIENCE {
                return;
            }
            self.shown = true;
            self.bar.set_draw_target(ProgressDrawTarget::stderr());
        }
        self.bar.set_length(total);
        self.bar.set_position(done);
    }
}

impl Drop for Progress {
    fn drop(&mut self) {
        self.bar.finish_and_clear();
    }
}
