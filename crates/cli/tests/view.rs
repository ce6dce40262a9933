//! The answers of `replay`, `agreed`, `commitments` and `show`, asked of the
//! example as a user asks: their keys, and what stands under them.

use std::cell::RefCell;
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::rc::Rc;

use chancery_cli::args::Cli;
use chancery_cli::context::Context;
use chancery_cli::failure::{Exit, Failure};
use chancery_cli::out::Out;
use clap::Parser;
use serde_json::Value;
use tempfile::TempDir;

/// The size of the ledger before the correction.
const BEFORE: &str = "105";

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
struct Bench {
    _kept: TempDir,
    ledger: PathBuf,
}

impl Bench {
    fn new() -> Self {
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

    /// Returns a ledger of the example.
    fn geneva() -> Self {
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
    fn of(dossier: &str) -> Self {
        let bench = Self::new();
        let path = bench.ledger.with_extension("toml");
        std::fs::write(&path, dossier).unwrap();
        bench.ask(&["append", &path.display().to_string()]);
        bench
    }

    fn try_ask(&self, arguments: &[&str]) -> Result<String, Failure> {
        let ledger = self.ledger.display().to_string();
        let mut all = vec!["--ledger", ledger.as_str()];
        all.extend(arguments);
        run(&all)
    }

    fn ask(&self, arguments: &[&str]) -> String {
        self.try_ask(arguments).unwrap()
    }

    fn json(&self, arguments: &[&str]) -> Value {
        let mut all = arguments.to_vec();
        all.push("--json");
        serde_json::from_str(&self.ask(&all)).unwrap()
    }
}

fn run(arguments: &[&str]) -> Result<String, Failure> {
    let words = std::iter::once("chancery").chain(arguments.iter().copied());
    let cli = Cli::try_parse_from(words).unwrap();
    let written = Written::default();
    let mut context = Context {
        global: cli.global,
        out: Out::to(Box::new(written.clone())),
    };
    chancery_cli::run(&mut context, &cli.command)?;
    context.out.finish()?;
    let text = written.0.borrow().clone();
    Ok(String::from_utf8(text).unwrap())
}

fn keys(value: &Value) -> Vec<&str> {
    value
        .as_object()
        .unwrap()
        .keys()
        .map(String::as_str)
        .collect()
}

fn by_id<'a>(list: &'a Value, id: &str) -> &'a Value {
    let list = list.as_array().unwrap();
    list.iter().find(|item| item["id"] == id).unwrap()
}

#[test]
fn an_answer_begins_with_the_question_and_the_cut() {
    let bench = Bench::geneva();

    let answer = bench.json(&["agreed", "--on", "2016-08-27", "--known-at", BEFORE]);

    let expected = [
        "schema",
        "ledger",
        "on",
        "known_at",
        "credibility",
        "expunged",
        "instruments",
    ];
    assert_eq!(keys(&answer), expected);
    assert_eq!(keys(&answer["ledger"]), ["origin", "size", "root", "head"]);
    assert_eq!(answer["schema"], "chancery.agreed/1");
    assert_eq!(
        (&answer["ledger"]["size"], &answer["known_at"]),
        (&105.into(), &105.into())
    );
    assert_eq!(keys(&answer["on"]), ["edtf", "earliest", "latest"]);
    assert_eq!(answer["credibility"], "strict");
}

#[test]
fn an_instrument_has_the_keys_that_are_promised() {
    let bench = Bench::geneva();

    let answer = bench.json(&["agreed", "cessation-2016", "--on", "2016-08-27"]);

    let instrument = &answer["instruments"][0];
    for key in [
        "id",
        "title",
        "status",
        "certainty",
        "entry_into_force",
        "counts",
        "standings",
    ] {
        assert!(instrument.get(key).is_some(), "{key}");
    }
    assert_eq!(instrument["status"], "in-force");
    let force = &instrument["entry_into_force"];
    assert_eq!(keys(force), ["derived", "reason", "recorded"]);
    assert_eq!(force["recorded"]["earliest"], "2016-02-27");
    assert_eq!(
        keys(&instrument["counts"]),
        ["signatories", "consents", "parties"]
    );
    let standing = &instrument["standings"][0];
    assert_eq!(
        keys(standing),
        ["actor", "standing", "certainty", "since", "acts"]
    );
    assert_eq!(keys(&standing["acts"][0])[..3], ["kind", "on", "seq"]);
}

