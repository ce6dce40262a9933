//! Chancery itself, by its library: what `append`, `verify` and `replay` do
//! beneath the command line.

use std::path::Path;

use chancery_chain::{Instant, Origin};
use chancery_core::record::Record;
use chancery_core::replay::Readings;
use chancery_ledger::founding::found;
use chancery_ledger::keyfile::KeyFile;
use chancery_ledger::stretch::Stretched;
use chancery_ledger::{Appending, Ledger, Proposal, history, ledger, verify};
use chancery_store::RollReader;
use ed25519_dalek::SigningKey;

use crate::contender::{Contender, Failure};

/// The first moment of the ledger; each submission comes a second later.
const FOUNDED: u64 = 1_700_000_000_000_000;
const SECOND: u64 = 1_000_000;

/// A ledger, open for appending, and who appends to it.
pub(crate) struct Ours {
    ledger: Ledger,
    key: SigningKey,
    random: Stretched,
    now: u64,
}

impl Ours {
    /// Returns the ledger.
    pub(crate) fn ledger(&self) -> &Ledger {
        &self.ledger
    }

    /// Appends what was proposed.
    pub(crate) fn submit(&mut self, proposal: &Proposal) -> Result<u64, Failure> {
        self.now += SECOND;
        let random = &mut self.random;
        let appending = Appending {
            key: &self.key,
            now: Instant::from_micros(self.now),
            accept_clock_jump: false,
            message: None,
            random: &mut |bytes| random.fill(bytes),
        };
        Ok(self.ledger.append(proposal, appending)?.first.get())
    }

    /// Returns the key that signs.
    pub(crate) fn key(&self) -> &SigningKey {
        &self.key
    }
}

impl Contender for Ours {
    fn create(folder: &Path) -> Result<Self, Failure> {
        let origin = Origin::new("bench.example/ledger")?;
        // The keys guard nothing here, so that they need not be secret.
        let mut random = Stretched::new(&[7; 32]);
        let now = Instant::from_micros(FOUNDED);
        found(folder, &origin, Vec::new(), now, &mut |bytes| {
            random.fill(bytes);
        })?;
        Self::open(folder)
    }

    fn open(folder: &Path) -> Result<Self, Failure> {
        let file = KeyFile::read(&folder.join("keys").join("archivist"))?;
        let key = file
            .private
            .ok_or("the archivist's key has no private half")?;
        let (ledger, notices) = Ledger::open(folder)?;
        if let Some(notice) = notices.first() {
            return Err(format!("opening said: {}", notice.message).into());
        }
        let now = ledger.head().recorded_at.micros();
        let random = Stretched::new(ledger.head().hash.as_bytes());
        Ok(Self {
            ledger,
            key,
            random,
            now,
        })
    }

    fn append(&mut self, first: u64, records: Vec<Record>) -> Result<(), Failure> {
        let head = self.ledger.head();
        let proposal = Proposal {
            head,
            first: head.size.next_seq(),
            signer: self.ledger.archivist(&self.key)?,
            records,
            files: Vec::new(),
            already_held: 0,
            left_out: Vec::new(),
        };
        let found = self.submit(&proposal)?;
        if found == first {
            return Ok(());
        }
        Err(format!("a submission begins at {found}, not at {first}").into())
    }

    fn close(self) -> Result<(), Failure> {
        Ok(self.ledger.close()?)
    }

    fn look(folder: &Path) -> Result<(), Failure> {
        ledger::founded(&RollReader::open(folder)?)?;
        Ok(())
    }

    fn verify(folder: &Path) -> Result<u64, Failure> {
        let verified = verify::verify(folder, &verify::Against::default(), &mut |_, _| {})?;
        if let Some(finding) = verified.report.findings.first() {
            return Err(format!("verifying found: {}", finding.message).into());
        }
        Ok(verified.records)
    }

    fn readings(folder: &Path) -> Result<Readings, Failure> {
        let roll = RollReader::open(folder)?;
        Ok(history::readings(&roll, roll.size(), &mut |_, _| {})?)
    }
}
