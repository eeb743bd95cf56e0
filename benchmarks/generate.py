"""A province with many years behind it.

    python -m benchmarks.generate --count 1000000 --database URL

Of the nominations at most 20,000, and at most half, still run, all of them in the newest of
several movements (a movement has 50,000 nominations at most); a tenth of those that run are past
their date. Of the others one in fifty has the full story of a case carried out here, eight steps
long; the rest were taken over from the registers of years past and have a short one. Every chain
of events is real: `workflows.history.verify` finds no fault in it.
"""

import argparse
import sys
from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TypeAlias

from sqlalchemy import Engine, func, select
from sqlalchemy.orm import Session

from benchmarks import counting, loading, provinces, stories
from benchmarks.databases import engine_of, open_app, province
from models.process import ProcessInstance
from workflows import history

CHUNK = 5_000
Report: TypeAlias = Callable[[int], None]


def fill(engine_: Engine, count: int, report: Report | None = None) -> None:
    """Put so many nominations into a province that has none."""
    world = provinces.enlarge(engine_, count)
    for begin in range(0, count, CHUNK):
        chunk = stories.rows_of(world, range(begin, min(begin + CHUNK, count)))
        loading.load(engine_, chunk)
        if report is not None:
            report(min(begin + CHUNK, count))
    counting.count(engine_)
    loading.finish(engine_)


def verify_sample(engine_: Engine, size: int = 200) -> int:
    """Verify the chains of some nominations, spread over all; gives how many were sound."""
    with Session(engine_) as session:
        last = session.scalar(select(func.max(ProcessInstance.id))) or 0
        step = max(1, last // size)
        chosen = range(last, 0, -step)
        query = select(ProcessInstance).where(ProcessInstance.id.in_(chosen))
        faults = [
            history.verify(session, instance) for instance in session.scalars(query).all()
        ]
    if wrong := [fault for fault in faults if fault is not None]:
        raise AssertionError(wrong[0])
    return len(faults)


def main(arguments: list[str] | None = None) -> None:
    """Generate into a database of one's choice."""
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.generate", description=__doc__
    )
    parser.add_argument("--count", type=int, default=100_000)
    parser.add_argument("--database", required=True, help="an empty database's address")
    chosen = parser.parse_args(arguments)
    with TemporaryDirectory() as folder:
        app = open_app(chosen.database, Path(folder))
        made = province(app)
        fill(made, chosen.count, progress(chosen.count))
        print(f"{verify_sample(engine_of(app))} chains verified")


def progress(count: int) -> Report:
    """Says on the terminal how far it is."""

    def report(done: int) -> None:
        print(f"\r{done:,} of {count:,} nominations", end="", file=sys.stderr, flush=True)
        if done == count:
            print(file=sys.stderr)

    return report


if __name__ == "__main__":
    main()
