//! The clauses that `docs/treaties.md` writes out, run on the facts that it names.
//!
//! Those that it tests on a status table are run by `tests/treaties.rs`.

#![allow(missing_docs, clippy::unwrap_used, clippy::print_stdout)]

mod replay_archive;

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

use replay_archive::Archive;

/// What is known of the deposits of a treaty.
#[derive(Default)]
struct Facts {
    id: &'static str,
    /// By whom one was made, and on what day.
    deposits: Vec<(&'static str, &'static str)>,
    /// How many others had been made, and by which day.
    others: (usize, &'static str),
    /// To what other instrument they are parties, since when that is in force,
    /// and by what day all of them had consented to it.
    parties_to: Option<(&'static str, &'static str, &'static str)>,
    /// Who is among those that completed the condition.
    completed_by: Vec<&'static str>,
}

const UNFCCC: Option<(&str, &str, &str)> = Some(("unfccc", "1994-03-21", "2000-01-01"));

fn facts() -> Vec<Facts> {
    let mut facts = counted();
    facts.extend(of_kinds());
    facts
}

/// Treaties that only count.
fn counted() -> Vec<Facts> {
    vec![
        one("iccpr", ("czechoslovakia", "1975-12-23"), 34),
        one("icescr", ("jamaica", "1975-10-03"), 34),
        one("unclos", ("guyana", "1993-11-16"), 59),
        one("stockholm-convention", ("france", "2004-02-17"), 49),
        Facts {
            id: "cluster-munitions",
            deposits: vec![("burkina-faso", "2010-02-16"), ("moldova", "2010-02-16")],
            others: (28, "2010-02-16"),
            completed_by: vec!["burkina-faso", "moldova"],
            ..Facts::default()
        },
        Facts {
            id: "arms-trade-treaty",
            deposits: on(
                "2014-09-25",
                &[
                    "argentina",
                    "bahamas",
                    "bosnia-and-herzegovina",
                    "czech-republic",
                    "portugal",
                    "saint-lucia",
                    "senegal",
                    "uruguay",
                ],
            ),
            others: (45, "2014-09-24"),
            completed_by: vec!["argentina", "uruguay"],
            ..Facts::default()
        },
        one("tpnw", ("honduras", "2020-10-24"), 49),
    ]
}

/// Treaties that ask who it was.
fn of_kinds() -> Vec<Facts> {
    vec![
        Facts {
            id: "npt",
            deposits: vec![
                ("united-kingdom", "1968-11-27"),
                ("soviet-union", "1970-03-05"),
                ("united-states", "1970-03-05"),
            ],
            others: (40, "1970-03-05"),
            completed_by: vec!["soviet-union", "united-states"],
            ..Facts::default()
        },
        Facts {
            id: "montreal-protocol",
            deposits: vec![("depositors-of-1988", "../1988-12-31")],
            others: (28, "1988-12-31"),
            parties_to: Some(("vienna-convention-ozone", "1988-09-22", "1988-12-31")),
            completed_by: vec!["depositors-of-1988"],
        },
        Facts {
            id: "kyoto-protocol",
            deposits: vec![("iceland", "2002-05-23"), ("russia", "2004-11-18")],
            others: (54, "2002-05-23"),
            parties_to: UNFCCC,
            completed_by: vec!["russia"],
        },
        Facts {
            id: "istanbul-convention",
            deposits: [
                on("2014-04-22", &["andorra"]),
                on("../2014-04-22", &BEFORE_ANDORRA),
            ]
            .concat(),
            completed_by: vec!["andorra"],
            ..Facts::default()
        },
        Facts {
            id: "paris-agreement",
            deposits: vec![
                ("china", "2016-09-03"),
                ("united-states", "2016-09-03"),
                ("brazil", "../2016-10-02"),
                ("india", "2016-10-02"),
                ("others-by-2-october", "../2016-10-02"),
                ("canada", "2016-10-05"),
                ("france", "2016-10-05"),
                ("germany", "2016-10-05"),
            ],
            others: (57, "2016-10-02"),
            parties_to: UNFCCC,
            completed_by: vec!["france", "germany"],
        },
    ]
}

/// Those whose consents to the Istanbul Convention came before Andorra's.
const BEFORE_ANDORRA: [&str; 9] = [
    "albania",
    "austria",
    "bosnia-and-herzegovina",
    "italy",
    "montenegro",
    "portugal",
    "serbia",
    "spain",
    "turkey",
];

/// Returns deposits that were all made on one day.
fn on(day: &'static str, actors: &[&'static str]) -> Vec<(&'static str, &'static str)> {
    actors.iter().map(|actor| (*actor, day)).collect()
}

/// Returns the facts of a treaty that one deposit completed, so many others
/// having been made by then.
fn one(id: &'static str, completing: (&'static str, &'static str), others: usize) -> Facts {
    Facts {
        id,
        deposits: vec![completing],
        others: (others, completing.1),
        completed_by: vec![completing.0],
        ..Facts::default()
    }
}

/// The page, with what it says of each treaty.
struct Page {
    /// The day of entry into force and what it is tested on, by title.
    rows: BTreeMap<String, (String, String)>,
    /// The title and the block, by id.
    clauses: BTreeMap<String, (String, String)>,
}

fn page() -> Page {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs/treaties.md");
    let text = std::fs::read_to_string(path).unwrap();
    let (mut rows, mut clauses) = (BTreeMap::new(), BTreeMap::new());
    let mut title = "";
    let mut lines = text.lines();
    while let Some(line) = lines.next() {
        if let Some(heading) = line.strip_prefix("## ") {
            title = heading;
        } else if let Some(row) = line.strip_prefix("| [") {
            let cells: Vec<&str> = row.split(" | ").collect();
            let name = cells[0].split(']').next().unwrap();
            let tested = cells[3].trim_end_matches(" |");
            rows.insert(name.to_owned(), (cells[2].to_owned(), tested.to_owned()));
        } else if let Some(id) = line.strip_prefix("```toml ") {
            let block = lines.by_ref().take_while(|line| *line != "```");
            let block = block.collect::<Vec<_>>().join("\n");
            clauses.insert(id.to_owned(), (title.to_owned(), block));
        }
    }
    Page { rows, clauses }
}

impl Page {
    /// Returns the published day of a treaty.
    fn day(&self, id: &str) -> &str {
        &self.rows[&self.clauses[id].0].0
    }

