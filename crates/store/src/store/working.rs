//! The working copy, when the store is opened: looked at, brought to the roll's
//! end, or made again.
//!
//! It is never believed about where the ledger ends. When it is in doubt it is
//! set aside, since it may be all that is left of something, and made anew.

use std::collections::BTreeSet;
use std::path::Path;

use chancery_chain::seal::Entry;
use chancery_chain::{Finding, Hash, Seq, Size};

use super::{IndexOf, OpenError, whole};
use crate::engine::{self, Engine, EngineError, STORE_FOLDER};
use crate::expunge::expungings;
use crate::files::{self, FileError};
use crate::floor::Floor;
use crate::mark::Mark;
use crate::repair::source::StoreCopy;
use crate::roll::reader::{ReadError, RollReader};
use crate::tail::TAIL_FILE;

/// Why the working copy was not simply used.
enum Doubt {
    /// It is made again, for this reason.
    Remake(String),
    /// The roll fails, or the disk.
    Fatal(OpenError),
}

/// Opens the working copy, or makes it again and says why in a notice.
pub(super) fn open(
    folder: &Path,
    floor: &Floor,
    reader: &RollReader,
    index: &IndexOf,
    notices: &mut Vec<Finding>,
) -> Result<Engine, OpenError> {
    let why = match usable(folder, floor.mark, reader, index) {
        Ok(engine) => return Ok(engine),
        Err(Doubt::Fatal(fault)) => return Err(fault),
        Err(Doubt::Remake(why)) => why,
    };
    // However doubtful it is: what it alone holds is not to be made away with.
    holds_nothing_more(folder, reader, &BTreeSet::new())?;
    let kept = put_away(folder, reader)?;
    let message = format!("the store was made again from the roll, since {why}{kept}");
    notices.push(Finding::notice("store-remade", message).file(STORE_FOLDER));
    remake(folder, reader, index)
}

/// Looks whether the working copy holds nothing that the roll does not: no entry beyond
/// its end, and none as it was appended that is damaged there, but for bodies that are
/// `to_go`.
pub(crate) fn holds_nothing_more(
    folder: &Path,
    reader: &RollReader,
    to_go: &BTreeSet<Seq>,
) -> Result<(), OpenError> {
    let mut store = StoreCopy::open(folder)?;
    if !store.opens() {
        return Ok(());
    }
    if store.size() > reader.size() {
        return Err(roll_is_short(reader.size(), store.size()).into());
    }
    let mut more = whole::doubtful(reader, to_go)?;
    more.retain(|one| store.entry(one.seq).is_some_and(|held| one.may_be(held)));
    match more.iter().map(|one| one.seq).collect::<Vec<_>>()[..] {
        [] => Ok(()),
        ref entries => Err(roll_is_damaged(entries).into()),
    }
}

/// Makes the working copy anew from the roll; there must be none.
pub(crate) fn remake(
    folder: &Path,
    reader: &RollReader,
    index: &IndexOf,
) -> Result<Engine, OpenError> {
    let mut engine = Engine::open(&folder.join(STORE_FOLDER))?;
    apply_from(&mut engine, Seq::FIRST, reader, index)?;
    engine.sync(reader.size())?.write(folder)?;
    Ok(engine)
}

/// Opens the working copy and brings it to the roll's end, if there is no
/// reason to doubt it.
fn usable(
    folder: &Path,
    mark: Option<Mark>,
    reader: &RollReader,
    index: &IndexOf,
) -> Result<Engine, Doubt> {
    let mark = look_at_files(&folder.join(STORE_FOLDER), mark).map_err(|why| remake_since(&why))?;
    let doubt = |fault: EngineError| Doubt::Remake(fault.to_string());
    let mut engine = Engine::open(&folder.join(STORE_FOLDER)).map_err(doubt)?;
    let head = engine.head().map_err(doubt)?;
    let head = head.ok_or_else(|| remake_since("it opened empty"))?;
    if head.size < mark.size {
        return Err(remake_since("it lost entries that had been synced"));
    }
    if head.size > reader.size() {
        return Err(Doubt::Fatal(roll_is_short(reader.size(), head.size).into()));
    }
    let last = head.size.last_seq().map(|last| reader.entry(last));
    let last = last
        .transpose()
        .map_err(|fault| Doubt::Fatal(fault.into()))?;
    let hash = last.map_or(Hash::ZERO, |entry| Hash::of_envelope(&entry.envelope));
    if hash != head.hash {
        return Err(remake_since("it ends in another entry than the roll"));
    }
    if mark.size < reader.size() {
        let from = engine::run_start(mark.size);
        match apply_from(&mut engine, from, reader, index) {
            Err(OpenError::Engine(fault)) => return Err(doubt(fault)),
            other => other.map_err(Doubt::Fatal)?,
        }
    }
    engine.goes_on(reader.size()).map_err(doubt)?;
    Ok(engine)
}

