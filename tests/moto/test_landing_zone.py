"""A landing zone lives on moto: it comes up, changes in every way that a spec can change, and goes."""

import json
import unittest

from .worlds import MANAGEMENT, Lz, Moto

HEAD = f"""
landing_zone "acme" {{
  management_account = "{MANAGEMENT}"
  home_region        = "us-east-1"
  regions            = ["us-east-1"]
}}

organization {{
  policy_types     = ["scp"]
  trusted_services = ["config-multiaccountsetup.amazonaws.com"]
}}
"""

UNITS = """
ou "security" { name = "Security" }
ou "workloads" {
  name = "Workloads"
  ou "prod" { name = "Prod" }
}
ou "sandbox" { name = "Sandbox" }
"""

AUDIT = """
account "audit" {
  name  = "Audit"
  email = "aws+audit@example.com"
  ou    = ou.security
  tags  = { owner = "security" }
}
"""

SHOP = """
account "shop" {
  name  = "Shop"
  email = "aws+shop@example.com"
  ou    = ou.workloads.prod
}
"""


def policy(label: str, action: str, target: str, name: str | None = None) -> str:
    """Returns a policy that denies an action on a target."""
    return f"""
policy "{label}" {{
  type   = "scp"
  name   = "{name or label}"
  attach = [{target}]
  statement "Deny" {{
    effect    = "Deny"
    actions   = ["{action}"]
    resources = ["*"]
  }}
}}
"""


REGIONS = policy("regions", "ec2:RunInstances", "ou.workloads")
ADMIN = 'delegated_admin "config-multiaccountsetup.amazonaws.com" { account = account.audit }\n'
WHOLE = HEAD + UNITS + AUDIT + SHOP + REGIONS + ADMIN


class Organization:
    """What boto3 sees."""

    def __init__(self, client):
        self.client = client
        self.root = client.list_roots()["Roots"][0]["Id"]

    def units(self, parent: str | None = None, path: str = "") -> dict[str, str]:
        """Returns the ids of the OUs by their paths of names."""
        found = {}
        pages = self.client.get_paginator("list_organizational_units_for_parent")
        for page in pages.paginate(ParentId=parent or self.root):
            for unit in page["OrganizationalUnits"]:
                here = f"{path}/{unit['Name']}".lstrip("/")
                found[here] = unit["Id"]
                found.update(self.units(unit["Id"], here))
        return found

    def accounts(self) -> dict[str, dict]:
        """Returns the accounts by their addresses."""
        pages = self.client.get_paginator("list_accounts")
        return {account["Email"]: account for page in pages.paginate() for account in page["Accounts"]}

    def parent(self, email: str) -> str:
        """Returns the id of an account's parent."""
        account = self.accounts()[email]["Id"]
        return self.client.list_parents(ChildId=account)["Parents"][0]["Id"]

    def policies(self) -> dict[str, str]:
        """Returns the ids of the SCPs that are not AWS's, by name."""
        listed = self.client.list_policies(Filter="SERVICE_CONTROL_POLICY")["Policies"]
        return {one["Name"]: one["Id"] for one in listed if not one["AwsManaged"]}

    def attached(self, target: str) -> set[str]:
        """Returns the names of the SCPs on a target."""
        listed = self.client.list_policies_for_target(TargetId=target, Filter="SERVICE_CONTROL_POLICY")
        return {one["Name"] for one in listed["Policies"]}

    def content(self, name: str) -> dict:
        """Returns a policy's document."""
        described = self.client.describe_policy(PolicyId=self.policies()[name])
        return json.loads(described["Policy"]["Content"])

    def tags(self, resource: str) -> dict[str, str]:
        """Returns the tags of an object."""
        listed = self.client.list_tags_for_resource(ResourceId=resource)["Tags"]
        return {tag["Key"]: tag["Value"] for tag in listed}

    def administrators(self) -> set[str]:
        """Returns the delegated administrators."""
        return {one["Id"] for one in self.client.list_delegated_administrators()["DelegatedAdministrators"]}


