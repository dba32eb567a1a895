"""A council that ends and is succeeded: what is asked before it is written down, and what will happen."""

from datetime import date


def problems_of(council: str, successor: str, ended_on: date | None, today: date) -> dict[str, list[str]]:
    """What is wrong with a succession by field; council and successor are ids as text, "" where none is chosen."""
    found: dict[str, list[str]] = {}
    if not council:
        found["council"] = ["Choose the council that ended."]
    if not successor:
        found["successor"] = ["Choose the council that succeeds it."]
    elif successor == council:
        found["successor"] = ["A council cannot succeed itself. Choose another one."]
    if ended_on is None:
        found["ended_on"] = ["Enter the day on which the council ended."]
    elif ended_on > today:
        found["ended_on"] = ["The day must not be in the future. Come back when the council has ended."]
    return found


def what_happens(council: str, successor: str, under_way: int, awards: int, improvements: int) -> list[str]:
    """The sentences of the page before it is written down. The numbers are of what is open now."""
    found = [f"{council} ends. Everybody loses access to it, and nothing of it can be changed."]
    if under_way:
        found.append(f"{_counted(under_way, 'accreditation')} on the way will end, with the files of its assessors.")
    if awards:
        found.append(f"{_counted(awards, 'award')} will end, here and in the public register.")
    found.append(f"{successor} reads what {council} sent and was given: submissions, reports, awards and improvements.")
    if improvements:
        found.append(
            f"{_counted(improvements, 'open improvement')} will stand in the plan of {successor}, with the source."
        )
    return found


def _counted(number: int, thing: str) -> str:
    return f"{number} {thing}{'' if number == 1 else 's'}"
