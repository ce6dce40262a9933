//! Policies: which logs are believed, and how many witnesses must have seen a checkpoint.
//!
//! The text form is that of c2sp.org/tlog-policy, so that a policy can be shared
//! with other tools. A policy says nothing of what a log holds, nor of where its
//! witnesses are to be asked beyond the addresses that stand in it.

mod parse;

use std::collections::BTreeSet;
use std::fmt;

use crate::checkpoint::{Checkpoint, MalformedCheckpoint};
use crate::note::{KeyType, Note, Signed, Unverified, VerifierKey};
use crate::position::Instant;

pub use parse::{BadPolicy, PolicyFault};

/// What it takes for a checkpoint to be believed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Policy {
    logs: Vec<Log>,
    witnesses: Vec<Witness>,
    groups: Vec<Group>,
    quorum: Quorum,
}

/// A log that is believed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Log {
    /// The name of its key, which is the origin of its checkpoints.
    pub name: String,
    /// Its key, unless it is of a type that is not read here.
    pub key: Option<VerifierKey>,
    /// Where it can be reached, if that is said.
    pub url: Option<String>,
}

/// A witness that may be counted on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Witness {
    /// What the policy calls it.
    pub name: String,
    /// Its key, unless it is of a type that is not read here: such a witness never counts.
    pub key: Option<VerifierKey>,
    /// Where it can be asked, if that is said.
    pub url: Option<String>,
}

/// Witnesses and groups of which some must have cosigned.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Group {
    name: String,
    least: usize,
    members: Vec<Member>,
}

/// A witness or a group, by its place among them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Member {
    Witness(usize),
    Group(usize),
}

/// Who must have cosigned.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Quorum {
    Nobody,
    Of(Member),
}

/// A checkpoint that a policy believes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Believed {
    /// What was signed.
    pub checkpoint: Checkpoint,
    /// The log's keys that signed it: at least one.
    pub logs: Vec<VerifierKey>,
    /// The witnesses that cosigned it, in the order of the policy.
    pub cosigned: Vec<Cosigned>,
    /// The latest time at or after which a quorum saw it as the last, if one is needed.
    pub seen: Option<Instant>,
}

/// That a witness saw a checkpoint.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cosigned {
    /// What the policy calls the witness.
    pub witness: String,
    /// Its key.
    pub key: VerifierKey,
    /// When it saw the checkpoint last.
    pub seen: Instant,
}

/// What a quorum still lacks.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Lack {
    /// The group that is not complete, or the witness that did not cosign.
    pub name: String,
    /// How many of its members are needed.
    pub least: usize,
    /// Its members.
    pub members: Vec<String>,
    /// Those of them that cosigned.
    pub present: Vec<String>,
}

