//! Appending to the tail: one write and one sync for a submission.
//!
//! The file is lengthened ahead of need and filled with zeros, because a sync
//! that need not record a new length is several times quicker. What is in a
//! frame is decided elsewhere.

use std::fs::{File, OpenOptions};
use std::io;
use std::ops::Range;
use std::os::unix::fs::FileExt as _;
use std::path::{Path, PathBuf};

use super::frame::{HEADER_LENGTH, Header};
use super::parse::STEP;
use crate::fault::step;
use crate::files::{self, FileError, Told as _};

/// The least and the most by which the file is lengthened at once.
const GROWTH: Range<u64> = 16 * STEP as u64..1 << 20;

/// The tail, open for appending.
#[derive(Debug)]
pub(crate) struct TailWriter {
    file: File,
    path: PathBuf,
    end: u64,
    length: u64,
}

impl TailWriter {
    /// Puts a tail without frames in the place of whatever stands there, durably.
    pub(crate) fn create(path: &Path, header: Header) -> Result<Self, FileError> {
        let mut bytes = header.encode().to_vec();
        bytes.resize(usize::try_from(GROWTH.start).unwrap_or(STEP), 0);
        files::replace(path, &bytes)?;
        step("tail-replaced")?;
        Self::open(path, HEADER_LENGTH)
    }

    /// Opens a tail whose last frame ends at `end`.
    pub(crate) fn open(path: &Path, end: usize) -> Result<Self, FileError> {
        let file = OpenOptions::new()
            .read(true)
            .write(true)
            .open(path)
            .told("open", path)?;
        let length = file.metadata().told("look at", path)?.len();
        let end = end as u64;
        let path = path.to_owned();
        Ok(Self {
            file,
            path,
            end,
            length,
        })
    }

    /// Returns how many bytes of the file are in use.
    pub(crate) fn used(&self) -> u64 {
        self.end
    }

    /// Writes a frame and makes it durable: once this returns, it is recorded.
    pub(crate) fn append(&mut self, frame: &[u8]) -> Result<(), FileError> {
        let end = self.end + frame.len() as u64;
        if end > self.length {
            self.grow(end).told("lengthen", &self.path)?;
        }
        step("tail-grown")?;
        self.write(frame).told("write to", &self.path)?;
        step("frame-written")?;
        self.file.sync_data().told("sync", &self.path)?;
        self.end = end;
        step("frame-synced")
    }

    /// Writes zeros over what is left of a submission that was never recorded.
    pub(crate) fn clear(&mut self, remains: Range<usize>) -> Result<(), FileError> {
        let zeros = vec![0; remains.len()];
        self.file
            .write_all_at(&zeros, remains.start as u64)
            .and_then(|()| self.file.sync_data())
            .told("clear the end of", &self.path)
    }

    fn write(&mut self, frame: &[u8]) -> io::Result<()> {
        #[cfg(test)]
        if let Some(part) = crate::fault::partial_write(frame.len()) {
            self.file.write_all_at(&frame[..part], self.end)?;
            return Err(io::Error::other("stopped in the middle of a write"));
        }
        self.file.write_all_at(frame, self.end)
    }

    fn grow(&mut self, need: u64) -> io::Result<()> {
        let step = self.length.clamp(GROWTH.start, GROWTH.end);
        let length = need.next_multiple_of(step).max(self.length + step);
        // First the length, then the zeros: the length is never in between.
        self.file.set_len(length)?;
        let zeros = vec![0; 1 << 16];
        let mut at = self.length;
        while at < length {
            let part = usize::try_from(length - at).unwrap_or(zeros.len());
            let part = part.min(zeros.len());
            self.file.write_all_at(&zeros[..part], at)?;
            at += part as u64;
        }
        self.file.sync_all()?;
        self.length = length;
        Ok(())
    }
}
