//! Which exit code and which advice belong to each error from below.

use chancery_chain::SealError;
use chancery_ledger::cut::CutError;
use chancery_ledger::decide::DecideError;
use chancery_ledger::founding::FoundingError;
use chancery_ledger::history::HistoryError;
use chancery_ledger::keyfile::KeyFileError;
use chancery_ledger::{LedgerError, SubmitError};
use chancery_store::{BundleError, ExpungeError, LockError, OpenError, ReadError};

use crate::failure::{Exit, Failure};

const VERIFY: &str = "`chancery verify` names all that is damaged; `chancery repair` mends it from \
                      the other copy";

/// Explains why the roll cannot be read.
pub fn read(error: &ReadError) -> Failure {
    if matches!(error, ReadError::Bundle(BundleError::WithoutBodies)) {
        return Failure::of(Exit::Partial, error).hint("ask for a copy that has them");
    }
    let exit = match error {
        ReadError::Damaged { .. } | ReadError::Bundle(_) | ReadError::NoLedger { .. } => Exit::No,
        ReadError::NoEntry { .. } => Exit::Refused,
        _ => Exit::System,
    };
    let failure = Failure::of(exit, error);
    // What is damaged in the tail says by itself what is to be done.
    if exit == Exit::No && !failure.message.contains("chancery repair") {
        failure.hint(VERIFY)
    } else {
        failure
    }
}

/// Explains why the records cannot be read.
pub fn history(error: &HistoryError) -> Failure {
    match error {
        HistoryError::Read(source) => read(source),
        _ => Failure::of(Exit::No, error).hint(VERIFY),
    }
}

/// Explains why there is no such cut.
pub fn cut(error: &CutError) -> Failure {
    match error {
        CutError::History(source) => history(source),
        CutError::Inside { before, after, .. } => {
            let hint = format!("use --known-at {before} or --known-at {after}");
            Failure::of(Exit::Usage, error).hint(hint)
        }
        CutError::OtherRoot { .. } | CutError::Cut { .. } => Failure::of(Exit::No, error)
            .hint("the ledger, or the checkpoint, is not what it was: run `chancery verify`"),
        _ => Failure::of(Exit::Usage, error).hint("`chancery log` lists the submissions"),
    }
}

/// Explains why a ledger cannot be opened.
pub fn ledger(error: &LedgerError) -> Failure {
    match error {
        LedgerError::Open(source) => open(source),
        LedgerError::Read(source) => read(source),
        _ => Failure::of(Exit::No, error).hint(VERIFY),
    }
}

fn open(error: &OpenError) -> Failure {
    match error {
        OpenError::Roll(source) => read(source),
        OpenError::Lock(source) => lock(source),
        OpenError::Rewritten { .. } | OpenError::CheckpointDamaged => {
            Failure::of(Exit::No, error).hint(VERIFY)
        }
        _ => Failure::of(Exit::System, error),
    }
}

/// Explains why the ledger was not taken for writing.
pub fn lock(error: &LockError) -> Failure {
    let failure = Failure::of(Exit::System, error);
    match error {
        LockError::Held { .. } => {
            failure.hint("try again when it has finished; readers need no lock")
        }
        _ => failure,
    }
}

/// Explains why a key file cannot be used.
pub fn key(error: &KeyFileError) -> Failure {
    match error {
        KeyFileError::File { .. } => Failure::of(Exit::System, error)
            .hint("make a key with `ssh-keygen -t ed25519 -f FILE`, or name another with --key"),
        KeyFileError::Exposed { path, .. } => Failure::of(Exit::Refused, error)
            .hint(format!("nobody else may: `chmod 600 {}`", path.display())),
        KeyFileError::WrongPassphrase { .. } => Failure::of(Exit::Refused, error),
        _ => Failure::of(Exit::Refused, error)
            .hint("keys are Ed25519, as `ssh-keygen -t ed25519` makes them"),
    }
}

/// Explains why a ledger was not founded.
pub fn founding(error: &FoundingError) -> Failure {
    match error {
        FoundingError::Key(source) => key(source),
        FoundingError::NotEmpty { .. } => {
            Failure::of(Exit::Refused, error).hint(
                "a ledger is founded in a folder of its own; if an earlier `init` was interrupted here, remove it",
            )
        }
        FoundingError::PublicOnly { .. } | FoundingError::SeveralLogKeys => {
            Failure::of(Exit::Refused, error)
        }
        _ => Failure::of(Exit::System, error),
    }
}

/// Explains why nothing was decided.
pub fn decide(error: &DecideError) -> Failure {
    let hint = match error {
        DecideError::Submit(error) => return submit(error),
        DecideError::NotAKeeper => {
            "name a keeper's key with --key FILE, or ask one: --request FILE"
        }
        DecideError::NotASigner { .. } => "name an archivist's or a keeper's key with --key FILE",
        DecideError::Quorum { .. } => {
            "write a request (--request FILE), let keepers `chancery approve` it, and `chancery enact` it"
        }
        DecideError::Approval(_) => "let the keepers approve of a new request: --request FILE",
        DecideError::TooFew { .. } => {
            "enrol another keeper or lower the quorum first; or, if it must be, --below-quorum"
        }
        DecideError::NotYet(_) => "name an entry that `chancery log` shows",
        DecideError::WasRevoked { .. } => "make a new key: `ssh-keygen -t ed25519 -f FILE`",
        DecideError::Last { .. } | DecideError::TooMany { .. } => {
            "enrol another one first: `chancery key add`"
        }
        DecideError::SameQuorum(_) | DecideError::Malformed(_) | DecideError::Request(_) => {
            return Failure::of(Exit::Refused, error);
        }
        _ => "`chancery key list` shows the keys, and what became of them",
    };
    Failure::of(Exit::Refused, error).hint(hint)
}

/// Explains why a submission was not recorded.
pub fn submit(error: &SubmitError) -> Failure {
    match error {
        SubmitError::NotAnArchivist { .. } => Failure::of(Exit::Refused, error)
            .hint("sign with the key of an archivist of this ledger: --key FILE"),
        SubmitError::Stale => Failure::of(Exit::Expectation, error).hint("send it again"),
        SubmitError::ClockBehind => Failure::of(Exit::System, error)
            .hint("set the clock right: the ledger never goes back in time"),
        SubmitError::ClockAhead => Failure::of(Exit::System, error)
            .hint("if the clock is right, repeat with --accept-clock-jump"),
        SubmitError::FileChanged { .. } => {
            Failure::of(Exit::System, error).hint("nothing was recorded; send it again")
        }
        SubmitError::Seal(source @ SealError::NotSigned(_)) => {
            Failure::of(Exit::System, source).hint("nothing was recorded; send it again")
        }
        SubmitError::Seal(_) => Failure::of(Exit::Refused, error),
        SubmitError::Expunge(ExpungeError::Damaged { .. }) => Failure::of(Exit::No, error).hint(
            "`chancery repair` mends it, from the store or from a copy elsewhere (--from PLACE); expunge then",
        ),
        SubmitError::Expunge(ExpungeError::Roll { source }) => read(source),
        SubmitError::Expunge(ExpungeError::Incomplete { .. }) => Failure::of(Exit::System, error)
            .hint(
                "the next command that writes goes on with it; if it cannot, `chancery repair` can",
            ),
        _ => Failure::of(Exit::System, error),
    }
}
