//! Status: how far an instrument has come after what happened to it.
//!
//! The fold over one order of turns; what the turns of an instrument are is
//! asked in [`super::instrument`].

/// How far an instrument has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Status {
    /// Its text is being written and not adopted yet. When that began is in no
    /// record, so it is only possible until an act toward it has been done.
    Drafted,
    /// Its text is adopted.
    Adopted,
    /// It can be signed, or has been.
    Open,
    /// It is in force.
    InForce,
    /// Its operation is suspended.
    Suspended,
    /// It is terminated.
    Terminated,
    /// It is invalid.
    Invalid,
}

impl Status {
    /// Returns the word for it.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Drafted => "drafted",
            Self::Adopted => "adopted",
            Self::Open => "open",
            Self::InForce => "in-force",
            Self::Suspended => "suspended",
            Self::Terminated => "terminated",
            Self::Invalid => "invalid",
        }
    }
}

/// Something that moves a status.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Turn {
    Drafting,
    Adopted,
    Opened,
    InForce,
    Suspended,
    Resumed,
    Terminated,
    Invalid,
}

/// Returns the status after these turns; none before the drafting began.
pub(super) fn status_after(turns: impl Iterator<Item = Turn>) -> Option<Status> {
    let mut furthest = None;
    let mut suspended = false;
    for turn in turns {
        let status = match turn {
            Turn::Drafting => Status::Drafted,
            Turn::Adopted => Status::Adopted,
            Turn::Opened => Status::Open,
            Turn::InForce => Status::InForce,
            Turn::Terminated => Status::Terminated,
            Turn::Invalid => Status::Invalid,
            Turn::Suspended | Turn::Resumed => {
                suspended = turn == Turn::Suspended;
                continue;
            }
        };
        furthest = furthest.max(Some(status));
    }
    if suspended && furthest <= Some(Status::InForce) {
        return Some(Status::Suspended);
    }
    furthest
}
