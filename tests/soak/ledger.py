"""The ledger: every write that was sent, and whether the product said that it is done."""

from __future__ import annotations

import json
import threading
import time
from dataclasses import asdict, dataclass, field
from pathlib import Path


@dataclass
class Write:
    """One write. kind and key find it again in the database; `of` is the row or place it belongs to."""

    kind: str
    key: str
    of: str
    acknowledged: bool = False
    refused: str = ""
    """What the product answered when it said that nothing was done."""
    at: float = field(default_factory=time.monotonic)


class Ledger:
    """Kept in memory and, line by line, in a file for whoever looks into what happened."""

    def __init__(self, path: Path) -> None:
        self._file = path.open("a", buffering=1)
        self._lock = threading.Lock()
        self.writes: list[Write] = []
        self.faults: list[tuple[float, str]] = []
        """When something did not go as a person may expect, and what."""

    def begin(self, kind: str, key: str, of: str) -> Write:
        """Before it is sent: from now on nobody knows whether it was done."""
        write = Write(kind, key, of)
        with self._lock:
            self.writes.append(write)
        return write

    def note(self, write: Write) -> None:
        """What became of it."""
        with self._lock:
            self._file.write(json.dumps(asdict(write)) + "\n")

    def fault(self, words: str) -> None:
        """Note a fault at this moment."""
        with self._lock:
            self.faults.append((time.monotonic(), words))
            self._file.write(json.dumps({"fault": words, "at": time.monotonic()}) + "\n")

    def of_kind(self, kind: str) -> list[Write]:
        """The writes of this kind that may have been done, in the order they were sent."""
        with self._lock:
            return [write for write in self.writes if write.kind == kind and not write.refused]

    def close(self) -> None:
        """Nothing more is written."""
        self._file.close()