    /// Returns an archive with the treaty, everybody whom its clause names, and
    /// the deposits that are known.
    fn archive(&self, facts: &Facts) -> Archive {
        let (title, clause) = &self.clauses[facts.id];
        let head = |id: &str, title: &str| {
            format!("[[instrument]]\nid = \"{id}\"\ntitle = \"{title}\"\nkind = \"treaty\"\n")
        };
        let mut dossier = head(facts.id, title) + clause + "\n";
        let mut actors = named(clause);
        actors.extend(facts.deposits.iter().map(|(actor, _)| (*actor).to_owned()));
        let others: Vec<String> = (1..=facts.others.0).map(|n| format!("other-{n}")).collect();
        actors.extend(others.iter().cloned());
        if let Some((other, since, by)) = facts.parties_to {
            dossier += &head(other, other);
            let _ = write!(
                dossier,
                "[[occurrence]]\ninstrument = \"{other}\"\nkind = \"entry-into-force\"\non = \"{since}\"\n"
            );
            for actor in &actors {
                dossier += &ratification(other, actor, &format!("../{by}"));
            }
        }
        for actor in &actors {
            let _ = write!(
                dossier,
                "[[actor]]\nid = \"{actor}\"\nname = \"{actor}\"\nkind = \"state\"\n"
            );
        }
        for (actor, on) in &facts.deposits {
            dossier += &ratification(facts.id, actor, on);
        }
        for actor in &others {
            dossier += &ratification(facts.id, actor, &format!("../{}", facts.others.1));
        }
        Archive::of(&dossier)
    }
}

fn ratification(instrument: &str, by: &str, on: &str) -> String {
    format!(
        "[[act]]\ninstrument = \"{instrument}\"\nby = \"{by}\"\nkind = \"ratification\"\non = \"{on}\"\n"
    )
}

/// Returns the actors that a clause names.
fn named(clause: &str) -> BTreeSet<String> {
    let table: toml::Table = clause.parse().unwrap();
    let rule = &table["instrument"]["entry_into_force"];
    let list = |value: Option<&toml::Value>| -> Vec<String> {
        let items = value.and_then(toml::Value::as_array);
        let ids = items.into_iter().flatten().filter_map(toml::Value::as_str);
        ids.map(str::to_owned).collect()
    };
    let mut named: BTreeSet<String> = list(rule.get("requires")).into_iter().collect();
    named.extend(list(rule.get("excluding")));
    let groups = rule.get("groups").and_then(toml::Value::as_array);
    named.extend(
        groups
            .into_iter()
            .flatten()
            .flat_map(|group| list(group.get("of"))),
    );
    let shares = rule.get("shares").and_then(toml::Value::as_table);
    named.extend(shares.into_iter().flat_map(|shares| shares.keys().cloned()));
    named
}

/// Returns the derived day, or else why there is none.
fn derived(archive: &Archive, id: &str) -> String {
    let force = archive.instrument(id, "2024-01-01").entry_into_force;
    match force.derived {
        Some(derived) => derived.window.to_string(),
        None => force.reason.unwrap(),
    }
}

/// The parties of Annex I, besides Iceland, that had deposited before Russia.
const ANNEX_ONE: [&str; 28] = [
    "austria",
    "belgium",
    "bulgaria",
    "canada",
    "czech-republic",
    "denmark",
    "estonia",
    "finland",
    "france",
    "germany",
    "greece",
    "hungary",
    "ireland",
    "italy",
    "japan",
    "latvia",
    "luxembourg",
    "netherlands",
    "new-zealand",
    "norway",
    "poland",
    "portugal",
    "romania",
    "slovakia",
    "spain",
    "sweden",
    "switzerland",
    "united-kingdom",
];

/// Returns the facts of Kyoto with the deposits of Annex I that came before Russia's.
fn with_annex_one(mut facts: Facts) -> Facts {
    if facts.id == "kyoto-protocol" {
        facts
            .deposits
            .extend(ANNEX_ONE.map(|actor| (actor, "../2004-11-17")));
    }
    facts
}

#[test]
fn each_clause_gives_the_published_day_on_the_known_facts() {
    let page = page();
    for facts in facts().into_iter().map(with_annex_one) {
        let id = facts.id;
        let archive = page.archive(&facts);

        assert_eq!(derived(&archive, id), page.day(id), "{id}");

        let force = archive.instrument(id, "2024-01-01").entry_into_force;
        let completed_by = force.derived.unwrap().completed_by;
        for actor in facts.completed_by {
            let mut by = completed_by.iter();
            assert!(by.any(|by| by.actor == archive.seq(actor)), "{id}: {actor}");
        }
    }
}

#[test]
fn without_the_deposit_that_completed_them_the_clauses_are_not_met() {
    let page = page();
    let without = |id: &str, gone: &[&str]| {
        let facts = facts().into_iter().map(with_annex_one);
        let mut facts = { facts }.find(|facts| facts.id == id).unwrap();
        facts.deposits.retain(|(actor, _)| !gone.contains(actor));
        derived(&page.archive(&facts), id)
    };

    assert_eq!(without("iccpr", &["czechoslovakia"]), "34 of 35 consents");
    assert_eq!(
        without("kyoto-protocol", &["russia"]),
        "shares of 44.2 per cent, 55 needed"
    );
    assert_eq!(
        without("paris-agreement", &["canada", "france", "germany"]),
        "shares of 51.89 per cent, 55 needed"
    );
    assert_eq!(
        without("npt", &["united-states"]),
        "42 of 43 consents, 2 of 3 required (missing: united-states)"
    );
    assert_eq!(
        without("istanbul-convention", &["andorra"]),
        "9 of 10 consents"
    );
    assert_eq!(
        without("montreal-protocol", &["depositors-of-1988"]),
        "shares of 0 per cent, 2/3 needed"
    );
}

#[test]
fn the_test_ban_treaty_waits_for_eight() {
    let page = page();
    let absent = [
        "china",
        "egypt",
        "india",
        "iran",
        "israel",
        "north-korea",
        "pakistan",
        "united-states",
    ];
    let required = named(&page.clauses["ctbt"].1);
    let mut dossier = page.archive(&Facts {
        id: "ctbt",
        ..Facts::default()
    });
    for actor in required
        .iter()
        .filter(|actor| !absent.contains(&actor.as_str()))
    {
        dossier.append(&ratification("ctbt", actor, "../2012-02-06"));
    }

    assert_eq!(page.day("ctbt"), "not in force");
    let missing = "china, north-korea, egypt, india, iran, israel, pakistan, united-states";
    assert_eq!(
        derived(&dossier, "ctbt"),
        format!("36 of 44 required (missing: {missing})")
    );
    assert_eq!(dossier.status("ctbt", "2024-01-01"), "open");
}

#[test]
fn a_partys_notice_takes_effect_when_the_treaty_says() {
    let page = page();
    let leaving = |id: &str, actor: &str, on: &str| {
        let mut facts = facts().into_iter().map(with_annex_one);
        let mut archive = page.archive(&facts.find(|facts| facts.id == id).unwrap());
        archive.append(&format!(
            "[[act]]\ninstrument = \"{id}\"\nby = \"{actor}\"\nkind = \"withdrawal\"\non = \"{on}\"\n"
        ));
        archive
    };

    let canada = leaving("kyoto-protocol", "canada", "2011-12-15");
    assert_eq!(
        canada.standing("kyoto-protocol", "canada", "2012-12-14"),
        "withdrawing"
    );
    assert_eq!(
        canada.standing("kyoto-protocol", "canada", "2012-12-15"),
        "withdrawn"
    );
    // The first day on which notice could be given: three years after 2016-11-04.
    let states = leaving("paris-agreement", "united-states", "2019-11-04");
    assert_eq!(
        states.standing("paris-agreement", "united-states", "2020-11-03"),
        "withdrawing"
    );
    assert_eq!(
        states.standing("paris-agreement", "united-states", "2020-11-04"),
        "withdrawn"
    );
}

#[test]
fn every_clause_on_the_page_is_run() {
    let page = page();
    let titles: BTreeSet<&String> = page.clauses.values().map(|(title, _)| title).collect();
    assert_eq!(titles, page.rows.keys().collect());
    assert!(page.clauses.len() >= 12);

    let run: BTreeSet<&str> = facts()
        .iter()
        .map(|facts| facts.id)
        .chain(["ctbt"])
        .collect();
    let on_facts = page
        .clauses
        .iter()
        .filter(|(_, (title, _))| page.rows[title].1 == "facts");
    assert_eq!(
        on_facts.map(|(id, _)| id.as_str()).collect::<BTreeSet<_>>(),
        run
    );
}
