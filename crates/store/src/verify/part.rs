//! A bundle of the roll, read as far as it can be, with its bodies and its tile.

use chancery_chain::bundle::decode_body_bundle;
use chancery_chain::seal::Entry;
use chancery_chain::tile::{TILE_WIDTH, decode_tile};
use chancery_chain::tree::leaf_hash;
use chancery_chain::{Envelope, Finding, Seq, Size, Slot, TreeHash};

use super::bundle;
use super::files::RollFiles;
use super::inventory::{Inventory, Sort, named};
use crate::roll::{BUNDLE, at, width_at};
use crate::tail::TAIL_FILE;
use crate::tail::parse::Tail;

/// So many bundles in a row may be missing by name before a number that
/// promises them is no longer believed.
const PATIENCE: u64 = 64 * BUNDLE;

/// A bundle, read as far as it can be.
pub(crate) struct Part {
    /// The envelopes' bytes, `None` for those that cannot be made out.
    pub(crate) envelopes: Vec<Option<Vec<u8>>>,
    /// The slots, `None` for those that cannot be made out; fewer if the file ends early.
    pub(crate) slots: Vec<Option<Slot>>,
    /// The leaves that the tile gives.
    pub(crate) leaves: Option<Vec<TreeHash>>,
    /// Whether its bodies were left out of this copy, which says so.
    pub(super) absent: bool,
}

impl Part {
    /// Reads the bundle of this index, which should have `width` entries, with
    /// its bodies if they are asked for.
    pub(crate) fn read(
        files: &RollFiles,
        findings: &mut Vec<Finding>,
        index: u64,
        width: u16,
        bodies: bool,
    ) -> Self {
        let leaves = stored_leaves(files, index, width);
        let bytes = file(files, findings, Sort::Entries, index, width);
        let (ranges, as_should) = match &bytes {
            Some(bytes) => bundle::envelopes(bytes, usize::from(width), leaves.as_deref()),
            None => (Vec::new(), true),
        };
        let bytes = bytes.unwrap_or_default();
        let mut envelopes: Vec<_> = ranges
            .into_iter()
            .map(|range| Some(bytes.get(range?)?.to_vec()))
            .collect();
        if envelopes.len() < usize::from(width) {
            envelopes.resize(usize::from(width), None);
        }
        if !as_should {
            let message = "the bundle of entries is not as it was written";
            findings.push(malformed(Sort::Entries, index, width, message));
        }
        let absent = bodies && files.without_bodies && !has_bodies(files, index, width);
        if absent {
            findings.push(left_out(index, width));
        }
        let slots = if bodies && !absent {
            let believed = believed(&envelopes, leaves.as_deref());
            slots(files, findings, index, width, &believed)
        } else {
            Vec::new()
        };
        Self {
            envelopes,
            slots,
            leaves,
            absent,
        }
    }

    /// Returns the leaf that the tile gives at this place.
    pub(super) fn leaf(&self, place: usize) -> Option<TreeHash> {
        self.leaves.as_ref()?.get(place).copied()
    }

    /// Returns the entries that could be read whole.
    pub(super) fn whole(&self) -> Vec<Entry> {
        let pairs = self.envelopes.iter().zip(&self.slots);
        pairs
            .filter_map(|(envelope, slot)| {
                Some(Entry {
                    envelope: envelope.clone()?,
                    slot: slot.clone()?,
                })
            })
            .collect()
    }
}

/// Returns how many entries are in bundles: by the tail's header, or, if that is
/// damaged, by its first frame, or by the names of the bundles.
pub(crate) fn settled(
    tail: Option<&Tail>,
    inventory: &Inventory,
    findings: &mut Vec<Finding>,
) -> Size {
    let by_name = inventory.settled();
    let header = tail.and_then(|tail| tail.header);
    let frame = tail.and_then(|tail| tail.frames.first());
    let said = match (header, frame) {
        (Some(header), _) => Size::new(header.first.get()),
        (None, Some(frame)) => Size::new(frame.first.get()).min(by_name),
        (None, None) => by_name,
    };
    let most = Size::new(by_name.get().saturating_add(PATIENCE));
    if said > most {
        let last = said.last_seq().unwrap_or(Seq::FIRST);
        let finding = Finding::damage(
            "file-missing",
            "the bundles that precede the tail are missing",
        );
        findings.push(finding.file(TAIL_FILE).between(most.next_seq(), last));
    }
    said.min(most)
}

/// Returns the finding that a bundle is not as it was written.
pub(super) fn malformed(sort: Sort, index: u64, width: u16, message: &str) -> Finding {
    let first = index * BUNDLE;
    let last = first + u64::from(width).saturating_sub(1);
    let finding = Finding::damage("bundle-malformed", message);
    let finding = finding.between(Seq::new(first), Seq::new(last));
    named(finding, &sort.path(index, width))
}

/// Returns whether there is a file with the bodies of this bundle, or a wider one.
fn has_bodies(files: &RollFiles, index: u64, width: u16) -> bool {
    let there = |width| at(files.folder(), &Sort::Bodies.path(index, width)).exists();
    there(width) || there(TILE_WIDTH)
}

