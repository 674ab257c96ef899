"""Programs that run while a picture is taken, and a browser: Chromium driven through WebDriver."""

import base64
import json
import os
import shutil
import socket
import subprocess
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any
from urllib.request import Request, urlopen

PATIENCE_SECONDS = 90.0
LOOK_AGAIN_SECONDS = 1.0


class NoPicture(Exception):  # noqa: N818 - named for what is missing
    """Why a picture cannot be made: one Chinese sentence."""


@dataclass(frozen=True, slots=True)
class Browser:
    """Headless Chromium, driven through WebDriver."""

    session: str
    """Address of the session."""
    width: int
    """Of the window, in points."""

    def open(self, address: str, text: str) -> None:
        """Open the page at `address` and wait until it shows `text`."""
        asked(f"{self.session}/url", {"url": address})
        waited(lambda: text if text in self.run("return document.body.innerText") else "")

    def photograph(self, height: int) -> bytes:
        """The page, `height` points of it, as PNG."""
        size = {"width": self.width, "height": height}
        asked(f"{self.session}/window/rect", size)
        time.sleep(3 * LOOK_AGAIN_SECONDS)
        return base64.b64decode(asked(f"{self.session}/screenshot"))

    def run(self, script: str, *arguments: object) -> Any:
        """What a script in the page returns."""
        return asked(f"{self.session}/execute/sync", {"script": script, "args": list(arguments)})


@contextmanager
def browsing(width: int) -> Iterator[Browser]:
    """A browser for as long as the block runs."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    environment = {**os.environ, "TZ": "Asia/Shanghai", "LANGUAGE": "zh_CN"}
    with running(["chromedriver", f"--port={port}"], environment):
        driver = f"http://127.0.0.1:{port}"
        waited(lambda: "ready" if _ready(driver) else "")
        options = {
            "binary": shutil.which("chromium"),
            "args": [
                *("--headless=new", "--no-sandbox", "--lang=zh-CN", "--hide-scrollbars"),
                f"--window-size={width},800",
            ],
        }
        wanted = {"capabilities": {"alwaysMatch": {"goog:chromeOptions": options}}}
        session = f"{driver}/session/{asked(f'{driver}/session', wanted)['sessionId']}"
        try:
            yield Browser(session, width)
        finally:
            asked(session, method="DELETE")


def _ready(driver: str) -> bool:
    try:
        return bool(asked(f"{driver}/status")["ready"])
    except OSError:
        return False


@contextmanager
def running(arguments: list[str], environment: Mapping[str, str]) -> Iterator[None]:
    """A program that runs as long as the block does; what it says is not kept."""
    program = subprocess.Popen(
        arguments, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    try:
        yield
    finally:
        program.terminate()
        program.wait()


def asked(address: str, body: Mapping[str, object] | None = None, method: str = "") -> Any:
    """The value that WebDriver answers."""
    request = Request(address, method=method or ("GET" if body is None else "POST"))
    if body is not None:
        request.data = json.dumps(body).encode()
        request.add_header("Content-Type", "application/json")
    with urlopen(request, timeout=PATIENCE_SECONDS) as answer:
        return json.load(answer)["value"]


def waited(look: Callable[[], str]) -> str:
    """What `look` finds, once it finds anything. Raises NoPicture."""
    for _ in range(int(PATIENCE_SECONDS / LOOK_AGAIN_SECONDS)):
        if found := look():
            return found
        time.sleep(LOOK_AGAIN_SECONDS)
    raise NoPicture(f"等了{PATIENCE_SECONDS:.0f}秒，窗口或者页面没有出现。")
