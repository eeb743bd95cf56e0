"""What the linter hands back, and what it is told of the world around a diagram."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

SHOWN = 80  # as much of a name as a line can bear
TOLD = 300  # and of a value in a sentence


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that keeps a file from being deployed. No element: it concerns the whole file.

    `message` says what is wrong, `advice` what to do instead: sentences to translate, into which
    `values` go.
    """

    element: str
    name: str
    message: str
    advice: str
    values: Mapping[str, str] = field(default_factory=dict)

    def __str__(self) -> str:
        return f"{self.message} {self.advice}" % self.values


@dataclass(frozen=True, slots=True)
class Outline:
    """What callers must know of a deployed process.

    `asks`: nobody gets through it without a user task. `lapses`: a deadline alone may end it.
    `raises`, `escalates`: codes of errors and escalations that leave it.
    """

    calls: frozenset[str] = frozenset()
    asks: bool = True
    lapses: bool = False
    raises: frozenset[str] = frozenset()
    escalates: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Known:
    """The names that a diagram may use, each from the registry of those who understand it.

    `grants`: the results that no deadline may lead to without a user task. `reserved`: names that
    no field of a drawn form may have. No `results`: end events need none.
    """

    forms: frozenset[str] = frozenset()
    roles: frozenset[str] = frozenset()
    topics: frozenset[str] = frozenset()
    outcomes: frozenset[str] = frozenset()
    papers: frozenset[str] = frozenset()
    results: frozenset[str] = frozenset()
    grants: frozenset[str] = frozenset()
    reserved: frozenset[str] = frozenset()
    processes: Mapping[str, Outline] = field(default_factory=dict)


def found(node: Any, message: str, advice: str, **values: object) -> Finding:
    """A finding at an element of the XML, or at the file itself where `node` is None."""
    id_ = "" if node is None else node.get("id") or ""
    name = "" if node is None else " ".join((node.get("name") or "").split())
    texts = {key: short(value, TOLD) for key, value in values.items()}
    return Finding(short(id_), short(name), message, advice, texts)


def short(value: object, limit: int = SHOWN) -> str:
    """A text as it can be shown."""
    text = "".join(c if c.isprintable() else " " for c in str(value)[: limit + 1])
    return text if len(text) <= limit else text[: limit - 1] + "…"


def packed(known: Known) -> dict[str, Any]:
    """As JSON can hold it."""
    return {key: _packed(value) for key, value in asdict(known).items()}


def unpacked(stored: Mapping[str, Any]) -> Known:
    """What `packed` has made."""
    names = {key: frozenset(value) for key, value in stored.items() if key != "processes"}
    processes = {key: _outline(value) for key, value in stored["processes"].items()}
    return Known(**names, processes=processes)


def _packed(value: Any) -> Any:
    if isinstance(value, frozenset):
        return sorted(value)
    if isinstance(value, dict):
        return {key: _packed(inner) for key, inner in value.items()}
    return value


def _outline(stored: Mapping[str, Any]) -> Outline:
    return Outline(
        calls=frozenset(stored["calls"]),
        asks=stored["asks"],
        lapses=stored["lapses"],
        raises=frozenset(stored["raises"]),
        escalates=frozenset(stored["escalates"]),
    )
