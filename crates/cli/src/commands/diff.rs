//! `chancery diff`: how the world changed between two days, or what was known
//! of one day between two cuts.

use std::collections::BTreeSet;

use chancery_core::day::Day;
use chancery_core::replay::{
    Causes, Difference, Differing, Filter, Part, Question, Readings, Register, chronicle,
};
use serde_json::{Map, Value};

use crate::args::DiffArgs;
use crate::context::{Asked, Context, Reading};
use crate::failure::{Exit, Failure};
use crate::view::ask;
use crate::view::diff::{Between, json, text};

/// Says how two registers differ.
///
/// # Errors
/// It was not said which two, the ledger cannot be read, a filter names nothing
/// that is known; or there is a difference, and it was to be the exit code.
pub fn run(context: &mut Context, args: &DiffArgs) -> Result<(), Failure> {
    let on = context.global.on.clone();
    let known_at = context.global.known_at.clone();
    let days = on.as_deref().and_then(parted);
    let cuts = known_at.as_deref().and_then(parted);
    let found = match (days, cuts) {
        (Some(_), Some(_)) => return Err(both()),
        (None, None) => return Err(neither()),
        (Some(days), None) => between_days(context, args, days)?,
        (None, Some(cuts)) => between_cuts(context, args, cuts)?,
    };
    if found && args.exit_code {
        return Err(Failure::told(Exit::No));
    }
    Ok(())
}

fn both() -> Failure {
    Failure::new(
        Exit::Usage,
        "only one of --on and --known-at can name two at once",
    )
    .hint("compare two days as known at one cut, or one day as known at two")
}

fn neither() -> Failure {
    Failure::new(Exit::Usage, "diff compares two days or two cuts")
        .hint("write --on A..B for two days, or --known-at A..B for two cuts")
}

/// Returns what stands before and behind the first `..` that parts two names: a
/// path may have `..` of its own.
fn parted(text: &str) -> Option<(&str, &str)> {
    let parts = |(place, dots): (usize, &str)| (&text[..place], &text[place + dots.len()..]);
    let names = |(before, after): &(&str, &str)| {
        !before.is_empty() && !before.ends_with('/') && !after.is_empty()
    };
    text.match_indices("..").map(parts).find(names)
}

/// Tells how two days differ; returns whether they do.
fn between_days(
    context: &mut Context,
    args: &DiffArgs,
    (one, other): (&str, &str),
) -> Result<bool, Failure> {
    let (before, first) = context.question_on(Some(one))?;
    let (after, second) = context.question_on(Some(other))?;
    let reading = context.read()?;
    let readings = reading.readings()?;
    let (before, first) = ask::according_to(&readings, before, first)?;
    let (after, second) = ask::according_to(&readings, after, second)?;
    let filter = filter(&readings, args)?;
    let chronicle = chronicle(&readings, &second);
    let (from, to) = ends(&before, &after);
    let causes = Causes::days(&chronicle, from, to);
    let sides = [(&readings, &first), (&readings, &second)];
    let between = Between {
        before: &readings,
        after: &readings,
        cuts: false,
    };
    let told = format!(
        "from {} to {}, {}{}",
        before.edtf,
        after.edtf,
        ask::known_at(&reading),
        ask::believed(&after),
    );
    let heads = [side(&reading, &before), side(&reading, &after)];
    let found = differences(sides, &filter, &causes);
    tell(context, &reading, &told, heads, &between, &found)
}

/// Returns the days between which the difference came about: the last one of an
/// earlier period and the last one of the later.
fn ends(before: &Asked, after: &Asked) -> (Day, Day) {
    if before.last <= after.last {
        (before.first, after.last)
    } else {
        (after.first, before.last)
    }
}

/// Tells how what was known at two cuts differs; returns whether it does.
fn between_cuts(
    context: &mut Context,
    args: &DiffArgs,
    (one, other): (&str, &str),
) -> Result<bool, Failure> {
    let (asked, question) = context.question()?;
    let (first, second) = (context.read_at(Some(one))?, context.read_at(Some(other))?);
    let (before, after) = (first.readings()?, second.readings()?);
    let (later, known) = if first.cut.size <= second.cut.size {
        (&second, &after)
    } else {
        (&first, &before)
    };
    let (asked, question) = ask::according_to(known, asked, question)?;
    let filter = filter(known, args)?;
    // What is no longer vouched for was recorded all the same.
    let all = later.attested.then(|| later.all_readings()).transpose()?;
    let causes = Causes::entries(
        all.as_ref().unwrap_or(known),
        first.cut.size.get(),
        second.cut.size.get(),
        later.attested,
    );
    let sides = [(&before, &question), (&after, &question)];
    let between = Between {
        before: &before,
        after: &after,
        cuts: true,
    };
    let (day, size) = (ask::on(&asked), second.roll.size());
    let told = format!(
        "{day}, as known at {} and at {} of {size} entries{}",
        first.cut.size,
        second.cut.size,
        ask::believed(&asked)
    );
    let heads = [side(&first, &asked), side(&second, &asked)];
    let found = differences(sides, &filter, &causes);
    tell(context, &second, &told, heads, &between, &found)
}

