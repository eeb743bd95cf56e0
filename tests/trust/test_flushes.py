"""R2 of trust.md: what was committed has reached the disk, not only the machine's memory.

A killed process does not show it: the machine still holds what the disk has not. So the calls are
counted by which a database waits for the disk.
"""

import os
import re
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import create_engine, text

from tests import postgres
from tests.conftest import Databases, connect
from tests.trust.foreman import crew
from tests.trust.worker import ACKNOWLEDGED, Worker

pytestmark = [pytest.mark.trust, pytest.mark.timeout(600)]
ACTS = 1_000
TRACED = "trace=fsync,fdatasync,write"
TOLD = re.compile(r'write\(\d+, "\{\\"key')
FLUSHED = re.compile(r"f(data)?sync\(\d+\) += 0|f(data)?sync resumed>\) += 0")
DURABLE = {
    "fsync": "on",
    "synchronous_commit": "on",
    "full_page_writes": "on",
    "data_checksums": "on",
}


def can_trace() -> bool:
    """Whether strace is here, and may look at a child of ours."""
    if shutil.which("strace") is None:
        return False
    seen = subprocess.run(["strace", "-o", os.devnull, "true"], check=False)
    return seen.returncode == 0


needs_strace = pytest.mark.skipif(
    not can_trace(),
    reason="strace counts the flushes, and is not installed or may not trace: "
    "on Debian, as root, apt-get install strace",
)


def flushes_before_each_acknowledgement(
    url: str, folder: Path, acts: int, *options: str
) -> list[int]:
    """How often the process has waited for the disk between one acknowledgement and the next."""
    trace = folder / "trace"
    work = [sys.executable, "-m", "tests.trust.busy", url, str(folder)]
    subprocess.run(
        ["strace", "-f", "-s", "8", "-e", TRACED, "-o", trace, *work,
         "--acts", str(acts), *options],
        check=True,
    )  # fmt: skip
    counts = [0]
    for line in trace.read_text(errors="replace").splitlines():
        if TOLD.search(line):
            counts.append(0)
        elif FLUSHED.search(line):
            counts[-1] += 1
    return counts[:-1]  # what comes behind the last belongs to nobody


@needs_strace
def test_every_commit_has_reached_the_disk_before_it_is_acknowledged(
    sqlite, tmp_path, size
):
    acts = size(ACTS)

    counts = flushes_before_each_acknowledgement(sqlite.copy("province"), tmp_path, acts)

    assert len(counts) > acts * 0.9  # the rest was refused in words
    assert [n for n, count in enumerate(counts) if count == 0] == []


@needs_strace
def test_commits_that_do_not_wait_for_the_disk_are_caught(sqlite, tmp_path):
    counts = flushes_before_each_acknowledgement(
        sqlite.copy("province"), tmp_path, 30, "--pragma", "synchronous=NORMAL"
    )

    assert counts.count(0) > len(counts) * 0.8


@pytest.fixture(scope="module")
def durable(tmp_path_factory) -> Iterator[Databases]:
    cluster = postgres.start(owner=os.getpid(), durable=True)
    made = Databases("postgresql", tmp_path_factory.mktemp("durable"), cluster)
    made.make_templates()
    yield made
    postgres.stop(cluster)


def flushes_of_the_server(durable: Databases, folder: Path, acts: int, options: str) -> int:
    """How often PostgreSQL's processes for clients have flushed the log for so many acts."""
    url = durable.copy("province")
    before = _log_flushes(url)
    engine = connect(f"{url}&options={options}")
    staff, definition = crew(engine)
    worker = Worker(engine, folder, slot=0, staff=staff, definition=definition)
    while len((folder / ACKNOWLEDGED).read_bytes().splitlines()) < acts:
        worker.act()
    worker.close()
    engine.dispose()  # the server's processes tell what they have done when they end
    found, deadline = before, time.monotonic() + 10
    while (latest := _log_flushes(url)) != found or time.monotonic() < deadline - 9:
        found = latest
        time.sleep(0.2)
    return found - before


def _log_flushes(url: str) -> int:
    query = (
        "SELECT sum(fsyncs) FROM pg_stat_io "
        "WHERE object = 'wal' AND backend_type = 'client backend'"
    )
    engine = create_engine(url)
    with engine.connect() as connection:
        found = connection.execute(text(query)).scalar_one()
    engine.dispose()
    return int(found)


def test_every_commit_on_postgresql_has_reached_the_disk(durable, tmp_path, size):
    acts = size(ACTS)

    assert flushes_of_the_server(durable, tmp_path, acts, "") >= acts


@pytest.mark.full
def test_commits_that_do_not_wait_for_postgresqls_disk_are_caught(durable, tmp_path):
    careless = "-csynchronous_commit%3Doff"

    assert flushes_of_the_server(durable, tmp_path, 20, careless) < 10


def test_durable_postgresql_is_set_up_as_in_production(durable):
    engine = connect(durable.copy("empty"))
    with engine.connect() as connection:
        found = {
            name: connection.execute(text(f"SHOW {name}")).scalar_one() for name in DURABLE
        }
    engine.dispose()

    assert found == DURABLE
