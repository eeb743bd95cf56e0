"""What trust tests share: their sizes."""

from collections.abc import Callable

import pytest


@pytest.fixture(scope="session")
def size(pytestconfig: pytest.Config) -> Callable[[int], int]:
    """`size(1_000)` is a tenth of it, and all of it with `--full`."""
    part = 1 if pytestconfig.getoption("full") else 10
    return lambda full: max(1, full // part)
