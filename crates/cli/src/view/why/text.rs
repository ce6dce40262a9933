//! A proof as people read it.

use chancery_core::record::{RecordKind, Source};
use chancery_core::replay::why::{Answer, Bound, Decided, Proof, Subject};
use chancery_core::replay::{Contradiction, Field, Happening, Readings};
use chancery_core::worlds::Certainty;

use super::Rested;
use super::rule::{self, days};
use crate::view::page::Page;
use crate::view::say;
use crate::view::show;

const INDENT: usize = 2;
const BELOW: usize = 4;
/// What it means that a day decides.
const DECIDES: &str = "(a day decides if to move it to one side of the day asked about, or to the other, \
                       gives another answer)";
/// How many records are shown in full, unless all are asked for.
const IN_FULL: usize = 8;

/// Adds a proof.
pub fn proof(page: &mut Page, readings: &Readings, proof: &Proof, rested: &[Rested], all: bool) {
    page.heading(&title(readings, proof));
    for contradiction in &proof.contradictions {
        contradictory(page, readings, contradiction);
    }
    if !proof.days.is_empty() {
        page.heading("The days it rests on");
        let (shown, others): (Vec<_>, Vec<_>) = proof
            .days
            .iter()
            .partition(|bound| all || decides(bound) || !is_deposit(proof, bound.of));
        for bound in shown {
            one_day(page, readings, bound);
        }
        if !others.is_empty() {
            let number = say::number(others.len(), "other deposit", "other deposits");
            page.aside(INDENT, &format!("and those of {number}, told below"));
        }
        if proof.days.iter().any(decides) {
            page.aside(INDENT, DECIDES);
        }
        untried(page, proof);
    }
    let lines = rule::lines(readings, proof, all);
    if let Some(instrument) = proof.instrument.filter(|_| !lines.is_empty()) {
        page.heading(&format!(
            "Entry into force of {}",
            readings.id_of(instrument)
        ));
        for line in lines {
            let deeper = line.len() - line.trim_start().len();
            page.text(INDENT + deeper, line.trim_start());
        }
    }
    worlds(page, readings, proof);
    records(page, readings, proof, rested, all);
    if !all && !proof.counted.is_empty() {
        let count = proof.counted.len();
        let number = say::number(count, "further consent", "further consents");
        let text = format!("The rule may have counted {number} by that day; --all shows them.");
        page.gap();
        page.text(0, &text);
    }
    sources(page, readings, rested);
}

fn decides(bound: &Bound) -> bool {
    bound.decides == Some(true)
}

/// Says of how many days it was not tried whether they decide.
fn untried(page: &mut Page, proof: &Proof) {
    let untried = proof.days.iter().filter(|bound| bound.decides.is_none());
    let count = untried.count();
    if count > 0 {
        let number = say::number(count, "further day", "further days");
        let text = format!("(whether {number} would decide was not tried)");
        page.aside(INDENT, &text);
    }
}

/// Returns whether a day is that of a deposit which completed the conditions of
/// a rule, and which is told with the rule.
fn is_deposit(proof: &Proof, of: Happening) -> bool {
    let force = proof.force.as_ref();
    let derived = force.and_then(|force| force.derived.as_ref());
    derived.is_some_and(|derived| derived.completed_by.iter().any(|by| by.seq == of.seq))
        && !matches!(proof.subject, Subject::Record(seq) if seq == of.seq)
}

/// Returns what is asked about, with the answer if a day is asked of it at all.
fn title(readings: &Readings, proof: &Proof) -> String {
    let subject = subject(readings, proof.subject);
    let seq = match proof.subject {
        Subject::Record(seq) => Some(seq),
        Subject::Standing { .. } => None,
    };
    let kind = seq.and_then(|seq| readings.reading(seq));
    let kind = kind.map(|reading| reading.record.kind());
    let timeless = matches!(
        kind,
        Some(
            RecordKind::Actor
                | RecordKind::Source
                | RecordKind::Attestation
                | RecordKind::Supplement
                | RecordKind::Correction
                | RecordKind::Retraction
        )
    );
    if timeless {
        subject
    } else {
        format!("{subject}: {}", answer(proof))
    }
}

fn subject(readings: &Readings, subject: Subject) -> String {
    match subject {
        Subject::Record(seq) => {
            let kind = readings.reading(seq).map(|reading| reading.record.kind());
            let kind = kind.map_or("record", RecordKind::name);
            format!("{kind} {}", readings.id_of(seq))
        }
        Subject::Standing { instrument, actor } => {
            format!(
                "{} to {}",
                readings.id_of(actor),
                readings.id_of(instrument)
            )
        }
    }
}

/// Returns the answer in words: what is certain, or what is possible.
fn answer(proof: &Proof) -> String {
    let mut since = proof.since.iter();
    let word = |answer: &Answer| {
        let since = since
            .next()
            .map(|since| format!(" since {}", say::dated(since)));
        let since = since.unwrap_or_default();
        let word = answer.word.replace('-', " ");
        match answer.certainty {
            Certainty::Certain => format!("certainly {word}{since}"),
            Certainty::Possible => format!("possibly {word}{since}"),
            Certainty::Contradictory => "the answer is withheld".to_owned(),
        }
    };
    let words: Vec<String> = proof.answers.iter().map(word).collect();
    if words.is_empty() {
        return "nothing is told of it for this day".to_owned();
    }
    words.join("; ")
}

