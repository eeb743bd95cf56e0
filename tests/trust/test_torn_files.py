"""R3 of trust.md: a log whose end is torn off or garbled is noticed, and what is before it stands.

A copy of the files at a random moment, its log cut at a random byte, is what a machine may leave
behind that stops while it writes: the database file is that of the last checkpoint, and of the log
any part has arrived. The writer is stopped while its files are copied and looked at, so that both
are of one moment and its log stays short.
"""

import os
import random
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from sqlalchemy import Engine, make_url, select
from sqlalchemy.orm import Session

from models.history import HistoryEvent
from tests.conftest import connect
from tests.trust import checker

pytestmark = [pytest.mark.trust, pytest.mark.timeout(1800)]
COPIES = 500
AT_ONCE = 50  # of one log; then it is folded into the file, and another begins
SECTOR = 512
Links = set[tuple[int, int, str]]


@contextmanager
def writing(url: str, folder: Path, *options: str) -> Iterator[int]:
    """The id of a process that writes without end; it never folds its log into the file."""
    command = [sys.executable, "-m", "tests.trust.busy", url, str(folder)]
    pragma = ("--pragma", "wal_autocheckpoint=0")
    process = subprocess.Popen([*command, *pragma, *options])
    try:
        acknowledged = folder / "acknowledged.jsonl"
        while not (acknowledged.exists() and acknowledged.stat().st_size):
            assert process.poll() is None, "the writer has stopped"
            time.sleep(0.05)
        os.kill(process.pid, signal.SIGSTOP)
        yield process.pid
        assert process.poll() is None, "the writer has stopped"
    finally:
        process.kill()
        process.wait()


def go_on(writer: int) -> None:
    """Let it write for some moments, and stop it wherever it then is."""
    os.kill(writer, signal.SIGCONT)
    time.sleep(random.uniform(0.005, 0.1))
    os.kill(writer, signal.SIGSTOP)
    while "T (stopped)" not in Path(f"/proc/{writer}/status").read_text():
        time.sleep(0.001)


def copy_torn(source: Path, target: Path) -> None:
    """The files as they are, the log cut at a random byte and sometimes garbled before it."""
    shutil.copyfile(source, target)
    log = source.with_name(source.name + "-wal").read_bytes()
    torn = bytearray(log[: random.randrange(len(log) + 1)])
    if torn and random.random() < 0.3:
        torn[-SECTOR:] = random.randbytes(min(SECTOR, len(torn)))
    target.with_name(target.name + "-wal").write_bytes(torn)


def links(engine: Engine) -> Links:
    """Every link of every chain."""
    with Session(engine) as session:
        columns = (HistoryEvent.instance_id, HistoryEvent.sequence, HistoryEvent.hash)
        return {(i, n, digest) for i, n, digest in session.execute(select(*columns))}


def looked_at(path: Path, nothing: Path) -> tuple[list[str], Links]:
    """What is wrong in a copy, and the links in it. The copy is removed."""
    engine = connect(f"sqlite:///{path}")
    found, there = checker.anomalies(engine, nothing), links(engine)
    engine.dispose()
    for file in path.parent.glob(f"{path.name}*"):
        file.unlink()
    return found, there


def anomalies(url: str, folder: Path, copies: int, *options: str) -> list[str]:
    """What is wrong in any of so many copies of one writer's log."""
    source, nothing = Path(str(make_url(url).database)), folder / "nothing.jsonl"
    nothing.touch()
    found, seen, lengths = [], set[tuple[int, int, str]](), set()
    with writing(url, folder, *options) as writer:
        for number in range(copies):
            go_on(writer)
            copy = folder / f"copy-{number}.sqlite"
            copy_torn(source, copy)
            wrong, there = looked_at(copy, nothing)
            found += wrong
            seen |= there
            lengths.add(len(there))
    engine = connect(url)
    found += ["broken: a copy has an event that never was"] if seen - links(engine) else []
    engine.dispose()
    assert len(lengths) > copies / 10, "the copies are all of one moment"
    return found


def test_torn_log_leaves_whole_acts_and_chains(sqlite, tmp_path, size):
    url, left = sqlite.copy("province"), size(COPIES)

    for number in range(0, left, AT_ONCE):
        folder = tmp_path / str(number)
        folder.mkdir()
        assert anomalies(url, folder, min(AT_ONCE, left - number)) == []


def test_case_and_tasks_in_two_commits_are_caught(sqlite, tmp_path):
    found = anomalies(sqlite.copy("province"), tmp_path, 15, "--two-commits")

    assert {sentence.partition(":")[0] for sentence in found} >= {"astray"}
