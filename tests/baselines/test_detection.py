"""detection: switches on what is off, leaves what the organization decides, takes away only what it made."""

import unittest

from .code import Code, Script
from .world import client, reset

KEEP, DISABLE = {"WhenRemoved": "keep"}, {"WhenRemoved": "disable"}
GUARDDUTY = {"Frequency": "ONE_HOUR"}
PREFIX = "arn:aws:securityhub:ap-northeast-1::standards/"
BEST, CIS = "aws-foundational-security-best-practices/v/1.0.0", "cis-aws-foundations-benchmark/v/3.0.0"
HUB = {"Prefix": PREFIX, "Standards": [BEST, CIS]}
HUB_ARN = "arn:aws:securityhub:ap-northeast-1:111111111111:hub/default"
SCANS = {"Scans": ["EC2", "LAMBDA"]}
ADMINISTRATOR = "333333333333"


def subscription(name: str) -> dict:
    return {
        "StandardsArn": PREFIX + name,
        "StandardsSubscriptionArn": "arn:" + name,
        "StandardsInput": {},
        "StandardsStatus": "READY",
    }


def scanned(**states: str) -> dict:
    """Returns Inspector's word on the account: ec2="ENABLED" and so on."""
    whole = "ENABLED" if "ENABLED" in states.values() else "DISABLED"
    state = lambda status: {"status": status, "errorCode": "ALREADY_ENABLED", "errorMessage": "-"}
    kinds = {"ec2": "DISABLED", "ecr": "DISABLED", "lambda": "DISABLED"} | states
    resources = {kind: state(status) for kind, status in kinds.items()}
    return {"accounts": [{"accountId": "111111111111", "state": state(whole), "resourceState": resources}]}


def enabled() -> dict:
    status = {"ec2": "ENABLING", "ecr": "DISABLED"}
    return {"accounts": [{"accountId": "111111111111", "status": "ENABLING", "resourceStatus": status}]}


class OnMoto(unittest.TestCase):
    """GuardDuty and Security Hub as moto knows them."""

    def setUp(self):
        self.code = Code("detection", "Enabler")
        reset()
        self.clients = {name: client(name) for name in ("guardduty", "securityhub")}

    def send(self, request, properties, identity=None):
        return self.code.custom(request, "Custom::GuardDuty", GUARDDUTY | properties, identity, self.clients)

    def detectors(self):
        return self.clients["guardduty"].list_detectors()["DetectorIds"]

    def test_guardduty_comes_and_goes_with_the_stack_if_wanted(self):
        made = self.send("Create", DISABLE)
        (detector,) = self.detectors()
        self.assertEqual((made.status, made.id), ("SUCCESS", "made/" + detector))
        self.assertEqual(self.send("Update", DISABLE, made.id).id, made.id)
        self.assertEqual(self.send("Delete", DISABLE, made.id).status, "SUCCESS")
        self.assertEqual(self.detectors(), [])

    def test_guardduty_stays_when_the_stack_goes(self):
        made = self.send("Create", KEEP)
        self.send("Delete", KEEP, made.id)
        self.assertEqual(len(self.detectors()), 1)

    def test_a_detector_that_was_there_is_kept_whatever_is_wanted(self):
        detector = self.clients["guardduty"].create_detector(Enable=False)["DetectorId"]
        found = self.send("Create", DISABLE)
        self.assertEqual(found.id, "found/" + detector)
        now = self.clients["guardduty"].get_detector(DetectorId=detector)
        self.assertEqual((now["Status"], now["FindingPublishingFrequency"]), ("ENABLED", "ONE_HOUR"))
        self.send("Delete", DISABLE, found.id)
        self.assertEqual(self.detectors(), [detector])

    def test_a_lost_detector_is_made_anew_and_the_old_ones_removal_harms_nothing(self):
        made = self.send("Create", DISABLE)
        self.clients["guardduty"].delete_detector(DetectorId=self.detectors()[0])
        again = self.send("Update", DISABLE, made.id)
        self.assertNotEqual(again.id, made.id)
        # CloudFormation deletes what had the old id.
        self.send("Delete", DISABLE, made.id)
        self.assertEqual(["made/" + detector for detector in self.detectors()], [again.id])


