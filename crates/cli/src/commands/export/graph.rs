//! The graph of who is bound to whom on a day, for Graphviz or as `GraphML`.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use chancery_core::record::{Actor, Record};
use chancery_core::replay::{CommitmentItem, Phase, Readings, Register, Side};
use chancery_core::worlds::Certainty;

use crate::args::GraphFormat;
use crate::context::Context;
use crate::failure::Failure;
use crate::view::say;

/// What is drawn: the actors, instruments and commitments, and what binds them.
struct Graph {
    /// By position: what it is, and what it is called.
    nodes: BTreeMap<u64, (&'static str, String)>,
    edges: Vec<Edge>,
}

struct Edge {
    from: u64,
    to: u64,
    kind: &'static str,
    label: String,
    certainty: Certainty,
}

/// Writes the graph to standard output.
///
/// # Errors
/// The ledger cannot be read.
pub(super) fn write(context: &mut Context, format: GraphFormat) -> Result<(), Failure> {
    let (_, question) = context.question()?;
    let readings = context.read()?.readings()?;
    let register = Register::of(&readings, &question, None);
    let graph = Graph::of(&readings, &register);
    let text = match format {
        GraphFormat::Dot => graph.dot(),
        GraphFormat::Graphml => graph.graphml(),
    };
    context.out.line(text)
}

impl Graph {
    fn of(readings: &Readings, register: &Register) -> Self {
        let mut graph = Self {
            nodes: BTreeMap::new(),
            edges: Vec::new(),
        };
        for item in &register.instruments {
            for standing in item.standings.iter().filter(|_| item.unsupported.is_none()) {
                let word = standing.standing.map_or("contradictory", |is| is.word());
                graph.edges.push(Edge {
                    from: standing.actor,
                    to: item.seq,
                    kind: "standing",
                    label: word.to_owned(),
                    certainty: standing.certainty,
                });
            }
        }
        for item in &register.commitments {
            graph.owe(item);
        }
        let ends: Vec<u64> = graph
            .edges
            .iter()
            .flat_map(|edge| [edge.from, edge.to])
            .collect();
        for seq in ends {
            graph.nodes.insert(seq, node(readings, seq));
        }
        graph
    }

    /// Draws a commitment from each debtor to each creditor; a side that is all
    /// parties of an instrument is that instrument.
    fn owe(&mut self, item: &CommitmentItem) {
        let owed = item.phases.iter();
        let owed = owed.filter(|(phase, _)| !matches!(phase, Phase::Ended(_)));
        let (phase, certainty) = match owed.max() {
            Some((phase, certainty)) => (phase.word(), *certainty),
            None if item.phase.is_none() => ("contradictory", item.certainty),
            None => return,
        };
        if item.unsupported.is_some() {
            return;
        }
        let ends = |side: &Side, none: u64| match (side.all_parties, item.under) {
            (true, Some(under)) => vec![(under, Certainty::Certain)],
            _ if side.actors.is_empty() => vec![(none, Certainty::Certain)],
            _ => side.actors.clone(),
        };
        for (from, owing) in ends(&item.debtors, item.seq) {
            for (to, owed) in ends(&item.creditors, item.seq) {
                let certainty = certainty.max(owing).max(owed);
                self.edges.push(Edge {
                    from,
                    to,
                    kind: "commitment",
                    label: format!("{}: {phase}", item.id),
                    certainty,
                });
            }
        }
    }

    fn dot(&self) -> String {
        let mut text = String::from("digraph register {\n  rankdir=LR;\n");
        for (seq, (kind, label)) in &self.nodes {
            let shape = match *kind {
                "instrument" => "box",
                "commitment" => "note",
                _ => "ellipse",
            };
            // Writing to a String cannot fail.
            let _ = writeln!(text, "  n{seq} [label={}, shape={shape}];", quoted(label));
        }
        for edge in &self.edges {
            let style = match edge.certainty {
                Certainty::Certain => "solid",
                Certainty::Possible => "dashed",
                Certainty::Contradictory => "dotted",
            };
            let (from, to, label) = (edge.from, edge.to, quoted(&edge.label));
            let _ = writeln!(text, "  n{from} -> n{to} [label={label}, style={style}];");
        }
        text.push('}');
        text
    }

    fn graphml(&self) -> String {
        let mut text = String::from(
            "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n\
             <graphml xmlns=\"http://graphml.graphdrawing.org/xmlns\">\n",
        );
        for (of, key) in [
            ("node", "label"),
            ("node", "kind"),
            ("edge", "binding"),
            ("edge", "what"),
            ("edge", "certainty"),
        ] {
            let _ = writeln!(
                text,
                "  <key id=\"{key}\" for=\"{of}\" attr.name=\"{key}\" attr.type=\"string\"/>"
            );
        }
        text.push_str("  <graph id=\"register\" edgedefault=\"directed\">\n");
        for (seq, (kind, label)) in &self.nodes {
            let data = [("label", label.as_str()), ("kind", kind)]
                .map(data)
                .concat();
            let _ = writeln!(text, "    <node id=\"n{seq}\">{data}</node>");
        }
        for edge in &self.edges {
            let certainty = say::certainty(edge.certainty);
            let all = [
                ("binding", edge.kind),
                ("what", &edge.label),
                ("certainty", certainty),
            ];
            let (from, to, data) = (edge.from, edge.to, all.map(data).concat());
            let ends = format!("source=\"n{from}\" target=\"n{to}\"");
            let _ = writeln!(text, "    <edge {ends}>{data}</edge>");
        }
        text.push_str("  </graph>\n</graphml>");
        text
    }
}

fn node(readings: &Readings, seq: u64) -> (&'static str, String) {
    let Some(reading) = readings.reading(seq) else {
        return ("actor", format!("#{seq}"));
    };
    let kind = reading.record.kind().name();
    match &reading.record {
        Record::Actor(actor) => (kind, Actor::clone(actor).name),
        Record::Instrument(instrument) => (kind, instrument.title.clone()),
        _ => (kind, readings.id_of(seq)),
    }
}

/// Returns a text as a quoted string of DOT.
fn quoted(text: &str) -> String {
    let mut quoted = String::from("\"");
    for c in text.chars() {
        match c {
            '"' | '\\' => quoted.extend(['\\', c]),
            c if c.is_control() => quoted.push(' '),
            c => quoted.push(c),
        }
    }
    quoted.push('"');
    quoted
}

fn data((key, value): (&str, &str)) -> String {
    let mut text = String::new();
    for c in value.chars() {
        match c {
            '&' => text.push_str("&amp;"),
            '<' => text.push_str("&lt;"),
            '>' => text.push_str("&gt;"),
            // XML has no word for most of these.
            c if c.is_control() || matches!(c, '\u{fffe}' | '\u{ffff}') => text.push(' '),
            c => text.push(c),
        }
    }
    format!("<data key=\"{key}\">{text}</data>")
}
