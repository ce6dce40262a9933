//! Greater damage than a byte: entries deleted, swapped and doubled, files lost and
//! cut, old copies put back, sources edited; and repair after each.

use std::fs;

use crate::corpus::{self, Case, Corpus};
use crate::ledger::{Ledger, copy};
use crate::prototype;
use crate::regions::{self, Sort};
use serde_json::Value;

/// Something done to a ledger.
struct Damage {
    /// What was done, in words.
    what: String,
    /// What a finding has to name: a file, or one of these entries.
    file: String,
    entries: Vec<u64>,
    spoil: Box<dyn Fn(&Ledger)>,
}

/// A change to a file's bytes.
type Edit = fn(&mut Vec<u8>);
/// A change to the items of a bundle, at a place.
type Reorder = fn(&mut Vec<Vec<u8>>, usize);
/// A change to the frames of a tail.
type Reframe = fn(&mut Vec<Vec<u8>>);
/// A change to a file of the ledger.
type Spoil = fn(&Ledger, &str);

fn damage(what: &str, file: &str, spoil: impl Fn(&Ledger) + 'static) -> Damage {
    let (what, file) = (what.to_owned(), file.to_owned());
    Damage {
        what,
        file,
        entries: Vec::new(),
        spoil: Box::new(spoil),
    }
}

impl Damage {
    /// Writes it down for another verifier.
    fn case(&self, whole: &Ledger, spoilt: &Ledger) -> Case<'_> {
        Case {
            class: &self.what,
            edits: corpus::edits(whole, spoilt),
            file: &self.file,
            entries: &self.entries,
            damage: true,
        }
    }
}

#[test]
fn a_file_that_is_lost_cut_or_lengthened_is_named_and_made_good() {
    let whole = prototype();
    let mut files = whole.files("roll");
    files.extend(["checkpoint", "ledger.toml"].map(str::to_owned));
    let mut all = Vec::new();

    for file in files {
        let at = file.clone();
        // What an earlier checkpoint alone needs is not missed: the ledger does without it.
        if !file.ends_with("001.p/53") {
            all.push(damage("deleted", &file, move |ledger| {
                fs::remove_file(ledger.file(&at)).expect("a file to delete");
            }));
        }
        let changes: [(&str, Edit); 7] = [
            ("emptied", Vec::clear),
            ("cut to a byte", |bytes| bytes.truncate(1)),
            // Nothing is lost of a tail that loses whole pages of its unused zeros: not half of it.
            ("cut to a third", |bytes| bytes.truncate(bytes.len() / 3)),
            ("cut by a byte", |bytes| bytes.truncate(bytes.len() - 1)),
            ("zeroed", |bytes| bytes.fill(0)),
            ("a zero longer", |bytes| bytes.push(0)),
            ("a hash longer", |bytes| bytes.extend([7; 32])),
        ];
        for (what, change) in changes {
            let at = file.clone();
            all.push(damage(what, &file, move |ledger| {
                let mut bytes = ledger.read(&at);
                change(&mut bytes);
                ledger.write(&at, &bytes);
            }));
        }
    }

    all.push(damage("deleted under cover", "roll/checkpoint", |ledger| {
        fs::remove_file(ledger.file("roll/checkpoint")).expect("a file to delete");
        ledger.write("roll/checkpoint.new", b"as if one were being written");
    }));

    all_are_named_and_made_good("files", &whole, &all, 3);
}

#[test]
fn entries_deleted_swapped_and_doubled_in_bundles_are_named_and_made_good() {
    let changes: [(&str, Reorder); 4] = [
        ("deleted", |items, at| drop(items.remove(at))),
        ("swapped", |items, at| items.swap(at, at + 1)),
        ("doubled", |items, at| items.insert(at, items[at].clone())),
        ("replaced by another", |items, at| {
            items[at + 1] = items[at].clone();
        }),
    ];
    let both: &[Sort] = &[Sort::Entries, Sort::Bodies];
    let mut all = Vec::new();
    for index in 0..2 {
        for (what, change) in changes {
            for sorts in [both, &both[..1], &both[1..]] {
                let entry = index * 256 + 40;
                let what = format!("{what} in {}", names(sorts));
                let mut damage = damage(&what, "no file", move |ledger| {
                    for sort in sorts {
                        edit_bundle(ledger, *sort, index, |items| change(items, 40));
                    }
                });
                damage.entries = vec![entry, entry + 1];
                all.push(damage);
            }
        }
    }

    all_are_named_and_made_good("entries", &prototype(), &all, 1);
}