class InAnOrganization(unittest.TestCase):
    """What AWS answers to members, as its documentation says."""

    def setUp(self):
        self.code = Code("detection", "Enabler")

    def send(self, request, kind, properties, script, identity=None):
        service = {
            "Custom::GuardDuty": "guardduty",
            "Custom::SecurityHub": "securityhub",
            "Custom::Inspector": "inspector2",
        }
        reply = self.code.custom(request, kind, KEEP | properties, identity, {service[kind]: script.client})
        script.done()
        return reply

    def test_a_members_detector_is_left_to_the_administrator(self):
        script = Script("guardduty")
        script.answers("list_detectors", {"DetectorIds": ["d1"]})
        script.answers(
            "get_detector",
            {"Status": "ENABLED", "ServiceRole": "r", "FindingPublishingFrequency": "SIX_HOURS"},
            DetectorId="d1",
        )
        script.refuses(
            "update_detector",
            "BadRequestException",
            DetectorId="d1",
            Enable=True,
            FindingPublishingFrequency="ONE_HOUR",
        )
        script.answers("list_detectors", {"DetectorIds": ["d1"]})
        script.answers("get_administrator_account", {"Administrator": {"AccountId": ADMINISTRATOR}}, DetectorId="d1")
        found = self.send("Create", "Custom::GuardDuty", GUARDDUTY, script)
        self.assertEqual((found.status, found.id), ("SUCCESS", "found/led-by-" + ADMINISTRATOR))

    def test_without_an_administrator_a_refusal_is_a_failure(self):
        script = Script("guardduty").answers("list_detectors", {"DetectorIds": []})
        script.refuses("create_detector", "AccessDeniedException", Enable=True, FindingPublishingFrequency="ONE_HOUR")
        script.answers("list_detectors", {"DetectorIds": []})
        refused = self.send("Create", "Custom::GuardDuty", GUARDDUTY, script)
        self.assertEqual((refused.status, refused.id), ("FAILED", "failed"))
        gone = self.send("Delete", "Custom::GuardDuty", GUARDDUTY, Script("guardduty"), refused.id)
        self.assertEqual(gone.status, "SUCCESS")

    def test_throttling_is_a_failure_also_for_members(self):
        script = Script("securityhub").answers("describe_hub", {"HubArn": HUB_ARN})
        script.refuses("get_enabled_standards", "ThrottlingException")
        refused = self.send("Create", "Custom::SecurityHub", HUB, script)
        self.assertEqual(refused.status, "FAILED")

    def test_security_hub_and_its_standards_come_on(self):
        script = Script("securityhub").refuses("describe_hub", "InvalidAccessException")
        script.answers(
            "enable_security_hub", {}, EnableDefaultStandards=False, ControlFindingGenerator="SECURITY_CONTROL"
        )
        script.answers("describe_hub", {"HubArn": HUB_ARN})
        script.answers("get_enabled_standards", {"StandardsSubscriptions": []})
        wanted = [{"StandardsArn": PREFIX + name} for name in (BEST, CIS)]
        script.answers("batch_enable_standards", {}, StandardsSubscriptionRequests=wanted)
        made = self.send("Create", "Custom::SecurityHub", HUB, script)
        self.assertEqual((made.status, made.id), ("SUCCESS", "made/" + HUB_ARN))

    def test_only_missing_standards_are_added(self):
        script = Script("securityhub").answers("describe_hub", {"HubArn": HUB_ARN})
        script.answers("get_enabled_standards", {"StandardsSubscriptions": [subscription(BEST)], "NextToken": "more"})
        script.answers("get_enabled_standards", {"StandardsSubscriptions": [subscription(CIS)]}, NextToken="more")
        found = self.send("Create", "Custom::SecurityHub", HUB, script)
        self.assertEqual(found.id, "found/" + HUB_ARN)

    def test_a_centrally_configured_hub_is_left_alone(self):
        script = Script("securityhub").answers("describe_hub", {"HubArn": HUB_ARN})
        script.answers("get_enabled_standards", {"StandardsSubscriptions": []})
        wanted = [{"StandardsArn": PREFIX + name} for name in (BEST, CIS)]
        script.refuses("batch_enable_standards", "AccessDeniedException", StandardsSubscriptionRequests=wanted)
        script.answers("get_administrator_account", {"Administrator": {"AccountId": ADMINISTRATOR}})
        found = self.send("Create", "Custom::SecurityHub", HUB, script)
        self.assertEqual((found.status, found.id), ("SUCCESS", "found/led-by-" + ADMINISTRATOR))

    def test_a_member_that_may_not_leave_its_hub_keeps_it(self):
        script = Script("securityhub").answers("describe_hub", {"HubArn": HUB_ARN})
        script.refuses("disable_security_hub", "InvalidAccessException")
        script.answers("get_administrator_account", {"Administrator": {"AccountId": ADMINISTRATOR}})
        gone = self.send("Delete", "Custom::SecurityHub", HUB | DISABLE, script, "made/" + HUB_ARN)
        self.assertEqual(gone.status, "SUCCESS")

    def test_inspector_comes_on(self):
        script = Script("inspector2").answers("batch_get_account_status", scanned())
        script.answers("enable", enabled(), resourceTypes=["EC2", "LAMBDA"])
        made = self.send("Create", "Custom::Inspector", SCANS, script)
        self.assertEqual((made.status, made.id), ("SUCCESS", "made/111111111111"))

    def test_inspector_gets_the_scan_that_is_missing(self):
        script = Script("inspector2").answers("batch_get_account_status", scanned(ec2="ENABLED"))
        script.answers("batch_get_account_status", scanned(ec2="ENABLED"))
        script.answers("enable", enabled(), resourceTypes=["EC2", "LAMBDA"])
        found = self.send("Update", "Custom::Inspector", SCANS, script, "found/111111111111")
        self.assertEqual((found.status, found.id), ("SUCCESS", "found/111111111111"))

    def test_inspector_that_does_not_come_on_is_a_failure(self):
        script = Script("inspector2").answers("batch_get_account_status", scanned())
        failed = {"accountId": "111111111111", "errorCode": "SSM_UNAVAILABLE", "errorMessage": "SSM is away"}
        script.answers("enable", {"accounts": [], "failedAccounts": [failed]}, resourceTypes=["EC2", "LAMBDA"])
        refused = self.send("Create", "Custom::Inspector", SCANS, script)
        self.assertEqual(refused.status, "FAILED")
        self.assertIn("SSM is away", refused.reason)

    def test_inspector_that_is_on_already_is_no_failure(self):
        script = Script("inspector2").answers("batch_get_account_status", scanned())
        failed = {"accountId": "111111111111", "errorCode": "ENABLE_IN_PROGRESS", "errorMessage": "wait"}
        script.answers("enable", {"accounts": [], "failedAccounts": [failed]}, resourceTypes=["EC2", "LAMBDA"])
        made = self.send("Create", "Custom::Inspector", SCANS, script)
        self.assertEqual((made.status, made.id), ("SUCCESS", "made/111111111111"))


