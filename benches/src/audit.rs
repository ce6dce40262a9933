//! An audit: verifying all of a large ledger beside reading the same files,
//! `b3sum --check` over them, and a plain file's chain; and what a proof costs.
#![allow(clippy::print_stdout)]

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use chancery_chain::Seq;
use chancery_chain::proof::ProofFile;
use chancery_ledger::keyfile::KeyFile;
use chancery_ledger::prove::prove;
use chancery_ledger::{Ledger, ledger};
use chancery_store::RollReader;

use crate::args::{Args, Phase, Who};
use crate::children::{self, Outcome};
use crate::contender::Failure;
use crate::meter::{Meter, timed};
use crate::phases::{Figures, float, whole};
use crate::report::{Spread, number};

/// How many proofs are made and checked.
const PROOFS: u64 = 1_000;
/// How many clock ticks a second has in what Linux tells of processes.
const TICKS: f64 = 100.0;

/// One row of the table: a title, who is measured in which phase, and whether
/// the memory measured is the worker's own.
type Row = (&'static str, Phase, Who, bool);

/// Fills a ledger and a plain file, and measures and prints both tables.
///
/// # Errors
/// A contender fails, or b3sum finds that a file is another.
pub(crate) fn run(args: &Args) -> Result<(), Failure> {
    for who in [Who::Plain, Who::Chancery] {
        children::measure(args, Phase::Append, who)?;
    }
    let folder = args.folder(Phase::Verify, Who::Chancery);
    sign(&folder)?;
    let bytes = list(&folder, &sums(args))?;
    let mut rows: Vec<Row> = vec![("read the same files", Phase::Read, Who::Chancery, true)];
    if Command::new("b3sum").arg("--version").output().is_ok() {
        rows.push(("b3sum --check", Phase::Sums, Who::Chancery, false));
    } else {
        println!("\nb3sum is not installed: that row is left out (`cargo install b3sum`).");
    }
    rows.push(("plain file", Phase::Verify, Who::Plain, true));
    rows.push(("chancery verify", Phase::Verify, Who::Chancery, true));
    let mut found: BTreeMap<&str, Vec<Outcome>> = BTreeMap::new();
    for _ in 0..args.rounds {
        for (title, phase, who, _) in &rows {
            let outcome = children::measure(args, *phase, *who)?;
            found.entry(title).or_default().push(outcome);
        }
    }
    println!(
        "\n### Verify {} records at all levels, {:.0} MB\n",
        args.records,
        bytes / 1e6
    );
    print_rows(&rows, &found);
    proofs(&children::measure(args, Phase::Prove, Who::Chancery)?);
    Ok(())
}

fn print_rows(rows: &[Row], found: &BTreeMap<&str, Vec<Outcome>>) {
    println!(
        "| | least, s | middle, s | most, s | × reading | processor, s | × reading | memory, MiB |"
    );
    println!("|---|--:|--:|--:|--:|--:|--:|--:|");
    let mut floor = None;
    for (title, _, _, own) in rows {
        let outcomes = found.get(title).map(Vec::as_slice).unwrap_or_default();
        let spread = |figure: &str| {
            let figures = outcomes.iter().filter_map(|one| one.get(figure).copied());
            Spread::of(figures.collect())
        };
        let (Some(seconds), Some(processor)) = (spread("seconds"), spread("processor")) else {
            continue;
        };
        let (wall, work) = *floor.get_or_insert((seconds.middle, processor.middle));
        let memory = spread("memory").filter(|_| *own);
        println!(
            "| {title} | {} | {} | {} | {:.1} | {} | {:.1} | {} |",
            number(seconds.least),
            number(seconds.middle),
            number(seconds.most),
            seconds.middle / wall,
            number(processor.middle),
            processor.middle / work,
            memory.map_or_else(|| "—".to_owned(), |memory| format!("{:.0}", memory.most)),
        );
    }
}

fn proofs(outcome: &Outcome) {
    println!("\n### A proof of one entry, with its body: {PROOFS} of them\n");
    println!("| ms | middle | 99 in 100 within | slowest |\n|---|--:|--:|--:|");
    for (title, name) in [("made", "made"), ("read and checked", "checked")] {
        let figure = |which: &str| outcome.get(&format!("{name}-{which}")).copied();
        let [middle, slow, slowest] =
            ["middle", "slow", "slowest"].map(|which| figure(which).map_or(String::new(), number));
        println!("| {title} | {middle} | {slow} | {slowest} |");
    }
    let bytes = outcome.get("bytes").copied().unwrap_or_default();
    println!("\nA proof has {} bytes, the middle one.", number(bytes));
}

/// Signs a checkpoint, so that everything is in bundles and can be proved.
fn sign(folder: &Path) -> Result<(), Failure> {
    let key = KeyFile::read(&folder.join("keys").join("log"))?;
    let key = key.private.ok_or("the log's key has no private half")?;
    let (mut ledger, _) = Ledger::open(folder)?;
    ledger.checkpoint(&[&key])?;
    Ok(ledger.close()?)
}

fn sums(args: &Args) -> PathBuf {
    args.dir.join("sums")
}

/// Writes the digest of every file of the roll, as b3sum does; returns their bytes.
fn list(folder: &Path, to: &Path) -> Result<f64, Failure> {
    let (mut lines, mut bytes) = (String::new(), 0);
    for path in files(&folder.join("roll"))? {
        let content = fs::read(&path)?;
        bytes += content.len() as u64;
        lines += &format!("{}  {}\n", blake3::hash(&content), path.display());
    }
    fs::write(to, lines)?;
    Ok(float(bytes))
}

fn files(folder: &Path) -> Result<Vec<PathBuf>, Failure> {
    let mut files = Vec::new();
    let mut open = vec![folder.to_owned()];
    while let Some(next) = open.pop() {
        for item in fs::read_dir(next)? {
            let path = item?.path();
            if path.is_dir() {
                open.push(path);
            } else {
                files.push(path);
            }
        }
    }
    files.sort();
    Ok(files)
}

/// Reads every file of the roll, and does nothing with it.
pub(crate) fn read(args: &Args) -> Result<Figures, Failure> {
    let folder = args.folder(Phase::Read, Who::Chancery).join("roll");
    let (bytes, took) = timed(|| {
        files(&folder)?.iter().try_fold(0, |sum, path| {
            Ok::<u64, Failure>(sum + fs::read(path)?.len() as u64)
        })
    });
    let mut figures = whole(took);
    figures.push(("bytes", float(bytes?)));
    Ok(figures)
}

/// Has b3sum check every file of the roll.
pub(crate) fn check_sums(args: &Args) -> Result<Figures, Failure> {
    let mut command = Command::new("b3sum");
    command.arg("--check").arg("--quiet").arg(sums(args));
    let (status, took) = timed(|| command.stdout(Stdio::null()).status());
    if !status?.success() {
        return Err("b3sum found that a file is another".into());
    }
    let mut figures = whole(took);
    figures.retain(|(name, _)| *name != "processor");
    figures.push(("processor", of_children()?));
    Ok(figures)
}

/// Returns how long the children of this process were at work, in seconds.
fn of_children() -> Result<f64, Failure> {
    let stat = fs::read_to_string("/proc/self/stat")?;
    // The name, which may hold anything, ends at the last bracket.
    let (_, fields) = stat.rsplit_once(')').ok_or("Linux tells no times")?;
    let ticks = fields
        .split_whitespace()
        .skip(13)
        .take(2)
        .map(str::parse::<f64>);
    Ok(ticks.sum::<Result<f64, _>>()? / TICKS)
}

/// Makes and checks proofs of entries from all over the ledger.
pub(crate) fn prove_all(args: &Args) -> Result<Figures, Failure> {
    let roll = RollReader::open(&args.folder(Phase::Prove, Who::Chancery))?;
    let (origin, keyring) = ledger::founded(&roll)?;
    let keys = keyring.log_keys(&origin);
    let size = roll.size().get();
    let (mut making, mut checking, mut lengths) = (Meter::default(), Meter::default(), Vec::new());
    for number in 0..PROOFS {
        // A large prime goes all over the ledger, and back and forth.
        let seq = Seq::new(number.wrapping_mul(982_451_653) % size);
        let proof = making.time(|| prove(&roll, &origin, &keyring, seq, true))?;
        let text = proof.to_string();
        let checked = checking.time(|| {
            let proof = ProofFile::parse(text.as_bytes())?;
            proof.check(&keys).map_err(Failure::from)
        });
        checked?;
        lengths.push(float(text.len() as u64));
    }
    let bytes = Spread::of(lengths).map_or(0.0, |spread| spread.middle);
    Ok(vec![
        ("made-middle", making.within(50)),
        ("made-slow", making.within(99)),
        ("made-slowest", making.within(100)),
        ("checked-middle", checking.within(50)),
        ("checked-slow", checking.within(99)),
        ("checked-slowest", checking.within(100)),
        ("bytes", bytes),
    ])
}
