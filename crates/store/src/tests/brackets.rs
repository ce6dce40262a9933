//! Histories that part: checkpoints that were kept elsewhere say between which
//! entries they do.

use chancery_chain::seal::Entry;
use chancery_chain::tree::leaf_hash;
use chancery_chain::{Envelope, Frontier, Seq, Size, Slot};
use proptest::prelude::*;

use super::{Clerk, by_body};
use crate::verify::{Asked, Kept, verify_roll};
use crate::{Report, Settled, Store};

/// Seals a history of submissions with so many records each; from the
/// submission `parting` on, records say something else.
fn history(clerk: &mut Clerk, submissions: &[u64], parting: usize, words: &str) -> Vec<Vec<Entry>> {
    let mut history = vec![clerk.founding()];
    for (number, records) in submissions.iter().enumerate() {
        let words = if number < parting { "agreed" } else { words };
        let bodies: Vec<_> = (0..*records)
            .map(|record| format!("{words} {number} {record}").into_bytes())
            .collect();
        history.push(clerk.submission(&bodies));
    }
    history
}

/// Signs the checkpoint of the first `size` entries.
fn kept(clerk: &Clerk, entries: &[Entry], size: u64) -> Kept {
    let mut frontier = Frontier::new();
    for entry in entries.iter().take(usize::try_from(size).unwrap()) {
        frontier.push(leaf_hash(&entry.envelope));
    }
    let settled = Settled {
        size: Size::new(size),
        root: frontier.root(),
    };
    Kept {
        name: size.to_string(),
        note: clerk.note(settled),
    }
}

fn verified(folder: &std::path::Path, against: &[Kept]) -> Report {
    let asked = Asked {
        against,
        ..Asked::default()
    };
    let nothing = &|_: &Envelope, _: &Slot| ();
    verify_roll(folder, &asked, &mut |_, _| {}, nothing, &mut |_, _, _| {}).unwrap()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]
    #[test]
    fn checkpoints_bracket_the_first_entry_in_which_histories_differ(
        true_one in prop::collection::vec(1..4_u64, 1..9),
        false_one in prop::collection::vec(1..4_u64, 0..9),
        parting in 0..9_usize,
        wanted in prop::collection::btree_set(0..50_u64, 0..6),
        shuffled: u64,
    ) {
        // The false history begins as the true one, and goes on in its own way.
        let begun = true_one.iter().take(parting).copied();
        let forged: Vec<u64> = begun.chain(false_one.into_iter().skip(parting)).collect();
        let (mut clerk, mut forger) = (Clerk::new(), Clerk::new());
        let known = history(&mut clerk, &true_one, true_one.len(), "").concat();
        let shown = history(&mut forger, &forged, parting, "denied");
        let folder = tempfile::tempdir().unwrap();
        let mut store = Store::create(folder.path(), &shown[0], by_body()).unwrap();
        for submission in &shown[1..] {
            store.append(submission).unwrap();
        }
        store.close().unwrap();
        let founding = shown[0].len() as u64;
        let shown = shown.concat();
        let pairs = known.iter().zip(&shown);
        let same = pairs.take_while(|(one, other)| one.envelope == other.envelope).count() as u64;
        // Before it is founded a ledger has no key that could sign.
        let possible = founding..=known.len() as u64;
        let sizes: Vec<u64> = wanted.into_iter().filter(|size| possible.contains(size)).collect();
        let mut against: Vec<Kept> = sizes.iter().map(|size| kept(&clerk, &known, *size)).collect();
        let by = usize::try_from(shuffled).unwrap_or(0) % against.len().max(1);
        against.rotate_left(by);

        let report = verified(folder.path(), &against);

        let agreed = sizes.iter().copied().filter(|size| *size <= same).max().unwrap_or(0);
        for size in sizes {
            let name = size.to_string();
            let mut of_it = report.findings.iter().filter(|one| one.file.as_deref() == Some(&name));
            let (found, more) = (of_it.next(), of_it.next());
            prop_assert!(more.is_none(), "{more:?}");
            if size <= same {
                prop_assert!(found.is_none(), "{found:?}");
                continue;
            }
            let found = found.expect("a finding");
            if size > shown.len() as u64 {
                prop_assert_eq!(found.code, "checkpoint-beyond");
                continue;
            }
            prop_assert_eq!(found.code, "root-mismatch");
            // The first false entry is the one after those that are the same.
            prop_assert!(agreed <= same && same < size);
            prop_assert_eq!(found.entries, Some((Seq::new(agreed), Seq::new(size - 1))));
        }
    }
}