/// Returns how two registers differ, without what the filter takes away. What is
/// compared are the whole registers: what a filter leaves out of one of them is
/// not gone from it.
fn differences(
    [(before, first), (after, second)]: [(&Readings, &Question); 2],
    filter: &Filter,
    causes: &Causes<'_>,
) -> Vec<Difference> {
    let (was, is) = (
        Register::of(before, first, None),
        Register::of(after, second, None),
    );
    let mut found = was.differences(&is, causes);
    if *filter == Filter::default() {
        return found;
    }
    let kept = [
        Register::of(before, first, Some(filter)),
        Register::of(after, second, Some(filter)),
    ];
    let kept: BTreeSet<u64> = kept.iter().flat_map(positions).collect();
    found.retain(|difference| kept.contains(&difference.seq));
    if let Some(actor) = filter.actor {
        for item in found
            .iter_mut()
            .filter(|item| item.part == Part::Instrument)
        {
            let others = |facet: &Differing| facet.aspect == "standing" && facet.of != Some(actor);
            item.facets.retain(|facet| !others(facet));
        }
        found.retain(|item| !item.facets.is_empty());
    }
    found
}

/// Returns the positions of all that is in a register.
fn positions(register: &Register) -> Vec<u64> {
    let instruments = register.instruments.iter().map(|item| item.seq);
    instruments
        .chain(register.commitments.iter().map(|item| item.seq))
        .chain(register.offices.iter().map(|item| item.seq))
        .chain(register.issues.iter().map(|item| item.seq))
        .chain(register.events.iter().map(|item| item.seq))
        .chain(register.statements.iter().map(|item| item.seq))
        .collect()
}

fn filter(readings: &Readings, args: &DiffArgs) -> Result<Filter, Failure> {
    let instrument = ask::instrument(readings, args.instrument.as_deref())?;
    Ok(Filter {
        actor: ask::actor(readings, args.actor.as_deref())?,
        instruments: instrument.into_iter().collect(),
        ..Filter::default()
    })
}

/// Returns what one side of the comparison speaks of.
fn side(reading: &Reading, asked: &Asked) -> Map<String, Value> {
    let mut head = ask::header("", reading, asked);
    head.shift_remove("schema");
    head
}

fn tell(
    context: &mut Context,
    reading: &Reading,
    told: &str,
    heads: [Map<String, Value>; 2],
    between: &Between<'_>,
    found: &[Difference],
) -> Result<bool, Failure> {
    if context.global.json {
        let [before, after] = heads;
        let mut answer = Map::new();
        answer.insert("schema".to_owned(), Value::from("chancery.diff/1"));
        answer.insert("before".to_owned(), Value::Object(before));
        answer.insert("after".to_owned(), Value::Object(after));
        let differences = found.iter().map(|each| json::difference(between, each));
        answer.insert("differences".to_owned(), differences.collect());
        context.out.json(&Value::Object(answer))?;
        return Ok(!found.is_empty());
    }
    let mut page = ask::page(context.global.color, reading, told);
    if found.is_empty() {
        page.gap();
        let none = if between.cuts {
            "nothing that is known of it changed"
        } else {
            "nothing changed that is known"
        };
        page.text(0, none);
    }
    text::differences(&mut page, between, found);
    page.write(&mut context.out)?;
    Ok(!found.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn two_days_or_cuts_are_parted_where_no_path_has_its_own_dots() {
        assert_eq!(
            parted("2016-08-26..2016-09-20"),
            Some(("2016-08-26", "2016-09-20"))
        );
        assert_eq!(parted("105..../kept/note"), Some(("105", "../kept/note")));
        assert_eq!(parted("../kept/a..117"), Some(("../kept/a", "117")));
        assert_eq!(parted("kept/../a..117"), Some(("kept/../a", "117")));
    }

    #[test]
    fn what_names_only_one_is_not_parted() {
        for text in ["2016", "2016/..", "../2016", "..", "2016..", ""] {
            assert_eq!(parted(text), None, "{text}");
        }
    }
}
