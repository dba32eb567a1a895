"""Signing: the texts that office-holders sign, what of a document they sign, and whose typed name is theirs."""

import re
import unicodedata
from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from enum import StrEnum
from typing import Any

from assessment.rules.process_words import day_words

LIFE = timedelta(days=14)
"""How long the link in a mail works."""
REMIND_AFTER = timedelta(days=7)
LONGEST_REASON = 2000
TITLES = frozenset(
    {"cllr", "councillor", "mr", "mrs", "ms", "miss", "mx", "dr", "prof", "professor", "sir", "dame", "lord", "lady"}
)
SIGNED_PARTS = ("framework", "level", "council", "accreditation")
LEFT_AFTER_SIGNING = "{name} no longer holds the office of {office}. This signature is void: whoever follows is asked."
LEFT = "{name} no longer holds the office of {office}. Whoever follows is asked instead."
CORRECTED = "The entry of {name} was corrected, and a new message was sent."
ASKED_AGAIN = "{name} was asked again."
ON_PAPER = "The signature of the {office} was recorded from paper instead."
AT_REST = {
    "sealing": "Your answers are being sealed. They rest until that is done.",
    "signing": "Your answers are with those who sign. They rest until they are sent, or the signing is called off.",
}
"""Why answers rest → the words for the page."""
NOT_READ_AS = "Type your name as it stands above: {name}."


class State(StrEnum):
    """Where the signature of one office stands."""

    NOBODY = "nobody"
    ASKED = "asked"
    NOT_SENT = "not_sent"
    EXPIRED = "expired"
    DECLINED = "declined"
    SIGNED = "signed"
    ON_PAPER = "on_paper"


DONE = (State.SIGNED, State.ON_PAPER)
TITLES_OF = {"commitment": "Commitment to {level}", "readiness": "Submission for {level}"}


def title_of(about: str, level: str) -> str:
    """What is signed, in a few words."""
    return TITLES_OF[about].format(level=level)


def commitment_text(council: str, level: str, framework: str, target_on: date | None) -> str:
    """The text of a commitment; `framework` with its version."""
    aim = f" We aim to be assessed by {day_words(target_on)}." if target_on else ""
    return (
        f"{council} commits itself to {level}, under “{framework}”.\n\n"
        "We will assess ourselves honestly against every requirement and plan what is missing. We will give our members"
        f" the time and the means to learn, and we will open our work to assessors from other councils.{aim}"
    )


def readiness_text(council: str, level: str, framework: str, answers: int, sha256: str, opened_on: date) -> str:
    """The text of a submission; it names the SHA-256 of the document with every answer."""
    return (
        f"{council} submits its self-assessment for {level}, under “{framework}”, as it stood on"
        f" {day_words(opened_on)}.\n\n"
        f"The {answers} answers below are the council’s own. To the best of our knowledge they are true and complete,"
        " and the evidence they name shows what they say.\n\n"
        f"The answers carry this fingerprint (SHA-256): {sha256}"
    )


def is_same_name(typed: str, known: str) -> bool:
    """Whether somebody typed the name that is known; case, accents, points and titles such as Cllr do not count."""
    words = _words_of(typed)
    return bool(words) and words == _words_of(known)


def _words_of(name: str) -> list[str]:
    plain = "".join(each for each in unicodedata.normalize("NFKD", name) if not unicodedata.combining(each))
    words = re.findall(r"[^\W_]+", plain.casefold().replace("’", "").replace("'", ""))
    return [word for word in words if word not in TITLES] or words


def signed_part(document: Mapping[str, Any]) -> dict[str, Any]:
    """What is signed of a submission's sealed document: for whom and under what, and every answer with its evidence.

    Left out is what only the seal knows (who sends it when, the ids of sealed files) and the actions, which go on
    while others sign. So anybody can make the signed document out of the sealed one and compare the SHA-256 of its
    canonical JSON with the one in the text.
    """
    answers = [
        {name: value for name, value in answer.items() if name not in ("actions", "evidence")}
        | {"evidence": [{name: item[name] for name in item if name != "file_id"} for item in answer["evidence"]]}
        for answer in document["answers"]
    ]
    return {name: document[name] for name in SIGNED_PARTS} | {"answers": answers}


def keep_measures(answers: Sequence[dict[str, Any]], signed: Mapping[str, Any]) -> None:
    """Put the live measures of the signed document in place of today's: what was read is what is sent."""
    there = {answer["requirement_code"]: answer["evidence"] for answer in signed["answers"]}
    for answer in answers:
        for now, then in zip(answer["evidence"], there.get(answer["requirement_code"], ()), strict=False):
            if now.get("measure") and then.get("measure"):
                now["measure"] = then["measure"]


def changed_codes(now: Mapping[str, Any], signed: Mapping[str, Any]) -> list[str]:
    """The codes of the requirements whose answers are not those that were signed."""
    before = {answer["requirement_code"]: answer for answer in signed["answers"]}
    after = {answer["requirement_code"]: answer for answer in now["answers"]}
    return [code for code in {**before, **after} if before.get(code) != after.get(code)]


def in_words(names: Sequence[str]) -> str:
    """Leader; Leader and Chief Executive; Leader, Deputy Leader and Chief Executive."""
    return " and ".join(filter(None, (", ".join(names[:-1]), *names[-1:])))
