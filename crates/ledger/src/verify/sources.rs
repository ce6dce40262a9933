//! Comparing the source files with what the records say of them.
//!
//! Files are hashed in pieces, several at once, and never held whole.

use std::path::Path;

use chancery_chain::{Digest, Finding};
use chancery_store::open_plain;
use chancery_store::verify::ahead::in_order;

use super::records::Spoken;
use crate::custody::{Custody, FOLDER};

/// Hashes every file spoken of; returns how many there were.
///
/// `files` stand together by their digests.
pub(super) fn check(folder: &Path, files: &[Spoken], findings: &mut Vec<Finding>) -> u64 {
    let custody = Custody::of(folder);
    let groups: Vec<&[Spoken]> = files.chunk_by(|a, b| a.digest == b.digest).collect();
    let mut hashed = 0;
    let look = |index: u64| {
        let group = usize::try_from(index).ok().and_then(|at| groups.get(at));
        group.map(|group| compare(&custody, group))
    };
    in_order(groups.len() as u64, &look, |_, compared| {
        let (held, finding) = compared.unwrap_or((false, None));
        hashed += u64::from(held);
        findings.extend(finding);
    });
    hashed
}

/// Compares the file that these records speak of; returns whether it is there.
fn compare(custody: &Custody, group: &[Spoken]) -> (bool, Option<Finding>) {
    let (Some(first), Some(last)) = (group.first(), group.last()) else {
        return (false, None);
    };
    let digest = first.digest;
    let held = open_plain(&custody.path(&digest)).and_then(|_| custody.digest(&digest));
    let (held, finding) = match held {
        Ok((found, length)) if found == digest && length == first.length => return (true, None),
        Ok((found, _)) => {
            let message = format!("the source file of {} was altered", entries(group));
            let finding = Finding::damage("source-altered", message);
            (true, finding.values(digest, found))
        }
        Err(error) => {
            let message = format!(
                "the source file of {} cannot be read: {error}",
                entries(group)
            );
            (false, Finding::damage("source-missing", message))
        }
    };
    let finding = finding.between(first.entry, last.entry);
    (held, Some(finding.file(format!("{FOLDER}/{digest}"))))
}

/// Tells files in the folder of sources that no record speaks of: left behind
/// by a submission that was not recorded, or put there. Where not `all` records could
/// be read, nobody knows of which files they speak.
pub(super) fn strays(folder: &Path, files: &[Spoken], all: bool) -> Vec<Finding> {
    let names = match Custody::of(folder).names() {
        Ok(names) => names,
        Err(error) => {
            let message = format!("the folder of sources cannot be read: {error}");
            return vec![Finding::damage("sources-unreadable", message).file(FOLDER)];
        }
    };
    let spoken = |digest: Digest| {
        let found = files.binary_search_by_key(&digest, |file| file.digest);
        found.is_ok()
    };
    let stray = |name: &String| all && !name.parse().is_ok_and(spoken);
    let notice = |name: String| {
        let message = format!("no record speaks of the file {name}");
        Finding::notice("source-unreferenced", message).file(format!("{FOLDER}/{name}"))
    };
    names.into_iter().filter(stray).map(notice).collect()
}

fn entries(group: &[Spoken]) -> String {
    let names: Vec<String> = group
        .iter()
        .map(|file| format!("entry {}", file.entry))
        .collect();
    names.join(", ")
}