class Administration(unittest.TestCase):
    """detection-admin: enrols the organization."""

    def setUp(self):
        self.code = Code("detection-admin", "Enroler")

    def send(self, request, kind, properties, scripts, identity=None):
        clients = {name: script.client for name, script in scripts.items()}
        reply = self.code.custom(request, kind, properties, identity, clients)
        for script in scripts.values():
            script.done()
        return reply

    def test_guardduty_enrols_all_accounts(self):
        script = Script("guardduty").answers("list_detectors", {"DetectorIds": ["d1"]})
        script.answers("update_detector", {}, DetectorId="d1", Enable=True, FindingPublishingFrequency="ONE_HOUR")
        script.answers(
            "update_organization_configuration",
            {},
            DetectorId="d1",
            AutoEnableOrganizationMembers="ALL",
            Features=[{"Name": "S3_DATA_EVENTS", "AutoEnable": "ALL"}],
        )
        wanted = {"Members": "ALL", "Frequency": "ONE_HOUR", "Features": ["S3_DATA_EVENTS"]}
        made = self.send("Create", "Custom::GuardDutyOrganization", wanted, {"guardduty": script})
        self.assertEqual((made.status, made.id), ("SUCCESS", "guardduty/d1"))

    def test_a_removed_stack_blinds_nobody(self):
        script = Script("guardduty").answers("list_detectors", {"DetectorIds": ["d1"]})
        script.answers("update_organization_configuration", {}, DetectorId="d1", AutoEnableOrganizationMembers="NONE")
        gone = self.send("Delete", "Custom::GuardDutyOrganization", {}, {"guardduty": script}, "guardduty/d1")
        self.assertEqual((gone.status, gone.id), ("SUCCESS", "guardduty/d1"))

    def accounts(self, count):
        row = lambda n: {"Id": f"{n:012}", "Status": "ACTIVE"}
        rows = [row(n) for n in range(count)] + [{"Id": "9" * 12, "Status": "SUSPENDED"}]
        return Script("organizations").answers("list_accounts", {"Accounts": rows})

    def inspector(self, failed=()):
        inspector = Script("inspector2")
        own = "000000000000"
        inspector.answers("enable", enabled(), accountIds=[own], resourceTypes=["EC2"])
        on = {"ec2": True, "ecr": False}
        inspector.answers("update_organization_configuration", {"autoEnable": on}, autoEnable=on)
        inspector.answers("list_members", {"members": [{"accountId": f"{1:012}"}]}, onlyAssociated=True)
        for n in range(2, 103):
            inspector.answers("associate_member", {"accountId": f"{n:012}"}, accountId=f"{n:012}")
        members = [f"{n:012}" for n in range(1, 103)]
        for at in (0, 100):
            answer = {"accounts": [], "failedAccounts": list(failed) if at else []}
            inspector.answers("enable", answer, accountIds=members[at : at + 100], resourceTypes=["EC2"])
        who = Script("sts").answers("get_caller_identity", {"Account": own})
        return {"inspector2": inspector, "organizations": self.accounts(103), "sts": who}

    def test_inspector_enrols_in_portions_and_leaves_suspended_accounts_out(self):
        made = self.send("Create", "Custom::InspectorOrganization", {"Scans": ["EC2"]}, self.inspector())
        self.assertEqual((made.status, made.id), ("SUCCESS", "inspector/000000000000"))

    def test_inspector_names_the_accounts_that_it_could_not_enrol(self):
        failed = [
            {"accountId": f"{101:012}", "errorCode": "ALREADY_ENABLED", "errorMessage": "-"},
            {"accountId": f"{102:012}", "errorCode": "ACCESS_DENIED", "errorMessage": "-"},
        ]
        refused = self.send("Create", "Custom::InspectorOrganization", {"Scans": ["EC2"]}, self.inspector(failed))
        self.assertEqual(refused.status, "FAILED")
        self.assertIn(f"{102:012} ACCESS_DENIED", refused.reason)
        self.assertNotIn(f"{101:012}", refused.reason)

    def test_a_failed_enrolment_rolls_back(self):
        script = Script("guardduty").refuses("list_detectors", "BadRequestException")
        refused = self.send(
            "Create",
            "Custom::GuardDutyOrganization",
            {"Members": "ALL", "Frequency": "ONE_HOUR"},
            {"guardduty": script},
        )
        self.assertEqual((refused.status, refused.id), ("FAILED", "failed"))
        gone = self.send(
            "Delete", "Custom::GuardDutyOrganization", {}, {"guardduty": Script("guardduty")}, refused.id
        )
        self.assertEqual(gone.status, "SUCCESS")


