//! A piece of the roll, a bundle, looked at by itself: on whichever thread.
//!
//! All that is costly happens here: files are read, envelopes and bodies
//! hashed, key signatures verified, records decoded. Whether one entry follows
//! the other is told by whoever takes the pieces in their order.

use std::collections::BTreeSet;
use std::sync::{Arc, RwLock};

use chancery_chain::bundle::decode_entry_bundle;
use chancery_chain::seal::Entry;
use chancery_chain::tile::{TILE_WIDTH, decode_tile};
use chancery_chain::tree::leaf_hash;
use chancery_chain::{
    Checks, Envelope, Examined, Finding, Hash, KeyPayload, Keyring, Kind, Origin, Seq, Size, Slot,
    TreeHash,
};

use super::asked::{Level, Levels};
use super::files::RollFiles;
use super::inventory::Sort;
use super::part::{Part, stored_leaves};
use super::{Read, tree};
use crate::roll::{BUNDLE, place, width_at};

/// Looks at pieces.
pub(super) struct Looking<'a, T> {
    pub(super) files: Arc<RollFiles>,
    pub(super) settled: Size,
    pub(super) levels: &'a Levels,
    /// The bundles to look into, if not all.
    pub(super) chosen: Option<BTreeSet<u64>>,
    pub(super) read: &'a Read<T>,
    known: RwLock<Known>,
}

/// What was seen of origin and keys: not yet believed, but worth trying.
#[derive(Default)]
struct Known {
    origin: Option<Origin>,
    keyring: Keyring,
}

/// A bundle, looked at.
pub(super) struct Piece<T> {
    pub(super) content: Content<T>,
    /// The leaves to grow the tree over.
    pub(super) leaves: Vec<Option<TreeHash>>,
    /// Whether the tile of leaves has these very leaves.
    pub(super) agreed: bool,
    pub(super) findings: Vec<Finding>,
    /// The entries, as they were read, if the bundle is not full.
    pub(super) whole: Vec<Entry>,
}

/// What was looked at of a bundle.
pub(super) enum Content<T> {
    /// Each place, with the leaf that the tile has for it.
    Looked(Vec<(Option<Looked<T>>, Option<TreeHash>)>),
    /// Kinds alone, and what binds the bundle to its neighbours: the hash that
    /// its first entry carries, and that of its last.
    Passed {
        kinds: Vec<Kind>,
        ends: (Hash, Hash),
    },
}

/// An entry, looked at.
pub(super) struct Looked<T> {
    pub(super) entry: Examined,
    pub(super) has_body: bool,
    /// What was made of its envelope and body, if the body is the right one.
    pub(super) read: Option<T>,
}

impl<'a, T> Looking<'a, T> {
    pub(super) fn new(
        files: Arc<RollFiles>,
        settled: Size,
        levels: &'a Levels,
        chosen: Option<BTreeSet<u64>>,
        read: &'a Read<T>,
    ) -> Self {
        Self {
            files,
            settled,
            levels,
            chosen,
            read,
            known: RwLock::default(),
        }
    }

    /// Returns what an audit at these levels checks.
    pub(super) fn checks(&self) -> Checks {
        Checks {
            tree: self.levels.has(Level::Tree),
            bodies: self.levels.has(Level::Bodies),
            signatures: self.levels.has(Level::Signatures),
        }
    }

    /// Looks at the bundle of this index.
    pub(super) fn piece(&self, index: u64) -> Piece<T> {
        let width = width_at(index, self.settled);
        let asked = self.levels.has(Level::Chain) && self.is_chosen(index);
        if !asked
            && width == TILE_WIDTH
            && let Some(piece) = self.pass(index)
        {
            return piece;
        }
        self.look(index, width)
    }

    /// Looks at one entry.
    pub(super) fn entry(&self, bytes: &[u8], slot: Option<&Slot>) -> Looked<T> {
        self.examine(bytes, slot, true)
    }

    /// Looks at one entry; `bodies` says whether its body may be asked for.
    fn examine(&self, bytes: &[u8], slot: Option<&Slot>, bodies: bool) -> Looked<T> {
        let mut checks = self.checks();
        checks.bodies &= bodies;
        let mut entry = Examined::of(bytes, slot, checks);
        self.try_signature(&mut entry);
        let bodies = checks.bodies && entry.has_sound_body();
        let read = match (entry.envelope(), slot) {
            (Some(envelope), Some(slot @ Slot::Body { .. })) if bodies => {
                Some((self.read)(envelope, slot))
            }
            _ => None,
        };
        let has_body = bodies_of(slot) && self.levels.has(Level::Bodies);
        Looked {
            entry,
            has_body,
            read,
        }
    }

    fn is_chosen(&self, index: u64) -> bool {
        self.chosen
            .as_ref()
            .is_none_or(|chosen| chosen.contains(&index))
    }

