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


class _Days:
    """Days that were announced, whatever else would say, and what was reckoned with them.

    Others take its place as a whole: what a thread still reckons with the earlier ones is kept
    where nobody looks any more.
    """

    def __init__(self, announced: Mapping[date, bool]) -> None:
        self.announced = dict(announced)
        self.is_worked = lru_cache(maxsize=4_000)(self._is_worked)
        self.between = lru_cache(maxsize=10_000)(self._between)
        self.close_of_business = lru_cache(maxsize=10_000)(self._close_of_business)
        self.deadline = lru_cache(maxsize=1_000)(self._deadline)

    def after(self, day: date, count: int) -> date:
        while count > 0:
            day += timedelta(days=1)
            count -= self.is_worked(day)
        return day

    def _is_worked(self, day: date) -> bool:
        announced = self.announced.get(day)
        return bool(_year(day.year).is_working_day(day)) if announced is None else announced

    def _between(self, start: date, end: date) -> int:
        if end < start:
            return -self.between(end, start)
        days = (start + timedelta(days=n) for n in range(1, (end - start).days + 1))
        return sum(self.is_worked(day) for day in days)

    def _close_of_business(self, opened_on: date, days: int) -> datetime:
        day = self.after(opened_on, days)
        return datetime.combine(day, CLOSE_OF_BUSINESS, VIETNAM).astimezone(UTC)

    def _deadline(self, opened_at: datetime, days: int) -> datetime:
        return self.close_of_business(today(opened_at), days)


_IN_USE = [_Days({})]


def use(days: Mapping[date, bool]) -> None:
    """Count these days as worked or not, in this process, from now on."""
    if days != _IN_USE[0].announced:
        _IN_USE[0] = _Days(days)


def holidays_of(year: int) -> dict[date, str]:
    """The public holidays of a year, with their names."""
    return dict(sorted(_year(year).items()))


def today(now: datetime) -> date:
    """The date on the wall calendar in Vietnam."""
    return now.astimezone(VIETNAM).date()


def midnight(day: date) -> datetime:
    """When a day begins in Vietnam."""
    return datetime.combine(day, time(), VIETNAM).astimezone(UTC)


def is_working_day(day: date) -> bool:
    """Neither weekend nor holiday, or a Saturday worked in exchange for a day off."""
    return _IN_USE[0].is_worked(day)


def add_working_days(day: date, count: int) -> date:
    """The `count`-th working day after `day`; `day` itself is not counted."""
    return _IN_USE[0].after(day, count)


def working_days_between(start: date, end: date) -> int:
    """How many working days lie after `start` up to and including `end`; negative backwards."""
    return _IN_USE[0].between(start, end)


def parse_working_days(text: str) -> int:
    """`P5D` in a diagram means five working days."""
    number = text.strip().removeprefix("P").removesuffix("D")
    if not number.isdecimal() or text.strip() != f"P{number}D" or len(number) > MAX_DIGITS:
        raise BadDefinition(
            N_("“%(text)s” không phải số ngày làm việc. Ghi theo dạng P5D."), text=text
        )
    return int(number)


def deadline(opened_at: datetime, days: int) -> datetime:
    """17:00 in Vietnam on the `days`-th working day after the task opened, in UTC."""
    return _IN_USE[0].deadline(opened_at, days)
