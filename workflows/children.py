"""Running a module of ours as a child process: where a stranger's file is read, within limits.

The child binds its own memory and processor time (`budgets.limit`) before it reads the file; the
parent waits for it, but not for ever, and hands it no secrets.
"""

import os
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

from workflows.budgets import Budget

_ROOT = Path(__file__).parents[1]
_KEPT = ("PATH", "LD_LIBRARY_PATH")


def run(
    module: str,
    header: str,
    content: bytes,
    budget: Budget,
    *,
    arguments: Sequence[str] = (),
    environment: Mapping[str, str] | None = None,
) -> "subprocess.CompletedProcess[bytes] | None":
    """What `python -m module` answered to a line of header and the file behind it.

    None when it took longer than the budget lets its parent wait; a return code of its own where
    the other limits stopped it.
    """
    kept = {name: os.environ[name] for name in _KEPT if name in os.environ}
    try:
        return subprocess.run(  # noqa: S603 - our own program
            [sys.executable, "-m", module, *arguments],
            input=header.encode() + b"\n" + content,
            capture_output=True,
            timeout=budget.wait,
            cwd=_ROOT,
            env=kept | dict(environment or {}),
            check=False,
        )
    except subprocess.TimeoutExpired:
        return None
