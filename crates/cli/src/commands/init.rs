//! `chancery init`: founds a ledger.

use std::path::PathBuf;

use chancery_chain::{Origin, Role};
use chancery_ledger::founding::{self, Founded};

use crate::args::InitArgs;
use crate::context::Context;
use crate::failure::{Exit, Failure};
use crate::{chance, clock, explain, private};

/// Founds a ledger, and says what pins it.
///
/// # Errors
/// The folder is not empty, a key cannot be used, or the system cannot write.
pub fn run(context: &mut Context, args: &InitArgs) -> Result<(), Failure> {
    let origin = Origin::new(&args.origin).map_err(|error| {
        Failure::new(Exit::Usage, format!("--origin {}: {error}", args.origin))
            .hint("a name unlike any other ledger's, such as archive.example/syria")
    })?;
    let keys = args
        .key
        .iter()
        .map(|text| role_and_file(text).and_then(|(role, path)| private::given(role, &path)))
        .collect::<Result<Vec<_>, _>>()?;
    let mut random = chance::source()?;
    let founded = founding::found(&args.folder, &origin, keys, clock::now(), &mut random)
        .map_err(|error| explain::founding(&error))?;
    if context.global.json {
        return context.out.json(&serde_json::json!({
            "schema": "chancery.founding/1",
            "origin": origin.as_str(),
            "founding": founded.founding.to_string(),
            "folder": args.folder.display().to_string(),
        }));
    }
    tell(context, args, &origin, &founded)
}

fn tell(
    context: &mut Context,
    args: &InitArgs,
    origin: &Origin,
    founded: &Founded,
) -> Result<(), Failure> {
    let out = &mut context.out;
    out.line(format!(
        "founded {} in {}",
        origin.as_str(),
        args.folder.display()
    ))?;
    for path in &founded.made {
        out.line(format!("  new key: {}", path.display()))?;
    }
    out.line(format!("founding hash: {}", founded.founding))?;
    out.finish()?;
    context.notice("keep the founding hash elsewhere: it tells this ledger from any other");
    if !founded.made.is_empty() {
        context.notice("whoever has the new keys can write to the ledger: keep them safe");
    }
    Ok(())
}

fn role_and_file(text: &str) -> Result<(Role, PathBuf), Failure> {
    let hint = "write --key archivist=FILE; the roles are log, archivist and keeper";
    let wrong =
        || Failure::new(Exit::Usage, format!("--key {text} names no role and file")).hint(hint);
    let (role, file) = text.split_once('=').ok_or_else(wrong)?;
    let role = Role::ALL
        .into_iter()
        .find(|known| known.name() == role)
        .ok_or_else(wrong)?;
    if file.is_empty() {
        return Err(wrong());
    }
    Ok((role, PathBuf::from(file)))
}
