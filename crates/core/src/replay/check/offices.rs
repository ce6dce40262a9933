//! Offices beside those who sign and speak in them.

use std::collections::{BTreeMap, BTreeSet};

use crate::date::Date;
use crate::record::{Act, Office, Statement};
use crate::window::Window;

use super::Code;
use super::desk::{Desk, put};
use crate::replay::happening::Field;
use crate::replay::readings::Reading;

/// An office with its days.
struct Post<'a> {
    seq: u64,
    office: &'a Office,
    /// The actor whose office it is.
    of: u64,
    begun: Window,
    ended: Window,
}

impl Post<'_> {
    /// Returns whether it may have been held on some day of the window.
    fn may_be_held(&self, on: Window) -> bool {
        self.begun.lo() <= on.hi() && on.lo() < self.ended.hi()
    }
}

pub(super) fn check(desk: &mut Desk<'_>) {
    let mut posts: BTreeMap<u64, Vec<Post<'_>>> = BTreeMap::new();
    for (reading, office) in desk.each::<Office>() {
        let person = desk.context.actor(office.person.0);
        let post = Post {
            seq: reading.seq,
            office,
            of: desk.context.actor(office.of.0),
            begun: desk.maybe(office.from.as_ref()).unwrap_or(Window::UNKNOWN),
            ended: desk.ended(office.until.as_ref()),
        };
        posts.entry(person).or_default().push(post);
    }
    for (reading, act) in desk.each::<Act>() {
        for signer in act.signed_by.iter().flatten() {
            let actor = desk.context.actor(signer.0);
            // Whoever signs for itself needs no office.
            if actor != desk.context.actor(act.by.0) {
                let held = posts.get(&actor).map_or(&[][..], Vec::as_slice);
                signer_of(desk, reading, act, signer.0, held);
            }
        }
    }
    let titles = posts.values().flatten();
    let titles: BTreeSet<String> = titles.map(|post| folded(&post.office.title)).collect();
    for (reading, statement) in desk.each::<Statement>() {
        // What no office is called is a capacity, of which nothing can be said.
        let capacity = statement.capacity.as_deref();
        if let Some(capacity) = capacity.filter(|capacity| titles.contains(&folded(capacity))) {
            speaker_of(desk, reading, statement, capacity, &posts);
        }
    }
}

fn signer_of(desk: &mut Desk<'_>, reading: &Reading, act: &Act, signer: u64, posts: &[Post<'_>]) {
    let on = desk.at(reading.seq, Field::On, &act.on);
    let told = format!(
        "{} signed {} for {} on {}",
        desk.id(signer),
        desk.id(act.instrument.0),
        desk.id(act.by.0),
        put(&act.on)
    );
    if posts.is_empty() {
        let message = format!("{told}, and no office of {} is recorded", desk.id(signer));
        desk.tell(Code::SignerWithoutOffice, &[reading.seq, signer], message);
        return;
    }
    let held: Vec<&Post<'_>> = posts.iter().filter(|post| post.may_be_held(on)).collect();
    let by = desk.context.actor(act.by.0);
    if held.iter().any(|post| post.of == by) {
        return;
    }
    let (code, shown, rest) = if held.is_empty() {
        let shown: Vec<&Post<'_>> = posts.iter().collect();
        let each = shown.iter().map(|post| period(post.office));
        let each = each.collect::<Vec<_>>().join("; ");
        (
            Code::SignerHeldNoOffice,
            shown,
            format!("and held no office then: {each}"),
        )
    } else {
        let each = held
            .iter()
            .map(|post| format!("{} of {}", post.office.title, desk.id(post.of)));
        let each = each.collect::<Vec<_>>().join(", ");
        (
            Code::SignerOfAnother,
            held,
            format!("and held no office of it then, but {each}"),
        )
    };
    let mut seqs = vec![reading.seq, signer];
    seqs.extend(shown.iter().map(|post| post.seq));
    desk.tell(code, &seqs, format!("{told}, {rest}"));
}

/// Returns an office with its days in words.
fn period(office: &Office) -> String {
    let day = |name: &str, date: Option<&Date>| {
        date.map_or_else(String::new, |date| format!(" {name} {}", put(date)))
    };
    let (from, until) = (office.from.as_ref(), office.until.as_ref());
    format!(
        "{}{}{}",
        office.title,
        day("from", from),
        day("until", until)
    )
}

fn speaker_of(
    desk: &mut Desk<'_>,
    reading: &Reading,
    statement: &Statement,
    capacity: &str,
    posts: &BTreeMap<u64, Vec<Post<'_>>>,
) {
    let titled = |post: &&Post<'_>| folded(&post.office.title) == folded(capacity);
    let on = desk.at(reading.seq, Field::Said, &statement.said);
    let speakers = desk
        .context
        .actors(statement.speakers.iter().map(|speaker| speaker.0));
    let own: Vec<&Post<'_>> = speakers
        .iter()
        .filter_map(|speaker| posts.get(speaker))
        .flatten()
        .filter(titled)
        .collect();
    if own.iter().any(|post| post.may_be_held(on)) {
        return;
    }
    let who = desk.ids(&speakers);
    let rest = match own.first() {
        Some(post) => format!("an office not held then: {}", period(post.office)),
        None => "an office that is recorded of others only".to_owned(),
    };
    let message = format!(
        "in {} {who} spoke on {} as {capacity}, {rest}",
        desk.id(reading.seq),
        put(&statement.said)
    );
    let mut seqs = vec![reading.seq];
    seqs.extend(own.iter().map(|post| post.seq));
    desk.tell(Code::OfficeNotHeld, &seqs, message);
}

/// Returns a title as it is compared.
fn folded(title: &str) -> String {
    title.trim().to_lowercase()
}
