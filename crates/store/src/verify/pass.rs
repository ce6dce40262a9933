//! The pass over the roll: bundle by bundle, then the tail, then what remains.

use std::path::Path;
use std::sync::Arc;

use chancery_chain::bundle::{encode_body_bundle, encode_entry_bundle};
use chancery_chain::seal::Entry;
use chancery_chain::tile::TILE_WIDTH;
use chancery_chain::tree::leaf_hash;
use chancery_chain::{Audit, Audited, Finding, Hash, Kind, Seq, Size, TreeHash};

use super::asked::{Asked, Level};
use super::files::{no_tail, unreadable};
use super::inventory::{Inventory, Sort, named};
use super::notes::{self, Notes};
use super::piece::{Content, Looked, Looking, Piece};
use super::tree::Tree;
use super::{Checked, Each, Progress, Read, Report, VerifyError, ahead, part};
use crate::floor::{Floor, claim};
use crate::roll::reader::read_tail_around;
use crate::roll::{BUNDLE, CHECKPOINT_FILE, ROLL_FOLDER, WITHOUT_BODIES_FILE, width_at};
use crate::tail::TAIL_FILE;
use crate::tail::parse::Tail;

pub(super) struct Pass<'a, T> {
    progress: &'a mut Progress<'a>,
    each: &'a mut Each<'a, T>,
    asked: &'a Asked<'a>,
    inventory: Inventory,
    /// Whether some bundle has no file with its bodies.
    lacks_bodies: bool,
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
    /// The entries that were looked at, in ranges.
    covered: Vec<(Seq, Seq)>,
    findings: Vec<Finding>,
}

impl<'a, T: Send> Pass<'a, T> {
    pub(super) fn new(
        folder: &Path,
        asked: &'a Asked<'a>,
        progress: &'a mut Progress<'a>,
        each: &'a mut Each<'a, T>,
    ) -> Result<Self, VerifyError> {
        let (floor, faults) = Floor::read_around(folder);
        let mut findings: Vec<_> = (faults.iter())
            .map(|fault| unreadable(folder, fault))
            .collect();
        let tail = read_tail_around(folder);
        findings.extend(tail.as_ref().err().map(|fault| no_tail(folder, fault)));
        let tail = tail.ok();
        let inventory = Inventory::take(&folder.join(ROLL_FOLDER))?;
        let settled = part::settled(tail.as_ref(), &inventory, &mut findings);
        let claims = [&floor.kept, &floor.published].map(|note| note.as_deref().and_then(claim));
        let elsewhere = asked.against.iter().filter_map(|kept| claim(&kept.note));
        let wanted = claims.into_iter().flatten().chain(elsewhere);
        let wanted: Vec<_> = wanted.map(|claim| claim.size).collect();
        let published = claims[1].map_or(Size::EMPTY, |claim| claim.size);
        Ok(Self {
            progress,
            each,
            asked,
            lacks_bodies: inventory.lacks_bodies(settled),
            inventory,
            tree: Tree::new(settled, published, &wanted, asked.levels.has(Level::Tree)),
            floor,
            tail,
            settled,
            audit: Audit::new(),
            broken: false,
            unfinished: Vec::new(),
            checked: Checked::default(),
            covered: Vec::new(),
            findings,
        })
    }

    pub(super) fn run(mut self, read: &Read<T>) -> Report {
        let total = self.tail.as_ref().map_or(self.settled, Tail::size);
        let bundles = self.settled.get().div_ceil(BUNDLE);
        let asked = self.asked;
        let chosen = asked.choice.map(|choice| choice(bundles));
        let files = Arc::clone(&self.inventory.files);
        let looking = Looking::new(files, self.settled, &asked.levels, chosen, read);
        self.audit = Audit::with(looking.checks()).without_frontier();
        ahead::in_order(bundles, &|index| looking.piece(index), |index, piece| {
            self.piece(index, piece);
            (self.progress)(self.tree.size().get(), total.get());
        });
        self.tail(&looking);
        if total == Size::EMPTY {
            let message = "there is no entry: nothing was founded here, or all of it is gone";
            let finding = Finding::damage("not-founded", message);
            self.findings.push(finding.file(TAIL_FILE));
        }
        self.tree.finish(&mut self.inventory, &mut self.findings);
        (self.progress)(total.get(), total.get());
        self.report()
    }

