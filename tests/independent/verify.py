#!/usr/bin/env python3
"""Verifies a Chancery ledger, its roll, or a proof file.

    verify.py [--json] [--founding HASH] [--against CHECKPOINT]… LEDGER|ROLL
    verify.py --proof FILE --key VKEY

It was written from docs/format.md alone and shares no line with the program: if the
two agree, that page says what the program does. It needs Python 3.10 and, from
PyPI, `blake3` and `cryptography`. It changes nothing, and holds the whole ledger in
memory: a second opinion, not a second product.

It reads the roll, not the working copy in `store/`, which is no part of the format; and
of records it reads only what it must to know which source files there should be.

Each finding is a line: how bad, a code (the program's own where it means the same),
the entries, the file. The exit code is 0 if nothing is damaged, 1 if something is, 2
if there is nothing to verify.
"""

import argparse
import json
import re
import struct
import sys
from pathlib import Path

from blake3 import blake3

from encoding import (
    CHANGES, CLOSING, EXPUNGING, FOUNDING, KEY, MESSAGE, QUORUM, SOURCE_FIELDS, ZEROS,
    Checkpoint, Envelope, Malformed, Reader, body_hash, closing_payload, custody, decimal,
    expunging_payload, founding_payload, is_signed, key_payload, leaf_hash, node_hash, plain_text,
    quorum_payload, read_header, read_slot, read_vkey, root_of, strict_base64, table)
from deciding import Keys
from reading import WIDTH, Entry, Report, Roll, gather, read_tail

SOURCE, SUPPLEMENT, CORRECTION, FILE_FIELD = 258, 269, 270, 26


# --- The chain ---------------------------------------------------------------------------


