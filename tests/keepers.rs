//! Keepers who are not trusted: whoever has a ledger's folder and its real keys plays
//! each trick of the table in `docs/guarantees.md`, through the command line.
//!
//! Every test shows first that the ledger agrees with itself, so that only what is
//! kept elsewhere can tell; then it shows who can, and by what.

#![allow(clippy::expect_used, clippy::panic, clippy::print_stdout)]

#[path = "support/ledger.rs"]
mod ledger;
#[path = "tamper/regions.rs"]
#[allow(dead_code, reason = "other tests use the rest")]
mod regions;
#[path = "support/witness.rs"]
mod witness;

use std::fs;

use chancery_chain::bundle::{decode_body_bundle, encode_body_bundle};
use chancery_chain::proof::{Consistency, ProofFile};
use chancery_chain::seal::{Draft, Signer, seal};
use chancery_chain::{Act, Checkpoint, Envelope, Instant, Note, Origin, Revocation, Seq, Slot};
use chancery_ledger::keyfile::KeyFile;
use chancery_store::{RollReader, Store};
use ledger::{Ledger, Ran, speaker, statement};
use serde_json::Value;
use witness::Witness;

/// Founds a ledger with three submissions, all of them still in its tail.
fn ledger_of_three() -> Ledger {
    let ledger = Ledger::found();
    ledger.append(&[speaker(), statement("a", "We offer talks.")]);
    ledger.append(&[statement("b", "We agree to talks.")]);
    ledger.append(&[statement("c", "The talks were held.")]);
    ledger
}

/// Has the ledger's key sign how far it goes; returns the note, to be kept elsewhere.
fn signed(ledger: &Ledger) -> String {
    ledger.run(&["checkpoint"], "").succeeded().answer.clone()
}

fn cosigned_by(ledger: &Ledger, witness: &Witness) -> Ran {
    ledger.run(&["checkpoint", "--cosign", witness.address()], "")
}

fn witness_of(ledger: &Ledger) -> Witness {
    let key = ledger.run(&["key", "list", "--log"], "");
    Witness::of(key.succeeded().answer.trim())
}

/// Compares the ledger with a checkpoint that was kept; returns exit code and codes.
fn against(ledger: &Ledger, note: &str) -> (Option<i32>, Vec<String>) {
    ledger.beside("kept", note);
    let (exit, answer) = ledger.verify(&["--against", "kept"]);
    (exit, codes(&answer))
}

fn codes(answer: &Value) -> Vec<String> {
    let findings = answer["findings"].as_array().expect("findings").iter();
    let codes = findings.filter_map(|finding| finding["code"].as_str());
    codes.map(str::to_owned).collect()
}

/// Makes sure that a ledger agrees with itself: nothing in the folder shows the trick.
fn agrees_with_itself(ledger: &Ledger) {
    let (exit, answer) = ledger.verify(&[]);
    assert_eq!((exit, codes(&answer)), (Some(0), Vec::new()), "{answer:#}");
    assert_eq!(answer["verdict"], "self-consistent");
}

fn refuses(asked: &Ran, why: &str) {
    assert_eq!(asked.code, Some(1), "{}{}", asked.answer, asked.said);
    assert!(asked.said.contains(why), "{}", asked.said);
}

fn damaged(code: &str) -> (Option<i32>, Vec<String>) {
    (Some(1), vec![code.to_owned()])
}

/// Cuts the last submission off a ledger's tail, and with it all in the folder that
/// says that it was there.
fn cut_off_the_last(ledger: &Ledger) {
    let tail = ledger.read("roll/tail");
    let frames = regions::frames(&tail);
    let kept = &frames[..frames.len() - 1];
    ledger.write("roll/tail", &regions::tail(&tail, kept));
    fs::remove_file(ledger.file("store.mark")).expect("a mark");
    fs::remove_dir_all(ledger.file("store")).expect("a store");
}

