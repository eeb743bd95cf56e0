"""Rosters: spreadsheets of units and of people with their posts, brought in whole or not at all.

Looking at one beforehand carries it out and takes it back, so that the preview cannot promise what
the import would refuse.
"""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from functools import partial
from typing import TypeVar

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from awards import accounts, names, posts, units
from awards.errors import BadChange
from awards.lists import UnreadableList
from awards.lists.cells import written_date
from awards.lists.spreadsheets import Cell, Sheet, sheets
from awards.lists.texts import CONTROL, fold, shown, tidy
from awards.posts import Appointment
from awards.units import NewUnit
from models.organisation import BLOCK_ROLES, UNIT_ROLES, Block, Person, Role, Unit, UnitKind
from workflows import calendar, commands
from workflows.actors import Actor
from workflows.errors import WorkflowError
from workflows.words import N_

Known = TypeVar("Known", Role, UnitKind)
MAX_ROWS = 1_000
LONGEST = 200  # characters of a cell
_LONGEST_CODE = 32
HEADER_WITHIN = 20  # rows


class Column(StrEnum):
    """A column of a roster; the value is its title."""

    UNIT_CODE = "Mã đơn vị"
    UNIT_NAME = "Tên đơn vị"
    UNIT_KIND = "Loại đơn vị"
    BLOCK = "Khối"
    SINCE = "Từ ngày"
    LOGIN = "Tên đăng nhập"
    NAME = "Họ và tên"
    HONORIFIC = "Danh xưng"
    ROLE = "Vai trò"
    TITLE = "Chức danh"
    PLACE = "Nơi làm việc"


UNITS = (Column.UNIT_CODE, Column.UNIT_NAME, Column.UNIT_KIND)
PEOPLE = (Column.LOGIN, Column.NAME, Column.ROLE, Column.TITLE)
_TITLES = {fold(column): column for column in Column}
_ROLES = {fold(name): role for role, name in names.ROLES.items()}
_KINDS = {fold(name): kind for kind, name in names.UNIT_KINDS.items()}


@dataclass(frozen=True, slots=True)
class Row:
    """A row of a sheet by its number, its cells as texts, days as ISO."""

    sheet: str
    number: int
    cells: Mapping[str, str]
    is_unit: bool

    def get(self, column: Column) -> str:
        return self.cells.get(column.value, "")


@dataclass(frozen=True, slots=True)
class Problem:
    """What stands against a row."""

    row: Row
    error: WorkflowError


@dataclass(slots=True)
class Found:
    """What a roster brings: how many of each, and what keeps it out."""

    units: int = 0
    people: int = 0
    posts: int = 0
    problems: list[Problem] = field(default_factory=list)


def read(content: bytes) -> list[Row]:
    """The rows of all sheets that have the columns of units or of people; units first.

    Raises UnreadableList.
    """
    rows = [row for sheet in sheets(content) for row in _rows(sheet)]
    if not rows:
        raise UnreadableList(
            N_("Không tìm thấy dòng tiêu đề có các cột: %(units)s; hoặc: %(people)s."),
            units=", ".join(UNITS),
            people=", ".join(PEOPLE),
        )
    if len(rows) > MAX_ROWS:
        raise UnreadableList(
            N_("Danh sách có hơn %(limit)s dòng. Chia danh sách thành nhiều tệp nhỏ hơn."),
            limit=MAX_ROWS,
        )
    return sorted(rows, key=lambda row: not row.is_unit)


def outlook(
    session: Session, rows: Sequence[Row], *, decision_number: str, by: Actor, now: datetime
) -> Found:
    """What bringing the rows in would come to. It is done, and taken back."""
    savepoint = session.begin_nested()
    found = _carry_out(session, rows, decision_number, by, now)
    savepoint.rollback()
    return found


def bring_in(
    session: Session,
    rows: Sequence[Row],
    *,
    decision_number: str,
    command_key: str,
    by: Actor,
    now: datetime,
) -> Found:
    """Bring in all rows, or none where something stands against one. Sent again, nothing comes."""
    savepoint = session.begin_nested()
    if commands.take(session, command_key, kind="roster", actor=by, now=now) is None:
        savepoint.rollback()
        return Found()
    found = _carry_out(session, rows, decision_number, by, now)
    if found.problems:
        savepoint.rollback()
    else:
        savepoint.commit()
    return found


def _carry_out(
    session: Session, rows: Sequence[Row], decision_number: str, by: Actor, now: datetime
) -> Found:
    """Bring in every row that nothing stands against, each in a savepoint of its own."""
    found = Found()
    for row in rows:
        act: Callable[[], None] = (
            partial(_bring_unit, session, row, decision_number, found, by, now)
            if row.is_unit
            else partial(_bring_person, session, row, found, by, now)
        )
        try:
            with session.begin_nested():
                act()
        except WorkflowError as error:
            found.problems.append(Problem(row, error))
    return found


