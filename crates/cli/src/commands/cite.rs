//! `chancery cite`: a stable citation of one record.

use chancery_chain::{Checkpoint, Keyring, Seq};
use chancery_core::replay::Readings;
use chancery_ledger::prove::{self, ProveError};
use chancery_ledger::{history, ledger};
use serde_json::Value;

use super::show::position;
use crate::args::{CiteArgs, CiteFormat};
use crate::context::{Context, Reading};
use crate::explain;
use crate::failure::{Exit, Failure};
use crate::view::cite::{self, Cited, Tree, bibtex, csl};
use crate::view::page::Page;
use crate::view::style::Style;
use crate::view::{ask, show};

/// Cites what the reference names, as it reads at the cut.
///
/// # Errors
/// It names no record that is known at the cut, or the ledger cannot be read.
pub fn run(context: &mut Context, args: &CiteArgs) -> Result<(), Failure> {
    let reading = context.read()?;
    let (_, keyring) = ledger::founded(&reading.roll).map_err(|error| explain::ledger(&error))?;
    let readings = reading.readings()?;
    let seq = position(&readings, &args.reference)?;
    let entry = show::entry(&reading.roll, &reading.keys, reading.cut.size, seq)?;
    let Some(found) = readings.reading(seq.get()) else {
        let message = format!("entry {seq} holds no record that could be cited");
        let failure = Failure::new(Exit::Refused, message);
        return Err(failure.hint(format!("`chancery show '#{seq}'` shows what it is")));
    };
    let tree = tree(&reading, &keyring, seq)?;
    let origin = reading.origin.as_str();
    let cited = cite::cited(&readings, found, &entry, (origin, tree));
    tell_later(context, &reading, &readings, seq)?;
    write(context, args, &reading, &readings, &cited)
}

fn write(
    context: &mut Context,
    args: &CiteArgs,
    reading: &Reading,
    readings: &Readings,
    cited: &Cited,
) -> Result<(), Failure> {
    let mut page = Page::new(Style::PLAIN);
    cite::text::citation(&mut page, cited);
    if context.global.json {
        let mut keys = ask::cut("chancery.cite/1", reading);
        keys.extend(cite::json::citation(readings, cited, page.lines()));
        return context.out.json(&Value::Object(keys));
    }
    match args.format {
        CiteFormat::Text => page.write(&mut context.out),
        CiteFormat::Bibtex => bibtex::citation(cited)
            .iter()
            .try_for_each(|line| context.out.line(line)),
        CiteFormat::CslJson => context.out.json(&Value::from(vec![csl::item(cited)])),
    }
}

/// Returns the tree to cite an entry under: that of the last checkpoint, if it
/// covers the entry and not more than the cut; or else that of the cut.
fn tree(reading: &Reading, keyring: &Keyring, seq: Seq) -> Result<Tree, Failure> {
    let cut = &reading.cut;
    let checkpoint = match prove::signed(&reading.roll, &reading.origin, keyring) {
        Ok((_, checkpoint)) => Some(checkpoint),
        Err(ProveError::Read(error)) => return Err(explain::read(&error)),
        // One that is not the log's own vouches for nothing.
        Err(_) => None,
    };
    let covers = |it: &Checkpoint| it.size().holds(seq) && it.size() <= cut.size;
    let covering = checkpoint.filter(covers);
    let (size, root) = covering
        .as_ref()
        .map_or((cut.size, cut.root), |it| (it.size(), it.root()));
    Ok(Tree {
        size: size.get(),
        root: root.to_string(),
        signed: covering.is_some(),
    })
}

/// Says what was said of the record after the cut.
fn tell_later(
    context: &Context,
    reading: &Reading,
    readings: &Readings,
    seq: Seq,
) -> Result<(), Failure> {
    let (size, all) = (reading.cut.size, reading.roll.size());
    if size == all {
        return Ok(());
    }
    let later = history::readings(&reading.roll, all, &mut |_, _| {})
        .map_err(|error| explain::history(&error))?;
    let said = |readings: &Readings| {
        let found = readings.reading(seq.get());
        found.map_or_else(Vec::new, |found| cite::changes(readings, found))
    };
    let before = said(readings);
    for change in said(&later)
        .iter()
        .filter(|change| !before.contains(change))
    {
        context.notice(&format!("since {size} entries it was {change}"));
    }
    Ok(())
}
