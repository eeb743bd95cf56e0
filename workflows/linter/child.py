"""The check in a process of its own, so that no file can hang or fill the one that asks.

SpiffWorkflow's parser loops for ever on some valid files. The child limits its own memory and
processor time before it reads anything; the parent waits for it, but not for ever.
"""

import json
from dataclasses import asdict

from workflows import children
from workflows.budgets import Budget
from workflows.linter.findings import Finding, Known, found, packed
from workflows.words import N_

BUDGET = Budget()


def check(xml: bytes, known: Known, budget: Budget = BUDGET) -> list[Finding]:
    """Lint a file and try the engine's parser on it, within the budget."""
    header = json.dumps([packed(known), budget])
    answer = children.run("workflows.linter", header, xml, budget)
    if answer is None or answer.returncode != 0:
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
