//! What the stories are run with: reading Markdown, running commands, comparing.

pub(crate) mod markdown;
pub(crate) mod pattern;
pub(crate) mod sandbox;
pub(crate) mod story;

use std::path::{Path, PathBuf};

/// Returns the project's folder.
pub(crate) fn project() -> PathBuf {
    let cli = Path::new(env!("CARGO_MANIFEST_DIR"));
    cli.ancestors()
        .nth(2)
        .expect("the command line lies two folders down")
        .to_owned()
}
