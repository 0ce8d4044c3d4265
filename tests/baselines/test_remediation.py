"""remediation: each automation repairs what it is for, once, and nothing that somebody has exempted."""

import io
import json
import unittest
import zipfile

from .code import Code
from .templates import HOME, Stack, load
from .world import client, reset

TAG = "public-by-design"
IMAGE = "ami-12c6146b"


def archive() -> bytes:
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w") as file:
        file.writestr("index.py", "def handler(event, context): pass")
    return data.getvalue()


class OnMoto(unittest.TestCase):
    def setUp(self):
        reset()
        self.clients = {name: client(name) for name in ("ec2", "iam", "lambda", "s3")}

    def repair(self, control: str, **thing: str) -> str:
        event = {**thing, "ExemptTag": TAG}
        return Code("remediation", f"{control}Document.repair").call(event, self.clients)["Outcome"]


class Buckets(OnMoto):
    def setUp(self):
        super().setUp()
        self.s3 = self.clients["s3"]
        self.s3.create_bucket(Bucket="shop", CreateBucketConfiguration={"LocationConstraint": HOME})

    def test_public_access_is_blocked(self):
        self.assertEqual(self.repair("PublicBuckets", Bucket="shop"), "repaired")
        block = self.s3.get_public_access_block(Bucket="shop")["PublicAccessBlockConfiguration"]
        self.assertEqual(set(block.values()), {True})

    def test_a_public_web_site_stays_public(self):
        self.s3.put_bucket_tagging(Bucket="shop", Tagging={"TagSet": [{"Key": TAG, "Value": "the web site"}]})
        self.assertEqual(self.repair("PublicBuckets", Bucket="shop"), "exempt")
        with self.assertRaises(self.s3.exceptions.ClientError):
            self.s3.get_public_access_block(Bucket="shop")

    def test_another_tag_exempts_nothing(self):
        self.s3.put_bucket_tagging(Bucket="shop", Tagging={"TagSet": [{"Key": "team", "Value": "shop"}]})
        self.assertEqual(self.repair("PublicBuckets", Bucket="shop"), "repaired")

    def test_encryption_comes_on(self):
        self.s3.delete_bucket_encryption(Bucket="shop")
        self.assertEqual(self.repair("UnencryptedBuckets", Bucket="shop"), "repaired")
        found = self.s3.get_bucket_encryption(Bucket="shop")["ServerSideEncryptionConfiguration"]
        self.assertEqual(found["Rules"][0]["ApplyServerSideEncryptionByDefault"]["SSEAlgorithm"], "AES256")

    def test_a_key_that_somebody_chose_is_not_overwritten(self):
        rule = {"ApplyServerSideEncryptionByDefault": {"SSEAlgorithm": "aws:kms", "KMSMasterKeyID": "alias/own"}}
        self.s3.put_bucket_encryption(Bucket="shop", ServerSideEncryptionConfiguration={"Rules": [rule]})
        self.assertEqual(self.repair("UnencryptedBuckets", Bucket="shop"), "encrypted already")
        found = self.s3.get_bucket_encryption(Bucket="shop")["ServerSideEncryptionConfiguration"]
        self.assertEqual(found["Rules"][0]["ApplyServerSideEncryptionByDefault"]["SSEAlgorithm"], "aws:kms")


