use std::convert::Infallible;
use std::path::Path;

use proptest::prelude::*;
use serde_json::Value;

use super::*;
use crate::testing::shared_path;
use crate::tree::{Frontier, leaf_hash};

/// The leaves of a small tree.
struct Grove(Vec<TreeHash>);

impl Grove {
    fn new(size: u64) -> Self {
        Self(
            (0..size)
                .map(|leaf| leaf_hash(&leaf.to_be_bytes()))
                .collect(),
        )
    }

    fn root(&self, size: u64) -> TreeHash {
        let mut frontier = Frontier::new();
        let leaves = self.0.iter().take(usize::try_from(size).unwrap());
        leaves.for_each(|leaf| frontier.push(*leaf));
        frontier.root()
    }

    fn node(&self, level: u32, index: u64) -> TreeHash {
        let (first, count) = (index << level, 1_u64 << level);
        let mut frontier = Frontier::new();
        let first = usize::try_from(first).unwrap();
        let count = usize::try_from(count).unwrap();
        self.0[first..first + count]
            .iter()
            .for_each(|leaf| frontier.push(*leaf));
        frontier.root()
    }

    fn inclusion(&self, seq: u64, size: u64) -> Option<Inclusion> {
        let (seq, size) = (Seq::new(seq), Size::new(size));
        Inclusion::make(seq, size, &mut |level, index| {
            Ok::<_, Infallible>(self.node(level, index))
        })
        .unwrap()
    }

    fn consistency(&self, from: u64, to: u64) -> Option<Consistency> {
        let (from, to) = (Size::new(from), Size::new(to));
        Consistency::make(from, to, &mut |level, index| {
            Ok::<_, Infallible>(self.node(level, index))
        })
        .unwrap()
    }
}

#[test]
fn every_leaf_of_every_small_tree_is_proved_and_no_other() {
    let grove = Grove::new(70);
    for size in 1..=70 {
        let root = grove.root(size);
        for seq in 0..size {
            let proof = grove.inclusion(seq, size).unwrap();
            let leaf = grove.0[usize::try_from(seq).unwrap()];

            assert_eq!(proof.check(leaf, root), Ok(()), "{seq} of {size}");
            let other = leaf_hash(b"another leaf");
            assert!(proof.check(other, root).is_err(), "{seq} of {size}");
        }
        assert_eq!(grove.inclusion(size, size), None);
    }
}

#[test]
fn every_small_tree_is_proved_to_begin_every_larger_one() {
    let grove = Grove::new(70);
    for to in 1..=70 {
        for from in 1..=to {
            let proof = grove.consistency(from, to).unwrap();
            let (old, new) = (grove.root(from), grove.root(to));

            assert_eq!(proof.check(old, new), Ok(()), "{from} to {to}");
            if from != to {
                assert!(proof.check(new, new).is_err(), "{from} to {to}");
            }
        }
        assert_eq!(grove.consistency(to + 1, to), None);
        assert_eq!(grove.consistency(0, to), None);
    }
}

#[test]
fn no_proof_is_longer_than_the_longest() {
    let longest = |place, last| steps(place, last);

    assert_eq!(longest(0, 0), 0);
    assert!(longest(u64::MAX / 2 - 1, u64::MAX / 2 - 1) <= LONGEST);
    assert!(longest(0, u64::MAX - 1) <= LONGEST);
}

#[test]
fn a_proof_with_a_changed_missing_or_further_hash_is_refused() {
    let grove = Grove::new(37);
    let (root, leaf) = (grove.root(37), grove.0[17]);
    let good = grove.inclusion(17, 37).unwrap();
    for place in 0..good.hashes.len() {
        let mut changed = good.clone();
        changed.hashes[place] = leaf;
        assert!(changed.check(leaf, root).is_err());
        let mut missing = good.clone();
        missing.hashes.remove(place);
        assert!(matches!(
            missing.check(leaf, root),
            Err(BadProof::Length { .. })
        ));
    }
    let mut longer = good;
    longer.hashes.push(leaf);
    assert!(longer.check(leaf, root).is_err());
}

