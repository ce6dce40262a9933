//! Phases: how it stands with a commitment after what was done to it.
//!
//! The fold over one order of turns; what the turns of a commitment are is asked
//! in [`super::commitment`], and what one actor's claims make of its phase in
//! [`super::according`].

use crate::worlds::Certainty;

/// How it stands with a commitment.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Phase {
    /// Before it is owed, or before its instrument is in force.
    Pending,
    /// What it depends on has not come about.
    Conditional,
    /// It is owed.
    Active,
    /// It is suspended, or its instrument is.
    Suspended,
    /// It was violated, according to the actor that is asked about.
    Violated,
    /// It was fulfilled, according to the actor that is asked about.
    Fulfilled,
    /// It is owed no longer.
    Ended(Ending),
}

/// How a commitment ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Ending {
    /// Released by the creditor.
    Released,
    /// Cancelled by the debtor.
    Cancelled,
    /// Another took its place.
    Superseded,
    /// Its last day is past.
    Expired,
    /// Its instrument was terminated, or is invalid.
    Terminated,
    /// Its debtors have left the instrument.
    Left,
}

impl Phase {
    /// Returns the word for it.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Pending => "pending",
            Self::Conditional => "conditional",
            Self::Active => "active",
            Self::Suspended => "suspended",
            Self::Violated => "violated",
            Self::Fulfilled => "fulfilled",
            Self::Ended(_) => "ended",
        }
    }

    /// Returns how it ended, if it did.
    pub const fn ending(self) -> Option<Ending> {
        match self {
            Self::Ended(ending) => Some(ending),
            _ => None,
        }
    }
}

impl Ending {
    /// Returns the word for it.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Released => "released",
            Self::Cancelled => "cancelled",
            Self::Superseded => "superseded",
            Self::Expired => "expired",
            Self::Terminated => "terminated",
            Self::Left => "left",
        }
    }
}

/// Something that moves a phase; of one day, in this order.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Turn {
    Made,
    Owed,
    InForce,
    Detached,
    Suspended,
    Resumed,
    InstrumentSuspended,
    InstrumentResumed,
    Ended(Ending),
}

/// What has come about so far.
#[derive(Clone, Copy, Debug, Default)]
#[allow(clippy::struct_excessive_bools)] // Each is a fact of its own: all their combinations occur.
pub(super) struct Fold {
    pub(super) made: bool,
    pub(super) owed: bool,
    pub(super) in_force: bool,
    pub(super) detached: bool,
    pub(super) suspended: bool,
    pub(super) instrument_suspended: bool,
    pub(super) ending: Option<Ending>,
}

impl Fold {
    pub(super) fn after(mut self, turn: Turn) -> Self {
        match turn {
            Turn::Made => self.made = true,
            Turn::Owed => self.owed = true,
            Turn::InForce => self.in_force = true,
            Turn::Detached => self.detached = true,
            Turn::Suspended => self.suspended = true,
            Turn::Resumed => self.suspended = false,
            Turn::InstrumentSuspended => self.instrument_suspended = true,
            Turn::InstrumentResumed => self.instrument_suspended = false,
            // What has ended does not end again in another way.
            Turn::Ended(how) => self.ending = self.ending.or(Some(how)),
        }
        self
    }

    /// Returns the phase, or `None` before the commitment was made.
    pub(super) fn phase(self) -> Option<Phase> {
        let phase = match self.ending {
            Some(how) => Phase::Ended(how),
            None if !self.owed || !self.in_force => Phase::Pending,
            None if self.suspended || self.instrument_suspended => Phase::Suspended,
            None if !self.detached => Phase::Conditional,
            None => Phase::Active,
        };
        self.made.then_some(phase)
    }
}

/// Returns the phases once the debtors have, or may have, left the instrument.
pub(super) fn with_left(
    phases: Vec<(Phase, Certainty)>,
    left: Certainty,
) -> Vec<(Phase, Certainty)> {
    if phases.is_empty() {
        return phases;
    }
    // Nobody leaves an instrument that is over, so whoever has left did so before.
    // Nor does leaving undo what somebody says was done or left undone.
    let ended = |phase: &Phase| match phase {
        Phase::Ended(how) => *how != Ending::Terminated,
        phase => matches!(phase, Phase::Violated | Phase::Fulfilled),
    };
    let (mut kept, open): (Vec<_>, Vec<_>) =
        phases.into_iter().partition(|(phase, _)| ended(phase));
    if open.is_empty() {
        return kept;
    }
    let certain = kept.is_empty() && left == Certainty::Certain;
    if left == Certainty::Possible {
        kept.extend(
            open.into_iter()
                .map(|(phase, _)| (phase, Certainty::Possible)),
        );
    }
    let certainty = if certain {
        Certainty::Certain
    } else {
        Certainty::Possible
    };
    kept.push((Phase::Ended(Ending::Left), certainty));
    kept.sort();
    kept
}
