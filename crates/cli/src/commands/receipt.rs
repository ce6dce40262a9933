//! The receipt: what an `append` has recorded, or would record.

use chancery_chain::Head;
use chancery_ledger::{Proposal, Receipt};
use serde_json::json;

use crate::context::Context;
use crate::failure::Failure;
use crate::view::say::number;

/// What was proposed, and what of it is recorded.
pub(super) struct Done {
    pub(super) recorded: Vec<Receipt>,
    is_export: bool,
    /// How many submissions have anything new.
    submissions: usize,
    records: usize,
    already_held: usize,
    left_out: Vec<u64>,
}

impl Done {
    /// Returns what was proposed, nothing of it recorded yet.
    pub(super) fn of(proposals: &[Proposal], is_export: bool) -> Self {
        let new = proposals.iter().filter(|one| !one.records.is_empty());
        Self {
            recorded: Vec::new(),
            is_export,
            submissions: new.count(),
            records: proposals.iter().map(|one| one.records.len()).sum(),
            already_held: proposals.iter().map(|one| one.already_held).sum(),
            left_out: proposals
                .iter()
                .flat_map(|one| one.left_out.clone())
                .collect(),
        }
    }

    /// Adds to a failure what was recorded before it.
    pub(super) fn before(&self, failure: Failure) -> Failure {
        match (self.recorded.first(), self.recorded.last()) {
            (Some(first), Some(last)) if self.recorded.len() > 1 => {
                let (first, last) = (first.submission, last.submission);
                failure.hint(format!("submissions {first} to {last} were recorded"))
            }
            (Some(only), _) => failure.hint(format!("submission {} was recorded", only.submission)),
            _ => failure,
        }
    }

    /// Prints the receipt.
    pub(super) fn tell(
        &self,
        context: &mut Context,
        dry_run: bool,
        head: &Head,
    ) -> Result<(), Failure> {
        if context.global.json {
            context.out.json(&self.json(head))?;
            return context.out.finish();
        }
        context.out.line(self.line(dry_run))?;
        context
            .out
            .line(format!("size: {}\nhead: {}", head.size, head.hash))?;
        if !self.left_out.is_empty() {
            let left_out = self.left_out.iter().map(|seq| format!("#{seq}"));
            let left_out: Vec<String> = left_out.collect();
            context
                .out
                .line(format!("left out: {}", left_out.join(", ")))?;
            context.notice("nobody attests what they appended; append it with another --key too");
        }
        context.out.finish()
    }

    fn line(&self, dry_run: bool) -> String {
        let already = match self.already_held {
            0 => String::new(),
            held => format!(", {held} already held"),
        };
        let records = number(self.records, "record", "records");
        match (self.recorded.first(), self.recorded.last()) {
            (Some(one), Some(last)) => {
                let (first, end) = (one.first, last.last);
                let submissions = if self.recorded.len() == 1 {
                    format!("submission {}", one.submission)
                } else {
                    format!("submissions {} to {}", one.submission, last.submission)
                };
                format!("recorded {submissions}: {records} as entries {first} to {end}{already}")
            }
            _ if dry_run => {
                let of = if self.is_export && self.submissions > 1 {
                    format!(" in {} submissions", self.submissions)
                } else {
                    String::new()
                };
                format!("would record {records}{of}{already}; nothing was written")
            }
            _ => format!("nothing new{already}"),
        }
    }

    fn json(&self, head: &Head) -> serde_json::Value {
        let (first, last) = (self.recorded.first(), self.recorded.last());
        let mut receipt = json!({
            "schema": "chancery.receipt/1",
            "submission": last.map(|receipt| receipt.submission),
            "first": first.map(|receipt| receipt.first.get()),
            "last": last.map(|receipt| receipt.last.get()),
            "size": head.size.get(),
            "head": head.hash.to_string(),
            "records": self.records,
            "already_held": self.already_held,
        });
        if self.is_export {
            receipt["submissions"] = json!(self.submissions);
            receipt["left_out"] = json!(self.left_out);
        }
        receipt
    }
}
