//! Measures Chancery beside a plain file and `SQLite` doing the same work.
//!
//! One run makes up records, has each contender append, verify, open and replay
//! them, taking turns, and prints what came of it: first what the disk can do
//! at best, then the contenders side by side. `docs/performance.md` says what
//! each of them does and what the figures mean.

mod args;
mod as_of;
mod audit;
mod children;
mod contender;
mod dice;
mod lines;
mod link;
mod machine;
mod meter;
mod ours;
mod phases;
mod plain;
mod report;
mod sqlite;
mod synthetic;
mod words;

use std::fs;
use std::path::Path;
use std::process::ExitCode;

use clap::Parser as _;

use args::{Args, Phase, Who};
use contender::Failure;
use machine::room;
use report::{Results, Spread, number};

fn main() -> ExitCode {
    let args = Args::parse();
    let outcome = match (args.child, args.contender) {
        (Some(phase), Some(who)) => children::run(&args, phase, who),
        _ => run(&args),
    };
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => tell(&failure),
    }
}

#[allow(clippy::print_stderr)]
fn tell(failure: &Failure) -> ExitCode {
    eprintln!("error: {failure}");
    let mut cause = failure.source();
    while let Some(deeper) = cause {
        eprintln!("cause: {deeper}");
        cause = deeper.source();
    }
    ExitCode::FAILURE
}

fn run(args: &Args) -> Result<(), Failure> {
    if args.records == 0 || args.rounds == 0 {
        return Err("there must be records, and a round".into());
    }
    let taken = fs::read_dir(&args.dir).is_ok_and(|mut files| files.next().is_some());
    if taken {
        return Err(format!("{} is not empty", args.dir.display()).into());
    }
    fs::create_dir_all(&args.dir)?;
    let outcome = all(args);
    if !args.keep {
        fs::remove_dir_all(&args.dir)?;
    }
    outcome
}

#[allow(clippy::print_stdout)]
fn all(args: &Args) -> Result<(), Failure> {
    println!("## The machine\n");
    for fact in machine::facts(&args.dir)? {
        println!("- {fact}");
    }
    floor(args, "before")?;
    if args.as_of {
        return as_of::run(args);
    }
    if args.audit {
        return audit::run(args);
    }
    let mut results = Results::default();
    for phase in [
        Phase::Append,
        Phase::Verify,
        Phase::Replay,
        Phase::Open,
        Phase::Look,
    ] {
        rounds(args, phase, &Who::ALL, &mut results)?;
    }
    let rooms = rooms(args)?;
    if args.singles > 0 {
        rounds(args, Phase::Singles, &Who::ALL, &mut results)?;
    }
    if args.grown() > 0 {
        let once = Args {
            rounds: 1,
            ..args.clone()
        };
        rounds(&once, Phase::Grown, &Who::ALL, &mut results)?;
    }
    if args.lines > 0 {
        lines::write(args)?;
        rounds(args, Phase::Lines, &[Who::Chancery], &mut results)?;
    }
    floor(args, "after")?;
    results.agree()?;
    tables(args, &results);
    print!("{rooms}");
    lines_table(args, &results);
    Ok(())
}

#[allow(clippy::print_stdout)]
fn floor(args: &Args, when: &str) -> Result<(), Failure> {
    println!("\n## The disk's own floor, {when}\n");
    println!("| | least | middle | most |\n|---|--:|--:|--:|");
    let row = |title: &str, measure: &dyn Fn() -> Result<f64, Failure>| {
        let found: Result<Vec<f64>, Failure> = (0..3).map(|_| measure()).collect();
        if let Some(Spread {
            least,
            middle,
            most,
        }) = Spread::of(found?)
        {
            let [least, middle, most] = [least, middle, most].map(number);
            println!("| {title} | {least} | {middle} | {most} |");
        }
        Ok::<(), Failure>(())
    };
    row("MB/s: 512 MiB, one `fdatasync` at the end", &|| {
        Ok(machine::sequential(&args.dir)? / 1e6)
    })?;
    row("`fdatasync`/s: 512 bytes each, length set before", &|| {
        machine::syncs(&args.dir, true)
    })?;
    row("`fdatasync`/s: 512 bytes each, the file grows", &|| {
        machine::syncs(&args.dir, false)
    })
}

