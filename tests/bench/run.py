#!/usr/bin/env python3
"""Measures `lz plan` without a change on organizations of several sizes, and writes docs/benchmarks.md.

    cargo build --release --bin lz && python3 tests/bench/run.py

Each organization is brought up on the embedded twin by `lz apply`, then planned again: nothing is left to do, so
the plan is all reading. Calls are compared with the fewest that AWS's API permits (aws-facts section 7). CPU and
memory are lz's own, the twin's CPU apart; AWS seconds are the twin's virtual clock at AWS's published pace.
"""

import json
import math
import os
import pathlib
import platform
import statistics
import subprocess
import sys
import tempfile

ROOT = pathlib.Path(__file__).resolve().parents[2]
LZ = pathlib.Path(os.environ.get("LZ_BIN", ROOT / "target" / "release" / "lz"))
RUNS = 3
# accounts, OUs, policies: a media group, a large company, and the limits of AWS.
SIZES = [(303, 30, 60), (1_000, 200, 300), (10_000, 1_990, 1_900)]
# A media group's baselines: six stack sets in every account and 17 Regions.
SETS = 6
REGIONS = [
    "ap-northeast-1", "ap-northeast-2", "ap-northeast-3", "ap-south-1", "ap-southeast-1", "ap-southeast-2",
    "ca-central-1", "eu-central-1", "eu-north-1", "eu-west-1", "eu-west-2", "eu-west-3", "sa-east-1", "us-east-1",
    "us-east-2", "us-west-1", "us-west-2",
]
TEMPLATE = """Parameters:
  Frequency:
    Type: String
Resources:
  Detector:
    Type: AWS::GuardDuty::Detector
    Properties:
      Enable: true
      FindingPublishingFrequency: !Ref Frequency
"""


