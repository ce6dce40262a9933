//! Closings: whether a submission is closed by somebody who may.
//!
//! Who may depends on what it holds: an archivist closes records, a keeper what
//! keepers decide, and an archivist that too if a keeper approved of it.

use super::examined::Witness;
use super::fold::{Fold, Signed};
use super::submission::{Open, check_extent, quorum_fault, role_fault, unsigned};
use crate::envelope::Envelope;
use crate::finding::Finding;
use crate::hash::Hash;
use crate::head::Head;
use crate::payload::{Closing, Revocation, Role};
use crate::position::{Seq, Size};

/// Who agreed to a submission besides whoever closed it.
struct Agreed {
    /// Whether a keeper approved, or may have.
    approved: bool,
    /// How many keepers agreed, whoever closed it included; `None` if that is not known.
    keepers: Option<usize>,
}

impl Fold {
    /// Verifies the signature of a closing.
    pub(super) fn signed(&self, witness: &Witness, envelope: &Envelope) -> Signed {
        let Some(bytes) = &witness.closing else {
            return Signed::NotAsked;
        };
        let Ok(closing) = Closing::decode(&envelope.payload) else {
            return Signed::Invalid;
        };
        let Some(origin) = &self.origin else {
            return Signed::Unchecked;
        };
        // A key cannot sign for its own enrolment, but for the founding ones.
        let open = self.open.as_ref();
        let open = open.filter(|open| open.number == envelope.submission);
        let first = open.map_or(envelope.seq, |open| open.first);
        let in_force = envelope.submission == 0 || closing.signer < first;
        let Some(key) = self.keyring.get(closing.signer).filter(|_| in_force) else {
            return if self.is_lost(closing.signer) {
                Signed::Unchecked
            } else {
                Signed::UnknownKey
            };
        };
        if witness.is_signed(bytes, origin, &key.key) {
            Signed::Valid
        } else if self.origin_doubtful || self.doubtful.contains(&closing.signer) {
            Signed::Unchecked
        } else {
            Signed::Invalid
        }
    }

    /// Takes note that the entry at `seq` revokes a key.
    pub(super) fn revoke(
        &mut self,
        seq: Seq,
        revocation: &Revocation,
        findings: &mut Vec<Finding>,
    ) {
        let key = revocation.key;
        if key >= seq || !(self.keyring.revoke(seq, revocation) || self.is_lost(key)) {
            let message = format!("no key was enrolled by entry {key}, which is revoked");
            findings.push(Finding::damage("revocation-unknown", message).at(seq));
        }
    }

    pub(super) fn close(
        &mut self,
        envelope: &Envelope,
        open: &Open,
        hash: Hash,
        signed: Signed,
        findings: &mut Vec<Finding>,
    ) {
        let seq = envelope.seq;
        if let Ok(closing) = Closing::decode(&envelope.payload) {
            check_extent(&closing, seq, open, findings);
            self.check_signature(&closing, seq, open, signed, findings);
        }
        self.quorum = open.quorum.unwrap_or(self.quorum);
        self.closed = Head {
            size: Size::ending_at(seq).unwrap_or_default(),
            hash,
            submissions: self.submissions,
            recorded_at: envelope.recorded_at,
        };
        if open.number == 0 {
            self.founding = Some(hash);
        }
    }

    fn check_signature(
        &mut self,
        closing: &Closing,
        seq: Seq,
        open: &Open,
        signed: Signed,
        findings: &mut Vec<Finding>,
    ) {
        let by = closing.signer;
        let doubtful = self.doubtful.contains(&by);
        let closer = (signed == Signed::Valid && !doubtful).then_some(by);
        if signed == Signed::NotAsked {
            return;
        }
        let agreed = self.agreed(open, seq, closer, findings);
        match signed {
            // What the key may do is not known if its entry was altered.
            Signed::Valid if doubtful => {}
            Signed::Valid => {
                self.signatures.add(open.first, seq, by);
                let fault = self.signer_fault(by, open, agreed.approved);
                let fault = fault.or_else(|| self.quorum_fault(&agreed, open));
                findings.extend(fault.map(|finding| finding.at(seq)));
            }
            Signed::Invalid => {
                findings.push(unsigned(seq));
            }
            Signed::UnknownKey => {
                let message = format!("no key in force was enrolled by entry {by}");
                findings.push(Finding::damage("signer-unknown", message).at(seq));
            }
            Signed::Unchecked => {
                self.uncheck(seq);
            }
            Signed::NotAsked => {}
        }
    }

    /// Returns what is wrong with the key of the entry at `by` having signed this.
    fn signer_fault(&self, by: Seq, open: &Open, approved: bool) -> Option<Finding> {
        let enrolled = self.keyring.enrolled(by)?;
        match &enrolled.revoked {
            Some(revoked) if !enrolled.signs_at(open.first) => {
                let message = format!("the key that signed was revoked by entry {}", revoked.at);
                Some(Finding::damage("signer-revoked", message))
            }
            _ => role_fault(enrolled.key.role, by, open, approved),
        }
    }

    /// Returns what is wrong if fewer keepers agreed than the quorum in force asks for.
    fn quorum_fault(&self, agreed: &Agreed, open: &Open) -> Option<Finding> {
        // What is lost may have been an approval, or have set another quorum.
        let all_known = self.lost.is_empty() && !self.bodies.has_skipped();
        let keepers = agreed.keepers.filter(|_| all_known)?;
        quorum_fault(keepers, self.quorum, open)
    }

    /// Weighs the approvals of a submission, and reports those that do not count.
    fn agreed(
        &mut self,
        open: &Open,
        seq: Seq,
        closer: Option<Seq>,
        findings: &mut Vec<Finding>,
    ) -> Agreed {
        let unknown = Agreed {
            approved: true,
            keepers: None,
        };
        let Some(origin) = &self.origin else {
            return unknown;
        };
        if open.decision.approvals().is_empty() {
            let mut in_force = self.keyring.in_force(Role::Keeper, open.first);
            let keepers = usize::from(in_force.any(|(key, _)| Some(key) == closer));
            return Agreed {
                // An approval may be among what is lost.
                approved: !open.is_whole,
                keepers: open.is_whole.then_some(keepers),
            };
        }
        if !open.is_whole || self.origin_doubtful {
            self.uncheck(seq);
            return unknown;
        }
        let weighed = open
            .decision
            .weigh(origin, &self.keyring, open.first, closer);
        for (_, approval) in open.decision.approvals() {
            self.keyring.spend(approval.nonce);
        }
        let approvers = weighed.keepers.values().filter(|key| Some(**key) != closer);
        approvers.for_each(|key| self.signatures.add(open.first, seq, *key));
        let mut unsure = false;
        for (at, fault) in weighed.faults {
            if fault.key().is_some_and(|key| self.is_lost(key)) {
                unsure = true;
            } else {
                let finding = Finding::damage(fault.code(), fault.to_string());
                findings.push(finding.at(at));
            }
        }
        if unsure {
            self.uncheck(seq);
        }
        Agreed {
            approved: unsure || !weighed.keepers.is_empty(),
            keepers: (!unsure).then_some(weighed.keepers.len()),
        }
    }

    fn uncheck(&mut self, seq: Seq) {
        let first = self.unchecked.map_or(seq, |(first, _)| first);
        self.unchecked = Some((first, seq));
    }
}
