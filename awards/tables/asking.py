"""What somebody asks of a list, and what a list can answer."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from awards import access, people
from awards.archives import Packed
from awards.auditing.events import day
from awards.filters import ALL, Filters
from awards.names import EVENTS, STATUSES
from awards.sheets import Cell, Progress, Table
from models.awards import Award, Movement
from models.organisation import Block, Unit
from workflows import calendar, deployments
from workflows.actors import Actor

_EVENTS = {kind.value: name for kind, name in EVENTS.items()}
_STATUSES = {status.value: name for status, name in STATUSES.items()}


@dataclass(frozen=True, slots=True)
class Asked:
    """Whose list it is to be, narrowed how, and as of when."""

    session: Session
    actor: Actor
    filters: Mapping[str, str]
    at: datetime

    @property
    def listed(self) -> Filters:
        """The filters of a list of nominations."""
        return Filters(**self.filters)  # type: ignore[arg-type] # pages are not asked for

    @property
    def day(self) -> date:
        """The day asked for, or today."""
        on = self.filters.get("on")
        return date.fromisoformat(on) if on else calendar.today(self.at)


@dataclass(frozen=True, slots=True)
class Source:
    """A list that can be handed out: to whom, how long it is, and its sheets.

    With `pack` it is an archive instead: packs what was asked for, with a text about who asked.
    """

    title: str
    file_name: str
    may: Callable[[Actor], bool]
    count: Callable[[Asked], int]
    tables: Callable[[Asked], Sequence[Table]]
    pack: Callable[[Asked, str, Progress | None], Packed] | None = None


def narrowed(asked: Asked) -> dict[str, Cell]:
    """What the list was narrowed to, in the words of its reader."""
    filters = asked.filters
    told: dict[str, Cell] = {
        "Phong trào": _name(asked, Movement, "movement"),
        "Khối": _name(asked, Block, "block"),
        "Đơn vị": _name(asked, Unit, "unit"),
        "Bước": _stage(asked),
        "Tình trạng": _STATUSES.get(filters.get("status", "")),
        "Năm": filters.get("year"),
        "Người giữ": _holder(asked),
        "Chờ trên (ngày làm việc)": filters.get("waited"),
        "Đã qua bước": _step(asked, filters.get("passed", "")),
        "Lập trong tuần từ": filters.get("arrived"),
        "Kết thúc trong tuần từ": filters.get("ended"),
        "Còn chờ cuối tuần từ": filters.get("stood"),
        "Tìm": filters.get("q"),
        "Mã hồ sơ": filters.get("code"),
        "Vào ngày": asked.day if "on" in filters else None,
        "Người": filters.get("person"),
        "Sự kiện": _EVENTS.get(filters.get("kind", "")),
        "Từ ngày": day(filters.get("since")),
        "Đến ngày": day(filters.get("until")),
    }
    return {label: cell for label, cell in told.items() if cell}


def _name(asked: Asked, table: type[Movement | Block | Unit], key: str) -> str:
    code = asked.filters.get(key, "")
    if code in ("", ALL):
        return ""
    name: str | None = asked.session.scalar(select(table.name).where(table.code == code))
    return name or code


def _stage(asked: Asked) -> str:
    stage = asked.filters.get("stage", "")
    return _STATUSES.get(stage) or _step(asked, stage)


def _holder(asked: Asked) -> str:
    holder = asked.filters.get("holder", "")
    if not holder or not access.sees_inside(asked.actor):
        return ""
    number = int(holder) if holder.isdecimal() and len(holder) < 10 else 0  # noqa: PLR2004 - digits of 2**31 and less
    return people.named(asked.session, [number]).get(number) or holder


def _step(asked: Asked, stage: str) -> str:
    if not stage:
        return ""
    key = asked.session.scalar(select(Award.process_key).order_by(Award.id).limit(1))
    route = deployments.latest(asked.session, key or "")
    element = deployments.parsed(asked.session, route).elements.get(stage)
    return (element.stage or element.name) if element else stage
