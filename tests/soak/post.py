"""The post: a mail server that keeps who got which message, and when."""

from __future__ import annotations

import time
from collections import defaultdict
from email import message_from_bytes, policy
from types import TracebackType
from typing import Any, Self

from aiosmtpd.controller import Controller

from tests.soak.service import free_port


class Post:
    """Open inside the block; `letters` maps an address to its (Message-ID, moment) pairs, oldest first."""

    def __init__(self) -> None:
        self.port = free_port()
        self.letters: defaultdict[str, list[tuple[str, float]]] = defaultdict(list)
        self._controller = Controller(self, hostname="127.0.0.1", port=self.port)

    def __enter__(self) -> Self:
        self._controller.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._controller.stop()

    async def handle_DATA(self, _server: Any, _session: Any, envelope: Any) -> str:  # noqa: N802  aiosmtpd's name
        """Keep one message."""
        message = message_from_bytes(envelope.content, policy=policy.default)
        for address in envelope.rcpt_tos:
            self.letters[address].append((str(message["Message-ID"]), time.monotonic()))
        return "250 kept"
