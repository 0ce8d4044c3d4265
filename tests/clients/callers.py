"""The two clients that walk through the twin. Both keep a log of what they called and what did not fit the model."""

import collections
import dataclasses
import json
import os
import shutil
import subprocess
import tempfile
import unittest

import boto3
import botocore.config
import botocore.exceptions
from botocore import xform_name

from . import model
from .twin import MANAGEMENT

REGION = "us-east-1"


@dataclasses.dataclass
class Credentials:
    """Any secret will do; a 12-digit access key is the calling account."""

    access_key: str
    secret_key: str = "any secret"
    token: str | None = None


class Refused(Exception):
    """What a client was told instead of an answer."""

    def __init__(self, code: str, reason: str | None, message: str):
        super().__init__(f"{code} {reason or ''}: {message}")
        self.code = code
        self.reason = reason


@dataclasses.dataclass
class Log:
    """What was answered, by (service, operation)."""

    answered: collections.Counter = dataclasses.field(default_factory=collections.Counter)
    refused: collections.Counter = dataclasses.field(default_factory=collections.Counter)
    problems: dict = dataclasses.field(default_factory=lambda: collections.defaultdict(list))


class Boto:
    """boto3, whose every raw answer is judged before botocore reads it."""

    def __init__(self, endpoint: str, **config):
        self.endpoint = endpoint
        self.log = Log()
        self._config = config
        self._clients = {}

    def client(self, service: str, caller=MANAGEMENT):
        """Returns the client of a service for a calling account, or for `Credentials`."""
        credentials = caller if isinstance(caller, Credentials) else Credentials(caller)
        key = (service, credentials.access_key)
        if key not in self._clients:
            settings = {
                "parameter_validation": False,
                "retries": {"total_max_attempts": 1},
                "connect_timeout": 10,
                "read_timeout": 30,
                **self._config,
            }
            session = boto3.Session(
                aws_access_key_id=credentials.access_key,
                aws_secret_access_key=credentials.secret_key,
                aws_session_token=credentials.token,
                region_name=REGION,
            )
            client = session.client(
                service, endpoint_url=self.endpoint, config=botocore.config.Config(**settings)
            )
            client.meta.events.register("before-parse", self._judge)
            self._clients[key] = client
        return self._clients[key]

    def __call__(self, service: str, operation: str, *, caller=MANAGEMENT, **given):
        client = self.client(service, caller)
        try:
            answer = getattr(client, xform_name(operation))(**given)
        except botocore.exceptions.ClientError as error:
            body = error.response
            said = body["Error"]
            reason = body.get("Reason") or body.get("reason")
            raise Refused(said["Code"], reason, said.get("Message", "")) from None
        answer.pop("ResponseMetadata")
        return answer

    def _judge(self, operation_model, response_dict, **_):
        status, body = response_dict["status_code"], response_dict["body"]
        key = (operation_model.service_model.service_name, operation_model.name)
        (self.log.answered if status < 300 else self.log.refused)[key] += 1
        odd = model.problems_of(operation_model, status, response_dict["headers"], body)
        self.log.problems[key] += odd


# Options that the AWS CLI calls otherwise than the model, because it has them itself.
RENAMED = {("controltower", "version"): "landing-zone-version"}


class Cli:
    """The AWS CLI, one process a call, without any configuration file."""

    def __init__(self, endpoint: str):
        self.program = shutil.which("aws")
        if self.program is None:
            raise unittest.SkipTest("there is no AWS CLI (`aws`) on the PATH")
        self.endpoint = endpoint
        self.log = Log()
        self.home = tempfile.mkdtemp(prefix="lz-cli-")

    def close(self):
        shutil.rmtree(self.home, ignore_errors=True)

    def __call__(self, service: str, operation: str, *, caller=MANAGEMENT, **given):
        command = [self.program, service, xform_name(operation, "-")]
        for name, value in given.items():
            if isinstance(value, bool):
                command.append(f"--{'' if value else 'no-'}{xform_name(name, '-')}")
                continue
            text = value if isinstance(value, str) else json.dumps(value)
            command += [f"--{RENAMED.get((service, name), xform_name(name, '-'))}", text]
        command += ["--endpoint-url", self.endpoint, "--output", "json"]
        done = subprocess.run(
            command, env=self._environment(caller), cwd=self.home, capture_output=True, text=True, timeout=120
        )
        if done.returncode != 0:
            raise self._refusal(done, service, operation)
        answer = json.loads(done.stdout) if done.stdout.strip() else {}
        key = (service, operation)
        self.log.answered[key] += 1
        self.log.problems[key] += model.parsed_problems(
            model.service(service).operation_model(operation), answer
        )
        return answer

    def _refusal(self, done, service: str, operation: str) -> Refused:
        # "An error occurred (Code) when calling the X operation: message"; the exit code is 255 in version 1, 254 in version 2.
        _, found, rest = done.stderr.partition("An error occurred (")
        if not found or done.returncode not in (254, 255):
            raise AssertionError(f"aws {service} {operation}: exit code {done.returncode}: {done.stderr}")
        self.log.refused[(service, operation)] += 1
        code, _, message = rest.partition(")")
        return Refused(code, None, message)

    def _environment(self, caller) -> dict[str, str]:
        credentials = caller if isinstance(caller, Credentials) else Credentials(caller)
        environment = {
            "PATH": os.environ["PATH"],
            "HOME": self.home,
            "AWS_ACCESS_KEY_ID": credentials.access_key,
            "AWS_SECRET_ACCESS_KEY": credentials.secret_key,
            "AWS_REGION": REGION,
            "AWS_DEFAULT_REGION": REGION,
            "AWS_CONFIG_FILE": os.devnull,
            "AWS_SHARED_CREDENTIALS_FILE": os.devnull,
            "AWS_EC2_METADATA_DISABLED": "true",
            "AWS_MAX_ATTEMPTS": "1",
            "AWS_PAGER": "",
        }
        if credentials.token is not None:
            environment["AWS_SESSION_TOKEN"] = credentials.token
        return environment
