"""Bytes to values, after docs/format.md: what does not read raises `Malformed`.

Nothing here knows of files or judges what it read; `verify.py` does.
"""

import base64
import binascii
import hashlib
import re
import struct
import unicodedata

from blake3 import blake3
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

ZEROS = bytes(32)
FIXED, LONGEST, LONGEST_BODY = 97, 512, 65_536
FOUNDING, KEY, CLOSING, REVOCATION, APPROVAL = 0, 1, 2, 3, 4
EXPUNGING, MESSAGE, QUORUM, RECORD = 5, 7, 8, 256
NOTHING = 2**64 - 1  # where a revocation puts nothing in doubt
ROLES = {1: "log", 2: "archivist", 3: "keeper"}


class Malformed(Exception):
    """Bytes that do not read."""


class Reader:
    """Takes bytes off the front of others."""

    def __init__(self, data, order="big"):
        self.data, self.at, self.order = data, 0, order

    def take(self, length):
        if length > len(self.data) - self.at:
            raise Malformed("it ends too early")
        self.at += length
        return self.data[self.at - length : self.at]

    def number(self, length):
        return int.from_bytes(self.take(length), self.order)

    def end(self):
        if self.at != len(self.data):
            raise Malformed("it goes on after its end")


# --- Hashes and signatures ---------------------------------------------------------------


def envelope_hash(envelope):
    return blake3(envelope, derive_key_context="chancery v1 envelope").digest()


def body_hash(salt, body):
    return blake3(salt + body, derive_key_context="chancery v1 body").digest()


def leaf_hash(envelope):
    return hashlib.sha256(b"\0" + envelope).digest()


def node_hash(left, right):
    return hashlib.sha256(b"\1" + left + right).digest()


def root_of(leaves):
    """RFC 6962, 2.1, without recursion: subtrees of equal size are joined as they come."""
    stack = []
    for position, leaf in enumerate(leaves, 1):
        stack.append(leaf)
        while position % 2 == 0:
            right = stack.pop()
            stack.append(node_hash(stack.pop(), right))
            position //= 2
    if not stack:
        return hashlib.sha256(b"").digest()
    root = stack.pop()
    while stack:
        root = node_hash(stack.pop(), root)
    return root


PRIME = 2**255 - 19
EIGHTH = 0x05FC536D880238B13933C6D305ACDFD5F098EFF289F4C345B027B2C28F95E826
SMALL = {0, 1, PRIME - 1, EIGHTH, PRIME - EIGHTH}


def is_small(point):
    """Whether an encoded point is of small order: there are eight, with five heights."""
    return (int.from_bytes(point, "little") & (2**255 - 1)) % PRIME in SMALL


def is_signed(key, signature, message):
    """Ed25519, strictly: what the library accepts, and no point of small order."""
    if is_small(key) or is_small(signature[:32]):
        return False
    try:
        Ed25519PublicKey.from_public_bytes(key).verify(signature, message)
    except (InvalidSignature, ValueError):
        return False
    return True


# --- Entries -----------------------------------------------------------------------------


class Envelope:
    def __init__(self, raw):
        if not FIXED <= len(raw) <= LONGEST:
            raise Malformed(f"an envelope of {len(raw)} bytes")
        self.raw = raw
        (version, self.seq, self.time, self.submission, self.kind, self.schema, self.previous,
         self.body_length, self.body_hash) = struct.unpack(">BQQQHH32sI32s", raw[:FIXED])
        self.payload = raw[FIXED:]
        if version != 1:
            raise Malformed(f"version {version}")
        without_body = self.body_length == 0 and self.body_hash == ZEROS
        if self.kind < RECORD and not (without_body and self.schema == 0):
            raise Malformed("an entry of the chain's own with a body")
        if self.kind >= RECORD and (self.payload or without_body):
            raise Malformed("a record with a payload, or without a body")
        if self.body_length > LONGEST_BODY:
            raise Malformed(f"a body of {self.body_length} bytes")

    @property
    def is_record(self):
        return self.kind >= RECORD


