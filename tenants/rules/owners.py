"""Who does a line, as proposed from the words of its "who"; a person confirms it."""

from __future__ import annotations

import re
from dataclasses import dataclass

PERSON, POST, GROUP, BODY, TO_BE_AGREED = KINDS = ("person", "post", "group", "body", "to_be_agreed")
KIND_LABELS = {
    PERSON: "A person",
    POST: "A post",
    GROUP: "A group or team",
    BODY: "An outside body",
    TO_BE_AGREED: "To be agreed",
}


@dataclass(frozen=True, slots=True)
class Owner:
    """One owner as it stands in the text, word for word. `accountable`: the words put this one before the others."""

    kind: str
    name: str
    accountable: bool = False


LONGEST = 12  # words of one owner; a longer text is a narrative and stays whole
_BLANK = re.compile(r"[\s\-–—.?]*|n/?a|not applicable|none", re.IGNORECASE)
_LATER = re.compile(
    r"(?:t\.?b\.?[acd]\b\.?|(?:still )?to be (?:agreed|confirmed|decided|determined|appointed|identified|announced))",
    re.IGNORECASE,
)
# "liaison" is often scanned with a capital I for its l.
_HELPED = re.compile(
    r"[\s,]+(?:(?:working )?in (?:[lI]iaison|consultation|partnership|conjunction|discussion) with|working with"
    r"|(?:with )?(?:the )?support (?:of|from)|supported by|assisted by|advised by|reporting to)\s+",
    re.IGNORECASE,
)
_LEADS = re.compile(r"^(?:lead(?: officer)?|owner)\s*:\s*|\s*(?:\((?:the )?lead\)|[-–] (?:the )?lead)$", re.IGNORECASE)
_HEAD = (
    r"officers?|managers?|directors?|executives?|leaders?|clerks?|chairs?|chairm[ae]n|chairwom[ae]n|chairpersons?"
    r"|heads?|holders?|advis[eo]rs?|co-?ordinators?|assistants?|secretar(?:y|ies)|solicitors?|partners?|champions?"
    r"|mentors?|trainers?|mayors?|whips?|convenors?|sponsors?|leads?|accountants?|auditors?|treasurers?|administrators?"
)
_GROUP_HEAD = (
    r"groups?|teams?|panels?|committees?|boards?|councillors?|members?|services?|departments?|units?|cabinet|council"
    r"|directors|officers|forum|working party|task force|directorates?|divisions?|sections?|staff|executive|all"
)
_DEPARTMENT = (
    r"strategy|policy|finance|resources|development|communications?|governance|legal|hr|ict|it|procurement|planning"
    r"|housing|training|audit|equalities|partnerships|support|performance|estates|leisure"
)
_BODY = (
    r"university|college|association|employers|consultants?|ltd\.?|limited|llp|plc|academy|institute|agency|trust"
    r"|company|charity|contractors?|provider"
)
_ARTICLE = re.compile(r"^(?:the|our)\s+", re.IGNORECASE)
_TITLED = re.compile(
    rf"^(?:(?:deputy|assistant|interim|acting|senior|group|council|portfolio|corporate|executive|cabinet|committee"
    rf"|vice|strategic|chief|member)[\s-]+)*(?:{_HEAD}|cabinet member)\s+(?:of|for)\s+\S",
    re.IGNORECASE,
)
_POST = re.compile(rf"(?:^|\s)(?:{_HEAD}|chief executive|cabinet member|town clerk)$", re.IGNORECASE)
_GROUP = re.compile(rf"(?:^|\s)(?:{_GROUP_HEAD})$", re.IGNORECASE)
_BODIED = re.compile(rf"(?:^|\s)(?:{_BODY})$", re.IGNORECASE)
_MANY = re.compile(r"(?:^|\s)(?:directors|officers|leaders|managers|chairs|holders|champions|mentors)$", re.IGNORECASE)
_DEPARTED = re.compile(rf"^(?:\S+\s+){{0,2}}(?:{_DEPARTMENT})$", re.IGNORECASE)
_COUNCILLOR = re.compile(r"^(?:cllrs?|councillors?)\.?\s+(?-i:[A-Z])", re.IGNORECASE)
_CODE = re.compile(r"[A-Z]{2,5}")
_NAME = re.compile(r"(?:[A-Z][\w'’-]+|[A-Z]\.?)(?:\s+(?:[A-Z][\w'’-]+|[A-Z]\.?)){0,3}")
_JOINTS = tuple(
    re.compile(joint, re.IGNORECASE) for joint in (r"\s*;\s*", r"\s*\n+\s*", r"\s*/\s*", r"\s*\+\s*", r"\s*,\s*")
)
_AND = re.compile(r"\s+(?:and|&)\s+", re.IGNORECASE)


