//! Comparing the tiles with the tree, computed again.
//!
//! Where a leaf in a tile is not that of the entry, one of the two was altered.
//! The tree is grown over the leaf that the other witnesses speak for, so that
//! one altered byte does not make every tile above look altered.

use chancery_chain::tile::{TILE_WIDTH, Tile, TileBuilder, tile_path};
use chancery_chain::{Finding, Hash, Seq, Size, TreeHash};

use super::inventory::{Inventory, Sort, named};
use crate::roll::BUNDLE;

/// The tree, growing, and what it is compared with.
#[derive(Debug)]
pub(super) struct Tree {
    builder: TileBuilder,
    /// How many entries are in bundles: their tiles must be there.
    settled: Size,
    /// The size of the published checkpoint: its tiles must be there too.
    published: Size,
    /// Sizes at which the root is wanted, and the roots.
    wanted: Vec<(Size, Option<TreeHash>)>,
    /// Whether the tiles are compared, and not only counted among the files.
    compared: bool,
    /// The bundle whose tile of leaves is known to have those that come.
    agreed: Option<u64>,
    /// Whether those were hashed, and not taken from the tile.
    hashed: bool,
    pub(super) tiles: u64,
}

impl Tree {
    pub(super) fn new(settled: Size, published: Size, wanted: &[Size], compared: bool) -> Self {
        let mut tree = Self {
            builder: TileBuilder::new(),
            settled,
            published,
            wanted: wanted.iter().map(|size| (*size, None)).collect(),
            compared,
            agreed: None,
            hashed: false,
            tiles: 0,
        };
        tree.note_root();
        tree
    }

    /// Says that the tile of leaves over a bundle needs no comparing: the leaves
    /// that come are those in it.
    pub(super) fn agree(&mut self, index: u64, hashed: bool) {
        self.agreed = Some(index);
        self.hashed = hashed;
    }

    /// Adds a leaf and compares the tiles that it fills.
    pub(super) fn push(
        &mut self,
        leaf: TreeHash,
        inventory: &mut Inventory,
        findings: &mut Vec<Finding>,
    ) {
        for tile in self.builder.push(leaf) {
            self.compare(&tile, inventory, findings);
        }
        self.note_root();
    }

    /// Compares the unfinished tiles, once all leaves are there.
    pub(super) fn finish(&mut self, inventory: &mut Inventory, findings: &mut Vec<Finding>) {
        for tile in self.builder.partial() {
            self.compare(&tile, inventory, findings);
        }
    }

    pub(super) fn size(&self) -> Size {
        self.builder.size()
    }

    pub(super) fn root(&self) -> TreeHash {
        self.builder.root()
    }

    /// Returns the root at a size that was asked for, if the tree came so far.
    pub(super) fn root_at(&self, size: Size) -> Option<TreeHash> {
        let found = self.wanted.iter().find(|(wanted, _)| *wanted == size);
        found.and_then(|(_, root)| *root)
    }

    fn note_root(&mut self) {
        let size = self.builder.size();
        if self.wanted.iter().any(|(wanted, _)| *wanted == size) {
            let root = self.builder.root();
            let here = self.wanted.iter_mut().filter(|(wanted, _)| *wanted == size);
            here.for_each(|(_, noted)| *noted = Some(root));
        }
    }

    /// Compares every file of a tile, whatever its width, and misses what must be there.
    fn compare(&mut self, tile: &Tile, inventory: &mut Inventory, findings: &mut Vec<Finding>) {
        let sort = Sort::Tree(tile.level);
        let widths = inventory.account(sort, tile.index);
        if !self.compared {
            return;
        }
        let agreed = tile.level == 0 && self.agreed == Some(tile.index);
        let expected = tile.encode();
        let mut looked = false;
        for width in &widths {
            let Some(part) = expected.get(..usize::from(*width) * 32) else {
                inventory.leave(sort, tile.index, *width);
                continue;
            };
            if agreed && *width == width_in(self.settled, tile) {
                looked |= self.hashed;
                continue;
            }
            looked = true;
            if let Some(bytes) = inventory.files.read(&path(tile, *width), findings)
                && bytes != part
            {
                findings.push(unlike(tile, *width, &bytes, part));
            }
        }
        self.tiles += u64::from(looked);
        let needed = width_in(self.settled, tile);
        let published = width_in(self.published.min(self.settled), tile);
        let full = widths.contains(&TILE_WIDTH);
        let mut absent = Vec::new();
        if needed > 0 && !widths.contains(&needed) {
            absent.push(needed);
        }
        if published > 0 && published != needed && !full && !widths.contains(&published) {
            absent.push(published);
        }
        // A writer removes unfinished tiles once it has put others in their place.
        let stays = |width: &u16| {
            *width == TILE_WIDTH || !inventory.files.has_moved(self.settled, self.published)
        };
        absent.retain(stays);
        for width in absent {
            miss(tile, width, inventory, findings);
        }
    }
}

