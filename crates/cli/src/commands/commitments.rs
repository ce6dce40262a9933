//! `chancery commitments`: who owes what to whom on a day.

use chancery_core::replay::{CommitmentItem, Register};
use serde_json::Value;

use crate::args::CommitmentsArgs;
use crate::context::Context;
use crate::failure::Failure;
use crate::view::page::Page;
use crate::view::style::Style;
use crate::view::{ask, json, text};

/// Says who owes what to whom on the day that is asked about.
///
/// # Errors
/// The ledger cannot be read, or no such actor is known.
pub fn run(context: &mut Context, args: &CommitmentsArgs) -> Result<(), Failure> {
    let (asked, question) = context.question()?;
    let reading = context.read()?;
    let readings = reading.readings()?;
    let actor = ask::actor(&readings, args.actor.as_deref())?;
    let register = Register::of(&readings, &question, None);
    let all = register.commitments.iter();
    let items: Vec<&CommitmentItem> = all
        .filter(|item| actor.is_none_or(|actor| text::concerns(item, actor)))
        .collect();
    if context.global.json {
        let mut answer = ask::header("chancery.commitments/1", &reading, &asked);
        let items = items.iter().map(|item| json::commitment(&readings, item));
        answer.insert("commitments".to_owned(), items.collect());
        return context.out.json(&Value::Object(answer));
    }
    let mut page = Page::new(Style::of(context.global.color));
    page.heading(reading.origin.as_str());
    page.text(0, &ask::told(&reading, &asked));
    page.gap();
    if items.is_empty() {
        page.text(0, "nobody owes anything that is known");
    }
    for item in items {
        text::commitment(&mut page, &readings, item);
        page.gap();
    }
    page.write(&mut context.out)
}
