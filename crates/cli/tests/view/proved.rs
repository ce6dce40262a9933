//! `why`: every line of every answer has a proof, and a proof goes down to the words.

use serde_json::Value;

use crate::bench::Bench;

const AMBIGUOUS: &str = r#"
[[actor]]
id = "norland"
name = "Kingdom of Norland"
kind = "state"

[[actor]]
id = "sudland"
name = "Republic of Sudland"
kind = "state"

[[instrument]]
id = "pact"
title = "Pact"
kind = "treaty"
adopted = 1921-05-01
[instrument.entry_into_force]
consents = 2
delay = { days = 30 }
rounding = "first-of-next-month"

[[act]]
id = "norland-ratifies"
instrument = "pact"
by = "norland"
kind = "ratification"
on = "1921-06"

[[act]]
id = "sudland-ratifies"
instrument = "pact"
by = "sudland"
kind = "ratification"
on = 1921-05-20

[[act]]
id = "norland-signs"
instrument = "pact"
by = "norland"
kind = "signature"
on = "1921-06"
order = [{ before = "norland-ratifies", at_least = { days = 20 } }]
"#;

/// Returns the answers of a proof as pairs of a word and a certainty.
fn answers(proof: &Value) -> Vec<(String, String)> {
    let word = |value: &Value| value.as_str().unwrap().to_owned();
    let answers = proof["answers"].as_array().unwrap().iter();
    answers
        .map(|answer| (word(&answer["answer"]), word(&answer["certainty"])))
        .collect()
}

fn list(value: &Value) -> &[Value] {
    value.as_array().unwrap()
}

/// Asserts that a proof gives this answer, and rests on records with their entries.
fn assert_proved(bench: &Bench, asked: &[&str], word: &str, certainty: &str) {
    let proof = bench.json(&[&["why"], asked].concat());

    let told = answers(&proof);
    let expected = (word.to_owned(), certainty.to_owned());
    assert!(told.contains(&expected), "{asked:?}: {told:?}");
    assert!(!list(&proof["records"]).is_empty(), "{asked:?}");
    for record in list(&proof["records"]) {
        assert_eq!(record["entry"]["hash"].as_str().unwrap().len(), 64);
    }
    let text = bench.ask(&[&["why"], asked].concat());
    assert!(
        text.lines().all(|line| line.chars().count() <= 80),
        "{text}"
    );
}

/// Asks `why` of every line of the register on a day.
fn every_line(bench: &Bench, on: &str) -> usize {
    let day = ["--on", on];
    let register = bench.json(&[&["replay"], &day[..]].concat());
    let mut lines = 0;
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    for (kind, key) in [
        ("instruments", "statuses"),
        ("commitments", "phases"),
        ("events", "phases"),
    ] {
        for item in list(&register[kind]) {
            for told in list(&item[key]) {
                let word = text(told.get("status").or(told.get("phase")).unwrap());
                let word = match told.get("ended").and_then(Value::as_str) {
                    Some(ended) => format!("{word} ({ended})"),
                    None => word,
                };
                let (id, certainty) = (text(&item["id"]), text(&told["certainty"]));
                assert_proved(bench, &[&id, "--on", on], &word, &certainty);
                lines += 1;
            }
        }
    }
    for (kind, word) in [
        ("offices", "held"),
        ("issues", "open"),
        ("statements", "said"),
    ] {
        for item in list(&register[kind]) {
            let (id, certainty) = (text(&item["id"]), text(&item["certainty"]));
            assert_proved(bench, &[&id, "--on", on], word, &certainty);
            lines += 1;
        }
    }
    for instrument in list(&register["instruments"]) {
        for standing in list(&instrument["standings"]) {
            let (id, actor) = (text(&instrument["id"]), text(&standing["actor"]));
            let (word, certainty) = (text(&standing["standing"]), text(&standing["certainty"]));
            assert_proved(
                bench,
                &[&id, "--actor", &actor, "--on", on],
                &word,
                &certainty,
            );
            lines += 1;
            for act in list(&standing["acts"]) {
                let (id, certainty) = (text(&act["id"]), text(&act["certainty"]));
                assert_proved(bench, &[&id, "--on", on], "done", &certainty);
            }
        }
    }
    lines
}

#[test]
fn every_line_of_the_example_is_proved() {
    let bench = Bench::geneva();

    assert!(every_line(&bench, "2016-07-14") > 20);
    assert!(every_line(&bench, "2016-09-12") > 50);
}

