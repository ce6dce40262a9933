//! Texts: the words of a record that can be looked for.
//!
//! Titles, names, texts, quotes, notes, tags, codes, the phrases of dates and
//! the record's own id. Dates, words of the schema (`kind`, `mode`) and the ids
//! of other records are none; what a correction sets is found in the record
//! that it corrects.

use crate::form::{Form, FormValue, member};
use crate::record::{Names, Record, RecordKind};

/// How much a word in a name, a title or an id weighs.
const HEAVY: u32 = 3;

/// A text of a record.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FieldText {
    /// The field that it stands in.
    pub field: &'static str,
    /// How much a word in it weighs.
    pub weight: u32,
    /// The text.
    pub text: String,
}

/// Returns the texts of the record that goes by `id`, in the order of its fields.
pub fn texts(id: &str, record: &Record) -> Vec<FieldText> {
    let mut texts = vec![FieldText {
        field: "id",
        weight: HEAVY,
        text: id.to_owned(),
    }];
    let specs = record.kind().fields();
    for (key, form) in record.write(&Nameless) {
        let Some(spec) = specs.iter().find(|spec| spec.name == key) else {
            continue;
        };
        let weight = match spec.name {
            "name" | "names" | "title" => HEAVY,
            _ => 1,
        };
        each_text(item_type(spec.type_name), &form, &mut |text| {
            texts.push(FieldText {
                field: spec.name,
                weight,
                text,
            });
        });
    }
    texts
}

/// Returns the name of what a field of this type holds, one or several of.
fn item_type(type_name: &str) -> &str {
    type_name
        .trim_start_matches("Vec")
        .trim_matches(['<', '>', ' '])
}

/// Shows the texts in a field that holds such items.
fn each_text(item_type: &str, form: &Form, show: &mut dyn FnMut(String)) {
    let inside: &[&str] = match item_type {
        "Text" => &[],
        "Date" => &["phrase", "because"],
        "Condition" => &["text"],
        "Evidence" => &["quote", "locator"],
        "Name" => &["name"],
        "Code" => &["scheme", "code"],
        "RegisterNumber" => &["register", "number"],
        "Labels" => return each_label(form, show),
        _ => return,
    };
    let items = match &form.value {
        FormValue::List(items) => items.as_slice(),
        _ => std::slice::from_ref(form),
    };
    for item in items {
        match &item.value {
            // A date in plain form is no words.
            FormValue::Text(text) if item_type != "Date" => show(text.clone()),
            FormValue::Table(members) => {
                let texts = inside.iter().filter_map(|key| member(members, key));
                let texts: Vec<&str> = texts.filter_map(|found| found.value.as_text()).collect();
                match item_type {
                    // A number in a register is looked for with the register's name.
                    "RegisterNumber" | "Code" => show(texts.join(" ")),
                    _ => texts.iter().for_each(|text| show((*text).to_owned())),
                }
            }
            _ => {}
        }
    }
}

fn each_label(form: &Form, show: &mut dyn FnMut(String)) {
    if let FormValue::Table(members) = &form.value {
        let texts = members.iter().filter_map(|member| member.value.as_text());
        texts.for_each(|text| show(text.to_owned()));
    }
}

/// Names nothing: references are no words, and changes are not written out.
struct Nameless;

impl Names for Nameless {
    fn name(&self, _seq: u64) -> String {
        String::new()
    }

    fn kind(&self, _seq: u64) -> Option<RecordKind> {
        None
    }

    fn subject_kind(&self, _seq: u64) -> Option<RecordKind> {
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::date::Date;
    use crate::record::{Event, Evidence, Id, SourceRef};

    /// What the types of fields hold, so that a new one is not forgotten here.
    const WITHOUT_WORDS: [&str; 22] = [
        "Id", // told with the id that the ledger gives
        "Order",
        "Custody",
        "GroupMember",
        "Participant",
        "InstrumentKind",
        "ActKind",
        "OccurrenceKind",
        "OperationKind",
        "EntryIntoForce",
        "WithdrawalTerms",
        "Parties",
        "Changes",
        "Vote",
        "bool",
        "Mode",
        "Force",
        "Terms",
        "Reservations",
        "ActorKind",
        "EventKind",
        "ClaimKind",
    ];
    const WITH_WORDS: [&str; 8] = [
        "Text",
        "Date",
        "Condition",
        "Evidence",
        "Name",
        "Code",
        "RegisterNumber",
        "Labels",
    ];

    #[test]
    fn every_type_of_field_is_known_to_hold_words_or_none() {
        for spec in RecordKind::ALL.iter().flat_map(|kind| kind.fields()) {
            let name = item_type(spec.type_name);
            let known = WITHOUT_WORDS.contains(&name) || WITH_WORDS.contains(&name);
            assert!(known || name.ends_with("Ref"), "{name} of `{}`", spec.name);
        }
    }

    #[test]
    fn titles_quotes_phrases_and_labels_are_words() {
        let said = Date {
            phrase: Some("last month".to_owned()),
            ..Date::new("2016-07")
        };
        let evidence = Evidence {
            source: SourceRef(3),
            quote: Some("we met".to_owned()),
            prefix: Some("he said".to_owned()),
            suffix: None,
            locator: Some("p. 3".to_owned()),
            start: None,
            end: None,
        };
        let record = Record::from(Event {
            id: Id::new("talks").unwrap(),
            title: "Talks in Geneva".to_owned(),
            evidence: Some(vec![evidence]),
            order: None,
            note: None,
            tags: Some(vec!["truce".to_owned()]),
            codes: None,
            kind: None,
            announced: Some(said),
            planned_for: Some(Date::new("2016-08")),
            held: None,
            called_off: None,
            place: None,
            participants: None,
        });

        let found: Vec<(&str, String)> = texts("talks", &record)
            .into_iter()
            .map(|text| (text.field, text.text))
            .collect();

        let expected = [
            ("id", "talks"),
            ("title", "Talks in Geneva"),
            ("evidence", "we met"),
            ("evidence", "p. 3"),
            ("tags", "truce"),
            ("announced", "last month"),
        ];
        let expected = expected.map(|(field, text)| (field, text.to_owned()));
        assert_eq!(found, expected);
    }
}