/// Why a checkpoint is not believed.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Disbelieved {
    /// It is not signed by a log that is believed.
    #[error("the checkpoint is not signed by a log that is trusted")]
    Unsigned(#[source] Unverified),
    /// What was signed is no checkpoint.
    #[error("what was signed is no checkpoint")]
    Checkpoint(#[source] MalformedCheckpoint),
    /// Too few witnesses cosigned it.
    #[error("too few witnesses cosigned the checkpoint: {}", listed(lacks))]
    Quorum {
        /// What is missing, the quorum first.
        lacks: Vec<Lack>,
    },
}

impl Policy {
    /// Returns the policy that believes these keys: any of the logs', and every
    /// one of the witnesses'.
    pub fn of(keys: &[VerifierKey]) -> Self {
        let (mut logs, mut witnesses): (Vec<Log>, Vec<Witness>) = Default::default();
        for key in keys {
            let (name, key) = (key.name().to_owned(), key.clone());
            let url = None;
            match key.kind() {
                KeyType::Ed25519 => logs.push(Log {
                    name,
                    key: Some(key),
                    url,
                }),
                KeyType::Cosignature => witnesses.push(Witness {
                    name,
                    key: Some(key),
                    url,
                }),
            }
        }
        let all = Group {
            name: "the witnesses named".to_owned(),
            least: witnesses.len(),
            members: (0..witnesses.len()).map(Member::Witness).collect(),
        };
        let quorum = match witnesses.as_slice() {
            [] => Quorum::Nobody,
            _ => Quorum::Of(Member::Group(0)),
        };
        Self {
            quorum,
            logs,
            witnesses,
            groups: vec![all],
        }
    }

    /// Returns the same policy, which believes these logs instead of its own.
    #[must_use]
    pub fn for_logs(mut self, keys: &[VerifierKey]) -> Self {
        self.logs = Self::of(keys).logs;
        self
    }

    /// Returns the logs that are believed.
    pub fn logs(&self) -> &[Log] {
        &self.logs
    }

    /// Returns the witnesses.
    pub fn witnesses(&self) -> &[Witness] {
        &self.witnesses
    }

    /// Returns whether a checkpoint needs no witness to be believed.
    pub fn needs_nobody(&self) -> bool {
        self.quorum == Quorum::Nobody
    }

    /// Judges a checkpoint: which log signed it, which witnesses cosigned it and
    /// when, and whether they are enough.
    ///
    /// # Errors
    /// It is not to be believed.
    pub fn judge(&self, note: &Note) -> Result<Believed, Disbelieved> {
        let logs = self.logs.iter().filter_map(|log| log.key.as_ref());
        let witnesses = self.witnesses.iter().filter_map(|it| it.key.as_ref());
        let known: Vec<&VerifierKey> = logs.clone().chain(witnesses).collect();
        let signed = note.signers(&known).map_err(Disbelieved::Unsigned)?;
        let checkpoint = Checkpoint::parse(note.text()).map_err(Disbelieved::Checkpoint)?;
        // A log signs under its own name: another log's checkpoint is none of this one.
        let own = |key: &&VerifierKey| key.name() == checkpoint.origin();
        let mut signers: Vec<VerifierKey> = Vec::new();
        for key in logs.filter(own) {
            if signed.iter().any(|it| it.key == key) && !signers.contains(key) {
                signers.push(key.clone());
            }
        }
        if signers.is_empty() {
            return Err(Disbelieved::Unsigned(Unverified::NoKnownKey));
        }
        let cosigned = self.cosigned(&signed);
        let present = cosigned.iter().map(|(place, _)| *place).collect();
        if !self.is_met(&present) {
            let lacks = self.lacks(&present);
            return Err(Disbelieved::Quorum { lacks });
        }
        Ok(Believed {
            checkpoint,
            logs: signers,
            seen: self.seen(&cosigned),
            cosigned: cosigned.into_iter().map(|(_, it)| it).collect(),
        })
    }

    /// Returns the witnesses that signed, each with its place and its latest time.
    fn cosigned(&self, signed: &[Signed<'_>]) -> Vec<(usize, Cosigned)> {
        let of = |(place, witness): (usize, &Witness)| {
            let key = witness.key.as_ref()?;
            let own = signed.iter().filter(|it| it.key == key);
            let seen = own.filter_map(|it| it.seen).max()?;
            let (name, key) = (witness.name.clone(), key.clone());
            Some((
                place,
                Cosigned {
                    witness: name,
                    key,
                    seen,
                },
            ))
        };
        self.witnesses.iter().enumerate().filter_map(of).collect()
    }

    /// Returns the latest time such that those who cosigned at or after it are a
    /// quorum: no smaller number of them can make it later than it was.
    fn seen(&self, cosigned: &[(usize, Cosigned)]) -> Option<Instant> {
        if self.needs_nobody() {
            return None;
        }
        let mut latest: Vec<_> = cosigned
            .iter()
            .map(|(place, it)| (it.seen, *place))
            .collect();
        latest.sort_unstable_by(|one, other| other.cmp(one));
        let mut present = BTreeSet::new();
        latest.into_iter().find_map(|(seen, place)| {
            present.insert(place);
            self.is_met(&present).then_some(seen)
        })
    }

    fn is_met(&self, present: &BTreeSet<usize>) -> bool {
        let groups = self.complete(present);
        match self.quorum {
            Quorum::Nobody => true,
            Quorum::Of(member) => is_present(member, present, &groups),
        }
    }

    /// Returns of each group whether enough of it is present. A group names only
    /// those before it, so that one pass suffices, however deep they lie.
    fn complete(&self, present: &BTreeSet<usize>) -> Vec<bool> {
        let mut complete = Vec::with_capacity(self.groups.len());
        for group in &self.groups {
            let members = group.members.iter();
            let there = members.filter(|member| is_present(**member, present, &complete));
            complete.push(there.count() >= group.least);
        }
        complete
    }

    /// Returns what the quorum lacks, and what those of its members lack that are groups.
    fn lacks(&self, present: &BTreeSet<usize>) -> Vec<Lack> {
        let complete = self.complete(present);
        let is_there = |member: &&Member| is_present(**member, present, &complete);
        let names = |members: &mut dyn Iterator<Item = &Member>| -> Vec<String> {
            members
                .map(|member| self.name(*member).to_owned())
                .collect()
        };
        let mut open: Vec<Member> = match self.quorum {
            Quorum::Nobody => Vec::new(),
            Quorum::Of(member) => vec![member],
        };
        let (mut next, mut lacks) = (0, Vec::new());
        while let Some(member) = open.get(next).copied() {
            next += 1;
            let name = self.name(member).to_owned();
            let Member::Group(place) = member else {
                let members = vec![name.clone()];
                lacks.push(Lack {
                    name,
                    least: 1,
                    members,
                    present: Vec::new(),
                });
                continue;
            };
            let Some(group) = self.groups.get(place) else {
                continue;
            };
            lacks.push(Lack {
                name,
                least: group.least,
                members: names(&mut group.members.iter()),
                present: names(&mut group.members.iter().filter(is_there)),
            });
            let is_open =
                |member: &&Member| matches!(member, Member::Group(_)) && !is_there(member);
            open.extend(group.members.iter().filter(is_open));
        }
        lacks
    }

    fn name(&self, member: Member) -> &str {
        match member {
            Member::Witness(place) => self.witnesses.get(place).map_or("", |it| &it.name),
            Member::Group(place) => self.groups.get(place).map_or("", |it| &it.name),
        }
    }
}

impl Believed {
    /// Returns the names of all who signed: the log's keys, then the witnesses.
    pub fn signers(&self) -> Vec<String> {
        let logs = self.logs.iter().map(|key| key.name().to_owned());
        let witnesses = self.cosigned.iter().map(|it| it.key.name().to_owned());
        let mut names: Vec<String> = Vec::new();
        for name in logs.chain(witnesses) {
            if !names.contains(&name) {
                names.push(name);
            }
        }
        names
    }
}

impl fmt::Display for Lack {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (least, members) = (self.least, &self.members);
        if let ([one], true) = (members.as_slice(), *members == [self.name.as_str()]) {
            return write!(f, "{one} did not");
        }
        write!(f, "{} needs {least} of {}", self.name, members.join(", "))?;
        match self.present.as_slice() {
            [] => write!(f, " and has none"),
            present => write!(f, " and has {}", present.join(", ")),
        }
    }
}

fn listed(lacks: &[Lack]) -> String {
    let lacks: Vec<String> = lacks.iter().map(ToString::to_string).collect();
    lacks.join("; ")
}

fn is_present(member: Member, witnesses: &BTreeSet<usize>, groups: &[bool]) -> bool {
    match member {
        Member::Witness(place) => witnesses.contains(&place),
        Member::Group(place) => groups.get(place).copied().unwrap_or(false),
    }
}

#[cfg(test)]
mod tests;
