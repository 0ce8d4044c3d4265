"""A twin of its own for a test: started on a free port of the loopback address, stopped by the test."""

import json
import os
import pathlib
import shutil
import signal
import subprocess
import tempfile
import unittest

REPOSITORY = pathlib.Path(__file__).resolve().parents[2]

MANAGEMENT = "111122223333"
GUEST = "222233334444"
STRANGER = "333344445555"
OTHER_MANAGEMENT = "444455556666"

# Nothing is throttled, and what takes a minute at AWS takes a fraction of a second.
UNTHROTTLED = {"throttling": False, "removal_wait_days": 0}
QUICK = 1000.0


def binary() -> str:
    """Returns the path of `lz`, or skips the test where there is none."""
    path = os.environ.get("LZ_BIN", str(REPOSITORY / "target" / "debug" / "lz"))
    if not os.access(path, os.X_OK):
        raise unittest.SkipTest(f"there is no lz at {path}; set LZ_BIN or run tests/run")
    return path


class Twin:
    """One `lz twin serve`, from its start to its end."""

    def __init__(self, *, settings=None, faults=None, state=None, time_scale=None):
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="lz-twin-"))
        command = [binary(), "twin", "serve", "--port", "0"]
        if settings is not None:
            command += ["--limits", self._write("settings.json", settings)]
        if faults is not None:
            command += ["--faults", self._write("faults.json", faults)]
        if state is not None:
            command += ["--state", str(state)]
        if time_scale is not None:
            command += ["--time-scale", str(time_scale)]
        self._errors = open(self.folder / "stderr", "w+", encoding="utf-8")
        self.process = subprocess.Popen(
            command, stdout=subprocess.PIPE, stderr=self._errors, text=True, cwd=self.folder
        )
        line = self.process.stdout.readline()
        if not line.startswith("listening on http://127.0.0.1:"):
            self.stop()
            raise AssertionError(f"the twin did not start: {line!r} {self.errors!r}")
        self.endpoint = line.removeprefix("listening on ").strip()

    def _write(self, name: str, content) -> str:
        path = self.folder / name
        path.write_text(json.dumps(content), encoding="utf-8")
        return str(path)

    def stop(self) -> int:
        """Asks the twin to end, and returns its exit code."""
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
        try:
            code = self.process.wait(timeout=20)
        except subprocess.TimeoutExpired:
            self.process.kill()
            code = self.process.wait()
        self.process.stdout.close()
        if not self._errors.closed:
            self._errors.seek(0)
            self.errors = self._errors.read()
            self._errors.close()
        shutil.rmtree(self.folder, ignore_errors=True)
        return code


class TwinCase(unittest.TestCase):
    """Tests that share one twin."""

    settings = UNTHROTTLED
    faults = None
    time_scale = QUICK

    @classmethod
    def setUpClass(cls):
        cls.twin = Twin(settings=cls.settings, faults=cls.faults, time_scale=cls.time_scale)
        cls.addClassCleanup(cls.twin.stop)
