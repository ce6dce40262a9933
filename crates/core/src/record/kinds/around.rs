//! What a record is surrounded by: who there is, what can be read, what took place.

use super::record;
use crate::date::Date;
use crate::record::custody::Custody;
use crate::record::field::fields;
use crate::record::id::Id;
use crate::record::parts::{Code, Evidence, GroupMember, Labels, Name, Order, Participant};
use crate::record::reference::{ActorRef, SourceRef};
use crate::record::value::Text;
use crate::record::words::{ActorKind, EventKind};

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
        23 members "members": Vec<GroupMember>,
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
