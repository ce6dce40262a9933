//! What stands where in the files of a roll, after `docs/format.md` and not after
//! the code that writes them: every byte belongs to one region.

#![allow(unreachable_pub, reason = "a module of a test")]

use std::ops::Range;

use chancery_chain::Digest;

/// A stretch of a file that means one thing.
#[derive(Clone, Debug)]
pub struct Region {
    /// What it is.
    pub name: &'static str,
    /// Where it stands.
    pub range: Range<usize>,
    /// The entry that it belongs to, if to one.
    pub entry: Option<u64>,
}

/// What a bundle is of.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Sort {
    /// Envelopes.
    Entries,
    /// Body slots.
    Bodies,
}

/// Cuts a file into regions, in order.
struct Cutter<'a> {
    bytes: &'a [u8],
    at: usize,
    regions: Vec<Region>,
}

/// Returns the regions of a file, by its name in the ledger.
pub fn of(name: &str, bytes: &[u8]) -> Vec<Region> {
    let mut cutter = Cutter {
        bytes,
        at: 0,
        regions: Vec::new(),
    };
    if name == "roll/tail" {
        cutter.tail();
    } else if let Some(index) = name.strip_prefix("roll/tile/entries/") {
        cutter.bundle(first(index), Sort::Entries);
    } else if let Some(index) = name.strip_prefix("roll/bodies/") {
        cutter.bundle(first(index), Sort::Bodies);
    } else if name.starts_with("roll/tile/") {
        while cutter.at < bytes.len() {
            cutter.cut("tile: hash", 32, None);
        }
    } else {
        cutter.cut("text", bytes.len(), None);
    }
    cutter.regions
}

/// Returns the envelopes with their lengths, or the body slots, of a bundle.
pub fn items(bytes: &[u8], sort: Sort) -> Vec<Vec<u8>> {
    let mut cutter = Cutter {
        bytes,
        at: 0,
        regions: Vec::new(),
    };
    let mut items = Vec::new();
    while cutter.at < bytes.len() {
        let start = cutter.at;
        cutter.item(sort, 0);
        items.push(bytes[start..cutter.at].to_vec());
    }
    items
}

/// Returns the frames of a tail.
pub fn frames(tail: &[u8]) -> Vec<Vec<u8>> {
    let mut cutter = Cutter {
        bytes: tail,
        at: 64,
        regions: Vec::new(),
    };
    let mut frames = Vec::new();
    let mut next = 0;
    while cutter.number(4) > 0 {
        let start = cutter.at;
        cutter.frame(&mut next);
        frames.push(tail[start..cutter.at].to_vec());
    }
    frames
}

/// Returns the entries in a frame: envelopes with lengths, and slots.
pub fn entries(frame: &[u8]) -> Vec<Vec<u8>> {
    let mut cutter = Cutter {
        bytes: frame,
        at: 0,
        regions: Vec::new(),
    };
    let end = 8 + cutter.number(4);
    cutter.at = 8;
    let mut entries = Vec::new();
    while cutter.at < end {
        let start = cutter.at;
        cutter.item(Sort::Entries, 0);
        cutter.item(Sort::Bodies, 0);
        entries.push(frame[start..cutter.at].to_vec());
    }
    entries
}

/// Returns a frame of these entries, with all its checks right: a forger's.
pub fn forged(entries: &[Vec<u8>]) -> Vec<u8> {
    let payload = entries.concat();
    let length = u32::try_from(payload.len())
        .expect("a short frame")
        .to_be_bytes();
    let checked = [b"chancery frame head v1".as_slice(), &length].concat();
    let mut frame = [
        length.as_slice(),
        &Digest::of(&checked).as_bytes()[..4],
        &payload,
    ]
    .concat();
    let check = Digest::of(&frame);
    frame.extend(check.as_bytes());
    frame.resize(frame.len().next_multiple_of(8), 0);
    frame.extend(b"FRAMEEND");
    frame
}

/// Returns a tail with this header and these frames, as long as it was.
pub fn tail(before: &[u8], frames: &[Vec<u8>]) -> Vec<u8> {
    let mut tail = before[..64].to_vec();
    tail.extend(frames.concat());
    let length = before.len().max(tail.len().next_multiple_of(4096));
    tail.resize(length, 0);
    tail
}

/// Returns the first entry of the bundle with this index and width in its path.
fn first(path: &str) -> u64 {
    let index: u64 = path
        .split('.')
        .next()
        .unwrap_or_default()
        .parse()
        .expect("a small index");
    index * 256
}

impl Sort {
    /// Returns the folder of these bundles.
    pub fn folder(self) -> &'static str {
        match self {
            Self::Entries => "roll/tile/entries",
            Self::Bodies => "roll/bodies",
        }
    }
}

impl Cutter<'_> {
    fn cut(&mut self, name: &'static str, length: usize, entry: Option<u64>) {
        let range = self.at..self.at + length;
        assert!(
            range.end <= self.bytes.len(),
            "{name} reaches beyond the file"
        );
        self.at = range.end;
        if length > 0 {
            self.regions.push(Region { name, range, entry });
        }
    }

    /// Returns the number in the next bytes, or zero at the end.
    fn number(&self, length: usize) -> usize {
        let bytes = self
            .bytes
            .get(self.at..self.at + length)
            .unwrap_or_default();
        bytes
            .iter()
            .fold(0, |number, byte| number << 8 | usize::from(*byte))
    }

    fn bundle(&mut self, first: u64, sort: Sort) {
        let mut entry = first;
        while self.at < self.bytes.len() {
            self.item(sort, entry);
            entry += 1;
        }
    }

    fn item(&mut self, sort: Sort, entry: u64) {
        let entry = Some(entry);
        if sort == Sort::Entries {
            let length = self.number(2);
            self.cut("envelope: length", 2, entry);
            return self.cut("envelope", length, entry);
        }
        let tag = self.number(1);
        self.cut("slot: tag", 1, entry);
        if tag == 1 {
            self.cut("slot: salt", 32, entry);
            let length = self.number(4);
            self.cut("slot: body length", 4, entry);
            self.cut("slot: body", length, entry);
        }
    }

    fn tail(&mut self) {
        self.cut("tail: magic", 8, None);
        self.cut("tail: version", 8, None);
        let mut next = self.number(8) as u64;
        self.cut("tail: first", 8, None);
        self.cut("tail: previous", 32, None);
        self.cut("tail: check", 8, None);
        while self.number(4) > 0 {
            self.frame(&mut next);
        }
        self.cut("tail: unused zeros", self.bytes.len() - self.at, None);
    }

    fn frame(&mut self, next: &mut u64) {
        let start = self.at;
        let end = start + 8 + self.number(4);
        self.cut("frame: length", 4, None);
        self.cut("frame: check of the length", 4, None);
        while self.at < end {
            self.item(Sort::Entries, *next);
            self.item(Sort::Bodies, *next);
            *next += 1;
        }
        self.cut("frame: check", 32, None);
        let padding = (self.at - start).next_multiple_of(8) - (self.at - start);
        self.cut("frame: padding", padding, None);
        self.cut("frame: end", 8, None);
    }
}
