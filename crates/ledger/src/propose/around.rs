//! What lies around the records of a dossier: the ledger, the other records of
//! the submission, and the files beside the dossiers.

use std::cell::{Cell, OnceCell, RefCell};
use std::collections::{BTreeMap, HashMap, HashSet};
use std::path::{Path, PathBuf};
use std::rc::Rc;

use chancery_chain::{Digest, Seq};
use chancery_core::fault::nearest;
use chancery_core::form::{RecordForm, Span};
use chancery_core::quote::{QuoteFault, SourceText};
use chancery_core::record::{
    Content as _, Custody as CustodyRecord, Names, Record, RecordKind, Source, Surroundings,
    Target, given,
};
use chancery_store::Store;

use super::Dossiers;
use super::held::{Held, HeldError};
use super::planned::Planned;
use crate::custody::Custody;

/// References to records that have no position yet count from here.
pub(super) const PROVISIONAL: u64 = 1 << 63;

/// For how many unknown ids another is suggested.
const SUGGESTIONS: u32 = 50;

/// What lies around the records of a submission.
pub(super) struct Around<'a> {
    dossiers: &'a Dossiers,
    planned: &'a Planned,
    /// The places of forms that came out of an export, by the positions that they had there.
    exported: HashMap<u64, u64>,
    is_export: bool,
    held: Held<'a>,
    custody: Custody,
    /// The first form with each id, by its place.
    ids: HashMap<&'a str, usize>,
    texts: RefCell<HashMap<u64, Option<Rc<SourceText>>>>,
    files: RefCell<BTreeMap<PathBuf, Taken>>,
    all_ids: OnceCell<Vec<String>>,
    /// The fields that supplements of this submission set, by record and number.
    supplemented: RefCell<HashSet<(u64, u16)>>,
    /// How often it was asked what an unknown id may have been meant to be.
    asked: Cell<u32>,
}

/// A file that was read for a record.
#[derive(Clone)]
struct Taken {
    record: CustodyRecord,
    bytes: Rc<Vec<u8>>,
}

impl<'a> Around<'a> {
    pub(super) fn new(
        store: &'a Store,
        dossiers: &'a Dossiers,
        places: &[u64],
        planned: &'a Planned,
    ) -> Self {
        let mut ids = HashMap::new();
        for (place, form) in dossiers.forms.iter().enumerate() {
            if let Some(id) = text_member(form, "id") {
                ids.entry(id).or_insert(place);
            }
        }
        let exported = (0_u64..).zip(places).map(|(place, seq)| (*seq, place));
        Self {
            dossiers,
            planned,
            exported: exported.collect(),
            is_export: !places.is_empty(),
            held: Held::new(store, planned),
            custody: Custody::of(store.folder()),
            ids,
            texts: RefCell::default(),
            files: RefCell::default(),
            all_ids: OnceCell::new(),
            supplemented: RefCell::default(),
            asked: Cell::new(0),
        }
    }

    /// Returns why the ledger could not be read, if that has happened.
    pub(super) fn failure(&self) -> Option<HeldError> {
        self.held.failure()
    }

