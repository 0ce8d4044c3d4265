"""boto3 and the AWS CLI work with stack sets, stacks, S3 and alarms; every answer fits botocore's model."""

import pathlib
import subprocess
import tempfile
import unittest

from . import model
from .callers import Boto, Cli, Refused
from .stack_walk import BUCKET, HOME, TEMPLATE, BucketWalk, StackWalk
from .twin import MANAGEMENT, QUICK, UNTHROTTLED, Twin, TwinCase

# A stack takes a fraction of a second with boto3, and about one with the CLI, which is that slow itself.
SLOWER, SLOWEST = 200.0, 30.0


def every_operation(services):
    """Adds a test for each operation of some services, so that a forgotten one fails by its name."""

    def add(cls):
        for service, operation in model.stack_operations():
            if service not in services:
                continue

            def answers_as_modelled(self, key=(service, operation)):
                self.assertGreater(self.log.answered[key], 0, "the walk has not called it with success")
                self.assertEqual(self.log.problems[key], [])

            name = f"test_{service}_{operation}_answers_as_modelled"
            answers_as_modelled.__name__ = name
            setattr(cls, name, answers_as_modelled)
        return cls

    return add


class Walked(TwinCase):
    """Walks once, then asks the log about each operation."""

    time_scale = SLOWER


