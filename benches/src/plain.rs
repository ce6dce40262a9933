//! The plain file: records one after the other, each with its hash, and one
//! `fdatasync` for a submission. Nothing less keeps records so that a change shows.
//!
//! A frame is length u32, position u64, kind u16, body, hash. Opening believes
//! the last hash; a torn end is not looked for.

use std::fs::{File, OpenOptions};
use std::io::{BufReader, ErrorKind, Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};

use chancery_core::record::Record;
use chancery_core::replay::Readings;

use crate::contender::{Contender, Failure};
use crate::link::{Link, NO_LINK, NOBODY, decode, link};

/// The longest body that is believed when reading.
const LONGEST: usize = 65_536;

/// The plain file, open for appending.
pub(crate) struct Plain {
    file: File,
    last: Link,
}

/// A record as it stands in the file.
struct Frame {
    seq: u64,
    kind: u16,
    body: Vec<u8>,
    hash: Link,
}

impl Contender for Plain {
    fn create(folder: &Path) -> Result<Self, Failure> {
        std::fs::create_dir_all(folder)?;
        let file = File::create_new(path(folder))?;
        file.sync_all()?;
        File::open(folder)?.sync_all()?;
        Ok(Self {
            file,
            last: NO_LINK,
        })
    }

    fn open(folder: &Path) -> Result<Self, Failure> {
        let mut file = OpenOptions::new()
            .read(true)
            .append(true)
            .open(path(folder))?;
        let last = last_link(&mut file)?;
        Ok(Self { file, last })
    }

    fn append(&mut self, first: u64, records: Vec<Record>) -> Result<(), Failure> {
        let mut bytes = Vec::with_capacity(records.len() * 512);
        let mut last = self.last;
        for (seq, record) in (first..).zip(&records) {
            let (kind, body) = (record.kind().number(), record.encode());
            last = link(&last, seq, kind, &body);
            bytes.extend(u32::try_from(body.len())?.to_be_bytes());
            bytes.extend(seq.to_be_bytes());
            bytes.extend(kind.to_be_bytes());
            bytes.extend(body);
            bytes.extend(last);
        }
        self.file.write_all(&bytes)?;
        self.file.sync_data()?;
        self.last = last;
        Ok(())
    }

    fn close(self) -> Result<(), Failure> {
        Ok(())
    }

    fn look(folder: &Path) -> Result<(), Failure> {
        last_link(&mut File::open(path(folder))?).map(drop)
    }

    fn verify(folder: &Path) -> Result<u64, Failure> {
        let mut reader = reader(folder)?;
        let (mut last, mut checked) = (NO_LINK, 0);
        while let Some(frame) = next(&mut reader)? {
            last = link(&last, frame.seq, frame.kind, &frame.body);
            if last != frame.hash {
                return Err(format!("record {} was changed", frame.seq).into());
            }
            checked += 1;
        }
        Ok(checked)
    }

    fn readings(folder: &Path) -> Result<Readings, Failure> {
        let mut reader = reader(folder)?;
        let mut failure = None;
        let records = std::iter::from_fn(|| match decoded(&mut reader) {
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

fn decoded(reader: &mut impl Read) -> Result<Option<(u64, u64, Record)>, Failure> {
    let Some(frame) = next(reader)? else {
        return Ok(None);
    };
    Ok(Some((frame.seq, NOBODY, decode(frame.kind, &frame.body)?)))
}

fn next(reader: &mut impl Read) -> Result<Option<Frame>, Failure> {
    let mut length = [0; 4];
    match reader.read_exact(&mut length) {
        Err(error) if error.kind() == ErrorKind::UnexpectedEof => return Ok(None),
        other => other?,
    }
    let (mut seq, mut kind) = ([0; 8], [0; 2]);
    reader.read_exact(&mut seq)?;
    reader.read_exact(&mut kind)?;
    let length = u32::from_be_bytes(length) as usize;
    if length > LONGEST {
        return Err("a length is damaged".into());
    }
    let mut body = vec![0; length];
    reader.read_exact(&mut body)?;
    let mut hash = NO_LINK;
    reader.read_exact(&mut hash)?;
    Ok(Some(Frame {
        seq: u64::from_be_bytes(seq),
        kind: u16::from_be_bytes(kind),
        body,
        hash,
    }))
}

fn last_link(file: &mut File) -> Result<Link, Failure> {
    let mut last = NO_LINK;
    if file.metadata()?.len() > 0 {
        file.seek(SeekFrom::End(-32))?;
        file.read_exact(&mut last)?;
    }
    Ok(last)
}

fn reader(folder: &Path) -> Result<BufReader<File>, Failure> {
    Ok(BufReader::with_capacity(1 << 20, File::open(path(folder))?))
}

fn path(folder: &Path) -> PathBuf {
    folder.join("records")
}
