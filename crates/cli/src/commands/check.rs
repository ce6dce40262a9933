//! `chancery check`: what in the record is odd.

use chancery_core::replay::Merged;
use chancery_core::replay::check::{Finding, Severity, findings};
use serde_json::Value;

use crate::args::CheckArgs;
use crate::context::Context;
use crate::failure::{Exit, Failure};
use crate::view::{ask, json, text};

/// Says what is odd in the record.
///
/// # Errors
/// The ledger cannot be read, or something is worse than a notice: the answer is no.
pub fn run(context: &mut Context, args: &CheckArgs) -> Result<(), Failure> {
    let (asked, question) = context.question()?;
    let reading = context.read()?;
    let readings = reading.readings()?;
    let actor = ask::actor(&readings, args.actor.as_deref())?;
    let instrument = ask::instrument(&readings, args.instrument.as_deref())?;
    let mut found = findings(&readings, &question);
    let merged = Merged::of(&readings);
    for seq in actor.into_iter().chain(instrument) {
        found.retain(|finding| finding.concerns(&readings, &merged, seq));
    }
    if context.global.json {
        let mut answer = ask::header("chancery.check/1", &reading, &asked);
        answer.extend(json::findings(&readings, &found));
        context.out.json(&Value::Object(answer))?;
    } else {
        let mut page = ask::page(context.global.color, &reading, &ask::told(&reading, &asked));
        text::findings(&mut page, &found, args.all);
        page.write(&mut context.out)?;
    }
    if found.iter().any(is_worse_than_a_notice) {
        return Err(Failure::told(Exit::No));
    }
    Ok(())
}

fn is_worse_than_a_notice(finding: &Finding) -> bool {
    finding.severity() != Severity::Notice
}
