"""One walk through stack sets, stacks, S3 and alarms, for any client."""

import contextlib
import json

from .callers import Refused
from .twin import MANAGEMENT
from .walk import Walk

HOME, FAR = "us-east-1", "eu-west-1"
TEMPLATE = """
Description: a topic
Parameters:
  Size:
    Type: String
    Default: small
Resources:
  Topic:
    Type: AWS::SNS::Topic
Outputs:
  Size:
    Value: !Ref Size
"""
OTHER = TEMPLATE.replace("AWS::SNS::Topic", "AWS::SQS::Queue")
BUCKET = "stack-walk-things"
DELEGATE = "member.org.stacksets.cloudformation.amazonaws.com"
OPEN = ("QUEUED", "RUNNING", "STOPPING")


class StackWalk:
    """Calls every operation with success, and expects what AWS answers. `case` is the test that asserts."""

    def __init__(self, case, call):
        self.case = case
        self.call = call
        self.walk = Walk(case, call)

    def org(self, operation: str, **given):
        return self.call("organizations", operation, **given)

    def cfn(self, operation: str, **given):
        return self.call("cloudformation", operation, **given)

    def all(self):
        self.make_organization()
        self.switch_access()
        self.make_set()
        self.deploy()
        self.change()
        self.look_for_drift()
        self.stop()
        self.look_as_an_account()
        self.delegate()
        self.make_stacks()
        self.import_a_stack()
        self.watch()
        self.take_apart()

    def make_organization(self):
        self.org("CreateOrganization")
        root = self.org("ListRoots")["Roots"][0]["Id"]
        self.walk.root = root
        made = self.org("CreateOrganizationalUnit", ParentId=root, Name="Work")
        self.unit = made["OrganizationalUnit"]["Id"]
        self.walk.make_accounts()
        self.accounts = sorted(self.walk.accounts)
        for account in self.accounts:
            self.org("MoveAccount", AccountId=account, SourceParentId=root, DestinationParentId=self.unit)

    def switch_access(self):
        self.case.assertEqual(self.cfn("DescribeOrganizationsAccess")["Status"], "DISABLED")
        self.cfn("ActivateOrganizationsAccess")
        self.cfn("DeactivateOrganizationsAccess")
        self.cfn("ActivateOrganizationsAccess")
        self.case.assertEqual(self.cfn("DescribeOrganizationsAccess")["Status"], "ENABLED")

    def make_set(self):
        made = self.cfn(
            "CreateStackSet",
            StackSetName="base",
            Description="guards",
            TemplateBody=TEMPLATE,
            PermissionModel="SERVICE_MANAGED",
            AutoDeployment={"Enabled": True, "RetainStacksOnAccountRemoval": False},
            Parameters=[{"ParameterKey": "Size", "ParameterValue": "big"}],
            Tags=[{"Key": "team", "Value": "security"}],
            ManagedExecution={"Active": True},
        )
        seen = self.cfn("DescribeStackSet", StackSetName="base")["StackSet"]
        self.case.assertEqual((seen["StackSetId"], seen["Status"]), (made["StackSetId"], "ACTIVE"))
        self.case.assertEqual(seen["TemplateBody"], TEMPLATE)
        self.case.assertEqual(seen["Parameters"], [{"ParameterKey": "Size", "ParameterValue": "big"}])
        listed = self.cfn("ListStackSets", Status="ACTIVE")["Summaries"]
        self.case.assertEqual([row["StackSetName"] for row in listed], ["base"])

    def targets(self) -> dict:
        return {"DeploymentTargets": {"OrganizationalUnitIds": [self.unit]}, "Regions": [HOME, FAR]}

    def ended(self, operation: str, name: str = "base") -> dict:
        """Waits for the end of an operation."""
        read = lambda: self.cfn("DescribeStackSetOperation", StackSetName=name, OperationId=operation)
        answer = self.walk.until(read, lambda a: a["StackSetOperation"]["Status"] not in OPEN, "the operation")
        return answer["StackSetOperation"]

    def carry_out(self, operation: str, **given) -> dict:
        started = self.cfn(operation, **given)["OperationId"]
        done = self.ended(started, given["StackSetName"])
        self.case.assertEqual(done["Status"], "SUCCEEDED", done)
        return done

    def deploy(self):
        done = self.carry_out(
            "CreateStackInstances",
            StackSetName="base",
            OperationPreferences={
                "RegionConcurrencyType": "PARALLEL",
                "FailureToleranceCount": 1,
                "MaxConcurrentCount": 2,
            },
            **self.targets(),
        )
        self.case.assertEqual(done["Action"], "CREATE")
        self.case.assertEqual(done["StatusDetails"], {"FailedStackInstancesCount": 0})
        listed = self.cfn("ListStackInstances", StackSetName="base")["Summaries"]
        places = [(row["Account"], row["Region"]) for row in listed]
        self.case.assertEqual(places, [(account, region) for account in self.accounts for region in (FAR, HOME)])
        results = self.cfn("ListStackSetOperationResults", StackSetName="base", OperationId=done["OperationId"])
        self.case.assertEqual({row["Status"] for row in results["Summaries"]}, {"SUCCEEDED"})
        targets = self.cfn("ListStackSetAutoDeploymentTargets", StackSetName="base")["Summaries"]
        self.case.assertEqual(targets, [{"OrganizationalUnitId": self.unit, "Regions": [FAR, HOME]}])

    def instance(self) -> dict:
        seen = self.cfn(
            "DescribeStackInstance",
            StackSetName="base",
            StackInstanceAccount=self.accounts[0],
            StackInstanceRegion=HOME,
        )
        return seen["StackInstance"]

    def change(self):
        self.carry_out("UpdateStackSet", StackSetName="base", TemplateBody=OTHER)
        override = [{"ParameterKey": "Size", "ParameterValue": "huge"}]
        self.carry_out("UpdateStackInstances", StackSetName="base", ParameterOverrides=override, **self.targets())
        self.case.assertEqual(self.instance()["ParameterOverrides"], override)
        self.case.assertEqual(self.instance()["StackInstanceStatus"], {"DetailedStatus": "SUCCEEDED"})

    def look_for_drift(self):
        done = self.carry_out("DetectStackSetDrift", StackSetName="base")
        self.case.assertEqual(done["StackSetDriftDetectionDetails"]["DriftStatus"], "IN_SYNC")
        drifts = self.cfn(
            "ListStackInstanceResourceDrifts",
            StackSetName="base",
            StackInstanceAccount=self.accounts[0],
            StackInstanceRegion=HOME,
            OperationId=done["OperationId"],
        )["Summaries"]
        self.case.assertEqual([row["StackResourceDriftStatus"] for row in drifts], ["IN_SYNC"])

    def stop(self):
        # Behind so many others the last one is still there to be stopped, however slow the client.
        update = lambda: self.cfn("UpdateStackInstances", StackSetName="base", **self.targets())["OperationId"]
        started = [update() for _ in range(4)]
        last = started[-1]
        self.cfn("StopStackSetOperation", StackSetName="base", OperationId=last)
        self.case.assertEqual(self.ended(last)["Status"], "STOPPED")
        operations = self.cfn("ListStackSetOperations", StackSetName="base")["Summaries"]
        self.case.assertEqual(operations[0]["OperationId"], last)
        for operation in started[:-1]:
            with contextlib.suppress(Refused):
                self.cfn("StopStackSetOperation", StackSetName="base", OperationId=operation)

    def look_as_an_account(self):
        account = self.accounts[0]
        listed = self.cfn("ListStacks", caller=account)["StackSummaries"]
        self.case.assertTrue(listed[0]["StackName"].startswith("StackSet-base-"))
        seen = self.cfn("DescribeStacks", caller=account, StackName=listed[0]["StackName"])["Stacks"][0]
        self.case.assertEqual(seen["Tags"], [{"Key": "team", "Value": "security"}])
        self.case.assertEqual(seen["Outputs"], [{"OutputKey": "Size", "OutputValue": "huge"}])

    def delegate(self):
        self.org("RegisterDelegatedAdministrator", AccountId=self.accounts[1], ServicePrincipal=DELEGATE)
        seen = self.cfn(
            "DescribeStackSet", caller=self.accounts[1], StackSetName="base", CallAs="DELEGATED_ADMIN"
        )["StackSet"]
        self.case.assertIn(MANAGEMENT, seen["StackSetARN"])

    def stack_ended(self, name: str, status: str) -> dict:
        read = lambda: self.cfn("DescribeStacks", StackName=name)
        ended = self.walk.until(
            read, lambda a: not a["Stacks"][0]["StackStatus"].endswith("IN_PROGRESS"), "the stack"
        )["Stacks"][0]
        self.case.assertEqual(ended["StackStatus"], status)
        return ended

    def make_stacks(self):
        valid = self.cfn("ValidateTemplate", TemplateBody=TEMPLATE)
        self.case.assertEqual(valid["Description"], "a topic")
        id = self.cfn("CreateStack", StackName="mine", TemplateBody=TEMPLATE)["StackId"]
        self.case.assertEqual(self.stack_ended("mine", "CREATE_COMPLETE")["StackId"], id)
        self.cfn("UpdateStack", StackName="mine", TemplateBody=OTHER)
        self.stack_ended("mine", "UPDATE_COMPLETE")
        self.case.assertEqual(self.cfn("GetTemplate", StackName="mine")["TemplateBody"], OTHER)
        events = self.cfn("DescribeStackEvents", StackName="mine")["StackEvents"]
        self.case.assertEqual(events[0]["ResourceStatus"], "UPDATE_COMPLETE")
        resources = self.cfn("DescribeStackResources", StackName="mine")["StackResources"]
        self.case.assertEqual([row["ResourceType"] for row in resources], ["AWS::SQS::Queue"])
        self.cfn("UpdateTerminationProtection", StackName="mine", EnableTerminationProtection=True)
        self.cfn("UpdateTerminationProtection", StackName="mine", EnableTerminationProtection=False)
        self.cfn("DeleteStack", StackName="mine")
        self.stack_ended(id, "DELETE_COMPLETE")

    def import_a_stack(self):
        id = self.cfn("CreateStack", StackName="old", TemplateBody=TEMPLATE)["StackId"]
        self.stack_ended("old", "CREATE_COMPLETE")
        self.cfn("CreateStackSet", StackSetName="own", TemplateBody=TEMPLATE)
        self.carry_out("ImportStacksToStackSet", StackSetName="own", StackIds=[id])
        listed = self.cfn("ListStackInstances", StackSetName="own")["Summaries"]
        self.case.assertEqual([(row["Account"], row["StackId"]) for row in listed], [(MANAGEMENT, id)])
        self.carry_out(
            "DeleteStackInstances", StackSetName="own", Accounts=[MANAGEMENT], Regions=[HOME], RetainStacks=False
        )
        self.cfn("DeleteStackSet", StackSetName="own")

    def watch(self):
        alarm = {"AlarmName": "gate", "MetricName": "Errors", "Namespace": "App", "Statistic": "Sum"}
        self.call(
            "cloudwatch",
            "PutMetricAlarm",
            Period=60,
            EvaluationPeriods=1,
            Threshold=2.5,
            ComparisonOperator="GreaterThanThreshold",
            Dimensions=[{"Name": "app", "Value": "shop"}],
            **alarm,
        )
        self.call("cloudwatch", "SetAlarmState", AlarmName="gate", StateValue="ALARM", StateReason="by hand")
        seen = self.call("cloudwatch", "DescribeAlarms", AlarmNames=["gate"])["MetricAlarms"]
        self.case.assertEqual([(row["StateValue"], row["Threshold"]) for row in seen], [("ALARM", 2.5)])
        self.call("cloudwatch", "DeleteAlarms", AlarmNames=["gate"])

    def take_apart(self):
        self.carry_out("DeleteStackInstances", StackSetName="base", RetainStacks=False, **self.targets())
        self.case.assertEqual(self.cfn("ListStackInstances", StackSetName="base")["Summaries"], [])
        self.cfn("DeleteStackSet", StackSetName="base")
        listed = self.cfn("ListStackSets", Status="DELETED")["Summaries"]
        self.case.assertEqual({row["StackSetName"] for row in listed}, {"base", "own"})


