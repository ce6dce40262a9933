"""The files of a roll, read as far as they can be, damaged ones too.

What does not read is told to a `Report`, and the rest is placed where it belongs, so that
`verify.py` can name the entry that was damaged and not all that come after it.
"""

import re

from encoding import (
    FIXED, LONGEST, Envelope, Malformed, Reader, body_hash, envelope_hash, frame_at,
    leaf_hash, read_frame, read_slot)

WIDTH = 256
PATIENCE = 64 * WIDTH  # how many entries a header may promise beyond those there are


class Report:
    """What was found, and how much was looked at."""

    def __init__(self):
        self.findings = []
        self.counts = dict.fromkeys(("entries", "bodies", "tiles", "signatures", "sources"), 0)

    def add(self, severity, code, message, entries=None, file=None):
        if isinstance(entries, int):
            entries = (entries, entries)
        first, last = entries or (None, None)
        self.findings.append(
            dict(severity=severity, code=code, first=first, last=last, file=file, message=message))

    def damage(self, code, message, entries=None, file=None):
        self.add("damage", code, message, entries, file)

    def notice(self, code, message, entries=None, file=None):
        self.add("notice", code, message, entries, file)

    def merged(self):
        """The findings, those alike about entries in a row as one."""
        merged = []
        for finding in self.findings:
            last = merged[-1] if merged else None
            alike = ("severity", "code", "file", "message")
            if (last and last["last"] is not None and finding["first"] == last["last"] + 1
                    and all(finding[key] == last[key] for key in alike)):
                last["last"] = finding["last"]
            else:
                merged.append(dict(finding))
        return merged

    def is_damaged(self):
        return any(finding["severity"] == "damage" for finding in self.findings)


class Entry:
    """What stands at a position: as far as it could be read, and where."""

    def __init__(self, raw, slot, files, leaf=None, slot_read=True):
        self.raw, self.slot, self.slot_read, self.files, self.leaf = raw, slot, slot_read, files, leaf
        self.envelope = self.fault = self.hash = None
        self.believed = leaf  # the leaf that the tree is computed with
        if raw is not None:
            self.hash = envelope_hash(raw)
            try:
                self.envelope = Envelope(raw)
            except Malformed as fault:
                self.fault = str(fault)


# --- The roll's files --------------------------------------------------------------------


def grouped(index):
    groups = [f"{index % 1000:03}"]
    while index >= 1000:
        index //= 1000
        groups.append(f"x{index % 1000:03}")
    return "/".join(reversed(groups))


def part_name(folder, index, width):
    return f"{folder}/{grouped(index)}" + ("" if width == WIDTH else f".p/{width}")


class Roll:
    """The files under a roll, by their names."""

    PART = re.compile(r"(tile/entries|bodies|tile/(?:0|[1-9]\d?))/"
                      r"((?:x\d{3}/)*\d{3})(?:\.p/([1-9]\d{0,2}))?")

    def __init__(self, folder, prefix):
        self.folder, self.prefix, self.parts, self.others = folder, prefix, {}, set()
        for path in sorted(folder.rglob("*")):
            if path.is_file():
                self.sort(path.relative_to(folder).as_posix())

    def sort(self, name):
        """Puts a file among the parts if its name is spelt as a tile's or bundle's is."""
        match = self.PART.fullmatch(name)
        if match:
            folder, index = match[1], int(match[2].replace("x", "").replace("/", ""))
            width = int(match[3] or WIDTH)
            if part_name(folder, index, width) == name and (match[3] is None or width < WIDTH):
                self.parts.setdefault((folder, index), {})[width] = name
                return
        self.others.add(name)

    def read(self, name):
        path = self.folder / name
        return path.read_bytes() if path.is_file() else None

    def bundled(self):
        """How many entries the bundles hold, by their names."""
        return max((index * WIDTH + max(widths) for (folder, index), widths in self.parts.items()
                    if folder == "tile/entries"), default=0)

    def part(self, folder, index, width, report):
        """The bytes of a tile or bundle: as wide as asked, or else as there is."""
        widths = self.parts.get((folder, index), {})
        name = part_name(folder, index, width)
        if width in widths:
            return self.read(name), width
        first = index * WIDTH ** (1 if not folder[5:].isdigit() else int(folder[5:]) + 1)
        entries = (first, first + width - 1) if first == index * WIDTH else None
        report.damage("file-missing", "a file of the roll is missing", entries, self.prefix + name)
        there = max(widths, default=None)
        return (self.read(widths[there]), min(there, width)) if there else (None, width)


