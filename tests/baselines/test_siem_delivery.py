"""siem-delivery: every event of a log file arrives, in portions that Firehose takes."""

import gzip
import io
import json
import os
import unittest
import unittest.mock

from .code import Code

BUCKET = "lz-trail-222222222222-logs"


class Firehose:
    """Takes what AWS takes, and refuses some records at first if told to."""

    def __init__(self, refuse=0, always=False):
        self.taken, self.requests, self.refuse, self.always = [], [], refuse, always

    def put_record_batch(self, DeliveryStreamName, Records):
        assert DeliveryStreamName == "baseline-siem-delivery"
        sizes = [len(record["Data"]) for record in Records]
        assert 0 < len(Records) <= 500, len(Records)
        assert sum(sizes) <= 4 * 1024 * 1024, sum(sizes)
        self.requests.append(len(Records))
        answers = []
        for record in Records:
            if self.always or self.refuse > 0:
                self.refuse -= 1
                answers.append({"ErrorCode": "ServiceUnavailableException", "ErrorMessage": "slow down"})
            else:
                self.taken.append(json.loads(record["Data"]))
                answers.append({"RecordId": "1"})
        return {"FailedPutCount": sum("ErrorCode" in row for row in answers), "RequestResponses": answers}


class S3:
    def __init__(self, **files):
        self.files = files

    def get_object(self, Bucket, Key):
        assert Bucket == BUCKET
        return {"Body": io.BytesIO(self.files[Key])}


def file(count: int, padding: int = 0) -> bytes:
    records = [{"eventID": str(n), "padding": "x" * padding} for n in range(count)]
    return gzip.compress(json.dumps({"Records": records}).encode())


def message(key: str) -> dict:
    detail = {"bucket": {"name": BUCKET}, "object": {"key": key}}
    return {"messageId": "m-" + key, "body": json.dumps({"detail": detail})}


class Delivery(unittest.TestCase):
    def setUp(self):
        self.code = Code("siem-delivery", "Sender")
        self.code.module.time = self
        self.slept = []
        patch = unittest.mock.patch.dict(os.environ, {"STREAM": "baseline-siem-delivery"})
        patch.start()
        self.addCleanup(patch.stop)

    def sleep(self, seconds):
        self.slept.append(seconds)

    def deliver(self, firehose, *keys, **files):
        event = {"Records": [message(key) for key in keys]}
        answer = self.code.call(event, {"s3": S3(**files), "firehose": firehose})
        return [row["itemIdentifier"] for row in answer["batchItemFailures"]]

    def test_every_event_arrives_once(self):
        firehose = Firehose()
        self.assertEqual(self.deliver(firehose, "a", "b", a=file(1_203), b=file(1)), [])
        self.assertEqual(firehose.requests, [500, 500, 203, 1])
        self.assertEqual([row["eventID"] for row in firehose.taken], [*map(str, range(1_203)), "0"])

    def test_large_events_go_in_smaller_portions(self):
        firehose = Firehose()
        self.assertEqual(self.deliver(firehose, "a", a=file(30, padding=250_000)), [])
        self.assertEqual(len(firehose.taken), 30)
        self.assertGreater(len(firehose.requests), 1)

    def test_only_refused_events_are_sent_again(self):
        firehose = Firehose(refuse=3)
        self.assertEqual(self.deliver(firehose, "a", a=file(10)), [])
        self.assertEqual(firehose.requests, [10, 3])
        self.assertEqual(sorted(int(row["eventID"]) for row in firehose.taken), list(range(10)))

    def test_a_file_that_cannot_be_sent_comes_again_and_holds_nobody_up(self):
        firehose = Firehose()
        self.assertEqual(self.deliver(firehose, "broken", "a", broken=b"no gzip", a=file(2)), ["m-broken"])
        self.assertEqual(len(firehose.taken), 2)

    def test_a_firehose_that_never_takes_is_given_up(self):
        firehose = Firehose(always=True)
        self.assertEqual(self.deliver(firehose, "a", a=file(2)), ["m-a"])
        self.assertEqual(firehose.requests, [2] * 5)
        self.assertEqual(self.slept, sorted(self.slept))

    def test_an_empty_file_sends_nothing(self):
        firehose = Firehose()
        self.assertEqual(self.deliver(firehose, "a", a=gzip.compress(b"{}")), [])
        self.assertEqual(firehose.requests, [])


if __name__ == "__main__":
    unittest.main()