/// Runs a phase for each contender in turn, as many rounds as were asked for.
#[allow(clippy::print_stderr)]
fn rounds(args: &Args, phase: Phase, all: &[Who], results: &mut Results) -> Result<(), Failure> {
    for round in 1..=args.rounds {
        for who in all {
            let outcome = children::measure(args, phase, *who)?;
            let seconds = outcome.get("seconds").copied().unwrap_or_default();
            let (phase_name, name) = (phase.name(), who.name());
            eprintln!("{phase_name}, round {round}: {name} took {seconds:.3} s");
            results.add(phase, *who, outcome);
        }
    }
    Ok(())
}

#[allow(clippy::print_stdout)]
fn tables(args: &Args, results: &Results) {
    println!("\n## {} records\n", args.records);
    println!(
        "The mean body has {} bytes.",
        number(args.plan().mean_body())
    );
    report::rates(
        results,
        "Append, a thousand records to a submission",
        Phase::Append,
    );
    let submissions = [
        ("middle submission, ms", "middle"),
        ("99 in 100 within, ms", "slow"),
        ("slowest, ms", "slowest"),
        ("first tenth, s", "first"),
        ("last tenth, s", "last"),
        ("closing, s", "closing"),
    ];
    report::details(results, Phase::Append, &submissions);
    let title = format!("Append, {} submissions of one record", args.singles);
    report::rates(results, &title, Phase::Singles);
    report::details(results, Phase::Singles, &submissions);
    let title = format!(
        "The same onto the large ledger, {} submissions",
        args.grown()
    );
    report::rates(results, &title, Phase::Grown);
    report::rates(results, "Verify", Phase::Verify);
    report::rates(results, "Replay on a day", Phase::Replay);
    let steps = [
        ("read and decode, s", "reading"),
        ("memory by then, MiB", "held"),
        ("register, s", "folding"),
    ];
    report::details(results, Phase::Replay, &steps);
    report::times(
        results,
        "Open for appending, after a clean close",
        Phase::Open,
    );
    report::times(results, "Open for reading", Phase::Look);
}

/// Returns a table of the bytes that each contender takes on the disk.
fn rooms(args: &Args) -> Result<String, Failure> {
    let mut table = "\n### Bytes on disk\n\n| | MB | MB allotted | bytes a record |\n\
                     |---|--:|--:|--:|\n"
        .to_owned();
    for who in Who::ALL {
        let folder = args.folder(Phase::Append, who);
        table += &room_row(who.name(), &folder, args.records)?;
        if who == Who::Chancery {
            for part in ["roll", "store"] {
                let title = format!("— of these, {part}");
                table += &room_row(&title, &folder.join(part), args.records)?;
            }
        }
    }
    Ok(table)
}

fn room_row(title: &str, folder: &Path, records: u64) -> Result<String, Failure> {
    let found = room(folder)?;
    let [length, allotted] = [found.length, found.allotted].map(phases::float);
    Ok(format!(
        "| {title} | {:.1} | {:.1} | {:.0} |\n",
        length / 1e6,
        allotted / 1e6,
        allotted / phases::float(records),
    ))
}

#[allow(clippy::print_stdout)]
fn lines_table(args: &Args, results: &Results) {
    if args.lines == 0 {
        return;
    }
    let title = format!(
        "The whole way in: {} records of JSON Lines, one submission",
        args.lines
    );
    report::rates(results, &title, Phase::Lines);
    let steps = [
        ("parse, s", "parsing"),
        ("propose, s", "proposing"),
        ("append and close, s", "appending"),
    ];
    report::details(results, Phase::Lines, &steps);
}
