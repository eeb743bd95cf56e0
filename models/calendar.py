"""What the calendar of an office cannot know of itself."""

from datetime import date, datetime

from sqlalchemy import Date, String
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base


class SpecialDay(Base):
    """A day off that no law knows in advance, or a weekend day worked in exchange for one."""

    __tablename__ = "special_day"

    day: Mapped[date] = mapped_column(Date, primary_key=True)
    is_working: Mapped[bool]
    name: Mapped[str] = mapped_column(String(200))
    source: Mapped[str] = mapped_column(String(300))
    recorded_by: Mapped[int]
    recorded_at: Mapped[datetime]
