//! Where each entry comes from, in the terms of W3C PROV-O, as JSON-LD.
//!
//! Every key and type is written with its prefix and the context stands inside,
//! so that nothing has to be fetched to read it.

use chancery_chain::{Hash, Keyring, Seq};
use chancery_core::record::{Evidence, Names as _, Record};
use chancery_core::replay::{Reading as RecordReading, Readings};
use chancery_ledger::history::{self, Submission};
use serde_json::{Map, Value, json};

use super::lines::ExportNames;
use crate::clock;
use crate::context::{Context, Reading};
use crate::explain;
use crate::failure::Failure;
use crate::forms;

/// What everything is named after.
struct Iris {
    origin: String,
    hashes: Vec<Hash>,
}

/// Writes the document to standard output.
///
/// # Errors
/// The ledger cannot be read.
pub(super) fn write(context: &mut Context) -> Result<(), Failure> {
    let reading = context.read()?;
    let submissions =
        history::submissions(&reading.roll).map_err(|error| explain::history(&error))?;
    let submissions: Vec<Submission> = submissions
        .into_iter()
        .filter(|submission| submission.end() <= reading.cut.size)
        .collect();
    let readings = reading.readings()?;
    let iris = Iris::of(&reading)?;
    let mut graph = Vec::new();
    let mut signers: Vec<Seq> = submissions.iter().map(|one| one.signer).collect();
    signers.sort_unstable();
    signers.dedup();
    graph.extend(
        signers
            .into_iter()
            .map(|signer| iris.agent(signer, reading.keys.keyring())),
    );
    graph.extend(
        submissions
            .iter()
            .map(|submission| iris.activity(submission)),
    );
    for read in readings.all() {
        graph.push(iris.entity(read, &readings, &submissions));
    }
    context.out.json(&json!({
        "@context": {
            "prov": "http://www.w3.org/ns/prov#",
            "xsd": "http://www.w3.org/2001/XMLSchema#",
            "chancery": "urn:chancery:terms:",
        },
        "@graph": graph,
    }))
}

impl Iris {
    fn of(reading: &Reading) -> Result<Self, Failure> {
        let mut hashes = Vec::new();
        for entry in reading.roll.entries(Seq::FIRST) {
            let (seq, entry) = entry.map_err(|error| explain::read(&error))?;
            if !reading.cut.size.holds(seq) {
                break;
            }
            hashes.push(Hash::of_envelope(&entry.envelope));
        }
        let origin = escaped(reading.origin.as_str());
        Ok(Self { origin, hashes })
    }

    /// Returns the name of the entry at a position, which no other ledger's entry has.
    fn name(&self, seq: u64) -> String {
        let hash = usize::try_from(seq).ok().and_then(|at| self.hashes.get(at));
        match hash {
            Some(hash) => format!("urn:chancery:{}:{hash}", self.origin),
            None => format!("urn:chancery:{}:{seq}", self.origin),
        }
    }

    fn named(&self, seq: u64) -> Value {
        json!({ "@id": self.name(seq) })
    }

    fn agent(&self, signer: Seq, keyring: &Keyring) -> Value {
        let name = keyring.get(signer).map(|key| key.name.as_str());
        json!({ "@id": self.name(signer.get()), "@type": "prov:Agent", "chancery:name": name })
    }

    fn activity(&self, submission: &Submission) -> Value {
        json!({
            "@id": self.name(submission.last.get()),
            "@type": "prov:Activity",
            "chancery:submission": submission.number,
            "prov:endedAtTime": {
                "@type": "xsd:dateTime",
                "@value": clock::written(submission.recorded_at),
            },
            "prov:wasAssociatedWith": self.named(submission.signer.get()),
        })
    }