fn contradictory(page: &mut Page, readings: &Readings, contradiction: &Contradiction) {
    let records: Vec<String> = contradiction
        .records
        .iter()
        .map(|seq| format!("{} (#{seq})", readings.id_of(*seq)))
        .collect();
    let text = format!(
        "there is no world in which these records are all right: {}",
        records.join(", ")
    );
    page.text(INDENT, &text);
}

fn happening(readings: &Readings, of: Happening) -> String {
    let field = of.field.name().replace('_', " ");
    // What lasted has two days under one field.
    let end = if of.field == Field::HeldUntil {
        " to the end"
    } else {
        ""
    };
    format!("{} (#{}) {field}{end}", readings.id_of(of.seq), of.seq)
}

fn one_day(page: &mut Page, readings: &Readings, bound: &Bound) {
    let mut words = vec![if bound.date.edtf.is_empty() {
        "undated".to_owned()
    } else {
        bound.date.told()
    }];
    let phrase = bound.date.phrase.as_ref();
    words.extend(phrase.map(|phrase| format!("“{phrase}”")));
    let written = days(bound.written);
    let is_told = bound.date.edtf.is_empty() || bound.date.calendar_note().is_some();
    if written != bound.date.edtf && !is_told {
        words.push(format!("as written {written}"));
    }
    if bound.believed != bound.written {
        words.push(format!("strictly taken {}", days(bound.believed)));
    }
    if bound.left != bound.believed {
        let by = say::ids(readings, &bound.narrowed_by);
        words.push(format!("narrowed to {} beside {by}", days(bound.left)));
    }
    if decides(bound) {
        words.push("it decides".to_owned());
    }
    let head = format!("{}:", happening(readings, bound.of));
    page.item(INDENT, &head, &words.join("; "));
    if let Some(because) = &bound.date.because {
        page.text(BELOW, &format!("because: {because}"));
    }
}

fn worlds(page: &mut Page, readings: &Readings, proof: &Proof) {
    let possible = |answer: &&Answer| answer.certainty == Certainty::Possible;
    if !proof.answers.iter().any(|answer| possible(&answer)) {
        return;
    }
    page.heading("Possible worlds");
    for answer in proof.answers.iter().filter(possible) {
        let word = answer.word.replace('-', " ");
        let found = proof
            .worlds
            .iter()
            .find(|worlds| worlds.word == answer.word);
        if let Some(found) = found {
            decided(page, readings, &word, found);
            continue;
        }
        let text = format!(
            "{word}: of the days that were tried none make it certain and others not so; \
             what is open may stand in no record"
        );
        page.text(INDENT, &text);
    }
}

fn decided(page: &mut Page, readings: &Readings, word: &str, found: &Decided) {
    let days = |world: &[(Happening, chancery_core::day::Day)]| {
        let each: Vec<String> = world
            .iter()
            .map(|(of, day)| format!("{} {day}", happening(readings, *of)))
            .collect();
        each.join(", ")
    };
    page.text(INDENT, &format!("{word}, with {}", days(&found.holds)));
    let rest = "all other days being the same";
    page.text(
        INDENT,
        &format!("not {word}, with {}, {rest}", days(&found.fails)),
    );
}

/// Adds the records: those whose day decides always in full, of the others the
/// foremost, unless all are asked for.
fn records(page: &mut Page, readings: &Readings, proof: &Proof, rested: &[Rested], all: bool) {
    let decides = |seq: u64| {
        let mut days = proof.days.iter();
        days.any(|bound| decides(bound) && bound.of.seq == seq)
    };
    let mut more = Vec::new();
    for (place, each) in rested.iter().enumerate() {
        if !all && place >= IN_FULL && !decides(each.shown.seq) {
            more.push(format!("{} (#{})", each.shown.id, each.shown.seq));
            continue;
        }
        show::text::record(page, readings, &each.entry, &each.shown);
        if each.shown.evidence.is_empty() {
            page.gap();
            page.text(INDENT, "no source is named by the record itself");
        }
    }
    if !more.is_empty() {
        page.heading("It rests on these as well; --all shows them in full");
        page.text(INDENT, &more.join(", "));
    }
}

/// Adds the sources that the records cite, each with what it was made from.
fn sources(page: &mut Page, readings: &Readings, rested: &[Rested]) {
    let mut seqs: Vec<u64> = Vec::new();
    for piece in rested.iter().flat_map(|each| &each.shown.evidence) {
        let seq = piece.evidence.source.0;
        if !seqs.contains(&seq) {
            seqs.push(seq);
        }
    }
    if seqs.is_empty() {
        return;
    }
    page.heading("Sources");
    for seq in seqs {
        let Some((_, source)) = readings.get::<Source>(seq) else {
            continue;
        };
        let mut words = vec![source.title.clone()];
        let published = source.published.as_ref();
        words.extend(published.map(|date| format!("published {}", date.told())));
        words.push(match &source.file {
            Some(file) => format!(
                "held, BLAKE3 {}",
                chancery_chain::Digest::from_bytes(file.digest)
            ),
            None => "its text is not held".to_owned(),
        });
        if let Some(from) = &source.derived_from {
            let from: Vec<u64> = from.iter().map(|from| from.0).collect();
            words.push(format!("made from {}", say::ids(readings, &from)));
        }
        page.item(
            INDENT,
            &format!("{} (#{seq}):", readings.id_of(seq)),
            &words.join("; "),
        );
    }
}