fn names(sorts: &[Sort]) -> String {
    let names = sorts.iter().map(|sort| sort.folder());
    names.collect::<Vec<_>>().join(" and ")
}

#[test]
fn bodies_taken_out_of_bundles_are_named_and_never_called_expunged() {
    // What stands in a body's place: nothing at all, the slot of an entry without one, and
    // those that name an entry: a closing, itself, one that is not there.
    let expunged = |by: u64| [&[2][..], &by.to_be_bytes()].concat();
    let slots = [
        ("deleted", Vec::new()),
        ("as if there had been none", vec![0]),
        ("as if expunged by a closing", expunged(336)),
        ("as if expunged by itself", expunged(40)),
        ("as if expunged by nobody", expunged(1 << 40)),
    ];
    let mut all = Vec::new();
    for index in 0..2 {
        for (what, slot) in &slots {
            let slot = slot.clone();
            let mut damage = damage(what, "no file", move |ledger| {
                edit_bundle(ledger, Sort::Bodies, index, |slots| {
                    slots[40].clone_from(&slot);
                });
            });
            damage.entries = vec![index * 256 + 40];
            all.push(damage);
        }
    }

    all_are_named_and_made_good("bodies", &prototype(), &all, 1);
}

#[test]
fn frames_and_entries_of_the_tail_deleted_swapped_and_doubled_are_named_and_made_good() {
    let changes: [(&str, Reframe); 8] = [
        ("first frame deleted", |frames| drop(frames.remove(0))),
        ("last frame deleted", |frames| drop(frames.pop())),
        ("all frames deleted", Vec::clear),
        ("frames swapped", |frames| frames.swap(0, 1)),
        ("frame doubled", |frames| frames.push(frames[1].clone())),
        ("entry deleted by a forger", |frames| {
            forge(frames, |entries| drop(entries.remove(3)));
        }),
        ("entries swapped by a forger", |frames| {
            forge(frames, |entries| entries.swap(3, 4));
        }),
        ("entry doubled by a forger", |frames| {
            forge(frames, |entries| entries.insert(3, entries[3].clone()));
        }),
    ];
    let all = changes.map(|(what, change)| {
        let mut damage = damage(what, "roll/tail", move |ledger| {
            let tail = ledger.read("roll/tail");
            let mut frames = regions::frames(&tail);
            change(&mut frames);
            ledger.write("roll/tail", &regions::tail(&tail, &frames));
        });
        damage.entries = (337..379).collect();
        damage
    });

    all_are_named_and_made_good("frames", &prototype(), &all, 1);
}

#[test]
fn an_older_copy_put_back_is_named_and_made_good() {
    let ledger = Ledger::found();
    ledger.append(&[crate::speaker()]);
    let founded = ledger.copy();
    ledger.append(
        &(0..300)
            .map(|number| crate::said(number, 5))
            .collect::<Vec<_>>(),
    );
    let unsigned = ledger.copy();
    ledger.run(&["checkpoint"], "").succeeded();
    let signed = ledger.copy();
    ledger.append(&[crate::said(900, 5)]);

    let old_tail = |what: &str, old: &Ledger| {
        let tail = old.read("roll/tail");
        damage(what, "roll/tail", move |ledger| {
            ledger.write("roll/tail", &tail);
        })
    };
    let short = [old_tail("below the mark, no checkpoint yet", &founded)];
    all_are_named_and_made_good("old-tail", &unsigned, &short, 1);

    let old_roll = damage("roll older than the checkpoint", "roll/tail", {
        let old = unsigned_roll(&founded);
        move |ledger| {
            fs::remove_dir_all(ledger.file("roll")).expect("a roll");
            copy(old.path(), &ledger.file("roll"));
            // The checkpoint alone has to show it.
            fs::remove_file(ledger.file("store.mark")).expect("a mark");
        }
    });
    let all = [
        old_tail("tail of the founding", &founded),
        old_tail("tail before the checkpoint", &unsigned),
        old_tail("tail below the mark", &signed),
        old_roll,
    ];
    all_are_named_and_made_good("old-copies", &ledger, &all, 1);
}

