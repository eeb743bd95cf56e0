"""The rules of bonuses, each for a time: base salaries, multiples, rounding and the paying fund.

A rule that is added ends the one before it the day before, and ends itself where the next begins:
of one thing there is one rule a day.
"""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import TypeAlias, TypeVar

from sqlalchemy import ColumnElement, or_, select, true
from sqlalchemy.orm import Session, joinedload

from awards.errors import BadChange
from models.awards import NomineeKind
from models.bonuses import BaseSalary, BonusMultiple, BonusPolicy
from workflows.words import N_

Rule: TypeAlias = BaseSalary | BonusMultiple | BonusPolicy
_Rule = TypeVar("_Rule", BaseSalary, BonusMultiple, BonusPolicy)
_DAY = timedelta(days=1)


def salaries(session: Session) -> Sequence[BaseSalary]:
    """The base salaries, the newest first."""
    return session.scalars(select(BaseSalary).order_by(BaseSalary.valid_from.desc())).all()


def multiples(session: Session) -> Sequence[BonusMultiple]:
    """The multiples by award and kind of awardee, the newest first."""
    order = (BonusMultiple.award_id, BonusMultiple.nominee_kind)
    query = select(BonusMultiple).options(joinedload(BonusMultiple.award))
    return session.scalars(query.order_by(*order, BonusMultiple.valid_from.desc())).all()


def policies(session: Session) -> Sequence[BonusPolicy]:
    """How bonuses are rounded and which fund pays, the newest first."""
    query = select(BonusPolicy).order_by(BonusPolicy.valid_from.desc())
    return session.scalars(query).all()


def in_force(
    session: Session, table: type[_Rule], day: date, *same: ColumnElement[bool]
) -> _Rule | None:
    """The rule of a day; `same` says which award and kind where there are several."""
    query = (
        select(table)
        .where(table.valid_from <= day, *same)
        .where(or_(table.valid_to.is_(None), table.valid_to >= day))
        .order_by(table.valid_from.desc())
    )
    return session.scalars(query).first()


def add_salary(session: Session, amount: int, *, basis: str, since: date) -> BaseSalary:
    """A base salary in đồng, from this day on. Raises BadChange."""
    row = BaseSalary(amount=amount, legal_basis=basis, valid_from=since)
    return _add(session, row, true())


def add_multiple(
    session: Session,
    award_id: int,
    kind: NomineeKind,
    hundredths: int,
    *,
    basis: str,
    since: date,
) -> BonusMultiple:
    """What an award brings this kind of awardee, in hundredths of the base salary."""
    row = BonusMultiple(
        award_id=award_id,
        nominee_kind=kind,
        hundredths=hundredths,
        legal_basis=basis,
        valid_from=since,
    )
    same = (BonusMultiple.award_id == award_id) & (BonusMultiple.nominee_kind == kind)
    return _add(session, row, same)


def add_policy(
    session: Session, rounds_up_to: int, *, fund: str, basis: str, since: date
) -> BonusPolicy:
    """Round up to the next so many đồng (1: not at all), and pay from this fund."""
    row = BonusPolicy(
        rounds_up_to=rounds_up_to, fund=fund, legal_basis=basis, valid_from=since
    )
    return _add(session, row, true())


def end(session: Session, table: type[_Rule], rule_id: int, last_day: date) -> None:
    """Let a rule hold until this day and no longer. Raises BadChange."""
    row = session.get_one(table, rule_id, with_for_update=True)
    if last_day < row.valid_from:
        raise BadChange(N_("Ngày cuối không thể trước ngày đầu."))
    following = _next(session, table, row.valid_from, _same(row))
    if following is not None and last_day >= following.valid_from:
        raise BadChange(N_("Từ ngày đó đã có quy định khác."))
    row.valid_to = last_day
    session.flush()


def _add(session: Session, row: _Rule, same: ColumnElement[bool]) -> _Rule:
    table = type(row)
    taken = select(table.id).where(same, table.valid_from == row.valid_from)
    if session.scalars(taken).first() is not None:
        raise BadChange(N_("Đã có quy định từ đúng ngày này."))
    before = in_force(session, table, row.valid_from, same)
    if before is not None:
        before.valid_to = row.valid_from - _DAY
    following = _next(session, table, row.valid_from, same)
    row.valid_to = following.valid_from - _DAY if following is not None else None
    session.add(row)
    session.flush()
    return row


def _next(
    session: Session, table: type[_Rule], day: date, same: ColumnElement[bool]
) -> _Rule | None:
    query = select(table).where(same, table.valid_from > day)
    return session.scalars(query.order_by(table.valid_from)).first()


def _same(row: Rule) -> ColumnElement[bool]:
    if not isinstance(row, BonusMultiple):
        return true()
    return (BonusMultiple.award_id == row.award_id) & (
        BonusMultiple.nominee_kind == row.nominee_kind
    )
