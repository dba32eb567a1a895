"""The wall: a child that takes too long or too much is ended, and it knows nothing of ours."""

from __future__ import annotations

import subprocess
import sys
import tempfile
from pathlib import Path
from typing import IO

import pytest

from saas.documents import apart, child
from saas.documents.apart import Unreadable, read_apart


def run(program: str) -> tuple[bool, bytes]:
    with tempfile.TemporaryFile() as output:
        ended_well = apart._run([sys.executable, "-E", "-s", "-c", program], output, output)
        output.seek(0)
        return ended_well, output.read()


def refusal(path: Path) -> str:
    with pytest.raises(Unreadable) as refused:
        read_apart("plain_text", path)
    return refused.value.message


@pytest.fixture
def text(tmp_path: Path) -> Path:
    path = tmp_path / "text"
    path.write_text("words")
    return path


def test_the_child_knows_none_of_our_settings(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SECRET_KEY", "ours")

    assert run("import os; print(sorted(os.environ))") == (True, b"['LC_ALL', 'PYTHONDONTWRITEBYTECODE']\n")


def test_the_child_limits_itself_before_it_opens_anything(text: Path) -> None:
    program = (
        "import sys, resource; from saas.documents import child; "
        f"sys.argv = ['', 'plain_text', {str(text)!r}, '{{}}']; child.main(); "
        "print([resource.getrlimit(limit) for limit in child.LIMITS])"
    )

    assert run(program) == (True, f'{{}}\n["words"]{[(value, value) for value in child.LIMITS.values()]}\n'.encode())


def test_a_child_that_takes_too_long_is_ended(text: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(apart, "LONGEST_SECONDS", 0.01)

    assert refusal(text) == "takes more time or memory to open than there is, so it is not opened."


def test_a_child_that_dies_is_no_answer() -> None:
    assert run("import os; os.abort()")[0] is False


def test_what_is_too_large_is_not_opened_at_all(text: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(apart, "LARGEST_FILE", 4)
    monkeypatch.setattr(subprocess, "Popen", None)

    assert refusal(text) == "is larger than 0 MB, so it is not opened."


def test_no_more_than_a_few_are_open_at_once(text: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(apart, "LONGEST_WAIT", 0.01)

    with apart._slot(), apart._slot():
        assert refusal(text) == (
            "cannot be opened just now, since many others are being opened. Try again in a minute."
        )
    assert read_apart("plain_text", text).body == b'["words"]'


def test_what_a_child_complains_of_is_told_by_its_kind_and_never_by_its_words(
    text: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def complain(_command: list[str], _output: IO[bytes], complaints: IO[bytes]) -> bool:
        complaints.write(b"Traceback\n  File x\nlib.FontWarning: glyph of Ola Newly\nValueError: 'Ola Newly'\n")
        return False

    monkeypatch.setattr(apart, "_run", complain)

    assert refusal(text) == "takes more time or memory to open than there is, so it is not opened."
    assert caplog.messages == ["reading a document apart (plain_text) complained: FontWarning, ValueError"]
