"""Stack sets and stacks on moto, as far as moto has them: self-managed sets and stacks of the management account.

Where moto 5.2.1 differs from AWS in a way that matters here: operations end at once and keep no id that they are given,
it takes the same set twice, has no automatic deployment targets, and ignores how fast an operation is to go. So how a
roll-out waits, stops and goes on is tested elsewhere.
"""

import unittest

import boto3

from .test_landing_zone import AUDIT, SHOP, UNITS
from .worlds import MANAGEMENT, Lz, Moto

HOME = "eu-west-1"
HEAD = f"""
landing_zone "acme" {{
  management_account = "{MANAGEMENT}"
  home_region        = "{HOME}"
  regions            = ["{HOME}", "us-east-1"]
}}

organization {{}}
"""

TEMPLATE = """
Parameters:
  Retention:
    Type: String
    Default: "30"
Resources:
  Topic:
    Type: AWS::SNS::Topic
    Properties:
      TopicName: alerts
      DisplayName: !Ref Retention
"""

SET = """
stack_set "topics" {
  template       = file("topics.yaml")
  parameters     = { Retention = "7" }
  managed_by     = "self"
  execution_role = "Baseline"
  tags           = { owner = "security" }
  deploy { targets = [account.audit, account.shop] }
}
"""

GATED = SET.replace(
    "  deploy {",
    """  rollout {
    wave "canary" {
      targets = [account.audit]
      gate { alarm = "errors" }
    }
    wave "rest" {}
  }
  deploy {""",
)

STACK = """
stack "alerts" {
  template = file("topics.yaml")
}
"""

WHOLE = HEAD + UNITS + AUDIT + SHOP


