"""What holds for every template."""

import ast
import json
import pathlib
import re
import subprocess
import sys
import unittest

from cfnlint.helpers import REGIONS as EVERY_REGION
from cfnlint.schema.manager import PROVIDER_SCHEMA_MANAGER

from . import templates
from .code import sources
from .templates import AWAY, FOLDER, HOME, SAMPLES, Stack, as_list, load, names, policies, text, variants

# CloudFormation User Guide, "CloudFormation quotas": a template in a request.
INLINE_BYTES = 51_200
REGIONS = ["ap-northeast-1", "ap-northeast-3", "eu-west-1", "us-east-1", "us-west-2"]
# These are deployed to the home Region only, which must know their resources.
HOME_ONLY = {"budgets", "security-hub-admin"}
HOME_REGIONS = ["ap-northeast-1", "eu-west-1", "us-east-1"]
# Resources that hold data which cannot be made again.
KEEPERS = {"AWS::S3::Bucket", "AWS::SecurityLake::DataLake"}


class Templates(unittest.TestCase):
    def test_cfn_lint_has_nothing_to_say(self):
        """Not even for information. A suppression would have to stand in a template, with its reason."""
        for group, regions in ((set(names()) - HOME_ONLY, REGIONS), (HOME_ONLY, HOME_REGIONS)):
            files = [FOLDER / name / "template.yaml" for name in sorted(group)]
            program = pathlib.Path(sys.executable).with_name("cfn-lint")
            command = [program, "--include-checks", "I", "--regions", *regions, "--", *files]
            run = subprocess.run(command, capture_output=True, text=True, check=False)
            self.assertEqual((run.returncode, run.stdout + run.stderr), (0, ""))

    def test_resources_exist_in_every_region_that_the_readme_does_not_leave_out(self):
        """CloudFormation refuses a template with a type that the Region lacks, whatever its conditions say."""
        for name in sorted(set(names()) - HOME_ONLY):
            types = {row["Type"] for row in load(name)["Resources"].values()}
            types = {kind for kind in types if not kind.startswith("Custom::")}
            limits = (FOLDER / name / "README.md").read_text(encoding="utf-8").split("## Limits")[1]
            for region in EVERY_REGION:
                missing = types - set(PROVIDER_SCHEMA_MANAGER.get_resource_types(region))
                if missing:
                    self.assertRegex(limits, rf"\b{region}\b", (name, region, missing))

    def test_suppressions_have_reasons(self):
        for name in names():
            found = load(name).get("Metadata", {}).get("cfn-lint")
            if found:
                self.assertIn("Reason", found)

    def test_each_fits_into_a_request(self):
        for name in names():
            self.assertLess(len(text(name).encode()), INLINE_BYTES)

    def test_service_managed_sets_can_carry_them(self):
        """No transforms, macros or nested stacks (CloudFormation API Reference, "CreateStackSet")."""
        for name in names():
            self.assertNotIn("Transform", load(name))
            self.assertNotIn("Fn::Transform", text(name))
            self.assertNotIn("Fn::ForEach", text(name))
            kinds = {resource["Type"] for resource in load(name)["Resources"].values()}
            self.assertFalse(kinds & {"AWS::CloudFormation::Stack", "AWS::CloudFormation::Macro"})

    def test_every_parameter_is_described_and_constrained(self):
        limits = {"AllowedPattern", "AllowedValues", "MinValue", "MaxValue"}
        for name in names():
            for key, parameter in load(name)["Parameters"].items():
                self.assertGreater(len(parameter.get("Description", "")), 10, (name, key))
                self.assertTrue(limits & set(parameter), (name, key))
                self.assertFalse(parameter.get("NoEcho"), f"{key}: secrets are references, never values")
                if "AllowedPattern" in parameter:
                    self.assertIn("ConstraintDescription", parameter, (name, key))

    def test_defaults_and_samples_keep_the_constraints(self):
        for name in names():
            for key, parameter in load(name)["Parameters"].items():
                value = str(parameter.get("Default", SAMPLES.get(key)))
                values = value.split(",") if "List" in parameter["Type"] else [value]
                for one in values:
                    if "AllowedPattern" in parameter:
                        self.assertRegex(one, parameter["AllowedPattern"], (name, key))
                    if "AllowedValues" in parameter:
                        self.assertIn(one, [str(choice) for choice in parameter["AllowedValues"]], (name, key))
                    if "MinValue" in parameter:
                        self.assertLessEqual(parameter["MinValue"], int(one), (name, key))
                    if "MaxValue" in parameter:
                        self.assertGreaterEqual(parameter["MaxValue"], int(one), (name, key))

    def test_every_stack_makes_something(self):
        """A stack without resources fails, in Regions where a baseline has nothing to do too."""
        for name in names():
            for stack in variants(name):
                self.assertTrue(stack.resources, (stack.region, stack.parameters))

    def test_global_resources_are_made_once(self):
        """The same names in two Regions of one account collide for services that know no Regions."""
        kinds = ("AWS::IAM::", "AWS::Budgets::", "AWS::Chatbot::")
        for name in names():
            if "HomeRegion" not in load(name)["Parameters"]:
                continue
            seen = []
            for region in (HOME, AWAY, "eu-west-1"):
                stack = Stack(name, region)
                for key, row in stack.resources.items():
                    if row["Type"].startswith(kinds):
                        body = row["Properties"]
                        own = next((body[k] for k in body if k.endswith("Name")), None)
                        seen.append((row["Type"], own or (key, body.get("Budget", {}).get("BudgetName"))))
            self.assertEqual(len(seen), len(set(map(str, seen))), seen)

    def test_one_region_baselines_name_buckets_and_keys_once(self):
        for name in names():
            for region in (HOME, AWAY):
                stack = Stack(name, region)
                buckets = stack.of_type("AWS::S3::Bucket")
                for key, body in buckets.items():
                    self.assertIn(stack.account, body["BucketName"], (name, key))

    def test_names_fit(self):
        for name in names():
            for stack in variants(name):
                for body in stack.of_type("AWS::IAM::Role").values():
                    # No Region has a longer name than this.
                    self.assertLessEqual(len(body["RoleName"].replace(stack.region, "ap-southeast-99")), 64)
                    # The guardrails protect and exempt roles by these beginnings.
                    self.assertRegex(body["RoleName"], "^(baseline|people|partner|cfn-service)-")

    def test_arns_know_their_partition(self):
        for name in names():
            found = re.findall(r"arn:aws:[^\s\"']*", text(name))
            self.assertEqual(found, [])

    def test_what_holds_data_is_retained(self):
        for name in names():
            for key, resource in load(name)["Resources"].items():
                if resource["Type"] in KEEPERS:
                    self.assertEqual(resource.get("DeletionPolicy"), "Retain", (name, key))
                    self.assertEqual(resource.get("UpdateReplacePolicy"), "Retain", (name, key))

    def test_keys_rotate(self):
        for name in names():
            for key, body in Stack(name).of_type("AWS::KMS::Key").items():
                self.assertIs(body["EnableKeyRotation"], True, (name, key))

    def test_buckets_are_private_and_encrypted(self):
        for name in names():
            for key, body in Stack(name).of_type("AWS::S3::Bucket").items():
                block = body["PublicAccessBlockConfiguration"]
                self.assertEqual(set(block.values()), {True}, (name, key))
                self.assertEqual(len(block), 4, (name, key))
                self.assertIn("BucketEncryption", body, (name, key))
                self.assertEqual(body["VersioningConfiguration"]["Status"], "Enabled", (name, key))
                refused = [
                    statement
                    for policy in Stack(name).of_type("AWS::S3::BucketPolicy").values()
                    if policy["Bucket"] == f"<{key}>"
                    for statement in policy["PolicyDocument"]["Statement"]
                    if statement["Effect"] == "Deny" and "aws:SecureTransport" in json.dumps(statement)
                ]
                self.assertEqual(len(refused), 1, (name, key))

    def test_queues_and_topics_are_encrypted(self):
        for name in names():
            for kind, wanted in [("AWS::SQS::Queue", "SqsManagedSseEnabled"), ("AWS::SNS::Topic", "KmsMasterKeyId")]:
                for key, body in Stack(name).of_type(kind).items():
                    self.assertIn(wanted, body, (name, key))