class SecurityGroups(OnMoto):
    def setUp(self):
        super().setUp()
        self.ec2 = self.clients["ec2"]
        vpc = self.ec2.create_vpc(CidrBlock="10.0.0.0/16")["Vpc"]["VpcId"]
        self.group = self.ec2.create_security_group(GroupName="web", Description="web", VpcId=vpc)["GroupId"]

    def open(self, protocol="tcp", low=22, high=22, cidr="0.0.0.0/0"):
        ranges = {"Ipv6Ranges": [{"CidrIpv6": cidr}]} if ":" in cidr else {"IpRanges": [{"CidrIp": cidr}]}
        ports = {} if protocol == "-1" else {"FromPort": low, "ToPort": high}
        self.ec2.authorize_security_group_ingress(
            GroupId=self.group, IpPermissions=[{"IpProtocol": protocol, **ports, **ranges}]
        )

    def rules(self):
        filters = [{"Name": "group-id", "Values": [self.group]}]
        found = self.ec2.describe_security_group_rules(Filters=filters)["SecurityGroupRules"]
        return sorted(
            (rule["IpProtocol"], rule.get("FromPort"), rule.get("CidrIpv4") or rule.get("CidrIpv6"))
            for rule in found
            if not rule["IsEgress"]
        )

    def test_the_world_is_locked_out_of_the_two_ports_and_nothing_else(self):
        self.open()
        self.open(low=3389, high=3389)
        self.open(low=20, high=30)
        self.open(cidr="::/0")
        self.open(low=443, high=443)
        self.open(cidr="10.0.0.0/8")
        self.open(protocol="udp", low=22, high=22)
        self.assertEqual(self.repair("OpenSecurityGroups", Group=self.group), "repaired")
        self.assertEqual(
            self.rules(), [("tcp", 22, "10.0.0.0/8"), ("tcp", 443, "0.0.0.0/0"), ("udp", 22, "0.0.0.0/0")]
        )
        self.assertEqual(self.repair("OpenSecurityGroups", Group=self.group), "closed already")

    def test_all_traffic_counts_as_open(self):
        self.open(protocol="-1")
        self.assertEqual(self.repair("OpenSecurityGroups", Group=self.group), "repaired")
        self.assertEqual(self.rules(), [])

    def test_outgoing_rules_stay(self):
        self.assertEqual(self.repair("OpenSecurityGroups", Group=self.group), "closed already")

    def test_an_exempt_group_stays_open(self):
        self.open()
        self.ec2.create_tags(Resources=[self.group], Tags=[{"Key": TAG, "Value": ""}])
        self.assertEqual(self.repair("OpenSecurityGroups", Group=self.group), "exempt")
        self.assertEqual(len(self.rules()), 1)


class Functions(OnMoto):
    def setUp(self):
        super().setUp()
        self.functions = self.clients["lambda"]
        role = self.clients["iam"].create_role(RoleName="r", AssumeRolePolicyDocument="{}")["Role"]["Arn"]
        self.arn = self.functions.create_function(
            FunctionName="shop", Runtime="python3.13", Role=role, Handler="index.handler", Code={"ZipFile": archive()}
        )["FunctionArn"]

    def permit(self, sid, principal, **bounds):
        self.functions.add_permission(
            FunctionName="shop", StatementId=sid, Action="lambda:InvokeFunction", Principal=principal, **bounds
        )

    def sids(self):
        policy = json.loads(self.functions.get_policy(FunctionName="shop")["Policy"])
        return [statement["Sid"] for statement in policy["Statement"]]

    def test_a_function_without_a_policy_is_closed(self):
        self.assertEqual(self.repair("PublicFunctions", Function="shop"), "closed already")

    def test_anybody_loses_the_right_and_others_keep_it(self):
        self.permit("world", "*")
        self.permit("events", "events.amazonaws.com")
        self.permit("partner", "222222222222")
        self.assertEqual(self.repair("PublicFunctions", Function="shop"), "repaired")
        self.assertEqual(self.sids(), ["events", "partner"])

    def test_an_exempt_function_stays_public(self):
        self.permit("world", "*")
        self.functions.tag_resource(Resource=self.arn, Tags={TAG: "a web hook"})
        self.assertEqual(self.repair("PublicFunctions", Function="shop"), "exempt")
        self.assertEqual(self.sids(), ["world"])

    def test_what_counts_as_public(self):
        public = Code("remediation", "PublicFunctionsDocument.repair").module.public
        allow = lambda principal, **condition: {"Effect": "Allow", "Principal": principal, "Condition": condition}
        for statement, wanted in [
            (allow("*"), True),
            (allow({"AWS": "*"}), True),
            (allow({"AWS": ["222222222222", "*"]}), True),
            (allow("*", StringEquals={"lambda:FunctionUrlAuthType": "NONE"}), True),
            (allow("*", StringEquals={"aws:PrincipalOrgID": "o-a1b2c3d4e5"}), False),
            (allow("*", StringEquals={"AWS:SourceAccount": "222222222222"}), False),
            (allow({"AWS": "222222222222"}), False),
            (allow({"Service": "s3.amazonaws.com"}), False),
            (allow("*") | {"Effect": "Deny"}, False),
        ]:
            with self.subTest(statement=statement):
                self.assertIs(public(statement), wanted)


