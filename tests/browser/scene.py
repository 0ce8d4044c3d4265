"""A landing zone on the twin, a main that is ahead of it, and a branch with changes of every sort."""

import os
import pathlib
import shutil
import subprocess

from clients.twin import REPOSITORY, binary

HOSTILE = "</script><img src=x onerror=alert(1)> \"'&"


def make(folder: pathlib.Path) -> pathlib.Path:
    """Returns the page of the branch's plan."""
    shutil.copytree(
        REPOSITORY / "examples", folder / "zones", ignore=shutil.ignore_patterns(".lz"), dirs_exist_ok=True
    )
    spec = folder / "zones" / "startup"
    _git(folder, "init", "--quiet", "--initial-branch=main")
    _lz(folder, "apply", spec, "--target", "twin")
    _replace(spec / "accounts.hcl", 'owner = "finance" }', 'owner = "finance", cost = "42" }')
    _commit(folder, "Finance has a number")
    _branch(spec)
    _lz(folder, "plan", spec, "--target", "twin", "--base", "main", "--out", folder / "plan.lz")
    page = folder / "plan.html"
    page.write_text(_lz(folder, "show", folder / "plan.lz", "--format", "html"), encoding="utf-8")
    return page


def _branch(spec: pathlib.Path):
    accounts, guardrails = spec / "accounts.hcl", spec / "guardrails.hcl"
    _replace(accounts, 'name = "People"', 'name = "People and Partners"')
    _replace(accounts, 'ou "dev" { name = "Dev" }', 'ou "dev" { name = "Dev" }\n  ou "data" { name = "Data" }')
    _replace(
        accounts,
        'email = "aws+billing@${var.mail_domain}"\n  ou    = ou.people',
        'email = "aws+billing@${var.mail_domain}"\n  ou    = ou.security',
    )
    hostile = HOSTILE.replace("\\", "\\\\").replace('"', '\\"')
    with accounts.open("a", encoding="utf-8") as file:
        file.write(
            f'''
ou "hostile" {{ name = "{hostile}" }}
account "data" {{
  for_each = toset(["analytics", "lake", "warehouse"])
  name     = "Data ${{title(each.key)}}"
  email    = "aws+data-${{each.key}}@${{var.mail_domain}}"
  ou       = ou.workloads.data
  tags     = {{ duty = "development", owner = "data" }}
}}
removed {{
  from   = account.jump_old
  action = "close"
}}
'''.replace('removed {\n  from   = account.jump_old\n  action = "close"\n}\n', "")
        )
    _replace(guardrails, '      "ec2:ModifyVpc*",\n', '      "ec2:CreateTransitGateway",\n')
    _replace(
        guardrails,
        'attach      = [ou.workloads.prod, ou.workloads.staging]\n\n  statement "NoIamByHand"',
        'attach      = [ou.workloads.prod, ou.workloads.data]\n\n  statement "NoIamByHand"',
    )
    template = spec.parent / "baselines" / "jump-roles" / "template.yaml"
    _replace(template, "MaxSessionDuration: 3600", "MaxSessionDuration: 7200")


def _replace(path: pathlib.Path, old: str, new: str):
    text = path.read_text(encoding="utf-8")
    if old not in text:
        raise AssertionError(f"{path} has no {old!r}")
    path.write_text(text.replace(old, new, 1), encoding="utf-8")


def _commit(folder: pathlib.Path, subject: str):
    _git(folder, "add", "-A")
    _git(folder, "-c", "user.name=t", "-c", "user.email=t@example.com", "commit", "--quiet", "-m", subject)


def _git(folder: pathlib.Path, *arguments):
    subprocess.run(["git", *arguments], cwd=folder, check=True)


def _lz(folder: pathlib.Path, *arguments) -> str:
    command = [binary(), *map(str, arguments)]
    environment = {name: value for name, value in os.environ.items() if not name.startswith("AWS_")}
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, env=environment)
    if done.returncode != 0:
        raise AssertionError(f"{command}: {done.returncode}\n{done.stderr}")
    return done.stdout