def propose(text: str) -> tuple[Owner, ...]:
    """The owners that a text names, in its order; none where it names nobody.

    A text is parted only where every part can stand alone as an owner: never inside a title ("Learning and
    Development Manager"), between initials ("AB/CD") or where two owners run together. One is accountable where there
    is only one, or where the others only help it.
    """
    words = re.sub(r"[ \t\u00a0]+", " ", text).strip().strip(".;,").strip()
    if _BLANK.fullmatch(words):
        return ()
    if _LATER.match(words):
        return (Owner(TO_BE_AGREED, words),)
    lead, *helpers = _HELPED.split(words)
    if helpers and lead and all(helpers):
        named = _parts(lead)
        first = [_owner(each, accountable=len(named) == 1) for each in named]
        return _single([*first, *(_owner(part) for each in helpers for part in _parts(each))])
    parts = _parts(words)
    return _single([_owner(part, accountable=len(parts) == 1) for part in parts])


def kind_of(name: str) -> str:
    """One of KINDS for one owner; what nothing tells of is taken to be a person."""
    plain = _ARTICLE.sub("", _LEADS.sub("", name)).strip(" .")
    if _LATER.match(plain):
        return TO_BE_AGREED
    head = plain.partition(",")[0].strip()
    if _COUNCILLOR.match(head) and not (_GROUP.search(head) or _POST.search(head)):
        return PERSON
    if len(plain.split()) > LONGEST or _run_together(plain):
        return PERSON
    if head != plain and _NAME.fullmatch(head) and not _stands_alone(head):
        return PERSON
    if _TITLED.match(plain):
        return POST
    if _BODIED.search(plain):
        return BODY
    if any(_CODE.fullmatch(each) and not _DEPARTED.match(each) for each in _AND.split(plain)):
        return PERSON
    if _MANY.search(plain):
        return GROUP
    if _POST.search(plain):
        return POST
    if _GROUP.search(plain) or _DEPARTED.match(plain):
        return GROUP
    return PERSON


def _parts(words: str) -> list[str]:
    """The owners in a text; the whole of it where any part could not stand alone."""
    for joint in _JOINTS:
        parts = [part for part in joint.split(words) if part]
        if len(parts) > 1:
            found = [piece for part in parts for piece in _parts(part)]
            if all(_stands_alone(each) for each in found):
                return found
    return _anded(words)


def _anded(words: str) -> list[str]:
    """Parted at the first "and" on both sides of which an owner stands."""
    for joint in _AND.finditer(words):
        left, right = words[: joint.start()], words[joint.end() :]
        if _stands_alone(left) and _stands_alone(_anded(right)[0]) and not _goes_on(left, right):
            return [left, *_anded(right)]
    return [words]


def _goes_on(left: str, right: str) -> bool:
    """Whether the right side may still belong to a title that names its field ("Head of Policy and Services")."""
    of = _TITLED.match(_ARTICLE.sub("", left))
    return bool(of) and not _ARTICLE.match(right) and kind_of(right) == GROUP


def _stands_alone(part: str) -> bool:
    """Whether a part says by itself that it is a post, a group, a body or a councillor."""
    plain = _ARTICLE.sub("", _LEADS.sub("", part)).strip(" .")
    if len(plain.split()) > LONGEST or _CODE.fullmatch(plain):
        return False
    if _run_together(plain):
        return False
    return any(sign.search(plain) for sign in (_COUNCILLOR, _TITLED, _POST, _GROUP, _BODIED))


def _run_together(plain: str) -> bool:
    """Whether a second owner begins after a first one has ended, with nothing between them."""
    return bool(re.search(r"\b(?:councillors|members|group|panel|team)\s+[A-Z]", plain))


def _owner(words: str, *, accountable: bool = False) -> Owner:
    name = words.strip()
    bare = _LEADS.sub("", name).strip() or name
    kind = kind_of(bare)
    return Owner(kind, bare, (accountable or bare != name) and kind != TO_BE_AGREED)


def _single(owners: list[Owner]) -> tuple[Owner, ...]:
    """With at most one accountable: where the words name several, none is."""
    if sum(owner.accountable for owner in owners) > 1:
        return tuple(Owner(owner.kind, owner.name) for owner in owners)
    return tuple(owners)
