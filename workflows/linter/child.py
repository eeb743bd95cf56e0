"""The check in a process of its own, so that no file can hang or fill the one that asks.

SpiffWorkflow's parser loops for ever on some valid files. The child limits its own memory and
processor time before it reads anything; the parent waits for it, but not for ever.
"""

import json
import os
import subprocess
import sys
from dataclasses import asdict
from pathlib import Path

from workflows.budgets import Budget
from workflows.linter.findings import Finding, Known, found, packed
from workflows.words import N_

ROOT = Path(__file__).parents[2]
_KEPT = ("PATH", "LD_LIBRARY_PATH")  # no secrets where a stranger's file is read


BUDGET = Budget()


def check(xml: bytes, known: Known, budget: Budget = BUDGET) -> list[Finding]:
    """Lint a file and try the engine's parser on it, within the budget."""
    header = json.dumps([packed(known), budget])
    try:
        answer = subprocess.run(
            [sys.executable, "-m", "workflows.linter"],
            input=header.encode() + b"\n" + xml,
            capture_output=True,
            timeout=budget.wait,
            cwd=ROOT,
            env={name: os.environ[name] for name in _KEPT if name in os.environ},
            check=False,
        )
    except subprocess.TimeoutExpired:
        return [_exceeded(budget)]
    if answer.returncode != 0:
        return [_exceeded(budget)]
    return [Finding(**entry) for entry in json.loads(answer.stdout)]


def answer(findings: list[Finding]) -> str:
    """What the child writes."""
    return json.dumps([asdict(finding) for finding in findings])


def _exceeded(budget: Budget) -> Finding:
    return found(
        None,
        N_("Kiểm tra tệp này cần hơn %(seconds)s giây hoặc hơn %(memory)s MB."),
        N_("Đơn giản hóa sơ đồ, bỏ đối tượng dữ liệu và phần lồng nhau, rồi thử lại."),
        seconds=budget.seconds,
        memory=budget.memory // 1024 // 1024,
    )
