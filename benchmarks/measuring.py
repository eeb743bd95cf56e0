"""Rounds, medians, and the rows that are printed and kept."""

import gc
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from statistics import median
from time import perf_counter

ROUNDS = 7


@dataclass(frozen=True, slots=True)
class Result:
    """One figure. `ratio` is how many times the peer's speed, or the peer's size over ours."""

    name: str
    database: str
    value: float
    unit: str
    peer: str = ""
    ratio: float | None = None

    def row(self) -> dict[str, object]:
        """As it stands in results.json."""
        return {
            "name": self.name,
            "database": self.database,
            "value": round(self.value, 3),
            "unit": self.unit,
            "peer": self.peer or None,
            "ratio": None if self.ratio is None else round(self.ratio, 2),
        }


@dataclass(slots=True)
class Side:
    """One of those who are compared. `act` does a round's work, and gives each act's seconds."""

    name: str
    act: Callable[[], Iterable[float]]
    medians: list[float] = field(default_factory=list)

    @property
    def seconds(self) -> float:
        """The median of its rounds' medians."""
        return median(self.medians)


def interleave(*sides: Side, rounds: int = ROUNDS) -> None:
    """Let the sides take turns, each round beginning with another one; the first warms up."""
    for turn in range(rounds + 1):
        shift = turn % len(sides)
        for side in sides[shift:] + sides[:shift]:
            gc.collect()
            seconds = median(side.act())
            if turn > 0:
                side.medians.append(seconds)


def timed(act: Callable[[], object]) -> float:
    """How many seconds the act takes."""
    began = perf_counter()
    act()
    return perf_counter() - began


def compared(name: str, database: str, ours: Side, *peers: Side) -> list[Result]:
    """Our time in milliseconds, once for each peer."""
    value = ours.seconds * 1_000
    return [
        Result(name, database, value, "ms", peer.name, peer.seconds / ours.seconds)
        for peer in peers
    ]


def table(results: Iterable[Result]) -> str:
    """The results in columns."""
    head = ("name", "database", "value", "unit", "peer", "ratio")
    rows = [head, *(_texts(result) for result in results)]
    widths = [max(len(row[n]) for row in rows) for n in range(len(head))]
    return "\n".join(
        "  ".join(
            text.ljust(width) for text, width in zip(row, widths, strict=True)
        ).rstrip()
        for row in rows
    )


def _texts(result: Result) -> tuple[str, ...]:
    ratio = "" if result.ratio is None else f"{result.ratio:,.2f}"
    return (
        result.name,
        result.database,
        f"{result.value:,.3f}",
        result.unit,
        result.peer,
        ratio,
    )