class BucketWalk:
    """Calls every operation of S3 that the twin has; bodies are bytes, which only boto3 takes."""

    CONFIGURATIONS = (
        (
            "PublicAccessBlock",
            "PublicAccessBlockConfiguration",
            {"BlockPublicAcls": True, "IgnorePublicAcls": True, "BlockPublicPolicy": True, "RestrictPublicBuckets": True},
        ),
        (
            "BucketEncryption",
            "ServerSideEncryptionConfiguration",
            {"Rules": [{"ApplyServerSideEncryptionByDefault": {"SSEAlgorithm": "AES256"}}]},
        ),
        ("BucketTagging", "Tagging", {"TagSet": [{"Key": "team", "Value": "x"}]}),
    )

    def __init__(self, case, call):
        self.case = case
        self.call = call

    def s3(self, operation: str, **given):
        return self.call("s3", operation, Bucket=BUCKET, **given)

    def all(self):
        self.s3("CreateBucket")
        self.s3("HeadBucket")
        self.case.assertIsNone(self.s3("GetBucketLocation").get("LocationConstraint"))
        listed = self.call("s3", "ListBuckets")["Buckets"]
        self.case.assertEqual([row["Name"] for row in listed], [BUCKET])
        self.configure()
        self.keep_objects()
        self.s3("DeleteBucket")

    def configure(self):
        for name, member, value in self.CONFIGURATIONS:
            self.s3(f"Put{name}", **{member: value})
            found = self.s3(f"Get{name}")
            self.case.assertEqual(found.get(member, found), value)
            self.s3(f"Delete{name}")
        self.s3("PutBucketVersioning", VersioningConfiguration={"Status": "Enabled"})
        self.case.assertEqual(self.s3("GetBucketVersioning")["Status"], "Enabled")
        policy = json.dumps({"Version": "2012-10-17", "Statement": []})
        self.s3("PutBucketPolicy", Policy=policy)
        self.case.assertEqual(self.s3("GetBucketPolicy")["Policy"], policy)
        self.s3("DeleteBucketPolicy")

    def keep_objects(self):
        put = self.s3("PutObject", Key="a/k.yaml", Body=TEMPLATE.encode(), IfNoneMatch="*", Metadata={"by": "me"})
        got = self.s3("GetObject", Key="a/k.yaml")
        self.case.assertEqual(got["Body"].read().decode(), TEMPLATE)
        self.case.assertEqual(got["Metadata"], {"by": "me"})
        head = self.s3("HeadObject", Key="a/k.yaml")
        self.case.assertEqual((head["ETag"], head["ContentLength"]), (put["ETag"], len(TEMPLATE)))
        listed = self.s3("ListObjectsV2", Prefix="a/")
        self.case.assertEqual([row["Key"] for row in listed["Contents"]], ["a/k.yaml"])
        url = f"https://{BUCKET}.s3.us-east-1.amazonaws.com/a/k.yaml"
        valid = self.call("cloudformation", "ValidateTemplate", TemplateURL=url)
        self.case.assertEqual(valid["Description"], "a topic")
        self.s3("DeleteObject", Key="a/k.yaml")
