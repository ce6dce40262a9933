//! `chancery agreed`: who agreed to what, and when.

use chancery_core::record::RecordKind;
use chancery_core::replay::{InstrumentItem, Readings, Register};
use serde_json::Value;

use crate::args::AgreedArgs;
use crate::context::Context;
use crate::failure::Failure;
use crate::view::{ask, json, text};

/// Says who stands how to each instrument on the day that is asked about.
///
/// # Errors
/// The ledger cannot be read, or no such instrument or actor is known.
pub fn run(context: &mut Context, args: &AgreedArgs) -> Result<(), Failure> {
    let (asked, question) = context.question()?;
    let reading = context.read()?;
    let readings = reading.readings()?;
    let named = instruments(&readings, &args.instruments)?;
    let actor = ask::actor(&readings, args.actor.as_deref())?;
    let all = Register::instruments(&readings, &question);
    let items: Vec<&InstrumentItem> = all
        .iter()
        .filter(|item| wanted(item, &named, actor))
        .collect();
    if context.global.json {
        let mut answer = ask::header("chancery.agreed/1", &reading, &asked);
        let items = items
            .iter()
            .map(|item| json::instrument(&readings, item, actor));
        answer.insert("instruments".to_owned(), items.collect());
        return context.out.json(&Value::Object(answer));
    }
    let mut page = ask::page(context.global.color, &reading, &ask::told(&reading, &asked));
    if items.is_empty() {
        page.gap();
        page.text(0, "nothing was agreed to that is known");
    }
    let (to_come, items): (Vec<_>, Vec<_>) = items
        .into_iter()
        .partition(|item| named.is_empty() && text::is_to_come(item));
    for item in items {
        text::agreed(&mut page, &readings, item, actor);
    }
    page.gap();
    text::to_come(&mut page, 0, &to_come);
    page.write(&mut context.out)
}

fn instruments(readings: &Readings, named: &[String]) -> Result<Vec<u64>, Failure> {
    named
        .iter()
        .map(|named| ask::seq_of(readings, RecordKind::Instrument, named))
        .collect()
}

/// Returns whether an instrument was asked for: by name, or because the actor has to do with it.
fn wanted(item: &InstrumentItem, named: &[u64], actor: Option<u64>) -> bool {
    if !named.is_empty() {
        return named.contains(&item.seq);
    }
    actor.is_none_or(|actor| {
        item.standings
            .iter()
            .any(|standing| standing.actor == actor)
            || item.unsupported_acts.iter().any(|act| act.by == actor)
    })
}
