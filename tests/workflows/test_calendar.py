"""Working days of Vietnam, and deadlines counted in them."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from workflows import calendar
from workflows.errors import BadDefinition

DAYS = st.dates(date(2025, 1, 1), date(2027, 12, 31))
TET = {
    2026: (date(2026, 2, 14), date(2026, 2, 22)),  # Saturday to Sunday
    2027: (date(2027, 2, 4), date(2027, 2, 10)),  # Thursday to Wednesday
}


@pytest.mark.parametrize("year", TET)
def test_nobody_works_at_tet(year):
    first, last = TET[year]
    days = [first + timedelta(days=n) for n in range((last - first).days + 1)]

    assert [day for day in days if calendar.is_working_day(day)] == []
    assert calendar.is_working_day(first - timedelta(days=1))
    assert calendar.is_working_day(last + timedelta(days=1))


@pytest.mark.parametrize(
    ("day", "works"),
    [
        (date(2026, 1, 1), False),
        (date(2026, 4, 26), False),  # Giỗ Tổ, a Sunday
        (date(2026, 4, 27), False),  # the day off in lieu
        (date(2026, 4, 30), False),
        (date(2026, 5, 1), False),
        (date(2026, 5, 4), True),
        (date(2026, 8, 22), True),  # a Saturday, worked in place of the 31st
        (date(2026, 8, 23), False),
        (date(2026, 8, 29), False),
        (date(2026, 8, 31), False),
        (date(2026, 9, 1), False),
        (date(2026, 9, 2), False),
        (date(2026, 9, 3), True),
        (date(2025, 11, 24), True),  # not a holiday before 2026
        (date(2026, 11, 23), True),
        (date(2026, 11, 24), False),
        (date(2026, 11, 25), True),
        (date(2027, 11, 24), False),
        (date(2027, 5, 1), False),
        (date(2027, 5, 3), False),
    ],
)
def test_day_is_worked_or_not(day, works):
    assert calendar.is_working_day(day) is works


@pytest.mark.parametrize(
    ("day", "count", "expected"),
    [
        (date(2026, 11, 23), 0, date(2026, 11, 23)),
        (date(2026, 11, 22), 0, date(2026, 11, 22)),  # none is added to a Sunday either
        (date(2026, 11, 23), 1, date(2026, 11, 25)),
        (date(2026, 11, 20), 1, date(2026, 11, 23)),
        (date(2026, 11, 20), 2, date(2026, 11, 25)),
        (date(2026, 11, 21), 1, date(2026, 11, 23)),
        (date(2026, 2, 13), 1, date(2026, 2, 23)),
        (date(2026, 2, 16), 1, date(2026, 2, 23)),
        (date(2026, 2, 12), 5, date(2026, 2, 26)),
        (date(2027, 2, 3), 1, date(2027, 2, 11)),
        (date(2026, 8, 21), 1, date(2026, 8, 22)),
        (date(2026, 8, 21), 6, date(2026, 8, 28)),
        (date(2026, 8, 28), 1, date(2026, 9, 3)),
        (date(2026, 12, 31), 1, date(2027, 1, 4)),
    ],
)
def test_add_working_days_counts_from_the_day_after(day, count, expected):
    assert calendar.add_working_days(day, count) == expected


@pytest.mark.parametrize(
    ("start", "end", "count"),
    [
        (date(2026, 11, 23), date(2026, 11, 23), 0),
        (date(2026, 11, 23), date(2026, 11, 24), 0),
        (date(2026, 11, 23), date(2026, 11, 25), 1),
        (date(2026, 11, 20), date(2026, 11, 23), 1),
        (date(2026, 11, 20), date(2026, 11, 27), 4),
        (date(2026, 2, 13), date(2026, 2, 22), 0),
        (date(2026, 2, 13), date(2026, 2, 23), 1),
        (date(2026, 8, 17), date(2026, 8, 24), 6),
        (date(2026, 11, 25), date(2026, 11, 23), -1),
        (date(2026, 12, 31), date(2027, 1, 4), 1),
    ],
)
def test_working_days_between_counts_the_last_day_not_the_first(start, end, count):
    assert calendar.working_days_between(start, end) == count


@settings(max_examples=60, deadline=None)
@given(start=DAYS, end=DAYS)
def test_working_days_backwards_are_those_forwards_negated(start, end):
    forwards = calendar.working_days_between(start, end)

    assert calendar.working_days_between(end, start) == -forwards


@settings(max_examples=60, deadline=None)
@given(days=st.tuples(DAYS, DAYS, DAYS))
def test_working_days_of_two_stretches_add_up(days):
    first, second, third = sorted(days)
    parts = calendar.working_days_between(first, second) + calendar.working_days_between(
        second, third
    )

    assert calendar.working_days_between(first, third) == parts


@settings(max_examples=60, deadline=None)
@given(day=DAYS, count=st.integers(1, 60))
def test_adding_and_counting_working_days_agree(day, count):
    reached = calendar.add_working_days(day, count)

    assert calendar.is_working_day(reached)
    assert calendar.working_days_between(day, reached) == count


@pytest.mark.parametrize(
    ("text", "days"), [("P5D", 5), ("P0D", 0), ("P10D", 10), ("P007D", 7), (" P5D ", 5)]
)
def test_parse_reads_working_days(text, days):
    assert calendar.parse_working_days(text) == days


@pytest.mark.parametrize(
    "text",
    ["", "P", "D", "PD", "5", "P5", "5D", "p5d", "P-5D", "P+5D", "P1.5D", "P5H", "PT5D", "P5DD",
     "PP5D", "P5D P5D", "P1Y", "P1W", "five", "P²D", "P5D\x00", "P 5D"],
)  # fmt: skip
def test_parse_refuses_anything_else(text):
    with pytest.raises(BadDefinition) as refused:
        calendar.parse_working_days(text)

    assert str(refused.value) == (
        f"“{text}” không phải số ngày làm việc. Ghi theo dạng P5D."
    )


def test_parse_refuses_more_days_than_any_calendar_has():
    with pytest.raises(BadDefinition):
        calendar.parse_working_days("P99999999D")


@pytest.mark.parametrize(
    ("opened_at", "days", "due_at"),
    [
        (datetime(2026, 11, 23, 3, 0, tzinfo=UTC), 1, datetime(2026, 11, 25, 10, 0, tzinfo=UTC)),
        (datetime(2026, 11, 23, 3, 0, tzinfo=UTC), 0, datetime(2026, 11, 23, 10, 0, tzinfo=UTC)),
        (datetime(2026, 11, 22, 17, 0, tzinfo=UTC), 1, datetime(2026, 11, 25, 10, 0, tzinfo=UTC)),
        (datetime(2026, 11, 22, 16, 59, tzinfo=UTC), 1, datetime(2026, 11, 23, 10, 0, tzinfo=UTC)),
        (datetime(2026, 11, 20, 11, 0, tzinfo=UTC), 3, datetime(2026, 11, 26, 10, 0, tzinfo=UTC)),
        (datetime(2026, 2, 13, 9, 59, tzinfo=UTC), 1, datetime(2026, 2, 23, 10, 0, tzinfo=UTC)),
    ],
)  # fmt: skip
def test_deadline_is_five_in_the_afternoon_in_vietnam(opened_at, days, due_at):
    found = calendar.deadline(opened_at, days)

    assert found == due_at
    assert found.tzinfo == UTC


@pytest.mark.parametrize(
    ("moment", "day"),
    [
        (datetime(2026, 11, 22, 16, 59, 59, tzinfo=UTC), date(2026, 11, 22)),
        (datetime(2026, 11, 22, 17, 0, tzinfo=UTC), date(2026, 11, 23)),
        (datetime(2026, 11, 22, 23, 59, tzinfo=UTC), date(2026, 11, 23)),
        (datetime(2026, 11, 23, 0, 0, tzinfo=UTC), date(2026, 11, 23)),
        (datetime(2026, 12, 31, 17, 0, tzinfo=UTC), date(2027, 1, 1)),
        (datetime(2026, 11, 23, 0, 30, tzinfo=calendar.VIETNAM), date(2026, 11, 23)),
    ],
)
def test_today_is_the_day_in_vietnam(moment, day):
    assert calendar.today(moment) == day


def test_a_day_still_reckoned_with_what_was_announced_before_stays_nowhere(monkeypatch):
    day = date(2026, 11, 25)
    monkeypatch.setattr(calendar, "_IN_USE", [calendar._Days({})])
    (earlier,) = calendar._IN_USE

    calendar.use({day: False})
    late = earlier.is_worked(day)  # by a thread that had begun before

    assert late
    assert not calendar.is_working_day(day)
    assert calendar.add_working_days(date(2026, 11, 24), 1) == date(2026, 11, 26)
