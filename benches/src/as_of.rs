//! As-of answers: do they slow down with corrections, or faster than the ledger grows?
//!
//! Two ledgers begin alike. To one are added corrections of a single record, to
//! the other as many further records; what corrections cost beyond their number
//! is the quotient of the two. Then ledgers of several sizes are asked, each
//! contender reading its own records; what is made of them is the same code.
#![allow(clippy::print_stdout, clippy::print_stderr)]

use std::fs;
use std::path::Path;

use chancery_cli::dossier::{Dossier, parse};
use chancery_core::day::Day;
use chancery_core::record::Record;
use chancery_core::replay::{Question, Register};
use chancery_ledger::{Dossiers, propose};

use crate::args::{Args, Who};
use crate::contender::{Contender, Failure};
use crate::meter::timed;
use crate::ours::Ours;
use crate::phases::float;
use crate::plain::Plain;
use crate::report::{Spread, number};
use crate::sqlite::Sqlite;
use crate::synthetic::Plan;

/// How many records there are before the first correction.
const BASE: u64 = 10_000;
/// How many records come to a submission.
const TOGETHER: u64 = 1_000;
/// The least size that is asked.
const SMALLEST: u64 = 1_000;
/// How wide the longest bar of a picture is.
const BAR: f64 = 48.0;

/// How long the processor was at work for answers, in milliseconds: the middle
/// of all rounds. The work is one thread's, and the files are in memory by then.
#[derive(Clone, Copy)]
struct Latency {
    agreed: f64,
    commitments: f64,
}

/// Measures and prints both tables, each with its picture.
///
/// # Errors
/// A contender fails.
pub(crate) fn run(args: &Args) -> Result<(), Failure> {
    against_corrections(args)?;
    against_size(args)
}

fn against_corrections(args: &Args) -> Result<(), Failure> {
    let [corrected, control] = ["corrected", "control"].map(|name| args.dir.join(name));
    let plan = Plan::new(args.seed, BASE, TOGETHER);
    for folder in [&corrected, &control] {
        fill::<Ours>(&plan, folder)?;
    }
    let mut rows = Vec::new();
    for (from, to) in steps(args.corrections) {
        correct(&plan, &corrected, from..to)?;
        add(&plan, &control, from..to)?;
        let with = latency::<Ours>(args, &corrected)?;
        let without = latency::<Ours>(args, &control)?;
        eprintln!("asked of {to} corrections");
        rows.push((to, with, without));
    }
    println!("\n### {BASE} records, and so many corrections of one of them\n");
    println!(
        "| corrections | `agreed`, processor ms | × control | `commitments`, processor ms | × control |"
    );
    println!("|--:|--:|--:|--:|--:|");
    for (corrections, with, without) in &rows {
        println!(
            "| {corrections} | {} | {:.2} | {} | {:.2} |",
            number(with.agreed),
            with.agreed / without.agreed,
            number(with.commitments),
            with.commitments / without.commitments,
        );
    }
    let bars = rows.iter().flat_map(|(corrections, with, without)| {
        [
            (format!("{corrections} corrections"), with.commitments),
            (format!("{corrections} records"), without.commitments),
        ]
    });
    picture(
        "`commitments`, processor ms",
        &bars.collect::<Vec<_>>(),
        &|ms| ms,
    );
    fs::remove_dir_all(corrected)?;
    Ok(fs::remove_dir_all(control)?)
}

fn against_size(args: &Args) -> Result<(), Failure> {
    let sizes = std::iter::successors(Some(SMALLEST), |size| Some(size * 10));
    let sizes: Vec<u64> = sizes.take_while(|size| *size <= args.records).collect();
    let mut rows = Vec::new();
    for size in sizes {
        let plan = Plan::new(args.seed, size, TOGETHER);
        let took = [
            of_size::<Plain>(args, &plan, Who::Plain)?,
            of_size::<Sqlite>(args, &plan, Who::Sqlite)?,
            of_size::<Ours>(args, &plan, Who::Chancery)?,
        ];
        eprintln!("asked of {size} records");
        rows.push((size, took));
    }
    println!("\n### So many records\n");
    println!(
        "| records | | `agreed`, processor ms | × plain | `commitments`, processor ms | × plain | µs a record |"
    );
    println!("|--:|---|--:|--:|--:|--:|--:|");
    for (size, took) in &rows {
        for (who, latency) in Who::ALL.iter().zip(took) {
            println!(
                "| {size} | {} | {} | {:.2} | {} | {:.2} | {} |",
                who.name(),
                number(latency.agreed),
                latency.agreed / took[0].agreed,
                number(latency.commitments),
                latency.commitments / took[0].commitments,
                number(latency.commitments * 1e3 / float(*size)),
            );
        }
    }
    let bars = rows.iter().map(|(size, took)| {
        let [.., ours] = took;
        (format!("{size} records"), ours.commitments)
    });
    let bars: Vec<_> = bars.collect();
    picture(
        "`commitments`, processor ms, by its logarithm",
        &bars,
        &|ms| (ms + 1.0).log10(),
    );
    Ok(())
}

