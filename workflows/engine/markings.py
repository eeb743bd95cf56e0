"""Markings: where the tokens of a process instance are, as text that says nothing else.

A marking is a set of places. Its text depends on them alone, whatever way led there, in every
program and for ever:

- one token: the path down to it and what it waits for,
  `{"at":["appraise"],"ended":null,"waits":[["user","appraise",0]]}`;
- several: `tokens` in place of `at`, each with what is inside it, which of its deadlines have
  passed (`fired`) and, in a join, from where it came (`from`).
"""

import hashlib
import json
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, NamedTuple


class WaitKind(StrEnum):
    USER = "user"
    SERVICE = "service"
    MESSAGE = "message"
    DEADLINE = "deadline"


class Wait(NamedTuple):
    """Something a marking waits for; `ordinal` tells apart several waits on one element.

    Inside a called process the element is named by the call activities down to it:
    `review/check_papers`. Sub-processes are not named: their elements' ids are the file's own.
    """

    kind: WaitKind
    element: str
    ordinal: int = 0


class Place(NamedTuple):
    """A token on an element: what passed beside it, what is inside, where a join got it from."""

    element: str
    source: str = ""
    fired: tuple[str, ...] = ()
    inside: tuple["Place", ...] = ()


@dataclass(frozen=True, slots=True)
class Marking:
    """Where the tokens are. `ended` is the end event reached last, once none is left."""

    text: str
    waits: tuple[Wait, ...]
    ended: str | None

    @property
    def state(self) -> str:
        """SHA-256 of the canonical text, in hex: the same for the same places, for ever."""
        return hashlib.sha256(self.text.encode()).hexdigest()

    @property
    def service_wait(self) -> Wait | None:
        """The first wait that no person has to answer."""
        return next((wait for wait in self.waits if wait.kind == WaitKind.SERVICE), None)


def marking(text: str) -> Marking:
    """The marking that a state's text describes."""
    stored = json.loads(text)
    waits = tuple(Wait(WaitKind(kind), element, n) for kind, element, n in stored["waits"])
    return Marking(text, waits, stored["ended"])


def written(
    places: tuple[Place, ...], waits: tuple[Wait, ...], ended: str | None
) -> Marking:
    """The marking of these places, which stand in their order."""
    path = path_of(places)
    tokens = {"tokens": [_token(p) for p in places]} if path is None else {"at": path}
    stored = tokens | {"ended": ended, "waits": waits}
    text = json.dumps(stored, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return Marking(text, waits, ended)


def tokens_of(text: str) -> tuple[Place, ...] | None:
    """The places of a text with several tokens; None when there is one at most."""
    tokens = json.loads(text).get("tokens")
    return None if tokens is None else tuple(_place(token) for token in tokens)


def path_to(text: str) -> tuple[str, ...]:
    """The path to a text's only token; () when the process has ended."""
    return tuple(json.loads(text)["at"])


def path_of(places: tuple[Place, ...]) -> tuple[str, ...] | None:
    """The path to the only token, () to none; None where there are several, or one in a join."""
    path: list[str] = []
    while places:
        if len(places) > 1 or places[0].source:
            return None
        path.append(places[0].element)
        places = places[0].inside
    return tuple(path)


def _token(place: Place) -> dict[str, Any]:
    said = {
        "at": place.element,
        "from": place.source,
        "fired": place.fired,
        "in": [_token(inner) for inner in place.inside],
    }
    return {name: value for name, value in said.items() if value}


def _place(token: dict[str, Any]) -> Place:
    return Place(
        token["at"],
        token.get("from", ""),
        tuple(token.get("fired", ())),
        tuple(_place(inner) for inner in token.get("in", ())),
    )
