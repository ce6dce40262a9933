//! A small archive for tests: records written as in a dossier, numbered as in a ledger.

#![allow(dead_code, missing_docs, unreachable_pub)]

use std::collections::BTreeMap;

use chancery_core::day::Day;
use chancery_core::form::{Form, FormValue, Member, RecordForm, Span};
use chancery_core::quote::QuoteFault;
use chancery_core::record::{Custody, Reader, Record, RecordKind, Surroundings, Target};
use chancery_core::replay::{
    CommitmentItem, InstrumentItem, Question, Readings, Register, Standing,
};
use chancery_core::worlds::Certainty;

#[derive(Clone, Default)]
pub struct Archive {
    pub records: Vec<(u64, u64, Record)>,
    known: BTreeMap<String, Target>,
    next: u64,
    signer: u64,
}

impl Archive {
    /// Returns an archive that holds these records.
    pub fn of(dossier: &str) -> Self {
        let mut archive = Self::default();
        archive.append(dossier);
        archive
    }

    /// Appends a dossier as one submission. Kinds come in the order of their
    /// words; within one, records keep theirs.
    pub fn append(&mut self, dossier: &str) -> &mut Self {
        let table: toml::Table = dossier.parse().unwrap();
        let mut forms = Vec::new();
        for (kind, records) in table {
            for record in records.as_array().unwrap() {
                let (seq, members) = (self.next, members(record));
                self.next += 1;
                self.learn(&kind, seq, &members);
                forms.push((seq, kind.clone(), members));
            }
        }
        for (seq, kind, members) in forms {
            let kind_span = Span::default();
            let form = RecordForm {
                kind,
                kind_span,
                members,
            };
            let mut reader = Reader::new(self);
            let record = Record::read(&form, &mut reader);
            assert!(reader.faults.is_empty(), "{form:?}: {:?}", reader.faults);
            self.records.push((seq, self.signer, record.unwrap()));
        }
        self
    }

    /// Lets another key sign from here on.
    pub fn signed_by(&mut self, signer: u64) -> &mut Self {
        self.signer = signer;
        self
    }

    /// Lets a position pass without a record, as the key entries do.
    pub fn skip(&mut self, positions: u64) -> &mut Self {
        self.next += positions;
        self
    }

    pub fn seq(&self, id: &str) -> u64 {
        self.known[id].seq
    }

    pub fn readings(&self) -> Readings {
        Readings::of(self.records.iter().cloned())
    }

    pub fn on(&self, day: &str) -> Register {
        Register::of(&self.readings(), &question(day), None)
    }

    /// Returns how an actor stands to an instrument: `"party"`, `"signatory?"` if only possibly.
    pub fn standing(&self, instrument: &str, actor: &str, day: &str) -> String {
        let item = self.instrument(instrument, day);
        let of_actor = item.standings_of(self.seq(actor)).iter();
        let words: Vec<String> = of_actor
            .map(|item| told(item.standing.map_or("", Standing::word), item.certainty))
            .collect();
        words.join(" ")
    }

    pub fn instrument(&self, id: &str, day: &str) -> InstrumentItem {
        let items = self.on(day).instruments;
        items.into_iter().find(|item| item.id == id).unwrap()
    }

    pub fn commitment(&self, id: &str, day: &str) -> Option<CommitmentItem> {
        let items = self.on(day).commitments;
        items.into_iter().find(|item| item.id == id)
    }

    /// Returns the phases of a commitment, the uncertain with `?`.
    pub fn phase(&self, id: &str, day: &str) -> String {
        let phases = self
            .commitment(id, day)
            .map_or(Vec::new(), |item| item.phases);
        let word = |(phase, certainty): &(chancery_core::replay::Phase, Certainty)| {
            let word = phase.ending().map_or(phase.word(), |ending| ending.word());
            told(word, *certainty)
        };
        phases.iter().map(word).collect::<Vec<_>>().join(" ")
    }

    pub fn status(&self, id: &str, day: &str) -> String {
        let item = self.instrument(id, day);
        let words = item.statuses.iter();
        let words = words.map(|(status, certainty)| told(status.word(), *certainty));
        words.collect::<Vec<_>>().join(" ")
    }

    fn learn(&mut self, kind: &str, seq: u64, members: &[Member]) {
        let of_word = |word: &str| {
            let mut kinds = RecordKind::ALL.iter().copied();
            kinds.find(|kind| kind.name() == word).unwrap()
        };
        let kind = of_word(kind);
        let named = |key: &str| {
            let member = members.iter().find(|member| member.key == key)?;
            member.value.as_text()
        };
        let subject = named("corrects").or(named("supplements"));
        let subject = subject
            .and_then(|id| self.resolve(id))
            .map(|target| target.kind);
        let id = named("id").map_or_else(|| format!("{}-{seq}", kind.name()), str::to_owned);
        let held = true;
        self.known.insert(
            id,
            Target {
                seq,
                kind,
                held,
                subject,
            },
        );
    }
}

pub fn day(text: &str) -> Day {
    text.parse().unwrap()
}

pub fn question(on: &str) -> Question {
    Question::on(day(on), day("2016-08-27"))
}

pub fn told(word: &str, certainty: Certainty) -> String {
    let mark = match certainty {
        Certainty::Certain => "",
        Certainty::Possible => "?",
        Certainty::Contradictory => "contradictory",
    };
    format!("{word}{mark}")
}

pub fn of_standing(item: &InstrumentItem, standing: Standing) -> usize {
    item.standings
        .iter()
        .filter(|item| item.standing == Some(standing))
        .count()
}

impl Surroundings for Archive {
    fn id_of(&self, seq: u64) -> String {
        seq.to_string()
    }

    fn resolve(&self, reference: &str) -> Option<Target> {
        if let Some(seq) = reference.strip_prefix('#') {
            let seq = seq.parse().ok()?;
            return self
                .known
                .values()
                .find(|target| target.seq == seq)
                .copied();
        }
        self.known.get(reference).copied()
    }

    fn similar(&self, _reference: &str) -> Option<String> {
        None
    }

    fn locate(
        &self,
        _source: u64,
        _quote: &str,
        _around: (&str, &str),
    ) -> Result<Option<(u64, u64)>, QuoteFault> {
        Ok(None)
    }

    fn custody(&self, path: &str, _dossier: usize) -> Result<Custody, String> {
        let name = path.rsplit('/').next().unwrap_or(path).to_owned();
        Ok(Custody {
            digest: [0; 32],
            length: 0,
            name,
        })
    }
}

fn members(value: &toml::Value) -> Vec<Member> {
    let table = value.as_table().unwrap().iter();
    let member = |(key, value): (&String, &toml::Value)| Member {
        key: key.clone(),
        key_span: Span::default(),
        value: form(value),
    };
    table.map(member).collect()
}

fn form(value: &toml::Value) -> Form {
    let value = match value {
        toml::Value::String(text) => FormValue::Text(text.clone()),
        toml::Value::Integer(number) => FormValue::Whole(*number),
        toml::Value::Boolean(truth) => FormValue::Truth(*truth),
        toml::Value::Array(items) => FormValue::List(items.iter().map(form).collect()),
        toml::Value::Table(_) => FormValue::Table(members(value)),
        toml::Value::Float(number) => FormValue::Fraction(number.to_string()),
        toml::Value::Datetime(date) => FormValue::Text(date.to_string()),
    };
    Form {
        span: Span::default(),
        value,
    }
}
