//! cli
pub mod dossier;
