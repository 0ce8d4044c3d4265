"""lz finds credentials as the AWS CLI does. moto answers anybody, so a plan tells that some were found."""

import json
import unittest

from .worlds import MANAGEMENT, Lz, Moto

SPEC = f"""
landing_zone "acme" {{
  management_account = "{MANAGEMENT}"
  home_region        = "us-east-1"
  regions            = ["us-east-1"]
}}
organization {{}}
"""

KEYS = {"Version": 1, "AccessKeyId": "AKIAPROCESS", "SecretAccessKey": "secret"}

def config(process: str) -> str:
    """Returns an AWS configuration file in which a process gives keys."""
    return f"""
[profile process]
credential_process = {process}
region = eu-west-1

[profile chained]
role_arn = arn:aws:iam::{MANAGEMENT}:role/lz
source_profile = process

[profile broken]
credential_process = false
"""


class CredentialsOnMoto(unittest.TestCase):
    """Each test has a home directory of its own."""

    @classmethod
    def setUpClass(cls):
        cls.moto = Moto()
        cls.addClassCleanup(cls.moto.stop)

    def setUp(self):
        self.lz = Lz(self.moto.url)
        self.addCleanup(self.lz.remove)
        self.lz.write(SPEC)
        shared = self.lz.directory / ".aws"
        shared.mkdir()
        keys = shared / "keys.json"
        keys.write_text(json.dumps(KEYS), encoding="utf-8")
        (shared / "config").write_text(config(f"cat '{keys}'"), encoding="utf-8")
        # Roles of profiles are taken on at AWS whatever --target says, as the AWS CLI does it.
        self.sts = {"AWS_ENDPOINT_URL_STS": self.moto.url, "AWS_EC2_METADATA_DISABLED": "true"}

    def assert_planned(self, *options: str, **environment: str):
        planned = self.lz.plan(*options, **self.sts, **environment)
        self.assertEqual(planned.code, 2, planned.text)

    def assert_refused(self, *options: str, **environment: str) -> str:
        planned = self.lz.plan(*options, **self.sts, **environment)
        self.assertEqual(planned.code, 7, planned.text)
        return " ".join(planned.text.replace("│", " ").split())

    def test_keys_in_the_environment(self):
        self.assert_planned(AWS_ACCESS_KEY_ID="AKIAENVIRONMENT", AWS_SECRET_ACCESS_KEY="secret")

    def test_a_profile_whose_process_gives_keys(self):
        self.assert_planned("--profile", "process")
        self.assert_planned(AWS_PROFILE="process")

    def test_a_profile_with_a_role(self):
        self.assert_planned("--profile", "chained")

    def test_a_role_that_is_asked_for(self):
        self.assert_planned("--profile", "process", "--role-arn", f"arn:aws:iam::{MANAGEMENT}:role/lz")

    def test_a_web_identity(self):
        token = self.lz.directory / "token"
        token.write_text("token", encoding="utf-8")
        self.assert_planned(
            AWS_WEB_IDENTITY_TOKEN_FILE=str(token), AWS_ROLE_ARN=f"arn:aws:iam::{MANAGEMENT}:role/lz"
        )

    def test_a_profile_that_is_asked_for_counts_more_than_keys_in_the_environment(self):
        text = self.assert_refused(
            "--profile", "broken", AWS_ACCESS_KEY_ID="AKIAENVIRONMENT", AWS_SECRET_ACCESS_KEY="secret"
        )
        self.assertIn("no credentials", text)

    def test_a_profile_that_does_not_exist_is_named(self):
        self.assertIn("profile `missing` was not defined", self.assert_refused("--profile", "missing"))


if __name__ == "__main__":
    unittest.main()
