//! The keys: the origin of a ledger, and all that its entries say of keys.
//!
//! Few entries say anything of keys, and nobody should go through a million to find
//! them. What was found is noted in `register/keys`: how many entries were gone through,
//! the hash of the last of them, and which they were. The note is believed while the
//! ledger still has that entry; it may be deleted at any time, and `verify` never looks
//! at it. Who may enrol and revoke is for the audit to say.

use std::path::{Path, PathBuf};

use chancery_chain::{Envelope, Hash, Keyring, Kind, Origin, Seq, Size};

use crate::files;
use crate::roll::reader::{ReadError, RollReader};

/// Where the note lies, in the ledger's folder.
const NOTE: [&str; 2] = ["register", "keys"];
/// Its first line.
const FIRST_LINE: &str = "chancery keys 1";
/// After how many entries a note is worth writing.
const WORTH: u64 = 4096;

/// What was found in the first entries.
#[derive(Debug, PartialEq, Eq)]
struct Noted {
    size: Size,
    /// The hash of the last of them.
    hash: Hash,
    /// Those that say something of keys.
    seqs: Vec<Seq>,
}

/// Returns the ledger's name, if its first entry reads, and its keys.
///
/// # Errors
/// The roll cannot be read. Entries that do not read are passed over: they are
/// damage, and `verify` names them.
pub fn read(roll: &RollReader) -> Result<(Option<Origin>, Keyring), ReadError> {
    read_until(roll, roll.size())
}

/// Returns the ledger's name, if its first entry reads, and its keys as the first
/// `size` entries have them.
///
/// # Errors
/// As [`read`].
pub fn read_until(roll: &RollReader, size: Size) -> Result<(Option<Origin>, Keyring), ReadError> {
    let path = note_of(roll.folder());
    let noted = path.as_deref().and_then(Noted::read);
    let noted = noted.filter(|noted| noted.is_of(roll));
    let known = noted.as_ref().map_or(Size::EMPTY, |noted| noted.size);
    let mut seqs = noted.map_or_else(Vec::new, |noted| noted.seqs);
    let mut keyring = Keyring::new();
    for seq in seqs.iter().filter(|seq| size.holds(**seq)) {
        learn(&mut keyring, &roll.envelope(*seq)?);
    }
    // What comes later is noted too, so that nobody has to look for it again.
    let mut later = Keyring::new();
    roll.each_envelope(known.next_seq(), &mut |seq, bytes| {
        let keys = if size.holds(seq) {
            &mut keyring
        } else {
            &mut later
        };
        if learn(keys, bytes) {
            seqs.push(seq);
        }
    })?;
    let settled = roll.settled();
    if settled.get() >= known.get().saturating_add(WORTH) {
        seqs.retain(|seq| settled.holds(*seq));
        let noted = Noted::at(settled, seqs, roll)?;
        // It spares the next one time, and nothing is lost without it.
        let written = path.map(|path| noted.write(&path));
        tracing::debug!(?written, "noted where the keys are");
    }
    Ok((origin(roll)?, keyring))
}

/// Takes note of what an entry says of keys; returns whether it says anything.
fn learn(keyring: &mut Keyring, bytes: &[u8]) -> bool {
    let envelope = Envelope::decode(bytes).ok();
    let envelope = envelope.filter(|envelope| Keyring::learns(envelope.kind));
    envelope.is_some_and(|envelope| keyring.learn(&envelope).is_ok())
}

fn origin(roll: &RollReader) -> Result<Option<Origin>, ReadError> {
    if !roll.size().holds(Seq::FIRST) {
        return Ok(None);
    }
    let first = Envelope::decode(&roll.envelope(Seq::FIRST)?).ok();
    let first = first.filter(|first| first.kind == Kind::FOUNDING);
    Ok(first.and_then(|first| Origin::decode(&first.payload).ok()))
}

/// Returns where the note of a roll lies: beside it.
fn note_of(roll: &Path) -> Option<PathBuf> {
    let [folder, file] = NOTE;
    Some(roll.parent()?.join(folder).join(file))
}

impl Noted {
    /// Returns the note of the first entries.
    fn at(size: Size, seqs: Vec<Seq>, roll: &RollReader) -> Result<Self, ReadError> {
        let last = size.last_seq().unwrap_or(Seq::FIRST);
        let hash = Hash::of_envelope(&roll.envelope(last)?);
        Ok(Self { size, hash, seqs })
    }

    /// Returns whether this ledger has the entries that were gone through.
    fn is_of(&self, roll: &RollReader) -> bool {
        let last = self.size.last_seq();
        let last = last.filter(|_| self.size <= roll.settled());
        let bytes = last.and_then(|last| roll.envelope(last).ok());
        bytes.is_some_and(|bytes| Hash::of_envelope(&bytes) == self.hash)
    }

    fn read(path: &Path) -> Option<Self> {
        let text = files::read_if_there(path).ok()??;
        let text = String::from_utf8(text).ok()?;
        let mut lines = text.lines();
        if lines.next() != Some(FIRST_LINE) {
            return None;
        }
        let (size, hash) = lines.next()?.split_once(' ')?;
        let size = Size::new(size.parse().ok()?);
        let seqs = lines.map(|line| Some(Seq::new(line.parse().ok()?)));
        let seqs: Vec<Seq> = seqs.collect::<Option<_>>()?;
        let ascending = seqs.is_sorted() && seqs.iter().all(|seq| size.holds(*seq));
        let hash = hash.parse().ok()?;
        ascending.then_some(Self { size, hash, seqs })
    }

    fn write(&self, path: &Path) -> Result<(), files::FileError> {
        let mut text = format!("{FIRST_LINE}\n{} {}\n", self.size, self.hash);
        for seq in &self.seqs {
            text.push_str(&format!("{seq}\n"));
        }
        files::make_folder(files::parent(path))?;
        files::replace(path, text.as_bytes())
    }
}
