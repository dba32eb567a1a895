"""The tally: what every process counted is added up, and a queue that is away costs nothing but time."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from threading import Event

import pytest
from redis import Redis
from redis.exceptions import RedisError

from saas.config import Config
from saas.tally import KEY, Tally

PAGE, JOB = ("requests", "home", "GET", "200"), ("jobs", "seal")


@pytest.fixture
def redis(config: Config) -> Iterator[Redis]:
    """The queue of the tests, without counts."""
    assert config.redis_url
    with Redis.from_url(config.redis_url) as opened:
        opened.delete(KEY)
        yield opened
        opened.delete(KEY)


def waits_for(holds: Callable[[], bool]) -> bool:
    """Whether it holds within a few seconds."""
    until = time.monotonic() + 5
    while not (held := holds()) and time.monotonic() < until:
        time.sleep(0.01)
    return held


def test_the_counts_of_several_processes_are_added_up(redis: Redis) -> None:
    one, other = Tally(redis), Tally(redis)
    one.add({PAGE: 1, JOB: 0.25})
    one.add({PAGE: 1})
    other.add({PAGE: 3})
    other.flush()
    assert one.read() == {PAGE: 5, JOB: 0.25}
    assert other.read() == {PAGE: 5, JOB: 0.25}


def test_what_was_counted_is_handed_over_once(redis: Redis) -> None:
    tally = Tally(redis)
    tally.add({PAGE: 1})
    for _ in range(3):
        tally.flush()
    assert tally.read() == {PAGE: 1}


def test_it_is_handed_over_without_being_asked(redis: Redis) -> None:
    tally, told = Tally(redis, every_seconds=0.05), Event()
    tally.also = told.set
    tally.add({PAGE: 2})
    assert waits_for(lambda: redis.hlen(KEY) == 1)
    assert Tally(redis).read() == {PAGE: 2}
    assert told.wait(5)


def test_what_fails_beside_it_does_not_keep_counts_back(redis: Redis) -> None:
    tally = Tally(redis, every_seconds=0.05)

    def fail() -> None:
        raise LookupError("no figures just now")

    tally.also = fail
    tally.add({PAGE: 2})
    assert waits_for(lambda: Tally(redis).read() == {PAGE: 2})


def test_a_process_that_ends_soon_counts_at_once(redis: Redis) -> None:
    tally = Tally(redis)
    assert tally.add_now({JOB: 1})
    assert Tally(redis).read() == {JOB: 1}


def test_counts_wait_while_the_queue_is_away(redis: Redis) -> None:
    with Redis.from_url("redis://127.0.0.1:1/0", socket_connect_timeout=0.2) as away:
        tally = Tally(away)
        tally.add({PAGE: 1})
        tally.flush()
        assert not tally.add_now({JOB: 1})
        with pytest.raises(RedisError):
            tally.read()
        tally.add({PAGE: 2})
        tally._redis = redis  # it is there again
        assert tally.read() == {PAGE: 3}


def test_nothing_is_lost_when_many_count_and_hand_over_at_once(redis: Redis) -> None:
    tally = Tally(redis)

    def count() -> None:
        for number in range(200):
            tally.add({PAGE: 1})
            if number % 20 == 0:
                tally.flush()

    threads = [threading.Thread(target=count) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(10)
    assert tally.read() == {PAGE: 800}


def test_after_its_end_nothing_goes_over_from_the_background(redis: Redis) -> None:
    before = set(threading.enumerate())
    tally = Tally(redis, every_seconds=0.05)
    tally.add({PAGE: 1})
    (flusher,) = set(threading.enumerate()) - before
    assert waits_for(lambda: redis.hlen(KEY) == 1)
    tally.end()
    assert waits_for(lambda: not flusher.is_alive())
    tally.add({PAGE: 2})
    assert {name: float(value) for name, value in redis.hgetall(KEY).items()} == {b'["requests","home","GET","200"]': 1}
