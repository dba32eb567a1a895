"""Children of ours: started so that they end with their parent, and unprivileged where the caller is root."""

import ctypes
import os
import pwd
import signal
import subprocess
import sys
import warnings
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any, Self

SET_PARENT_DEATH_SIGNAL = 1
"""PR_SET_PDEATHSIG of prctl(2)."""

MOST_ARENAS, MAPPED_FROM, TRIMMED_FROM = -8, -3, -1
"""M_ARENA_MAX, M_MMAP_THRESHOLD and M_TRIM_THRESHOLD of mallopt(3)."""
LARGE = 256 * 1024
"""Bytes."""

_C_LIBRARY = ctypes.CDLL(None, use_errno=True) if sys.platform == "linux" else None


@dataclass(frozen=True)
class Identity:
    """The user and group a server runs as."""

    user: int
    group: int

    @classmethod
    def unprivileged(cls) -> Self | None:
        """Who runs servers for root: `postgres` where it exists, else `nobody`; None for other callers."""
        if os.geteuid() != 0:
            return None
        for name in ("postgres", "nobody"):
            try:
                entry = pwd.getpwnam(name)
            except KeyError:
                continue
            return cls(entry.pw_uid, entry.pw_gid)
        return cls(65534, 65534)

    @classmethod
    def owner_of(cls, path: Path) -> Self | None:
        """Whoever the path belongs to, as an earlier start left it; None where that is the caller."""
        state = path.stat()
        return None if state.st_uid == os.geteuid() else cls(state.st_uid, state.st_gid)

    def may(self, path: Path, bits: int) -> bool:
        """Whether the path's mode gives this user these bits (4 read, 2 write, 1 enter or run)."""
        state = path.stat()
        shift = 6 if state.st_uid == self.user else 3 if state.st_gid == self.group else 0
        return (state.st_mode >> shift) & bits == bits

    def reaches(self, path: Path, bits: int = 1) -> bool:
        """Whether this user can pass every folder above the path and has these bits on the path itself."""
        real = path.resolve()
        return all(self.may(parent, 1) for parent in real.parents) and self.may(real, bits)


def share_memory_between_threads() -> None:
    """Let all threads of this process and its forks take memory from two places rather than eight for each core.

    What one thread has given back serves the others: web workers keep a seventh less. And let what is large go back to
    the system at once: left alone, glibc keeps up to 64 MB for good after the first password was checked in 19 MB, a
    fifth of a worker. Does nothing without glibc.
    """
    if _C_LIBRARY is not None and hasattr(_C_LIBRARY, "mallopt"):
        _C_LIBRARY.mallopt(MOST_ARENAS, 2)
        _C_LIBRARY.mallopt(MAPPED_FROM, LARGE)
        _C_LIBRARY.mallopt(TRIMMED_FROM, LARGE)


def die_with_parent(death_signal: signal.Signals = signal.SIGKILL) -> None:
    """Have the kernel signal this process when the thread that started it ends (Linux only)."""
    if _C_LIBRARY is not None:
        _C_LIBRARY.prctl(SET_PARENT_DEATH_SIGNAL, int(death_signal), 0, 0, 0)


def every_fork_dies_with_us() -> None:
    """From now on each process forked from this one (a job's, say) is killed when this one ends."""
    os.register_at_fork(after_in_child=die_with_parent)


def start(
    command: Sequence[str | Path],
    *,
    environ: Mapping[str, str],
    folder: Path | None = None,
    output: IO[bytes] | int | None = None,
    errors: int | None = None,
    said: bytes | None = None,
    identity: Identity | None = None,
    death_signal: signal.Signals = signal.SIGTERM,
) -> subprocess.Popen[bytes]:
    """Start a child in a session of its own that gets `death_signal` when we end, even by SIGKILL.

    output: where it writes, its errors too unless `errors` (subprocess.DEVNULL, say) is given.
    said: what it reads on its standard input, a few lines at most (passwords do not belong on command lines).
    To be called from the main thread: the signal comes when the *thread* that started the child ends.
    """
    with warnings.catch_warnings():
        # Python 3.12 warns of forks beside threads: between fork and exec we call prctl and umask, no more.
        warnings.simplefilter("ignore", DeprecationWarning)
        child = subprocess.Popen(
            [str(part) for part in command],
            env=dict(environ),
            cwd=folder,
            stdin=subprocess.DEVNULL if said is None else subprocess.PIPE,
            stdout=output,
            stderr=output if errors is None else errors,
            start_new_session=True,
            preexec_fn=_tied_to(os.getpid(), death_signal),  # noqa: PLW1509 - see above
            **_as(identity),
        )
    if child.stdin:
        with suppress(BrokenPipeError), child.stdin as pipe:
            pipe.write(said or b"")
    return child


def run_quietly(
    command: Sequence[str | Path],
    *,
    environ: Mapping[str, str],
    folder: Path,
    identity: Identity | None = None,
) -> None:
    """Run a short command to its end; raises CalledProcessError with its text in `output` when it fails."""
    child = start(
        command,
        environ=environ,
        folder=folder,
        output=subprocess.PIPE,
        errors=subprocess.STDOUT,
        identity=identity,
        death_signal=signal.SIGKILL,
    )
    text = child.communicate()[0].decode(errors="replace")
    if child.returncode:
        raise subprocess.CalledProcessError(child.returncode, child.args, text)


def stop(child: subprocess.Popen[bytes], steps: Sequence[tuple[signal.Signals, float]]) -> None:
    """Send each signal in turn, wait so many seconds after each for the end, then kill the whole group."""
    for sent, seconds in steps:
        if child.poll() is not None:
            break
        child.send_signal(sent)
        try:
            child.wait(seconds)
        except subprocess.TimeoutExpired:
            continue
    if child.poll() is None:
        os.killpg(child.pid, signal.SIGKILL)
        child.wait()


def _tied_to(parent: int, death_signal: signal.Signals) -> Callable[[], None]:
    def prepare() -> None:
        # Runs after the privileges were dropped: dropping them would clear the signal again.
        os.umask(0o077)
        die_with_parent(death_signal)
        if os.getppid() != parent:
            os._exit(1)

    return prepare


def _as(identity: Identity | None) -> dict[str, Any]:
    return {} if identity is None else {"user": identity.user, "group": identity.group, "extra_groups": []}
