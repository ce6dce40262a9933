//! The command line of the benchmark, and how a child is told its share.

use std::path::{Path, PathBuf};

use clap::{Parser, ValueEnum};

use crate::synthetic::Plan;

/// Measures Chancery beside a plain file and `SQLite` doing the same work.
#[derive(Clone, Debug, Parser)]
#[command(name = "chancery-benches")]
pub(crate) struct Args {
    /// How many records are appended, a thousand to a submission
    #[arg(long, default_value_t = 1_000_000)]
    pub(crate) records: u64,

    /// How many submissions of one record are made
    #[arg(long, default_value_t = 20_000)]
    pub(crate) singles: u64,

    /// How many records are read from JSON Lines
    #[arg(long, default_value_t = 100_000)]
    pub(crate) lines: u64,

    /// Measure how long answers take instead: with more and more corrections of
    /// one record, and in ledgers of 1,000 records up to as many as are asked for
    #[arg(long)]
    pub(crate) as_of: bool,

    /// Measure an audit instead: everything verified, beside b3sum and a plain
    /// file, and proofs made and checked
    #[arg(long)]
    pub(crate) audit: bool,

    /// How many corrections one record is given at most
    #[arg(long, default_value_t = 10_000)]
    pub(crate) corrections: u64,

    /// How often each thing is measured, the contenders taking turns
    #[arg(long, default_value_t = 3)]
    pub(crate) rounds: u32,

    /// The folder to work in, on the disk that is to be measured; it must be
    /// empty or not there, and is removed at the end
    #[arg(long, default_value = "target/chancery-benches")]
    pub(crate) dir: PathBuf,

    /// What the records are made up from
    #[arg(long, default_value_t = 1)]
    pub(crate) seed: u64,

    /// Leave the folder as it is at the end
    #[arg(long)]
    pub(crate) keep: bool,

    /// What this process, a child, is to measure
    #[arg(long, hide = true, requires = "contender")]
    pub(crate) child: Option<Phase>,

    /// Of whom it is to be measured
    #[arg(long, hide = true)]
    pub(crate) contender: Option<Who>,
}

/// What is measured, each in a process of its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, ValueEnum)]
pub(crate) enum Phase {
    /// Append all records, a thousand to a submission, and close.
    Append,
    /// Check that nothing was changed.
    Verify,
    /// Read and decode everything, and fold it into the register of a day.
    Replay,
    /// Open for appending.
    Open,
    /// Open for reading.
    Look,
    /// Append records one by one to an empty ledger.
    Singles,
    /// Append records one by one to the large ledger.
    Grown,
    /// The whole way from the text of a dossier.
    Lines,
    /// Read every file of the roll, and no more.
    Read,
    /// Have b3sum check every file of the roll.
    Sums,
    /// Make proofs and check them.
    Prove,
}

/// Who is measured.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, ValueEnum)]
pub(crate) enum Who {
    /// A plain file with a hash chain.
    Plain,
    /// `SQLite` with a hash chain.
    Sqlite,
    /// Chancery.
    Chancery,
}

impl Who {
    /// All of them; the plain file first, since the others are compared with it.
    pub(crate) const ALL: [Self; 3] = [Self::Plain, Self::Sqlite, Self::Chancery];

    /// Returns what it is called in tables and on the command line.
    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::Plain => "plain",
            Self::Sqlite => "sqlite",
            Self::Chancery => "chancery",
        }
    }
}

impl Phase {
    /// Returns what it is called on the command line.
    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::Append => "append",
            Self::Verify => "verify",
            Self::Replay => "replay",
            Self::Open => "open",
            Self::Look => "look",
            Self::Singles => "singles",
            Self::Grown => "grown",
            Self::Lines => "lines",
            Self::Read => "read",
            Self::Sums => "sums",
            Self::Prove => "prove",
        }
    }

    /// Returns whether it begins with an empty folder.
    pub(crate) const fn is_fresh(self) -> bool {
        matches!(self, Self::Append | Self::Singles | Self::Lines)
    }
}

impl Args {
    /// Returns the plan of the large ledger.
    pub(crate) fn plan(&self) -> Plan {
        Plan::new(self.seed, self.records, 1_000)
    }

    /// Returns the plan of the ledger whose submissions hold one record.
    pub(crate) fn plan_of_singles(&self) -> Plan {
        Plan::new(self.seed, self.singles, 1)
    }

    /// Returns how many single records are added to the large ledger.
    pub(crate) fn grown(&self) -> u64 {
        self.singles / 10
    }

    /// Returns where a contender keeps what a phase works on.
    pub(crate) fn folder(&self, phase: Phase, who: Who) -> PathBuf {
        let what = match phase {
            Phase::Singles => "singles",
            Phase::Lines => "lines",
            _ => "large",
        };
        self.dir.join(format!("{what}-{}", who.name()))
    }

    /// Returns where the dossier of JSON Lines is.
    pub(crate) fn dossier(&self) -> PathBuf {
        self.dir.join("dossier.jsonl")
    }

    /// Returns the command line of a child that measures one phase of one contender.
    pub(crate) fn of_child(&self, phase: Phase, who: Who) -> Vec<String> {
        let numbers = [
            ("--records", self.records),
            ("--singles", self.singles),
            ("--lines", self.lines),
            ("--seed", self.seed),
        ];
        let numbers = numbers
            .iter()
            .flat_map(|(flag, number)| [(*flag).to_owned(), number.to_string()]);
        let names = [("--child", phase.name()), ("--contender", who.name())];
        let names = names
            .iter()
            .flat_map(|(flag, name)| [(*flag).to_owned(), (*name).to_owned()]);
        let dir = ["--dir".to_owned(), display(&self.dir)];
        numbers.chain(names).chain(dir).collect()
    }
}

fn display(path: &Path) -> String {
    path.display().to_string()
}