class Chain:
    """Goes through the entries in order: seq, previous, submissions, keys, signatures."""

    def __init__(self, entries, report):
        self.entries, self.report = entries, report
        self.origin = self.founding = None
        self.deciding = Keys()
        self.keys = self.deciding.enrolled
        self.start, self.number, self.time, self.earlier = 0, 0, None, 0
        self.expunged = {}  # position: by which entry its body was destroyed
        self.signed = set()  # closings whose signature is right
        self.suspect = set()  # entries that are damaged themselves
        self.closed = 0

    def envelope(self, seq):
        return self.entries[seq].envelope if 0 <= seq < len(self.entries) else None

    def is_vouched(self, seq):
        """Whether the next entry carries its hash, or its own signature covers it."""
        after = self.envelope(seq + 1)
        return seq in self.signed or bool(after and after.previous == self.entries[seq].hash)

    def damage(self, code, message, seq, file=None):
        self.suspect.add(seq)
        self.report.damage(code, message, seq, file or self.entries[seq].files[0])

    def run(self):
        for seq, entry in enumerate(self.entries):
            if entry.envelope is None:
                self.unreadable(seq, entry)
                continue
            self.place(seq, entry.envelope)
            self.content(seq, entry.envelope)
        if self.start < len(self.entries):
            span = (self.start, len(self.entries) - 1)
            self.report.damage("submission-unclosed", "the last submission has no closing", span)
        for key, span in self.deciding.flagged():
            self.report.notice("signer-flagged", f"signed while the key of {key} was in doubt", span)
        for seq, entry in enumerate(self.entries):
            self.leaf(seq, entry)
            self.link(seq, entry)
            self.body(seq, entry)

    def unreadable(self, seq, entry):
        if entry.raw is None:
            self.damage("entry-missing", "the entry is missing or cannot be made out", seq)
        else:
            self.damage("envelope-malformed", entry.fault, seq)
        after = self.envelope(seq + 1)
        if after and after.submission == self.number + 1:
            self.close(seq)  # it must have been the closing

    def place(self, seq, envelope):
        """Whether it says of itself what its place says."""
        if envelope.seq != seq:
            self.damage("seq-mismatch", f"it says that it is entry {envelope.seq}", seq)
        if envelope.submission == self.number + 1 and seq > self.start:
            span = (self.start, seq - 1)
            self.report.damage("submission-unclosed", "a submission has no closing", span)
            self.close(seq - 1)
        if envelope.submission != self.number:
            self.damage("submission-number", f"it says submission {envelope.submission}", seq)
        if envelope.time < self.earlier:
            self.damage("time-decreases", "recorded before the submission before", seq)
        elif self.time not in (None, envelope.time):
            odd = seq
            after = self.envelope(seq + 1)
            if seq == self.start + 1 and after and after.time == envelope.time:
                odd = seq - 1  # the first of the submission is the odd one
                self.time = envelope.time
            self.damage("time-differs", "not recorded with its submission", odd)
        else:
            self.time = envelope.time

    def content(self, seq, envelope):
        """Reads the payload of the chain's own kinds."""
        try:
            for code, said, at in self.deciding.entry(seq, envelope.kind, envelope.payload):
                self.damage(code, said, at)
            if (envelope.kind == FOUNDING) != (seq == 0):
                self.damage("founding-misplaced", "entry 0 alone is a founding", seq)
            elif envelope.kind == FOUNDING:
                self.origin = founding_payload(envelope.payload)
            elif envelope.kind == KEY:
                self.keys[seq] = key_payload(envelope.payload)
                self.deciding.open.needs_quorum |= self.keys[seq][0] == "keeper"
            elif envelope.kind == EXPUNGING:
                self.expunging(seq, expunging_payload(envelope.payload)[0])
            elif envelope.kind == QUORUM:
                self.deciding.open.quorum = quorum_payload(envelope.payload)
                self.deciding.open.needs_quorum = True
            elif envelope.kind == MESSAGE:
                plain_text(envelope.payload, 400)
            elif envelope.kind == CLOSING:
                self.closing(seq, envelope)
        except Malformed as fault:
            self.damage("payload-malformed", str(fault), seq)
            if envelope.kind == CLOSING:
                self.close(seq)

    def expunging(self, seq, subject):
        """An expunging names a record before it."""
        self.deciding.open.needs_quorum = True
        named = self.envelope(subject)
        if subject >= seq or (named and not named.is_record):
            self.damage("expunging-misplaced", f"entry {subject} has no body to destroy", seq)
        else:
            self.expunged.setdefault(subject, seq)

    def closing(self, seq, envelope):
        first, count, signer, signature = closing_payload(envelope.payload)
        if (first, count) != (self.start, seq - self.start + 1):
            self.damage("closing-mismatch", f"it closes {count} entries from {first}", seq)
        _, key, _ = self.keys.get(signer, (None, None, None))
        in_time = signer < self.start or self.number == 0
        if key is None or not in_time:
            self.damage("signer-unknown", f"entry {signer} is no key that may sign here", seq)
        elif self.origin is None:
            self.report.notice("signature-unchecked", "the origin is unknown", seq)
        else:
            origin = self.origin.encode()
            message = (b"\0chancery/close/v1" + struct.pack(">H", len(origin)) + origin
                       + envelope.raw[:-64])
            self.report.counts["signatures"] += 1
            if is_signed(key, signature, message):
                self.signed.add(seq)
                for code, said, at in self.deciding.closed(
                        origin, self.start, seq, signer, self.number == 0):
                    self.damage(code, said, at)
            else:
                self.damage("signature-invalid", "the key signature does not verify", seq)
        self.close(seq)

    def close(self, seq):
        self.deciding.next()
        if self.number == 0:
            self.founding = self.entries[seq].hash
        self.start, self.number, self.closed = seq + 1, self.number + 1, seq + 1
        self.earlier, self.time = self.time or self.earlier, None

    def leaf(self, seq, entry):
        """Compares with the leaf in the tile, and decides which of the two is believed."""
        if entry.raw is None:
            return
        own = leaf_hash(entry.raw)
        if entry.leaf is None or own == entry.leaf or self.is_vouched(seq):
            entry.believed = own  # a tile that is wrong here is found with the tiles
        else:
            self.damage("leaf-mismatch", "the envelope is not the one in the tree", seq)

    def link(self, seq, entry):
        """Compares `previous`; damage of the entry before has been told by then."""
        if not entry.envelope:
            return
        before = self.entries[seq - 1].hash if seq else ZEROS
        if before is None or entry.envelope.previous == before or seq - 1 in self.suspect:
            return
        self.report.damage("chain-broken", "it does not follow the entry before",
                           (max(seq - 1, 0), seq), entry.files[0])

    def body(self, seq, entry):
        envelope, slot, file = entry.envelope, entry.slot, entry.files[1]
        if not entry.slot_read:
            return self.report.damage("body-mismatch", "its body slot does not read", seq, file)
        if not envelope:
            return None
        if not envelope.is_record:
            if slot is not None:
                self.report.damage("body-unexpected", "an entry without a body has one", seq, file)
            return None
        if slot is None:
            return self.report.damage("body-missing", "the body is missing", seq, file)
        if slot[0] == "expunged":
            if self.expunged.get(seq) == slot[1]:
                return self.report.notice("body-expunged", f"expunged by entry {slot[1]}", seq)
            message = f"the body is missing, and entry {slot[1]} is no expunging of it"
            return self.report.damage("body-missing", message, seq, file)
        if seq in self.expunged:
            message = f"entry {self.expunged[seq]} says that the body was destroyed"
            return self.report.damage("body-not-destroyed", message, seq, file)
        self.report.counts["bodies"] += 1
        _, salt, body = slot
        if len(body) != envelope.body_length or body_hash(salt, body) != envelope.body_hash:
            self.report.damage("body-mismatch", "salt and body are not those hashed", seq, file)
        return None


