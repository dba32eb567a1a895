"""A scanner for tests: a small real server that speaks as clamd does."""

from __future__ import annotations

import socket
import struct
import threading

BAD = b"%PDF-1.4 harmless words that this scanner calls bad"


class Scanner:
    """Listens like clamd: answers PING, reads INSTREAM to its end for a verdict, breaks off at its limit."""

    def __init__(self, listener: socket.socket, limit: int = 1_000_000) -> None:
        self.listener, self.limit = listener, limit
        self.seen: list[bytes] = []
        self.thread = threading.Thread(target=self.serve, daemon=True)
        self.thread.start()

    def serve(self) -> None:
        while True:
            try:
                connection, _ = self.listener.accept()
            except OSError:
                return
            with connection, connection.makefile("rb") as stream:
                command = b"".join(iter(lambda: stream.read(1), b"\0"))
                connection.sendall({b"zPING": b"PONG\0"}.get(command) or self.verdict(stream))

    def verdict(self, stream: object) -> bytes:
        content = b""
        while length := struct.unpack("!L", stream.read(4))[0]:  # type: ignore[attr-defined]
            content += stream.read(length)  # type: ignore[attr-defined]
            if len(content) > self.limit:
                return b"INSTREAM size limit exceeded. ERROR\0"
        self.seen.append(content)
        return b"stream: Test-Signature FOUND\0" if content == BAD else b"stream: OK\0"

    def close(self) -> None:
        self.listener.shutdown(socket.SHUT_RDWR)
        self.listener.close()
        self.thread.join(5)
