//! What a command is asked in: which ledger, which day, which cut, and where
//! the answer goes.

use std::cell::OnceCell;
use std::path::{Path, PathBuf};

use chancery_chain::checkpoint::Checkpoint;
use chancery_chain::note::{Note, VerifierKey};
use chancery_chain::{Finding, Keyring, Origin, Size};
use chancery_core::date::{Credibility, Date};
use chancery_core::day::Day;
use chancery_core::fault::Fault;
use chancery_core::replay::{Period, Question, Readings};
use chancery_ledger::cut::{self, Cut, KnownAt};
use chancery_ledger::keys_at::KeysAt;
use chancery_ledger::{history, ledger};
use chancery_store::RollReader;

use crate::args::{CredibilityArg, Global};
use crate::clock;
use crate::dossier::Dossier;
use crate::explain;
use crate::failure::{Exit, Failure};
use crate::faults;
use crate::out::{Out, escaped};
use crate::progress::Progress;
use crate::view::page::clean;
use crate::view::say;

/// What a command is asked in.
pub struct Context {
    /// What holds for every command.
    pub global: Global,
    /// Where the answer goes.
    pub out: Out,
}

/// A ledger open for reading, up to a cut.
pub struct Reading {
    /// The roll that is read.
    pub roll: RollReader,
    /// The ledger's name.
    pub origin: Origin,
    /// Up to where.
    pub cut: Cut,
    /// Whose keys vouch for what, as known there.
    pub keys: KeysAt,
    /// Whether only what a second person vouched for is to be believed.
    pub attested: bool,
    /// Whether progress is to be kept to oneself.
    quiet: bool,
    /// The positions of records that were expunged, once the records were read.
    expunged: OnceCell<Vec<u64>>,
}

/// A day, or a period some or every day of which is asked about, as the user wrote it.
#[derive(Clone, Debug)]
pub struct Asked {
    /// The text.
    pub edtf: String,
    /// The first day.
    pub first: Day,
    /// The last day.
    pub last: Day,
    /// Whether every day of the period is asked about.
    pub throughout: bool,
    /// How far qualified dates are believed.
    pub credibility: CredibilityArg,
    /// The actor whose word is taken, if one's is: as the user named it until it
    /// is known who that is, and then its id.
    pub according_to: Option<String>,
}

impl Context {
    /// Returns the ledger's folder: the one named, or the nearest at or above this one.
    ///
    /// # Errors
    /// There is none.
    pub fn folder(&self) -> Result<PathBuf, Failure> {
        let hint = "found one with `chancery init DIR --origin NAME`, or try `chancery demo`";
        let set = std::env::var_os("CHANCERY_LEDGER").filter(|value| !value.is_empty());
        if let Some(named) = self.global.ledger.clone().or(set.map(PathBuf::from)) {
            if is_ledger(&named) {
                return Ok(named);
            }
            let message = format!("{} holds no ledger", named.display());
            return Err(Failure::new(Exit::System, message).hint(hint));
        }
        let here = std::env::current_dir()?;
        let found = here.ancestors().find(|folder| is_ledger(folder));
        found.map(Path::to_owned).ok_or_else(|| {
            let message = "there is no ledger here or in any folder above";
            Failure::new(Exit::System, message)
                .hint(format!("name one with --ledger DIR, or {hint}"))
        })
    }

    /// Opens the ledger for reading, up to the cut that is asked for.
    ///
    /// # Errors
    /// There is no ledger or no such cut, or it cannot be read.
    pub fn read(&self) -> Result<Reading, Failure> {
        self.read_at(self.global.known_at.as_deref())
    }

    /// Opens the ledger for reading, up to the cut that is named so.
    ///
    /// # Errors
    /// As [`Self::read`].
    pub fn read_at(&self, known_at: Option<&str>) -> Result<Reading, Failure> {
        let folder = self.folder()?;
        let roll = RollReader::open(&folder).map_err(|error| explain::read(&error))?;
        let (origin, keyring) = ledger::founded(&roll).map_err(|error| explain::ledger(&error))?;
        let known_at = named_cut(known_at, &origin, &keyring)?;
        let cut = cut::resolve(&roll, &known_at).map_err(|error| explain::cut(&error))?;
        let keys = KeysAt::of(&roll, cut.size, keyring).map_err(|error| explain::read(&error))?;
        let (attested, quiet) = (self.global.attested, self.global.quiet);
        Ok(Reading {
            roll,
            origin,
            cut,
            keys,
            attested,
            quiet,
            expunged: OnceCell::new(),
        })
    }