class LandingZoneOnMoto(unittest.TestCase):
    """Each test has an organization of its own."""

    @classmethod
    def setUpClass(cls):
        cls.moto = Moto()
        cls.addClassCleanup(cls.moto.stop)

    def setUp(self):
        self.moto.reset()
        self.lz = Lz(self.moto.url)
        self.addCleanup(self.lz.remove)

    def converge(self, spec: str) -> Organization:
        """Applies a spec, which must leave nothing to do."""
        self.lz.write(spec)
        planned = self.lz.plan()
        self.assertEqual(planned.code, 2, planned.text)
        applied = self.lz.apply()
        self.assertEqual(applied.code, 0, applied.text)
        self.assert_settled()
        return Organization(self.moto.organizations())

    def assert_settled(self):
        """Asserts that nothing is left to do."""
        planned = self.lz.plan()
        self.assertEqual(planned.code, 0, planned.text)

    def test_comes_up_from_nothing_and_settles(self):
        found = self.converge(WHOLE)
        units = found.units()
        self.assertEqual(set(units), {"Security", "Workloads", "Workloads/Prod", "Sandbox"})
        self.assertEqual(found.parent("aws+audit@example.com"), units["Security"])
        self.assertEqual(found.parent("aws+shop@example.com"), units["Workloads/Prod"])
        self.assertEqual(found.attached(units["Workloads"]), {"FullAWSAccess", "regions"})
        audit = found.accounts()["aws+audit@example.com"]["Id"]
        self.assertEqual(found.administrators(), {audit})
        self.assertEqual(
            found.tags(audit), {"lz:zone": "acme", "lz:address": "account.audit", "owner": "security"}
        )
        self.assertEqual(found.tags(units["Workloads/Prod"])["lz:address"], "ou.workloads.prod")

    def test_asks_for_parents_and_tags_one_by_one_where_there_is_no_other_way(self):
        self.converge(WHOLE)
        calls = self.lz.plan().calls
        for operation in ("ListParents", "ListTagsForResource"):
            self.assertGreater(calls.get(f"organizations:{operation}", 0), 0, calls)

    def test_changes_a_policy_in_place(self):
        before = self.converge(WHOLE).policies()["regions"]
        found = self.converge(WHOLE.replace("ec2:RunInstances", "ec2:StartInstances"))
        self.assertEqual(found.policies(), {"regions": before})
        self.assertEqual(found.content("regions")["Statement"][0]["Action"], "ec2:StartInstances")

    def test_changes_tags(self):
        self.converge(WHOLE)
        found = self.converge(WHOLE.replace('{ owner = "security" }', '{ team = "soc" }'))
        audit = found.accounts()["aws+audit@example.com"]["Id"]
        self.assertEqual(
            found.tags(audit), {"lz:zone": "acme", "lz:address": "account.audit", "team": "soc"}
        )

    def test_renames_in_place(self):
        before = self.converge(WHOLE)
        unit, scp = before.units()["Workloads"], before.policies()["regions"]
        after = self.converge(
            WHOLE.replace('name = "Workloads"', 'name = "Products"').replace(
                'name   = "regions"', 'name   = "allowed-regions"'
            )
        )
        self.assertEqual(after.units()["Products"], unit)
        self.assertEqual(after.policies(), {"allowed-regions": scp})
        self.assertEqual(after.attached(unit), {"FullAWSAccess", "allowed-regions"})

    def test_moves_an_account(self):
        before = self.converge(WHOLE)
        account = before.accounts()["aws+shop@example.com"]["Id"]
        after = self.converge(WHOLE.replace("ou    = ou.workloads.prod", "ou    = ou.sandbox"))
        self.assertEqual(after.accounts()["aws+shop@example.com"]["Id"], account)
        self.assertEqual(after.parent("aws+shop@example.com"), after.units()["Sandbox"])

    def test_moves_an_ou_with_its_account_and_policy(self):
        guarded = WHOLE + policy("prod", "s3:DeleteBucket", "ou.workloads.prod")
        before = self.converge(guarded)
        account = before.accounts()["aws+shop@example.com"]["Id"]
        moved = guarded.replace('\n  ou "prod" { name = "Prod" }', "").replace(
            'ou "sandbox" { name = "Sandbox" }', 'ou "sandbox" {\n  name = "Sandbox"\n  ou "prod" { name = "Prod" }\n}'
        )
        moved = moved.replace("ou.workloads.prod", "ou.sandbox.prod")
        moved += "moved {\n  from = ou.workloads.prod\n  to   = ou.sandbox.prod\n}\n"
        after = self.converge(moved)
        units = after.units()
        self.assertEqual(set(units), {"Security", "Workloads", "Sandbox", "Sandbox/Prod"})
        self.assertEqual(after.accounts()["aws+shop@example.com"]["Id"], account)
        self.assertEqual(after.parent("aws+shop@example.com"), units["Sandbox/Prod"])
        self.assertIn("prod", after.attached(units["Sandbox/Prod"]))

    def test_swaps_one_policy_for_another(self):
        before = self.converge(WHOLE)
        after = self.converge(WHOLE.replace(REGIONS, policy("storage", "s3:DeleteBucket", "ou.workloads")))
        self.assertEqual(set(after.policies()), {"storage"})
        self.assertEqual(after.attached(before.units()["Workloads"]), {"FullAWSAccess", "storage"})

    def test_removes_what_left_the_spec(self):
        self.converge(WHOLE)
        smaller = (HEAD + UNITS + AUDIT + SHOP).replace('ou "sandbox" { name = "Sandbox" }', "")
        after = self.converge(smaller)
        self.assertEqual(set(after.units()), {"Security", "Workloads", "Workloads/Prod"})
        self.assertEqual(after.policies(), {})

    def test_an_account_that_left_the_spec_is_a_question_until_it_is_answered(self):
        self.converge(WHOLE)
        without = WHOLE.replace(SHOP, "")
        self.lz.write(without)
        refused = self.lz.apply()
        self.assertNotEqual(refused.code, 0)
        self.assertIn("account.shop", refused.text)
        self.assertIn("aws+shop@example.com", Organization(self.moto.organizations()).accounts())
        after = self.converge(without + 'removed {\n  from   = account.shop\n  action = "close"\n}\n')
        self.assertEqual(after.accounts()["aws+shop@example.com"]["Status"], "SUSPENDED")

    def test_adopts_what_others_made(self):
        client = self.moto.organizations()
        client.create_organization(FeatureSet="ALL")
        root = client.list_roots()["Roots"][0]["Id"]
        client.enable_policy_type(RootId=root, PolicyType="SERVICE_CONTROL_POLICY")
        unit = client.create_organizational_unit(ParentId=root, Name="Workloads")["OrganizationalUnit"]["Id"]
        content = '{"Version":"2012-10-17","Statement":[]}'
        scp = client.create_policy(
            Name="regions", Description="", Type="SERVICE_CONTROL_POLICY", Content=content
        )["Policy"]["PolicySummary"]["Id"]
        client.attach_policy(PolicyId=scp, TargetId=unit)
        made = client.create_account(Email="AWS+Shop@example.com", AccountName="Shop")
        account = made["CreateAccountStatus"]["AccountId"]
        found = self.converge(WHOLE)
        self.assertEqual(found.units()["Workloads"], unit)
        self.assertEqual(found.policies(), {"regions": scp})
        self.assertEqual(found.accounts()["AWS+Shop@example.com"]["Id"], account)
        self.assertEqual(found.tags(unit), {"lz:zone": "acme", "lz:address": "ou.workloads"})
        self.assertEqual(found.tags(account)["lz:address"], "account.shop")
        self.assertEqual(len(found.accounts()), 3)


if __name__ == "__main__":
    unittest.main()
