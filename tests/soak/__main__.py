"""`python -m tests.soak`: MINUTES, USERS, SEED, KILLS (kinds of process, or `none`) come from the environment."""

from __future__ import annotations

import os
import sys
import tempfile
from pathlib import Path
from random import SystemRandom

from tests.soak.run import Settings, run
from tests.soak.service import KINDS


def main() -> int:
    """Run it and print a line of JSON and a table; 0 when every promise was kept, 2 for a setting that is none."""
    given = os.environ
    kills = tuple(each.strip() for each in given.get("KILLS", ",".join(KINDS)).split(",") if each.strip())
    kills = () if kills == ("none",) else kills
    try:
        unknown = [each for each in kills if each not in KINDS]
        if unknown:
            raise ValueError(f"KILLS: nothing is called {', '.join(unknown)}; there are {', '.join(KINDS)}")
        settings = Settings(
            minutes=float(given.get("MINUTES", "10")),
            users=int(given.get("USERS", "200")),
            seed=int(given.get("SEED", SystemRandom().randrange(1_000_000))),
            kills=kills,
            demo=given.get("DEMO", "yes") == "yes",
        )
    except ValueError as error:
        print(f"soak: {error}", file=sys.stderr)
        return 2
    with tempfile.TemporaryDirectory(prefix="charterway-soak-") as folder:
        place = Path(folder)
        place.chmod(0o711)
        outcome = run(settings, place)
    print(outcome.line())
    print(f"\n{outcome.table()}")
    for words in outcome.details()[:100]:
        print(f"  {words}")
    return 0 if outcome.holds else 1


if __name__ == "__main__":
    sys.exit(main())
