"""Form fields drawn on a user task (`camunda:formData`): a step's form without any Python."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any

from workflows.errors import BadDefinition
from workflows.namespaces import NS
from workflows.words import N_

GENERATED = "generated:"  # begins the form key of a step whose form is drawn


class FieldKind(StrEnum):
    STRING = "string"
    LONG = "long"
    BOOLEAN = "boolean"
    DATE = "date"
    ENUM = "enum"


@dataclass(frozen=True, slots=True)
class FormField:
    """One field. `low` and `high` bound a number, or the length of a text."""

    id: str
    kind: FieldKind
    label: str
    default: str = ""
    is_required: bool = False
    low: int | None = None
    high: int | None = None
    choices: tuple[tuple[str, str], ...] = ()

    @property
    def default_date(self) -> date | None:
        """What a date begins with."""
        return date.fromisoformat(self.default) if self.default else None


def read(node: Any) -> tuple[FormField, ...]:
    """The fields of a user task, in the order in which they are drawn. Raises BadDefinition."""
    found = node.iterfind("b:extensionElements/c:formData/c:formField", NS)
    try:
        return tuple(_field(entry) for entry in found)
    except (AttributeError, TypeError, ValueError) as error:
        raise BadDefinition(
            N_("Biểu mẫu vẽ ở “%(id)s” không đọc được."), id=node.get("id")
        ) from error


def constraints(entry: Any) -> dict[str, str]:
    """A field's constraints by name; those without a value are simply there."""
    return {
        limit.get("name") or "": limit.get("config") or ""
        for limit in entry.iterfind("c:validation/c:constraint", NS)
    }


def _field(entry: Any) -> FormField:
    limits = constraints(entry)
    kind = FieldKind(entry.get("type"))
    low, high = ("min", "max") if kind == FieldKind.LONG else ("minlength", "maxlength")
    return FormField(
        id=entry.get("id"),
        kind=kind,
        label=_words(entry.get("label")) or _words(entry.get("id")),
        default=entry.get("defaultValue") or "",
        is_required=limits.get("required", "false") != "false",
        low=int(limits[low]) if low in limits else None,
        high=int(limits[high]) if high in limits else None,
        choices=tuple(
            (value.get("id"), _words(value.get("name")) or _words(value.get("id")))
            for value in entry.iterfind("c:value", NS)
        ),
    )


def _words(text: str | None) -> str:
    return " ".join((text or "").split())
