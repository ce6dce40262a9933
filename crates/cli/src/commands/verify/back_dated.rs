//! Entries that claim to be older than those allow who saw checkpoints: witnesses,
//! and authorities on time.

use std::path::Path;

use chancery_chain::{Finding, Instant, Size};
use chancery_ledger::verify::Verified;
use chancery_ledger::vouched::{BackDated, Vouched};
use chancery_store::RollReader;

use super::signed::{Signed, agrees};
use super::stamped::Stamped;
use crate::clock;

/// When a checkpoint was seen, by the word of those who are believed.
struct Seen<'a> {
    /// The file that says so.
    file: &'a str,
    size: Size,
    /// Not before this.
    earliest: Instant,
    /// Not after this.
    latest: Instant,
}

/// Names the entries that are dated before a time at which they were not there.
pub(super) fn tell(folder: &Path, signed: &[Signed], stamped: &[Stamped], verified: &mut Verified) {
    // What cannot be read has been told already.
    let Ok(roll) = RollReader::open(folder) else {
        return;
    };
    let cosigned = signed.iter().filter(|it| agrees(&it.name, verified));
    let stamps = stamped.iter().filter(|it| agrees(&it.checkpoint, verified));
    let seen: Vec<Seen<'_>> = cosigned
        .filter_map(by_witnesses)
        .chain(stamps.map(by_an_authority))
        .collect();
    let others: Vec<Vouched> = seen
        .iter()
        .map(|seen| vouched(seen.size, seen.latest))
        .collect();
    let mut findings = Vec::new();
    for seen in &seen {
        let runs = vouched(seen.size, seen.earliest).back_dated(&roll, &others);
        let runs = runs.unwrap_or_default();
        findings.extend(runs.iter().map(|run| finding(seen, run)));
    }
    verified.report.findings.append(&mut findings);
}

fn vouched(size: Size, at: Instant) -> Vouched {
    Vouched { size, at }
}

fn by_witnesses(signed: &Signed) -> Option<Seen<'_>> {
    let believed = &signed.believed;
    let last = believed.cosigned.iter().map(|cosigned| cosigned.seen).max();
    let earliest = believed.seen?;
    Some(Seen {
        file: &signed.name,
        size: believed.checkpoint.size(),
        earliest,
        // Whoever has one witness's key shall clear nothing that the others accuse.
        latest: last.unwrap_or(earliest),
    })
}

fn by_an_authority(stamped: &Stamped) -> Seen<'_> {
    let (micros, accuracy) = (stamped.stamp.micros, stamped.stamp.accuracy.unwrap_or(0));
    Seen {
        file: &stamped.name,
        size: stamped.size,
        earliest: Instant::from_micros(micros.saturating_sub(accuracy)),
        latest: Instant::from_micros(micros.saturating_add(accuracy)),
    }
}

fn finding(seen: &Seen<'_>, run: &BackDated) -> Finding {
    let (size, at) = (seen.size, clock::written_short(seen.earliest));
    let message = format!("appended after {at}, when there were {size} entries, and dated before");
    let finding = Finding::damage("back-dated", message).between(run.first, run.last);
    let claimed = clock::written_short(run.claimed);
    finding.values(at, claimed).file(seen.file)
}
