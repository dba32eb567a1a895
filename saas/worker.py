"""The worker and the scheduler: two processes beside the web, each with one loop."""

from __future__ import annotations

import logging
import signal
import threading
from types import FrameType

from flask import Flask
from redis.exceptions import RedisError
from rq import Worker
from rq.serializers import JSONSerializer
from sqlalchemy.exc import OperationalError

from saas import jobs, logs, present, rounds, status
from saas.db import db

SWEEP_SECONDS = 10.0
log = logging.getLogger(__name__)


def run_worker(app: Flask) -> None:
    """Work on the queue until asked to stop; each job in a process of its own."""
    logs.begin(app.config["CHARTERWAY"].log_level)
    with app.app_context():
        jobs.forget_connections()
        worker = Worker(
            list(app.extensions["queues"].values()),
            connection=app.extensions["redis"],
            serializer=JSONSerializer,
            default_worker_ttl=60,
            job_monitoring_interval=5,
        )
        worker.work(logging_level="WARNING", with_scheduler=False)


def run_scheduler(app: Flask) -> None:
    """Every ten seconds start the day's rounds that are due, and hand what is due and free to the queue.

    It only enqueues, and a round starts once, so a second scheduler does no harm.
    """
    logs.begin(app.config["CHARTERWAY"].log_level)
    stopping = threading.Event()

    def stop(_signal: int, _frame: FrameType | None) -> None:
        stopping.set()

    signal.signal(signal.SIGTERM, stop)
    signal.signal(signal.SIGINT, stop)
    with app.app_context():
        while not stopping.is_set():
            try:
                with present.doing(present.Work(present.request_id_from(None), "sweep")):
                    rounds.start_rounds()
                    jobs.enqueue_forgotten()
                    status.note_sweep(app.extensions["redis"])
            except (OperationalError, RedisError) as error:
                log.warning("sweep put off: %s", type(error).__name__)
                db.session.remove()
            stopping.wait(SWEEP_SECONDS)
