//! A submission that is being read, and what its closing must say of it.
//!
//! Which entries belong to it is for [`super::fold`] to tell.

use crate::authority::Decision;
use crate::expunging::Quorum;
use crate::finding::Finding;
use crate::payload::{Closing, Role};
use crate::position::{Instant, Seq};

/// A submission whose closing has not come yet.
#[allow(clippy::struct_excessive_bools, reason = "each is found out by itself")]
#[derive(Clone, Debug)]
pub(super) struct Open {
    pub(super) number: u64,
    pub(super) first: Seq,
    /// Whether none of its entries is known to be lost.
    pub(super) is_whole: bool,
    /// Whether nothing was lost just before `first`, so that it is known to be the first.
    pub(super) first_known: bool,
    pub(super) recorded_at: Instant,
    pub(super) time_differs: bool,
    pub(super) needs: Needs,
    /// The quorum that is in force once this is closed, if it sets one.
    pub(super) quorum: Option<Quorum>,
    pub(super) has_records: bool,
    /// What it decides, and who approved.
    pub(super) decision: Decision,
}

/// Whose key signature a submission needs, by what it holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Needs {
    /// It holds records alone.
    Archivist,
    /// It holds, or may hold, entries of the chain's own kinds that this program does not know.
    Either,
    /// It founds the ledger, enrols or revokes a key, or destroys a body.
    Keeper,
}

/// Returns the finding that a closing's signature is not that of the key it names.
pub(super) fn unsigned(seq: Seq) -> Finding {
    let message = "the key signature is not that of the key it names";
    Finding::damage("signature-invalid", message).at(seq)
}

/// Compares what a closing says of its submission with what was seen.
pub(super) fn check_extent(closing: &Closing, seq: Seq, open: &Open, findings: &mut Vec<Finding>) {
    let first = if open.first_known {
        open.first
    } else {
        closing.first
    };
    let count = seq
        .get()
        .checked_sub(first.get())
        .and_then(|before| before.checked_add(1));
    if closing.first != first || count != Some(u64::from(closing.count)) {
        let message = "the closing does not count the entries of its submission";
        let finding = Finding::damage("closing-mismatch", message).at(seq);
        let expected = match count {
            Some(count) => format!("{count} entries from {first}"),
            None => format!("entries from at most {seq}"),
        };
        let found = format!("{} entries from {}", closing.count, closing.first);
        findings.push(finding.values(expected, found));
    }
}

/// Returns what is wrong with a submission being signed by the key of the entry at
/// `signer`, in this role; `approved` says whether a keeper approved of it.
pub(super) fn role_fault(role: Role, signer: Seq, open: &Open, approved: bool) -> Option<Finding> {
    let archivist = role == Role::Archivist;
    let own_end = open.decision.is_own_end(signer) && (archivist || !open.has_records);
    let (needed, fits) = match open.needs {
        _ if own_end => return None,
        Needs::Archivist => ("archivist", archivist),
        Needs::Either => ("archivist or keeper", role != Role::Log),
        Needs::Keeper if approved && open.number > 0 => ("archivist or keeper", role != Role::Log),
        Needs::Keeper => ("keeper", role == Role::Keeper),
    };
    let message = "the submission was signed in a role that may not";
    (!fits).then(|| Finding::damage("signer-role", message).values(needed, role.name()))
}

/// Returns what is wrong if fewer keepers agreed to a submission than had to.
pub(super) fn quorum_fault(keepers: usize, quorum: Quorum, open: &Open) -> Option<Finding> {
    // A founding has nobody before it who could have agreed.
    if !open.decision.needs_quorum() || open.number == 0 || keepers >= usize::from(quorum.get()) {
        return None;
    }
    let message = "fewer keepers agreed to the submission than the quorum in force asks for";
    let finding = Finding::damage("quorum-short", message);
    Some(finding.values(quorum.get(), keepers))
}

pub(super) fn unclosed(open: &Open, last: Option<Seq>) -> Finding {
    let message = "the submission has no closing";
    Finding::damage("submission-unclosed", message)
        .between(open.first, last.unwrap_or(open.first).max(open.first))
}
