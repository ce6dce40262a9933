//! What a record holds of a file in custody. The bytes themselves are kept
//! elsewhere; no file is opened here.

use std::fmt::Write as _;

use serde::{Deserialize, Serialize};

use super::reader::Reader;
use super::value::{Names, Value};
use crate::fault::Fault;
use crate::form::Form;

/// A file in custody: what the ledger keeps of it beside its bytes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Custody {
    /// The plain BLAKE3 digest of its bytes.
    pub digest: [u8; 32],
    /// Its length in bytes.
    pub length: u64,
    /// The name it came under, without folders.
    pub name: String,
}

impl Value for Custody {
    const EXPECTED: &'static str = "the path of a file, relative to the dossier";

    fn read(form: &Form, reader: &mut Reader<'_>) -> Option<Self> {
        let Some(path) = form.as_text() else {
            return reader.expected(form, Self::EXPECTED);
        };
        match reader.around.custody(path, form.span.dossier) {
            Ok(custody) => Some(custody),
            Err(why) => {
                let message = format!("`{path}` cannot be taken into custody: {why}");
                let help = "the path is relative to the dossier";
                reader.fault(Fault::new(form.span, "unreadable-file", message).help(help));
                None
            }
        }
    }

    fn write(&self, names: &dyn Names) -> Form {
        Form::text(names.file(self))
    }
}

impl Custody {
    /// Returns where a ledger keeps the file, from its folder: under its digest.
    pub fn path(&self) -> String {
        let mut path = String::from("sources/");
        for byte in self.digest {
            // Writing to a String cannot fail.
            let _ = write!(path, "{byte:02x}");
        }
        path
    }

    /// Returns where an export puts the file: in a folder of its digest, under the
    /// name it came under, if that is a name and no path.
    pub fn named_path(&self) -> String {
        let plain = !matches!(self.name.as_str(), "" | "." | "..")
            && !self.name.contains(['/', '\\', '\0']);
        if plain {
            format!("{}/{}", self.path(), self.name)
        } else {
            self.path()
        }
    }
}
