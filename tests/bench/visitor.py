"""A visitor of the bench: one connection kept open, as lean as a socket allows, so that the server is what is timed."""

from __future__ import annotations

import re
import select
import socket
from dataclasses import dataclass, field
from types import TracebackType
from typing import Self
from urllib.parse import urlencode

TOKEN = re.compile(rb'name="csrf_token" value="([^"]+)"')
CHUNK = 1 << 18


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back."""

    status: int
    headers: dict[str, str]
    body: bytes


@dataclass(frozen=True, slots=True)
class Call:
    """One request: method, address, and what is sent with it."""

    method: str
    address: str
    body: bytes = b""
    content_type: str = "application/x-www-form-urlencoded"


@dataclass
class Visitor:
    """Somebody at the server on this port of 127.0.0.1."""

    port: int
    cookies: dict[str, str] = field(default_factory=dict)
    token: str = ""
    _socket: socket.socket | None = None

    def sign_in(self, email: str, password: str) -> None:
        """Sign in as people do; raises RuntimeError when that is refused."""
        self.token = self.token_of(self.send(Call("GET", "/sign-in")))
        answer = self.send(Call("POST", "/sign-in", self.form(email=email, password=password)))
        if answer.status != 303:
            raise RuntimeError(f"{email} could not sign in: {answer.status}")
        self.token = self.token_of(self.send(Call("GET", "/account")))

    def again(self) -> Visitor:
        """The same person over another connection."""
        return Visitor(self.port, dict(self.cookies), self.token)

    def form(self, **values: object) -> bytes:
        """A form's body, with the token against forged ones."""
        return urlencode({"csrf_token": self.token, **values}).encode()

    def upload(self, content: bytes, filename: str, **values: object) -> tuple[bytes, str]:
        """The body of a form with one file, and its content type."""
        edge = "bench-bench-bench"
        parts = [
            f'--{edge}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'.encode()
            for name, value in {"csrf_token": self.token, **values}.items()
        ]
        head = f'--{edge}\r\nContent-Disposition: form-data; name="file"; filename="{filename}"\r\n'
        parts += [f"{head}Content-Type: application/pdf\r\n\r\n".encode(), content, f"\r\n--{edge}--\r\n".encode()]
        return b"".join(parts), f"multipart/form-data; boundary={edge}"

    def send(self, call: Call) -> Answer:
        """Send a request and read the whole answer; a connection that the server has closed is opened again."""
        connection = self._connection()
        cookies = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        head = f"{call.method} {call.address} HTTP/1.1\r\nHost: 127.0.0.1\r\nCookie: {cookies}\r\n"
        if call.method == "POST":
            head += f"Content-Type: {call.content_type}\r\nContent-Length: {len(call.body)}\r\n"
        connection.sendall(head.encode() + b"\r\n" + call.body)
        answer = self._read(connection)
        if answer.headers.get("connection", "").lower() == "close":
            self.close()
        return answer

    def close(self) -> None:
        """Leave."""
        if self._socket is not None:
            self._socket.close()
            self._socket = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def _connection(self) -> socket.socket:
        if self._socket is not None:
            # What can be read before anything was asked is the end of a connection that was idle for too long.
            ended, _, _ = select.select([self._socket], [], [], 0)
            if ended:
                self.close()
        if self._socket is None:
            self._socket = socket.create_connection(("127.0.0.1", self.port), timeout=60)
            self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        return self._socket

    def token_of(self, answer: Answer) -> str:
        """The token that the page's forms carry."""
        found = TOKEN.search(answer.body)
        if found is None:
            raise RuntimeError("the page has no form with a token")
        return found[1].decode()

    def _read(self, connection: socket.socket) -> Answer:
        received = bytearray()
        while (end := received.find(b"\r\n\r\n")) < 0:
            received += self._more(connection)
        first, *lines = received[:end].decode("latin-1").split("\r\n")
        headers = {}
        for line in lines:
            name, _, value = line.partition(": ")
            if name.lower() == "set-cookie":
                cookie, _, kept = value.partition(";")[0].partition("=")
                self.cookies[cookie] = kept
            headers[name.lower()] = value
        if "content-length" not in headers:
            raise RuntimeError(f"an answer without a length: {first}")
        whole = end + 4 + int(headers["content-length"])
        while len(received) < whole:
            received += self._more(connection)
        return Answer(int(first.split()[1]), headers, bytes(received[end + 4 : whole]))

    @staticmethod
    def _more(connection: socket.socket) -> bytes:
        part = connection.recv(CHUNK)
        if not part:
            raise RuntimeError("the server closed the connection in the middle of an answer")
        return part
