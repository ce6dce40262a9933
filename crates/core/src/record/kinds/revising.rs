//! What is said of other records: that they are right, incomplete, wrong, or void.

use super::record;
use crate::record::changes::Changes;
use crate::record::field::fields;
use crate::record::id::Id;
use crate::record::parts::{Code, Evidence, Order};
use crate::record::reference::AnyRef;
use crate::record::value::Text;

record! {
    /// A second archivist's word that records agree with their sources.
    Attestation
    required {
        /// The records.
        16 attests "attests": Vec<AnyRef>,
        /// On what grounds.
        17 grounds "grounds": Text,
    }
    optional {
        /// Its id.
        1 id "id": Id,
    }
}

record! {
    /// Fields that were still absent: the world went on.
    Supplement
    required {
        /// The record.
        16 supplements "supplements": AnyRef,
        /// What is now known of it.
        17 set "set": Changes,
    }
    optional {
        /// Its id.
        1 id "id": Id,
    }
}

record! {
    /// The reading was wrong.
    Correction
    required {
        /// The record.
        16 corrects "corrects": AnyRef,
        /// What is right: fields set and cleared.
        17 changes "set": Changes,
        /// Why.
        18 reason "reason": Text,
    }
    optional {
        /// Its id.
        1 id "id": Id,
    }
}

record! {
    /// The record should not have been made, or no longer stands.
    Retraction
    required {
        /// The record.
        16 retracts "retracts": AnyRef,
        /// Why.
        17 reason "reason": Text,
    }
    optional {
        /// Its id.
        1 id "id": Id,
    }
}
