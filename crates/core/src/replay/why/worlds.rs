//! Worlds: one in which an answer holds, and one in which it does not.
//!
//! Days are tried, at the ends of the windows and around the day asked about,
//! until replay says for certain that it is so, and that it is not; the two
//! worlds are then made as alike as they can be. Nothing is told that was not
//! found so, and if none was found within reason, none is told.

use std::collections::BTreeMap;

use crate::day::Day;
use crate::window::Window;
use crate::worlds::Certainty;

use super::Answer;
use super::near::Near;
use crate::replay::context::Context;
use crate::replay::happening::{Field, Happening};

/// How many worlds are tried.
const TRIED: usize = 600;

/// The days of the happenings that decide, in one world.
pub type World = Vec<(Happening, Day)>;

/// A world in which an answer holds, and one in which it does not.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Decided {
    /// The word of the answer.
    pub word: String,
    /// The days in a world in which it holds.
    pub holds: World,
    /// The days in a world in which it does not. All other days are alike.
    pub fails: World,
}

type Days = BTreeMap<Happening, Day>;

/// Returns such worlds for each answer that is only possible.
pub(super) fn worlds(near: &Near, answers: &[Answer]) -> Vec<Decided> {
    let possible = answers
        .iter()
        .filter(|answer| answer.certainty == Certainty::Possible);
    let words: Vec<&str> = possible.map(|answer| answer.word.as_str()).collect();
    if words.is_empty() {
        return Vec::new();
    }
    let open = open(near);
    let mut holds: Vec<Option<Days>> = vec![None; words.len()];
    let mut fails = holds.clone();
    for days in candidates(near, &open).take(TRIED) {
        let Some(found) = in_world(near, &days) else {
            continue;
        };
        for (place, word) in words.iter().enumerate() {
            match certainty(&found, word) {
                Some(Certainty::Certain) => {
                    holds[place] = holds[place].take().or(Some(days.clone()));
                }
                None => fails[place] = fails[place].take().or(Some(days.clone())),
                _ => {}
            }
        }
        if holds.iter().chain(&fails).all(Option::is_some) {
            break;
        }
    }
    let each = words.iter().zip(holds.into_iter().zip(fails));
    each.filter_map(|(word, (holds, fails))| Some(alike(near, word, holds?, fails?)))
        .collect()
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

/// Returns the happenings of which more than one day is possible.
fn open(near: &Near) -> Vec<(Happening, Window)> {
    let readings = near.readings(&Days::new());
    let context = Context::new(&readings, near.question);
    let mut open = Vec::new();
    for reading in readings.all().iter().filter(|reading| reading.counts()) {
        for field in Field::ALL {
            let of = Happening {
                seq: reading.seq,
                field,
            };
            let believed = field.window(&reading.record, near.question.credibility);
            let Some(believed) = believed.filter(|_| field != Field::Published) else {
                continue;
            };
            let left = context.links.window(of).unwrap_or(believed);
            if !left.is_precise() {
                open.push((of, left));
            }
        }
    }
    open
}

/// Returns worlds to try: the least and the greatest, those in which all lies
/// on either side of the day asked about, and then one happening after another,
/// and two, moved among these.
fn candidates<'a>(
    near: &Near,
    open: &'a [(Happening, Window)],
) -> impl Iterator<Item = Days> + use<'a> {
    let on = near.question.on;
    let (before, after) = (on.first().plus_days(-1), on.last().plus_days(1));
    let days: Vec<[Day; 4]> = open
        .iter()
        .map(|(_, window)| {
            let near_by = |day: Day| day.clamp(window.lo(), window.hi());
            let first = window.earliest().unwrap_or_else(|| near_by(before));
            let last = window.latest().unwrap_or_else(|| near_by(after));
            [first, last, near_by(on.last()), near_by(after)]
        })
        .collect();
    let world = move |choice: &dyn Fn(usize) -> usize| -> Days {
        let each = open.iter().enumerate();
        each.map(|(place, (of, _))| (*of, days[place][choice(place)]))
            .collect()
    };
    let count = open.len();
    let mut choices: Vec<(usize, Vec<(usize, usize)>)> =
        (0..4).map(|base| (base, Vec::new())).collect();
    for base in 0..4 {
        for place in 0..count.min(TRIED) {
            choices.extend((0..4).map(|to| (base, vec![(place, to)])));
        }
    }
    for base in 0..4 {
        for one in 0..count.min(12) {
            for other in 0..one {
                for to in 0..16 {
                    choices.push((base, vec![(one, to / 4), (other, to % 4)]));
                }
            }
        }
    }
    choices.into_iter().map(move |(base, moved)| {
        world(&|place| {
            let found = moved.iter().find(|(of, _)| *of == place);
            found.map_or(base, |(_, to)| *to)
        })
    })
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
    Decided {
        word: word.to_owned(),
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
