"""Adds up what the test runners of tests/run reported, in one closing line."""

import pathlib
import re
import sys


# Groups of Python tests that tests/run has side by side; one that did not end counts as a failure.
GROUPS = 2


def rust(log: str) -> tuple[int, int, int]:
    rows = re.findall(r"test result: \w+\. (\d+) passed; (\d+) failed; (\d+) ignored", log)
    return tuple(sum(int(row[column]) for row in rows) for column in range(3))


def clients(log: str) -> tuple[int, int, int]:
    ran = re.findall(r"^Ran (\d+) tests?", log, re.MULTILINE)
    if len(ran) < GROUPS:
        return 0, 1, 0
    bad = sum(int(n) for n in re.findall(r"(?:failures|errors)=(\d+)", log))
    skipped = sum(int(n) for n in re.findall(r"skipped=(\d+)", log))
    return sum(map(int, ran)) - bad - skipped, bad, skipped


def main() -> int:
    part = sys.argv[1]
    readers = {"rust-tests.log": rust, "client-tests.log": clients}
    wanted = {"all": list(readers), "rust": ["rust-tests.log"], "clients": ["client-tests.log"]}[part]
    totals = [0, 0, 0]
    for name in wanted:
        found = readers[name](pathlib.Path("target", name).read_text(errors="replace"))
        totals = [a + b for a, b in zip(totals, found)]
    print(f"{totals[0]} passed, {totals[1]} failed, {totals[2]} skipped")
    return 0 if totals[1] == 0 and totals[0] > 0 else 1


if __name__ == "__main__":
    sys.exit(main())