    /// Returns the day that "today" means.
    ///
    /// # Errors
    /// `--today` is no day.
    pub fn today(&self) -> Result<Day, Failure> {
        match &self.global.today {
            None => Ok(clock::day_of(clock::now())),
            Some(text) => text.parse().map_err(|error| {
                Failure::new(Exit::Usage, format!("--today {text}: {error}"))
                    .hint("write a day as YYYY-MM-DD")
            }),
        }
    }

    /// Returns the day or period that is asked about.
    ///
    /// # Errors
    /// `--on` is no date, or has no ends.
    pub fn asked(&self) -> Result<Asked, Failure> {
        self.asked_on(self.global.on.as_deref())
    }

    /// Returns the day or period `edtf`, asked about in the way of this command.
    ///
    /// # Errors
    /// As [`Self::asked`].
    pub fn asked_on(&self, edtf: Option<&str>) -> Result<Asked, Failure> {
        let today = self.today()?;
        let (edtf, period) = match edtf {
            None => (today.to_string(), Period::on(today)),
            Some(edtf) => (edtf.to_owned(), days_of("--on", edtf)?),
        };
        Ok(Asked {
            edtf,
            first: period.first(),
            last: period.last(),
            throughout: self.global.throughout,
            credibility: self.global.credibility,
            according_to: self.global.according_to.clone(),
        })
    }

    /// Returns the question that replay is to answer; whose word it takes is
    /// known once there are records, see [`crate::view::ask::according_to`].
    ///
    /// # Errors
    /// `--on` or `--today` is no day.
    pub fn question(&self) -> Result<(Asked, Question), Failure> {
        self.question_on(self.global.on.as_deref())
    }

    /// Returns the same question, asked about the day or period `edtf`.
    ///
    /// # Errors
    /// As [`Self::question`].
    pub fn question_on(&self, edtf: Option<&str>) -> Result<(Asked, Question), Failure> {
        let asked = self.asked_on(edtf)?;
        let on = Period::between(asked.first, asked.last).unwrap_or(Period::on(asked.first));
        let question = Question {
            on,
            throughout: asked.throughout,
            today: self.today()?,
            credibility: match asked.credibility {
                CredibilityArg::Strict => Credibility::Strict,
                CredibilityArg::Accept => Credibility::Accept,
            },
            according_to: None,
        };
        Ok((asked, question))
    }

    /// Says a notice on standard error, unless nothing but answers is wanted.
    #[allow(clippy::print_stderr)]
    pub fn notice(&self, text: &str) {
        if self.global.json {
            let notice = serde_json::json!({ "schema": "chancery.notice/1", "message": text });
            eprintln!("{}", escaped(&notice.to_string()));
        } else if !self.global.quiet {
            eprintln!("note: {}", clean(text));
        }
    }

    /// Tells the faults of dossiers, and returns the failure that they amount to.
    #[allow(clippy::print_stderr)]
    pub fn tell_faults(&self, dossiers: &[Dossier], found: &[Fault]) -> Failure {
        if self.global.json {
            eprintln!("{}", faults::json(dossiers, found));
        } else {
            eprint!(
                "{}",
                faults::human(dossiers, found, self.global.colours_on_stderr())
            );
            let number = say::number(found.len(), "fault", "faults");
            eprintln!("error: {number}; nothing was written");
        }
        Failure::told(Exit::Refused)
    }

    /// Says what was found on the way.
    pub fn notices(&self, findings: &[Finding]) {
        for finding in findings {
            self.notice(&finding.message);
        }
    }
}

