"""`python -m tests.soak`: MINUTES, USERS, SEED, KILLS (kinds or none), DEMO and DISK (yes, no) in the environment."""

from __future__ import annotations

import os
import sys
import tempfile
import time
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from random import SystemRandom

from tests.soak import full_disk
from tests.soak.run import Settings, run
from tests.soak.service import KINDS


def main() -> int:
    """Run it and print a line of JSON and a table; 0 when every promise was kept, 2 for a setting that is none."""
    try:
        settings = settings_of(os.environ)
    except ValueError as error:
        print(f"soak: {error}", file=sys.stderr)
        return 2
    begun = time.monotonic()

    def say(words: str) -> None:
        print(f"{time.monotonic() - begun:7.1f} {words}", file=sys.stderr)

    with tempfile.TemporaryDirectory(prefix="charterway-soak-") as folder:
        place = Path(folder)
        place.chmod(0o711)
        outcomes = [run(settings, place, say)]
        if full_disk.can_mount() and os.environ.get("DISK", "yes") == "yes":
            few = replace(settings, users=min(settings.users, 12), demo=False, pause_seconds=1.0)
            with full_disk.small_disk(place / "small") as disk:
                outcomes.append(run(few, place, say, make=full_disk.fill_for_a_while, disk=disk))
        else:
            say("no disk was filled: that needs root on Linux, and DISK=yes")
    for outcome in outcomes:
        print(outcome.line())
        print(f"\n{outcome.table()}")
        for words in outcome.details()[:100]:
            print(f"  {words}")
    return 0 if all(outcome.holds for outcome in outcomes) else 1


def settings_of(given: Mapping[str, str]) -> Settings:
    """The settings of the environment; raises ValueError naming the one that is wrong."""
    kills = tuple(each.strip() for each in given.get("KILLS", ",".join(KINDS)).split(",") if each.strip())
    kills = () if kills == ("none",) else kills
    if unknown := [each for each in kills if each not in KINDS]:
        raise ValueError(f"KILLS: nothing is called {', '.join(unknown)}; there are {', '.join(KINDS)}")
    return Settings(
        minutes=_number(given, "MINUTES", 10),
        users=int(_number(given, "USERS", 200)),
        seed=int(_number(given, "SEED", SystemRandom().randrange(1_000_000))),
        kills=kills,
        demo=given.get("DEMO", "yes") == "yes",
    )


def _number(given: Mapping[str, str], name: str, usual: float) -> float:
    try:
        number = float(given.get(name) or usual)
    except ValueError as error:
        raise ValueError(f"{name} is {given[name]}: expected a number") from error
    if number <= 0:
        raise ValueError(f"{name} is {given[name]}: expected more than nothing")
    return number


if __name__ == "__main__":
    sys.exit(main())
