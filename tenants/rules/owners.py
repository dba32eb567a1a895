"""Who does a line, as proposed from the words of its "who"; a person confirms it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

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
LONGEST_TEXT = 400  # characters of a text that may name several
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
_WORDS_OF_POSTS = ("manager", "officer", "director")
_NOT_MISSPELT = frozenset(("manage", "managed", "manages", "office", "offices", "mangers"))
_HEADED = re.compile(r"^(hed|haed|heda|haad|head|hread|heead)(?= (?:of|for) )", re.IGNORECASE)
_MISTER = r"mr|mrs|ms|miss|mx|dr|sir|dame|lady|lord|alderman"
_ORDINARY = (
    r"community|safety|customers?|democratic|electoral|elections?|learning|human|corporate|business|public|health"
    r"|social|care|adults?|children|environment\w*|property|internal|external|local|information|digital|data|risk"
    r"|transformation|change|organi[sz]ation\w*|workforce|people|culture|economic|regeneration|licensing|revenues"
    r"|benefits|scrutiny|overview|research|analysis|civic|town|county|district|borough|city|parks?|places?|growth"
    r"|monitoring|standards|steering|programme|project|of|for|the|and"
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
_MISTERED = re.compile(rf"^(?:{_MISTER})\.?\s+(?-i:[A-Z])", re.IGNORECASE)
_OFFICE = re.compile(
    rf"\b(?:{_DEPARTMENT}|{_HEAD}|{_GROUP_HEAD}|{_BODY}|{_ORDINARY}|chief|deputy|cabinet|clerk)(?![\w])", re.IGNORECASE
)
_KNOWN = re.compile(
    rf"(?:{_DEPARTMENT}|{_HEAD}|{_GROUP_HEAD}|{_BODY}|{_ORDINARY}|hrd|chief|deputy|assistant|interim|acting|senior"
    r"|vice|strategic|councillor|lead|joint|working|task|party|force|cross|other|relevant|new|appointed|all|in|to|with"
    r"|on|by|a|an|our|support|from|liaison|portfolio|design|technology|engagement|inclusion|diversity|equality|rights"
    r"|assets?|transport|highways|environment|education|schools|families|young|older|wellbeing|assurance|contracts?"
    r"|commissioning|delivery|operations|operational|administration|administrative|secretariat|constitution\w*)",
    re.IGNORECASE,
)
"""Words that are part of posts and teams, and of nobody's name but by chance."""
_DEPARTMENT_ALONE = re.compile(rf"(?:the )?(?:{_DEPARTMENT})", re.IGNORECASE)
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
    parts = _parts(words) if len(words) <= LONGEST_TEXT else [words]
    return _single([_owner(part, accountable=len(parts) == 1) for part in parts])


def kind_of(name: str) -> str:
    """One of KINDS for one owner; what nothing tells of is taken to be a person."""
    plain = _plain(name)
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
            if all(_stands_alone(each) for each in found) or _is_person_and_departments(found):
                return found
    return _anded(words)


def _anded(words: str) -> list[str]:
    """Parted at the first "and" on both sides of which an owner stands."""
    return list(_parted(words))


@lru_cache(maxsize=512)
def _parted(words: str) -> tuple[str, ...]:
    # Each rest of the words is asked about again and again: without the memory, twice as often with every "and".
    for joint in _AND.finditer(words):
        left, right = words[: joint.start()], words[joint.end() :]
        if _stands_alone(left) and not _goes_on(left, right):
            others = _parted(right)
            if _stands_alone(others[0]):
                return (left, *others)
        listed = (left, *_AND.split(right))
        if _is_person_and_departments(listed):
            return listed
    return (words,)


def names_nobody(text: str) -> bool:
    """Whether every word of a text is one of posts, groups or bodies, so that no name can be among them."""
    words = re.findall(r"[^\W_]+(?:['’-][^\W_]+)*", _plain(text))
    return bool(words) and all(_KNOWN.fullmatch(word) for word in words)


def is_councillor(name: str) -> bool:
    """Whether a person's name says that this is a councillor, or several."""
    return bool(_COUNCILLOR.match(name.strip()))


def _is_person_and_departments(parts: Sequence[str]) -> bool:
    """Whether one part is somebody's name and each other is the name of a department and nothing else."""
    departments = [part for part in parts if _DEPARTMENT_ALONE.fullmatch(part.strip(" ."))]
    people = [part for part in parts if part not in departments]
    return bool(departments) and len(people) == 1 and _is_named(people[0].strip(" ."))


def _is_named(part: str) -> bool:
    """Whether a part is a councillor, or a person's name of two words or more with no word of an office in it."""
    if _COUNCILLOR.match(part) or _MISTERED.match(part):
        return _kind_is_person(part)
    return len(part.split()) > 1 and bool(_NAME.fullmatch(part)) and not _OFFICE.search(part)


def _kind_is_person(part: str) -> bool:
    return kind_of(part) == PERSON and not _AND.search(part)


def _plain(part: str) -> str:
    """A part without article and mark of the lead, its words of posts spelled as they are meant."""
    bare = _ARTICLE.sub("", _LEADS.sub("", part)).strip(" .")
    return _HEADED.sub("Head", re.sub(r"[A-Za-z]+", lambda word: _spelled(word.group()), bare))


def _spelled(word: str) -> str:
    """ "Mnager" is a manager: a word of a post with one letter wrong, missing, too many or changed about."""
    low = word.casefold()
    stem, plural = (low[:-1], "s") if low.endswith("s") else (low, "")
    if low in _NOT_MISSPELT or stem in _WORDS_OF_POSTS or low[:1] not in "mod":
        return word
    meant = next((each for each in _WORDS_OF_POSTS if _is_one_slip(stem, each)), "")
    return meant.capitalize() + plural if meant else word


def _is_one_slip(word: str, meant: str) -> bool:
    """Whether one slip of the pen, after the first letter, lies between two words."""
    if word[:1] != meant[:1] or abs(len(word) - len(meant)) > 1:
        return False
    same = next((at for at, (a, b) in enumerate(zip(word, meant, strict=False)) if a != b), min(len(word), len(meant)))
    left, right = word[same:], meant[same:]
    swapped = left[:2] == right[1::-1] and left[2:] == right[2:]
    return left[1:] == right or left == right[1:] or left[1:] == right[1:] or swapped


def _goes_on(left: str, right: str) -> bool:
    """Whether the right side may still belong to a title that names its field ("Head of Policy and Services")."""
    of = _TITLED.match(_plain(left))
    return bool(of) and not _ARTICLE.match(right) and kind_of(right) == GROUP


def _stands_alone(part: str) -> bool:
    """Whether a part says by itself that it is a post, a group, a body or a councillor."""
    plain = _plain(part)
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
