//! Children: each phase of each contender runs in a process of its own, so that
//! the most memory it took is its own, and nothing is warm but the disk's cache.

use std::collections::BTreeMap;
use std::fs;
use std::process::{Command, Stdio};

use crate::args::{Args, Phase, Who};
use crate::contender::Failure;
use crate::phases;

/// What one child measured.
pub(crate) type Outcome = BTreeMap<String, f64>;

/// Runs one phase of one contender in a child and returns what it measured.
pub(crate) fn measure(args: &Args, phase: Phase, who: Who) -> Result<Outcome, Failure> {
    if phase.is_fresh() {
        let folder = args.folder(phase, who);
        if folder.exists() {
            fs::remove_dir_all(folder)?;
        }
    }
    // What others left to be written is not to be paid for by this one.
    rustix::fs::sync();
    let output = Command::new(std::env::current_exe()?)
        .args(args.of_child(phase, who))
        .stderr(Stdio::inherit())
        .output()?;
    if !output.status.success() {
        return Err(format!("{} of {} failed", phase.name(), who.name()).into());
    }
    let text = String::from_utf8(output.stdout)?;
    let pairs = text.lines().filter_map(|line| line.split_once(' '));
    pairs
        .map(|(name, number)| Ok((name.to_owned(), number.parse()?)))
        .collect()
}

/// Does a child's work, and tells the parent what was measured.
#[allow(clippy::print_stdout)]
pub(crate) fn run(args: &Args, phase: Phase, who: Who) -> Result<(), Failure> {
    let figures = phases::run(args, phase, who)?;
    for (name, number) in figures {
        println!("{name} {number}");
    }
    println!("memory {}", memory("VmHWM:")?);
    Ok(())
}

/// Returns an amount of memory that Linux tells of this process, in MiB: `VmHWM:`
/// for the most it has had, `VmRSS:` for what it has now.
pub(crate) fn memory(name: &str) -> Result<f64, Failure> {
    let status = fs::read_to_string("/proc/self/status")?;
    let line = status.lines().find_map(|line| line.strip_prefix(name));
    let kibibytes = line.and_then(|line| line.trim().strip_suffix(" kB"));
    let kibibytes: f64 = kibibytes
        .ok_or("Linux does not tell how much memory this took")?
        .parse()?;
    Ok(kibibytes / 1024.0)
}
