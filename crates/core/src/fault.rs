//! A fault: what is wrong with a dossier, where, and what would be right.
//!
//! Faults are gathered, never thrown: an archivist wants to see all of them at
//! once. How they are shown is the doors' affair.

use crate::form::Span;

/// One thing that is wrong in a dossier.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fault {
    /// Where it stands.
    pub span: Span,
    /// A stable name for this sort of fault, in kebab case: `unknown-field`.
    pub code: &'static str,
    /// What is wrong, small initial, no stop.
    pub message: String,
    /// What would be right.
    pub help: Option<String>,
}

impl Fault {
    /// Returns a fault at `span`.
    pub fn new(span: Span, code: &'static str, message: impl Into<String>) -> Self {
        Self {
            span,
            code,
            message: message.into(),
            help: None,
        }
    }

    /// Says what would be right.
    #[must_use]
    pub fn help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(help.into());
        self
    }
}

/// Returns the candidate that `word` was most likely meant to be, if any is near enough.
pub fn nearest<'a>(word: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let word = word.to_lowercase().replace('_', "-");
    let distance = |candidate: &str| {
        let candidate = candidate.to_lowercase().replace('_', "-");
        strsim::damerau_levenshtein(&word, &candidate)
    };
    candidates
        .into_iter()
        .map(|candidate| (distance(candidate), candidate))
        .filter(|(far, candidate)| *far <= 1 + candidate.chars().count() / 4)
        .min_by_key(|(far, _)| *far)
        .map(|(_, candidate)| candidate)
}

/// Returns what to say of a word that is none of `candidates`: which one it was
/// most likely meant to be, or else `otherwise` and all of them.
pub fn meant<'a>(
    word: &str,
    candidates: impl Iterator<Item = &'a str> + Clone,
    otherwise: &str,
) -> String {
    match nearest(word, candidates.clone()) {
        Some(near) => format!("did you mean `{near}`?"),
        None => format!("{otherwise} {}", listed(candidates)),
    }
}

/// Returns the candidates as a sentence lists them: "a, b or c".
pub fn listed<'a>(candidates: impl IntoIterator<Item = &'a str>) -> String {
    let words: Vec<&str> = candidates.into_iter().collect();
    match words.split_last() {
        None => String::new(),
        Some((last, [])) => (*last).to_owned(),
        Some((last, others)) => format!("{} or {last}", others.join(", ")),
    }
}