#[test]
fn a_proof_shows_the_words_around_the_quotation() {
    let bench = Bench::geneva();

    let text = bench.ask(&["why", "kerry-on-steps", "--on", "2016-08-26"]);

    let words: Vec<&str> = text.split_whitespace().collect();
    let text = words.join(" ");
    let quoted = "concrete steps; [carried out, they would make a ceasefire that lasts possible]";
    assert!(text.contains(quoted), "{text}");
    assert!(text.contains("src-transcript (#49), characters"), "{text}");
    assert!(text.contains("held, BLAKE3"), "{text}");
}

#[test]
fn what_is_possible_has_a_world_in_which_it_holds_and_one_in_which_it_does_not() {
    let bench = Bench::of(AMBIGUOUS);

    let proof = bench.json(&["why", "pact", "--actor", "norland", "--on", "1921-06-24"]);

    let worlds = list(&proof["worlds"]);
    let of = |word: &str| worlds.iter().find(|world| world["answer"] == word).unwrap();
    let day = |world: &Value| world[0]["day"].as_str().unwrap().to_owned();
    let contracting = of("contracting");
    assert_eq!(contracting["holds"][0]["id"], "norland-ratifies");
    assert!(day(&contracting["holds"]).as_str() <= "1921-06-24");
    assert!(day(&contracting["fails"]).as_str() > "1921-06-24");
}

#[test]
fn the_two_worlds_keep_the_sequence_that_the_record_states() {
    let bench = Bench::geneva();

    let proof = bench.json(&["why", "moscow-understanding", "--on", "2016-07-14"]);

    // Both States concurred on the day of the understanding.
    let adopted = list(&proof["worlds"])
        .iter()
        .find(|world| world["answer"] == "adopted")
        .unwrap();
    for (side, day) in [("holds", "2016-07-14"), ("fails", "2016-07-15")] {
        let days = list(&adopted[side]);
        assert_eq!(days.len(), 3, "{days:?}");
        assert!(days.iter().all(|each| each["day"] == day), "{days:?}");
    }
}

#[test]
fn a_day_narrowed_by_another_record_says_by_which() {
    let bench = Bench::of(AMBIGUOUS);

    let proof = bench.json(&["why", "norland-ratifies", "--on", "1921-06-30"]);

    let day = &list(&proof["days"])[0];
    assert_eq!(day["written"]["earliest"], "1921-06-01");
    assert_eq!(day["left"]["earliest"], "1921-06-21");
    assert_eq!(day["narrowed_by"][0]["id"], "norland-signs");
}

#[test]
fn the_arithmetic_of_a_rule_is_spelled_out() {
    let bench = Bench::of(&AMBIGUOUS.replace("\"1921-06\"", "1921-06-10").replace(
        "order = [{ before = \"norland-ratifies\", at_least = { days = 20 } }]",
        "",
    ));

    let proof = bench.json(&["why", "pact", "--on", "1921-12-31"]);

    let steps = list(&proof["entry_into_force"]["steps"]);
    let days: Vec<&str> = steps
        .iter()
        .map(|step| step["leads_to"]["earliest"].as_str().unwrap())
        .collect();
    assert_eq!(days, ["1921-06-10", "1921-07-10", "1921-08-01"]);
}

#[test]
fn of_many_records_those_that_decide_are_shown_in_full() {
    let deposit = |number| {
        format!(
            "[[actor]]\nid = \"land-{number}\"\nname = \"Land {number}\"\nkind = \"state\"\n\n\
             [[act]]\nid = \"deposit-{number}\"\ninstrument = \"pact\"\nby = \"land-{number}\"\n\
             kind = \"ratification\"\non = 1921-06-10\n"
        )
    };
    let deposits: Vec<String> = (0..12).map(deposit).collect();
    let deposits = deposits.join("\n");
    let pact = "[[instrument]]\nid = \"pact\"\ntitle = \"Pact\"\nkind = \"treaty\"\n\
                [instrument.entry_into_force]\nconsents = 12\n";
    let bench = Bench::of(&format!("{pact}\n{deposits}"));

    let text = bench.ask(&["why", "pact", "--on", "1921-12-31"]);

    // Each of the twelve is needed, so that each decides.
    for number in 0..12 {
        assert!(
            text.contains(&format!("\nact deposit-{number}\n")),
            "{text}"
        );
    }
}
