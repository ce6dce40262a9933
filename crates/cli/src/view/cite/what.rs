//! What a record is about, in the words of a citation.

use chancery_core::date::Date;
use chancery_core::record::{Actor, ActorRef, AnyRef, InstrumentKind, Parties, Record};
use chancery_core::replay::{Readings, text};

/// Who said or did what, and when.
pub(super) struct What<'a> {
    pub(super) described: String,
    pub(super) treaty: bool,
    pub(super) who: Vec<String>,
    pub(super) title: String,
    pub(super) date: Option<&'a Date>,
    pub(super) place: Option<&'a String>,
}

/// Returns what a record is about.
pub(super) fn of<'a>(readings: &Readings, record: &'a Record) -> What<'a> {
    let (described, treaty) = described(record);
    let (date, place) = when(record);
    What {
        described,
        treaty,
        who: who(readings, record),
        title: title(readings, record),
        date,
        place,
    }
}

/// Returns the sort of record, and whether it is of a treaty.
fn described(record: &Record) -> (String, bool) {
    use InstrumentKind as K;
    let kind = record.kind().name();
    match record {
        Record::Statement(said) => (format!("{kind}, {}", said.mode.word()), false),
        Record::Instrument(instrument) => {
            let treaty = matches!(
                instrument.kind,
                K::Treaty | K::Agreement | K::Protocol | K::ExchangeOfNotes
            );
            (instrument.kind.word().replace('-', " "), treaty)
        }
        Record::Event(event) => {
            let kind = event.kind.map_or(kind, |kind| kind.word());
            (kind.replace('-', " "), false)
        }
        Record::Source(source) => (source.kind.clone().unwrap_or(kind.to_owned()), false),
        _ => (kind.to_owned(), false),
    }
}

fn who(readings: &Readings, record: &Record) -> Vec<String> {
    let named = |actors: &[ActorRef]| actors.iter().map(|actor| name(readings, *actor)).collect();
    match record {
        Record::Statement(said) => named(&said.speakers),
        Record::Source(source) => source.creator.iter().cloned().collect(),
        Record::Office(office) => named(&[office.person]),
        Record::Act(act) => named(&[act.by]),
        Record::Claim(claim) => named(&claim.by),
        Record::Operation(operation) => named(operation.by.as_deref().unwrap_or_default()),
        Record::Commitment(commitment) => match &commitment.debtors {
            Parties::Listed(actors) => named(actors),
            Parties::OfInstrument => vec!["the parties".to_owned()],
        },
        _ => Vec::new(),
    }
}

fn name(readings: &Readings, actor: ActorRef) -> String {
    let found = readings.get::<Actor>(actor.0);
    found.map_or_else(|| readings.id_of(actor.0), |(_, actor)| actor.name.clone())
}

fn title(readings: &Readings, record: &Record) -> String {
    let of = |seq: u64| subject(readings, seq);
    let ids = |refs: &[AnyRef]| {
        let ids: Vec<String> = refs.iter().map(|seq| readings.id_of(seq.0)).collect();
        ids.join(", ")
    };
    match record {
        Record::Act(act) => format!("{}: {}", words(act.kind.word()), of(act.instrument.0)),
        Record::Occurrence(it) => format!("{}: {}", words(it.kind.word()), of(it.instrument.0)),
        Record::Operation(it) => format!("{}: {}", words(it.kind.word()), of(it.commitment.0)),
        Record::Claim(claim) => format!("{}: {}", words(claim.claims.word()), of(claim.about.0)),
        Record::Office(office) => format!("{}, {}", office.title, name(readings, office.of)),
        Record::Attestation(it) => format!("attestation of {}: {}", ids(&it.attests), it.grounds),
        Record::Supplement(it) => format!("supplement to {}", readings.id_of(it.supplements.0)),
        Record::Correction(it) => {
            format!(
                "correction of {}: {}",
                readings.id_of(it.corrects.0),
                it.reason
            )
        }
        Record::Retraction(it) => {
            format!(
                "retraction of {}: {}",
                readings.id_of(it.retracts.0),
                it.reason
            )
        }
        other => own(other).unwrap_or_else(|| "without words".to_owned()),
    }
}

/// Returns what a record is called, or what it says, if it says something itself.
fn own(record: &Record) -> Option<String> {
    Some(match record {
        Record::Actor(actor) => actor.name.clone(),
        Record::Source(source) => source.title.clone(),
        Record::Event(event) => event.title.clone(),
        Record::Issue(issue) => issue.title.clone(),
        Record::Instrument(instrument) => instrument.title.clone(),
        Record::Commitment(commitment) => commitment.text.clone(),
        Record::Statement(said) => return text(said),
        _ => return None,
    })
}

fn subject(readings: &Readings, seq: u64) -> String {
    let found = readings
        .reading(seq)
        .and_then(|reading| own(&reading.record));
    found.unwrap_or_else(|| readings.id_of(seq))
}

fn words(word: &str) -> String {
    word.replace('-', " ")
}

fn when(record: &Record) -> (Option<&Date>, Option<&String>) {
    match record {
        Record::Statement(said) => (Some(&said.said), said.place.as_ref()),
        Record::Instrument(it) => (it.adopted.as_ref(), it.place.as_ref()),
        Record::Event(it) => (
            it.held.as_ref().or(it.planned_for.as_ref()),
            it.place.as_ref(),
        ),
        Record::Source(source) => (source.published.as_ref(), source.place.as_ref()),
        Record::Issue(issue) => (issue.opened.as_ref(), None),
        Record::Office(office) => (office.from.as_ref(), None),
        Record::Act(act) => (Some(&act.on), None),
        Record::Occurrence(it) => (Some(&it.on), None),
        Record::Operation(it) => (Some(&it.on), None),
        Record::Commitment(it) => (Some(&it.made), it.place.as_ref()),
        Record::Claim(claim) => (Some(&claim.said), None),
        _ => (None, None),
    }
}
