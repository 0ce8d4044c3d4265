"""What boto3 sees of the service around the operations: buckets, faults, pages, sessions, state, and its end."""

import pathlib
import shutil
import tempfile
import threading
import unittest

import botocore.exceptions

from .callers import Boto, Credentials, Refused
from .twin import MANAGEMENT, QUICK, UNTHROTTLED, Twin
from .walk import Walk


class Service(unittest.TestCase):
    """Each test has a twin of its own."""

    def start(self, **given) -> Twin:
        twin = Twin(**given)
        self.addCleanup(twin.stop)
        return twin

    def organization(self, twin: Twin) -> Boto:
        call = Boto(twin.endpoint)
        call("organizations", "CreateOrganization")
        return call

    def assert_modelled(self, call: Boto):
        self.assertEqual({key: odd for key, odd in call.log.problems.items() if odd}, {})

    def test_a_call_beyond_the_bucket_is_throttled(self):
        call = self.organization(self.start())
        with self.assertRaises(Refused) as caught:
            for _ in range(20):
                call("organizations", "ListRoots")
        self.assertEqual(caught.exception.code, "TooManyRequestsException")
        # The bucket of ListRoots holds two.
        self.assertGreaterEqual(call.log.answered[("organizations", "ListRoots")], 2)
        self.assert_modelled(call)

    def test_botocore_retries_a_throttled_call_by_itself(self):
        # Tokens come back twenty times as fast as at AWS, but still slower than a client asks.
        twin = self.start(time_scale=20.0)
        self.organization(twin)
        call = Boto(twin.endpoint, retries={"mode": "standard", "total_max_attempts": 8})
        for _ in range(12):
            call("organizations", "ListRoots")
        self.assertGreater(call.log.refused[("organizations", "ListRoots")], 0)
        self.assertEqual(call.log.answered[("organizations", "ListRoots")], 12)

    def test_services_throttle_with_their_own_errors(self):
        rate = {"rate": 0.001, "burst": 1}
        names = ("account:ListRegions", "tagging:GetResources", "organizations:ListAccounts")
        call = self.organization(self.start(settings={"rates": dict.fromkeys(names, rate)}))
        for service, operation, code in (
            ("account", "ListRegions", "TooManyRequestsException"),
            ("resourcegroupstaggingapi", "GetResources", "ThrottledException"),
            ("organizations", "ListAccounts", "TooManyRequestsException"),
        ):
            with self.subTest(service):
                call(service, operation)
                with self.assertRaises(Refused) as caught:
                    call(service, operation)
                self.assertEqual(caught.exception.code, code)
        self.assert_modelled(call)

    def test_a_lost_reply_has_taken_effect(self):
        lost = {"at": {"operation": {"name": "CreateOrganizationalUnit", "nth": 1}}, "fault": "lose_reply"}
        call = self.organization(self.start(settings=UNTHROTTLED, faults={"rules": [lost]}))
        root = call("organizations", "ListRoots")["Roots"][0]["Id"]
        with self.assertRaises(botocore.exceptions.HTTPClientError):
            call("organizations", "CreateOrganizationalUnit", ParentId=root, Name="Workloads")
        listed = call("organizations", "ListOrganizationalUnitsForParent", ParentId=root)[
            "OrganizationalUnits"
        ]
        self.assertEqual([unit["Name"] for unit in listed], ["Workloads"])
        with self.assertRaises(Refused) as caught:
            call("organizations", "CreateOrganizationalUnit", ParentId=root, Name="Workloads")
        self.assertEqual(caught.exception.code, "DuplicateOrganizationalUnitException")

    def test_a_failed_call_has_had_no_effect(self):
        fault = {"fail": {"code": "ServiceException", "status": 500}}
        failed = {"at": {"operation": {"name": "CreateOrganizationalUnit", "nth": 1}}, "fault": fault}
        call = self.organization(self.start(settings=UNTHROTTLED, faults={"rules": [failed]}))
        root = call("organizations", "ListRoots")["Roots"][0]["Id"]
        with self.assertRaises(Refused) as caught:
            call("organizations", "CreateOrganizationalUnit", ParentId=root, Name="Workloads")
        self.assertEqual(caught.exception.code, "ServiceException")
        self.assertEqual(
            call("organizations", "ListOrganizationalUnitsForParent", ParentId=root)["OrganizationalUnits"],
            [],
        )
        call("organizations", "CreateOrganizationalUnit", ParentId=root, Name="Workloads")
        self.assert_modelled(call)

    def test_botocore_retries_a_failure_and_comes_through(self):
        fault = {"fail": {"code": "ServiceException", "status": 500}}
        failed = {"at": {"operation": {"name": "ListRoots", "nth": 1}}, "fault": fault}
        twin = self.start(settings=UNTHROTTLED, faults={"rules": [failed]})
        self.organization(twin)
        call = Boto(twin.endpoint, retries={"mode": "standard", "total_max_attempts": 3})
        self.assertEqual(len(call("organizations", "ListRoots")["Roots"]), 1)
        self.assertEqual(call.log.refused[("organizations", "ListRoots")], 1)

    def test_a_throttle_on_demand_looks_like_a_real_one(self):
        rule = {"at": {"operation": {"name": "ListRoots", "nth": 1}}, "fault": "throttle"}
        call = self.organization(self.start(settings=UNTHROTTLED, faults={"rules": [rule]}))
        with self.assertRaises(Refused) as caught:
            call("organizations", "ListRoots")
        self.assertEqual(caught.exception.code, "TooManyRequestsException")
        self.assert_modelled(call)

    def test_two_writes_at_once_conflict(self):
        settings = UNTHROTTLED | {"write_seconds": 0.5}
        twin = self.start(settings=settings)
        call = self.organization(twin)
        root = call("organizations", "ListRoots")["Roots"][0]["Id"]
        codes = []

        def create(name):
            try:
                call("organizations", "CreateOrganizationalUnit", ParentId=root, Name=name)
                codes.append("")
            except Refused as refused:
                codes.append(refused.code)

        threads = [threading.Thread(target=create, args=(f"Unit {n}",)) for n in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        self.assertIn("ConcurrentModificationException", codes)
        listed = call("organizations", "ListOrganizationalUnitsForParent", ParentId=root)[
            "OrganizationalUnits"
        ]
        self.assertEqual(len(listed), codes.count(""))

    def test_paginators_read_every_page_even_an_empty_one(self):
        call = self.organization(self.start(settings=UNTHROTTLED | {"empty_first_page": True}))
        root = call("organizations", "ListRoots")
        self.assertEqual(root["Roots"], [])
        client = call.client("organizations")
        pages = client.get_paginator("list_roots").paginate()
        root = [row for page in pages for row in page["Roots"]][0]["Id"]
        names = [f"Unit {n:02}" for n in range(45)]
        for name in names:
            call("organizations", "CreateOrganizationalUnit", ParentId=root, Name=name)
        paginator = client.get_paginator("list_organizational_units_for_parent")
        pages = list(paginator.paginate(ParentId=root, PaginationConfig={"PageSize": 20}))
        self.assertEqual([len(page["OrganizationalUnits"]) for page in pages], [0, 20, 20, 5])
        found = [unit["Name"] for page in pages for unit in page["OrganizationalUnits"]]
        self.assertCountEqual(found, names)
        self.assert_modelled(call)

    def test_an_expired_session_is_refused(self):
        twin = self.start(settings=UNTHROTTLED, time_scale=10_000.0)
        call = self.organization(twin)
        role = f"arn:aws:iam::{MANAGEMENT}:role/Any"
        got = call("sts", "AssumeRole", RoleArn=role, RoleSessionName="short", DurationSeconds=900)[
            "Credentials"
        ]
        session = Credentials(got["AccessKeyId"], got["SecretAccessKey"], got["SessionToken"])
        with self.assertRaises(Refused) as caught:
            # 900 seconds of AWS are 0.09 seconds here.
            for _ in range(10_000):
                call("organizations", "DescribeOrganization", caller=session)
        self.assertIn(caught.exception.code, ("ExpiredTokenException", "ExpiredToken"))
        self.assert_modelled(call)

    def test_a_foreign_access_key_calls_as_the_default_account(self):
        call = self.organization(self.start(settings=UNTHROTTLED))
        who = call("sts", "GetCallerIdentity", caller="AKIAIOSFODNN7EXAMPLE")
        self.assertEqual(who["Account"], MANAGEMENT)


class StateFile(unittest.TestCase):
    """The organization outlives the process that served it."""

    def setUp(self):
        folder = pathlib.Path(tempfile.mkdtemp(prefix="lz-state-"))
        self.addCleanup(shutil.rmtree, folder, ignore_errors=True)
        self.state = folder / "organization"

    def start(self) -> Twin:
        twin = Twin(settings=UNTHROTTLED, state=self.state, time_scale=QUICK)
        self.addCleanup(twin.stop)
        return twin

    def test_sigterm_ends_the_server_and_its_organization_is_there_again(self):
        first = self.start()
        call = Boto(first.endpoint)
        made = call("organizations", "CreateOrganization")["Organization"]
        root = call("organizations", "ListRoots")["Roots"][0]["Id"]
        unit = call("organizations", "CreateOrganizationalUnit", ParentId=root, Name="Workloads")
        self.assertEqual(first.stop(), 0, first.errors)
        again = Boto(self.start().endpoint)
        self.assertEqual(again("organizations", "DescribeOrganization")["Organization"], made)
        listed = again("organizations", "ListOrganizationalUnitsForParent", ParentId=root)[
            "OrganizationalUnits"
        ]
        self.assertEqual(listed, [unit["OrganizationalUnit"]])

    def test_a_creation_under_way_ends_after_a_new_start(self):
        first = self.start()
        call = Boto(first.endpoint)
        call("organizations", "CreateOrganization")
        asked = call("organizations", "CreateAccount", Email="shop@example.com", AccountName="Shop")
        id = asked["CreateAccountStatus"]["Id"]
        first.stop()
        again = Boto(self.start().endpoint)
        read = lambda: again("organizations", "DescribeCreateAccountStatus", CreateAccountRequestId=id)
        ended = Walk(self, again).until(
            read, lambda answer: answer["CreateAccountStatus"]["State"] != "IN_PROGRESS", "the creation"
        )
        self.assertEqual(ended["CreateAccountStatus"]["State"], "SUCCEEDED")
        names = [account["Name"] for account in again("organizations", "ListAccounts")["Accounts"]]
        self.assertIn("Shop", names)

    def test_a_file_that_is_no_state_is_left_alone(self):
        self.state.write_text("mine", encoding="utf-8")
        with self.assertRaisesRegex(AssertionError, "did not start"):
            self.start()
        self.assertEqual(self.state.read_text(encoding="utf-8"), "mine")


if __name__ == "__main__":
    unittest.main()
