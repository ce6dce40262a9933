//! The pass over the roll: bundle by bundle, then the tail, then what remains.

use std::path::Path;

use chancery_chain::bundle::{encode_body_bundle, encode_entry_bundle};
use chancery_chain::seal::Entry;
use chancery_chain::tile::{TILE_WIDTH, decode_tile};
use chancery_chain::tree::leaf_hash;
use chancery_chain::{Audit, Audited, Envelope, Finding, Kind, Seq, Size, Slot, TreeHash};

use super::inventory::{Inventory, Sort, named};
use super::part::{self, Part};
use super::tree::{self, Tree};
use super::{Checked, Each, Kept, Progress, Report, VerifyError, notes};
use crate::floor::{Floor, claim};
use crate::roll::reader::read_tail;
use crate::roll::{BUNDLE, ROLL_FOLDER, place, width_at};
use crate::tail::TAIL_FILE;
use crate::tail::parse::Tail;

pub(super) struct Pass<'a> {
    progress: &'a mut Progress<'a>,
    each: &'a mut Each<'a>,
    /// Checkpoints kept elsewhere.
    against: &'a [Kept],
    inventory: Inventory,
    floor: Floor,
    tail: Option<Tail>,
    settled: Size,
    audit: Audit,
    tree: Tree,
    /// Whether a leaf was lost, so that the tree could not be grown further.
    broken: bool,
    /// The entries of the last bundle, which is not full, as they were read.
    unfinished: Vec<Entry>,
    checked: Checked,
    findings: Vec<Finding>,
}

impl<'a> Pass<'a> {
    pub(super) fn new(
        folder: &Path,
        against: &'a [Kept],
        progress: &'a mut Progress<'a>,
        each: &'a mut Each<'a>,
    ) -> Result<Self, VerifyError> {
        let floor = Floor::read(folder)?;
        let mut findings = Vec::new();
        let tail = match read_tail(folder) {
            Ok(tail) => Some(tail),
            Err(fault) => {
                let finding = Finding::damage("file-missing", format!("no tail: {fault}"));
                findings.push(finding.file(TAIL_FILE));
                None
            }
        };
        let inventory = Inventory::take(&folder.join(ROLL_FOLDER))?;
        let settled = part::settled(tail.as_ref(), &inventory, &mut findings);
        let claims = [&floor.kept, &floor.published].map(|note| note.as_deref().and_then(claim));
        let elsewhere = against.iter().filter_map(|kept| claim(&kept.note));
        let wanted = claims.into_iter().flatten().chain(elsewhere);
        let wanted: Vec<_> = wanted.map(|claim| claim.size).collect();
        let published = claims[1].map_or(Size::EMPTY, |claim| claim.size);
        Ok(Self {
            progress,
            each,
            against,
            inventory,
            tree: Tree::new(settled, published, &wanted),
            floor,
            tail,
            settled,
            audit: Audit::new(),
            broken: false,
            unfinished: Vec::new(),
            checked: Checked::default(),
            findings,
        })
    }

    pub(super) fn run(mut self) -> Report {
        let total = self.tail.as_ref().map_or(self.settled, Tail::size);
        for index in 0..self.settled.get().div_ceil(BUNDLE) {
            self.bundle(index);
            (self.progress)(self.tree.size().get(), total.get());
        }
        self.tail();
        if total == Size::EMPTY {
            let message = "there is no entry: nothing was founded here, or all of it is gone";
            let finding = Finding::damage("not-founded", message);
            self.findings.push(finding.file(TAIL_FILE));
        }
        self.tree.finish(&mut self.inventory, &mut self.findings);
        (self.progress)(total.get(), total.get());
        self.report()
    }

