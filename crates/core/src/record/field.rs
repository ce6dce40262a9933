//! The specification of a field, and the two macros by which every table and
//! every record is written down: one line a field, number first.
//!
//! A field's number is for ever: it is what corrections name. The order of the
//! fields in a structure is for ever too: it is the order of their bytes.

use super::reader::Reader;
use super::value::{MAX_RECORD, Names, Value, decode, encode, too_long};
use crate::form::Form;

/// What is known of one field.
pub struct FieldSpec {
    /// Its number, which corrections name.
    pub number: u16,
    /// Its name, as archivists write it.
    pub name: &'static str,
    /// Whether a record without it is refused.
    pub required: bool,
    /// What it takes, for messages.
    pub expected: &'static str,
    /// The name of its type, as `docs/format.md` describes it.
    pub type_name: &'static str,
    pub(crate) read: ReadField,
    pub(crate) write: fn(&[u8], &dyn Names) -> Option<Form>,
    pub(crate) each_ref: VisitField,
}

/// What reading a field comes to.
pub(crate) enum FieldRead {
    /// Its encoding.
    Value(Vec<u8>),
    /// It was given, but says no more than its absence would.
    Empty,
    /// A fault has been told.
    Fault,
}

pub(crate) type ReadField = fn(&Form, &mut Reader<'_>) -> FieldRead;
pub(crate) type VisitField = fn(&mut Vec<u8>, &mut dyn FnMut(&mut u64));

impl FieldSpec {
    /// Returns the specification of a field that holds a `T`.
    pub(crate) const fn of<T: Value>(
        number: u16,
        name: &'static str,
        required: bool,
        type_name: &'static str,
    ) -> Self {
        Self {
            number,
            name,
            required,
            expected: T::EXPECTED,
            type_name,
            read: read_field::<T>,
            write: write_field::<T>,
            each_ref: each_ref_of_field::<T>,
        }
    }
}

fn read_field<T: Value>(form: &Form, reader: &mut Reader<'_>) -> FieldRead {
    match T::read(form, reader) {
        Some(value) if value.is_absence() => FieldRead::Empty,
        Some(value) => match encode(&value) {
            bytes if bytes.len() > MAX_RECORD => {
                reader.fault(too_long(form.span, bytes.len()));
                FieldRead::Fault
            }
            bytes => FieldRead::Value(bytes),
        },
        None => FieldRead::Fault,
    }
}

fn write_field<T: Value>(bytes: &[u8], names: &dyn Names) -> Option<Form> {
    decode::<T>(bytes).map(|value| value.write(names))
}

fn each_ref_of_field<T: Value>(bytes: &mut Vec<u8>, visit: &mut dyn FnMut(&mut u64)) {
    if let Some(mut value) = decode::<T>(bytes) {
        value.each_ref(visit);
        *bytes = encode(&value);
    }
}

/// Defines a structure whose fields are read, stored and written by name.
macro_rules! fields {
    (
        $(#[$meta:meta])*
        $name:ident
        required { $( $(#[$rdoc:meta])* $rnum:literal $rfield:ident $rkey:literal : $rtype:ty, )* }
        optional { $( $(#[$odoc:meta])* $onum:literal $ofield:ident $okey:literal : $otype:ty, )* }
    ) => {
        $(#[$meta])*
        #[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
        pub struct $name {
            $( $(#[$rdoc])* pub $rfield: $rtype, )*
            $( $(#[$odoc])* pub $ofield: Option<$otype>, )*
        }

        impl $name {
            /// The fields, required ones first, in the order of their bytes.
            pub const FIELDS: &'static [$crate::record::FieldSpec] = &[
                $( $crate::record::FieldSpec::of::<$rtype>(
                    $rnum, $rkey, true, stringify!($rtype),
                ), )*
                $( $crate::record::FieldSpec::of::<$otype>(
                    $onum, $okey, false, stringify!($otype),
                ), )*
            ];

            /// Returns the structure with these fields, if none that is required is missing.
            pub fn from_fields(fields: &$crate::record::Fields) -> Option<Self> {
                Some(Self {
                    $( $rfield: $crate::record::value::decode(fields.get(&$rnum)?)?, )*
                    $( $ofield: match fields.get(&$onum) {
                        Some(bytes) => Some($crate::record::value::decode(bytes)?),
                        None => None,
                    }, )*
                })
            }

            /// Returns the fields that are there, by number.
            pub fn to_fields(&self) -> $crate::record::Fields {
                let mut fields = $crate::record::Fields::new();
                $( fields.insert($rnum, $crate::record::value::encode(&self.$rfield)); )*
                $( if let Some(value) = &self.$ofield {
                    fields.insert($onum, $crate::record::value::encode(value));
                } )*
                fields
            }

            /// Shows every reference inside, for renumbering.
            pub fn each_ref(&mut self, visit: &mut dyn FnMut(&mut u64)) {
                use $crate::record::value::Value as _;
                let _ = &visit;
                $( self.$rfield.each_ref(visit); )*
                $( if let Some(value) = &mut self.$ofield { value.each_ref(visit); } )*
            }

            /// Returns the fields that are there as named forms.
            pub fn write_members(
                &self,
                names: &dyn $crate::record::Names,
            ) -> Vec<(String, $crate::form::Form)> {
                use $crate::record::value::Value as _;
                #[allow(unused_mut)]
                let mut members = vec![$( ($rkey.to_owned(), self.$rfield.write(names)), )*];
                $( if let Some(value) = &self.$ofield {
                    members.push(($okey.to_owned(), value.write(names)));
                } )*
                members
            }
        }
    };
}

/// Defines a table that stands inside a record.
macro_rules! table {
    ($expected:literal; $(#[$meta:meta])* $name:ident $($rest:tt)*) => {
        $crate::record::field::fields! { $(#[$meta])* $name $($rest)* }

        impl $crate::record::value::Value for $name {
            const EXPECTED: &'static str = $expected;

            fn read(
                form: &$crate::form::Form,
                reader: &mut $crate::record::Reader<'_>,
            ) -> Option<Self> {
                let $crate::form::FormValue::Table(members) = &form.value else {
                    return reader.expected(form, Self::EXPECTED);
                };
                let before = reader.faults.len();
                let fields = reader.fields(form.span, members, Self::FIELDS);
                let read = (reader.faults.len() == before).then(|| Self::from_fields(&fields))??;
                $crate::record::parts::Checked::checked(read, form, reader)
            }

            fn write(&self, names: &dyn $crate::record::Names) -> $crate::form::Form {
                $crate::form::Form::table(self.write_members(names))
            }

            fn each_ref(&mut self, visit: &mut dyn FnMut(&mut u64)) {
                Self::each_ref(self, visit);
            }

            fn is_absence(&self) -> bool {
                self.to_fields().is_empty()
            }
        }
    };
}

pub(crate) use {fields, table};
