//! Repair: making what is damaged again from what is whole.
//!
//! Nothing is guessed. An entry is taken from the roll, from the store or from a copy
//! elsewhere only if the chain proves it; what was damaged is kept aside; what is made
//! is verified before it takes its place. Deciding that something is damaged is
//! verifying's affair.

mod elsewhere;
mod error;
mod lost;
mod make;
mod merge;
pub(crate) mod source;
mod taken;

use std::path::Path;

use chancery_chain::{Finding, Severity};

use crate::expunge;
use crate::files;
use crate::floor::Floor;
use crate::lock::Lock;
use crate::roll::ROLL_FOLDER;
use crate::roll::reader::RollReader;
use crate::signers::Signers;
use crate::store::{IndexOf, working};
use crate::verify::{Report, verify_whole_roll};
use elsewhere::Elsewhere;
pub use elsewhere::OtherCopy;
pub use error::RepairError;
use make::{Made, exchange, make_roll};
use merge::Merge;
use source::Own;

/// The folder in which a roll is made before it takes its place.
pub(crate) const WORKSHOP: &str = "repair.new";

/// What a repair did.
#[derive(Debug)]
pub struct Repaired {
    /// What was done, in sentences, as notices.
    pub done: Vec<Finding>,
    /// What a copy elsewhere holds and could not be taken.
    pub left: Vec<Finding>,
    /// What verifying says now.
    pub report: Report,
}

/// Makes the roll of the ledger in `folder` anew, if it is damaged, out of the
/// entries of the roll, the store and another copy, if one is given, that the chain
/// proves. What goes on from here in that copy under the keys of this ledger is
/// taken too.
///
/// # Errors
/// Something is lost in all copies, or the other one is not of this ledger, or has
/// another history, or a file cannot be written. Nothing was changed.
pub fn repair_roll(folder: &Path, other: Option<&OtherCopy>) -> Result<Repaired, RepairError> {
    let _lock = Lock::take(folder)?;
    let mut before = verify_whole_roll(folder).ok();
    let mut done = Vec::new();
    if let Some(destroyed) = destroyed(folder, before.as_ref())? {
        if other.is_none() {
            return Ok(destroyed);
        }
        done = destroyed.done;
        before = Some(destroyed.report);
    }
    let floor = floor(folder, before.as_ref())?;
    let mut own = Own::open(folder)?;
    let other = other.map(|other| Elsewhere::judge(other, &mut own, floor.best()));
    let other = other.transpose()?;
    let whole = before.as_ref().filter(|report| !report.is_damaged());
    if let Some(report) = whole
        && !has_more(&own, other.as_ref(), report)
    {
        let left = other.map(|other| other.left(report.size));
        return Ok(nothing_to_repair(done, left.unwrap_or_default(), report));
    }
    let made = make_roll(folder, Merge::of(own, other), &floor, before.as_ref())?;
    if let Some(before) = whole.filter(|before| before.size >= made.size && !has_gap(before)) {
        // What a copy says that it holds besides cannot be proven.
        files::remove_folder(&folder.join(WORKSHOP))?;
        return Ok(nothing_to_repair(done, made.left, before));
    }
    done.push(put_in_place(folder, &made, whole.is_some())?);
    done.extend(made.taken);
    let destroyed = expunge::complete_begun(folder)?;
    done.extend(expunge::completed(&destroyed));
    Ok(Repaired {
        done,
        left: made.left,
        report: made.report,
    })
}

/// Returns what was said of the ledger's size, as far as it is to be believed.
fn floor(folder: &Path, before: Option<&Report>) -> Result<Floor, RepairError> {
    let floor = Floor::read(folder)?;
    Ok(match before.and_then(Signers::found) {
        Some(signers) => floor.believed(&signers),
        None => floor,
    })
}

/// Returns whether the store or the copy elsewhere holds something that a roll which
/// is in order does not: what the store holds beyond it, the roll has lost.
fn has_more(own: &Own, other: Option<&Elsewhere>, roll: &Report) -> bool {
    let beyond = other.is_some_and(|other| other.size() > roll.size);
    own.size_of_store() > roll.size || beyond || (other.is_some() && has_gap(roll))
}

fn has_gap(report: &Report) -> bool {
    report.worst() == Some(Severity::Gap)
}

/// Puts the roll that was made in its place, and tells what became of the old one.
fn put_in_place(folder: &Path, made: &Made, whole: bool) -> Result<Finding, RepairError> {
    let there = folder.join(ROLL_FOLDER).exists();
    let aside = exchange(folder)?;
    let old = if whole {
        "what was there"
    } else {
        "what was damaged"
    };
    let kept = if !there {
        "there was none".to_owned()
    } else if made.holds_expunged {
        expunge::remove_kept_aside(folder)?;
        format!("{old} is gone, since it held what was expunged")
    } else {
        format!("{old} is kept as {}", aside.display())
    };
    let message = format!("the roll was made anew, {} entries; {kept}", made.size);
    Ok(Finding::notice("roll-remade", message).file(ROLL_FOLDER))
}

/// Completes the destruction of bodies that an expunging names, if nothing but that is
/// to be done, so that none of them is kept aside.
fn destroyed(folder: &Path, before: Option<&Report>) -> Result<Option<Repaired>, RepairError> {
    let Some(before) = before else {
        return Ok(None);
    };
    let mut damage = before.findings.iter();
    let is_damage = |found: &&Finding| found.severity == Severity::Damage;
    let other = |found: &Finding| found.code != "body-not-destroyed";
    if !before.is_damaged() || damage.by_ref().filter(is_damage).any(other) {
        return Ok(None);
    }
    let Some(destroyed) = expunge::complete_all(folder)? else {
        return Ok(None);
    };
    let done = expunge::completed(&destroyed).collect();
    let (left, report) = (Vec::new(), verify_whole_roll(folder)?);
    Ok(Some(Repaired { done, left, report }))
}

fn nothing_to_repair(mut done: Vec<Finding>, left: Vec<Finding>, report: &Report) -> Repaired {
    let message = "the roll is whole; nothing was done";
    done.push(Finding::notice("nothing-to-repair", message));
    let report = report.clone();
    Repaired { done, left, report }
}

/// Makes the store of the ledger in `folder` anew from the roll.
///
/// # Errors
/// The roll is damaged, or a file cannot be written.
pub fn repair_store(folder: &Path, index: &IndexOf) -> Result<Vec<Finding>, RepairError> {
    let _lock = Lock::take(folder)?;
    let reader = RollReader::open(folder)?;
    let kept = working::put_away(folder, &reader)?;
    let _ = working::remake(folder, &reader, index)?;
    let message = format!("the store was made anew, {} entries{kept}", reader.size());
    Ok(vec![Finding::notice("store-remade", message).file("store")])
}
