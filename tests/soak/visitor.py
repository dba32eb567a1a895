"""A signed-in person at the other end of a real connection: pages, forms, a cookie, nothing more."""

from __future__ import annotations

import http.client
import re
import secrets
import select
import time
from dataclasses import dataclass
from urllib.parse import urlencode, urlsplit

PATIENCE_SECONDS = 45
IDLE_SECONDS = 10
"""A connection that rested longer may be closed by the server while we send: a new one is opened."""
HIDDEN = re.compile(r'name="(csrf_token|version)"[^>]*?value="([^"]*)"')
Files = dict[str, tuple[str, bytes]]


class Unanswered(Exception):
    """Nobody knows whether it was done: the connection broke, or the server said that a part of it is away."""


class SignedOut(Exception):
    """The session is gone; nothing was done."""


@dataclass(frozen=True)
class Answer:
    """What came back."""

    status: int
    location: str
    body: bytes
    hidden: dict[str, str]

    @property
    def text(self) -> str:
        """The page."""
        return self.body.decode(errors="replace")


class Visitor:
    """One person's browser. Not to be shared by threads."""

    def __init__(self, url: str, email: str, password: str, address: str, timings: list[tuple[float, float]]) -> None:
        """address: where on this machine the person sits, since sign-ins are braked by it. timings: (when, seconds)."""
        self.email, self._password = email, password
        self._place = urlsplit(url)
        self._address = address
        self._timings = timings
        self._connection: http.client.HTTPConnection | None = None
        self._used = 0.0
        self._cookie = ""
        self._token = ""

    def sign_in(self) -> None:
        """Sign in through the page, as people do. Raises Unanswered."""
        self._cookie = ""
        self._send("GET", "/sign-in")
        answer = self._send("POST", "/sign-in", self._form({"email": self.email, "password": self._password}))
        if answer.status != 303 or "/sign-in" in answer.location:
            raise Unanswered(f"the sign-in was answered with {answer.status} {answer.location}")

    def get(self, path: str) -> Answer:
        """A page. Raises Unanswered, SignedOut."""
        answer = self._send("GET", path)
        if answer.status == 303 and answer.location.startswith("/sign-in"):
            raise SignedOut
        return answer

    def open(self, path: str) -> Answer:
        """A page, wherever it leads. Raises Unanswered, SignedOut."""
        answer = self.get(path)
        return self.get(answer.location) if answer.status == 303 else answer

    def post(self, path: str, fields: dict[str, str], files: Files | None = None) -> Answer:
        """A form, with the token of the page seen last. Raises Unanswered, SignedOut."""
        answer = self._send("POST", path, self._form(fields, files))
        if answer.status == 303 and answer.location.startswith("/sign-in"):
            raise SignedOut
        return answer

    def at(self, url: str) -> Visitor:
        """The same browser, sent on to another instance of the service."""
        there = Visitor(url, self.email, self._password, self._address, self._timings)
        there._cookie, there._token = self._cookie, self._token
        return there

    def close(self) -> None:
        """Hang up."""
        if self._connection is not None:
            self._connection.close()
            self._connection = None

    def _form(self, fields: dict[str, str], files: Files | None = None) -> tuple[str, bytes]:
        fields = {"csrf_token": self._token, **fields}
        if not files:
            return "application/x-www-form-urlencoded", urlencode(fields).encode()
        mark = secrets.token_hex(16)
        parts = [f'--{mark}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'.encode()
                 for name, value in fields.items()]  # fmt: skip
        for name, (filename, content) in files.items():
            head = f'--{mark}\r\nContent-Disposition: form-data; name="{name}"; filename="{filename}"\r\n'
            parts += [head.encode(), b"Content-Type: application/octet-stream\r\n\r\n", content, b"\r\n"]
        return f"multipart/form-data; boundary={mark}", b"".join([*parts, f"--{mark}--\r\n".encode()])

    def _send(self, method: str, path: str, form: tuple[str, bytes] | None = None) -> Answer:
        headers = {"Cookie": self._cookie} if self._cookie else {}
        if form:
            headers["Content-Type"] = form[0]
        begun = time.monotonic()
        try:
            connection = self._open()
            connection.request(method, path, form[1] if form else None, headers)
            response = connection.getresponse()
            body = response.read()
        except (OSError, http.client.HTTPException) as error:
            self.close()
            raise Unanswered(f"{method} {path}: {type(error).__name__}") from error
        self._used = time.monotonic()
        self._timings.append((begun, self._used - begun))
        if cookie := response.headers.get("Set-Cookie"):
            self._cookie = cookie.partition(";")[0]
        if response.headers.get("Connection", "").lower() == "close":
            self.close()
        page = response.headers.get_content_type() == "text/html"
        hidden = dict(HIDDEN.findall(body.decode(errors="replace"))) if page else {}
        self._token = hidden.get("csrf_token", self._token)
        if response.status >= 500:
            raise Unanswered(f"{method} {path}: {response.status}")
        return Answer(response.status, response.headers.get("Location", ""), body, hidden)

    def _open(self) -> http.client.HTTPConnection:
        if self._connection is not None and (time.monotonic() - self._used > IDLE_SECONDS or self._has_ended()):
            self.close()
        if self._connection is None:
            self._connection = http.client.HTTPConnection(
                "127.0.0.1", self._place.port, timeout=PATIENCE_SECONDS, source_address=(self._address, 0)
            )
        return self._connection

    def _has_ended(self) -> bool:
        """Whether the other side has hung up: there is something to read though nothing was asked."""
        sock = self._connection.sock if self._connection else None
        return sock is not None and bool(select.select([sock], [], [], 0)[0])
