//! Forms as JSON: how a record is written out again, one object on a line.
//!
//! The other way, from JSON into forms, is that of the dossiers.

use chancery_core::form::{Form, FormValue};
use serde_json::{Map, Value};

/// Returns a form as JSON, keys in the order of the form.
///
/// A number with a fraction, which no record holds, is a text.
pub fn value(form: &Form) -> Value {
    match &form.value {
        FormValue::Text(text) | FormValue::Fraction(text) => Value::from(text.as_str()),
        FormValue::Whole(number) => Value::from(*number),
        FormValue::Truth(truth) => Value::from(*truth),
        FormValue::Null => Value::Null,
        FormValue::List(items) => items.iter().map(value).collect(),
        FormValue::Table(members) => {
            let pairs = members
                .iter()
                .map(|member| (member.key.clone(), value(&member.value)));
            Value::Object(pairs.collect())
        }
    }
}

/// Returns a record as JSON: its kind under `record`, then its members; what is
/// said of its place (`@seq`) stands before all.
pub fn record(kind: &str, members: &[(String, Form)]) -> Value {
    let mut object = Map::new();
    let (places, fields): (Vec<_>, Vec<_>) =
        members.iter().partition(|(key, _)| key.starts_with('@'));
    object.extend(
        places
            .into_iter()
            .map(|(key, form)| (key.clone(), value(form))),
    );
    object.insert("record".to_owned(), Value::from(kind));
    object.extend(
        fields
            .into_iter()
            .map(|(key, form)| (key.clone(), value(form))),
    );
    Value::Object(object)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::dossier::{Dossier, parse};

    #[test]
    fn a_record_is_written_as_the_line_that_it_was_read_from() {
        let line = concat!(
            r#"{"record":"act","by":"usa","evidence":[{"source":"s","quote":"a \"b\" é"}],"#,
            r#""vote":{"for":12,"against":-1},"precludes":true,"note":null}"#
        );
        let dossier = Dossier::new(0, None, line.as_bytes());
        let form = parse(&dossier).forms.remove(0);

        let members: Vec<(String, Form)> = form
            .members
            .into_iter()
            .map(|member| (member.key, member.value))
            .collect();

        assert_eq!(record(&form.kind, &members).to_string(), line);
    }
}
