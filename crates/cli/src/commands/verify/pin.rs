//! The auditor's own pin: what was seen of a ledger, moved forward only as far
//! as the ledger is shown to have grown from there.
//!
//! A pin is a file of the auditor's, kept where the keeper cannot write. It holds
//! the founding hash and the last signed checkpoint. The first time there is nothing
//! to compare with: what is seen then is taken on trust, and that is said.

use std::io;
use std::path::{Path, PathBuf};

use chancery_chain::note::MAX_NOTE;
use chancery_chain::{Hash, Severity, Size};
use chancery_ledger::verify::{Extent, Verified};
use chancery_store::verify::{Kept, Level};

use super::signed::{OWN, covers};
use crate::bounded;
use crate::commands::writing::replace;
use crate::failure::{Exit, Failure};

/// The first line of a pin.
const FIRST: &str = "chancery pin v1";
/// What is needed for a pin to be moved.
const LEVELS: [Level; 4] = [
    Level::Checkpoint,
    Level::Chain,
    Level::Tree,
    Level::Signatures,
];

/// A pin as its file holds it.
pub(super) struct Pin {
    path: PathBuf,
    held: Option<Held>,
}

struct Held {
    founding: Hash,
    note: Vec<u8>,
    size: Size,
}

/// What became of a pin.
#[derive(Clone)]
pub(super) struct Pinned {
    /// Its file.
    pub(super) path: PathBuf,
    /// How many entries it covered before, unless it is new.
    pub(super) was: Option<Size>,
    /// How many entries it covers now.
    pub(super) is: Size,
}

impl Pin {
    /// Reads a pin; one that is not there yet is to be made.
    pub(super) fn read(path: &Path) -> Result<Self, Failure> {
        let held = match bounded::start(path, bounded::TEXT) {
            Ok(bytes) => Some(parse(&bytes).ok_or_else(|| {
                let message = format!("{} is no pin", path.display());
                Failure::new(Exit::Usage, message)
                    .hint("name a file that `verify --pin` made, or one that is not there yet")
            })?),
            Err(error) if error.kind() == io::ErrorKind::NotFound => None,
            Err(error) => {
                let message = format!("cannot read the pin {}", path.display());
                return Err(Failure::new(Exit::System, message).cause(error));
            }
        };
        let path = path.to_owned();
        Ok(Self { path, held })
    }

    /// Returns the founding hash that is pinned.
    pub(super) fn founding(&self) -> Option<Hash> {
        self.held.as_ref().map(|held| held.founding)
    }

    /// Returns the checkpoint that is pinned.
    pub(super) fn kept(&self) -> Option<Kept> {
        let held = self.held.as_ref()?;
        let (name, note) = (self.path.display().to_string(), held.note.clone());
        Some(Kept { name, note })
    }

    /// Moves the pin to the ledger's checkpoint, if all that lies between was
    /// verified and nothing is damaged; returns where it is then, if anywhere.
    pub(super) fn follow(
        &self,
        folder: &Path,
        verified: &Verified,
    ) -> Result<Option<Pinned>, Failure> {
        let was = self.held.as_ref().map(|held| held.size);
        let stays = was.map(|size| self.pinned(was, size));
        let (part, report) = (&verified.part, &verified.report);
        let extent = matches!(part.extent, Extent::Whole | Extent::Since(_));
        let all = extent && LEVELS.iter().all(|level| part.levels.has(*level));
        if report.worst() == Some(Severity::Damage) || !all {
            return Ok(stays);
        }
        let note = bounded::plain(&folder.join(OWN), MAX_NOTE).ok();
        let last = note.and_then(|note| Some((covers(&note)?.size(), note)));
        let (Some((size, note)), Some(founding)) = (last, report.founding) else {
            return stays.map(Some).ok_or_else(|| {
                Failure::new(Exit::Refused, "there is no checkpoint to pin")
                    .hint("ask its keeper for one: `chancery checkpoint`")
            });
        };
        if was.is_some_and(|was| was >= size) {
            return Ok(stays);
        }
        let mut bytes = format!("{FIRST}\nfounding {founding}\n\n").into_bytes();
        bytes.extend(note);
        replace(&self.path, &bytes).map_err(|error| {
            let message = format!("cannot write the pin {}", self.path.display());
            Failure::new(Exit::System, message).cause(error)
        })?;
        Ok(Some(self.pinned(was, size)))
    }

    fn pinned(&self, was: Option<Size>, is: Size) -> Pinned {
        let path = self.path.clone();
        Pinned { path, was, is }
    }
}

impl Pinned {
    /// Says what became of the pin.
    pub(super) fn told(&self) -> String {
        let (path, is) = (self.path.display(), self.is);
        match self.was {
            None => format!("{path}: pinned at {is} entries, which are taken on trust this once"),
            Some(was) if was < is => format!("{path}: moved from {was} to {is} entries"),
            Some(_) => format!("{path}: stays at {is} entries"),
        }
    }
}

fn parse(bytes: &[u8]) -> Option<Held> {
    let text = std::str::from_utf8(bytes).ok()?;
    let (first, rest) = text.split_once('\n')?;
    let (founding, rest) = rest.split_once('\n')?;
    let founding = founding.strip_prefix("founding ")?.parse().ok()?;
    let note = rest.strip_prefix('\n')?.as_bytes().to_vec();
    let size = covers(&note)?.size();
    (first == FIRST).then_some(Held {
        founding,
        note,
        size,
    })
}
