"""A headless Chromium, spoken to through its DevTools protocol over a pipe: no port, no driver, no package."""

import base64
import json
import os
import pathlib
import select
import shutil
import subprocess
import tempfile
import time

REPOSITORY = pathlib.Path(__file__).resolve().parents[2]
NAMES = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome")
PATIENCE = 60


def chromium() -> str:
    """Returns the path of a Chromium; its absence is a failure, since what it tests would go untested."""
    told = os.environ.get("LZ_CHROMIUM")
    ours = REPOSITORY / "target" / "chromium" / "run"
    found = told or (str(ours) if ours.exists() else next(filter(None, map(shutil.which, NAMES)), None))
    if not found:
        raise AssertionError("there is no Chromium: run tests/browser/install, or set LZ_CHROMIUM")
    return found


class Browser:
    """One browser, from its start to its end. What it knows is in a folder of its own."""

    def __init__(self):
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="lz-browser-"))
        self.number = 0
        self.events = []
        self.buffer = b""
        theirs_in, self.to = os.pipe()
        self.of, theirs_out = os.pipe()
        command = [
            chromium(), "--headless", "--remote-debugging-pipe", "--no-sandbox", "--disable-gpu", "--hide-scrollbars",
            "--no-first-run", "--disable-background-networking", "--host-resolver-rules=MAP * ~NOTFOUND",
            f"--user-data-dir={self.folder}",
        ]
        self.log = open(self.folder / "log", "w+", encoding="utf-8")
        # The protocol wants the descriptors 3 and 4.
        script = f'exec "$0" "$@" 3<&{theirs_in} 4>&{theirs_out}'
        self.process = subprocess.Popen(
            ["bash", "-c", script, *command], pass_fds=(theirs_in, theirs_out), stdin=subprocess.DEVNULL,
            stdout=self.log, stderr=self.log,
        )
        os.close(theirs_in)
        os.close(theirs_out)

    def send(self, method, session=None, **parameters):
        """Sends a command and returns its result."""
        self.number += 1
        message = {"id": self.number, "method": method, "params": parameters}
        if session:
            message["sessionId"] = session
        os.write(self.to, json.dumps(message).encode() + b"\0")
        number = self.number
        while True:
            answer = self.receive()
            if answer.get("id") == number:
                if "error" in answer:
                    raise AssertionError(f"{method}: {answer['error']}")
                return answer["result"]
            self.events.append(answer)

    def receive(self):
        """Returns the next message."""
        end = time.monotonic() + PATIENCE
        while b"\0" not in self.buffer:
            ready, _, _ = select.select([self.of], [], [], max(0.0, end - time.monotonic()))
            piece = os.read(self.of, 1 << 20) if ready else b""
            if not piece:
                self.log.seek(0)
                raise AssertionError(f"the browser is silent: {self.log.read()[-2000:]}")
            self.buffer += piece
        message, _, self.buffer = self.buffer.partition(b"\0")
        return json.loads(message)

    def stop(self):
        """Ends the browser."""
        try:
            self.send("Browser.close")
        except (AssertionError, OSError):
            self.process.kill()
        self.process.wait(timeout=20)
        for descriptor in (self.to, self.of):
            os.close(descriptor)
        self.log.close()
        shutil.rmtree(self.folder, ignore_errors=True)


class Page:
    """A tab that looks at one file, and everything that it asked for or complained about."""

    def __init__(self, browser, path, *, width=1440, height=1000, dark=False, scripts=True):
        self.browser = browser
        target = browser.send("Target.createTarget", url="about:blank")["targetId"]
        self.session = browser.send("Target.attachToTarget", targetId=target, flatten=True)["sessionId"]
        for domain in ("Page", "Network", "Runtime", "Log"):
            self.send(f"{domain}.enable")
        self.send("Emulation.setScriptExecutionDisabled", value=not scripts)
        self.send(
            "Emulation.setDeviceMetricsOverride", width=width, height=height, deviceScaleFactor=1,
            mobile=width < 500,
        )
        scheme = {"name": "prefers-color-scheme", "value": "dark" if dark else "light"}
        self.send("Emulation.setEmulatedMedia", features=[scheme])
        self.url = pathlib.Path(path).resolve().as_uri()
        self.send("Page.navigate", url=self.url)
        self.wait("Page.loadEventFired")

    def send(self, method, **parameters):
        return self.browser.send(method, session=self.session, **parameters)

    def mine(self, *methods):
        return [
            event["params"] for event in self.browser.events
            if event.get("sessionId") == self.session and event.get("method") in methods
        ]

    def wait(self, method):
        while not self.mine(method):
            self.browser.events.append(self.browser.receive())

    def evaluate(self, expression):
        """Returns the value of an expression in the page."""
        result = self.send("Runtime.evaluate", expression=expression, returnByValue=True, awaitPromise=True)
        if "exceptionDetails" in result:
            raise AssertionError(f"{expression}: {result['exceptionDetails']}")
        return result["result"].get("value")

    def requests(self):
        """Returns the addresses that the page asked for."""
        return [event["request"]["url"] for event in self.mine("Network.requestWillBeSent")]

    def complaints(self):
        """Returns what reached the console."""
        return self.mine("Runtime.consoleAPICalled", "Runtime.exceptionThrown", "Log.entryAdded")

    def screenshot(self, path, *, whole=True):
        """Takes a picture, of the whole page or of what a window shows."""
        data = self.send("Page.captureScreenshot", captureBeyondViewport=whole, format="png")["data"]
        pathlib.Path(path).parent.mkdir(parents=True, exist_ok=True)
        pathlib.Path(path).write_bytes(base64.b64decode(data))

    def pdf(self, path):
        """Prints the page."""
        data = self.send("Page.printToPDF", printBackground=False)["data"]
        pathlib.Path(path).parent.mkdir(parents=True, exist_ok=True)
        pathlib.Path(path).write_bytes(base64.b64decode(data))