/// The probes of a folder of the published suite, each with its name.
fn probes(folder: &str) -> Vec<(String, Value)> {
    fn walk(folder: &Path, found: &mut Vec<(String, Value)>) {
        let mut entries: Vec<_> = std::fs::read_dir(folder)
            .unwrap()
            .map(|entry| entry.unwrap().path())
            .collect();
        entries.sort();
        for path in entries {
            if path.is_dir() {
                walk(&path, found);
            } else if path
                .extension()
                .is_some_and(|extension| extension == "json")
            {
                let text = std::fs::read_to_string(&path).unwrap();
                let probe = serde_json::from_str(&text).unwrap();
                found.push((path.display().to_string(), probe));
            }
        }
    }
    let mut found = Vec::new();
    if let Some(folder) = shared_path(folder) {
        walk(&folder, &mut found);
    }
    found
}

fn hash(value: &Value) -> Option<TreeHash> {
    TreeHash::from_base64(value.as_str()?)
}

/// A root of the suite; some are words instead of hashes, where only equality counts.
fn root(value: &Value) -> Option<TreeHash> {
    use base64::Engine;
    let mut bytes = base64::engine::general_purpose::STANDARD
        .decode(value.as_str()?)
        .ok()?;
    bytes.resize(32, 0);
    bytes.try_into().ok().map(TreeHash::from_bytes)
}

fn hashes(probe: &Value) -> Option<Vec<TreeHash>> {
    match &probe["proof"] {
        Value::Null => Some(Vec::new()),
        list => list.as_array()?.iter().map(hash).collect(),
    }
}

fn wants_refusal(probe: &Value) -> bool {
    probe["wantErr"].as_bool().unwrap_or(false)
}

#[test]
fn the_published_inclusion_probes_are_judged_as_they_should_be() {
    let probes = probes("vectors/merkle-proofs/inclusion");
    for (name, probe) in &probes {
        let judged = (|| {
            let proof = Inclusion {
                seq: Seq::new(probe["leafIdx"].as_u64()?),
                size: Size::new(probe["treeSize"].as_u64()?),
                hashes: hashes(probe)?,
            };
            let (leaf, root) = (hash(&probe["leafHash"])?, hash(&probe["root"])?);
            proof.check(leaf, root).ok()
        })();

        assert_eq!(judged.is_none(), wants_refusal(probe), "{name}");
    }
    println!("{} inclusion probes", probes.len());
}

/// From nothing everything follows: three probes of the suite go from size zero,
/// and want to be refused. That is a policy, and it is ours too.
#[test]
fn the_published_consistency_probes_are_judged_as_they_should_be() {
    let probes = probes("vectors/merkle-proofs/consistency");
    let mut from_nothing = 0;
    for (name, probe) in &probes {
        let judged = (|| {
            let proof = Consistency {
                from: Size::new(probe["size1"].as_u64()?),
                to: Size::new(probe["size2"].as_u64()?),
                hashes: hashes(probe)?,
            };
            let (old, new) = (root(&probe["root1"])?, root(&probe["root2"])?);
            let judged = proof.check(old, new);
            from_nothing += usize::from(judged == Err(BadProof::FromNothing));
            judged.ok()
        })();

        assert_eq!(judged.is_none(), wants_refusal(probe), "{name}");
    }
    println!(
        "{} consistency probes, {from_nothing} from size 0",
        probes.len()
    );
}

proptest! {
    #[test]
    fn whatever_is_taken_for_a_proof_is_judged_without_harm(
        seq: u64, size: u64, from: u64, bytes: Vec<[u8; 32]>,
    ) {
        let hashes: Vec<_> = bytes.into_iter().map(TreeHash::from_bytes).collect();
        let root = empty_root();
        let inclusion = Inclusion { seq: Seq::new(seq), size: Size::new(size), hashes: hashes.clone() };
        let consistency = Consistency { from: Size::new(from), to: Size::new(size), hashes };

        prop_assert!(inclusion.check(root, root).is_err());
        prop_assert!(from == size || consistency.check(root, root).is_err());
    }

    #[test]
    fn a_proof_of_one_leaf_is_none_of_another(size in 2_u64..300, one: u64, other: u64) {
        let grove = Grove::new(size);
        let (one, other) = (one % size, other % size);
        let proof = grove.inclusion(one, size).unwrap();
        let leaf = grove.0[usize::try_from(other).unwrap()];

        prop_assert_eq!(proof.check(leaf, grove.root(size)).is_ok(), one == other);
    }
}
