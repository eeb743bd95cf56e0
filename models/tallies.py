"""Counts of what has happened, kept so that no page has to count a million tasks.

Each event counts twice: under its unit, and under EVERYWHERE for whoever asks about the whole. The
rows repeat what tasks and instances say; awards/tallies.py derives them from the history.
"""

from datetime import date

from sqlalchemy import CheckConstraint, Date, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base

EVERYWHERE = 0
"""The unit and Khối of the rows that count all units together; and the Khối of who has none."""

ARRIVED = "arrived"


class StepTally(Base):
    """How many tasks of a step were completed after so many working days."""

    __tablename__ = "step_tally"
    __table_args__ = (
        CheckConstraint("count > 0", name="count_positive"),
        Index("ix_step_tally_block", "block_id", "series"),
    )

    unit_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    series: Mapped[str] = mapped_column(String(64), primary_key=True)
    block_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    element_id: Mapped[str] = mapped_column(String(200), primary_key=True)
    days: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    count: Mapped[int]


class WeekTally(Base):
    """How many nominations arrived in the week of a Monday, or ended with a result."""

    __tablename__ = "week_tally"
    __table_args__ = (
        CheckConstraint("count > 0", name="count_positive"),
        Index("ix_week_tally_block", "block_id", "series"),
    )

    unit_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    series: Mapped[str] = mapped_column(String(64), primary_key=True)
    block_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    week: Mapped[date] = mapped_column(Date, primary_key=True)
    kind: Mapped[str] = mapped_column(String(64), primary_key=True)
    """ARRIVED, or the result."""
    count: Mapped[int]
