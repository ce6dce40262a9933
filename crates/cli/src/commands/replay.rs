//! `chancery replay`: the whole register on a day.

use chancery_core::replay::{Filter, InstrumentItem, Readings, Register};
use chancery_core::worlds::Certainty;
use serde_json::Value;

use crate::args::{CertaintyArg, ReplayArgs};
use crate::context::Context;
use crate::failure::Failure;
use crate::view::ask;
use crate::view::page::Page;
use crate::view::{json, say, text};

/// Reconstructs what the record amounts to on the day that is asked about.
///
/// # Errors
/// The ledger cannot be read, or a filter names nothing that is known.
pub fn run(context: &mut Context, args: &ReplayArgs) -> Result<(), Failure> {
    let (asked, question) = context.question()?;
    let reading = context.read()?;
    let readings = reading.readings()?;
    let (asked, question) = ask::according_to(&readings, asked, question)?;
    let filter = filter(&readings, args)?;
    let register = Register::of(&readings, &question, Some(&filter));
    if context.global.json {
        let mut answer = ask::header("chancery.register/1", &reading, &asked);
        answer.extend(sections(&readings, &register));
        return context.out.json(&Value::Object(answer));
    }
    let mut page = ask::page(context.global.color, &reading, &ask::told(&reading, &asked));
    tell(&mut page, &readings, &register, filter == Filter::default());
    page.write(&mut context.out)
}

fn filter(readings: &Readings, args: &ReplayArgs) -> Result<Filter, Failure> {
    let actor = ask::actor(readings, args.actor.as_deref())?;
    let instrument = ask::instrument(readings, args.instrument.as_deref())?;
    Ok(Filter {
        actor,
        instruments: instrument.into_iter().collect(),
        tag: args.tag.clone(),
        certainty: args.certainty.map(|certainty| match certainty {
            CertaintyArg::Certain => Certainty::Certain,
            CertaintyArg::Possible => Certainty::Possible,
            CertaintyArg::Contradictory => Certainty::Contradictory,
        }),
    })
}

/// Returns the parts of a register, each an array.
fn sections(readings: &Readings, register: &Register) -> Vec<(String, Value)> {
    let instruments = register.instruments.iter();
    let commitments = register.commitments.iter();
    let contradictions = register.contradictions.iter();
    let sections: [(&str, Value); 8] = [
        (
            "instruments",
            instruments
                .map(|item| json::instrument(readings, item, None))
                .collect(),
        ),
        (
            "commitments",
            commitments
                .map(|item| json::commitment(readings, item))
                .collect(),
        ),
        (
            "offices",
            register
                .offices
                .iter()
                .map(|item| json::office(readings, item))
                .collect(),
        ),
        (
            "issues",
            register
                .issues
                .iter()
                .map(|item| json::issue(readings, item))
                .collect(),
        ),
        (
            "events",
            register
                .events
                .iter()
                .map(|item| json::event(readings, item))
                .collect(),
        ),
        (
            "statements",
            register
                .statements
                .iter()
                .map(|item| json::statement(readings, item))
                .collect(),
        ),
        (
            "contradictions",
            contradictions
                .map(|item| json::contradiction(readings, item))
                .collect(),
        ),
        ("unsupported", json::ids(readings, &register.unsupported)),
    ];
    sections
        .into_iter()
        .map(|(key, value)| (key.to_owned(), value))
        .collect()
}

/// Adds the parts of a register; empty ones only where nothing was left out.
fn tell(page: &mut Page, readings: &Readings, register: &Register, whole: bool) {
    let before = page.lines().len();
    let mut telling = Telling {
        page,
        readings,
        whole,
    };
    telling.instruments(&register.instruments);
    telling.section("Commitments", &register.commitments, text::commitment);
    telling.section("Offices", &register.offices, text::office);
    telling.section("Issues", &register.issues, text::issue);
    telling.section("Events", &register.events, text::event);
    telling.section("Statements", &register.statements, text::statement);
    if !whole && page.lines().len() == before {
        page.gap();
        page.text(0, "nothing of the kind was so that is known");
    }
    if !register.contradictions.is_empty() {
        page.heading("Contradictory, and answering nothing");
        for contradiction in &register.contradictions {
            let ids = say::ids(readings, &contradiction.records);
            page.text(2, &format!("cannot all be right: {ids}"));
        }
    }
    if !register.unsupported.is_empty() {
        page.heading("Unsupported, and moving nothing");
        page.text(2, &say::ids(readings, &register.unsupported));
    }
}

/// A register being told.
struct Telling<'a> {
    page: &'a mut Page,
    readings: &'a Readings,
    /// Whether nothing was left out, so that an empty part says something.
    whole: bool,
}

impl Telling<'_> {
    fn instruments(&mut self, all: &[InstrumentItem]) {
        let (to_come, items): (Vec<_>, Vec<_>) =
            all.iter().partition(|item| text::is_to_come(item));
        if items.is_empty() && !to_come.is_empty() {
            self.page.heading("Instruments");
        } else {
            self.section("Instruments", items, text::instrument);
        }
        text::to_come(self.page, 2, &to_come);
    }

    fn section<'i, T: 'i>(
        &mut self,
        title: &str,
        items: impl IntoIterator<Item = &'i T>,
        tell: fn(&mut Page, &Readings, &T),
    ) {
        let mut items = items.into_iter().peekable();
        let is_empty = items.peek().is_none();
        if is_empty && !self.whole {
            return;
        }
        self.page.heading(title);
        if is_empty {
            self.page.text(2, "none");
        }
        for item in items {
            tell(self.page, self.readings, item);
        }
    }
}
