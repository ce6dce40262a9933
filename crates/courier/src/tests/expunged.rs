//! Bodies that were destroyed since: what is carried of them, and what is not.

use chancery_chain::bundle::{decode_body_bundle, encode_body_bundle};
use chancery_chain::tile::{self, TilePath};
use chancery_chain::{Digest, Seq, Slot};
use tempfile::TempDir;

use super::carrying::{carry, ledger, place};
use super::places::bucket;
use super::{Ledger, files};
use crate::carry::remove_sources;
use crate::server::Server;
use crate::{CarryError, Carrying, Place};

/// A body in the full bundle of a ledger of three hundred, and one in the other.
const GONE: [u64; 2] = [10, 270];

/// Does something at a place of each kind.
fn at_every_kind_of_place(act: impl Fn(&Place)) {
    let (folder, server) = (TempDir::new().unwrap(), Server::start());
    act(&Place::folder(&folder.path().join("roll")));
    act(&place(&server));
    act(&Place::far("s3://vault/roll", Box::new(bucket(&server))));
}

/// Destroys the two bodies, under a checkpoint.
fn destroy(ledger: Ledger) -> Ledger {
    let [first, second] = GONE;
    let mut ledger = ledger.expunge(first).expunge(second);
    ledger.checkpoint();
    ledger
}

/// Returns the bodies that lie at a place still and were destroyed.
fn still_there(near: &Place, there: &Place) -> Vec<u64> {
    let carrying = Carrying::begin(near, there, false).unwrap();
    let carried = carrying.files(&|_, _| {}).unwrap();
    let destroyed = carrying.destroyed(&carried).unwrap();
    assert!(
        destroyed
            .iter()
            .all(|gone| matches!(gone.slot, Slot::Body { .. }))
    );
    destroyed.iter().map(|gone| gone.seq.get()).collect()
}

/// Returns whether one of the two bodies is in any file of bodies at a place.
fn has_bodies(there: &Place) -> bool {
    let paths = there.list("bodies").unwrap().unwrap_or_else(|| {
        let widths = (1..=256).flat_map(|width| [(0, width), (1, width)]);
        let paths = widths.map(|(index, width)| tile::bodies_path(index, width));
        paths.collect()
    });
    paths.iter().any(|path| {
        let Some(bytes) = there.get(path, 1 << 24).unwrap() else {
            return false;
        };
        let Some(TilePath::Bodies { index, .. }) = tile::parse_path(path) else {
            panic!("{path}");
        };
        let slots = decode_body_bundle(&bytes).unwrap();
        let gone = GONE.iter().filter(|seq| *seq / 256 == index);
        let mut slots = gone.filter_map(|seq| slots.get(usize::try_from(seq % 256).unwrap()));
        slots.any(|slot| matches!(slot, Slot::Body { .. }))
    })
}

#[test]
fn a_body_said_to_be_destroyed_by_an_entry_that_did_not_is_damage_and_nothing_is_lost_for_it() {
    let ledger = ledger(300);
    let near = Place::folder(&ledger.roll());
    let (from, to) = (TempDir::new().unwrap(), TempDir::new().unwrap());
    let (from, to) = (Place::folder(from.path()), Place::folder(to.path()));
    carry(&near, &to).unwrap();
    let ledger = destroy(ledger);
    carry(&Place::folder(&ledger.roll()), &from).unwrap();
    let held = files(to.as_folder().unwrap());
    // Another record of the full bundle than the one, by an entry of the other bundle.
    let bodies = from.get("bodies/000", 1 << 24).unwrap().unwrap();
    let mut slots = decode_body_bundle(&bodies).unwrap();
    slots[20] = slots[10].clone();
    from.put("bodies/000", &encode_body_bundle(&slots)).unwrap();

    let carried = carry(&from, &to).expect_err("damage").to_string();

    assert!(
        carried.contains("entry 300 did not destroy the body of entry 20"),
        "{carried}"
    );
    let now = files(to.as_folder().unwrap());
    assert!(
        held.iter()
            .all(|(path, bytes)| now.get(path) == Some(bytes))
    );
}

#[test]
fn bodies_that_were_destroyed_are_told_at_every_kind_of_place_until_they_are_gone() {
    at_every_kind_of_place(|there| {
        let ledger = ledger(300);
        let near = Place::folder(&ledger.roll());
        carry(&near, there).unwrap();
        let _ledger = destroy(ledger);

        // Whoever is interrupted before anything is replaced is told again.
        assert_eq!(still_there(&near, there), GONE, "{there}");
        assert_eq!(still_there(&near, there), GONE, "{there}");
        assert!(has_bodies(there));
        let carried = carry(&near, there).unwrap();

        assert_eq!(carried.expunged, 2);
        assert!(!has_bodies(there), "{there}");
        assert_eq!(still_there(&near, there), [0; 0], "{there}");
    });
}

#[test]
fn bodies_that_an_interrupted_first_push_left_are_told_too_in_whatever_width_they_lie() {
    at_every_kind_of_place(|there| {
        let mut ledger = ledger(300);
        let near = Place::folder(&ledger.roll());
        carry(&near, there).unwrap();
        there.delete("checkpoint").unwrap();
        ledger.grow_to(512, 1);
        ledger.checkpoint();
        let carrying = Carrying::begin(&near, there, false).unwrap();
        carrying.files(&|_, _| {}).unwrap();
        let _ledger = destroy(ledger);

        assert_eq!(still_there(&near, there), GONE, "{there}");
        carry(&near, there).unwrap();

        assert!(!has_bodies(there), "{there}");
    });
}

#[test]
fn a_source_file_that_is_held_here_still_is_not_removed_there() {
    at_every_kind_of_place(|there| {
        let here = TempDir::new().unwrap();
        let here = Place::folder(here.path());
        let files: [&[u8]; 3] = [b"held", b"destroyed", b"never there"];
        let digests = files.map(Digest::of);
        let names = digests.map(|digest| digest.to_string());
        here.put(&names[0], files[0]).unwrap();
        for at in [0, 1] {
            there.put(&names[at], files[at]).unwrap();
        }

        let removed = remove_sources(&here, there, &digests).unwrap();

        let lengths = names.map(|name| there.length(&name).unwrap());
        assert_eq!((removed, lengths), (1, [Some(4), None, None]), "{there}");
    });
}

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
