//! Letters and papers in TEI P5, as in *Foreign Relations of the United States*.
//!
//! Each `div` of type `document` is one; a file without any is one as a whole.
//! The file is read once, from front to back, and nothing in it calls for more
//! room than it takes itself: entities of its own are refused, not expanded.

use chancery_core::date::Date;
use chancery_core::fault::Fault;
use quick_xml::XmlVersion;
use quick_xml::escape::resolve_xml_entity;
use quick_xml::events::{BytesRef, BytesStart, Event};
use quick_xml::reader::Reader;

use super::untc::folded;
use crate::dossier::Dossier;

/// How deep elements may be nested: far deeper than any letter goes.
const DEEPEST: usize = 256;

/// How many attributes an element may have.
const MOST_ATTRIBUTES: usize = 256;

/// In how many elements at once a text is remembered.
const MOST_TOLD: usize = 4;

/// Elements that begin a paragraph of the text.
const BLOCKS: [&str; 16] = [
    "p",
    "head",
    "div",
    "dateline",
    "opener",
    "closer",
    "salute",
    "signed",
    "item",
    "list",
    "lb",
    "row",
    "postscript",
    "ab",
    "l",
    "note",
];

/// A letter or paper.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Paper {
    /// Its `xml:id`, if it has one.
    pub id: Option<String>,
    /// Its heading, notes left out.
    pub title: String,
    /// The day that it bears, or the window of days, in EDTF.
    pub date: Option<String>,
    /// Where it was written.
    pub place: Option<String>,
    /// From whom.
    pub from: Vec<String>,
    /// To whom.
    pub to: Vec<String>,
    /// Its language.
    pub language: Option<String>,
    /// Its text, a paragraph a line.
    pub text: String,
    /// Where it begins.
    pub start: usize,
}

/// Returns the papers of a file.
///
/// # Errors
/// It is no XML, or XML that is not read here; the fault has its place.
pub fn tei(file: &Dossier) -> Result<Vec<Paper>, Fault> {
    if let Some(fault) = file.undecoded().into_iter().next() {
        return Err(fault.help("save the file as UTF-8"));
    }
    // Which of the two it is, the first reading tells.
    let found = Walk::new(file, true).papers()?;
    let found = if found.is_empty() {
        Walk::new(file, false).papers()?
    } else {
        found
    };
    if found.is_empty() {
        let fault = Fault::new(file.span(0, 0), "no-record", "this holds no TEI document");
        return Err(fault.help("a document is `<div type=\"document\">`, or the whole `<TEI>`"));
    }
    Ok(found)
}

struct Walk<'f> {
    file: &'f Dossier,
    reader: Reader<&'f [u8]>,
    /// Whether papers are `div`s, and not the whole file.
    parted: bool,
    /// The elements that are open, and of those that say something, what.
    open: Vec<Element>,
    /// The paper that is open, and how many elements are around it.
    paper: Option<(Paper, usize)>,
    papers: Vec<Paper>,
}

struct Element {
    name: String,
    kind: String,
    /// The text inside of it, for elements that are asked for it.
    text: Option<String>,
}

impl<'f> Walk<'f> {
    fn new(file: &'f Dossier, parted: bool) -> Self {
        let mut reader = Reader::from_reader(file.text.as_bytes());
        reader.config_mut().expand_empty_elements = true;
        Self {
            file,
            reader,
            parted,
            open: Vec::new(),
            paper: None,
            papers: Vec::new(),
        }
    }

    fn papers(mut self) -> Result<Vec<Paper>, Fault> {
        loop {
            let at = self.at();
            let event = self.reader.read_event();
            match event {
                Err(error) => return Err(self.fault(at, format!("this is no XML: {error}"))),
                Ok(Event::Start(start)) => self.start(&start, at)?,
                Ok(Event::End(_)) => self.end(),
                Ok(Event::Text(text)) => self.say(&text),
                Ok(Event::CData(text)) => self.say(&text),
                Ok(Event::GeneralRef(reference)) => {
                    let text = self.entity(&reference, at)?;
                    self.say(&text);
                }
                Ok(Event::Eof) if self.open.is_empty() => return Ok(self.papers),
                Ok(Event::Eof) => {
                    let name = self.open.last().map_or("", |element| element.name.as_str());
                    let message = format!("this is no XML: `{name}` is not closed");
                    return Err(self.fault(at, message));
                }
                Ok(_) => {}
            }
        }
    }

    fn at(&self) -> usize {
        usize::try_from(self.reader.buffer_position()).unwrap_or(self.file.text.len())
    }

