//! The fold: what the entries say about submissions, keys and closings.
//!
//! Only entries that may be believed come here as such; of the others it is
//! noted that they are lost, and what depended on them is not blamed on
//! those that follow. What a closing must be is in `closing`.

use std::collections::BTreeSet;

use super::bodies::Bodies;
use super::flags::Signatures;
use super::submission::{Needs, Open, unclosed};
use crate::authority::Decision;
use crate::envelope::Envelope;
use crate::expunging::{Expunging, Quorum};
use crate::finding::Finding;
use crate::hash::Hash;
use crate::head::Head;
use crate::keyring::Keyring;
use crate::kind::Kind;
use crate::payload::{Approval, Closing, KeyPayload, Origin, Revocation, decode_message};
use crate::position::{Instant, Seq};

/// What is known of a closing's key signature.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Signed {
    Valid,
    Invalid,
    /// No entry in force at that place enrolled such a key.
    UnknownKey,
    /// The key or the origin is lost.
    Unchecked,
    /// Signatures are not checked in this audit, or the entry is no closing.
    NotAsked,
}

/// The state after the entries so far.
#[derive(Debug)]
pub(super) struct Fold {
    pub(super) origin: Option<Origin>,
    pub(super) founding: Option<Hash>,
    pub(super) keyring: Keyring,
    pub(super) closed: Head,
    pub(super) open: Option<Open>,
    pub(super) submissions: u64,
    recorded_at: Instant,
    last: Option<Seq>,
    /// Whether something before the next entry could not be believed.
    gap: bool,
    /// Positions whose entries could not be believed, in ranges.
    pub(super) lost: Vec<(Seq, Seq)>,
    /// Keys from entries that could not be believed.
    pub(super) doubtful: BTreeSet<Seq>,
    pub(super) origin_doubtful: bool,
    pub(super) bodies: Bodies,
    /// How many keepers must agree before a body is destroyed.
    pub(super) quorum: Quorum,
    /// The first and last closings whose signatures could not be checked for what is lost.
    pub(super) unchecked: Option<(Seq, Seq)>,
    /// Which submissions each key signed.
    pub(super) signatures: Signatures,
}

impl Default for Fold {
    fn default() -> Self {
        Self {
            origin: None,
            founding: None,
            keyring: Keyring::new(),
            closed: Head::EMPTY,
            open: None,
            submissions: 0,
            recorded_at: Instant::default(),
            last: None,
            gap: false,
            lost: Vec::new(),
            doubtful: BTreeSet::new(),
            origin_doubtful: false,
            bodies: Bodies::default(),
            quorum: Quorum::ONE,
            unchecked: None,
            signatures: Signatures::default(),
        }
    }
}

impl Fold {
    /// Takes note that the entries from `first` to `last` cannot be believed.
    pub(super) fn lose(&mut self, first: Seq, last: Seq) {
        self.gap = true;
        match self.lost.last_mut() {
            Some((_, end)) if end.get().checked_add(1) == Some(first.get()) => *end = last,
            _ => self.lost.push((first, last)),
        }
    }

    /// Takes note that something may be wrong before the next entry.
    pub(super) fn unsettle(&mut self) {
        self.gap = true;
    }

    /// Takes an entry that may have been altered: a key in it may still be the
    /// right one, and a signature by it that verifies is one.
    pub(super) fn doubtful(&mut self, name: Seq, envelope: &Envelope) {
        self.lose(name, name);
        match envelope.kind {
            Kind::FOUNDING if self.origin.is_none() => {
                self.origin = Origin::decode(&envelope.payload).ok();
                self.origin_doubtful = true;
            }
            Kind::KEY if self.keyring.get(envelope.seq).is_none() => {
                if let Ok(key) = KeyPayload::decode(&envelope.payload) {
                    self.keyring.enrol(envelope.seq, key);
                    self.doubtful.insert(envelope.seq);
                }
            }
            _ => {}
        }
    }

    /// Takes an entry that may be believed.
    pub(super) fn entry(
        &mut self,
        envelope: &Envelope,
        hash: Hash,
        signed: Signed,
        findings: &mut Vec<Finding>,
    ) {
        if self.last.is_some_and(|last| envelope.seq <= last) {
            // It stands here a second time, and was reported for that.
            return;
        }
        let mut open = self.submission(envelope, findings);
        self.bodies.entry(envelope.seq, envelope.kind.is_record());
        self.last = Some(envelope.seq);
        self.gap = false;
        open.has_records |= envelope.kind.is_record();
        if !envelope.kind.is_record() || open.number == 0 {
            self.chain_entry(envelope, &mut open, findings);
        }
        if envelope.kind == Kind::CLOSING {
            self.close(envelope, &open, hash, signed, findings);
        } else {
            self.open = Some(open);
        }
    }

    /// Says what is left open at the end.
    pub(super) fn finish(&mut self, findings: &mut Vec<Finding>) {
        if let (Some(open), false) = (&self.open, self.gap) {
            findings.push(unclosed(open, self.last));
        }
        findings.extend(self.signatures.flagged(&self.keyring));
        self.bodies.finish(|seq| self.is_lost(seq), findings);
        if let Some((first, last)) = self.unchecked {
            let message = "key signatures could not be checked: their key or the origin is lost";
            findings.push(Finding::notice("signature-unchecked", message).between(first, last));
        }
    }

