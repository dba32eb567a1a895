"""What people do: read, save an answer, note, upload, take in a document, invite somebody, send and be sent back."""

from __future__ import annotations

import hashlib
import re
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from random import Random
from uuid import UUID

from tests.soak.ledger import Ledger, Write
from tests.soak.visitor import Answer, Files, Unanswered, Visitor

LINES = 5
"""Lines of a plan that is taken in."""
LARGEST_UPLOAD = 400_000
SEAL_SECONDS = 120


@dataclass(frozen=True)
class Desk:
    """Where a person works."""

    council: str
    """The council's slug."""
    council_id: UUID
    region: str
    accreditation_id: UUID
    code: str
    action_id: UUID


@dataclass
class Person:
    """Somebody at work, with a browser and a ledger."""

    desk: Desk
    visitor: Visitor
    ledger: Ledger
    random: Random
    officer: Visitor | None = None
    """Who of the region sends back what this person sends in."""
    count: int = 0

    @property
    def home(self) -> str:
        """Where the council's pages begin."""
        return f"/councils/{self.desk.council}"

    @property
    def assessment(self) -> str:
        """Where the self-assessment's pages begin."""
        return f"{self.home}/accreditations/{self.desk.accreditation_id}"

    def token(self) -> str:
        """Words that nobody else writes."""
        self.count += 1
        return f"{self.visitor.email.partition('@')[0]}-{self.count}-{self.random.getrandbits(40):010x}"

    def send(
        self, kind: str, key: str, path: str, fields: dict[str, str], files: Files | None = None, of: str = ""
    ) -> Answer:
        """Send a write and note what became of it. Raises Unanswered and SignedOut."""
        write = self.ledger.begin(kind, key, of or self.desk.council)
        try:
            answer = self.visitor.post(path, fields, files)
            _judge(write, answer, path, self.ledger)
        finally:
            self.ledger.note(write)
        if answer.status == 303:
            self.visitor.open(answer.location)
        return answer


def _judge(write: Write, answer: Answer, path: str, ledger: Ledger) -> None:
    if answer.status == 303:
        write.acknowledged = True
        return
    write.refused = str(answer.status)
    ledger.fault(f"{write.kind}: {path} answered {answer.status}")


def read(person: Person) -> None:
    """Look at a page."""
    pages = (
        f"{person.home}/", f"{person.assessment}/", f"{person.home}/evidence", f"{person.home}/plans",
        f"{person.home}/actions/{person.desk.action_id}",
    )  # fmt: skip
    page = person.random.choice(pages)
    answer = person.visitor.open(page)
    if answer.status != 200:
        person.ledger.fault(f"{page} answered {answer.status}")


def save_answer(person: Person) -> None:
    """Write the answer to the person's own requirement anew."""
    page = f"{person.assessment}/requirements/{person.desk.code}"
    version = person.visitor.open(page).hidden.get("version", "0")
    words = f"We do it so: {person.token()}."
    of = f"{person.desk.accreditation_id} {person.desk.code}"
    person.send("answer", words, page, {"judgement": "met", "narrative": words, "version": version}, of=of)


def write_note(person: Person) -> None:
    """Note something on a line of the plan."""
    page = f"{person.home}/actions/{person.desk.action_id}"
    person.visitor.open(page)
    today = date.today()  # noqa: DTZ011 - as the person's calendar says
    day = {"noted_on-day": str(today.day), "noted_on-month": str(today.month), "noted_on-year": str(today.year)}
    words = f"Done so far: {person.token()}."
    person.send("note", words, f"{page}/notes", {**day, "words": words}, of=str(person.desk.action_id))


def upload(person: Person) -> None:
    """Add a file to the library."""
    page = f"{person.home}/evidence/upload"
    person.visitor.get(page)
    token = person.token()
    line = f"{token} is what the panel agreed and the council keeps.\n"
    content = (line * (1 + person.random.randrange(LARGEST_UPLOAD) // len(line))).encode()
    digest = hashlib.sha256(content).hexdigest()
    person.send("upload", digest, page, {}, {"file": (f"{token}.txt", content)}, of=str(person.desk.council_id))


def take_in(person: Person) -> None:
    """Take in a document as a plan of its own."""
    page = f"{person.home}/plans/import"
    person.visitor.get(page)
    token = person.token()
    lines = "".join(f"{number},Do part {number} of {token}.,May 2027\n" for number in range(1, LINES + 1))
    content = f"No,Action,By when\n{lines}".encode()
    shown = person.visitor.post(page, {}, {"file": (f"{token}.csv", content)})
    if shown.status != 303:
        person.ledger.fault(f"import: {page} answered {shown.status}")
        return
    person.visitor.get(shown.location)
    person.send("import", token, f"{shown.location}/take-in", {})


def invite(person: Person) -> None:
    """Invite a colleague, who gets a mail."""
    page = f"{person.home}/access/invite"
    person.visitor.get(page)
    email = f"{person.token()}@example.org"
    person.send("mail", email, page, {"name": "A colleague", "email": email, "role": "council_viewer"})


def send_in(person: Person) -> None:
    """Send the plan, wait for its seal, and have the region send it back, so that it can be sent once more."""
    page = f"{person.assessment}/check/plan"
    answer = person.visitor.get(page)
    if answer.status == 200 and "being sealed" not in answer.text:
        person.send("seal", person.token(), page, {"monitor": "Alex Reed"}, of=str(person.desk.accreditation_id))
    until = time.monotonic() + SEAL_SECONDS
    while (answer := person.visitor.get(page)).status == 200 and "being sealed" in answer.text:
        if time.monotonic() > until:
            person.ledger.fault(f"a seal took longer than {SEAL_SECONDS} seconds")
            return
        time.sleep(1)
    found = re.search(r"/submissions/([0-9a-f-]{36})", answer.location)
    if found is None:
        person.ledger.fault(f"a seal came to nothing: {answer.status} {answer.location}")
    elif person.officer is not None:
        case = f"/regions/{person.desk.region}/cases/{person.desk.accreditation_id}/submissions/{found[1]}"
        person.officer.get(case)
        returned = person.officer.post(case, {"outcome": "returned", "reason": "Once more, please."})
        if returned.status not in {303, 409}:  # 409: an earlier try was done though nobody heard of it
            person.ledger.fault(f"returning a plan was answered with {returned.status}")


Act = Callable[[Person], None]
MIX: tuple[tuple[Act, int], ...] = (
    (read, 30), (save_answer, 35), (write_note, 15), (upload, 9), (invite, 7), (take_in, 3),
)  # fmt: skip
"""What people do and how often, in parts of a hundred; who sends in does only that, and reads."""


def choose(random: Random) -> Act:
    """What somebody does next."""
    acts, weights = zip(*MIX, strict=True)
    chosen: Act = random.choices(acts, weights)[0]
    return chosen


__all__ = ["MIX", "Desk", "Person", "Unanswered", "choose", "invite", "send_in"]
