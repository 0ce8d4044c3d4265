"""account-hardening: what it sets, what it remembers, and what it leaves when it goes."""

import json
import unittest

from .code import Code, Script, refusal
from .templates import ACCOUNT, AWAY, Stack
from .world import MOTO_ACCOUNT, client, reset

ALL = dict.fromkeys(("BlockPublicAcls", "BlockPublicPolicy", "IgnorePublicAcls", "RestrictPublicBuckets"), True)
BUCKETS = {"Account": MOTO_ACCOUNT, "WhenRemoved": "keep"}
VOLUMES = {"WhenRemoved": "restore"}
PASSWORDS = {"Length": "14", "Reuse": "24", "Days": "0", "WhenRemoved": "restore"}


class Hardening(unittest.TestCase):
    def setUp(self):
        self.code = Code("account-hardening", "Setter")
        reset()
        self.clients = {name: client(name) for name in ("ec2", "iam", "s3control")}

    def send(self, request, kind, properties, identity=None, clients=None):
        return self.code.custom(request, kind, properties, identity, clients or self.clients)

    def public_access_block(self):
        return self.clients["s3control"].get_public_access_block(AccountId=MOTO_ACCOUNT)[
            "PublicAccessBlockConfiguration"
        ]

    def test_public_buckets_are_blocked_and_stay_so(self):
        made = self.send("Create", "Custom::PublicBuckets", BUCKETS)
        self.assertEqual((made.status, made.id), ("SUCCESS", "Custom::PublicBuckets=null"))
        self.assertEqual(self.public_access_block(), ALL)
        gone = self.send("Delete", "Custom::PublicBuckets", BUCKETS, made.id)
        self.assertEqual((gone.status, gone.id), ("SUCCESS", made.id))
        self.assertEqual(self.public_access_block(), ALL)

    def test_what_was_found_comes_back_if_wanted(self):
        before = ALL | {"BlockPublicPolicy": False}
        self.clients["s3control"].put_public_access_block(
            AccountId=MOTO_ACCOUNT, PublicAccessBlockConfiguration=before
        )
        wanted = BUCKETS | {"WhenRemoved": "restore"}
        made = self.send("Create", "Custom::PublicBuckets", wanted)
        self.assertEqual(self.public_access_block(), ALL)
        self.send("Delete", "Custom::PublicBuckets", wanted, made.id)
        self.assertEqual(self.public_access_block(), before)

    def test_what_was_not_there_goes(self):
        wanted = BUCKETS | {"WhenRemoved": "restore"}
        made = self.send("Create", "Custom::PublicBuckets", wanted)
        self.send("Delete", "Custom::PublicBuckets", wanted, made.id)
        with self.assertRaises(self.clients["s3control"].exceptions.ClientError):
            self.public_access_block()

    def test_volumes_are_encrypted_and_the_update_repairs(self):
        ec2 = self.clients["ec2"]
        made = self.send("Create", "Custom::VolumeEncryption", VOLUMES)
        self.assertEqual(made.id, "Custom::VolumeEncryption=false")
        self.assertTrue(ec2.get_ebs_encryption_by_default()["EbsEncryptionByDefault"])
        ec2.disable_ebs_encryption_by_default()
        updated = self.send("Update", "Custom::VolumeEncryption", VOLUMES, made.id)
        # Another id would have CloudFormation delete the old one: the setting would fall back.
        self.assertEqual((updated.status, updated.id), ("SUCCESS", made.id))
        self.assertTrue(ec2.get_ebs_encryption_by_default()["EbsEncryptionByDefault"])
        self.send("Delete", "Custom::VolumeEncryption", VOLUMES, made.id)
        self.assertFalse(ec2.get_ebs_encryption_by_default()["EbsEncryptionByDefault"])

    def test_passwords_follow_the_policy_and_the_old_one_returns(self):
        iam = self.clients["iam"]
        iam.update_account_password_policy(MinimumPasswordLength=9, MaxPasswordAge=30)
        made = self.send("Create", "Custom::PasswordPolicy", PASSWORDS)
        now = iam.get_account_password_policy()["PasswordPolicy"]
        self.assertEqual((now["MinimumPasswordLength"], now["PasswordReusePrevention"]), (14, 24))
        self.assertTrue(now["RequireSymbols"] and now["RequireNumbers"] and now["AllowUsersToChangePassword"])
        self.assertFalse(now.get("MaxPasswordAge"))
        # CloudFormation keeps ids of up to 1 KB.
        self.assertLess(len(made.id), 1024)
        changed = self.send("Update", "Custom::PasswordPolicy", PASSWORDS | {"Days": "90"}, made.id)
        self.assertEqual(changed.id, made.id)
        self.assertEqual(iam.get_account_password_policy()["PasswordPolicy"]["MaxPasswordAge"], 90)
        self.send("Delete", "Custom::PasswordPolicy", PASSWORDS | {"Days": "90"}, made.id)
        now = iam.get_account_password_policy()["PasswordPolicy"]
        self.assertEqual((now["MinimumPasswordLength"], now["MaxPasswordAge"]), (9, 30))

    def test_the_alias_is_the_accounts_own_and_the_old_one_returns(self):
        iam = self.clients["iam"]
        iam.create_account_alias(AccountAlias="before")
        wanted = {"Alias": "acme-{account}", "Account": MOTO_ACCOUNT, "WhenRemoved": "restore"}
        made = self.send("Create", "Custom::AccountAlias", wanted)
        self.assertEqual((made.status, made.id), ("SUCCESS", 'Custom::AccountAlias="before"'))
        self.assertEqual(iam.list_account_aliases()["AccountAliases"], [f"acme-{MOTO_ACCOUNT}"])
        self.send("Delete", "Custom::AccountAlias", wanted, made.id)
        self.assertEqual(iam.list_account_aliases()["AccountAliases"], ["before"])

    def test_an_alias_that_was_not_there_goes(self):
        wanted = {"Alias": "acme", "Account": MOTO_ACCOUNT, "WhenRemoved": "restore"}
        made = self.send("Create", "Custom::AccountAlias", wanted)
        self.assertEqual(made.id, "Custom::AccountAlias=null")
        self.send("Delete", "Custom::AccountAlias", wanted, made.id)
        self.assertEqual(self.clients["iam"].list_account_aliases()["AccountAliases"], [])

    def test_a_second_run_writes_nothing(self):
        ec2 = Script("ec2").answers("get_ebs_encryption_by_default", {"EbsEncryptionByDefault": True})
        made = self.send("Create", "Custom::VolumeEncryption", VOLUMES, clients={"ec2": ec2.client})
        self.assertEqual(made.id, "Custom::VolumeEncryption=true")
        ec2.done()

    def test_what_somebody_changed_since_is_theirs(self):
        ec2 = Script("ec2").answers("get_snapshot_block_public_access_state", {"State": "block-new-sharing"})
        wanted = {"State": "block-all-sharing", "WhenRemoved": "restore"}
        known = 'Custom::PublicSnapshots="unblocked"'
        gone = self.send("Delete", "Custom::PublicSnapshots", wanted, known, {"ec2": ec2.client})
        self.assertEqual(gone.status, "SUCCESS")
        ec2.done()

    def test_snapshots_images_and_metadata(self):
        cases = [
            (
                "Custom::PublicSnapshots",
                "block-all-sharing",
                "unblocked",
                ("get_snapshot_block_public_access_state", {"State": "unblocked"}),
                ("enable_snapshot_block_public_access", {"State": "block-all-sharing"}),
                ("get_snapshot_block_public_access_state", {"State": "block-all-sharing"}),
                ("disable_snapshot_block_public_access", {}),
            ),
            (
                "Custom::PublicImages",
                "block-new-sharing",
                "unblocked",
                ("get_image_block_public_access_state", {"ImageBlockPublicAccessState": "unblocked"}),
                ("enable_image_block_public_access", {"ImageBlockPublicAccessState": "block-new-sharing"}),
                ("get_image_block_public_access_state", {"ImageBlockPublicAccessState": "block-new-sharing"}),
                ("disable_image_block_public_access", {}),
            ),
            (
                "Custom::MetadataTokens",
                "required",
                "no-preference",
                ("get_instance_metadata_defaults", {"AccountLevel": {}}),
                ("modify_instance_metadata_defaults", {"HttpTokens": "required"}),
                ("get_instance_metadata_defaults", {"AccountLevel": {"HttpTokens": "required"}}),
                ("modify_instance_metadata_defaults", {"HttpTokens": "no-preference"}),
            ),
        ]
        for kind, state, before, read, write, again, back in cases:
            with self.subTest(kind):
                wanted = {"State": state, "WhenRemoved": "restore"}
                ec2 = Script("ec2").answers(*read).answers(write[0], {}, **write[1])
                made = self.send("Create", kind, wanted, clients={"ec2": ec2.client})
                self.assertEqual((made.status, json.loads(made.id.split("=")[1])), ("SUCCESS", before))
                ec2.answers(*again).answers(back[0], {}, **back[1])
                gone = self.send("Delete", kind, wanted, made.id, {"ec2": ec2.client})
                self.assertEqual(gone.status, "SUCCESS")
                ec2.done()

    def test_a_refusal_is_reported_and_the_roll_back_goes_through(self):
        class Refuses:
            def get_ebs_encryption_by_default(self):
                raise refusal("UnauthorizedOperation")

        refused = self.send("Create", "Custom::VolumeEncryption", VOLUMES, clients={"ec2": Refuses()})
        self.assertEqual((refused.status, refused.id), ("FAILED", "failed"))
        self.assertIn("UnauthorizedOperation", refused.reason)
        gone = self.send("Delete", "Custom::VolumeEncryption", VOLUMES, refused.id, {"ec2": Refuses()})
        self.assertEqual(gone.status, "SUCCESS")

    def test_only_the_home_region_sets_what_is_global(self):
        kinds = {row["Type"] for row in Stack("account-hardening", AWAY).resources.values()}
        self.assertIn("Custom::VolumeEncryption", kinds)
        self.assertFalse(kinds & {"Custom::PublicBuckets", "Custom::PasswordPolicy"})
        (role,) = Stack("account-hardening", AWAY, ACCOUNT).of_type("AWS::IAM::Role").values()
        self.assertNotIn("iam:", json.dumps(role["Policies"]))


if __name__ == "__main__":
    unittest.main()