#[test]
fn a_roll_without_an_entry_is_no_ledger_and_the_store_makes_it_good() {
    let whole = prototype();
    let emptied = damage(
        "emptied, with all that says how long it was",
        "roll/tail",
        |ledger| {
            let tail = Ledger::found().read("roll/tail");
            fs::remove_dir_all(ledger.file("roll")).expect("a roll");
            fs::create_dir(ledger.file("roll")).expect("an empty folder");
            ledger.write("roll/tail", &regions::tail(&tail, &[]));
            fs::remove_file(ledger.file("store.mark")).expect("a mark");
            fs::remove_file(ledger.file("checkpoint")).expect("a checkpoint");
        },
    );

    all_are_named_and_made_good("emptied", &whole, &[emptied], 1);
}

#[test]
fn what_the_store_alone_still_has_is_put_back_into_a_roll_that_seems_whole() {
    let ledger = prototype();
    let (log, export) = (ledger.log(), ledger.export());
    let tail = ledger.read("roll/tail");
    let frames = regions::frames(&tail);
    ledger.write("roll/tail", &regions::tail(&tail, &frames[..1]));
    // With the mark goes what shows that the roll is short.
    fs::remove_file(ledger.file("store.mark")).expect("a mark");
    assert_eq!(ledger.verify(&[]).0, Some(0));
    let refused = ledger.run(&["append", "-"], &crate::said(990, 5));
    assert_eq!(refused.code, Some(1), "{}{}", refused.answer, refused.said);
    assert!(refused.said.contains("repair"), "{}", refused.said);

    assert_eq!(make_good(&ledger, &log, &export), Ok(()));
}

fn unsigned_roll(ledger: &Ledger) -> tempfile::TempDir {
    let folder = tempfile::TempDir::new().expect("a temporary folder");
    copy(&ledger.file("roll"), folder.path());
    folder
}

#[test]
fn an_edited_source_is_named_and_repair_says_that_it_cannot_be_restored() {
    let whole = prototype();
    let sources = whole.files("sources");
    let changes: [(&str, Spoil); 4] = [
        ("source-altered", |ledger, file| {
            let text = String::from_utf8(ledger.read(file)).expect("a text");
            ledger.write(file, text.replacen("source", "Source", 1).as_bytes());
        }),
        ("source-altered", |ledger, file| {
            let bytes = ledger.read(file);
            ledger.write(file, &bytes[..bytes.len() - 1]);
        }),
        ("source-altered", |ledger, file| ledger.write(file, b"")),
        ("source-missing", |ledger, file| {
            fs::remove_file(ledger.file(file)).expect("a source");
        }),
    ];

    for file in &sources {
        for (code, change) in changes {
            let ledger = whole.copy();
            change(&ledger, file);

            let (exit, answer) = ledger.verify(&[]);
            assert_eq!(exit, Some(1), "{answer:#}");
            let finding = &answer["findings"][0];
            assert_eq!(
                (&finding["code"], &finding["file"]),
                (&code.into(), &file.as_str().into())
            );
            assert!(finding["first"].is_u64(), "{finding:#}");
            let told = ledger.run(&["repair"], "");
            assert_eq!(told.code, Some(1), "{}{}", told.answer, told.said);
            assert!(told.answer.contains("not repaired") && told.answer.contains(file.as_str()));
        }
    }
}

#[test]
fn a_stray_file_is_noticed_and_nothing_is_wrong() {
    let ledger = prototype();
    for stray in ["sources/stray", "roll/stray", "roll/tile/stray"] {
        ledger.write(stray, b"put here");

        let (exit, answer) = ledger.verify(&[]);

        assert_eq!(
            (exit, &answer["findings"][0]["file"]),
            (Some(0), &stray.into()),
            "{answer:#}"
        );
        fs::remove_file(ledger.file(stray)).expect("the stray file");
    }
}

#[test]
fn what_is_lost_in_both_copies_is_said_to_be_lost_and_nothing_is_touched() {
    let ledger = prototype();
    edit_bundle(&ledger, Sort::Bodies, 0, |items| items[40][40] ^= 1);
    fs::remove_dir_all(ledger.file("store")).expect("a store");
    let before: Vec<_> = ledger
        .files("roll")
        .iter()
        .map(|file| ledger.read(file))
        .collect();

    let told = ledger.run(&["repair"], "");

    assert_eq!(told.code, Some(1), "{}{}", told.answer, told.said);
    assert!(told.said.contains("entry 40"), "{}", told.said);
    let after: Vec<_> = ledger
        .files("roll")
        .iter()
        .map(|file| ledger.read(file))
        .collect();
    assert!(before == after, "repair changed what it could not restore");
}

