"""Rosters: spreadsheets of units and of people with their posts, brought in whole or not at all.

Looking at one beforehand carries it out and takes it back, so that the preview cannot promise what
the import would refuse.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import partial
from typing import TypeVar

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from awards import accounts, names, posts, units
from awards.errors import BadChange
from awards.lists.cells import written_date
from awards.lists.rosters import Column, Row
from awards.lists.texts import CONTROL, fold
from awards.posts import Appointment
from awards.units import NewUnit
from models.organisation import BLOCK_ROLES, UNIT_ROLES, Block, Person, Role, Unit, UnitKind
from workflows import calendar, commands
from workflows.actors import Actor
from workflows.errors import WorkflowError
from workflows.words import N_

Known = TypeVar("Known", Role, UnitKind)
LONGEST = 200  # characters of a cell
_LONGEST_CODE = 32


_ROLES = {fold(name): role for role, name in names.ROLES.items()}
_KINDS = {fold(name): kind for kind, name in names.UNIT_KINDS.items()}


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


class _TakenBackError(Exception):
    """Nothing is kept of what was found."""

    def __init__(self, found: Found) -> None:
        super().__init__()
        self.found = found


def outlook(
    session: Session, rows: Sequence[Row], *, decision_number: str, by: Actor, now: datetime
) -> Found:
    """What bringing the rows in would come to. It is done, and taken back."""
    try:
        with session.begin_nested():
            _carry_out(session, rows, decision_number, by, now, is_trial=True)
    except _TakenBackError as back:
        return back.found
    return Found()


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
    try:
        with session.begin_nested():
            if commands.take(session, command_key, kind="roster", actor=by, now=now):
                return _carry_out(session, rows, decision_number, by, now)
    except _TakenBackError as back:
        return back.found
    return Found()


def _carry_out(
    session: Session,
    rows: Sequence[Row],
    decision_number: str,
    by: Actor,
    now: datetime,
    *,
    is_trial: bool = False,
) -> Found:
    """Bring in every row, each in a savepoint of its own, to find all that stands against them.

    Raises _TakenBackError after a trial, and when anything does.
    """
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
    if is_trial or found.problems:
        raise _TakenBackError(found)
    return found


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
