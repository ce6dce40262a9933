//! The forms of export that are not appended again: tables, provenance, graphs.

#![allow(clippy::unwrap_used, clippy::panic)]

use std::fs;
use std::process::Command;

use serde_json::Value;

/// A treaty and a promise between actors whose names are out to break something.
const HOSTILE: &str = r#"
{"record":"source","id":"s","title":"=1+1"}
{"record":"actor","id":"a","name":"A \"]; evil [label=\"<&>\\\n","kind":"state","note":"'quoted"}
{"record":"actor","id":"b","name":"@B","kind":"state","tags":["one","two"]}
{"record":"instrument","id":"i","title":"-I","kind":"treaty","entry_into_force":{"consents":1}}
{"record":"act","instrument":"i","by":"a","kind":"ratification","on":"2000-01"}
{"record":"commitment","id":"c","debtors":["a"],"creditors":["b"],"text":"Pay; at once.","made":{"edtf":"2000","phrase":"that year"},"evidence":[{"source":"s","quote":"pay"},{"source":"s","locator":"p. 2"}]}
{"record":"commitment","id":"over","debtors":["a"],"creditors":["b"],"text":"Wait.","made":"1990","until":"1991"}
"#;

struct Desk(tempfile::TempDir);

impl Desk {
    fn new() -> Self {
        let desk = Self(tempfile::tempdir().unwrap());
        desk.run(&["init", "l", "--origin", "test.example/aéb"]);
        desk.append(HOSTILE);
        desk.append(
            r#"{"record":"correction","corrects":"b","set":{"note":"+1"},"reason":"misread"}"#,
        );
        desk
    }

    fn append(&self, lines: &str) {
        fs::write(self.0.path().join("d.jsonl"), lines).unwrap();
        self.run(&["--ledger", "l", "append", "d.jsonl"]);
    }

    fn export(&self, arguments: &[&str]) -> String {
        self.run(&[&["--ledger", "l", "export", "--format"], arguments].concat())
    }

    fn run(&self, arguments: &[&str]) -> String {
        let output = Command::new(env!("CARGO_BIN_EXE_chancery"))
            .args(["--quiet", "--today", "2020-01-01"])
            .args(arguments)
            .current_dir(self.0.path())
            .output()
            .unwrap();
        let said = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success(), "{arguments:?}: {said}");
        String::from_utf8(output.stdout).unwrap()
    }

    fn rows(&self, kind: &str) -> Vec<Vec<String>> {
        let table = self.export(&["csv", "--kind", kind]);
        let mut reader = csv::ReaderBuilder::new()
            .has_headers(false)
            .from_reader(table.as_bytes());
        let row = |row: csv::StringRecord| row.iter().map(str::to_owned).collect();
        reader.records().map(|read| row(read.unwrap())).collect()
    }

    fn cell(&self, kind: &str, row: usize, column: &str) -> String {
        let rows = self.rows(kind);
        let at = rows[0].iter().position(|name| name == column).unwrap();
        rows[row][at].clone()
    }
}

#[test]
fn no_cell_of_a_table_is_a_formula_and_an_apostrophe_taken_away_gives_the_text() {
    let desk = Desk::new();

    assert_eq!(desk.cell("source", 1, "title"), "'=1+1");
    assert_eq!(desk.cell("actor", 1, "note"), "''quoted");
    assert_eq!(desk.cell("actor", 2, "name"), "'@B");
    assert_eq!(desk.cell("instrument", 1, "title"), "'-I");
    assert_eq!(
        desk.cell("actor", 1, "name"),
        "A \"]; evil [label=\"<&>\\\n"
    );
}

#[test]
fn a_table_has_the_records_as_they_now_read() {
    let desk = Desk::new();

    assert_eq!(desk.cell("actor", 2, "note"), "'+1");
    assert_eq!(desk.cell("actor", 2, "tags"), "one; two");
    assert_eq!(desk.cell("commitment", 1, "made"), "2000");
    assert_eq!(desk.cell("act", 1, "id"), "act-9");
    desk.export(&["csv", "--out", "tables"]);
    assert_eq!(
        fs::read_dir(desk.0.path().join("tables")).unwrap().count(),
        6
    );
}

/// The terms of PROV-O that an export uses.
const PROV: [&str; 17] = [
    "Agent",
    "Activity",
    "Entity",
    "EntityInfluence",
    "Quotation",
    "PrimarySource",
    "endedAtTime",
    "wasAssociatedWith",
    "wasGeneratedBy",
    "wasAttributedTo",
    "wasRevisionOf",
    "wasInfluencedBy",
    "wasDerivedFrom",
    "wasQuotedFrom",
    "hadPrimarySource",
    "qualifiedDerivation",
    "entity",
];

