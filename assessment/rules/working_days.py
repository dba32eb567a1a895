"""Which days are working days in a nation, bank holidays taken out, and how they are counted."""

from datetime import date, timedelta
from enum import StrEnum
from functools import lru_cache

import holidays


class Nation(StrEnum):
    ENGLAND = "england"
    WALES = "wales"
    NORTHERN_IRELAND = "northern_ireland"


SUBDIVISIONS = {Nation.ENGLAND: "ENG", Nation.WALES: "WLS", Nation.NORTHERN_IRELAND: "NIR"}


def is_working_day(day: date, nation: Nation) -> bool:
    """Monday to Friday, and no bank holiday of the nation."""
    return day.weekday() < 5 and day not in _bank_holidays(nation, day.year)


def working_days_after(day: date, number: int, nation: Nation) -> date:
    """The day that lies `number` working days after `day`, which itself is not counted.

    Zero gives `day` back, working or not. Raises ValueError for a negative number.
    """
    if number < 0:
        raise ValueError(f"working days are counted forwards, not {number}")
    while number:
        day += timedelta(days=1)
        number -= is_working_day(day, nation)
    return day


@lru_cache(maxsize=64)
def _bank_holidays(nation: Nation, year: int) -> frozenset[date]:
    return frozenset(holidays.country_holidays("GB", subdiv=SUBDIVISIONS[nation], years=year))
