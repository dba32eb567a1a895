"""The whole service as it runs in life, a mail server that keeps what it gets, and a real browser."""

from __future__ import annotations

import json
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from flask import Flask
from playwright.sync_api import Browser, BrowserContext

from charterway import create_app
from saas.config import load, resolve
from saas.db import db

ROOT = Path(__file__).parents[2]
START_SECONDS = 90
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
]


def free_port() -> int:
    """A port nobody listens on just now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@dataclass
class Mailbox:
    """Every mail that was delivered, oldest first."""

    messages: list[EmailMessage] = field(default_factory=list)

    async def handle_DATA(self, _server: Any, _session: Any, envelope: Any) -> str:  # noqa: N802  aiosmtpd's name
        """Keep one mail."""
        self.messages.append(message_from_bytes(envelope.content, policy=policy.default))  # type: ignore[arg-type]
        return "250 kept"

    def link_for(self, address: str, path: str, seconds: float = 30) -> str:
        """The newest link with this path in a mail to the address, waiting for it to come."""
        until = time.monotonic() + seconds
        while time.monotonic() < until:
            for message in reversed(self.messages):
                if message["To"] == address or address in str(message["To"]):
                    text = message.get_body(("plain",)).get_content()  # type: ignore[union-attr]
                    if found := re.search(rf"https?://\S*{re.escape(path)}\S+", text):
                        return found[0]
            time.sleep(0.2)
        raise AssertionError(f"no mail to {address} with a link to {path}: {[m['Subject'] for m in self.messages]}")


@pytest.fixture(scope="session")
def mailbox() -> Iterator[Mailbox]:
    """A mail server on this machine."""
    box = Mailbox()
    box_server = Controller(box, hostname="127.0.0.1", port=free_port())
    box_server.start()
    box.port = box_server.port  # type: ignore[attr-defined]
    yield box
    box_server.stop()


@dataclass(frozen=True)
class Service:
    """The running service and its command line."""

    url: str
    environ: dict[str, str]

    def charterway(self, *arguments: str, stdin: str = "") -> subprocess.CompletedProcess[str]:
        """Run a command of the `charterway` command line against it."""
        code = "import sys; from charterway import main; sys.exit(main())"
        return subprocess.run(
            [sys.executable, "-c", code, *arguments],
            env=self.environ,
            cwd=ROOT,
            input=stdin,
            text=True,
            capture_output=True,
            timeout=120,
            check=False,
        )


@pytest.fixture(scope="session")
def service(mailbox: Mailbox, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    """Database, queue, web, worker and scheduler under the supervisor, on an empty database."""
    folder = tmp_path_factory.mktemp("service")
    folder.chmod(0o711)
    port = free_port()
    environ = {
        **{name: value for name, value in os.environ.items() if not name.endswith("_URL")},
        "DATA_DIR": str(folder / "var"),
        "PORT": str(port),
        "BASE_URL": f"http://localhost:{port}",
        "MAIL_URL": f"smtp://127.0.0.1:{mailbox.port}?from=charter@example.org&starttls=never",  # type: ignore[attr-defined]
        "PYTHONPATH": str(ROOT),
    }
    log = (folder / "log").open("w+")
    code = "import sys; from charterway import main; sys.exit(main())"
    process = subprocess.Popen(
        [sys.executable, "-c", code, "up", "--no-demo"], env=environ, cwd=ROOT, stdout=log, stderr=log
    )
    running = Service(f"http://localhost:{port}", environ)
    try:
        _wait_until_ready(running.url, process, folder / "log")
        yield running
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(timeout=60)
        log.close()


@pytest.fixture(scope="session")
def console(service: Service) -> Iterator[Flask]:
    """The app on the running service's database and queue: what a test does not act out, services make here."""
    app = create_app(resolve(load(service.environ)))
    yield app
    with app.app_context():
        db.engine.dispose()
    app.extensions["redis"].close()


def _wait_until_ready(url: str, process: subprocess.Popen[bytes], log: Path) -> None:
    until = time.monotonic() + START_SECONDS
    while time.monotonic() < until:
        if process.poll() is not None:
            break
        try:
            with urllib.request.urlopen(f"{url}/readyz", timeout=2) as answer:
                if json.load(answer)["status"] == "ok":
                    return
        except OSError:
            time.sleep(0.3)
    raise AssertionError(f"the service did not come up:\n{log.read_text()}")


@pytest.fixture(scope="session")
def browser_type_launch_args() -> dict[str, Any]:
    """The machine's Chromium, kept from calling out."""
    names = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
    path = os.environ.get("CHROMIUM") or next((found for name in names if (found := shutil.which(name))), None)
    if not path:
        pytest.fail(
            "no Chromium: install it (Debian: apt-get install chromium) or set CHROMIUM=/its/path",
            pytrace=False,
        )
    return {"executable_path": path, "args": FLAGS}


@pytest.fixture
def someone(browser: Browser, service: Service) -> Iterator[Any]:
    """`someone()` opens a new browser window for one more person."""
    contexts: list[BrowserContext] = []

    def open_window() -> Any:
        context = browser.new_context(base_url=service.url, viewport={"width": 1280, "height": 900})
        context.set_default_timeout(15_000)
        contexts.append(context)
        return context.new_page()

    yield open_window
    for context in contexts:
        context.close()