def split_envelopes(data, width, leaves):
    """The envelopes in a bundle, None for what cannot be made out.

    The lengths lead from one to the next. Where one is damaged, the leaves in the tile
    tell how long an envelope is, or where the next one begins.
    """
    def at_place(at, length):
        return data[at + 2 : at + 2 + length] if at + 2 + length <= len(data) else None

    def said(at):
        return int.from_bytes(data[at : at + 2], "big")

    def fits(at, length, leaf):
        raw = at_place(at, length)
        return raw is not None and leaf is not None and leaf_hash(raw) == leaf

    found, at, whole = [], 0, True
    for place in range(width):
        leaf, after = (leaves[n] if n < len(leaves) else None for n in (place, place + 1))
        length = said(at)
        plausible = FIXED <= length <= LONGEST and at_place(at, length) is not None
        if not (plausible and fits(at, length, leaf)):
            lengths = range(FIXED, LONGEST + 1)
            own = (n for n in lengths if fits(at, n, leaf))
            next_one = (n for n in [length, *lengths] if fits(at + 2 + n, said(at + 2 + n), after))
            better = next(own, None) or next(next_one, None)
            if better is not None:
                whole &= better == length
                length, plausible = better, True
        found.append(at_place(at, length) if plausible else None)
        whole &= plausible
        at += 2 + length if plausible else 0
    return found, whole and at == len(data)


def split_slots(data, entries):
    """The body slots of a bundle as (slot, whether it reads), led by what envelopes say."""
    found, rest, whole = [], data, True
    for entry in entries:
        slot, length = slot_for(rest, entry)
        found.append(slot)
        whole &= slot[1]
        rest = rest[length:]
    return found, whole and not rest


def slot_for(data, entry):
    """The slot at the front, whether it reads, and how long it is."""
    reader = Reader(data)
    try:
        slot, reads = read_slot(reader), True
    except Malformed:
        slot, reads = None, False
    envelope = entry.envelope
    altered = entry.leaf is not None and entry.leaf != leaf_hash(entry.raw or b"")
    if not envelope or (altered and reads):  # what the envelope says is not to be relied on
        return (slot, reads), reader.at if reads else 0
    if not envelope.is_record:
        return (slot, reads and slot is None), 1
    expected = Reader(data)
    try:
        sort, salt, length = expected.number(1), expected.take(32), expected.number(4)
        body = expected.take(envelope.body_length)
    except Malformed:
        return (slot, reads), reader.at if reads else len(data)
    right_body = body_hash(salt, body) == envelope.body_hash
    if sort == 1 and length == envelope.body_length:
        return (("body", salt, body), True), expected.at
    if right_body or length == envelope.body_length or not reads or slot and slot[0] == "body":
        return (None, False), expected.at  # the body's own place, with a damaged tag or length
    return (slot, True), reader.at


# --- The tail ----------------------------------------------------------------------------


