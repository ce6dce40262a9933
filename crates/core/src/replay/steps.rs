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
    counts: Vec<bool>,
    consents: Vec<bool>,
    in_force: Vec<Option<Since>>,
    notice: Vec<Option<Since>>,
    removed: Vec<bool>,
    ended: Vec<bool>,
    withdrawn: Option<Since>,
    former: Option<Since>,
    over: bool,
}

impl Fold {
    pub(super) fn new(acts: usize) -> Self {
        Self {
            stands: vec![None; acts],
            counts: vec![false; acts],
            consents: vec![false; acts],
            in_force: vec![None; acts],
            notice: vec![None; acts],
            removed: vec![false; acts],
            ended: vec![false; acts],
            withdrawn: None,
            former: None,
            over: false,
        }
    }

    pub(super) fn take(&mut self, step: Step, since: Since, acts: &[Done<'_>]) {
        match step {
            Step::Counts(place) => {
                self.counts[place] = true;
                self.consents[place] = acts[place].act.kind.is_consent();
            }
            Step::Stands(place) => self.stands[place] = Some(since),
            Step::InForce(place) => self.in_force[place] = Some(since),
            Step::Notice(place) => self.notice[place] = Some(since),
            Step::Removed(place) => {
                // A notice that has taken effect cannot be taken back.
                if !self.ended[place] {
                    self.removed[place] = true;
                }
            }
            Step::Ended(place) => {
                // Nobody leaves what is over.
                if !self.removed[place] && !self.over {
                    self.ended[place] = true;
                    self.end(since, acts, |_| true);
                }
            }
            Step::NonIntention => {
                let bound = |place: &usize| acts[*place].act.kind.is_consent();
                let stands = |place: &usize| self.stands[*place].is_some() && !self.removed[*place];
                if !(0..acts.len()).any(|place| bound(&place) && stands(&place)) {
                    self.end(since, acts, is_signature);
                }
            }
            Step::Former => self.former = Some(since),
            Step::Over => self.over = true,
        }
    }

    /// Ends what stands by acts of these kinds; that one has signed stays so.
    fn end(&mut self, since: Since, acts: &[Done<'_>], kinds: impl Fn(ActKind) -> bool) {
        for (place, done) in acts.iter().enumerate() {
            if kinds(done.act.kind) {
                self.stands[place] = None;
                self.consents[place] = false;
            }
        }
        self.withdrawn = Some(since);
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
        let notice = places()
            .filter(|place| !self.ended[*place])
            .filter_map(|place| self.notice[place])
            .min();
        let consent = first(&ActKind::is_consent);
        let concurring = first(&|kind| matches!(kind, ActKind::Concurrence | ActKind::Endorsement));
        let standing = [
            (
                Standing::Withdrawing,
                notice.filter(|_| consent.or(concurring).is_some()),
            ),
            (Standing::Party, party),
            (
                Standing::Provisional,
                first(&|kind| kind == ActKind::ProvisionalApplication),
            ),
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
            signed: places().any(|place| self.counts[place] && is_signature(acts[place].act.kind)),
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

const fn is_negotiation(kind: ActKind) -> bool {
    matches!(
        kind,
        ActKind::Participation | ActKind::Initialling | ActKind::Vote
    )
}
