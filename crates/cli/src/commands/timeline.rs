//! `chancery timeline`: what happened, drawn along the days.

use std::fs;
use std::path::Path;

use chancery_core::day::Day;
use chancery_core::replay::{Chronicled, Period, Readings, chronicle};
use serde_json::{Value, json};

use crate::args::TimelineArgs;
use crate::context::{Asked, Context, Reading, days_of};
use crate::failure::{Exit, Failure};
use crate::view::timeline::{Timeline, happenings, is_history, svg, text};
use crate::view::{ask, page};

/// Draws what happened, as known at the cut.
///
/// # Errors
/// The ledger cannot be read, or a filter names nothing that is known.
pub fn run(context: &mut Context, args: &TimelineArgs) -> Result<(), Failure> {
    let (asked, question) = context.question()?;
    let (from, until) = shown(context, args)?;
    let reading = context.read()?;
    let readings = reading.readings()?;
    let all = chronicle(&readings, &question);
    let items = wanted(&readings, args, &all)?;
    let timeline = Timeline::of(items, from, until);
    if context.global.json {
        return context
            .out
            .json(&as_json(&reading, &readings, &asked, &timeline));
    }
    let title = format!("{}, {}", reading.origin.as_str(), ask::known_at(&reading));
    if let Some(file) = &args.svg {
        return draw(context, file, &svg::picture(&readings, &timeline, &title));
    }
    let mut page = ask::page(context.global.color, &reading, &ask::known_at(&reading));
    page.gap();
    if timeline.rows.is_empty() && timeline.undated.is_empty() {
        page.text(0, "nothing of the kind happened that is known");
    }
    let style = page.style();
    page.write(&mut context.out)?;
    let lines = text::lines(&readings, &timeline, width(args), style);
    if !lines.is_empty() {
        context.out.line("")?;
    }
    lines.iter().try_for_each(|line| context.out.line(line))
}

/// Returns the days to be drawn, as far as they were asked for.
fn shown(context: &Context, args: &TimelineArgs) -> Result<(Option<Day>, Option<Day>), Failure> {
    let named = |flag, text: Option<&str>| text.map(|text| days_of(flag, text)).transpose();
    let on = named("--on", context.global.on.as_deref())?;
    let from = named("--from", args.from.as_deref())?.or(on);
    let until = named("--until", args.until.as_deref())?.or(on);
    let (from, until) = (from.map(Period::first), until.map(Period::last));
    if let (Some(first), Some(last)) = (from, until)
        && last < first
    {
        let message = format!("nothing can be shown from {first} until {last}");
        let hint = "the first day comes first: --from DAY --until DAY";
        return Err(Failure::new(Exit::Usage, message).hint(hint));
    }
    Ok((from, until))
}

fn wanted<'a>(
    readings: &Readings,
    args: &TimelineArgs,
    all: &'a [Chronicled],
) -> Result<Vec<&'a Chronicled>, Failure> {
    let actor = ask::actor(readings, args.actor.as_deref())?;
    let instrument = ask::instrument(readings, args.instrument.as_deref())?;
    let of_kind = |item: &Chronicled| {
        let kind = readings
            .reading(item.seq)
            .map(|reading| reading.record.kind());
        kind.is_some_and(|kind| match &args.kind {
            Some(asked) => kind.name() == asked,
            None => is_history(kind),
        })
    };
    let concerns = |item: &&Chronicled| {
        of_kind(item)
            && actor.is_none_or(|actor| item.actors.contains(&actor))
            && instrument.is_none_or(|instrument| item.instruments.contains(&instrument))
    };
    Ok(all.iter().filter(concerns).collect())
}

fn as_json(
    reading: &Reading,
    readings: &Readings,
    asked: &Asked,
    timeline: &Timeline<'_>,
) -> Value {
    let mut answer = ask::cut("chancery.timeline/1", reading);
    ask::lacking(&mut answer, reading);
    let stretch = timeline.stretch.map(|stretch| {
        json!({ "earliest": stretch.first.to_string(), "latest": stretch.last.to_string() })
    });
    let credibility = Value::from(asked.credibility.word());
    answer.insert("credibility".to_owned(), credibility);
    answer.insert("attested".to_owned(), Value::from(reading.attested));
    answer.insert("stretch".to_owned(), stretch.unwrap_or(Value::Null));
    answer.insert("happenings".to_owned(), happenings(readings, timeline));
    Value::Object(answer)
}

/// Writes a picture to a file, or to standard output.
fn draw(context: &mut Context, file: &Path, picture: &str) -> Result<(), Failure> {
    if file == Path::new("-") {
        return context.out.line(picture.trim_end());
    }
    fs::write(file, picture).map_err(|error| {
        let message = format!("cannot write {}", file.display());
        Failure::new(Exit::System, message).cause(error)
    })
}

fn width(args: &TimelineArgs) -> usize {
    let terminal = || terminal_size::terminal_size_of(std::io::stdout()).map(|(width, _)| width.0);
    let width = args.width.or_else(terminal);
    width.map_or(page::WIDTH, |width| usize::from(width.max(60)))
}
