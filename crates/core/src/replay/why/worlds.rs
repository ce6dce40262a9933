//! Worlds: one in which an answer holds, and one in which it does not.
//!
//! Days come from the fold that gave the answer, which shows worlds of what it
//! hangs on; all else that is open is put at the ends of its windows and around
//! the day asked about, and then one happening after another is moved. Replay
//! is asked of each until it says for certain that it is so, and that it is not;
//! the two worlds are then made as alike as they can be. Nothing is told that
//! was not found so, and if none was found within reason, none is told.

use std::collections::BTreeMap;

use crate::day::Day;
use crate::window::Window;
use crate::worlds::Certainty;

use super::Answer;
use super::near::Near;
use crate::replay::context::Context;
use crate::replay::happening::{Field, Happening};
use crate::replay::witness::{Witness, World, witnesses};

/// How many worlds are tried.
const TRIED: usize = 600;
/// How many ways there are to put what is open on its days.
const WAYS: usize = 4;

/// A world in which an answer holds, and one in which it does not.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Decided {
    /// The word of the answer.
    pub word: String,
    /// The days in a world in which it holds.
    pub holds: World,
    /// The days in a world in which it does not.
    pub fails: World,
    /// The days of all else that is open, which are the same in both.
    pub alike: World,
}

type Days = BTreeMap<Happening, Day>;

/// Returns such worlds for each answer that is only possible.
pub(super) fn worlds(near: &Near, answers: &[Answer]) -> Vec<Decided> {
    let possible = |answer: &&Answer| answer.certainty == Certainty::Possible;
    if !answers.iter().any(|answer| possible(&answer)) {
        return Vec::new();
    }
    let open = Open::of(near);
    let possible = answers.iter().filter(possible);
    possible
        .filter_map(|answer| decided(near, &open, answer))
        .collect()
}

fn decided(near: &Near, open: &Open, answer: &Answer) -> Option<Decided> {
    let readings = near.readings(&Days::new());
    let shown = witnesses(Context::new(&readings, near.question), answer.fact?);
    let (mut holds, mut fails) = (None, None);
    for days in open.candidates(&shown).take(TRIED) {
        let Some(found) = in_world(near, &days) else {
            continue;
        };
        match certainty(&found, &answer.word) {
            Some(Certainty::Certain) => holds = holds.or(Some(days)),
            None => fails = fails.or(Some(days)),
            _ => {}
        }
        if holds.is_some() && fails.is_some() {
            break;
        }
    }
    Some(alike(near, &answer.word, holds?, fails?))
}

/// Returns whether what lasted ended no earlier than it began.
fn lasts(days: &Days) -> bool {
    days.iter().all(|(of, last)| {
        let first = Happening {
            field: Field::Held,
            ..*of
        };
        of.field != Field::HeldUntil || days.get(&first).is_none_or(|first| first <= last)
    })
}

fn certainty(answers: &[Answer], word: &str) -> Option<Certainty> {
    let found = answers.iter().find(|answer| answer.word == word);
    found.map(|answer| answer.certainty)
}

/// The happenings of which more than one day is possible, each with some days
/// of it: its first, its last, and those around the day asked about.
struct Open(BTreeMap<Happening, [Day; WAYS]>);

impl Open {
    fn of(near: &Near) -> Self {
        let readings = near.readings(&Days::new());
        let context = Context::new(&readings, near.question);
        let mut open = BTreeMap::new();
        for reading in readings.all().iter().filter(|reading| reading.counts()) {
            for field in Field::ALL
                .into_iter()
                .filter(|field| *field != Field::Published)
            {
                let of = Happening {
                    seq: reading.seq,
                    field,
                };
                let Some(believed) = field.window(&reading.record, near.question.credibility)
                else {
                    continue;
                };
                let left = context.links.window(of).unwrap_or(believed);
                if !left.is_precise() {
                    open.insert(of, days_of(near, left));
                }
            }
        }
        Self(open)
    }