    fn entity(
        &self,
        read: &RecordReading,
        readings: &Readings,
        submissions: &[Submission],
    ) -> Value {
        let record = read.original();
        let names = ExportNames(readings);
        let kind = record.kind().name();
        let mut entity = Map::new();
        let mut put = |key: &str, value: Value| {
            entity.insert(key.to_owned(), value);
        };
        put("@id", json!(self.name(read.seq)));
        put("@type", json!(["prov:Entity", format!("chancery:{kind}")]));
        put("chancery:seq", json!(read.seq));
        put("chancery:name", json!(names.name(read.seq)));
        let made = made_by(submissions, read.seq).map(|made| self.named(made.last.get()));
        put("prov:wasGeneratedBy", json!(made));
        put("prov:wasAttributedTo", self.named(read.signer));
        self.revises(record, &mut put);
        if let Some(by) = read.retracted_by() {
            let by = made_by(submissions, by).map(|made| self.named(made.last.get()));
            put("prov:wasInvalidatedBy", json!(by));
        }
        if !record.evidence().is_empty() {
            self.rests_on(record.evidence(), &mut put);
        }
        let members = record.write(&names);
        let written = forms::record(kind, &members);
        put(
            "chancery:record",
            json!({ "@type": "@json", "@value": written }),
        );
        entity.retain(|_, value| !value.is_null());
        Value::Object(entity)
    }

    /// Says of which entry this is a revision, or which it vouches for.
    fn revises(&self, record: &Record, put: &mut dyn FnMut(&str, Value)) {
        match record {
            Record::Correction(_) | Record::Supplement(_) => {
                put(
                    "prov:wasRevisionOf",
                    json!(record.subject().map(|seq| self.named(seq))),
                );
            }
            Record::Retraction(_) => {
                put(
                    "prov:wasInfluencedBy",
                    json!(record.subject().map(|seq| self.named(seq))),
                );
            }
            Record::Attestation(attestation) => {
                let attests = attestation.attests.iter().map(|attested| attested.0);
                let influences = attests.clone().map(|seq| {
                    json!({
                        "@type": "prov:EntityInfluence",
                        "prov:entity": self.named(seq),
                        "chancery:grounds": attestation.grounds,
                    })
                });
                put("prov:qualifiedInfluence", influences.collect());
                put(
                    "prov:wasInfluencedBy",
                    attests.map(|seq| self.named(seq)).collect(),
                );
            }
            _ => {}
        }
    }

    /// Says from which sources this was taken, and from which words of them.
    fn rests_on(&self, evidence: &[Evidence], put: &mut dyn FnMut(&str, Value)) {
        let sources = |quoted: bool| -> Vec<Value> {
            let of = evidence
                .iter()
                .filter(|piece| piece.quote.is_some() == quoted);
            of.map(|piece| self.named(piece.source.0)).collect()
        };
        let qualified = evidence.iter().map(|piece| {
            let quoted = piece.quote.is_some();
            let mut derivation = json!({
                "@type": if quoted { "prov:Quotation" } else { "prov:PrimarySource" },
                "prov:entity": self.named(piece.source.0),
            });
            let texts = [
                ("chancery:quote", &piece.quote),
                ("chancery:prefix", &piece.prefix),
                ("chancery:suffix", &piece.suffix),
                ("chancery:locator", &piece.locator),
            ];
            for (key, text) in texts.into_iter().filter(|(_, text)| text.is_some()) {
                derivation[key] = json!(text);
            }
            for (key, at) in [("chancery:start", piece.start), ("chancery:end", piece.end)] {
                if at.is_some() {
                    derivation[key] = json!(at);
                }
            }
            derivation
        });
        let all: Vec<Value> = evidence
            .iter()
            .map(|piece| self.named(piece.source.0))
            .collect();
        put("prov:wasDerivedFrom", json!(all));
        for (key, sources) in [
            ("prov:wasQuotedFrom", sources(true)),
            ("prov:hadPrimarySource", sources(false)),
        ] {
            if !sources.is_empty() {
                put(key, json!(sources));
            }
        }
        put("prov:qualifiedDerivation", qualified.collect());
    }
}

/// Returns the submission that holds a position.
fn made_by(submissions: &[Submission], seq: u64) -> Option<&Submission> {
    let at = submissions.partition_point(|submission| submission.last.get() < seq);
    submissions.get(at)
}

/// Returns a ledger's name as it stands in an IRI: all but plain characters as `%XX`.
fn escaped(name: &str) -> String {
    let mut escaped = String::new();
    for byte in name.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~/".contains(&byte) {
            escaped.push(char::from(byte));
        } else {
            escaped.push_str(&format!("%{byte:02X}"));
        }
    }
    escaped
}
