"""What filters and forms offer to choose from: (value, text) pairs."""

from flask_babel import gettext as _
from sqlalchemy import select

from awards.listings import ALL
from awards.names import OUTCOMES, STATUSES
from models.awards import Award, Movement, Outcome
from models.organisation import Block, Unit
from views.web import reader
from views.wording import told
from workflows import deployments
from workflows.definitions import Definition

Choices = list[tuple[str, str]]


def movements() -> Choices:
    """All movements, the newest first."""
    rows = reader().scalars(select(Movement).order_by(Movement.id.desc()))
    return [(row.code, row.name) for row in rows]


def movement(wanted: dict[str, str]) -> str:
    """The movement asked for, by default the newest: few look back, and then they say so."""
    newest = select(Movement.code).order_by(Movement.id.desc()).limit(1)
    return wanted.get("movement") or reader().scalar(newest) or ALL


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


def blocks() -> Choices:
    """All emulation blocks."""
    return [
        (row.code, row.name) for row in reader().scalars(select(Block).order_by(Block.code))
    ]


def route() -> Definition:
    """The newest route of the first award: its steps name the board's columns."""
    key = reader().scalar(select(Award.process_key).order_by(Award.id).limit(1))
    return deployments.parsed(reader(), deployments.latest(reader(), key or ""))


def steps() -> Choices:
    """The steps of the main route, in its order."""
    return [(e.id, told(e.stage or e.name)) for e in route().user_tasks]


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