def plain_text(data, limit, banned=""):
    """UTF-8 of 1 to `limit` bytes without control characters, or those banned."""
    if not 1 <= len(data) <= limit:
        raise Malformed(f"a text of {len(data)} bytes")
    try:
        text = data.decode()
    except UnicodeDecodeError as fault:
        raise Malformed("a text that is not UTF-8") from fault
    if any(unicodedata.category(sign) == "Cc" or sign in banned for sign in text):
        raise Malformed("a sign that may not be in it")
    return text


def founding_payload(payload):
    reader = Reader(payload)
    origin = plain_text(reader.take(reader.number(2)), 128, "+")
    reader.end()
    if any(sign.isspace() for sign in origin):
        raise Malformed("an origin with white space")
    return origin


def key_payload(payload):
    reader = Reader(payload)
    role, key = reader.number(1), reader.take(32)
    name = plain_text(reader.take(reader.number(1)), 64)
    reader.end()
    if role not in ROLES:
        raise Malformed(f"role {role}")
    return ROLES[role], key, name


def closing_payload(payload):
    reader = Reader(payload)
    closing = reader.number(8), reader.number(4), reader.number(8), reader.take(64)
    reader.end()
    return closing


def revocation_payload(payload):
    reader = Reader(payload)
    key, since, length = reader.number(8), reader.number(8), reader.number(1)
    if length:
        plain_text(reader.take(length), 200)
    reader.end()
    return key, since


def approval_payload(payload):
    reader = Reader(payload)
    approval = reader.number(8), reader.take(16), reader.take(64)
    reader.end()
    return approval


def acts_hash(acts):
    """The hash that approvals are of, over (kind, payload) in order."""
    data = b"".join(struct.pack(">HH", kind, len(payload)) + payload for kind, payload in acts)
    return blake3(data, derive_key_context="chancery v1 acts").digest()


def expunging_payload(payload):
    reader = Reader(payload)
    subject, id_length = reader.number(8), reader.number(1)
    identity = plain_text(reader.take(id_length), 128) if id_length else None
    authority = plain_text(reader.take(reader.number(1)), 128)
    reason = plain_text(reader.take(reader.number(1)), 140)
    reader.end()
    return subject, identity, authority, reason


def quorum_payload(payload):
    if len(payload) != 1 or payload[0] == 0:
        raise Malformed("a quorum that is not one byte of at least 1")
    return payload[0]


def read_slot(reader):
    """A body slot: None, or ("body", salt, body), or ("expunged", seq)."""
    sort = reader.number(1)
    if sort == 0:
        return None
    if sort == 1:
        salt, length = reader.take(32), reader.number(4)
        if length > LONGEST_BODY:
            raise Malformed(f"a body of {length} bytes")
        return "body", salt, reader.take(length)
    if sort == 2:
        return "expunged", reader.number(8)
    raise Malformed(f"a body slot that begins with {sort}")


# --- The tail ----------------------------------------------------------------------------


def read_header(tail):
    """The first position that the tail may hold, and the hash before it."""
    if len(tail) < 64 or tail[:8] != b"CHANTAIL" or tail[56:64] != blake3(tail[:56]).digest()[:8]:
        raise Malformed("the tail's header fails its check")
    if int.from_bytes(tail[8:16], "big") != 1:
        raise Malformed("the tail is of another version")
    return int.from_bytes(tail[16:24], "big"), tail[24:56]


def frame_at(tail, at):
    """The frame at a place: where its entries end, where it ends, and if it is whole."""
    head = tail[at : at + 8]
    length = int.from_bytes(head[:4], "big")
    if blake3(b"chancery frame head v1" + head[:4]).digest()[:4] != head[4:]:
        raise Malformed("the frame's head fails its check")
    entries_end = at + 8 + length
    padded = -(-(entries_end + 32 - at) // 8) * 8 + at
    end = padded + 8
    if not 1 <= length <= 2**30 or end > len(tail):
        raise Malformed("the frame goes beyond the end of the file")
    whole = (tail[entries_end : entries_end + 32] == blake3(tail[at:entries_end]).digest()
             and not any(tail[entries_end + 32 : padded]) and tail[padded:end] == b"FRAMEEND")
    return entries_end, end, whole


def read_frame(data):
    reader, pairs = Reader(data), []
    while reader.at < len(data):
        raw = reader.take(reader.number(2))
        if not FIXED <= len(raw) <= LONGEST:
            raise Malformed("an envelope of no envelope's length")
        pairs.append((raw, read_slot(reader)))
    return pairs


# --- Signed notes ------------------------------------------------------------------------


def strict_base64(text):
    try:
        data = base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError) as fault:
        raise Malformed("what should be base64 is not") from fault
    if base64.b64encode(data).decode() != text:
        raise Malformed("base64 that is not canonical")
    return data