    pub(super) fn held(&self) -> &Held<'a> {
        &self.held
    }

    pub(super) fn held_id(&self, id: &str) -> Option<(Seq, RecordKind)> {
        self.held.id(id)
    }

    /// Returns the entry by which the record with this id was expunged, if it was.
    pub(super) fn expunged_id(&self, id: &str) -> Option<(Seq, Seq)> {
        self.held.expunged_id(id)
    }

    pub(super) fn held_record(&self, seq: u64) -> Option<Rc<Record>> {
        self.held.record(seq)
    }

    pub(super) fn with_content(&self, content: &[u8]) -> Option<Seq> {
        self.held.with_content(content)
    }

    /// Returns the place of the first form with this id.
    pub(super) fn first_with(&self, id: &str) -> Option<usize> {
        self.ids.get(id).copied()
    }

    /// Notes that a supplement sets this field of a record; returns whether it is the first to.
    pub(super) fn supplemented(&self, record: u64, field: u16) -> bool {
        self.supplemented.borrow_mut().insert((record, field))
    }

    /// Returns whether a reference names the record of this form.
    pub(super) fn is_form(&self, seq: u64, form: &RecordForm) -> bool {
        self.form(seq)
            .is_some_and(|named| std::ptr::eq(named, form))
    }

    /// Returns where the record at this place among the forms begins.
    pub(super) fn span(&self, place: usize) -> Span {
        self.dossiers.forms[place].kind_span
    }

    /// Returns the files that were read, for taking them into custody.
    pub(super) fn taken_files(&self) -> Vec<(Digest, PathBuf)> {
        let files = self.files.borrow();
        files
            .iter()
            .map(|(path, taken)| (Digest::from_bytes(taken.record.digest), path.clone()))
            .collect()
    }

    fn form(&self, seq: u64) -> Option<&'a RecordForm> {
        let place = usize::try_from(seq.checked_sub(PROVISIONAL)?).ok()?;
        self.dossiers.forms.get(place)
    }

    fn file(&self, path: &str, dossier: usize) -> Result<Taken, String> {
        let folder = self
            .dossiers
            .folders
            .get(dossier)
            .map_or(Path::new(""), PathBuf::as_path);
        let mut place = folder.join(path);
        if !place.exists() {
            // A record of an export names its file by the digest it is held under.
            place = self.held_file(path).unwrap_or(place);
        }
        if let Some(taken) = self.files.borrow().get(&place) {
            return Ok(taken.clone());
        }
        let name = Path::new(path).file_name();
        self.may_be_taken(&place)?;
        let bytes = std::fs::read(&place).map_err(|error| error.to_string())?;
        let name = name.map(|name| name.to_string_lossy().into_owned());
        let record = CustodyRecord {
            digest: *Digest::of(&bytes).as_bytes(),
            length: bytes.len() as u64,
            name: name.unwrap_or_default(),
        };
        let taken = Taken {
            record,
            bytes: Rc::new(bytes),
        };
        self.files.borrow_mut().insert(place, taken.clone());
        Ok(taken)
    }

    /// A file is taken only if it is one, and none of the ledger's own.
    fn may_be_taken(&self, place: &Path) -> Result<(), String> {
        let real = place.canonicalize().map_err(|error| error.to_string())?;
        let metadata = real.metadata().map_err(|error| error.to_string())?;
        if !metadata.is_file() {
            return Err("it is no regular file".to_owned());
        }
        let ledger = self.held.folder().canonicalize().unwrap_or_default();
        let own = ledger != Path::new("") && real.starts_with(&ledger);
        let kept_apart = ["keys", "roll", "store"].map(|name| ledger.join(name));
        if own && kept_apart.iter().any(|folder| real.starts_with(folder)) {
            return Err("it is one of the ledger's own files".to_owned());
        }
        Ok(())
    }

    fn held_file(&self, path: &str) -> Option<PathBuf> {
        let digest = path.strip_prefix("sources/")?.split('/').next()?;
        let digest: Digest = digest.parse().ok()?;
        Some(self.custody.path(&digest)).filter(|place| place.exists())
    }

    fn text(&self, source: u64) -> Option<Rc<SourceText>> {
        if let Some(known) = self.texts.borrow().get(&source) {
            return known.clone();
        }
        let (media_type, bytes) = match self.form(source) {
            Some(form) => {
                let path = text_member(form, "file")?;
                let taken = self.file(path, form.kind_span.dossier).ok()?;
                (
                    text_member(form, "media_type").map(str::to_owned),
                    taken.bytes,
                )
            }
            None => self.held_text(source)?,
        };
        let is_text = media_type.is_none_or(|name| name.starts_with("text/"));
        let text = String::from_utf8(bytes.to_vec()).ok().filter(|_| is_text);
        let ready = text.map(|text| Rc::new(SourceText::new(&text)));
        self.texts.borrow_mut().insert(source, ready.clone());
        ready
    }

    fn held_text(&self, source: u64) -> Option<(Option<String>, Rc<Vec<u8>>)> {
        let record = self.held.record(source)?;
        let mut source_record = Source::of(&record)?.clone();
        if source_record.file.is_none() {
            // The file may have come later, by a supplement.
            let reads = self.held.reading(source)?;
            source_record = Source::of(&reads)?.clone();
        }
        let digest = Digest::from_bytes(source_record.file?.digest);
        let bytes = self.held.source_file(&self.custody, &digest)?;
        Some((source_record.media_type, Rc::new(bytes)))
    }

    /// Returns what `#number` names: an entry, or in an export the line with that `@seq`.
    fn numbered(&self, number: u64) -> Option<Target> {
        let seq = match self.exported.get(&number) {
            Some(place) => return self.target_here(*place),
            None if self.is_export => self.planned.exported(number)?,
            None => number,
        };
        let kind = self.held.record(seq)?.kind();
        Some(self.target_held(seq, kind))
    }

    /// Returns the record at this place among the forms, as what a reference names.
    fn target_here(&self, place: u64) -> Option<Target> {
        let seq = PROVISIONAL + place;
        let kind = RecordKind::from_name(&self.form(seq)?.kind)?;
        Some(Target {
            seq,
            kind,
            held: false,
            subject: None,
        })
    }

    fn target_held(&self, seq: u64, kind: RecordKind) -> Target {
        let subject = match kind {
            RecordKind::Supplement | RecordKind::Correction => self.subject_kind(seq),
            _ => None,
        };
        Target {
            seq,
            kind,
            held: true,
            subject,
        }
    }
}

