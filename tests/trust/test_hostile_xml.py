"""X1 of trust.md: no file makes us open another, call anybody, or work for long."""

import ctypes
import json
import os
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from lxml import etree

from tests.trust import hostile
from tests.workflows.linter.conftest import KNOWN
from workflows.linter import lint

pytestmark = pytest.mark.trust
MAX_SECONDS, MAX_MEMORY = 0.2, 50_000_000
IN_OPEN, IN_ACCESS, IN_NONBLOCK = 0x20, 0x01, 0o4000
LIBC = ctypes.CDLL(None, use_errno=True)


@pytest.fixture
def canary(tmp_path) -> Path:
    path: Path = tmp_path / "canary"
    path.write_text("chim hoàng yến")
    return path


@pytest.fixture
def server() -> Iterator[socket.socket]:
    """It waits for a call that must not come."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        listening.setblocking(False)  # noqa: FBT003 - that is how a socket is told
        yield listening


@contextmanager
def watched(path: Path) -> Iterator[list[bytes]]:
    """The kernel tells whoever opens the file."""
    told: list[bytes] = []
    watch = LIBC.inotify_init1(IN_NONBLOCK)
    assert LIBC.inotify_add_watch(watch, os.fsencode(path), IN_OPEN | IN_ACCESS) > 0
    try:
        yield told
        told.append(os.read(watch, 4_096))
    except BlockingIOError:
        pass
    finally:
        os.close(watch)


def calls(server: socket.socket) -> int:
    """How many have called."""
    count = 0
    while True:
        try:
            server.accept()[0].close()
        except BlockingIOError:
            return count
        count += 1


def test_hostile_files_read_nothing_call_nobody_and_take_no_time(canary, server):
    port = str(server.getsockname()[1])
    command = [sys.executable, "-m", "tests.trust.hostile", str(canary.parent), port]
    with watched(canary) as opened:
        run = subprocess.run(command, capture_output=True, text=True, check=True)

    answers = [json.loads(line) for line in run.stdout.splitlines()]
    assert len(answers) == len(hostile.corpus("", "")) > 100
    assert opened == []
    assert calls(server) == 0
    assert [name for name, is_refused, *_ in answers if not is_refused] == []
    assert [(n, s) for n, _, s, _ in answers if s > MAX_SECONDS] == []
    assert [(n, grown) for n, _, _, grown in answers if grown > MAX_MEMORY] == []


def test_parser_with_its_doors_open_is_caught(canary, server):
    address = f"http://127.0.0.1:{server.getsockname()[1]}"
    parser = etree.XMLParser(
        resolve_entities=True, load_dtd=True, no_network=False, huge_tree=True
    )
    with watched(canary) as opened:
        tree = etree.fromstring(hostile.corpus(str(canary), address)["entity file"], parser)

    assert opened != []
    assert canary.read_text() in "".join(tree.itertext())


def test_caller_is_counted(server):
    socket.create_connection(server.getsockname()).close()

    assert calls(server) == 1


def test_files_would_be_sound_without_what_is_hostile_in_them():
    assert lint(hostile.plain(), KNOWN) == []
