"""Bytes on the disk per nomination that walked through eight steps, indexes included."""

import sqlite3
from collections.abc import Sequence

from sqlalchemy import Engine, func, select, text

from benchmarks.acts import STEPS
from benchmarks.measuring import Result
from benchmarks.peer.running import Peer
from models.history import HistoryEvent
from models.process import EngineState, ProcessInstance
from models.session import reading
from models.tasks import Command, Submission, UserTask

ENGINE = (ProcessInstance, UserTask, EngineState, Command, Submission)
HISTORY = (HistoryEvent,)


def measure(kind: str, engine: Engine, peer: Peer) -> list[Result]:
    """Engine and history apart; Viewflow's tasks are both, so it is compared with the sum."""
    with reading(engine) as session:
        answered = session.scalar(select(func.count(Submission.id))) or 1
    walked = answered / STEPS  # those that were only started weigh little
    ours = [
        _bytes(engine, [table.__tablename__ for table in tables])
        for tables in (ENGINE, HISTORY)
    ]
    theirs = _peer_bytes(peer) / peer.answered() * STEPS
    if not all(ours) or not theirs:
        print(f"bytes_per_nomination ({kind}): this SQLite cannot tell, skipped")
        return []
    part, whole = [value / walked for value in ours], sum(ours) / walked
    return [
        Result("bytes_per_nomination_engine", kind, part[0], "B"),
        Result("bytes_per_nomination_history", kind, part[1], "B"),
        Result("bytes_per_nomination", kind, whole, "B", "viewflow", theirs / whole),
    ]


def _peer_bytes(peer: Peer) -> int:
    if peer.path:
        return sqlite_bytes(peer.path, peer.tables())
    return peer.bytes_of_tables()


def _bytes(engine: Engine, tables: Sequence[str]) -> int:
    if engine.dialect.name == "sqlite":
        return sqlite_bytes(str(engine.url.database), tables)
    with engine.connect() as connection:
        return sum(
            int(
                connection.scalar(text("SELECT pg_total_relation_size(:t)"), {"t": table})
                or 0
            )
            for table in tables
        )


def sqlite_bytes(path: str, tables: Sequence[str]) -> int:
    """The pages of these tables and their indexes, where SQLite was built to tell."""
    with sqlite3.connect(f"file:{path}?mode=ro", uri=True) as connection:
        marks = ", ".join("?" * len(tables))
        query = f"""SELECT sum(pgsize) FROM dbstat WHERE name IN (
                      SELECT name FROM sqlite_master WHERE tbl_name IN ({marks}))"""  # noqa: S608 - question marks
        try:
            return int(connection.execute(query, tuple(tables)).fetchone()[0] or 0)
        except sqlite3.OperationalError:
            return 0