/// Returns how far corrections go from step to step: to 1, 10, 100 …
fn steps(most: u64) -> impl Iterator<Item = (u64, u64)> {
    let ends = std::iter::successors(Some(1), |end| Some(end * 10));
    let ends = ends.take_while(move |end| *end <= most);
    ends.scan(0, |from, to| Some((std::mem::replace(from, to), to)))
}

fn fill<C: Contender>(plan: &Plan, folder: &Path) -> Result<(), Failure> {
    let mut contender = C::create(folder)?;
    for (first, end) in plan.submissions() {
        contender.append(plan.seq(first), plan.range(first, end)?)?;
    }
    contender.close()
}

fn of_size<C: Contender>(args: &Args, plan: &Plan, who: Who) -> Result<Latency, Failure> {
    let folder = args.dir.join(format!("size-{}", who.name()));
    fill::<C>(plan, &folder)?;
    let latency = latency::<C>(args, &folder)?;
    fs::remove_dir_all(folder)?;
    Ok(latency)
}

/// Adds corrections of one commitment, each of which moves the day on which it is due.
fn correct(plan: &Plan, folder: &Path, numbers: std::ops::Range<u64>) -> Result<(), Failure> {
    let mut commitments = (0..plan.records()).filter_map(|index| plan.id(index));
    let subject = commitments.find(|id| id.starts_with('c'));
    let subject = subject.ok_or("there is no commitment to correct")?;
    let mut ours = Ours::open(folder)?;
    for numbers in in_submissions(numbers) {
        let line = |number: u64| {
            let (year, day) = (1950 + number % 70, 1 + number % 28);
            format!(
                "{{\"record\":\"correction\",\"corrects\":\"{subject}\",\
                 \"set\":{{\"due\":\"{year}-06-{day:02}\"}},\"reason\":\"reading {number}\"}}\n"
            )
        };
        let text: String = numbers.map(line).collect();
        let reading = parse(&Dossier::new(0, None, text.as_bytes()));
        let dossiers = Dossiers {
            forms: reading.forms,
            folders: vec![std::path::PathBuf::new()],
        };
        let signer = ours.ledger().archivist(ours.key())?;
        let proposal = propose(ours.ledger().store(), &dossiers, signer, &mut |_, _| {})?;
        ours.submit(&proposal)?;
    }
    ours.close()
}

/// Adds as many further records.
fn add(plan: &Plan, folder: &Path, numbers: std::ops::Range<u64>) -> Result<(), Failure> {
    let mut ours = Ours::open(folder)?;
    for numbers in in_submissions(numbers) {
        let first = ours.ledger().head().size.get();
        let further = plan.records();
        let records: Vec<Record> = plan.range(further + numbers.start, further + numbers.end)?;
        ours.append(first, records)?;
    }
    ours.close()
}

fn in_submissions(numbers: std::ops::Range<u64>) -> impl Iterator<Item = std::ops::Range<u64>> {
    let (mut at, end) = (numbers.start, numbers.end);
    std::iter::from_fn(move || {
        let first = at;
        at = end.min(first + TOGETHER);
        (first < end).then_some(first..at)
    })
}

/// Asks as often as there are rounds, from opening to the answer.
fn latency<C: Contender>(args: &Args, folder: &Path) -> Result<Latency, Failure> {
    let day = Day::from_ymd(2000, 1, 1).ok_or("no such day")?;
    let question = Question::on(day, day);
    let asked = |what: &dyn Fn() -> Result<usize, Failure>| -> Result<f64, Failure> {
        let mut took = Vec::new();
        for _ in 0..args.rounds {
            let (answer, time) = timed(what);
            if answer? == 0 {
                return Err("nothing was answered".into());
            }
            took.push(time.processor.as_secs_f64() * 1e3);
        }
        let spread = Spread::of(took).ok_or("there must be a round")?;
        Ok(spread.middle)
    };
    Ok(Latency {
        agreed: asked(&|| Ok(Register::instruments(&C::readings(folder)?, &question).len()))?,
        commitments: asked(&|| {
            let register = Register::of(&C::readings(folder)?, &question, None);
            Ok(register.commitments.len())
        })?,
    })
}

/// Prints bars, the longest as wide as a picture is.
fn picture(title: &str, bars: &[(String, f64)], scale: &dyn Fn(f64) -> f64) {
    let longest = bars.iter().map(|(_, ms)| scale(*ms)).fold(0.0, f64::max);
    let widest = bars.iter().map(|(name, _)| name.len()).max().unwrap_or(0);
    println!("\n{title}:\n\n```text");
    for (name, ms) in bars {
        let share = scale(*ms) / longest * BAR;
        let bar: String = (1..=48)
            .take_while(|at| f64::from(*at) <= share.round())
            .map(|_| '█')
            .collect();
        println!("{name:>widest$} {bar} {}", number(*ms));
    }
    println!("```");
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn corrections_come_in_steps_of_ten_times_as_many() {
        let found: Vec<_> = steps(1_000).collect();

        assert_eq!(found, [(0, 1), (1, 10), (10, 100), (100, 1_000)]);
    }

    #[test]
    fn a_stretch_of_records_is_cut_into_submissions() {
        let found: Vec<_> = in_submissions(10..2_500).collect();

        assert_eq!(found, [10..1_010, 1_010..2_010, 2_010..2_500]);
    }
}
