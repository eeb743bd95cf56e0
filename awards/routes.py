"""The routes that nominations take now: the processes of the awards, in their versions in force."""

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.awards import Award
from models.process import ProcessDefinition
from workflows import deployments


def in_force(session: Session) -> Sequence[ProcessDefinition]:
    """Each route once, that of the first award first; what nobody has confirmed is no route yet."""
    keys = session.scalars(select(Award.process_key).order_by(Award.id))
    found = (deployments.serving(session, key) for key in dict.fromkeys(keys))
    return [row for row in found if row is not None]