def looks_torn(tail, at, end):
    """Whether the stretch has a part in some sector of 512 bytes that is all zero."""
    while at < end:
        sector_end = min((at // 512 + 1) * 512, end)
        if not any(tail[at:sector_end]):
            return True
        at = sector_end
    return False


def read_tail(tail, first, counted, report, file):
    """The entries in the tail's frames, by position; `counted` were surely recorded."""
    found, position, at = {}, first, 64
    if len(tail) % 4096:
        report.damage("tail-length", "its length is no multiple of 4,096", file=file)
    while at < len(tail) and any(tail[at : at + 8]):
        last_byte = len(tail.rstrip(b"\0"))
        try:
            entries_end, end, whole = frame_at(tail, at)
        except Malformed as fault:
            return rest_of_tail(tail, at, found, position, counted, report, file, str(fault))
        is_last = last_byte <= end
        if not whole and is_last and position >= counted and looks_torn(tail, at, end):
            report.notice("tail-torn", "the last frame was never written whole", file=file)
            return found
        try:
            pairs = read_frame(tail[at + 8 : entries_end])
            placed = placing(pairs, position, whole)
        except Malformed as fault:
            pairs, placed = [], position
            if whole:
                report.damage("frame-malformed", str(fault), file=file)
        if not whole:
            entries = (position, placed + len(pairs) - 1) if pairs else position
            report.damage("frame-damaged", "a frame fails its check", entries, file)
        for offset, (raw, slot) in enumerate(pairs):
            found[placed + offset] = Entry(raw, slot, (file, file))
        position, at = placed + len(pairs), end
    if any(tail[at:]):
        rest_of_tail(tail, at, found, position, counted, report, file, "there is no frame's head")
    return found


def placing(pairs, position, whole):
    """Where a frame's entries belong: after those before, or after a gap, as they say."""
    try:
        said = Envelope(pairs[0][0]).seq
    except Malformed:
        return position
    return said if whole and said > position and said - position < 2**32 else position


def rest_of_tail(tail, at, found, position, counted, report, file, why):
    """Judges bytes after the last frame that are no frame."""
    rest = tail[at:].rstrip(b"\0")
    if 1 <= sum(map(bool, rest)) <= 7:
        report.notice("tail-stray-bytes", "bytes after the last frame are no frame", file=file)
    elif position >= counted and looks_torn(tail, at, at + len(rest)):
        report.notice("tail-torn", "the last frame was never written whole", file=file)
    else:
        report.damage("frame-damaged", why, position, file)
    return found


# --- All that is in bundles --------------------------------------------------------------


def gather(roll, settled, report):
    """The entries in bundles, with the leaves that the tiles have for them."""
    entries = []
    for index in range(-(-min(settled, roll.bundled() + PATIENCE) // WIDTH)):
        width = min(WIDTH, settled - index * WIDTH)
        envelopes, _ = roll.part("tile/entries", index, width, report)
        bodies, _ = roll.part("bodies", index, width, report)
        tile = tile_of(roll, index)
        leaves = [tile[at : at + 32] for at in range(0, len(tile) - 31, 32)][:width]
        leaves += [None] * (width - len(leaves))
        names = [roll.prefix + part_name(folder, index, width) for folder in ("tile/entries", "bodies")]
        raws, whole = split_envelopes(envelopes or b"", width, leaves)
        if envelopes is not None and not whole:
            span = (index * WIDTH, index * WIDTH + width - 1)
            report.damage("bundle-malformed", "the bundle does not read", None, names[0])
        new = [Entry(raw, None, names, leaf) for raw, leaf in zip(raws, leaves)]
        slots, whole = split_slots(bodies or b"", new)
        if bodies is not None and not whole:
            report.damage("bundle-malformed", "the bundle does not read", None, names[1])
        for entry, (slot, reads) in zip(new, slots):
            entry.slot, entry.slot_read = slot, reads or bodies is None
        entries += new
        check_others(roll, index, width, {"tile/entries": envelopes, "bodies": bodies}, report)
    return entries


def tile_of(roll, index):
    widths = roll.parts.get(("tile/0", index))
    return roll.read(widths[max(widths)]) if widths else b""


def beginning(folder, data, count):
    """The first so many envelopes or slots of a bundle that reads, with their lengths."""
    at = 0
    for _ in range(count):
        if folder == "tile/entries":
            at += 2 + int.from_bytes(data[at:at + 2], "big")
        else:
            tag = data[at] if at < len(data) else 0
            body = int.from_bytes(data[at + 33:at + 37], "big")
            at += {0: 1, 1: 37 + body, 2: 9}.get(tag, 1)
    return data[:at]


def check_others(roll, index, width, whole, report):
    """Narrower bundles must be the beginning of the whole one; wider ones are left over."""
    for folder, data in whole.items():
        for other, name in roll.parts.pop((folder, index), {}).items():
            if other > width:
                report.notice("file-left-over", "it goes beyond the tail's first entry",
                              file=roll.prefix + name)
            elif data is not None and beginning(folder, data, other) != roll.read(name):
                report.damage("bundle-malformed", "it is not the beginning of the wider bundle",
                              file=roll.prefix + name)