class Instances(OnMoto):
    def setUp(self):
        super().setUp()
        self.ec2 = self.clients["ec2"]
        run = self.ec2.run_instances(
            ImageId=IMAGE, MinCount=1, MaxCount=1, MetadataOptions={"HttpTokens": "optional"}
        )
        self.instance = run["Instances"][0]["InstanceId"]

    def tokens(self):
        found = self.ec2.describe_instances(InstanceIds=[self.instance])
        return found["Reservations"][0]["Instances"][0]["MetadataOptions"]["HttpTokens"]

    def test_tokens_become_required(self):
        self.assertEqual(self.repair("MetadataTokens", Instance=self.instance), "repaired")
        self.assertEqual(self.tokens(), "required")

    def test_an_exempt_instance_stays_as_it_is(self):
        self.ec2.create_tags(Resources=[self.instance], Tags=[{"Key": TAG, "Value": ""}])
        self.assertEqual(self.repair("MetadataTokens", Instance=self.instance), "exempt")
        self.assertEqual(self.tokens(), "optional")


class Wiring(unittest.TestCase):
    CONTROLS = ("PublicBuckets", "UnencryptedBuckets", "OpenSecurityGroups", "PublicFunctions", "MetadataTokens")

    def test_detect_repairs_only_by_hand_and_off_does_nothing(self):
        for control in self.CONTROLS:
            for mode, automatic in (("detect", [False]), ("repair", [True]), ("off", [])):
                stack = Stack("remediation", **{key: "off" for key in self.CONTROLS} | {control: mode})
                found = stack.of_type("AWS::Config::RemediationConfiguration")
                self.assertEqual([row["Automatic"] for row in found.values()], automatic, (control, mode))
                self.assertEqual(len(stack.of_type("AWS::Config::ConfigRule")), len(automatic))
                self.assertEqual(len(stack.of_type("AWS::IAM::Role")), len(automatic))

    def test_nothing_is_repaired_unless_somebody_says_so(self):
        for key in self.CONTROLS:
            self.assertEqual(load("remediation")["Parameters"][key]["Default"], "detect")

    def test_the_rule_looks_at_the_ports_that_the_repair_closes(self):
        """The rule has five ports; one that is left out has AWS's own value, which the repair would not close."""
        rule = Stack("remediation").resources["OpenSecurityGroupsRule"]["Properties"]["InputParameters"]
        self.assertEqual(set(rule), {f"blockedPort{n}" for n in range(1, 6)})
        ports = Code("remediation", "OpenSecurityGroupsDocument.repair").module.PORTS
        self.assertEqual({int(port) for port in rule.values()}, set(ports))

    def test_documents_get_what_they_ask_for(self):
        stack = Stack("remediation")
        for key, repair in stack.of_type("AWS::Config::RemediationConfiguration").items():
            document = stack.resources[key.replace("Repair", "Document")]["Properties"]["Content"]
            self.assertEqual(set(repair["Parameters"]), set(document["parameters"]), key)
            self.assertEqual(
                repair["Parameters"]["AutomationAssumeRole"]["StaticValue"]["Values"],
                [f"<{key.replace('Repair', 'Role')}.Arn>"],
            )
            (step,) = document["mainSteps"]
            asked = {value.strip("{} ") for value in step["inputs"]["InputPayload"].values()}
            self.assertLessEqual(asked, set(document["parameters"]), key)


if __name__ == "__main__":
    unittest.main()
