"""The child that opens one document: it limits itself first, then does one task and writes the answer."""

from __future__ import annotations

import importlib
import json
import resource
import sys
from pathlib import Path
from typing import Any

from saas.errors import Refused

MEGABYTE = 1024 * 1024
LIMITS = {
    resource.RLIMIT_CPU: 20,
    resource.RLIMIT_AS: 1536 * MEGABYTE,
    resource.RLIMIT_FSIZE: 64 * MEGABYTE,
    resource.RLIMIT_NOFILE: 64,
    resource.RLIMIT_CORE: 0,
}
TASKS = {
    "pdf_pages": "pdf",
    "pdf_picture": "pdf",
    "pdf_text": "pdf",
    "picture": "pictures",
    "word_page": "word",
    "word_text": "word",
    "workbook_page": "sheets",
    "workbook_text": "sheets",
    "table_page": "sheets",
    "plain_page": "plain",
    "plain_text": "plain",
    "message_text": "plain",
}
"""Each task is a function of that name in one module, imported only when it is wanted.

A floor above names a task of its own as "module:function"; it takes and gives the same.
"""


def main() -> None:
    """Do the task that the arguments name: task, path, and further arguments as JSON."""
    for limit, value in LIMITS.items():
        resource.setrlimit(limit, (value, value))
    task, path, arguments = sys.argv[1:]
    values, body = answer(task, Path(path), json.loads(arguments))
    sys.stdout.buffer.write(json.dumps(values).encode() + b"\n" + body)
    sys.stdout.buffer.flush()


def answer(task: str, path: Path, arguments: dict[str, Any]) -> tuple[dict[str, Any], bytes]:
    """The task's values and body, or `refused` with the reason as the second half of a sentence."""
    try:
        module, _, name = task.rpartition(":")
        work = getattr(importlib.import_module(module or f"saas.documents.{TASKS[task]}"), name)
        values, body = work(path, **arguments)
    except Refused as refusal:
        return {"refused": refusal.message}, b""
    except MemoryError:
        return {"refused": "takes more memory to open than there is, so it is not opened."}, b""
    except Exception as error:  # noqa: BLE001 - the libraries raise many kinds on damaged input
        # Its kind alone: the message could quote the document, and logs are read by others.
        sys.stderr.write(f"{type(error).__name__}\n")
        return {"refused": "is damaged and cannot be read."}, b""
    return values, body


if __name__ == "__main__":
    main()