/// Returns whether the ledger's tree can be proved to go on from an older checkpoint.
fn is_continued_from(ledger: &Ledger, older: &str) -> bool {
    let note = Note::parse(older.as_bytes()).expect("a note");
    let older = Checkpoint::parse(note.text()).expect("a checkpoint");
    let roll = RollReader::open(&ledger.path()).expect("a roll");
    let root = roll.root_at(roll.size()).expect("a root");
    let nodes = &mut |level, index| roll.node(level, index);
    let proof = Consistency::make(older.size(), roll.size(), nodes).expect("tiles");
    proof.is_some_and(|proof| proof.check(older.root(), root).is_ok())
}

#[test]
fn a_tail_that_was_cut_off_is_shown_by_a_later_checkpoint() {
    let ledger = ledger_of_three();
    let cut = ledger.copy();
    let later = signed(&ledger);

    cut_off_the_last(&cut);

    agrees_with_itself(&cut);
    assert_eq!(against(&cut, &later), damaged("checkpoint-beyond"));
}

#[test]
fn a_tail_that_was_cut_off_and_continued_is_shown_by_a_later_checkpoint() {
    let ledger = ledger_of_three();
    let cut = ledger.copy();
    let witness = witness_of(&ledger);
    cosigned_by(&ledger, &witness).succeeded();
    let later = signed(&ledger);

    cut_off_the_last(&cut);
    cut.append(&[statement("d", "The talks were never held.")]);
    cut.append(&[statement("e", "We never agreed to them.")]);
    signed(&cut);

    agrees_with_itself(&cut);
    assert_eq!(against(&cut, &later), damaged("root-mismatch"));
    assert!(!is_continued_from(&cut, &later));
    refuses(
        &cosigned_by(&cut, &witness),
        "the witness has seen other entries at the first",
    );
}

#[test]
fn a_history_rewritten_and_signed_again_with_the_real_keys_is_shown_by_a_checkpoint() {
    let ledger = Ledger::found();
    let founded = ledger.copy();
    ledger.append(&[speaker(), statement("a", "We offer talks.")]);
    ledger.append(&[statement("b", "We agree to talks.")]);
    let witness = witness_of(&ledger);
    cosigned_by(&ledger, &witness).succeeded();
    let kept = signed(&ledger);
    ledger.run(&["roll", "push", "published"], "").succeeded();
    let published = ledger.path().with_file_name("published");
    let published = published.to_str().expect("a plain path");

    // One word is another; what came after is appended again as it was.
    founded.append(&[speaker(), statement("a", "We refuse talks.")]);
    founded.append(&[statement("b", "We agree to talks.")]);
    founded.append(&[statement("c", "There were none.")]);
    signed(&founded);

    agrees_with_itself(&founded);
    // It begins as the true one does: the founding hash is not enough.
    let (_, true_one) = ledger.verify(&[]);
    let pin = true_one["founding"].as_str().expect("a founding hash");
    assert_eq!(founded.verify(&["--founding", pin]).0, Some(0));
    assert_eq!(against(&founded, &kept), damaged("root-mismatch"));
    assert!(!is_continued_from(&founded, &kept));
    let (exit, compared) = founded.verify(&["--against", published]);
    assert_eq!(exit, Some(1));
    let differs = &compared["findings"][1];
    assert_eq!(differs["code"], "copy-differs");
    // From the first record on: entries 0 to 4 are the founding.
    assert_eq!(differs["first"], 5);
    refuses(
        &cosigned_by(&founded, &witness),
        "the witness has seen other entries at the first",
    );
    refuses(
        &founded.run(&["roll", "push", published], ""),
        "has another history",
    );
}

#[test]
fn an_old_copy_of_the_folder_put_back_is_shown_by_a_later_checkpoint_and_by_a_witness() {
    let ledger = ledger_of_three();
    signed(&ledger);
    let old = ledger.copy();
    ledger.append(&[statement("d", "The talks failed.")]);
    let witness = witness_of(&ledger);
    cosigned_by(&ledger, &witness).succeeded();
    let later = signed(&ledger);

    agrees_with_itself(&old);
    assert_eq!(against(&old, &later), damaged("checkpoint-beyond"));
    let refused = cosigned_by(&old, &witness);
    refuses(
        &refused,
        "the witness has seen 14 entries of this ledger, which has 12",
    );
}

