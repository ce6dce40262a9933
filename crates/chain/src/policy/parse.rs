//! Reading a policy: line by line, and what is wrong with a line said by its number.
//!
//! Names are bytes to the specification, and are compared as bytes; to people
//! they are shown as text. Nothing here judges a checkpoint.

use std::collections::{BTreeMap, BTreeSet};

use super::{Group, Log, Member, Policy, Quorum, Witness};
use crate::note::{KeyType, Spelt, VerifierKey};

/// The longest policy that is read, in bytes.
const LONGEST: usize = 1 << 20;
/// The name that stands for nobody.
const NONE: &[u8] = b"none";

/// Why text is no policy, and where.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("line {line}: {fault}")]
pub struct BadPolicy {
    /// Which line, from one.
    pub line: usize,
    /// What is wrong with it.
    pub fault: PolicyFault,
}

/// What is wrong with a line of a policy.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum PolicyFault {
    /// The policy is too long.
    #[error("a policy has at most {LONGEST} bytes")]
    Length,
    /// A control character.
    #[error("a policy has no control characters but tabs and newlines, and this line has {0:#04x}")]
    Character(u8),
    /// A line of another sort.
    #[error("a line begins with log, witness, group or quorum, not with {0}")]
    Word(String),
    /// A line with too few or too many words.
    #[error("such a line is written: {0}")]
    Shape(&'static str),
    /// A word that should be a key is none.
    #[error("{0} is no verifier key: one is written name+hash+base64")]
    Key(String),
    /// A log's key where a witness's is needed.
    #[error("{0} is a log's key (type 1): a witness has one that cosigns (type 4)")]
    LogKey(String),
    /// A key that stands there twice.
    #[error("the key of {0} stands here a second time")]
    SameKey(String),
    /// A name that is taken, or `none`.
    #[error("the name {0} is taken already")]
    Taken(String),
    /// A name that no earlier line defines.
    #[error("no line above defines {0}")]
    Unknown(String),
    /// A member of two groups, or twice of one.
    #[error("{0} is a member already: it would count twice")]
    CountedTwice(String),
    /// A threshold that is no number, or that a group cannot meet.
    #[error(
        "{found} is not how many of {members} are needed: write all, any, or a number from 1 to {members}"
    )]
    Threshold {
        /// What stands there.
        found: String,
        /// How many members the group has.
        members: usize,
    },
    /// A second quorum.
    #[error("there is a quorum already: a policy has one")]
    SecondQuorum,
    /// No quorum at all.
    #[error("a policy needs a line `quorum NAME`, or `quorum none`")]
    NoQuorum,
}

/// What has been read so far.
#[derive(Default)]
struct Reader<'a> {
    logs: Vec<Log>,
    witnesses: Vec<Witness>,
    groups: Vec<Group>,
    quorum: Option<Quorum>,
    /// What each name stands for, and whether it is a member of a group.
    names: BTreeMap<&'a [u8], (Member, bool)>,
    log_keys: BTreeSet<Vec<u8>>,
    witness_keys: BTreeSet<Vec<u8>>,
}

impl Policy {
    /// Reads a policy file.
    ///
    /// # Errors
    /// It is none; the line that is wrong is named.
    pub fn parse(bytes: &[u8]) -> Result<Self, BadPolicy> {
        let fault = |line, fault| BadPolicy { line, fault };
        if bytes.len() > LONGEST {
            return Err(fault(1, PolicyFault::Length));
        }
        let mut reader = Reader::default();
        let mut last = 1;
        for (place, line) in bytes.split(|byte| *byte == b'\n').enumerate() {
            last = place + 1;
            reader.line(line).map_err(|found| fault(last, found))?;
        }
        let quorum = reader
            .quorum
            .ok_or_else(|| fault(last, PolicyFault::NoQuorum))?;
        Ok(Self {
            logs: reader.logs,
            witnesses: reader.witnesses,
            groups: reader.groups,
            quorum,
        })
    }
}

impl<'a> Reader<'a> {
    fn line(&mut self, line: &'a [u8]) -> Result<(), PolicyFault> {
        let control = |byte: &&u8| (**byte < b' ' && **byte != b'\t') || **byte == 0x7f;
        if let Some(byte) = line.iter().find(control) {
            return Err(PolicyFault::Character(*byte));
        }
        let words: Vec<&[u8]> = line
            .split(|byte| matches!(byte, b' ' | b'\t'))
            .filter(|word| !word.is_empty())
            .collect();
        let Some((first, rest)) = words.split_first() else {
            return Ok(());
        };
        match *first {
            word if word.starts_with(b"#") => Ok(()),
            b"log" => self.log(rest),
            b"witness" => self.witness(rest),
            b"group" => self.group(rest),
            b"quorum" => self.quorum(rest),
            other => Err(PolicyFault::Word(shown(other))),
        }
    }

