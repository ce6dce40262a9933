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

    /// The file as the ledger holds it: beside an export, under its digest.
    fn write(&self, _names: &dyn Names) -> Form {
        let mut path = String::from("sources/");
        for byte in self.digest {
            // Writing to a String cannot fail.
            let _ = write!(path, "{byte:02x}");
        }
        Form::text(path)
    }
}
