"""A moto server of one's own, and lz in front of it."""

import http.client
import json
import os
import pathlib
import shutil
import socket
import subprocess
import sys
import tempfile
import time

import boto3

# The account that moto takes every caller for.
MANAGEMENT = "123456789012"
START_SECONDS = 60
RUN_SECONDS = 180


class Moto:
    """moto on a free port of this machine."""

    def __init__(self):
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = probe.getsockname()[1]
        self.url = f"http://127.0.0.1:{self.port}"
        beside = pathlib.Path(sys.executable).with_name("moto_server")
        command = str(beside) if beside.exists() else shutil.which("moto_server")
        if command is None:
            raise RuntimeError("moto_server is not installed: run tests/run, or pip install -r tests/moto/requirements.txt")
        self._process = subprocess.Popen(
            [command, "-H", "127.0.0.1", "-p", str(self.port)],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        self._await_start()

    def _await_start(self):
        deadline = time.monotonic() + START_SECONDS
        while time.monotonic() < deadline:
            if self._process.poll() is not None:
                raise RuntimeError(f"moto has ended with code {self._process.returncode}")
            try:
                socket.create_connection(("127.0.0.1", self.port), timeout=1).close()
                return
            except OSError:
                time.sleep(0.05)
        self.stop()
        raise RuntimeError(f"moto has not started within {START_SECONDS} seconds")

    def reset(self):
        """Forgets every organization."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
        connection.request("POST", "/moto-api/reset")
        status = connection.getresponse().status
        connection.close()
        if status != 200:
            raise RuntimeError(f"moto did not reset: {status}")

    def organizations(self):
        """Returns somebody else's client, to look and to meddle."""
        return boto3.client(
            "organizations",
            endpoint_url=self.url,
            region_name="us-east-1",
            aws_access_key_id="test",
            aws_secret_access_key="test",
        )

    def stop(self):
        """Ends the server."""
        self._process.terminate()
        try:
            self._process.wait(timeout=10)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()


class Outcome:
    """What a run of lz has brought."""

    def __init__(self, done: subprocess.CompletedProcess, stats: dict):
        self.code = done.returncode
        self.text = done.stdout + done.stderr
        self.calls = stats.get("calls", {})


class Lz:
    """lz with a spec in a directory of its own, and nothing of the developer's environment."""

    def __init__(self, url: str):
        self.url = url
        self.directory = pathlib.Path(tempfile.mkdtemp(prefix="lz-moto-"))

    def write(self, spec: str):
        """Replaces the spec."""
        (self.directory / "main.hcl").write_text(spec, encoding="utf-8")

    def plan(self, *options: str, **environment: str) -> Outcome:
        """Plans; the code is 0 without and 2 with changes."""
        return self._run("plan", "--detailed-exitcode", *options, **environment)

    def apply(self) -> Outcome:
        """Plans and applies."""
        return self._run("apply", "--auto-approve")

    def _run(self, *arguments: str, **environment: str) -> Outcome:
        stats = self.directory / "stats.json"
        stats.unlink(missing_ok=True)
        done = subprocess.run(
            [os.environ["LZ_BIN"], *arguments, "--target", self.url, "--stats", str(stats), "--color", "never"],
            cwd=self.directory,
            env={"HOME": str(self.directory), "PATH": os.environ["PATH"], **environment},
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=RUN_SECONDS,
        )
        read = json.loads(stats.read_text(encoding="utf-8")) if stats.exists() else {}
        return Outcome(done, read)

    def remove(self):
        """Deletes the directory."""
        shutil.rmtree(self.directory, ignore_errors=True)
