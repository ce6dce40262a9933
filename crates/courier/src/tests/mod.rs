//! Tests on folders of their own and on servers that stand on this machine.

#![allow(clippy::unwrap_used)]

mod bodiless;
mod carrying;
mod expunged;
mod places;

use std::path::{Path, PathBuf};

use chancery_chain::head::Head;
use chancery_chain::seal::{Draft, Entry, Signer, seal, seal_founding};
use chancery_chain::{
    Act, Checkpoint, Expunging, Hash, Instant, KeyPayload, Kind, Origin, Role, Seq,
};
use chancery_store::Store;
use ed25519_dalek::SigningKey;
use tempfile::TempDir;

/// A ledger of records that mean nothing, in a folder of its own.
pub(crate) struct Ledger {
    folder: TempDir,
    store: Store,
    /// What the first submission ends in.
    pub(crate) founding: Hash,
    head: Head,
    key: SigningKey,
    origin: Origin,
}

impl Ledger {
    /// Founds a ledger: entries 0 to 4.
    pub(crate) fn found() -> Self {
        let folder = TempDir::new().unwrap();
        let origin = Origin::new("archive.example/tests").unwrap();
        let key = SigningKey::from_bytes(&[7; 32]);
        let enrolled = |role, name: &str| KeyPayload {
            role,
            key: key.verifying_key(),
            name: name.to_owned(),
        };
        let keys = [
            enrolled(Role::Log, origin.as_str()),
            enrolled(Role::Keeper, "keeper"),
            enrolled(Role::Archivist, "archivist"),
        ];
        let at = Instant::from_micros(1);
        let (entries, head) = seal_founding(&origin, &keys, 1, &key, at).unwrap();
        let store = Store::create(folder.path(), &entries, Box::new(|_, _, _| Vec::new())).unwrap();
        Self {
            folder,
            store,
            founding: head.hash,
            head,
            key,
            origin,
        }
    }

    /// Appends submissions of at most a hundred records until there are `size` entries.
    pub(crate) fn grow_to(&mut self, size: u64, salt: u8) {
        while self.head.size.get() < size {
            let rest = size - self.head.size.get() - 1;
            let drafts = (0..rest.min(100)).map(|number| Draft::Record {
                kind: Kind::FIRST_RECORD,
                schema: 1,
                body: vec![b'x'; usize::try_from(number).unwrap()],
                salt: [salt; 32],
            });
            let entries = self.sealed(Seq::new(3), drafts.collect());
            self.store.append(&entries).unwrap();
        }
    }

    /// Destroys the body of a record.
    pub(crate) fn expunge(mut self, seq: u64) -> Self {
        let act = Act::Expunge(Expunging {
            seq: Seq::new(seq),
            id: String::new(),
            authority: "decision-12".to_owned(),
            reason: "names a person".to_owned(),
        });
        let entries = self.sealed(Seq::new(2), vec![Draft::Act(act)]);
        let (store, _) = self.store.expunge(&entries, Vec::new()).unwrap();
        Self { store, ..self }
    }

    fn sealed(&mut self, signer: Seq, drafts: Vec<Draft>) -> Vec<Entry> {
        let signer = Signer {
            origin: &self.origin,
            seq: signer,
            key: &self.key,
        };
        let at = Instant::from_micros(2);
        let (entries, head) = seal(&self.head, at, signer, drafts).unwrap();
        self.head = head;
        entries
    }

    /// Makes a checkpoint of all there is.
    pub(crate) fn checkpoint(&mut self) {
        let settled = self.store.settle().unwrap();
        let checkpoint = Checkpoint::new(&self.origin, settled.size, settled.root);
        let note = checkpoint.sign(&self.key).unwrap().to_string();
        self.store.put_checkpoint(note.as_bytes()).unwrap();
    }

    pub(crate) fn roll(&self) -> PathBuf {
        self.folder.path().join("roll")
    }
}

/// Returns all files under a folder that a server would serve, with their bytes.
pub(crate) fn files(roll: &Path) -> std::collections::BTreeMap<String, Vec<u8>> {
    let place = crate::Place::folder(roll);
    let paths = place.list("").unwrap().unwrap();
    let served = paths.into_iter().filter(|path| path != "tail");
    served
        .map(|path| {
            let bytes = place.get(&path, u64::MAX - 1).unwrap().unwrap();
            (path, bytes)
        })
        .collect()
}
