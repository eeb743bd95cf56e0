"""What filters and forms offer to choose from: (value, text) pairs."""

from operator import itemgetter

from sqlalchemy import and_, or_, select

from awards import routes
from awards.filters import ALL
from awards.names import OUTCOMES, STATUSES
from awards.scopes import of_year
from languages import gettext as _
from models.awards import Award, Movement, Outcome
from models.organisation import Block, Unit
from views.web import now, reader
from views.wording import told
from workflows import calendar, deployments
from workflows.definitions import Definition

Choices = list[tuple[str, str]]


def movements() -> Choices:
    """All movements, the newest first."""
    rows = reader().scalars(select(Movement).order_by(Movement.id.desc()))
    return [(row.code, row.name) for row in rows]


def open_movements(chosen: str | None = None) -> Choices:
    """The movements that take nominations today, the newest first, and one that was chosen.

    That one may have closed since the page was shown: who sends the form is told so, and keeps it.
    """
    today = calendar.today(now())
    is_open = and_(Movement.nominations_from <= today, Movement.nominations_to >= today)
    offered = or_(is_open, Movement.code == (chosen or "").replace("\0", ""))
    rows = reader().scalars(select(Movement).where(offered).order_by(Movement.id.desc()))
    return [(row.code, row.name) for row in rows]


def movement(wanted: dict[str, str]) -> str:
    """The movement asked for, by default the newest: few look back, and then they say so.

    Who asks for a year looks back: without a movement of that year, at all that there are.
    """
    asked_for = wanted.get("movement", "")
    if year := wanted.get("year"):
        of_it = select(Movement.code).where(of_year(year), Movement.code == asked_for)
        return reader().scalar(of_it) or ALL
    newest = select(Movement.code).order_by(Movement.id.desc()).limit(1)
    return asked_for or reader().scalar(newest) or ALL


def years() -> Choices:
    """The years in which nominations for some movement are set up, the latest first."""
    days = reader().scalars(select(Movement.nominations_from))
    found = sorted({str(day.year) for day in days}, reverse=True)
    return [(year, year) for year in found]


def awards() -> Choices:
    """All awards."""
    return [
        (row.code, row.name) for row in reader().scalars(select(Award).order_by(Award.id))
    ]


def units(codes: frozenset[str] | None = None) -> Choices:
    """All units, or those with these codes."""
    query = select(Unit).order_by(Unit.name)
    rows = reader().scalars(query if codes is None else query.where(Unit.code.in_(codes)))
    return [(row.code, row.name) for row in rows]


def living_units() -> Choices:
    """The units that have not ended."""
    query = select(Unit).where(Unit.valid_to.is_(None)).order_by(Unit.name)
    return [(row.code, row.name) for row in reader().scalars(query)]


def blocks() -> Choices:
    """All emulation blocks."""
    return [
        (row.code, row.name) for row in reader().scalars(select(Block).order_by(Block.code))
    ]


def processes() -> Choices:
    """The processes that serve, by name; there are none before the first is confirmed."""
    rows = {
        row.key: row for row in reversed(deployments.every(reader())) if row.confirmed_at
    }
    named = [
        (key, told(deployments.parsed(reader(), row).name)) for key, row in rows.items()
    ]
    return sorted(named, key=itemgetter(1))


def steps() -> Choices:
    """The steps of all routes, each once, in the order of the first award's route."""
    found: dict[str, str] = {}
    for row in routes.in_force(reader()):
        for element in deployments.parsed(reader(), row).user_tasks:
            found.setdefault(element.id, told(element.stage or element.name))
    return list(found.items())


def step(definition: Definition, element_id: str) -> str:
    """What a step is called; an instance may have passed it in an older version."""
    element = definition.elements.get(element_id)
    return told(element.name) if element else str(_("Bước của phiên bản cũ"))


def statuses() -> Choices:
    """Every way a nomination can stand, in words."""
    return [(status.value, told(name)) for status, name in STATUSES.items()]


def outcome(value: str | None) -> str:
    """An outcome in a word or two, whatever the step."""
    return told(OUTCOMES[Outcome(value)]) if value else ""
