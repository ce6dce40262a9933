//! The keyring: which keys the ledger's own entries enrol, for what, and until when.
//!
//! A key is known by the position of the entry that enrolled it, and stays
//! known when it is revoked: what it signed before must still be checked. This
//! module does not ask who enrolled or revoked it; [`crate::audit`] does.

use std::collections::{BTreeMap, BTreeSet};

use crate::envelope::Envelope;
use crate::expunging::Quorum;
use crate::kind::Kind;
use crate::note::{Note, VerifierKey};
use crate::payload::{Approval, KeyPayload, MalformedPayload, Nonce, Origin, Revocation, Role};
use crate::position::{Seq, Size};

/// The keys enrolled so far, and what became of them.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Keyring {
    keys: BTreeMap<Seq, Enrolled>,
    spent: BTreeSet<Nonce>,
    /// The quorum that an entry set last.
    quorum: Option<Quorum>,
}

/// A key, and its end if it has come.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Enrolled {
    /// The key, its role and its name.
    pub key: KeyPayload,
    /// Its revocation.
    pub revoked: Option<Revoked>,
}

/// The end of a key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Revoked {
    /// The position of the first entry that revoked it.
    pub at: Seq,
    /// From which position on its signatures are in doubt; `at` if none is.
    pub since: Seq,
    /// The reason given last.
    pub reason: String,
}

impl Revoked {
    /// Says to people that what the key of the entry at `key` signed is in doubt.
    pub fn doubt(&self, key: Seq) -> String {
        let (at, since) = (self.at, self.since);
        let reason = match self.reason.as_str() {
            "" => String::new(),
            reason => format!(": {reason}"),
        };
        format!(
            "the key of entry {key}, which signed this, is in doubt from entry {since} on; entry {at} revoked it{reason}"
        )
    }
}

impl Enrolled {
    /// Returns whether the key may sign what begins at `place`, having been
    /// enrolled before it. What revokes a key may still be signed by it.
    pub fn signs_at(&self, place: Seq) -> bool {
        self.revoked
            .as_ref()
            .is_none_or(|revoked| revoked.at >= place)
    }

    /// Returns whether any signature of the key may be in doubt.
    pub fn is_in_doubt(&self) -> bool {
        let revoked = self.revoked.as_ref();
        revoked.is_some_and(|revoked| revoked.since < revoked.at)
    }

    /// Returns whether a signature of the key at `place` is in doubt.
    pub fn is_flagged_at(&self, place: Seq) -> bool {
        let within = |revoked: &Revoked| (revoked.since..=revoked.at).contains(&place);
        self.is_in_doubt() && self.revoked.as_ref().is_some_and(within)
    }
}

impl Keyring {
    /// Returns a keyring without keys.
    pub fn new() -> Self {
        Self::default()
    }

    /// Takes note of what an entry says of keys; of other entries, of nothing.
    ///
    /// # Errors
    /// Its payload does not read; nothing was noted.
    pub fn learn(&mut self, envelope: &Envelope) -> Result<(), MalformedPayload> {
        let (seq, payload) = (envelope.seq, &envelope.payload);
        match envelope.kind {
            Kind::KEY => self.enrol(seq, KeyPayload::decode(payload)?),
            Kind::REVOCATION => drop(self.revoke(seq, &Revocation::decode(payload)?)),
            Kind::APPROVAL => self.spend(Approval::decode(payload)?.nonce),
            Kind::QUORUM => self.set_quorum(Quorum::decode(payload)?),
            _ => {}
        }
        Ok(())
    }

    /// Returns whether entries of this kind say something of keys.
    pub fn learns(kind: Kind) -> bool {
        [Kind::KEY, Kind::REVOCATION, Kind::APPROVAL, Kind::QUORUM].contains(&kind)
    }

    /// Returns how many keepers must agree to what is decided next, as far as the
    /// entries that were [learnt](Self::learn) say.
    pub fn quorum(&self) -> Quorum {
        self.quorum.unwrap_or(Quorum::ONE)
    }

    /// Takes note that so many keepers must agree from now on.
    pub fn set_quorum(&mut self, quorum: Quorum) {
        self.quorum = Some(quorum);
    }

