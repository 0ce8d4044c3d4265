"""The ready pipelines fit their services' schemas, and their steps run against a twin."""

import hashlib
import json
import pathlib
import shutil
import subprocess
import sys
import unittest

import yaml

from .world import PIPELINES, Sandbox, load

GITHUB = PIPELINES / "github"
GITLAB = PIPELINES / "gitlab" / ".gitlab-ci.yml"
TEMPLATE = PIPELINES / "codepipeline" / "template.yaml"


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


def step(workflow: str, name: str) -> str:
    """Returns the shell of a step of a GitHub workflow."""
    (job,) = load(GITHUB / workflow)["jobs"].values()
    (found,) = [step["run"] for step in job["steps"] if step.get("name") == name]
    return found


def job(name: str) -> str:
    """Returns the shell of a job of the GitLab pipeline; its lines share a shell."""
    return "\n".join(load(GITLAB)[name]["script"])


def build(project: str) -> str:
    """Returns the shell of a CodeBuild project's build phase."""
    template = yaml.load(TEMPLATE.read_text(encoding="utf-8"), Loader=Loader)
    spec = yaml.safe_load(template["Resources"][project]["Properties"]["Source"]["BuildSpec"])
    return "\n".join(spec["phases"]["build"]["commands"])


def digest(path: pathlib.Path) -> str:
    return "sha256:" + hashlib.sha256(path.read_bytes()).hexdigest()


class Shapes(unittest.TestCase):
    def check(self, schema: str, *paths: pathlib.Path):
        command = [tool("check-jsonschema"), "--builtin-schema", schema, *map(str, paths)]
        ran = subprocess.run(command, capture_output=True, text=True, check=False)
        self.assertEqual(ran.returncode, 0, ran.stdout + ran.stderr)

    def test_the_workflows_are_what_github_takes(self):
        paths = sorted(GITHUB.glob("*.yml"))
        self.assertEqual([path.name for path in paths], ["apply.yml", "drift.yml", "plan.yml"])
        self.check("vendor.github-workflows", *paths)

    def test_the_pipeline_is_what_gitlab_takes(self):
        self.check("vendor.gitlab-ci", GITLAB)

    def test_the_template_is_what_cloudformation_takes(self):
        command = [tool("cfn-lint"), "--regions", "eu-west-1", "--template", str(TEMPLATE)]
        ran = subprocess.run(command, capture_output=True, text=True, check=False)
        self.assertEqual(ran.returncode, 0, ran.stdout + ran.stderr)

    def test_no_workflow_puts_foreign_text_into_a_shell(self):
        for path in GITHUB.glob("*.yml"):
            for one in load(path)["jobs"].values():
                for part in one["steps"]:
                    self.assertNotIn("${{", part.get("run", ""), path.name)

    def test_credentials_come_from_identity_and_never_from_keys(self):
        for path in GITHUB.glob("*.yml"):
            text = path.read_text(encoding="utf-8")
            self.assertIn("id-token: write", text)
            self.assertNotIn("secrets.", text)
            self.assertIn("role-to-assume", text)
        self.assertIn("id_tokens", GITLAB.read_text(encoding="utf-8"))


