//! Time stamps on checkpoints, judged.

use std::path::Path;

use chancery_chain::note::MAX_NOTE;
use chancery_chain::{Finding, Note, Size};
use chancery_ledger::verify::Verified;
use chancery_stamp::{MAX_TOKEN, Stamp, Token, Trusted};
use chancery_store::verify::Kept;

use super::signed::{OWN, covers};
use crate::args::VerifyArgs;
use crate::bounded;
use crate::commands::timestamp;
use crate::failure::{Exit, Failure};

/// A checkpoint that an authority on time stamped.
pub(super) struct Stamped {
    /// The file of the stamp.
    pub(super) name: String,
    /// The file of the checkpoint.
    pub(super) checkpoint: String,
    /// How many entries it covers.
    pub(super) size: Size,
    /// When, and by whom.
    pub(super) stamp: Stamp,
}

/// The stamps that the command line names, and whom to believe.
pub(super) struct Stamps(Vec<(String, Token)>, Option<Trusted>);

/// Reads what the command line says of time stamps.
pub(super) fn read(args: &VerifyArgs) -> Result<Stamps, Failure> {
    let trusted = args.tsa.as_deref().map(timestamp::trusted).transpose()?;
    let tokens = args.timestamp.iter().map(|path| token(path));
    Ok(Stamps(tokens.collect::<Result<_, _>>()?, trusted))
}

fn token(path: &Path) -> Result<(String, Token), Failure> {
    let name = path.display().to_string();
    let bytes = bounded::start(path, MAX_TOKEN + 1).map_err(|error| {
        Failure::new(Exit::Usage, format!("cannot read the time stamp {name}")).cause(error)
    })?;
    let token = Token::parse(&bytes);
    let token = token.map_err(|error| Failure::new(Exit::Usage, name.clone()).cause(error))?;
    Ok((name, token))
}

impl Stamps {
    /// Judges them, each with the checkpoint that it is on, and adds what is found
    /// to what verifying came to.
    ///
    /// # Errors
    /// One is on no checkpoint that is there.
    pub(super) fn judge(
        &self,
        folder: &Path,
        kept: &[Kept],
        verified: &mut Verified,
    ) -> Result<Vec<Stamped>, Failure> {
        let own = bounded::plain(&folder.join(OWN), MAX_NOTE).unwrap_or_default();
        let own = std::iter::once((OWN, own.as_slice()));
        let kept = kept
            .iter()
            .map(|kept| (kept.name.as_str(), kept.note.as_slice()));
        let checkpoints: Vec<_> = kept.chain(own).collect();
        let mut all = Vec::new();
        for (name, token) in &self.0 {
            let on = checkpoints.iter().find_map(|(file, note)| {
                let text = Note::parse(note).ok()?.text().to_owned();
                let size = covers(note)?.size();
                token.is_on(text.as_bytes()).then_some((*file, text, size))
            });
            let (file, text, size) = on.ok_or_else(|| on_nothing(name))?;
            match token.verify(text.as_bytes(), None, self.1.as_ref()) {
                Ok(stamp) => all.push(Stamped {
                    name: name.clone(),
                    checkpoint: file.to_owned(),
                    size,
                    stamp,
                }),
                Err(error) => {
                    let finding = Finding::damage("timestamp-disbelieved", error.to_string());
                    verified.report.findings.push(finding.file(name.clone()));
                }
            }
        }
        Ok(all)
    }
}

fn on_nothing(name: &str) -> Failure {
    let message = format!("{name} is on no checkpoint that is here");
    Failure::new(Exit::Usage, message).hint("give the one it was made on with --against CHECKPOINT")
}
