//! `chancery show`: one record with its history, or an entry of the chain's own.

use chancery_chain::Seq;
use chancery_core::replay::Readings;
use serde_json::{Map, Value};

use crate::args::ShowArgs;
use crate::context::{Context, Reading};
use crate::failure::{Exit, Failure};
use crate::view::ask;
use crate::view::page::Page;
use crate::view::show::{self, Entry};
use crate::view::style::Style;

/// Shows what the reference names.
///
/// # Errors
/// It names nothing that is known at the cut, or the ledger cannot be read.
pub fn run(context: &mut Context, args: &ShowArgs) -> Result<(), Failure> {
    let reading = context.read()?;
    let readings = reading.readings()?;
    let seq = position(&readings, &args.reference)?;
    let entry = show::entry(&reading.roll, &reading.keys, reading.cut.size, seq)?;
    if context.global.json {
        let answer = as_json(context, &reading, &readings, &entry)?;
        return context.out.json(&Value::Object(answer));
    }
    let mut page = Page::new(Style::of(context.global.color));
    let folder = context.folder()?;
    match show::record(&folder, &reading.keys, &readings, seq.get()) {
        Some(shown) => show::text::record(&mut page, &readings, &entry, &shown),
        None => show::text::chain(&mut page, &entry),
    }
    page.gap();
    page.aside(0, &ask::known_at(&reading));
    page.write(&mut context.out)
}

/// Returns the position that a reference names: that of any entry as `#N`, or a record's by its id.
pub(super) fn position(readings: &Readings, named: &str) -> Result<Seq, Failure> {
    if let Some(seq) = numbered(named)? {
        return Ok(seq);
    }
    // Of a record that was expunged there is still to show by what.
    let gone = readings.expunged().iter();
    let gone = gone.filter(|(_, gone)| gone.id == named);
    let gone = gone.map(|(seq, _)| *seq).next();
    let seq = readings
        .seq_of(named)
        .or(gone)
        .ok_or_else(|| ask::unknown(readings, None, named))?;
    Ok(Seq::new(seq))
}

/// Returns the position that is named by its number, if it is.
pub(super) fn numbered(named: &str) -> Result<Option<Seq>, Failure> {
    let Some(number) = named.strip_prefix('#') else {
        return Ok(None);
    };
    number.parse().map(|seq| Some(Seq::new(seq))).map_err(|_| {
        Failure::new(Exit::Usage, format!("`{named}` is no position"))
            .hint("write # and the number of an entry: '#12'")
    })
}

fn as_json(
    context: &Context,
    reading: &Reading,
    readings: &Readings,
    entry: &Entry,
) -> Result<Map<String, Value>, Failure> {
    let mut answer = ask::cut("chancery.show/1", reading);
    let folder = context.folder()?;
    let seq = entry.envelope.seq.get();
    let kind = show::kind_word(entry.envelope.kind);
    answer.insert("kind".to_owned(), Value::from(kind));
    answer.insert("entry".to_owned(), show::json::entry(entry));
    match show::record(&folder, &reading.keys, readings, seq) {
        Some(shown) => answer.extend(show::json::record(readings, &shown)),
        None => {
            answer.insert("chain".to_owned(), show::json::chain(entry));
        }
    }
    Ok(answer)
}
