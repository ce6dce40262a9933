//! Whatever is done to a ledger's files, verifying says so and names the place;
//! repairing makes it good from the other copy, and nothing panics.
//!
//! `TAMPER_SEED=N cargo test --test tamper -- --nocapture` changes other bytes than
//! those it changes by default, and prints which codes were found where. With
//! `TAMPER_CORPUS=DIR` it writes all of them down for another verifier.

#![allow(clippy::expect_used, clippy::panic, clippy::print_stdout)]

#[path = "tamper/corpus.rs"]
mod corpus;
#[path = "tamper/elsewhere.rs"]
mod elsewhere;
#[path = "support/ledger.rs"]
mod ledger;
#[path = "tamper/proof.rs"]
mod proof;
#[path = "tamper/regions.rs"]
mod regions;
#[path = "tamper/roll.rs"]
mod roll;
#[path = "tamper/store.rs"]
mod store;

use std::collections::{BTreeMap, BTreeSet};

use chancery_chain::{Finding, Seq, Severity};
use chancery_ledger::verify::Against;
use corpus::{Case, Corpus};
use ledger::{Ledger, Random, source, speaker, statement};
use regions::Region;

/// A file no longer than this has every byte changed, a longer one some hundreds.
const SHORT: usize = 200;

/// What was found where: the codes, by file and region.
#[derive(Default)]
struct Table(BTreeMap<String, BTreeMap<String, u64>>);

/// A byte that was changed.
struct Change<'a> {
    file: &'a str,
    at: usize,
    region: &'a Region,
}

/// Makes a ledger in which every sort of file is: 380 entries, of which 337 are in
/// bundles under a checkpoint, 309 of them under an earlier one, and two submissions
/// in the tail; two held sources.
fn prototype() -> Ledger {
    let ledger = Ledger::found();
    ledger.beside("one.txt", "What the first source says.\n");
    ledger.beside(
        "two.txt",
        &"What the second source says, at length. ".repeat(40),
    );
    let mut records = vec![
        speaker(),
        source("src-one", "one.txt"),
        source("src-two", "two.txt"),
    ];
    records.extend((0..300).map(|number| said(number, number)));
    ledger.append(&records);
    ledger.run(&["checkpoint"], "").succeeded();
    ledger.append(&(300..327).map(|n| said(n, n)).collect::<Vec<_>>());
    ledger.run(&["checkpoint"], "").succeeded();
    ledger.append(&(400..424).map(|number| said(number, 9)).collect::<Vec<_>>());
    ledger.append(
        &(500..516)
            .map(|number| said(number, 60))
            .collect::<Vec<_>>(),
    );
    ledger
}

fn said(number: u64, length: u64) -> String {
    let words: Vec<String> = (0..=length % 61)
        .map(|word| format!("{}", word * 7 + number))
        .collect();
    statement(&format!("said-{number}"), &words.join(" and "))
}

/// The sorts of files that a verified ledger has, each by one of them. There is a full
/// tile above the leaves in the tests of the store: it takes 65,536 entries.
const SORTS: [&str; 14] = [
    "checkpoint",
    "ledger.toml",
    "roll/bodies/000",
    "roll/bodies/001.p/81",
    "roll/checkpoint",
    "roll/tail",
    "roll/tile/0/000",
    "roll/tile/0/001.p/53",
    "roll/tile/0/001.p/81",
    "roll/tile/1/000.p/1",
    "roll/tile/entries/000",
    "roll/tile/entries/001.p/53",
    "roll/tile/entries/001.p/81",
    "sources/",
];

/// So many damages there have to be, of every sort together.
const LEAST: usize = 500;

