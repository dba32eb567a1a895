"""The people of a soak: councils that assess themselves, who works there, and the crowd of them at work."""

from __future__ import annotations

import itertools
import threading
import time
from dataclasses import dataclass
from random import Random
from uuid import UUID

from flask import Flask

from charterway import create_app
from saas.config import load, resolve
from saas.db import db
from tests.factories.assessment import make_accreditation, make_framework, tree_of
from tests.factories.plans import make_action, make_plan
from tests.factories.submissions import answer_all
from tests.factories.tenants import MadeCouncil, MadeRegion, MadeUser, make_council, make_region, make_user
from tests.soak.acts import Act, Desk, Person, choose, read, send_in
from tests.soak.ledger import Ledger
from tests.soak.service import Service
from tests.soak.visitor import SignedOut, Unanswered, Visitor

FRAMEWORK = "charter-2008"
SIGN_IN_SECONDS = 120
AT_A_COUNCIL = 20
SENDERS_OF = 20
"""One of so many people sends plans in; the others of a council share its self-assessment."""


class Crowd:
    """Everybody, each in a thread; `timings` are the (moment, seconds) of every answer."""

    def __init__(self, service: Service, ledger: Ledger, *, users: int, seed: int, pause_seconds: float) -> None:
        """pause_seconds: how long somebody thinks between two acts, on average."""
        self.timings: list[tuple[float, float]] = []
        self._service, self._ledger, self._pause = service, ledger, pause_seconds
        self._random = Random(seed)
        self._stopping = threading.Event()
        self._inside = threading.Semaphore(0)
        self._addresses = (f"127.{seed % 200 + 10}.{number // 200}.{number % 200 + 1}" for number in itertools.count())
        self.senders, self.workers, self.probe = self._people(users)
        self.threads: list[threading.Thread] = []

    def begin(self) -> None:
        """Everybody signs in, over some seconds, and works. Returns when all have signed in."""
        plans = [(person, None) for person in self.workers] + [(person, send_in) for person in self.senders]
        for person, only in plans:
            thread = threading.Thread(target=self._work, args=(person, only), daemon=True)
            self.threads.append(thread)
            thread.start()
        for _ in self.threads:
            self._inside.acquire(timeout=SIGN_IN_SECONDS)

    def end(self) -> None:
        """Everybody finishes what he or she does."""
        self._stopping.set()
        for thread in self.threads:
            thread.join(180)

    def _work(self, person: Person, only: Act | None) -> None:
        time.sleep(person.random.uniform(0, self._pause))
        signed_in = False
        while not self._stopping.is_set():
            try:
                if not signed_in:
                    for visitor in (person.visitor, person.officer):
                        if visitor is not None:
                            visitor.sign_in()
                    signed_in = True
                    self._inside.release()
                else:
                    sending = only is not None and person.random.random() < 0.5
                    (only if sending and only else read if only else choose(person.random))(person)
            except Unanswered as error:
                self._ledger.fault(str(error))
            except SignedOut:
                self._ledger.fault("signed out")
                signed_in = False
            except Exception as error:  # noqa: BLE001 - a fault of the soak itself must be seen, not end a thread silently
                self._ledger.fault(f"the soak itself: {type(error).__name__}: {error}")
            self._stopping.wait(person.random.expovariate(1 / self._pause))
        for visitor in (person.visitor, person.officer):
            if visitor is not None:
                visitor.close()

    def _people(self, users: int) -> tuple[list[Person], list[Person], Person]:
        app = create_app(resolve(load(self._service.environ)), ARGON2_FAST=True)
        try:
            stage = _Stage(app)
            senders = [self._sender(stage) for _ in range(max(1, users // SENDERS_OF))]
            workers: list[Person] = []
            while len(workers) + len(senders) < users:
                workers += self._council(stage, min(AT_A_COUNCIL, users - len(workers) - len(senders)))
            probe = self._council(stage, 1)[0]
        finally:
            with app.app_context():
                db.engine.dispose()
            app.extensions["redis"].close()
        return senders, workers, probe

    def _sender(self, stage: _Stage) -> Person:
        council, desk = stage.council(answered=True)
        person = self._person(make_user(stage.app, council, "council_lead"), desk)
        person.officer = self._visitor(make_user(stage.app, stage.region, "region_officer"))
        return person

    def _council(self, stage: _Stage, people: int) -> list[Person]:
        council, desk = stage.council(answered=False)
        made = []
        for code in stage.codes[:people]:
            own = Desk(council.slug, council.id, desk.region, desk.accreditation_id, code, stage.action(council))
            made.append(self._person(make_user(stage.app, council, "council_lead"), own))
        return made

    def _person(self, user: MadeUser, desk: Desk) -> Person:
        return Person(desk, self._visitor(user), self._ledger, Random(self._random.getrandbits(64)))

    def _visitor(self, user: MadeUser) -> Visitor:
        return Visitor(self._service.url, user.email, user.password, next(self._addresses), self.timings)


@dataclass
class _Stage:
    """Where the people of a soak are made."""

    app: Flask

    def __post_init__(self) -> None:
        self.region: MadeRegion = make_region(self.app, "soak", "Soak Employers")
        self.framework_id: UUID = make_framework(self.app, FRAMEWORK)
        self.codes = [each.code for each in tree_of(FRAMEWORK).requirements_of("charter")]
        self._numbers = itertools.count(1)

    def council(self, *, answered: bool) -> tuple[MadeCouncil, Desk]:
        """A council that assesses itself; with every answer there where it is to send them."""
        number = next(self._numbers)
        council = make_council(self.app, self.region, f"soak-{number}", f"Soakbury {number}")
        accreditation_id = make_accreditation(self.app, council, self.framework_id)
        if answered:
            answer_all(self.app, council, accreditation_id)
        action_id = self.action(council)
        return council, Desk(council.slug, council.id, self.region.slug, accreditation_id, self.codes[0], action_id)

    def action(self, council: MadeCouncil) -> UUID:
        """A line of the council's own plan."""
        return make_action(self.app, council, make_plan(self.app, council))
