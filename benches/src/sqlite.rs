//! `SQLite`: a table with a column for the chain, one transaction for a submission.
//!
//! The write-ahead log is synced at each commit (`synchronous=FULL`); all else
//! is as `SQLite` comes.

use std::path::{Path, PathBuf};

use chancery_core::record::Record;
use chancery_core::replay::Readings;
use rusqlite::{Connection, OpenFlags, params};

use crate::contender::{Contender, Failure};
use crate::link::{Link, NO_LINK, NOBODY, decode, link};

const ALL: &str = "SELECT seq, kind, body, hash FROM entry ORDER BY seq";
const LAST: &str = "SELECT hash FROM entry ORDER BY seq DESC LIMIT 1";
const ADD: &str = "INSERT INTO entry (seq, kind, body, hash) VALUES (?1, ?2, ?3, ?4)";
const TABLE: &str = "CREATE TABLE entry (
    seq INTEGER PRIMARY KEY, kind INTEGER NOT NULL, body BLOB NOT NULL, hash BLOB NOT NULL
) STRICT";

/// A database, open for appending.
pub(crate) struct Sqlite {
    connection: Connection,
    last: Link,
}

impl Contender for Sqlite {
    fn create(folder: &Path) -> Result<Self, Failure> {
        std::fs::create_dir_all(folder)?;
        let connection = connect(folder)?;
        connection.execute_batch(TABLE)?;
        Ok(Self {
            connection,
            last: NO_LINK,
        })
    }

    fn open(folder: &Path) -> Result<Self, Failure> {
        let connection = connect(folder)?;
        let last = connection.query_row(LAST, [], |row| row.get(0))?;
        Ok(Self { connection, last })
    }

    fn append(&mut self, first: u64, records: Vec<Record>) -> Result<(), Failure> {
        let transaction = self.connection.transaction()?;
        let mut last = self.last;
        {
            let mut add = transaction.prepare_cached(ADD)?;
            for (seq, record) in (first..).zip(&records) {
                let (kind, body) = (record.kind().number(), record.encode());
                last = link(&last, seq, kind, &body);
                add.execute(params![i64::try_from(seq)?, kind, body, last.as_slice()])?;
            }
        }
        transaction.commit()?;
        self.last = last;
        Ok(())
    }

    fn close(self) -> Result<(), Failure> {
        self.connection.close().map_err(|(_, error)| error.into())
    }

    fn look(folder: &Path) -> Result<(), Failure> {
        let connection = reader(folder)?;
        let _last: Link = connection.query_row(LAST, [], |row| row.get(0))?;
        Ok(())
    }

    fn verify(folder: &Path) -> Result<u64, Failure> {
        let (mut last, mut checked) = (NO_LINK, 0);
        each(folder, |seq, kind, body, hash| {
            last = link(&last, seq, kind, body);
            if last != hash {
                return Err(format!("record {seq} was changed").into());
            }
            checked += 1;
            Ok(())
        })?;
        Ok(checked)
    }

    fn readings(folder: &Path) -> Result<Readings, Failure> {
        let connection = reader(folder)?;
        let mut all = connection.prepare(ALL)?;
        let mut rows = all.query([])?;
        let mut failure = None;
        let records = std::iter::from_fn(|| match decoded(&mut rows) {
            Ok(record) => record,
            Err(error) => {
                failure = Some(error);
                None
            }
        });
        let readings = Readings::of(records);
        failure.map_or(Ok(readings), Err)
    }
}

fn decoded(rows: &mut rusqlite::Rows<'_>) -> Result<Option<(u64, u64, Record)>, Failure> {
    let Some(row) = rows.next()? else {
        return Ok(None);
    };
    let seq: i64 = row.get(0)?;
    let record = decode(row.get(1)?, row.get_ref(2)?.as_blob()?)?;
    Ok(Some((u64::try_from(seq)?, NOBODY, record)))
}

fn each(
    folder: &Path,
    mut visit: impl FnMut(u64, u16, &[u8], Link) -> Result<(), Failure>,
) -> Result<(), Failure> {
    let connection = reader(folder)?;
    let mut all = connection.prepare(ALL)?;
    let mut rows = all.query([])?;
    while let Some(row) = rows.next()? {
        let seq: i64 = row.get(0)?;
        visit(
            u64::try_from(seq)?,
            row.get(1)?,
            row.get_ref(2)?.as_blob()?,
            row.get(3)?,
        )?;
    }
    Ok(())
}

fn connect(folder: &Path) -> Result<Connection, Failure> {
    let connection = Connection::open(path(folder))?;
    connection.pragma_update(None, "journal_mode", "WAL")?;
    connection.pragma_update(None, "synchronous", "FULL")?;
    Ok(connection)
}

fn reader(folder: &Path) -> Result<Connection, Failure> {
    let flags = OpenFlags::SQLITE_OPEN_READ_ONLY;
    Ok(Connection::open_with_flags(path(folder), flags)?)
}

fn path(folder: &Path) -> PathBuf {
    folder.join("records.db")
}