    fn fault(&self, at: usize, message: String) -> Fault {
        let end = self.file.text.len();
        let behind = self.file.text.get(at.min(end)..).unwrap_or_default();
        let length = behind.find('>').map_or(behind.len(), |found| found + 1);
        let span = self.file.span(at.min(end), (at + length).min(end));
        Fault::new(span, "bad-xml", message)
    }

    fn entity(&self, reference: &BytesRef<'_>, at: usize) -> Result<String, Fault> {
        if let Ok(Some(letter)) = reference.resolve_char_ref() {
            return Ok(letter.to_string());
        }
        let name: &str = reference;
        if let Some(text) = resolve_xml_entity(name) {
            return Ok(text.to_owned());
        }
        let fault = self.fault(at, format!("the entity `&{name};` is not expanded"));
        Err(fault.help("write the character itself, or a number: `&#233;`"))
    }

    /// Returns the attributes of an element, by their names.
    fn attributes(
        &self,
        start: &BytesStart<'_>,
        at: usize,
    ) -> Result<Vec<(String, String)>, Fault> {
        let mut attributes: Vec<(String, String)> = Vec::new();
        // Whether one stands twice is not asked: that takes the longer the more there are.
        for attribute in start.attributes().with_checks(false) {
            let read = attribute.ok().and_then(|attribute| {
                let key = attribute.key.as_ref().to_owned();
                Some((
                    key,
                    attribute
                        .normalized_value(XmlVersion::Implicit1_0)
                        .ok()?
                        .into_owned(),
                ))
            });
            let Some(read) = read else {
                return Err(self.fault(at, "an attribute of this cannot be read".to_owned()));
            };
            attributes.push(read);
            if attributes.len() > MOST_ATTRIBUTES {
                let message = format!("this has more than {MOST_ATTRIBUTES} attributes");
                return Err(self.fault(at, message));
            }
        }
        Ok(attributes)
    }

    fn start(&mut self, start: &BytesStart<'_>, at: usize) -> Result<(), Fault> {
        if self.open.len() >= DEEPEST {
            let message = format!("this is nested more than {DEEPEST} levels deep");
            return Err(self.fault(at, message));
        }
        let name = start.local_name().as_ref().to_owned();
        let attributes = self.attributes(start, at)?;
        let get = |key: &str| {
            let found = attributes.iter().find(|(name, _)| name == key);
            found
                .map(|(_, value)| value.clone())
                .filter(|value| !value.is_empty())
        };
        let kind = get("type").unwrap_or_default();
        if self.paper.is_none() {
            let begins = if self.parted {
                name == "div" && kind == "document"
            } else {
                name == "TEI"
            };
            if begins {
                let paper = Paper {
                    id: get("xml:id"),
                    date: window(get("frus:doc-dateTime-min"), get("frus:doc-dateTime-max")),
                    language: get("xml:lang"),
                    start: at,
                    ..Paper::default()
                };
                self.paper = Some((paper, self.open.len()));
            }
        }
        if name == "date" && self.is_within(&["dateline", "correspAction"]) {
            let date = window(get("when"), get("when"));
            let date = date.or_else(|| window(get("from"), get("to")));
            let date = date.or_else(|| window(get("notBefore"), get("notAfter")));
            if let Some((paper, _)) = &mut self.paper {
                paper.date = paper.date.take().or(date);
            }
        }
        let asked = matches!(name.as_str(), "head" | "title" | "placeName" | "persName");
        if BLOCKS.contains(&name.as_str()) {
            self.line();
        }
        // What stands in a heading in a heading is not kept time and again.
        let around = self.open.iter().filter(|open| open.text.is_some()).count();
        let text = (asked && around < MOST_TOLD).then(String::new);
        self.open.push(Element { name, kind, text });
        Ok(())
    }

    fn end(&mut self) {
        let Some(element) = self.open.pop() else {
            return;
        };
        if BLOCKS.contains(&element.name.as_str()) {
            self.line();
        }
        if let Some(text) = &element.text {
            self.told(&element, folded(text));
        }
        if let Some((_, around)) = &self.paper
            && *around == self.open.len()
            && let Some((mut paper, _)) = self.paper.take()
        {
            paper.text = paper.text.trim().to_owned() + "\n";
            self.papers.push(paper);
        }
    }

