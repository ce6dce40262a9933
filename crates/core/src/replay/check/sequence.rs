//! What the records say of sequence: records that cannot all be right, and
//! orders that say nothing.

use std::collections::BTreeSet;

use super::Code;
use super::desk::{Desk, put};
use crate::replay::links::Contradiction;
use crate::replay::readings::Reading;

pub(super) fn check(desk: &mut Desk<'_>) {
    let register = desk.register;
    for contradiction in &register.contradictions {
        contradictory(desk, contradiction);
    }
    let context = desk.context;
    let counting = context.readings.all().iter();
    for reading in counting.filter(|reading| reading.counts()) {
        with_itself(desk, reading);
    }
}

fn contradictory(desk: &mut Desk<'_>, contradiction: &Contradiction) {
    let told = |finding: &super::Finding| {
        finding.code == Code::EndsBeforeItBegins && finding.seqs == contradiction.records
    };
    // One record that ends before it begins has been told of already.
    if desk.found.iter().any(told) {
        return;
    }
    let mut seen = BTreeSet::new();
    let mut each = Vec::new();
    for happening in &contradiction.happenings {
        let reading = desk.context.readings.reading(happening.seq);
        let date = reading.and_then(|reading| happening.field.date(&reading.record));
        if let Some(date) = date.filter(|_| seen.insert((happening.seq, happening.field.name()))) {
            let (id, field) = (desk.id(happening.seq), happening.field.name());
            each.push(format!("`{field}` of {id} ({})", put(date)));
        }
    }
    let said_by: Vec<u64> = contradiction
        .records
        .iter()
        .copied()
        .filter(|seq| !contradiction.happenings.iter().any(|day| day.seq == *seq))
        .collect();
    let mut message = format!("these days cannot all be right: {}", each.join(", "));
    if !said_by.is_empty() {
        message = format!("{message}, by what is said in {}", desk.ids(&said_by));
    }
    desk.tell(Code::CannotAllBeRight, &contradiction.records, message);
}

fn with_itself(desk: &mut Desk<'_>, reading: &Reading) {
    for order in reading.record.orders() {
        if order.named() == Some(reading.seq) {
            let message = format!("the `order` of {} names itself", desk.id(reading.seq));
            desk.tell(Code::OrderWithItself, &[reading.seq], message);
        }
    }
}
