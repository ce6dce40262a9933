#!/usr/bin/env python3
"""Lets another project's verifier judge a roll that a web server serves.

    roll.py ADDRESS VKEY [VKEY-OF-A-WITNESS]

`aics-tlog` verifies the checkpoint's signatures, every tile and every entry bundle under its
root, an inclusion proof of each entry, and that the tree of each smaller size is its beginning.
"""

import sys
import urllib.request

from aics_tlog import (
    HttpTileReader, VerifiedTileReader, audit_tiles, consistency_proof_from_tiles,
    inclusion_proof_from_tiles, parse_note, parse_vkey, tree_root_from_tiles, verify_checkpoint,
    verify_consistency, verify_leaf_inclusion)

address, key, *witnesses = sys.argv[1:]
note = parse_note(urllib.request.urlopen(address + "/checkpoint", timeout=10).read())
judged = verify_checkpoint(note, parse_vkey(key), [parse_vkey(one) for one in witnesses],
                           quorum=len(witnesses))
assert judged.ok, judged
size, root = judged.size, judged.root
reader = HttpTileReader(address + "/", proxies={})
report = audit_tiles(reader, size, root)
tiles = VerifiedTileReader(reader, size, root)
for index in range(size):
    proof = inclusion_proof_from_tiles(tiles, index, size)
    assert verify_leaf_inclusion(tiles.entry(index), index, size, proof, root), index
for old in range(1, size):
    before = tree_root_from_tiles(reader, old, size)
    proof = consistency_proof_from_tiles(reader, old, size)
    assert verify_consistency(old, size, before, root, proof), old
print(f"aics-tlog verified {size} entries under the checkpoint, {report}")