def head(ous: int) -> list[str]:
    """Returns the blocks above accounts and policies: OUs two levels deep."""
    top = max(1, ous // 20)
    lines = [
        'landing_zone "bench" {',
        '  management_account = "111122223333"',
        '  home_region        = "eu-west-1"',
        '  regions            = ["eu-west-1"]',
        "}",
        "organization {",
        '  policy_types     = ["scp", "tag"]',
        '  trusted_services = ["guardduty.amazonaws.com", "config.amazonaws.com", "sso.amazonaws.com"]',
        "}",
    ]
    for number in range(top):
        lines.append(f'ou "unit{number}" {{\n  name = "Unit {number}"')
        for inner in range(number, ous - top, top):
            lines.append(f'  ou "inner{inner}" {{ name = "Inner {inner}" }}')
        lines.append("}")
    return lines


def write_spec(folder: pathlib.Path, accounts: int, ous: int, policies: int) -> None:
    """Writes the spec as plain blocks, accounts and policies spread evenly over the OUs."""
    top = max(1, ous // 20)
    names = [f"ou.unit{n}" for n in range(top)]
    names += [f"ou.unit{inner % top}.inner{inner}" for inner in range(ous - top)]
    out = head(ous)
    for number in range(accounts - 1):
        place = names[number % len(names)]
        out.append(
            f'account "a{number}" {{\n  name  = "Account {number}"\n  email = "aws+{number}@bench.example.com"\n'
            f"  ou    = {place}\n  tags  = {{ team = \"team-{number % 97}\" }}\n}}"
        )
    for number in range(policies):
        out.append(
            f'policy "p{number}" {{\n  type   = "scp"\n  attach = [{names[number % len(names)]}]\n'
            f'  statement "Keep" {{\n    effect    = "Deny"\n'
            f'    actions   = ["cloudtrail:StopLogging", "s3:PutBucketPolicy"]\n'
            f'    resources = ["arn:aws:s3:::bucket-{number}/*"]\n  }}\n}}'
        )
    out.append('delegated_admin "guardduty.amazonaws.com" { account = account.a0 }')
    (folder / "main.hcl").write_text("\n".join(out) + "\n")


def write_sets(folder: pathlib.Path, frequency: str) -> None:
    """Adds stack sets on the root to the spec."""
    (folder / "detection.yaml").write_text(TEMPLATE)
    regions = ", ".join(f'"{region}"' for region in REGIONS)
    blocks = [
        f'stack_set "baseline{number}" {{\n  template   = file("detection.yaml")\n'
        f'  parameters = {{ Frequency = "{frequency}" }}\n'
        f"  deploy {{\n    targets = [root]\n    regions = [{regions}]\n  }}\n"
        f'  rollout {{\n    max_concurrent     = "100%"\n    region_concurrency = "parallel"\n'
        f'    concurrency_mode   = "soft"\n  }}\n}}\n'
        for number in range(SETS)
    ]
    (folder / "sets.hcl").write_text("\n".join(blocks))
    main = folder / "main.hcl"
    trusted = '"stacksets.cloudformation.amazonaws.com", "guardduty.amazonaws.com"'
    text = main.read_text().replace('"guardduty.amazonaws.com"', trusted, 1)
    everywhere = text.replace('regions            = ["eu-west-1"]', f"regions            = [{regions}]")
    main.write_text(everywhere)


def minimum_of_sets(accounts: int) -> int:
    """Returns the fewest calls that read the stack sets (aws-facts section 7): for each
    set its description, its OUs, its newest operations and its stacks, 100 a page."""
    stacks = (accounts - 1) * len(REGIONS)
    return SETS * (3 + math.ceil(stacks / 100))


def minimum(accounts: int, ous: int, policies: int) -> int:
    """Returns the fewest calls that read such an organization (aws-facts section 7, one call a line there)."""
    entities = 1 + ous + accounts
    pages = math.ceil
    return (
        2  # DescribeOrganization, ListRoots
        + pages(accounts / 20)  # ListAccounts with Paths
        + 1 + ous + extra_pages(ous)  # ListOrganizationalUnitsForParent
        + pages((policies + 1) / 20) + 1  # ListPolicies: SCPs with FullAWSAccess, tag policies
        + pages(entities / 20) + policies  # ListTargetsForPolicy
        + policies  # DescribePolicy
        + pages((ous + accounts - 1 + policies) / 100)  # GetResources: what lz tagged
        + 1  # ListAWSServiceAccessForOrganization
        + 2  # ListDelegatedAdministrators, ListDelegatedServicesForAccount
        + 1  # ListCreateAccountStatus
        + 2  # ListStackSets, DescribeStacks in the home Region
    )


def extra_pages(ous: int) -> int:
    """Returns the pages beyond the first of listing the children of each OU that has more than 20."""
    top = max(1, ous // 20)
    inner = ous - top
    sizes = [len(range(number, inner, top)) for number in range(top)]
    return math.ceil(top / 20) - 1 + sum(max(0, math.ceil(size / 20) - 1) for size in sizes)


def lz(*arguments: str) -> None:
    done = subprocess.run([str(LZ), *arguments], capture_output=True, text=True)
    if done.returncode != 0:
        sys.exit(f"lz {' '.join(arguments)} failed:\n{done.stdout[-2000:]}{done.stderr[-2000:]}")


def measure(accounts: int, ous: int, policies: int) -> dict:
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        write_spec(folder, accounts, ous, policies)
        lz("apply", "--quiet", "--target", "twin", str(folder))
        runs = []
        for _ in range(RUNS):
            stats = folder / "stats.json"
            lz("plan", "--quiet", "--detailed-exitcode", "--target", "twin", "--stats", str(stats), str(folder))
            runs.append(json.loads(stats.read_text()))
    median = lambda key: statistics.median(run[key] for run in runs)
    return {
        "accounts": accounts, "ous": ous, "policies": policies,
        "calls": runs[0]["calls_total"], "minimum": minimum(accounts, ous, policies),
        "throttled": max(run["throttled"] for run in runs),
        "cpu": median("cpu_seconds"), "twin": median("twin_cpu_seconds"),
        "memory": median("peak_memory_bytes") / 1e6, "aws": median("aws_seconds"),
        "by_call": runs[0]["calls"],
    }


def measure_sets(accounts: int, ous: int, policies: int) -> tuple[dict, list[dict]]:
    """Returns a plan without a change over all stack sets, and what taking one of them back took."""
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        write_spec(folder, accounts, ous, policies)
        write_sets(folder, "SIX_HOURS")
        lz("apply", "--quiet", "--target", "twin", str(folder))
        runs = []
        for _ in range(RUNS):
            stats = folder / "stats.json"
            lz("plan", "--quiet", "--detailed-exitcode", "--target", "twin", "--stats", str(stats), str(folder))
            runs.append(json.loads(stats.read_text()))
        returns = take_back(folder, accounts)
    median = lambda key: statistics.median(run[key] for run in runs)
    stacks = (accounts - 1) * len(REGIONS) * SETS
    row = {
        "accounts": accounts, "sets": SETS, "regions": len(REGIONS), "stacks": stacks,
        "calls": runs[0]["calls_total"], "minimum": minimum(accounts, ous, policies) + minimum_of_sets(accounts),
        "throttled": max(run["throttled"] for run in runs),
        "cpu": median("cpu_seconds"), "twin": median("twin_cpu_seconds"),
        "memory": median("peak_memory_bytes") / 1e6, "aws": median("aws_seconds"),
        "by_call": runs[0]["calls"],
    }
    return row, returns


def take_back(folder: pathlib.Path, accounts: int) -> list[dict]:
    """Rolls a change of one set out, takes it back, and returns what the plan said and what AWS's clock says."""
    git = ["git", "-C", str(folder), "-c", "user.name=bench", "-c", "user.email=bench@example.com"]
    commit = lambda: [
        subprocess.run([*git, "add", "*.hcl", "*.yaml"], check=True),
        subprocess.run([*git, "commit", "--quiet", "-m", "change"], check=True),
    ]
    subprocess.run([*git, "init", "--quiet"], check=True)
    commit()
    rows = []
    for mode in ([],):
        template = folder / "detection.yaml"
        template.write_text(template.read_text().replace("Enable: true", "Enable: true # changed", 1) + "    DeletionPolicy: Retain\n")
        commit()
        lz("apply", "--quiet", "--target", "twin", str(folder))
        plan = subprocess.run(
            [str(LZ), "rollback", "stack_set.baseline0", str(folder), "--target", "twin", "--json", *mode],
            capture_output=True, text=True, check=True,
        )
        records = [json.loads(line)["record"] for line in plan.stdout.splitlines()]
        said = next(record["plan"]["estimate_seconds"] for record in records if record["kind"] == "plan")
        took = next(record["report"]["aws_seconds"] for record in records if record["kind"] == "applied")
        rows.append({"mode": "in waves" if mode else "all at once", "stacks": (accounts - 1) * len(REGIONS), "said": said, "took": took})
        template.write_text(TEMPLATE)
        commit()
        lz("apply", "--quiet", "--target", "twin", str(folder))
    return rows


def table(rows: list[dict]) -> str:
    lines = [
        "| accounts | OUs | policies | calls | minimum | over | throttled | CPU, s | twin's CPU, s | memory, MB | AWS time, s |",
        "|--:|--:|--:|--:|--:|--:|--:|--:|--:|--:|--:|",
    ]
    for row in rows:
        over = 100 * (row["calls"] / row["minimum"] - 1)
        lines.append(
            f"| {row['accounts']:,} | {row['ous']:,} | {row['policies']:,} | {row['calls']:,} | {row['minimum']:,} "
            f"| {over:+.1f} % | {row['throttled']} | {row['cpu']:.2f} | {row['twin']:.2f} | {row['memory']:.0f} "
            f"| {row['aws']:.0f} |"
        )
    return "\n".join(lines)


def sets_table(row: dict) -> str:
    over = 100 * (row["calls"] / row["minimum"] - 1)
    return (
        "| accounts | Regions | stack sets | stacks | calls | minimum | over | throttled | CPU, s | twin's CPU, s "
        "| memory, MB | AWS time, s |\n|--:|--:|--:|--:|--:|--:|--:|--:|--:|--:|--:|--:|\n"
        f"| {row['accounts']:,} | {row['regions']} | {row['sets']} | {row['stacks']:,} | {row['calls']:,} "
        f"| {row['minimum']:,} | {over:+.1f} % | {row['throttled']} | {row['cpu']:.2f} | {row['twin']:.2f} "
        f"| {row['memory']:.0f} | {row['aws']:.0f} |"
    )


def returns_table(rows: list[dict]) -> str:
    lines = ["| how | stacks | the plan says, s | AWS took, s | off |", "|---|--:|--:|--:|--:|"]
    for row in rows:
        off = 100 * (row["said"] / row["took"] - 1)
        lines.append(f"| {row['mode']} | {row['stacks']:,} | {row['said']} | {row['took']:.0f} | {off:+.0f} % |")
    return "\n".join(lines)


def put(text: str, name: str, table: str) -> str:
    """Puts a table between its marks."""
    before, rest = text.split(f"<!-- {name} -->", 1)
    return f"{before}<!-- {name} -->\n{table}\n<!-- end -->{rest.split('<!-- end -->', 1)[1]}"


def main() -> None:
    sets, returns = measure_sets(*SIZES[0])
    print(sets_table(sets), json.dumps(sets["by_call"], indent=1), returns_table(returns), sep="\n", flush=True)
    rows = []
    for size in SIZES:
        rows.append(measure(*size))
        print(table(rows[-1:]), flush=True)
        print(json.dumps(rows[-1]["by_call"], indent=1), flush=True)
    page = ROOT / "docs" / "benchmarks.md"
    cores = f"{os.cpu_count()} cores, {platform.machine()}, median of {RUNS} runs."
    text = put(page.read_text(), "table", f"{table(rows)}\n\n{cores}")
    text = put(text, "sets", f"{sets_table(sets)}\n\n{cores}")
    page.write_text(put(text, "rollback", returns_table(returns)))


if __name__ == "__main__":
    main()
