//! `chancery coverage`: what nobody has attested, and what of the sources was left out.

use chancery_core::record::RecordKind;
use chancery_ledger::custody::Custody;
use serde_json::Value;

use crate::args::CoverageArgs;
use crate::context::Context;
use crate::failure::Failure;
use crate::view::ask;
use crate::view::coverage;

/// Says what is not covered; of sources that are named, their passages alone.
///
/// # Errors
/// No such source is known, or the ledger cannot be read.
pub fn run(context: &mut Context, args: &CoverageArgs) -> Result<(), Failure> {
    let reading = context.read()?;
    let readings = reading.readings()?;
    let asked: Vec<u64> = args
        .sources
        .iter()
        .map(|named| ask::seq_of(&readings, RecordKind::Source, named))
        .collect::<Result<_, _>>()?;
    let custody = Custody::of(&context.folder()?);
    let kinds = asked.is_empty().then(|| coverage::attestation(&readings));
    let sources = coverage::sources(&readings, &custody, &asked);
    if context.global.json {
        let mut answer = ask::cut("chancery.coverage/1", &reading);
        ask::lacking(&mut answer, &reading);
        let attestation = kinds.map_or(Value::Null, |kinds| {
            coverage::json::attestation(&readings, &kinds)
        });
        answer.insert("attestation".to_owned(), attestation);
        let sources = coverage::json::sources(&readings, &sources);
        answer.insert("sources".to_owned(), sources);
        return context.out.json(&Value::Object(answer));
    }
    let mut page = ask::page(context.global.color, &reading, &ask::known_at(&reading));
    if let Some(kinds) = kinds {
        coverage::text::attestation(&mut page, &readings, &kinds, args.all);
    }
    coverage::text::sources(&mut page, &readings, &sources, args.all);
    page.write(&mut context.out)
}
