"""How far long work is, kept for an hour beside the database: nothing depends on it, and nobody waits for it."""

from __future__ import annotations

import json
import logging
import time
from collections.abc import Callable

from flask import current_app
from redis import Redis
from redis.exceptions import RedisError

KEPT_SECONDS = 3600
PAUSE_SECONDS = 0.3
"""A page asks every two seconds: saying it more often than this would be work for nobody."""
log = logging.getLogger(__name__)


def teller(key: str) -> Callable[..., None]:
    """`tell(files=3, of_files=60)` for the work of this name; may be called as often as there is news.

    Where the queue's server is away nothing is kept: it is asked once, and the work goes on.
    """
    connection: Redis = current_app.extensions["redis"]
    said_at = -PAUSE_SECONDS
    away = False

    def tell(**numbers: int) -> None:
        nonlocal said_at, away
        if away or time.monotonic() - said_at < PAUSE_SECONDS:
            return
        said_at = time.monotonic()
        try:
            connection.set(_name(key), json.dumps(numbers), ex=KEPT_SECONDS)
        except RedisError:
            away = True
            log.warning("the queue is away; how far %s is will not be shown", key)

    return tell


def look(key: str) -> dict[str, int] | None:
    """What was told last of this work; None when nothing is known."""
    try:
        found = current_app.extensions["redis"].get(_name(key))
    except RedisError:
        return None
    return None if found is None else dict(json.loads(found))


def _name(key: str) -> str:
    return f"progress:{key}"
