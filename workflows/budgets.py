"""What a child process may take that reads what a stranger has written."""

import resource
from typing import NamedTuple


class Budget(NamedTuple):
    """Seconds of the processor, bytes of memory, and how long the parent waits by the clock.

    It waits longer than the work may take: on a busy machine a sound file's comes late.
    """

    seconds: int = 10
    memory: int = 512 * 1024 * 1024
    wait: int = 60


def limit(budget: Budget) -> None:
    """Bind this process to the budget. For the child alone."""
    resource.setrlimit(resource.RLIMIT_CPU, (budget.seconds, budget.seconds))
    resource.setrlimit(resource.RLIMIT_AS, (budget.memory, budget.memory))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