@every_operation({"cloudformation", "cloudwatch", "s3"})
class Boto3(Walked):
    """The whole walk with boto3."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        call = Boto(cls.twin.endpoint, s3={"addressing_style": "path"})
        cls.log = call.log
        BucketWalk(unittest.TestCase(), call).all()
        StackWalk(unittest.TestCase(), call).all()

    def test_whatever_else_these_services_have_is_refused_by_name(self):
        call = Boto(self.twin.endpoint)
        for service in ("cloudformation", "cloudwatch"):
            for operation in sorted(set(model.service(service).operation_names) - model.STACKS[service]):
                with self.subTest(service=service, operation=operation):
                    with self.assertRaises(Refused) as caught:
                        call(service, operation)
                    self.assertEqual(caught.exception.code, "UnknownOperationException")
                    self.assertIn(f"`{operation}`", str(caught.exception))


@every_operation({"cloudformation", "cloudwatch"})
class AwsCli(Walked):
    """The whole walk with the AWS CLI."""

    time_scale = SLOWEST

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cli = Cli(cls.twin.endpoint)
        cls.addClassCleanup(cli.close)
        cls.log = cli.log
        StackWalk(unittest.TestCase(), cli).all()

    def test_a_file_goes_to_s3_and_comes_back(self):
        cli = Cli(self.twin.endpoint)
        self.addCleanup(cli.close)
        folder = pathlib.Path(tempfile.mkdtemp(prefix="lz-s3-", dir=cli.home))
        (folder / "there").write_text(TEMPLATE, encoding="utf-8")

        def s3(*words):
            command = [cli.program, "s3", *words, "--endpoint-url", cli.endpoint]
            environment = cli._environment(MANAGEMENT)
            done = subprocess.run(command, env=environment, cwd=folder, capture_output=True, text=True, timeout=60)
            self.assertEqual(done.returncode, 0, done.stderr)
            return done.stdout

        s3("mb", f"s3://{BUCKET}-cli")
        s3("cp", "there", f"s3://{BUCKET}-cli/a/template.yaml")
        s3("cp", f"s3://{BUCKET}-cli/a/template.yaml", "back")
        self.assertEqual((folder / "back").read_text(encoding="utf-8"), TEMPLATE)
        self.assertIn("template.yaml", s3("ls", f"s3://{BUCKET}-cli/a/"))
        s3("rb", f"s3://{BUCKET}-cli", "--force")


class Refusals(unittest.TestCase):
    """What boto3 is told when CloudFormation says no: codes and statuses of the model."""

    @classmethod
    def setUpClass(cls):
        cls.twin = Twin(settings=UNTHROTTLED | {"stack_sets": 1, "stack_seconds": [3600, 3600]}, time_scale=QUICK)
        cls.addClassCleanup(cls.twin.stop)
        cls.call = Boto(cls.twin.endpoint)
        cls.cfn("CreateStackSet", StackSetName="own", TemplateBody=TEMPLATE)
        targets = {"StackSetName": "own", "Accounts": [MANAGEMENT], "Regions": [HOME]}
        cls.targets = targets
        cls.cfn("CreateStackInstances", OperationId="first", **targets)

    @classmethod
    def cfn(cls, operation: str, **given):
        return cls.call("cloudformation", operation, **given)

    def test_refusals_have_the_codes_and_statuses_of_the_model(self):
        place = {"StackInstanceAccount": "999999999999", "StackInstanceRegion": HOME}
        for operation, code, given in (
            ("CreateStackSet", "NameAlreadyExistsException", {"StackSetName": "own", "TemplateBody": TEMPLATE}),
            ("CreateStackSet", "LimitExceededException", {"StackSetName": "more", "TemplateBody": TEMPLATE}),
            ("CreateStackSet", "ValidationError", {"StackSetName": "more", "TemplateBody": "x"}),
            ("DescribeStackSet", "StackSetNotFoundException", {"StackSetName": "none"}),
            ("DescribeStackInstance", "StackInstanceNotFoundException", {"StackSetName": "own", **place}),
            (
                "DescribeStackSetOperation",
                "OperationNotFoundException",
                {"StackSetName": "own", "OperationId": "none"},
            ),
            ("CreateStackInstances", "OperationInProgressException", self.targets),
            (
                "CreateStackInstances",
                "OperationIdAlreadyExistsException",
                self.targets | {"Regions": ["eu-west-1"], "OperationId": "first"},
            ),
            ("DeleteStackSet", "OperationInProgressException", {"StackSetName": "own"}),
            ("ActivateOrganizationsAccess", "InvalidOperationException", {}),
            (
                "ImportStacksToStackSet",
                "OperationInProgressException",
                {"StackSetName": "own", "StackIds": ["x"]},
            ),
            ("DescribeStacks", "ValidationError", {"StackName": "none"}),
        ):
            with self.subTest(operation=operation, code=code):
                with self.assertRaises(Refused) as caught:
                    self.cfn(operation, **given)
                self.assertEqual(caught.exception.code, code)
        self.assertEqual([odd for odds in self.call.log.problems.values() for odd in odds], [])


class Faults(unittest.TestCase):
    """What the settings and the fault script say about stacks."""

    def test_stacks_fail_where_the_fault_script_says(self):
        faults = {"stacks": [{"name": "own", "reason": "the roof is on fire", "times": 1}]}
        twin = Twin(settings=UNTHROTTLED, faults=faults, time_scale=QUICK)
        self.addCleanup(twin.stop)
        walk = StackWalk(self, Boto(twin.endpoint))
        walk.cfn("CreateStackSet", StackSetName="own", TemplateBody=TEMPLATE)
        targets = {"StackSetName": "own", "Accounts": [MANAGEMENT], "Regions": [HOME]}
        failed = walk.ended(walk.cfn("CreateStackInstances", **targets)["OperationId"], "own")
        self.assertEqual((failed["Status"], failed["StatusDetails"]["FailedStackInstancesCount"]), ("FAILED", 1))
        listed = walk.cfn("ListStackInstances", StackSetName="own")["Summaries"]
        self.assertEqual([row["StatusReason"] for row in listed], ["the roof is on fire"])
        walk.carry_out("CreateStackInstances", **targets)

    def test_paginators_read_every_page(self):
        twin = Twin(settings=UNTHROTTLED, time_scale=QUICK)
        self.addCleanup(twin.stop)
        call = Boto(twin.endpoint)
        for number in range(5):
            call("cloudformation", "CreateStackSet", StackSetName=f"set-{number}", TemplateBody=TEMPLATE)
        paginator = call.client("cloudformation").get_paginator("list_stack_sets")
        pages = list(paginator.paginate(PaginationConfig={"PageSize": 2}))
        self.assertEqual([len(page["Summaries"]) for page in pages], [2, 2, 1])


if __name__ == "__main__":
    unittest.main()
