//! What was agreed and undertaken, and what became of it.

use super::record;
use crate::date::Date;
use crate::record::field::fields;
use crate::record::id::Id;
use crate::record::owed::{Condition, Parties};
use crate::record::parts::{Code, Evidence, Order, RegisterNumber};
use crate::record::reference::{
    ActRef, ActorRef, AuthorityRef, CommitmentRef, InstrumentRef, SourceRef, StatementRef,
    SuccessorRef,
};
use crate::record::terms::{EntryIntoForce, WithdrawalTerms};
use crate::record::value::Text;
use crate::record::words::{
    ActKind, Force, InstrumentKind, OccurrenceKind, OperationKind, Reservations, Terms, Vote,
};

record! {
    /// A text, written or not, that actors agreed on or issued.
    Instrument
    required {
        /// Its id.
        1 id "id": Id,
        /// Its title.
        16 title "title": Text,
        /// What sort of instrument.
        17 kind "kind": InstrumentKind,
    }
    optional {
        /// When its text was adopted (VCLT 9).
        18 adopted "adopted": Date,
        /// When it was opened for signature.
        19 opened "opened": Date,
        /// The last day for signature.
        20 closes "closes": Date,
        /// Where.
        21 place "place": Text,
        /// With what force it is meant to bind.
        22 force "force": Force,
        /// Whether its text is public.
        23 terms "terms": Terms,
        /// Who keeps it (VCLT 76).
        24 depositary "depositary": Vec<ActorRef>,
        /// Its numbers in registers.
        25 references "references": Vec<RegisterNumber>,
        /// What it amends.
        26 amends "amends": Vec<InstrumentRef>,
        /// What it takes the place of.
        27 supersedes "supersedes": Vec<InstrumentRef>,
        /// What it carries out.
        28 implements "implements": Vec<InstrumentRef>,
        /// What it cites.
        29 cites "cites": Vec<InstrumentRef>,
        /// Whether reservations may be made (VCLT 19).
        30 reservations "reservations": Reservations,
        /// When it enters into force.
        31 entry_into_force "entry_into_force": EntryIntoForce,
        /// How an actor may withdraw.
        32 withdrawal "withdrawal": WithdrawalTerms,
        /// The sources that hold its text.
        33 text "text": Vec<SourceRef>,
    }
}

record! {
    /// What an actor did toward an instrument.
    Act
    required {
        /// The instrument.
        16 instrument "instrument": InstrumentRef,
        /// Who acted.
        17 by "by": ActorRef,
        /// What it did.
        18 kind "kind": ActKind,
        /// When: the deposit, or the receipt of the notice.
        19 on "on": Date,
    }
    optional {
        /// Its id.
        1 id "id": Id,
        /// From when it has legal effect.
        20 effective "effective": Date,
        /// Who signed.
        21 signed_by "signed_by": Vec<ActorRef>,
        /// The article acted under or on.
        22 article "article": Text,
        /// Whom the actor succeeds.
        23 succeeds "succeeds": ActorRef,
        /// For what territory.
        24 territory "territory": Text,
        /// The text of a reservation, declaration, objection.
        25 text "text": Text,
        /// The act objected to, confirmed, withdrawn or ended.
        26 target "target": ActRef,
        /// As what an objecting actor treats the other.
        27 treats_as "treats_as": Text,
        /// How it voted.
        28 vote "vote": Vote,
        /// Whether an objection keeps the instrument from entering into force between the two.
        29 precludes_entry_into_force "precludes_entry_into_force": bool,
    }
}

record! {
    /// What happened to an instrument as a whole.
    Occurrence
    required {
        /// The instrument.
        16 instrument "instrument": InstrumentRef,
        /// What happened.
        17 kind "kind": OccurrenceKind,
        /// When.
        18 on "on": Date,
    }
    optional {
        /// Its id.
        1 id "id": Id,
        /// Who or what says so.
        19 according_to "according_to": Vec<AuthorityRef>,
    }
}

record! {
    /// What an actor undertook toward others.
    Commitment
    required {
        /// Its id.
        1 id "id": Id,
        /// Who owes it.
        16 debtors "debtors": Parties,
        /// What is owed.
        17 text "text": Text,
        /// When it was undertaken.
        18 made "made": Date,
    }
    optional {
        /// To whom it is owed.
        19 creditors "creditors": Parties,
        /// Under what instrument.
        20 under "under": InstrumentRef,
        /// Its article.
        21 article "article": Text,
        /// The statement it was made in.
        22 stated_in "stated_in": StatementRef,
        /// With what force.
        23 force "force": Force,
        /// On what it depends.
        24 condition "condition": Condition,
        /// From when it is owed; from when it was made if absent.
        25 from "from": Date,
        /// When it is due.
        26 due "due": Date,
        /// The last day on which it is owed.
        27 until "until": Date,
        /// Where.
        28 place "place": Text,
    }
}

record! {
    /// What was done to a commitment.
    Operation
    required {
        /// The commitment.
        16 commitment "commitment": CommitmentRef,
        /// What was done.
        17 kind "kind": OperationKind,
        /// When.
        18 on "on": Date,
    }
    optional {
        /// Its id.
        1 id "id": Id,
        /// By whom.
        19 by "by": Vec<ActorRef>,
        /// Toward whom, or in favour of what other commitment.
        20 to "to": Vec<SuccessorRef>,
    }
}
