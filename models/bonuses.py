"""What the law gives beside an award: base salaries, multiples of them and rounding, by date."""

from datetime import date

from sqlalchemy import CheckConstraint, Date, ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from models.awards import Award, NomineeKind
from models.base import Base, closed_set


class BaseSalary(Base):
    """The lương cơ sở of a time, in đồng. A decision's date chooses it."""

    __tablename__ = "base_salary"
    __table_args__ = (
        UniqueConstraint("valid_from"),
        CheckConstraint("amount > 0", name="amount_positive"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    amount: Mapped[int]
    legal_basis: Mapped[str] = mapped_column(String(300))
    valid_from: Mapped[date] = mapped_column(Date)
    valid_to: Mapped[date | None] = mapped_column(Date)


class BonusMultiple(Base):
    """How many hundredths of the base salary an award brings one kind of awardee."""

    __tablename__ = "bonus_multiple"
    __table_args__ = (
        UniqueConstraint("award_id", "nominee_kind", "valid_from"),
        CheckConstraint("hundredths > 0", name="hundredths_positive"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    award_id: Mapped[int] = mapped_column(ForeignKey(Award.id))
    nominee_kind: Mapped[NomineeKind] = mapped_column(
        closed_set(NomineeKind, "nominee_kind")
    )
    hundredths: Mapped[int]
    legal_basis: Mapped[str] = mapped_column(String(300))
    valid_from: Mapped[date] = mapped_column(Date)
    valid_to: Mapped[date | None] = mapped_column(Date)

    award: Mapped[Award] = relationship()


class BonusPolicy(Base):
    """How a bonus is rounded, and which fund pays it. `rounds_up_to` 1 leaves it as it is."""

    __tablename__ = "bonus_policy"
    __table_args__ = (
        UniqueConstraint("valid_from"),
        CheckConstraint("rounds_up_to > 0", name="rounds_up_to_positive"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    rounds_up_to: Mapped[int]
    fund: Mapped[str] = mapped_column(String(200))
    legal_basis: Mapped[str] = mapped_column(String(300))
    valid_from: Mapped[date] = mapped_column(Date)
    valid_to: Mapped[date | None] = mapped_column(Date)