    /// Returns worlds to try: all that is open put in one way, with what the
    /// fold has shown on its days; then without that, and one happening after
    /// another put in another way.
    fn candidates<'a>(&'a self, shown: &'a [Witness]) -> impl Iterator<Item = Days> + use<'a> {
        let shown = (0..WAYS).flat_map(move |way| {
            shown.iter().map(move |witness| {
                let mut days = self.put(way);
                let open = |(of, _): &&(Happening, Day)| self.0.contains_key(of);
                days.extend(witness.days.iter().filter(open).copied());
                days
            })
        });
        let ways = (0..WAYS).map(|way| self.put(way));
        let moved = (0..WAYS).flat_map(move |way| {
            self.0.iter().flat_map(move |(of, each)| {
                each.iter().map(move |day| {
                    let mut days = self.put(way);
                    days.insert(*of, *day);
                    days
                })
            })
        });
        shown.chain(ways).chain(moved)
    }

    fn put(&self, way: usize) -> Days {
        let each = self.0.iter();
        each.map(|(of, days)| (*of, days[way])).collect()
    }
}

fn days_of(near: &Near, window: Window) -> [Day; WAYS] {
    let on = near.question.on;
    let near_by = |day: Day| day.clamp(window.lo(), window.hi());
    let (before, after) = (on.first().plus_days(-1), on.last().plus_days(1));
    let first = window.earliest().unwrap_or_else(|| near_by(before));
    let last = window.latest().unwrap_or_else(|| near_by(after));
    [first, last, near_by(on.last()), near_by(after)]
}

/// Makes the two worlds as alike as can be, and keeps the days in which they
/// still differ.
fn alike(near: &Near, word: &str, mut holds: Days, mut fails: Days) -> Decided {
    for together in moved_together(near, &differing(&holds, &fails)) {
        let mut other = fails.clone();
        let of_holds = |of: &Happening| Some((*of, *holds.get(of)?));
        other.extend(together.iter().filter_map(of_holds));
        if in_world(near, &other).is_some_and(|found| certainty(&found, word).is_none()) {
            fails = other;
            continue;
        }
        let mut other = holds.clone();
        let of_fails = |of: &Happening| Some((*of, *fails.get(of)?));
        other.extend(together.iter().filter_map(of_fails));
        let found = in_world(near, &other);
        let certainty = found.and_then(|found| certainty(&found, word));
        if certainty == Some(Certainty::Certain) {
            holds = other;
        }
    }
    let kept = differing(&holds, &fails);
    let days = |world: &Days| -> World {
        let each = kept.iter().filter_map(|of| Some((*of, *world.get(of)?)));
        each.collect()
    };
    let alike = holds.iter().filter(|(of, _)| !kept.contains(of));
    Decided {
        word: word.to_owned(),
        alike: alike.map(|(of, day)| (*of, *day)).collect(),
        holds: days(&holds),
        fails: days(&fails),
    }
}

fn differing(holds: &Days, fails: &Days) -> Vec<Happening> {
    let differ = holds
        .iter()
        .filter(|(of, day)| fails.get(*of) != Some(*day));
    differ.map(|(of, _)| *of).collect()
}

/// Returns which happenings are moved together on trial: all that links join,
/// all of these but one, and each alone.
fn moved_together(near: &Near, of: &[Happening]) -> Vec<Vec<Happening>> {
    let readings = near.readings(&Days::new());
    let context = Context::new(&readings, near.question);
    let mut joined: BTreeMap<usize, Vec<Happening>> = BTreeMap::new();
    for each in of {
        if let Some(part) = context.links.part(*each) {
            joined.entry(part).or_default().push(*each);
        }
    }
    let mut sets: Vec<Vec<Happening>> = Vec::new();
    for part in joined.into_values().filter(|part| part.len() > 1) {
        sets.push(part.clone());
        for one in &part {
            let others = part.iter().filter(|each| *each != one);
            sets.push(others.copied().collect());
        }
    }
    sets.extend(of.iter().map(|each| vec![*each]));
    sets
}

/// Returns the answers on these days, or `None` if they are no world.
fn in_world(near: &Near, days: &Days) -> Option<Vec<Answer>> {
    lasts(days).then(|| near.in_world(days))?
}
