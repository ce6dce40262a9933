//! `chancery attest`: a second archivist's word that records agree with their sources.

use serde_json::json;

use super::append::submit;
use crate::args::{AppendArgs, AttestArgs};
use crate::context::Context;
use crate::dossier::Dossier;
use crate::failure::Failure;

/// Appends an attestation of the records named, as a submission of its own.
///
/// # Errors
/// As for `append`; and the key must not be the one that appended the records.
pub fn run(context: &mut Context, args: &AttestArgs) -> Result<(), Failure> {
    let line = json!({
        "record": "attestation",
        "attests": args.records,
        "grounds": args.grounds,
    });
    let mut dossier = Dossier::new(0, None, line.to_string().as_bytes());
    "the command line".clone_into(&mut dossier.name);
    let args = AppendArgs {
        files: Vec::new(),
        message: None,
        dry_run: args.dry_run,
        expect: None,
        key: args.key.iter().cloned().collect(),
        checkpoint: false,
        accept_clock_jump: false,
    };
    submit(context, &[dossier], &args)
}
