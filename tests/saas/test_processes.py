"""What a process is told about itself before it works."""

from __future__ import annotations

import subprocess
import sys

import pytest

ARENAS = """
import ctypes, threading
from saas.processes import share_memory_between_threads
{first}
library = ctypes.CDLL(None)
together = threading.Barrier(7)
def take():
    held = [ctypes.create_string_buffer(20_000) for _ in range(50)]
    together.wait()
    together.wait()
threads = [threading.Thread(target=take) for _ in range(6)]
for thread in threads:
    thread.start()
together.wait()
library.malloc_info(0, ctypes.c_void_p.in_dll(library, "stdout"))
library.fflush(None)
together.wait()
"""


def arenas(first: str) -> int:
    """From how many places six threads of a process take memory that begins with these words."""
    command = [sys.executable, "-c", ARENAS.format(first=first)]
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout.count("<heap nr=")


@pytest.mark.skipif(sys.platform != "linux", reason="other systems have other allocators")
def test_threads_share_two_places_to_take_memory_from() -> None:
    assert arenas("pass") > 2
    assert arenas("share_memory_between_threads()") <= 2
