//! `chancery approve`: a keeper agrees to what a request asks for, with no ledger at hand.

use chancery_chain::request::NotApproved;

use super::request::{add, read};
use super::writing::{Sure, confirm};
use crate::args::ApproveArgs;
use crate::context::Context;
use crate::failure::{Exit, Failure};
use crate::private;
use crate::view::page::Page;
use crate::view::request;
use crate::view::style::Style;

/// Asked before a keeper signs.
const SURE: Sure = Sure {
    word: "approve",
    why: "what is approved of may be recorded by whoever has this file",
    not_done: "nothing was approved of",
};

/// Shows what is asked for, and adds the keeper's approval if that is confirmed.
///
/// # Errors
/// The file holds no request, the key is no keeper's, or the approval is not confirmed.
pub fn run(context: &mut Context, args: &ApproveArgs) -> Result<(), Failure> {
    let mut request = read(&args.file)?;
    let Some(key) = &args.key else {
        return tell(context, &request);
    };
    let key = private::open(key)?.key;
    if !context.global.json {
        tell(context, &request)?;
    }
    confirm(context, args.yes, SURE)?;
    request.approve(&*key).map_err(|error| refused(&error))?;
    let request = add(&args.file, request)?;
    if context.global.json {
        return context.out.json(&request::json(&request));
    }
    context.out.line("")?;
    let mut page = Page::new(Style::of(context.global.color));
    page.text(0, &format!("approved by {}", request::approvers(&request)));
    page.write(&mut context.out)?;
    context.out.finish()
}

/// Shows what a request asks for, and who has approved.
pub(super) fn tell(
    context: &mut Context,
    request: &chancery_chain::Request,
) -> Result<(), Failure> {
    if context.global.json {
        return context.out.json(&request::json(request));
    }
    let mut page = Page::new(Style::of(context.global.color));
    request::page(&mut page, request);
    page.write(&mut context.out)?;
    context.out.finish()
}

fn refused(error: &NotApproved) -> Failure {
    match error {
        NotApproved::NotSigned(_) => Failure::of(Exit::System, error),
        NotApproved::NotAKeeper => Failure::of(Exit::Refused, error)
            .hint("a request names those who were keepers when it was written"),
        _ => Failure::of(Exit::Refused, error),
    }
}
