//! Rolls carried to and fro, interrupted, damaged, and put where another one lies.

use tempfile::TempDir;

use super::{Ledger, files};
use crate::carry::Carried;
use crate::server::Server;
use crate::{CarryError, Carrying, Place};

#[test]
fn a_roll_is_the_same_after_it_was_pushed_and_fetched() {
    let ledger = ledger(600);
    let (server, folder) = (Server::start(), TempDir::new().unwrap());
    let far = place(&server);

    let there = carry(&Place::folder(&ledger.roll()), &far).unwrap();
    let back = carry(&far, &Place::folder(folder.path())).unwrap();

    assert_eq!(files(folder.path()), files(&ledger.roll()));
    assert_eq!(there, back);
    assert_eq!(there.files, 3 * 3 + 1);
}

#[test]
fn what_is_there_is_not_carried_again() {
    let mut ledger = ledger(600);
    let server = Server::start();
    let (near, far) = (Place::folder(&ledger.roll()), place(&server));
    carry(&near, &far).unwrap();
    server.count("PUT");

    let again = carry(&near, &far).unwrap();
    let unchanged = server.count("PUT");
    ledger.grow_to(700, 1);
    ledger.checkpoint();
    carry(&near, &far).unwrap();

    assert_eq!((again.files, unchanged), (0, 0));
    // The last bundle with its tile and bodies, the tile above, and the checkpoint.
    assert_eq!(server.count("PUT"), 4);
    assert_eq!(server.held().files["roll/checkpoint"], checkpoint(&ledger));
}

#[test]
fn an_interrupted_push_goes_on_and_the_checkpoint_comes_last() {
    let ledger = ledger(600);
    let server = Server::start();
    let (near, far) = (Place::folder(&ledger.roll()), place(&server));

    for files in 0..10 {
        server.held().takes = Some(1);
        let pushed = carry(&near, &far);

        assert!(pushed.is_err(), "after {files} files");
        assert!(!server.held().files.contains_key("roll/checkpoint"));
    }
    server.held().takes = None;
    carry(&near, &far).unwrap();

    let folder = TempDir::new().unwrap();
    carry(&far, &Place::folder(folder.path())).unwrap();
    assert_eq!(files(folder.path()), files(&ledger.roll()));
}

#[test]
fn an_interrupted_fetch_goes_on() {
    let ledger = ledger(600);
    let (server, folder) = (Server::start(), TempDir::new().unwrap());
    let (far, home) = (place(&server), Place::folder(folder.path()));
    carry(&Place::folder(&ledger.roll()), &far).unwrap();
    let lost = server.held().files.remove("roll/tile/entries/002.p/88");

    let missing = carry(&far, &home);
    let held = files(folder.path()).len();
    let lost = lost.unwrap();
    server
        .held()
        .files
        .insert("roll/tile/entries/002.p/88".to_owned(), lost);
    server.count("GET");
    carry(&far, &home).unwrap();

    assert!(matches!(missing, Err(CarryError::Missing { .. })));
    assert!(held > 0);
    assert_eq!(files(folder.path()), files(&ledger.roll()));
    // The checkpoint, whether there are bodies, the edge, the full tiles, and one bundle
    // with its bodies.
    assert!(server.count("GET") <= 1 + 1 + 2 + 2 + 2);
}

#[test]
fn every_changed_byte_is_refused_and_its_file_named() {
    let ledger = ledger(300);
    let whole = files(&ledger.roll());
    let from = TempDir::new().unwrap();
    let damaged = Place::folder(from.path());
    for (path, bytes) in &whole {
        damaged.put(path, bytes).unwrap();
    }

    for (path, bytes) in whole.iter().filter(|(path, _)| *path != "checkpoint") {
        // Of every file a hundred bytes, each at another place in its record.
        let step = 1 + bytes.len() / 100;
        for at in (0..bytes.len()).step_by(step) {
            let to = TempDir::new().unwrap();
            let mut changed = bytes.clone();
            changed[at] ^= 1;
            damaged.put(path, &changed).unwrap();

            let carried = carry(&damaged, &Place::folder(to.path()));

            let told = carried.expect_err("damage").to_string();
            assert!(
                told.contains("damaged") || told.contains("longer"),
                "{path} at {at}: {told}"
            );
            assert!(!to.path().join("checkpoint").exists());
        }
        damaged.put(path, bytes).unwrap();
    }
}

#[test]
fn a_place_that_is_ahead_is_left_as_it_is() {
    let (small, large) = (ledger(300), ledger(500));
    let folder = TempDir::new().unwrap();
    let there = Place::folder(folder.path());
    carry(&Place::folder(&large.roll()), &there).unwrap();
    let before = files(folder.path());

    let refused = carry(&Place::folder(&small.roll()), &there);

    assert!(matches!(refused, Err(CarryError::Ahead { .. })));
    assert_eq!(files(folder.path()), before);
}

#[test]
fn a_place_with_another_history_is_left_as_it_is() {
    let mut other = Ledger::found();
    other.grow_to(300, 9);
    other.checkpoint();
    let folder = TempDir::new().unwrap();
    let there = Place::folder(folder.path());
    carry(&Place::folder(&other.roll()), &there).unwrap();
    let before = files(folder.path());

    for size in [300, 400, 600, 70_000] {
        let refused = carry(&Place::folder(&ledger(size).roll()), &there);

        assert!(matches!(refused, Err(CarryError::Fork { .. })), "{size}");
    }

    assert_eq!(files(folder.path()), before);
}

