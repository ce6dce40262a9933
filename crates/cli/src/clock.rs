//! The clock: the one place that asks what time it is.

use std::time::{Duration, SystemTime};

use chancery_chain::Instant;
use chancery_core::day::Day;
use jiff::Timestamp;

/// A day's length in microseconds.
const DAY: u64 = 24 * 60 * 60 * 1_000_000;

/// Returns the present moment.
#[allow(clippy::disallowed_methods)]
pub fn now() -> Instant {
    let since = SystemTime::now()
        .duration_since(SystemTime::UNIX_EPOCH)
        .unwrap_or_default();
    Instant::from_micros(u64::try_from(since.as_micros()).unwrap_or(u64::MAX))
}

/// Returns how long ago a moment was; nothing, if the clock was set back since.
pub fn since(moment: Instant) -> Duration {
    Duration::from_micros(now().micros().saturating_sub(moment.micros()))
}

/// Returns the day (UTC) of a moment.
pub fn day_of(moment: Instant) -> Day {
    Day::new(i64::try_from(moment.micros() / DAY).unwrap_or(i64::MAX))
}

/// Returns the first moment after a day (UTC), or `None` for a day before 1970.
pub fn end_of(day: Day) -> Option<Instant> {
    let next = u64::try_from(day.days().checked_add(1)?).ok()?;
    next.checked_mul(DAY).map(Instant::from_micros)
}

/// Returns a moment as people and programs read it: `2016-08-27T12:44:00Z`.
pub fn written(moment: Instant) -> String {
    let micros = i64::try_from(moment.micros()).unwrap_or(i64::MAX);
    Timestamp::from_microsecond(micros).map_or_else(
        |_| format!("{} µs after 1970", moment.micros()),
        |time| time.to_string(),
    )
}

/// Returns a moment to the second, for tables.
pub fn written_short(moment: Instant) -> String {
    let seconds = i64::try_from(moment.micros() / 1_000_000).unwrap_or(i64::MAX);
    Timestamp::from_second(seconds).map_or_else(|_| written(moment), |time| time.to_string())
}