#[test]
fn what_was_known_before_the_correction_is_answered_as_it_was_known() {
    let bench = Bench::geneva();
    let certainty = |cut: &[&str], day: &str| {
        let mut question = vec!["agreed", "moscow-understanding", "--on", day];
        question.extend(cut);
        let answer = bench.json(&question);
        let standing = &answer["instruments"][0]["standings"][0];
        standing["certainty"].as_str().map(str::to_owned)
    };

    let before = ["--known-at", BEFORE];
    assert_eq!(
        certainty(&before, "2016-07-10").as_deref(),
        Some("possible")
    );
    assert_eq!(certainty(&[], "2016-07-10"), None);
    assert_eq!(
        certainty(&before, "2016-07-20").as_deref(),
        Some("possible")
    );
    assert_eq!(certainty(&[], "2016-07-20").as_deref(), Some("certain"));
}

#[test]
fn a_register_has_all_its_parts() {
    let bench = Bench::geneva();

    let answer = bench.json(&["replay", "--on", "2016-08-27"]);

    assert_eq!(answer["schema"], "chancery.register/1");
    let parts = [
        "instruments",
        "commitments",
        "offices",
        "issues",
        "events",
        "statements",
        "unsupported",
    ];
    assert_eq!(keys(&answer)[6..], parts);
    assert!(
        parts[..6]
            .iter()
            .all(|part| !answer[part].as_array().unwrap().is_empty())
    );
    assert_eq!(
        by_id(&answer["issues"], "narrow-issues")["certainty"],
        "certain"
    );
    assert_eq!(
        by_id(&answer["events"], "experts-meeting")["phase"],
        "planned"
    );
    assert_eq!(
        by_id(&answer["statements"], "kerry-on-steps")["mode"],
        "paraphrased"
    );
}

#[test]
fn a_commitment_says_by_whose_word_and_on_what_condition() {
    let bench = Bench::geneva();
    let envoy = |cut: &[&str]| {
        let mut question = vec!["commitments", "--on", "2016-08-27"];
        question.extend(cut);
        by_id(
            &bench.json(&question)["commitments"],
            "envoy-recalls-parties",
        )
        .clone()
    };

    let (now, before) = (envoy(&[]), envoy(&["--known-at", BEFORE]));

    for key in [
        "id",
        "text",
        "debtors",
        "creditors",
        "phase",
        "certainty",
        "attributed",
    ] {
        assert!(now.get(key).is_some(), "{key}");
    }
    assert_eq!(
        (&now["phase"], &before["phase"]),
        (&"conditional".into(), &"active".into())
    );
    assert_eq!(now["attributed"], true);
    assert_eq!(now["debtors"], serde_json::json!(["de-mistura"]));
    assert_eq!(now["condition"]["on"], "narrow-issues");
    assert_eq!(before["condition"], Value::Null);
}

#[test]
fn claims_are_listed_and_not_judged() {
    let bench = Bench::geneva();

    let answer = bench.json(&["commitments", "--on", "2016-04-28"]);

    let commitment = by_id(&answer["commitments"], "syria-ceases-attacks");
    assert_eq!(
        (&commitment["phase"], &commitment["contested"]),
        (&"active".into(), &true.into())
    );
    let claims = commitment["claims"].as_array().unwrap();
    let said: Vec<_> = claims
        .iter()
        .map(|claim| (claim["by"].as_str(), claim["claims"].as_str()))
        .collect();
    let expected = [
        (Some("kerry"), Some("violated")),
        (Some("syria-government"), Some("denied")),
    ];
    assert_eq!(said, expected);
}

#[test]
fn an_actor_s_commitments_are_those_owed_by_it_or_to_it() {
    let bench = Bench::geneva();

    let answer = bench.json(&["commitments", "--on", "2016-08-27", "--actor", "issg"]);

    let ids: Vec<&Value> = answer["commitments"]
        .as_array()
        .unwrap()
        .iter()
        .map(|item| &item["id"])
        .collect();
    assert_eq!(ids, ["co-chairs-lead-task-force"]);
}