/// Returns the finding that the bodies of a bundle were left out of this copy.
fn left_out(index: u64, width: u16) -> Finding {
    let first = index * BUNDLE;
    let last = first + u64::from(width).saturating_sub(1);
    let message = "bodies left out of this copy, which says so";
    let finding = Finding::gap("bodies-absent", message);
    named(finding, "bodies").between(Seq::new(first), Seq::new(last))
}

/// Returns the envelopes that can say how long a body is: those that the tile's
/// leaves do not contradict. Else one altered length would put all slots after it
/// in the wrong place.
fn believed(envelopes: &[Option<Vec<u8>>], leaves: Option<&[TreeHash]>) -> Vec<Option<Envelope>> {
    let leaf = |place: usize| leaves.and_then(|leaves| leaves.get(place));
    let one = |(place, bytes): (usize, &Option<Vec<u8>>)| {
        let bytes = bytes.as_deref()?;
        let vouched = leaf(place).is_none_or(|leaf| *leaf == leaf_hash(bytes));
        Envelope::decode(bytes).ok().filter(|_| vouched)
    };
    envelopes.iter().enumerate().map(one).collect()
}

fn slots(
    files: &RollFiles,
    findings: &mut Vec<Finding>,
    index: u64,
    width: u16,
    envelopes: &[Option<Envelope>],
) -> Vec<Option<Slot>> {
    let Some(bytes) = file(files, findings, Sort::Bodies, index, width) else {
        return Vec::new();
    };
    let (slots, as_should) = bundle::slots(&bytes, envelopes);
    if !as_should {
        let message = "the bundle of bodies is not as it was written";
        let mut finding = malformed(Sort::Bodies, index, width, message);
        if let Some(place) = slots.iter().position(Option::is_none) {
            finding = finding.at(Seq::new(index * BUNDLE + place as u64));
        }
        findings.push(finding);
    }
    slots
}

/// Returns the leaves in the tile over a bundle, if it reads.
pub(super) fn stored_leaves(files: &RollFiles, index: u64, width: u16) -> Option<Vec<TreeHash>> {
    // What is wrong with the tile is said when it is compared.
    let path = Sort::Tree(0).path(index, width);
    let bytes = files.read(&path, &mut Vec::new())?;
    decode_tile(&bytes).filter(|leaves| leaves.len() == usize::from(width))
}

/// Reads a bundle's file; says so if it is missing.
fn file(
    files: &RollFiles,
    findings: &mut Vec<Finding>,
    sort: Sort,
    index: u64,
    width: u16,
) -> Option<Vec<u8>> {
    let path = sort.path(index, width);
    let before = findings.len();
    let bytes = files.read(&path, findings).or_else(|| {
        let settled = Size::new(index * BUNDLE + u64::from(width));
        let now = files.moved_on(settled)?;
        let wider = sort.path(index, width_at(index, now));
        let bytes = files.read(&wider, findings)?;
        prefix(sort, &bytes, usize::from(width)).map(<[u8]>::to_vec)
    });
    if bytes.is_none() && findings.len() == before {
        let first = index * BUNDLE;
        let last = first + u64::from(width).saturating_sub(1);
        let finding = Finding::damage("file-missing", "a bundle is missing");
        let finding = finding.between(Seq::new(first), Seq::new(last));
        findings.push(named(finding, &path));
    }
    bytes
}

/// Returns the first `width` entries or slots of a bundle.
pub(super) fn prefix(sort: Sort, whole: &[u8], width: usize) -> Option<&[u8]> {
    let mut rest = whole;
    for _ in 0..width {
        rest = match sort {
            Sort::Entries => {
                let length = u16::from_be_bytes(*rest.first_chunk()?);
                rest.get(2 + usize::from(length)..)?
            }
            _ => Slot::decode(rest).ok()?.1,
        };
    }
    Some(&whole[..whole.len() - rest.len()])
}

/// Returns what an unfinished bundle still has of bodies that were destroyed in the one
/// after it, if that is all in which the two differ: a destruction stops between them.
pub(super) fn still_there(index: u64, unfinished: &[u8], whole: &[u8]) -> Option<Vec<Finding>> {
    let (unfinished, whole) = (decode_body_bundle(unfinished), decode_body_bundle(whole));
    let (unfinished, whole) = (unfinished.ok()?, whole.ok()?);
    let mut found = Vec::new();
    for (seq, (slot, after)) in (index * BUNDLE..).zip(unfinished.iter().zip(&whole)) {
        match (slot, after) {
            (Slot::Body { .. }, Slot::Expunged(by)) => {
                let message = format!("the body is still there, and entry {by} was to destroy it");
                let finding = Finding::damage("body-not-destroyed", message);
                found.push(finding.at(Seq::new(seq)));
            }
            _ if slot == after => {}
            _ => return None,
        }
    }
    (unfinished.len() == whole.len()).then_some(found)
}
