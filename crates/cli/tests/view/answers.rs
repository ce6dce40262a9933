//! Answers about a day, in JSON: their keys, and what stands under them.

use serde_json::Value;

use crate::bench::{BEFORE, Bench, by_id, keys};

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
        "according_to",
        "attested",
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
        "reservations",
        "amended_by",
    ] {
        assert!(instrument.get(key).is_some(), "{key}");
    }
    assert_eq!(instrument["status"], "in-force");
    let force = &instrument["entry_into_force"];
    assert_eq!(
        keys(force),
        ["derived", "reason", "recorded", "differs", "provisional"]
    );
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
        "contradictions",
        "unsupported",
    ];
    assert_eq!(keys(&answer)[8..], parts);
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
