//! Steps: what moves a standing, one after the other.
//!
//! The fold over one order of steps; which orders there are is asked in
//! [`super::dealings`].

use crate::record::ActKind;

use super::standing::{Done, Standing, is_signature};

/// What is so of an actor at some moment.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Moment {
    pub(super) standing: Option<Standing>,
    /// The step that brought it about.
    pub(super) since: usize,
    pub(super) signed: bool,
    pub(super) consented: bool,
    pub(super) party: bool,
}

/// Something that moves a standing; the number is the act's place.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Step {
    // In this order on one day: an end comes first, so that whoever leaves and
    // comes back on one day is in, and a revocation on the day of effect is late.
    Ended(usize),
    Counts(usize),
    Stands(usize),
    /// The instrument as a whole is applied provisionally.
    Provisional,
    InForce(usize),
    Notice(usize),
    Removed(usize),
    NonIntention,
    Former,
    /// The instrument is terminated or invalid.
    Over,
}

/// When among the steps taken something came about, and by which of them.
type Since = (usize, usize);

/// What has come about so far, for each act.
pub(super) struct Fold {
    stands: Vec<Option<Since>>,
    counts: Vec<Option<Since>>,
    consents: Vec<bool>,
    in_force: Vec<Option<Since>>,
    notice: Vec<Option<Since>>,
    removed: Vec<bool>,
    ended: Vec<bool>,
    withdrawn: Option<Since>,
    former: Option<Since>,
    provisional: Option<Since>,
    /// Whether the actor has told that it does not intend to become a party,
    /// and has done nothing since that says otherwise.
    apart: bool,
    over: bool,
}

impl Fold {
    pub(super) fn new(acts: usize) -> Self {
        Self {
            stands: vec![None; acts],
            counts: vec![None; acts],
            consents: vec![false; acts],
            in_force: vec![None; acts],
            notice: vec![None; acts],
            removed: vec![false; acts],
            ended: vec![false; acts],
            withdrawn: None,
            former: None,
            provisional: None,
            apart: false,
            over: false,
        }
    }

