"""The words of a "when" beside its dates: what makes it a limit, repeat, depend on something or tell nothing."""

import re

BLANK = re.compile(
    r"[\s\-./–—?]*|n\s?/\s?a\.?|none|nil|not applicable|as soon as possible\.?|asap\.?|a\.s\.a\.p\.?"
    r"|immediate(?:ly)?\.?|now|(?:short|medium|long)(?:\s*(?:/|to|-)\s*(?:medium|long))?[\s-]*term\.?",
    re.IGNORECASE,
)
TO_BE_SETTLED = re.compile(
    r"\b(?:t\.?b\.?[acd]\b|to be (?:confirmed|agreed|arranged|announced|advised|decided|determined"
    r"|set)\b|(?:date|timescale) (?:awaited|to follow)|not yet known)",
    re.IGNORECASE,
)
RECURRING = re.compile(
    r"\b(?:annually|yearly|quarterly|monthly|weekly|fortnightly|termly|bi-?annual(?:ly)?|biennial(?:ly)?"
    r"|every|each"
    r"|per (?:year|annum|quarter|month)|p\.a|(?:twice|once|\w+ times) (?:a|per) (?:year|month|quarter)"
    r"|annual(?!\s+(?:council|general|meeting|conference)))\b",
    re.IGNORECASE,
)
ONGOING = re.compile(
    r"\b(?:on[- ]?going|continu(?:ous|ously|al|ing|es)|rolling|as (?:and when|required|needed|necessary)"
    r"|throughout|permanent(?:ly)?)\b",
    re.IGNORECASE,
)
WITHIN = re.compile(
    r"\b(?:within|first|in the) (?:\w+ )?(?:\w+ )?(?:day|week|month|year)s?\b(?! of the year)", re.IGNORECASE
)
MEETING = re.compile(
    r"\b(?:meetings?|full council|council meeting|annual council|cabinet|committee|agm|panel|board"
    r"|scrutiny|executive)\b",
    re.IGNORECASE,
)
EVENT = re.compile(
    r"\b(?:within|after|following|post|once|upon|on completion|completion of|before|prior to|elections?"
    r"|when|as soon as"
    r"|municipal year|subject to|depend[ae]nt|appointment|approval|adoption|induction|in line with"
    r"|alongside|new council"
    r"|year[- ]?end|end of (?:the )?(?:financial )?year)\b",
    re.IGNORECASE,
)
DEADLINE = re.compile(r"\b(?:by|until|till|no later than|not later than|deadline|due|up to|target)\b", re.IGNORECASE)
FILLER = re.compile(
    r"\b(?:by|until|till|no|not|later|than|deadline|due|date|up|to|the|end|of|in|on|during|from|between"
    r"|and|for|at|be"
    r"|complete|completed|target|fy|financial|year|month|onwards?|with|effect|since|before|after|prior"
    r"|following|starting"
    r"|commencing|start|beginning|quarter|term|a|remainder|rest|within|municipal|academic|calendar"
    r"|w/[ce]|week|commencing|ending|\d{1,2}(?:[.:]\d\d)?\s*(?:am|pm)|noon)\b|[\W_]",
    re.IGNORECASE,
)
CLOCK = re.compile(r"\b\d{1,2}(?:[.:]\d\d)?\s*(?:am|pm|noon)\b|\b\d{1,2}:\d\d\b", re.IGNORECASE)
# Behind such words stands the day of something else: "before Cabinet on 2 December".
BEFORE_SOMETHING = re.compile(
    r"\b(?:before|prior to|ahead of|in advance of|in (?:good )?time for)\b[^.;\d]{1,80}$", re.IGNORECASE
)
AFTER_SOMETHING = re.compile(r"\b(?:after|following)\b[^.;\d]{1,80}$", re.IGNORECASE)
BEFORE = re.compile(r"\b(?:before|prior to|ahead of|in advance of)(?: the)?\s*$", re.IGNORECASE)
AFTER = re.compile(r"\b(?:after|following)(?: the)?\s*$", re.IGNORECASE)
FROM = re.compile(r"\b(?:from|since|starting|commencing|beginning|with effect from)(?: the)?\s*$", re.IGNORECASE)
ONWARDS = re.compile(r"\s*onwards?\b", re.IGNORECASE)
START_OF = re.compile(r"\b(?:start|beginning) of(?: the)?\s*$", re.IGNORECASE)
REST_OF = re.compile(r"\b(?:rest|remainder) of(?: the)?\s*$", re.IGNORECASE)
WEEK_FROM = re.compile(r"\b(?:w/?c|week (?:commencing|beginning|of))[.:]?\s*(?:the\s+)?$", re.IGNORECASE)
WEEK_TO = re.compile(r"\b(?:w/?e|week ending)[.:]?\s*(?:the\s+)?$", re.IGNORECASE)
END_OF = re.compile(r"\bend(?: of)?(?: the)?\s*$", re.IGNORECASE)
