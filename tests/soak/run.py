"""One run: the service comes up, the crowd works, processes are killed, all is quiet again, everything is counted."""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from random import Random

import psycopg

from tests.bench.results import median, p95
from tests.soak.acts import invite
from tests.soak.ledger import Ledger
from tests.soak.people import Crowd
from tests.soak.post import Post
from tests.soak.proof import Proof, count_waiting, prove
from tests.soak.service import KINDS, Service
from tests.soak.visitor import SignedOut, Unanswered

PROBE_SECONDS, CALM_SECONDS = 180, 180
ON_AGAIN_SECONDS = 60
"""How long after a kill everything must go on; the promise."""
AFTERMATH_SECONDS = 5
"""What people meet in so many seconds after all goes on again still counts as the kill's doing."""


@dataclass(frozen=True)
class Settings:
    """What is run. kills: which kinds of process; once: kill each of them once, soon; else at random to the end."""

    minutes: float
    users: int
    seed: int
    kills: tuple[str, ...] = KINDS
    once: bool = False
    demo: bool = True
    pause_seconds: float = 8.0
    rest_seconds: float = 15.0
    """The longest rest between the moment all goes on again and the next kill."""


@dataclass(frozen=True)
class Field:
    """Where trouble is made. `until` is the moment when it is over; `say` hears how far it is."""

    settings: Settings
    service: Service
    crowd: Crowd
    ledger: Ledger
    post: Post
    until: float
    say: Callable[[str], None]


@dataclass
class Trouble:
    """What was done to the service: when people may have met it, and how long each took to mend."""

    windows: list[tuple[float, float]] = field(default_factory=list)
    mended: list[tuple[str, float]] = field(default_factory=list)


@dataclass
class Outcome:
    """What came of it."""

    settings: Settings
    proof: Proof
    killed: list[tuple[str, float]] = field(default_factory=list)
    """What was killed, and how many seconds later somebody's mail had passed through every part again."""
    faults: list[str] = field(default_factory=list)
    """What people met though nothing had been killed."""
    in_aftermath: int = 0
    requests: int = 0
    per_second: float = 0.0
    median_ms: float = 0.0
    p95_ms: float = 0.0
    web_mb: float = 0.0

    @property
    def counts(self) -> dict[str, int]:
        """The promises, each with how often it was broken."""
        proof = self.proof
        return {
            "acknowledged writes lost": len(proof.lost),
            "half done": len(proof.half),
            "done twice": len(proof.twice),
            "broken seals and chains of events": len(proof.broken),
            "jobs left undone": len(proof.waiting),
            "files of nobody": len(proof.unclaimed),
            "not on again within a minute": sum(seconds > ON_AGAIN_SECONDS for _, seconds in self.killed),
            "faults without a cause": len(self.faults),
        }

    @property
    def holds(self) -> bool:
        """Whether every promise was kept."""
        return not any(self.counts.values())

    def line(self) -> str:
        """As one line of JSON."""
        known = {
            "minutes": self.settings.minutes,
            "users": self.settings.users,
            "seed": self.settings.seed,
            "acknowledged": dict(self.proof.acknowledged),
            "kills": [[kind, round(seconds, 1)] for kind, seconds in self.killed],
            "met_in_aftermath": self.in_aftermath,
            "mails_repeated_with_the_same_id": self.proof.repeated_mails,
            "files_of_cut_off_uploads": self.proof.cut_off,
            "requests": self.requests,
            "requests_per_second": round(self.per_second, 1),
            "median_ms": round(self.median_ms, 1),
            "p95_ms": round(self.p95_ms, 1),
            "web_mb": round(self.web_mb, 1),
            "counts": self.counts,
            "holds": self.holds,
        }
        return json.dumps(known)

    def table(self) -> str:
        """For people."""
        writes = ", ".join(f"{count} {kind}" for kind, count in sorted(self.proof.acknowledged.items()))
        speed = f"{self.per_second:.1f} a second, median {self.median_ms:.0f} ms, p95 {self.p95_ms:.0f} ms"
        told = [
            ("acknowledged writes", writes),
            ("requests", f"{self.requests} ({speed})"),
            ("web processes", f"{self.web_mb:.0f} MB"),
            ("kills", ", ".join(f"{kind} {seconds:.1f} s" for kind, seconds in self.killed) or "none"),
            ("met by people just after a kill", str(self.in_aftermath)),
            ("mails repeated with the same Message-ID", str(self.proof.repeated_mails)),
            ("files of uploads that were cut off", str(self.proof.cut_off)),
            *((name, str(count)) for name, count in self.counts.items()),
        ]  # fmt: skip
        width = max(len(name) for name, _ in told)
        return "\n".join(f"{name:<{width}}  {words}" for name, words in told)

    def details(self) -> list[str]:
        """What every count that is not zero is about."""
        proof = self.proof
        return [*proof.lost, *proof.half, *proof.twice, *proof.broken, *proof.waiting, *proof.unclaimed, *self.faults]