# --- The tree ----------------------------------------------------------------------------


def check_tiles(roll, leaves, size, report):
    """Computes every tile anew; `leaves` may have gaps, over which stored hashes are taken."""
    level, hashes = 0, leaves[:size]
    while hashes:
        above = []
        for index in range(-(-len(hashes) // WIDTH)):
            computed = hashes[index * WIDTH : (index + 1) * WIDTH]
            stored = check_tile(roll, level, index, computed, report)
            if len(computed) == WIDTH:
                filled = [own or other for own, other in zip(computed, stored)]
                above.append(root_of(filled) if all(filled) else None)
        level, hashes = level + 1, above


def check_tile(roll, level, index, computed, report):
    """Compares a tile in every width in which it is there; returns the stored hashes."""
    folder, width = f"tile/{level}", len(computed)
    stored, _ = roll.part(folder, index, width, report)
    for other, name in roll.parts.pop((folder, index), {}).items():
        data, expected = roll.read(name), computed[:other]
        report.counts["tiles"] += 1
        hashes = [data[at : at + 32] for at in range(0, len(data), 32)]
        if other > width:
            report.notice("file-left-over", "it goes beyond the tail's first entry",
                          file=roll.prefix + name)
            continue
        if len(data) != 32 * other:
            report.damage("tile-mismatch", f"it is {len(data)} bytes long", file=roll.prefix + name)
        for place, own in enumerate(expected):
            if own is not None and (hashes[place] if place < len(hashes) else None) != own:
                seq = index * WIDTH + place if level == 0 else None
                report.damage("tile-mismatch", f"hash {place} is not that of the entries", seq,
                              roll.prefix + name)
                break
    stored = stored or b""
    hashes = [stored[at : at + 32] for at in range(0, len(stored) - 31, 32)]
    return hashes + [None] * (width - len(hashes))


# --- Checkpoints and proofs --------------------------------------------------------------


def check_checkpoint(data, file, chain, leaves, report, kept=False):
    """Verifies a checkpoint and compares it with the tree; returns the size it gives."""
    try:
        checkpoint = Checkpoint(data)
    except Malformed as fault:
        report.damage("checkpoint-malformed", str(fault), file=file)
        return None
    report.counts["signatures"] += 1
    size = checkpoint.size
    logs = [key for at, (role, key, _) in chain.keys.items()
            if role == "log" and chain.deciding.in_force(at, size)]
    if checkpoint.origin != chain.origin:
        report.damage("checkpoint-origin", "it is of another ledger", file=file)
    elif not checkpoint.verify(logs):
        report.damage("checkpoint-signature", "no signature of the log's key is right", file=file)
    if size > len(leaves):
        lost = (len(leaves), size - 1) if kept or size < len(leaves) + 2**20 else None
        report.damage("checkpoint-beyond", f"it is of {size} entries, there are {len(leaves)}",
                      lost, file)
    elif None in leaves[:size]:
        report.notice("checkpoint-unchecked", "not all leaves under it are known", file=file)
    elif root_of(leaves[:size]) != checkpoint.root:
        report.damage("root-mismatch", "its root is not that of the entries",
                      (0, size - 1) if size else None, file)
    return size


def root_by_path(index, size, leaf, path):
    """RFC 9162, 2.1.3.2: the root that the path leads to."""
    node, last, hash_ = index, size - 1, leaf
    for sibling in path:
        if last == 0:
            raise Malformed("the path has too many hashes")
        if node % 2 or node == last:
            hash_ = node_hash(sibling, hash_)
            while node % 2 == 0 and node:
                node, last = node // 2, last // 2
        else:
            hash_ = node_hash(hash_, sibling)
        node, last = node // 2, last // 2
    if last:
        raise Malformed("the path has too few hashes")
    return hash_


def check_proof(data, vkey):
    """Verifies a proof file; returns what it proves, or raises `Malformed`."""
    name, key = read_vkey(vkey)
    head, gap, note = data.partition(b"\n\n")
    lines = head.decode("utf-8", "replace").split("\n")
    if not gap or len(lines) < 3 or lines[0] != "c2sp.org/tlog-proof@v1":
        raise Malformed("it is no proof file with extra data and an index")
    if not lines[1].startswith("extra ") or not lines[2].startswith("index "):
        raise Malformed("it has no line `extra` or no line `index`")
    extra, index = Reader(strict_base64(lines[1][6:])), decimal(lines[2][6:])
    path = [strict_base64(line) for line in lines[3:]]
    if any(len(hash_) != 32 for hash_ in path) or len(path) > 63:
        raise Malformed("the path has what is no hash, or too many")
    checkpoint = Checkpoint(note)
    if checkpoint.origin != name or not checkpoint.verify([key]):
        raise Malformed("the checkpoint is not signed by this key")
    if extra.number(1) != 1:
        raise Malformed("extra data of another version")
    raw = extra.take(extra.number(2))
    slot, envelope = read_slot(extra), Envelope(raw)
    extra.end()
    if envelope.seq != index or index >= checkpoint.size:
        raise Malformed("the entry is not at the index")
    if root_by_path(index, checkpoint.size, leaf_hash(raw), path) != checkpoint.root:
        raise Malformed("the path does not lead to the checkpoint's root")
    if slot and (slot[0] != "body" or len(slot[2]) != envelope.body_length
                 or body_hash(slot[1], slot[2]) != envelope.body_hash):
        raise Malformed("the body is not the one that the entry is of")
    shown = "its body is shown" if slot else "its body is not shown"
    return f"entry {index} of {name} is under the checkpoint of {checkpoint.size}; {shown}"


# --- Sources and settings ----------------------------------------------------------------


def files_named(chain):
    """The source files that records speak of: (position, digest, length)."""
    for seq, entry in enumerate(chain.entries):
        kind = entry.envelope.kind if entry.envelope else None
        if not entry.slot or entry.slot[0] != "body" or not kind or entry.envelope.schema != 1:
            continue
        reader = Reader(entry.slot[2], "little")
        try:
            file = None
            if kind == SOURCE:
                file = table(*SOURCE_FIELDS)(reader)[-1]
            elif kind in (SUPPLEMENT, CORRECTION):
                target, changes = CHANGES(reader)
                envelope = chain.envelope(target)
                if envelope and envelope.kind == SOURCE:
                    new = [value for number, value in changes if number == FILE_FIELD and value]
                    file = custody(Reader(bytes(new[0]), "little")) if new else None
            if file:
                yield seq, file[0].hex(), file[1]
        except (Malformed, UnicodeDecodeError):
            pass  # a body that was altered has been told of already


def check_sources(folder, chain, report):
    stray = {path.name for path in folder.glob("*") if path.is_file()} if folder.is_dir() else set()
    for seq, digest, length in files_named(chain):
        path, name = folder / digest, f"sources/{digest}"
        if not path.is_file():
            report.damage("source-missing", "the file of this source is missing", seq, name)
            continue
        stray.discard(digest)
        report.counts["sources"] += 1
        data = path.read_bytes()
        if len(data) != length or blake3(data).hexdigest() != digest:
            report.damage("source-altered", "it is not the file that was recorded", seq, name)
    for name in sorted(stray):
        file = folder / name
        if re.fullmatch("[0-9a-f]{64}", name) and blake3(file.read_bytes()).hexdigest() != name:
            report.damage("source-altered", "its digest is not its name", file=f"sources/{name}")
        else:
            report.notice("source-unreferenced", "no record names it", file=f"sources/{name}")


def settings_text(chain):
    """What ledger.toml has to say."""
    def quoted(value):
        return '"' + value.replace("\\", "\\\\").replace('"', '\\"') + '"'

    lines = [
        "# A Chancery ledger. This file is for people: all of it stands in the ledger's",
        "# first entries, which are what is believed.",
        "format = 1", f"origin = {quoted(chain.origin)}", f'founding = "{chain.founding.hex()}"']
    first = next(iter(sorted(chain.signed)), 0)
    for seq, (role, key, name) in sorted(chain.keys.items()):
        if seq < first:
            lines += ["", "[[key]]", f'role = "{role}"', f"name = {quoted(name)}",
                      f'public = "{key.hex()}"']
    return "\n".join(lines) + "\n"


def marked(folder):
    """How many entries store.mark says there are; nothing if it is not valid."""
    path = folder / "store.mark"
    data = path.read_bytes() if path.is_file() else b""
    valid = len(data) == 32 and data[:8] == b"CHANMRK1" and data[24:] == blake3(data[:24]).digest()[:8]
    return int.from_bytes(data[8:16], "big") if valid else 0


# --- A whole ledger ----------------------------------------------------------------------


def verify(folder, founding=None, against=()):
    """Verifies the ledger or the roll in a folder; returns the report and the chain."""
    is_ledger = (folder / "roll").is_dir()
    report, prefix = Report(), "roll/" if is_ledger else ""
    roll = Roll(folder / "roll" if is_ledger else folder, prefix)
    notes = {prefix + "checkpoint": roll.read("checkpoint")}
    if is_ledger:
        path = folder / "checkpoint"
        notes["checkpoint"] = path.read_bytes() if path.is_file() else None
    counted = max([marked(folder) if is_ledger else 0, *map(claimed, notes.values())])

    tail, first, before = roll.read("tail"), None, None
    if tail is not None:
        try:
            first, before = read_header(tail)
        except Malformed as fault:
            report.damage("tail-header-damaged", str(fault), file=prefix + "tail")
    elif is_ledger:
        report.damage("file-missing", "the tail is missing", file=prefix + "tail")
    settled = first
    if first is None:
        settled = roll.bundled() if is_ledger else claimed(notes["checkpoint"]) or roll.bundled()
    entries = gather(roll, settled, report)
    if len(entries) < settled:
        report.damage("file-missing", "the bundles before the tail are missing",
                      (len(entries), settled - 1), prefix + "tail")
    bundled = len(entries)
    if tail is not None:
        found = read_tail(tail, settled, counted, report, prefix + "tail")
        for seq in range(bundled, max(found, default=-1) + 1):
            entries.append(found.get(seq) or Entry(None, None, (prefix + "tail",) * 2))
    return judge(folder, roll, entries, bundled, before, notes, counted, founding, against, report)


def judge(folder, roll, entries, bundled, before, notes, counted, founding, against, report):
    """Judges what was read: the chain, the tree, the checkpoints, what lies beside them."""
    report.counts["entries"] = sum(entry.raw is not None for entry in entries)
    chain = Chain(entries, report)
    chain.run()
    if not entries:
        report.damage("not-founded", "there is no entry", file=roll.prefix + "tail")
    last = entries[bundled - 1].hash if bundled else ZEROS
    if before not in (None, last) and bundled - 1 not in chain.suspect:
        report.damage("tail-previous", "the tail does not follow the bundles",
                      max(bundled - 1, 0), roll.prefix + "tail")
    if len(entries) < counted:
        report.damage("tail-short", f"there were {counted} entries, there are {len(entries)}",
                      (len(entries), counted - 1), roll.prefix + "tail")
    leaves = [entry.believed for entry in entries]
    check_tiles(roll, leaves, bundled, report)
    check_notes(notes, chain, leaves, report)
    for path in against:
        check_checkpoint(path.read_bytes(), path.name, chain, leaves, report, kept=True)
    if founding and (chain.founding is None or chain.founding.hex() != founding):
        report.damage("other-founding", "it is not the ledger that was founded with this hash")
    if "checkpoint" in notes and roll.prefix:
        settings = folder / "ledger.toml"
        expected = settings_text(chain) if chain.origin and chain.founding else None
        if not settings.is_file() or expected and settings.read_bytes() != expected.encode():
            report.damage("settings-differ", "it says other than the first entries",
                          file="ledger.toml")
        check_sources(folder / "sources", chain, report)
    strays = roll.others - {"tail", "checkpoint"}
    strays |= {name for widths in roll.parts.values() for name in widths.values()}
    for name in sorted(strays):
        report.notice("stray-file", "it is no part of the roll", file=roll.prefix + name)
    return report, chain


def claimed(note):
    """The size that a checkpoint gives, whoever signed it."""
    try:
        return Checkpoint(note).size if note else 0
    except Malformed:
        return 0


def check_notes(notes, chain, leaves, report):
    """Verifies the ledger's own checkpoints, which must be equal if there are two."""
    for file, note in notes.items():
        if note is not None:
            check_checkpoint(note, file, chain, leaves, report)
    if len(set(notes.values())) > 1:
        for file, note in notes.items():
            if note is None:
                report.damage("file-missing", "the other checkpoint is there", file=file)
        if None not in notes.values():
            report.damage("checkpoint-differs", "the two checkpoints differ", file="checkpoint")


def told(finding):
    """A finding as a line."""
    first, last, place = finding["first"], finding["last"], ""
    if first is not None:
        place = f" entry {first}" if first == last else f" entries {first} to {last}"
    file = f" {finding['file']}" if finding["file"] else ""
    return f"{finding['severity']} {finding['code']}{place}{file}: {finding['message']}"


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("folder", nargs="?", type=Path, help="a ledger's folder, or a roll's")
    parser.add_argument("--proof", type=Path, help="a proof file, instead of a folder")
    parser.add_argument("--key", help="the log's verifier key, for a proof")
    parser.add_argument("--founding", help="the founding hash, kept elsewhere")
    parser.add_argument("--against", type=Path, action="append", default=[])
    parser.add_argument("--json", action="store_true")
    given = parser.parse_args()
    if given.proof and given.key:
        try:
            print(check_proof(given.proof.read_bytes(), given.key))
            return 0
        except (Malformed, ValueError) as fault:
            print(f"damage proof-invalid {given.proof.name}: {fault}")
            return 1
    if given.proof or not given.folder or not given.folder.is_dir():
        parser.print_usage(sys.stderr)
        return 2
    report, chain = verify(given.folder, given.founding, given.against)
    if given.json:
        print(json.dumps({"findings": report.merged(), "checked": report.counts}))
    else:
        for finding in report.merged():
            print(told(finding))
        print(", ".join(f"{count} {what}" for what, count in report.counts.items()))
        kept = "agrees with what was kept elsewhere" if given.founding or given.against \
            else "self-consistent"
        print("damaged" if report.is_damaged() else kept)
    return int(report.is_damaged())


if __name__ == "__main__":
    sys.exit(main())