#[test]
fn two_writers_from_one_backup_are_shown_by_each_others_checkpoint_and_by_a_witness() {
    let one = ledger_of_three();
    let common = signed(&one);
    let other = one.copy();
    let witness = witness_of(&one);

    // Both go on in good faith, with the same keys, and as far as each other.
    one.append(&[statement("d", "Written in the capital.")]);
    other.append(&[statement("e", "Written at the embassy.")]);
    cosigned_by(&one, &witness).succeeded();
    let (of_one, of_other) = (signed(&one), signed(&other));

    for (ledger, elsewhere) in [(&one, &of_other), (&other, &of_one)] {
        agrees_with_itself(ledger);
        assert_eq!(against(ledger, &common), (Some(0), Vec::new()));
        assert_eq!(against(ledger, elsewhere), damaged("root-mismatch"));
    }
    refuses(&cosigned_by(&other, &witness), "the witness has seen");
    // What is common to both is bracketed: entries 12 and 13 are the first that differ.
    one.beside("common", &common);
    one.beside("kept", &of_other);
    let (_, answer) = one.verify(&["--against", "kept", "--against", "common"]);
    let bracket = &answer["findings"][0];
    assert_eq!(
        (&bracket["first"], &bracket["last"]),
        (&12.into(), &13.into())
    );
    // Whoever of them is longer is refused as well.
    other.append(&[statement("f", "And more of it.")]);
    signed(&other);
    refuses(
        &cosigned_by(&other, &witness),
        "the witness has seen other entries at the first 14 places",
    );
}

#[test]
fn one_number_given_to_two_entries_is_shown_when_two_people_compare() {
    let one = ledger_of_three();
    let other = one.copy();
    let key = one.run(&["key", "list", "--log"], "");
    let key = key.succeeded().answer.trim().to_owned();
    one.append(&[statement("d", "We withdraw.")]);
    other.append(&[statement("e", "We stay.")]);
    let (of_one, of_other) = (signed(&one), signed(&other));

    // Each person holds a proof of entry 12, and by itself each is true.
    let proof = |ledger: &Ledger, id: &str| {
        let proof = ledger.run(&["prove", id], "").succeeded().answer.clone();
        ledger.beside("proof", &proof);
        let verified = ledger.run(&["verify-proof", "proof", "--key", &key], "");
        verified.succeeded();
        ProofFile::parse(proof.as_bytes()).expect("a proof")
    };
    let (mine, yours) = (proof(&one, "d"), proof(&other, "e"));

    assert_eq!((mine.seq, yours.seq), (Seq::new(12), Seq::new(12)));
    assert_ne!(mine.envelope, yours.envelope);
    // Two checkpoints of one size and two roots, both signed: that is the evidence.
    let lines = |note: &str| note.lines().take(3).map(str::to_owned).collect::<Vec<_>>();
    let (mine, yours) = (lines(&of_one), lines(&of_other));
    assert_eq!(mine[..2], yours[..2]);
    assert_ne!(mine[2], yours[2]);
    assert_eq!(against(&one, &of_other), damaged("root-mismatch"));
    assert_eq!(against(&other, &of_one), damaged("root-mismatch"));
}