def run(
    settings: Settings,
    folder: Path,
    say: Callable[[str], None],
    *,
    make: Callable[[Field], Trouble] | None = None,
    disk: Path | None = None,
) -> Outcome:
    """Run it in this folder, which the servers' user must be able to reach; `say` hears how far it is.

    make: the trouble; without it processes are killed. disk: where the service lies, when not in the folder itself.
    """
    say("starting the service")
    ledger = Ledger(folder / "ledger.jsonl")
    where = disk or folder
    with Post() as post, Service(where, mail_port=post.port, demo=settings.demo) as service:
        say(f"making {settings.users} people")
        crowd = Crowd(service, ledger, users=settings.users, seed=settings.seed, pause_seconds=settings.pause_seconds)
        through(Field(settings, service, crowd, ledger, post, 0.0, say))
        say("everybody begins")
        crowd.begin()
        begun = time.monotonic()
        field = Field(settings, service, crowd, ledger, post, begun + settings.minutes * 60, say)
        trouble = (make or kill)(field)
        say("everybody ends")
        crowd.end()
        lasted = time.monotonic() - begun
        memory = service.memory_mb()
        say("waiting until nothing is left to do")
        _calm_down(service)
        say("counting")
        readers = [(person.visitor, person.assessment) for person in crowd.senders]
        proof = prove(service.data_dir, ledger, post, readers)
        for visitor in (crowd.probe.visitor, *(visitor for visitor, _ in readers)):
            visitor.close()
    # An answer that says nothing is a fault even while a part is away.
    outside = [
        words
        for at, words in ledger.faults
        if words.endswith(": 500") or not any(begin <= at <= end for begin, end in trouble.windows)
    ]
    seconds = [each for at, each in crowd.timings if at >= begun]
    ledger.close()
    met = len(ledger.faults) - len(outside)
    return Outcome(
        settings, proof, trouble.mended, outside, met, len(seconds), len(seconds) / lasted,
        median(seconds or [0]) * 1000, p95(seconds or [0]) * 1000, memory,
    )  # fmt: skip


def kill(field: Field) -> Trouble:
    """Kill processes at random moments until the time is over, or each kind once."""
    settings, random = field.settings, Random(field.settings.seed)
    trouble = Trouble()
    coming = list(settings.kills) if settings.once else []
    while settings.kills and (coming or not settings.once) and time.monotonic() < field.until:
        time.sleep(min(random.uniform(0, settings.rest_seconds), max(0.0, field.until - time.monotonic())))
        kind = coming.pop(0) if settings.once else random.choice(settings.kills)
        at = time.monotonic()
        if field.service.kill(kind, random):
            through(field)
            seconds = time.monotonic() - at
            field.say(f"killed: {kind}; on again after {seconds:.1f} s")
            trouble.mended.append((kind, seconds))
            trouble.windows.append((at, time.monotonic() + AFTERMATH_SECONDS))
    if not settings.once:
        time.sleep(max(0.0, field.until - time.monotonic()))
    return trouble


def through(field: Field) -> None:
    """Invite somebody until the mail is there: it passes through web, database, queue, worker or scheduler."""
    until = time.monotonic() + PROBE_SECONDS
    person, ledger = field.crowd.probe, field.ledger
    while time.monotonic() < until:
        before = len(ledger.writes)
        try:
            invite(person)
        except SignedOut:
            with suppress(Unanswered):
                person.visitor.sign_in()
            time.sleep(1)  # sign-ins are braked, and those that fail while the database is away count too
            continue
        except Unanswered:
            time.sleep(0.2)
            continue
        asked = [write for write in ledger.writes[before:] if write.kind == "mail" and write.of == person.desk.council]
        while asked and asked[0].acknowledged and time.monotonic() < until:
            if field.post.letters[asked[0].key]:
                return
            time.sleep(0.05)
    ledger.fault(f"no mail came through within {PROBE_SECONDS} seconds")


def _calm_down(service: Service) -> None:
    """Wait until nothing is left to do, or for so long that it is a fault."""
    until = time.monotonic() + CALM_SECONDS
    while time.monotonic() < until:
        with suppress(psycopg.Error):
            if count_waiting(service.data_dir) == 0:
                return
        time.sleep(0.5)
