//! Replay of many records: how long it takes, for whoever wants to know.
//!
//! `cargo test --release -p chancery-core --test replay_scale -- --ignored --nocapture`

#![allow(missing_docs, clippy::unwrap_used, clippy::print_stdout)]

mod replay_archive;

use std::time::Instant;

use chancery_core::date::Date;
use chancery_core::record::{ActorRef, InstrumentRef, Record};
use chancery_core::replay::{Readings, Register};
use replay_archive::{Archive, day, question};

const INSTRUMENTS: u64 = 1_000;
const ACTORS: u64 = 200;
const TEMPLATES: &str = r#"
    [[act]]
    instrument = "t"
    by = "a"
    kind = "ratification"
    on = "2000-01-01"

    [[actor]]
    id = "a"
    name = "An actor"
    kind = "state"

    [[commitment]]
    debtors = "a"
    text = "An undertaking of some length, as undertakings are, toward all the others"
    made = "2000-01-01"
    id = "c"

    [[instrument]]
    id = "t"
    title = "A treaty"
    kind = "treaty"
    entry_into_force = { consents = 60, delay = { days = 60 } }

    [[statement]]
    id = "s"
    speakers = "a"
    said = "2000-01-01"
    mode = "paraphrased"
    text = "What was said, in some words of ours that stand for those of the speaker"
"#;

/// Returns the date of the nth record, one in ten known to the month only.
fn date(n: u64) -> Date {
    let on = day("1950-01-01")
        .plus_days(i64::try_from(n * 7 % 20_000).unwrap())
        .to_string();
    Date::new(if n.is_multiple_of(10) { &on[..7] } else { &on })
}

fn records(total: u64) -> impl Iterator<Item = (u64, u64, Record)> {
    let archive = Archive::of(TEMPLATES);
    let template = move |place: usize| archive.records[place].2.clone();
    (0..total).map(move |n| {
        // Each instrument meets each actor once in a million records.
        let actor = ActorRef((n / 10 / INSTRUMENTS * 2 + n % 2) % ACTORS);
        let mut record = template(match n {
            n if n < ACTORS => 1,
            n if n < ACTORS + INSTRUMENTS => 3,
            n if n % 10 < 6 => 4,
            n if n % 10 < 8 => 0,
            _ => 2,
        });
        match &mut record {
            Record::Act(act) => {
                act.by = actor;
                act.instrument = InstrumentRef(ACTORS + n / 10 % INSTRUMENTS);
                act.on = date(n / 10);
            }
            Record::Commitment(commitment) => {
                commitment.made = date(n / 10);
                commitment.under = Some(InstrumentRef(ACTORS + n % INSTRUMENTS));
            }
            Record::Statement(statement) => {
                statement.said = date(n / 10);
                statement.speakers = vec![actor];
            }
            _ => {}
        }
        (n, 0, record)
    })
}

fn timed(total: u64) {
    let start = Instant::now();
    let readings = Readings::of(records(total));
    let read = start.elapsed();
    let register = Register::of(&readings, &question("1985-06-15"), None);
    let parties: u64 = register
        .instruments
        .iter()
        .map(|item| item.counts.parties.certain)
        .sum();
    println!(
        "{total} records: made and read in {read:?}, register in {:?}; {} statements, {} commitments, {parties} parties",
        start.elapsed().saturating_sub(read),
        register.statements.len(),
        register.commitments.len(),
    );
}

#[test]
fn ten_thousand_records_are_replayed() {
    timed(10_000);
}

#[test]
#[ignore = "for whoever wants to know how long it takes"]
fn a_million_records_take_ten_times_as_long_as_a_hundred_thousand() {
    timed(100_000);
    timed(1_000_000);
}
