"""Counts that all processes add up in Redis: requests, statements, jobs. They outlive a process and cost it nothing.

What a process counted waits in its memory and goes to Redis every few seconds, and when it ends. A queue that is away
costs at most the counts of that time: nobody waits for them.
"""

from __future__ import annotations

import atexit
import os
import threading
from collections import defaultdict
from collections.abc import Callable, Mapping
from contextlib import suppress

import orjson
from redis import Redis
from redis.exceptions import RedisError

KEY = "charterway:counts"
FLUSH_SECONDS = 5.0
Name = tuple[str, ...]
"""What is counted and its labels, as ("requests", endpoint, method, status)."""


class Tally:
    """The counts of one process on their way to Redis."""

    def __init__(self, redis: Redis, every_seconds: float = FLUSH_SECONDS) -> None:
        self._redis = redis
        self._every_seconds = every_seconds
        self._lock = threading.Lock()
        self._waiting: defaultdict[Name, float] = defaultdict(float)
        self._flusher = 0
        self._ended = threading.Event()
        self.also: Callable[[], None] | None = None
        """Called before each flush from the background, to tell what stands rather than what happened."""

    def add(self, amounts: Mapping[Name, float]) -> None:
        """Count; what was counted is in Redis within a few seconds."""
        with self._lock:
            for name, amount in amounts.items():
                self._waiting[name] += amount
            if self._flusher != os.getpid():  # the first count of this process, or of a child that it forked
                self._flusher = os.getpid()
                threading.Thread(target=self._keep_flushing, name="tally", daemon=True).start()
                atexit.register(self.flush)

    def flush(self) -> None:
        """Hand over what waits. What cannot be handed over waits on."""
        with self._lock:
            waiting, self._waiting = self._waiting, defaultdict(float)
        if waiting and not self.add_now(waiting):
            with self._lock:
                for name, amount in waiting.items():
                    self._waiting[name] += amount

    def end(self) -> None:
        """Hand over nothing more from the background, as before the queue itself is ended."""
        self._ended.set()

    def add_now(self, amounts: Mapping[Name, float]) -> bool:
        """Count in Redis at once, for a process that ends soon; False when it is away."""
        try:
            with self._redis.pipeline(transaction=True) as pipeline:
                for name, amount in amounts.items():
                    pipeline.hincrbyfloat(KEY, orjson.dumps(name).decode(), amount)
                pipeline.execute()
        except RedisError:
            return False
        return True

    def read(self) -> dict[Name, float]:
        """Every count of all processes; raises RedisError."""
        self.flush()
        return {tuple(orjson.loads(name)): float(value) for name, value in self._redis.hgetall(KEY).items()}

    def _keep_flushing(self) -> None:
        while not self._ended.wait(self._every_seconds):
            with suppress(Exception):
                if self.also is not None:
                    self.also()
            self.flush()
