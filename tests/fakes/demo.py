"""`omtanke demo` as it runs: its processes, its console with somebody signed in, its door."""

from __future__ import annotations

import base64
import html
import http.client
import http.cookiejar
import json
import re
import subprocess
import sys
import urllib.error
import urllib.parse
import urllib.request
from pathlib import Path
from typing import Any

from fakes.web import free_port

PATIENCE_SECONDS = 20
# Nobody answers, or ends in the middle of it.
UNREACHED = (OSError, http.client.HTTPException)


class NotStarted(RuntimeError):
    """The demo has ended before it said where it is."""


class Demo:
    """A demo over a folder. `process` is the one that watches over the others."""

    def __init__(self, data: Path, customers: int, speed: int, pages: int = 0, door: int = 0) -> None:
        self.data = data
        self.pages, self.door = pages or free_port(), door or free_port()
        where = ["--data", str(data), "--port", str(self.pages), "--door-port", str(self.door)]
        command = [sys.executable, "-m", "omtanke.cli", "demo", *where, "--customers", str(customers), "--speed", str(speed)]
        self.process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
        self.said: list[str] = []
        assert self.process.stdout is not None
        for line in self.process.stdout:
            self.said.append(line)
            if line.startswith("Ctrl-C"):
                break
        if not self.said:
            self.process.stdout.close()
            self.process.wait()
            raise NotStarted(self.process.returncode)
        self.link = next(line for line in self.said if line.startswith("The console:")).split()[-1]
        self.key = next(line for line in self.said if "write key" in line).split()[-1]

    def processes(self) -> dict[str, int]:
        """Names and numbers of the processes that it watches over."""
        found = {}
        for line in subprocess.run(["ps", "-o", "pid=,args=", "--ppid", str(self.process.pid)], capture_output=True, text=True, check=True).stdout.splitlines():
            number, _, command = line.strip().partition(" ")
            if " run " in command:
                found[command.split(" run ")[1].split()[0]] = int(number)
        return found

    def stop(self) -> int:
        self.process.terminate()
        status = self.process.wait(PATIENCE_SECONDS)
        assert self.process.stdout is not None
        self.process.stdout.close()
        return status

    def tell(self, message: dict[str, Any]) -> bool:
        """Whether the door has made it durable."""
        authorisation = "Basic " + base64.b64encode(f"{self.key}:".encode()).decode()
        request = urllib.request.Request(f"http://127.0.0.1:{self.door}/v1/track", json.dumps(message).encode(), {"authorization": authorisation})
        try:
            with urllib.request.urlopen(request, timeout=PATIENCE_SECONDS):
                return True
        except UNREACHED:
            return False


class Colleague:
    """Somebody signed in to the console, with a browser that has no scripts."""

    def __init__(self, demo: Demo) -> None:
        self._demo = demo
        self._browser = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(http.cookiejar.CookieJar()))
        self._browser.addheaders = [("Accept-Language", "en")]
        self.read(demo.link)

    def read(self, address: str) -> str:
        """The page; empty when nothing answered."""
        try:
            with self._browser.open(
                address if address.startswith("http") else f"http://127.0.0.1:{self._demo.pages}{address}", timeout=PATIENCE_SECONDS
            ) as answer:
                return str(answer.read().decode())
        except UNREACHED:
            return ""

    def form(self, address: str) -> dict[str, str]:
        """The hidden fields of the form at an address; empty when nothing answered."""
        page = self.read(address)
        main = page[page.find("<main") :]
        return {name: html.unescape(value) for name, value in re.findall(r'<input type="hidden" name="([\w]+)" value="([^"]*)"', main)}

    def send(self, address: str, form: dict[str, str]) -> bool:
        """Whether the page says that it is saved. False: it says that it is not, or says nothing."""
        try:
            with self._browser.open(f"http://127.0.0.1:{self._demo.pages}{address}", urllib.parse.urlencode(form).encode(), timeout=PATIENCE_SECONDS) as answer:
                return "saved=" in answer.url or "Saved" in answer.read().decode()
        except UNREACHED:
            return False
