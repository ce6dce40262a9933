//! `chancery verify`: is anything altered or removed?

mod against;
mod back_dated;
mod bare;
mod copies;
mod json;
mod part;
mod pin;
mod record;
mod signed;
mod stamped;
mod text;
mod verdict;

use chancery_chain::Severity;
use chancery_ledger::verify::{look_at_store, verify_part};
use chancery_store::verify::{Level, VerifyError};

use crate::args::VerifyArgs;
use crate::clock;
use crate::context::Context;
use crate::failure::{Exit, Failure};
use crate::progress::Progress;

use pin::{Pin, Pinned};
use record::{Timed, record};
use signed::Signed;
use stamped::Stamped;

pub(crate) use against::founding_hash;
pub(crate) use json::finding_json;
pub(crate) use text::line;

/// What those say who do not keep the ledger: witnesses, authorities on time, and
/// the auditor's own pin.
struct Outside {
    signed: Vec<Signed>,
    stamped: Vec<Stamped>,
    pinned: Option<Pinned>,
}

/// Verifies the ledger, and reports all that was found.
///
/// # Errors
/// There is no ledger, or something is damaged: the answer is no.
pub fn run(context: &mut Context, args: &VerifyArgs) -> Result<(), Failure> {
    let quiet = context.global.quiet || context.global.json;
    let bare = bare::of(args, quiet)?;
    let folder = match &bare {
        Some(bare) => bare.folder.path().to_owned(),
        None => context.folder()?,
    };
    let policy = signed::policy(args)?;
    let stamps = stamped::read(args)?;
    let pin = args.pin.as_deref().map(Pin::read).transpose()?;
    let against = against::read(args, pin.as_ref())?;
    let mut wanted = part::read(&args.part)?;
    // Whoever brings a checkpoint, or asks who signed the ledger's own, asks for this.
    if !against.checkpoints.is_empty() || policy.is_some() || pin.is_some() {
        wanted.part.levels = wanted.part.levels.with(Level::Checkpoint);
    }
    let mut bar = Progress::new("verifying", "entries", quiet);
    let began = clock::now();
    let mut told = |done, total| bar.at(done, total);
    let verifying = match &bare {
        Some(bare) => bare.verify(&against, &wanted.part, &mut told),
        None => verify_part(&folder, &against, &wanted.part, &mut told),
    };
    let mut verified = verifying.map_err(|error| failure(&error))?;
    drop(bar);
    copies::check(&folder, &args.against, &mut verified)?;
    if args.store {
        verified.report.findings.extend(look_at_store(&folder));
    }
    let checkpoints = &against.checkpoints;
    let signed = policy.map(|policy| signed::judge(&policy, &folder, checkpoints, &mut verified));
    let signed = signed.unwrap_or_default();
    let stamped = stamps.judge(&folder, checkpoints, &mut verified)?;
    back_dated::tell(&folder, &signed, &stamped, &mut verified);
    let pinned = pin.map(|pin| pin.follow(&folder, &verified)).transpose();
    let outside = Outside {
        signed,
        stamped,
        pinned: pinned.as_ref().ok().cloned().flatten().flatten(),
    };
    let timed = Timed {
        began,
        took: clock::since(began),
    };
    if context.global.json {
        context
            .out
            .json(&json::of(&verified, &outside, wanted.seed))?;
    } else {
        text::tell(context, &verified, &outside, wanted.seed, &timed)?;
    }
    if let Some(path) = record(&folder, &args.part, &verified, wanted.seed, &timed)? {
        context.out.finish()?;
        context.notice(&format!("recorded in {}", path.display()));
    }
    pinned?;
    match verified.report.worst() {
        Some(Severity::Damage) => Err(Failure::told(Exit::No)),
        Some(Severity::Gap) => Err(Failure::told(Exit::Partial)),
        Some(Severity::Notice) | None => Ok(()),
    }
}

fn failure(error: &VerifyError) -> Failure {
    match error {
        VerifyError::NoLedger { folder } => {
            let hint = if folder.join("store").is_dir() {
                "`chancery repair` makes it again from the store"
            } else {
                "there is no store to make it from: `chancery repair --from PLACE` or \
                 `chancery clone` takes it from a copy elsewhere"
            };
            let failure = Failure::new(Exit::No, "the roll is missing");
            failure.cause(error).hint(hint)
        }
        _ => Failure::of(Exit::System, error),
    }
}
