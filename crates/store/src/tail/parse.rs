//! What the bytes of a tail amount to: whole frames, a torn end, or damage.
//!
//! Reading is total: any bytes give an answer, and nothing is passed over in
//! silence. Whether the entries follow from each other is for the audit.

use std::ops::Range;

use chancery_chain::seal::Entry;
use chancery_chain::{Envelope, Finding, Seq, Size};

use super::TAIL_FILE;
use super::frame::{self, END, HEAD_LENGTH, HEADER_LENGTH, Header};

/// What a tail's length is a multiple of.
pub const STEP: usize = 4096;
const SECTOR: usize = 512;

/// A tail, read.
#[derive(Clone, Debug)]
pub struct Tail {
    /// The header, if it is whole.
    pub header: Option<Header>,
    /// The frames in order, broken ones included.
    pub frames: Vec<Frame>,
    /// Where the next frame goes.
    pub end: usize,
    /// Bytes after the end that belong to no recorded submission.
    pub remains: Option<Range<usize>>,
    /// What is wrong, or worth knowing.
    pub findings: Vec<Finding>,
}

/// A submission, as the tail holds it.
#[derive(Clone, Debug)]
pub struct Frame {
    /// The offset of the frame's head in the file.
    pub at: usize,
    /// The position of its first entry.
    pub first: Seq,
    /// The entries; of a broken frame those that could still be read.
    pub entries: Vec<Entry>,
    /// Whether the frame is as it was written.
    pub whole: bool,
}

impl Tail {
    /// Returns the size of the ledger that ends with this tail's last frame.
    pub fn size(&self) -> Size {
        let first = self.header.map_or(Seq::FIRST, |header| header.first);
        self.frames.last().map_or(Size::new(first.get()), after)
    }

    /// Returns whether anything is damaged, and not merely torn.
    pub fn is_damaged(&self) -> bool {
        let damage = chancery_chain::Severity::Damage;
        self.findings.iter().any(|found| found.severity == damage)
    }
}

/// Reads a tail. Frames before `floor` are known to have been on the disk:
/// none of them can be torn, and none may be absent.
pub fn parse(bytes: &[u8], floor: Size) -> Tail {
    let header = Header::decode(bytes);
    let mut parser = Parser {
        bytes,
        floor,
        next: header.map(|header| header.first),
        broken: None,
        tail: Tail {
            header,
            frames: Vec::new(),
            end: bytes.len().min(HEADER_LENGTH),
            remains: None,
            findings: Vec::new(),
        },
    };
    parser.check_form();
    while parser.advance() {}
    parser.check_floor();
    parser.tail
}

struct Parser<'a> {
    bytes: &'a [u8],
    floor: Size,
    /// The position that the next frame should begin with, if it is known.
    next: Option<Seq>,
    /// The finding about a broken frame whose last entry is not known yet.
    broken: Option<usize>,
    tail: Tail,
}

