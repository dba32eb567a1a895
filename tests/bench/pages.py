"""What every work that is asked of the web server has in common: it is timed and counted beside its floors."""

from __future__ import annotations

import re
import statistics
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from time import perf_counter

import sqlalchemy as sa

from tests.bench.ground import Standing
from tests.bench.results import Result, median, p95
from tests.bench.visitor import Answer, Call, Visitor
from tests.bench.work import Ask, Work

CONNECTIONS = 8
WARM, LEAST, MOST = 4, 30, 200
"""Requests of each connection before anything is timed; of one connection that are timed, at least and at most."""
SECONDS = 3.0
TIDY_EVERY = 10
TIDY = Call("GET", "/account")
"""Shows, and so forgets, what the product has said since: a person's browser does so after every form."""
SILENT = ("BEGIN", "COMMIT", "ROLLBACK", "SAVEPOINT", "RELEASE")


def getting(address: str) -> Ask:
    """The same page each time."""
    call = Call("GET", address)
    return lambda _visitor, _connection: call


def measure(standing: Standing, work: Work) -> Result:
    """Ask for it in turn with both floors over one connection, then over eight; count what it asks the database."""
    with _visitors(standing, work.who) as visitors, Visitor(standing.floors.port) as below:
        with ThreadPoolExecutor(CONNECTIONS) as pool:
            list(pool.map(lambda each: _run(work, visitors[each], each, WARM), range(CONNECTIONS)))
        statements, answer = _counted(standing, work, visitors[0])
        hello = Call("GET", "/hello")
        bare, beneath = _bare(standing, work, visitors[0], below)
        page_times: list[float] = []
        bare_times: list[float] = []
        hello_times: list[float] = []
        begun = perf_counter()
        while len(page_times) < LEAST or (perf_counter() - begun < SECONDS and len(page_times) < MOST):
            hello_times.append(_timed(below, hello)[0])
            bare_times.append(_timed(beneath, bare())[0])
            page_times += _run(work, visitors[0], 0, 1)
        many = _at_once(work, visitors, SECONDS)
    return Result(
        work=work.name,
        size=work.size,
        median_ms=median(page_times),
        p95_ms=p95(page_times),
        rps_1=1000 / statistics.fmean(page_times),
        rps_8=CONNECTIONS * 1000 / statistics.fmean(many),
        statements=statements,
        bytes=len(answer.body),
        bare_ms=median(bare_times),
        hello_ms=median(hello_times),
        ratio=median(page_times) / median(bare_times),
        target=work.target,
        most_statements=work.most_statements,
    )


@contextmanager
def _visitors(standing: Standing, email: str) -> Iterator[list[Visitor]]:
    """The same person over eight connections."""
    signed_in = standing.visitor(email)
    visitors = [signed_in.again() for _ in range(CONNECTIONS)]
    try:
        yield visitors
    finally:
        for visitor in visitors:
            visitor.close()


def _bare(standing: Standing, work: Work, visitor: Visitor, below: Visitor) -> tuple[Callable[[], Call], Visitor]:
    """What is asked of the floor, and by whom."""
    if isinstance(work.floor, str):
        other = standing.visitor(work.floor)
        return lambda: work.ask(other, 0), other
    address = f"/bare/{work.name}"
    if work.floor.keep:
        return lambda: Call("POST", address, work.ask(visitor, 0).body), below
    return lambda: Call("GET", address), below


def _timed(visitor: Visitor, call: Call) -> tuple[float, Answer]:
    begun = perf_counter()
    answer = visitor.send(call)
    took = (perf_counter() - begun) * 1000
    if answer.status >= 400:
        raise RuntimeError(f"{call.method} {call.address} was answered {answer.status}: {_words_of(answer)}")
    return took, answer


def _words_of(answer: Answer) -> str:
    """The first words of the page's own part."""
    main = answer.body.decode(errors="replace").partition("<main")[2]
    return " ".join(re.sub(r"<[^>]*>", " ", main).split())[:300]


def _run(work: Work, visitor: Visitor, connection: int, times: int) -> list[float]:
    """Ask so many times; the milliseconds of each."""
    found = []
    for number in range(1, times + 1):
        took, answer = _timed(visitor, work.ask(visitor, connection))
        if answer.status != work.status or work.shows not in answer.body:
            raise RuntimeError(f"{work.name} was answered {answer.status}, and not as it should be")
        found.append(took)
        if work.tidy and (times == 1 or number % TIDY_EVERY == 0):
            visitor.send(TIDY)
    return found


def _at_once(work: Work, visitors: Sequence[Visitor], seconds: float) -> list[float]:
    """Every connection as often as it can for so long; the milliseconds of each request."""
    until = perf_counter() + seconds

    def run(connection: int) -> list[float]:
        found: list[float] = []
        while perf_counter() < until:
            found += _run(work, visitors[connection], connection, 1 if not work.tidy else TIDY_EVERY)
        return found

    with ThreadPoolExecutor(len(visitors)) as pool:
        return [each for found in pool.map(run, range(len(visitors))) for each in found]


def _counted(standing: Standing, work: Work, visitor: Visitor) -> tuple[int, Answer]:
    """How many statements one request takes, in an app of this process, warm; and the server's own answer."""
    client = standing.app.test_client()
    for name, value in visitor.cookies.items():
        client.set_cookie(name, value, domain="127.0.0.1")
    sent: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        if not statement.upper().startswith(SILENT):
            sent.append(statement)

    watched: Callable[..., None] = note
    for turn in range(2):
        call = work.ask(visitor, 0)
        sent.clear()
        sa.event.listen(sa.Engine, "before_cursor_execute", watched)
        try:
            answer = client.open(
                call.address, method=call.method, data=call.body, content_type=call.content_type,
                base_url="http://127.0.0.1",
            )  # fmt: skip
            body = answer.get_data()
        finally:
            sa.event.remove(sa.Engine, "before_cursor_execute", watched)
        answer.close()
        if answer.status_code != work.status or work.shows not in body:
            raise RuntimeError(f"{work.name}, turn {turn}, was answered {answer.status} by the app itself")
    standing.heard[work.name] = list(sent)
    return len(sent), Answer(answer.status_code, dict(answer.headers), body)