#[test]
fn one_cut_gives_the_same_bytes_whatever_is_appended_later() {
    let bench = Bench::geneva();
    let questions: [&[&str]; 3] = [
        &[
            "replay",
            "--on",
            "2016-08-27",
            "--known-at",
            BEFORE,
            "--json",
        ],
        &["agreed", "--on", "2016-07", "--known-at", BEFORE, "--json"],
        &[
            "show",
            "envoy-recalls-parties",
            "--known-at",
            BEFORE,
            "--json",
        ],
    ];
    let before = questions.map(|question| bench.ask(question));

    let path = bench.ledger.with_extension("toml");
    let retraction = "[[retraction]]\nretracts = \"usa-concurs-july\"\nreason = \"a test\"\n";
    std::fs::write(&path, retraction).unwrap();
    bench.ask(&["append", &path.display().to_string()]);

    assert_eq!(questions.map(|question| bench.ask(question)), before);
}

#[test]
fn a_record_is_shown_with_its_history_and_the_words_around_its_quote() {
    let bench = Bench::geneva();

    let shown = bench.json(&["show", "moscow-understanding"]);

    assert_eq!(shown["schema"], "chancery.show/1");
    assert_eq!(shown["kind"], "instrument");
    assert_eq!(shown["fields"]["adopted"]["edtf"], "2016-07-14/2016-07-15");
    assert_eq!(shown["original"]["adopted"]["edtf"], "2016-07");
    let evidence = &shown["evidence"][0];
    assert_eq!(
        (&evidence["source"], &evidence["text"]),
        (&"src-transcript".into(), &"held".into())
    );
    assert!(
        evidence["before"]
            .as_str()
            .unwrap()
            .contains("after talks with President Putin")
    );
    let revision = &shown["revisions"][0];
    assert_eq!(
        (&revision["kind"], &revision["stands"]),
        (&"correction".into(), &true.into())
    );
    assert_eq!(revision["set"]["adopted"]["edtf"], "2016-07-14/2016-07-15");
    assert_eq!(shown["entry"]["archivist"]["name"], "archivist");
}

#[test]
fn what_was_retracted_is_shown_with_the_reason() {
    let bench = Bench::geneva();

    let now = bench.json(&["show", "lavrov-claims-bombing"]);
    let before = bench.json(&["show", "lavrov-claims-bombing", "--known-at", BEFORE]);

    assert!(
        now["retracted"]["reason"]
            .as_str()
            .unwrap()
            .starts_with("The words are Kerry's")
    );
    assert_eq!(before["retracted"], Value::Null);
}

#[test]
fn entries_of_the_chain_s_own_are_shown() {
    let bench = Bench::new();

    let founding = bench.json(&["show", "#0"]);
    let key = bench.json(&["show", "#1"]);
    let closing = bench.json(&["show", "#4"]);

    assert_eq!(
        (&founding["kind"], &founding["chain"]["origin"]),
        (&"founding".into(), &"example.org/test".into())
    );
    assert_eq!(key["kind"], "key");
    assert_eq!(
        (&closing["kind"], &closing["chain"]["first"]),
        (&"closing".into(), &0.into())
    );
}

#[test]
fn a_name_that_is_not_known_is_refused_with_the_nearest() {
    let bench = Bench::geneva();

    for question in [
        &["show", "kerri"][..],
        &["replay", "--actor", "kerri"],
        &["agreed", "--actor", "kerri"],
        &["commitments", "--actor", "kerri"],
    ] {
        let failure = bench.try_ask(question).unwrap_err();

        assert_eq!(
            (failure.exit, failure.code),
            (Exit::Refused, "unknown-reference")
        );
        assert_eq!(failure.hint.as_deref(), Some("did you mean `kerry`?"));
    }
}

#[test]
fn a_record_is_not_known_before_it_was_recorded() {
    let bench = Bench::geneva();

    let failure = bench
        .try_ask(&["show", "src-travels", "--known-at", BEFORE])
        .unwrap_err();
    let beyond = bench
        .try_ask(&["show", "#105", "--known-at", BEFORE])
        .unwrap_err();

    assert_eq!(
        (failure.exit, failure.code),
        (Exit::Refused, "unknown-reference")
    );
    assert_eq!(
        (beyond.exit, beyond.code),
        (Exit::Refused, "unknown-reference")
    );
}