    /// Takes a bundle, and hands its entries on.
    fn piece(&mut self, index: u64, piece: Piece<T>) {
        for finding in piece.findings {
            self.add(finding);
        }
        if piece.agreed {
            let hashed = matches!(piece.content, Content::Looked(_));
            self.tree.agree(index, hashed);
        }
        let first = index * BUNDLE;
        match piece.content {
            Content::Looked(places) => self.looked(first, places),
            Content::Passed { kinds, ends } => self.passed(first, kinds, ends),
        }
        for leaf in piece.leaves {
            self.grow(leaf);
        }
        let width = width_at(index, self.settled);
        if width < TILE_WIDTH {
            self.unfinished = piece.whole;
        }
        self.other_widths(index, width);
    }

    /// Hands on the entries of a bundle; runs that cannot be made out are missing.
    fn looked(&mut self, first: u64, places: Vec<(Option<Looked<T>>, Option<TreeHash>)>) {
        let end = first + places.len() as u64;
        let width = u64::from(width_at(first / BUNDLE, self.settled));
        self.cover(first, first + width);
        let mut missing = None;
        for (seq, (looked, leaf)) in (first..).map(Seq::new).zip(places) {
            match looked {
                Some(looked) => {
                    self.miss(missing.take(), seq.get());
                    self.entry(seq, looked, leaf);
                }
                None => missing = missing.or(Some(seq)),
            }
        }
        self.miss(missing, end);
    }

    fn miss(&mut self, first: Option<Seq>, end: u64) {
        if let Some(first) = first {
            let last = Seq::new(end.saturating_sub(1));
            self.audit.missing(first, last, None);
        }
    }

    /// Passes over a bundle, of which no more than the kinds is known.
    fn passed(&mut self, first: u64, kinds: Vec<Kind>, ends: (Hash, Hash)) {
        let end = first + kinds.len() as u64;
        let last = Seq::new(end.saturating_sub(1));
        self.audit.skip(Seq::new(first), last, Some(ends));
        for (seq, kind) in (first..).map(Seq::new).zip(kinds) {
            (self.each)(seq, kind, None);
        }
    }

    /// Takes note that the entries from `first` to before `end` were looked at.
    fn cover(&mut self, first: u64, end: u64) {
        if first >= end {
            return;
        }
        let (first, last) = (Seq::new(first), Seq::new(end - 1));
        match self.covered.last_mut() {
            Some((_, before)) if before.get() + 1 == first.get() => *before = last,
            _ => self.covered.push((first, last)),
        }
    }

