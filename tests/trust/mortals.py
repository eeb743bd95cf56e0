"""Work done by children of one process, which are killed before a statement that is asked for.

A program calls `serve`, a test talks to it through `Mortals`: a line of words each way. Children
are forked, so that they are at work at once, and from a process of its own, so that no thread of
the tests is in the way.
"""

import os
import signal
import subprocess
import sys
from collections.abc import Callable
from typing import Any

from sqlalchemy import Engine, event


class Mortals:
    """A program whose children work for us."""

    def __init__(self, module: str, *words: object) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-m", module, *map(str, words)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    def run(self, *words: object) -> str:
        """What the child gives, `killed`, or `failed`."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(" ".join(map(str, words)) + "\n")
        self._process.stdin.flush()
        return self._process.stdout.readline().strip()

    def close(self) -> None:
        self._process.communicate()


def serve(work: Callable[..., int]) -> None:
    """Let a child do each line of work, and answer with what it gives."""
    for line in sys.stdin:
        reader, writer = os.pipe()
        child = os.fork()
        if not child:
            os.write(writer, str(work(*line.split())).encode())
            os._exit(0)
        os.close(writer)
        _, status = os.waitpid(child, 0)
        answer = os.read(reader, 20).decode()
        os.close(reader)
        if os.WIFSIGNALED(status) and os.WTERMSIG(status) == signal.SIGKILL:
            answer = "killed"
        print(answer or "failed", flush=True)  # noqa: T201 - that is how it answers


def numbered(engine: Engine, kill_at: int) -> Callable[[], int]:
    """Count statements and commits; be killed before the one of this number, if there is one."""
    count = 0

    def before(*_: Any) -> None:
        nonlocal count
        count += 1
        if count == kill_at:
            os.kill(os.getpid(), signal.SIGKILL)

    event.listen(engine, "before_cursor_execute", before)
    event.listen(engine, "commit", before)
    return lambda: count
