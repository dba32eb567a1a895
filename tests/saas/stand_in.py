"""A supervisor with stand-ins for web, worker and scheduler: test_supervisor runs it as its own process."""

import json
import os
import sys

from saas import supervisor
from saas.config import load
from saas.errors import Refused

WEB = """
import os, wsgiref.simple_server as server
class Quiet(server.WSGIRequestHandler):
    def log_message(self, *words): pass
def app(environ, respond):
    respond("200 OK", [("Content-Type", "text/plain")])
    names = ("DATABASE_URL", "DATABASE_OWNER_URL", "REDIS_URL")
    return [" ".join(os.environ[name] for name in names).encode()]
server.make_server("127.0.0.1", int(os.environ["PORT"]), app, handler_class=Quiet).serve_forever()
"""
WAITING = "import time; time.sleep(600)"
OWNER = "import os, sys; sys.exit(0 if os.environ['DATABASE_OWNER_URL'] else 3)"
ACCOUNTS = [{"email": "ada@example.org", "password": "a demo", "role": "officer", "scope": "ashby"}]


def python(code: str) -> list[str]:
    """A command that runs this code."""
    return [sys.executable, "-c", code]


def main(plan_changes: dict[str, str]) -> int:
    """Run until asked to stop. plan_changes: other code for parts of the plan."""
    codes = {
        "migrate": OWNER,
        "demo": OWNER,
        "accounts": f"print({json.dumps(ACCOUNTS)!r})",
        "web": WEB,
        "worker": WAITING,
        "scheduler": WAITING,
    }
    plan = supervisor.Plan(**{name: python(code) for name, code in (codes | plan_changes).items()})
    try:
        supervisor.run(load(os.environ), plan=plan)
    except Refused as refusal:
        print(f"refused: {refusal.message}", flush=True)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(json.loads(sys.argv[1])))
