//! What is odd in the record, as JSON.

use chancery_core::replay::Readings;
use chancery_core::replay::check::{Finding, Severity};
use serde_json::{Map, Value, json};

use crate::view::say;

/// Returns the findings, and how many there are of each severity.
pub fn findings(readings: &Readings, found: &[Finding]) -> Map<String, Value> {
    let number = |severity| {
        let of = found
            .iter()
            .filter(|finding| finding.severity() == severity);
        of.count()
    };
    let counts = json!({
        "contradictions": number(Severity::Contradiction),
        "oddities": number(Severity::Oddity),
        "notices": number(Severity::Notice),
    });
    let each = found.iter().map(|finding| one(readings, finding));
    let mut answer = Map::new();
    answer.insert("counts".to_owned(), counts);
    answer.insert("findings".to_owned(), each.collect());
    answer
}

fn one(readings: &Readings, finding: &Finding) -> Value {
    let record = |seq: &u64| json!({ "id": readings.id_of(*seq), "seq": seq });
    json!({
        "code": finding.code.word(),
        "severity": finding.severity().word(),
        "certainty": say::certainty(finding.certainty),
        "message": finding.message,
        "help": finding.code.help(),
        "records": finding.seqs.iter().map(record).collect::<Value>(),
    })
}
