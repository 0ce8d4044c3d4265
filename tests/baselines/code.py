"""Runs the Python code inside the templates: functions (ZipFile) and automation scripts (aws:executeScript)."""

import contextlib
import io
import sys
import types
import unittest.mock

import boto3
from botocore.exceptions import ClientError
from botocore.stub import Stubber

from .templates import HOME, load


def sources(name: str) -> dict[str, str]:
    """Returns the code of a baseline by the logical names of the resources that hold it."""
    found = {}
    for key, resource in load(name)["Resources"].items():
        body = resource.get("Properties", {})
        if resource["Type"] == "AWS::Lambda::Function":
            found[key] = body["Code"]["ZipFile"]
        if resource["Type"] == "AWS::SSM::Document":
            for step in body["Content"]["mainSteps"]:
                if step["action"] == "aws:executeScript":
                    found[f"{key}.{step['name']}"] = step["inputs"]["Script"]
    return found


class Replies(types.ModuleType):
    """Stands for the module `cfnresponse` that Lambda puts beside inline code; keeps what was sent."""

    SUCCESS, FAILED = "SUCCESS", "FAILED"

    def __init__(self):
        super().__init__("cfnresponse")
        self.sent = []

    def send(self, event, context, status, data, identity=None, no_echo=False, reason=None):
        self.sent.append(types.SimpleNamespace(status=status, data=data, id=identity, reason=reason))


class Code:
    """One piece of code, loaded as Lambda or Automation would load it."""

    def __init__(self, baseline: str, resource: str):
        self.replies = Replies()
        self.module = types.ModuleType(resource)
        with unittest.mock.patch.dict(sys.modules, {"cfnresponse": self.replies}):
            exec(compile(sources(baseline)[resource], f"{baseline}/{resource}", "exec"), self.module.__dict__)

    def call(self, event, clients):
        """Calls the handler; `clients` maps service names to clients that stand for AWS."""
        self.log = io.StringIO()
        with unittest.mock.patch.object(boto3, "client", lambda name, **_: clients[name]):
            with contextlib.redirect_stdout(self.log):
                return self.module.handler(event, types.SimpleNamespace(log_stream_name="stream"))

    def custom(self, request: str, kind: str, properties: dict, identity: str | None, clients: dict):
        """Sends a custom resource's event and returns the one reply. CloudFormation sends all values as text."""
        event = {
            "RequestType": request,
            "ResourceType": kind,
            "ResourceProperties": {"ServiceToken": "arn", "ServiceTimeout": "300", **properties},
        }
        if identity is not None:
            event["PhysicalResourceId"] = identity
        before = len(self.replies.sent)
        self.call(event, clients)
        if len(self.replies.sent) != before + 1:
            raise AssertionError(f"{len(self.replies.sent) - before} replies to one event")
        return self.replies.sent[-1]


def refusal(code: str, operation: str = "Operation") -> ClientError:
    """Returns an error as AWS gives it."""
    return ClientError({"Error": {"Code": code, "Message": code}}, operation)


class Script:
    """A client of boto3 whose answers are written down. Requests and answers must fit botocore's service model."""

    def __init__(self, service: str):
        self.client = boto3.client(service, region_name=HOME, aws_access_key_id="key", aws_secret_access_key="secret")
        self.stub = Stubber(self.client)
        self.stub.activate()

    def answers(self, operation: str, answer: dict, **request):
        self.stub.add_response(operation, answer, request)
        return self

    def refuses(self, operation: str, code: str, **request):
        self.stub.add_client_error(operation, code, code, expected_params=request)
        return self

    def done(self):
        """Raises if an answer is left over."""
        self.stub.assert_no_pending_responses()
