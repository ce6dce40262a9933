//! References: how one record names another.
//!
//! In a dossier a reference is an id or `#seq`; in the ledger it is a
//! position. Each sort of reference says which kinds it may name.

use super::RecordKind as K;
use super::reader::Reader;
use super::value::{Names, Value};
use crate::form::Form;

macro_rules! references {
    ($( $(#[$meta:meta])* $name:ident ($what:literal) [$($kind:ident),*]; )*) => { $(
        $(#[$meta])*
        #[derive(
            Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash,
            serde::Serialize, serde::Deserialize,
        )]
        pub struct $name(pub u64);

        impl Value for $name {
            const EXPECTED: &'static str = $what;

            fn read(form: &Form, reader: &mut Reader<'_>) -> Option<Self> {
                reader.reference(form, &[$(K::$kind),*]).map(|target| Self(target.seq))
            }

            fn write(&self, names: &dyn Names) -> Form {
                Form::text(names.name(self.0))
            }

            fn each_ref(&mut self, visit: &mut dyn FnMut(&mut u64)) {
                visit(&mut self.0);
            }
        }
    )* };
}

references! {
    /// Names an actor.
    ActorRef ("the id of an actor") [Actor];
    /// Names a source.
    SourceRef ("the id of a source") [Source];
    /// Names an event.
    EventRef ("the id of an event") [Event];
    /// Names a statement.
    StatementRef ("the id of a statement") [Statement];
    /// Names a statement or a claim.
    SayingRef ("the id of a statement or claim") [Statement, Claim];
    /// Names an instrument.
    InstrumentRef ("the id of an instrument") [Instrument];
    /// Names an act.
    ActRef ("the id of an act") [Act];
    /// Names a commitment.
    CommitmentRef ("the id of a commitment") [Commitment];
    /// Names what a claim can be about.
    ClaimableRef ("the id of what is claimed of") [Commitment, Instrument, Event, Act, Statement, Claim];
    /// Names what a condition can depend on.
    ConditionRef ("the id of a commitment, issue or instrument") [Commitment, Issue, Instrument];
    /// Names an actor, a source or a statement: whoever or whatever says so.
    AuthorityRef ("the id of an actor, source or statement") [Actor, Source, Statement];
    /// Names whom an operation turns to, or the commitment that takes over.
    SuccessorRef ("the id of an actor or commitment") [Actor, Commitment];
    /// Names any record.
    AnyRef ("an id") [];
}
