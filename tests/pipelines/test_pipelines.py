"""The ready pipelines fit their services' schemas, and their steps run against a twin."""

import hashlib
import json
import pathlib
import re
import shutil
import subprocess
import sys
import unittest

import yaml

from .world import PIPELINES, Sandbox, Script, codebuild, github, gitlab, load

GITHUB = PIPELINES / "github"
GITLAB = PIPELINES / "gitlab" / ".gitlab-ci.yml"
TEMPLATE = PIPELINES / "codepipeline" / "template.yaml"
ROLES = PIPELINES / "roles"
MARKER = "<!-- lz plan small -->"


class Loader(yaml.SafeLoader):
    """Reads CloudFormation's short functions as what they hold."""


def _inner(loader, _suffix, node):
    if isinstance(node, yaml.ScalarNode):
        return loader.construct_scalar(node)
    if isinstance(node, yaml.SequenceNode):
        return loader.construct_sequence(node)
    return loader.construct_mapping(node)


Loader.add_multi_constructor("!", _inner)


def tool(name: str) -> str:
    path = pathlib.Path(sys.executable).parent / name
    if not path.exists():
        raise unittest.SkipTest(f"{name} is not installed; run tests/run")
    return str(path)


def step(workflow: str, name: str, job: str | None = None) -> Script:
    """Returns a step of a GitHub workflow; of its only job, if none is named."""
    whole = load(GITHUB / workflow)
    (chosen,) = [whole["jobs"][job]] if job else whole["jobs"].values()
    (found,) = [step for step in chosen["steps"] if step.get("name") == name]
    return github(found, whole)


def job(name: str) -> Script:
    """Returns a job of the GitLab pipeline."""
    return gitlab(load(GITLAB)[name]["script"])


def resources(path: pathlib.Path) -> dict:
    return yaml.load(path.read_text(encoding="utf-8"), Loader=Loader)["Resources"]


def build(project: str, *more: str) -> Script:
    """Returns the build phase of a CodeBuild project, with more commands at its end."""
    spec = yaml.safe_load(resources(TEMPLATE)[project]["Properties"]["Source"]["BuildSpec"])
    return codebuild([*spec["phases"]["build"]["commands"], *more])


def digest(path: pathlib.Path) -> str:
    return "sha256:" + hashlib.sha256(path.read_bytes()).hexdigest()


class Shapes(unittest.TestCase):
    def check(self, schema: str, *paths: pathlib.Path):
        command = [tool("check-jsonschema"), "--builtin-schema", schema, *map(str, paths)]
        ran = subprocess.run(command, capture_output=True, text=True, check=False)
        self.assertEqual(ran.returncode, 0, ran.stdout + ran.stderr)

    def test_the_workflows_are_what_github_takes(self):
        paths = sorted(GITHUB.glob("*.yml"))
        self.assertEqual([path.name for path in paths], ["again.yml", "apply.yml", "drift.yml", "plan.yml"])
        self.check("vendor.github-workflows", *paths)

    def test_the_pipeline_is_what_gitlab_takes(self):
        self.check("vendor.gitlab-ci", GITLAB)

    def test_the_templates_are_what_cloudformation_takes(self):
        templates = [str(path) for path in (TEMPLATE, *sorted(ROLES.glob("*.yaml")))]
        self.assertEqual(len(templates), 3)
        command = [tool("cfn-lint"), "--regions", "eu-west-1", "--template", *templates]
        ran = subprocess.run(command, capture_output=True, text=True, check=False)
        self.assertEqual(ran.returncode, 0, ran.stdout + ran.stderr)

    def test_no_workflow_puts_foreign_text_into_a_shell(self):
        for path in GITHUB.glob("*.yml"):
            for one in load(path)["jobs"].values():
                for part in one["steps"]:
                    self.assertNotIn("${{", part.get("run", ""), path.name)

    def test_actions_are_pinned_by_commit_with_the_tag_beside_it(self):
        for path in GITHUB.glob("*.yml"):
            used = [line for line in path.read_text(encoding="utf-8").splitlines() if "uses:" in line]
            self.assertTrue(used)
            for line in used:
                self.assertRegex(line, r"uses: [a-z-]+/[a-z-]+@[0-9a-f]{40} # v[0-9.]+$", path.name)

    def test_a_build_has_the_whole_repository(self):
        template = resources(TEMPLATE)
        sources = [
            action["Configuration"]["OutputArtifactFormat"]
            for pipeline in ("Pipeline", "NightlyPipeline")
            for stage in template[pipeline]["Properties"]["Stages"]
            for action in stage["Actions"]
            if action["ActionTypeId"]["Category"] == "Source"
        ]
        self.assertEqual(sources, ["CODEBUILD_CLONE_REF"] * 2)
        for role in ("PlanRole", "ApplyRole"):
            (policy,) = template[role]["Properties"]["Policies"]
            clone = [one for one in policy["PolicyDocument"]["Statement"] if one["Sid"] == "Clone"]
            self.assertEqual(clone[0]["Resource"], "ConnectionArn")
            self.assertIn("codeconnections:UseConnection", clone[0]["Action"])

    def test_credentials_come_from_identity_and_never_from_keys(self):
        for path in GITHUB.glob("*.yml"):
            text = path.read_text(encoding="utf-8")
            self.assertIn("id-token: write", text)
            self.assertNotIn("secrets.", text)
            self.assertIn("role-to-assume", text)
        self.assertIn("id_tokens", GITLAB.read_text(encoding="utf-8"))