class StackSetsOnMoto(unittest.TestCase):
    """Each test has an organization of its own."""

    @classmethod
    def setUpClass(cls):
        cls.moto = Moto()
        cls.addClassCleanup(cls.moto.stop)

    def setUp(self):
        self.moto.reset()
        self.lz = Lz(self.moto.url)
        self.addCleanup(self.lz.remove)
        self.template(TEMPLATE)
        self.client = boto3.client(
            "cloudformation",
            endpoint_url=self.moto.url,
            region_name=HOME,
            aws_access_key_id="test",
            aws_secret_access_key="test",
        )

    def template(self, text: str):
        """Replaces the template."""
        (self.lz.directory / "topics.yaml").write_text(text, encoding="utf-8")

    def converge(self, spec: str):
        """Applies a spec, which must leave nothing to do."""
        self.lz.write(spec)
        applied = self.lz.apply()
        self.assertEqual(applied.code, 0, applied.text)
        planned = self.lz.plan()
        self.assertEqual(planned.code, 0, planned.text)

    def instances(self) -> set[tuple[str, str]]:
        """Returns where the set has stacks."""
        listed = self.client.list_stack_instances(StackSetName="topics")["Summaries"]
        return {(one["Account"], one["Region"]) for one in listed}

    def accounts(self) -> dict[str, str]:
        """Returns the ids of accounts by their names."""
        listed = self.moto.organizations().list_accounts()["Accounts"]
        return {account["Name"]: account["Id"] for account in listed}

    def described(self) -> dict:
        """Returns the set."""
        return self.client.describe_stack_set(StackSetName="topics")["StackSet"]

    def test_a_self_managed_set_comes_up_and_settles(self):
        self.converge(WHOLE + SET)
        accounts = self.accounts()
        expected = {(accounts[name], region) for name in ("Audit", "Shop") for region in (HOME, "us-east-1")}
        self.assertEqual(self.instances(), expected)
        found = self.described()
        self.assertEqual(found["PermissionModel"], "SELF_MANAGED")
        self.assertEqual(found["ExecutionRoleName"], "Baseline")
        self.assertEqual(found["Parameters"][0]["ParameterValue"], "7")
        tags = {tag["Key"]: tag["Value"] for tag in found["Tags"]}
        self.assertEqual(tags, {"lz:zone": "acme", "lz:address": "stack_set.topics", "owner": "security"})

    def test_a_set_is_read_with_the_calls_that_it_takes(self):
        self.converge(WHOLE + SET)
        calls = self.lz.plan().calls
        of_stacks = {key: count for key, count in calls.items() if key.startswith("cloudformation:")}
        self.assertEqual(
            of_stacks,
            {
                "cloudformation:ListStackSets": 1,
                "cloudformation:DescribeStackSet": 1,
                "cloudformation:ListStackInstances": 1,
                "cloudformation:ListStackSetOperations": 1,
                "cloudformation:DescribeStacks": 1,
            },
        )

    def test_a_changed_parameter_reaches_the_set(self):
        self.converge(WHOLE + SET)
        self.converge(WHOLE + SET.replace('"7"', '"14"'))
        self.assertEqual(self.described()["Parameters"][0]["ParameterValue"], "14")

    def test_a_changed_template_reaches_the_set_even_when_it_is_too_long_for_a_call(self):
        self.converge(WHOLE + SET)
        longer = TEMPLATE.replace("Topic:", "Alerts:") + "# a long explanation\n" * 3_000
        self.template(longer)
        self.converge(WHOLE + SET)
        self.assertIn("Alerts:", self.described()["TemplateBody"])

    def test_an_account_joins_and_leaves_the_set(self):
        self.converge(WHOLE + SET.replace(", account.shop", ""))
        accounts = self.accounts()
        self.assertEqual({account for account, _ in self.instances()}, {accounts["Audit"]})
        self.converge(WHOLE + SET)
        self.assertEqual({account for account, _ in self.instances()}, {accounts["Audit"], accounts["Shop"]})
        self.converge(WHOLE + SET.replace("account.audit, ", ""))
        self.assertEqual({account for account, _ in self.instances()}, {accounts["Shop"]})

    def test_a_set_that_left_the_spec_goes_with_its_stacks(self):
        self.converge(WHOLE + SET)
        self.converge(WHOLE)
        left = self.client.list_stack_sets()["Summaries"]
        self.assertEqual({one["Status"] for one in left}, {"DELETED"})

    def test_an_alarm_keeps_the_next_wave_back_until_it_is_quiet(self):
        alarms = boto3.client(
            "cloudwatch",
            endpoint_url=self.moto.url,
            region_name=HOME,
            aws_access_key_id="test",
            aws_secret_access_key="test",
        )
        alarms.put_metric_alarm(
            AlarmName="errors",
            MetricName="Errors",
            Namespace="acme",
            Statistic="Sum",
            Period=60,
            EvaluationPeriods=1,
            Threshold=1,
            ComparisonOperator="GreaterThanThreshold",
        )
        alarms.set_alarm_state(AlarmName="errors", StateValue="ALARM", StateReason="many")
        self.lz.write(WHOLE + GATED)
        held = self.lz.apply()
        self.assertNotEqual(held.code, 0, held.text)
        accounts = self.accounts()
        self.assertEqual({account for account, _ in self.instances()}, {accounts["Audit"]}, held.text)
        alarms.set_alarm_state(AlarmName="errors", StateValue="OK", StateReason="none")
        self.converge(WHOLE + GATED)
        self.assertEqual({account for account, _ in self.instances()}, {accounts["Audit"], accounts["Shop"]})

    def test_a_stack_of_the_management_account_lives_and_goes(self):
        self.converge(WHOLE + STACK)
        found = self.client.describe_stacks(StackName="alerts")["Stacks"][0]
        self.assertEqual(found["StackStatus"], "CREATE_COMPLETE")
        self.template(TEMPLATE.replace('Default: "30"', 'Default: "60"'))
        self.converge(WHOLE + STACK)
        found = self.client.describe_stacks(StackName="alerts")["Stacks"][0]
        self.assertEqual(found["StackStatus"], "UPDATE_COMPLETE")
        self.converge(WHOLE)
        names = [stack["StackName"] for stack in self.client.describe_stacks()["Stacks"]]
        self.assertNotIn("alerts", names)


if __name__ == "__main__":
    unittest.main()