    /// Returns the keys whose entries could be believed.
    pub(super) fn certain_keys(&mut self) -> Keyring {
        let mut keyring = std::mem::take(&mut self.keyring);
        for seq in &self.doubtful {
            keyring.forget(*seq);
        }
        keyring
    }

    pub(super) fn is_lost(&self, seq: Seq) -> bool {
        self.lost
            .iter()
            .any(|(first, last)| (first..=last).contains(&&seq))
    }

    /// Returns the submission that an entry belongs to, begun by it or before.
    fn submission(&mut self, envelope: &Envelope, findings: &mut Vec<Finding>) -> Open {
        if let Some(mut open) = self.open.take() {
            if open.number == envelope.submission {
                if self.gap {
                    open.needs = open.needs.max(Needs::Either);
                    open.is_whole = false;
                }
                if open.recorded_at != envelope.recorded_at && !open.time_differs {
                    open.time_differs = true;
                    let message = "the entry was recorded at another time than its submission";
                    let finding = Finding::damage("time-differs", message).at(envelope.seq);
                    let (expected, found) = (open.recorded_at, envelope.recorded_at);
                    findings.push(finding.values(expected.micros(), found.micros()));
                }
                return open;
            }
            if !self.gap {
                findings.push(unclosed(&open, self.last));
            }
        }
        self.begin(envelope, findings)
    }

    fn begin(&mut self, envelope: &Envelope, findings: &mut Vec<Finding>) -> Open {
        let (expected, found) = (self.submissions, envelope.submission);
        // Whole submissions may be among what is lost.
        let follows = found == expected || (self.gap && found >= expected);
        if !follows {
            let message = "the submission is not the one that follows";
            let finding = Finding::damage("submission-number", message).at(envelope.seq);
            findings.push(finding.values(expected, found));
        }
        if envelope.recorded_at < self.recorded_at {
            let message = "the submission was recorded before the one that it follows";
            let finding = Finding::damage("time-decreases", message).at(envelope.seq);
            let least = format!("at least {}", self.recorded_at.micros());
            findings.push(finding.values(least, envelope.recorded_at.micros()));
        }
        self.submissions = found.saturating_add(1);
        self.recorded_at = envelope.recorded_at;
        Open {
            number: found,
            first: envelope.seq,
            is_whole: !self.gap,
            first_known: !self.gap,
            has_records: false,
            decision: Decision::new(),
            recorded_at: envelope.recorded_at,
            time_differs: false,
            quorum: None,
            needs: match (found, self.gap) {
                (0, _) => Needs::Keeper,
                (_, true) => Needs::Either,
                (_, false) => Needs::Archivist,
            },
        }
    }

    fn chain_entry(&mut self, envelope: &Envelope, open: &mut Open, findings: &mut Vec<Finding>) {
        let seq = envelope.seq;
        let (founding, first) = (envelope.kind == Kind::FOUNDING, seq == Seq::FIRST);
        let known = [Kind::FOUNDING, Kind::KEY, Kind::CLOSING, Kind::QUORUM];
        let known = known.contains(&envelope.kind);
        if founding != first || (open.number == 0 && !known) {
            let message = "a ledger begins with its origin and its keys, and has them there alone";
            let finding = Finding::damage("founding-misplaced", message).at(seq);
            findings.push(finding.values("another kind", format!("kind {}", envelope.kind)));
        }
        open.decision.take(envelope);
        let read = match envelope.kind {
            Kind::FOUNDING if first => Origin::decode(&envelope.payload).map(|origin| {
                self.origin = Some(origin);
                self.origin_doubtful = false;
            }),
            Kind::KEY => KeyPayload::decode(&envelope.payload).map(|key| {
                open.needs = Needs::Keeper;
                self.doubtful.remove(&seq);
                self.keyring.enrol(seq, key);
            }),
            Kind::EXPUNGING => Expunging::decode(&envelope.payload).map(|expunging| {
                open.needs = Needs::Keeper;
                findings.extend(self.bodies.expunging(seq, &expunging));
            }),
            Kind::QUORUM => Quorum::decode(&envelope.payload).map(|quorum| {
                open.needs = Needs::Keeper;
                open.quorum = Some(quorum);
            }),
            Kind::REVOCATION => Revocation::decode(&envelope.payload).map(|revocation| {
                open.needs = Needs::Keeper;
                self.revoke(seq, &revocation, findings);
            }),
            Kind::APPROVAL => Approval::decode(&envelope.payload).map(|_| ()),
            Kind::CLOSING => Closing::decode(&envelope.payload).map(|_| ()),
            Kind::MESSAGE => decode_message(&envelope.payload).map(|_| ()),
            kind => {
                if !kind.is_record() {
                    open.needs = open.needs.max(Needs::Either);
                }
                Ok(())
            }
        };
        if let Err(fault) = read {
            findings.push(Finding::damage("payload-malformed", fault.to_string()).at(seq));
        }
    }
}
