//! Comparing the checkpoints with the tree, and verifying who signed them.
//!
//! The one in the ledger's folder is written first, the one in the roll after
//! it: a power cut may leave the roll with the one before.

use chancery_chain::{Audited, Checkpoint, Finding, Note, Size};

use super::Kept;
use super::tree::Tree;
use crate::floor::{Claim, Floor, claim};
use crate::roll::CHECKPOINT_FILE;

/// What the checkpoints came to.
#[derive(Default)]
pub(super) struct Notes {
    pub(super) findings: Vec<Finding>,
    pub(super) signatures: u64,
}

/// Compares both checkpoints with the roll, and with each other.
pub(super) fn check(floor: &Floor, tree: &Tree, audited: &Audited, broken: bool) -> Notes {
    let mut notes = Notes::default();
    let published = format!("{}/{CHECKPOINT_FILE}", crate::roll::ROLL_FOLDER);
    let kept = notes.look(
        floor.kept.as_deref(),
        CHECKPOINT_FILE,
        tree,
        audited,
        broken,
    );
    let public = notes.look(
        floor.published.as_deref(),
        &published,
        tree,
        audited,
        broken,
    );
    match (&floor.kept, &floor.published) {
        (Some(one), Some(other)) if one != other => {
            let older =
                matches!((kept, public), (Some(kept), Some(public)) if public.size < kept.size);
            // Of one size too: it may have been cosigned since.
            let behind = older || floor.awaited;
            notes.findings.push(differ(behind).file(published));
        }
        (Some(_), None) => {
            let finding = if floor.awaited {
                differ(true)
            } else {
                missing()
            };
            notes.findings.push(finding.file(published));
        }
        (None, Some(_)) => notes.findings.push(missing().file(CHECKPOINT_FILE)),
        _ => {}
    }
    notes
}

impl Notes {
    /// Compares checkpoints that were kept elsewhere, the smallest first: where
    /// one agrees and the next does not, what differs lies between the two.
    pub(super) fn check_kept(
        &mut self,
        against: &[Kept],
        tree: &Tree,
        audited: &Audited,
        broken: bool,
    ) {
        let mut by_size: Vec<&Kept> = against.iter().collect();
        by_size.sort_by_key(|kept| claim(&kept.note).map(|claim| claim.size));
        let mut agreed = Size::EMPTY;
        for kept in by_size {
            let before = self.findings.len();
            if let Some(claim) = self.look(Some(&kept.note), &kept.name, tree, audited, broken) {
                agreed = claim.size;
            }
            for finding in self.findings.iter_mut().skip(before) {
                if let (Some((first, last)), "root-mismatch") = (&mut finding.entries, finding.code)
                    // Of two of one size, one may agree: then nothing lies between.
                    && agreed.next_seq() <= *last
                {
                    *first = agreed.next_seq();
                }
            }
        }
    }

    /// Returns what a checkpoint says, if it is true and signed by a log key.
    fn look(
        &mut self,
        note: Option<&[u8]>,
        file: &str,
        tree: &Tree,
        audited: &Audited,
        broken: bool,
    ) -> Option<Claim> {
        let note = note?;
        let before = self.findings.len();
        let claim = claim(note);
        match claim {
            None => self.damage("checkpoint-malformed", "the checkpoint does not read", file),
            Some(claim) if claim.size > tree.size() && !broken => self.damage(
                "checkpoint-beyond",
                "the ledger is shorter than when the checkpoint was made",
                file,
            ),
            Some(claim) => self.compare_root(&claim, file, tree),
        }
        self.check_signature(note, file, audited);
        let sound = claim.filter(|_| self.findings.len() == before);
        self.flag(note, file, audited);
        sound
    }

    /// Tells whether only a log key signed the note that was in doubt then.
    fn flag(&mut self, note: &[u8], file: &str, audited: &Audited) {
        let (Ok(note), Some(origin)) = (Note::parse(note), &audited.origin) else {
            return;
        };
        let Ok(checkpoint) = Checkpoint::parse(note.text()) else {
            return;
        };
        let doubted = audited
            .keyring
            .doubted_signer(origin, &note, checkpoint.size());
        self.findings.extend(doubted.map(|(key, revoked)| {
            Finding::notice("checkpoint-flagged", revoked.doubt(key)).file(file)
        }));
    }

    fn compare_root(&mut self, claim: &Claim, file: &str, tree: &Tree) {
        match tree.root_at(claim.size) {
            Some(root) if root == claim.root => {}
            Some(root) => {
                let message = "the entries have another root than the checkpoint says";
                let finding = Finding::damage("root-mismatch", message).file(file);
                let finding = finding.values(claim.root, root);
                let last = claim.size.last_seq();
                self.findings.push(match last {
                    Some(last) => finding.between(Size::EMPTY.next_seq(), last),
                    None => finding,
                });
            }
            None => {
                let message = "the root cannot be told, since entries are missing";
                let finding = Finding::notice("checkpoint-unchecked", message);
                self.findings.push(finding.file(file));
            }
        }
    }

    /// Checks that a log key of the ledger signed the note, under its origin.
    fn check_signature(&mut self, note: &[u8], file: &str, audited: &Audited) {
        let Ok(note) = Note::parse(note) else {
            return;
        };
        let (Some(origin), true) = (&audited.origin, audited.keyring.iter().next().is_some())
        else {
            let message = "the checkpoint's key signature cannot be checked: the keys are lost";
            let finding = Finding::notice("signature-unchecked", message);
            return self.findings.push(finding.file(file));
        };
        self.signatures += 1;
        let Ok(checkpoint) = Checkpoint::parse(note.text()) else {
            return;
        };
        let known = audited.keyring.log_keys_at(origin, checkpoint.size());
        if let Err(fault) = note.verify(&known) {
            self.damage("checkpoint-signature", &fault.to_string(), file);
        }
        if checkpoint.origin() != origin.as_str() {
            self.damage(
                "checkpoint-origin",
                "the checkpoint is another ledger's",
                file,
            );
        }
    }

    fn damage(&mut self, code: &'static str, message: &str, file: &str) {
        let finding = Finding::damage(code, message).file(file);
        self.findings.push(finding);
    }
}

fn differ(behind: bool) -> Finding {
    if behind {
        let message = "the roll does not have the ledger's last checkpoint yet";
        return Finding::notice("checkpoint-behind", message);
    }
    let message = "the checkpoint in the roll is not the one in the ledger's folder";
    Finding::damage("checkpoint-differs", message)
}

fn missing() -> Finding {
    Finding::damage(
        "file-missing",
        "the checkpoint is missing in one of its two places",
    )
}
