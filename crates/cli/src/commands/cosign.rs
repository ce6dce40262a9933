//! Asking witnesses to cosign a checkpoint, for `chancery checkpoint --cosign`.
//!
//! The ledger is held open meanwhile, so that nothing is appended between the
//! checkpoint and the time that a witness gives.

use chancery_chain::checkpoint::Checkpoint;
use chancery_chain::note::NoteSignature;
use chancery_chain::{Instant, Note, Policy, Size};
use chancery_courier::web;
use chancery_ledger::Ledger;
use chancery_ledger::vouched::APART;
use chancery_witness::client::{self, Cause, CosignError, LONGEST_ANSWER, PATH, Reply};
use serde_json::{Value, json};

use super::trust;
use crate::args::CheckpointArgs;
use crate::clock;
use crate::context::Context;
use crate::failure::{Exit, Failure};

/// Which witnesses are to be asked, and what is known of them.
pub(super) struct Asking {
    addresses: Vec<String>,
    policy: Option<Policy>,
}

/// What asking one witness came to.
struct Outcome {
    address: String,
    answer: Result<Vec<NoteSignature>, CosignError>,
    /// Whether the signatures were verified.
    verified: bool,
    /// The time that a verified one gives.
    seen: Option<Instant>,
}

/// What asking all came to.
pub(super) struct Cosigned {
    outcomes: Vec<Outcome>,
    /// Whether a policy asks for no more than what came.
    suffices: bool,
}

impl Asking {
    /// Returns whom the command line says to ask; `None` if it says nobody.
    pub(super) fn of(args: &CheckpointArgs) -> Result<Option<Self>, Failure> {
        let policy = args.policy.as_deref().map(trust::read).transpose()?;
        let mut addresses = args.cosign.clone();
        if let (true, Some(policy)) = (addresses.is_empty(), &policy) {
            addresses.extend(policy.witnesses().iter().filter_map(|it| it.url.clone()));
            if addresses.is_empty() {
                let message = "no witness of the policy has an address";
                return Err(Failure::new(Exit::Usage, message)
                    .hint("write it behind the key, or name one with --cosign URL"));
            }
        }
        Ok((!addresses.is_empty()).then_some(Self { addresses, policy }))
    }

    /// Asks all witnesses in turn, and puts down what they signed.
    pub(super) fn ask(
        &self,
        ledger: &mut Ledger,
        note: &mut Note,
        guess: Size,
    ) -> Result<Cosigned, Failure> {
        let mut outcomes = Vec::new();
        for address in &self.addresses {
            let outcome = self.ask_one(ledger, note, guess, address);
            for line in outcome.answer.iter().flatten().cloned() {
                // What nobody verified takes no other's place.
                if outcome.verified {
                    note.renew(line);
                } else {
                    note.add(line);
                }
            }
            outcomes.push(outcome);
        }
        if outcomes.iter().any(|outcome| outcome.answer.is_ok()) {
            ledger
                .put_cosigned(note)
                .map_err(|error| Failure::of(Exit::System, &error))?;
        }
        let keys = ledger.keyring().log_keys(ledger.origin());
        let judged = self
            .policy
            .clone()
            .map(|policy| policy.for_logs(&keys).judge(note));
        Ok(Cosigned {
            suffices: judged.is_some_and(|judged| judged.is_ok()),
            outcomes,
        })
    }

    fn ask_one(&self, ledger: &Ledger, note: &Note, guess: Size, address: &str) -> Outcome {
        let target = format!("{}/{PATH}", address.trim_end_matches('/'));
        let size = Checkpoint::parse(note.text()).map_or(Size::EMPTY, |it| it.size());
        let asked = client::cosign(
            note,
            guess,
            &mut |from| {
                ledger
                    .growth(from, size)
                    .map_err(|error| Cause::from(Box::new(error)))
            },
            &mut |body| {
                let answer = web::post(&target, "text/plain; charset=utf-8", body, LONGEST_ANSWER);
                let answer = answer.map_err(|error| Cause::from(Box::new(error)))?;
                let (status, body) = (answer.status, answer.body);
                Ok(Reply { status, body })
            },
        );
        let own = ledger.origin().as_str();
        let (answer, verified) = match (asked, &self.policy) {
            (Ok(lines), None) => {
                let foreign = lines.into_iter().filter(|line| line.name != own);
                (Ok(foreign.collect()), false)
            }
            (Ok(lines), Some(policy)) => (known(policy, note, &lines), true),
            (Err(error), _) => (Err(error), false),
        };
        let policy = self.policy.as_ref();
        let lines = answer.as_deref().unwrap_or_default();
        Outcome {
            seen: policy.and_then(|policy| seen(policy, note, lines)),
            address: address.to_owned(),
            answer,
            verified,
        }
    }
}

/// Returns those of the lines that witnesses of the policy signed.
fn known(
    policy: &Policy,
    note: &Note,
    lines: &[NoteSignature],
) -> Result<Vec<NoteSignature>, CosignError> {
    let by_one = |line: &&NoteSignature| verify(policy, note, line).is_some();
    let lines: Vec<NoteSignature> = lines.iter().filter(by_one).cloned().collect();
    if lines.is_empty() {
        let what = "it is signed by no witness that the policy names".to_owned();
        return Err(CosignError::Answer { what });
    }
    Ok(lines)
}