class Hub(unittest.TestCase):
    """security-hub-admin: the delegated administrator's own hub."""

    def send(self, request, script, identity=None):
        code = Code("security-hub-admin", "Enabler")
        reply = code.custom(request, "Custom::SecurityHub", {}, identity, {"securityhub": script.client})
        script.done()
        return reply

    def enabling(self):
        return {"EnableDefaultStandards": False, "ControlFindingGenerator": "SECURITY_CONTROL"}

    def test_it_comes_on(self):
        script = Script("securityhub").answers("enable_security_hub", {}, **self.enabling())
        script.answers("describe_hub", {"HubArn": HUB_ARN})
        made = self.send("Create", script)
        self.assertEqual((made.status, made.id), ("SUCCESS", HUB_ARN))

    def test_one_that_is_on_is_taken_as_it_is(self):
        script = Script("securityhub").refuses("enable_security_hub", "ResourceConflictException", **self.enabling())
        script.answers("describe_hub", {"HubArn": HUB_ARN})
        found = self.send("Create", script)
        self.assertEqual((found.status, found.id), ("SUCCESS", HUB_ARN))

    def test_a_refusal_is_reported_and_rolls_back(self):
        script = Script("securityhub").refuses("enable_security_hub", "AccessDeniedException", **self.enabling())
        refused = self.send("Create", script)
        self.assertEqual((refused.status, refused.id), ("FAILED", "failed"))
        self.assertEqual(self.send("Delete", Script("securityhub"), refused.id).status, "SUCCESS")

    def test_it_stays_on_when_the_stack_goes(self):
        gone = self.send("Delete", Script("securityhub"), HUB_ARN)
        self.assertEqual((gone.status, gone.id), ("SUCCESS", HUB_ARN))