#[test]
fn an_id_of_another_kind_is_said_to_be_one() {
    let bench = Bench::geneva();

    let failure = bench.try_ask(&["agreed", "kerry"]).unwrap_err();

    assert_eq!(failure.message, "`kerry` is an actor, not an instrument");
}

#[test]
fn a_text_answer_fits_eighty_columns_and_is_plain() {
    let bench = Bench::geneva();
    let questions: [&[&str]; 5] = [
        &["replay", "--on", "2016-08-27"],
        &["replay", "--on", "2016-07-14", "--certainty", "possible"],
        &["agreed", "--on", "2016-09-30"],
        &["commitments", "--on", "2016-09-20"],
        &["show", "envoy-recalls-parties"],
    ];

    for question in questions {
        let text = bench.ask(question);

        assert!(
            text.lines().all(|line| line.chars().count() <= 80),
            "{text}"
        );
        assert!(!text.contains('\u{1b}'), "{text}");
    }
}

#[test]
fn a_text_answer_says_of_which_day_and_cut_it_speaks() {
    let bench = Bench::geneva();

    let all = bench.ask(&["commitments", "--on", "2016-08-27"]);
    let part = bench.ask(&["commitments", "--on", "2016-08-27", "--known-at", BEFORE]);

    assert!(
        all.contains("\non 2016-08-27, as known at 117 entries (everything recorded)\n"),
        "{all}"
    );
    assert!(
        part.contains("\non 2016-08-27, as known at 105 of 117 entries\n"),
        "{part}"
    );
}

#[test]
fn a_text_answer_says_by_whose_word_somebody_is_bound() {
    let bench = Bench::geneva();

    let text = bench.ask(&["commitments", "--on", "2016-08-27", "--actor", "de-mistura"]);

    let folded = text.split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(
        folded.contains("de-mistura → syrian-parties: Call the parties back"),
        "{text}"
    );
    assert!(
        folded.contains("conditional; condition: “once every issue is settled”"),
        "{text}"
    );
    assert!(folded.contains("by kerry's word only"), "{text}");
}

#[test]
fn what_a_record_says_cannot_steer_the_terminal() {
    let bench = Bench::of(concat!(
        "[[instrument]]\nid = \"i\"\nkind = \"treaty\"\nadopted = \"2000\"\n",
        "title = \"A\\u001b[31m red \\u202e title\"\n",
    ));

    for question in [&["agreed"][..], &["replay"], &["show", "i"]] {
        let text = bench.ask(question);

        assert!(!text.contains(['\u{1b}', '\u{202e}']), "{text}");
    }
}

#[test]
fn a_day_derived_by_rule_names_whose_deposits_completed_it() {
    let actor = |id: &str| format!("[[actor]]\nid = \"{id}\"\nname = \"{id}\"\nkind = \"state\"\n");
    let act = |by: &str, on: &str| {
        format!(
            "[[act]]\ninstrument = \"treaty\"\nby = \"{by}\"\nkind = \"ratification\"\non = \"{on}\"\n"
        )
    };
    let treaty = concat!(
        "[[instrument]]\nid = \"treaty\"\ntitle = \"A treaty\"\nkind = \"treaty\"\n",
        "adopted = \"2000-01-01\"\n[instrument.entry_into_force]\nconsents = 2\ndelay = { days = 30 }\n",
    );
    let parts = [
        actor("a"),
        actor("b"),
        treaty.to_owned(),
        act("a", "2000-02-01"),
        act("b", "2000-03-01"),
    ];
    let bench = Bench::of(&parts.concat());

    let answer = bench.json(&["agreed", "--on", "2000-03-15"]);
    let text = bench.ask(&["agreed", "--on", "2000-03-15"]);

    let instrument = &answer["instruments"][0];
    let derived = &instrument["entry_into_force"]["derived"];
    assert_eq!(keys(derived), ["earliest", "latest", "completed_by"]);
    assert_eq!(derived["earliest"], "2000-03-31");
    assert_eq!(derived["completed_by"][0]["actor"], "b");
    assert_eq!(instrument["counts"]["consents"], serde_json::json!([2, 2]));
    assert!(
        text.contains("2000-03-31 by its rule, completed by b (#"),
        "{text}"
    );
    assert!(
        text.contains("0 signatories, 2 consents, 0 parties"),
        "{text}"
    );
}
