//! The kinds of record, each with its fields: the schema, version 1.
//!
//! Whatever stands here is for ever: the order of the fields is the order of
//! their bytes, and a field's number is what corrections name. A change means
//! a new schema version beside this one.

use super::changes::Changes;
use super::field::fields;
use super::id::Id;
use super::parts::{
    Code, Condition, Custody, Evidence, Labels, Member, Name, Order, Participant, Parties,
    RegisterNumber,
};
use super::reference::{
    ActRef, ActorRef, AnyRef, AuthorityRef, ClaimableRef, CommitmentRef, EventRef, InstrumentRef,
    SayingRef, SourceRef, StatementRef, SuccessorRef,
};
use super::terms::{EntryIntoForce, WithdrawalTerms};
use super::value::Text;
use super::words::{
    ActKind, ActorKind, ClaimKind, EventKind, Force, InstrumentKind, Mode, OccurrenceKind,
    OperationKind, Reservations, Terms, Vote,
};
use crate::date::Date;

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

record! {
    /// Whoever speaks or acts: a State, an organisation, a person, a group.
    Actor
    required {
        /// Its id.
        1 id "id": Id,
        /// Its name.
        16 name "name": Text,
        /// What sort of actor.
        17 kind "kind": ActorKind,
    }
    optional {
        /// Names it bears or bore, with their periods.
        18 names "names": Vec<Name>,
        /// Identifiers elsewhere: `iso3166`, `wikidata`, `viaf`, `cow`.
        19 identifiers "identifiers": Labels,
        /// From when it exists; always if absent.
        20 from "from": Date,
        /// The last day of its existence.
        21 until "until": Date,
        /// Whom it followed.
        22 predecessors "predecessors": Vec<ActorRef>,
        /// Its members.
        23 members "members": Vec<Member>,
        /// The actor that this one turned out to be.
        24 same_as "same_as": ActorRef,
    }
}

record! {
    /// An office, and who holds it.
    Office
    required {
        /// Who holds it.
        16 person "person": ActorRef,
        /// What it is called.
        17 title "title": Text,
        /// Whose office it is.
        18 of "of": ActorRef,
    }
    optional {
        /// Its id.
        1 id "id": Id,
        /// From when.
        19 from "from": Date,
        /// The last day.
        20 until "until": Date,
    }
}

record! {
    /// Something that can be read: a transcript, a news item, a status table.
    Source
    required {
        /// Its id.
        1 id "id": Id,
        /// Its title.
        16 title "title": Text,
    }
    optional {
        /// What sort of source, in the archive's own words.
        17 kind "kind": Text,
        /// Who made it.
        18 creator "creator": Text,
        /// Who published it.
        19 publisher "publisher": Text,
        /// When it was published.
        20 published "published": Date,
        /// When it was last revised.
        21 revised "revised": Date,
        /// When it was captured.
        22 captured "captured": Date,
        /// Where it was.
        23 url "url": Text,
        /// Its language (BCP 47).
        24 language "language": Text,
        /// Who may do what with it.
        25 rights "rights": Text,
        /// The file in custody.
        26 file "file": Custody,
        /// The type of the file: `text/plain`.
        27 media_type "media_type": Text,
        /// What it was made from: an agency's item from a transcript.
        28 derived_from "derived_from": Vec<SourceRef>,
        /// Who keeps it.
        29 repository "repository": Text,
        /// Under what reference.
        30 reference "reference": Text,
        /// Its level of description (ISAD(G) 3.1.4).
        31 level "level": Text,
        /// Its extent (ISAD(G) 3.1.5).
        32 extent "extent": Text,
        /// What it is a part of.
        33 part_of "part_of": SourceRef,
        /// Where it was made.
        34 place "place": Text,
        /// Conditions of access (ISAD(G) 3.4.1).
        35 access "access": Text,
        /// What its publisher disclaims.
        36 disclaimer "disclaimer": Text,
    }
}

record! {
    /// What took place, or was planned.
    Event
    required {
        /// Its id.
        1 id "id": Id,
        /// Its title.
        16 title "title": Text,
    }
    optional {
        /// What sort of event.
        17 kind "kind": EventKind,
        /// When it was announced.
        18 announced "announced": Date,
        /// For when it was planned.
        19 planned_for "planned_for": Date,
        /// When it was held: `a/b` lasted from a through b.
        20 held "held": Date,
        /// When it was called off.
        21 called_off "called_off": Date,
        /// Where.
        22 place "place": Text,
        /// Who took part.
        23 participants "participants": Vec<Participant>,
    }
}

record! {
    /// What an actor said on the record.
    Statement
    required {
        /// Its id.
        1 id "id": Id,
        /// Who said it.
        16 speakers "speakers": Vec<ActorRef>,
        /// When.
        17 said "said": Date,
        /// How near the text is to the words spoken.
        18 mode "mode": Mode,
    }
    optional {
        /// The text; the single quote of the evidence if absent.
        19 text "text": Text,
        /// In what office or capacity.
        20 capacity "as": Text,
        /// On whose behalf.
        21 on_behalf_of "for": Vec<ActorRef>,
        /// To whom.
        22 to "to": Vec<ActorRef>,
        /// Who relays it.
        23 via "via": Vec<ActorRef>,
        /// Where.
        24 place "place": Text,
        /// On what occasion.
        25 occasion "occasion": EventRef,
        /// What it is about.
        26 about "about": Vec<AnyRef>,
        /// What it bears out.
        27 corroborates "corroborates": Vec<SayingRef>,
        /// What it contradicts.
        28 contradicts "contradicts": Vec<SayingRef>,
        /// What it replies to.
        29 reply_to "reply_to": Vec<StatementRef>,
    }
}

record! {
    /// A question between actors, open or closed.
    Issue
    required {
        /// Its id.
        1 id "id": Id,
        /// Its title.
        16 title "title": Text,
    }
    optional {
        /// When it was opened.
        17 opened "opened": Date,
        /// When it was closed.
        18 closed "closed": Date,
        /// Between whom.
        19 actors "actors": Vec<ActorRef>,
        /// What it is about.
        20 about "about": Vec<AnyRef>,
    }
}

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

record! {
    /// What an actor claims of something. The ledger judges nothing.
    Claim
    required {
        /// What it is about.
        16 about "about": ClaimableRef,
        /// What is claimed.
        17 claims "claims": ClaimKind,
        /// Who claims it.
        18 by "by": Vec<ActorRef>,
        /// When it was said.
        19 said "said": Date,
    }
    optional {
        /// Its id.
        1 id "id": Id,
        /// Who is said to have done it.
        20 against "against": Vec<ActorRef>,
        /// The day claimed of: `a/b` lasted from a through b.
        21 on "on": Date,
        /// The statement it was made in.
        22 stated_in "stated_in": StatementRef,
    }
}

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
