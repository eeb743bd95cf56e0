"""What a question is asked about; and an answer: a sentence, a picture, the list behind it."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import TypeAlias

from sqlalchemy.orm import Session

from awards.quality.counts import Counts
from awards.quality.scope import Scope

Value: TypeAlias = str | int | date | None


class Where(StrEnum):
    """A page with the list behind a figure."""

    QUESTION = "question"
    RECORDS = "records"
    RECORD = "record"
    BOARD = "board"


@dataclass(frozen=True, slots=True)
class Behind:
    """Where the list behind a figure is, and how it is narrowed."""

    where: Where
    query: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Head:
    """A column; with a `series` it is drawn, in that colour of the stylesheet."""

    title: str
    series: str = ""
    width: int = 14


@dataclass(frozen=True, slots=True)
class Line:
    """A row; its first cell is its name. `behind` leads on from a cell, by its place."""

    cells: tuple[Value, ...]
    behind: Mapping[int, Behind] = field(default_factory=dict)
    group: str = ""


@dataclass(frozen=True, slots=True)
class Figures:
    """A table of them."""

    heads: Sequence[Head]
    lines: Sequence[Line]


@dataclass(frozen=True, slots=True)
class Answer:
    """One sentence with its figures, what is drawn, and all that was counted, one by one.

    `chart` is a kind of macros/charts.html; `unit` is what its numbers count.
    """

    sentence: str
    values: Mapping[str, object]
    figures: Figures
    listing: Figures
    chart: str = "bar"
    unit: str = ""
    is_stacked: bool = False


@dataclass(frozen=True, slots=True)
class Asked:
    """What an answer is made from. `counts` has what most questions need, read once for all."""

    session: Session
    scope: Scope
    counts: Counts


@dataclass(frozen=True, slots=True)
class Question:
    """A sentence of the letter, and how it is answered. `key` is its address."""

    key: str
    title: str
    said: str
    answer: Callable[[Asked], Answer]


def share(part: int, whole: int) -> int:
    """Percent, rounded to the whole; 0 of nothing."""
    return (200 * part + whole) // (2 * whole) if whole else 0
