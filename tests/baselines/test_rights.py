"""Roles have the rights that their code needs, and no others."""

import ast
import functools
import unittest

import boto3
from botocore import xform_name

from .code import sources
from .templates import HOME, Stack, as_list, names, policies

# Whose name in IAM is another one (Service Authorization Reference, pages of the services).
ACTIONS = {
    ("s3", "GetBucketEncryption"): "s3:GetEncryptionConfiguration",
    ("s3", "PutBucketEncryption"): "s3:PutEncryptionConfiguration",
    ("s3", "PutPublicAccessBlock"): "s3:PutBucketPublicAccessBlock",
    ("s3control", "DeletePublicAccessBlock"): "s3:PutAccountPublicAccessBlock",
    ("s3control", "GetPublicAccessBlock"): "s3:GetAccountPublicAccessBlock",
    ("s3control", "PutPublicAccessBlock"): "s3:PutAccountPublicAccessBlock",
    ("lambda", "GetFunctionConfiguration"): "lambda:GetFunctionConfiguration",
    # Anybody may ask who he is.
    ("sts", "GetCallerIdentity"): None,
}

# What is done for the code by the service that runs it, or that it calls.
AROUND = {
    "iam:CreateServiceLinkedRole": "the services make their roles with the caller's rights",
    "kms:Decrypt": "S3 and SNS use the key with the caller's rights",
    "kms:GenerateDataKey": "SNS uses the key with the caller's rights",
    "logs:CreateLogStream": "Lambda writes the log",
    "logs:PutLogEvents": "Lambda writes the log",
    **dict.fromkeys(
        (
            "organizations:DescribeAccount",
            "organizations:DescribeOrganization",
            "organizations:DescribeOrganizationalUnit",
            "organizations:ListAWSServiceAccessForOrganization",
            "organizations:ListDelegatedAdministrators",
        ),
        "GuardDuty and Inspector look at the organization with the caller's rights",
    ),
    "sns:Publish": "Automation sends the request to the approvers",
    "sqs:DeleteMessage": "Lambda reads the queue",
    "sqs:GetQueueAttributes": "Lambda reads the queue",
    "sqs:ReceiveMessage": "Lambda reads the queue",
}


@functools.cache
def operations(service: str) -> dict[str, str]:
    """Returns the operations of a service by the names that they have in Python."""
    model = boto3.client(
        service, region_name=HOME, aws_access_key_id="key", aws_secret_access_key="secret"
    ).meta.service_model
    return {xform_name(name): name for name in model.operation_names}


def needed(source: str) -> list[set[str]]:
    """Returns the IAM action of each call in a piece of code: several where two of its services know the call."""
    calls = [node for node in ast.walk(ast.parse(source)) if isinstance(node, ast.Call)]
    services, methods = set(), set()
    for call in calls:
        name = call.func.attr if isinstance(call.func, ast.Attribute) else getattr(call.func, "id", "")
        first = call.args[0].value if call.args and isinstance(call.args[0], ast.Constant) else None
        if name == "client" and first:
            services.add(first)
        methods.add(first if name == "get_paginator" else name)
    # A method that is handed on is called too.
    methods |= {node.attr for node in ast.walk(ast.parse(source)) if isinstance(node, ast.Attribute)}
    found = []
    for method in methods:
        named = {(service, operations(service)[method]) for service in services if method in operations(service)}
        actions = {ACTIONS.get(one, f"{one[0]}:{one[1]}") for one in named} - {None}
        if actions:
            found.append(actions)
    return found


def role_of(stack: Stack, key: str) -> str:
    """Returns the logical name of the role with which a piece of code runs."""
    resource = stack.resources[key.split(".")[0]]
    if resource["Type"] == "AWS::Lambda::Function":
        return resource["Properties"]["Role"].strip("<>").removesuffix(".Arn")
    role = resource["Properties"]["Content"]["assumeRole"]
    return role.strip("<>").removesuffix(".Arn") if role.startswith("<") else key.split("Document")[0] + "Role"


class Rights(unittest.TestCase):
    def test_roles_may_do_what_their_code_does_and_no_more(self):
        tested = 0
        for name in names():
            stack = Stack(name)
            for key, source in sources(name).items():
                role = role_of(stack, key)
                allowed = {
                    action
                    for place, kind, document in policies(stack)
                    if place.startswith(role + ".") and kind == "identity"
                    for statement in document["Statement"]
                    for action in as_list(statement["Action"])
                }
                self.assertTrue(allowed, (name, role))
                with self.subTest(name, code=key):
                    missing = [actions for actions in needed(source) if not actions & allowed]
                    self.assertEqual(missing, [], "rights that are missing")
                    self.assertEqual(allowed - set().union(*needed(source)) - set(AROUND), set(), "needless rights")
                tested += 1
        self.assertGreater(tested, 10)


if __name__ == "__main__":
    unittest.main()