#[test]
fn how_a_roll_begins_is_known_before_anything_is_carried() {
    let ledger = ledger(300);
    let folder = TempDir::new().unwrap();
    let (near, there) = (Place::folder(&ledger.roll()), Place::folder(folder.path()));

    let carrying = Carrying::begin(&near, &there, false).unwrap();
    let founding = carrying.founding().unwrap();

    assert_eq!(founding, Some(ledger.founding));
    assert!(files(folder.path()).is_empty());
}

#[test]
fn unfinished_files_go_once_the_full_one_is_there_and_not_before() {
    let mut ledger = ledger(100);
    let folder = TempDir::new().unwrap();
    let (near, there) = (Place::folder(&ledger.roll()), Place::folder(folder.path()));
    carry(&near, &there).unwrap();

    ledger.grow_to(200, 1);
    ledger.checkpoint();
    carry(&near, &there).unwrap();
    let meanwhile = files(folder.path());
    ledger.grow_to(300, 1);
    ledger.checkpoint();
    carry(&near, &there).unwrap();
    let thorough = Carrying::begin(&near, &there, false).unwrap();
    thorough.prune(true).unwrap();

    assert!(meanwhile.contains_key("tile/0/000.p/100"));
    assert!(meanwhile.contains_key("tile/entries/000.p/100"));
    assert!(!meanwhile.contains_key("bodies/000.p/100"));
    let left: Vec<_> = files(folder.path()).into_keys().collect();
    assert_eq!(
        left,
        [
            "bodies/000",
            "bodies/001.p/44",
            "checkpoint",
            "tile/0/000",
            "tile/0/001.p/44",
            "tile/1/000.p/1",
            "tile/entries/000",
            "tile/entries/001.p/44",
        ]
    );
}

#[test]
fn unfinished_files_of_several_pushes_go_together_without_being_asked() {
    let mut ledger = ledger(100);
    let folder = TempDir::new().unwrap();
    let (near, there) = (Place::folder(&ledger.roll()), Place::folder(folder.path()));
    for size in [100, 150, 200, 300] {
        ledger.grow_to(size, 1);
        ledger.checkpoint();
        carry(&near, &there).unwrap();
    }

    let left: Vec<_> = files(folder.path()).into_keys().collect();

    assert!(
        !left.iter().any(|path| path.contains("0/000.p/")),
        "{left:?}"
    );
    assert_eq!(files(folder.path()), files(&ledger.roll()));
}

#[test]
fn unfinished_tiles_of_checkpoints_that_were_not_pushed_are_carried_too() {
    let mut ledger = ledger(300);
    let (server, folder) = (Server::start(), TempDir::new().unwrap());
    let near = Place::folder(&ledger.roll());
    let (far, there) = (place(&server), Place::folder(folder.path()));
    carry(&near, &there).unwrap();
    for size in [350, 400, 450] {
        ledger.grow_to(size, 1);
        ledger.checkpoint();
    }

    carry(&near, &there).unwrap();
    carry(&near, &far).unwrap();

    let unfinished = |path: &&String| path.contains("001.p/");
    let held = server.held().files.clone();
    for width in [44, 94, 144, 194] {
        for part in ["tile/0", "tile/entries"] {
            let path = format!("{part}/001.p/{width}");
            let bytes = std::fs::read(ledger.roll().join(&path)).unwrap();
            assert_eq!(there.get(&path, 1 << 20).unwrap(), Some(bytes.clone()));
            assert_eq!(held[&format!("roll/{path}")], bytes, "{path}");
        }
    }
    // And the bodies of the last one.
    assert_eq!(held.keys().filter(unfinished).count(), 4 * 2 + 1);
}

#[test]
fn an_unfinished_file_that_is_gone_is_read_from_the_full_one() {
    let mut ledger = ledger(100);
    let old = checkpoint(&ledger);
    ledger.grow_to(300, 1);
    ledger.checkpoint();
    let (from, to) = (TempDir::new().unwrap(), TempDir::new().unwrap());
    let place = Place::folder(from.path());
    carry(&Place::folder(&ledger.roll()), &place).unwrap();
    // As somebody sees it who read the checkpoint before the last push.
    place.put("checkpoint", &old).unwrap();

    carry(&place, &Place::folder(to.path())).unwrap();

    let fetched: Vec<_> = files(to.path()).into_keys().collect();
    let expected = [
        "bodies/000.p/100",
        "checkpoint",
        "tile/0/000.p/100",
        "tile/entries/000.p/100",
    ];
    assert_eq!(fetched, expected);
}

pub(super) fn ledger(size: u64) -> Ledger {
    let mut ledger = Ledger::found();
    ledger.grow_to(size, 1);
    ledger.checkpoint();
    ledger
}

fn checkpoint(ledger: &Ledger) -> Vec<u8> {
    std::fs::read(ledger.roll().join("checkpoint")).unwrap()
}

pub(super) fn place(server: &Server) -> Place {
    Place::parse(&server.address("roll")).unwrap()
}

/// Carries a roll from one place to another as the commands do.
pub(super) fn carry(from: &Place, to: &Place) -> Result<Carried, CarryError> {
    let carrying = Carrying::begin(from, to, false)?;
    let carried = carrying.files(&|_, _| {})?;
    let carried = carrying.replace(carried)?;
    carrying.publish()?;
    carrying.prune(false)?;
    Ok(carried)
}
