//! The catalogue: every sort of finding by its code, how grave it is, what it
//! means and what can be done about it.
//!
//! A code is for ever: scripts look for it. What raises one is in the modules
//! beside this, by concern.

/// How grave a finding is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Severity {
    /// Records that cannot all be right: there is no world in which they are.
    Contradiction,
    /// What does not happen, or not in this order, unless history was odd.
    Oddity,
    /// Nothing is wrong; somebody may want to look.
    Notice,
}

impl Severity {
    /// Returns the word for it.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Contradiction => "contradiction",
            Self::Oddity => "oddity",
            Self::Notice => "notice",
        }
    }
}

macro_rules! codes {
    ($( $name:ident $word:literal $severity:ident $meaning:literal $help:literal; )*) => {
        /// A sort of finding.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum Code { $( #[doc = $meaning] $name, )* }

        impl Code {
            /// All sorts, in the order of the catalogue.
            pub const ALL: &'static [Self] = &[ $( Self::$name, )* ];

            /// Returns the stable name.
            pub const fn word(self) -> &'static str {
                match self { $( Self::$name => $word, )* }
            }

            /// Returns how grave a finding of this sort is, if it is certain.
            pub const fn severity(self) -> Severity {
                match self { $( Self::$name => Severity::$severity, )* }
            }

            /// Returns what it means.
            pub const fn meaning(self) -> &'static str {
                match self { $( Self::$name => $meaning, )* }
            }

            /// Returns what can be done.
            pub const fn help(self) -> &'static str {
                match self { $( Self::$name => $help, )* }
            }
        }
    };
}

