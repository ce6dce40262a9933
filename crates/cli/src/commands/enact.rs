//! `chancery enact`: what keepers have approved of is recorded, and done.

use chancery_chain::{Act, Approval, Expunging, Hex, Request, Role};
use chancery_ledger::Ledger;
use chancery_ledger::decide::{DecideError, Resolution};
use chancery_ledger::expunge::{Asked, Plan};

use super::approve::tell;
use super::expunge::{self, How};
use super::key;
use super::request::read_all;
use super::writing::{Sure, close, confirm, private_key};
use crate::args::EnactArgs;
use crate::clock;
use crate::context::Context;
use crate::explain;
use crate::failure::{Exit, Failure};

/// Asked before anything is recorded.
const SURE: Sure = Sure {
    word: "enact",
    why: "what is recorded stays",
    not_done: "nothing was recorded",
};

/// Records what a request asks for, with the approvals that it has gathered.
///
/// # Errors
/// The files are no copies of one request, it is for another ledger, too few keepers
/// agree, or it does not fit the ledger any more.
pub fn run(context: &mut Context, args: &EnactArgs) -> Result<(), Failure> {
    let request = read_all(&args.files)?;
    let folder = context.folder()?;
    let signer = private_key(&folder, args.key.as_deref(), "archivist")?;
    let (ledger, notices) = Ledger::open(&folder).map_err(|error| explain::ledger(&error))?;
    context.notices(&notices);
    if request.origin() != ledger.origin() {
        let (asked, here) = (request.origin().as_str(), ledger.origin().as_str());
        let message = format!("the request is for {asked}, and this ledger is {here}");
        return Err(Failure::new(Exit::Refused, message));
    }
    let resolution = Resolution {
        acts: request.acts().to_vec(),
        approvals: approvals(context, &ledger, &request),
        sources: Vec::new(),
        below_quorum: args.below_quorum,
    };
    if resolution.approvals.is_empty() {
        // Without an approval nothing would be recorded by which its second use is told.
        let message = "no keeper in force has approved of it";
        return Err(Failure::new(Exit::Refused, message).hint("let one `chancery approve` it"));
    }
    let may = ledger.may_decide(&resolution, &*signer);
    may.map_err(|error| refused(&error))?;
    if !context.global.json {
        tell(context, &request)?;
    }
    if let Some(plan) = plan(context, request.acts())? {
        let how = How {
            with_sources: args.with_sources,
            yes: args.yes,
        };
        return expunge::carry_out(context, ledger, &plan, resolution, &*signer, how);
    }
    confirm(context, args.yes, SURE)?;
    let done = ledger.decide(resolution, &*signer, clock::now());
    let (ledger, receipt) = done.map_err(|error| explain::decide(&error))?;
    let told = key::tell(context, &receipt);
    close(ledger)?;
    told
}

/// Returns the approvals of those who are keepers now; of the others it is said that
/// theirs do not count.
fn approvals(context: &Context, ledger: &Ledger, request: &Request) -> Vec<Approval> {
    let place = ledger.head().size.next_seq();
    let enrolled = |public: &_| {
        let mut keepers = ledger.keyring().in_force(Role::Keeper, place);
        let known = keepers.find(|(_, known)| known.key == *public);
        known.map(|(seq, _)| seq)
    };
    for public in request
        .approved()
        .filter(|public| enrolled(public).is_none())
    {
        let name = request
            .name_of(public)
            .map_or_else(|| Hex(public.as_bytes()).to_string(), str::to_owned);
        context.notice(&format!(
            "the approval of {name} does not count: the key is no keeper's now"
        ));
    }
    request.approvals(enrolled)
}

/// Explains why too few agree, or not those who must.
fn refused(error: &DecideError) -> Failure {
    let failure = explain::decide(error);
    match error {
        DecideError::Quorum { .. } => failure.hint("let another keeper `chancery approve` it"),
        _ => failure,
    }
}

/// Returns what is to be destroyed, if anything is.
fn plan(context: &Context, acts: &[Act]) -> Result<Option<Plan>, Failure> {
    let expungings: Vec<&Expunging> = acts
        .iter()
        .filter_map(|act| match act {
            Act::Expunge(expunging) => Some(expunging),
            _ => None,
        })
        .collect();
    let Some(first) = expungings.first() else {
        return Ok(None);
    };
    if expungings.len() < acts.len() {
        let message = "the request destroys something and decides something else besides";
        return Err(Failure::new(Exit::Refused, message).hint("ask for each by itself"));
    }
    let records = expungings.iter().map(|one| format!("#{}", one.seq));
    let plan = expunge::plan(
        context,
        Asked {
            records: &records.collect::<Vec<_>>(),
            authority: &first.authority,
            reason: &first.reason,
        },
    )?;
    // What was approved of is done, or nothing.
    if plan.expungings().iter().eq(expungings.iter().copied()) {
        return Ok(Some(plan));
    }
    let message = "the request names a record by an id that it does not have here, or one twice, \
                   or gives several authorities or reasons";
    Err(Failure::new(Exit::Refused, message)
        .hint("write a new one: `chancery expunge … --request FILE`"))
}
