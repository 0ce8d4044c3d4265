"""Generated questions: small worlds, so that patterns and values meet."""

import random

FULL = {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "*", "Resource": "*"}]}

REQUESTS = [
    ("s3:GetObject", "arn:aws:s3:::logs/a"),
    ("s3:PutObject", "arn:aws:s3:::red/a/b"),
    ("s3:ListBucket", "arn:aws:s3:::logs"),
    ("iam:CreateRole", "arn:aws:iam::111122223333:role/lz-admin"),
    ("iam:DeleteRole", "arn:aws:iam::111122223333:role/x"),
    ("sqs:SendMessage", "arn:aws:sqs:eu-west-1:111122223333:queue"),
    ("kms:Decrypt", "arn:aws:kms:eu-west-1:111122223333:key/1"),
    ("ec2:RunInstances", "arn:aws:ec2:eu-west-1:111122223333:instance/i-1"),
    ("ec2:DescribeRegions", "*"),
    ("organizations:LeaveOrganization", "*"),
]
PRINCIPALS = [
    "arn:aws:iam::111122223333:role/dev",
    "arn:aws:iam::111122223333:role/lz-admin",
    "arn:aws:iam::111122223333:user/ann",
]
ACTIONS = [
    "*", "s3:*", "S3:Get*", "s3:GetObject", "s3:*Object", "iam:*Role", "iam:Create?ole", "sqs:SendMessage",
    "ec2:Describe*", "organizations:*",
]
RESOURCES = [
    "*", "arn:aws:s3:::logs", "arn:aws:s3:::logs/*", "arn:aws:s3:::*/a", "arn:aws:iam::*:role/lz-*", "arn:aws:s3:::l?gs",
    "arn:aws:s3:::${aws:PrincipalTag/none, 'logs'}/*", "arn:aws:sqs:eu-*:*:queue", "arn:aws:iam::111122223333:role/*",
]
# Operators, keys, values.
CONDITIONS = [
    (
        ["StringEquals", "StringNotEquals", "StringEqualsIgnoreCase", "StringNotEqualsIgnoreCase", "StringLike",
         "StringNotLike"],
        ["aws:PrincipalTag/team", "aws:RequestedRegion", "aws:PrincipalOrgID"],
        ["red", "Red", "r*", "*", "eu-west-1", "eu-*", "us-east-?", "o-1", "${aws:PrincipalTag/none, 'red'}"],
    ),
    (
        ["ForAnyValue:StringEquals", "ForAnyValue:StringNotEquals", "ForAnyValue:StringLike",
         "ForAnyValue:StringNotLike", "ForAllValues:StringEquals", "ForAllValues:StringNotEquals",
         "ForAllValues:StringLike"],
        ["aws:TagKeys", "aws:CalledVia"],
        ["team", "cost", "t*", "x"],
    ),
    (
        ["NumericEquals", "NumericNotEquals", "NumericLessThan", "NumericLessThanEquals", "NumericGreaterThan",
         "NumericGreaterThanEquals"],
        ["aws:MultiFactorAuthAge"],
        ["300", "3600", "0", "1.5"],
    ),
    (
        ["DateEquals", "DateNotEquals", "DateLessThan", "DateLessThanEquals", "DateGreaterThan",
         "DateGreaterThanEquals"],
        ["aws:CurrentTime", "aws:TokenIssueTime"],
        ["2024-01-01T00:00:00Z", "2025-06-01T12:00:00Z"],
    ),
    (["Bool"], ["aws:SecureTransport", "aws:MultiFactorAuthPresent"], ["true", "false"]),
    (["IpAddress"], ["aws:SourceIp"], ["10.0.0.0/8", "10.1.2.3", "2001:db8::/32", "203.0.113.0/24"]),
    (
        ["ArnLike", "ArnEquals", "ArnNotLike", "ArnNotEquals"],
        ["aws:PrincipalArn", "aws:SourceArn"],
        ["arn:aws:iam::*:role/lz-*", "arn:aws:iam::111122223333:role/dev", "arn:aws:*:*:*:*", "arn:aws:iam::*:root",
         "arn:aws:sns:*:111122223333:t*", "arn:aws:iam::1111*:role/d?v"],
    ),
    (["Null"], ["aws:TokenIssueTime", "aws:PrincipalTag/team", "aws:TagKeys"], ["true", "false"]),
]
CONTEXT = {
    "aws:PrincipalTag/team": ["red", "Red", "blue"],
    "aws:RequestedRegion": ["eu-west-1", "us-east-1"],
    "aws:PrincipalOrgID": ["o-1", "o-2"],
    "aws:MultiFactorAuthAge": ["300", "0", "1.5", "5000"],
    "aws:CurrentTime": ["2024-01-01T00:00:00Z", "2025-01-01T00:00:00Z"],
    "aws:TokenIssueTime": ["2024-01-01T00:00:00Z"],
    "aws:SecureTransport": ["true", "false"],
    "aws:MultiFactorAuthPresent": ["true", "false"],
    "aws:SourceIp": ["10.1.2.3", "203.0.113.9", "2001:db8::1"],
    "aws:SourceArn": ["arn:aws:sns:eu-west-1:111122223333:topic"],
}


class Cases:
    """Questions in the form of `lz policy eval`, the same for the same seed."""

    def __init__(self, seed: int):
        self._random = random.Random(seed)

    def _some(self, values: list, most: int) -> list:
        return [self._random.choice(values) for _ in range(self._random.randint(1, most))]

    def _statement(self) -> dict:
        pick = self._random.choice
        statement = {
            "Effect": pick(["Deny", "Deny", "Allow"]),
            pick(["Action", "Action", "Action", "NotAction"]): self._some(ACTIONS, 3),
            pick(["Resource", "Resource", "Resource", "NotResource"]): self._some(RESOURCES, 2),
        }
        conditions: dict = {}
        for _ in range(self._random.randint(0, 2)):
            operators, keys, values = pick(CONDITIONS)
            operator = pick(operators)
            if operator != "Null" and not operator.startswith("ForAnyValue") and self._random.random() < 0.3:
                operator += "IfExists"
            conditions.setdefault(operator, {})[pick(keys)] = self._some(values, 3)
        if conditions:
            statement["Condition"] = conditions
        return statement

    def _level(self, index: int) -> dict:
        count = self._random.randint(0, 2)
        policies = [
            {"Version": "2012-10-17", "Statement": [self._statement() for _ in range(self._random.randint(1, 3))]}
            for _ in range(count)
        ]
        if self._random.random() < 0.85:
            policies.append(FULL)
        return {"name": f"level {index}", "policies": policies}

    def question(self, number: int) -> dict:
        pick = self._random.choice
        context: dict = {key: pick(values) for key, values in CONTEXT.items() if self._random.random() < 0.5}
        for key in ["aws:TagKeys", "aws:CalledVia"]:
            if self._random.random() < 0.5:
                context[key] = self._some(["team", "cost", "x"], 2)
        principal = context["aws:PrincipalArn"] = pick(PRINCIPALS)
        action, resource = pick(REQUESTS)
        return {
            "id": number,
            "levels": [self._level(index) for index in range(self._random.randint(1, 3))],
            "request": {"principal": principal, "action": action, "resource": resource, "context": context},
        }