/// Does each damage to a copy of the ledger: it is named, and every so many of them
/// are repaired as well.
fn all_are_named_and_made_good(name: &str, whole: &Ledger, all: &[Damage], every: usize) {
    let (log, export) = (whole.log(), whole.export());
    let mut corpus = Corpus::of(name);
    let base = corpus.ledger("ledger", whole);
    let mut wrong = Vec::new();
    for (number, damage) in all.iter().enumerate() {
        let ledger = whole.copy();
        (damage.spoil)(&ledger);
        if corpus.is_written() {
            corpus.add(&base, &damage.case(whole, &ledger));
        }
        let place = format!("{} {} {:?}", damage.file, damage.what, damage.entries);
        let (exit, answer) = ledger.verify(&[]);
        if exit != Some(1) || !is_named(damage, &answer) || is_called_expunged(&answer) {
            wrong.push(format!("{place}: exit {exit:?}, {:#}", answer["findings"]));
        }
        if number % every == 0
            && let Err(fault) = make_good(&ledger, &log, &export)
        {
            wrong.push(format!("{place}: {fault}"));
        }
    }
    println!("{} sorts of damage", all.len());
    assert!(
        wrong.is_empty(),
        "{} of {}:\n{}",
        wrong.len(),
        all.len(),
        wrong.join("\n")
    );
}

fn is_named(damage: &Damage, answer: &Value) -> bool {
    let findings = answer["findings"].as_array().expect("findings");
    findings
        .iter()
        .filter(|finding| finding["severity"] == "damage")
        .any(|finding| {
            let (first, last) = (finding["first"].as_u64(), finding["last"].as_u64());
            let covers =
                |entry: &u64| first.is_some_and(|first| first <= *entry) && last >= Some(*entry);
            finding["file"] == damage.file.as_str() || damage.entries.iter().any(covers)
        })
}

/// Returns whether what was damaged passes for destroyed by right: nothing was expunged here.
fn is_called_expunged(answer: &Value) -> bool {
    let findings = answer["findings"].as_array().expect("findings");
    findings
        .iter()
        .filter_map(|finding| finding["code"].as_str())
        .any(|code| code.contains("expunged"))
}

/// Repairs the ledger; says what is not as it was before the damage.
fn make_good(ledger: &Ledger, log: &[Value], export: &[Value]) -> Result<(), String> {
    let before: Vec<_> = ledger
        .files("roll")
        .iter()
        .map(|file| ledger.read(file))
        .collect();
    let told = ledger.run(&["repair"], "");
    if told.code != Some(0) {
        return Err(format!(
            "repair: exit {:?}: {}{}",
            told.code, told.answer, told.said
        ));
    }
    let (exit, answer) = ledger.verify(&["--store"]);
    if exit != Some(0) || answer["findings"] != Value::Array(Vec::new()) {
        return Err(format!("after repair ({}): {answer:#}", told.answer));
    }
    if ledger.log() != log || ledger.export() != export {
        return Err("after repair something else is recorded".to_owned());
    }
    let after: Vec<_> = ledger
        .files("roll")
        .iter()
        .map(|file| ledger.read(file))
        .collect();
    let kept = ledger
        .files("")
        .iter()
        .any(|file| file.contains(".damaged"));
    if before != after && !kept {
        return Err("what was damaged was not kept aside".to_owned());
    }
    let ran = ledger.run(&["append", "-"], &crate::said(990, 5));
    if ran.code == Some(0) {
        Ok(())
    } else {
        Err(format!("append after repair: {}", ran.said))
    }
}

/// Forges the first frame: its entries are changed, its checks are right.
fn forge(frames: &mut [Vec<u8>], change: impl Fn(&mut Vec<Vec<u8>>)) {
    let mut entries = regions::entries(&frames[0]);
    change(&mut entries);
    frames[0] = regions::forged(&entries);
}

fn edit_bundle(ledger: &Ledger, sort: Sort, index: u64, change: impl Fn(&mut Vec<Vec<u8>>)) {
    let folder = sort.folder();
    let begins = format!("{folder}/{index:03}");
    let files = ledger.files(folder);
    let file = files
        .iter()
        // The widest, after those that earlier checkpoints needed.
        .rfind(|file| file.starts_with(&begins))
        .expect("a bundle");
    let mut items = regions::items(&ledger.read(file), sort);
    change(&mut items);
    ledger.write(file, &items.concat());
}
