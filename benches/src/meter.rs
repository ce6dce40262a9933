//! The clocks of one phase: how long each submission took, and how long the
//! processors were at work for it.

use std::time::{Duration, Instant};

use rustix::time::{ClockId, clock_gettime};

/// Submissions and how long each took.
#[derive(Default)]
pub(crate) struct Meter {
    each: Vec<Duration>,
    processor: Duration,
}

/// How long something took.
#[derive(Clone, Copy, Default)]
pub(crate) struct Took {
    /// By the clock on the wall, waiting for the disk included.
    pub(crate) wall: Duration,
    /// By the processors, all threads of this process together.
    pub(crate) processor: Duration,
}

impl Meter {
    /// Does something and notes how long it took.
    pub(crate) fn time<T>(&mut self, work: impl FnOnce() -> T) -> T {
        let (done, took) = timed(work);
        self.each.push(took.wall);
        self.processor += took.processor;
        done
    }

    /// Returns how long all took together.
    pub(crate) fn total(&self) -> Took {
        Took {
            wall: self.each.iter().sum(),
            processor: self.processor,
        }
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
pub(crate) fn timed<T>(work: impl FnOnce() -> T) -> (T, Took) {
    let (start, before) = (Instant::now(), processor());
    let done = work();
    let took = Took {
        wall: start.elapsed(),
        processor: processor().saturating_sub(before),
    };
    (done, took)
}

/// Returns how long this process has been at work.
fn processor() -> Duration {
    let time = clock_gettime(ClockId::ProcessCPUTime);
    Duration::try_from(time).unwrap_or_default()
}

impl std::ops::Add for Took {
    type Output = Self;

    fn add(self, other: Self) -> Self {
        Self {
            wall: self.wall + other.wall,
            processor: self.processor + other.processor,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_slowest_is_within_a_hundred_per_cent() {
        let each = (1..=10).map(Duration::from_millis).collect();
        let meter = Meter {
            each,
            ..Meter::default()
        };

        assert!((meter.within(100) - 10.0).abs() < 1e-9);
        assert!((meter.within(50) - 6.0).abs() < 1e-9);
        assert!((meter.first_tenth() - 0.001).abs() < 1e-9);
        assert!((meter.last_tenth() - 0.010).abs() < 1e-9);
    }
}