    /// Takes in what an element said that was asked.
    fn told(&mut self, element: &Element, text: String) {
        let action = self
            .open
            .iter()
            .rev()
            .find(|open| open.name == "correspAction");
        let action = action.map_or("", |action| action.kind.as_str()).to_owned();
        let dateline = self.is_within(&["dateline"]) || action == "sent";
        let titled = self.is_within(&["titleStmt"]) && !self.parted;
        let Some((paper, _)) = self.paper.as_mut().filter(|_| !text.is_empty()) else {
            return;
        };
        match (element.name.as_str(), element.kind.as_str()) {
            ("title", _) if titled && paper.title.is_empty() => paper.title = text,
            ("head", _) if paper.title.is_empty() => paper.title = text,
            ("placeName", _) if dateline && paper.place.is_none() => paper.place = Some(text),
            ("persName", "from") if paper.from.last() != Some(&text) => paper.from.push(text),
            ("persName", "to") if paper.to.last() != Some(&text) => paper.to.push(text),
            ("persName", _) if action == "sent" => paper.from.push(text),
            ("persName", _) if action == "received" => paper.to.push(text),
            _ => {}
        }
    }

    fn is_within(&self, names: &[&str]) -> bool {
        self.open
            .iter()
            .any(|open| names.contains(&open.name.as_str()))
    }

    /// Adds to the text of the paper, and of the elements that are asked for theirs.
    fn say(&mut self, text: &str) {
        for element in self.open.iter_mut().rev() {
            // A footnote to a heading is not a part of it.
            if element.name == "note" {
                break;
            }
            if let Some(said) = &mut element.text {
                said.push_str(text);
            }
        }
        if self.is_within(&["teiHeader"]) {
            return;
        }
        if let Some((paper, _)) = &mut self.paper {
            let begins = paper.text.is_empty() || paper.text.ends_with(['\n', ' ']);
            let spaced = text.starts_with(char::is_whitespace) && !begins;
            let words = folded(text);
            if spaced {
                paper.text.push(' ');
            }
            paper.text.push_str(&words);
            if text.ends_with(char::is_whitespace) && !words.is_empty() {
                paper.text.push(' ');
            }
        }
    }

    fn line(&mut self) {
        if let Some((paper, _)) = &mut self.paper {
            paper.text.truncate(paper.text.trim_end_matches(' ').len());
            if !paper.text.is_empty() && !paper.text.ends_with("\n\n") {
                paper.text.push_str("\n\n");
            }
        }
    }
}

/// Returns the window from one date to another, times cut off, as one day if it is one.
fn window(from: Option<String>, to: Option<String>) -> Option<String> {
    let day = |date: String| date.split('T').next().unwrap_or_default().to_owned();
    let date = match (from.map(day), to.map(day)) {
        (Some(from), Some(to)) if from == to => from,
        (None, None) => return None,
        (from, to) => format!("{}/{}", from.unwrap_or_default(), to.unwrap_or_default()),
    };
    Date::new(&date).check().is_ok().then_some(date)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Result<Vec<Paper>, Fault> {
        tei(&Dossier::new(0, Some("a.xml".into()), text.as_bytes()))
    }

    #[test]
    fn no_piece_of_a_letter_makes_the_import_panic() {
        let letter = "<TEI xml:lang=\"fr\"><div type=\"document\" xml:id=\"é\"><head>À <persName \
                      type=\"to\">B</persName></head><p>&#233;&amp;<![CDATA[<]]></p></div></TEI>";

        for end in (0..=letter.len()).filter(|at| letter.is_char_boundary(*at)) {
            let _ = read(&letter[..end]);
            let _ = read(&letter[end..]);
        }

        let papers = read(letter).unwrap_or_default();
        assert_eq!(papers.len(), 1);
        assert_eq!(papers[0].text, "À B\n\né&<\n");
    }

    #[test]
    fn a_day_that_is_none_is_no_date_and_its_time_is_cut_off() {
        let dated = |date: &str| {
            let text = format!("<TEI><dateline>{date}</dateline><p>x</p></TEI>");
            read(&text).ok().and_then(|papers| papers[0].date.clone())
        };

        assert_eq!(dated("<date when=\"foo\"/>"), None);
        assert_eq!(dated("<date when=\"1921-02-30\"/>"), None);
        assert_eq!(
            dated("<date when=\"1921-05-03T10:00:00\"/>").as_deref(),
            Some("1921-05-03")
        );
        assert_eq!(
            dated("<date when=\"foo\" from=\"1921-05\" to=\"1921-06\"/>").as_deref(),
            Some("1921-05/1921-06")
        );
    }

    #[test]
    fn headings_in_headings_and_crowds_of_attributes_take_no_more_room() {
        let nested = format!(
            "<TEI>{}{}</TEI>",
            "<head>a".repeat(200),
            "</head>".repeat(200)
        );
        let crowd = format!("<TEI {}/>", "a=\"1\" ".repeat(300));

        assert!(read(&nested).is_ok_and(|papers| papers[0].title.len() <= 400));
        assert!(read(&crowd).is_err_and(|fault| fault.message.contains("256 attributes")));
    }
}
