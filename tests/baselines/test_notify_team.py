"""notify-team: which events are told, and that what is said holds the account's name and can be shown."""

import json
import re
import unittest

from .templates import AWAY, HOME, OPTIONS, Stack

ACCOUNT = "123456789012"

GUARDDUTY = {
    "source": "aws.guardduty",
    "detail-type": "GuardDuty Finding",
    "account": ACCOUNT,
    "region": AWAY,
    "detail": {
        "accountId": ACCOUNT,
        "region": AWAY,
        "severity": 8,
        "title": "An EC2 instance is mining.",
        "type": "CryptoCurrency:EC2/BitcoinTool.B!DNS",
        "description": 'said "hello"',
    },
}

HUB = {
    "source": "aws.securityhub",
    "detail-type": "Security Hub Findings - Imported",
    "account": ACCOUNT,
    "region": AWAY,
    "detail": {
        "findings": [
            {
                "AwsAccountId": ACCOUNT,
                "ProductName": "Security Hub",
                "RecordState": "ACTIVE",
                "Region": AWAY,
                "Resources": [{"Id": "arn:aws:s3:::shop"}],
                "Severity": {"Label": "HIGH"},
                "Title": "S3.8 Buckets should block public access",
                "Workflow": {"Status": "NEW"},
            }
        ]
    },
}

HEALTH = {
    "source": "aws.health",
    "detail-type": "AWS Health Event",
    "account": ACCOUNT,
    "region": AWAY,
    "detail": {"eventTypeCategory": "issue", "eventTypeCode": "AWS_EC2_OPERATIONAL_ISSUE", "service": "EC2"},
}


def changed(event: dict, **changes) -> dict:
    """Returns the event with other values in its detail, or in its only finding."""
    copy = json.loads(json.dumps(event))
    place = copy["detail"].get("findings", [copy["detail"]])[0]
    place.update(changes)
    return copy


def at(event: dict, path: str):
    """Returns what a path of an input transformer leads to."""
    value = event
    for name, index in re.findall(r"[.]([A-Za-z-]+)(?:\[(\d+)\])?", path):
        value = value[name]
        if index:
            value = value[int(index)]
    return value


def matches(pattern, value) -> bool:
    """Tells whether EventBridge takes a value for a pattern: the part of its language that the rules use."""
    if isinstance(value, list):
        return any(matches(pattern, item) for item in value)
    if isinstance(pattern, dict):
        return isinstance(value, dict) and all(key in value and matches(pattern[key], value[key]) for key in pattern)
    return any(one(filter_, value) for filter_ in pattern)


def one(filter_, value) -> bool:
    match filter_:
        case {"numeric": [">=", least]}:
            return value >= least
        case {"anything-but": [*others]}:
            return value not in others
        case str():
            return value == filter_
    raise AssertionError(f"an unknown filter: {filter_}")


class Rules(unittest.TestCase):
    def rules(self, region=HOME, **values) -> dict[str, dict]:
        found = Stack("notify-team", region, **values).of_type("AWS::Events::Rule")
        return {body["Name"].removeprefix("baseline-notify-team-"): body for body in found.values()}

    def told(self, event, **values) -> list[str]:
        """Returns the rules that an event matches."""
        return [name for name, rule in self.rules(**values).items() if matches(rule["EventPattern"], event)]

    def test_each_event_has_one_rule(self):
        for region in (HOME, AWAY):
            for event, name in ((GUARDDUTY, "guardduty"), (HUB, "securityhub"), (HEALTH, "health")):
                self.assertEqual(self.told(event, region=region), [name])

    def test_findings_below_the_severity_are_not_told(self):
        for least, numbers, labels in (
            ("CRITICAL", {8.9: False, 9: True}, {"HIGH": False, "CRITICAL": True}),
            ("HIGH", {6.9: False, 7: True}, {"MEDIUM": False, "HIGH": True}),
            ("MEDIUM", {3.9: False, 4: True}, {"LOW": False, "MEDIUM": True}),
        ):
            for number, wanted in numbers.items():
                told = self.told(changed(GUARDDUTY, severity=number), Severity=least)
                self.assertEqual(bool(told), wanted, (least, number))
            for label, wanted in labels.items():
                told = self.told(changed(HUB, Severity={"Label": label}), Severity=least)
                self.assertEqual(bool(told), wanted, (least, label))

    def test_what_home_would_tell_is_sent_home(self):
        events = [changed(GUARDDUTY, severity=4), changed(HUB, Severity={"Label": "MEDIUM"}), HEALTH]
        for event in events:
            self.assertEqual(self.told(event, Severity="MEDIUM"), self.told(event, region=AWAY, Severity="MEDIUM"))

    def test_guardduty_is_not_told_twice(self):
        self.assertEqual(self.told(changed(HUB, ProductName="GuardDuty")), [])

    def test_old_findings_are_not_told(self):
        self.assertEqual(self.told(changed(HUB, Workflow={"Status": "RESOLVED"})), [])
        self.assertEqual(self.told(changed(HUB, RecordState="ARCHIVED")), [])

    def test_health_can_be_left_out(self):
        self.assertEqual(self.told(HEALTH, Health="off"), [])
        self.assertEqual(self.told(HEALTH, Health="off", region=AWAY), [])
        self.assertEqual(self.told(changed(HEALTH, eventTypeCategory="accountNotification")), [])

    def test_messages_name_the_account_and_can_be_shown(self):
        """The shape is that of Amazon Q Developer in chat applications, "Custom notifications"."""
        rules = self.rules(AccountName="Shop (Prod)", Team="Shop", Environment="production", **OPTIONS["notify-team"])
        for name, event in (("guardduty", GUARDDUTY), ("securityhub", HUB), ("health", HEALTH)):
            (target,) = rules[name]["Targets"]
            transformer = target["InputTransformer"]
            text = transformer["InputTemplate"]
            self.assertNotIn("\n", text)
            # EventBridge takes templates of up to 8,192 characters and 100 variables.
            self.assertLess(len(text), 8_192)
            self.assertEqual(set(re.findall(r"<(\w+)>", text)), set(transformer["InputPathsMap"]))
            for variable, path in transformer["InputPathsMap"].items():
                text = text.replace(f"<{variable}>", str(at(event, path)))
            message = json.loads(text)
            self.assertEqual((message["version"], message["source"]), ("1.0", "custom"))
            self.assertEqual(message["content"]["textType"], "client-markdown")
            self.assertTrue(message["content"]["title"].startswith("Shop (Prod): "))
            for part in ("production", "team Shop", ACCOUNT, AWAY):
                self.assertIn(part, message["content"]["description"])
            self.assertNotIn("hello", text)

    def test_a_channel_needs_workspace_and_channel(self):
        chat = {"WorkspaceId": "T0123ABCD", "ChannelId": "C0123ABCD"}
        kind = "AWS::Chatbot::SlackChannelConfiguration"
        self.assertEqual(len(Stack("notify-team", **chat).of_type(kind)), 1)
        self.assertEqual(len(Stack("notify-team", AWAY, **chat).of_type(kind)), 0)
        for key in chat:
            self.assertEqual(len(Stack("notify-team", **{key: chat[key]}).of_type(kind)), 0)


if __name__ == "__main__":
    unittest.main()
