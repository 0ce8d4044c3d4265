"""S3's conditional writes and SNS's topics, as boto3 sees them: what locks and notices rest on."""

import json
import unittest

import boto3
import botocore.exceptions
from botocore.config import Config

from .twin import MANAGEMENT, Twin


class Locks(unittest.TestCase):
    def client(self, twin, service):
        return boto3.client(
            service,
            endpoint_url=twin.endpoint,
            region_name="us-east-1",
            aws_access_key_id=MANAGEMENT,
            aws_secret_access_key="x",
            config=Config(retries={"max_attempts": 1}, s3={"addressing_style": "path"}),
        )

    def twin(self, **options):
        twin = Twin(**options)
        self.addCleanup(twin.stop)
        return twin

    def refused(self, status, code, call, **arguments):
        with self.assertRaises(botocore.exceptions.ClientError) as caught:
            call(**arguments)
        answer = caught.exception.response
        self.assertEqual(answer["ResponseMetadata"]["HTTPStatusCode"], status)
        self.assertEqual(answer["Error"]["Code"], code)

    def test_an_object_is_written_once_and_released_by_its_version(self):
        s3 = self.client(self.twin(), "s3")
        s3.create_bucket(Bucket="acme-lz")
        lock = {"Bucket": "acme-lz", "Key": "lock"}
        self.refused(404, "NoSuchKey", s3.get_object, **lock)
        etag = s3.put_object(**lock, Body=b"one", IfNoneMatch="*")["ETag"]
        self.refused(412, "PreconditionFailed", s3.put_object, **lock, Body=b"two", IfNoneMatch="*")
        self.assertEqual(s3.get_object(**lock)["ETag"], etag)
        other = s3.put_object(**lock, Body=b"two", IfMatch=etag)["ETag"]
        self.assertNotEqual(other, etag)
        self.refused(412, "PreconditionFailed", s3.delete_object, **lock, IfMatch=etag)
        s3.delete_object(**lock, IfMatch=other)
        self.refused(404, "NoSuchKey", s3.get_object, **lock)
        s3.put_object(**lock, Body=b"three", IfNoneMatch="*")

    def test_a_conflict_of_two_writers_can_be_played(self):
        conflict = {"fail": {"code": "ConditionalRequestConflict", "status": 409}}
        rule = {"at": {"operation": {"name": "PutObject", "nth": 1}}, "fault": conflict}
        s3 = self.client(self.twin(faults={"rules": [rule]}), "s3")
        s3.create_bucket(Bucket="acme-lz")
        lock = {"Bucket": "acme-lz", "Key": "lock"}
        self.refused(409, "ConditionalRequestConflict", s3.put_object, **lock, Body=b"x", IfNoneMatch="*")
        s3.put_object(**lock, Body=b"x", IfNoneMatch="*")

    def test_topics_take_messages_from_their_owner(self):
        sns = self.client(self.twin(), "sns")
        arn = sns.create_topic(Name="landing-zone")["TopicArn"]
        self.assertEqual(arn, f"arn:aws:sns:us-east-1:{MANAGEMENT}:landing-zone")
        self.assertEqual(sns.create_topic(Name="landing-zone")["TopicArn"], arn)
        self.assertEqual([topic["TopicArn"] for topic in sns.list_topics()["Topics"]], [arn])
        self.assertTrue(sns.publish(TopicArn=arn, Subject="s", Message=json.dumps({}))["MessageId"])
        self.refused(400, "InvalidParameter", sns.publish, TopicArn=arn, Subject="x" * 101, Message="m")
        self.refused(400, "InvalidParameter", sns.publish, TopicArn=arn, Message="x" * 262_145)
        self.refused(404, "NotFound", sns.publish, TopicArn=arn + "2", Message="m")
        sns.delete_topic(TopicArn=arn)
        self.refused(404, "NotFound", sns.publish, TopicArn=arn, Message="m")


if __name__ == "__main__":
    unittest.main()