codes! {
    EndsBeforeItBegins "ends-before-it-begins" Contradiction
        "The last day of something lies before its first day."
        "correct one of the two days";
    CannotAllBeRight "cannot-all-be-right" Contradiction
        "The days of some records, and what the records say of their sequence, leave no possible world. Answers that rest on them are withheld."
        "compare the records with their sources, and correct or retract the one that is wrong";
    OrderWithItself "order-with-itself" Oddity
        "The `order` of a record names the record itself."
        "correct `order`";
    ActBeforeAdoption "act-before-adoption" Oddity
        "An actor signed an instrument or consented to it before its text was adopted."
        "correct the day of the act or of the adoption, if one was misread";
    SignatureBeforeOpening "signature-before-opening" Oddity
        "An actor signed an instrument before it was opened for signature."
        "correct the day of the signature, or `opened`";
    SignatureAfterClosing "signature-after-closing" Oddity
        "An actor signed an instrument after the last day for signature."
        "correct the day of the signature, or `closes`; a later act is often an accession";
    SignatureAfterConsent "signature-after-consent" Notice
        "An actor signed an instrument to which it had consented already."
        "correct the kind or the day of one of the two acts, if it was misread";
    ConsentRepeated "consent-repeated" Notice
        "An actor consented twice to one instrument, and did not leave it between. It counts once."
        "name the `territory` of the later act, or retract the one that was entered twice";
    EffectBeforeAct "effect-before-act" Notice
        "An act other than a succession has legal effect from a day before it was done (VCLT 28)."
        "correct `on` or `effective`, if one was misread";
    WithdrawalWithoutConsent "withdrawal-without-consent" Oddity
        "An actor gave notice of leaving an instrument to which it had not consented. The notice ends nothing."
        "append the consent, if it is known";
    NoticeTooEarly "notice-too-early" Oddity
        "An actor gave notice before the first day on which the instrument allows it. When it takes effect is left open."
        "record `effective` on the act, if it is known from when the notice was taken to count";
    RevocationTooLate "revocation-too-late" Oddity
        "A notice was revoked when it had taken effect already. The revocation is void."
        "record a new consent, if the actor came back by one";
    WithdrawsNothing "withdraws-nothing" Oddity
        "An act withdraws another and does not say which. It moves nothing."
        "supplement `target`";
    TargetOfAnother "target-of-another" Oddity
        "An actor withdraws an act of another actor. It moves nothing."
        "correct `by` or `target`";
    TargetElsewhere "target-elsewhere" Oddity
        "An act is aimed at an act toward another instrument."
        "correct `instrument` or `target`";
    ReservationProhibited "reservation-prohibited" Oddity
        "An actor made a reservation to an instrument that prohibits them (VCLT 19 (a))."
        "correct the kind of the act to `declaration`, if that is what it was";
    ObjectionToNoReservation "objection-to-no-reservation" Oddity
        "An actor objects to an act that is neither a reservation nor a declaration (VCLT 20)."
        "correct `target`, or the kind of the act that it names";
    ObjectionToOneself "objection-to-oneself" Oddity
        "An actor objects to its own reservation."
        "correct `by` or `target`";
    SuccessionWithoutPredecessor "succession-without-predecessor" Oddity
        "An actor succeeds to an instrument, and it is not said after whom. Its consent counts as its own."
        "supplement `succeeds`";
    PredecessorStillThere "predecessor-still-there" Notice
        "An actor succeeds another that still existed on that day, as after decolonisation or cession."
        "supplement `until` of the predecessor, if it had ceased to exist";
    ActorNotYet "actor-not-yet" Oddity
        "An actor acts, speaks, claims or undertakes something before the first day of its existence."
        "correct the day, the actor, or the `from` of the actor";
    ActorNoLonger "actor-no-longer" Oddity
        "An actor acts, speaks, claims or undertakes something after the last day of its existence."
        "correct the day, the actor, or the `until` of the actor";
    PeriodOutsideLifetime "period-outside-lifetime" Oddity
        "A name, a membership or an office lies outside the days on which the actor existed."
        "correct the period, or `from` and `until` of the actor";
    SignerHeldNoOffice "signer-held-no-office" Oddity
        "Of whoever signed for another, offices are recorded, and none that was held on that day."
        "append the office, or correct its days or the signer";
    SignerOfAnother "signer-of-another" Oddity
        "Whoever signed for another held no office on that day but of somebody else."
        "append the office, or correct the signer";
    SignerWithoutOffice "signer-without-office" Notice
        "Of whoever signed for another no office is recorded."
        "append the office in which the act was signed";
    OfficeNotHeld "office-not-held" Oddity
        "Somebody speaks in an office that is recorded of nobody who spoke, or not of that day."
        "correct `as`, the day or the speaker, or append the office";
    ForceBeforeAdoption "force-before-adoption" Oddity
        "An instrument is in force before its text was adopted."
        "correct the day of entry into force, or the adoption";
    ForceBeforeSignature "force-before-signature" Oddity
        "An instrument is in force before anybody signed it."
        "correct the day of entry into force, or the day of the first signature";
    ForceDiffersFromRule "force-differs-from-rule" Oddity
        "The recorded day of entry into force is not the one that follows from the rule. The recorded day governs."
        "correct the rule, the recorded day, or the day of a deposit";
    ForceWithoutConsents "force-without-consents" Notice
        "An instrument entered into force by the record, and by its rule it has not, with the consents that are known."
        "append the consents that are missing";
    ForceRecordedTwice "force-recorded-twice" Oddity
        "Two days of entry into force are recorded, and they cannot be one. All days between them are taken as possible."
        "correct or retract the one that is wrong";
    RuleCircle "rule-circle" Oddity
        "Rules of entry into force count only parties to one another. None of them can be applied."
        "correct `eligible` of one of them";
    RuleCannotBeMet "rule-cannot-be-met" Oddity
        "A rule of entry into force asks for what nobody can give, whoever consents."
        "correct the rule";
    SharesExceedTheWhole "shares-exceed-the-whole" Notice
        "The shares in a rule of entry into force sum to more than the whole, by rounding or by mistake."
        "compare them with the treaty's own list";
    SameAsCircle "same-as-circle" Oddity
        "Actors are said to be one another in a circle. They count as the first of them."
        "correct `same_as`, so that the chain has an end";
    SameIdentifier "same-identifier" Notice
        "Two actors have the same identifier, and neither is said to be the other."
        "supplement `same_as`, or correct the identifier";
    SameName "same-name" Notice
        "Two actors of one kind have the same name, and neither is said to be the other."
        "supplement `same_as`, if they are one";
    DueBeforeMade "due-before-made" Oddity
        "A commitment is due before it was made."
        "correct `due` or `made`";
    OverBeforeMade "over-before-made" Oddity
        "The last day on which a commitment is owed lies before the day on which it was made."
        "correct `until` or `made`";
    PartiesOfNothing "parties-of-nothing" Oddity
        "A commitment is owed by, or to, all parties of its instrument, and it is under none."
        "supplement `under`";
    OperationAfterEnd "operation-after-end" Oddity
        "Something was done to a commitment that had ended already."
        "correct the day of the operation, or what ended the commitment";
    Overdue "overdue" Notice
        "A commitment was due, is still owed, and nobody claims that it was fulfilled."
        "append a claim of what became of it, if one is known";
    ClaimedBefore "claimed-before" Oddity
        "Something is claimed as done before it can have been."
        "correct `said` or `on`, or the day of what the claim is about";
    ViolationByNobody "violation-by-nobody" Notice
        "A violation is claimed, and not against whom."
        "supplement `against`, if the words say it";
    ClaimsContested "claims-contested" Notice
        "Claimants differ about one thing, or one denies what the other claims."
        "let it stand: the record holds what each says and takes no side";
    SourcesDisagree "sources-disagree" Notice
        "One statement contradicts another, and both stand."
        "let it stand: the record holds both and takes no side";
    RepliesBefore "replies-before" Oddity
        "A statement replies to one that was made later."
        "correct `said` of one of the two, or `reply_to`";
    ReportedBeforeSaid "reported-before-said" Oddity
        "All sources of what was said were published more than a day before it was said."
        "correct `said`, or `published` of the source";
    DerivedSource "derived-source" Notice
        "A record rests on a source that was made from another, and that other is held."
        "add the words of the original as evidence, by a correction";
    SourceBeforeItsOrigin "source-before-its-origin" Oddity
        "A source was published more than a day before the one that it was made from."
        "correct `published` of one of the two, or `derived_from`";
    SourcesInACircle "sources-in-a-circle" Oddity
        "Sources are said to be made from one another in a circle."
        "correct `derived_from`, so that one of them is the first";
    NoRecordOfEvent "no-record-of-event" Notice
        "The day for which an event was planned is past, and nothing says what became of it."
        "supplement `held` or `called_off`, once it is known";
    HeldBeforeAnnounced "held-before-announced" Oddity
        "An event was held before it was announced."
        "correct `held` or `announced`";
    CalledOffAfterHeld "called-off-after-held" Oddity
        "An event was called off when it was over already."
        "correct `held` or `called_off`";
    Unsupported "unsupported" Notice
        "A record has lost what it rests on. It is shown and moves nothing."
        "append the record anew on what still stands, or correct what it names";
    AttestationLapsed "attestation-lapsed" Notice
        "A record was changed after somebody attested it. The attestation has lapsed for what was changed."
        "let the record be attested anew";
}
