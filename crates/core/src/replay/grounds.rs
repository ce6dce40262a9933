//! Grounds: how near to the words of a source something stands.
//!
//! Whether the words are where they are said to be was settled when the record
//! was appended; here it is only told what the record claims of itself.

use crate::record::{Commitment, Instrument, Mode, Statement, Terms};

use super::readings::Readings;

/// Returns how near a commitment stands to the words of a source.
///
/// One made in a statement stands as near as that statement does. Any other is
/// `quoted` if a piece of its evidence is a quotation, and `paraphrased` if it
/// has evidence without one; `None` if it names no source at all.
pub fn words(readings: &Readings, commitment: u64) -> Option<Mode> {
    let (_, commitment) = readings.get::<Commitment>(commitment)?;
    let stated_in = commitment.stated_in;
    if let Some((_, statement)) = stated_in.and_then(|seq| readings.get::<Statement>(seq.0)) {
        return Some(statement.mode);
    }
    let evidence = commitment.evidence.as_ref()?;
    let quoted = evidence.iter().any(|piece| piece.quote.is_some());
    Some(if quoted {
        Mode::Quoted
    } else {
        Mode::Paraphrased
    })
}

/// Returns whether the text of a commitment's instrument is public, if that was recorded.
pub fn terms(readings: &Readings, commitment: u64) -> Option<Terms> {
    let (_, commitment) = readings.get::<Commitment>(commitment)?;
    let (_, instrument) = readings.get::<Instrument>(commitment.under?.0)?;
    instrument.terms
}
