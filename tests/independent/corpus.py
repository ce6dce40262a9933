#!/usr/bin/env python3
"""Gives the independent verifier the damages that the program's own tests make.

    corpus.py FOLDER

`TAMPER_CORPUS=FOLDER cargo test --test tamper` leaves them there: for each test, the
undamaged ledgers or proof and `cases.jsonl`. Here the same is done to a copy, and
`verify.py` has to find it: to name the file or an entry, to call nothing expunged that
is not, and to agree with the program on what is damage and what a notice. It prints how many
of each class were found, and its exit code is 1 if one was not.
"""

import json
import shutil
import sys
import tempfile
from collections import Counter
from pathlib import Path

import verify


def edited(edit, data):
    """The bytes of a file after an edit, or nothing if it is gone."""
    if "bytes" in edit:
        return bytes.fromhex(edit["bytes"])
    if "xor" in edit:
        data = bytearray(data)
        data[edit["at"]] ^= edit["xor"]
        return bytes(data)
    return None


def put(path, data):
    if data is None:
        path.unlink(missing_ok=True)
    else:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)


def undone(case, ledger, judge):
    """Does the damage, judges, and makes the ledger again what it was."""
    paths = [ledger / edit["file"] for edit in case["edits"]]
    before = [path.read_bytes() if path.is_file() else None for path in paths]
    try:
        for path, edit, data in zip(paths, case["edits"], before):
            put(path, edited(edit, data))
        return judge()
    finally:
        for path, data in zip(paths, before):
            put(path, data)


def fault_of(case, report):
    """What is wrong with the findings about a case, if anything."""
    findings = report.findings
    if report.is_damaged() != case["damage"]:
        return f"damage should be {case['damage']}"

    def names(finding):
        first, last = finding["first"], finding["last"]
        covers = first is not None and any(first <= entry <= last for entry in case["entries"])
        return covers or finding["file"] == case["file"]

    severity = "damage" if case["damage"] else "notice"
    if not any(finding["severity"] == severity and names(finding) for finding in findings):
        return "not named"
    if any("expunged" in finding["code"] for finding in findings if names(finding)):
        return "called expunged"
    return None


def ledger_cases(folder, cases, tally):
    """Judges the damages done to ledgers; yields what is wrong."""
    with tempfile.TemporaryDirectory() as room:
        ledgers = {case["ledger"] for case in cases}
        for name in ledgers:
            shutil.copytree(folder / name, Path(room) / name)
            report, _ = verify.verify(Path(room) / name)
            if report.is_damaged():
                yield f"{folder.name}: {name} is damaged to begin with: {report.findings}"
        for number, case in enumerate(cases, 1):
            ledger = Path(room) / case["ledger"]
            report = undone(case, ledger, lambda: verify.verify(ledger)[0])
            fault = fault_of(case, report)
            tally[case["class"], fault is None] += 1
            if fault:
                told = "; ".join(map(verify.told, report.findings)) or "nothing"
                where = f"{case['class']}, {case['file']}, entries {case['entries']}"
                yield f"{folder.name} {number} ({where}): {fault}: {told}"


def proof_cases(folder, cases, tally):
    """Judges changed proof files; yields those that were believed."""
    proof, key = (folder / "proof").read_bytes(), (folder / "key").read_text()
    verify.check_proof(proof, key)
    for number, case in enumerate(cases, 1):
        try:
            verify.check_proof(edited(case["edits"][0], proof), key)
            believed = True
        except (verify.Malformed, ValueError):
            believed = False
        tally[case["class"], not believed] += 1
        if believed:
            yield f"{folder.name} {number} ({case['class']}): believed"


def main():
    tally, faults = Counter(), []
    for path in sorted(Path(sys.argv[1]).glob("*/cases.jsonl")):
        cases = [json.loads(line) for line in path.read_text().splitlines()]
        judge = proof_cases if (path.parent / "proof").is_file() else ledger_cases
        faults += judge(path.parent, cases, tally)
    for name in sorted({name for name, _ in tally}):
        found, missed = tally[name, True], tally[name, False]
        print(f"{found:>5} of {found + missed:<5} {name}")
    found = sum(count for (_, right), count in tally.items() if right)
    print(f"{found} of {sum(tally.values())} damages found and named")
    for fault in faults:
        print(fault[:600])
    return 1 if faults or not tally else 0


if __name__ == "__main__":
    sys.exit(main())
