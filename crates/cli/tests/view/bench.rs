//! A ledger to ask, and the command line to ask it with.

use std::cell::RefCell;
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::rc::Rc;

use chancery_cli::args::Cli;
use chancery_cli::context::Context;
use chancery_cli::failure::Failure;
use chancery_cli::out::Out;
use clap::Parser;
use serde_json::Value;
use tempfile::TempDir;

/// The size of the ledger before the correction.
pub(crate) const BEFORE: &str = "105";

#[derive(Clone, Default)]
struct Written(Rc<RefCell<Vec<u8>>>);

impl Write for Written {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.borrow_mut().extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// A ledger in a folder of its own.
pub(crate) struct Bench {
    _kept: TempDir,
    pub(crate) ledger: PathBuf,
}

impl Bench {
    pub(crate) fn new() -> Self {
        let kept = tempfile::tempdir().unwrap();
        let ledger = kept.path().join("ledger");
        let bench = Self {
            _kept: kept,
            ledger,
        };
        let folder = bench.ledger.display().to_string();
        run(&["init", &folder, "--origin", "example.org/test", "--quiet"]).unwrap();
        bench
    }

    /// Returns a ledger of two archivists, whose keys lie beside it as `first` and `second`.
    pub(crate) fn of_two_archivists() -> Self {
        let (kept, other) = (Self::new(), Self::new());
        let folder = kept.ledger.parent().unwrap().to_owned();
        let key = |name: &str, from: &Self| {
            let path = folder.join(name);
            std::fs::copy(from.ledger.join("keys/archivist"), &path).unwrap();
            format!("archivist={}", path.display())
        };
        let (first, second) = (key("first", &kept), key("second", &other));
        let ledger = folder.join("of-two");
        let named = ledger.display().to_string();
        let origin = ["init", &named, "--origin", "example.org/test", "--quiet"];
        run(&[&origin[..], &["--key", &first, "--key", &second]].concat()).unwrap();
        Self { ledger, ..kept }
    }

    /// Returns a ledger of the example.
    pub(crate) fn geneva() -> Self {
        let bench = Self::new();
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../examples/geneva-2016");
        let mut dossiers: Vec<PathBuf> = folder
            .read_dir()
            .unwrap()
            .map(|file| file.unwrap().path())
            .collect();
        dossiers.retain(|path| path.extension().is_some_and(|kind| kind == "toml"));
        dossiers.sort();
        for dossier in dossiers {
            bench.ask(&["append", &dossier.display().to_string()]);
        }
        bench
    }

    /// Returns a ledger of one dossier.
    pub(crate) fn of(dossier: &str) -> Self {
        let bench = Self::new();
        let path = bench.ledger.with_extension("toml");
        std::fs::write(&path, dossier).unwrap();
        bench.ask(&["append", &path.display().to_string()]);
        bench
    }

    pub(crate) fn try_ask(&self, arguments: &[&str]) -> Result<String, Failure> {
        let ledger = self.ledger.display().to_string();
        let mut all = vec!["--ledger", ledger.as_str()];
        all.extend(arguments);
        run(&all)
    }

    pub(crate) fn ask(&self, arguments: &[&str]) -> String {
        self.try_ask(arguments).unwrap()
    }

    /// Returns the answer in JSON, though it may be no.
    pub(crate) fn json_whatever(&self, arguments: &[&str]) -> Value {
        let ledger = self.ledger.display().to_string();
        let mut all = vec!["--ledger", ledger.as_str(), "--json"];
        all.extend(arguments);
        let (text, _) = run_whatever(&all);
        serde_json::from_str(&text).unwrap()
    }

    pub(crate) fn json(&self, arguments: &[&str]) -> Value {
        let mut all = arguments.to_vec();
        all.push("--json");
        serde_json::from_str(&self.ask(&all)).unwrap()
    }
}

fn run(arguments: &[&str]) -> Result<String, Failure> {
    let (text, outcome) = run_whatever(arguments);
    outcome.map(|()| text)
}

/// Returns what was written, and what came of it.
fn run_whatever(arguments: &[&str]) -> (String, Result<(), Failure>) {
    let words = std::iter::once("chancery").chain(arguments.iter().copied());
    let cli = Cli::try_parse_from(words).unwrap();
    let written = Written::default();
    let mut context = Context {
        global: cli.global,
        out: Out::to(Box::new(written.clone())),
    };
    let outcome = chancery_cli::run(&mut context, &cli.command);
    context.out.finish().unwrap();
    let text = written.0.borrow().clone();
    (String::from_utf8(text).unwrap(), outcome)
}

pub(crate) fn keys(value: &Value) -> Vec<&str> {
    value
        .as_object()
        .unwrap()
        .keys()
        .map(String::as_str)
        .collect()
}

pub(crate) fn by_id<'a>(list: &'a Value, id: &str) -> &'a Value {
    let list = list.as_array().unwrap();
    list.iter().find(|item| item["id"] == id).unwrap()
}
