"""Working days of Vietnam. Law and diagrams count in them; nothing here counts in hours."""

from collections.abc import Mapping
from datetime import UTC, date, datetime, time, timedelta
from functools import cache, lru_cache
from zoneinfo import ZoneInfo

import holidays

from workflows.errors import BadDefinition
from workflows.words import N_

VIETNAM = ZoneInfo("Asia/Ho_Chi_Minh")
CLOSE_OF_BUSINESS = time(17, 0)
MAX_DIGITS = 3


@cache
def _year(year: int) -> holidays.HolidayBase:
    """Public holidays, days off in lieu, and swapped working Saturdays of one year."""
    return holidays.country_holidays("VN", years=year, language="vi")


_SPECIAL: dict[date, bool] = {}
"""Days that were announced: whether they are worked, whatever else would say."""


def use(days: Mapping[date, bool]) -> None:
    """Count these days as worked or not, in this process, from now on."""
    if dict(days) == _SPECIAL:
        return
    _SPECIAL.update(days)  # at no moment are they all gone: other threads look
    for day in _SPECIAL.keys() - days.keys():
        _SPECIAL.pop(day, None)
    for remembered in (is_working_day, working_days_between, deadline, _close_of_business):
        remembered.cache_clear()


def holidays_of(year: int) -> dict[date, str]:
    """The public holidays of a year, with their names."""
    return dict(sorted(_year(year).items()))


def today(now: datetime) -> date:
    """The date on the wall calendar in Vietnam."""
    return now.astimezone(VIETNAM).date()


def midnight(day: date) -> datetime:
    """When a day begins in Vietnam."""
    return datetime.combine(day, time(), VIETNAM).astimezone(UTC)


@lru_cache(maxsize=4_000)
def is_working_day(day: date) -> bool:
    """Neither weekend nor holiday, or a Saturday worked in exchange for a day off."""
    special = _SPECIAL.get(day)
    return bool(_year(day.year).is_working_day(day)) if special is None else special


def add_working_days(day: date, count: int) -> date:
    """The `count`-th working day after `day`; `day` itself is not counted."""
    while count > 0:
        day += timedelta(days=1)
        count -= is_working_day(day)
    return day


@lru_cache(maxsize=10_000)
def working_days_between(start: date, end: date) -> int:
    """How many working days lie after `start` up to and including `end`; negative backwards."""
    if end < start:
        return -working_days_between(end, start)
    days = (start + timedelta(days=n) for n in range(1, (end - start).days + 1))
    return sum(is_working_day(day) for day in days)


def parse_working_days(text: str) -> int:
    """`P5D` in a diagram means five working days."""
    number = text.strip().removeprefix("P").removesuffix("D")
    if not number.isdecimal() or text.strip() != f"P{number}D" or len(number) > MAX_DIGITS:
        raise BadDefinition(
            N_("“%(text)s” không phải số ngày làm việc. Ghi theo dạng P5D."), text=text
        )
    return int(number)


@lru_cache(maxsize=1_000)
def deadline(opened_at: datetime, days: int) -> datetime:
    """17:00 in Vietnam on the `days`-th working day after the task opened, in UTC."""
    return _close_of_business(today(opened_at), days)


@lru_cache(maxsize=10_000)
def _close_of_business(opened_on: date, days: int) -> datetime:
    day = add_working_days(opened_on, days)
    return datetime.combine(day, CLOSE_OF_BUSINESS, VIETNAM).astimezone(UTC)