/// Gathers every key and type, but what stands inside a JSON literal.
fn terms(value: &Value, found: &mut Vec<String>) {
    match value {
        Value::Array(items) => items.iter().for_each(|item| terms(item, found)),
        Value::Object(object) if object.get("@type") == Some(&Value::from("@json")) => {}
        Value::Object(object) => {
            for (key, value) in object {
                found.push(key.clone());
                let types = value
                    .as_array()
                    .cloned()
                    .unwrap_or_else(|| vec![value.clone()]);
                if key == "@type" {
                    found.extend(types.iter().map(|of| of.as_str().unwrap().to_owned()));
                } else {
                    terms(value, found);
                }
            }
        }
        _ => {}
    }
}

#[test]
fn provenance_uses_terms_of_prov_o_and_of_its_own_alone() {
    let document: Value = serde_json::from_str(&Desk::new().export(&["prov-jsonld"])).unwrap();

    let mut found = Vec::new();
    terms(&document["@graph"], &mut found);

    for term in found {
        let known = match term.split_once(':') {
            None => ["@id", "@type", "@value"].contains(&term.as_str()),
            Some(("prov", name)) => PROV.contains(&name),
            Some((prefix, _)) => prefix == "chancery" || term == "xsd:dateTime",
        };
        assert!(known, "{term}");
    }
}

#[test]
fn every_entry_that_provenance_names_is_described_in_it() {
    let document: Value = serde_json::from_str(&Desk::new().export(&["prov-jsonld"])).unwrap();
    let graph = document["@graph"].as_array().unwrap();
    let described: Vec<&str> = graph
        .iter()
        .map(|node| node["@id"].as_str().unwrap())
        .collect();

    let text = document["@graph"].to_string();
    let named = text
        .split("{\"@id\":\"")
        .skip(1)
        .map(|rest| rest.split('"').next().unwrap());

    let named: Vec<&str> = named.collect();
    assert!(named.len() > 20);
    assert!(named.iter().all(|name| described.contains(name)));
    assert!(
        named
            .iter()
            .all(|name| name.starts_with("urn:chancery:test.example/a%C3%A9b:"))
    );
    let of = |kind: &str| {
        graph
            .iter()
            .filter(|node| node["@type"].to_string().contains(kind))
            .count()
    };
    assert_eq!(
        (of("prov:Entity"), of("prov:Activity"), of("prov:Agent")),
        (8, 3, 2)
    );
    let revision = graph
        .iter()
        .find(|node| node.get("prov:wasRevisionOf").is_some())
        .unwrap();
    assert_eq!(revision["@type"][1], "chancery:correction");
    assert_eq!(text.matches("\"prov:Quotation\"").count(), 1);
}

#[test]
fn a_graph_shows_who_is_bound_to_whom_and_what_is_only_possible() {
    let desk = Desk::new();

    let dot = desk.run(&[
        "--ledger",
        "l",
        "--on",
        "2000-01-15",
        "export",
        "--format",
        "graph",
    ]);

    assert!(
        dot.contains(r#"n6 -> n8 [label="party", style=dashed];"#),
        "{dot}"
    );
    assert!(
        dot.contains(r#"n6 -> n7 [label="c: active", style=dashed];"#),
        "{dot}"
    );
    assert!(!dot.contains("over"), "{dot}");
    assert!(
        dot.contains(r#"n6 [label="A \"]; evil [label=\"<&>\\ ", shape=ellipse];"#),
        "{dot}"
    );
}

#[test]
fn a_name_breaks_no_xml() {
    let xml = Desk::new().export(&["graph", "--graph", "graphml"]);

    assert!(
        xml.contains("evil [label=\"&lt;&amp;&gt;\\ </data>"),
        "{xml}"
    );
    let mut open = Vec::new();
    for tag in xml
        .split('<')
        .skip(1)
        .map(|rest| rest.split('>').next().unwrap())
    {
        let name = tag.split(' ').next().unwrap();
        match name.strip_prefix('/') {
            Some(name) => assert_eq!(open.pop(), Some(name)),
            None if tag.ends_with('/') || tag.starts_with('?') => {}
            None => open.push(name),
        }
    }
    assert!(open.is_empty());
    assert!(xml.split('&').skip(1).all(|rest| {
        ["amp;", "lt;", "gt;"]
            .iter()
            .any(|entity| rest.starts_with(entity))
    }));
}