class Recorder(unittest.TestCase):
    """config-recorder: the service-linked role that Config needs."""

    def setUp(self):
        self.code = Code("config-recorder", "Maker")
        self.code.module.time = self
        self.slept = 0

    def sleep(self, seconds):
        self.slept += seconds

    def send(self, request, script):
        reply = self.code.custom(request, "Custom::ServiceLinkedRole", {}, None, {"iam": script.client})
        script.done()
        return reply

    ROLE = {
        "Role": {
            "Path": "/",
            "RoleName": "AWSServiceRoleForConfig",
            "RoleId": "AROA0123456789012345",
            "Arn": "arn:aws:iam::111111111111:role/x",
            "CreateDate": "2026-01-01T00:00:00Z",
        }
    }

    def test_it_is_made_where_it_is_missing(self):
        script = Script("iam").refuses("get_role", "NoSuchEntity", RoleName="AWSServiceRoleForConfig")
        script.answers("create_service_linked_role", self.ROLE, AWSServiceName="config.amazonaws.com")
        self.assertEqual(self.send("Create", script).status, "SUCCESS")
        self.assertGreater(self.slept, 0)

    def test_it_is_left_where_it_is(self):
        script = Script("iam").answers("get_role", self.ROLE, RoleName="AWSServiceRoleForConfig")
        self.assertEqual(self.send("Create", script).status, "SUCCESS")
        self.assertEqual(self.slept, 0)

    def test_two_regions_at_a_time_do_not_trouble_each_other(self):
        script = Script("iam").refuses("get_role", "NoSuchEntity", RoleName="AWSServiceRoleForConfig")
        script.refuses("create_service_linked_role", "InvalidInput", AWSServiceName="config.amazonaws.com")
        script.answers("get_role", self.ROLE, RoleName="AWSServiceRoleForConfig")
        self.assertEqual(self.send("Create", script).status, "SUCCESS")

    def test_it_stays_when_a_stack_goes(self):
        self.assertEqual(self.send("Delete", Script("iam")).status, "SUCCESS")

    def test_a_refusal_is_reported(self):
        script = Script("iam").refuses("get_role", "AccessDenied", RoleName="AWSServiceRoleForConfig")
        refused = self.send("Create", script)
        self.assertEqual(refused.status, "FAILED")
        self.assertIn("AccessDenied", refused.reason)


if __name__ == "__main__":
    unittest.main()
