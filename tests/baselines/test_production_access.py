"""production-access: who gets in, for how long, and that it ends."""

import datetime
import os
import unittest
import unittest.mock

from .code import Code
from .templates import AWAY, Stack
from .world import client, reset

GROUP = "people-production"
ALICE, BOB = "arn:aws:iam::555555555555:user/alice", "arn:aws:iam::555555555555:user/ops/bob"


def approved(*approvers: str, decision: str = "Approve") -> list[dict]:
    return [{"approver": arn, "decision": decision, "comment": ""} for arn in approvers]


class Access(unittest.TestCase):
    def setUp(self):
        reset()
        self.iam = client("iam")
        self.iam.create_group(GroupName=GROUP)
        for name in ("alice", "bob", "carol"):
            self.iam.create_user(UserName=name)
        patch = unittest.mock.patch.dict(os.environ, {"GROUP": GROUP})
        patch.start()
        self.addCleanup(patch.stop)

    def grant(self, user="alice", hours=2, decisions=None):
        event = {
            "User": user,
            "Hours": hours,
            "MaxHours": "4",
            "Group": GROUP,
            "Request": "11111111-2222-3333-4444-555555555555",
            "Decisions": approved(BOB) if decisions is None else decisions,
        }
        return Code("production-access", "Runbook.grant").call(event, {"iam": self.iam})

    def revoke(self):
        return Code("production-access", "Revoker").call({}, {"iam": self.iam})["Revoked"]

    def members(self):
        return [user["UserName"] for user in self.iam.get_group(GroupName=GROUP)["Users"]]

    def tags(self, user):
        return {tag["Key"]: tag["Value"] for tag in self.iam.list_user_tags(UserName=user)["Tags"]}

    def until(self, user, moment):
        value = moment if isinstance(moment, str) else moment.strftime("%Y-%m-%dT%H:%M:%SZ")
        self.iam.tag_user(UserName=user, Tags=[{"Key": "production-access-until", "Value": value}])

    def test_a_grant_carries_its_end(self):
        before = datetime.datetime.now(datetime.timezone.utc).replace(microsecond=0)
        until = self.grant()["Until"]
        self.assertEqual(self.members(), ["alice"])
        self.assertEqual(self.tags("alice")["production-access-until"], until)
        self.assertIn("production-access-request", self.tags("alice"))
        end = datetime.datetime.fromisoformat(until)
        self.assertLess(abs(end - before - datetime.timedelta(hours=2)), datetime.timedelta(minutes=1))

    def test_it_stays_until_its_end_and_not_longer(self):
        self.grant()
        self.assertEqual(self.revoke(), [])
        self.assertEqual(self.members(), ["alice"])
        now = datetime.datetime.now(datetime.timezone.utc)
        self.until("alice", now - datetime.timedelta(seconds=1))
        self.assertEqual(self.revoke(), ["alice"])
        self.assertEqual((self.members(), self.tags("alice")), ([], {}))

    def test_nobody_approves_for_himself(self):
        for decisions in (approved(ALICE), approved(ALICE.replace("user/", "user/ops/")), []):
            with self.subTest(decisions), self.assertRaises(PermissionError):
                self.grant(decisions=decisions)
        self.assertEqual((self.members(), self.tags("alice")), ([], {}))

    def test_a_second_approver_counts(self):
        self.grant(decisions=approved(ALICE, BOB))
        self.assertEqual(self.members(), ["alice"])

    def test_a_rejection_is_no_approval(self):
        with self.assertRaises(PermissionError):
            self.grant(decisions=approved(BOB, decision="Reject"))

    def test_decisions_as_text_are_understood(self):
        self.grant(decisions=['{"Approver": "arn:aws:iam::555555555555:user/bob", "Decision": "APPROVED"}'])
        self.assertEqual(self.members(), ["alice"])

    def test_longer_than_allowed_is_refused(self):
        for hours in (0, -1, 5):
            with self.subTest(hours), self.assertRaises(ValueError):
                self.grant(hours=hours)
        self.assertEqual(self.members(), [])

    def test_who_got_in_by_hand_is_put_out(self):
        self.iam.add_user_to_group(GroupName=GROUP, UserName="bob")
        self.iam.add_user_to_group(GroupName=GROUP, UserName="carol")
        self.until("carol", "next year")
        self.assertEqual(sorted(self.revoke()), ["bob", "carol"])
        self.assertEqual(self.members(), [])

    def test_one_users_trouble_keeps_nobody_else_in(self):
        self.iam.add_user_to_group(GroupName=GROUP, UserName="alice")
        self.iam.add_user_to_group(GroupName=GROUP, UserName="bob")
        code = Code("production-access", "Revoker")
        whole = code.module.tags

        def tags(iam, user):
            if user == "alice":
                raise RuntimeError("throttled")
            return whole(iam, user)

        code.module.tags = tags
        with self.assertRaisesRegex(RuntimeError, "alice"):
            code.call({}, {"iam": self.iam})
        self.assertEqual(self.members(), ["alice"])

    def test_another_region_grants_nothing(self):
        self.assertEqual(set(Stack("production-access", AWAY).resources), {"Nothing"})

    def test_the_schedule_says_what_the_parameter_says(self):
        for minutes, wanted in (("1", "rate(1 minute)"), ("5", "rate(5 minutes)"), ("15", "rate(15 minutes)")):
            (schedule,) = (
                Stack("production-access", CheckMinutes=minutes).of_type("AWS::Scheduler::Schedule").values()
            )
            self.assertEqual(schedule["ScheduleExpression"], wanted)


if __name__ == "__main__":
    unittest.main()
