//! The roster: which snapshots sled had when the working copy was last touched.
//!
//! sled makes a snapshot that is missing again from its other file, without a
//! word. Nothing is lost by that; but whoever deleted it is to be told that it
//! was missed. The roster lies beside sled's files and is as disposable as they.

use std::fs;
use std::path::{Path, PathBuf};

/// The beginning of the names of sled's snapshots.
const SNAPSHOT: &str = "snap.";

const FIRST_LINE: &str = "snapshots of the store\n";
const LAST_LINE: &str = "no more\n";

fn roster_file(folder: &Path) -> PathBuf {
    folder.join("roster")
}

/// Notes which snapshots there are now, and how long.
///
/// If it cannot be written, the working copy is made again when it is next
/// opened: that costs time, and nothing else.
pub(crate) fn note(folder: &Path) {
    let mut text = FIRST_LINE.to_owned();
    for (name, length) in snapshots(folder) {
        text.push_str(&format!("{name} {length}\n"));
    }
    text.push_str(LAST_LINE);
    if let Err(fault) = fs::write(roster_file(folder), text) {
        tracing::warn!(%fault, "the store's roster cannot be written");
    }
}

/// Returns the first snapshot that is missing or has another length, in a
/// phrase, if one is; or that there is no roster.
pub(crate) fn missed(folder: &Path) -> Option<String> {
    let text = fs::read_to_string(roster_file(folder)).unwrap_or_default();
    let whole = text
        .strip_prefix(FIRST_LINE)
        .and_then(|rest| rest.strip_suffix(LAST_LINE));
    let Some(text) = whole else {
        return Some("its roster is missing or cut".to_owned());
    };
    let there = snapshots(folder);
    // A line that does not read names no file that is there.
    let known = text
        .lines()
        .map(|line| line.split_once(' ').unwrap_or((line, "")));
    let missed = known.into_iter().find(|(name, length)| {
        !there
            .iter()
            .any(|(other, found)| other == name && found.to_string() == *length)
    });
    missed.map(|(name, _)| format!("its file {name} is missing or has another length"))
}

fn snapshots(folder: &Path) -> Vec<(String, u64)> {
    let Ok(files) = fs::read_dir(folder) else {
        return Vec::new();
    };
    let mut found: Vec<_> = files
        .filter_map(|file| {
            let file = file.ok()?;
            let name = file.file_name().into_string().ok()?;
            let length = file.metadata().ok()?.len();
            name.starts_with(SNAPSHOT).then_some((name, length))
        })
        .collect();
    found.sort();
    found
}
