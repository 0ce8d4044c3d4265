"""The judge of answers finds what it is there to find."""

import json
import unittest

from . import model

ROOT = {
    "Id": "r-abcd",
    "Arn": "arn:aws:organizations::111122223333:root/o-1234567890/r-abcd",
    "Name": "Root",
    "PolicyTypes": [],
}
STATUS = {
    "Id": "car-12345678",
    "State": "FAILED",
    "RequestedTimestamp": 1.8e9,
    "FailureReason": "INVALID_EMAIL",
}


def judged(operation: str, answer, status=200, service="organizations", headers=None) -> list[str]:
    body = answer if isinstance(answer, bytes) else json.dumps(answer).encode()
    return model.problems_of(model.service(service).operation_model(operation), status, headers or {}, body)


class Judge(unittest.TestCase):
    """Each test spoils one thing in an answer that is otherwise sound."""

    def finds(self, problems: list[str], text: str):
        self.assertEqual(len(problems), 1, problems)
        self.assertIn(text, problems[0])

    def test_a_sound_answer_has_no_problem(self):
        self.assertEqual(judged("ListRoots", {"Roots": [ROOT]}), [])
        self.assertEqual(judged("DescribeCreateAccountStatus", {"CreateAccountStatus": STATUS}), [])
        self.assertEqual(judged("AttachPolicy", b""), [])

    def test_an_unknown_member_is_found(self):
        self.finds(judged("ListRoots", {"Roots": [ROOT | {"Colour": "red"}]}), "unknown member Colour")

    def test_a_null_is_found(self):
        self.finds(judged("ListRoots", {"Roots": [], "NextToken": None}), "null")

    def test_a_wrong_type_is_found(self):
        self.finds(judged("ListRoots", {"Roots": ROOT}), "not a list")

    def test_a_wrong_pattern_is_found(self):
        self.finds(judged("ListRoots", {"Roots": [ROOT | {"Id": "root"}]}), "does not fit")

    def test_a_wrong_word_of_an_enum_is_found(self):
        status = STATUS | {"FailureReason": "BAD_LUCK"}
        self.finds(judged("DescribeCreateAccountStatus", {"CreateAccountStatus": status}), "BAD_LUCK")

    def test_a_time_as_text_is_found(self):
        status = STATUS | {"RequestedTimestamp": "2026-01-01T00:00:00Z"}
        self.finds(
            judged("DescribeCreateAccountStatus", {"CreateAccountStatus": status}), "seconds since 1970"
        )

    def test_a_time_in_milliseconds_is_found(self):
        status = STATUS | {"RequestedTimestamp": 1.8e10}
        self.finds(judged("DescribeCreateAccountStatus", {"CreateAccountStatus": status}), "in the year")

    def test_a_text_too_long_is_found(self):
        self.finds(judged("ListRoots", {"Roots": [ROOT | {"Name": "n" * 129}]}), "length 129")

    def test_a_missing_member_is_found(self):
        tags = {"Tags": [{"Key": "owner"}]}
        self.finds(judged("ListTagsForResource", tags), "lacks Value")

    def test_a_body_where_none_is_modelled_is_found(self):
        self.finds(judged("AttachPolicy", {"Done": True}), "no output is modelled")

    def test_an_error_that_the_operation_does_not_have_is_found(self):
        error = {"__type": "PolicyInUseException", "Message": "no"}
        self.finds(judged("AttachPolicy", error, 400), "no error PolicyInUseException")

    def test_an_unknown_reason_is_found(self):
        error = {"__type": "ConstraintViolationException", "Message": "no", "Reason": "BAD_LUCK"}
        self.finds(judged("AttachPolicy", error, 400), "BAD_LUCK")

    def test_a_reason_where_the_error_has_none_is_found(self):
        error = {"__type": "PolicyNotFoundException", "Message": "no", "Reason": "BAD_LUCK"}
        self.finds(judged("AttachPolicy", error, 400), "unknown member Reason")

    def test_an_error_with_a_wrong_status_is_found(self):
        error = {"message": "no"}
        headers = {"x-amzn-errortype": "ConflictException"}
        self.finds(judged("StartPrimaryEmailUpdate", error, 400, "account", headers), "not 409")

    def test_an_unknown_element_is_found(self):
        body = (
            b'<GetCallerIdentityResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><GetCallerIdentityResult>'
            b"<Account>111122223333</Account><Colour>red</Colour></GetCallerIdentityResult>"
            b"<ResponseMetadata><RequestId>1</RequestId></ResponseMetadata></GetCallerIdentityResponse>"
        )
        self.finds(judged("GetCallerIdentity", body, service="sts"), "no member Colour")


