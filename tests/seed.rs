//! The news item of 27 August 2016 that this project began from: every
//! statement in it is held, quoted from the item itself, and replayed.
//!
//! The item is shared data and not part of the project. The test takes its
//! quotations out of it by the words that they begin and end with; without the
//! item it says that it is skipped.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::print_stdout,
    clippy::too_many_lines
)]

#[path = "support/cli.rs"]
mod cli;

use cli::{Desk, shared};
use serde_json::{Value, json};

/// The item, and quotations out of it.
struct Item(String);

impl Item {
    fn read() -> Option<Self> {
        let path = shared("data/seed/ani-2016-08-27.txt")?;
        Some(Self(std::fs::read_to_string(path).unwrap()))
    }

    /// Returns the words from the first `from` through the next `to`.
    fn words(&self, from: &str, to: &str) -> &str {
        let start = self
            .0
            .find(from)
            .unwrap_or_else(|| panic!("{from} is not in the item"));
        let rest = &self.0[start..];
        let end = rest
            .find(to)
            .unwrap_or_else(|| panic!("{to} does not follow {from}"));
        &rest[..end + to.len()]
    }

    /// Returns where a quotation begins and ends, in characters.
    fn place(&self, quote: &str) -> (u64, u64) {
        let start = self.0[..self.0.find(quote).unwrap()].chars().count() as u64;
        (start, start + quote.chars().count() as u64)
    }
}

fn evidence(quote: &str) -> Value {
    json!([{ "source": "ani", "quote": quote }])
}

/// Returns a statement of Kerry's at the press conference.
fn kerry(id: &str, mode: &str, quote: &str) -> Value {
    json!({
        "record": "statement", "id": id, "speakers": ["kerry"], "as": "Secretary of State", "for": ["usa"],
        "said": { "edtf": "2016-08-26", "phrase": "Friday", "because": "the Friday before the item's date" },
        "mode": mode, "occasion": "press-conference", "evidence": evidence(quote),
    })
}

fn actors() -> Vec<Value> {
    let actor = |id: &str, name: &str, kind: &str| json!({ "record": "actor", "id": id, "name": name, "kind": kind });
    vec![
        actor("usa", "United States of America", "state"),
        actor("russia", "Russian Federation", "state"),
        actor("syria-government", "Government of Syria", "government"),
        actor("united-nations", "United Nations", "organisation"),
        actor("issg", "International Syria Support Group", "contact-group"),
        actor("kerry", "John Kerry", "person"),
        actor("lavrov", "Sergey Lavrov", "person"),
        actor("putin", "Vladimir Putin", "person"),
        actor("de-mistura", "Staffan de Mistura", "person"),
        actor("nusra", "al-Nusrah Front", "armed-group"),
        actor("experts", "experts", "collective"),
        actor("teams", "the teams of both countries", "collective"),
        actor(
            "parties",
            "the parties to the Syrian conflict",
            "collective",
        ),
        json!({ "record": "office", "person": "kerry", "title": "Secretary of State", "of": "usa" }),
        json!({ "record": "office", "person": "lavrov", "title": "Foreign Minister", "of": "russia" }),
        json!({ "record": "office", "person": "de-mistura", "title": "Special Envoy", "of": "united-nations" }),
    ]
}

fn sources(item: &Item) -> Vec<Value> {
    vec![
        json!({ "record": "source", "id": "transcript", "title": "Transcript of the press conference" }),
        json!({ "record": "source", "id": "agency", "title": "Item of the agency", "publisher": "ANI",
            "derived_from": ["transcript"] }),
        json!({ "record": "source", "id": "ani", "title": item.words("US, Russia", "Syria"),
            "publisher": "Business Standard", "file": "item.txt", "media_type": "text/plain",
            "published": "2016-08-27T12:44:00+05:30", "revised": "2016-08-27T12:57:00+05:30",
            "derived_from": ["agency"], "place": "Geneva",
            "disclaimer": item.words("No Business Standard Journalist", "this content"),
            "evidence": [
                { "source": "ani", "quote": item.words("First Published", "12:44 PM IST") },
                { "source": "ani", "quote": item.words("Last Updated", "12:57 PM IST") },
            ] }),
    ]
}

