//! `chancery repair`: rebuilds what is damaged from the other copy.

use chancery_ledger::repair::repair;

use super::verify::line;
use crate::context::Context;
use crate::failure::{Exit, Failure};

/// Repairs the ledger, and says what was done and what could not be.
///
/// # Errors
/// Something is still damaged, or the system failed.
pub fn run(context: &mut Context) -> Result<(), Failure> {
    let folder = context.folder()?;
    let outcome = repair(&folder).map_err(|error| {
        Failure::of(Exit::No, &error)
            .hint("nothing was thrown away; `chancery verify` names what is damaged")
    })?;
    if context.global.json {
        let told = |findings: &[chancery_chain::Finding]| {
            findings
                .iter()
                .map(super::verify::finding_json)
                .collect::<Vec<_>>()
        };
        context.out.json(&serde_json::json!({
            "schema": "chancery.repair/1",
            "done": told(&outcome.done),
            "left": told(&outcome.left),
        }))?;
    } else {
        for finding in &outcome.done {
            context.out.line(&finding.message)?;
        }
        if outcome.done.is_empty() && outcome.left.is_empty() {
            context.out.line("nothing to repair")?;
        }
        for finding in &outcome.left {
            context
                .out
                .line(format!("not repaired: {}", line(finding)))?;
        }
    }
    if outcome.left.is_empty() {
        Ok(())
    } else {
        Err(Failure::told(Exit::No))
    }
}
