"""What the address of the board and of its overview narrows them to, read and told."""

from types import SimpleNamespace

from flask import url_for
from sqlalchemy import select

from awards import access, people
from awards.filters import BEYOND, Filters, monday
from awards.names import ROLES
from languages import gettext as _
from models.organisation import Block, Role, Unit
from views import choices
from views.parsing import asked
from views.web import actor, reader
from views.wording import date_, told

BOARD = ("stage", "movement", "block", "unit", "status", "q", "sort", *BEYOND)
OVERVIEW = ("movement", "year", "block", "unit", "stage")


def board() -> dict[str, str]:
    """What the board is narrowed to; the newest movement, if the address names none."""
    return _with_movement(asked(*BOARD))


def overview() -> dict[str, str]:
    """The same of the overview."""
    return _with_movement(asked(*OVERVIEW))


def filters(wanted: dict[str, str]) -> Filters:
    """The same for the operations, on the first page."""
    return Filters(**wanted)  # type: ignore[arg-type] # pages are not asked for


def chips(wanted: dict[str, str]) -> list[SimpleNamespace]:
    """In words what is asked for beyond the fields of the page, and where it is not asked for."""
    return [
        SimpleNamespace(
            text=text, url=board_url({k: v for k, v in wanted.items() if k != name})
        )
        for name in BEYOND
        if wanted.get(name) and (text := _told(name, wanted[name]))
    ]


def pickers() -> SimpleNamespace:
    """What the fields of both pages offer."""
    return SimpleNamespace(
        movements=choices.movements(),
        years=choices.years(),
        blocks=choices.blocks(),
        units=choices.units(),
        statuses=choices.statuses(),
        steps=choices.steps(),
    )


def board_url(filters: dict[str, str], **more: str) -> str:
    """Where the list is behind a figure."""
    return url_for("board.show", **filters | more)  # type: ignore[arg-type] # texts alone


def role_name(queue_role: Role | None) -> str:
    """Whose turn it is, by the role."""
    return told(ROLES[queue_role]) if queue_role else str(_("Nhóm khác"))


def _with_movement(wanted: dict[str, str]) -> dict[str, str]:
    return wanted | {"movement": choices.movement(wanted)}


def _told(name: str, value: str) -> str:
    match name:
        case "year":
            return str(_("Phong trào năm %(year)s", year=value))
        case "holder" if access.sees_inside(actor()):
            return str(_("Người giữ: %(name)s", name=_holder(value)))
        case "waited":
            return str(_("Chờ trên %(days)s ngày làm việc", days=value))
        case "passed":
            steps = dict(choices.steps())
            return str(_("Đã qua bước: %(step)s", step=steps.get(value, value)))
        case "arrived" | "ended" | "stood" if day := monday(value):
            return str(_WEEKS[name](date_(day)))
    return ""


_WEEKS = {
    "arrived": lambda day: _("Lập trong tuần từ %(day)s", day=day),
    "ended": lambda day: _("Kết thúc trong tuần từ %(day)s", day=day),
    "stood": lambda day: _("Còn chờ ở cuối tuần từ %(day)s", day=day),
}


def _holder(value: str) -> str:
    if value.isdecimal():
        person = people.find(reader(), int(value[:9]))
        return person.name if person else value
    role, _colon, code = value.partition(":")
    units, blocks = (select(t.name).where(t.code == code) for t in (Unit, Block))
    place = reader().scalar(units) or reader().scalar(blocks)
    named = role_name(Role(role) if role in set(Role) else None)
    return f"{named}, {place}" if place else named
