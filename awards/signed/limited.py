"""A PDF read in a process of its own: some are made to loop for ever, or to unpack to gigabytes."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from awards.errors import BadSignedPaper
from workflows import children
from workflows.budgets import Budget
from workflows.words import N_

BUDGET = Budget(wait=30)
REFUSED = 3
"""How the child says that it gives the reason instead of an answer."""


@dataclass(frozen=True, slots=True)
class Seen:
    """What a signed PDF says: its signatures as they are kept, and the words of its first page."""

    signatures: Sequence[dict[str, object]]
    words: str


def look(
    content: bytes,
    name: str,
    *,
    roots: Path | None,
    now: datetime,
    budget: Budget = BUDGET,
) -> Seen:
    """Read a PDF's signatures (as `reading.read` does) and first page, within the budget.

    Raises BadSignedPaper with the reason, also when the budget does not suffice.
    """
    header = json.dumps(
        [name, str(roots.resolve()) if roots else None, now.isoformat(), budget]
    )
    answer = children.run("awards.signed", header, content, budget)
    if answer is not None and answer.returncode == REFUSED:
        message, values = json.loads(answer.stdout)
        raise BadSignedPaper(message, **values)
    if answer is None or answer.returncode != 0:
        raise BadSignedPaper(
            N_(
                "Đọc tệp “%(name)s” cần hơn %(seconds)s giây hoặc hơn %(memory)s MB: "
                "tệp hỏng hoặc được tạo ra để gây hại nên không nhận."
            ),
            name=name,
            seconds=budget.seconds,
            memory=budget.memory // 1024 // 1024,
        )
    signatures, words = json.loads(answer.stdout)
    return Seen(signatures, words)