impl Surroundings for Around<'_> {
    fn resolve(&self, reference: &str) -> Option<Target> {
        if let Some(number) = reference.strip_prefix('#') {
            return self.numbered(plain_number(number)?);
        }
        if let Some((seq, kind)) = self.held.id(reference) {
            return Some(self.target_held(seq.get(), kind));
        }
        if let Some(place) = self.ids.get(reference) {
            return self.target_here(*place as u64);
        }
        let (kind, seq) = given(reference)?;
        let record = self.held.record(seq)?;
        let fits = record.kind() == kind && record.id().is_none();
        fits.then(|| self.target_held(seq, kind))
    }

    fn id_of(&self, seq: u64) -> String {
        self.name(seq)
    }

    fn gone(&self, reference: &str) -> Option<String> {
        let at = match (reference.strip_prefix('#'), given(reference)) {
            (Some(number), _) => plain_number(number).filter(|_| !self.is_export),
            (None, given) => given.map(|(_, seq)| seq),
        };
        let by = match at {
            Some(seq) => self.held.expunged_at(seq)?,
            None => self.held.expunged_id(reference)?.1,
        };
        Some(format!("was expunged by entry {by}"))
    }

    fn similar(&self, reference: &str) -> Option<String> {
        // Where so many are unknown a dossier is missing, and no spelling is to blame.
        let asked = self.asked.get();
        self.asked.set(asked.saturating_add(1));
        if asked >= SUGGESTIONS {
            return None;
        }
        let held = self.all_ids.get_or_init(|| self.held.all_ids());
        let ids = self
            .ids
            .keys()
            .copied()
            .chain(held.iter().map(String::as_str));
        nearest(reference, ids).map(str::to_owned)
    }

    fn locate(
        &self,
        source: u64,
        quote: &str,
        around: (&str, &str),
    ) -> Result<Option<(u64, u64)>, QuoteFault> {
        match self.text(source) {
            Some(text) => text.locate(quote, around).map(Some),
            None => Ok(None),
        }
    }

    fn custody(&self, path: &str, dossier: usize) -> Result<CustodyRecord, String> {
        self.file(path, dossier).map(|taken| taken.record)
    }
}

impl Names for Around<'_> {
    fn name(&self, seq: u64) -> String {
        if let Some(form) = self.form(seq) {
            return text_member(form, "id").unwrap_or_default().to_owned();
        }
        let record = self.held.record(seq);
        let id = record.as_ref().and_then(|record| record.id());
        id.map_or_else(|| format!("#{seq}"), |id| id.as_str().to_owned())
    }

    fn kind(&self, seq: u64) -> Option<RecordKind> {
        match self.form(seq) {
            Some(form) => RecordKind::from_name(&form.kind),
            None => Some(self.held.record(seq)?.kind()),
        }
    }

    fn subject_kind(&self, seq: u64) -> Option<RecordKind> {
        let subject = self.held.record(seq)?.subject()?;
        Some(self.held.record(subject)?.kind())
    }
}

/// Returns the number that digits alone are.
fn plain_number(digits: &str) -> Option<u64> {
    let plain = digits.bytes().all(|byte| byte.is_ascii_digit());
    plain.then(|| digits.parse().ok()).flatten()
}

fn text_member<'a>(form: &'a RecordForm, key: &str) -> Option<&'a str> {
    form.member(key)?.value.as_text()
}