    /// Adds the key that the entry at `seq` enrols.
    pub fn enrol(&mut self, seq: Seq, key: KeyPayload) {
        let revoked = None;
        self.keys.insert(seq, Enrolled { key, revoked });
    }

    /// Takes note that the entry at `at` revokes a key; returns whether there is
    /// such a key.
    ///
    /// A key that is revoked already stays so from the first time on; more of
    /// its signatures can be in doubt than was known then, and never fewer.
    pub fn revoke(&mut self, at: Seq, revocation: &Revocation) -> bool {
        let Some(enrolled) = self.keys.get_mut(&revocation.key) else {
            return false;
        };
        let before = enrolled.revoked.take();
        let at = before.as_ref().map_or(at, |before| before.at);
        let least = before.map_or(at, |before| before.since);
        enrolled.revoked = Some(Revoked {
            at,
            since: revocation.since.unwrap_or(at).min(least),
            reason: revocation.reason.clone(),
        });
        true
    }

    /// Takes note that a number was used.
    pub fn spend(&mut self, nonce: Nonce) {
        self.spent.insert(nonce);
    }

    /// Returns whether a number was used already.
    pub fn is_spent(&self, nonce: &Nonce) -> bool {
        self.spent.contains(nonce)
    }

    /// Takes out the key that the entry at `seq` enrolled.
    pub(crate) fn forget(&mut self, seq: Seq) {
        self.keys.remove(&seq);
    }

    /// Returns the key that the entry at `seq` enrolled, if it did, revoked or not.
    pub fn get(&self, seq: Seq) -> Option<&KeyPayload> {
        self.enrolled(seq).map(|enrolled| &enrolled.key)
    }

    /// Returns the key that the entry at `seq` enrolled, with its end.
    pub fn enrolled(&self, seq: Seq) -> Option<&Enrolled> {
        self.keys.get(&seq)
    }

    /// Returns the keys of this role that may sign what begins at `place`, in the
    /// order of their enrolment.
    pub fn in_force(&self, role: Role, place: Seq) -> impl Iterator<Item = (Seq, &KeyPayload)> {
        let enrolled = self.keys.range(..place);
        let signing = enrolled.filter(move |(_, one)| one.key.role == role && one.signs_at(place));
        signing.map(|(seq, one)| (*seq, &one.key))
    }

    /// Returns whether a signature at `place` by the key of the entry at `signer` is
    /// in doubt.
    pub fn is_flagged(&self, signer: Seq, place: Seq) -> bool {
        let enrolled = self.enrolled(signer);
        enrolled.is_some_and(|enrolled| enrolled.is_flagged_at(place))
    }

    /// Returns the log keys that are not revoked, as those who check checkpoints of
    /// `origin` know them.
    pub fn log_keys(&self, origin: &Origin) -> Vec<VerifierKey> {
        self.verifiers(origin, |_, enrolled| enrolled.revoked.is_none())
    }

    /// Returns the log keys that may have signed a checkpoint of this size, revoked
    /// later or not.
    pub fn log_keys_at(&self, origin: &Origin, size: Size) -> Vec<VerifierKey> {
        let place = size.next_seq();
        self.verifiers(origin, |seq, enrolled| {
            seq < place && enrolled.signs_at(place)
        })
    }

    /// Returns a log key in doubt that signed the note of a checkpoint of this size, with
    /// its end, unless one that was not in doubt signed it too.
    pub fn doubted_signer(
        &self,
        origin: &Origin,
        note: &Note,
        size: Size,
    ) -> Option<(Seq, &Revoked)> {
        let place = size.next_seq();
        let signed = |key: &KeyPayload| {
            let key = VerifierKey::new(origin.as_str(), key.key);
            key.is_some_and(|key| note.signers(&[&key]).is_ok())
        };
        let signers: Vec<Seq> = self
            .in_force(Role::Log, place)
            .filter_map(|(seq, key)| signed(key).then_some(seq))
            .collect();
        let doubted = |seq: &Seq| self.is_flagged(*seq, place);
        let first = signers.first().filter(|_| signers.iter().all(doubted))?;
        let revoked = self.enrolled(*first)?.revoked.as_ref()?;
        Some((*first, revoked))
    }

    /// Returns all keys, in the order of their enrolment, revoked or not.
    pub fn iter(&self) -> impl Iterator<Item = (Seq, &Enrolled)> {
        self.keys.iter().map(|(seq, enrolled)| (*seq, enrolled))
    }

