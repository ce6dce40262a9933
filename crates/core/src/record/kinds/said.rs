//! What was said, and what was left open.

use super::record;
use crate::date::Date;
use crate::record::field::fields;
use crate::record::id::Id;
use crate::record::parts::{Code, Evidence, Order};
use crate::record::reference::{ActorRef, AnyRef, ClaimableRef, EventRef, SayingRef, StatementRef};
use crate::record::value::Text;
use crate::record::words::{ClaimKind, Mode};

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
