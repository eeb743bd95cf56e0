"""What an operator wants done to an instance: ids alone, as the row of the act keeps them."""

from dataclasses import asdict, dataclass, replace
from typing import Any

from models.operations import OperatorAct, OperatorActKind
from models.process import ProcessInstance


@dataclass(frozen=True, slots=True)
class Wish:
    """An act with what it needs; 0 and "" where it needs nothing.

    - reassign: `task`, and the `assignee`, 0 for back to the queue
    - place: `element`, a step that the instance has completed before
    - migrate: `definition`, the id of the version to move to

    `state` and `holder` say what was true when it was asked for.
    """

    kind: OperatorActKind
    task: int = 0
    assignee: int = 0
    element: str = ""
    definition: int = 0
    state: str = ""
    holder: int = 0

    def seen(self, instance: ProcessInstance, holder: int | None) -> "Wish":
        """The wish, with how things stand now."""
        return replace(self, state=instance.state_hash, holder=holder or 0)

    def details(self) -> dict[str, object]:
        """What the row keeps beside the kind."""
        stated = asdict(self)
        del stated["kind"]
        return {name: value for name, value in stated.items() if value}


def of(act: OperatorAct) -> Wish:
    """The wish that a row keeps."""
    details: dict[str, Any] = dict(act.details)
    return Wish(act.kind, **details)