class Policies(unittest.TestCase):
    def every(self):
        """Yields each policy of each variant of each baseline, once."""
        for name in names():
            seen = set()
            for stack in variants(name):
                for place, kind, document in policies(stack):
                    mark = (place, json.dumps(document, sort_keys=True))
                    if mark not in seen:
                        seen.add(mark)
                        yield f"{name} {place}", kind, document

    def test_they_parse(self):
        for place, kind, document in self.every():
            self.assertEqual(document["Version"], "2012-10-17", place)
            self.assertTrue(document["Statement"], place)
            for statement in document["Statement"]:
                self.assertIn(statement["Effect"], ("Allow", "Deny"), place)
                self.assertTrue({"Action", "NotAction"} & set(statement), place)
                self.assertEqual("Principal" in statement, kind != "identity", place)
                self.assertEqual(bool({"Resource", "NotResource"} & set(statement)), kind != "trust", place)
                known = {"Sid", "Effect", "Principal", "Action", "NotAction", "Resource", "NotResource", "Condition"}
                self.assertFalse(set(statement) - known, place)
                for action in as_list(statement.get("Action", [])):
                    self.assertRegex(action, r"^[a-z0-9-]+:[A-Za-z*?]+$", place)
                for test, keys in statement.get("Condition", {}).items():
                    self.assertRegex(
                        test,
                        r"^(ForAnyValue:|ForAllValues:)?(String|Arn|Bool|Null|Date|Numeric|(Not)?IpAddress)\w*$",
                        place,
                    )
                    self.assertTrue(keys, place)

    def test_sids_are_unique(self):
        for place, _, document in self.every():
            sids = [statement["Sid"] for statement in document["Statement"] if "Sid" in statement]
            self.assertEqual(len(sids), len(set(sids)), place)

    def test_nothing_is_allowed_wholesale(self):
        """No service is allowed as a whole, except a key to its own account, without which nobody rules it."""
        for place, _, document in self.every():
            for statement in document["Statement"]:
                if statement["Effect"] != "Allow":
                    continue
                self.assertNotIn("NotAction", statement, place)
                self.assertNotIn("NotResource", statement, place)
                own = statement.get("Principal") == {"AWS": f"arn:aws:iam::{templates.ACCOUNT}:root"}
                if as_list(statement["Action"]) == ["kms:*"] and own:
                    continue
                for action in as_list(statement["Action"]):
                    self.assertNotRegex(action, r"^(\*|[a-z0-9-]+:\*)$", place)

    def test_nothing_is_allowed_to_everybody(self):
        for place, _, document in self.every():
            for statement in document["Statement"]:
                if statement["Effect"] == "Allow":
                    self.assertNotIn(statement.get("Principal"), ("*", {"AWS": "*"}), place)

    def test_services_act_for_this_organization_only(self):
        """Otherwise a stranger could have a service do here what he may not do himself."""
        bound = ("aws:SourceAccount", "aws:SourceArn", "aws:SourceOrgID", "sts:ExternalId")
        # A role is passed to a service within its own account only, so trust in these, which document none of the
        # keys for it, is bound already.
        bound_by_passing = {"chatbot", "cloudformation", "config", "lambda"}
        for place, kind, document in self.every():
            free = {f"{name}.amazonaws.com" for name in bound_by_passing} if kind == "trust" else set()
            for statement in document["Statement"]:
                principal = statement.get("Principal")
                services = set(as_list(principal.get("Service", []))) if isinstance(principal, dict) else set()
                if "notify-team" in place:
                    # Amazon SNS Developer Guide, "Managing Amazon SNS encryption keys and costs": EventBridge knows
                    # none of the keys when a topic is encrypted.
                    services -= {"events.amazonaws.com"} if kind == "resource" else set()
                if services - free and statement["Effect"] == "Allow":
                    self.assertTrue(any(key in json.dumps(statement) for key in bound), (place, statement))

    def test_rules_may_write_to_encrypted_topics(self):
        """A condition that EventBridge cannot meet loses every message without a word."""
        stack = Stack("notify-team")
        (key,) = stack.of_type("AWS::KMS::Key").values()
        (topic,) = stack.of_type("AWS::SNS::TopicPolicy").values()
        for document in (key["KeyPolicy"], topic["PolicyDocument"]):
            (statement,) = [
                row for row in document["Statement"] if row["Principal"] == {"Service": "events.amazonaws.com"}
            ]
            self.assertNotIn("Condition", statement)

    def test_writing_to_everything_is_named_action_by_action(self):
        for place, kind, document in self.every():
            for statement in document["Statement"]:
                if kind == "identity" and statement["Effect"] == "Allow" and "*" in as_list(statement["Resource"]):
                    for action in as_list(statement["Action"]):
                        wild = "*" in action and not re.match(r"^[a-z0-9-]+:(Get|List|Describe)", action)
                        self.assertFalse(wild, (place, action))


class Code(unittest.TestCase):
    def test_it_compiles(self):
        for name in names():
            for key, source in sources(name).items():
                with self.subTest(name, resource=key):
                    tree = ast.parse(source)
                    defined = {node.name for node in tree.body if isinstance(node, ast.FunctionDef)}
                    self.assertIn("handler", defined)

    def test_custom_resources_do_not_hang(self):
        """Whoever does not answer holds a stack for an hour, unless the stack says how long it waits."""
        for name in names():
            for key, resource in load(name)["Resources"].items():
                if resource["Type"].startswith("Custom::"):
                    self.assertIn("ServiceTimeout", resource["Properties"], (name, key))
                    self.assertIn("ServiceToken", resource["Properties"], (name, key))

    def test_functions_write_only_to_their_own_log(self):
        for name in names():
            for stack in variants(name):
                groups = {key: body["LogGroupName"] for key, body in stack.of_type("AWS::Logs::LogGroup").items()}
                for body in stack.of_type("AWS::Lambda::Function").values():
                    self.assertIn(body["LoggingConfig"]["LogGroup"].strip("<>"), groups, name)


if __name__ == "__main__":
    unittest.main()
