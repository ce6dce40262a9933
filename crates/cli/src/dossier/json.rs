//! JSON Lines: one record on each line, with the kind under `record`.
//!
//! Each line stands for itself: what is wrong with one does not keep the
//! others from being read. Numbers that are no whole numbers of 64 bits are
//! kept as written, and keys that stand twice are kept twice: to refuse them is
//! the affair of whoever reads the record.

use chancery_core::fault::Fault;
use chancery_core::form::{Form, FormValue, Member, RecordForm, Span};
use jsonc_parser::ast::{Object, ObjectProp, Value};
use jsonc_parser::common::{Range, Ranged};
use jsonc_parser::{CollectOptions, ParseOptions, parse_to_ast};

use super::{DEEPEST, Dossier, Reading, too_deep};

/// The key that holds a record's kind.
const KIND: &str = "record";

/// JSON as RFC 8259 has it, and nothing more.
const STRICT: ParseOptions = ParseOptions {
    allow_comments: false,
    allow_loose_object_property_names: false,
    allow_trailing_commas: false,
    allow_missing_commas: false,
    allow_single_quoted_strings: false,
    allow_hexadecimal_numbers: false,
    allow_unary_plus_numbers: false,
    allow_bare_decimal_point_numbers: false,
    allow_non_finite_numbers: false,
    allow_extended_string_escapes: false,
};

/// A line of a dossier.
#[derive(Clone, Copy)]
struct Line<'d> {
    dossier: &'d Dossier,
    /// The byte of the dossier with which the line begins.
    start: usize,
    text: &'d str,
}

/// Reads a dossier that is JSON Lines.
pub(super) fn parse(dossier: &Dossier) -> Reading {
    let mut reading = Reading {
        forms: Vec::new(),
        faults: Vec::new(),
    };
    let mut start = 0;
    for text in dossier.text.split('\n') {
        let line = Line {
            dossier,
            start,
            text,
        };
        start += text.len() + 1;
        if text.trim().is_empty() {
            continue;
        }
        match line.record() {
            Ok(form) => reading.forms.push(form),
            Err(fault) => reading.faults.push(fault),
        }
    }
    reading
}

impl Line<'_> {
    fn record(self) -> Result<RecordForm, Fault> {
        self.is_json()?;
        self.is_shallow()?;
        let parsed = parse_to_ast(self.text, &CollectOptions::default(), &STRICT)
            .map_err(|error| self.no_json(error.range(), &error.kind().to_string()))?;
        match parsed.value {
            Some(Value::Object(object)) => self.object(object),
            other => {
                let range = other.map_or(Range::new(0, self.text.len()), |value| value.range());
                let fault = Fault::new(self.span(range), "no-record", "this line is no record");
                Err(fault.help("each line is an object: {\"record\": \"statement\", …}"))
            }
        }
    }

    /// Asks the stricter of two parsers: the one that keeps places takes more than JSON.
    fn is_json(self) -> Result<(), Fault> {
        let Err(error) = serde_json::from_str::<serde::de::IgnoredAny>(self.text) else {
            return Ok(());
        };
        let said = error.to_string();
        let said = said.split(" at line ").next().unwrap_or_default();
        // It counts columns in bytes, from one.
        let at = error.column().saturating_sub(1);
        let (at, message) = match said {
            _ if error.is_eof() => (
                self.text.trim_end().len(),
                "the line ends before the record does",
            ),
            "expected ident" => (at, "expected true, false or null"),
            _ if said.starts_with("control character") => {
                let from = self.text.bytes().skip(at).position(|byte| byte < b' ');
                (
                    at + from.unwrap_or_default(),
                    "a control character must be escaped",
                )
            }
            _ => (at, said),
        };
        let at = self.text.floor_char_boundary(at);
        let width = self.text[at..].chars().next().map_or(0, char::len_utf8);
        Err(self.no_json(Range::new(at, at + width), message))
    }

    fn no_json(self, range: Range, message: &str) -> Fault {
        let message = format!("this is no JSON: {message}");
        Fault::new(self.span(range), "bad-json", message)
            .help("each line holds one whole record, as strict JSON")
    }

    /// Looks for nesting before anything that calls itself does.
    fn is_shallow(self) -> Result<(), Fault> {
        let (mut depth, mut quoted, mut escaped) = (0_usize, false, false);
        for (at, byte) in self.text.bytes().enumerate() {
            match byte {
                _ if escaped => escaped = false,
                b'\\' => escaped = true,
                b'"' => quoted = !quoted,
                _ if quoted => {}
                b'{' | b'[' => depth += 1,
                b'}' | b']' => depth = depth.saturating_sub(1),
                _ => {}
            }
            if depth > DEEPEST {
                return Err(too_deep(self.span(Range::new(at, at + 1))));
            }
        }
        Ok(())
    }

    fn object(self, object: Object<'_>) -> Result<RecordForm, Fault> {
        let brace = Range::new(object.range.start, object.range.start + 1);
        let mut members = self.members(object);
        let Some(at) = members.iter().position(|member| member.key == KIND) else {
            let message = format!("`{KIND}` is missing");
            let help = format!("say which kind of record this is: \"{KIND}\": \"statement\"");
            return Err(Fault::new(self.span(brace), "missing-record", message).help(help));
        };
        let Member { value, .. } = members.remove(at);
        if let Some(second) = members.iter().find(|member| member.key == KIND) {
            let message = format!("`{KIND}` is given twice");
            return Err(Fault::new(second.key_span, "doubled-field", message));
        }
        if let FormValue::Text(kind) = value.value {
            return Ok(RecordForm {
                kind,
                kind_span: value.span,
                members,
            });
        }
        let message = format!("expected a kind of record, found {}", value.described());
        Err(Fault::new(value.span, "wrong-type", message))
    }

    fn members(self, object: Object<'_>) -> Vec<Member> {
        let member = |property: ObjectProp<'_>| Member {
            key_span: self.span(property.name.range()),
            key: property.name.into_string(),
            value: self.form(property.value),
        };
        object.properties.into_iter().map(member).collect()
    }

    fn form(self, value: Value<'_>) -> Form {
        let span = self.span(value.range());
        let value = match value {
            Value::StringLit(text) => FormValue::Text(text.value.into_owned()),
            Value::NumberLit(number) => match number.value.parse() {
                Ok(whole) => FormValue::Whole(whole),
                Err(_) => FormValue::Fraction(number.value.to_owned()),
            },
            Value::BooleanLit(truth) => FormValue::Truth(truth.value),
            Value::NullKeyword(_) => FormValue::Null,
            Value::Object(object) => FormValue::Table(self.members(object)),
            Value::Array(array) => {
                let items = array.elements.into_iter().map(|item| self.form(item));
                FormValue::List(items.collect())
            }
        };
        Form { span, value }
    }

    fn span(self, range: Range) -> Span {
        self.dossier
            .span(self.start + range.start, self.start + range.end)
    }
}