impl Reading {
    /// Returns what the records up to the cut amount to, record by record: of
    /// all, or of those that a second person vouched for.
    ///
    /// # Errors
    /// An entry cannot be read.
    pub fn readings(&self) -> Result<Readings, Failure> {
        let readings = self.all_readings()?;
        Ok(if self.attested {
            readings.attested()
        } else {
            readings
        })
    }

    /// Returns what all records up to the cut amount to, whoever vouched for them.
    ///
    /// # Errors
    /// As [`Self::readings`].
    pub fn all_readings(&self) -> Result<Readings, Failure> {
        let mut bar = Progress::new("replaying", "entries", self.quiet);
        let readings = history::readings(&self.roll, self.cut.size, &mut |done, total| {
            bar.at(done, total);
        });
        let readings = readings.map_err(|error| explain::history(&error))?;
        self.expunged
            .get_or_init(|| readings.expunged().keys().copied().collect());
        Ok(readings)
    }

    /// Returns the positions of the records that were expunged, as far as the
    /// records were read: what an answer lacks.
    pub fn expunged(&self) -> &[u64] {
        self.expunged.get().map_or(&[], Vec::as_slice)
    }
}

/// Returns the day or period that a flag names.
///
/// # Errors
/// It is no date, or has no ends.
pub fn days_of(flag: &str, edtf: &str) -> Result<Period, Failure> {
    let date = Date::new(edtf);
    date.check().map_err(|fault| {
        let failure = Failure::new(Exit::Usage, format!("{flag} {edtf}: {}", fault.message));
        match fault.help {
            Some(help) => failure.hint(help),
            None => failure,
        }
    })?;
    let window = date.window(Credibility::Accept);
    let ends = window.earliest().zip(window.latest());
    let period = ends.and_then(|(first, last)| Period::between(first, last));
    period.ok_or_else(|| {
        Failure::new(
            Exit::Usage,
            format!("{flag} {edtf} has no first or last day"),
        )
    })
}

/// Returns the cut that is named so; the head if none is.
fn named_cut(text: Option<&str>, origin: &Origin, keyring: &Keyring) -> Result<KnownAt, Failure> {
    let Some(text) = text else {
        return Ok(KnownAt::Head);
    };
    if text.bytes().all(|byte| byte.is_ascii_digit()) && !text.is_empty() {
        let size = text.parse::<Size>();
        return size.map(KnownAt::Size).map_err(|_| unknown_cut(text));
    }
    if is_hash(text) {
        return Ok(KnownAt::Entry(text.to_ascii_lowercase()));
    }
    if let Ok(day) = text.parse::<Day>() {
        let end = clock::end_of(day).ok_or_else(|| unknown_cut(text))?;
        return Ok(KnownAt::Before(end));
    }
    let note = std::fs::read(text).map_err(|_| unknown_cut(text))?;
    let note = Note::parse(&note).map_err(|_| unknown_cut(text))?;
    let checkpoint = Checkpoint::parse(note.text()).map_err(|_| unknown_cut(text))?;
    let known = keyring.log_keys_at(origin, checkpoint.size());
    check_signed(text, &note, origin, &known)?;
    Ok(KnownAt::Checkpoint(checkpoint.size(), checkpoint.root()))
}

fn is_ledger(folder: &Path) -> bool {
    folder.join("roll").is_dir() || folder.join(chancery_ledger::settings::FILE).is_file()
}

/// A checkpoint is believed only under the ledger's own log keys of its time.
fn check_signed(
    path: &str,
    note: &Note,
    origin: &Origin,
    known: &[VerifierKey],
) -> Result<(), Failure> {
    let signed = note.verify(known).map(drop);
    signed.map_err(|error| {
        let message = format!("{path} is no checkpoint of {}", origin.as_str());
        Failure::new(Exit::No, message).cause(error)
    })
}

/// Returns whether this is the hash of an entry, or as much of it as `log` shows.
fn is_hash(text: &str) -> bool {
    (8..=64).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_hexdigit())
}

fn unknown_cut(text: &str) -> Failure {
    Failure::new(Exit::Usage, format!("--known-at {text} is no cut"))
        .hint("give a size, an entry's hash, a checkpoint file, or a day (YYYY-MM-DD)")
}
