//! The file that the audit log is: read line by line, and only ever added to.

use std::fs::{self, File, OpenOptions};
use std::io::{self, Read as _, Seek as _, SeekFrom, Write as _};
use std::path::Path;

use super::{Audit, SCHEMA};

/// The log's name in the ledger's folder.
pub const FILE: &str = "audits.jsonl";

/// The log, as far as it reads.
#[derive(Debug, Default)]
pub struct Log {
    /// The audits, in the order of the file.
    pub audits: Vec<Audit>,
    /// The numbers, from one, of the lines that do not read.
    pub unread: Vec<usize>,
}

/// Adds an audit to the end of the log, durably.
///
/// # Errors
/// The file cannot be opened, written or synced.
pub fn append(path: &Path, audit: &Audit) -> io::Result<()> {
    let mut line = serde_json::to_string(audit)?;
    line.push('\n');
    let is_new = !path.exists();
    let mut file = OpenOptions::new()
        .read(true)
        .append(true)
        .create(true)
        .open(path)?;
    if !ends_a_line(&mut file)? {
        // What a power cut left of a line before must not spoil this one.
        line.insert(0, '\n');
    }
    file.write_all(line.as_bytes())?;
    file.sync_all()?;
    match path.parent().filter(|_| is_new) {
        Some(folder) if folder.as_os_str().is_empty() => File::open(".")?.sync_all(),
        Some(folder) => File::open(folder)?.sync_all(),
        None => Ok(()),
    }
}

fn ends_a_line(file: &mut File) -> io::Result<bool> {
    if file.metadata()?.len() == 0 {
        return Ok(true);
    }
    let mut last = [0];
    file.seek(SeekFrom::End(-1))?;
    file.read_exact(&mut last)?;
    Ok(last == *b"\n")
}

/// Reads the log. A line that does not read, or is of another schema, is passed over.
///
/// # Errors
/// The file is not there or cannot be read.
pub fn read(path: &Path) -> io::Result<Log> {
    let bytes = fs::read(path)?;
    let text = String::from_utf8_lossy(&bytes);
    let mut log = Log::default();
    for (number, line) in (1..).zip(text.lines()) {
        match serde_json::from_str::<Audit>(line) {
            Ok(audit) if audit.schema == SCHEMA => log.audits.push(audit),
            _ if line.trim().is_empty() => {}
            _ => log.unread.push(number),
        }
    }
    Ok(log)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// An audit by this person.
    fn audit(by: &str) -> Audit {
        let line = format!(
            r#"{{"schema":"{SCHEMA}","at":"2026-01-02T03:04:05Z","milliseconds":1,"by":"{by}",
            "program":"p","origin":null,"founding":null,"size":5,"head":"","root":null,"levels":[],
            "extent":"whole","covered":[[0,4]],"taken_as_verified":0,"sample":null,
            "against":{{"founding":false,"checkpoints":[]}},"verdict":"self-consistent",
            "checked":{{"entries":5,"bodies":0,"tiles":0,"signatures":1,"sources":0,"bytes":9}},
            "findings":[]}}"#
        );
        serde_json::from_str(&line).unwrap()
    }

    #[test]
    fn what_was_added_is_read_in_its_order() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join(FILE);
        let audits = [audit("one"), audit("two")];

        for audit in &audits {
            append(&path, audit).unwrap();
        }

        let log = read(&path).unwrap();
        assert_eq!((log.audits, log.unread), (audits.to_vec(), vec![]));
    }

    #[test]
    fn a_line_that_a_power_cut_left_unfinished_spoils_no_other() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join(FILE);
        append(&path, &audit("one")).unwrap();
        let whole = fs::read(&path).unwrap();
        for cut in 1..whole.len() - 1 {
            fs::write(&path, [&whole[..], &whole[..cut]].concat()).unwrap();

            append(&path, &audit("two")).unwrap();

            let log = read(&path).unwrap();
            assert_eq!(log.audits, [audit("one"), audit("two")], "cut at {cut}");
            assert_eq!(log.unread, [2]);
        }
    }

    #[test]
    fn a_line_of_another_schema_is_passed_over() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join(FILE);
        let mut other = audit("one");
        other.schema = "chancery.audit/2".to_owned();
        append(&path, &other).unwrap();
        append(&path, &audit("two")).unwrap();

        let log = read(&path).unwrap();

        assert_eq!(log.audits, [audit("two")]);
        assert_eq!(log.unread, [1]);
    }
}