def _rows(sheet: Sheet) -> Iterator[Row]:
    places, header = _header(sheet.rows)
    is_unit = set(UNITS) <= places.keys()
    if not is_unit and not set(PEOPLE) <= places.keys():
        return
    for number, cells in enumerate(sheet.rows[header:], header + 1):
        texts = {column.value: _text(cells[place]) for column, place in places.items()}
        if any(texts.values()):
            yield Row(sheet.name, number, texts, is_unit)


def _header(rows: Sequence[Sequence[Cell]]) -> tuple[dict[Column, int], int]:
    """Where the columns stand, and the number of the row that says so."""
    best: dict[Column, int] = {}
    number = 0
    for n, row in enumerate(rows[:HEADER_WITHIN], 1):
        places: dict[Column, int] = {}
        for place, cell in enumerate(row):
            if column := _TITLES.get(fold(shown(cell))):
                places.setdefault(column, place)
        if len(places) > len(best):
            best, number = places, n
    return best, number


def _text(cell: Cell) -> str:
    return tidy(shown(cell)).replace("\n", " ")


def _bring_unit(
    session: Session,
    row: Row,
    decision_number: str,
    found: Found,
    by: Actor,
    now: datetime,
) -> None:
    _check_texts(row)
    block, code = row.get(Column.BLOCK), _filled(row, Column.UNIT_CODE).upper()
    if not re.match(units.CODE, code) or len(code) > _LONGEST_CODE:
        raise BadChange(
            N_("Mã “%(code)s”: ghi chữ in hoa không dấu, chữ số, nối bằng gạch."), code=code
        )
    units.found(
        session,
        NewUnit(code, _filled(row, Column.UNIT_NAME)),
        _known(row, Column.UNIT_KIND, _KINDS),
        since=_since(row, now),
        decision_number=decision_number,
        block=_block(session, block) if block else None,
        by=by,
        now=now,
    )
    found.units += 1


def _bring_person(
    session: Session, row: Row, found: Found, by: Actor, now: datetime
) -> None:
    _check_texts(row)
    role = _known(row, Column.ROLE, _ROLES)
    unit = _unit(session, _filled(row, Column.UNIT_CODE)) if role in UNIT_ROLES else None
    block = _block(session, _filled(row, Column.BLOCK)) if role in BLOCK_ROLES else None
    person, is_new = _person(session, row)
    wanted = Appointment(
        role,
        _filled(row, Column.TITLE),
        row.get(Column.PLACE),
        _since(row, now),
        unit=unit.code if unit else "",
        block=block.code if block else "",
    )
    posts.appoint(session, person.id, wanted, by=by, now=now)
    found.people += is_new
    found.posts += 1


def _person(session: Session, row: Row) -> tuple[Person, bool]:
    """Who is there already under this login and name gets another post."""
    login, name = _filled(row, Column.LOGIN), _filled(row, Column.NAME)
    query = select(Person).where(Person.login == login.lower())
    known = session.scalars(query).first()
    if known is not None and fold(known.name) == fold(name):
        return known, False
    honorific = row.get(Column.HONORIFIC)
    return accounts.create(session, login=login, honorific=honorific, name=name), True


def _check_texts(row: Row) -> None:
    for column, text in row.cells.items():
        if CONTROL.search(text) or len(text) > LONGEST:
            raise BadChange(
                N_("Cột “%(column)s” dài quá 200 ký tự hoặc có ký tự ẩn."), column=column
            )


def _filled(row: Row, column: Column) -> str:
    text = row.get(column)
    if not text:
        raise BadChange(N_("Cột “%(column)s” còn trống."), column=column.value)
    return text


def _known(row: Row, column: Column, known: Mapping[str, Known]) -> Known:
    text = _filled(row, column)
    if (value := known.get(fold(text))) is None:
        raise BadChange(
            N_("“%(text)s” không có trong danh mục của cột “%(column)s”."),
            text=text,
            column=column.value,
        )
    return value


def _since(row: Row, now: datetime) -> date:
    text = row.get(Column.SINCE)
    day = written_date(text) if text else calendar.today(now)
    if day is None:
        raise BadChange(N_("“%(text)s” không phải ngày có thật."), text=text)
    return day


def _unit(session: Session, text: str) -> Unit:
    query = select(Unit).where(or_(Unit.code == text.upper(), Unit.name == text))
    if (unit := session.scalars(query).first()) is None:
        raise BadChange(N_("Chưa có đơn vị “%(text)s”."), text=text)
    return unit


def _block(session: Session, text: str) -> Block:
    query = select(Block).where(or_(Block.code == text.upper(), Block.name == text))
    if (block := session.scalars(query).first()) is None:
        raise BadChange(N_("Chưa có Khối “%(text)s”; thêm Khối trước."), text=text)
    return block
