//! Standing: how an actor stands to an instrument, and the acts it rests on.
//!
//! How acts become standings is in [`super::dealings`] and [`super::steps`].
//! A declaration of non-intention (VCLT 18 (a)) ends the standing of a signatory
//! and reads as `withdrawn`; a vote reads as a part in the negotiation. To an
//! instrument that is terminated or invalid nobody is a party, nor will be one:
//! what is left is what was done, to have signed or assented, or to have left
//! before. Whoever did none of these has no standing then.

use crate::record::{Act, ActKind, Vote};
use crate::window::Window;
use crate::worlds::Certainty;

use super::answers::happened;
use super::context::Context;
use super::happening::{Field, Happening, on};
use super::question::Dated;
use super::readings::Reading;
use super::when::When;

/// How an actor stands to an instrument.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Standing {
    /// Takes part in the negotiation.
    Negotiating,
    /// Has signed.
    Signatory,
    /// Has given political assent.
    Concurring,
    /// Has consented to be bound; not yet in force for it.
    Contracting,
    /// The instrument is in force for it.
    Party,
    /// Applies it provisionally.
    Provisional,
    /// Has given notice, which has not yet taken effect.
    Withdrawing,
    /// Has left.
    Withdrawn,
    /// Has ceased to exist.
    Former,
}

impl Standing {
    /// Returns the word for it.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Negotiating => "negotiating",
            Self::Signatory => "signatory",
            Self::Concurring => "concurring",
            Self::Contracting => "contracting",
            Self::Party => "party",
            Self::Provisional => "provisional",
            Self::Withdrawing => "withdrawing",
            Self::Withdrawn => "withdrawn",
            Self::Former => "former",
        }
    }
}

/// One standing that an actor has, or may have.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StandingItem {
    /// Who.
    pub actor: u64,
    /// How it stands; `None` where the records that it rests on cannot all be right.
    pub standing: Option<Standing>,
    /// How certain that is.
    pub certainty: Certainty,
    /// Since when.
    pub since: Dated,
    /// Its acts up to the last day asked about, and later ones that had effect
    /// by then, in order of their days.
    pub acts: Vec<ActItem>,
}

/// An act, done by the last day asked about, or later with effect from before.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ActItem {
    /// Its position.
    pub seq: u64,
    /// Who acted.
    pub by: u64,
    /// What it did.
    pub kind: ActKind,
    /// When.
    pub on: Dated,
    /// From when it has legal effect, if that was recorded.
    pub effective: Option<Dated>,
    /// Who signed.
    pub signed_by: Vec<u64>,
    /// How it voted.
    pub vote: Option<Vote>,
    /// The text of a reservation, declaration or objection.
    pub text: Option<String>,
    /// The act that it is aimed at.
    pub target: Option<u64>,
    /// How certain it is that it had been done, or else that it had effect already.
    pub certainty: Certainty,
    /// The positions of the act and its standing revisions.
    pub rests_on: Vec<u64>,
}

/// An act with its days.
pub(super) struct Done<'a> {
    pub(super) reading: &'a Reading,
    pub(super) act: &'a Act,
    pub(super) on: Window,
    pub(super) effective: Option<Window>,
}

impl<'a> Done<'a> {
    pub(super) fn new(context: &Context<'_>, reading: &'a Reading, act: &'a Act) -> Self {
        let seq = reading.seq;
        let on = context.window(seq, Field::On, &act.on);
        Self {
            reading,
            act,
            on,
            effective: act
                .effective
                .as_ref()
                .map(|date| effective(context.window(seq, Field::Effective, date), on)),
        }
    }

    /// Returns the act as an item, if by the end of the period it may have been
    /// done, or may have had effect already.
    pub(super) fn item(&self, context: &Context<'_>) -> Option<ActItem> {
        let question = &context.question;
        let ahead = || happened(self.effective?, question.on);
        let mut certainty = happened(self.on, question.on).or_else(ahead)?;
        if context.links.contradiction(on(self.reading.seq)).is_some() {
            certainty = Certainty::Contradictory;
        }
        let signed_by = self.act.signed_by.iter().flatten();
        Some(ActItem {
            seq: self.reading.seq,
            by: self.act.by.0,
            kind: self.act.kind,
            on: question.dated(&self.act.on),
            effective: self.act.effective.as_ref().map(|date| question.dated(date)),
            signed_by: signed_by.map(|actor| actor.0).collect(),
            vote: self.act.vote,
            text: self.act.text.clone(),
            target: self.act.target.map(|target| target.0),
            certainty,
            rests_on: self.reading.rests_on(),
        })
    }

    /// Returns when it was done.
    pub(super) fn when(&self) -> When<'static> {
        When::on(on(self.reading.seq), self.on)
    }

    /// Returns when it took effect, if that was recorded.
    pub(super) fn when_effective(&self) -> Option<When<'static>> {
        let of = Happening {
            seq: self.reading.seq,
            field: Field::Effective,
        };
        Some(When::on(of, self.effective?))
    }

    pub(super) fn is_notice(&self) -> bool {
        matches!(self.act.kind, ActKind::Denunciation | ActKind::Withdrawal)
    }
}

/// Returns the days on which an act done `on` may take effect: no earlier than
/// it was done, unless an earlier day was recorded.
fn effective(recorded: Window, on: Window) -> Window {
    let earliest = recorded.earliest().or(on.earliest());
    Window::between(earliest, recorded.latest()).unwrap_or(recorded)
}

/// Returns whether an act of this kind is a signature.
pub(super) const fn is_signature(kind: ActKind) -> bool {
    matches!(
        kind,
        ActKind::Signature | ActKind::SignatureAdReferendum | ActKind::DefinitiveSignature
    )
}
