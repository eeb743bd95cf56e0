"""Carries batches out in children that are killed where it is asked to.

    python -m tests.trust.batching

A line is `URL BATCH KILL_AT`, the answer the number of statements. A number below zero is the
deliberate break as well: what came of tasks is kept in one transaction, and done in the next.
"""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from sqlalchemy import Engine
from sqlalchemy.orm import Session

import jobs
from awards import batches
from models.session import transaction
from tests.conftest import connect
from tests.trust import mortals
from workflows import bulk
from workflows.bulk import Result

AT_ONCE = 3


def carry_out(url: str, batch: str, kill_at: str) -> int:
    """Carry a batch out, a few tasks a transaction; gives how many statements it took."""
    engine = connect(url)
    batches.TASKS_AT_ONCE = AT_ONCE
    count = mortals.numbered(engine, abs(int(kill_at)))
    if int(kill_at) < 0:
        _promise()
    jobs.carry_out_batch(engine, int(batch))
    engine.dispose()
    return count()


def _promise() -> None:
    complete = bulk.complete
    promised: list[Callable[[Session], object]] = []

    def promise(session: Session, chosen: Mapping[int, int], **said: Any) -> list[Result]:
        del session
        promised.append(lambda later: complete(later, chosen, **said))
        return [Result(task_id, None) for task_id in chosen]

    @contextmanager
    def in_two(engine: Engine) -> Iterator[Session]:
        with transaction(engine) as session:
            yield session
        while promised:
            with transaction(engine) as session:
                promised.pop()(session)

    vars(bulk)["complete"] = promise
    vars(jobs)["transaction"] = in_two


if __name__ == "__main__":
    mortals.serve(carry_out)