class Steps(unittest.TestCase):
    def setUp(self):
        self.box = Sandbox()
        self.addCleanup(self.box.close)

    def test_lz_is_installed_only_if_it_is_the_binary_that_was_chosen(self):
        self.box.tool("curl", '#!/bin/bash\nwhile [ "$1" != --output ]; do shift; done\necho lz > "$2"\n')
        right = hashlib.sha256(b"lz\n").hexdigest()
        for script in [step("plan.yml", "Install lz"), step("apply.yml", "Install lz"), step("drift.yml", "Install lz")]:
            self.box.ok(script, LZ_DOWNLOAD="https://example.com/lz", LZ_SHA256=right)
            wrong = self.box.run(script, LZ_DOWNLOAD="https://example.com/lz", LZ_SHA256="0" * 64)
            self.assertNotEqual(wrong.returncode, 0)

    def test_github_plans_comments_once_and_applies_what_was_reviewed(self):
        box = self.box
        box.ok(step("plan.yml", "Check the spec"))
        box.ok(step("plan.yml", "Plan"))
        self.assertEqual(box.read("plan.digest").strip(), digest(box.checkout / "plan.lz"))
        environment = {"GITHUB_REPOSITORY": "acme/zone", "PULL_REQUEST": "7", "GH_TOKEN": "x"}
        box.answer("gh", [("--paginate", "")])
        box.ok(step("plan.yml", "Comment"), **environment)
        self.assertTrue(any("--method POST repos/acme/zone/issues/7/comments" in call for call in box.called()))
        box.answer("gh", [("--paginate", "4242")])
        box.ok(step("plan.yml", "Comment"), **environment)
        self.assertIn("--method PATCH repos/acme/zone/issues/comments/4242", box.called()[-1])
        comment = box.read("comment.md")
        self.assertTrue(comment.startswith("<!-- lz plan -->\n"))
        shutil.move(box.checkout / "plan.lz", box.folder / "plan.lz")
        self._fetch_and_apply(comment)

    def _fetch_and_apply(self, comment: str):
        box = self.box
        environment = {"GITHUB_REPOSITORY": "acme/zone", "GITHUB_SHA": "abc", "GH_TOKEN": "x"}
        rules = [("commits/abc/pulls", "7 0123abcd"), ("issues/7/comments", comment), ("head_sha=0123abcd", "99"), ("run download 99", "")]
        box.answer("gh", rules)
        box.ok(step("apply.yml", "Fetch the reviewed plan"), **environment)
        shutil.copy(box.folder / "plan.lz", box.checkout / "plan.lz")
        (box.checkout / "plan.lz").write_text(box.read("plan.lz") + "\n", encoding="utf-8")
        forged = box.run(step("apply.yml", "Apply"))
        self.assertEqual(forged.returncode, 5, forged.stderr)
        shutil.copy(box.folder / "plan.lz", box.checkout / "plan.lz")
        box.ok(step("apply.yml", "Apply"))
        again = box.ok('lz plan "$LZ_SPEC" --detailed-exitcode')
        self.assertIn("No changes", again)

    def test_github_opens_one_issue_for_drift_and_closes_it(self):
        box = self.box
        box.ok("lz apply . --auto-approve")
        environment = {"GITHUB_REPOSITORY": "acme/zone", "GH_TOKEN": "x"}
        compare, issue = step("drift.yml", "Compare"), step("drift.yml", "Open or close the issue")
        box.answer("gh", [("issue list", "")])
        box.ok(compare)
        box.ok(issue, **environment)
        self.assertEqual(len(box.called()), 1, "nothing has drifted")
        box.change()
        box.ok(compare)
        box.ok(issue, **environment)
        self.assertIn("issue create", box.called()[-1])
        self.assertIn("Other", box.read("issue.md"))
        box.answer("gh", [("issue list", "12")])
        box.ok(issue, **environment)
        self.assertIn("issue edit 12", box.called()[-1])
        box.ok("lz apply . --auto-approve")
        box.ok(compare)
        box.ok(issue, **environment)
        self.assertIn("issue close 12", box.called()[-1])

    def test_a_comparison_that_fails_is_no_drift(self):
        (self.box.checkout / "main.hcl").write_text("nonsense", encoding="utf-8")
        self.assertEqual(self.box.run(step("drift.yml", "Compare")).returncode, 3)
        self.assertEqual(self.box.run(job("drift")).returncode, 3)
        self.assertEqual(self.box.run(build("DriftProject")).returncode, 3)

    def test_gitlab_plans_notes_once_and_applies_the_same_file(self):
        if shutil.which("jq") is None:
            self.skipTest("there is no jq")
        box = self.box
        environment = {
            "CI_MERGE_REQUEST_IID": "7",
            "CI_API_V4_URL": "https://gitlab.example/api/v4",
            "CI_PROJECT_ID": "1",
            "LZ_NOTE_TOKEN": "x",
        }
        box.answer("curl", [("per_page", "[]")])
        box.ok(job("plan"), **environment)
        self.assertIn("--request POST", box.called()[-1])
        box.answer("curl", [("per_page", json.dumps([{"id": 3, "body": "<!-- lz plan -->\nx"}]))])
        box.ok(job("plan"), **environment)
        self.assertIn("merge_requests/7/notes/3", box.called()[-1])
        name, reviewed = box.read("plan.env").strip().split("=")
        self.assertEqual((name, reviewed), ("LZ_PLAN_DIGEST", digest(box.checkout / "plan.lz")))
        self.assertEqual(box.run(job("apply"), LZ_PLAN_DIGEST="sha256:" + "0" * 64).returncode, 5)
        box.ok(job("apply"), LZ_PLAN_DIGEST=reviewed)

    def test_codebuild_plans_and_applies_what_was_approved(self):
        box = self.box
        exported = box.ok(build("PlanProject") + '\necho "$LZ_PLAN_DIGEST|$LZ_PLAN_SUMMARY"').splitlines()[-1]
        reviewed, summary = exported.split("|")
        self.assertEqual(reviewed, digest(box.checkout / "plan.lz"))
        self.assertIn("to create", summary)
        box.ok(build("ApplyProject"), LZ_PLAN_DIGEST=reviewed)
        box.change()
        box.tool("aws")
        box.ok(build("DriftProject"), TOPIC="arn:aws:sns:eu-west-1:111122223333:t")
        self.assertIn("sns publish", box.called()[-1])

    def test_a_plan_that_is_stale_is_not_applied(self):
        box = self.box
        box.ok(build("PlanProject"))
        box.change()
        stale = box.run(build("ApplyProject"), LZ_PLAN_DIGEST=digest(box.checkout / "plan.lz"))
        self.assertEqual(stale.returncode, 5, stale.stderr)
        self.assertIn("Other", stale.stdout)


if __name__ == "__main__":
    unittest.main()
