//! Flags: submissions that were signed by a key while it was in doubt.
//!
//! That a key was stolen is known later than it happened. Its signatures from
//! then on are valid, and whoever reads what they vouch for should know.

use crate::finding::Finding;
use crate::keyring::{Keyring, Revoked};
use crate::position::Seq;

/// Which submissions each key signed or approved of.
#[derive(Debug, Default)]
pub(super) struct Signatures(Vec<Signed>);

/// A submission that a key stands behind.
#[derive(Clone, Copy, Debug)]
struct Signed {
    first: Seq,
    closing: Seq,
    key: Seq,
}

impl Signatures {
    /// Takes note that the key of the entry at `key` stands behind the submission
    /// from `first` to `closing`.
    pub(super) fn add(&mut self, first: Seq, closing: Seq, key: Seq) {
        self.0.push(Signed {
            first,
            closing,
            key,
        });
    }

    /// Returns a notice for each run of submissions signed by a key in doubt.
    pub(super) fn flagged(&self, keyring: &Keyring) -> Vec<Finding> {
        let mut runs: Vec<Signed> = Vec::new();
        let flagged = |signed: &&Signed| keyring.is_flagged(signed.key, signed.closing);
        for signed in self.0.iter().filter(flagged) {
            match runs.last_mut() {
                Some(run) if run.key == signed.key && run.meets(signed) => {
                    run.closing = signed.closing;
                }
                _ => runs.push(*signed),
            }
        }
        let revoked = |key| keyring.enrolled(key)?.revoked.as_ref();
        let notices = runs.iter().map(|run| Some(notice(run, revoked(run.key)?)));
        notices.flatten().collect()
    }
}

impl Signed {
    fn meets(&self, next: &Self) -> bool {
        self.closing.get().checked_add(1) == Some(next.first.get())
    }
}

fn notice(run: &Signed, revoked: &Revoked) -> Finding {
    let message = revoked.doubt(run.key);
    Finding::notice("signer-flagged", message).between(run.first, run.closing)
}
