//! The files of `examples/geneva-2016`, as they stood when this was built.

use std::path::{Path, PathBuf};

use crate::failure::{Exit, Failure};

macro_rules! files {
    ($($name:literal,)*) => {
        &[$(($name, include_str!(concat!("../../../../../examples/geneva-2016/", $name)))),*]
    };
}

/// The dossiers, in the order in which they are appended.
const DOSSIERS: &[(&str, &str)] = files![
    "01-actors-and-offices.toml",
    "02-february.toml",
    "03-geneva-august.toml",
    "04-september.toml",
    "05-truce-ends.toml",
    "06-correction.toml",
];

/// The sources that the dossiers take into custody.
const SOURCES: &[(&str, &str)] = files![
    "sources/acceptances-2016-02.txt",
    "sources/agency-2016-08-27.txt",
    "sources/al-quds-hospital-2016-04.txt",
    "sources/joint-statement-2016-02-22.txt",
    "sources/lavrov-2016-09-02.txt",
    "sources/plan-2016-09-09.txt",
    "sources/press-availability-2016-08-26.txt",
    "sources/resolution-2268.txt",
    "sources/travel-register-2016.txt",
    "sources/truce-ends-2016-09.txt",
];

/// Writes the files into `folder`; returns the dossiers in order.
pub(super) fn unpack(folder: &Path) -> Result<Vec<PathBuf>, Failure> {
    let failed = |error: std::io::Error| {
        let message = format!("cannot unpack the example into {}", folder.display());
        Failure::new(Exit::System, message).cause(error)
    };
    std::fs::create_dir_all(folder.join("sources")).map_err(failed)?;
    for (name, text) in DOSSIERS.iter().chain(SOURCES) {
        std::fs::write(folder.join(name), text).map_err(failed)?;
    }
    Ok(DOSSIERS.iter().map(|(name, _)| folder.join(name)).collect())
}