    pub(super) fn take(&mut self, step: Step, since: Since, acts: &[Done<'_>]) {
        match step {
            Step::Counts(place) => {
                self.counts[place] = Some(since);
                self.consents[place] = acts[place].act.kind.is_consent();
            }
            Step::Stands(place) => {
                self.stands[place] = Some(since);
                self.apart &= !(is_on_the_way(acts[place].act.kind));
            }
            Step::Provisional => self.provisional = Some(since),
            Step::InForce(place) => self.in_force[place] = Some(since),
            Step::Notice(place) => self.give_notice(place, since, acts),
            Step::Removed(place) => {
                // A notice that has taken effect cannot be taken back.
                if !self.ended[place] {
                    self.removed[place] = true;
                }
            }
            Step::Ended(place) => {
                // Nobody leaves what is over.
                if !self.removed[place] && !self.over {
                    self.leave(place, since);
                }
            }
            Step::NonIntention => {
                self.apart = true;
                let of = |kind| is_signature(kind) || kind == ActKind::ProvisionalApplication;
                if self.any_stands(acts, ActKind::is_consent) {
                    self.end(acts, |kind| kind == ActKind::ProvisionalApplication);
                } else {
                    self.end(acts, of);
                    self.withdrawn = Some(since);
                }
            }
            Step::Former => self.former = Some(since),
            Step::Over => self.over = true,
        }
    }

    /// A time of notice is for whoever is bound. Whoever has only signed is free
    /// at once, unless another day was recorded.
    fn give_notice(&mut self, place: usize, since: Since, acts: &[Done<'_>]) {
        self.notice[place] = Some(since);
        let signed = self.any_stands(acts, is_signature);
        let at_once = acts[place].effective.is_none() && !self.over;
        if at_once && signed && !self.any_stands(acts, is_binding) {
            self.leave(place, since);
        }
    }

    /// Lets a notice take effect, once: it ends all that was done before it was given.
    fn leave(&mut self, place: usize, since: Since) {
        if std::mem::replace(&mut self.ended[place], true) {
            return;
        }
        let notice = self.notice[place];
        for other in 0..self.stands.len() {
            if !self.is_after(other, notice) {
                self.stands[other] = None;
                self.consents[other] = false;
            }
        }
        self.withdrawn = Some(since);
    }

    /// Returns whether an act was done after a notice was given.
    fn is_after(&self, place: usize, notice: Option<Since>) -> bool {
        let done = self.counts[place].or(self.stands[place]);
        done.zip(notice).is_some_and(|(done, notice)| done > notice)
    }

    /// Ends what stands by acts of these kinds; that one has signed stays so.
    fn end(&mut self, acts: &[Done<'_>], kinds: impl Fn(ActKind) -> bool) {
        for (place, done) in acts.iter().enumerate() {
            if kinds(done.act.kind) {
                self.stands[place] = None;
                self.consents[place] = false;
            }
        }
    }

    fn any_stands(&self, acts: &[Done<'_>], kinds: impl Fn(ActKind) -> bool) -> bool {
        (0..acts.len()).any(|place| kinds(acts[place].act.kind) && self.stands(place))
    }

    /// Returns whether an act stands: neither withdrawn nor ended with what it belongs to.
    pub(super) fn stands(&self, place: usize) -> bool {
        self.stands[place].is_some() && !self.removed[place]
    }

    pub(super) fn moment(&self, acts: &[Done<'_>]) -> Moment {
        let places = || (0..acts.len()).filter(|place| !self.removed[*place]);
        let first = |kinds: &dyn Fn(ActKind) -> bool| {
            let of_kinds = places().filter(|place| kinds(acts[*place].act.kind));
            of_kinds.filter_map(|place| self.stands[place]).min()
        };
        let party = places()
            .filter(|place| self.stands[*place].is_some())
            .filter_map(|place| self.in_force[place])
            .min();
        let bound =
            |place: &usize| is_binding(acts[*place].act.kind) && self.stands[*place].is_some();
        let outlived = |notice: &Since| {
            places()
                .filter(bound)
                .any(|place| self.is_after(place, Some(*notice)))
        };
        let notice = places()
            .filter(|place| !self.ended[*place])
            .filter_map(|place| self.notice[place])
            .filter(|notice| !outlived(notice))
            .min();
        let consent = first(&ActKind::is_consent);
        let concurring = first(&is_assent);
        let provisional = self.provisional.filter(|_| !self.apart);
        let provisional = provisional
            .zip(first(&|kind| kind.is_consent() || is_signature(kind)))
            .map(|(agreed, own)| agreed.max(own));
        let provisional = first(&|kind| kind == ActKind::ProvisionalApplication)
            .into_iter()
            .chain(provisional)
            .min();
        let standing = [
            (
                Standing::Withdrawing,
                notice.filter(|_| consent.or(concurring).is_some()),
            ),
            (Standing::Party, party),
            (Standing::Provisional, provisional),
            (Standing::Contracting, consent),
            (Standing::Concurring, concurring),
            (Standing::Signatory, first(&is_signature)),
            (Standing::Withdrawn, self.withdrawn),
            (Standing::Negotiating, first(&is_negotiation)),
        ];
        let mut standing = standing
            .into_iter()
            .filter(|(standing, _)| !self.over || outlasts(*standing))
            .find_map(|(standing, since)| Some((standing, since?)));
        if let (Some(former), Some(_)) = (self.former, standing) {
            standing = Some((Standing::Former, former));
        }
        let exists = self.former.is_none();
        Moment {
            standing: standing.map(|(standing, _)| standing),
            since: standing.map_or(0, |(_, (_, step))| step),
            signed: places()
                .any(|place| self.counts[place].is_some() && is_signature(acts[place].act.kind)),
            consented: exists && places().any(|place| self.consents[place]),
            party: exists && !self.over && party.is_some(),
        }
    }
}

/// Returns whether a standing stays when the instrument is over.
const fn outlasts(standing: Standing) -> bool {
    matches!(
        standing,
        Standing::Signatory | Standing::Concurring | Standing::Withdrawn
    )
}

/// Returns whether an act of this kind brings its actor on the way to being bound.
const fn is_on_the_way(kind: ActKind) -> bool {
    kind.is_consent() || is_signature(kind) || matches!(kind, ActKind::ProvisionalApplication)
}

/// Returns whether whoever did an act of this kind is bound, in law or politically.
const fn is_binding(kind: ActKind) -> bool {
    kind.is_consent() || is_assent(kind)
}

const fn is_assent(kind: ActKind) -> bool {
    matches!(kind, ActKind::Concurrence | ActKind::Endorsement)
}

const fn is_negotiation(kind: ActKind) -> bool {
    matches!(
        kind,
        ActKind::Participation | ActKind::Initialling | ActKind::Vote
    )
}