def decimal(text):
    if not re.fullmatch(r"0|[1-9][0-9]{0,19}", text) or int(text) >= 2**64:
        raise Malformed(f"{text!r} is no number in decimal")
    return int(text)


class Checkpoint:
    """A signed note whose text is origin, size and root."""

    def __init__(self, data):
        if len(data) > 1_000_000:
            raise Malformed("a note of more than 1,000,000 bytes")
        try:
            note = data.decode()
        except UnicodeDecodeError as fault:
            raise Malformed("the note is not UTF-8") from fault
        if any(unicodedata.category(sign) == "Cc" and sign != "\n" for sign in note):
            raise Malformed("the note has control characters")
        text, gap, signatures = note.rpartition("\n\n")
        if not gap or not signatures.endswith("\n"):
            raise Malformed("the note has no signatures")
        self.text = (text + "\n").encode()
        self.signatures = [self.signature(line) for line in signatures[:-1].split("\n")]
        if len(self.signatures) > 100:
            raise Malformed("a note of more than 100 signatures")
        lines = text.split("\n")
        if len(lines) < 3 or not all(lines):
            raise Malformed("the note is no checkpoint")
        self.origin, self.size, self.root = lines[0], decimal(lines[1]), strict_base64(lines[2])
        if len(self.root) != 32:
            raise Malformed("the root is no hash")

    @staticmethod
    def signature(line):
        dash, _, rest = line.partition(" ")
        name, space, encoded = rest.partition(" ")
        data = strict_base64(encoded)
        named = name and "+" not in name and not any(sign.isspace() for sign in name)
        if dash != "\u2014" or not space or not named or len(data) < 5:
            raise Malformed("a signature line does not read")
        return name, data[:4], data[4:]

    def verify(self, keys):
        """Whether some of these log keys signed it and none of their signatures is wrong."""
        right = wrong = 0
        for key in keys:
            for name, id_, signature in self.signatures:
                if name == self.origin and id_ == key_id(name, key):
                    fits = len(signature) == 64 and is_signed(key, signature, self.text)
                    right, wrong = right + fits, wrong + (not fits)
        return right > 0 and wrong == 0


def key_id(name, key):
    return hashlib.sha256(name.encode() + b"\n\x01" + key).digest()[:4]


def read_vkey(text):
    name, id_, encoded = text.split("+", 2)
    data = strict_base64(encoded)
    if len(data) != 33 or data[0] != 1 or key_id(name, data[1:]).hex() != id_:
        raise Malformed("the verifier key does not read")
    return name, data[1:]


# --- Bodies, as far as they name files ---------------------------------------------------


def text(reader):
    return reader.take(reader.number(8)).decode()


def word(reader):
    return reader.number(8)


def option(item):
    return lambda reader: item(reader) if reader.number(1) else None


def listed(item):
    return lambda reader: [item(reader) for _ in range(reader.number(8))]


def table(*fields):
    return lambda reader: [field(reader) for field in fields]


def custody(reader):
    return reader.take(32), reader.number(8), text(reader)


DATE = table(text, *[option(text)] * 3)
SPAN = table(option(word), option(word))
EVIDENCE = table(word, *[option(text)] * 4, *[option(word)] * 2)
ORDER = table(*[option(word)] * 3, *[option(SPAN)] * 2)
# The fields of a source as far as its file: id, title; evidence, order, note, tags,
# codes; kind, creator, publisher; published, revised, captured; url, language, rights; file.
SOURCE_FIELDS = [text, text, option(listed(EVIDENCE)), option(listed(ORDER)), option(text),
                 option(listed(text)), option(listed(table(text, text))),
                 *[option(text)] * 3, *[option(DATE)] * 3, *[option(text)] * 3, option(custody)]
CHANGES = table(word, listed(table(lambda reader: reader.number(2),
                                   option(listed(lambda reader: reader.number(1))))))