impl Parser<'_> {
    fn check_form(&mut self) {
        if self.tail.header.is_none() {
            self.damage("tail-header-damaged", "the tail's header is damaged");
        }
        if self.bytes.is_empty() || !self.bytes.len().is_multiple_of(STEP) {
            let message = format!(
                "the tail has {} bytes, which is no multiple of {STEP}: it was cut or added to",
                self.bytes.len()
            );
            self.damage("tail-length", message);
        }
    }

    fn check_floor(&mut self) {
        let size = self.tail.size();
        if size < self.floor && self.tail.header.is_some() {
            let finding = Finding::damage(
                "tail-short",
                "the tail ends before entries that were known to be on the disk",
            )
            .file(TAIL_FILE)
            .values(self.floor, size);
            let lost = self.floor.last_seq().unwrap_or(Seq::FIRST);
            let finding = finding.between(size.next_seq(), lost);
            self.tail.findings.push(finding);
        }
    }

    /// Reads what stands at the end so far; returns whether there may be more.
    fn advance(&mut self) -> bool {
        let at = self.tail.end;
        let rest = &self.bytes[at..];
        let Some(head) = rest.first_chunk::<HEAD_LENGTH>() else {
            return self.end_of_file(rest);
        };
        match frame::decode_head(rest) {
            Some(payload) => self.frame(at, payload),
            None if self.is_stray(at, rest) => false,
            None if *head == [0; HEAD_LENGTH] => self.zero_head(at, rest),
            None => self.broken_head(at),
        }
    }

    fn end_of_file(&mut self, rest: &[u8]) -> bool {
        if rest.iter().any(|byte| *byte != 0) {
            self.damage("tail-length", "the tail ends in the middle of a frame");
        }
        false
    }

    /// Where a frame would begin stand zeros: the end, or a head that is not there.
    fn zero_head(&mut self, at: usize, rest: &[u8]) -> bool {
        let Some(last) = rest.iter().rposition(|byte| *byte != 0) else {
            return false;
        };
        let sector_end = (at + 1).next_multiple_of(SECTOR).min(self.bytes.len());
        let landed = self.bytes[at..sector_end].iter().any(|byte| *byte != 0);
        if landed || !self.may_be_torn() || self.find_frame(at + HEAD_LENGTH).is_some() {
            return self.broken_head(at);
        }
        self.torn(at..(at + last + 1).next_multiple_of(8).min(self.bytes.len()))
    }

    /// Sets aside what is too little to be of a frame, whose last eight bytes
    /// are not zero; returns whether it was that.
    fn is_stray(&mut self, at: usize, rest: &[u8]) -> bool {
        let used = rest.iter().filter(|byte| **byte != 0).count();
        if !(1..END.len()).contains(&used) {
            return false;
        }
        let last = at + rest.iter().rposition(|byte| *byte != 0).unwrap_or(0);
        let message = format!(
            "{used} bytes that are not zero, the last at byte {last}, stand after the tail's last frame"
        );
        self.notice("tail-stray-bytes", message);
        let end = (last + 1).next_multiple_of(8).min(self.bytes.len());
        self.tail.remains = Some(at..end);
        true
    }

    fn frame(&mut self, at: usize, payload: usize) -> bool {
        let length = frame::frame_length(payload);
        let Some(bytes) = self.bytes[at..].get(..length) else {
            let entries = self.entries(at + HEAD_LENGTH..self.bytes.len());
            self.broken_frame(at, entries, "is cut off");
            self.tail.end = self.bytes.len();
            return false;
        };
        if !frame::is_whole(bytes, payload) {
            return self.unchecked_frame(at, payload, length);
        }
        let (entries, left) = frame::decode_entries(&bytes[HEAD_LENGTH..HEAD_LENGTH + payload]);
        self.tail.end = at + length;
        if left > 0 {
            self.broken_frame(at, entries, "holds what is no entry");
        } else {
            self.whole_frame(at, entries);
        }
        true
    }

    fn unchecked_frame(&mut self, at: usize, payload: usize, length: usize) -> bool {
        let end = at + length;
        let last = self.bytes[end..].iter().all(|byte| *byte == 0);
        if last && self.may_be_torn() && self.has_empty_sector(at..end) {
            return self.torn(at..end);
        }
        let entries = self.entries(at + HEAD_LENGTH..at + HEAD_LENGTH + payload);
        self.broken_frame(at, entries, "fails its check");
        self.tail.end = end;
        true
    }

    /// The head is damaged, so that the frame's length is not known: goes on
    /// with the next frame that is whole.
    fn broken_head(&mut self, at: usize) -> bool {
        let next = self.find_frame(at + HEAD_LENGTH);
        let end = next.unwrap_or(self.bytes.len());
        let entries = self.entries(at + HEAD_LENGTH..end);
        self.broken_frame(at, entries, "has a damaged head");
        self.tail.end = end;
        next.is_some()
    }

    fn whole_frame(&mut self, at: usize, entries: Vec<Entry>) {
        let first = self.first_of(&entries);
        if let Some(index) = self.broken.take() {
            self.name_last_broken(index, first);
        } else if self.next.is_some_and(|next| next != first) {
            let next = self.next.unwrap_or(Seq::FIRST);
            let finding = Finding::damage(
                "tail-sequence",
                format!("the frame at byte {at} does not follow the one before it"),
            );
            let finding = finding.file(TAIL_FILE).at(first).values(next, first);
            self.tail.findings.push(finding);
        }
        self.push(at, first, entries, true);
    }

    fn broken_frame(&mut self, at: usize, entries: Vec<Entry>, what: &str) {
        let first = self.first_of(&entries);
        let more = (entries.len() as u64).saturating_sub(1);
        let last = Seq::new(first.get().saturating_add(more));
        if let Some(index) = self.broken.take() {
            self.name_last_broken(index, first);
        }
        self.broken = Some(self.tail.findings.len());
        let message = format!("the frame at byte {at} of the tail {what}");
        let finding = Finding::damage("frame-damaged", message).file(TAIL_FILE);
        self.tail.findings.push(finding.between(first, last));
        self.push(at, first, entries, false);
    }

    /// Says of a broken frame where it ended, now that the next one is known.
    fn name_last_broken(&mut self, index: usize, next: Seq) {
        let finding = &mut self.tail.findings[index];
        if let (Some((first, _)), Some(last)) = (finding.entries, next.get().checked_sub(1)) {
            finding.entries = Some((first, Seq::new(last).max(first)));
        }
    }

    fn push(&mut self, at: usize, first: Seq, entries: Vec<Entry>, whole: bool) {
        let frame = Frame {
            at,
            first,
            entries,
            whole,
        };
        self.next = Some(after(&frame).next_seq());
        self.tail.frames.push(frame);
    }

    fn torn(&mut self, remains: Range<usize>) -> bool {
        self.notice(
            "tail-torn",
            format!(
                "a submission at byte {} of the tail was being written when the power failed; it was never recorded",
                remains.start
            ),
        );
        self.tail.remains = Some(remains);
        false
    }

    /// Whether the frame that comes next may be one that was never recorded.
    fn may_be_torn(&self) -> bool {
        self.tail.frames.last().is_none_or(|frame| frame.whole)
            && self.next.is_some_and(|next| !self.floor.holds(next))
    }

    fn has_empty_sector(&self, range: Range<usize>) -> bool {
        let mut at = range.start;
        while at < range.end {
            let end = (at + 1).next_multiple_of(SECTOR).min(range.end);
            if self.bytes[at..end].iter().all(|byte| *byte == 0) {
                return true;
            }
            at = end;
        }
        false
    }

    /// Returns the offset of the next whole frame from `from` on.
    fn find_frame(&self, from: usize) -> Option<usize> {
        // Heads that are whole without a whole frame behind them do not come
        // about by accident: after some of them the search gives up.
        let mut patience = 64;
        for at in (from..self.bytes.len()).step_by(8) {
            if self.bytes[at] > 0x40 || self.bytes[at..].iter().take(4).all(|byte| *byte == 0) {
                continue;
            }
            let Some(payload) = frame::decode_head(&self.bytes[at..]) else {
                continue;
            };
            let frame = self.bytes[at..].get(..frame::frame_length(payload));
            if frame.is_some_and(|frame| frame::is_whole(frame, payload)) {
                return Some(at);
            }
            patience -= 1;
            if patience == 0 {
                break;
            }
        }
        None
    }

    fn entries(&self, payload: Range<usize>) -> Vec<Entry> {
        let bytes = self.bytes.get(payload).unwrap_or_default();
        let (mut entries, _) = frame::decode_entries(bytes);
        // What follows the entries of a frame may look like one to the decoder.
        let is_none = |entry: &Entry| Envelope::decode(&entry.envelope).is_err();
        while entries.last().is_some_and(is_none) {
            entries.pop();
        }
        entries
    }

    /// Returns where these entries stand: by their own word, or by counting.
    fn first_of(&self, entries: &[Entry]) -> Seq {
        let own = entries.iter().enumerate().find_map(|(index, entry)| {
            let seq = Envelope::decode(&entry.envelope).ok()?.seq.get();
            seq.checked_sub(index as u64)
        });
        match (self.next, own) {
            // A damaged number would otherwise move all that follows.
            (Some(next), Some(own)) if entries.len() == 1 && own < next.get() => next,
            (_, Some(own)) => Seq::new(own),
            (next, None) => next.unwrap_or(Seq::FIRST),
        }
    }

    fn damage(&mut self, code: &'static str, message: impl Into<String>) {
        let finding = Finding::damage(code, message).file(TAIL_FILE);
        self.tail.findings.push(finding);
    }

    fn notice(&mut self, code: &'static str, message: impl Into<String>) {
        let finding = Finding::notice(code, message).file(TAIL_FILE);
        self.tail.findings.push(finding);
    }
}

fn after(frame: &Frame) -> Size {
    Size::new(frame.first.get().saturating_add(frame.entries.len() as u64))
}
