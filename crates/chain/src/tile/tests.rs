use proptest::prelude::*;

use super::*;
use crate::tree::leaf_hash;

fn leaf(number: u64) -> TreeHash {
    leaf_hash(&number.to_be_bytes())
}

/// Returns the builder of a tree of this size, and the full tiles that it gave.
fn built(size: u64) -> (TileBuilder, Vec<Tile>) {
    let mut builder = TileBuilder::new();
    let full = (0..size).flat_map(|n| builder.push(leaf(n))).collect();
    (builder, full)
}

#[test]
fn paths_are_those_of_the_specification() {
    assert_eq!(tile_path(0, 1_234_067, 256), "tile/0/x001/x234/067");
    assert_eq!(tile_path(2, 0, 1), "tile/2/000.p/1");
    assert_eq!(entries_path(273, 112), "tile/entries/273.p/112");
    assert_eq!(bodies_path(1_000, 256), "bodies/x001/000");
}

#[test]
fn what_is_unfinished_at_a_size_is_what_is_not_full() {
    let of = |size| partial_paths(Size::new(size));

    assert_eq!(of(0), [""; 0]);
    assert_eq!(of(256), ["tile/1/000.p/1"]);
    let expected = [
        "tile/0/256.p/44",
        "tile/2/000.p/1",
        "tile/entries/256.p/44",
        "bodies/256.p/44",
    ];
    assert_eq!(of(65_580), expected);
    for (level, index, width) in partial_tiles(Size::new(65_580)) {
        assert!(width < TILE_WIDTH && index >= full(level, Size::new(65_580)));
    }
}

#[test]
fn a_bundle_is_full_from_its_last_entry_on() {
    let widths = |size| [0, 1, 2].map(|index| width_at(index, Size::new(size)));

    assert_eq!(widths(0), [0, 0, 0]);
    assert_eq!(widths(511), [256, 255, 0]);
    assert_eq!(widths(512), [256, 256, 0]);
    assert_eq!([511, 512].map(|size| full(0, Size::new(size))), [1, 2]);
    assert_eq!(
        [65_535, 65_536].map(|size| full(1, Size::new(size))),
        [0, 1]
    );
    assert_eq!(full(8, Size::new(u64::MAX)), 0);
    assert_eq!(width_at(u64::MAX, Size::new(u64::MAX)), 0);
}

#[test]
fn a_path_names_a_level_up_to_the_last() {
    let level = |path: &str| match parse_path(path) {
        Some(TilePath::Tree { level, .. }) => Some(level),
        _ => None,
    };

    assert_eq!(level("tile/63/001"), Some(63));
    assert_eq!(level("tile/64/001"), None);
}

#[test]
fn a_path_has_one_spelling() {
    for wrong in [
        "",
        "tile",
        "tile/",
        "tile/0",
        "tile/0/",
        "tile/0/1",
        "tile/0/0001",
        "tile/00/001",
        "tile/64/001",
        "tile/-1/001",
        "tile/+1/001",
        "tile/0/+01",
        "tile/0/x+01/002",
        "tile/0/x01/002",
        "tile/0/x001",
        "tile/0/x000/001",
        "tile/0/001/002",
        "tile/0/001.p/0",
        "tile/0/001.p/256",
        "tile/0/001.p/05",
        "tile/0/001.p/",
        "tile/0/001.p/5/6",
        "tile/0/001.p/+5",
        "tile/entries/",
        "bodies/01",
        "bodies//001",
        "/bodies/001",
        "bodies/001/",
        "bodies/x018/x446/x744/x073/x709/x551/616",
        "tile/0/\u{661}\u{662}\u{663}",
    ] {
        assert_eq!(parse_path(wrong), None, "{wrong}");
    }
}

#[test]
fn a_tree_of_70_000_has_the_tiles_that_the_specification_counts() {
    let (builder, full) = built(70_000);

    let count = |level| full.iter().filter(|tile| tile.level == level).count();
    assert_eq!((count(0), count(1), full.len()), (273, 1, 274));
    let leaves = full.iter().filter(|tile| tile.level == 0);
    let indices: Vec<u64> = leaves.map(|tile| tile.index).collect();
    assert_eq!(indices, (0..273).collect::<Vec<_>>());
    assert_eq!(full[256].path(), "tile/1/000");
    let partial: Vec<_> = builder.partial().iter().map(Tile::path).collect();
    let expected = ["tile/0/273.p/112", "tile/1/001.p/17", "tile/2/000.p/1"];
    assert_eq!(partial, expected);
}

#[test]
fn a_tree_of_256_has_a_full_tile_and_one_hash_above_it() {
    let (builder, full) = built(256);

    assert_eq!(full.len(), 1);
    let partial: Vec<_> = builder.partial().iter().map(Tile::path).collect();
    assert_eq!(partial, ["tile/1/000.p/1"]);
}

#[test]
fn a_builder_does_not_resume_from_tiles_of_another_size() {
    let size = Size::new(300);

    assert_eq!(TileBuilder::resume(size, |_, _, _| None), None);
    assert_eq!(TileBuilder::resume(size, |_, _, _| Some(vec![])), None);
    let of = |size| {
        let tile = |_, _, width: u16| Some(vec![leaf(0); width.into()]);
        TileBuilder::resume(Size::new(size), tile)
    };
    assert_eq!(of(u64::MAX / 2).unwrap().size(), Size::new(u64::MAX / 2));
    assert_eq!(of(u64::MAX / 2 + 1), None);
}

#[test]
fn a_tile_reads_back_from_its_bytes() {
    let tile = &built(256).1[0];

    assert_eq!(decode_tile(&tile.encode()).as_ref(), Some(&tile.hashes));
    assert_eq!(decode_tile(&tile.encode()[1..]), None);
    assert_eq!(decode_tile(&[0; 257 * 32]), None);
    assert_eq!(decode_tile(&[]), None);
}

proptest! {
    #[test]
    fn a_path_reads_back(level in 0u8..=63, index: u64, width in 1u16..=256) {
        let tree = TilePath::Tree { level, index, width };
        prop_assert_eq!(parse_path(&tile_path(level, index, width)), Some(tree));
        let entries = TilePath::Entries { index, width };
        prop_assert_eq!(parse_path(&entries_path(index, width)), Some(entries));
        let bodies = TilePath::Bodies { index, width };
        prop_assert_eq!(parse_path(&bodies_path(index, width)), Some(bodies));
    }

    #[test]
    fn any_text_is_parsed_without_a_panic(text in ".{0,40}", tail in "[x0-9/.p]{0,30}") {
        parse_path(&text);
        parse_path(&format!("bodies/{tail}"));
        parse_path(&format!("tile/{tail}"));
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(16))]
    #[test]
    fn a_builder_goes_on_where_another_ended(size in 0u64..3_000, more in 0u64..3_000) {
        let (before, _) = built(size);
        let mut resumed = TileBuilder::resume(Size::new(size), |level, index, width| {
            let found = before.partial().into_iter().find(|tile| tile.level == level)?;
            (found.index == index && found.width() == width).then_some(found.hashes)
        }).unwrap();
        let full: Vec<_> = (size..size + more).flat_map(|n| resumed.push(leaf(n))).collect();
        let (whole, all) = built(size + more);
        let mut frontier = Frontier::new();
        (0..size + more).for_each(|n| frontier.push(leaf(n)));

        prop_assert_eq!(resumed.partial(), whole.partial());
        prop_assert_eq!(&all[all.len() - full.len()..], &full[..]);
        prop_assert_eq!(resumed.frontier(), frontier);
    }
}
