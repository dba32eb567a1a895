"""The floors: a bare Flask app that says hello, and answers each work with its one best statement through psycopg."""

from __future__ import annotations

import hashlib
import json
import os
import tempfile
import threading
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

import orjson
import psycopg
from flask import Flask, Response, request

FLOORS = "BENCH_FLOORS"
"""The environment's name for the file with every floor."""
OWNER = "DATABASE_OWNER_URL"


@dataclass(frozen=True, slots=True)
class Floor:
    """The least a work takes: a statement with its values, as the owner of the rows; at least so many rows come back.

    keep: the body is hashed and kept in a file before the statement, which gets its digest as `sha256`. send: the file
    of this path is the answer.
    """

    statement: str
    values: dict[str, Any] = field(default_factory=dict)
    rows: int = 1
    keep: bool = False
    send: str = ""


def write(floors: dict[str, Floor], path: Path) -> None:
    """Keep the floors where the server of this environment reads them."""
    path.write_text(json.dumps({name: asdict(floor) for name, floor in floors.items()}, default=str))


def create_wsgi() -> Flask:
    """What gunicorn serves."""
    app = Flask("floors", static_folder=None)
    floors = {name: Floor(**given) for name, given in json.loads(Path(os.environ[FLOORS]).read_text()).items()}
    here = threading.local()

    def ask(floor: Floor, **values: str) -> list[Any]:
        if not hasattr(here, "connection"):
            here.connection = psycopg.connect(os.environ[OWNER], autocommit=True)
        cursor = here.connection.execute(floor.statement, {**floor.values, **values})
        found: list[Any] = cursor.fetchall()
        if len(found) < floor.rows:
            raise RuntimeError(f"the bare statement found {len(found)} rows, not {floor.rows}")
        return found

    @app.get("/hello")
    def hello() -> str:
        return "hello"

    @app.route("/bare/<work>", methods=["GET", "POST"])
    def bare(work: str) -> Response:
        floor = floors[work]
        values = {"sha256": _kept()} if floor.keep else {}
        found = ask(floor, **values)
        if floor.send:
            return Response(Path(floor.send).read_bytes(), content_type="application/pdf")
        return Response(orjson.dumps(found, default=str), content_type="application/json")

    return app


def _kept() -> str:
    """The file that was sent: read once, hashed on the way, kept on disk before anybody hears of it."""
    digest = hashlib.sha256()
    with tempfile.NamedTemporaryFile(dir=os.environ["DATA_DIR"]) as kept:
        while chunk := request.stream.read(1 << 18):
            digest.update(chunk)
            kept.write(chunk)
        kept.flush()
        os.fsync(kept.fileno())
    return digest.hexdigest()