/// Returns the latest time that one of the lines gives.
fn seen(policy: &Policy, note: &Note, lines: &[NoteSignature]) -> Option<Instant> {
    let times = lines.iter().filter_map(|line| verify(policy, note, line));
    times.max()
}

/// Returns the time that a line gives, if it is by a witness of the policy.
fn verify(policy: &Policy, note: &Note, line: &NoteSignature) -> Option<Instant> {
    let keys = policy.witnesses().iter().filter_map(|it| it.key.as_ref());
    let keys: Vec<_> = keys.collect();
    let mut alone = Note::new(note.text())?;
    alone.add(line.clone());
    alone.signers(&keys).ok()?.first()?.seen
}

/// Returns the size that witnesses probably saw last: that of the last
/// checkpoint, if somebody cosigned it.
pub(super) fn guess(ledger: &Ledger) -> Size {
    let last = ledger.last_checkpoint().ok().flatten();
    let own = ledger.origin().as_str();
    let cosigned = last.filter(|note| note.signatures().iter().any(|it| it.name != own));
    let checkpoint = cosigned.and_then(|note| Checkpoint::parse(note.text()).ok());
    checkpoint.map_or(Size::EMPTY, |it| it.size())
}

impl Cosigned {
    /// Returns what each witness answered, for `--json`.
    pub(super) fn json(&self) -> Value {
        let one = |outcome: &Outcome| {
            let names = outcome.answer.as_ref().ok().map(|lines| names(lines));
            json!({
                "witness": outcome.address,
                "cosigned": outcome.answer.is_ok(),
                "verified": outcome.verified,
                "names": names.unwrap_or_default(),
                "message": outcome.answer.as_ref().err().map(ToString::to_string),
            })
        };
        self.outcomes.iter().map(one).collect()
    }

    /// Says which witnesses cosigned, and fails if it was not enough.
    pub(super) fn conclude(&self, context: &Context) -> Result<(), Failure> {
        let mut failures = Vec::new();
        for outcome in &self.outcomes {
            let address = &outcome.address;
            match &outcome.answer {
                Ok(lines) => {
                    let names = names(lines).join(", ");
                    let unverified = "; not verified, since no --policy names its key";
                    let rest = if outcome.verified { "" } else { unverified };
                    context.notice(&format!("cosigned by {names} at {address}{rest}"));
                    if let Some(apart) = outcome.seen.and_then(|seen| apart(seen, clock::now())) {
                        context.notice(&format!("{address}: {apart}"));
                    }
                }
                Err(error) if self.suffices && !error.is_contradiction() => {
                    context.notice(&format!("{address}: {error}"));
                }
                Err(error) => failures.push(failure(address, error)),
            }
        }
        // The worst is told last, when nothing follows that could hide it.
        failures.sort_by_key(|failure| failure.exit != Exit::No);
        let mut failures = failures.into_iter();
        let Some(first) = failures.next() else {
            return Ok(());
        };
        Err(failures.fold(first, |first, other| first.cause(other.message)))
    }
}

/// Says that a witness's clock and this one's are so far apart that entries made
/// now could look back-dated.
fn apart(seen: Instant, now: Instant) -> Option<String> {
    let (seen, now) = (seen.micros(), now.micros());
    let minutes = seen.abs_diff(now) / (60 * 1_000_000);
    let side = if seen > now { "ahead of" } else { "behind" };
    (seen.abs_diff(now) > APART)
        .then(|| format!("its clock is {minutes} minutes {side} this one's: one of them is wrong"))
}

fn names(lines: &[NoteSignature]) -> Vec<String> {
    lines.iter().map(|line| line.name.clone()).collect()
}

fn failure(address: &str, error: &CosignError) -> Failure {
    let (exit, hint) = match error {
        CosignError::Ahead { .. } | CosignError::OtherHistory { .. } => (
            Exit::No,
            "an older copy was put back, or two write to copies of one ledger: \
             compare them before anything is appended",
        ),
        CosignError::Unknown => (
            Exit::Refused,
            "give its keeper the ledger's key: `chancery key list --log`",
        ),
        CosignError::OtherKey => (
            Exit::Refused,
            "give its keeper the key that signs now: `chancery key list --log`",
        ),
        CosignError::Overtaken => (
            Exit::Expectation,
            "try again; if it happens again, somebody else writes to a copy of this ledger",
        ),
        CosignError::Send(_) => (
            Exit::System,
            "the checkpoint stands without it; `chancery checkpoint --cosign` asks again",
        ),
        _ => (
            Exit::Refused,
            "the address is that of the witness itself, without /add-checkpoint",
        ),
    };
    let source = std::error::Error::source(error);
    Failure::new(exit, format!("{address}: {error}"))
        .sources(source)
        .hint(hint)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn clocks_that_are_far_apart_are_told() {
        let at = |seconds: u64| Instant::from_micros(seconds * 1_000_000);

        assert_eq!(apart(at(1000), at(1300)), None);
        assert_eq!(
            apart(at(1000), at(1301)).as_deref(),
            Some("its clock is 5 minutes behind this one's: one of them is wrong")
        );
        assert_eq!(
            apart(at(8000), at(1000)).as_deref(),
            Some("its clock is 116 minutes ahead of this one's: one of them is wrong")
        );
    }
}
