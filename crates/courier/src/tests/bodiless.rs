//! Copies without bodies: they say so from the first file on, and are mixed with no other.

use std::sync::atomic::{AtomicU64, Ordering};

use tempfile::TempDir;

use super::carrying::{carry, ledger, place};
use super::files;
use crate::carry::{WITHOUT_BODIES, is_without_bodies, mirror};
use crate::server::Server;
use crate::{CarryError, Carrying, Place};

/// Pushes without bodies as the command does.
fn carry_bare(from: &Place, to: &Place) -> Result<(), CarryError> {
    let carrying = Carrying::begin(from, to, false)?.leaving_out_bodies();
    let carried = carrying.files(&|_, _| {})?;
    carrying.replace(carried)?;
    carrying.publish()?;
    carrying.prune(false)?;
    Ok(())
}

#[test]
fn bodies_that_are_left_out_are_nowhere_and_the_place_says_so() {
    let mut ledger = ledger(600);
    let (server, folder) = (Server::start(), TempDir::new().unwrap());
    let (near, far) = (Place::folder(&ledger.roll()), place(&server));
    carry_bare(&near, &far).unwrap();
    ledger.grow_to(700, 1);
    ledger.checkpoint();
    carry_bare(&near, &far).unwrap();

    // Whoever fetches from such a place leaves bodies out without being told.
    let fetched = carry(&far, &Place::folder(folder.path())).unwrap();

    let mut whole = files(&ledger.roll());
    whole.retain(|path, _| !path.starts_with("bodies/"));
    whole.insert(WITHOUT_BODIES.to_owned(), Vec::new());
    // What the ledger shows to those who hold its earlier checkpoint is not all fetched.
    whole.retain(|path, _| !path.ends_with("002.p/88"));
    assert_eq!(files(folder.path()), whole);
    assert_eq!(fetched.expunged, 0);
}

#[test]
fn an_interrupted_push_without_bodies_says_so_from_the_first_file_on() {
    let ledger = ledger(600);
    let server = Server::start();
    let (near, far) = (Place::folder(&ledger.roll()), place(&server));

    for _ in 0..7 {
        server.held().takes = Some(1);
        assert!(carry_bare(&near, &far).is_err());
        assert!(is_without_bodies(&far).unwrap());
    }
    server.held().takes = None;
    carry_bare(&near, &far).unwrap();

    let held = server.held();
    assert!(!held.files.keys().any(|path| path.contains("bodies/")));
}

#[test]
fn what_an_interrupted_push_left_is_a_place_with_bodies_whatever_its_size_was() {
    let mut ledger = ledger(100);
    let (folder, server) = (TempDir::new().unwrap(), Server::start());
    let near = Place::folder(&ledger.roll());
    let (there, far) = (Place::folder(folder.path()), place(&server));
    for place in [&there, &far] {
        carry(&near, place).unwrap();
        place.delete("checkpoint").unwrap();
    }
    ledger.grow_to(400, 1);
    ledger.checkpoint();

    for place in [&there, &far] {
        let bared = carry_bare(&near, place);

        assert!(matches!(bared, Err(CarryError::HasBodies { .. })));
        assert!(!is_without_bodies(place).unwrap());
    }
}

#[test]
fn a_place_with_bodies_and_one_without_are_never_mixed() {
    let mut ledger = ledger(300);
    let (whole, bare) = (TempDir::new().unwrap(), TempDir::new().unwrap());
    let near = Place::folder(&ledger.roll());
    let (whole, bare) = (Place::folder(whole.path()), Place::folder(bare.path()));
    carry(&near, &whole).unwrap();
    carry_bare(&near, &bare).unwrap();
    let before = [&whole, &bare].map(|place| files(place.as_folder().unwrap()));
    ledger.grow_to(400, 1);
    ledger.checkpoint();

    let bared = carry_bare(&near, &whole);
    let filled = carry(&near, &bare);

    assert!(matches!(bared, Err(CarryError::HasBodies { .. })));
    assert!(matches!(filled, Err(CarryError::LeavesBodiesOut { .. })));
    let after = [&whole, &bare].map(|place| files(place.as_folder().unwrap()));
    assert_eq!(before, after);
}

#[test]
fn a_push_with_bodies_that_was_interrupted_does_not_become_one_without() {
    let ledger = ledger(300);
    let server = Server::start();
    let (near, far) = (Place::folder(&ledger.roll()), place(&server));
    // All but the checkpoint.
    let carrying = Carrying::begin(&near, &far, false).unwrap();
    carrying.files(&|_, _| {}).unwrap();

    let bared = carry_bare(&near, &far);

    assert!(matches!(bared, Err(CarryError::HasBodies { .. })));
}

#[test]
fn a_mirror_of_a_place_without_bodies_says_so_and_asks_for_none() {
    let ledger = ledger(600);
    let (server, folder) = (Server::start(), TempDir::new().unwrap());
    let far = place(&server);
    carry_bare(&Place::folder(&ledger.roll()), &far).unwrap();
    let looked = AtomicU64::new(0);

    let to = Place::folder(folder.path());
    let size = chancery_chain::Size::new(600);
    mirror(&far, &to, size, &|done, _| {
        looked.fetch_max(done, Ordering::Relaxed);
    })
    .unwrap();

    assert!(is_without_bodies(&to).unwrap());
    assert_eq!(looked.into_inner(), 600);
    let asked = server.held().asked.clone();
    let fetched = asked.iter().filter(|(method, _)| method == "GET");
    let mut paths = fetched.map(|(_, path)| path);
    assert!(!paths.any(|path| path.contains("bodies/")));
}
