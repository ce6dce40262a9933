//! `chancery roll push`: publishes what the last checkpoint covers.

use chancery_chain::Size;
use chancery_courier::carry::{self, Carried, CarriedSources};
use chancery_courier::{Carrying, Copy};
use chancery_ledger::spoken::source_files;
use chancery_store::{BundleError, ReadError, RollReader};
use serde_json::json;

use super::{
    carried_sources, check_destroyed, copy, failure, place_failure, remove_destroyed, told,
    told_gone, with_progress,
};
use crate::args::PushArgs;
use crate::context::Context;
use crate::explain;
use crate::failure::{Exit, Failure};
use crate::view::say;

/// Publishes the roll to a place.
///
/// # Errors
/// There is no checkpoint, the place is ahead or has another history, or it fails.
pub fn run(context: &mut Context, args: &PushArgs) -> Result<(), Failure> {
    let folder = context.folder()?;
    let here = Copy::folder(&folder);
    let there = copy(&args.place)?;
    if there.is_ledger() {
        let message = format!("{there} is a ledger's own folder");
        return Err(Failure::new(Exit::Usage, message).hint("push to a folder of its own"));
    }
    there
        .roll
        .check_writable()
        .map_err(|error| place_failure(&error))?;
    let mut carrying =
        Carrying::begin(&here.roll, &there.roll, args.every).map_err(|error| failure(&error))?;
    if args.without_bodies {
        carrying = carrying.leaving_out_bodies();
    }
    let without_bodies = carrying.is_without_bodies();
    let reader = match RollReader::open(&folder) {
        Err(ReadError::Bundle(BundleError::WithoutBodies)) if without_bodies => None,
        reader => Some(reader.map_err(|error| explain::read(&error))?),
    };
    let size = carrying.published().checkpoint.size();
    if let Some(reader) = reader.as_ref().filter(|_| !without_bodies) {
        let hint = "make one first: `chancery checkpoint`; nothing was published";
        check_destroyed(reader, size, hint)?;
    }
    let quiet = context.global.quiet || context.global.json;
    let carried = with_progress("pushing", quiet, |progress| carrying.files(progress))
        .map_err(|error| failure(&error))?;
    let places = (&here.sources, &there.sources);
    let gone = remove_destroyed(&carrying, &carried, places, &|| RollReader::open(&folder))?;
    let carried = carrying.replace(carried).map_err(|error| failure(&error))?;
    // Which source files there are, and what they say, is left out with the bodies.
    let sources = match reader.as_ref().filter(|_| !without_bodies) {
        Some(reader) => push_sources(&here, &there, reader, size)?,
        None => CarriedSources::default(),
    };
    carrying.publish().map_err(|error| failure(&error))?;
    let removed = carrying
        .prune(args.prune)
        .map_err(|error| failure(&error))?;
    let pushed = Pushed {
        there: &there,
        before: carrying.before(),
        size,
        carried,
        sources,
        gone,
        without_bodies,
        removed,
    };
    pushed.tell(context)?;
    if let Some(reader) = reader {
        tell_behind(context, reader.size(), size);
    }
    Ok(())
}

/// What a push came to.
struct Pushed<'a> {
    there: &'a Copy,
    /// How many entries the place had.
    before: Size,
    /// How many it has.
    size: Size,
    carried: Carried,
    sources: CarriedSources,
    /// Source files that were destroyed since, and are gone there too.
    gone: u64,
    without_bodies: bool,
    /// Unfinished files that are gone.
    removed: u64,
}

impl Pushed<'_> {
    fn tell(&self, context: &mut Context) -> Result<(), Failure> {
        if context.global.json {
            context.out.json(&json!({
                "schema": "chancery.push/1",
                "place": self.there.to_string(),
                "before": self.before.get(),
                "size": self.size.get(),
                "files": self.carried.files,
                "bytes": self.carried.bytes,
                "there": self.carried.there,
                "sources": self.sources.files,
                "without_bodies": self.without_bodies,
                "expunged": self.carried.expunged,
                "sources_removed": self.gone,
                "removed": self.removed,
            }))?;
        } else {
            self.tell_people(context)?;
        }
        context.out.finish()
    }

    fn tell_people(&self, context: &mut Context) -> Result<(), Failure> {
        let (there, size, before) = (self.there, self.size, self.before);
        let news = if before == size {
            format!("{there} has all {size} entries")
        } else {
            format!("{there} has {size} entries now, {before} before")
        };
        context.out.line(news)?;
        context
            .out
            .line(format!("  put: {}", told(&self.carried)))?;
        if self.without_bodies {
            context.out.line("  left out: bodies and source files")?;
        }
        self.tell_rest(context)
    }

    fn tell_rest(&self, context: &mut Context) -> Result<(), Failure> {
        let (sources, expunged, removed) =
            (self.sources.files, self.carried.expunged, self.removed);
        if sources > 0 {
            let files = say::counted(sources, sources, "source file", "source files");
            context.out.line(format!("  put: {files}"))?;
        }
        if expunged > 0 {
            let bundles = say::counted(expunged, expunged, "bundle", "bundles");
            let line = format!("  replaced: {bundles} in which bodies were destroyed");
            context.out.line(line)?;
        }
        if let Some(line) = told_gone(self.gone) {
            context.out.line(line)?;
        }
        if removed > 0 {
            let files = say::counted(removed, removed, "unfinished file", "unfinished files");
            context.out.line(format!("  removed: {files}"))?;
        }
        Ok(())
    }
}

fn push_sources(
    here: &Copy,
    there: &Copy,
    reader: &RollReader,
    size: Size,
) -> Result<CarriedSources, Failure> {
    let files = source_files(reader, size).map_err(|error| explain::read(&error))?;
    let files = carried_sources(&files)?;
    let sources = carry::carry_sources(&here.sources, &there.sources, &files)
        .map_err(|error| failure(&error))?;
    match sources.missing.first() {
        None => Ok(sources),
        Some(digest) => {
            let message = format!("the source file {digest} is missing here");
            let hint =
                "`chancery verify` names the records that speak of it; nothing was published";
            Err(Failure::new(Exit::No, message).hint(hint))
        }
    }
}

/// Says if entries are not published yet.
fn tell_behind(context: &Context, here: Size, pushed: Size) {
    if here > pushed {
        let rest = here.get() - pushed.get();
        let entries = say::counted(rest, rest, "entry is", "entries are");
        context.notice(&format!(
            "{entries} not under the last checkpoint, and not published: make one first"
        ));
    }
}
