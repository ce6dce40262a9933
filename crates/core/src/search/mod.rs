//! Search: which records and texts hold the words that somebody looks for.
//!
//! Nothing is indexed: what is searched is the readings themselves, so that an
//! answer can never be older than a correction, or of another cut than the
//! readings are. Which texts there are is for the caller to say; here they are
//! split into [`words`], compared with a [`query`], and [ranked](rank).

pub mod query;
pub mod rank;
pub mod texts;
pub mod words;

pub use query::{Mark, Query, QueryFault};
pub use rank::{Found, Ranking};
pub use texts::{FieldText, texts};