/// Says that a tile is missing, or that what stands in its place is no file.
fn miss(tile: &Tile, width: u16, inventory: &Inventory, findings: &mut Vec<Finding>) {
    let before = findings.len();
    let found = inventory.files.read(&path(tile, width), findings);
    if found.is_none() && findings.len() == before {
        findings.push(missing(tile, width));
    }
}

fn path(tile: &Tile, width: u16) -> String {
    tile_path(tile.level, tile.index, width)
}

/// Returns how many hashes of a tile a tree of this size has.
fn width_in(size: Size, tile: &Tile) -> u16 {
    let below = size.get() >> (8 * u32::from(tile.level));
    let width = below.saturating_sub(tile.index * BUNDLE).min(BUNDLE);
    u16::try_from(width).unwrap_or(TILE_WIDTH)
}

fn missing(tile: &Tile, width: u16) -> Finding {
    let finding = Finding::damage("file-missing", "a tile is missing");
    named(finding, &path(tile, width))
}

fn unlike(tile: &Tile, width: u16, found: &[u8], expected: &[u8]) -> Finding {
    let first = (0..expected.len()).find(|at| found.get(*at) != expected.get(*at));
    let place = first.unwrap_or(expected.len()) / 32;
    let message = format!("hash {place} of the tile is not the one that the entries give");
    let mut finding = Finding::damage("tile-mismatch", message);
    if tile.level == 0 {
        let seq = tile.index * BUNDLE + place.min(usize::from(width) - 1) as u64;
        finding = finding.at(Seq::new(seq));
    }
    if found.len() != expected.len() {
        let bytes = |length: usize| format!("{length} bytes");
        finding = finding.values(bytes(expected.len()), bytes(found.len()));
    }
    named(finding, &path(tile, width))
}

/// Returns the leaves to grow the tree over, where tile and entries differ.
///
/// `above` is the hash over the whole tile that the tile of the next level
/// gives; `vouched` says whether the entry after an entry carries its hash.
pub(super) fn choose(
    stored: Option<&[TreeHash]>,
    computed: &[Option<TreeHash>],
    vouched: &[bool],
    above: Option<TreeHash>,
) -> Vec<Option<TreeHash>> {
    let stored_at = |place: usize| stored.and_then(|stored| stored.get(place)).copied();
    let leaves = |trusting: bool| -> Vec<Option<TreeHash>> {
        let last = computed.len().saturating_sub(1);
        let one = |(place, leaf): (usize, &Option<TreeHash>)| {
            let believed = vouched.get(place) == Some(&true) || (place == last && trusting);
            match (leaf, stored_at(place)) {
                (Some(leaf), _) if believed => Some(*leaf),
                (leaf, stored) => stored.or(*leaf),
            }
        };
        computed.iter().enumerate().map(one).collect()
    };
    let (doubting, trusting) = (leaves(false), leaves(true));
    match above {
        Some(root) if root_of(&doubting) == Some(root) => doubting,
        _ => trusting,
    }
}

pub(super) fn root_of(leaves: &[Option<TreeHash>]) -> Option<TreeHash> {
    let mut frontier = chancery_chain::Frontier::new();
    for leaf in leaves {
        frontier.push((*leaf)?);
    }
    Some(frontier.root())
}

/// Returns whether each envelope's hash is carried by the one after it.
pub(super) fn vouched(envelopes: &[Option<&[u8]>]) -> Vec<bool> {
    let carries = |pair: &[Option<&[u8]>]| match pair {
        [Some(this), Some(next)] => chancery_chain::Envelope::decode(next)
            .is_ok_and(|next| next.previous == Hash::of_envelope(this)),
        _ => false,
    };
    let mut vouched: Vec<_> = envelopes.windows(2).map(carries).collect();
    vouched.push(false);
    vouched
}