class Trust(unittest.TestCase):
    """Who may take the roles on."""

    def trust(self, file: str, role: str) -> dict:
        (statement,) = resources(ROLES / file)[role]["Properties"]["AssumeRolePolicyDocument"]["Statement"]
        self.assertEqual(statement["Effect"], "Allow")
        self.assertEqual(statement["Action"], "sts:AssumeRoleWithWebIdentity")
        return statement["Condition"]

    def test_only_the_protected_environment_of_github_may_apply(self):
        self.assertEqual(
            self.trust("github.yaml", "ApplyRole"),
            {
                "StringEquals": {
                    "token.actions.githubusercontent.com:aud": "sts.amazonaws.com",
                    "token.actions.githubusercontent.com:sub": "repo:${Repository}:environment:${Environment}",
                }
            },
        )

    def test_pull_requests_and_the_branch_of_github_may_plan(self):
        condition = self.trust("github.yaml", "PlanRole")
        self.assertEqual(list(condition), ["StringEquals"])
        self.assertEqual(
            condition["StringEquals"]["token.actions.githubusercontent.com:sub"],
            ["repo:${Repository}:pull_request", "repo:${Repository}:ref:refs/heads/${Branch}"],
        )
        self.assertEqual(condition["StringEquals"]["token.actions.githubusercontent.com:aud"], "sts.amazonaws.com")

    def test_only_the_default_branch_of_gitlab_may_apply(self):
        self.assertEqual(
            self.trust("gitlab.yaml", "ApplyRole"),
            {
                "StringEquals": {
                    "gitlab.com:aud": "sts.amazonaws.com",
                    "gitlab.com:sub": "project_path:${Project}:ref_type:branch:ref:${Branch}",
                }
            },
        )
        plan = self.trust("gitlab.yaml", "PlanRole")
        self.assertEqual(plan["StringEquals"], {"gitlab.com:aud": "sts.amazonaws.com"})
        self.assertEqual(plan["StringLike"]["gitlab.com:sub"], "project_path:${Project}:ref_type:branch:ref:*")

    def test_no_parameter_lets_a_star_in(self):
        for file, names in {"github.yaml": ("Repository", "Branch", "Environment"), "gitlab.yaml": ("Project", "Branch")}.items():
            parameters = yaml.load((ROLES / file).read_text(encoding="utf-8"), Loader=Loader)["Parameters"]
            for name in names:
                pattern = parameters[name]["AllowedPattern"]
                for text in ("*", "acme/*", "acme/zone:*", "a?b/c"):
                    self.assertIsNone(re.fullmatch(pattern, text), f"{name}: {text}")
        pattern = yaml.load((ROLES / "github.yaml").read_text(encoding="utf-8"), Loader=Loader)["Parameters"]["Repository"]
        for text in ("acme/zone", "acme@123456/zone@456789"):
            self.assertIsNotNone(re.fullmatch(pattern["AllowedPattern"], text))

    def test_a_session_lasts_as_long_as_the_job_asks_for(self):
        for file in ("github.yaml", "gitlab.yaml"):
            self.assertEqual(resources(ROLES / file)["ApplyRole"]["Properties"]["MaxSessionDuration"], 21600)
        for workflow in ("apply.yml", "again.yml"):
            steps = load(GITHUB / workflow)["jobs"]["apply"]["steps"]
            (asked,) = [one["with"] for one in steps if "configure-aws-credentials" in one.get("uses", "")]
            self.assertEqual(asked["role-duration-seconds"], 21600)

    def test_whoever_takes_the_role_of_the_apply_names_the_environment(self):
        for path in GITHUB.glob("*.yml"):
            for name, one in load(path)["jobs"].items():
                roles = [step.get("with", {}).get("role-to-assume", "") for step in one["steps"]]
                applies = any("LZ_APPLY_ROLE" in role for role in roles)
                self.assertEqual(one.get("environment"), "production" if applies else None, f"{path.name}: {name}")