fn happenings(item: &Item) -> Vec<Value> {
    let moscow = item.words("Last month in Moscow", "lasting ceasefire");
    let july = json!({ "edtf": "2016-07", "phrase": "Last month", "because": "counted from the day of speaking" });
    let concurs = |by: &str| {
        json!({ "record": "act", "instrument": "moscow-understanding", "by": by, "kind": "concurrence",
            "on": july, "evidence": evidence(moscow) })
    };
    vec![
        json!({ "record": "event", "id": "press-conference", "title": "Press conference in Geneva",
            "kind": "press-conference", "held": { "edtf": "2016-08-26", "phrase": "Friday" }, "place": "Geneva",
            "participants": [{ "actor": "kerry", "role": "party" }] }),
        json!({ "record": "event", "id": "experts-in-geneva", "title": "Experts meet in Geneva", "kind": "talks",
            "announced": "2016-08-26", "planned_for": { "edtf": "2016-08-27/..", "phrase": "in the coming days" },
            "participants": [{ "actor": "experts" }], "place": "Geneva",
            "evidence": evidence(item.words("in the coming days", "technical issues")) }),
        json!({ "record": "event", "id": "siege-of-aleppo", "title": "Siege and bombardment of Aleppo", "kind": "incident" }),
        json!({ "record": "event", "id": "surrender-of-daraya", "title": "Surrender of Daraya", "kind": "incident" }),
        json!({ "record": "instrument", "id": "moscow-understanding", "title": "Understanding reached in Moscow",
            "kind": "understanding", "force": "political", "terms": "unpublished", "adopted": july,
            "evidence": evidence(moscow) }),
        concurs("usa"),
        concurs("russia"),
        json!({ "record": "issue", "id": "narrow-issues", "title": "A few narrow technical issues",
            "opened": "../2016-08-26", "actors": ["usa", "russia"],
            "evidence": evidence(item.words("a few narrow issues", "resolved")) }),
    ]
}

fn statements(item: &Item) -> Vec<Value> {
    vec![
        kerry(
            "headway",
            "paraphrased",
            item.words("his talks with", "in war-torn Syria"),
        ),
        // These words run over the end of a paragraph.
        kerry(
            "grateful",
            "quoted",
            item.words("I'm grateful", "cessation of hostilities"),
        ),
        kerry(
            "moscow-agreement",
            "quoted",
            item.words("Last month in Moscow", "lasting ceasefire"),
        ),
        kerry(
            "details-announced",
            "paraphrased",
            item.words("at the time, both", "worked through"),
        ),
        kerry(
            "weeks-of-work",
            "paraphrased",
            item.words("the teams have", "productive manner"),
        ),
        kerry(
            "clarity",
            "paraphrased",
            item.words("both countries have", "path forward"),
        ),
        kerry(
            "majority-completed",
            "quoted",
            item.words("We have completed", "end this war"),
        ),
        kerry(
            "two-challenges",
            "quoted",
            item.words("If the remaining details", "al-Nusrah Front"),
        ),
        kerry(
            "narrow-issues-said",
            "paraphrased",
            item.words("a few narrow issues", "technical issues"),
        ),
        kerry(
            "envoy-to-act",
            "paraphrased",
            item.words("once all the issues", "political transition"),
        ),
        kerry(
            "ultimate-goal",
            "quoted",
            item.words("That is our ultimate goal", "desire and deserve"),
        ),
        kerry(
            "aleppo",
            "paraphrased",
            item.words("Aleppo continues", "its allies"),
        ),
        kerry(
            "daraya",
            "paraphrased",
            item.words("the regime has today", "Damascus suburbs"),
        ),
    ]
}