#[test]
fn every_changed_byte_is_found_and_named() {
    let mut random = Random::seeded("TAMPER_SEED", 19_690_523);
    let ledger = prototype();
    let mut files = ledger.files("roll");
    files.extend(ledger.files("sources"));
    files.extend(["checkpoint", "ledger.toml"].map(str::to_owned));
    for sort in SORTS {
        assert!(files.iter().any(|file| file.starts_with(sort)), "no {sort}");
    }
    let (mut table, mut flips, mut missed) = (Table::default(), 0, Vec::new());
    let mut corpus = Corpus::of("bytes");
    let name = corpus.ledger("ledger", &ledger);

    for file in &files {
        let whole = ledger.read(file);
        let regions = regions::of(file, &whole);
        for at in places(whole.len(), &regions, &mut random) {
            let region = regions.iter().find(|region| region.range.contains(&at));
            let change = Change {
                file,
                at,
                region: region.expect("every byte has its region"),
            };
            let mut changed = whole.clone();
            let mask = u8::try_from(1 + random.below(255)).expect("a byte");
            changed[at] ^= mask;
            ledger.write(file, &changed);
            let findings = found(&ledger);
            missed.extend(fault(&change, &findings).or_else(|| astray(&change, &findings)));
            corpus.add(&name, &change.case(mask, &findings));
            table.enter(&change, &findings);
            if flips % 80 == 0 {
                the_command_says_the_same(&ledger, &change, &findings);
            }
            flips += 1;
        }
        ledger.write(file, &whole);
    }

    println!("{flips} bytes changed in {} files", files.len());
    assert!(flips >= LEAST);
    table.print();
    assert!(
        missed.is_empty(),
        "{} of {flips}:\n{}",
        missed.len(),
        missed.join("\n")
    );
    assert_eq!(ledger.verify(&[]).0, Some(0));
}

#[test]
fn many_things_damaged_at_once_are_all_named() {
    let mut random = Random::seeded("TAMPER_SEED", 19_690_523);
    let whole = prototype();
    let mut files = whole.files("roll");
    files.retain(|file| file != "roll/tail");
    files.extend(whole.files("sources"));
    files.push("ledger.toml".to_owned());
    let mut missed = Vec::new();

    for _ in 0..20 {
        let ledger = whole.copy();
        let mut changes = Vec::new();
        for file in &files {
            let mut bytes = ledger.read(file);
            let regions = regions::of(file, &bytes);
            let inner =
                |region: &&Region| !region.name.contains("length") && !region.name.contains("tag");
            let plain: Vec<&Region> = regions.iter().filter(inner).collect();
            let region = plain[random.index(plain.len())].clone();
            let at = region.range.start + random.index(region.range.len());
            bytes[at] ^= 0x20;
            ledger.write(file, &bytes);
            changes.push((file, at, region));
        }
        let findings = found(&ledger);
        for (file, at, region) in &changes {
            let change = Change {
                file,
                at: *at,
                region,
            };
            missed.extend(fault(&change, &findings));
        }
    }

    assert!(
        missed.is_empty(),
        "{}:\n{}",
        missed.len(),
        missed.join("\n")
    );
}

/// Returns what verifying finds.
fn found(ledger: &Ledger) -> Vec<Finding> {
    let verified =
        chancery_ledger::verify::verify(&ledger.path(), &Against::default(), &mut |_, _| {});
    verified.expect("a ledger to verify").report.findings
}

/// Chooses which bytes to change: all of a short file; of a long one the first and
/// last of many regions of each sort, and others anywhere.
fn places(length: usize, regions: &[Region], random: &mut Random) -> BTreeSet<usize> {
    if length <= SHORT {
        return (0..length).collect();
    }
    let mut places: BTreeSet<usize> = (0..60).map(|_| random.index(length)).collect();
    places.insert(length - 1);
    let names: BTreeSet<&str> = regions.iter().map(|region| region.name).collect();
    for name in names {
        let alike: Vec<&Region> = regions
            .iter()
            .filter(|region| region.name == name)
            .collect();
        let mut chosen = vec![0, alike.len() - 1];
        chosen.extend((0..7).map(|_| random.index(alike.len())));
        for index in chosen {
            let range = &alike[index].range;
            places.extend([
                range.start,
                range.end - 1,
                range.start + random.index(range.len()),
            ]);
        }
    }
    places
}

