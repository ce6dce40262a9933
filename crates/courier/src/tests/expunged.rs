//! Bodies that were destroyed since: what is carried of them, and what is not.

use chancery_chain::Seq;
use tempfile::TempDir;

use super::carrying::{carry, ledger};
use super::files;
use crate::{CarryError, Place};

#[test]
fn a_body_destroyed_by_what_no_checkpoint_covers_is_not_carried_and_nothing_is_lost_for_it() {
    let ledger = ledger(300);
    let (before, fresh) = (TempDir::new().unwrap(), TempDir::new().unwrap());
    let near = Place::folder(&ledger.roll());
    carry(&near, &Place::folder(before.path())).unwrap();
    let held = files(before.path());
    let ledger = ledger.expunge(270);
    assert!(ledger.roll().join("checkpoint").exists());

    for folder in [&before, &fresh] {
        let carried = carry(&near, &Place::folder(folder.path()));

        let Err(CarryError::Uncovered { entry, by }) = carried else {
            panic!("{carried:?}");
        };
        assert_eq!((entry, by), (Seq::new(270), Seq::new(300)));
    }
    assert_eq!(files(before.path()), held);
    assert!(!fresh.path().join("checkpoint").exists());
}