fn commitments(item: &Item) -> Vec<Value> {
    let claim = |about: &str, stated_in: &str, on: Value, quote: &str| {
        json!({ "record": "claim", "about": about, "claims": "occurred", "by": ["kerry"], "said": "2016-08-26",
            "against": ["syria-government"], "on": on, "stated_in": stated_in, "evidence": evidence(quote) })
    };
    vec![
        json!({ "record": "commitment", "id": "concrete-steps", "debtors": ["usa", "russia"],
            "text": "To take a broad set of concrete steps", "under": "moscow-understanding",
            "made": "2016-07", "condition": "if implemented", "force": "political",
            "stated_in": "moscow-agreement",
            "evidence": evidence(item.words("a broad set", "if implemented")) }),
        json!({ "record": "commitment", "id": "address-challenges", "debtors": ["usa", "russia"],
            "text": "To address the two primary challenges to the cessation", "made": "2016-08-26",
            "condition": { "text": "if the remaining details can be completed", "on": "narrow-issues", "state": "closed" },
            "stated_in": "two-challenges",
            "evidence": evidence(item.words("If the remaining details", "cessation of hostilities")) }),
        json!({ "record": "commitment", "id": "bring-parties-back", "debtors": ["de-mistura"], "creditors": ["parties"],
            "text": "To bring the parties back to the table", "made": "2016-08-26",
            "condition": { "text": "once all issues are resolved", "on": "narrow-issues", "state": "closed" },
            "stated_in": "envoy-to-act",
            "evidence": evidence(item.words("UN Special Envoy", "political transition")) }),
        claim(
            "siege-of-aleppo",
            "aleppo",
            json!("2016-08-26"),
            item.words("Aleppo continues", "its allies"),
        ),
        claim(
            "surrender-of-daraya",
            "daraya",
            json!({ "edtf": "2016-08-26", "phrase": "today" }),
            item.words("today forced", "the siege"),
        ),
    ]
}

/// Returns a ledger that holds the whole item.
fn ledger(item: &Item) -> Desk {
    let desk = Desk::new("test.example/seed");
    desk.write("item.txt", &item.0);
    let parts = [
        actors(),
        sources(item),
        happenings(item),
        statements(item),
        commitments(item),
    ];
    let lines: Vec<String> = parts.concat().iter().map(Value::to_string).collect();
    desk.run_with(&["append", "-"], &lines.join("\n")).done();
    desk
}

/// Returns the item of a list that has this id.
#[track_caller]
fn named<'a>(list: &'a Value, id: &str) -> &'a Value {
    let found = list
        .as_array()
        .unwrap()
        .iter()
        .find(|item| item["id"] == id);
    found.unwrap_or_else(|| panic!("no {id} in {list}"))
}