    /// Compares the files of a bundle that are there in other widths.
    fn other_widths(&mut self, index: u64, width: u16) {
        for sort in [Sort::Entries, Sort::Bodies] {
            let widths = self.inventory.account(sort, index);
            let others: Vec<_> = widths.into_iter().filter(|other| *other != width).collect();
            if others.is_empty() {
                continue;
            }
            let path = sort.path(index, width);
            let bytes = self.inventory.files.read(&path, &mut Vec::new());
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
        let found = self.inventory.files.read(&path, &mut self.findings);
        let (Some(found), Some(whole)) = (found, whole) else {
            return;
        };
        let expected = part::prefix(sort, whole, usize::from(width));
        if expected != Some(found.as_slice()) {
            let whole = expected.filter(|_| sort == Sort::Bodies);
            if let Some(still) = whole.and_then(|whole| part::still_there(index, &found, whole)) {
                let told = still.into_iter().map(|finding| named(finding, &path));
                self.findings.extend(told);
                return;
            }
            let message = "an unfinished bundle is not the beginning of the one after it";
            let finding = part::malformed(sort, index, width, message);
            self.findings.push(finding);
        }
    }

    /// Adds a finding, or lengthens the last one if bodies are absent after it too.
    fn add(&mut self, finding: Finding) {
        if let (Some(last), Some((first, end))) = (self.findings.last_mut(), finding.entries)
            && finding.code == "bodies-absent"
            && last.code == finding.code
            && let Some((_, last_end)) = &mut last.entries
            && last_end.get().checked_add(1) == Some(first.get())
        {
            *last_end = end;
            return;
        }
        self.findings.push(finding);
    }

    fn tail(&mut self, looking: &Looking<'_, T>) {
        self.inventory.account_other("tail");
        let Some(tail) = self.tail.take() else { return };
        self.findings.extend(tail.findings.iter().cloned());
        self.inventory.files.add_bytes(tail.end as u64);
        let previous = tail.header.map(|header| header.previous);
        if previous.is_some_and(|previous| previous != self.audit.hash()) {
            let message = "the tail's header does not follow the last bundle";
            let finding = Finding::damage("tail-previous", message).file(TAIL_FILE);
            self.findings.push(finding);
        }
        for frame in &tail.frames {
            let first = frame.first.get();
            self.cover(first, first + frame.entries.len() as u64);
        }
        self.frames(&tail, looking);
        self.left_over(&tail);
    }

    /// Hands on the entries of the tail, looked at by as many at a time as a bundle has.
    fn frames(&mut self, tail: &Tail, looking: &Looking<'_, T>) {
        let frames = tail.frames.iter();
        let entries: Vec<(Seq, &Entry)> = frames
            .flat_map(|frame| (frame.first.get()..).map(Seq::new).zip(&frame.entries))
            .collect();
        let together = usize::from(TILE_WIDTH);
        let look = |index: u64| -> Vec<_> {
            let first = usize::try_from(index).map_or(usize::MAX, |index| index * together);
            let part = entries.iter().skip(first).take(together);
            let looked = part.map(|(_, entry)| {
                let looked = looking.entry(&entry.envelope, Some(&entry.slot));
                let leaf = looked.entry.leaf();
                (looked, leaf.unwrap_or_else(|| leaf_hash(&entry.envelope)))
            });
            looked.collect()
        };
        let mut seqs = entries.iter().map(|(seq, _)| *seq);
        let parts = entries.len().div_ceil(together) as u64;
        ahead::in_order(parts, &look, |_, looked| {
            for ((looked, leaf), seq) in looked.into_iter().zip(&mut seqs) {
                self.broken |= seq != self.tree.size().next_seq();
                self.entry(seq, looked, None);
                self.grow(Some(leaf));
            }
        });
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

    fn entry(&mut self, seq: Seq, looked: Looked<T>, leaf: Option<TreeHash>) {
        let envelope = looked.entry.envelope();
        let kind = envelope.map(|envelope| envelope.kind);
        self.audit.take(seq, looked.entry, leaf);
        let signed = kind == Some(Kind::CLOSING) && self.asked.levels.has(Level::Signatures);
        self.checked.entries += 1;
        self.checked.bodies += u64::from(looked.has_body);
        self.checked.signatures += u64::from(signed);
        if let Some(kind) = kind {
            (self.each)(seq, kind, looked.read);
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
        let audited = std::mem::take(&mut self.audit).finish();
        self.inventory.account_other(CHECKPOINT_FILE);
        if self.lacks_bodies && self.inventory.files.without_bodies {
            self.inventory.account_other(WITHOUT_BODIES_FILE);
        }
        let root = (!self.broken).then(|| self.tree.root());
        let notes = self.notes(&audited);
        self.checked.signatures += notes.signatures;
        self.checked.tiles = self.tree.tiles;
        self.checked.bytes = self.inventory.files.bytes();
        let mut findings = self.findings;
        findings.extend(notes.findings);
        findings.extend(placed(&audited, self.settled));
        findings.extend(self.inventory.strays(self.lacks_bodies));
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
            covered: self.covered,
        }
    }

    /// Compares the checkpoints, if that is asked for.
    fn notes(&self, audited: &Audited) -> Notes {
        if !self.asked.levels.has(Level::Checkpoint) {
            return Notes::default();
        }
        let mut notes = notes::check(&self.floor, &self.tree, audited, self.broken);
        // What cannot be read is not missing; it has been told.
        let told = |file: &Option<String>| self.findings.iter().any(|told| told.file == *file);
        let told = |found: &Finding| found.code == "file-missing" && told(&found.file);
        notes.findings.retain(|found| !told(found));
        notes.check_kept(self.asked.against, &self.tree, audited, self.broken);
        notes
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