    /// Passes over a full bundle, if it and its tile read, the tile fits the one
    /// above it, and it holds no key, nor anything else of the chain's that
    /// bears on other entries.
    fn pass(&self, index: u64) -> Option<Piece<T>> {
        let leaves = stored_leaves(&self.files, index, TILE_WIDTH)?;
        let path = Sort::Entries.path(index, TILE_WIDTH);
        let bytes = self.files.read(&path, &mut Vec::new())?;
        let entries = decode_entry_bundle(&bytes).ok()?;
        if entries.len() != leaves.len() {
            return None;
        }
        let decoded = entries.iter().map(|entry| Envelope::decode(entry).ok());
        let envelopes: Vec<Envelope> = decoded.collect::<Option<_>>()?;
        let leaves: Vec<_> = leaves.into_iter().map(Some).collect();
        let above = self.leaf_above(index);
        if above.is_some() && tree::root_of(&leaves) != above {
            return None;
        }
        let alone = |kind: Kind| kind.is_record() || [Kind::CLOSING, Kind::MESSAGE].contains(&kind);
        if !envelopes.iter().all(|envelope| alone(envelope.kind)) {
            return None;
        }
        let ends = (
            envelopes.first()?.previous,
            Hash::of_envelope(entries.last()?),
        );
        Some(Piece {
            content: Content::Passed {
                kinds: envelopes.iter().map(|envelope| envelope.kind).collect(),
                ends,
            },
            leaves,
            agreed: true,
            findings: Vec::new(),
            whole: Vec::new(),
        })
    }

    fn look(&self, index: u64, width: u16) -> Piece<T> {
        let mut findings = Vec::new();
        let bodies = self.levels.has(Level::Bodies);
        let part = Part::read(&self.files, &mut findings, index, width, bodies);
        let looked: Vec<_> = (part.envelopes.iter().enumerate())
            .map(|(place, bytes)| {
                let slot = part.slots.get(place).and_then(Option::as_ref);
                let bodies = !part.absent;
                let looked = bytes
                    .as_deref()
                    .map(|bytes| self.examine(bytes, slot, bodies));
                (looked, part.leaf(place))
            })
            .collect();
        let (leaves, agreed) = self.leaves(index, &part, &looked);
        Piece {
            content: Content::Looked(looked),
            leaves,
            agreed,
            findings,
            whole: if width < TILE_WIDTH {
                part.whole()
            } else {
                Vec::new()
            },
        }
    }

    /// Returns the leaves to grow the tree over, and whether the tile has them all.
    fn leaves(
        &self,
        index: u64,
        part: &Part,
        looked: &[(Option<Looked<T>>, Option<TreeHash>)],
    ) -> (Vec<Option<TreeHash>>, bool) {
        let width = usize::from(width_at(index, self.settled));
        let stored = part.leaves.as_deref();
        if let (Some(stored), false) = (stored, self.levels.has(Level::Tree)) {
            return (stored.iter().copied().map(Some).collect(), false);
        }
        let computed: Vec<_> = (looked.iter().zip(&part.envelopes).take(width))
            .map(|((looked, _), bytes)| {
                let hashed = looked.as_ref().and_then(|looked| looked.entry.leaf());
                hashed.or_else(|| bytes.as_deref().map(leaf_hash))
            })
            .collect();
        let same = stored.is_some_and(|stored| {
            let stored = stored.iter().copied().map(Some);
            stored.eq(computed.iter().copied())
        });
        if same {
            return (computed, true);
        }
        let envelopes: Vec<_> = part.envelopes.iter().map(Option::as_deref).collect();
        let above = self.leaf_above(index);
        let chosen = tree::choose(stored, &computed, &tree::vouched(&envelopes), above);
        (chosen, false)
    }

    /// Returns what the tile of the next level says of a full tile of leaves.
    fn leaf_above(&self, index: u64) -> Option<TreeHash> {
        let full = Size::new(self.settled.get() / BUNDLE);
        let (above, place) = place(Seq::new(index));
        let path = Sort::Tree(1).path(above, width_at(above, full));
        let bytes = self.files.read(&path, &mut Vec::new())?;
        decode_tile(&bytes)?.get(place).copied()
    }

    /// Verifies a closing's signature with the key that it names, if that was
    /// seen by now, and takes note of origin and keys.
    fn try_signature(&self, entry: &mut Examined) {
        if !self.levels.has(Level::Signatures) {
            return;
        }
        if let (Some(signer), Ok(known)) = (entry.signer(), self.known.read()) {
            if let (Some(origin), Some(key)) = (&known.origin, known.keyring.get(signer)) {
                entry.try_key(origin, &key.key);
            }
            return;
        }
        let Some(envelope) = entry.envelope() else {
            return;
        };
        if ![Kind::FOUNDING, Kind::KEY].contains(&envelope.kind) {
            return;
        }
        if let Ok(mut known) = self.known.write() {
            match envelope.kind {
                Kind::FOUNDING => known.origin = Origin::decode(&envelope.payload).ok(),
                _ => {
                    if let Ok(key) = KeyPayload::decode(&envelope.payload) {
                        known.keyring.enrol(envelope.seq, key);
                    }
                }
            }
        }
    }
}

fn bodies_of(slot: Option<&Slot>) -> bool {
    matches!(slot, Some(Slot::Body { .. }))
}
