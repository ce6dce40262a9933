//! The clock of one phase: how long each submission took.

use std::time::{Duration, Instant};

/// Submissions and how long each took.
#[derive(Default)]
pub(crate) struct Meter {
    each: Vec<Duration>,
}

impl Meter {
    /// Does something and notes how long it took.
    pub(crate) fn time<T>(&mut self, work: impl FnOnce() -> T) -> T {
        let (done, took) = timed(work);
        self.each.push(took);
        done
    }

    /// Returns how long all took together, in seconds.
    pub(crate) fn total(&self) -> f64 {
        self.each.iter().sum::<Duration>().as_secs_f64()
    }

    /// Returns how long the first tenth of them took on the whole, in seconds.
    pub(crate) fn first_tenth(&self) -> f64 {
        self.each
            .iter()
            .take(self.tenth())
            .sum::<Duration>()
            .as_secs_f64()
    }

    /// Returns how long the last tenth of them took on the whole, in seconds.
    pub(crate) fn last_tenth(&self) -> f64 {
        self.each
            .iter()
            .rev()
            .take(self.tenth())
            .sum::<Duration>()
            .as_secs_f64()
    }

    /// Returns the time that so many in a hundred took at most, in milliseconds.
    pub(crate) fn within(&self, per_cent: usize) -> f64 {
        let mut sorted = self.each.clone();
        sorted.sort_unstable();
        let last = sorted.len().saturating_sub(1);
        let place = sorted.len() * per_cent / 100;
        sorted
            .get(place.min(last))
            .map_or(0.0, |took| took.as_secs_f64() * 1e3)
    }

    fn tenth(&self) -> usize {
        (self.each.len() / 10).max(1)
    }
}

/// Does something and returns how long it took.
pub(crate) fn timed<T>(work: impl FnOnce() -> T) -> (T, Duration) {
    let start = Instant::now();
    let done = work();
    (done, start.elapsed())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_slowest_is_within_a_hundred_per_cent() {
        let each = (1..=10).map(Duration::from_millis).collect();
        let meter = Meter { each };

        assert!((meter.within(100) - 10.0).abs() < 1e-9);
        assert!((meter.within(50) - 6.0).abs() < 1e-9);
        assert!((meter.first_tenth() - 0.001).abs() < 1e-9);
        assert!((meter.last_tenth() - 0.010).abs() < 1e-9);
    }
}
