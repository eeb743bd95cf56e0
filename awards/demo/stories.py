"""The demo nominations: who, from where, and how far each has come.

A story is the list of answers given at each step so far. `days` says how many working days ago the
last of them was given: more than the next step allows, and that step is overdue.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import count

from awards.demo.catalogue import UNITS
from models.awards import NomineeKind, Outcome

APPROVE, RETURN, REFUSE = Outcome.APPROVE, Outcome.RETURN, Outcome.REFUSE
MESSAGE = "withdrawal"


@dataclass(frozen=True, slots=True)
class Journey:
    """One nomination's way. `answers` are outcomes, or MESSAGE for the head who withdraws it."""

    number: int
    unit: str
    kind: NomineeKind
    honorific: str
    name: str
    position: str
    answers: tuple[str, ...]
    days: int
    is_claimed: bool


_FAMILIES = (
    "Nguyễn",
    "Trần",
    "Lê",
    "Phạm",
    "Hoàng",
    "Phan",
    "Vũ",
    "Đặng",
    "Bùi",
    "Đỗ",
    "Hồ",
)
_WOMEN = (
    "Thị Hường",
    "Thu Hằng",
    "Ngọc Ánh",
    "Thị Đào",
    "Minh Nguyệt",
    "Thanh Vân",
    "Thị Ỷ",
)
_MEN = ("Văn Đạt", "Quốc Ân", "Đình Trường", "Hữu Lộc", "Xuân Ước", "Mạnh Dũng", "Bá Kỳ")
_POSITIONS = (
    "Chuyên viên Bộ phận Một cửa",
    "Công chức Tư pháp - Hộ tịch",
    "Phó Trưởng phòng",
    "Viên chức tiếp nhận hồ sơ",
    "Trưởng phòng",
)
_COLLECTIVES = (
    "Phòng Hành chính",
    "Bộ phận Một cửa",
    "Phòng Nghiệp vụ",
    "Tổ Chuyển đổi số",
    "Văn phòng",
)
_UNIT = (APPROVE, APPROVE)
_BLOCK = (*_UNIT, APPROVE)
_RECEIVED = (*_BLOCK, APPROVE)
_APPRAISED = (*_RECEIVED, APPROVE)
_DEPARTMENT = (*_APPRAISED, APPROVE)
_OFFICE = (*_DEPARTMENT, APPROVE)
_DECIDED = (*_OFFICE, APPROVE)

# (answers, days since the last of them, how many nominations like this)
_WAYS: tuple[tuple[tuple[str, ...], int, int], ...] = (
    ((), 1, 3),  # being prepared
    ((), 7, 1),  # being prepared, overdue
    ((*_UNIT, RETURN), 2, 2),  # returned by the Khối
    ((*_BLOCK, RETURN), 2, 2),  # returned by the department, itemised
    ((APPROVE, RETURN), 1, 1),  # returned by the unit's head
    ((APPROVE,), 1, 5),
    ((APPROVE,), 5, 2),  # the head is overdue
    (_UNIT, 5, 6),
    (_UNIT, 9, 2),  # the Khối is overdue
    ((*_UNIT, RETURN, APPROVE, APPROVE), 1, 1),  # back at the Khối after a return
    (_BLOCK, 3, 5),  # the department's desk is overdue
    ((*_BLOCK, RETURN, APPROVE, APPROVE, APPROVE), 1, 2),  # received a second time
    (_RECEIVED, 3, 6),
    (_RECEIVED, 12, 3),  # the appraisal is overdue
    ((*_APPRAISED, RETURN), 1, 2),  # the head of department wants it appraised again
    (_APPRAISED, 1, 4),
    ((*_RECEIVED, REFUSE), 1, 2),  # with the proposal to refuse
    (_DEPARTMENT, 2, 4),
    (_DEPARTMENT, 7, 1),
    ((*_OFFICE, RETURN), 1, 1),  # the Chairman asks the Office to clarify
    (_OFFICE, 4, 5),
    (_OFFICE, 6, 1),
    (_DECIDED, 1, 3),
    ((*_DECIDED, APPROVE), 3, 8),  # awarded
    ((*_UNIT, RETURN, *_DECIDED, APPROVE), 2, 2),  # awarded after a return
    ((*_UNIT, Outcome.NOT_SELECTED), 4, 4),
    ((*_RECEIVED, REFUSE, REFUSE), 3, 2),  # refused by the department
    ((*_OFFICE, REFUSE), 3, 2),  # refused by the Chairman
    ((Outcome.WITHDRAW,), 5, 1),
    ((APPROVE, Outcome.WITHDRAW), 4, 1),
    ((*_RECEIVED, MESSAGE), 3, 1),  # withdrawn by the unit's head during appraisal
)


def _journeys() -> Iterator[Journey]:
    numbers = count()
    for answers, days, times in _WAYS:
        for n in range(times):
            yield _journey(next(numbers), answers, days, is_claimed=n % 2 == 0)


def _journey(
    number: int, answers: tuple[str, ...], days: int, *, is_claimed: bool
) -> Journey:
    code, unit_name = UNITS[number % len(UNITS)][:2]
    if number % 5 == 3:  # noqa: PLR2004 - every fifth nominee is a collective
        name = f"{_COLLECTIVES[number // 5 % len(_COLLECTIVES)]}, {unit_name}"
        return Journey(
            number, code, NomineeKind.COLLECTIVE, "", name, "", answers, days, is_claimed
        )
    is_woman = number % 2 == 0
    given = (_WOMEN if is_woman else _MEN)[number // 2 % len(_WOMEN)]
    return Journey(
        number,
        code,
        NomineeKind.INDIVIDUAL,
        "Bà" if is_woman else "Ông",
        f"{_FAMILIES[number % len(_FAMILIES)]} {given}",
        _POSITIONS[number % len(_POSITIONS)],
        answers,
        days,
        is_claimed,
    )


JOURNEYS = tuple(_journeys())