#[test]
fn one_number_twice_in_one_roll_is_named_though_both_entries_are_signed() {
    let ledger = ledger_of_three();
    let other = ledger.copy();
    ledger.append(&[statement("d", "We withdraw.")]);
    other.append(&[statement("e", "We stay.")]);
    let last = |ledger: &Ledger| {
        let frames = regions::frames(&ledger.read("roll/tail"));
        frames.last().expect("a frame").clone()
    };

    // Entries 12 and 13 of the one, and entries 12 and 13 of the other after them.
    let tail = ledger.read("roll/tail");
    let mut frames = regions::frames(&tail);
    frames.push(last(&other));
    ledger.write("roll/tail", &regions::tail(&tail, &frames));
    let (exit, answer) = ledger.verify(&[]);

    assert_eq!(exit, Some(1), "{answer:#}");
    assert_eq!(codes(&answer), ["tail-sequence", "seq-mismatch"]);
    let (number, place) = (&answer["findings"][0], &answer["findings"][1]);
    assert_eq!(
        (&number["first"], &number["expected"]),
        (&12.into(), &"14".into())
    );
    assert_eq!(
        (&place["first"], &place["found"]),
        (&14.into(), &"12".into())
    );
    let refused = ledger.run(&["append", "-"], &statement("f", "And so on."));
    assert_eq!(refused.code, Some(1), "{}{}", refused.answer, refused.said);
}

#[test]
fn a_ledger_made_up_from_its_first_entry_is_shown_by_the_founding_hash_and_by_any_checkpoint() {
    let ledger = ledger_of_three();
    let kept = signed(&ledger);
    let (_, true_one) = ledger.verify(&[]);
    let pin = true_one["founding"].as_str().expect("a founding hash");

    // The same name, the same words, and keys of its own.
    let fabricated = ledger_of_three();
    signed(&fabricated);

    agrees_with_itself(&fabricated);
    assert_eq!(fabricated.verify(&["--founding", pin]).0, Some(1));
    let (exit, found) = against(&fabricated, &kept);
    assert_eq!(exit, Some(1));
    assert_eq!(found, ["root-mismatch", "checkpoint-signature"]);
}

#[test]
fn a_body_destroyed_without_an_entry_that_says_so_is_missing() {
    let ledger = ledger_of_three();
    signed(&ledger);
    let file = "roll/bodies/000.p/12";
    let whole = decode_body_bundle(&ledger.read(file)).expect("bodies");
    // Entry 6 is the statement `a`; entry 7 closes its submission, and expunges nothing.
    let pretended = [
        ("as if it had been expunged", Slot::Expunged(Seq::new(7))),
        ("as if there had been none", Slot::None),
    ];

    for (what, slot) in pretended {
        let mut slots = whole.clone();
        slots[6] = slot;
        ledger.write(file, &encode_body_bundle(&slots));
        let (exit, answer) = ledger.verify(&[]);

        assert_eq!(exit, Some(1), "{what}: {answer:#}");
        let found = codes(&answer);
        assert!(
            found.contains(&"body-missing".to_owned()),
            "{what}: {found:?}"
        );
        assert!(!found.contains(&"body-expunged".to_owned()), "{what}");
        let missing = answer["findings"].as_array().expect("findings").iter();
        let mut missing = missing.filter(|found| found["code"] == "body-missing");
        assert!(
            missing.all(|found| found["first"] == 6 && found["last"] == 6),
            "{what}: {answer:#}"
        );
    }
    fs::remove_file(ledger.file(file)).expect("a bundle of bodies");
    let (exit, answer) = ledger.verify(&[]);
    assert_eq!(exit, Some(1));
    let missing = [
        "file-missing",
        "body-missing",
        "body-missing",
        "body-missing",
    ];
    assert_eq!(codes(&answer), missing);
}