    fn verifiers(
        &self,
        origin: &Origin,
        wanted: impl Fn(Seq, &Enrolled) -> bool,
    ) -> Vec<VerifierKey> {
        let log = |(seq, one): &(Seq, &Enrolled)| one.key.role == Role::Log && wanted(*seq, one);
        let keys = self.iter().filter(log);
        keys.filter_map(|(_, one)| VerifierKey::new(origin.as_str(), one.key.key))
            .collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::payload::{Act, ActsHash};
    use crate::seal::Draft;
    use crate::testing::{ARCHIVIST, KEEPER, Ledger, enrolment, key, origin};

    fn revocation(since: Option<Seq>) -> Revocation {
        Revocation {
            key: ARCHIVIST,
            since,
            reason: String::new(),
        }
    }

    /// A keyring with an archivist's key that entry 20 revokes.
    fn revoked(since: Option<u64>) -> Keyring {
        let mut keyring = Keyring::new();
        keyring.enrol(ARCHIVIST, enrolment(Role::Archivist, 2));
        keyring.revoke(Seq::new(20), &revocation(since.map(Seq::new)));
        keyring
    }

    #[test]
    fn a_key_signs_up_to_its_revocation() {
        let keyring = revoked(None);

        let signs = |place| {
            keyring
                .enrolled(ARCHIVIST)
                .unwrap()
                .signs_at(Seq::new(place))
        };
        assert_eq!([3, 20, 21].map(signs), [true, true, false]);
    }

    #[test]
    fn a_key_is_in_doubt_from_where_it_is_said_to_its_revocation() {
        let (doubted, ended) = (revoked(Some(10)), revoked(None));

        let at = |keyring: &Keyring| {
            [9, 10, 20, 21].map(|place| keyring.is_flagged(ARCHIVIST, Seq::new(place)))
        };
        assert_eq!(at(&doubted), [false, true, true, false]);
        assert_eq!(at(&ended), [false; 4]);
        let is_in_doubt = |keyring: &Keyring| keyring.enrolled(ARCHIVIST).unwrap().is_in_doubt();
        assert!(is_in_doubt(&doubted) && !is_in_doubt(&ended));
    }

    #[test]
    fn a_keyring_learns_from_the_entries_what_they_say_of_keys_and_no_more() {
        let (revoke, set_quorum) = (revocation(None), Quorum::new(2).unwrap());
        let acts = [Act::Revoke(revoke), Act::SetQuorum(set_quorum)];
        let nonce = [7; 16];
        let hash = ActsHash::of(&acts).unwrap();
        let approval = Approval::sign(&origin(), KEEPER, nonce, &hash, &key(3)).unwrap();
        let mut ledger = Ledger::with(&[1]);
        let mut drafts = acts.map(Draft::Act).to_vec();
        drafts.push(Draft::Approval(approval));
        ledger.append(drafts, KEEPER, 3);

        let (mut keyring, mut silent) = (Keyring::new(), Keyring::new());
        for entry in &ledger.entries {
            let envelope = Envelope::decode(&entry.envelope).unwrap();
            keyring.learn(&envelope).unwrap();
            if !Keyring::learns(envelope.kind) {
                silent.learn(&envelope).unwrap();
            }
        }

        assert_eq!(keyring.iter().count(), 3);
        let revoked = keyring.enrolled(ARCHIVIST).unwrap().revoked.as_ref();
        assert_eq!(revoked.unwrap().at, Seq::new(7));
        assert!(keyring.is_spent(&nonce));
        assert_eq!(keyring.quorum(), set_quorum);
        assert_eq!(silent, Keyring::new());
        assert!(!Keyring::learns(Kind::FIRST_RECORD) && Keyring::learns(Kind::KEY));
    }

    #[test]
    fn an_entry_that_does_not_read_teaches_nothing() {
        let entry = &Ledger::founded().entries[2];
        let mut envelope = Envelope::decode(&entry.envelope).unwrap();
        envelope.payload.pop();
        let mut keyring = Keyring::new();

        let learnt = keyring.learn(&envelope);

        assert_eq!(learnt, Err(MalformedPayload::Length));
        assert_eq!(keyring, Keyring::new());
    }
}