    /// Reads a bundle and hands its entries on.
    fn bundle(&mut self, index: u64) {
        let width = width_at(index, self.settled);
        let part = Part::read(&mut self.inventory, &mut self.findings, index, width);
        let leaves = self.leaves(index, &part);
        let first = index * BUNDLE;
        let mut place = 0;
        while let Some(envelope) = part.envelopes.get(place) {
            let seq = Seq::new(first + place as u64);
            if let Some(bytes) = envelope {
                let slot = part.slots.get(place).and_then(Option::as_ref);
                self.entry(seq, bytes, slot, part.leaf(place));
                place += 1;
            } else {
                let count = part.missing_from(place);
                let last = Seq::new(seq.get() + count as u64 - 1);
                let leaves = part.leaves.as_deref();
                let leaves = leaves.and_then(|leaves| leaves.get(place..place + count));
                self.audit.missing(seq, last, leaves);
                place += count;
            }
        }
        for leaf in leaves {
            self.grow(leaf);
        }
        if width < TILE_WIDTH {
            self.unfinished = part.whole();
        }
        self.other_widths(index, width);
    }

    /// Returns the leaves to grow the tree over.
    fn leaves(&mut self, index: u64, part: &Part) -> Vec<Option<TreeHash>> {
        let width = usize::from(width_at(index, self.settled));
        let envelopes = part.envelopes.iter().take(width);
        let computed: Vec<_> = envelopes
            .map(|bytes| bytes.as_deref().map(leaf_hash))
            .collect();
        let stored = part.leaves.as_deref();
        let same = stored.is_some_and(|stored| {
            let stored = stored.iter().copied().map(Some);
            stored.eq(computed.iter().copied())
        });
        if same {
            return computed;
        }
        let envelopes: Vec<_> = part.envelopes.iter().map(Option::as_deref).collect();
        let above = self.leaf_above(index);
        tree::choose(stored, &computed, &tree::vouched(&envelopes), above)
    }

    /// Returns what the tile of the next level says of a full tile of leaves.
    fn leaf_above(&mut self, index: u64) -> Option<TreeHash> {
        let full = Size::new(self.settled.get() / BUNDLE);
        let (above, place) = place(Seq::new(index));
        let path = Sort::Tree(1).path(above, width_at(above, full));
        let bytes = self.inventory.read(&path, &mut Vec::new())?;
        decode_tile(&bytes)?.get(place).copied()
    }

    /// Compares the files of a bundle that are there in other widths.
    fn other_widths(&mut self, index: u64, width: u16) {
        for sort in [Sort::Entries, Sort::Bodies] {
            let widths = self.inventory.account(sort, index);
            let others: Vec<_> = widths.into_iter().filter(|other| *other != width).collect();
            if others.is_empty() {
                continue;
            }
            let bytes = self
                .inventory
                .read(&sort.path(index, width), &mut Vec::new());
            for other in others {
                if other > width {
                    // It goes on into the tail, and is compared there.
                    self.inventory.leave(sort, index, other);
                    continue;
                }
                self.compare_prefix(sort, index, other, bytes.as_deref());
            }
        }
    }

    fn compare_prefix(&mut self, sort: Sort, index: u64, width: u16, whole: Option<&[u8]>) {
        let path = sort.path(index, width);
        let found = self.inventory.read(&path, &mut self.findings);
        let (Some(found), Some(whole)) = (found, whole) else {
            return;
        };
        let expected = part::prefix(sort, whole, usize::from(width));
        if expected != Some(found.as_slice()) {
            let message = "an unfinished bundle is not the beginning of the one after it";
            let finding = part::malformed(sort, index, width, message);
            self.findings.push(finding);
        }
    }

    fn tail(&mut self) {
        let Some(tail) = self.tail.take() else { return };
        self.inventory.account_other("tail");
        self.findings.extend(tail.findings.iter().cloned());
        self.inventory.bytes += tail.end as u64;
        let previous = tail.header.map(|header| header.previous);
        if previous.is_some_and(|previous| previous != self.audit.hash()) {
            let message = "the tail's header does not follow the last bundle";
            let finding = Finding::damage("tail-previous", message).file(TAIL_FILE);
            self.findings.push(finding);
        }
        for frame in &tail.frames {
            for (seq, entry) in (frame.first.get()..).map(Seq::new).zip(&frame.entries) {
                self.broken |= seq != self.tree.size().next_seq();
                self.entry(seq, &entry.envelope, Some(&entry.slot), None);
                self.grow(Some(leaf_hash(&entry.envelope)));
            }
        }
        self.left_over(&tail);
    }