/// Returns what is wrong with the findings about a changed byte, if anything.
fn fault(change: &Change<'_>, findings: &[Finding]) -> Option<String> {
    let Change { file, at, region } = change;
    let names_file = |finding: &&Finding| finding.file.as_deref() == Some(file);
    let covers = |finding: &&Finding| {
        let entries = finding.entries.zip(region.entry);
        entries.is_some_and(|((first, last), entry)| first.get() <= entry && entry <= last.get())
    };
    let damage = || {
        findings
            .iter()
            .filter(|finding| finding.severity == Severity::Damage)
    };
    let place = format!(
        "byte {at} of {file} ({}, entry {:?})",
        region.name, region.entry
    );
    if region.name == "tail: unused zeros" {
        let noticed = findings.iter().any(|finding| names_file(&finding));
        return (!noticed).then(|| format!("{place}: unnoticed"));
    }
    if !damage().any(|finding| names_file(&finding) || covers(&finding)) {
        return Some(format!("{place}: not named: {findings:?}"));
    }
    // What belongs to one entry of a bundle is told as that entry's damage.
    let exact = region.entry.is_some() && *file != "roll/tail";
    if exact && !damage().any(|finding| covers(&finding)) {
        return Some(format!("{place}: its entry is not named: {findings:?}"));
    }
    called_expunged(findings).map(|wrong| format!("{place}: called expunged: {wrong:?}"))
}

/// Returns a finding by which what was damaged passes for destroyed by right: nothing was
/// expunged in these ledgers.
fn called_expunged(findings: &[Finding]) -> Option<&Finding> {
    findings
        .iter()
        .find(|found| found.code.contains("expunged"))
}

/// Returns what is wrong if an entry is named that was not changed: not the entry
/// itself, and not the next one, which carries its hash.
fn astray(change: &Change<'_>, findings: &[Finding]) -> Option<String> {
    let Change { file, at, region } = change;
    let entry = region.entry.filter(|_| *file != "roll/tail")?;
    let elsewhere = |(first, last): (Seq, Seq)| entry + 1 < first.get() || last.get() + 1 < entry;
    let wrong = findings
        .iter()
        .find(|found| found.severity == Severity::Damage && found.entries.is_some_and(elsewhere))?;
    let name = region.name;
    Some(format!(
        "byte {at} of {file} ({name}, entry {entry}): another is named: {wrong:?}"
    ))
}

impl Change<'_> {
    /// Writes it down for another verifier.
    fn case(&self, mask: u8, findings: &[Finding]) -> Case<'_> {
        let damage = findings
            .iter()
            .any(|finding| finding.severity == Severity::Damage);
        Case {
            class: self.region.name,
            edits: vec![corpus::flip(self.file, self.at, mask)],
            file: self.file,
            entries: self.region.entry.as_slice(),
            damage,
        }
    }
}

/// Runs the command itself on the same damage.
fn the_command_says_the_same(ledger: &Ledger, change: &Change<'_>, findings: &[Finding]) {
    let (code, answer) = ledger.verify(&[]);

    let damaged = findings
        .iter()
        .any(|finding| finding.severity == Severity::Damage);
    assert_eq!(
        code,
        Some(i32::from(damaged)),
        "{} {}",
        change.file,
        change.at
    );
    let told: Vec<_> = answer["findings"]
        .as_array()
        .expect("findings")
        .iter()
        .map(|finding| (finding["code"].as_str(), finding["file"].as_str()))
        .collect();
    let expected: Vec<_> = findings
        .iter()
        .map(|finding| (Some(finding.code), finding.file.as_deref()))
        .collect();
    assert_eq!(told, expected);
}

impl Table {
    fn enter(&mut self, change: &Change<'_>, findings: &[Finding]) {
        let codes: BTreeSet<&str> = findings.iter().map(|finding| finding.code).collect();
        let codes = codes.into_iter().collect::<Vec<_>>().join(" + ");
        let folder = change
            .file
            .rsplit_once('/')
            .map_or("", |(folder, _)| folder);
        let file = if folder == "sources" {
            folder
        } else {
            change.file
        };
        let place = format!("{file}: {}", change.region.name);
        *self.0.entry(place).or_default().entry(codes).or_default() += 1;
    }

    fn print(&self) {
        for (place, codes) in &self.0 {
            println!("{place}");
            for (codes, count) in codes {
                println!("    {count:>4}  {codes}");
            }
        }
    }
}
