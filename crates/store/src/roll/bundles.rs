//! Reading one bundle of entries with its bodies.
//!
//! What is read is well formed; whether it is true is for the audit to say.

use std::path::Path;

use chancery_chain::bundle::{decode_body_bundle, decode_entry_bundle};
use chancery_chain::seal::Entry;
use chancery_chain::tile::{bodies_path, entries_path};

use super::{ROLL_FOLDER, at, is_without_bodies, read_file};
use crate::files::FileError;

/// Why a bundle gives no entries.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum BundleError {
    /// A file cannot be read.
    #[error(transparent)]
    File(#[from] FileError),
    /// A file is there and does not read: the roll is damaged.
    #[error("{file} is damaged: {what}")]
    Malformed {
        /// The file, relative to the ledger's folder.
        file: String,
        /// What is wrong with it.
        what: String,
    },
    /// This copy of the roll was made without these bodies.
    #[error("this copy was made without bodies: it can be verified, and nothing more")]
    WithoutBodies,
}

impl BundleError {
    pub(crate) fn is_missing(&self) -> bool {
        matches!(self, Self::File(fault) if fault.is_missing())
    }
}

/// Reads the envelopes of the bundle `index` of `width` entries.
pub(crate) fn envelopes(roll: &Path, index: u64, width: u16) -> Result<Vec<Vec<u8>>, BundleError> {
    let name = entries_path(index, width);
    let bytes = read_file(roll, &name)?.ok_or_else(|| missing(roll, &name))?;
    let envelopes = decode_entry_bundle(&bytes).map_err(|fault| malformed(&name, &fault))?;
    if envelopes.len() != usize::from(width) {
        let what = format!("{} envelopes, where {width} should be", envelopes.len());
        return Err(malformed(&name, &what));
    }
    Ok(envelopes.into_iter().map(<[u8]>::to_vec).collect())
}

/// Reads the bundle `index` of `width` entries.
pub(crate) fn read(roll: &Path, index: u64, width: u16) -> Result<Vec<Entry>, BundleError> {
    let envelopes = envelopes(roll, index, width)?;
    let name = bodies_path(index, width);
    let slots = read_file(roll, &name)?;
    let Some(slots) = slots else {
        return Err(absent(roll, &name));
    };
    let slots = decode_body_bundle(&slots).map_err(|fault| malformed(&name, &fault))?;
    let width = usize::from(width);
    if slots.len() != width {
        let what = format!("{} body slots, where {width} should be", slots.len());
        return Err(malformed(&name, &what));
    }
    let entries = envelopes.into_iter().zip(slots);
    Ok(entries
        .map(|(envelope, slot)| Entry { envelope, slot })
        .collect())
}

/// Returns why there are no bodies: they were left out, or they are missing.
fn absent(roll: &Path, name: &str) -> BundleError {
    if is_without_bodies(roll) {
        return BundleError::WithoutBodies;
    }
    missing(roll, name)
}

fn missing(roll: &Path, name: &str) -> BundleError {
    let path = at(roll, name);
    let source = std::io::Error::from(std::io::ErrorKind::NotFound);
    let action = "read";
    BundleError::File(FileError {
        action,
        path,
        source,
    })
}

fn malformed(name: &str, what: &impl ToString) -> BundleError {
    BundleError::Malformed {
        file: format!("{ROLL_FOLDER}/{name}"),
        what: what.to_string(),
    }
}
