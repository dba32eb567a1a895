"""gunicorn's settings for the web process, read by `gunicorn --config python:saas.webserver`."""

import gc
import os
from pathlib import Path
from typing import Any

from saas import logs
from saas.config import load
from saas.processes import die_with_parent, share_memory_between_threads

COLLECT_AFTER = 5_000
"""Objects made and not yet gone, before the collector looks for those that hold each other."""

_config = load(os.environ)
share_memory_between_threads()

bind = f"[{_config.bind}]:{_config.port}" if ":" in _config.bind else f"{_config.bind}:{_config.port}"
workers = _config.web_workers
threads = _config.web_threads
# Loaded once and then forked: a worker that ended is back at once, and what is only read is held once.
preload_app = True
worker_class = "gthread"
timeout = 60
graceful_timeout = 10
keepalive = 15
max_requests = 20_000
max_requests_jitter = 2_000
loglevel = "warning"
logconfig_dict = logs.settings(_config.log_level)
control_socket_disable = True
# A heartbeat on a slow disk would make healthy workers look dead.
worker_tmp_dir = "/dev/shm" if Path("/dev/shm").is_dir() else None  # noqa: S108 - gunicorn makes a private file there


def pre_fork(_server: Any, _worker: Any) -> None:
    """Let the collector leave alone what is there already, so that its pages stay shared."""
    gc.freeze()


def post_fork(_server: Any, _worker: Any) -> None:
    """Tie each worker to its master, so that a killed master leaves none behind holding the port.

    And let the collector come by a few times a page instead of a dozen: nearly all that a page makes is gone with it by
    counting alone.
    """
    die_with_parent()
    gc.set_threshold(COLLECT_AFTER, 20, 20)