STACK_SETS = (
    '<ListStackSetsResponse xmlns="http://cloudformation.amazonaws.com/doc/2010-05-15/"><ListStackSetsResult>'
    "<Summaries><member><StackSetName>base</StackSetName><Status>ACTIVE</Status>"
    "<LastDriftCheckTimestamp>2026-01-01T00:00:00Z</LastDriftCheckTimestamp>"
    "<ManagedExecution><Active>true</Active></ManagedExecution></member></Summaries></ListStackSetsResult>"
    "<ResponseMetadata><RequestId>1</RequestId></ResponseMetadata></ListStackSetsResponse>"
)
OBJECTS = (
    '<ListBucketResult xmlns="http://s3.amazonaws.com/doc/2006-03-01/"><Name>b</Name><KeyCount>1</KeyCount>'
    "<Contents><Key>k</Key><Size>4</Size></Contents></ListBucketResult>"
)
NOT_FOUND = (
    '<ErrorResponse xmlns="http://cloudformation.amazonaws.com/doc/2010-05-15/"><Error><Type>Sender</Type>'
    "<Code>StackSetNotFoundException</Code><Message>no</Message></Error></ErrorResponse>"
)


class JudgeOfXml(unittest.TestCase):
    """The same for lists in XML, for S3, and for errors with a status of their own."""

    def finds(self, problems: list[str], text: str):
        self.assertEqual(len(problems), 1, problems)
        self.assertIn(text, problems[0])

    def stack_sets(self, old: str = "", new: str = "") -> list[str]:
        return judged("ListStackSets", STACK_SETS.replace(old, new).encode(), service="cloudformation")

    def objects(self, old: str = "", new: str = "") -> list[str]:
        return judged("ListObjectsV2", OBJECTS.replace(old, new).encode(), service="s3")

    def test_sound_answers_have_no_problem(self):
        self.assertEqual(self.stack_sets(), [])
        self.assertEqual(self.objects(), [])
        self.assertEqual(judged("DescribeStackSet", NOT_FOUND.encode(), 404, "cloudformation"), [])

    def test_an_item_of_another_name_is_found(self):
        self.finds(self.stack_sets("member>", "item>"), "not member")

    def test_an_unknown_element_in_a_list_is_found(self):
        self.finds(self.stack_sets("StackSetName>", "Name>"), "no member Name")
        self.finds(self.objects("Size>", "Length>"), "no member Length")

    def test_a_truth_of_another_spelling_is_found(self):
        self.finds(self.stack_sets("true", "yes"), "not a boolean")

    def test_a_word_that_is_no_status_is_found(self):
        self.finds(self.stack_sets("ACTIVE", "GREEN"), "GREEN")

    def test_a_status_that_an_error_does_not_have_is_found(self):
        self.finds(judged("DescribeStackSet", NOT_FOUND.encode(), 400, "cloudformation"), "not 404")

    def test_an_error_that_the_operation_does_not_have_is_found(self):
        self.finds(judged("ListStackSets", NOT_FOUND.encode(), 404, "cloudformation"), "has no error")


if __name__ == "__main__":
    unittest.main()
