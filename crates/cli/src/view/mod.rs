//! Views: how answers are shown, as JSON for programs and as text for people.
//!
//! What is so in the world is worked out by `chancery_core::replay`; here it is
//! only written down. The JSON names its schema and has no clock in it, so that
//! it is the same bytes for the same cut; the text fits 80 columns.

pub mod ask;
pub mod audit;
pub mod cite;
pub mod coverage;
pub mod diff;
pub mod json;
pub(crate) mod markup;
pub mod page;
pub mod request;
pub mod say;
pub mod search;
pub mod show;
pub mod style;
pub mod text;
pub mod timeline;
pub mod why;
