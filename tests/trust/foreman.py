"""Keeps two workers at work, kills one every now and then, and puts another in its place.

    python -m tests.trust.foreman URL FOLDER --moves 2000 --kills 40

A move is an acknowledged completion of a task. Workers are forked from this process, so that they
are at work at once; they die by SIGKILL like any other process.
"""

import argparse
import gc
import os
import random
import signal
import sys
import time
import traceback
from collections.abc import Callable
from pathlib import Path

from sqlalchemy import Engine

from awards.demo import catalogue, people
from models.session import reading, transaction
from tests import factories
from tests.conftest import NOW, connect
from tests.trust.worker import ACKNOWLEDGED, Staff, Worker, split_history
from workflows import calendar, deployments
from workflows.definitions import Definition
from workflows.engine import Wait, WaitKind, complete, place

WORKERS = 2
PACE = 2  # at most so many times the kills that are asked for, as the moves go by


class Foreman:
    """`life` is the shortest and the longest time, in seconds, that a worker is given."""

    def __init__(self, engine: Engine, folder: Path, life: tuple[float, float]) -> None:
        self._engine = engine
        self._folder = folder
        self._life = life
        self._acknowledged = folder / ACKNOWLEDGED
        self._acknowledged.touch()
        self._random = random.Random()
        self._kills = 0

    def drive(self, new_worker: Callable[[int], Worker], *, moves: int, kills: int) -> None:
        """Go on until so many moves are acknowledged and so many workers are dead.

        On a busy machine, where a life holds few moves, some workers are spared: otherwise it
        would spend its time on putting others in their place.
        """
        before = self._moves()
        workers = {slot: self._hire(new_worker, slot) for slot in range(WORKERS)}
        ends = {slot: self._end() for slot in workers}
        while (done := self._moves() - before) < moves or self._kills < kills:
            slot = min(ends, key=lambda slot: ends[slot])
            time.sleep(max(0.0, ends[slot] - time.monotonic()))
            if self._kills * moves <= PACE * kills * done:
                self._kill(workers[slot])
                workers[slot] = self._hire(new_worker, slot)
            ends[slot] = self._end()
        for process in workers.values():
            self._kill(process)

    def _moves(self) -> int:
        return self._acknowledged.read_bytes().count(b'"complete"')

    def _end(self) -> float:
        return time.monotonic() + self._random.uniform(*self._life)

    def _hire(self, new_worker: Callable[[int], Worker], slot: int) -> int:
        process = os.fork()
        if process:
            return process
        try:
            new_worker(slot).work()
        except BaseException:  # noqa: BLE001 - whatever it is, the foreman must hear of it
            traceback.print_exc()
        os._exit(1)

    def _kill(self, process: int) -> None:
        os.kill(process, signal.SIGKILL)
        _, status = os.waitpid(process, 0)
        if not os.WIFSIGNALED(status):
            sys.exit("a worker came to an end of its own")
        self._kills += 1


def crew(engine: Engine) -> tuple[Staff, Definition]:
    """Who works, and on what."""
    with reading(engine) as session:
        staff = people.by_queue(session, calendar.today(NOW))
        return staff, deployments.parsed(
            session, deployments.latest(session, catalogue.PROCESS)
        )


def practise(engine: Engine, definition: Definition) -> None:
    """Fill the caches that workers inherit: the moves of the diagram, the statements of an act.

    But for the decision itself: Typst's threads would not be forked.
    """
    for step in definition.user_tasks:
        marking = place(definition, (step.id,))
        for outcome in step.outcomes:
            complete(
                definition, marking, Wait(WaitKind.USER, step.id), {"outcome": outcome}
            )
    with transaction(engine) as session:
        factories.begin_at(session, "issue_decision")
        factories.withdraw(session, factories.begin(session))


def main() -> None:
    """Carry out what the command line asks for."""
    parser = argparse.ArgumentParser()
    parser.add_argument("url")
    parser.add_argument("folder", type=Path)
    parser.add_argument("--moves", type=int, default=0)
    parser.add_argument("--kills", type=int, default=0)
    parser.add_argument("--life", type=float, nargs=2, default=(0.3, 1.5))
    parser.add_argument("--split-history", action="store_true")
    chosen = parser.parse_args()
    engine = connect(chosen.url)
    staff, definition = crew(engine)
    practise(engine, definition)
    after_commit = split_history(engine) if chosen.split_history else lambda: None

    def new_worker(slot: int) -> Worker:
        return Worker(
            engine,
            chosen.folder,
            slot=slot,
            staff=staff,
            definition=definition,
            after_commit=after_commit,
        )

    engine.dispose()  # no connection crosses the fork
    gc.disable()  # would touch, and so copy, all that workers share with this process
    foreman = Foreman(engine, chosen.folder, tuple(chosen.life))
    foreman.drive(new_worker, moves=chosen.moves, kills=chosen.kills)


if __name__ == "__main__":
    main()
