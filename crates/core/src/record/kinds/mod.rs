//! The kinds of record, each with its fields: the schema, version 1.
//!
//! Whatever stands here is for ever: the order of the fields is the order of
//! their bytes, and a field's number is what corrections name. A change means
//! a new schema version beside this one.

mod agreed;
mod around;
mod revising;
mod said;

pub use agreed::*;
pub use around::*;
pub use revising::*;
pub use said::*;

/// Defines a kind of record: its own fields, and those that every record has.
macro_rules! record {
    (
        $(#[$meta:meta])*
        $name:ident
        required { $($required:tt)* }
        optional { $($optional:tt)* }
    ) => {
        fields! {
            $(#[$meta])*
            $name
            required { $($required)* }
            optional {
                /// What the record rests on.
                2 evidence "evidence": Vec<Evidence>,
                /// What the record itself says of sequence.
                3 order "order": Vec<Order>,
                /// A remark of the archivist's.
                4 note "note": Text,
                /// Words to find it by.
                5 tags "tags": Vec<Text>,
                /// Codes from others' schemes.
                6 codes "codes": Vec<Code>,
                $($optional)*
            }
        }
    };
}

pub(crate) use record;