/// Looks at sled's files in `store` before sled does, and returns the mark, or why the
/// working copy is not to be used: a damaged one opens empty, and opening rewrites it.
pub(crate) fn look_at_files(store: &Path, mark: Option<Mark>) -> Result<Mark, String> {
    let mark = mark.ok_or("it has no valid mark")?;
    let found = std::fs::metadata(engine::engine_file(store));
    let found = found.map_err(|_| "its file is missing")?;
    if found.len() == 0 {
        return Err("its file is empty".to_owned());
    }
    if found.len() < mark.file_length {
        return Err("its file is shorter than when it was synced".to_owned());
    }
    if let Some(missed) = engine::roster::missed(store) {
        return Err(missed);
    }
    // sled would write its settings anew without a word.
    let settings = std::fs::read(engine::settings_file(store));
    let lines = settings
        .as_deref()
        .ok()
        .and_then(<[u8]>::split_last_chunk::<4>);
    if lines.is_none_or(|(lines, _)| !lines.ends_with(b"\n")) {
        return Err("its settings are missing or cut".to_owned());
    }
    Ok(mark)
}

fn remake_since(why: &str) -> Doubt {
    Doubt::Remake(why.to_owned())
}

/// The store follows the roll: what it holds and the roll does not, the roll lost.
fn roll_is_short(roll: Size, store: Size) -> ReadError {
    let lost = store.last_seq().unwrap_or(Seq::FIRST);
    let finding = Finding::damage(
        "tail-short",
        "the tail ends before entries that the store holds",
    )
    .file(TAIL_FILE)
    .between(roll.next_seq(), lost)
    .values(store, roll);
    ReadError::Damaged {
        findings: vec![finding],
    }
}

/// What the store holds as it was appended, and the roll does not, is for repair to
/// bring back.
fn roll_is_damaged(entries: &[Seq]) -> ReadError {
    let which = whole::named(entries);
    let message = format!("it does not hold {which} as the store does");
    let finding = Finding::damage("entry-damaged", message);
    let ends = entries.first().zip(entries.last());
    let finding = match ends {
        Some((first, last)) => finding.between(*first, *last),
        None => finding,
    };
    ReadError::Damaged {
        findings: vec![finding],
    }
}

fn apply_from(
    engine: &mut Engine,
    from: Seq,
    reader: &RollReader,
    index: &IndexOf,
) -> Result<(), OpenError> {
    const AT_ONCE: usize = 1024;
    let find = |seq: Seq, entry: &Entry| super::pairs(index, seq, entry);
    let mut first = from;
    let mut entries = Vec::new();
    for item in reader.entries(from) {
        entries.push(item?.1);
        if entries.len() == AT_ONCE {
            engine.apply(first, &entries, None, find)?;
            first = Seq::new(first.get() + AT_ONCE as u64);
            entries.clear();
        }
    }
    engine.apply(first, &entries, Some(&reader.head()), find)?;
    Ok(())
}

/// Puts the working copy away and says how: it is kept aside, unless it may hold
/// a body that was expunged since.
pub(crate) fn put_away(folder: &Path, reader: &RollReader) -> Result<String, OpenError> {
    let store = folder.join(STORE_FOLDER);
    if store.exists() && !expungings(reader, Seq::FIRST)?.is_empty() {
        files::remove_folder(&store)?;
        files::sync_folder(folder)?;
        return Ok("; the old one is gone, since it may hold what was expunged".to_owned());
    }
    let aside = set_aside(folder)?;
    Ok(aside.map_or_else(String::new, |name| {
        format!("; the old one is kept as {name}")
    }))
}

/// Moves the working copy out of the way and returns its new name, if there is
/// anything in it. It may be all that is left of something.
pub(crate) fn set_aside(folder: &Path) -> Result<Option<String>, FileError> {
    let store = folder.join(STORE_FOLDER);
    if !store.exists() {
        return Ok(None);
    }
    let aside = files::unused(&folder.join("store.aside"));
    files::rename(&store, &aside)?;
    files::sync_folder(folder)?;
    let name = aside
        .file_name()
        .map(|name| name.to_string_lossy().into_owned());
    Ok(name)
}
