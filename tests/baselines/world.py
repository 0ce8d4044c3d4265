"""moto, an AWS of somebody else's, as a process beside the tests."""

import atexit
import functools
import http.client
import pathlib
import shutil
import socket
import subprocess
import sys
import time

import boto3
from botocore.config import Config

from .templates import HOME

# The account that moto answers for.
MOTO_ACCOUNT = "123456789012"
START_SECONDS = 60


@functools.cache
def _port() -> int:
    """Starts moto on a free port. One process serves all tests, and each of them begins with a reset."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    beside = pathlib.Path(sys.executable).with_name("moto_server")
    command = str(beside) if beside.exists() else shutil.which("moto_server")
    if command is None:
        raise RuntimeError("moto_server is not installed: pip install -r tests/baselines/requirements.txt")
    process = subprocess.Popen(
        [command, "-H", "127.0.0.1", "-p", str(port)], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    atexit.register(_stop, process)
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline:
        if process.poll() is not None:
            raise RuntimeError(f"moto has ended with code {process.returncode}")
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
            return port
        except OSError:
            time.sleep(0.05)
    raise RuntimeError(f"moto has not started within {START_SECONDS} seconds")


def _stop(process: subprocess.Popen):
    process.terminate()
    process.wait(timeout=10)


def reset():
    """Makes moto forget everything."""
    connection = http.client.HTTPConnection("127.0.0.1", _port(), timeout=30)
    connection.request("POST", "/moto-api/reset")
    status = connection.getresponse().status
    connection.close()
    if status != 200:
        raise RuntimeError(f"moto did not reset: {status}")


@functools.cache
def client(service: str, region: str = HOME):
    """Returns a client of moto. It is made once: that takes longer than most tests."""
    made = boto3.client(
        service,
        region_name=region,
        endpoint_url=f"http://127.0.0.1:{_port()}",
        aws_access_key_id="key",
        aws_secret_access_key="secret",
        config=Config(s3={"addressing_style": "path"}, retries={"max_attempts": 0}),
    )
    # S3 Control puts the account in front of the host, which is a number here and takes nothing in front.
    made.meta.events.register("before-call.s3-control", _plain_host)
    return made


def _plain_host(params: dict, **_):
    params["url"] = params["url"].replace(f"//{MOTO_ACCOUNT}.", "//", 1)
