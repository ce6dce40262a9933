"""Who may decide what: keys in force and revoked, approvals, and the quorum.

`verify.py` asks here what is wrong with a submission when it has come to its closing;
the answers are (code, message, position).
"""

from encoding import (
    APPROVAL, CLOSING, EXPUNGING, FOUNDING, KEY, MESSAGE, QUORUM, RECORD, REVOCATION, acts_hash,
    approval_payload, is_signed, revocation_payload)

MOST_APPROVALS = 255


class Submission:
    """What one submission decides, and who approves of it."""

    def __init__(self):
        self.acts, self.approvals, self.revoked_keys = [], [], set()
        self.has_records = self.needs_quorum = False
        self.quorum = None

    def needs_keeper(self):
        return any(kind in (KEY, REVOCATION, EXPUNGING, QUORUM) for kind, _ in self.acts)


class Keys:
    """The keys so far, what became of them, and what was used once."""

    def __init__(self):
        self.enrolled = {}  # position: (role, key, name)
        self.revoked = {}  # position: (by which entry, in doubt since)
        self.spent, self.quorum = set(), 1
        self.signed = []  # (first, closing, key) of submissions, also those approved of
        self.open = Submission()

    def entry(self, seq, kind, payload):
        """Takes an entry; yields what is wrong with it by itself."""
        self.open.has_records |= kind >= RECORD
        if kind < RECORD and kind not in (FOUNDING, CLOSING, APPROVAL, MESSAGE):
            self.open.acts.append((kind, payload))
        if kind == REVOCATION:
            key, since = revocation_payload(payload)
            if key >= seq or key not in self.enrolled:
                yield "revocation-unknown", f"no key was enrolled by entry {key}", seq
            else:
                at, before = self.revoked.get(key, (seq, seq))
                self.revoked[key] = at, min(before, since)
                self.open.revoked_keys.add(key)
        elif kind == APPROVAL:
            self.open.approvals.append((seq, *approval_payload(payload)))

    def in_force(self, key, first):
        return key in self.enrolled and key < first and self.revoked.get(key, (first, 0))[0] >= first

    def approval_fault(self, origin, first, approval):
        """What is wrong with an approval, if anything."""
        _, keeper, nonce, signature = approval
        role, key, _ = self.enrolled.get(keeper, (None, None, None))
        if not self.open.acts:
            return "approval-misplaced", "nothing is decided that could be approved of"
        if key is None or keeper >= first:
            return "approver-unknown", f"no key in force was enrolled by entry {keeper}"
        if role != "keeper":
            return "approver-role", f"the key of entry {keeper} is not a keeper's"
        message = (b"\0chancery/approve/v1" + len(origin).to_bytes(2, "big") + origin + nonce
                   + acts_hash(self.open.acts))
        if not is_signed(key, signature, message):
            return "approval-invalid", f"it is not that of the key of entry {keeper}"
        if not self.in_force(keeper, first):
            return "approver-revoked", f"the key of entry {keeper} was revoked"
        return ("approval-replayed", "it was used before") if nonce in self.spent else None

    def closed(self, origin, first, seq, signer, founding):
        """Judges who signed a submission, whose signature is right; yields what is wrong."""
        agreed = set()
        for number, approval in enumerate(self.open.approvals):
            fault = self.approval_fault(origin, first, approval)
            if number >= MOST_APPROVALS:
                fault = "approval-misplaced", "there are more than 255"
            if fault:
                yield *fault, approval[0]
            else:
                agreed.add(self.enrolled[approval[1]][1])
                self.signed.append((first, seq, approval[1]))
        role, key, _ = self.enrolled[signer]
        self.signed.append((first, seq, signer))
        approved = bool(agreed) and not founding
        if role == "keeper" and (founding or self.in_force(signer, first)):
            agreed.add(key)
        if not founding and not self.in_force(signer, first):
            yield "signer-revoked", f"the key of entry {signer} was revoked before", seq
        elif not self.may_close(role, signer, approved, founding):
            yield "signer-role", f"the key of entry {signer} is of role {role}", seq
        elif self.open.needs_quorum and not founding and len(agreed) < self.quorum:
            yield "quorum-short", f"{len(agreed)} of {self.quorum} keepers agreed", seq

    def may_close(self, role, signer, approved, founding):
        submission = self.open
        own_end = submission.acts and submission.revoked_keys == {signer} and all(
            kind == REVOCATION for kind, _ in submission.acts)
        if own_end and (role == "archivist" or not submission.has_records):
            return True
        if founding or submission.needs_keeper():
            return role == "keeper" or approved and role == "archivist"
        unknown = {KEY, REVOCATION, EXPUNGING, QUORUM}
        if any(kind not in unknown for kind, _ in submission.acts):
            return role in ("archivist", "keeper")
        return role == "archivist"

    def next(self):
        """Goes on to the next submission."""
        self.spent |= {nonce for _, _, nonce, _ in self.open.approvals}
        self.quorum = self.open.quorum or self.quorum
        self.open = Submission()

    def flagged(self):
        """The submissions that a key stands behind which was in doubt at the time."""
        for first, seq, key in self.signed:
            at, since = self.revoked.get(key, (0, 0))
            if since < at and since <= seq <= at:
                yield key, (first, seq)
