//! The closed vocabularies: kinds of actor, of act, of instrument, and so on.
//!
//! A word is stored as its number, in the order given here; words are only
//! ever added at the end.

use super::reader::Reader;
use super::value::{Names, Value};
use crate::fault::{Fault, meant};
use crate::form::Form;

macro_rules! words {
    ($(#[$meta:meta])* $name:ident ($what:literal) { $( $(#[$doc:meta])* $variant:ident $word:literal, )* }) => {
        $(#[$meta])*
        #[derive(
            Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash,
            serde::Serialize, serde::Deserialize,
        )]
        pub enum $name { $( #[doc = concat!("`", $word, "`.")] $(#[$doc])* $variant, )* }

        impl $name {
            /// All of them, in the order of their numbers.
            pub const ALL: &'static [Self] = &[ $( Self::$variant, )* ];

            /// Returns the word that archivists write.
            pub const fn word(self) -> &'static str {
                match self { $( Self::$variant => $word, )* }
            }
        }

        impl Value for $name {
            const EXPECTED: &'static str = $what;

            fn read(form: &Form, reader: &mut Reader<'_>) -> Option<Self> {
                let Some(text) = form.as_text() else {
                    return reader.expected(form, Self::EXPECTED);
                };
                let known = Self::ALL.iter().find(|known| known.word() == text);
                if known.is_none() {
                    unknown_word(form, text, $what, Self::ALL.iter().map(|known| known.word()), reader);
                }
                known.copied()
            }

            fn write(&self, _names: &dyn Names) -> Form {
                Form::text(self.word())
            }
        }
    };
}

/// Returns a word with its article: "an act".
pub(crate) fn with_article(word: &str) -> String {
    let vowel = word.starts_with(['a', 'e', 'i', 'o']);
    format!("{} {word}", if vowel { "an" } else { "a" })
}

fn unknown_word(
    form: &Form,
    text: &str,
    what: &str,
    words: impl Iterator<Item = &'static str> + Clone,
    reader: &mut Reader<'_>,
) {
    let message = format!("`{text}` is not {what}");
    let help = meant(text, words, "it is one of");
    reader.fault(Fault::new(form.span, "unknown-word", message).help(help));
}

words! {
    /// What sort of actor.
    ActorKind ("a kind of actor") {
        State "state",
        Government "government",
        Organisation "organisation",
        ArmedGroup "armed-group",
        ContactGroup "contact-group",
        Person "person",
        /// An unresolved group, such as "experts".
        Collective "collective",
    }
}

words! {
    /// What sort of event.
    EventKind ("a kind of event") {
        Talks "talks",
        Conference "conference",
        PressConference "press-conference",
        Call "call",
        Visit "visit",
        Incident "incident",
        Other "other",
    }
}

words! {
    /// In what part an actor was at an event.
    ParticipantRole ("a role at an event") {
        Party "party",
        Mediator "mediator",
        Guarantor "guarantor",
        Witness "witness",
        Observer "observer",
    }
}

words! {
    /// How near a statement's text is to the words that were spoken.
    Mode ("a mode") {
        Quoted "quoted",
        Paraphrased "paraphrased",
        Attributed "attributed",
    }
}

words! {
    /// What sort of instrument.
    InstrumentKind ("a kind of instrument") {
        Treaty "treaty",
        Agreement "agreement",
        Ceasefire "ceasefire",
        Memorandum "memorandum",
        ExchangeOfNotes "exchange-of-notes",
        Communique "communique",
        JointStatement "joint-statement",
        Resolution "resolution",
        Declaration "declaration",
        Protocol "protocol",
        Understanding "understanding",
    }
}

words! {
    /// With what force an instrument or a commitment is meant to bind.
    Force ("a force") {
        Legal "legal",
        Political "political",
    }
}

words! {
    /// Whether an instrument's text can be read by the public.
    Terms ("one of the terms") {
        Public "public",
        Unpublished "unpublished",
    }
}

words! {
    /// Whether an instrument allows reservations.
    Reservations ("a rule on reservations") {
        Permitted "permitted",
        Prohibited "prohibited",
    }
}

words! {
    /// What an actor did toward an instrument.
    ActKind ("a kind of act") {
        /// VCLT 14.
        Ratification "ratification",
        /// VCLT 14.
        Acceptance "acceptance",
        /// VCLT 14.
        Approval "approval",
        /// VCLT 1986, 2 (1) (b bis).
        FormalConfirmation "formal-confirmation",
        /// VCLT 15.
        Accession "accession",
        /// VCLT 12.
        DefinitiveSignature "definitive-signature",
        /// VCLT 13.
        ExchangeOfInstruments "exchange-of-instruments",
        ConsentToBeBound "consent-to-be-bound",
        Succession "succession",
        /// In the negotiation.
        Participation "participation",
        /// VCLT 10.
        Initialling "initialling",
        /// Subject to ratification (VCLT 14) or as authentication (VCLT 10).
        Signature "signature",
        /// VCLT 10, 12 (2) (b).
        SignatureAdReferendum "signature-ad-referendum",
        /// Of a signature ad referendum.
        Confirmation "confirmation",
        /// Political assent, without a signature.
        Concurrence "concurrence",
        Endorsement "endorsement",
        Vote "vote",
        /// VCLT 25.
        ProvisionalApplication "provisional-application",
        /// VCLT 19.
        Reservation "reservation",
        Declaration "declaration",
        /// VCLT 20.
        Objection "objection",
        WithdrawalOfAct "withdrawal-of-act",
        /// VCLT 56.
        Denunciation "denunciation",
        /// VCLT 54.
        Withdrawal "withdrawal",
        /// VCLT 18 (a).
        NonIntention "non-intention",
        /// VCLT 29.
        TerritorialExtension "territorial-extension",
    }
}

impl ActKind {
    /// Returns whether this is consent to be bound (VCLT 2 (1) (b), 11).
    pub const fn is_consent(self) -> bool {
        matches!(
            self,
            Self::Ratification
                | Self::Acceptance
                | Self::Approval
                | Self::FormalConfirmation
                | Self::Accession
                | Self::DefinitiveSignature
                | Self::ExchangeOfInstruments
                | Self::ConsentToBeBound
                | Self::Succession
        )
    }
}

words! {
    /// How an actor voted.
    Vote ("a vote") {
        For "for",
        Against "against",
        Abstain "abstain",
    }
}

words! {
    /// What happened to an instrument as a whole.
    OccurrenceKind ("a kind of occurrence") {
        EntryIntoForce "entry-into-force",
        ProvisionalEntryIntoForce "provisional-entry-into-force",
        Suspension "suspension",
        Resumption "resumption",
        Termination "termination",
        Invalidity "invalidity",
    }
}

words! {
    /// What was done to a commitment (Singh's operations).
    OperationKind ("a kind of operation") {
        /// The condition was met: the debtor is bound.
        Detach "detach",
        Suspend "suspend",
        Resume "resume",
        /// By the creditor.
        Release "release",
        /// By the debtor.
        Cancel "cancel",
        Supersede "supersede",
    }
}

words! {
    /// What is claimed.
    ClaimKind ("a kind of claim") {
        ConditionMet "condition-met",
        ConditionFailed "condition-failed",
        Fulfilled "fulfilled",
        Violated "violated",
        Occurred "occurred",
        DidNotOccur "did-not-occur",
        InForce "in-force",
        NotInForce "not-in-force",
        Affirmed "affirmed",
        Denied "denied",
        Withdrawn "withdrawn",
    }
}

words! {
    /// In what condition the thing that a commitment depends on must be.
    ConditionState ("a state that a condition can name") {
        Fulfilled "fulfilled",
        Closed "closed",
        InForce "in-force",
    }
}

words! {
    /// How a day is rounded, after the delay.
    RoundingWord ("a rounding") {
        FirstOfNextMonth "first-of-next-month",
        FirstOfMonth "first-of-month",
    }
}

words! {
    /// After what a later consent's own delay runs.
    AfterWord ("what `each` runs after") {
        Completion "completion",
        EntryIntoForce "entry-into-force",
    }
}
