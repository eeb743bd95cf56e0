"""The numbers in the header: what waits for the reader, whatever page is open."""

from flask import g

from awards import access, inbox
from awards.inbox import Tab
from awards.messages import outbox, reading
from awards.proposals import listing
from views.web import reader
from workflows import incidents, operations
from workflows.actors import Actor


def counts(actor: Actor | None) -> dict[str, int]:
    """Each number by its name in templates; nothing waits for a stranger."""
    waits = actor is not None and access.works_on_tasks(actor)
    operates = actor is not None and access.operates(actor)
    return {
        "waiting_count": _for_hands() if waits else 0,
        "proposals_count": listing.to_sign_count(reader(), actor) if actor and waits else 0,
        "operations_count": _to_operate(actor) if actor and operates else 0,
        "unread_count": reading.unread(reader(), actor) if actor else 0,
    }


def waiting() -> dict[Tab, int]:
    """How many tasks wait in the first tabs of the reader's inbox, counted once a request."""
    if "waiting" not in g:
        g.waiting = inbox.counts(reader(), g.actor)
    found: dict[Tab, int] = g.waiting
    return found


def _for_hands() -> int:
    found = waiting()
    return found[Tab.MINE] + found[Tab.GROUPS]


def _to_operate(actor: Actor) -> int:
    failed = incidents.count_open(reader()) + outbox.count_given_up(reader())
    return failed + operations.count_waiting(reader(), actor)
