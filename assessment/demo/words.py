"""What the demo's people write: answers, actions, judgements and replies, in words of our own."""

from __future__ import annotations

from random import Random

GROUPS = ("Heron Group", "Kestrel Group", "Wren Group", "Not in a group")
GIVEN_NAMES = (
    "Ada", "Bilal", "Carys", "Dev", "Edith", "Farid", "Grace", "Hamish", "Ines", "Jonah", "Kiran", "Lotte", "Marcus",
    "Nadia", "Oscar", "Petra", "Quentin", "Rosa", "Stefan", "Tamsin", "Una", "Viktor", "Wanda", "Yusuf",
)  # fmt: skip
FAMILY_NAMES = (
    "Abbotson", "Barrowclough", "Cattermole", "Dunwoody", "Elphick", "Fenwright", "Garstang", "Hollis", "Ibbotson",
    "Jessop", "Kettlewell", "Lindgren", "Mistry", "Nightingale", "Osei", "Penhallow", "Quarrie", "Rahman", "Sowerby",
    "Tregenza", "Underhill", "Varley", "Whitcombe", "Yardley",
)  # fmt: skip
WARDS = (
    "Abbey", "Bridge End", "Castle Mead", "Dovecote", "East Common", "Ferry", "Grange", "Highfield", "Ivy Bank",
    "Kiln Lane", "Lower Marsh", "Millrace", "North Quay", "Orchard", "Priory", "Riverside",
)  # fmt: skip

OPENINGS = (
    "We have had this in place since the last election.",
    "The steering group looks at this twice a year.",
    "This was new for us and took two attempts.",
    "Members asked for this in the survey, and it now runs.",
    "Group leaders agreed this together and keep it under review.",
)
MIDDLES = (
    "{title}: the approach is written down, members know where to find it, and the clerk keeps it up to date.",
    "On {lower}, every member is written to in May and the answers decide what the programme offers.",
    "For {lower} we name one officer and one councillor, who report to the steering group each quarter.",
    "What we do about {lower} is part of induction and is repeated half-way through the term.",
)
ENDINGS = (
    "Last year {share} in 100 members took part. The rest were asked why, and evening dates were added.",
    "The next review is due in the autumn; until then we collect what members say after each session.",
    "It works better in the larger groups than for members who belong to none, which the plan takes up.",
    "Costs stayed within the budget, with £{cost} spent on outside speakers.",
)
BELOW_MET = (
    "The policy exists, but we cannot yet show that members use it.",
    "So far this happens only in two of the four groups.",
    "We have begun and have nothing to show before the winter.",
)
ACTIONS = (
    "Write to every member about {lower} and collect the answers",
    "Agree with group leaders what is expected about {lower}",
    "Bring a paper on {lower} to the steering group",
    "Set a named budget line for {lower}",
    "Ask the new members what helped them with {lower}",
    "Publish how the council deals with {lower} where members look",
)
TIMESCALES = (
    "By 31 March {next_year}",
    "Autumn {next_year}",
    "Quarter 2 of {next_year}/{after_next}",
    "Ongoing",
    "Within six months of approval",
    "Each May, after the annual meeting",
    "tbc",
    "End of Feb (draft), May (final)",
    "31/04/{next_year}",
    "asap",
    "Next meeting of the steering group",
    "Before the elections in May {next_year}",
    "Completed",
    "{year}–{next_year}",
    "Rolling programme",
)
"""Some say a day, some a season, some nothing at all: as people write them."""
OWNERS = (
    "Head of Democratic Services",
    "Member Development Officer",
    "Steering group",
    "Leader and Chief Executive",
    "Group leaders",
)
PINPOINTS = ("page 1", "paragraph 3", "second sheet", "section 2.4", "minute 17", "the table at the end")
REASONS_TO_CITE = (
    "It was agreed here.",
    "It shows who took part.",
    "Members describe it in their own words.",
    "The sums are in the last column.",
)

AGREES = (
    "The papers show it and members confirmed it in conversation.",
    "Clear evidence, dated and agreed by the right body.",
    "Several documents say the same, and the programme bears it out.",
)
DOUBTS = (
    "It is described well, but the evidence is older than the present term.",
    "Two of the groups do not seem to take part.",
    "The intention is there; results are still to come.",
)
STRENGTHS = (
    "Members speak of {lower} without being asked.",
    "{title} is led from the top and understood at the back benches.",
    "The council looks honestly at {lower} and changes what does not work.",
)
IMPROVEMENTS = (
    "Show each year what came of {lower}.",
    "Bring members who belong to no group into {lower}.",
    "Ask members after six months whether {lower} has helped them.",
    "Name who answers for {lower} when the present officer is away.",
)
NOTES = ("Ask about this on the visit.", "", "Compare with the last report.", "")
SCORED_AGAIN = "The council's answer names minutes that neither of you mentions. Please read them and score once more."
SEEN_AGAIN = "The minutes settle it: what was missing from the papers stands in them, since last spring."
MODERATED = (
    "Both assessors read the minutes again and agreed that the decision counts from its date.",
    "The visit showed that it is done, though the papers lag behind.",
    "Agreed at the lower step: the evidence covers one group only.",
)
SUMMARY = (
    "{council} takes the development of its councillors seriously. Leadership is visible, the programme answers to"
    " what members say they need, and new members are well looked after. The team found good practice throughout and"
    " names below what would carry it further."
)
COMMENT = "The summary leaves out that the council has {members} members."
CORRECTED = "It has {members} members."
COMMENT_ANSWER = "Corrected. Thank you for reading so closely."
NOT_YET = (
    "Too much of what the charter asks for is met in part only, as the agreed judgements show.\n\n"
    "The improvements say what is missing. Once they are done and you can show it, you are welcome to come again."
)
RETURN_REASON = "Please say for each action who will do it; several name nobody."
ASKED_FOR = ("Say who leads this, and who stands in.", "Name the meeting that agreed this, and its day.")
CHANGED_AS_ASKED = "The head of democratic services leads it; the deputy stands in. The steering group agreed it."
DECIDED_AGAINST = "The council has weighed this against its budget and keeps its present arrangement."
IN_PART = "Agreed for new members; for all others the group leaders decide."
PROGRESS = ("A first paper has gone to the steering group.", "Done, and reported to the annual meeting.")
BODIES = ("Member Development Steering Group", "Cabinet", "Full Council")


def narrative(chance: Random, title: str, *, met: bool) -> str:
    """An answer of three paragraphs at most about a requirement."""
    texts = {
        "title": title,
        "lower": lowered(title),
        "share": str(chance.randrange(58, 96)),
        "cost": f"{chance.randrange(4, 60) * 100:,}",
    }
    parts = [chance.choice(OPENINGS) if met else chance.choice(BELOW_MET), chance.choice(MIDDLES)]
    if met or chance.random() < 0.4:
        parts.append(chance.choice(ENDINGS))
    return "\n\n".join(part.format(**texts) for part in parts)


def about(chance: Random, choices: tuple[str, ...], title: str) -> str:
    """One of the sentences, about a requirement."""
    return chance.choice(choices).format(title=title, lower=lowered(title))


def timescale(choice: str, year: int) -> str:
    """A timescale as somebody would write it in that year."""
    return choice.format(year=year, next_year=year + 1, after_next=(year + 2) % 100)


def lowered(title: str) -> str:
    """The title inside a sentence."""
    return title[:1].lower() + title[1:]
