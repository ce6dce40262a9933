//! Sides: who owes something, and to whom it is owed.
//!
//! What is owed, and how it stands with it, is told in [`super::commitment`].

use crate::record::Parties;
use crate::worlds::Certainty;

use super::context::Context;
use super::instrument::InstrumentItem;
use super::standing::Standing;

/// Debtors or creditors, as they are on the days asked about.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Side {
    /// Who, each with how certain it is that it is one of them.
    pub actors: Vec<(u64, Certainty)>,
    /// Whether they are whoever is party to the instrument.
    pub all_parties: bool,
}

impl Side {
    /// Returns who is on one side: those listed, or whom the instrument binds on
    /// the days asked about.
    pub(super) fn of(
        context: &Context<'_>,
        parties: Option<&Parties>,
        under: Option<&InstrumentItem>,
    ) -> Self {
        match parties {
            None => Self::default(),
            Some(Parties::Listed(actors)) => {
                let actors = context.actors(actors.iter().map(|actor| actor.0));
                let certain = |actor| (actor, Certainty::Certain);
                Self {
                    actors: actors.into_iter().map(certain).collect(),
                    all_parties: false,
                }
            }
            Some(Parties::OfInstrument) => Self {
                actors: under.map_or_else(Vec::new, InstrumentItem::bound),
                all_parties: true,
            },
        }
    }

    /// Returns how certain it is that all who are listed have left the instrument.
    pub(super) fn left(&self, item: &InstrumentItem) -> Option<Certainty> {
        if self.all_parties {
            return None;
        }
        let left = |(actor, _): &(u64, Certainty)| {
            let mut of_actor = item.standings_of(*actor).iter();
            of_actor.find_map(|item| match item.standing {
                Some(Standing::Withdrawn) => Some(item.certainty),
                Some(_) => None,
                // Nobody can tell whether it has.
                None => Some(Certainty::Possible),
            })
        };
        let all: Option<Vec<Certainty>> = self.actors.iter().map(left).collect();
        all?.into_iter().max()
    }

    /// Returns the side without those who have left the instrument. Where all
    /// have, what was owed is over, and it stays named who owed it.
    pub(super) fn still_owing(self, under: Option<&InstrumentItem>) -> Self {
        let Some(item) = under.filter(|_| !self.all_parties) else {
            return self;
        };
        let owing = self.actors.iter();
        let owing: Vec<_> = owing
            .filter_map(|(actor, _)| Some((*actor, still_in(item, *actor)?)))
            .collect();
        if owing.is_empty() {
            return self;
        }
        Self {
            actors: owing,
            all_parties: false,
        }
    }
}

/// Returns how certain it is that an actor has not left the instrument on some
/// day of those asked about; `None` if it has.
fn still_in(item: &InstrumentItem, actor: u64) -> Option<Certainty> {
    let most_certain = |left: bool| {
        let of_actor = item.standings_of(actor).iter();
        of_actor
            .filter(|item| (item.standing == Some(Standing::Withdrawn)) == left)
            .map(|item| item.certainty)
            .min()
    };
    match (most_certain(true), most_certain(false)) {
        (_, Some(Certainty::Contradictory)) => Some(Certainty::Possible),
        (None, _) | (_, Some(Certainty::Certain)) => Some(Certainty::Certain),
        (Some(Certainty::Certain), None) => None,
        _ => Some(Certainty::Possible),
    }
}