#[test]
fn what_a_stolen_archivist_key_signed_is_flagged_once_it_is_revoked_and_damage_afterwards() {
    let ledger = ledger_of_three();
    // A second archivist, so that somebody is left who may append.
    let second = Ledger::found();
    let public = key_of(&second, "archivist");
    let add = [
        "key",
        "add",
        &public,
        "--role",
        "archivist",
        "--name",
        "Ida",
    ];
    ledger.run(&add, "").succeeded();
    let stolen = ledger.copy();
    let thief = key_of(&stolen, "archivist");
    let forge = ["append", "-", "--key", &thief];
    ledger.run(&forge, &statement("d", "Forged.")).succeeded();

    // Until it is revoked, nobody can tell what the thief signed from what its owner did.
    agrees_with_itself(&ledger);
    let revoke = ["key", "revoke", "#2", "--since", "14", "--reason", "stolen"];
    ledger.run(&revoke, "").succeeded();

    let (exit, answer) = ledger.verify(&[]);
    assert_eq!(
        (exit, codes(&answer)),
        (Some(0), vec!["signer-flagged".to_owned()])
    );
    let flagged = &answer["findings"][0];
    assert_eq!(
        (&flagged["first"], &flagged["last"]),
        (&14.into(), &15.into())
    );
    let refused = ledger.run(&forge, &statement("e", "Forged."));
    assert_eq!(refused.code, Some(3), "{}{}", refused.answer, refused.said);
    // A thief who has the folder too, and a program that does not refuse.
    is_damage_if_signed(&ledger, (&thief, Seq::new(2)), said_again(&ledger));
}

#[test]
fn what_a_stolen_keeper_key_decided_is_flagged_once_it_is_revoked_and_damage_afterwards() {
    let ledger = ledger_of_three();
    // A second keeper, so that somebody is left who may revoke.
    let second = Ledger::found();
    let (public, keeper) = (key_of(&second, "archivist"), key_of(&second, "keeper"));
    let add = ["key", "add", &keeper, "--role", "keeper", "--name", "Ida"];
    ledger.run(&add, "").succeeded();
    let stolen = ledger.copy();
    let thief = key_of(&stolen, "keeper");
    let enrol = [
        "key",
        "add",
        &public,
        "--role",
        "archivist",
        "--key",
        &thief,
    ];
    ledger.run(&enrol, "").succeeded();
    let forged = ["append", "-", "--key", &public];
    ledger.run(&forged, &statement("d", "Forged.")).succeeded();

    agrees_with_itself(&ledger);
    for key in ["#3", "#14"] {
        let why = ["--since", "14", "--reason", "stolen", "--key", &keeper];
        let revoke = [&["key", "revoke", key][..], &why].concat();
        ledger.run(&revoke, "").succeeded();
    }

    let (exit, answer) = ledger.verify(&[]);
    assert_eq!(exit, Some(0), "{answer:#}");
    assert_eq!(codes(&answer), ["signer-flagged", "signer-flagged"]);
    let flagged = |at: usize| {
        let finding = &answer["findings"][at];
        (finding["first"].as_u64(), finding["last"].as_u64())
    };
    // What the keeper enrolled, and what the one so enrolled appended.
    assert_eq!(
        (flagged(0), flagged(1)),
        ((Some(14), Some(15)), (Some(16), Some(17)))
    );
    let refused = ledger.run(&["key", "revoke", "#2", "--key", &thief], "");
    assert_eq!(refused.code, Some(3), "{}{}", refused.answer, refused.said);
    let revocation = Act::Revoke(Revocation {
        key: Seq::new(2),
        since: Some(Seq::new(0)),
        reason: "by the thief".to_owned(),
    });
    is_damage_if_signed(&ledger, (&thief, Seq::new(3)), Draft::Act(revocation));
}

