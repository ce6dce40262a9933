//! `chancery why`: the proof of an answer.

use chancery_chain::Seq;
use chancery_core::record::RecordKind;
use chancery_core::replay::Readings;
use chancery_core::replay::why::{Proof, Subject};
use serde_json::Value;

use crate::args::WhyArgs;
use crate::context::{Context, Reading};
use crate::failure::{Exit, Failure};
use crate::view::why::{self, Rested};
use crate::view::{ask, show};

/// Proves the answer about what the reference names.
///
/// # Errors
/// It names no record that is known at the cut, or the ledger cannot be read.
pub fn run(context: &mut Context, args: &WhyArgs) -> Result<(), Failure> {
    let (asked, question) = context.question()?;
    let reading = context.read()?;
    let readings = reading.readings()?;
    let (asked, question) = ask::according_to(&readings, asked, question)?;
    let subject = subject(&readings, args)?;
    let proof = Proof::of(&readings, &question, subject);
    let mut seqs = proof.records.clone();
    if args.all || context.global.json {
        seqs.extend(&proof.counted);
    }
    let rested = rested(context, &reading, &readings, &seqs)?;
    if context.global.json {
        let mut answer = ask::header("chancery.why/1", &reading, &asked);
        answer.extend(why::json::proof(&readings, &proof, &rested));
        return context.out.json(&Value::Object(answer));
    }
    let mut page = ask::page(context.global.color, &reading, &ask::told(&reading, &asked));
    why::text::proof(&mut page, &readings, &proof, &rested, args.all);
    page.write(&mut context.out)
}

fn subject(readings: &Readings, args: &WhyArgs) -> Result<Subject, Failure> {
    let named = &args.reference;
    let Some(seq) = ask::any_seq_of(readings, named) else {
        return Err(ask::unknown(readings, None, named));
    };
    let Some(actor) = ask::actor(readings, args.actor.as_deref())? else {
        return Ok(Subject::Record(seq));
    };
    let kind = readings.reading(seq).map(|reading| reading.record.kind());
    if kind != Some(RecordKind::Instrument) {
        let what = kind.map_or("nothing".to_owned(), RecordKind::with_article);
        let message = format!("`{named}` is {what}, to which nobody stands in any way");
        return Err(
            Failure::new(Exit::Usage, message).hint("--actor goes with the id of an instrument")
        );
    }
    Ok(Subject::Standing {
        instrument: seq,
        actor,
    })
}

/// Gathers the records that a proof rests on, with their entries.
fn rested(
    context: &Context,
    reading: &Reading,
    readings: &Readings,
    seqs: &[u64],
) -> Result<Vec<Rested>, Failure> {
    let folder = context.folder()?;
    let each = seqs.iter().filter_map(|seq| {
        // A proof goes down to the sources, not up to what else names the record.
        let shown = show::alone(&folder, &reading.keys, readings, *seq)?;
        let entry = show::entry(
            &reading.roll,
            &reading.keys,
            reading.cut.size,
            Seq::new(*seq),
        );
        Some(entry.map(|entry| Rested { entry, shown }))
    });
    each.collect()
}