class Steps(unittest.TestCase):
    def setUp(self):
        self.box = Sandbox()
        self.addCleanup(self.box.close)

    def comments(self, *bodies: str, author: str = "github-actions[bot]") -> str:
        """Comments as `gh api --paginate --jq '.[]'` prints them."""
        each = ({"id": 4242 + n, "user": {"login": author}, "body": body} for n, body in enumerate(bodies))
        return "\n".join(map(json.dumps, each))

    def test_lz_is_installed_only_if_it_is_the_binary_that_was_chosen(self):
        self.box.tool("curl", '#!/bin/bash\nwhile [ "$1" != --output ]; do shift; done\necho lz > "$2"\n')
        right = hashlib.sha256(b"lz\n").hexdigest()
        jobs = [("plan.yml", "plan"), ("apply.yml", "apply"), ("drift.yml", "drift"), ("again.yml", "plan"), ("again.yml", "apply")]
        for script in [step(workflow, "Install lz", name) for workflow, name in jobs]:
            self.box.ok(script, LZ_DOWNLOAD="https://example.com/lz", LZ_SHA256=right)
            wrong = self.box.run(script, LZ_DOWNLOAD="https://example.com/lz", LZ_SHA256="0" * 64)
            self.assertNotEqual(wrong.returncode, 0)

    def test_a_plan_that_fails_fails_the_job(self):
        self.box.twin.stop()
        for script in (step("plan.yml", "Plan"), step("again.yml", "Plan", "plan"), job("plan"), build("PlanProject")):
            ran = self.box.run(script, ACCEPT="")
            self.assertNotEqual(ran.returncode, 0, script.text + ran.stdout)
            self.assertNotIn("No changes", ran.stdout)

    def test_a_spec_that_nobody_has_reviewed_runs_no_command(self):
        box = self.box
        told = box.folder / "told"
        notice = f'notify "x" {{\n  on      = ["plan", "failure"]\n  command = ["/bin/sh", "-c", "echo told >> {told}"]\n}}\n'
        (box.checkout / "main.hcl").write_text(box.read("main.hcl") + notice, encoding="utf-8")
        for script in (step("plan.yml", "Plan"), step("again.yml", "Plan", "plan"), job("plan"), build("PlanProject")):
            box.ok(script, ACCEPT="")
        self.assertFalse(told.exists())
        box.lz("plan .")
        self.assertTrue(told.exists(), "the notice would have been sent")

    def test_github_plans_comments_once_and_applies_what_was_reviewed(self):
        box = self.box
        (box.checkout / "main.hcl").write_text(box.read("main.hcl") + 'ou "two" {\n  name = "Two"\n}\n', encoding="utf-8")
        box.commit("Two")
        box.ok(step("plan.yml", "Check the spec"))
        box.ok(step("plan.yml", "Plan"))
        comment = box.read("plan.md")
        self.assertTrue(comment.startswith(MARKER + "\n"))
        self.assertEqual(comment.count(digest(box.checkout / "plan.lz")), 1)
        self.assertIn("Compared with `origin/main`", comment)
        self.assertIn("(https://github.example/acme/zone/actions/runs/99)", comment)
        self.assertIn("<html", box.read("plan.html"))
        box.answer("gh", [("--paginate", self.comments("<!-- lz plan other -->\n", "hello"))])
        box.ok(step("plan.yml", "Comment"), PULL_REQUEST="7")
        self.assertIn("--method POST repos/acme/zone/issues/7/comments --field body=@plan.md", box.called()[-1])
        box.answer("gh", [("--paginate", self.comments("<!-- lz plan other -->\n", MARKER + "\nold"))])
        box.ok(step("plan.yml", "Comment"), PULL_REQUEST="7")
        self.assertIn("--method PATCH repos/acme/zone/issues/comments/4243", box.called()[-1])
        box.answer("gh", [("--paginate", self.comments(MARKER + "\nforged", author="mallory"))])
        box.ok(step("plan.yml", "Comment"), PULL_REQUEST="7")
        self.assertIn("--method POST", box.called()[-1])
        box.keep("plan.lz", "plan.md", under=box.checkout / "reviewed")
        self._fetch_and_apply(comment)

    def answers(self, **changed: str) -> list[tuple[str, str]]:
        """What GitHub answers about a merged pull request."""
        pulls = [
            {"number": 6, "merged_at": None, "merge_commit_sha": "abc", "head": {"sha": "ffff"}},
            {"number": 7, "merged_at": "2026-01-01", "merge_commit_sha": "abc", "head": {"sha": "0123abcd"}},
        ]
        rules = {
            "commits/abc/pulls": json.dumps(pulls),
            "issues/7/comments": "",
            "head_sha=0123abcd": json.dumps({"workflow_runs": [{"id": 99}]}),
            "run download 99": "",
        }
        return list((rules | changed).items())

    def _fetch_and_apply(self, comment: str):
        box, reviewed = self.box, self.box.checkout / "reviewed" / "plan.lz"
        forged = self.comments(MARKER + "\nThe digest of the plan: `sha256:" + "0" * 64 + "`", author="mallory")
        other = self.comments("<!-- lz plan other -->\nThe digest of the plan: `sha256:" + "1" * 64 + "`", comment)
        box.answer("gh", self.answers(**{"issues/7/comments": forged + "\n" + other}))
        box.ok(step("apply.yml", "Fetch the reviewed plan"))
        self.assertEqual(box.read("plan.digest").strip(), digest(reviewed))
        right = reviewed.read_bytes()
        reviewed.write_bytes(right + b"\n")
        self.assertEqual(box.run(step("apply.yml", "Apply")).returncode, 5)
        reviewed.write_bytes(right)
        box.ok(step("apply.yml", "Apply"))
        self.assertIn("No changes", box.lz("plan ."))

    def test_github_says_why_there_is_no_reviewed_plan(self):
        box = self.box
        box.ok(step("plan.yml", "Plan"))
        box.keep("plan.lz", "plan.md", under=box.checkout / "reviewed")
        cases = {
            "No pull request": {"commits/abc/pulls": "[]"},
            "No run": {"head_sha=0123abcd": '{"workflow_runs": []}'},
            "No comment": {"issues/7/comments": self.comments("hello")},
        }
        for said, changed in cases.items():
            box.answer("gh", self.answers(**changed))
            ran = box.run(step("apply.yml", "Fetch the reviewed plan"))
            self.assertEqual(ran.returncode, 1)
            self.assertIn(f"::error::{said}", ran.stdout)
            self.assertIn("lz apply again", ran.stdout)

    def test_github_plans_again_where_the_reviewed_plan_is_stale(self):
        box = self.box
        box.ok(step("plan.yml", "Plan"))
        (box.checkout / "plan.digest").write_text(digest(box.checkout / "plan.lz"), encoding="utf-8")
        box.keep("plan.lz", "plan.md", under=box.checkout / "reviewed")
        box.change()
        stale = box.run(step("apply.yml", "Apply"))
        self.assertEqual(stale.returncode, 5)
        self.assertIn("::error::The reviewed plan is stale", stale.stdout)
        box.ok(step("again.yml", "Plan", "plan"), ACCEPT="")
        self.assertIn(MARKER, (box.folder / "summary").read_text(encoding="utf-8"))
        name, again = (box.folder / "output").read_text(encoding="utf-8").strip().split("=")
        self.assertEqual((name, again), ("digest", digest(box.checkout / "plan.lz")))
        box.keep("plan.lz", "plan.md", under=box.checkout / "reviewed")
        self.assertEqual(box.run(step("again.yml", "Apply", "apply"), ACCEPT="", DIGEST="").returncode, 1)
        box.ok(step("again.yml", "Apply", "apply"), ACCEPT="", DIGEST=again)
        self.assertIn("No changes", box.lz("plan ."))

    def test_codes_to_accept_reach_lz_as_words_and_nothing_else_does(self):
        box = self.box
        codes = "unguarded_moment gate"
        injected = ("x; touch hacked", "$(touch hacked)", "--digest", "a\nb", "*", "`touch hacked`", "UPPER")
        for text in injected:
            planned = box.run(step("again.yml", "Plan", "plan"), ACCEPT=text)
            self.assertEqual(planned.returncode, 1, text)
            for script in (job("apply"), build("ApplyProject")):
                ran = box.run(script, LZ_ACCEPT=text, LZ_PLAN_DIGEST="sha256:0")
                self.assertEqual(ran.returncode, 1, text)
        self.assertFalse((box.checkout / "hacked").exists())
        box.tool("lz")
        box.ok(step("again.yml", "Apply", "apply"), ACCEPT=codes, DIGEST="sha256:0")
        box.ok(job("apply"), LZ_ACCEPT=codes, LZ_PLAN_DIGEST="sha256:0")
        box.ok(build("ApplyProject"), LZ_ACCEPT=codes, LZ_PLAN_DIGEST="sha256:0")
        self.assertEqual(len(box.called()), 3)
        for call in box.called():
            self.assertTrue(call.endswith("--lock-timeout 30m --accept unguarded_moment --accept gate"), call)
        box.ok(build("ApplyProject"), LZ_ACCEPT="nothing", LZ_PLAN_DIGEST="sha256:0")
        self.assertTrue(box.called()[-1].endswith("--lock-timeout 30m"))

    def test_github_opens_one_issue_for_drift_and_closes_it(self):
        box = self.box
        box.lz("apply . --auto-approve")
        compare, issue = step("drift.yml", "Compare"), step("drift.yml", "Open or close the issue")
        box.answer("gh", [("issue list", "")])
        box.ok(compare)
        box.ok(issue)
        self.assertEqual(len(box.called()), 1, "nothing has drifted")
        box.change()
        box.ok(compare)
        box.ok(issue)
        self.assertIn("issue create", box.called()[-1])
        self.assertIn("label create lz-drift", box.called()[-2])
        self.assertIn("Other", box.read("issue.md"))
        box.answer("gh", [("issue list", "12")])
        box.ok(issue)
        self.assertIn("issue edit 12", box.called()[-1])
        box.lz("apply . --auto-approve")
        box.ok(compare)
        box.ok(issue)
        self.assertIn("issue close 12", box.called()[-1])

    def test_a_comparison_that_fails_is_no_drift(self):
        (self.box.checkout / "main.hcl").write_text("nonsense", encoding="utf-8")
        self.assertEqual(self.box.run(step("drift.yml", "Compare")).returncode, 3)
        self.assertEqual(self.box.run(job("drift")).returncode, 3)
        self.assertEqual(self.box.run(build("DriftProject")).returncode, 3)

    def test_gitlab_plans_notes_once_and_applies_the_same_file(self):
        box = self.box
        environment = {
            "CI_MERGE_REQUEST_IID": "7",
            "CI_MERGE_REQUEST_TARGET_BRANCH_NAME": "main",
            "CI_API_V4_URL": "https://gitlab.example/api/v4",
            "CI_PROJECT_ID": "1",
            "LZ_NOTE_TOKEN": "x",
        }
        def notes(*all: tuple[int, str]) -> list[tuple[str, str]]:
            found = [{"id": n, "author": {"id": author}, "body": body} for n, (author, body) in enumerate(all, 3)]
            return [("/user", '{"id": 17}'), ("per_page", json.dumps(found))]

        box.answer("curl", notes((99, MARKER + "\nforged"), (17, "<!-- lz plan other -->\nx")))
        box.ok(job("plan"), **environment)
        self.assertIn("--request POST", box.called()[-1])
        self.assertIn("body@plan.md", box.called()[-1])
        box.answer("curl", notes((99, MARKER + "\nforged"), (17, MARKER + "\nx")))
        box.ok(job("plan"), **environment)
        self.assertIn("merge_requests/7/notes/4", box.called()[-1])
        note = box.read("plan.md")
        self.assertIn("Compared with `origin/main`", note)
        self.assertIn("(https://gitlab.example/acme/zone/-/jobs/7)", note)
        name, reviewed = box.read("plan.env").strip().split("=")
        self.assertEqual((name, reviewed), ("LZ_PLAN_DIGEST", digest(box.checkout / "plan.lz")))
        self.assertEqual(box.run(job("apply"), LZ_PLAN_DIGEST="sha256:" + "0" * 64).returncode, 5)
        box.ok(job("apply"), LZ_PLAN_DIGEST=reviewed)

    def test_codebuild_plans_and_applies_what_was_approved(self):
        box = self.box
        exported = box.ok(build("PlanProject", 'echo "$LZ_PLAN_DIGEST|$LZ_PLAN_SUMMARY"')).splitlines()[-1]
        reviewed, summary = exported.split("|")
        self.assertEqual(reviewed, digest(box.checkout / "plan.lz"))
        self.assertIn("to create", summary)
        box.keep("plan.lz", "plan.txt", under=box.folder / "planned")
        box.ok(build("ApplyProject"), LZ_PLAN_DIGEST=reviewed, LZ_ACCEPT="nothing")
        again = box.ok(build("PlanProject", 'echo "$LZ_PLAN_SUMMARY"')).splitlines()[-1]
        self.assertTrue(again.startswith("No changes."), again)
        box.change()
        box.tool("aws")
        box.ok(build("DriftProject"), TOPIC="arn:aws:sns:eu-west-1:111122223333:t")
        self.assertIn("sns publish", box.called()[-1])

    def test_a_plan_that_is_stale_is_not_applied(self):
        box = self.box
        box.ok(build("PlanProject"))
        box.keep("plan.lz", "plan.txt", under=box.folder / "planned")
        box.change()
        reviewed = digest(box.folder / "planned" / "plan.lz")
        stale = box.run(build("ApplyProject"), LZ_PLAN_DIGEST=reviewed, LZ_ACCEPT="nothing")
        self.assertEqual(stale.returncode, 5, stale.stderr)
        self.assertIn("Other", stale.stdout)


if __name__ == "__main__":
    unittest.main()