#[test]
fn what_a_stolen_log_key_signs_is_refused_by_witnesses_and_by_nobody_believed_once_it_is_revoked() {
    let ledger = ledger_of_three();
    let stolen = ledger.copy();
    let witness = witness_of(&ledger);
    cosigned_by(&ledger, &witness).succeeded();

    // The thief signs another history; whoever is shown it alone cannot tell.
    cut_off_the_last(&stolen);
    stolen.append(&[statement("d", "There were no talks.")]);
    stolen.append(&[statement("e", "There never were.")]);
    signed(&stolen);
    agrees_with_itself(&stolen);
    refuses(
        &cosigned_by(&stolen, &witness),
        "the witness has seen other entries at the first 12 places",
    );

    let second = Ledger::found();
    let (new, thief) = (key_of(&second, "log"), key_of(&stolen, "log"));
    ledger.run(&["key", "rotate", "#1", &new], "").succeeded();
    let before = signed(&ledger);
    let revoke = ["key", "revoke", "#1", "--since", "13", "--reason", "stolen"];
    ledger.run(&revoke, "").succeeded();
    // What it signed while it was in doubt is flagged, in the ledger's own folder too.
    let (exit, found) = against(&ledger, &before);
    assert_eq!(
        (exit, found),
        (Some(0), vec!["checkpoint-flagged".to_owned(); 3])
    );
    let (_, answer) = ledger.verify(&["--against", "kept"]);
    assert_eq!(answer["verdict"], "self-consistent");
    let refused = ledger.run(&["checkpoint", "--key", &thief], "");
    assert_eq!(refused.code, Some(3), "{}{}", refused.answer, refused.said);
    // The thief signs all the same, even what is true: that is nobody's word any more.
    let roll = RollReader::open(&ledger.path()).expect("a roll");
    let root = roll.root_at(roll.size()).expect("a root");
    let key = KeyFile::read(thief.as_ref()).expect("a key").private;
    let note = Checkpoint::new(&origin(), roll.size(), root)
        .sign(&key.expect("a private key"))
        .expect("a signature");
    let (exit, found) = against(&ledger, &note.to_string());
    let own = vec!["checkpoint-flagged".to_owned(); 2];
    let expected = [own, vec!["checkpoint-signature".to_owned()]].concat();
    assert_eq!((exit, found), (Some(1), expected));
    let by_the_new_one = ledger.run(&["checkpoint", "--key", &new], "");
    assert_eq!(
        against(&ledger, &by_the_new_one.succeeded().answer),
        (Some(0), Vec::new())
    );
    let (_, answer) = ledger.verify(&["--against", "kept"]);
    assert_eq!(answer["verdict"], "authentic");
}

/// Returns the path of one of a ledger's private keys.
fn key_of(ledger: &Ledger, name: &str) -> String {
    let key = ledger.file("keys").join(name);
    key.to_str().expect("a plain path").to_owned()
}

fn origin() -> Origin {
    Origin::new("archive.example/tests").expect("an origin")
}

/// Returns what the first statement says, once more.
fn said_again(ledger: &Ledger) -> Draft {
    let roll = RollReader::open(&ledger.path()).expect("a roll");
    let said = roll.entry(Seq::new(6)).expect("a statement");
    let envelope = Envelope::decode(&said.envelope).expect("an envelope");
    let Slot::Body { salt, body } = said.slot else {
        panic!("a statement has a body");
    };
    Draft::Record {
        kind: envelope.kind,
        schema: envelope.schema,
        body,
        salt,
    }
}

/// Makes sure that what is signed with this key of this entry, which was revoked, is found.
fn is_damage_if_signed(ledger: &Ledger, key: (&str, Seq), draft: Draft) {
    append_with(ledger, key, draft);
    let (exit, answer) = ledger.verify(&[]);
    assert_eq!(exit, Some(1), "{answer:#}");
    assert!(
        codes(&answer).contains(&"signer-revoked".to_owned()),
        "{answer:#}"
    );
}

/// Appends what no command would sign any more with this key of this entry.
fn append_with(ledger: &Ledger, (key, seq): (&str, Seq), draft: Draft) {
    let key = KeyFile::read(key.as_ref()).expect("a key").private;
    let roll = RollReader::open(&ledger.path()).expect("a roll");
    let signer = Signer {
        origin: &origin(),
        seq,
        key: &key.expect("a private key"),
    };
    let at = Instant::from_micros(roll.head().recorded_at.micros() + 1);
    let (entries, _) = seal(&roll.head(), at, signer, vec![draft]).expect("a submission");
    let nothing = Box::new(|_: Seq, _: &Envelope, _: &Slot| Vec::new());
    let (mut store, _) = Store::open(&ledger.path(), nothing).expect("a store");
    store.append(&entries).expect("an append");
    store.close().expect("a store that closes");
}
