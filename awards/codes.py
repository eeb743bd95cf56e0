"""Numbers that are given out one after another, without gaps, by year."""

from sqlalchemy import update
from sqlalchemy.orm import Session

from models.awards import CodeCounter
from models.writing import insert_absent


def next_number(session: Session, name: str, year: int) -> int:
    """The next number of the series. Held until the transaction ends, so that none is skipped."""
    return next_numbers(session, name, year, 1)[0]


def next_numbers(session: Session, name: str, year: int, count: int) -> range:
    """The next so many numbers of the series, taken at once and held as one is."""
    insert_absent(session, CodeCounter, name=name, year=year, last=0)
    taken: int | None = session.scalar(
        update(CodeCounter)
        .where(CodeCounter.name == name, CodeCounter.year == year)
        .values(last=CodeCounter.last + count)
        .returning(CodeCounter.last)
    )
    assert taken is not None  # noqa: S101 - the row was put there one line above
    return range(taken - count + 1, taken + 1)


def nomination_code(session: Session, year: int) -> str:
    """The number people quote: HS-2026-00042."""
    return f"HS-{year}-{next_number(session, 'HS', year):05d}"
