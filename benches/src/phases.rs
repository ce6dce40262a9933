//! The work of one child: one phase of one contender, measured.
//!
//! What is measured is told to the parent as lines of a name and a number.

use std::path::Path;

use chancery_core::day::Day;
use chancery_core::replay::{Question, Register};

use crate::args::{Args, Phase, Who};
use crate::contender::{Contender, Failure};
use crate::meter::{Meter, Took, timed};
use crate::ours::Ours;
use crate::plain::Plain;
use crate::sqlite::Sqlite;
use crate::synthetic::Plan;

/// What was measured: names and numbers.
pub(crate) type Figures = Vec<(&'static str, f64)>;

/// Measures one phase of one contender in this process.
pub(crate) fn run(args: &Args, phase: Phase, who: Who) -> Result<Figures, Failure> {
    match who {
        Who::Plain => run_of::<Plain>(args, phase, who),
        Who::Sqlite => run_of::<Sqlite>(args, phase, who),
        Who::Chancery => match phase {
            Phase::Lines => crate::lines::run(args),
            Phase::Read => crate::audit::read(args),
            Phase::Sums => crate::audit::check_sums(args),
            Phase::Prove => crate::audit::prove_all(args),
            _ => run_of::<Ours>(args, phase, who),
        },
    }
}

fn run_of<C: Contender>(args: &Args, phase: Phase, who: Who) -> Result<Figures, Failure> {
    let folder = args.folder(phase, who);
    match phase {
        Phase::Append => append::<C>(&args.plan(), &folder),
        Phase::Singles => append::<C>(&args.plan_of_singles(), &folder),
        Phase::Grown => grown::<C>(&args.plan(), args.grown(), &folder),
        Phase::Verify => verify::<C>(&folder),
        Phase::Replay => replay::<C>(&folder),
        Phase::Open => open::<C>(&folder),
        Phase::Look => look::<C>(&folder),
        Phase::Lines | Phase::Read | Phase::Sums | Phase::Prove => {
            Err("only Chancery does this".into())
        }
    }
}

fn append<C: Contender>(plan: &Plan, folder: &Path) -> Result<Figures, Failure> {
    let mut contender = C::create(folder)?;
    let mut meter = Meter::default();
    for (first, end) in plan.submissions() {
        let records = plan.range(first, end)?;
        meter.time(|| contender.append(plan.seq(first), records))?;
    }
    let (closed, closing) = timed(|| contender.close());
    closed?;
    Ok(told(&meter, plan.records(), closing))
}

/// Adds single records to the large ledger: is each slower than in an empty one?
fn grown<C: Contender>(plan: &Plan, singles: u64, folder: &Path) -> Result<Figures, Failure> {
    let mut contender = C::open(folder)?;
    let mut meter = Meter::default();
    for number in 0..singles {
        let index = plan.records() + number;
        let records = plan.range(index, index + 1)?;
        // Each record is followed by a closing.
        let first = plan.end() + 2 * number;
        meter.time(|| contender.append(first, records))?;
    }
    let (closed, closing) = timed(|| contender.close());
    closed?;
    Ok(told(&meter, singles, closing))
}

fn verify<C: Contender>(folder: &Path) -> Result<Figures, Failure> {
    let (records, took) = timed(|| C::verify(folder));
    let mut figures = whole(took);
    figures.push(("records", float(records?)));
    Ok(figures)
}

fn replay<C: Contender>(folder: &Path) -> Result<Figures, Failure> {
    let (readings, reading) = timed(|| C::readings(folder));
    let readings = readings?;
    let held = crate::children::memory("VmRSS:")?;
    let day = Day::from_ymd(2000, 1, 1).ok_or("no such day")?;
    let question = Question::on(day, day);
    let (register, folding) = timed(|| Register::of(&readings, &question, None));
    let mut figures = whole(reading + folding);
    figures.extend([
        ("records", float(readings.len() as u64)),
        ("reading", reading.wall.as_secs_f64()),
        ("held", held),
        ("folding", folding.wall.as_secs_f64()),
        ("instruments", float(register.instruments.len() as u64)),
        ("commitments", float(register.commitments.len() as u64)),
        ("statements", float(register.statements.len() as u64)),
    ]);
    Ok(figures)
}

fn open<C: Contender>(folder: &Path) -> Result<Figures, Failure> {
    let (contender, opening) = timed(|| C::open(folder));
    let contender = contender?;
    let (closed, closing) = timed(|| contender.close());
    closed?;
    let mut figures = whole(opening);
    figures.push(("closing", closing.wall.as_secs_f64()));
    Ok(figures)
}

fn look<C: Contender>(folder: &Path) -> Result<Figures, Failure> {
    let (looked, took) = timed(|| C::look(folder));
    looked?;
    Ok(whole(took))
}

/// Tells how long a phase took on the whole.
pub(crate) fn whole(took: Took) -> Figures {
    vec![
        ("seconds", took.wall.as_secs_f64()),
        ("processor", took.processor.as_secs_f64()),
    ]
}

fn told(meter: &Meter, records: u64, closing: Took) -> Figures {
    let mut figures = whole(meter.total() + closing);
    figures.extend([
        ("records", float(records)),
        ("closing", closing.wall.as_secs_f64()),
        ("first", meter.first_tenth()),
        ("last", meter.last_tenth()),
        ("middle", meter.within(50)),
        ("slow", meter.within(99)),
        ("slowest", meter.within(100)),
    ]);
    figures
}

#[allow(clippy::cast_precision_loss)]
pub(crate) fn float(number: u64) -> f64 {
    number as f64
}
