"""Versions of processes, and what is wrong with a file, as pages show them."""

from types import SimpleNamespace

from languages import gettext as _
from models.organisation import Person
from models.process import ProcessDefinition
from views.web import reader
from views.wording import told
from workflows import deployments
from workflows.linter import Finding


def row(version: ProcessDefinition, serving: dict[str, int]) -> SimpleNamespace:
    """A version; `serving` holds the id of the version that new cases start on, by key."""
    return SimpleNamespace(
        id=version.id,
        key=version.key,
        name=told(deployments.parsed(reader(), version).name),
        number=version.version,
        deployed_by=_who(version.deployed_by),
        deployed_at=version.deployed_at,
        confirmed_by=_who(version.confirmed_by),
        confirmed_at=version.confirmed_at,
        serves=serving.get(version.key) == version.id,
        sha256=version.sha256,
        calls=version.calls,
    )


def steps(version: ProcessDefinition) -> list[SimpleNamespace]:
    """The steps that people do, in the order of the main path."""
    return [
        SimpleNamespace(
            name=told(step.name), lane=told(step.lane), role=step.role, days=step.due_days
        )
        for step in deployments.parsed(reader(), version).user_tasks
    ]


def finding(found: Finding) -> SimpleNamespace:
    """What is wrong at one element, in the reader's language."""
    return SimpleNamespace(
        element=found.element,
        name=told(found.name),
        message=told(found.message, **found.values),
        advice=told(found.advice, **found.values),
    )


def _who(person_id: int | None) -> str:
    person = reader().get(Person, person_id) if person_id else None
    return person.name if person else _("người cài đặt hệ thống")
