//! The whole way in: the text of a dossier, read, proposed and appended.
//!
//! The dossier is JSON Lines, made of the same records as elsewhere, and comes
//! as one submission.

use std::fs::File;
use std::io::{BufWriter, Write};
use std::path::PathBuf;

use chancery_cli::dossier::{Dossier, parse};
use chancery_cli::forms;
use chancery_core::record::{Names, RecordKind};
use chancery_ledger::{Dossiers, propose};

use crate::args::{Args, Phase, Who};
use crate::contender::{Contender as _, Failure};
use crate::meter::timed;
use crate::ours::Ours;
use crate::phases::{Figures, float, whole};
use crate::synthetic::Plan;

/// The ids of made-up records, by position.
struct Ids(Plan);

impl Names for Ids {
    fn name(&self, seq: u64) -> String {
        self.0.id_at(seq).unwrap_or_else(|| format!("#{seq}"))
    }

    fn kind(&self, _seq: u64) -> Option<RecordKind> {
        None
    }

    fn subject_kind(&self, _seq: u64) -> Option<RecordKind> {
        None
    }
}

/// Writes the dossier, if it is not there.
pub(crate) fn write(args: &Args) -> Result<(), Failure> {
    let plan = Plan::new(args.seed, args.lines, args.lines);
    let ids = Ids(plan);
    let mut out = BufWriter::new(File::create(args.dossier())?);
    for index in 0..plan.records() {
        for record in plan.range(index, index + 1)? {
            let members = record.write(&ids);
            writeln!(out, "{}", forms::record(record.kind().name(), &members))?;
        }
    }
    Ok(out.flush()?)
}

/// Measures each step of the way in.
pub(crate) fn run(args: &Args) -> Result<Figures, Failure> {
    let mut ours = Ours::create(&args.folder(Phase::Lines, Who::Chancery))?;
    let bytes = std::fs::read(args.dossier())?;
    let (reading, parsing) = timed(|| parse(&Dossier::new(0, None, &bytes)));
    if let Some(fault) = reading.faults.first() {
        return Err(format!("the dossier has a fault: {}", fault.message).into());
    }
    let dossiers = Dossiers {
        forms: reading.forms,
        folders: vec![PathBuf::new()],
    };
    let signer = ours.ledger().archivist(ours.key())?;
    let (proposal, proposing) =
        timed(|| propose(ours.ledger().store(), &dossiers, signer, &mut |_, _| {}));
    let proposal = proposal?;
    let (submitted, appending) = timed(|| ours.submit(&proposal));
    submitted?;
    let (closed, closing) = timed(|| ours.close());
    closed?;
    let total = parsing + proposing + appending + closing;
    let mut figures = whole(total);
    figures.extend([
        ("records", float(proposal.records.len() as u64)),
        ("parsing", parsing.wall.as_secs_f64()),
        ("proposing", proposing.wall.as_secs_f64()),
        ("appending", (appending + closing).wall.as_secs_f64()),
    ]);
    Ok(figures)
}