#[test]
fn every_quotation_is_found_where_it_stands() {
    let Some(item) = Item::read() else { return };
    let desk = ledger(&item);
    let exported = desk.run(&["export"]).done().out;

    let mut quotes = 0;
    for line in exported.lines() {
        let record: Value = serde_json::from_str(line).unwrap();
        for evidence in record["evidence"].as_array().into_iter().flatten() {
            let quote = evidence["quote"].as_str().unwrap();
            let (start, end) = item.place(quote);
            assert_eq!(
                (evidence["start"].as_u64(), evidence["end"].as_u64()),
                (Some(start), Some(end))
            );
            quotes += 1;
        }
    }
    assert!(quotes >= 25, "{quotes} quotes");

    let ani = exported
        .lines()
        .find(|line| line.contains(r#""id":"ani""#))
        .unwrap();
    let ani: Value = serde_json::from_str(ani).unwrap();
    assert_eq!(
        ani["evidence"][0]["start"], 3960,
        "characters, not bytes: those are 3996"
    );
    let digest = blake3::hash(item.0.as_bytes()).to_hex().to_string();
    assert!(desk.path("ledger/sources").join(digest).exists());
}

#[test]
fn dates_keep_the_words_of_the_source_and_how_they_were_made_out() {
    let Some(item) = Item::read() else { return };
    let desk = ledger(&item);

    let exported = desk.run(&["export"]).done().out;

    let friday = r#""said":{"edtf":"2016-08-26","phrase":"Friday","because":"the Friday before the item's date"}"#;
    let month = r#""adopted":{"edtf":"2016-07","phrase":"Last month","because":"counted from the day of speaking"}"#;
    assert!(
        exported.contains(friday) && exported.contains(month),
        "{exported}"
    );
}

#[test]
fn on_the_day_of_the_item_everything_it_states_is_so() {
    let Some(item) = Item::read() else { return };
    let desk = ledger(&item);

    let register = desk.json(&["replay", "--on", "2016-08-27"]);

    let understanding = named(&register["instruments"], "moscow-understanding");
    assert_eq!(understanding["terms"], "unpublished");
    assert_eq!(understanding["force"], "political");
    let standings = understanding["standings"].as_array().unwrap();
    let concurring = standings
        .iter()
        .filter(|standing| standing["standing"] == "concurring");
    assert_eq!(concurring.count(), 2);

    let commitments = &register["commitments"];
    for id in ["concrete-steps", "address-challenges", "bring-parties-back"] {
        assert_eq!(named(commitments, id)["phase"], "conditional", "{id}");
    }
    assert_eq!(
        named(commitments, "bring-parties-back")["attributed"],
        true,
        "by Kerry's word only"
    );
    assert_eq!(
        named(commitments, "address-challenges")["attributed"],
        false,
        "Kerry spoke for one debtor"
    );

    assert_eq!(
        named(&register["issues"], "narrow-issues")["certainty"],
        "certain"
    );
    assert_eq!(
        named(&register["events"], "experts-in-geneva")["phase"],
        "planned"
    );
    let daraya = named(&register["events"], "surrender-of-daraya");
    assert_eq!(
        daraya["claims"][0]["by"],
        json!("kerry"),
        "a claim, and Kerry's: {daraya}"
    );
    assert_eq!(register["statements"].as_array().map(Vec::len), Some(13));
}

#[test]
fn a_month_is_possible_on_its_days_and_certain_after_it() {
    let Some(item) = Item::read() else { return };
    let desk = ledger(&item);
    let certainty = |on: &str| {
        let register = desk.json(&["replay", "--on", on]);
        named(&register["instruments"], "moscow-understanding")["standings"][0]["certainty"].clone()
    };

    assert_eq!(certainty("2016-07-14"), "possible");
    assert_eq!(certainty("2016-08-01"), "certain");
    assert_eq!(certainty("2016-06-30"), Value::Null, "excluded");
}

#[test]
fn what_of_the_item_no_record_rests_on_is_told() {
    let Some(item) = Item::read() else { return };
    let desk = ledger(&item);

    let coverage = desk.json(&["coverage", "ani"]);

    let source = named(&coverage["sources"], "ani");
    let characters: Vec<char> = item.0.chars().collect();
    let place = |passage: &Value| {
        let at = |key: &str| usize::try_from(passage[key].as_u64().unwrap()).unwrap();
        at("start")..at("end")
    };
    let letters = |text: &[char]| text.iter().filter(|c| c.is_alphanumeric()).count();
    let passages = source["left_out"].as_array().unwrap();
    let left_out: usize = passages
        .iter()
        .map(|found| letters(&characters[place(found)]))
        .sum();
    assert_eq!(source["characters"], letters(&characters));
    assert_eq!(source["covered"], letters(&characters) - left_out);
    for passage in passages {
        let there: String = characters[place(passage)].iter().collect();
        assert_eq!(passage["text"], there);
    }
    let texts: Vec<&str> = passages
        .iter()
        .map(|found| found["text"].as_str().unwrap())
        .collect();
    let holds = |words: &str| texts.iter().any(|text| text.contains(words));
    assert!(holds("3 Months"), "nothing rests on the advertisement");
    assert!(
        !holds("Last month in Moscow"),
        "what is quoted is not left out"
    );
}
