"""Clarifications: while the council may be asked, by when it answers, and what the hash of an answer covers."""

import hashlib
from collections.abc import Mapping, Sequence
from datetime import date

from assessment.rules.processes import Process
from assessment.rules.sealing import canonical_json
from assessment.rules.stages import Stage
from assessment.rules.working_days import working_days_after

LONGEST_QUESTION = 2000
LONGEST_ANSWER = 8000
MOST_OPEN = 40
"""Questions of one assessment that wait for an answer at a time: a council is not to be flooded with mail."""
MOST_FILES = 10
"""Files that go with one answer."""
OPEN = frozenset({Stage.SUBMITTED, Stage.ASSESSING, Stage.MODERATING})
FORMAT = 1


def may_ask(stage: Stage) -> bool:
    """Whether the council can be asked, and can answer: from what it sent until its judgements are agreed."""
    return stage in OPEN


def due_on(asked_on: date, process: Process) -> date:
    """The last day to answer what is asked on this day."""
    return working_days_after(asked_on, process.clarification_days, process.nation)


def document_of(
    *,
    submission: str,
    requirement: str,
    number: int,
    question: str,
    asked_at: str,
    asked_by: str,
    words: str,
    answered_at: str,
    answered_by: str,
    files: Sequence[Mapping[str, object]],
) -> dict[str, object]:
    """What an answer as sent says, ready for canonical JSON.

    submission: the hash of the submission that the question is about. The instants are ISO 8601 in UTC.
    files: title, filename, sha256 and size (bytes) of each, in the order of title and SHA-256.
    """
    return {
        "format": FORMAT,
        "submission": submission,
        "requirement": requirement,
        "number": number,
        "question": {"words": question, "at": asked_at, "by": asked_by},
        "answer": {"words": words, "at": answered_at, "by": answered_by},
        "files": [dict(each) for each in files],
    }


def hash_of(document: Mapping[str, object]) -> str:
    """SHA-256, in hexadecimal, of the document as canonical JSON."""
    return hashlib.sha256(canonical_json(dict(document))).hexdigest()
