//! `chancery commitments`: who owes what to whom on a day.

use chancery_core::record::{Mode, Terms};
use chancery_core::replay::{CommitmentItem, Phase, Readings, Register, terms, words};
use serde_json::Value;

use crate::args::{CommitmentsArgs, PhaseArg, WordsArg};
use crate::context::Context;
use crate::failure::Failure;
use crate::view::{ask, json, text};

/// Says who owes what to whom on the day that is asked about.
///
/// # Errors
/// The ledger cannot be read, or no such actor is known.
pub fn run(context: &mut Context, args: &CommitmentsArgs) -> Result<(), Failure> {
    let (asked, question) = context.question()?;
    let reading = context.read()?;
    let readings = reading.readings()?;
    let (asked, question) = ask::according_to(&readings, asked, question)?;
    let actor = ask::actor(&readings, args.actor.as_deref())?;
    let with = ask::actor(&readings, args.with.as_deref())?;
    let register = Register::of(&readings, &question, None);
    let all = register.commitments.iter();
    let concerns = |item: &&CommitmentItem| match (actor, with) {
        (Some(actor), Some(with)) => text::between(item, actor, with),
        (Some(actor), None) => text::concerns(item, actor),
        _ => true,
    };
    let items: Vec<&CommitmentItem> = all
        .filter(concerns)
        .filter(|item| wanted(args, &readings, item))
        .collect();
    if context.global.json {
        let mut answer = ask::header("chancery.commitments/1", &reading, &asked);
        let items = items.iter().map(|item| json::commitment(&readings, item));
        answer.insert("commitments".to_owned(), items.collect());
        return context.out.json(&Value::Object(answer));
    }
    let mut page = ask::page(context.global.color, &reading, &ask::told(&reading, &asked));
    page.gap();
    if items.is_empty() {
        let none = if register.commitments.is_empty() {
            "nobody owes anything that is known"
        } else {
            "nobody owes anything of the kind that is known"
        };
        page.text(0, none);
    }
    for item in items {
        text::commitment(&mut page, &readings, item);
        page.gap();
    }
    page.write(&mut context.out)
}

/// Returns whether a commitment is in the phase, on the grounds and under the terms asked for.
fn wanted(args: &CommitmentsArgs, readings: &Readings, item: &CommitmentItem) -> bool {
    let in_phase = |asked: PhaseArg| item.phases.iter().any(|(phase, _)| is(*phase, asked));
    let worded = |asked: WordsArg| words(readings, item.seq) == mode(asked);
    args.phase.is_none_or(in_phase)
        && args.words.is_none_or(worded)
        && (!args.unpublished || terms(readings, item.seq) == Some(Terms::Unpublished))
}

fn is(phase: Phase, asked: PhaseArg) -> bool {
    match asked {
        PhaseArg::Pending => phase == Phase::Pending,
        PhaseArg::Conditional => phase == Phase::Conditional,
        PhaseArg::Active => phase == Phase::Active,
        PhaseArg::Suspended => phase == Phase::Suspended,
        PhaseArg::Violated => phase == Phase::Violated,
        PhaseArg::Fulfilled => phase == Phase::Fulfilled,
        PhaseArg::Ended => phase.ending().is_some(),
    }
}

fn mode(asked: WordsArg) -> Option<Mode> {
    match asked {
        WordsArg::Quoted => Some(Mode::Quoted),
        WordsArg::Paraphrased => Some(Mode::Paraphrased),
        WordsArg::Attributed => Some(Mode::Attributed),
        WordsArg::None => None,
    }
}