    /// Compares bundles that were written for a tail that was not replaced.
    fn left_over(&mut self, tail: &Tail) {
        let pending = tail
            .frames
            .iter()
            .flat_map(|frame| frame.entries.iter().cloned());
        let entries: Vec<_> = std::mem::take(&mut self.unfinished)
            .into_iter()
            .chain(pending)
            .collect();
        let first = self.settled.get() / BUNDLE;
        for (index, entries) in (first..).zip(entries.chunks(usize::try_from(BUNDLE).unwrap_or(1)))
        {
            let envelopes = entries.iter().map(|entry| entry.envelope.as_slice());
            let envelopes = encode_entry_bundle(envelopes);
            let slots = encode_body_bundle(entries.iter().map(|entry| &entry.slot));
            for (sort, whole) in [(Sort::Entries, &envelopes), (Sort::Bodies, &slots)] {
                for width in self.inventory.account(sort, index) {
                    if usize::from(width) > entries.len() {
                        self.inventory.leave(sort, index, width);
                    } else {
                        self.compare_prefix(sort, index, width, Some(whole));
                    }
                }
            }
        }
    }

    fn entry(&mut self, seq: Seq, bytes: &[u8], slot: Option<&Slot>, leaf: Option<TreeHash>) {
        self.audit.entry(seq, bytes, slot, leaf);
        self.checked.entries += 1;
        self.checked.bodies += u64::from(matches!(slot, Some(Slot::Body { .. })));
        let Ok(envelope) = Envelope::decode(bytes) else {
            return;
        };
        self.checked.signatures += u64::from(envelope.kind == Kind::CLOSING);
        if let Some(slot) = slot {
            (self.each)(seq, &envelope, slot);
        }
    }

    fn grow(&mut self, leaf: Option<TreeHash>) {
        match leaf {
            Some(leaf) if !self.broken => {
                let (inventory, findings) = (&mut self.inventory, &mut self.findings);
                self.tree.push(leaf, inventory, findings);
            }
            _ => self.broken = true,
        }
    }

    fn report(mut self) -> Report {
        let audited = self.audit.finish();
        self.inventory.account_other(crate::roll::CHECKPOINT_FILE);
        let root = (!self.broken).then(|| self.tree.root());
        let mut notes = notes::check(&self.floor, &self.tree, &audited, self.broken);
        notes.check_kept(self.against, &self.tree, &audited, self.broken);
        self.checked.signatures += notes.signatures;
        self.checked.tiles = self.tree.tiles;
        self.checked.bytes = self.inventory.bytes;
        let mut findings = self.findings;
        findings.extend(notes.findings);
        findings.extend(placed(&audited, self.settled));
        findings.extend(self.inventory.strays());
        findings.sort_by_key(|found| {
            found
                .entries
                .map_or((1, Seq::FIRST), |(first, _)| (0, first))
        });
        Report {
            findings,
            size: audited.size,
            head: audited.closed,
            root,
            origin: audited.origin,
            founding: audited.founding,
            keyring: audited.keyring,
            checked: self.checked,
        }
    }
}

/// Returns the findings of an audit, with the file that each entry stands in.
fn placed(audited: &Audited, settled: Size) -> Vec<Finding> {
    let findings = audited.findings.iter().cloned();
    let placed = findings.map(|finding| {
        let (None, Some((seq, _))) = (&finding.file, finding.entries) else {
            return finding;
        };
        if !settled.holds(seq) {
            return finding.file(TAIL_FILE);
        }
        let sort = match finding.code {
            code if code.starts_with("body-") => Sort::Bodies,
            "leaf-mismatch" => Sort::Tree(0),
            _ => Sort::Entries,
        };
        let index = seq.get() / BUNDLE;
        let path = sort.path(index, width_at(index, settled));
        named(finding, &path)
    });
    placed.collect()
}