    fn log(&mut self, words: &[&[u8]]) -> Result<(), PolicyFault> {
        let (key, url) = match words {
            [key] => (key, None),
            [key, url] => (key, Some(shown(url))),
            _ => return Err(PolicyFault::Shape("log VKEY [URL]")),
        };
        let (name, key) = read_key(key, &mut self.log_keys)?;
        self.logs.push(Log { name, key, url });
        Ok(())
    }

    fn witness(&mut self, words: &[&'a [u8]]) -> Result<(), PolicyFault> {
        let (name, text, url) = match words {
            [name, key] => (name, key, None),
            [name, key, url] => (name, key, Some(shown(url))),
            _ => return Err(PolicyFault::Shape("witness NAME VKEY [URL]")),
        };
        let (_, key) = read_key(text, &mut self.witness_keys)?;
        if key
            .as_ref()
            .is_some_and(|key| key.kind() == KeyType::Ed25519)
        {
            return Err(PolicyFault::LogKey(shown(text)));
        }
        self.define(name, Member::Witness(self.witnesses.len()))?;
        let name = shown(name);
        self.witnesses.push(Witness { name, key, url });
        Ok(())
    }

    fn group(&mut self, words: &[&'a [u8]]) -> Result<(), PolicyFault> {
        let [name, least, names @ ..] = words else {
            return Err(PolicyFault::Shape("group NAME all|any|NUMBER NAME..."));
        };
        if names.is_empty() {
            return Err(PolicyFault::Shape("group NAME all|any|NUMBER NAME..."));
        }
        let least = threshold(least, names.len())?;
        let mut members = Vec::with_capacity(names.len());
        for name in names {
            let known = self.names.get_mut(name);
            let (member, counted) = known.ok_or_else(|| PolicyFault::Unknown(shown(name)))?;
            if std::mem::replace(counted, true) {
                return Err(PolicyFault::CountedTwice(shown(name)));
            }
            members.push(*member);
        }
        self.define(name, Member::Group(self.groups.len()))?;
        let name = shown(name);
        self.groups.push(Group {
            name,
            least,
            members,
        });
        Ok(())
    }

    fn quorum(&mut self, words: &[&[u8]]) -> Result<(), PolicyFault> {
        let [name] = words else {
            return Err(PolicyFault::Shape("quorum NAME, or quorum none"));
        };
        let quorum = if *name == NONE {
            Quorum::Nobody
        } else {
            let known = self.names.get(name);
            Quorum::Of(known.ok_or_else(|| PolicyFault::Unknown(shown(name)))?.0)
        };
        match self.quorum.replace(quorum) {
            Some(_) => Err(PolicyFault::SecondQuorum),
            None => Ok(()),
        }
    }

    fn define(&mut self, name: &'a [u8], member: Member) -> Result<(), PolicyFault> {
        let taken = name == NONE || self.names.insert(name, (member, false)).is_some();
        if taken {
            return Err(PolicyFault::Taken(shown(name)));
        }
        Ok(())
    }
}

/// Reads a key that no line above has; one of a type that is not read here is
/// known by its name alone.
fn read_key(
    word: &[u8],
    above: &mut BTreeSet<Vec<u8>>,
) -> Result<(String, Option<VerifierKey>), PolicyFault> {
    let wrong = || PolicyFault::Key(shown(word));
    let text = std::str::from_utf8(word).map_err(|_| wrong())?;
    let spelt = Spelt::parse(text).ok_or_else(wrong)?;
    let key = match text.parse() {
        Ok(key) => Some(key),
        Err(_) if spelt.is_known() => return Err(wrong()),
        Err(_) => None,
    };
    let name = spelt.name.to_owned();
    if !above.insert(spelt.material) {
        return Err(PolicyFault::SameKey(name));
    }
    Ok((name, key))
}

fn threshold(word: &[u8], members: usize) -> Result<usize, PolicyFault> {
    let least = match word {
        b"all" => Some(members),
        b"any" => Some(1),
        digits => {
            let text = std::str::from_utf8(digits).ok();
            let text = text.filter(|text| text.bytes().all(|byte| byte.is_ascii_digit()));
            text.and_then(|text| text.parse().ok())
        }
    };
    let fits = least.filter(|least| (1..=members).contains(least));
    fits.ok_or_else(|| PolicyFault::Threshold {
        found: shown(word),
        members,
    })
}

fn shown(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}
